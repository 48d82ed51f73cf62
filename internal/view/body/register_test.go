package body_test

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/pgtest"
	"shingle/internal/record"
	view "shingle/internal/view/body"
	"shingle/internal/web/webtest"
)

var began = time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC)

// store is where the tests keep their bodies: each of them runs on both.
var store webtest.Store = webtest.SQLite

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	store = webtest.PostgreSQL
	defer func() { store = webtest.SQLite }()
	for what, test := range map[string]func(*testing.T){
		"search finds by what people type":                      TestSearchFindsByWhatPeopleType,
		"search pages without gap or repeat":                    TestSearchPagesWithoutGapOrRepeat,
		"search refuses foreign cursor and sort":                TestSearchRefusesForeignCursorAndSort,
		"exactly means one member":                              TestExactlyMeansOneMember,
		"lists move with time alone":                            TestListsMoveWithTimeAlone,
		"lists are right before the clock has stated it":        TestListsAreRightBeforeTheClockHasStatedIt,
		"a new code redraws everyone little by little":          TestANewCodeRedrawsEveryoneLittleByLittle,
		"a renamed member is found by its new name only":        TestARenamedMemberIsFoundByItsNewNameOnly,
		"an expulsion shows everywhere":                         TestAnExpulsionShowsEverywhere,
		"a domain that changes hands belongs to its new holder": TestADomainThatChangesHandsBelongsToItsNewHolder,
		"a domain that is merely added answers nothing":         TestADomainThatIsMerelyAddedAnswersNothing,
		"the end of a domain's proof falls due":                 TestTheEndOfADomainsProofFallsDue,
		"a restart does not bring an expired proof back":        TestARestartDoesNotBringAnExpiredProofBack,
		"rebuild gives the same register":                       TestRebuildGivesTheSameRegister,
		"people are shown with their roles":                     TestPeopleAreShownWithTheirRoles,
		"invitations are listed by their end":                   TestInvitationsAreListedByTheirEnd,
		"what ends sessions is counted":                         TestWhatEndsSessionsIsCounted,
		"a forgotten person leaves a number":                    TestAForgottenPersonLeavesANumber,
		"who comes and is forgotten together is forgotten":      TestWhoComesAndIsForgottenTogetherIsForgotten,
		"the catalogue lists what counts":                       TestTheCatalogueListsWhatCounts,
		"claims wait until they are answered":                   TestClaimsWaitUntilTheyAreAnswered,
		"a sample is listed with who is in it":                  TestASampleIsListedWithWhoIsInIt,
		"education is rebuilt":                                  TestEducationIsRebuilt,
		"missed education changes the register on the day":      TestMissedEducationChangesTheRegisterOnTheDay,
	} {
		t.Run(what, test)
	}
}

// small is a body with three members, one of whom signed nothing.
func small(t testing.TB) *webtest.Body {
	b := webtest.Start(t, store, "Society of Managed Service Providers", began)
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	day := act.On(2026, 3, 1)
	for _, e := range []membership.Enrol{
		{Number: "0042", Name: "Cobalt Ridge IT", TradingNames: []string{"Ridge Réseaux"}, Domains: []string{"cobaltridge.example"},
			Place: "Denver, Colorado", Country: "United States", Services: []string{"helpdesk", "cloud"}, ContactName: act.NewPersonal("", "Ada Pine"), Admitted: day, Subscribed: day, PaidThrough: act.On(2027, 2, 28)},
		{Number: "0043", Name: "O’Brien & Søn", Domains: []string{"obrien.example", "son.example"}, Place: "Cork", Country: "Ireland",
			Services: []string{"cloud"}, ContactName: act.NewPersonal("", "Ada Pine"), Admitted: day, Subscribed: day, PaidThrough: act.On(2026, 3, 31)},
		{Number: "0044", Name: "Äpfel Netze", Domains: []string{"aepfel.example"}, Place: "Singapore", Country: "Singapore", Admitted: day, PaidThrough: act.On(2027, 2, 28)},
	} {
		b.Do(e)
	}
	b.Do(governance.Open{})
	b.Tick()
	return b
}

func names(l view.List) (all []string) {
	for _, m := range l.Members {
		all = append(all, m.Name)
	}
	return all
}

func TestSearchFindsByWhatPeopleType(t *testing.T) {
	b := small(t)
	for what, c := range map[string]struct {
		q    view.Query
		want []string
	}{
		"all, by name":              {view.Query{}, []string{"Äpfel Netze", "Cobalt Ridge IT", "O’Brien & Søn"}},
		"all, by number":            {view.Query{Sort: "number"}, []string{"Cobalt Ridge IT", "O’Brien & Søn", "Äpfel Netze"}},
		"beginning of a word":       {view.Query{Q: "rid"}, []string{"Cobalt Ridge IT"}},
		"several, any order":        {view.Query{Q: "it cob"}, []string{"Cobalt Ridge IT"}},
		"without accents":           {view.Query{Q: "apfel"}, []string{"Äpfel Netze"}},
		"trading name":              {view.Query{Q: "RESEAUX"}, []string{"Cobalt Ridge IT"}},
		"without apostrophe":        {view.Query{Q: "obrien son"}, []string{"O’Brien & Søn"}},
		"web address":               {view.Query{Q: "https://www.cobaltridge.example/about"}, []string{"Cobalt Ridge IT"}},
		"number":                    {view.Query{Q: "0043"}, []string{"O’Brien & Søn"}},
		"place":                     {view.Query{Place: "denver colorado"}, []string{"Cobalt Ridge IT"}},
		"beginning of a place":      {view.Query{Place: "Denver"}, []string{"Cobalt Ridge IT"}},
		"beginning of a country":    {view.Query{Place: "united s"}, []string{"Cobalt Ridge IT"}},
		"a place that is nowhere":   {view.Query{Place: "Atlantis"}, nil},
		"country that is a place":   {view.Query{Place: "Singapore"}, []string{"Äpfel Netze"}},
		"service":                   {view.Query{Service: "cloud"}, []string{"Cobalt Ridge IT", "O’Brien & Søn"}},
		"service and place":         {view.Query{Service: "cloud", Place: "Ireland"}, []string{"O’Brien & Søn"}},
		"status":                    {view.Query{Status: "not-subscribed"}, []string{"Äpfel Netze"}},
		"nothing of that kind":      {view.Query{Status: "expelled"}, nil},
		"punctuation only":          {view.Query{Q: "!?"}, nil},
		"something that is nowhere": {view.Query{Q: "quux"}, nil},
		"what looks like SQL":       {view.Query{Q: "' OR 1=1 --"}, nil},
	} {
		t.Run(what, func(t *testing.T) {
			c.q.At = b.Now()
			list, err := b.Register.Search(t.Context(), c.q)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(names(list), c.want) || list.Total != int64(len(c.want)) {
				t.Errorf("got %v of %d, want %v", names(list), list.Total, c.want)
			}
		})
	}
}

func TestSearchPagesWithoutGapOrRepeat(t *testing.T) {
	b := webtest.Start(t, store, "Society", began)
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	b.EnrolExample(60, act.On(2026, 3, 1), act.On(2027, 2, 28))
	for _, q := range []view.Query{{}, {Sort: "number"}, {Sort: "newest"}, {Service: "cloud"}, {Q: "m"}, {Status: "good"}} {
		q.At, q.Limit = b.Now(), 7
		var all []string
		var total int64
		for {
			list, err := b.Register.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			total = list.Total
			for _, m := range list.Members {
				if slices.Contains(all, m.Number) {
					t.Fatalf("%+v: %s comes twice", q, m.Number)
				}
				all = append(all, m.Number)
			}
			if q.Cursor = list.Next; q.Cursor == "" {
				break
			}
		}
		if int64(len(all)) != total || total == 0 {
			t.Errorf("%+v: %d members in pages, total %d", q, len(all), total)
		}
	}
}

func TestSearchRefusesForeignCursorAndSort(t *testing.T) {
	b := small(t)
	cursor := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for _, q := range []view.Query{
		{Cursor: "x"}, {Sort: "wealth"}, {Status: "bogus"}, {Cursor: cursor("0042")}, {Cursor: cursor("00\x0042\ncobalt")}, {Cursor: cursor("0042\nco\x00balt")},
		{Cursor: cursor("0042\n\xff")}, {Sort: "newest", Cursor: cursor("0042\ncobalt")}, {Sort: "newest", Cursor: cursor("0042\n99999999999999999999")},
		{Sort: "number", Cursor: cursor("\xff\n0042")}, {Sort: "number", Cursor: cursor("0042'--\n0042")},
	} {
		q.At = b.Now()
		if _, err := b.Register.Search(t.Context(), q); !errors.Is(err, view.ErrQuery) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	if _, err := b.Register.Notices(t.Context(), "", "zzz", b.Now(), 10); !errors.Is(err, view.ErrQuery) {
		t.Errorf("notices before one that there is not: %v", err)
	}
}

func TestExactlyMeansOneMember(t *testing.T) {
	b := small(t)
	for text, want := range map[string]string{
		"cobalt ridge it": "0042", "Ridge Reseaux": "0042", " 0042 ": "0042", "shop.cobaltridge.example": "0042", "WWW.COBALTRIDGE.EXAMPLE.": "0042",
		"obrien & son": "0043", "cobalt": "", "example": "", "": "", "cobaltridge.example.net": "",
	} {
		got, err := b.Register.Exactly(t.Context(), text)
		if got != want && !errors.Is(err, view.ErrNotFound) || err != nil && want != "" {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestListsMoveWithTimeAlone(t *testing.T) {
	b := small(t)
	b.Pass(120 * 24 * time.Hour) // 0043 had paid through March; grace and first transition are over
	list, err := b.Register.Search(t.Context(), view.Query{Status: "lapsed", At: b.Now()})
	if err != nil || !slices.Equal(names(list), []string{"O’Brien & Søn"}) {
		t.Fatalf("lapsed: %v, %v", names(list), err)
	}
	counts, err := b.Register.Counts(t.Context())
	if err != nil || counts[standing.Lapsed] != 1 || counts[standing.Good] != 1 {
		t.Errorf("counts %v, %v", counts, err)
	}
	last, err := b.Register.LastStatement(t.Context(), "0043")
	if err != nil || last.Status != standing.Lapsed {
		t.Errorf("last statement %+v, %v", last, err)
	}
	due, err := b.Register.Due(t.Context(), b.Now(), 10)
	if err != nil || len(due) != 0 {
		t.Errorf("still due: %v, %v", due, err)
	}
}

func TestListsAreRightBeforeTheClockHasStatedIt(t *testing.T) {
	b := small(t)
	later := b.Now().Add(120 * 24 * time.Hour)
	list, err := b.Register.Search(t.Context(), view.Query{Status: "lapsed", At: later})
	if err != nil || !slices.Equal(names(list), []string{"O’Brien & Søn"}) {
		t.Fatalf("lapsed: %v, %v", names(list), err)
	}
}

func TestANewCodeRedrawsEveryoneLittleByLittle(t *testing.T) {
	b := small(t)
	b.AdoptExample("2026.2", act.On(2026, 4, 1))
	stale, err := b.Register.Stale(t.Context(), 10)
	if err != nil || len(stale) != 3 {
		t.Fatalf("stale: %v, %v", stale, err)
	}
	b.Tick()
	if stale, err = b.Register.Stale(t.Context(), 10); err != nil || len(stale) != 0 {
		t.Fatalf("still stale: %v, %v", stale, err)
	}
	b.Pass(200 * 24 * time.Hour) // nobody signed the new text
	list, err := b.Register.Search(t.Context(), view.Query{Status: "good", At: b.Now()})
	if err != nil || len(list.Members) != 0 {
		t.Errorf("good without having signed: %v, %v", names(list), err)
	}
}

func TestSpansAgreeWithStanding(t *testing.T) {
	b := small(t)
	b.Pass(400 * 24 * time.Hour)
	for _, number := range []string{"0042", "0043", "0044"} {
		for day := range 500 {
			at := began.Add(time.Duration(day) * 24 * time.Hour)
			want, err := b.Standing(t.Context(), number, at, b.Now())
			if err != nil {
				t.Fatal(err)
			}
			got, err := b.Register.Standing(t.Context(), number, at)
			if err != nil || got.Status != want.Status || got.Kind != want.Kind || !got.Since.Equal(want.Since) {
				t.Fatalf("%s on %s: register %+v (%v), standing %s %s since %s", number, at, got, err, want.Status, want.Kind, want.Since)
			}
		}
	}
}

func TestARenamedMemberIsFoundByItsNewNameOnly(t *testing.T) {
	b := small(t)
	b.Do(membership.Rename{Member: "0042", Name: "Umber Valley IT"})
	// Its trading name and its domain are what they were.
	for q, want := range map[string]int{"umber": 1, "cobaltridge": 1, "cobalt ridge": 1, "cobalt valley": 1, "cobalt it plain": 0} {
		list, err := b.Register.Search(t.Context(), view.Query{Q: q, At: b.Now()})
		if err != nil || len(list.Members) != want {
			t.Errorf("%s: %v, %v", q, names(list), err)
		}
	}
	if _, err := b.Register.Exactly(t.Context(), "Cobalt Ridge IT"); !errors.Is(err, view.ErrNotFound) {
		t.Errorf("old name: %v", err)
	}
	list, err := b.Register.Search(t.Context(), view.Query{At: b.Now(), Service: "cloud"})
	if err != nil || !slices.Equal(names(list), []string{"O’Brien & Søn", "Umber Valley IT"}) {
		t.Errorf("order: %v, %v", names(list), err)
	}
}

func TestAnExpulsionShowsEverywhere(t *testing.T) {
	b := webtest.Start(t, store, "Society", began)
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	day := act.On(2026, 3, 1)
	b.Do(membership.Enrol{Number: "0042", Name: "Cobalt Ridge IT", Domains: []string{"cobaltridge.example"}, ContactName: act.NewPersonal("", "Ada Pine"), Admitted: day, Subscribed: day, PaidThrough: act.On(2027, 2, 28)})
	b.Pass(70 * 24 * time.Hour)
	b.Do(governance.Open{})
	expel(b, "0042")
	notices, err := b.Register.Notices(t.Context(), "0042", "", b.Now(), 10)
	if err != nil || len(notices) != 1 || notices[0].Class != discipline.Expulsion || !notices[0].Expires.IsZero() {
		t.Fatalf("notices %+v, %v", notices, err)
	}
	if n, err := b.Register.NoticeOfOrder(t.Context(), "0042", "2026-0001"); err != nil || n.ID != notices[0].ID {
		t.Errorf("the notice of the order is %+v, %v", n, err)
	}
	if _, err := b.Register.NoticeOfOrder(t.Context(), "0042", "2026-0002"); !errors.Is(err, view.ErrNotFound) {
		t.Errorf("the notice of an order that is none: %v", err)
	}
	st, err := b.Register.Standing(t.Context(), "0042", b.Now())
	if err != nil || st.Status != standing.Expelled || st.Kind != standing.Disciplinary {
		t.Errorf("standing %+v, %v", st, err)
	}
	if counts, err := b.Register.Counts(t.Context()); err != nil || counts[standing.Expelled] != 1 || counts[standing.Good] != 0 {
		t.Errorf("counts %v, %v", counts, err)
	}
	history, err := b.Register.History(t.Context(), "0042", b.Now())
	if err != nil || len(history) < 2 || history[len(history)-1].Status != standing.Expelled {
		t.Errorf("history %+v, %v", history, err)
	}
}

func expel(b *webtest.Body, number string) {
	done := b.DoAs("officer-1", discipline.Record{
		Member: number, Sanction: discipline.Expulsion, Findings: []string{"1=Customers’ records were sold."},
		Decided: act.On(2026, 3, 20), Served: act.On(2026, 3, 23), ServiceProof: "by courier", AppealClosed: act.On(2026, 5, 1), Text: "The panel was unanimous.",
	})
	b.DoAs("officer-2", discipline.Confirm{Order: strings.TrimPrefix(done.Stream, "order/")})
}

func TestADomainThatChangesHandsBelongsToItsNewHolder(t *testing.T) {
	b := small(t)
	b.Do(membership.RemoveDomain{Member: "0042", Domain: "cobaltridge.example"})
	b.Do(membership.AddDomain{Member: "0044", Domain: "cobaltridge.example"})
	if number, _, err := b.Register.ByDomain(t.Context(), "cobaltridge.example"); !errors.Is(err, view.ErrNotFound) {
		t.Errorf("merely added, it is %s's already: %v", number, err)
	}
	b.Do(membership.ProveDomain{Member: "0044", Domain: "cobaltridge.example", How: "dns"})
	b.Do(membership.Rename{Member: "0042", Name: "Cobalt Ridge Limited"})
	number, domain, err := b.Register.ByDomain(t.Context(), "www.cobaltridge.example")
	if err != nil || number != "0044" || domain != "cobaltridge.example" {
		t.Errorf("%s, %s, %v", number, domain, err)
	}
	m, err := b.Register.Member(t.Context(), "0042")
	if err != nil || len(m.Domains) != 0 {
		t.Errorf("the one before still has %v, %v", m.Domains, err)
	}
}

func TestADomainThatIsMerelyAddedAnswersNothing(t *testing.T) {
	b := small(t)
	b.Do(membership.AddDomain{Member: "0042", Domain: "bigbank.example"})
	if number, err := b.Register.Exactly(t.Context(), "bigbank.example"); !errors.Is(err, view.ErrNotFound) {
		t.Errorf("it means %s: %v", number, err)
	}
	if list, err := b.Register.Search(t.Context(), view.Query{Q: "bigbank", At: b.Now()}); err != nil || len(list.Members) != 0 {
		t.Errorf("it finds %v, %v", names(list), err)
	}
	if m, err := b.Register.Member(t.Context(), "0042"); err != nil || len(m.Domains) != 1 {
		t.Errorf("the member has %v, %v", m.Domains, err)
	}
	// The bank itself is not kept out, and what the other one does about the domain does not touch it.
	b.Do(membership.Enrol{Number: "0050", Name: "Big Bank", Domains: []string{"bigbank.example"}, Admitted: act.On(2026, 3, 1)})
	b.Do(membership.Renew{Member: "0042", Representative: act.NewPersonal("", "Ada Pine"), Capacity: "director", Declaration: true})
	b.Do(membership.RemoveDomain{Member: "0042", Domain: "bigbank.example"})
	if number, err := b.Register.Exactly(t.Context(), "www.bigbank.example"); err != nil || number != "0050" {
		t.Errorf("it means %q: %v", number, err)
	}
}

func TestTheEndOfADomainsProofFallsDue(t *testing.T) {
	b := small(t)
	said := func() standing.Stated {
		t.Helper()
		state, _, err := b.Record.State(t.Context(), "standing/0044")
		if err != nil {
			t.Fatal(err)
		}
		return state.(standing.Statements).Last
	}
	b.Pass(200 * 24 * time.Hour)
	if before := said(); before.Status != standing.Lapsed || !slices.Equal(before.Domains, []string{"aepfel.example"}) {
		t.Fatalf("before: %+v", before)
	}
	b.Pass(220 * 24 * time.Hour) // its standing stays what it was; the proof on paper ran out
	if after := said(); after.Status != standing.Lapsed || len(after.Domains) != 0 {
		t.Errorf("after: %+v", after)
	}
	if number, _, err := b.Register.ByDomain(t.Context(), "aepfel.example"); !errors.Is(err, view.ErrNotFound) {
		t.Errorf("the register still knows %q by it: %v", number, err)
	}
	b.Do(membership.ProveDomain{Member: "0044", Domain: "aepfel.example", How: "dns"})
	if number, _, err := b.Register.ByDomain(t.Context(), "aepfel.example"); err != nil || number != "0044" {
		t.Errorf("proven anew, it is %q's: %v", number, err)
	}
}

func TestARestartDoesNotBringAnExpiredProofBack(t *testing.T) {
	b := small(t)
	b.Pass(420 * 24 * time.Hour) // the proofs on paper ran out
	b.Do(governance.SetHolidays{Year: 2028, Holidays: []string{"2028-12-25"}})
	// What a process knows of the time before it projected anything.
	fresh := &view.Projection{Facts: b.Projection.Facts, ProofUntil: b.Projection.ProofUntil}
	err := b.Record.Upkeep(t.Context(), func(tx record.Tx, w act.World) error {
		looked, err := fresh.Redraw(tx, w, b.Now())
		if looked == 0 {
			t.Error("nobody was looked at")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if number, _, err := b.Register.ByDomain(t.Context(), "aepfel.example"); !errors.Is(err, view.ErrNotFound) {
		t.Errorf("the register knows %q by it again: %v", number, err)
	}
}
