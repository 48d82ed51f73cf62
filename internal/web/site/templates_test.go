package site

import (
	"log/slog"
	"testing"

	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// shown says what each page shows. A page without a line here fails the test.
var shown = map[string]ui.Page{
	"accountability": accountabilityPage{},
	"alert":          alertPage{},
	"certificate":    certificatePage{},
	"clock":          clockPage{},
	"code":           codePage{},
	"course":         coursePage{},
	"courses":        coursesPage{},
	"frame":          framePage{},
	"home":           homePage{},
	"launch":         homePage{},
	"leaf":           leafPage{},
	"log":            logPage{},
	"member":         memberPage{},
	"notice":         noticePage{},
	"notices":        noticesPage{},
	"problem":        ui.ProblemPage(),
	"redline":        redlinePage{},
	"register":       registerPage{},
	"warnings":       warningsPage{},
	"why":            whyPage{},
}

func TestPagesFitWhatTheyShow(t *testing.T) {
	webtest.Fitting(t, ui.Parse(pageFiles, slog.New(slog.DiscardHandler)), shown)
}
