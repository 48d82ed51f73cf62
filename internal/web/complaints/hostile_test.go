package complaints

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

// Ten megabytes are refused kindly: the first characters are saved, and what is taken is named.
func TestMoreTextThanIsTakenIsKeptUpToWhatIs(t *testing.T) {
	p := open(t)
	for what, text := range map[string]string{"ascii": "word ", "three bytes": "私は見た。", "four bytes": "🐚🐚", "two bytes": "ёж "} {
		r := p.reader()
		r.write()
		long := strings.Repeat(text, 10<<20/len(text))
		page := r.post(at("account"), url.Values{"account": {long}, "_step": {"next"}}).Is(413).Has(".error-summary", "50,000 characters").Has(".error-summary", "are saved")
		d, err := p.face.Drafts.Read(t.Context(), r.code())
		kept := d.Answers["account"]
		if err != nil || utf8.RuneCountInString(kept) != mostTyped || !strings.HasPrefix(long, kept) || !strings.Contains(page.Text, kept[:100]) || d.Answers["company"] != "0007" {
			t.Errorf("%s: %d characters are kept, %v", what, utf8.RuneCountInString(kept), err)
		}
		if d.Has("account") {
			t.Errorf("%s: it counts as answered", what)
		}
		// As much as is taken is taken.
		r.answer("account", "account", kept)
		number, _ := r.lodge()
		r.get(Case(number)).Is(200)
		form := r.get(Case(number)).Form("Send the message")
		form.Set("text", long)
		form.Set("_do", "write")
		r.post(Case(number), form).Is(413)
		form.Set("text", strings.Repeat("x", mostTyped+1))
		r.post(Case(number), form).Is(413).Has(".error-summary", "50,000 characters").Has("textarea", strings.Repeat("x", 1000))
	}
}

// code is that of the draft that a reader writes.
func (r *reader) code() string {
	r.t.Helper()
	return r.get("/complaints/code").Is(200).All("code")[0]
}

// Any script comes back as it was typed, and nothing of it is run.
func TestAnyScriptIsTaken(t *testing.T) {
	p := open(t)
	for _, text := range []string{
		"Они читали наши письма.", "لقد قرأوا رسائلنا", "彼らは私たちの手紙を読みました。", "उन्होंने हमारे पत्र पढ़े", "a\u202eevil\u202c b", "<script>alert(1)</script> & \"quotes\"", "{{.}} ${x} ' OR 1=1 --", "\u0000\u0007bell",
	} {
		r := p.reader()
		r.write()
		r.answer("account", "account", text)
		r.get("/complaints/check").Is(200).HasNo("script").Has("dd", strings.NewReplacer("\x00", "", "\x07", "", "\u202e", "", "\u202c", "").Replace(text))
		number, _ := r.lodge()
		r.get(Case(number)).Is(200).HasNo("script")
	}
}

func TestComplaintsThatCannotBeSayWhy(t *testing.T) {
	p := open(t)
	r := p.reader()
	r.post("/complaints/new", nil).Is(303)
	r.answer("about", "about", "member")
	for _, nobody := range []string{"Nobody & Sons 4711", "9999", "nowhere.example", "'; DROP TABLE member; --", strings.Repeat("x", 600), "\xff\xfe"} {
		r.post(at("company"), url.Values{"company": {nobody}}).Is(post(nobody)).Has(".error-summary", "")
		if d, _ := p.face.Drafts.Read(t.Context(), r.code()); d.Has("company") {
			t.Errorf("%q is somebody", nobody)
		}
	}
	r.post(at("company"), url.Values{"company": {"it"}, "respondent": {"9999"}, "_for": {"it"}}).Is(200).Has("legend", "Which of these do you mean?")
	r.answer("company", "company", "0007")
	for what, c := range map[string]struct{ from, to, says string }{
		"ahead": {"2027-01-01", "", "CASE-14"}, "backwards": {"2026-08-20", "2026-08-01", "CASE-14"}, "no day": {"yesterday", "", "is no day"},
		"too long ago": {"2003-01-01", "", ""}, "a day that is none": {"2026-02-30", "", "is no day"},
	} {
		page := r.post(at("when"), url.Values{"from": {c.from}, "to": {c.to}}).Is(422).Has(".error-summary", c.says)
		if !strings.Contains(page.Text, `value="`+c.from+`"`) {
			t.Errorf("%s: what was typed is gone", what)
		}
	}
	// A step that is not on the way, a step that is none, a choice that is none.
	r.get(at("claimant")).Is(404)
	r.get(at("nothing")).Is(404)
	r.post(at("nothing"), nil).Is(404)
	r.post(at("about"), url.Values{"about": {"money"}}).Is(422)
	r.post(at("about"), url.Values{"about": {"member"}}).Is(303)
	r.post("/complaints/send", url.Values{"_seen": {"0"}}).Is(409)
	r.get("/complaints/send").Is(303)
	r.get("/complaints/check").Is(200).Has(".error-summary", "is not answered yet").HasNo("a.button")
	if p.Record.Position() == 0 {
		t.Fatal("no record")
	}
	events, err := p.Record.Events(t.Context(), p.Record.Position()-1, 5)
	if err != nil || strings.HasPrefix(events[0].Kind, "case.") {
		t.Errorf("recorded %+v", events)
	}
}

func post(nobody string) int {
	if len(nobody) > 500 {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusUnprocessableEntity
}

// Who left long ago answers no more, and that is said where the days are given.
func TestAMemberLongGoneIsSaidToBe(t *testing.T) {
	p := open(t)
	p.Do(membership.Withdraw{Member: "0007"})
	p.Pass(3 * 366 * 24 * time.Hour)
	r := p.reader()
	r.post("/complaints/new", nil).Is(303)
	r.answer("about", "about", "member")
	r.answer("company", "company", "0007")
	r.post(at("when"), url.Values{"from": {"2026-08-01"}}).Is(422).Has(".error-summary .rule", "CASE-03")
	r.post(at("when"), url.Values{"from": {"2029-01-01"}}).Is(422).Has(".error-summary .rule", "CASE-13").Has(".error-summary", "claim.report")
}

// Beyond the limitation period it is taken in, and one is told before it is sent.
func TestALateComplaintIsTakenAndTold(t *testing.T) {
	p := open(t)
	p.Pass(300 * 24 * time.Hour)
	r := p.reader()
	r.write()
	r.get("/complaints/check").Is(200).Has(".correction", "This comes late").Has(".correction", "180 days")
	number, _ := r.lodge()
	r.get(Case(number)).Is(200).Has(".meaning", "It came after the time in which one can complain")
}

func TestAFalseClaimIsReported(t *testing.T) {
	p := open(t)
	r := p.reader()
	r.post("/complaints/new", nil).Is(303)
	if to := r.answer("about", "about", "claim"); to != at("claimant") {
		t.Fatalf("it leads to %q", to)
	}
	r.post(at("claimant"), url.Values{"claimant": {"Copper Fjord IT"}, "former": {"9999"}}).Is(422).Has(".rule", "CASE-13")
	r.post(at("claimant"), url.Values{"claimant": {"Copper Fjord IT"}, "former": {"0007"}}).Is(422).Has(".rule", "CASE-68")
	r.answer("claimant", "claimant", "Copper Fjord IT")
	r.post(at("claim"), url.Values{"address": {"javascript:alert(1)"}, "captured": {"2026-09-01"}}).Is(422).Has(".rule", "CASE-67")
	r.post(at("claim"), url.Values{"address": {"https://copperfjord.example/"}, "captured": {"2026-10-01"}}).Is(422).Has(".rule", "CASE-67")
	r.answer("claim", "address", "https://copperfjord.example/", "captured", "2026-09-01")
	if to := r.answer("contact", "contact", "zoe@x.example"); to != "/complaints/check" {
		t.Fatalf("it leads to %q", to)
	}
	form := r.get("/complaints/check").Is(200).HasNo(".error-summary").Form("Send the report")
	to := r.post("/complaints/send", form).Is(303).Header.Get("Location")
	r.get(to).Is(200).Has("h1", "The report was sent").Has("strong", "2026-0001")
	if r.cookie != "" {
		t.Error("the session goes on")
	}
	events, err := p.Record.Events(t.Context(), p.Record.Position()-1, 1)
	if err != nil || events[0].Kind != "claim.reported" || events[0].Actor != "anyone" {
		t.Errorf("recorded %+v, %v", events, err)
	}
	r.get("/complaints/reported?number=" + strings.Repeat("x", 99)).Is(404)
}

func TestTriesAreCounted(t *testing.T) {
	p := open(t)
	p.from = "192.0.2.7"
	wrong := url.Values{"_code": {"7K3QF-9M2TB-0XW4E-HJ6ND-5RYCP"}}
	for range codes.Most {
		p.reader().post("/complaints/return", wrong).Is(422)
	}
	p.reader().post("/complaints/return", wrong).Is(429).Has("main", "Try again in 15 minutes")
	for range begins.Most {
		p.reader().post("/complaints/new", nil).Is(303)
	}
	p.reader().post("/complaints/new", nil).Is(429)
	p.from = "192.0.2.8"
	p.reader().post("/complaints/new", nil).Is(303)
}

// Nobody else's form is taken, and a form that is none is answered.
func TestFormsOfOthersAreNotTaken(t *testing.T) {
	p := open(t)
	r := p.reader()
	r.write()
	for _, body := range []string{"%zz=%zz&;;;&=&&&a=b", "", strings.Repeat("a=b&", 100_000), "\x00\x01", "account=%F0%9F%90"} {
		page := r.send(http.MethodPost, at("account"), "application/x-www-form-urlencoded", strings.NewReader(body))
		if page.Status != 422 && page.Status != 413 && page.Status != 303 {
			t.Errorf("%.20q: %d", body, page.Status)
		}
	}
	req, _ := http.NewRequest(http.MethodPost, "/complaints/leave", nil)
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	w := &answer{header: http.Header{}}
	p.h.ServeHTTP(w, req)
	if w.status != http.StatusForbidden {
		t.Errorf("from another site: %d", w.status)
	}
}

type answer struct {
	header http.Header
	status int
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) Write(b []byte) (int, error) { return len(b), nil }
func (a *answer) WriteHeader(status int)      { a.status = status }

// What was decided about a draft while one looked at it is not what is sent.
func TestAnswersThatChangedAreLookedAtAgain(t *testing.T) {
	p := open(t)
	r := p.reader()
	r.write()
	form := r.get("/complaints/send").Is(200).Form("Send the complaint")
	form.Set("kept", "yes")
	r.answer("when", "from", "2026-07-01")
	r.post("/complaints/send", form).Is(409).Has(".correction", "changed after you had looked").Has("dd", "1 July 2026")
	p.Do(membership.Withdraw{Member: "0007"})
	r.lodge()
}

// A member reports another, in its name, if that is what was chosen: and whoever is signed in and stays without a name
// is in nothing that is recorded.
func TestAMemberReportsAnother(t *testing.T) {
	p := open(t)
	done := p.Do(people.Invite{Member: "0003", Role: people.Representative, Name: act.NewPersonal("", "Ada King"), Email: act.NewPersonal("", "ada@people.example")})
	number := strings.TrimPrefix(done.Stream, "person/")
	p.Do(people.Join{Person: number})
	who := ui.Who{Actor: done.Stream, Holder: done.Stream, Role: people.Representative, Member: "0003", Name: "Ada King"}
	plain := p.h
	p.h = webtest.As(who, plain)

	quiet := p.reader()
	quiet.write()
	quiet.get(at("name")).Is(200).Has("label", "in the name of")
	id, _ := quiet.lodge()
	for _, e := range recorded(t, p, "case/"+id) {
		if strings.Contains(e.Actor, number) || strings.Contains(fmt.Sprintf("%+v", e), "person/"+number) {
			t.Errorf("%s tells who complained", e.Kind)
		}
	}
	r := p.reader()
	r.write()
	r.answer("name", "named", "member", "name", "")
	r.get("/complaints/check").Is(200).HasNo(".error-summary").Has("dd", "in the name of")
	p.h = plain
	r.get("/complaints/check").Is(200).Has(".error-summary a", "You are not signed in for the member any more")
	r.get(at("name")).Is(200).HasNo("input[value=member]")
	p.h = webtest.As(who, plain)
	id, code := r.lodge()
	e := recorded(t, p, "case/"+id)[0]
	if lodged := e.Event.(cases.CaseLodged); lodged.For != "0003" || lodged.Complainant != done.Stream || lodged.Anonymous || lodged.Name.Empty() || e.Actor != done.Stream {
		t.Errorf("lodged %+v by %s", lodged, e.Actor)
	}
	p.h = plain // and they come back by the code, signed in or not
	r.post("/complaints/return", url.Values{"_code": {code}}).Is(303)
	r.get(Case(id)).Is(200)
}
