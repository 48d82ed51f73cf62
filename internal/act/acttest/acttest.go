// Package acttest lets a test of a rule read like the rule:
//
//	acttest.For(t, domain).Given(enrolled).Knowing(facts).When(Subscribe{…}, at(march(1))).Refused(unknownText)
package acttest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"shingle/internal/act"
)

// Story is what is known before an act, and what came of it.
type Story struct {
	t      testing.TB
	domain act.Domain
	given  []act.Event
	facts  map[reflect.Type]any
	events []act.Event
	err    error
}

// For begins a story in a domain.
func For(t testing.TB, d act.Domain) *Story {
	return &Story{t: t, domain: d, facts: map[reflect.Type]any{}}
}

// Given says what happened before, in order, in the stream the act is decided on.
func (s *Story) Given(events ...act.Event) *Story {
	s.given = append(s.given, events...)
	return s
}

// Knowing hands the decision its facts. Without it, the facts are zero.
func (s *Story) Knowing(facts any) *Story {
	s.facts[reflect.TypeOf(facts)] = facts
	return s
}

// Option changes how an act is asked for.
type Option func(*act.Meta)

// At sets when the act is asked for.
func At(t time.Time) Option {
	return func(m *act.Meta) { m.At = t.UTC().Truncate(time.Microsecond) }
}

// By sets who asks, and in which role.
func By(actor, role string) Option { return func(m *act.Meta) { m.Actor, m.Role = actor, role } }

// Noon is the time of an act when the test gives none: 2026-06-01T12:00:00Z.
var Noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// When asks for an act.
func (s *Story) When(cmd any, opts ...Option) *Story {
	s.t.Helper()
	m := act.Meta{Actor: "operator", Role: "operator", At: Noon}
	for i := range act.IDsPerAct {
		m.IDs = append(m.IDs, fmt.Sprintf("id-%d", i+1))
	}
	for _, o := range opts {
		o(&m)
	}
	for _, a := range s.domain.Acts {
		if a.Command != reflect.TypeOf(cmd) {
			continue
		}
		state := a.Stream.Zero
		for _, e := range s.given {
			state = a.Stream.Evolve(state, e)
		}
		facts, ok := s.facts[a.Facts]
		if !ok {
			facts = reflect.Zero(a.Facts).Interface()
		}
		s.events, s.err = a.Decide(state, facts, cmd, m)
		if s.err == nil {
			s.again(a, state, facts, cmd, m)
		}
		return s
	}
	s.t.Fatalf("no act of the domain is asked for by %T", cmd)
	return s
}

// again checks that deciding is pure: the same input gives the same answer.
func (s *Story) again(a *act.Act, state, facts, cmd any, m act.Meta) {
	s.t.Helper()
	events, err := a.Decide(state, facts, cmd, m)
	if err != nil || !cmp.Equal(s.events, events, options) {
		s.t.Fatalf("deciding twice gave two answers: %v, %v", events, err)
	}
}

var options = cmp.Options{cmpopts.EquateEmpty(), cmp.Exporter(func(reflect.Type) bool { return true })}

// Then says what must have happened.
func (s *Story) Then(want ...act.Event) {
	s.t.Helper()
	if s.err != nil {
		s.t.Fatalf("unexpected: %v", s.err)
	}
	if diff := cmp.Diff(want, s.events, options); diff != "" {
		s.t.Fatalf("events differ (-want +got):\n%s", diff)
	}
}

// Events returns what happened, for tests that look at a part of it.
func (s *Story) Events() []act.Event {
	s.t.Helper()
	if s.err != nil {
		s.t.Fatalf("unexpected: %v", s.err)
	}
	return s.events
}

// Refused says which rule must have said no.
func (s *Story) Refused(rule act.Rule) {
	s.t.Helper()
	r, ok := act.Refused(s.err)
	if !ok {
		s.t.Fatalf("not refused by %s: events %v, error %v", rule.ID, s.events, s.err)
	}
	if r.Rule.ID != rule.ID {
		s.t.Fatalf("refused by %s, not by %s: %s", r.Rule.ID, rule.ID, r.Detail)
	}
	if len(s.events) > 0 {
		s.t.Fatalf("refused by %s and yet events: %v", rule.ID, s.events)
	}
}

// Nothing says that the act was allowed and changed nothing.
func (s *Story) Nothing() {
	s.t.Helper()
	s.Then()
}
