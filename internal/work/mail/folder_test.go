package mail

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"shingle/internal/work/letters"
	"shingle/internal/work/worktest"
)

// TestWhatAKilledProcessLeftIsForgottenToo lays letters down of which it was not noted that they lie there.
func TestWhatAKilledProcessLeftIsForgottenToo(t *testing.T) {
	p := worktest.InFolder(t)
	folder := filepath.Join(t.TempDir(), "mail")
	h := &house{people: map[string]Person{"person/1": ada()}}
	m, _, stop := begin(p, h, p.Record(), nil, folder)
	stop()
	l := Letter{Letter: letters.RecoveryUsed, To: "person/1", About: "session/7"}
	must(t, m.note(t.Context(), l, Sending, ""))
	lies := laid(t, m, l)
	must(t, m.Forget(t.Context(), "person/2"))
	if lies() != 2 {
		t.Error("another's letters are gone")
	}
	must(t, m.Forget(t.Context(), "person/1"))
	if n := lies(); n != 0 {
		t.Errorf("%d files are left", n)
	}
	nowhere := &Mailer{Config{Record: m.Record}}
	must(t, nowhere.Forget(t.Context(), "person/1"))
}

// laid lays a letter into the folder, with half of another try, and returns what counts the files there.
func laid(t *testing.T, m *Mailer, l Letter) (lies func() int) {
	t.Helper()
	must(t, m.lay(l, enveloped(t)))
	must(t, os.WriteFile(m.file(l.ID())+".new", []byte(canary), 0o600))
	return func() int {
		entries, err := os.ReadDir(m.Folder)
		must(t, err)
		return len(entries)
	}
}

// TestLettersDoNotOutliveWhatIsKnownOfThem passes the time after which a link is worth nothing, and after which it is
// not kept what came of a letter: then nobody could find it who forgets a person.
func TestLettersDoNotOutliveWhatIsKnownOfThem(t *testing.T) {
	p := worktest.InFolder(t)
	h := &house{people: map[string]Person{"person/1": ada()}}
	m, _, stop := begin(p, h, p.Record(), nil, filepath.Join(t.TempDir(), "mail"))
	stop()
	rounds := func() {
		for _, r := range m.Rounds() {
			_, err := r.Take(t.Context(), nil, m.Now(), m.Now())
			must(t, err)
		}
	}
	for _, of := range []struct {
		kind  string
		after time.Duration
	}{{letters.Enrolment, time.Hour}, {letters.RecoveryUsed, 400 * 24 * time.Hour}} {
		l := Letter{Letter: of.kind, To: "sign-up/x", About: "session/8"}
		must(t, m.note(t.Context(), l, Folder, ""))
		lies := laid(t, m, l)
		p.Clock.Move(of.after - time.Minute)
		if rounds(); lies() != 2 {
			t.Errorf("%s: gone before its time", of.kind)
		}
		p.Clock.Move(2 * time.Minute)
		if rounds(); lies() != 0 {
			t.Errorf("%s: still there", of.kind)
		}
	}
}

// TestALetterToWhoIsForgottenMeanwhileIsNotLeftLying forgets somebody while their letter is written.
func TestALetterToWhoIsForgottenMeanwhileIsNotLeftLying(t *testing.T) {
	p := worktest.InFolder(t)
	h := &house{people: map[string]Person{"person/1": ada()}}
	m, _, stop := begin(p, h, p.Record(), nil, filepath.Join(t.TempDir(), "mail"))
	stop()
	fill := m.Fill
	m.Fill = func(ctx context.Context, l Letter, f *letters.Facts) error {
		defer h.change(func() { h.people = nil })
		return fill(ctx, l, f)
	}
	l := Letter{Letter: letters.Invitation, To: "person/1", About: "x"}
	must(t, m.deliver(t.Context(), l, false))
	if _, err := m.Open(l.ID()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it lies there: %v", err)
	}
	if got := states(t, m)["person/1"]; got != "dropped " {
		t.Errorf("it is %s", got)
	}
}
