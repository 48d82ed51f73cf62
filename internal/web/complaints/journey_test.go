package complaints

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/complainant"
)

// TestTheWholeWay complains without a name, by the buttons of the pages alone, and comes back by the code.
func TestTheWholeWay(t *testing.T) {
	p := open(t)
	r := p.reader()
	r.get("/complaints/new").Is(200).Has("h1", "Complain about a company").Has("main", "no statutory whistle-blowing channel").Has("main", "within 20 business days")
	at := r.post("/complaints/new", nil).Is(303).Header.Get("Location")
	given := map[string]url.Values{
		"about": {"about": {"member"}}, "company": {"company": {"0007"}}, "when": {"from": {"2026-08-01"}}, "known": {"known": {"2026-08-25"}},
		"provisions": {"provisions": {"1.1"}}, "account": {"account": {"They read our letters."}}, "evidence": {}, "name": {"named": {"no"}},
	}
	for range len(given) {
		step := strings.TrimPrefix(at, "/complaints/new/")
		page := r.get(at).Is(200).Has(".way-out", "See your code")
		form := page.Form("Save and continue")
		for name, values := range given[step] {
			form[name] = values
		}
		at = r.post(at, form).Is(303).Header.Get("Location")
	}
	if at != "/complaints/check" {
		t.Fatalf("it ends at %s", at)
	}
	r.get(at).Is(200).HasNo(".error-summary").Has("dd", "0007").Has("dd", "1 August 2026").Has("dd", "What we meet, we keep").Has("dd", "I stay without a name").Has("a.button", "Go on to your code")
	last := r.get("/complaints/send").Is(200).Has(".correction", "cannot be recovered")
	code := last.All("code")[0]
	if complainant.Code(code) != code || len(code) != 29 {
		t.Errorf("the code is %q", code)
	}
	form := last.Form("Send the complaint")
	form.Del("kept")
	r.post("/complaints/send", form).Is(422).Has(".error-summary", "Keep the code first")
	if p.Record.Position() == 0 {
		t.Fatal("no record")
	}
	before := p.Record.Position()
	form.Set("kept", "yes")
	old := r.cookie
	to := r.post("/complaints/send", form).Is(303).Header.Get("Location")
	number := strings.TrimSuffix(strings.TrimPrefix(to, "/complaints/"), "?sent=yes")
	if r.cookie == old {
		t.Error("the session is the one from before")
	}
	after := p.Record.Position()
	if again := r.post("/complaints/send", form).Is(303).Header.Get("Location"); again != Case(number) || p.Record.Position() != after {
		t.Errorf("pressed twice, it leads to %q", again)
	}
	events, err := p.Record.Events(t.Context(), before, 10)
	if err != nil || events[0].Kind != "case.lodged" || events[0].Actor != "anyone" || events[0].Role != "anyone" {
		t.Fatalf("recorded %+v, %v", events, err)
	}
	e := events[0].Event.(cases.CaseLodged)
	if !e.Anonymous || e.Complainant != "" || e.Member != "0007" || e.Receipt != cases.ReceiptHash(act.NewPersonal("", code)) || !e.Name.Empty() || e.To != act.On(2026, 8, 1) {
		t.Errorf("lodged %+v", e)
	}
	if d, err := p.face.Drafts.Read(t.Context(), code); err != nil || !d.Updated.IsZero() {
		t.Errorf("the draft is still there: %+v, %v", d, err)
	}
	page := r.get(to).Is(200).Has(".said", "Its number is "+number).Has("h1", "It is looked at").Has(".word-text", "They read our letters.")
	if strings.Contains(page.Text, code) || strings.Contains(page.Text, code[:11]) {
		t.Error("the code is shown again")
	}
	write := page.Form("Send the message")
	write.Set("text", "There is more.\n\nMuch more.")
	write.Set("_do", "write")
	to = r.post(Case(number), write).Is(303).Header.Get("Location")
	r.get(to).Is(200).Has(".said", "Your message was sent").Has(".word-text", "Much more.")

	// Later, elsewhere.
	other := p.reader()
	shut := other.get(Case(number)).Is(401).Has("h1", "Return to your complaint")
	if none := other.get("/complaints/2026-9999").Is(401); none.Text != shut.Text {
		t.Error("a case that is not there is told from one that is")
	}
	other.post("/complaints/return", url.Values{"_code": {"7K3QF-9M2TB-0XW4E-HJ6ND-5RYCP"}}).Is(422).Has(".error-summary", "opens nothing")
	sloppy := " " + strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(code, "0", "o"), "-", " "))
	if to := other.post("/complaints/return", url.Values{"_code": {sloppy}}).Is(303).Header.Get("Location"); to != Case(number) {
		t.Errorf("the code leads to %q", to)
	}
	other.get(Case(number)).Is(200).Has(".word-text", "Much more.")
	// What is written when the hour is over is not lost.
	p.Pass(2 * time.Hour)
	write.Set("text", "Written slowly.")
	late := other.post(Case(number), write).Is(401).Has(".correction", "Nothing is lost")
	resend := late.Form("Open")
	resend.Set("_code", code)
	write.Del("text")
	other.post(Case(number), resend).Is(303)
	other.get(Case(number)).Is(200).Has(".word-text", "Written slowly.")
	other.post("/complaints/leave", nil).Is(303)
	other.get(Case(number)).Is(401)
}

func TestADraftIsComeBackToByItsCode(t *testing.T) {
	p := open(t)
	r := p.reader()
	r.post("/complaints/new", nil).Is(303)
	r.answer("about", "about", "member")
	if to := r.post(at("company"), url.Values{"company": {"half a na"}, "_step": {"later"}}).Is(303).Header.Get("Location"); to != "/complaints/code" {
		t.Errorf("later leads to %q", to)
	}
	page := r.get("/complaints/code").Is(200).Has(".correction", "cannot be recovered").Has("main", "2 October 2026")
	code := page.All("code")[0]
	r.post("/complaints/leave", nil).Is(303)
	r.get("/complaints/new/company").Is(401)
	other := p.reader()
	if to := other.post("/complaints/return", url.Values{"_code": {code}}).Is(303).Header.Get("Location"); to != at("company") {
		t.Errorf("the code leads to %q", to)
	}
	if typed := other.get(at("company")).Is(200).Attributes("input[name=company]", "value"); typed[0] != "half a na" {
		t.Errorf("it says %q", typed)
	}
	var sealed []byte
	if err := p.Record.Engine.Reader().QueryRowContext(t.Context(), "SELECT sealed FROM complaint_draft").Scan(&sealed); err != nil || strings.Contains(string(sealed), "half") {
		t.Errorf("the draft lies open, %v", err)
	}
	p.Pass(complainant.Life + time.Hour)
	p.reader().post("/complaints/return", url.Values{"_code": {code}}).Is(422)
}
