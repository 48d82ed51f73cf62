package publog

import (
	"context"
	"errors"
	"slices"
	"testing"
)

// TestACheckpointThatCannotBeStoredIsShownToNobody lets each of the two writes of a cosigned checkpoint fail,
// undone or done: none is shown to a witness that a restart would not know of, and asking again mends it.
func TestACheckpointThatCannotBeStoredIsShownToNobody(t *testing.T) {
	injected := errors.New("injected fault")
	for _, test := range []struct {
		name   string
		write  int // which one fails: before it is shown, or with the cosignature
		done   bool
		stored []int // cosignatures, by checkpoint, after the fault
	}{
		{"before it is shown, undone", 1, false, []int{1}},
		{"before it is shown, done", 1, true, []int{1, 0}},
		{"with the cosignature, undone", 2, false, []int{1, 0}},
		{"with the cosignature, done", 2, true, []int{1, 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			db := database(t)
			w := startWitness(t, "a.example/witness", config(t, db).VKey)
			cfg := witnessed(t, db, w)
			fails, write := 0, cfg.Write
			cfg.Write = func(ctx context.Context, statements func(Tx)) error {
				if fails--; fails != 0 {
					return write(ctx, statements)
				}
				if test.done {
					return errors.Join(injected, write(ctx, statements))
				}
				return injected
			}
			l := open(t, cfg) // shows the empty log
			grow(t, l, 3)
			fails = test.write
			if err := l.Cosign(t.Context()); !errors.Is(err, injected) || l.Halted() != nil {
				t.Fatal(err, l.Halted())
			}
			if got := storedCosignatures(t, db); !slices.Equal(got, test.stored) {
				t.Fatalf("stored: %v", got)
			}
			again := open(t, cfg) // as after a crash
			if again.Halted() != nil {
				t.Fatal(again.Halted())
			}
			for _, l := range []*Log{l, again} {
				if err := l.Cosign(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got := cosigned(t, l); len(got) != 1 {
					t.Errorf("cosigned by %q", got)
				}
			}
			if _, err := Check(t.Context(), db.QueryContext, cfg.VKey); err != nil {
				t.Error(err)
			}
		})
	}
}
