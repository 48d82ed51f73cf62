package membership

import "testing"

func signing() Subscribe { return Subscribe{"0042", "2026.1", "BB", ada, "director"} }

func TestAMemberSignsOneExactText(t *testing.T) {
	want := signed
	want.Representative = ada.OwnedBy("person/0042-2")
	asking(t, known()).Given(applied, admitted).When(signing(), on("2026-02-02")).Then(want)
	asking(t, known()).Given(applied, admitted, signed).When(signing(), on("2026-03-02")).Nothing()
}

func TestATextToComeMayBeSigned(t *testing.T) {
	cmd := Subscribe{"0042", "2027.1", "cc", ada, "director"}
	asking(t, known()).Given(applied, admitted, signed).When(cmd, on("2026-06-02")).Events()
	asking(t, known()).Given(applied, admitted, signed).When(cmd, on("2026-04-30")).Refused(textAdopted) // not adopted yet
}

func TestWhoSignsATextToComeHasSignedThePresentOneStill(t *testing.T) {
	ahead := Subscribed{Member: "0042", Version: "2027.1", SHA256: "cc", Capacity: "director", Person: 3, SignedAt: noon("2026-06-02"), At: noon("2026-06-02")}
	asking(t, known()).Given(applied, admitted, signed, ahead).When(signing(), on("2026-07-02")).Nothing()
	asking(t, known()).Given(applied, admitted, signed, ahead).When(Renew{"0042", ada, "director", true}, on("2026-12-01")).Events()
	asking(t, known()).Given(applied, admitted, ahead).When(Renew{"0042", ada, "director", true}, on("2026-12-01")).Refused(renewsCurrent)
	asking(t, known()).Given(applied, admitted, ahead).When(signing(), on("2026-07-02")).Events()
}

func TestWhatIsSignedIsAdoptedExactAndCurrent(t *testing.T) {
	cmd := signing()
	cmd.Version = "1999"
	asking(t, known()).Given(applied, admitted).When(cmd).Refused(textAdopted)
	cmd = signing()
	cmd.SHA256 = "aa"
	asking(t, known()).Given(applied, admitted).When(cmd).Refused(textExact)
	asking(t, known()).Given(applied, admitted).When(Subscribe{"0042", "2025.1", "aa", ada, "director"}).Refused(textCurrent)
}

func TestSomebodyWhoBindsTheCompanySigns(t *testing.T) {
	cmd := signing()
	cmd.Capacity = ""
	asking(t, known()).Given(applied, admitted).When(cmd).Refused(representativeNamed)
}

func TestOnlyAMemberSigns(t *testing.T) {
	asking(t, known()).When(signing()).Refused(isMember)
	asking(t, known()).Given(applied).When(signing()).Refused(isMember)
	asking(t, known()).Given(applied, admitted, gone).When(signing()).Refused(isMember)
	expelled := known()
	expelled.Expelled = true
	asking(t, expelled).Given(applied, admitted).When(signing()).Refused(isMember)
}
