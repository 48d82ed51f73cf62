package membership

import "testing"

func merging() Facts {
	f := known()
	f.Into, f.OpenCharges = Other{Current: true}, []string{"2026-0001"}
	return f
}

func TestAMemberMergesIntoAnother(t *testing.T) {
	merged := Merged{
		Member: "0042", Into: "0043", Domains: []string{"cobaltridge.example"}, OpenCharges: []string{"2026-0001"},
		Left: noon("2026-06-01"), At: noon("2026-06-01"),
	}
	cmd := Merge{Member: "0042", Into: "0043"}
	asking(t, merging()).Given(applied, admitted).When(cmd, on("2026-06-01")).Then(merged)
	asking(t, merging()).Given(applied, admitted, merged).When(cmd, on("2026-06-02")).Nothing()
	if claims := merged.Claims(); len(claims) != 1 || !claims[0].Release {
		t.Errorf("claims %v", claims)
	}
}

func TestItMergesIntoAnotherMember(t *testing.T) {
	asking(t, merging()).Given(applied, admitted).When(Merge{Member: "0042", Into: "0042"}).Refused(mergesIntoMember)
	asking(t, known()).Given(applied, admitted).When(Merge{Member: "0042", Into: "0043"}).Refused(mergesIntoMember)
	asking(t, merging()).When(Merge{Member: "0042", Into: "0043"}).Refused(isMember)
	asking(t, merging()).Given(applied, admitted).When(Merge{"0042", "0043", date("2026-06-02")}, on("2026-06-01")).Refused(dayPlausible)
}

func TestNobodyShedsAnOrderByMerging(t *testing.T) {
	f := merging()
	f.UnderOrder = true
	asking(t, f).Given(applied, admitted).When(Merge{Member: "0042", Into: "0043"}).Refused(noPhoenix)
}
