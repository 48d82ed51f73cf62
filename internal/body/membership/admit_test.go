package membership

import "testing"

func TestACheckedApplicantIsAdmitted(t *testing.T) {
	asking(t, known()).Given(applied).Given(checked("2026-01-20")...).When(Admit{Member: "0042"}, on("2026-02-01")).Then(admitted)
	early := admitted
	early.Joined = date("2026-01-25").Start(known().Zone)
	asking(t, known()).Given(applied).Given(checked("2026-01-20")...).When(Admit{"0042", date("2026-01-25")}, on("2026-02-01")).Then(early)
}

func TestAdmissionMakesItsDomainsItsOwn(t *testing.T) {
	m := evolve(evolve(Member{}, applied), admitted)
	if want := (HeldDomain{"cobaltridge.example", noon("2026-02-01"), "paper"}); len(m.Domains) != 1 || m.Domains[0] != want {
		t.Errorf("domains %v", m.Domains)
	}
}

func TestNobodyIsAdmittedUnchecked(t *testing.T) {
	asking(t, known()).Given(applied).When(Admit{Member: "0042"}).Refused(checksPassed)
	asking(t, known()).Given(applied).Given(checked("2026-01-20", passed, "failed")...).When(Admit{Member: "0042"}).Refused(checksPassed)
	asking(t, known()).Given(applied).Given(checked("2026-01-20", passed, "failed")...).Given(checked("2026-01-25")...).
		When(Admit{Member: "0042"}).Events()
}

func TestAMemberIsAdmittedOnce(t *testing.T) {
	asking(t, known()).Given(applied, admitted).When(Admit{Member: "0042"}).Refused(admittedOnce)
	asking(t, known()).When(Admit{Member: "0042"}).Refused(awaitsDecision)
}

func TestNobodyIsAdmittedAhead(t *testing.T) {
	asking(t, known()).Given(applied).Given(checked("2026-01-20")...).When(Admit{"0042", date("2026-02-02")}, on("2026-02-01")).Refused(dayPlausible)
}

func TestADomainMayBeGoneByThen(t *testing.T) {
	f := known()
	f.Holders = map[string]string{"cobaltridge.example": "0007"}
	asking(t, f).Given(applied).Given(checked("2026-01-20")...).When(Admit{Member: "0042"}).Refused(domainFree)
}

func TestTheBarHoldsAtTheDoor(t *testing.T) {
	f := known()
	f.BarredUntil = noon("2028-01-01")
	asking(t, f).Given(applied).Given(checked("2026-01-20")...).When(Admit{Member: "0042"}).Refused(notBarred)
}
