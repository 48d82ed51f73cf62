package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// rest is how often a clock that is right is believed anew, so that small corrections do not add up.
const rest = time.Hour

// start goes on from where the clock was believed last, which a file says. It lies beside the data, and is
// of this machine alone.
func (c *clock) start(path string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.path = path
	now := c.read()
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c.keep(anchorAt(now))
	} else if err != nil {
		return fmt.Errorf("what is known of the clock cannot be read: %w", err)
	}
	a := &anchor{}
	if err := json.Unmarshal(b, a); err != nil {
		// It says nothing that could be gone by: as on a machine that never ran it.
		return c.keep(anchorAt(now))
	}
	// Without a way to tell starts of the machine apart, each start of the program counts as one.
	a.Waits = a.Boot != now.boot || now.boot == "" || now.up < a.Up
	c.believed.Store(a)
	return c.look(now)
}

// watch keeps what is known of the clock up to date. It is called every second or so.
func (c *clock) watch() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.look(c.read())
}

// look notes that doubt began or ended, and believes a clock anew that is right. The caller holds the lock.
func (c *clock) look(now reading) error {
	a := c.believed.Load()
	_, doubt := a.tell(now)
	switch {
	case doubt != nil && !a.Doubted && !a.Waits:
		doubted := *a
		doubted.Doubted = true
		return c.keep(&doubted)
	case doubt == nil && (a.Doubted || a.Waits || now.up-a.Up > rest):
		fresh := anchorAt(now)
		if now.wall.Add(time.Duration(c.ahead.Load())).Before(a.Floor) {
			fresh.Floor = a.Floor
		}
		return c.keep(fresh)
	}
	return nil
}

// accept believes what the machine's clock shows. last is the time of the last record: time does not run
// back behind it.
func (c *clock) accept(last time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := anchorAt(c.read())
	if a.Wall.Add(time.Duration(c.ahead.Load())).Before(last) {
		a.Floor = last
	}
	before := c.believed.Load()
	if err := c.keep(a); err != nil {
		c.believed.Store(before)
		return fmt.Errorf("the clock's time was not accepted, since that cannot be noted: %w", err)
	}
	return nil
}

// keep goes by an anchor from now on, and writes it down. If that fails it holds for this process alone.
func (c *clock) keep(a *anchor) error {
	c.believed.Store(a)
	if c.path == "" {
		return nil
	}
	b, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return replace(c.path, append(b, '\n'))
}
