package api

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/standing"
)

// madeUp is an answer such as most members have.
func madeUp(c *Cache, number string) *entry {
	since := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	text, err := marshal(standingJSON{
		Member: memberJSON{number, "Member " + number + " Managed Services", []string{"m" + number + ".example"}}, Status: standing.Good, Since: since,
		Code:    &codeItem{"2026.1", fmt.Sprintf("%064x", 1), since},
		Reasons: []reasonJSON{{Rule: "STD-04", Text: "The number of courses is not yet set.", Evidence: []int64{}, Cites: "education.credits"}},
		Log:     &logJSON{Index: 12345},
	})
	if err != nil {
		panic(err)
	}
	e := c.entryOf(string(text))
	e.until = 1<<63 - 1
	return e
}

func TestTheCacheStaysWithinItsBounds(t *testing.T) {
	const most = 8 << 20
	c := newCache(most)
	heap := func() int {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	before := heap()
	const n = 60_000
	for i := range n {
		number := fmt.Sprintf("%06d", i)
		_, epoch := c.get(number, 0)
		c.put(number, madeUp(c, number), epoch)
		if i%3 == 0 {
			c.putHost("www.m"+number+".example", number, epoch)
		}
	}
	if got := c.Bytes(); got > most || got < most/2 {
		t.Errorf("it counts %d bytes, of at most %d", got, most)
	}
	got := heap() - before
	t.Logf("it holds %d bytes and counts %d", got, c.Bytes())
	if got > most*21/20 {
		t.Errorf("it holds %d bytes and counts %d", got, c.Bytes())
	}
	kept := 0
	for i := range c.shards {
		kept += len(c.shards[i].entries)
	}
	t.Logf("%d answers in %d MiB", kept, c.Bytes()>>20)
	c.clear()
	if got := c.Bytes(); got != 0 {
		t.Errorf("empty it counts %d bytes", got)
	}
	runtime.KeepAlive(c)
}

func TestWhatIsAskedForStays(t *testing.T) {
	c := newCache(2 << 20)
	_, epoch := c.get("HOT", 0)
	c.put("HOT", madeUp(c, "HOT"), epoch)
	for i := range 30_000 {
		number := fmt.Sprintf("%06d", i)
		_, epoch := c.get(number, 0)
		c.put(number, madeUp(c, number), epoch)
		if i%100 == 0 {
			if e, _ := c.get("HOT", 0); e == nil {
				t.Fatalf("gone after %d others", i)
			}
		}
	}
}

func TestAnAnswerBegunBeforeAnActIsNotKept(t *testing.T) {
	c := NewCache()
	_, epoch := c.get("0042", 0)
	e := madeUp(c, "0042") // made of what was read before …
	if err := c.Project(nil, act.Recorded{Position: 1, Subjects: []string{"member/0042"}}); err != nil {
		t.Fatal(err)
	}
	c.Done(true) // … this was recorded
	if c.put("0042", e, epoch) {
		t.Error("it is kept")
	}
	_, epoch = c.get("0042", 0)
	if !c.put("0042", e, epoch) {
		t.Error("an answer made afterwards is not kept")
	}
	if err := c.Project(nil, act.Recorded{Position: 2, Subjects: []string{"code"}}); err != nil {
		t.Fatal(err)
	}
	c.Done(false)
	if e, _ := c.get("0042", 0); e != nil {
		t.Error("a new code leaves it")
	}
}

func TestManyAtOnce(t *testing.T) {
	c := NewCache()
	var wait sync.WaitGroup
	for g := range 4 {
		wait.Go(func() {
			for i := range 20_000 {
				number := fmt.Sprintf("%04d", (i*7+g)%500)
				e, epoch := c.get(number, int64(i%3))
				switch {
				case e == nil:
					e = madeUp(c, number)
					c.put(number, e, epoch)
					c.putHost(number+".example", number, epoch)
				case i%5 == 0:
					c.keep(e, &e.receipt, &kept{body: make([]byte, i%900), until: 1 << 62})
				case g == 0 && i%11 == 0:
					_ = c.Project(nil, act.Recorded{Position: int64(i), Subjects: []string{"member/" + number}})
					c.Done(true)
				}
				c.host(number + ".example")
			}
		})
	}
	wait.Wait()
	c.dropHosts()
	n := 0
	for i := range c.shards {
		for _, e := range c.shards[i].entries {
			n += e.size()
		}
	}
	if got := c.Bytes(); got != n {
		t.Errorf("it counts %d bytes, its entries %d", got, n)
	}
}
