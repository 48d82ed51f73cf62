package complaints

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"shingle/internal/act"
	"shingle/internal/complainant"
	"shingle/internal/record"
	"shingle/internal/web/ui"
)

// lastPage shows the code before the complaint is sent, and says what it is.
type lastPage struct {
	ui.Chrome
	Code string
	Seen int64
	Form *ui.Form
}

// keepForm asks whether the code is kept.
func keepForm() *ui.Form {
	return &ui.Form{Action: "/complaints/send", Fields: []ui.FormField{{Field: act.Field{Name: "kept", Label: "I have kept the code, and know that nobody can give it to me again", Type: "text", Required: true}}}}
}

func (x *Complaints) last(v *visit) error {
	draft, err := x.Drafts.Read(v.r.Context(), v.session.Code)
	if err != nil {
		return err
	}
	if ok, err := x.ready(v, draft); err != nil || !ok || draft.Answers[aboutWhat] == ofClaim {
		if err == nil {
			v.to("/complaints/check")
		}
		return err
	}
	return x.showLast(v, http.StatusOK, draft, keepForm())
}

func (x *Complaints) showLast(v *visit, status int, draft complainant.Draft, form *ui.Form) error {
	v.Title = "Keep this code"
	if len(form.Faults) > 0 {
		v.Title = "Error: " + v.Title
	}
	x.show(v, status, "last", lastPage{v.Chrome, v.session.Code, draft.Updated.UnixMicro(), form})
	return nil
}

// sending sends what was written, once, however often the button is pressed. The draft of a complaint goes in the same
// transaction.
func (x *Complaints) sending(v *visit) error {
	ctx := v.r.Context()
	switch {
	case !v.in:
		return x.strayed(v)
	case v.session.Case != "":
		v.to(Case(v.session.Case))
		return nil
	}
	draft, err := x.Drafts.Read(ctx, v.session.Code)
	if err != nil {
		return err
	}
	if draft.Updated.IsZero() { // it went with the complaint, when the button was pressed the first time
		return x.sentBefore(v)
	}
	claims := draft.Answers[aboutWhat] == ofClaim
	seen, bad := strconv.ParseInt(v.sent.Get("_seen"), 10, 64)
	ok, err := x.ready(v, draft)
	switch {
	case err != nil:
		return err
	case bad != nil || seen != draft.Updated.UnixMicro():
		return x.showCheck(v, http.StatusConflict, draft, "The answers were changed after you had looked at them, in another window perhaps. Nothing was sent: look at them again.")
	case !ok:
		return x.showCheck(v, http.StatusUnprocessableEntity, draft, "")
	case !claims && v.sent.Get("kept") != "yes":
		form := keepForm()
		form.Blame("kept", "Keep the code first: without it nobody, and nothing, leads you back to your case.")
		return x.showLast(v, http.StatusUnprocessableEntity, draft, form)
	}
	if err := x.count(v, lodgings); err != nil {
		return err
	}
	if claims {
		return x.report(v, draft)
	}
	cmd, err := lodge(draft.Answers)
	if err != nil {
		return err
	}
	who, _, err := x.asks(v, draft, &cmd)
	if err != nil {
		return err
	}
	cmd.Receipt = act.NewPersonal("", v.session.Code)
	done, err := x.once(v, who, cmd)
	if err != nil || done.Stream == "" {
		return err
	}
	number := strings.TrimPrefix(done.Stream, "case/")
	if err := x.enter(v, complainant.Session{Code: v.session.Code, Case: number}); err != nil {
		return err
	}
	v.to(Case(number) + "?sent=yes")
	return nil
}

// report sends a report of a false claim. It has no page to return to, so that its draft and session end here.
func (x *Complaints) report(v *visit, draft complainant.Draft) error {
	cmd, err := report(draft.Answers)
	if err != nil {
		return err
	}
	done, err := x.once(v, anyone, cmd)
	if err != nil || done.Stream == "" {
		return err
	}
	if err := x.Drafts.Discard(v.r.Context(), v.session.Code); err != nil {
		return err
	}
	if err := x.end(v); err != nil {
		return err
	}
	v.carry("", -1)
	v.to("/complaints/reported?" + url.Values{"number": {strings.TrimPrefix(done.Stream, "claim/")}}.Encode())
	return nil
}

// once asks for what ends a draft, at most once for each code. A zero Done without an error was answered already.
func (x *Complaints) once(v *visit, who ui.Who, cmd any) (record.Done, error) {
	sum := sha256.Sum256([]byte("shingle complaint sent\n" + v.session.Code))
	done, err := x.Counter.Ask(v.r.Context(), who, ui.Asked{Command: cmd, Key: "complaint-" + hex.EncodeToString(sum[:16]), Expect: -1})
	_, refused := act.Refused(err)
	if refused || errors.Is(err, record.ErrKeyReused) {
		draft, readErr := x.Drafts.Read(v.r.Context(), v.session.Code)
		if readErr != nil {
			return record.Done{}, readErr
		}
		if refused {
			return record.Done{}, x.showCheck(v, http.StatusUnprocessableEntity, draft, "")
		}
		return record.Done{}, x.showCheck(v, http.StatusConflict, draft, "This was sent before, with other answers. What was sent before stands; nothing more was sent.")
	}
	return done, err
}

// sentBefore leads whoever pressed the button twice to where the first time leads.
func (x *Complaints) sentBefore(v *visit) error {
	number, err := complainant.CaseOf(v.r.Context(), x.Drafts.Record, v.session.Code)
	if errors.Is(err, complainant.ErrNoCase) {
		v.to("/complaints/new")
		return nil
	} else if err != nil {
		return err
	}
	if err := x.enter(v, complainant.Session{Code: v.session.Code, Case: number}); err != nil {
		return err
	}
	v.to(Case(number))
	return nil
}

// reportedPage says that a report of a false claim has come.
type reportedPage struct {
	ui.Chrome
	Number string
}

func (x *Complaints) reported(v *visit) error {
	v.Title = "The report was sent"
	number := v.r.URL.Query().Get("number")
	if !act.OneLine(number, 1, 20) {
		return x.missing(v)
	}
	x.show(v, http.StatusOK, "reported", reportedPage{v.Chrome, number})
	return nil
}
