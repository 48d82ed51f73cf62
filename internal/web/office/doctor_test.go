package office

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// onMachine serves the office of a machine on which that was found.
func onMachine(b *webtest.Body, found []Finding, err error) http.Handler {
	o := &Office{Desk: b.Desk(), Register: b.Register, Standing: b.Standing, Examine: func(context.Context) ([]Finding, error) { return found, err }}
	mux := http.NewServeMux()
	o.Routes(mux)
	return ui.Secure(mux)
}

func TestTheDoctorShowsWhatIsWrongFirst(t *testing.T) {
	b := founded(t, 3)
	found := []Finding{
		{"disk", "fine", "40000 MiB of 250000 are free", ""},
		{"keys", "look", "they are here and fit, and were never backed up", "shingle vault backup FILE"},
		{"mail", "wrong", "of the last week's letters 2 wait <b>", "serve body --smtp …"},
		{"something new", "fine", "it is so", ""},
	}
	page := webtest.Get(t, webtest.As(administrator, onMachine(b, found, nil)), "/office/doctor").Is(200)
	if got := page.All("tbody th"); !slices.Equal(got, []string{"Letters", "Keys", "Disk", "something new"}) {
		t.Errorf("the order is %q", got)
	}
	page.Has("p.lead", "One thing is wrong.").Has("tbody tr td.long", "2 wait <b>").Has("tbody span.overdue", "wrong")
	page = webtest.Get(t, webtest.As(administrator, onMachine(b, found[:2], nil)), "/office/doctor").Is(200)
	page.Has("p.lead", "Nothing is wrong. One thing is worth a look.")
	webtest.Get(t, webtest.As(administrator, onMachine(b, found[:1], nil)), "/office/doctor").Is(200).Has("p.lead", "All is well.")
	for _, who := range []ui.Who{registrar, president, chair, auditor} {
		if page := webtest.Get(t, webtest.As(who, onMachine(b, found, nil)), "/office/doctor").Is(403); strings.Contains(page.Text, "never backed up") {
			t.Errorf("%s reads how the machine is", who.Role)
		}
	}
	page = webtest.Get(t, webtest.As(administrator, onMachine(b, nil, errors.New("no such secret file"))), "/office/doctor").Is(500)
	if strings.Contains(page.Text, "no such secret") {
		t.Error("a fault is shown as it is")
	}
}
