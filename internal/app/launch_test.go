package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestABodyStartsUpAndOpens is the way of a new body from an empty folder to an open register, as its people walk it:
// one officer who is registrar and president, a company that is invited with all others, and somebody from outside. Only the
// roster's file is chosen for the browser: no keyboard types into the window in which one is chosen.
func TestABodyStartsUpAndOpens(t *testing.T) {
	data := t.TempDir()
	body, roster := filepath.Join(data, "body"), filepath.Join(data, "members.csv")
	must(t, os.WriteFile(roster, []byte("number,name,place,country,services,contact_name,contact_email,admitted\n"+
		"0001,Amber IT,Galway,Ireland,backup,Ada Pine,ada@amber.example,2025-01-01\n"+
		"0002,Birch IT,Cork,Ireland,backup,Bea Oak,bea@birch.example,2025-01-01\n"+
		"0003,Cedar IT,Sligo,Ireland,backup,,,2025-01-01\n"), 0o600))
	run(t, body, "init", "body", "--name", "Society of Providers", "--code", filepath.Join("..", "..", "examples", "msp", "code.md"))
	web, stop := serve(t, body)
	t.Cleanup(func() { must(t, stop()) })
	v := &visit{t: t, web: web, data: data}

	run(t, body, "act", "officer.invite", "--role", "registrar", "--name", "Ida Frost", "--email", "ida@society.example", "--until", "2027-12-31")
	run(t, body, "act", "officer.appoint", "--person", "0001", "--role", "president", "--until", "2027-12-31")
	ida := v.traveller()
	ida.opens(ida.letter("ida@society.example", "/join/"), "You are invited, Ida Frost")
	ida.uses("Send me the link", "Look into your e-mail")
	ida.opens(ida.letter("ida@society.example", "/enrol/"), "Set up your passkey")
	ida.uses("Go on", "Make a passkey")
	ida.uses("Make the passkey", "Your account")
	ida.uses("Make recovery codes", "Your recovery codes")
	ida.uses("I have printed them", "Your account")
	ida.uses("Act as Registrar", "Today")

	// Nobody is there yet; the page says what to do first.
	ida.uses("Launch", "Launch")
	ida.says("There are no members yet")
	ida.uses("Import a roster", "Import a roster")
	ida.Do(chromedp.SetUploadFiles(chromedp.CSS("input[type=file]"), []string{roster}))
	ida.uses("Continue", "members.csv")
	ida.Use("Show what would come of it")
	ida.waits("would be taken in\n3\n")
	ida.Use("Take in 3 members")
	ida.waits("taken in\n3\n")

	// Whoever has an address is invited, all at once.
	ida.opens("/office/launch", "Launch")
	ida.says("0 % of 3 members signed the code")
	ida.uses("Invite those who are not invited (2)", "Invite those who are not invited")
	ida.says("1 member cannot be invited")
	ida.Use("Send to 2 members")
	ida.waits("All was sent")

	// The company's contact comes from the letter, and finds one thing to do.
	ada := v.traveller()
	ada.opens(ada.letter("ada@amber.example", "/join/"), "You are invited, Ada Pine")
	ada.uses("Send me the link", "Look into your e-mail")
	ada.opens(ada.letter("ada@amber.example", "/enrol/"), "Set up your passkey")
	ada.uses("Go on", "Make a passkey")
	ada.uses("Make the passkey", "Your account")
	ada.uses("Go on to its pages", "Amber IT is a member, but has not subscribed to the code.")
	if first := ada.Text("main h2"); first != "Waits for you" {
		t.Errorf("whoever comes for the first time reads first: %q", first)
	}
	ada.uses("Read and sign: Sign version 2026.1 of the code of ethics.", "Code of Ethics for Managed Service Providers")
	ada.uses("Sign this text", "Sign version 2026.1")
	ada.Fill("Capacity", "Owner")
	ada.confirms("Papers")

	// Nobody outside sees it yet.
	carl := v.traveller()
	carl.opens("/", "Society of Providers is preparing its register.")
	carl.opens("/register/0001", "The register is not open yet")

	// The registrar sees it signed; as the president they publish the register, for today.
	ida.opens("/office/launch", "Launch")
	ida.says("33 % of 3 members signed the code")
	ida.opens("/account", "Your account")
	ida.uses("Act as President", "Today")
	ida.uses("Launch", "Launch")
	ida.uses("Publish the register", "Publish the register")
	ida.confirms("Launch")
	ida.says("The register was opened on")
	carl.opens("/register/0001", "Amber IT is a member in good standing.")
	carl.opens("/register/0002", "Birch IT is a member, but has not subscribed to the code.")
}

// waits looks until the page says so, while it looks anew by itself.
func (p *traveller) waits(words string) {
	p.v.t.Helper()
	for until := time.Now().Add(time.Minute); !strings.Contains(p.Text("main"), words); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(until) {
			p.says(words)
		}
	}
}
