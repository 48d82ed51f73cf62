package app_test

import (
	"os"
	"path/filepath"
	"testing"

	"shingle/internal/web/webtest"
)

// pictures are those of the documentation: who looks at which page, on which screen.
var pictures = []struct {
	name, role, path string // role is "" for somebody who is not signed in
	screen           webtest.Screen
}{
	{"home", "", "/", webtest.Desk},
	{"member", "", "/register/0042", webtest.Desk},
	{"register", "", "/register?status=suspended", webtest.DeskDark},
	{"expelled", "", "/register/0202", webtest.Phone},
	{"apply", "", "/apply", webtest.Desk},
	{"sign-in", "", "/sign-in", webtest.PhoneDark},
	{"office", "registrar", "/office", webtest.Desk},
	{"office-members", "registrar", "/office/members", webtest.DeskDark},
	{"office-member", "registrar", "/office/members/0048", webtest.Desk},
	{"office-application", "registrar", "/office/applications/0332", webtest.Desk},
	{"office-phone", "registrar", "/office", webtest.PhoneDark},
	{"office-record", "auditor", "/office/record?subject=member%2F0042&kind=member.attested", webtest.DeskDark},
	{"office-launch", "registrar", "/office/launch", webtest.Desk},
	{"portal", "representative", "/portal", webtest.Desk},
	{"portal-seal", "representative", "/portal/seal", webtest.DeskDark},
	{"portal-phone", "representative", "/portal", webtest.Phone},
}

// TestScreenshots takes the pictures of the documentation into the folder that SHINGLE_SCREENSHOTS names, or, to
// see that they can be taken, into a temporary one.
func TestScreenshots(t *testing.T) {
	folder := os.Getenv("SHINGLE_SCREENSHOTS")
	if folder == "" {
		folder = t.TempDir()
	}
	must(t, os.MkdirAll(folder, 0o755))
	v := demo(t)
	browsers := map[string]*webtest.Browser{"": webtest.Open(t)}
	for _, p := range pictures {
		if browsers[p.role] == nil {
			browsers[p.role], _ = v.signedIn(p.role)
		}
		b := browsers[p.role]
		b.Visit(v.guest().web+p.path, p.screen)
		b.FitsWidth(p.name)
		must(t, os.WriteFile(filepath.Join(folder, p.name+".png"), webtest.Small(t, b.Picture(false)), 0o644))
	}
}
