package vault_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"shingle/internal/act"
	"shingle/internal/vault"
)

// confided seals words as an event holds them.
func confided(t *testing.T, k *vault.Keyring, owner, text string) act.Private {
	t.Helper()
	type said struct{ Text act.Private }
	e, err := act.Seal(said{act.NewPrivate(owner, text)}, k)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Sync(); err != nil {
		t.Fatal(err)
	}
	stored, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var back said
	if err := json.Unmarshal(stored, &back); err != nil {
		t.Fatal(err)
	}
	return back.Text
}

func TestWordsAreReadOnceThatIsOnRecord(t *testing.T) {
	o := onFolder(t).Objects
	type seen struct {
		about, owner, by, purpose string
		what                      vault.Taken
	}
	var audit []seen
	var refuse error
	o.Audit = func(_ context.Context, a vault.Access, of vault.Object, what vault.Taken) error {
		if refuse == nil {
			audit = append(audit, seen{of.ID, of.Owner, a.By, a.Purpose, what})
		}
		return refuse
	}
	account, message := confided(t, o.Keys, "case/2027-0007", "what happened"), confided(t, o.Keys, "case/2027-0007", "and then")
	vote := confided(t, o.Keys, "panel/2027-0007", "proven")
	who := vault.Access{By: "person/0007", Role: "case-manager", Purpose: "to screen it"}
	reveal := func(values ...act.Private) ([]string, error) {
		return o.Reveal(t.Context(), who, "case/2027-0007", values...)
	}

	texts, err := reveal(account, act.Private{}, message)
	if err != nil || !slices.Equal(texts, []string{"what happened", "", "and then"}) {
		t.Fatalf("it reads %q: %v", texts, err)
	}
	want := []seen{{"case/2027-0007", "case/2027-0007", "person/0007", "to screen it", vault.Words}}
	if !slices.Equal(audit, want) {
		t.Fatalf("two words of one key are %+v", audit)
	}
	if texts, err := reveal(act.Private{}); err != nil || len(texts) != 1 || len(audit) != 1 {
		t.Errorf("nothing is read as %q, with %+v: %v", texts, audit, err)
	}
	if _, err := reveal(account, vote, message); err != nil || len(audit) != 3 || audit[2].owner != "panel/2027-0007" || audit[2].about != "case/2027-0007" {
		t.Errorf("words of two keys are %+v: %v", audit, err)
	}

	refuse = errors.New("the disk is full")
	if texts, err := reveal(account); !errors.Is(err, vault.ErrNoAudit) || !errors.Is(err, refuse) || texts != nil {
		t.Errorf("without a record it reads %q: %v", texts, err)
	}
	refuse, audit = nil, nil
	if err := o.Keys.Forget(t.Context(), "panel/2027-0007"); err != nil {
		t.Fatal(err)
	}
	if texts, err := reveal(account, vote); !errors.Is(err, act.ErrForgotten) || texts != nil || len(audit) != 0 {
		t.Errorf("of a key that is gone it reads %q, with %+v: %v", texts, audit, err)
	}
	o.Audit = nil
	if texts, err := reveal(account); !errors.Is(err, vault.ErrNoAudit) || texts != nil {
		t.Errorf("where nothing records it reads %q: %v", texts, err)
	}
}
