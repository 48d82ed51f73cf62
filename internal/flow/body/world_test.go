package flowbody

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
)

// world is a small record in memory: it decides, folds and reacts as the real one does, and keeps no
// rows. The real one is tested with these flows in the stories.
type world struct {
	t       testing.TB
	c       *act.Catalogue
	now     time.Time
	events  []act.Recorded
	states  map[string]any
	folds   map[string]any
	holders map[act.Claim]string
}

func newWorld(t testing.TB, now time.Time) *world {
	return &world{t: t, c: Catalogue(), now: now, states: map[string]any{}, folds: map[string]any{}, holders: map[act.Claim]string{}}
}

func (w *world) State(stream string) any {
	if s, ok := w.states[stream]; ok {
		return s
	}
	s, _ := w.c.StreamOf(stream)
	return s.Zero
}

func (w *world) Fold(name, subject string) any { return w.folds[name+" "+subject] }

func (w *world) Holder(kind, key string) string { return w.holders[act.Claim{Kind: kind, Key: key}] }

// do asks for an act and for all that follows from it. It returns the kinds of what happened.
func (w *world) do(actor string, cmd any) ([]string, error) { return w.doAs(actor, "officer", cmd) }

// doAs asks for an act in a role.
func (w *world) doAs(actor, role string, cmd any) ([]string, error) {
	before := *w
	w.states, w.folds, w.holders = clone(w.states), clone(w.folds), clone(w.holders)
	if err := w.decide(act.Meta{Actor: actor, Role: role, At: w.now}, cmd, 0); err != nil {
		*w = before
		return nil, err
	}
	var kinds []string
	for _, e := range w.events[len(before.events):] {
		kinds = append(kinds, e.Kind)
	}
	return kinds, nil
}

func clone[K comparable, V any](m map[K]V) map[K]V {
	c := make(map[K]V, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

// must asks for an act that is to be done. What a refusal would leave behind does not matter: it ends the test.
func (w *world) must(actor string, cmd any) (kinds []string) {
	w.t.Helper()
	first := len(w.events)
	if err := w.decide(act.Meta{Actor: actor, Role: "officer", At: w.now}, cmd, 0); err != nil {
		w.t.Fatalf("%T: %v", cmd, err)
	}
	for _, e := range w.events[first:] {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

func (w *world) decide(m act.Meta, cmd any, depth int) error {
	if depth > 8 {
		return fmt.Errorf("too deep, at %T", cmd)
	}
	a, ok := w.c.ActFor(cmd)
	if !ok {
		return fmt.Errorf("no act for %T", cmd)
	}
	for i := range act.IDsPerAct {
		m.IDs = append(m.IDs[:i:i], fmt.Sprintf("id-%d-%d", len(w.events), i))
	}
	target := a.Target(cmd, m)
	id := target.ID
	for n := 1; target.New && (id == "" || w.states[a.Stream.Name(id)] != nil); n++ {
		id = fmt.Sprintf("%s%04d", w.c.Series(target, w, m.At), n)
	}
	stream := a.Stream.Name(id)
	facts := w.c.FactsFor(a, w, stream, cmd, m)
	events, err := a.Decide(w.State(stream), facts, cmd, m)
	if err != nil {
		return err
	}
	first := len(w.events)
	for _, e := range events {
		w.happen(a.Stream, stream, e, m)
	}
	m.Role = "system"
	for _, e := range w.events[first:len(w.events):len(w.events)] {
		for _, r := range w.c.Reactions {
			if r.On != "*" && r.On != e.Kind {
				continue
			}
			for _, next := range r.React(w, e) {
				if err := w.decide(m, next, depth+1); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (w *world) happen(s *act.Stream, stream string, ev act.Event, m act.Meta) {
	kind, ok := w.c.KindOf(ev)
	if !ok {
		w.t.Fatalf("%T is in no catalogue", ev)
	}
	e := act.Recorded{
		Position: int64(len(w.events) + 1), Stream: stream, Kind: kind, At: m.At, Effective: m.At, Actor: m.Actor, Role: m.Role,
		Subjects: []string{stream}, Event: ev,
	}
	if t, ok := ev.(act.Effective); ok && !t.TakesEffect().IsZero() {
		e.Effective = t.TakesEffect()
	}
	if c, ok := ev.(act.Concerning); ok {
		for _, subject := range c.Concerns() {
			if !slices.Contains(e.Subjects, subject) {
				e.Subjects = append(e.Subjects, subject)
			}
		}
	}
	if c, ok := ev.(act.Claiming); ok {
		for _, claim := range c.Claims() {
			key := act.Claim{Kind: claim.Kind, Key: claim.Key}
			if w.holders[key] = stream; claim.Release {
				delete(w.holders, key)
			}
		}
	}
	w.states[stream] = s.Evolve(w.State(stream), ev)
	for _, f := range w.c.Folds {
		for _, subject := range e.Subjects {
			if strings.HasPrefix(subject, f.Prefix) {
				key := f.Name + " " + subject
				w.folds[key] = f.Evolve(w.folds[key], e)
			}
		}
	}
	w.events = append(w.events, e)
}

// last returns the newest event of type E.
func last[E any](w *world) E {
	w.t.Helper()
	for _, e := range slices.Backward(w.events) {
		if ev, ok := e.Event.(E); ok {
			return ev
		}
	}
	var none E
	w.t.Fatalf("no %T happened", none)
	return none
}
