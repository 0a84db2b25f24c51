package seal

import (
	"bytes"
	"sync"
)

// cacheSize bounds the unwrapped data keys in memory. Tests make it smaller.
var cacheSize = 16 << 10

// cache holds unwrapped data keys in two generations: when the young one is
// full, the old one is forgotten. What is used often stays.
type cache struct {
	mu         sync.Mutex
	young, old map[string][]byte
	epoch      int // counts forgettings
}

// get returns a copy of the key, or nil; and the epoch that put wants.
func (c *cache) get(id string) ([]byte, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := c.young[id]
	if key == nil {
		if key = c.old[id]; key != nil {
			c.insert(id, key)
		}
	}
	return bytes.Clone(key), c.epoch
}

// put keeps a copy of key, unless something was forgotten since epoch: the key
// may have been destroyed between its reading and now.
func (c *cache) put(id string, key []byte, epoch int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.epoch == epoch {
		c.insert(id, bytes.Clone(key))
	}
}

func (c *cache) insert(id string, key []byte) {
	if len(c.young) >= cacheSize/2 || c.young == nil {
		c.young, c.old = map[string][]byte{}, c.young
	}
	c.young[id] = key
}

// forget drops and overwrites keys.
func (c *cache) forget(ids ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	for _, id := range ids {
		clear(c.young[id])
		clear(c.old[id])
		delete(c.young, id)
		delete(c.old, id)
	}
}
