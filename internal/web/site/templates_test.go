package site

import (
	"log/slog"
	"slices"
	"testing"

	"github.com/jba/templatecheck"

	"shingle/internal/web/ui"
)

// shown says what each page shows. A page without a line here fails the test.
var shown = map[string]ui.Page{
	"alert":    alertPage{},
	"clock":    clockPage{},
	"code":     codePage{},
	"frame":    framePage{},
	"home":     homePage{},
	"launch":   homePage{},
	"leaf":     leafPage{},
	"log":      logPage{},
	"member":   memberPage{},
	"notice":   noticePage{},
	"notices":  noticesPage{},
	"problem":  ui.ProblemPage(),
	"redline":  redlinePage{},
	"register": registerPage{},
	"why":      whyPage{},
}

func TestPagesFitWhatTheyShow(t *testing.T) {
	pages := ui.Parse(pageFiles, slog.New(slog.DiscardHandler))
	for _, name := range pages.Names() {
		data, ok := shown[name]
		if !ok {
			t.Errorf("nobody says what the page %s shows", name)
			continue
		}
		if err := templatecheck.CheckHTML(pages.Template(name), data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name := range shown {
		if !slices.Contains(pages.Names(), name) {
			t.Errorf("there is no page %s", name)
		}
	}
}
