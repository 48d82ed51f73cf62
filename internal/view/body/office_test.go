package body_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	view "shingle/internal/view/body"
	"shingle/internal/web/webtest"
)

func TestTheOfficesListsOnPostgreSQL(t *testing.T) {
	store = webtest.PostgreSQL
	defer func() { store = webtest.SQLite }()
	for what, test := range map[string]func(*testing.T){
		"members are found by what they signed and owe": TestMembersAreFoundByWhatTheySignedAndOwe,
		"particulars of members and applicants":         TestParticularsOfMembersAndApplicants,
		"orders are listed by their stage":              TestOrdersAreListedByTheirStage,
	} {
		t.Run(what, test)
	}
}

func numbersOf(list view.List) (all []string) {
	for _, m := range list.Members {
		all = append(all, m.Number)
	}
	return all
}

func TestMembersAreFoundByWhatTheySignedAndOwe(t *testing.T) {
	b := small(t)
	expect := func(q view.Query, want ...string) {
		t.Helper()
		q.At, q.Sort = b.Now(), "number"
		list, err := b.Register.Search(t.Context(), q)
		if got := numbersOf(list); err != nil || !slices.Equal(got, want) || int(list.Total) != len(want) {
			t.Errorf("found %v of %d, %v; want %v", got, list.Total, err, want)
		}
	}
	expect(view.Query{Version: "2026.1"}, "0042", "0043")
	expect(view.Query{Version: view.NoVersion}, "0044")
	expect(view.Query{Version: "2025.9"})
	expect(view.Query{DueBefore: b.Now()})
	b.Pass(40 * 24 * time.Hour) // the dues of 0043 are overdue
	expect(view.Query{DueBefore: b.Now()}, "0043")
	expect(view.Query{DueBefore: b.Now(), Version: view.NoVersion})
	expect(view.Query{DueFrom: b.Now(), DueBefore: b.Now().AddDate(2, 0, 0), Q: "cobalt"}, "0042")
	b.Do(membership.RecordDues{Member: "0043", PaidThrough: act.On(2027, 3, 31)})
	expect(view.Query{DueBefore: b.Now()})
	dues, err := b.Register.DutiesOf(t.Context(), []standing.DutyKind{standing.DutyDues}, time.Time{}, time.Time{}, 10)
	if err != nil || len(dues) != 3 || dues[0].Kind != standing.DutyDues || dues[2].Member != "0043" {
		t.Errorf("dues: %v, %v", dues, err)
	}
	if n, err := b.Register.CountDuties(t.Context(), time.Time{}, time.Time{}, 2, standing.DutyDues); err != nil || n != 2 {
		t.Errorf("counted %d, %v", n, err)
	}

	// A newer text, once it is signed, takes the place of the older.
	b.AdoptExample("2026.2", act.On(2026, 6, 1))
	text, err := b.Register.Version(t.Context(), "2026.2")
	if err != nil {
		t.Fatal(err)
	}
	b.Do(membership.Subscribe{Member: "0044", Version: "2026.2", SHA256: text.SHA256, Representative: act.NewPersonal("", "Uwe Kern"), Capacity: "director"})
	expect(view.Query{Version: view.NoVersion})
	expect(view.Query{Version: "2026.2"}, "0044")
	f, err := b.Register.Facets(t.Context())
	if err != nil || len(f.Versions) != 2 || f.Versions[0].N != 2 || f.Versions[1].N != 1 {
		t.Errorf("the versions are %+v, %v", f.Versions, err)
	}
}

func TestParticularsOfMembersAndApplicants(t *testing.T) {
	b := small(t)
	done := b.Do(membership.Apply{
		Name: "Newcomer", Domains: []string{"newcomer.example"}, Address: "1 Street", Place: "Galway", Country: "Ireland", Services: []string{"cloud"},
		ContactName: act.NewPersonal("", "Nora New"), ContactEmail: act.NewPersonal("", "nora@newcomer.example"), DeclaredSanctions: act.NewPrivate("", "None."),
	})
	number := strings.TrimPrefix(done.Stream, "member/")
	all, err := b.Register.Particulars(t.Context(), []string{"0042", number, "0042", "0044", "9999"})
	if err != nil || len(all) != 3 {
		t.Fatal(all, err)
	}
	m := all["0042"]
	if m.Name != "Cobalt Ridge IT" || m.Code.Version != "2026.1" || m.ContactName != "Ada Pine" || m.NextDue.IsZero() || m.Admitted.IsZero() {
		t.Errorf("%+v", m)
	}
	owed, err := b.Register.Duties(t.Context(), "0042")
	if err != nil || !owed[0].Due.Equal(m.NextDue) {
		t.Errorf("it owes next on %v, and by its duties on %v, %v", m.NextDue, owed[0].Due, err)
	}
	if a := all[number]; a.Name != "Newcomer" || a.ContactEmail != "nora@newcomer.example" || a.Code.Version != "" || !a.NextDue.IsZero() {
		t.Errorf("%+v", a)
	}
	if all, err := b.Register.Particulars(t.Context(), nil); err != nil || len(all) != 0 {
		t.Error(all, err)
	}
}

func TestOrdersAreListedByTheirStage(t *testing.T) {
	b := small(t)
	b.Pass(5 * 24 * time.Hour)
	expect := func(stage discipline.Stage, want ...string) {
		t.Helper()
		page, next, err := b.Register.OrdersAt(t.Context(), stage, b.Now(), 10, "")
		var got []string
		for _, o := range page {
			got = append(got, o.ID)
		}
		if err != nil || next != "" || !slices.Equal(got, want) {
			t.Errorf("%s on %s: %v, %q, %v; want %v", stage, b.Now().Format(time.DateOnly), got, next, err, want)
		}
	}
	expect(discipline.InForce)
	interim := strings.TrimPrefix(b.DoAs("officer-1", discipline.Impose{
		Member: "0042", Provisions: []string{"1"}, Reason: act.NewPrivate("", "threat"), Heard: act.NewPrivate("", "nothing"), Notified: began.Add(time.Hour),
		Until: act.On(2026, 9, 1),
	}).Stream, "order/")
	expect(discipline.InForce, interim)
	orders, err := b.Register.OrdersOf(t.Context(), "0042")
	if err != nil || len(orders) != 1 || !orders[0].Interim || orders[0].Sanction != discipline.Suspension || orders[0].Stayed || orders[0].Until.IsZero() || !slices.Equal(orders[0].Provisions, []string{"1"}) {
		t.Fatalf("%+v, %v", orders, err)
	}
	b.DoAs("officer-1", discipline.Stay{Order: interim, Court: "District Court", Reference: "12 C 3"})
	if orders, err := b.Register.OrdersOf(t.Context(), "0042"); err != nil || !orders[0].Stayed {
		t.Errorf("%+v, %v", orders, err)
	}
	b.Pass(100 * 24 * time.Hour) // its review was missed: it ended by itself
	expect(discipline.InForce)
	if orders, err := b.Register.OrdersOf(t.Context(), "0042"); err != nil || !orders[0].Over(b.Now()) {
		t.Errorf("%+v, %v", orders, err)
	}
	if orders, err := b.Register.OrdersOf(t.Context(), "0043"); err != nil || len(orders) != 0 {
		t.Errorf("%+v, %v", orders, err)
	}
}
