package mail

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"shingle/internal/work"
	"shingle/internal/work/letters"
	"shingle/internal/work/worktest"
)

const day = 24 * time.Hour

// TestEachReminderComesOnce lets 40 days go by, a few hours at a time, with restarts between.
func TestEachReminderComesOnce(t *testing.T) {
	p := worktest.InFolder(t)
	began := p.Clock.Now()
	due := began.Add(35 * day)
	h := &house{duties: []Duty{
		{Member: "0042", Kind: "attestation", Due: due, Lapse: due.Add(30 * day), What: "The attestation"},
		{Member: "0042", Kind: "dues", Due: due.Add(day), What: "The renewal"}, // a day later
		{Member: "0007", Kind: "dues", Due: began.Add(3 * day), Lapse: began.Add(4 * day), What: "The renewal"},
	}}
	m := New(Config{Sources: h.sources(), Now: p.Clock.Now})
	var got []string
	for from := began; from.Before(began.Add(40 * day)); {
		until := from.Add(7 * time.Hour)
		jobs, err := m.remind(t.Context(), from, until)
		must(t, err)
		for _, j := range jobs {
			l := j.(Letter)
			kind, at, ok := readDuty(strings.TrimPrefix(l.About, "duty/"))
			if !ok {
				t.Fatal(l.About)
			}
			got = append(got, fmt.Sprintf("%s %s %s at %d", l.To, kind, l.About[strings.LastIndexByte(l.About, '/')+1:], int(until.Sub(began)/day)))
			if l.Letter != letters.Reminder || !slices.ContainsFunc(h.duties, func(d Duty) bool { return d.Kind == kind && d.Due.Equal(at) }) {
				t.Error(l)
			}
		}
		from = until
	}
	want := []string{
		"person/0007 dues 1 at 2", "person/0007 dues 0 at 3",
		"person/0042 attestation 30 at 5", "person/0042 dues 30 at 6", "person/0042 attestation 7 at 28", "person/0042 dues 7 at 29",
		"person/0042 attestation 1 at 34", "person/0042 attestation 0 at 35", "person/0042 dues 1 at 35", "person/0042 dues 0 at 36",
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
}

func TestLateRemindersCollapseIntoTheNewest(t *testing.T) {
	p := worktest.InFolder(t)
	began := p.Clock.Now()
	h := &house{duties: []Duty{
		{Member: "0001", Kind: "dues", Due: began.Add(31 * day), Lapse: began.Add(61 * day)},
		{Member: "0002", Kind: "dues", Due: began.Add(41 * day), Lapse: began.Add(71 * day)},
		{Member: "0003", Kind: "dues", Due: began.Add(35*day + time.Hour), Lapse: began.Add(71 * day)},
		{Member: "0004", Kind: "dues", Due: began.Add(31 * day), Lapse: began.Add(33 * day)}, // too late for any
		{Member: "0005", Kind: "dues", Due: began.Add(66 * day)},                             // too early for the next
	}}
	m := New(Config{Sources: h.sources(), Now: p.Clock.Now})
	jobs, err := m.remind(t.Context(), began, began.Add(35*day)) // nobody was at work for 35 days
	must(t, err)
	var got []string
	for _, j := range jobs {
		l := j.(Letter)
		got = append(got, l.Member+" "+l.About[strings.LastIndexByte(l.About, '/')+1:])
	}
	slices.Sort(got)
	if want := []string{"0001 0", "0002 7", "0003 1"}; !slices.Equal(got, want) {
		t.Error(got)
	}
}

// TestAReminderSaysWhatIsStillOwedWhenItIsWritten runs reminders from the clock to the folder; what was given
// meanwhile is not asked for.
func TestAReminderSaysWhatIsStillOwedWhenItIsWritten(t *testing.T) {
	worktest.OnBoth(t, func(t *testing.T, p *worktest.Place) {
		due := p.Clock.Now().Add(10 * day)
		h := &house{people: map[string]Person{"person/0042": ada(), "person/0007": ada()}, duties: []Duty{
			{Member: "0042", Kind: "attestation", Due: due, Lapse: due.Add(30 * day), What: "The attestation"},
			{Member: "0007", Kind: "dues", Due: due, Lapse: due.Add(30 * day), What: "The renewal"},
		}}
		r := p.Record()
		m := New(Config{Sources: h.sources(), Record: r, Folder: t.TempDir(), From: "office@demo.example", Now: p.Clock.Now, Machine: p.Machine.Now, Log: p.Log.Logger()})
		workers := river.NewWorkers()
		m.AddTo(workers)
		rounds := m.Rounds()
		for i := range rounds {
			rounds[i].Every = 10 * time.Millisecond
		}
		c := work.Config{Record: r, Workers: workers, Rounds: rounds} // no queue: letters are asked for and wait
		_, stop := p.Begin(c)
		// It begins to be at work now, and the reminders fall due while it is down.
		stop()
		p.Clock.Move(5 * day)
		asking := p.Store()
		c.Store = asking
		w, stop := p.Begin(c)
		worktest.Eventually(t, "two reminders wait", func() bool {
			n, err := w.Waiting(t.Context())
			return err == nil && n["available"] == 2
		})
		stop()
		h.change(func() { h.duties = h.duties[:1] }) // the renewal is given
		c.Store, c.Queues = nil, map[string]int{Queue: 2}
		_, stop = p.Begin(c)
		worktest.Eventually(t, "one is written and one dropped", func() bool {
			s := states(t, m)
			return s["person/0042"] == "folder " && s["person/0007"] == "dropped "
		})
		stop()
		found, err := m.Sent(t.Context(), Filter{State: Folder})
		must(t, err)
		raw, err := m.Open(found[0].ID)
		must(t, err)
		if !strings.Contains(string(raw), "Subject: Demo Guild: due in 5 days") || !strings.Contains(string(raw), "Firm 0042 owes this by the end of") {
			t.Errorf("%s", raw)
		}
		// Old ones are forgotten.
		p.Clock.Move(kept + day)
		_, stop = p.Begin(c)
		worktest.Eventually(t, "what came of them is forgotten", func() bool { return len(states(t, m)) == 0 })
		stop()
	})
}
