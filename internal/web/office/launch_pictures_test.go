package office

import (
	"net/http/httptest"
	"testing"
	"time"

	"shingle/internal/web/webtest"
)

func TestLaunchIsAccessibleOnEveryScreen(t *testing.T) {
	s := startUp(t, webtest.SQLite)
	s.EnrolExample(40, s.today(), s.today().AddDays(300))
	server := httptest.NewServer(webtest.As(registrar, s))
	defer server.Close()
	presidents := httptest.NewServer(webtest.As(president, s))
	defer presidents.Close()
	browser := webtest.Open(t)
	for _, screen := range []webtest.Screen{webtest.Desk, webtest.PhoneDark} {
		for what, address := range map[string]string{
			"launch": server.URL + "/office/launch", "none found": server.URL + "/office/launch?q=quux", "preview": server.URL + "/office/launch/send/invite", "nobody": server.URL + "/office/launch/send/renew",
			"progress": server.URL + "/office/launch/run", "publish": presidents.URL + "/office/launch/open", "the president's": presidents.URL + "/office/launch",
		} {
			browser.Visit(address, screen)
			browser.FitsWidth(what + " " + screen.String())
			browser.Accessible(what + " " + screen.String())
		}
		// The second time there is something to be seen of it.
		s.sends(t, "invite")
		s.Pass(15 * 24 * time.Hour)
	}
}
