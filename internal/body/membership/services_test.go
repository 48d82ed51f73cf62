package membership

import (
	"strings"
	"testing"
)

func TestServicesAreSet(t *testing.T) {
	set := ServicesSet{Member: "0042", Services: []string{"cloud", "voice"}, At: noon("2026-03-01")}
	cmd := SetServices{"0042", []string{"cloud", " voice ", "cloud", ""}}
	asking(t, known()).Given(applied, admitted).When(cmd, on("2026-03-01")).Then(set)
	asking(t, known()).Given(applied, admitted, set).When(cmd).Nothing()
	asking(t, known()).Given(applied, admitted).When(SetServices{"0042", []string{strings.Repeat("x", 501)}}).Refused(plainNames)
	asking(t, known()).When(cmd).Refused(isMember)
}
