package console

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

// sink is a reader's connection in memory.
type sink struct {
	mu        sync.Mutex
	header    http.Header
	status    int
	out       bytes.Buffer
	deadline  time.Time
	unwatched bool // something was written without a deadline
}

func (s *sink) Header() http.Header {
	if s.header == nil {
		s.header = http.Header{}
	}
	return s.header
}
func (s *sink) WriteHeader(status int) { s.status = status }
func (s *sink) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if left := time.Until(s.deadline); left <= 0 || left > time.Minute {
		s.unwatched = true
	}
	return s.out.Write(b)
}
func (s *sink) FlushError() error                  { return nil }
func (s *sink) SetWriteDeadline(t time.Time) error { s.deadline = t; return nil }

// frames returns the events that were sent, and the last one's counts.
func (s *sink) frames(t *testing.T) (data, alive int, last view) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for frame := range strings.SplitSeq(s.out.String(), "\n\n") {
		switch d, ok := strings.CutPrefix(frame, "data: "); {
		case ok:
			data++
			if err := json.Unmarshal([]byte(d), &last); err != nil {
				t.Fatal(err)
			}
		case strings.HasPrefix(frame, "event: alive"):
			alive++
		}
	}
	return data, alive, last
}

// follow starts a reader; stop makes it leave and waits until its stream ends.
func follow(b *Board) (s *sink, stop func()) {
	ctx, leave := context.WithCancel(context.Background())
	s = &sink{}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b.events(s, httptest.NewRequestWithContext(ctx, "GET", "/board/events", nil))
	}()
	return s, func() { leave(); <-ended }
}

// TestEventsPace: a storm of changes reaches a reader four times a second, and
// the last change always does.
func TestEventsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, books := newBoard(sample())
		s, stop := follow(b)
		v := sample()
		for range 1000 {
			v.Crossed++
			books.set(v)
			b.Changed.Publish()
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Second)
		data, _, last := s.frames(t)
		if data < 4 || data > 6 {
			t.Errorf("%d events in a second of changes", data)
		}
		if last.Voyages[0].Crossed != v.Crossed || last.Total.Crossed != v.Crossed {
			t.Errorf("the reader was left with %d crossed, not %d", last.Voyages[0].Crossed, v.Crossed)
		}
		stop()
		if s.unwatched {
			t.Error("a write could block for ever")
		}
	})
}

// TestEventsShareReads: many boards cost the store hardly more than one.
func TestEventsShareReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, books := newBoard(sample())
		const n = 100
		var sinks [n]*sink
		var stops [n]func()
		for i := range n {
			sinks[i], stops[i] = follow(b)
			time.Sleep(7 * time.Millisecond) // they come when they come
		}
		time.Sleep(time.Second)
		before := books.reads.Load()
		v := sample()
		for range 40 { // ten seconds
			v.Crossed++
			books.set(v)
			b.Changed.Publish()
			time.Sleep(pace)
		}
		time.Sleep(time.Second)
		if got := books.reads.Load() - before; got > 100 {
			t.Errorf("%d reads for %d boards in ten seconds", got, n)
		}
		for i, s := range sinks {
			if _, _, last := s.frames(t); last.Total.Crossed != v.Crossed {
				t.Errorf("board %d shows %d crossed, not %d", i, last.Total.Crossed, v.Crossed)
			}
			stops[i]()
		}
	})
}

// TestEventsAlive: a quiet stream still shows that it lives, and ends by
// itself so that the key is looked at again.
func TestEventsAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := newBoard(sample())
		s, stop := follow(b)
		time.Sleep(61 * time.Second)
		if data, alive, _ := s.frames(t); data != 1 || alive != 4 {
			t.Errorf("a quiet minute: %d events, %d signs of life", data, alive)
		}
		time.Sleep(term + term/4)
		synctest.Wait()
		if n := b.readers.Load(); n != 0 {
			t.Error("the stream goes on for ever")
		}
		stop()
	})
}

func TestEventsEndWhenUnreadable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, books := newBoard(sample())
		s, stop := follow(b)
		synctest.Wait()
		books.mu.Lock()
		books.err = errors.New("gone")
		books.mu.Unlock()
		b.Changed.Publish()
		time.Sleep(time.Second)
		if n := b.readers.Load(); n != 0 {
			t.Error("the stream goes on without counts")
		}
		stop()
		if data, _, _ := s.frames(t); data != 1 {
			t.Errorf("%d events", data)
		}
	})
}

func TestEventsLimit(t *testing.T) {
	b, _ := newBoard()
	b.readers.Store(maxReaders)
	r := get(t, handler(b), "/board/events")
	if r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
		t.Error(r.Status, r.Header)
	}
	if n := b.readers.Load(); n != maxReaders {
		t.Errorf("%d readers after a refusal", n)
	}
}

// TestEventsHead: a HEAD has no body to stream, and ends.
func TestEventsHead(t *testing.T) {
	b, books := newBoard()
	w := httptest.NewRecorder()
	handler(b).ServeHTTP(w, httptest.NewRequest("HEAD", "/board/events", nil))
	if w.Code != http.StatusOK || w.Body.Len() != 0 || books.reads.Load() != 0 {
		t.Error(w.Code, w.Body, books.reads.Load())
	}
}

// TestEventsOverHTTP: over a real connection, a hint becomes an event; when
// the reader hangs up, nothing of it is left running.
func TestEventsOverHTTP(t *testing.T) {
	before := goleak.IgnoreCurrent()
	b, books := newBoard(sample())
	srv := httptest.NewServer(handler(b))
	ctx, hangUp := context.WithTimeout(t.Context(), 30*time.Second)
	defer hangUp()
	req, err := http.NewRequestWithContext(ctx, "GET", srv.URL+"/board/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Error(got)
	}
	lines := bufio.NewScanner(res.Body)
	next := func() (v view) {
		for lines.Scan() {
			if d, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				if err := json.Unmarshal([]byte(d), &v); err != nil {
					t.Fatal(err)
				}
				return v
			}
		}
		t.Fatal("the stream ended: ", lines.Err())
		return v
	}
	if v := next(); v.Total.Crossed != 28 || v.Voyages[0].ID != sample().ID {
		t.Errorf("%+v", v)
	}
	v := sample()
	v.Crossed = 29
	books.set(v)
	b.Changed.Publish()
	if v := next(); v.Total.Crossed != 29 {
		t.Errorf("%+v", v)
	}
	hangUp()
	for until := time.Now().Add(10 * time.Second); b.readers.Load() > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("the stream outlives its reader")
		}
	}
	srv.Client().CloseIdleConnections()
	srv.Close()
	goleak.VerifyNone(t, before)
}
