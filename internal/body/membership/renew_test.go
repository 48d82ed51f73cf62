package membership

import "testing"

func TestAMembershipIsRenewed(t *testing.T) {
	renewed := Renewed{
		Member: "0042", Version: "2026.1", SHA256: "bb", Representative: ada.OwnedBy("person/0042-3"), Capacity: "director",
		Person: 3, Domains: []string{"cobaltridge.example"}, At: noon("2026-12-01"),
	}
	cmd := Renew{"0042", ada, "director", true}
	asking(t, known()).Given(applied, admitted, signed).When(cmd, on("2026-12-01")).Then(renewed)
	asking(t, known()).Given(applied, admitted, signed, renewed).When(cmd, on("2026-12-01")).Nothing()
}

func TestWhoRenewsHasSignedTheVersionInForce(t *testing.T) {
	cmd := Renew{"0042", ada, "director", true}
	asking(t, known()).Given(applied, admitted).When(cmd).Refused(renewsCurrent)
	asking(t, known()).Given(applied, admitted, signed).When(cmd, on("2027-02-01")).Refused(renewsCurrent)
	asking(t, known()).When(cmd).Refused(isMember)
}

func TestWhoRenewsDeclares(t *testing.T) {
	asking(t, known()).Given(applied, admitted, signed).When(Renew{"0042", ada, "director", false}).Refused(declares)
	asking(t, known()).Given(applied, admitted, signed).When(Renew{"0042", ada, "", true}).Refused(representativeNamed)
}
