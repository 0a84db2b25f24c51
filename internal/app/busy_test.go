package app

import (
	"context"
	"errors"
	"testing"
	"time"

	"limen/audit"
	"limen/biometric"
	"limen/decision"
	"limen/errs"
	"limen/internal/store"
	"limen/match"
	"limen/travel"
)

// oneCore is an engine with one core, which others may keep busy.
type oneCore struct {
	match.Engine
	core chan struct{}
}

func (o oneCore) Extract(ctx context.Context, img []byte) (biometric.Sample, error) {
	select {
	case o.core <- struct{}{}:
		defer func() { <-o.core }()
		return o.Engine.Extract(ctx, img)
	case <-ctx.Done():
		return biometric.Sample{}, errs.Retry(time.Second, "no-free-core", "every core is at work")
	}
}

// traces counts everything that a capture may leave behind.
type traces struct{ captures, sealed, crossings, audited, erasures int }

func (s *site) traces(v travel.VoyageID, e travel.EncounterID) traces {
	s.t.Helper()
	return read(s, func(tx *store.Tx) (n traces, err error) {
		cs, err1 := tx.Captures(e)
		xs, err2 := tx.Crossings(v)
		sealed, err3 := tx.Items(string(e))
		var entries []audit.Entry
		entries, err4 := tx.AuditEntries(0, 1000)
		ids, err5 := tx.Erasures(1000)
		return traces{len(cs), len(sealed), len(xs), len(entries), len(ids)}, errors.Join(err1, err2, err3, err4, err5)
	})
}

// TestNoFreeCoreMeansOfficer is promise 06: a capture that finds no free core in
// time is refused so that the lane sends the traveler to an officer; nothing of
// it is recorded, it does not count as an attempt, and the same capture is
// answered later as if it were the first time.
func TestNoFreeCoreMeansOfficer(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR")
	core := make(chan struct{}, 1)
	s.Engine, s.AnswerWithin = oneCore{s.Engine, core}, 100*time.Millisecond
	e := s.meet(v)
	before := s.traces(v, e)

	core <- struct{}{} // somebody else's image
	for range 3 {      // as often as an encounter has attempts
		began := time.Now()
		a, err := s.TakeCapture(t.Context(), s.gate, e, "capture-01", []byte("face 0 1"))
		if errs.KindOf(err) != errs.Unavailable || a.Action != "" || a.Crossing != "" {
			t.Fatalf("with no free core: %+v, %v", a, err)
		}
		var told *errs.Error
		if errors.As(err, &told); told.RetryAfter <= 0 {
			t.Errorf("the lane is not told when to come back: %v", err)
		}
		if took := time.Since(began); took < 90*time.Millisecond || took > 5*time.Second {
			t.Errorf("the lane waited %v for an answer within 100ms", took)
		}
		if after := s.traces(v, e); after != before {
			t.Errorf("left behind: %+v, before %+v", after, before)
		}
	}
	<-core
	s.AnswerWithin = time.Minute
	a, err := s.TakeCapture(t.Context(), s.gate, e, "capture-01", []byte("face 0 1"))
	if err != nil || a.Action != decision.Confirmed || a.Passenger != ps[0] || a.Crossing == "" || a.Repeated {
		t.Fatalf("the same capture later: %+v, %v", a, err)
	}
	if got := read(s, func(tx *store.Tx) (*store.Capture, error) { return tx.Capture("capture-01") }); got.Attempt != 1 {
		t.Errorf("it is attempt %d", got.Attempt)
	}
}

// An engine that does not look at the clock comes too late all the same: the
// lane has been told "officer" by then, and no crossing appears afterwards.
func TestLateEngineRecordsNothing(t *testing.T) {
	s := newSite(t)
	v, _ := s.board("GBR")
	s.Engine, s.AnswerWithin = scripted{delay: 200 * time.Millisecond}, 50*time.Millisecond
	e := s.meet(v)
	before := s.traces(v, e)
	if _, err := s.TakeCapture(t.Context(), s.gate, e, "capture-01", []byte("face 0 1")); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("%v", err)
	}
	if after := s.traces(v, e); after != before {
		t.Errorf("left behind: %+v, before %+v", after, before)
	}
}

// A gate that hangs up while it waits leaves nothing either.
func TestGateHangsUp(t *testing.T) {
	s := newSite(t)
	v, _ := s.board("GBR")
	core := make(chan struct{}, 1)
	core <- struct{}{}
	s.Engine, s.AnswerWithin = oneCore{s.Engine, core}, time.Minute
	e := s.meet(v)
	before := s.traces(v, e)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := s.TakeCapture(ctx, s.gate, e, "capture-01", []byte("face 0 1")); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("%v", err)
	}
	if after := s.traces(v, e); after != before {
		t.Errorf("left behind: %+v, before %+v", after, before)
	}
}
