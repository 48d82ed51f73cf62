package office

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/body/people"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

var teacher = ui.Who{Actor: "person/0005", Holder: "person/0005", Role: "education-officer", Name: "Edda Fir"}

// learning is a body where Ada, number 0001, practises at 0042.
func learning(t *testing.T) *webtest.Body {
	b := founded(t, 50)
	b.Do(people.Invite{Member: "0042", Role: people.Practitioner, Name: act.NewPersonal("", "Ada Pine"), Email: act.NewPersonal("", "ada@cobaltridge.example")})
	return b
}

// The officer's day: what waits stands on Today and leads to where it is answered; the answer is on the ledger.
func TestTheEducationOfficersDay(t *testing.T) {
	b := learning(t)
	h := webtest.As(teacher, open(b))
	webtest.Get(t, h, "/office/education").Is(200).Has("div.empty", "No claim waits.").Has("div.empty", "The catalogue is empty.")
	b.Do(education.ClaimCredit{Person: "0001", Title: act.NewPersonal("", "A talk"), Organiser: act.NewPersonal("", "A club"), On: act.On(2026, 3, 1), Minutes: 60})
	webtest.Get(t, h, "/office").Is(200).Has("a[href=/office/education/people/0001]", "Answer it")
	webtest.Get(t, h, "/office/education").Is(200).Has("section[aria-labelledby=claims] tbody th", "A talkby A club").Has("a[href=/office/education/people/0001]", "Person 0001")
	page := webtest.Get(t, h, "/office/education/people/0001").Is(200).Has("h1", "Ada Pine").Has("li p.fine", "Claim 1, asked · 60 minutes")
	page.Has("a[href=/office/education/people/0001/acts/credit.decide?claim=1]", "Answer it")
	form := url.Values{"claim": {"1"}, "answer": {"accept"}, "person": {"0099"}}
	check := webtest.Post(t, h, "/office/education/people/0001/acts/credit.decide?claim=1", form).Is(200).Has("section.would li", "Learner 0001 has one more credit on the ledger.")
	webtest.Post(t, h, "/office/education/people/0001/acts/credit.decide", check.Form("Confirm and record")).Is(303)
	webtest.Get(t, h, "/office/education/people/0001").Is(200).Has("tr[id=credit-1] th", "A talk").HasNo("a[href=/office/education/people/0001/acts/credit.decide?claim=1]")
	webtest.Get(t, h, "/office/education").Is(200).Has("div.empty", "No claim waits.")
	webtest.Get(t, h, "/office/education/people/0099").Is(404)
	webtest.Get(t, h, "/office/education/people/0001/acts/member.admit").Is(404)
}

// Providers and courses lead to what can be done about them at that moment, and nothing else.
func TestProvidersAndCoursesAreLookedAfter(t *testing.T) {
	b := learning(t)
	h := webtest.As(teacher, open(b))
	b.Do(education.Apply{Name: "Courses Inc.", Contact: act.NewPersonal("", "ann@courses.example")})
	b.Do(education.Offer{Title: "Keys", Minutes: 60})
	webtest.Get(t, h, "/office").Is(200).Has("a[href=/office/education#P-0001]", "Look at the provider")
	page := webtest.Get(t, h, "/office/education").Is(200)
	page.Has("tr[id=P-0001] th", "ann@courses.example").Has("tr[id=P-0001] td", "Asked for").Has("a[href=/office/education/acts/provider.approve?provider=P-0001]", "Approve")
	page.Has("tr[id=C-0001] th", "our own").Has("a[href=/office/education/acts/course.withdraw?course=C-0001]", "Withdraw").HasNo("a[href=/office/education/acts/course.approve?course=C-0001]")
	webtest.Get(t, h, "/office/education/acts/provider.approve?provider=P-0001").Is(200).Has("input[name=provider]", "")
	b.Do(education.Approve{Provider: "P-0001"})
	page = webtest.Get(t, h, "/office/education").Is(200).Has("a[href=/office/education/acts/provider.end?provider=P-0001]", "End the approval")
	page.HasNo("a[href=/office/education/acts/provider.decline?provider=P-0001]")

	read := webtest.Get(t, webtest.As(auditor, open(b)), "/office/education").Is(200)
	read.HasNo("a[href=/office/education/acts/course.offer]").HasNo("a[href=/office/education/acts/provider.end?provider=P-0001]")
	webtest.Get(t, webtest.As(registrar, open(b)), "/office/education").Is(403)
}

func TestTheListOfASampleCanBeHandedOut(t *testing.T) {
	b := learning(t)
	h := webtest.As(teacher, open(b))
	b.Pass(time.Hour)
	b.Do(education.Commit{Commitment: education.Commitment([]byte("seed"))})
	webtest.Get(t, h, "/office/education").Is(200).Has("li[id=2026-0001]", "Not drawn yet.").Has("a[href=/office/education/acts/audit.draw?audit=2026-0001]", "Draw the sample")
	if list := webtest.Get(t, h, "/office/education/audits/2026-0001/people.txt").Is(200); strings.TrimSpace(list.Text) != "0001" {
		t.Errorf("the list is %q", list.Text)
	}
	webtest.Get(t, h, "/office/education/audits/2026-0009/people.txt").Is(404)
}
