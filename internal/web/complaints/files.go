package complaints

import (
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/exhibit"
	"shingle/internal/record"
	"shingle/internal/web/ui"
)

// sendings bounds how often files are taken of one case, and all that is held of its complainant is put together.
var sendings = account.Limit{Name: "complaint-file", Most: 40, In: time.Hour}

// fileAbout is where the form for files stands in the page of a case.
const fileAbout = "file"

// sent answers what is posted below the page of a case: a file, or the wish for a copy.
func (x *Complaints) sent(v *caseVisit) error {
	switch v.r.PathValue("what") {
	case "files":
		return x.handIn(v)
	case "copy":
		return x.copied(v)
	}
	return x.missing(v.visit)
}

// handIn takes a file. It is looked at, cleaned and sealed under the key of the case at once; what makes it part of the
// case is the act that follows, and where that is refused the file goes.
func (x *Complaints) handIn(v *caseVisit) error {
	ctx := v.r.Context()
	if err := x.Attempt(ctx, sendings, v.stream); err != nil {
		return err
	}
	var what, key string
	var taken ui.Exhibit
	err := ui.Uploaded(v.r, func(sent url.Values, name string, file io.Reader) (err error) {
		what, _ = shortened(strings.TrimSpace(sent.Get("what")), most("what"))
		if key = sent.Get("_key"); !act.OneLine(key, 1, 100) {
			key = rand.Text()
		}
		taken, err = x.Exhibits.Take(ctx, v.stream, name, file)
		return err
	})
	var refused *exhibit.Refused
	switch {
	case errors.Is(err, ui.ErrNoFile):
		return x.notTaken(v, http.StatusUnprocessableEntity, "No file came with the form, or it did not come whole. Choose a file and send it again.", nil)
	case errors.As(err, &refused):
		return x.notTaken(v, http.StatusUnprocessableEntity, sentence(refused.Why)+" Nothing was kept: "+refused.Cure+".", nil)
	case err != nil:
		return err
	}
	label := taken.Name
	if what != "" {
		label += ": " + what
	}
	cmd := cases.HandIn{Case: v.c.ID, Receipt: v.receipt(), Object: taken.Object, SHA256: taken.SHA256, What: act.NewPrivate("", label)}
	_, err = x.Counter.Ask(ctx, anyone, ui.Asked{Command: cmd, Key: "complainant-" + key, Expect: -1})
	if err != nil {
		if dropped := x.Exhibits.Drop(ctx, v.stream, taken.Object); dropped != nil {
			return errors.Join(err, dropped)
		}
	}
	refusal, no := act.Refused(err)
	switch {
	case errors.Is(err, record.ErrKeyReused): // the button was pressed twice
		v.to(Case(v.c.ID))
		return nil
	case no:
		return x.notTaken(v, http.StatusUnprocessableEntity, "", refusal)
	case err != nil:
		return err
	}
	state, _, err := x.Counter.Record.State(ctx, v.stream)
	if err != nil {
		return err
	}
	v.c, _ = state.(cases.Case)
	return x.showCase(v, http.StatusOK, casePage{Said: "The file was handed in.", Notes: taken.Notes})
}

// notTaken shows the page again with why a file was not taken.
func (x *Complaints) notTaken(v *caseVisit, status int, why string, refusal *act.Refusal) error {
	p := casePage{Typed: map[string]string{}}
	if refusal == nil {
		p.Wrong = []ui.Fault{{Text: why, Field: fileAbout}}
	} else {
		for _, one := range refusal.All() {
			rule := one.Rule
			p.Wrong = append(p.Wrong, ui.Fault{Text: sentence(one.Detail), Rule: &rule})
		}
	}
	return x.showCase(v, status, p)
}

// file hands out a file that the complainant handed in.
func (x *Complaints) file(v *caseVisit) error {
	if err := x.Attempt(v.r.Context(), readings, v.stream); err != nil {
		return err
	}
	f, of, err := x.Exhibits.Open(v.r.Context(), anyone, v.stream, v.r.PathValue("object"), "the complainant looks at what they handed in")
	if errors.Is(err, ui.ErrNoExhibit) {
		return x.missing(v.visit)
	} else if err != nil {
		return err
	}
	ui.SendExhibit(v.w, f, of)
	return nil
}

// copied hands the complainant all that is held of them in the case.
func (x *Complaints) copied(v *caseVisit) error {
	if err := x.Attempt(v.r.Context(), sendings, v.stream); err != nil {
		return err
	}
	return ui.SendMade(v.w, "case-"+v.c.ID+".zip", "application/zip", func(w io.Writer) error {
		return x.Exhibits.Subject(v.r.Context(), anyone, v.c.ID, "complainant", w)
	})
}
