package mail

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shingle/internal/work/letters"
	"shingle/internal/work/worktest"
)

// TestALetterThatWasRefusedIsSentAgainToTheNewAddress also asks twice at once, and for what was delivered.
func TestALetterThatWasRefusedIsSentAgainToTheNewAddress(t *testing.T) {
	worktest.OnBoth(t, func(t *testing.T, p *worktest.Place) {
		office := openPostOffice(t, true)
		h := &house{people: map[string]Person{"person/gone": {Name: "Gone", Email: "gone-" + canary + "@firm.example"}, "person/2": {Name: "Bob", Email: "bob@firm.example"}}}
		r := p.Record()
		m, w, stop := begin(p, h, r, office.server(t, smtpPassword), "")
		worktest.Write(t, r, "person/gone", "person/2")
		worktest.Eventually(t, "one is refused, one taken", func() bool {
			s := states(t, m)
			return s["person/gone"] == "bounced " && s["person/2"] == "sent "
		})
		outcome := func(person string) Outcome {
			t.Helper()
			found, err := m.Sent(t.Context(), Filter{Person: person})
			must(t, err)
			return found[0]
		}
		refused, taken := outcome("person/gone"), outcome("person/2")
		if !refused.Again() || taken.Again() || (Outcome{State: Failed, Letter: letters.Enrolment, About: "x"}).Again() || (Outcome{State: Failed, Letter: letters.Admitted}).Again() {
			t.Errorf("%+v %+v", refused, taken)
		}
		for _, id := range []string{taken.ID, "", "nobody"} {
			if err := m.Again(t.Context(), w, id); !errors.Is(err, ErrNotAgain) {
				t.Errorf("%q: %v", id, err)
			}
		}
		h.change(func() { h.people["person/gone"] = Person{Name: "Back", Email: "back@firm.example"} })
		p.Clock.Move(time.Hour)
		for range 3 {
			if err := m.Again(t.Context(), w, refused.ID); err != nil && !errors.Is(err, ErrNotAgain) {
				t.Fatal(err)
			}
		}
		worktest.Eventually(t, "it is sent", func() bool { return states(t, m)["person/gone"] == "sent " })
		worktest.Rests(t, w)
		stop()
		if n := len(office.letters()); n != 2 {
			t.Errorf("%d letters were taken", n)
		}
		if o := outcome("person/gone"); o.Attempts != 2 || o.Says != "" || o.ID != refused.ID || !o.First.Equal(refused.First) {
			t.Errorf("%+v", o)
		}
	})
}

func TestLettersOfOneInstantAreAllOnAPage(t *testing.T) {
	worktest.OnBoth(t, func(t *testing.T, p *worktest.Place) {
		m := New(Config{Record: p.Record(), Now: p.Clock.Now})
		want := map[string]bool{}
		for _, about := range []string{"a", "b", "c", "d", "e"} {
			l := Letter{Letter: letters.Admitted, To: "person/1", About: about}
			must(t, m.note(t.Context(), l, Failed, "x"))
			want[l.ID()] = true
		}
		var last Outcome
		for range 3 {
			page, err := m.Sent(t.Context(), Filter{Limit: 2, After: last})
			must(t, err)
			for _, o := range page {
				delete(want, o.ID)
				last = o
			}
		}
		if len(want) > 0 {
			t.Errorf("%d are on no page", len(want))
		}
	})
}

// TestWhoOpensALetterInTheFolderIsNoted reads what a letter says, markup and all turned into text.
func TestWhoOpensALetterInTheFolderIsNoted(t *testing.T) {
	worktest.OnBoth(t, func(t *testing.T, p *worktest.Place) {
		h := &house{people: map[string]Person{"person/1": {Name: "Zoë <b>Ada</b>", Email: "ada@firm.example"}}}
		r := p.Record()
		m, _, stop := begin(p, h, r, nil, filepath.Join(t.TempDir(), "mail"))
		worktest.Write(t, r, "person/1")
		worktest.Eventually(t, "it lies there", func() bool { return states(t, m)["person/1"] == "folder " })
		stop()
		found, err := m.Sent(t.Context(), Filter{State: Folder})
		must(t, err)
		id := found[0].ID
		for range 2 {
			paper, err := m.Unfold(t.Context(), id, "person/0006", "administrator")
			must(t, err)
			if paper.Subject != "Demo Guild: you are invited" || !strings.Contains(paper.To, "ada@firm.example") || !strings.Contains(paper.To, "Zoë") || !strings.Contains(paper.Text, "Dear Zoë <b>Ada</b>,\n") ||
				!strings.Contains(paper.Text, "\nhttps://demo.example/join/secret-"+canary+"\n") || strings.Contains(paper.Text, "<html") || paper.Date.IsZero() || paper.ID != id {
				t.Errorf("%+v", paper)
			}
			p.Clock.Move(time.Minute)
		}
		opened, err := m.Openings(t.Context(), id)
		if err != nil || len(opened) != 2 || opened[0].Actor != "person/0006" || opened[0].Role != "administrator" || !opened[0].At.After(opened[1].At) {
			t.Errorf("%+v %v", opened, err)
		}
		for _, bad := range []string{"", strings.Repeat("0", 32), "../" + id} {
			if _, err := m.Unfold(t.Context(), bad, "person/0006", "administrator"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		for _, broken := range []string{"", "From", "Subject: =?utf-8?q?=ZZ?=\r\n\r\nx", "Date: Mon, 02 Mar 2026 10:00:00 +0000\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--y"} {
			must(t, os.WriteFile(m.file(id), []byte(broken), 0o600))
			if paper, err := m.Unfold(t.Context(), id, "person/0006", "administrator"); err == nil {
				t.Errorf("%q: %+v", broken, paper)
			}
		}
	})
}
