package membership

import "testing"

// TestWhoSignsInTheirOwnNameOwnsTheirName has an application, a subscription and a renewal asked for by a person
// who signed in, and entered by an officer.
func TestWhoSignsInTheirOwnNameOwnsTheirName(t *testing.T) {
	own := known()
	own.Signer = Signer{Stream: "person/0007", Known: true}
	for _, c := range []struct {
		facts Facts
		owner string
		n     int
	}{{own, "person/0007", 0}, {known(), "person/0042-2", 2}} {
		events := asking(t, c.facts).Given(applied, admitted).When(Subscribe{"0042", "2026.1", "bb", ada, "director"}, on("2026-02-02")).Events()
		if e := events[0].(Subscribed); e.Representative.Owner != c.owner || e.Representative.Text() != "Ada Pine" || e.Person != c.n {
			t.Errorf("signed by %q, the %d.", e.Representative.Owner, e.Person)
		}
	}
	signedByOne := signed
	signedByOne.Person = 0
	events := asking(t, own).Given(applied, admitted, signedByOne).When(Renew{"0042", ada, "director", true}, on("2026-12-02")).Events()
	if e := events[0].(Renewed); e.Representative.Owner != "person/0007" || e.Person != 0 {
		t.Errorf("renewed by %q, the %d.", e.Representative.Owner, e.Person)
	}
	events = asking(t, own).When(Apply{Name: "Pine IT", TradingNames: []string{"Pine"}, SoleTrader: true, ContactName: ada}, on("2026-01-10")).Events()
	if e := events[0].(Applied); e.ContactName.Owner != "person/0007" || e.LegalName.Owner != "person/0007" || e.DeclaredSanctions.Owner != "member/0042" {
		t.Errorf("applied for by %q and %q", e.ContactName.Owner, e.LegalName.Owner)
	}
}

func TestOnlyWhoIsKnownSigns(t *testing.T) {
	gone := known()
	gone.Signer = Signer{Stream: "person/0007"}
	asking(t, gone).Given(applied, admitted).When(Subscribe{"0042", "2026.1", "bb", ada, "director"}, on("2026-02-02")).Refused(signerKnown)
	asking(t, gone).Given(applied, admitted, signed).When(Renew{"0042", ada, "director", true}, on("2026-12-02")).Refused(signerKnown)
	asking(t, gone).When(Apply{Name: "Pine IT"}).Refused(signerKnown)
}
