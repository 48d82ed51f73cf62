package app

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/cli"
	"shingle/internal/record"
	"shingle/internal/web/local"
)

// machine is a machine whose clock can be set, and that can be started anew.
type machine struct {
	mu sync.Mutex
	reading
}

func (m *machine) read() reading {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reading
}

// pass lets time go by; set sets the wall clock as an administrator does.
func (m *machine) pass(d time.Duration) { m.change(d, d) }
func (m *machine) set(by time.Duration) { m.change(by, 0) }

func (m *machine) change(wall, up time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wall, m.up = m.wall.Add(wall), m.up+up
}

// restart starts the machine anew.
func (m *machine) restart(boot string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.boot, m.up = boot, time.Second
}

// clocked is a body on such a machine.
type clocked struct {
	*Body
	*machine
	t    *testing.T
	data string
}

// begins is when the register opens in these tests: later than any day on which they run. Until transition has
// passed, nobody lapses.
var begins = time.Date(2039, 10, 1, 12, 0, 0, 0, time.UTC)

const transition = 120 * 24 * time.Hour

func newClocked(t *testing.T) *clocked {
	t.Helper()
	c := &clocked{t: t, data: filepath.Join(t.TempDir(), "body"), machine: &machine{reading: reading{begins, time.Hour, "one"}}}
	text, err := os.ReadFile("../../examples/msp/code.md")
	if err != nil {
		t.Fatal(err)
	}
	if err := (House{}).Init(t.Context(), cli.Place{Data: c.data}, cli.InitBody{Name: "Clocked", Zone: "Europe/Berlin", Web: "clocked.example", Code: text}); err != nil {
		t.Fatal(err)
	}
	c.open()
	c.must(c.do(t.Context(), governance.Open{}))
	c.pass(transition)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func (c *clocked) open() {
	c.t.Helper()
	var err error
	if c.Body, err = openBody(context.Background(), opening{at: cli.Place{Data: c.data}, read: c.read}); err != nil {
		c.t.Fatal(err)
	}
}

func (c *clocked) reopen() {
	c.t.Helper()
	if err := c.Close(); err != nil {
		c.t.Fatal(err)
	}
	c.open()
}

// enrol takes in a member whose dues are paid for a while.
func (c *clocked) enrol(number string, paid act.Date) error {
	admitted := act.DateIn(c.read().wall.AddDate(0, 0, -28), time.UTC)
	return c.do(context.Background(), membership.Enrol{
		Number: number, Name: "Member " + number, Admitted: admitted, Subscribed: admitted, PaidThrough: paid, ContactName: act.NewPersonal("", "A. Contact"),
	})
}

// in returns the date that many days from what the machine shows.
func (c *clocked) in(days int) act.Date { return act.DateIn(c.read().wall, time.UTC).AddDays(days) }

func (c *clocked) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// status is how a member stands by the body's own time.
func (c *clocked) status(number string) standing.Status {
	c.t.Helper()
	a, err := c.Standing(context.Background(), number, c.now(), c.now())
	c.must(err)
	return a.Status
}

// tick does what the server does every second, and returns whether the clock is doubted.
func (c *clocked) tick() bool {
	c.t.Helper()
	doubted := c.watchClock(false)
	if err := c.fallDue(context.Background()); err != nil && !errors.Is(err, record.ErrClock) {
		c.t.Fatal(err)
	}
	return doubted
}

// receipt asks for a receipt and returns the status of the answer.
func (c *clocked) get(path string) int {
	c.t.Helper()
	resp, err := (&http.Client{Transport: inProcess{c.local}}).Get("http://shingle" + path)
	c.must(err)
	_ = resp.Body.Close()
	return resp.StatusCode
}

// ordered checks that recorded times never run back, nor those of the log.
func (c *clocked) ordered() {
	c.t.Helper()
	events, err := c.Record.Events(context.Background(), 0, 1000)
	c.must(err)
	for i, e := range events[1:] {
		if e.At.Before(events[i].At) {
			c.t.Fatalf("position %d was recorded at %v, and the one before it at %v", e.Position, e.At, events[i].At)
		}
	}
	var last time.Time
	rows, err := c.Record.Engine.Reader().Query("SELECT body FROM leaf ORDER BY idx")
	c.must(err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var body []byte
		var leaf struct{ At time.Time }
		c.must(rows.Scan(&body))
		c.must(json.Unmarshal(body, &leaf))
		if leaf.At.Before(last) {
			c.t.Fatalf("the log goes back from %v: %s", last, body)
		}
		last = leaf.At
	}
	c.must(rows.Err())
}

func TestAClockThatWasSetIsNotBelieved(t *testing.T) {
	const year = 365 * 24 * time.Hour
	jumps := map[string]struct {
		by    time.Duration
		stops bool
	}{
		"a year ahead": {year, true}, "a year back": {-year, true},
		"61 s ahead": {61 * time.Second, true}, "61 s back": {-61 * time.Second, true},
		"59 s ahead": {59 * time.Second, false}, "59 s back": {-59 * time.Second, false},
	}
	for name, test := range jumps {
		t.Run(name, func(t *testing.T) {
			c := newClocked(t)
			c.must(c.enrol("0001", c.in(25)))
			c.pass(time.Hour)
			c.set(test.by)
			if c.tick() != test.stops {
				t.Fatalf("doubted: %v", !test.stops)
			}
			if s := c.status("0001"); s != standing.Good {
				t.Errorf("the member is %s", s)
			}
			err := c.enrol("0002", act.Date{})
			receipt := c.get("/api/v1/members/0001/receipt")
			if !test.stops {
				c.must(err)
				if receipt != http.StatusOK {
					t.Fatal(receipt)
				}
				c.ordered()
				return
			}
			if !errors.Is(err, record.ErrClock) || receipt != http.StatusServiceUnavailable {
				t.Fatal(err, receipt)
			}
			if page := c.get("/register/0001"); page != http.StatusOK {
				t.Fatal("reading stopped:", page)
			}
			// It is not believed by starting the program anew.
			c.reopen()
			if err := c.enrol("0002", act.Date{}); !errors.Is(err, record.ErrClock) || c.status("0001") != standing.Good {
				t.Fatal(err, c.status("0001"))
			}
			// It passes by itself once the clock is right again.
			c.set(-test.by)
			c.tick()
			c.must(c.enrol("0002", act.Date{}))
			c.ordered()
		})
	}
	if !t.Failed() {
		t.Logf("torture: clock-jumps=%d expired-early=0 back-in-good-standing=0 times-that-ran-back=0", len(jumps))
	}
}

func TestAClockIsAcceptedByTheOperator(t *testing.T) {
	c := newClocked(t)
	c.must(c.enrol("0001", c.in(25)))
	accept := func() local.Clock {
		t.Helper()
		resp, err := (&http.Client{Transport: inProcess{c.local}}).Post("http://shingle/local/clock/accept", "", nil)
		c.must(err)
		defer func() { _ = resp.Body.Close() }()
		var shown local.Clock
		c.must(json.NewDecoder(resp.Body).Decode(&shown))
		if resp.StatusCode != http.StatusOK || shown.Doubt != "" {
			t.Fatal(resp.Status, shown)
		}
		return shown
	}
	c.set(90 * 24 * time.Hour)
	if !c.tick() || c.status("0001") != standing.Good {
		t.Fatal("a clock that was set was believed")
	}
	if shown := c.showClock(); !strings.Contains(shown.Doubt, c.in(0).String()) || shown.Machine.Sub(shown.Believed) < 89*24*time.Hour {
		t.Fatalf("%+v", shown)
	}
	accept()
	c.tick()
	c.must(c.enrol("0002", act.Date{}))
	if s := c.status("0001"); s == standing.Good {
		t.Fatal("the time that was accepted is not gone by")
	}
	// It had been right at first. Back there, the record stands ahead: time stands still, and nobody is
	// reinstated by that.
	c.reopen()
	c.set(-90 * 24 * time.Hour)
	if !c.tick() {
		t.Fatal("a clock that was set back was believed")
	}
	ahead := c.Record.Recorded()
	if shown := accept(); !shown.Believed.Equal(ahead) {
		t.Fatalf("%+v, and the last record is of %v", shown, ahead)
	}
	c.reopen() // it is remembered
	c.must(c.enrol("0003", act.Date{}))
	if at := c.Record.Recorded(); !at.Equal(ahead) || c.status("0001") == standing.Good {
		t.Fatal(at, c.status("0001"))
	}
	c.pass(91 * 24 * time.Hour)
	c.must(c.enrol("0004", act.Date{}))
	if at := c.Record.Recorded(); !at.After(ahead) {
		t.Fatal(at)
	}
	c.ordered()
}

func TestWhatAMachineShowsAfterItWasStartedAnew(t *testing.T) {
	c := newClocked(t)
	c.must(c.enrol("0001", act.Date{}))
	// Months later, it is believed: a body may have been asleep.
	c.restart("two")
	c.set(100 * 24 * time.Hour)
	c.reopen()
	c.must(c.enrol("0002", act.Date{}))
	// A machine that has forgotten the time is not, until it has heard.
	c.restart("three")
	c.set(-50 * 365 * 24 * time.Hour)
	c.reopen()
	if err := c.enrol("0003", act.Date{}); !errors.Is(err, record.ErrClock) {
		t.Fatal(err)
	}
	c.pass(time.Minute)
	c.set(50 * 365 * 24 * time.Hour)
	c.tick()
	c.must(c.enrol("0003", act.Date{}))
	// What was in doubt stays so over a start.
	c.set(365 * 24 * time.Hour)
	c.tick()
	c.restart("four")
	c.reopen()
	if err := c.enrol("0004", act.Date{}); !errors.Is(err, record.ErrClock) || !strings.Contains(err.Error(), "started anew") {
		t.Fatal(err)
	}
	c.must(c.acceptClock())
	c.must(c.enrol("0004", act.Date{}))
	c.ordered()
}

// Small corrections do not add up to a doubt.
func TestAClockThatIsCorrectedNowAndThenIsBelieved(t *testing.T) {
	c := newClocked(t)
	for range 20 {
		c.pass(2 * time.Hour)
		c.tick()
		c.set(30 * time.Second)
		if c.tick() {
			t.Fatal("doubted")
		}
	}
}

// A member lapses when its day is over where the body is, also if that day has 23 hours, or 25.
func TestADayEndsAtMidnightWhateverSummerTimeDoes(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for name, last := range map[string]act.Date{"spring": act.On(2040, 3, 25), "autumn": act.On(2040, 10, 28)} {
		t.Run(name, func(t *testing.T) {
			midnight := last.AddDays(1).Start(berlin)
			if midnight.Sub(last.Start(berlin)) == 24*time.Hour {
				t.Fatal("a day like any other")
			}
			c := newClocked(t)
			c.pass(last.AddDays(-40).Start(berlin).Sub(c.read().wall))
			c.must(c.enrol("0001", last.AddDays(-30))) // and 30 days of grace
			c.pass(midnight.Add(-time.Minute).Sub(c.read().wall))
			c.tick()
			if s := c.status("0001"); s != standing.Good {
				t.Fatalf("a minute before midnight it is %s", s)
			}
			c.pass(time.Minute)
			c.tick()
			if s := c.status("0001"); s != standing.Lapsed {
				t.Fatalf("at midnight it is %s", s)
			}
			c.ordered()
		})
	}
}
