package casefile_test

import (
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/custody"
	"shingle/internal/body/membership"
	"shingle/internal/exhibit"
	"shingle/internal/record"
	"shingle/internal/web/casefile"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

const receipt = "cedar otter violet 4711"

// room is a body with a case about member 0042, and its papers.
type room struct {
	*webtest.Court
	t     *testing.T
	id    string
	files *casefile.Files
	x     ui.Exhibits
}

func enter(t *testing.T) *room {
	t.Helper()
	b := webtest.Start(t, webtest.SQLite, "Society of Managed Service Providers", time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC))
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	day := act.On(2026, 3, 1)
	for _, n := range []string{"0042", "0043"} {
		b.Do(membership.Enrol{Number: n, Name: "Company " + n, Domains: []string{"c" + n + ".example"}, ContactName: act.NewPersonal("", "Ada Pine"), Admitted: day, Subscribed: day, PaidThrough: act.On(2027, 2, 28)})
	}
	b.Pass(10 * 24 * time.Hour)
	r := &room{Court: b.Convene(), t: t, files: b.Files()}
	r.x, r.id = r.files.Exhibits(), r.Lodge("0042", receipt)
	r.ChairDoes(cases.Assign{Case: r.id, Person: r.Manager})
	return r
}

func (r *room) manager() ui.Who { return ui.Who{Actor: "person/" + r.Manager, Role: "case-manager"} }

var (
	complainant = ui.Who{Actor: "anyone", Role: "anyone"}
	respondent  = ui.Who{Actor: "person/9999", Role: "representative", Member: "0042"}
	competitor  = ui.Who{Actor: "person/9998", Role: "representative", Member: "0043"}
	auditor     = ui.Who{Actor: "person/9997", Role: "auditor"}
	admin       = ui.Who{Actor: "person/9996", Role: "administrator"}
	operator    = ui.Who{Actor: "operator", Role: "operator"}
)

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) take(owner, text string) ui.Exhibit {
	r.t.Helper()
	e, err := r.x.Take(r.t.Context(), owner, "../../notes.txt", strings.NewReader(text))
	r.must(err)
	return e
}

// text reads a file of the case for somebody.
func (r *room) text(who ui.Who, object string) (string, error) {
	file, _, err := r.x.Open(r.t.Context(), who, "case/"+r.id, object, "to see what it shows")
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(file)
	return string(text), errors.Join(err, file.Close())
}

// readBy fails unless these read a file, and nobody else does.
func (r *room) readBy(when, object, want string, readers ...ui.Who) {
	r.t.Helper()
	for _, who := range []ui.Who{r.manager(), complainant, respondent, competitor, auditor, admin, operator, {}} {
		text, err := r.text(who, object)
		if slices.Contains(readers, who) {
			if err != nil || text != want {
				r.t.Errorf("%s, the %s reads %q: %v", when, who.Role, text, err)
			}
		} else if !errors.Is(err, ui.ErrNoExhibit) || text != "" {
			r.t.Errorf("%s, the %s reads %q: %v", when, who.Role, text, err)
		}
	}
}

func (r *room) accesses(object string) []act.Recorded {
	r.t.Helper()
	found, err := r.Record.Search(r.t.Context(), record.Wanted{Subject: "object/" + object}, 50)
	r.must(err)
	return found.Events
}

func (r *room) admit(e ui.Exhibit, what, source string) {
	r.t.Helper()
	r.ManagerDoes(cases.AdmitEvidence{Case: r.id, Object: e.Object, SHA256: e.SHA256, What: act.NewPrivate("", what), Source: source, Basis: "redacted"})
}

func TestAnUploadIsNobodysUntilItIsHandedIn(t *testing.T) {
	r := enter(t)
	e := r.take("case/"+r.id, "what I saw")
	if e.Name != "notes.txt" || e.Type != exhibit.Text || e.Size != 10 || len(e.SHA256) != 64 {
		t.Errorf("%+v", e)
	}
	r.readBy("uploaded", e.Object, "")
	if n := len(r.accesses(e.Object)); n > 0 {
		t.Errorf("%d accesses are recorded of what nobody read", n)
	}
	r.DoIn("anyone", "anyone", cases.HandIn{Case: r.id, Receipt: act.NewPersonal("", receipt), Object: e.Object, SHA256: e.SHA256, What: act.NewPrivate("", "my notes")})
	r.readBy("handed in", e.Object, "what I saw", r.manager(), complainant)
	events := r.accesses(e.Object)
	if len(events) != 2 || events[1].Actor != r.manager().Actor || events[1].Event.(custody.Opened).Purpose != "to see what it shows" {
		t.Errorf("in the record is %+v", events)
	}
	if _, _, err := r.x.Open(t.Context(), r.manager(), "case/"+r.id, e.Object, " "); err == nil {
		t.Error("it is opened for no purpose")
	}
	r.admit(e, "the notes of who complained", "complainant")
	r.readBy("admitted", e.Object, "what I saw", r.manager(), complainant)
	other := r.Lodge("0043", "another receipt code")
	if _, _, err := r.x.Open(t.Context(), ui.Who{Actor: "person/" + r.Manager, Role: "case-manager"}, "case/"+other, e.Object, "x"); !errors.Is(err, ui.ErrNoExhibit) {
		t.Errorf("it is opened as another case's: %v", err)
	}
	// Naming another case's object in one's own does not open it.
	r.DoIn("anyone", "anyone", cases.HandIn{Case: other, Receipt: act.NewPersonal("", "another receipt code"), Object: e.Object, SHA256: e.SHA256, What: act.NewPrivate("", "stolen")})
	if _, _, err := r.x.Open(t.Context(), complainant, "case/"+other, e.Object, "x"); !errors.Is(err, ui.ErrNoExhibit) {
		t.Errorf("it is opened by who named it in another case: %v", err)
	}
}

func TestUploadsThatNobodyHandsInAreSwept(t *testing.T) {
	r := enter(t)
	left, draft, in := r.take("case/"+r.id, "left"), r.take("complaint/abc", "draft"), r.take("case/"+r.id, "in")
	r.DoIn("anyone", "anyone", cases.HandIn{Case: r.id, Receipt: act.NewPersonal("", receipt), Object: in.Object, SHA256: in.SHA256, What: act.NewPrivate("", "x")})
	objects := r.Objects()
	there := func() (ids []string) {
		t.Helper()
		for _, owner := range []string{"case/" + r.id, "complaint/abc"} {
			all, err := objects.Of(t.Context(), owner)
			r.must(err)
			for _, o := range all {
				ids = append(ids, o.ID)
			}
		}
		return ids
	}
	r.must(r.files.Sweep(t.Context()))
	if len(there()) != 3 {
		t.Fatalf("at once there are %v", there())
	}
	r.Pass(24 * time.Hour)
	r.must(r.files.Sweep(t.Context()))
	if ids := there(); len(ids) != 2 || slices.Contains(ids, left.Object) {
		t.Fatalf("a day later there are %v", ids)
	}
	r.Pass(casefile.DraftLife)
	r.must(r.files.Sweep(t.Context()))
	if ids := there(); !slices.Equal(ids, []string{in.Object}) {
		t.Fatalf("later there are %v, and %s was a draft's", ids, draft.Object)
	}
	if text, err := r.text(complainant, in.Object); text != "in" || err != nil {
		t.Errorf("what was handed in reads %q: %v", text, err)
	}
	faults, err := objects.Examine(t.Context(), examination)
	if err != nil || len(faults) > 0 {
		t.Errorf("the vault complains: %v %v", faults, err)
	}
}

func TestADraftsUploadsBecomeTheCases(t *testing.T) {
	r := enter(t)
	ctx := t.Context()
	a, b := r.take("complaint/abc", "one"), r.take("complaint/abc", "two")
	r.must(r.x.Pass(ctx, "complaint/abc", "case/"+r.id, a.Object))
	r.must(r.x.Pass(ctx, "complaint/abc", "case/"+r.id, a.Object, b.Object)) // a crash came between
	if err := r.x.Pass(ctx, "complaint/xyz", "case/"+r.id, "abcdefghijklmnopqrstuvwx"); !errors.Is(err, ui.ErrNoExhibit) {
		t.Errorf("what is not there is passed: %v", err)
	}
	foreign := r.take("complaint/other", "foreign")
	if err := r.x.Pass(ctx, "complaint/abc", "case/"+r.id, foreign.Object); !errors.Is(err, ui.ErrNoExhibit) {
		t.Errorf("another's is passed: %v", err)
	}
	if err := r.x.Pass(ctx, "case/"+r.id, "case/2026-0099", a.Object); err == nil {
		t.Error("a case's is passed to another case")
	}
	// The draft's key goes, and the files stay.
	r.must(r.Keys.Forget(ctx, "complaint/abc"))
	r.DoIn("anyone", "anyone", cases.HandIn{Case: r.id, Receipt: act.NewPersonal("", receipt), Object: a.Object, SHA256: a.SHA256, What: act.NewPrivate("", "x")})
	if text, err := r.text(complainant, a.Object); text != "one" || err != nil {
		t.Errorf("it reads %q: %v", text, err)
	}
	if _, err := r.x.Take(ctx, "complaint/abc", "x", strings.NewReader("x")); !errors.Is(err, act.ErrForgotten) {
		t.Errorf("something is taken for a draft that was discarded: %v", err)
	}
	r.must(r.x.Drop(ctx, "case/"+r.id, a.Object)) // handed in: it stays
	r.must(r.x.Drop(ctx, "case/"+r.id, b.Object))
	r.must(r.x.Drop(ctx, "case/"+r.id, b.Object))
	r.must(r.x.Drop(ctx, "complaint/abc", foreign.Object)) // another's: it stays
	for owner, want := range map[string]int{"case/" + r.id: 1, "complaint/other": 1} {
		if all, err := r.Objects().Of(ctx, owner); err != nil || len(all) != want {
			t.Errorf("%s has %d files: %v", owner, len(all), err)
		}
	}
}

func TestTooManyUploadsAreRefusedInWords(t *testing.T) {
	r := enter(t)
	var err error
	n := 0
	for ; n < 100 && err == nil; n++ {
		_, err = r.x.Take(t.Context(), "case/"+r.id, "x.txt", strings.NewReader("x"))
	}
	if refused, ok := exhibit.IsRefused(err); !ok || n != 41 || !strings.Contains(refused.Why, "wait here") {
		t.Errorf("after %d: %v", n, err)
	}
	if p := ui.ProblemOf(err); p.Status != 422 || !strings.Contains(p.Detail, "Nothing was kept.") {
		t.Errorf("it is told as %+v", p)
	}
	if _, err := r.x.Take(t.Context(), "complaint/abc", "x.exe", strings.NewReader("MZ\x00")); err == nil {
		t.Error("a program is taken")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.x.Take(gone, "complaint/abc", "x.txt", strings.NewReader("x")); err == nil {
		t.Error("something is taken of who has gone")
	}
}

func TestFilesAreSentToBeKept(t *testing.T) {
	r := enter(t)
	e := r.take("case/"+r.id, "what I saw")
	r.DoIn("anyone", "anyone", cases.HandIn{Case: r.id, Receipt: act.NewPersonal("", receipt), Object: e.Object, SHA256: e.SHA256, What: act.NewPrivate("", "x")})
	file, x, err := r.x.Open(t.Context(), r.manager(), "case/"+r.id, e.Object, "to see it")
	r.must(err)
	w := httptest.NewRecorder()
	ui.SendExhibit(w, file, x)
	for name, want := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Content-Length": "10",
		"Content-Disposition": "attachment; filename=case-" + r.id + "-" + e.Object[:8] + ".txt", "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if w.Body.String() != "what I saw" {
		t.Errorf("it sends %q", w.Body)
	}
	// One that is not what the record names breaks off.
	wrong := r.take("case/"+r.id, "something else")
	r.DoIn("anyone", "anyone", cases.HandIn{Case: r.id, Receipt: act.NewPersonal("", receipt), Object: wrong.Object, SHA256: e.SHA256, What: act.NewPrivate("", "x")})
	if _, err := r.text(r.manager(), wrong.Object); err == nil || !strings.Contains(err.Error(), e.SHA256) {
		t.Errorf("another file than the record names reads: %v", err)
	}
	file, x, err = r.x.Open(t.Context(), r.manager(), "case/"+r.id, wrong.Object, "to see it")
	r.must(err)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the answer does not break off")
			}
		}()
		ui.SendExhibit(httptest.NewRecorder(), file, x)
	}()
	w = httptest.NewRecorder()
	if err := ui.SendMade(w, "a.pdf", exhibit.PDF, func(io.Writer) error { return ui.ErrNoExhibit }); !errors.Is(err, ui.ErrNoExhibit) || len(w.Header()) > 0 {
		t.Errorf("what failed before its first byte: %v, %v", err, w.Header())
	}
}
