package webtest

import (
	"io/fs"
	"log/slog"
	"maps"
	"slices"
	"testing"

	"github.com/jba/templatecheck"

	"shingle/internal/web/ui"
)

// Fitting checks the pages of a face against what they show. A page of which nobody says what it shows fails the
// test, and so does one that there is not.
func Fitting(t *testing.T, pages *ui.Pages, shown map[string]ui.Page) {
	t.Helper()
	if got, want := pages.Names(), slices.Sorted(maps.Keys(shown)); !slices.Equal(got, want) {
		t.Fatalf("the pages are %v, and it is said what %v show", got, want)
	}
	for name, page := range shown {
		if err := templatecheck.CheckHTML(pages.Template(name), page); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FittingDesk does so for a face whose pages stand beside those that all desks share.
func FittingDesk(t *testing.T, files fs.FS, shown map[string]ui.Page) {
	t.Helper()
	all := ui.DeskPages()
	maps.Copy(all, shown)
	Fitting(t, ui.ParseDesk(files, slog.New(slog.DiscardHandler)), all)
}
