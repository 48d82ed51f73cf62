package body_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	flowbody "shingle/internal/flow/body"
	view "shingle/internal/view/body"
	"shingle/internal/web/webtest"
)

func TestDutiesOnPostgreSQL(t *testing.T) {
	store = webtest.PostgreSQL
	defer func() { store = webtest.SQLite }()
	for what, test := range map[string]func(*testing.T){
		"the register keeps what everyone owes": TestTheRegisterKeepsWhatEveryoneOwes,
		"duties page without gap or repeat":     TestDutiesPageWithoutGapOrRepeat,
		"what is done is taken off":             TestWhatIsDoneIsTakenOffTheList,
		"a new text is owed after one round":    TestANewTextIsOwedAfterOneRoundOfTheClock,
		"an application waits":                  TestAnApplicationWaitsUntilItIsDecided,
		"orders wait":                           TestOrdersWaitForASecondOfficerAndForReview,
	} {
		t.Run(what, test)
	}
}

// agree holds the rows of every member to what the rules say now.
func agree(t *testing.T, b *webtest.Body, members ...string) {
	t.Helper()
	w := b.Record.Look(t.Context())
	for _, number := range members {
		got, err := b.Register.Duties(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		want := flowbody.Duties(w, number, b.Now())
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s owes on %s\n%v\nin the register:\n%v", number, b.Now(), want, got)
		}
	}
	if err := w.Err(); err != nil {
		t.Fatal(err)
	}
}

func kinds(duties []standing.Duty) (all []string) {
	for _, d := range duties {
		all = append(all, strings.TrimSpace(string(d.Kind)+" "+d.Subject))
	}
	return all
}

func TestTheRegisterKeepsWhatEveryoneOwes(t *testing.T) {
	b := small(t)
	duties, err := b.Register.Duties(t.Context(), "0042")
	if want := []string{"attestation 2026-Q2", "dues", "domain cobaltridge.example", "renewal"}; err != nil || !slices.Equal(kinds(duties), want) {
		t.Errorf("it owes %v, %v; want %v", kinds(duties), err, want)
	}
	for range 40 { // through graces, lapses and the ends of proofs
		agree(t, b, "0042", "0043", "0044")
		b.Pass(13 * 24 * time.Hour)
	}
	if d, err := b.Register.Duties(t.Context(), "0099"); err != nil || len(d) > 0 {
		t.Errorf("a member that there is not owes %v, %v", d, err)
	}
}

func TestDutiesPageWithoutGapOrRepeat(t *testing.T) {
	b := webtest.Start(t, store, "Society", began)
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	b.EnrolExample(30, act.On(2026, 3, 1), act.On(2027, 2, 28))
	from, until := began, began.AddDate(3, 0, 0)
	all, next, err := b.Register.DutiesBetween(t.Context(), from, until, 1000, "")
	if err != nil || next != "" || len(all) < 90 {
		t.Fatalf("%d duties, next %q, %v", len(all), next, err)
	}
	var paged []view.Owed
	for cursor := ""; ; {
		page, next, err := b.Register.DutiesBetween(t.Context(), from, until, 7, cursor)
		if err != nil || len(page) > 7 {
			t.Fatal(len(page), err)
		}
		if paged, cursor = append(paged, page...), next; next == "" {
			break
		}
	}
	if fmt.Sprint(paged) != fmt.Sprint(all) {
		t.Errorf("in pages %d, at once %d", len(paged), len(all))
	}
	for i, d := range all {
		if d.Due.Before(from) || !d.Due.Before(until) || i > 0 && d.Due.Before(all[i-1].Due) {
			t.Errorf("out of order or time: %+v", d)
		}
	}
	first := all[0].Due
	if early, _, err := b.Register.DutiesBetween(t.Context(), from, first, 10, ""); err != nil || len(early) > 0 {
		t.Errorf("before the first there are %v, %v", early, err)
	}
	for _, cursor := range []string{"x", "!", "AAAA", "MQ", "MQoyCjM", "OTk5OTk5OTk5OTk5OTk5OTk5OTkKMQoyCjM"} {
		if _, _, err := b.Register.DutiesBetween(t.Context(), from, until, 7, cursor); !errors.Is(err, view.ErrQuery) {
			t.Errorf("cursor %q: %v", cursor, err)
		}
	}
}

func TestWhatIsDoneIsTakenOffTheList(t *testing.T) {
	b := small(t)
	b.Pass(31 * 24 * time.Hour) // 0043 had paid through March
	due := func() []string {
		page, _, err := b.Register.DutiesBetween(t.Context(), began, b.Now(), 100, "")
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, d := range page {
			all = append(all, d.Member+" "+string(d.Kind))
		}
		return all
	}
	if got := due(); !slices.Equal(got, []string{"0043 dues"}) {
		t.Errorf("overdue: %v", got)
	}
	b.Do(membership.RecordDues{Member: "0043", PaidThrough: act.On(2027, 3, 31), Reason: "receipt 7"})
	if got := due(); len(got) > 0 {
		t.Errorf("paid, and overdue: %v", got)
	}
	b.Do(membership.Withdraw{Member: "0043"})
	if d, err := b.Register.Duties(t.Context(), "0043"); err != nil || len(d) > 0 {
		t.Errorf("it left, and owes %v, %v", d, err)
	}
}

func TestANewTextIsOwedAfterOneRoundOfTheClock(t *testing.T) {
	b := small(t)
	b.AdoptExample("2026.2", act.On(2026, 6, 1))
	b.Tick()
	agree(t, b, "0042", "0043", "0044")
	duties, err := b.Register.Duties(t.Context(), "0042")
	if err != nil || !slices.Contains(kinds(duties), "subscribe 2026.2") {
		t.Errorf("it owes %v, %v", kinds(duties), err)
	}
}

func TestAnApplicationWaitsUntilItIsDecided(t *testing.T) {
	b := small(t)
	b.Do(membership.Apply{Name: "Umber Valley IT", Place: "Cork", Country: "Ireland", Domains: []string{"umbervalley.example"}, ContactName: act.NewPersonal("", "Una Vale"), ContactEmail: act.NewPersonal("", "una@umbervalley.example")})
	b.Pass(24 * time.Hour)
	b.Do(membership.Apply{Name: "Late Comers", ContactName: act.NewPersonal("", "Lee Carr"), ContactEmail: act.NewPersonal("", "lee@late.example")})
	all, err := b.Register.Applications(t.Context(), view.Application{}, 10)
	if err != nil || len(all) != 2 || all[0].Name != "Umber Valley IT" || all[0].Place != "Cork" || !slices.Equal(all[0].Domains, []string{"umbervalley.example"}) ||
		len(all[0].Missing) != 4 || !all[0].Applied.Equal(began) {
		t.Fatalf("applications %+v, %v", all, err)
	}
	if rest, err := b.Register.Applications(t.Context(), all[0], 10); err != nil || len(rest) != 1 || rest[0].Name != "Late Comers" {
		t.Errorf("after the first: %+v, %v", rest, err)
	}
	number := all[0].Number
	waits := func() string {
		on, err := b.Register.Waiting(t.Context(), b.Now(), flowbody.WaitingApplication)
		if err != nil || len(on) == 0 {
			return fmt.Sprint(on, err)
		}
		return on[0].What + " " + on[0].Act
	}
	if want := "Application " + number + " waits to be checked: domain, identity, references, sanctions. member.check"; waits() != want {
		t.Error(waits())
	}
	for _, check := range all[0].Missing {
		result := "passed"
		if check == "references" {
			result = "failed"
		}
		b.Do(membership.RecordCheck{Member: number, Check: check, How: "looked up", Result: result})
	}
	if want := "Application " + number + " waits for a decision; not passed: references. member.decline"; waits() != want {
		t.Error(waits())
	}
	b.Do(membership.RecordCheck{Member: number, Check: "references", How: "asked again", Result: "passed"})
	if want := "Application " + number + " waits for a decision; every check is passed. member.admit"; waits() != want {
		t.Error(waits())
	}
	if a, err := b.Register.Application(t.Context(), number); err != nil || len(a.Passed) != 4 || len(a.Failed)+len(a.Missing) > 0 {
		t.Errorf("%+v, %v", a, err)
	}
	b.Do(membership.Admit{Member: number})
	if _, err := b.Register.Application(t.Context(), number); !errors.Is(err, view.ErrNotFound) {
		t.Errorf("admitted, it still applies: %v", err)
	}
	b.Do(membership.Decline{Member: all[1].Number, Reason: "It serves no customers."})
	if on, err := b.Register.Waiting(t.Context(), b.Now()); err != nil || len(on) > 0 {
		t.Errorf("still waiting: %v, %v", on, err)
	}
}

func TestOrdersWaitForASecondOfficerAndForReview(t *testing.T) {
	b := small(t)
	waits := func() (all []string) {
		on, err := b.Register.Waiting(t.Context(), b.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range on {
			due := ""
			if !w.Due.IsZero() {
				due = " by " + w.Due.Add(-time.Microsecond).Format(time.DateOnly)
			}
			all = append(all, w.Kind+" "+w.Subject+" of "+w.Member+due)
		}
		return all
	}
	expect := func(want ...string) {
		t.Helper()
		if got := waits(); !slices.Equal(got, want) {
			t.Errorf("on %s there wait %v, want %v", b.Now().Format(time.DateOnly), got, want)
		}
	}
	b.Pass(5 * 24 * time.Hour)
	done := b.DoAs("officer-1", discipline.Impose{
		Member: "0042", Provisions: []string{"1"}, Reason: act.NewPrivate("", "threat"), Heard: act.NewPrivate("", "nothing"), Notified: began.Add(time.Hour),
		Until: act.On(2026, 9, 1),
	})
	expect("interim-review " + done.Stream + " of 0042 by 2026-06-08")
	charge := b.Do(discipline.Charge{Member: "0043", Provisions: []string{"1"}, Served: act.On(2026, 3, 4), ServiceProof: "courier"})
	expect("interim-review "+done.Stream+" of 0042 by 2026-06-08", "charge "+charge.Stream+" of 0043")
	b.Do(discipline.CloseCharge{Charge: strings.TrimPrefix(charge.Stream, "charge/"), Outcome: "dismissed"})
	b.Pass(80 * 24 * time.Hour)
	b.DoAs("officer-2", discipline.Review{Order: strings.TrimPrefix(done.Stream, "order/"), Decision: "continue", By: "the panel", Reason: act.NewPrivate("", "still")})
	expect("interim-review " + done.Stream + " of 0042 by 2026-08-27")
	b.Pass(80 * 24 * time.Hour)
	b.DoAs("officer-2", discipline.Review{Order: strings.TrimPrefix(done.Stream, "order/"), Decision: "continue", By: "the panel", Reason: act.NewPrivate("", "still")})
	expect("interim-end " + done.Stream + " of 0042 by 2026-09-02")
	b.Pass(60 * 24 * time.Hour) // it ended by itself
	expect()
}
