package record

import (
	"sync"
)

// cacheSize bounds how many streams' states are kept in memory.
const cacheSize = 30_000

// entry is what is known of one stream or subject: its own state, and the folds over all that concerns it.
// Entries are never changed once they are shared.
type entry struct {
	version int64 // of the stream, 0 if it has no events
	state   any
	folds   map[string]any
}

// cache keeps entries as of the record's head. The appender puts what it changed; readers may put what
// they loaded only if nothing was appended or evicted since they began to load.
type cache struct {
	mu      sync.RWMutex
	entries map[string]*entry
	max     int
	epoch   uint64
}

func newCache(max int) *cache { return &cache{entries: map[string]*entry{}, max: max} }

func (c *cache) get(name string) (*entry, uint64, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	e, ok := c.entries[name]
	return e, c.epoch, ok
}

// put stores entries of the appender and makes room first.
func (c *cache) put(entries map[string]*entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	c.room(len(entries))
	for name, e := range entries {
		c.entries[name] = e
	}
}

// offer stores an entry that a reader loaded, if it cannot be stale.
func (c *cache) offer(name string, e *entry, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.epoch != epoch {
		return
	}
	c.room(1)
	c.entries[name] = e
}

// room drops arbitrary entries, half of all at a time, until n more fit.
func (c *cache) room(n int) {
	if len(c.entries)+n <= c.max {
		return
	}
	drop := len(c.entries) / 2
	for name := range c.entries {
		if drop == 0 {
			break
		}
		delete(c.entries, name)
		drop--
	}
}

// forget drops the named entries; without names, all.
func (c *cache) forget(names ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	if len(names) == 0 {
		clear(c.entries)
	}
	for _, name := range names {
		delete(c.entries, name)
	}
}
