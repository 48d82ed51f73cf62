package ui

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"shingle/internal/act"
	"shingle/internal/gate"
	"shingle/internal/record"
)

// Asking is a page on which one kind of act is asked for: a form, what would happen, and then it happens.
// The page is at one address for all three; what was typed goes along in the form and is kept nowhere else.
type Asking struct {
	Kind  string
	Title string // "" for what the act does
	Lead  string // what one should know before, ""
	// Known are values that are not asked for, and never read from a request.
	Known map[string]string
	// Given are values that the form begins with; the address may give others.
	Given url.Values
	// Offers are values to choose from, by field, where what there is to choose depends on what the act is about: one
	// value, or of a list several.
	Offers map[string][]act.Choice
	// Foresee says what else would follow, as sentences; nil foresees nothing.
	Foresee func(ctx context.Context, cmd any) ([]string, error)
	Then    string // address that shows what was recorded, see [Desk.Said]; "" for Root/done
	Back    string // address of the page that one comes from, ""
	// Declares are what one says by asking for it, as sentences. They stand with the form and with the answers.
	Declares []string
	// Around returns the page of the face that shows the form, with what stands around it; nil for the page that all
	// acts have.
	Around func(FormPage) (name string, page Page)
}

// FormPage is a page with the form of an act. A face's own page embeds it, and shows it with the templates "notice",
// "faults", "declares" and "asking".
type FormPage struct {
	Chrome
	Heading  string
	Form     *Form
	Lead     string
	Back     string
	Notice   *notice
	Declares []string
}

type checkPage struct {
	Chrome
	Form    *Form
	Answers []Answer
	Would   []string // what would happen, as sentences; empty: it is so already
	Key     string   // idempotency key
	Version int64    // of the stream that was looked at
	Back    string
	Notice  *notice

	Declares []string
}

// notice is why what was asked for did not happen, though nothing is wrong with the form.
type notice struct {
	Title, Text string
	Link, Label string // what helps, on a page of its own
}

// The steps of asking, as the buttons name them.
const (
	stepDo     = "do"     // what was shown is to happen
	stepChange = "change" // back to the form
)

// maxForm is how large a form may be, in bytes: as large as a request to the API.
const maxForm = 1 << 20

// anyAct answers Root/acts/{kind}: every act has at least this page.
func (d *Desk) anyAct(w http.ResponseWriter, r *http.Request, who Who, c Chrome) error {
	a := Asking{Kind: r.PathValue("kind"), Back: d.Root + "/acts"}
	about := r.URL.Query().Get("member")
	if d.Own && who.Member != "" { // else they act for nobody but themselves
		about, a.Known = who.Member, map[string]string{"member": who.Member}
	}
	if r.Method != http.MethodPost && d.Counter.May(who, a.Kind) == nil {
		given, err := d.given(r.Context(), a.Kind, about)
		if err != nil {
			return err
		}
		a.Given = given
	}
	return d.Ask(w, r, who, c, a)
}

// Ask answers a page on which an act is asked for, at whatever address it is; POST leads through the steps.
// The page's route has to be registered with GET and POST.
func (d *Desk) Ask(w http.ResponseWriter, r *http.Request, who Who, c Chrome, a Asking) error {
	kind, ok := d.Counter.Record.Catalogue.Act(a.Kind)
	if !ok {
		return d.NotFound(w, r, c)
	}
	sent, problem := sentForm(w, r)
	if problem != nil {
		d.pages.Problem(w, r, c, *problem)
		return nil
	}
	asked := &asked{d, w, r, who, c, a, kind, NewForm(kind, r.URL.Path, a.Known, c.Zone, c.Now)}
	asked.form.offer(a.Offers)
	if asked.c.Title = a.Title; a.Title == "" {
		asked.c.Title = strings.TrimSuffix(kind.Does, ".")
	}
	err := d.Counter.May(who, kind.Kind)
	if sent == nil {
		if err != nil {
			return err // before anything is typed
		}
		asked.form.Fill(a.Given, true)
		asked.form.Fill(r.URL.Query(), false)
		return asked.showForm(http.StatusOK, nil)
	}
	asked.form.Fill(sent, true)
	if err != nil {
		return asked.unable(err)
	}
	if sent.Get("_step") == stepChange {
		return asked.showForm(http.StatusOK, nil)
	}
	cmd, ok := asked.form.Read(kind, sent, a.Known, c.Zone)
	if !ok {
		return asked.showForm(http.StatusUnprocessableEntity, nil)
	}
	version, bad := strconv.ParseInt(sent.Get("_version"), 10, 64)
	key := sent.Get("_key")
	if sent.Get("_step") != stepDo || bad != nil || version < 0 || !act.OneLine(key, 1, 100) {
		return asked.check(cmd, http.StatusOK, nil)
	}
	return asked.do(cmd, key, version)
}

// sentForm returns the form that was posted, nil for a page that is only looked at.
func sentForm(w http.ResponseWriter, r *http.Request) (url.Values, *Problem) {
	if r.Method != http.MethodPost {
		return nil, nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	err := r.ParseForm()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, &Problem{Type: "/problems/too-large", Title: "This form is too large", Status: http.StatusRequestEntityTooLarge,
			Detail: "A form may hold 1 MiB. Nothing was changed.", Cure: "Go back and send less."}
	case err != nil:
		p := BadRequest("The form that was sent cannot be read.")
		return nil, &p
	}
	return r.PostForm, nil
}

// asked is one request for an act.
type asked struct {
	*Desk
	w    http.ResponseWriter
	r    *http.Request
	who  Who
	c    Chrome
	page Asking
	kind *act.Act
	form *Form
}

func (a *asked) showForm(status int, n *notice) error {
	c := a.c
	if len(a.form.Faults) > 0 {
		c.Title = "Error: " + c.Title
	}
	page := FormPage{c, a.c.Title, a.form, a.page.Lead, a.page.Back, n, a.page.Declares}
	if a.page.Around == nil {
		a.pages.Show(a.w, a.r, status, "form", page)
		return nil
	}
	name, around := a.page.Around(page)
	a.pages.Show(a.w, a.r, status, name, around)
	return nil
}

// check shows the answers, and what would happen; or the form again with what is against it.
func (a *asked) check(cmd any, status int, n *notice) error {
	done, err := a.Counter.Preview(a.r.Context(), a.who, Asked{Command: cmd, Expect: -1})
	if err != nil {
		return a.unable(err)
	}
	version := int64(0)
	if len(done.Events) > 0 {
		version = done.Events[0].Version - 1 // the first stands in the stream that decides
	}
	would := happenings(done.Events)
	if a.page.Foresee != nil && len(would) > 0 {
		more, err := a.page.Foresee(a.r.Context(), cmd)
		if err != nil {
			return err
		}
		would = append(would, more...)
	}
	return a.showCheck(status, would, newKey(), version, n)
}

func (a *asked) showCheck(status int, would []string, key string, version int64, n *notice) error {
	answers, err := a.form.Answers(a.r.Context(), a.c.Zone, a.page.Known, a.Names)
	if err != nil {
		return err
	}
	a.pages.Show(a.w, a.r, status, "check", checkPage{a.c, a.form, answers, would, key, version, a.page.Back, n, a.page.Declares})
	return nil
}

func newKey() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // it never fails
	return "form-" + hex.EncodeToString(b)
}

// do asks for the act, once, however often the form is sent.
func (a *asked) do(cmd any, key string, version int64) error {
	done, err := a.Counter.Ask(a.r.Context(), a.who, Asked{Command: cmd, Key: key, Expect: version})
	switch {
	case err == nil:
		a.w.Header().Set("Cache-Control", "no-store")
		http.Redirect(a.w, a.r, a.then(done), http.StatusSeeOther)
		return nil
	case errors.Is(err, record.ErrConflict):
		return a.check(cmd, http.StatusConflict, &notice{Title: "Somebody else changed this meanwhile",
			Text: "Nothing was recorded. Below is what would happen now: look at it again, and confirm it if it is still what you want."})
	case errors.Is(err, record.ErrKeyReused):
		return a.check(cmd, http.StatusConflict, &notice{Title: "This form was sent before, with other answers",
			Text: "What was sent before stands. Nothing more was recorded: look at the answers again, and confirm them if you want this too."})
	}
	return a.unableTo(err, key, version)
}

// then is where it goes on once an act is recorded.
func (a *asked) then(done record.Done) string {
	to := a.page.Then
	if to == "" {
		to = a.Root + "/done"
	}
	position := int64(0)
	if len(done.Events) > 0 {
		position = done.Events[0].Position
	}
	glue := "?"
	if strings.Contains(to, "?") {
		glue = "&"
	}
	return to + glue + "done=" + strconv.FormatInt(position, 10) + "&of=" + strconv.Itoa(len(done.Events))
}

// unable shows the form again, with why what it asks for does not happen.
func (a *asked) unable(err error) error {
	if refusal, ok := act.Refused(err); ok {
		a.form.Refuse(refusal)
		return a.showForm(http.StatusUnprocessableEntity, nil)
	}
	status, n := a.standstill(err)
	if n == nil {
		return err
	}
	return a.showForm(status, n)
}

// unableTo shows the answers again, if it helps to send the same once more; the key stays, so that nothing
// happens twice.
func (a *asked) unableTo(err error, key string, version int64) error {
	if status, n := a.standstill(err); n != nil {
		return a.showCheck(status, []string{"What you looked at before you confirmed it."}, key, version, n)
	}
	return a.unable(err)
}

// standstill says why something cannot happen now, though nothing is wrong with it; nil if that is not so.
func (a *asked) standstill(err error) (status int, n *notice) {
	var denied *gate.Denied
	if errors.As(err, &denied) && denied.StepUp {
		return http.StatusForbidden, &notice{"First prove that it is you", "It is a while since you did. Nothing was recorded, and what you typed stands below. Prove it, then come back to this page and send it again.",
			after(StepUpPath, a.r), "Prove it on a page of its own"}
	}
	if errors.Is(err, ErrBusy) {
		return Busy.Status, &notice{Title: Busy.Title, Text: Busy.Detail + " What you typed stands below: send it again in a moment."}
	}
	if p := ProblemOf(err); p.Status == http.StatusServiceUnavailable {
		p.askAgain(a.w)
		return p.Status, &notice{Title: p.Title, Text: p.Detail + " What you typed stands below: send it again later."}
	}
	return 0, nil
}
