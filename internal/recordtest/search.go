package recordtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/record"
)

func searched(t *testing.T, open Open) {
	f := begin(t, open(t))
	ctx := context.Background()
	for i := range 30 {
		actor := []string{"anna", "bob"}[i%2]
		if _, err := f.Do(ctx, record.Request{Command: Put{Box: fmt.Sprint(i % 3), Thing: fmt.Sprint(i)}, Actor: actor, Role: "keeper", Expect: -1}); err != nil {
			t.Fatal(err)
		}
	}
	all := f.all()
	kind, prefix := all[0].Kind, all[0].Kind[:len(all[0].Kind)-1]
	for what, w := range map[string]record.Wanted{
		"all":               {},
		"of a box":          {Subject: all[1].Stream},
		"by somebody":       {Actor: "bob"},
		"by nobody":         {Actor: "carol"},
		"of a kind":         {Kind: kind},
		"of half a kind":    {Kind: prefix},
		"of a sort":         {Kind: "box."},
		"of a box, by bob":  {Subject: all[1].Stream, Actor: "bob"},
		"between positions": {After: 5, Before: 12},
		"all at once":       {Subject: all[1].Stream, Actor: "bob", Kind: "box.", After: 2, Before: 25},
	} {
		var want []int64
		for _, e := range all {
			if (w.Subject == "" || slices.Contains(e.Subjects, w.Subject)) && (w.Actor == "" || e.Actor == w.Actor) && fits(w.Kind, e.Kind) &&
				e.Position > w.After && (w.Before == 0 || e.Position < w.Before) {
				want = append(want, e.Position)
			}
		}
		for _, forward := range []bool{true, false} {
			if w.Forward = forward; !forward {
				slices.Reverse(want)
			}
			var got []int64
			for page, more := w, true; more; {
				found, err := f.Search(ctx, page, 4)
				if err != nil {
					t.Fatal(what, err)
				}
				if more = found.More; more && (len(found.Events) != 4 || found.At != found.Events[3].At) {
					t.Fatalf("%s: %d events, at %v", what, len(found.Events), found.At)
				}
				for _, e := range found.Events {
					got = append(got, e.Position)
				}
				if forward {
					page.After = found.Reached
				} else {
					page.Before = found.Reached
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, forward %v: found %v, want %v", what, forward, got, want)
			}
		}
	}
	if e, ok, err := f.At(ctx, 3); err != nil || !ok || e.Position != 3 {
		t.Error(e, ok, err)
	}
	for _, none := range []int64{-1, 0, f.Position() + 1} {
		if _, ok, err := f.At(ctx, none); err != nil || ok {
			t.Errorf("at %d: %v, %v", none, ok, err)
		}
	}
}

// fits reports whether a kind of event is one of those that are looked for.
func fits(wanted, kind string) bool {
	return wanted == "" || kind == wanted || strings.HasSuffix(wanted, ".") && strings.HasPrefix(kind, wanted)
}

func placed(t *testing.T, open Open) {
	f := begin(t, open(t))
	if at, err := f.LastBefore(context.Background(), time.Now()); err != nil || at != 0 {
		t.Fatal(at, err)
	}
	for i := range 20 {
		f.must(Put{Box: "1", Thing: fmt.Sprint(i)})
	}
	all := f.all()
	times := []time.Time{all[0].At.Add(-time.Hour), all[len(all)-1].At.Add(time.Hour)}
	for _, e := range all {
		times = append(times, e.At, e.At.Add(time.Microsecond))
	}
	for _, at := range times {
		var want int64
		for _, e := range all {
			if e.At.Before(at) {
				want = e.Position
			}
		}
		if got, err := f.LastBefore(context.Background(), at); err != nil || got != want {
			t.Errorf("before %v: %d, %v; want %d", at, got, err, want)
		}
	}
}
