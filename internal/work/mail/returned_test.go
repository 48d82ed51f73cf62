package mail

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"shingle/internal/work/letters"
	"shingle/internal/work/worktest"
)

// reportOf is what a mail server reports of a letter.
func reportOf(t *testing.T, id, action string) Report {
	t.Helper()
	r, err := ReadReport(strings.NewReader(strings.NewReplacer(letterID, id, "Action: failed", "Action: "+action).Replace(postfix)))
	must(t, err)
	return r
}

// TestALetterThatComesBackIsSeen has a server take a letter and another one send it back.
func TestALetterThatComesBackIsSeen(t *testing.T) {
	worktest.OnBoth(t, func(t *testing.T, p *worktest.Place) {
		office := openPostOffice(t, true)
		h := &house{people: map[string]Person{"person/1": ada(), "person/2": {Name: "Bob", Email: "gone@firm.example"}}}
		r := p.Record()
		m, w, stop := begin(p, h, r, office.server(t, smtpPassword), "")
		worktest.Write(t, r, "person/1", "person/2")
		worktest.Eventually(t, "one is taken, one refused", func() bool { s := states(t, m); return s["person/1"] == "sent " && s["person/2"] == "bounced " })
		sent, err := m.Sent(t.Context(), Filter{Person: "person/1"})
		must(t, err)
		id := sent[0].ID
		if raw := office.letters()[0].raw; !strings.Contains(raw, "<"+id+"@demo.example>") {
			t.Fatalf("its Message-ID is not %s:\n%s", id, raw)
		}
		p.Clock.Move(time.Hour)
		returned := func(report Report) bool {
			t.Helper()
			noted, err := Returned(t.Context(), r, report)
			must(t, err)
			return noted
		}
		refused, err := m.Sent(t.Context(), Filter{Person: "person/2"})
		must(t, err)
		for what, report := range map[string]Report{
			"a delay": reportOf(t, id, "delayed"), "nobody's": reportOf(t, letterID, "failed"), "of what was refused": reportOf(t, refused[0].ID, "failed"), "of nothing": {Failed: true},
		} {
			if returned(report) || states(t, m)["person/1"] != "sent " {
				t.Errorf("%s is noted", what)
			}
		}
		if !returned(reportOf(t, id, "failed")) || returned(reportOf(t, id, "failed")) {
			t.Error("it is not noted, or twice")
		}
		back, err := m.Sent(t.Context(), Filter{State: Bounced, Person: "person/1"})
		if err != nil || len(back) != 1 || back[0].Says != "it came back: there is no such address (5.1.1)" || !back[0].Again() || back[0].Attempts != 1 {
			t.Errorf("%+v %v", back, err)
		}
		h.change(func() { h.people["person/1"] = Person{Name: "Ada", Email: "ada@new.example"} })
		must(t, m.Again(t.Context(), w, id))
		worktest.Eventually(t, "it is sent again", func() bool { return states(t, m)["person/1"] == "sent " })
		stop()
		if all := office.letters(); len(all) != 2 || all[1].to != "ada@new.example" {
			t.Errorf("%+v", all)
		}
		must(t, m.note(t.Context(), Letter{Letter: letters.Invitation, To: "person/3", About: "event/9"}, Sending, ""))
		if _, err := Returned(t.Context(), r, reportOf(t, Letter{Letter: letters.Invitation, To: "person/3", About: "event/9"}.ID(), "failed")); !errors.Is(err, ErrUnderWay) {
			t.Errorf("of one that is being sent: %v", err)
		}
	})
}

// TestALinkDoesNotGoToTheAddressBefore corrects an address after it was looked up, and before the letter's link is made.
func TestALinkDoesNotGoToTheAddressBefore(t *testing.T) {
	worktest.OnBoth(t, func(t *testing.T, p *worktest.Place) {
		office := openPostOffice(t, true)
		h := &house{people: map[string]Person{"person/1": ada()}}
		r := p.Record()
		sources := h.sources()
		fill := sources.Fill
		sources.Fill = func(ctx context.Context, l Letter, f *letters.Facts) error {
			h.change(func() { h.people["person/1"] = Person{Name: "Ada", Email: "ada@new.example"} })
			return fill(ctx, l, f)
		}
		m := New(Config{Sources: sources, Record: r, Server: office.server(t, smtpPassword), From: "office@demo.example", Return: "bounces@demo.example", Now: p.Clock.Now, Machine: p.Machine.Now, Log: p.Log.Logger()})
		l := Letter{Letter: letters.Enrolment, To: "person/1", About: "account/enrol-link/1"}
		if err := m.deliver(t.Context(), l, false); err == nil || len(office.letters()) > 0 {
			t.Errorf("it is sent: %v %+v", err, office.letters())
		}
		must(t, m.deliver(t.Context(), l, false))
		if all := office.letters(); len(all) != 1 || all[0].to != "ada@new.example" || all[0].from != "bounces@demo.example" {
			t.Errorf("%+v", all)
		}
	})
}
