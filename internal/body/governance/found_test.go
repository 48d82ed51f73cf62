package governance

import (
	"strings"
	"testing"

	"shingle/internal/act"
)

func demoBody() Found {
	return Found{Name: "The Demo Body", Zone: "Europe/Dublin", Web: "demo.example"}
}

func TestABodyIsFounded(t *testing.T) {
	cmd := demoBody()
	cmd.Web, cmd.Holidays = "Demo.Example", []string{"2026-12-26", "2026-12-25", "2026-12-25"}
	want := founding
	want.Holidays = []act.Date{date("2026-12-25"), date("2026-12-26")}
	asking(t).When(cmd, on("2026-01-10")).Then(want)
}

func TestABodyIsFoundedOnce(t *testing.T) {
	asking(t).Given(founding).When(demoBody()).Refused(foundedOnce)
}

func TestABodyHasAName(t *testing.T) {
	for _, name := range []string{"", "  ", "a\nb", strings.Repeat("x", 201), "\xff"} {
		cmd := demoBody()
		cmd.Name = name
		asking(t).When(cmd).Refused(bodyNamed)
	}
}

func TestItsZoneIsKnown(t *testing.T) {
	for _, zone := range []string{"", "Local", "Mars/Olympus", "../etc"} {
		cmd := demoBody()
		cmd.Zone = zone
		asking(t).When(cmd).Refused(zoneKnown)
	}
}

func TestItsWebSiteIsAHost(t *testing.T) {
	for _, web := range []string{"", "https://demo.example", "demo.example/", "-a.example", "a..example", "demo example", "demo.example:x"} {
		cmd := demoBody()
		cmd.Web = web
		asking(t).When(cmd).Refused(webIsHost)
	}
	cmd := demoBody()
	cmd.Web = "localhost:8080"
	asking(t).When(cmd).Events()
}

func TestItsHolidaysAreDates(t *testing.T) {
	cmd := demoBody()
	cmd.Holidays = []string{"Christmas"}
	asking(t).When(cmd).Refused(holidaysAreDates)
}
