package bus_test

import (
	"sync"
	"testing"

	"limen/internal/bus"
)

func waiting(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

func TestHints(t *testing.T) {
	var b bus.Bus
	b.Publish() // to nobody
	early, endEarly := b.Subscribe()
	late, endLate := b.Subscribe()
	if waiting(early) || waiting(late) {
		t.Error("a hint from before the subscription")
	}
	for range 1000 { // nobody reads: it must not block
		b.Publish()
	}
	if !waiting(early) || !waiting(late) {
		t.Error("a subscriber missed every hint")
	}
	if waiting(early) {
		t.Error("changes that nobody read are more than one hint")
	}
	endEarly()
	endEarly() // twice is once
	b.Publish()
	if waiting(early) || !waiting(late) {
		t.Error("the end of one subscription is not the end of that one")
	}
	endLate()
}

// A change after the last hint is always followed by a hint: no reader waits
// for a change that was told before it looked (run with the race detector).
func TestNoChangeIsMissed(t *testing.T) {
	var b bus.Bus
	var mu sync.Mutex
	state := 0
	const last = 2000
	var wg sync.WaitGroup
	for range 3 {
		changed, end := b.Subscribe()
		wg.Go(func() {
			defer end()
			for {
				<-changed
				mu.Lock()
				done := state == last
				mu.Unlock()
				if done {
					return
				}
			}
		})
	}
	for i := 1; i <= last; i++ {
		mu.Lock()
		state = i
		mu.Unlock()
		b.Publish()
	}
	wg.Wait() // hangs if the last hint was lost
}
