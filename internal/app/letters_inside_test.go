package app

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/body/people"
	"shingle/internal/cli"
	"shingle/internal/record"
	"shingle/internal/work/letters"
	"shingle/internal/work/mail"
)

// TestALetterIsNotDroppedForAFault makes an invitation while the database can be read, not written, and then not read
// either: only who is gone gets none.
func TestALetterIsNotDroppedForAFault(t *testing.T) {
	at := cli.Place{Data: filepath.Join(t.TempDir(), "body")}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do := func(b *Body, cmd any) record.Done {
		t.Helper()
		done, err := b.Record.Do(t.Context(), record.Request{Command: cmd, Actor: "operator", Role: "operator", Expect: -1})
		must(err)
		return done
	}
	must(makePlace(t.Context(), at, stamp{role: "body", web: "demo.example", demo: true}, func(b *Body) error {
		do(b, governance.Found{Name: "Demo", Zone: "UTC", Web: "demo.example"})
		return nil
	}))
	b, err := openBody(t.Context(), opening{at: at})
	must(err)
	defer func() { must(b.Close()) }()
	until := act.DateIn(b.now(), b.now().Location()).AddDays(300)
	invited := do(b, people.InviteOfficer{Role: people.Chair, Name: act.NewPersonal("", "Cleo Elm"), Email: act.NewPersonal("", "cleo@x.example"), Until: until})
	letter := mail.Letter{Letter: letters.Invitation, To: invited.Stream, About: "event/1"}
	fill := func(ctx context.Context, l mail.Letter) error {
		return b.fillLetter(ctx, l, &letters.Facts{At: b.now()})
	}
	must(fill(t.Context(), letter))
	if err := fill(t.Context(), mail.Letter{Letter: letters.Invitation, To: personStream + "0099"}); !errors.Is(err, mail.ErrNobody) {
		t.Errorf("nobody gets a letter: %v", err)
	}
	must(b.Record.Upkeep(t.Context(), func(tx record.Tx, _ act.World) error {
		tx.Exec("ALTER TABLE account_invitation RENAME TO elsewhere") // what makes the link fails
		return nil
	}))
	if err := fill(t.Context(), letter); err == nil || errors.Is(err, mail.ErrNobody) {
		t.Errorf("without a link: %v", err)
	}
	away, cancel := context.WithCancel(t.Context())
	cancel()
	if err := fill(away, letter); err == nil || errors.Is(err, mail.ErrNobody) {
		t.Errorf("without a database: %v", err)
	}
}
