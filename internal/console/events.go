package console

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

const (
	// pace is how long changes are gathered before they are read and sent.
	pace = 250 * time.Millisecond
	// beat is the longest time without a sign of life; the page takes two and
	// a half of them without one for a lost connection.
	beat = 15 * time.Second
	// term is how long a stream lasts: then the page asks for another, and its
	// key is looked at again.
	term = 15 * time.Minute
	// maxReaders is how many streams may be open at once.
	maxReaders = 256
)

// update is the data of an event, and when its reading began.
type update struct {
	data  []byte
	began time.Time
}

// read returns an update that was begun after since. Readers who wait for the
// same change share one: a full hall of boards costs the store one query.
func (b *Board) read(ctx context.Context, since time.Time) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.last.began.After(since) {
		return b.last.data, nil
	}
	began := time.Now()
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	vs, err := b.Read(ctx)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(look(vs))
	if err != nil {
		return nil, err
	}
	b.last = update{data, began}
	return data, nil
}

// events streams the counts as server-sent events, once at the start and again
// after changes. It ends when the reader leaves or takes nothing any more,
// when the store cannot be read, and after term; the page connects again.
func (b *Board) events(w http.ResponseWriter, r *http.Request) {
	if b.readers.Add(1) > maxReaders {
		b.readers.Add(-1)
		w.Header().Set("Retry-After", "5")
		http.Error(w, "Too many boards are open.", http.StatusServiceUnavailable)
		return
	}
	defer b.readers.Add(-1)
	changed, done := b.Changed.Subscribe() // before the first read, so that no change is missed
	defer done()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // a proxy in between must not wait for more
	if r.Method == http.MethodHead {
		return
	}
	s := stream{w: w, out: http.NewResponseController(w)}
	defer s.out.SetWriteDeadline(time.Time{})
	ctx, end := context.WithTimeout(r.Context(), term+rand.N(term/4)) // not all at once
	defer end()
	since := time.Now()
	for {
		data, err := b.read(ctx, since)
		if err != nil || !s.send("data: %s\n\n", data) || !s.wait(ctx, changed) {
			return
		}
		since = time.Now()
		if !sleep(ctx, pace) {
			return
		}
	}
}

// stream is one reader's end of the board.
type stream struct {
	w   http.ResponseWriter
	out *http.ResponseController
}

// send returns false when the reader is gone, or has taken nothing for long.
func (s *stream) send(format string, args ...any) bool {
	_ = s.out.SetWriteDeadline(time.Now().Add(2 * beat)) // where there is none, TCP decides
	_, err := fmt.Fprintf(s.w, format, args...)
	return err == nil && s.out.Flush() == nil
}

// wait returns true at the next change, with signs of life until then, and
// false when the stream is to end.
func (s *stream) wait(ctx context.Context, changed <-chan struct{}) bool {
	alive := time.NewTicker(beat)
	defer alive.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-changed:
			return true
		case <-alive.C:
			if !s.send("event: alive\ndata:\n\n") {
				return false
			}
		}
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
