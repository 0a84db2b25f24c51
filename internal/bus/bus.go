// Package bus tells consoles inside the process that something changed. It is
// a hint: a subscriber that is slow misses hints and reads the store again, so
// nothing in it is ever the record.
package bus

import "sync"

// Bus hands every hint to every subscriber. The zero Bus is ready; it is safe
// for concurrent use.
type Bus struct {
	mu   sync.Mutex
	subs map[chan struct{}]struct{}
}

// Publish hints that something changed. It never blocks.
func (b *Bus) Publish() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for ch := range b.subs {
		select {
		case ch <- struct{}{}:
		default: // a hint is already waiting there
		}
	}
}

// Subscribe returns a channel that receives a hint after every change, several
// changes perhaps as one, and a function that ends the subscription.
func (b *Bus) Subscribe() (<-chan struct{}, func()) {
	ch := make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.subs == nil {
		b.subs = map[chan struct{}]struct{}{}
	}
	b.subs[ch] = struct{}{}
	return ch, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.subs, ch)
	}
}
