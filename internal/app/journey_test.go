package app_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"shingle/internal/web/webtest"
)

// traveller is somebody with a browser of their own and a keyboard, and nothing else.
type traveller struct {
	*webtest.Browser
	v      *visit
	web    string          // http://localhost:PORT, where passkeys work
	looked map[string]bool // kinds of pages that were looked at in every light
}

func (v *visit) traveller() *traveller {
	v.t.Helper()
	b := webtest.Open(v.t)
	b.Passkeys()
	return &traveller{b, v, v.guest().web, map[string]bool{}}
}

// opens types an address, or follows a link in a letter.
func (p *traveller) opens(path, heading string) {
	p.v.t.Helper()
	p.Visit(p.web+strings.TrimPrefix(path, p.web), webtest.Desk)
	p.at(heading)
}

// uses finds a link or a button by keyboard, and goes where it leads.
func (p *traveller) uses(says, heading string) {
	p.v.t.Helper()
	p.Use(says)
	p.at(heading)
}

var digits = regexp.MustCompile(`\d+`)

// at fails the test unless the page says so at its head. A page that is new to the traveller is looked at on
// screens of both widths, in the light and in the dark.
func (p *traveller) at(heading string) {
	p.v.t.Helper()
	if said := p.Text("h1"); said != heading {
		p.v.t.Fatalf("%s says %q, want %q: %s", webtest.Ask(p.Browser, chromedp.Evaluate[string]("location.pathname")), said, heading, p.Text("main"))
	}
	kind := digits.ReplaceAllString(webtest.Ask(p.Browser, chromedp.Evaluate[string]("location.pathname"))+" "+heading, "#")
	if p.looked[kind] {
		return
	}
	p.looked[kind] = true
	screens := []webtest.Screen{webtest.Desk, webtest.PhoneDark}
	if len(p.looked)%2 == 0 {
		screens = []webtest.Screen{webtest.DeskDark, webtest.Phone}
	}
	for _, s := range screens {
		p.Look(s)
		p.FitsWidth(kind + " " + s.String())
		p.Accessible(kind + " " + s.String())
	}
	p.Look(webtest.Desk)
}

// says fails the test unless the page does.
func (p *traveller) says(words string) {
	p.v.t.Helper()
	if said := p.Text("main"); !strings.Contains(said, words) {
		p.v.t.Fatalf("the page does not say %q: %s", words, said)
	}
}

// confirms goes through the pages of an act whose form is filled in.
func (p *traveller) confirms(heading string) {
	p.v.t.Helper()
	p.uses("Continue", "Check your answers")
	p.uses("Confirm and record", heading)
}

// letter waits for a letter to somebody and returns the first link in it that begins so.
func (p *traveller) letter(to, link string, words ...string) string {
	p.v.t.Helper()
	letter := letterSaying(p.v.t, filepath.Join(p.v.data, "body"), append(words, "<"+to+">", link)...)
	return regexp.MustCompile(regexp.QuoteMeta(link) + `[\w-]*`).FindString(letter)
}

// TestACompanyComesAndGoes is the way of one company from the application to the day it leaves, as the people
// walk it who do it: somebody who applies and then signs, renews and withdraws for the company, a registrar, and
// a customer. All have a browser and a keyboard; what they are sent they read in the folder of letters.
func TestACompanyComesAndGoes(t *testing.T) {
	v := demo(t)
	body := filepath.Join(v.data, "body")

	// The registrar is invited, makes a passkey and prints recovery codes.
	run(t, body, "act", "officer.invite", "--role", "registrar", "--name", "Ida Frost", "--email", "ida@society.example", "--until", "2035-12-31")
	ida := v.traveller()
	ida.opens(ida.letter("ida@society.example", "/join/"), "You are invited, Ida Frost")
	ida.uses("Send me the link", "Look into your e-mail")
	ida.opens(ida.letter("ida@society.example", "/enrol/"), "Set up your passkey")
	ida.uses("Go on", "Make a passkey")
	ida.uses("Make the passkey", "Your account")
	ida.uses("Make recovery codes", "Your recovery codes")
	ida.uses("I have printed them", "Your account")
	ida.uses("Act as Registrar", "Today")

	ada, number := v.companyApplies()
	ida.admits(number)

	// A customer looks it up.
	carl := v.traveller()
	carl.looksUp(number, "Northwind Care Ltd is a member, but has not subscribed to the code.")

	// The next day she signs in again, from the letter, and signs the code.
	carl.movesClock("A day")
	ada.opens(ada.letter("ada@northwind-care.example", "/apply/progress/"+number, "welcome"), "Sign in")
	ada.uses("Use your passkey", "Northwind Care Ltd")
	ada.uses("Go on as its representative", "Northwind Care Ltd is a member, but has not subscribed to the code.")
	ada.uses("Read and sign: Sign version 2026.1 of the code of ethics.", "Code of Ethics for Managed Service Providers")
	ada.uses("Sign this text", "Sign version 2026.1")
	ada.Fill("Capacity", "Director")
	ada.confirms("Papers")
	ada.says("Thank you.")
	ada.uses("Seal", "Seal")
	ada.shows("/portal/seal/now.svg", "Good standing")
	carl.looksUp(number, "Northwind Care Ltd is a member in good standing.")
	carl.opens("/seal/"+number, "Northwind Care Ltd is a member in good standing.")
	carl.shows("/seal/"+number+".svg", "Good standing")

	// A year later what was left undone is done, and the membership is renewed.
	carl.movesClock("A year")
	carl.looksUp(number, "Northwind Care Ltd is suspended from membership.")
	ada.opens("/portal", "Sign in")
	ada.uses("Use your passkey", "Northwind Care Ltd is suspended from membership.")
	ada.attests()
	ada.renews()
	ada.opens("/portal", "Northwind Care Ltd is a member in good standing.")

	// Then it leaves.
	ada.uses("End the company’s membership", "Leave the body")
	ada.confirms("Northwind Care Ltd has withdrawn from membership.")
	carl.looksUp(number, "Northwind Care Ltd has withdrawn from membership.")
	carl.Forget() // a seal may be five minutes old
	carl.opens("/seal/"+number, "Northwind Care Ltd has withdrawn from membership.")
	carl.shows("/seal/"+number+".svg", "Withdrawn")

	// The registrar comes back and finds it so.
	ida.opens("/office/members/"+number, "Sign in")
	ida.uses("Use your passkey", "Northwind Care Ltd "+number)
	ida.says("Northwind Care Ltd has withdrawn from membership.")
}

// admits records every check of an application, and admits the company. It is one click away from the first page.
func (p *traveller) admits(number string) {
	p.v.t.Helper()
	p.opens("/office", "Today")
	p.uses("Look at the application: Application "+number+" waits to be checked: domain, identity, references, sanctions, member "+number, "Northwind Care Ltd")
	for _, check := range []string{"Its domain", "Its identity", "Its references", "Past sanctions"} {
		p.uses(check, "Record a check")
		p.Fill("How it was checked", "looked it up and called them")
		p.Choose("Result", "Passed")
		p.confirms("Northwind Care Ltd")
	}
	p.uses("Admit it", "Admit the company")
	p.confirms("Northwind Care Ltd " + number)
}

// looksUp asks the register about the company, as customers do, and reads the seal.
func (p *traveller) looksUp(number, verdict string) {
	p.v.t.Helper()
	p.opens("/", "Anyone can hang up a shingle. Here you can check it.")
	p.Fill("Type its name, its web address, or its member number.", "northwind-care.example")
	p.Follow("\r")
	p.at("The register")
	p.uses("Northwind Care Ltd", verdict)
}

// movesClock moves the demo's clock, as a visitor of the demo does.
func (p *traveller) movesClock(by string) {
	p.v.t.Helper()
	p.opens("/demo/clock", "Demo time")
	p.uses(by, "Demo time")
}

// companyApplies has somebody sign up and apply for a company.
func (v *visit) companyApplies() (ada *traveller, number string) {
	ada = v.traveller()
	ada.opens("/", "Anyone can hang up a shingle. Here you can check it.")
	ada.uses("become a member", "Become a member")
	ada.Fill("Your name", "Ada Byron")
	ada.Fill("Your e-mail address", "ada@northwind-care.example")
	ada.uses("Send me the link", "Look into your e-mail")
	ada.opens(ada.letter("ada@northwind-care.example", "/apply/link/"), "Your address is right")

	ada.uses("Go on", "Make a passkey")
	ada.uses("Make the passkey", "Your application")

	ada.uses("Your company", "What is the company called?")
	ada.Fill("Legal name", "Northwind Care Ltd")
	ada.Choose("Do you trade alone, under your own name?", "No")
	ada.uses("Save and continue", "Which names does it trade under?")
	ada.Fill("Trading names", "Northwind")
	ada.uses("Save and continue", "Where is it?")
	ada.Fill("Place", "Leeds")
	ada.uses("Save and continue", "Your application")
	ada.uses("Its domains", "Which internet domains are its own?")
	ada.Fill("Domains", "northwind-care.example")
	ada.uses("Save and continue", "Your application")
	ada.uses("Its services", "What does it do for customers?")
	ada.Fill("Services", "backup\rhelp desk")
	ada.uses("Save and continue", "Your application")
	ada.uses("Contact", "Whom does the body ask about the company?")
	ada.uses("Save and continue", "Your application")
	ada.uses("Declarations", "Was it sanctioned before?")
	ada.Choose("Was the company, or somebody who runs it, ever sanctioned?", "No")
	ada.uses("Save and continue", "Does it follow a former member?")
	ada.Choose("Is it run by the same people as a former member?", "No")
	ada.uses("Save and continue", "Your application")
	ada.uses("Check your answers", "Check your answers")
	ada.uses("Send the application", "Northwind Care Ltd")
	number = digits.FindString(ada.Text(".kicker"))
	// The line to publish on the domain is there at once. Nobody publishes anything at a name that cannot exist.
	ada.uses("Look for it now", "Northwind Care Ltd")
	ada.says("It is not there yet. Nothing was recorded.")
	return ada, number
}

// attests gives every attestation that the first page calls overdue.
func (p *traveller) attests() {
	p.v.t.Helper()
	given := 0
	for ; given < 6; given++ {
		links := all(p.Browser, `[...document.querySelectorAll("#overdue ~ .owes a")].map(a => a.textContent.trim()).filter(t => t.startsWith("Attest: "))`)
		if len(links) == 0 {
			break
		}
		p.uses(links[0], "Attest how the company met the code")
		p.Fill("People with a current undertaking", "100")
		p.Choose("Every request was handled under the code", "Yes")
		p.uses("Continue", "Check your answers")
		p.Use("Confirm and record")
		p.says(strings.Replace(links[0], "Attest: Give the attestation", "You attested", 1))
	}
	if given < 2 || given > 5 {
		p.v.t.Errorf("after a year %d attestations are overdue", given)
	}
}

// renews renews the membership.
func (p *traveller) renews() {
	p.v.t.Helper()
	p.uses("Renew: Renew the membership with the yearly declaration.", "Renew the membership")
	p.Fill("Capacity", "Director")
	p.Choose("We stand by our subscription, keep the code, and control our domains", "Yes")
	p.confirms("Papers")
	p.says("renew")
}

// shows fails the test unless a picture on the page was drawn and says so.
func (p *traveller) shows(picture, words string) {
	p.v.t.Helper()
	said := webtest.Ask(p.Browser, chromedp.Evaluate[string](`(async () => {
		const img = document.querySelector('img[src$="`+picture+`"]')
		await img.decode()
		return img.naturalWidth + " " + await (await fetch(img.src)).text()
	})()`, chromedp.EvalAwaitPromise))
	if strings.HasPrefix(said, "0 ") || !strings.Contains(said, words) {
		p.v.t.Errorf("the picture %s does not say %q: %s", picture, words, said)
	}
}
