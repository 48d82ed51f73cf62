package membership

import (
	"encoding/json"
	"strings"
	"testing"

	"shingle/internal/act"
)

func TestWhoTradesAloneIsKnownUnderTheTradingName(t *testing.T) {
	cmd := roster()
	cmd.Name, cmd.TradingNames, cmd.SoleTrader = "Ada Pine", []string{"Pine Networks", "Pine IT"}, true
	want := taken()
	e := want[0].(Enrolled)
	e.Name, e.TradingNames, e.SoleTrader, e.LegalName = "Pine Networks", []string{"Pine IT"}, true, act.NewPersonal("person/0042-1", "Ada Pine")
	want[0] = e
	asking(t, known()).When(cmd, on("2026-02-01")).Then(want...)
	asking(t, known()).Given(want...).When(cmd, on("2026-08-01")).Nothing()
	cmd.SoleTrader = false
	asking(t, known()).Given(want...).When(cmd, on("2026-08-01")).Refused(numberFree)

	said, err := act.Fingerprint(e)
	if err != nil || strings.Contains(string(said), "Ada") || !json.Valid(said) {
		t.Errorf("the record says %s: %v", said, err)
	}
	applied := asking(t, known()).When(Apply{Name: "Ada Pine", TradingNames: []string{"Pine Networks"}, SoleTrader: true}).Events()[0].(Applied)
	if applied.Name != "Pine Networks" || len(applied.TradingNames) > 0 || applied.LegalName.Text() != "Ada Pine" || applied.LegalName.Owner != "person/0042-1" {
		t.Errorf("applied %+v", applied)
	}
}

func TestWhoTradesAloneHasATradingName(t *testing.T) {
	asking(t, known()).When(Apply{Name: "Ada Pine", SoleTrader: true}).Refused(tradesUnderName)
	cmd := roster()
	cmd.SoleTrader = true
	asking(t, known()).When(cmd, on("2026-02-01")).Refused(tradesUnderName)
}
