package membership

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shingle/internal/act"
	"shingle/internal/act/acttest"
)

func date(s string) act.Date {
	d, err := act.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func noon(day string) time.Time { return date(day).Start(time.UTC).Add(12 * time.Hour) }

func on(day string) acttest.Option { return acttest.At(noon(day)) }

func asking(t *testing.T, f Facts) *acttest.Story { return acttest.For(t, Domain()).Knowing(f) }

// known are facts about member 0042 under a code of two versions.
func known() Facts {
	return Facts{Number: "0042", Zone: time.UTC, Code: []Text{
		{Version: "2025.1", SHA256: "aa", Adopted: noon("2024-12-01"), Effective: date("2025-01-01").Start(time.UTC)},
		{Version: "2026.1", SHA256: "bb", Adopted: noon("2025-12-01"), Effective: date("2026-01-01").Start(time.UTC)},
		{Version: "2027.1", SHA256: "cc", Adopted: noon("2026-05-01"), Effective: date("2027-01-01").Start(time.UTC)},
	}}
}

var (
	applied = Applied{
		Member: "0042", Name: "Cobalt Ridge IT", Domains: []string{"cobaltridge.example"}, At: noon("2026-01-10"),
	}
	admitted = Admitted{Member: "0042", Domains: applied.Domains, Joined: noon("2026-02-01"), At: noon("2026-02-01")}
	signed   = Subscribed{Member: "0042", Version: "2026.1", SHA256: "bb", Capacity: "director", Person: 2, SignedAt: noon("2026-02-02"), At: noon("2026-02-02")}
	gone     = Withdrawn{Member: "0042", Left: noon("2026-05-01"), At: noon("2026-05-01")}
	ada      = act.NewPersonal("", "Ada Pine")
)

func checked(day string, results ...string) []act.Event {
	var events []act.Event
	for i, check := range checks {
		result := passed
		if i < len(results) {
			result = results[i]
		}
		events = append(events, Checked{Member: "0042", Check: check, How: "looked", Result: result, At: noon(day)})
	}
	return events
}

func TestProofsOfDomainsRunOut(t *testing.T) {
	m := evolve(Member{}, Enrolled{Member: "0042", Domains: []string{"b.example", "a.example"}, At: noon("2026-01-01")})
	m = evolve(m, DomainAdded{Member: "0042", Domain: "c.example"}) // never shown to be its own
	m = evolve(m, DomainProven{Member: "0042", Domain: "b.example", How: "dns", At: noon("2026-06-01")})
	year := func(proven time.Time) time.Time { return proven.AddDate(1, 0, 0) }
	for day, want := range map[string][]string{"2026-07-01": {"a.example", "b.example"}, "2027-02-01": {"b.example"}, "2027-07-01": nil} {
		if got := m.ProvenDomains(noon(day), year); !slices.Equal(got, want) {
			t.Errorf("on %s: %v, want %v", day, got, want)
		}
	}
}

// drawEvent draws any event of a member, in any order.
func drawEvent(t *rapid.T) act.Event {
	at := noon("2026-01-01").AddDate(0, 0, rapid.IntRange(0, 500).Draw(t, "day"))
	domain := rapid.SampledFrom([]string{"a.example", "b.example"}).Draw(t, "domain")
	return rapid.SampledFrom([]act.Event{
		applied, admitted, signed, gone, Declined{Member: "0042"},
		Enrolled{Member: "0042", Name: "X", Domains: []string{domain}, At: at, Joined: at},
		Checked{Check: "domain", Result: passed, At: at}, PaidThrough{Through: act.DateIn(at, time.UTC)},
		Renewed{Person: 3, Domains: []string{domain}, At: at}, Attested{Period: "2026-Q1", Incidents: rapid.IntRange(0, 3).Draw(t, "n")},
		Renamed{Name: "Y"}, Moved{Place: "Z"}, ServicesSet{Services: []string{"cloud"}},
		DomainAdded{Domain: domain}, DomainRemoved{Domain: domain}, DomainProven{Domain: domain, How: "dns", At: at},
		Merged{Member: "0042", Into: "0043", Left: at}, Readmitted{At: at, Domains: []string{domain}}, "no event of a member",
	}).Draw(t, "event")
}

func TestFoldsTakeWhatComesAndLeaveWhatWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Member{}
		for range rapid.IntRange(0, 30).Draw(t, "events") {
			before := fmt.Sprintf("%+v", m)
			after := evolve(m, drawEvent(t))
			if now := fmt.Sprintf("%+v", m); now != before {
				t.Fatalf("the state that was given changed:\n%s\n%s", before, now)
			}
			m = after
		}
	})
}

// TestAskingAgainChangesNothing holds every act to this: once it is done, the same command at the same
// time does nothing or is refused, and never does it twice. Checks and proofs of domains are a record
// of each time that somebody looked, and applying begins another application.
func TestAskingAgainChangesNothing(t *testing.T) {
	everyTime := []any{RecordCheck{}, ProveDomain{}, Apply{}}
	rapid.Check(t, func(t *rapid.T) {
		m, f := Member{}, known()
		f.Period = Period{Set: true, Fits: true, End: noon("2026-04-01")}
		f.Into = Other{Current: true}
		f.Lapsed = rapid.Bool().Draw(t, "lapsed")
		for range rapid.IntRange(0, 12).Draw(t, "events") {
			m = evolve(m, drawEvent(t))
		}
		cmd := rapid.SampledFrom([]any{
			Admit{Member: "0042"}, Decline{"0042", "too young"}, Subscribe{"0042", "2026.1", "bb", ada, "director"},
			RecordDues{"0042", date("2027-01-01"), "a slip"}, Renew{"0042", ada, "director", true},
			Attest{Member: "0042", Period: "2026-Q1", UndertakingsShare: 90}, Rename{"0042", "New Name"}, Move{"0042", "1 Main St", "Denver", "US"},
			SetServices{"0042", []string{"cloud", "voice"}}, AddDomain{"0042", "c.example"}, RemoveDomain{"0042", "a.example"},
			ProveDomain{Member: "0042", Domain: "a.example", How: "dns"}, Withdraw{Member: "0042"}, Readmit{"0042", "the board"}, Merge{Member: "0042", Into: "0043"},
			RecordCheck{"0042", "domain", "looked", passed}, Enrol{Number: "0042", Name: "X", Admitted: date("2020-01-01")}, Apply{Name: "X"},
		}).Draw(t, "command")
		meta := act.Meta{Actor: "operator", At: noon("2028-01-01")}
		i := slices.IndexFunc(Domain().Acts, func(a *act.Act) bool { return a.Command == reflect.TypeOf(cmd) })
		decide := Domain().Acts[i].Decide
		events, err := decide(m, f, cmd, meta)
		if err != nil || slices.ContainsFunc(everyTime, func(c any) bool { return reflect.TypeOf(c) == reflect.TypeOf(cmd) }) {
			return
		}
		for _, e := range events {
			m = evolve(m, e)
		}
		f.Lapsed = false
		if again, err := decide(m, f, cmd, meta); err == nil && len(again) > 0 {
			t.Fatalf("%+v was done twice: %v, %v", cmd, events, again)
		}
	})
}
