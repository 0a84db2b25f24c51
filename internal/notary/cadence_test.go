package notary_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"limen/errs"
	"limen/internal/notary"
	"limen/internal/store"
)

// latest returns the latest checkpoint's size and time.
func (s *site) latest() (size int64, at time.Time) {
	s.t.Helper()
	cs := s.checkpoints()
	if len(cs) == 0 {
		return 0, time.Time{}
	}
	return cs[len(cs)-1].Size, cs[len(cs)-1].At
}

// TestEverySecondUnderLoad: while the log grows, no leaf waits longer than a
// second for a checkpoint, and the witness has it, too.
func TestEverySecondUnderLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, t.TempDir())
		defer s.stop()
		began := time.Now()
		for range 120 { // 12 seconds
			s.grow(3)
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(notary.Within)
		synctest.Wait()
		cs := s.checkpoints()
		if last := cs[len(cs)-1]; last.Size != 360 {
			t.Errorf("the last checkpoint is of %d leaves", last.Size)
		}
		before := began
		for i, c := range cs {
			if gap := c.At.Sub(before); gap > notary.Within {
				t.Errorf("%v between checkpoints %d and %d", gap, i-1, i)
			}
			before = c.At
		}
		if len(cs) < 12 || len(cs) > 18 {
			t.Errorf("%d checkpoints in 12 seconds", len(cs))
		}
		held, err := s.witness.Latest(t.Context())
		if want := s.noted(); err != nil || string(held) != want {
			t.Errorf("the witness holds %q, %v, want %q", held, err, want)
		}
	})
}

// noted is the latest checkpoint as it is in the store.
func (s *site) noted() string {
	s.t.Helper()
	var c *store.Checkpoint
	if err := s.Store.Read(s.t.Context(), func(tx *store.Tx) (err error) { c, err = tx.LatestCheckpoint(); return err }); err != nil || c == nil {
		s.t.Fatal(c, err)
	}
	return string(c.Note)
}

// TestEveryMinuteIdle: a log that does not grow is signed again every minute,
// with the new time, in the place of the last; an empty one is not signed.
func TestEveryMinuteIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, "")
		defer s.stop()
		time.Sleep(time.Minute)
		if n := len(s.checkpoints()); n != 0 {
			t.Errorf("an empty log has %d checkpoints", n)
		}
		s.grow(7)
		time.Sleep(notary.Within)
		seen := map[time.Time]bool{}
		for range 240 { // four minutes
			time.Sleep(time.Second)
			size, at := s.latest()
			if size != 7 || time.Since(at) > notary.Idle {
				t.Fatalf("the latest checkpoint is of %d leaves, %v old", size, time.Since(at))
			}
			seen[at] = true
		}
		if len(seen) < 4 || len(seen) > 6 || len(s.checkpoints()) != 1 {
			t.Errorf("signed %d times in four minutes, %d kept", len(seen), len(s.checkpoints()))
		}
	})
}

// TestRestart: a stopped notary has signed all; the next goes on after it, with
// the same key, and signs at once.
func TestRestart(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	s := newSite(t, t.TempDir())
	s.grow(250)
	s.stop()
	public := s.Key().Public
	if rep, err := s.verify(); err != nil || rep.Size != 250 || rep.Unsigned != 0 {
		t.Errorf("after the stop: %+v, %v", rep, err)
	}
	s.start()
	c, signed, err := s.Signed(t.Context(), 0)
	if err != nil || c.Size != 250 || len(signed) == 0 || s.Key().Public != public {
		t.Errorf("after the restart: %+v, %v", c, err)
	}
	s.grow(1)
	if c, _, err = s.Signed(t.Context(), 250); err != nil || c.Size != 251 {
		t.Errorf("asked for a leaf that was not signed yet: %+v, %v", c, err)
	}
	s.stop()
	goleak.VerifyNone(t, leaks)
}

// TestSignedStops: whoever asks for a checkpoint of a log that was altered
// gets none, and the store stops.
func TestSignedStops(t *testing.T) {
	s := newSite(t, "")
	s.stops = true
	s.grow(40)
	if _, _, err := s.Signed(t.Context(), 39); err != nil {
		t.Fatal(err)
	}
	s.alter(`UPDATE audit SET hashes = zeroblob(length(hashes)) WHERE seq = 31`)
	s.grow(1)
	if _, _, err := s.Signed(t.Context(), 40); errs.CodeOf(err) != "audit-altered" && errs.CodeOf(err) != "store-stopped" {
		t.Errorf("signed: %v", err)
	}
	select {
	case <-s.Store.Stopped():
	case <-time.After(10 * time.Second):
		t.Error("the store goes on")
	}
	rec := httptest.NewRecorder()
	s.metrics.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	metrics := rec.Body.String()
	if !strings.Contains(metrics, "limen_audit_altered 1") || !strings.Contains(metrics, "limen_audit_checkpoint_leaves 40") {
		t.Errorf("metrics: %s", metrics)
	}
	if errs.CodeOf(s.Store.Err()) != "store-stopped" {
		t.Errorf("the store stopped for %v", s.Store.Err())
	}
}
