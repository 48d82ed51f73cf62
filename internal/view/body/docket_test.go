package body_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/discipline"
	"shingle/internal/body/membership"
	flowbody "shingle/internal/flow/body"
	view "shingle/internal/view/body"
	"shingle/internal/web/webtest"
)

func TestTheDocketOnPostgreSQL(t *testing.T) {
	store = webtest.PostgreSQL
	defer func() { store = webtest.SQLite }()
	for what, test := range map[string]func(*testing.T){
		"the docket follows a case":          TestTheDocketFollowsACase,
		"the docket is narrowed and paged":   TestTheDocketIsNarrowedAndPaged,
		"a member sees what it was told of":  TestAMemberSeesTheCasesItWasToldOf,
		"the terms of cases stand in a list": TestTheTermsOfCasesStandInAList,
		"false claims are listed":            TestFalseClaimsAreListedUntilTheyAreCured,
		"a rebuild gives the same docket":    TestARebuildGivesTheSameDocket,
	} {
		t.Run(what, test)
	}
}

// sitting is a small body ten days later, with the people whom a case needs.
func sitting(t testing.TB) *webtest.Court {
	b := small(t)
	b.Pass(10 * 24 * time.Hour)
	return b.Convene()
}

func row(t *testing.T, b *webtest.Body, id string) view.CaseRow {
	t.Helper()
	c, err := b.Register.CaseRow(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// same holds the row of a case to the state that the record gives.
func same(t *testing.T, b *webtest.Body, id string) view.CaseRow {
	t.Helper()
	w := b.Record.Look(t.Context())
	c := act.StateOf[cases.Case](w, "case/"+id)
	awaits, _ := c.Awaits()
	r := row(t, b, id)
	if r.Stage != c.Stage || r.Member != c.Member || r.Told != c.Told || "person/"+r.Manager != c.Manager && c.Manager+r.Manager != "" || r.Open() != c.IsOpen() ||
		!r.Over.Equal(c.Over) || !r.Published.Equal(c.Published) || r.Outcome != c.Outcome || !r.Paused.Equal(c.Paused) || r.Missed(b.Now()) != c.Missed(b.Now()) ||
		r.Awaits.Act != awaits.Act || r.Awaits.What != awaits.What || !r.Awaits.Due.Equal(awaits.Due) || !r.Kept.Equal(flowbody.Kept(w, id, b.Now())) {
		t.Errorf("the row is\n%+v\nand the case\n%+v\nwaiting for %+v", r, c, awaits)
	}
	if err := w.Err(); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheDocketFollowsACase(t *testing.T) {
	c := sitting(t)
	id := c.Lodge("0042", "a receipt code that is long")
	r := same(t, c.Body, id)
	if r.Name != "Cobalt Ridge IT" || !r.Anonymous || r.Term != cases.TermScreening || !r.Lodged.Equal(c.Now()) || len(r.Terms) != 3 || r.Awaits.Act != "case.assign" {
		t.Errorf("lodged, it is %+v", r)
	}
	c.Charge(id)
	if r = same(t, c.Body, id); r.Term != cases.TermAnswer || !slices.Equal(r.Members, []string{"0042"}) || r.Manager != c.Manager {
		t.Errorf("charged, it is %+v", r)
	}
	panel := c.Hear(id, "0042")
	same(t, c.Body, id)
	c.Decide(panel, cases.Decide{Case: id, Findings: []string{"1=proven", "2=not-proven"}, Sanction: discipline.Suspension, Term: "60d"})
	if r = same(t, c.Body, id); r.Term != cases.TermAppeal || r.Sanction != discipline.Suspension {
		t.Errorf("served, it is %+v", r)
	}
	parts, err := c.Register.CasesOf(t.Context(), "person/"+panel[0])
	if want := []view.Part{{Case: id, As: view.PartPresiding, Now: true}}; err != nil || !slices.Equal(parts, want) {
		t.Errorf("who presides has %v, %v", parts, err)
	}
	c.MemberDoes(cases.Appeal{Case: id, Member: "0042", Grounds: []string{"proportionality"}, Reasons: act.NewPrivate("", "too hard")})
	if parts, err = c.Register.CasesOf(t.Context(), panel[0]); err != nil || !slices.Equal(parts, []view.Part{{Case: id, As: "sat"}}) {
		t.Errorf("who sat has %v, %v", parts, err)
	}
	again := []string{c.Lay[2], c.Trade[2], c.Trade[3]}
	c.ChairDoes(cases.NamePanel{Case: id, Panelists: again, Alternates: []string{c.Lay[3]}})
	for n, want := range map[string]string{again[0]: view.PartAppealHead, again[1]: view.PartAppeal, c.Lay[3]: view.PartAppealAlt} {
		if parts, err = c.Register.CasesOf(t.Context(), n); err != nil || !slices.Equal(parts, []view.Part{{Case: id, As: want, Now: true}}) {
			t.Errorf("%s has %v, %v; want %s", n, parts, err, want)
		}
	}
	c.Pass(20 * 24 * time.Hour)
	for _, n := range again {
		c.Sits(n, cases.Vote{Case: id, Panelist: n, Vote: act.NewPrivate("", "affirm")})
	}
	c.Sits(again[0], cases.DecideAppeal{Case: id, Panelist: again[0], Outcome: "affirmed", Reasons: act.NewPrivate("", "It is right.")})
	for _, n := range again {
		c.Sits(n, cases.Sign{Case: id, Panelist: n})
	}
	c.ManagerDoes(cases.ServeDecision{Case: id, On: c.Today(), Proof: "courier receipt 4"})
	same(t, c.Body, id)
	c.ChairDoes(cases.Publish{Case: id, Findings: []string{"1=It sold data."}, Text: "It is suspended."})
	if r = same(t, c.Body, id); r.Open() || r.Kept.IsZero() || r.Outcome != cases.OutcomeProven {
		t.Errorf("published, it is %+v", r)
	}
	if _, err := c.Register.CaseRow(t.Context(), "2026-0099"); !errors.Is(err, view.ErrNotFound) {
		t.Errorf("a case that there is not: %v", err)
	}
	if parts, err := c.Register.CasesOf(t.Context(), "9999"); err != nil || len(parts) > 0 {
		t.Errorf("a stranger has %v, %v", parts, err)
	}
}

func TestTheDocketIsNarrowedAndPaged(t *testing.T) {
	c := sitting(t)
	var all []string
	for i := range 7 {
		member := []string{"0042", "0043", "0044"}[i%3]
		if member == "0044" {
			member = "0042"
		}
		all = append(all, c.Lodge(member, fmt.Sprintf("receipt %d", i)))
		c.Pass(24 * time.Hour)
	}
	c.ChairDoes(cases.Assign{Case: all[1], Person: c.Manager})
	c.ManagerDoes(cases.Dismiss{Case: all[1], Ground: "no-violation", Reason: act.NewPrivate("", "none")})
	c.ChairDoes(cases.Assign{Case: all[2], Person: c.Manager})
	c.ManagerDoes(cases.Settle{Case: all[2], Terms: act.NewPrivate("", "it pays"), Complainant: true, Respondent: true})
	expect := func(q view.DocketQuery, want ...string) {
		t.Helper()
		page, err := c.Register.Docket(t.Context(), q)
		var got []string
		for _, r := range page.Rows {
			got = append(got, r.ID)
		}
		if err != nil || !slices.Equal(got, want) || int(page.Total) != len(want) || page.Capped || page.Next != "" {
			t.Errorf("%+v: %v of %d, next %q, %v; want %v", q, got, page.Total, page.Next, err, want)
		}
	}
	newest := slices.Clone(all)
	slices.Reverse(newest)
	expect(view.DocketQuery{Sort: view.DocketNewest}, newest...)
	expect(view.DocketQuery{Stage: cases.Dismissed}, all[1])
	expect(view.DocketQuery{Stage: cases.Charged})
	expect(view.DocketQuery{Manager: c.Manager, Sort: view.DocketNewest}, all[2], all[1])
	expect(view.DocketQuery{Manager: "person/" + c.Manager, Open: true}, all[1])
	expect(view.DocketQuery{Manager: view.NoManager, Member: "0043"}, all[4])
	expect(view.DocketQuery{Member: "0043", Sort: view.DocketNewest}, all[4], all[1])
	expect(view.DocketQuery{Open: true, Stage: cases.Closed})
	expect(view.DocketQuery{Member: "' OR 1=1 --"})

	for _, sort := range []string{view.DocketByDue, view.DocketNewest} {
		whole, err := c.Register.Docket(t.Context(), view.DocketQuery{Sort: sort, Open: true})
		if err != nil || len(whole.Rows) != 6 {
			t.Fatal(len(whole.Rows), err)
		}
		var paged []view.CaseRow
		for cursor := ""; ; {
			page, err := c.Register.Docket(t.Context(), view.DocketQuery{Sort: sort, Open: true, After: cursor, Limit: 2})
			if err != nil || page.Total != 6 {
				t.Fatal(page.Total, err)
			}
			paged = append(paged, page.Rows...)
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if fmt.Sprint(paged) != fmt.Sprint(whole.Rows) {
			t.Errorf("by %s, in pages:\n%v\nat once:\n%v", sort, paged, whole.Rows)
		}
	}
	for _, q := range []view.DocketQuery{{After: "x"}, {After: "!"}, {After: "MQ"}, {After: "eAoy"}, {Sort: "name"}} {
		if _, err := c.Register.Docket(t.Context(), q); !errors.Is(err, view.ErrQuery) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

func TestAMemberSeesTheCasesItWasToldOf(t *testing.T) {
	c := sitting(t)
	id := c.Lodge("0042", "receipt")
	against := func(member string) []view.CaseRow {
		t.Helper()
		all, err := c.Register.CasesAgainst(t.Context(), member)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	c.ChairDoes(cases.Assign{Case: id, Person: c.Manager})
	if got := against("0042"); len(got) > 0 {
		t.Errorf("it was told of nothing, and sees %v", got)
	}
	c.ManagerDoes(cases.Offer{Case: id, Sanction: discipline.Warning, Provisions: []string{"1"}, Reason: act.NewPrivate("", "a small thing")})
	got := against("0042")
	if len(got) != 1 || got[0].Stage != cases.Offered || got[0].Sanction != discipline.Warning || got[0].Term != cases.TermOffer || len(got[0].Terms) != 1 ||
		got[0].Anonymous || got[0].Manager != "" || got[0].Awaits != (cases.Awaited{}) {
		t.Errorf("offered a warning, it sees %+v", got)
	}
	if got := against("0043"); len(got) > 0 {
		t.Errorf("another sees %v", got)
	}
	// Who takes a member over answers for it from that moment on, and after it who takes that one over.
	c.Do(membership.Merge{Member: "0042", Into: "0043"})
	if got := against("0043"); len(got) != 1 || got[0].ID != id {
		t.Errorf("the heir sees %v", got)
	}
	c.Do(membership.Merge{Member: "0043", Into: "0044"})
	if got := against("0044"); len(got) != 1 || !slices.Equal(got[0].Members, []string{"0042", "0043", "0044"}) {
		t.Errorf("the heir's heir sees %v", got)
	}
}

func TestTheTermsOfCasesStandInAList(t *testing.T) {
	c := sitting(t)
	id := c.Lodge("0042", "receipt")
	names := func(from, to time.Time) (all []string) {
		terms, err := c.Register.CaseTerms(t.Context(), from, to)
		if err != nil {
			t.Fatal(err)
		}
		for i, term := range terms {
			if term.Case != id || term.Member != "0042" || i > 0 && term.Due.Before(terms[i-1].Due) {
				t.Errorf("%+v", term)
			}
			all = append(all, term.Term)
		}
		return all
	}
	if got := names(time.Time{}, time.Time{}); !slices.Equal(got, []string{"screening", "feedback"}) {
		t.Errorf("after it was lodged there run %v", got)
	}
	if got := names(c.Now().AddDate(0, 2, 0), time.Time{}); !slices.Equal(got, []string{"feedback"}) {
		t.Errorf("after two months there end %v", got)
	}
	if got := names(time.Time{}, c.Now()); len(got) > 0 {
		t.Errorf("overdue are %v", got)
	}
	c.Pass(60 * 24 * time.Hour)
	if r := same(t, c.Body, id); r.Missed(c.Now()) != 1 {
		t.Errorf("after 60 days it missed %d", r.Missed(c.Now()))
	}
	c.Charge(id)
	if r := same(t, c.Body, id); r.Missed(c.Now()) != 1 || !r.Terms[1].Missed(c.Now()) || !r.Terms[1].Over(c.Now()) {
		t.Errorf("what was missed stays missed: %+v", r.Terms)
	}
	if got := names(c.Now(), time.Time{}); !slices.Equal(got, []string{"answer", "feedback"}) {
		t.Errorf("charged, there run %v", got)
	}
	c.ManagerDoes(cases.Pause{Case: id, Ground: "court", Detail: "District Court, 12 C 3"})
	if r := same(t, c.Body, id); !r.Due.IsZero() || r.Missed(c.Now()) != 1 || !r.Terms[len(r.Terms)-1].Paused {
		t.Errorf("paused, it is %+v", r)
	}
	c.ManagerDoes(cases.Resume{Case: id})
	c.MemberDoes(cases.Answer{Case: id, Member: "0042", Text: act.NewPrivate("", "no")})
	c.ChairDoes(cases.NamePanel{Case: id, Panelists: []string{c.Trade[0], c.Lay[0], c.Trade[1]}, Alternates: []string{c.Lay[1]}})
	on := c.Now().AddDate(0, 0, 30)
	c.ManagerDoes(cases.SetHearing{Case: id, On: on, Place: "Room 1", NoticeOn: c.Today(), Proof: "courier"})
	terms, err := c.Register.CaseTerms(t.Context(), on, on.Add(time.Hour))
	if err != nil || len(terms) != 1 || terms[0].Term != view.TermHearing || terms[0].Manager != c.Manager {
		t.Errorf("on the day of the hearing there are %+v, %v", terms, err)
	}
	if r := same(t, c.Body, id); r.Term != cases.TermFeedback && r.Term != view.TermHearing {
		t.Errorf("the next day is of %s", r.Term)
	}
}

func TestFalseClaimsAreListedUntilTheyAreCured(t *testing.T) {
	c := sitting(t)
	done := c.DoIn("anyone", "anyone", cases.Report{
		Company: "Phantom Networks", Address: "https://phantom.example/about", Captured: act.On(2026, 2, 20), Contact: act.NewPrivate("", "call me"),
	})
	id := strings.TrimPrefix(done.Stream, "claim/")
	listed := func() int {
		all, err := c.Register.WarningList(t.Context(), c.Now())
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	if n := listed(); n != 0 {
		t.Errorf("reported, %d are listed", n)
	}
	c.ManagerDoes(cases.WriteLetter{Claim: id, On: act.On(2026, 3, 1), Proof: "courier"})
	c.ManagerDoes(cases.NoteAnswer{Claim: id, Text: act.NewPrivate("", "we are members")})
	c.ManagerDoes(cases.ProposeListing{Claim: id})
	c.ChairDoes(cases.List{Claim: id})
	claim, err := c.Register.Claim(t.Context(), id)
	if err != nil || claim.Text != "On 20 February 2026 this site displayed our mark; the company was not a member." || claim.Company != "Phantom Networks" ||
		!claim.Answered || claim.AnswerBy.IsZero() || listed() != 1 {
		t.Errorf("listed, it is %+v, %v", claim, err)
	}
	c.ManagerDoes(cases.Cure{Claim: id, How: act.NewPrivate("", "looked again")})
	if n := listed(); n != 1 {
		t.Errorf("cured, %d are listed for two days more", n)
	}
	if all, err := c.Register.Claims(t.Context(), cases.Cured); err != nil || len(all) != 1 {
		t.Errorf("cured are %v, %v", all, err)
	}
	c.Pass(5 * 24 * time.Hour)
	if n := listed(); n != 0 {
		t.Errorf("after its time, %d are listed", n)
	}
	if _, err := c.Register.Claim(t.Context(), "2026-0099"); !errors.Is(err, view.ErrNotFound) {
		t.Errorf("a claim that there is not: %v", err)
	}
}

func TestARebuildGivesTheSameDocket(t *testing.T) {
	c := sitting(t)
	one, two, three := c.Lodge("0042", "1"), c.Lodge("0043", "2"), c.Lodge("0042", "3")
	c.Charge(one)
	panel := c.Hear(one, "0042")
	c.Decide(panel, cases.Decide{Case: one, Findings: []string{"1=not-proven", "2=not-proven"}})
	c.ChairDoes(cases.Assign{Case: two, Person: c.Manager})
	c.ChairDoes(cases.Assign{Case: three, Person: c.Manager})
	c.ManagerDoes(cases.Settle{Case: three, Terms: act.NewPrivate("", "it pays"), Complainant: true, Respondent: true})
	c.Do(membership.Merge{Member: "0043", Into: "0042"})
	c.Pass(800 * 24 * time.Hour)
	before := dump(t, c.Body)
	if err := c.Record.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	c.Tick()
	if after := dump(t, c.Body); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}
