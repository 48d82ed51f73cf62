package api

import (
	"context"
	"database/sql"
	"encoding/json"
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"

	"shingle/internal/act"
	"shingle/internal/record"
)

const (
	// cacheBytes bounds what a cache keeps, its own bookkeeping included.
	cacheBytes = 64 << 20
	shardCount = 64
	// aliasOverhead is about what a host costs beside the names: its place in the map.
	aliasOverhead = 96
	// mostShapes bounds how many shapes are known.
	mostShapes = 512
)

// Cache keeps answers about members ready to be sent. It is a [record.View] that projects nothing: it
// listens to what is recorded and drops what an event concerns, before the act is acknowledged. So the
// next request after an act sees the act, and an answer that nothing happened to is served from memory.
//
// It must stand last among the record's views: an answer that is made anew reads what they wrote.
type Cache struct {
	shards [shardCount]shard
	seed   maphash.Seed
	shapes struct {
		sync.Mutex
		known map[string]*shape // by their text
	}

	// The rest belongs to the record's appender.
	touched  map[string]bool // numbers of members
	all      bool            // something happened that bears on every member
	hosts    bool            // a domain was taken or given up
	position int64           // of the newest event heard of; 0 until the first
	newest   int64           // the same in the transaction under way
}

type shard struct {
	mu      sync.RWMutex
	entries map[string]*entry // by number
	hosts   map[string]string // host → number
	bytes   int
	most    int    // bytes
	epoch   uint64 // counts what was dropped: an answer begun before must not be kept after
}

// NewCache returns an empty cache: one per record.
func NewCache() *Cache { return newCache(cacheBytes) }

func newCache(most int) *Cache {
	c := &Cache{seed: maphash.MakeSeed(), touched: map[string]bool{}}
	c.shapes.known = map[string]*shape{}
	for i := range c.shards {
		c.shards[i].most = most / shardCount
		c.shards[i].entries = map[string]*entry{}
		c.shards[i].hosts = map[string]string{}
	}
	return c
}

// share returns the one copy of a shape that many entries have, and what a new one costs.
func (c *Cache) share(text string, s *shape) (*shape, int) {
	c.shapes.Lock()
	defer c.shapes.Unlock()
	if known := c.shapes.known[text]; known != nil {
		return known, 0
	}
	if len(c.shapes.known) >= mostShapes {
		clear(c.shapes.known)
	}
	c.shapes.known[text] = s
	return s, 2*len(text) + 200
}

func (c *Cache) shard(key string) *shard {
	return &c.shards[maphash.String(c.seed, key)%shardCount]
}

// get returns the entry of a member if it still holds at now, and the epoch to give to put.
func (c *Cache) get(number string, now int64) (*entry, uint64) {
	s := c.shard(number)
	s.mu.RLock()
	e, epoch := s.entries[number], s.epoch
	s.mu.RUnlock()
	if e == nil || now >= e.until {
		return nil, epoch
	}
	if !e.used.Load() { // written seldom, so that readers do not fight over it
		e.used.Store(true)
	}
	return e, epoch
}

// put keeps an entry that was made since epoch, unless something was dropped meanwhile.
func (c *Cache) put(number string, e *entry, epoch uint64) (kept bool) {
	s := c.shard(number)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.epoch != epoch {
		return false
	}
	if old := s.entries[number]; old != nil {
		s.bytes -= old.size()
		delete(s.entries, number)
	}
	s.room(e.size())
	s.entries[e.own[:e.ends[0]]] = e // the key is the piece: it costs nothing more
	s.bytes += e.size()
	return true
}

// keep hangs a rendering on an entry, if there is room for it.
func (c *Cache) keep(e *entry, slot *atomic.Pointer[kept], k *kept) {
	number := e.own[:e.ends[0]]
	s := c.shard(number)
	s.mu.Lock()
	defer s.mu.Unlock()
	grown := len(k.body)
	if old := slot.Load(); old != nil {
		grown -= len(old.body)
	}
	if s.entries[number] != e {
		return // dropped meanwhile
	}
	slot.Store(k)
	e.extra.Add(int32(grown))
	e.used.Store(true)
	s.bytes += grown
	s.room(0)
}

// room makes room for n more bytes: entries that nobody asked for since the last time go first.
func (s *shard) room(n int) {
	for range 2 { // the second time, nothing is in use any more
		if s.bytes+n <= s.most {
			return
		}
		for host, number := range s.hosts {
			delete(s.hosts, host)
			s.bytes -= len(host) + len(number) + aliasOverhead
			if s.bytes+n <= s.most*7/8 {
				break
			}
		}
		if len(s.hosts) == 0 {
			s.hosts = map[string]string{} // a map that was large stays large
		}
		for number, e := range s.entries {
			if s.bytes+n <= s.most*7/8 {
				return
			}
			if e.used.Swap(false) {
				continue
			}
			s.bytes -= e.size()
			delete(s.entries, number)
		}
	}
}

// host returns the number of the member that a host was found to belong to, or "".
func (c *Cache) host(name string) (number string, epoch uint64) {
	s := c.shard(name)
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.hosts[name], s.epoch
}

// putHost keeps what a host was found to belong to since epoch.
func (c *Cache) putHost(name, number string, epoch uint64) {
	s := c.shard(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.hosts[name]; ok || s.epoch != epoch {
		return
	}
	n := len(name) + len(number) + aliasOverhead
	s.room(n)
	s.hosts[strings.Clone(name)] = number
	s.bytes += n
}

// Bytes returns about how much memory the cache holds.
func (c *Cache) Bytes() int {
	n := 0
	for i := range c.shards {
		c.shards[i].mu.RLock()
		n += c.shards[i].bytes
		c.shards[i].mu.RUnlock()
	}
	return n
}

func (c *Cache) drop(number string) {
	s := c.shard(number)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	if e := s.entries[number]; e != nil {
		s.bytes -= e.size()
		delete(s.entries, number)
	}
}

func (c *Cache) dropHosts() {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		s.epoch++
		for host, number := range s.hosts {
			s.bytes -= len(host) + len(number) + aliasOverhead
		}
		clear(s.hosts)
		s.mu.Unlock()
	}
}

func (c *Cache) clear() {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		s.epoch++
		s.bytes = 0
		clear(s.entries)
		clear(s.hosts)
		s.mu.Unlock()
	}
}

// Name implements [record.View].
func (c *Cache) Name() string { return "answers" }

// Project notes whom an event concerns.
func (c *Cache) Project(_ record.Tx, e act.Recorded) error {
	c.newest = e.Position
	for _, subject := range e.Subjects {
		c.touch(subject)
	}
	if claiming, ok := e.Event.(act.Claiming); ok && len(claiming.Claims()) > 0 {
		c.hosts = true
	}
	return nil
}

func (c *Cache) touch(subject string) {
	switch kind, id, _ := strings.Cut(subject, "/"); kind {
	case "member", "standing":
		c.touched[id] = true
	case "body", "code": // zone, holidays, go-live, requirements: they bear on every member
		c.all = true
	}
}

// Settle implements [record.View].
func (c *Cache) Settle(record.Tx, act.World) error { return nil }

// Done drops what the transaction concerned. It does so too if the transaction failed, for that may be
// in doubt.
func (c *Cache) Done(committed bool) {
	c.evict()
	if committed {
		c.position = max(c.position, c.newest)
	}
}

func (c *Cache) evict() {
	const many = 4096
	if c.all || len(c.touched) > many {
		c.clear()
	} else if c.hosts {
		c.dropHosts()
	}
	for number := range c.touched {
		c.drop(number)
	}
	clear(c.touched)
	c.all, c.hosts = false, false
}

// Reload drops what other processes recorded something about.
func (c *Cache) Reload(ctx context.Context, db *sql.DB) error {
	const many = 10_000
	var head int64
	if err := db.QueryRowContext(ctx, `SELECT position FROM head WHERE id = 1`).Scan(&head); err != nil {
		c.clear()
		return err
	}
	if c.position == 0 || head-c.position > many {
		c.clear()
		c.position = head
		return nil
	}
	rows, err := db.QueryContext(ctx, `SELECT subjects FROM event WHERE position > $1 AND position <= $2`, c.position, head)
	if err != nil {
		c.clear()
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var list string
		var subjects []string
		err := rows.Scan(&list)
		if err == nil {
			err = json.Unmarshal([]byte(list), &subjects)
		}
		if err != nil {
			c.clear()
			return err
		}
		for _, s := range subjects {
			c.touch(s)
		}
	}
	if err := rows.Err(); err != nil {
		c.clear()
		return err
	}
	c.hosts, c.newest = true, head // whose domains they are was not read
	c.Done(true)
	return nil
}

// Reset implements [record.View]: nothing is kept of what is projected anew.
func (c *Cache) Reset(record.Tx) bool {
	c.clear()
	return true
}
