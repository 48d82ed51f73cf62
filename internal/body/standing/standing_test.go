package standing

import (
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// day returns the start of a day, e.g. "2026-03-01", in UTC.
func day(s string) time.Time {
	d, err := act.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d.Start(time.UTC)
}

func date(s string) act.Date { return act.DateIn(day(s), time.UTC) }

// requirements are strict ones: members must subscribe, renew yearly and attest quarterly.
func requirements() *code.Requirements {
	r := code.Usual()
	r.Membership.Subscription = code.Set(code.Required)
	r.Membership.Renewal = code.Set(code.Duration{N: 1, Unit: code.Years})
	r.Confidentiality.Attestation = code.Set(code.Duration{N: 3, Unit: code.Months})
	return &r
}

func version(label, effective string, r *code.Requirements) Version {
	transition := code.Duration{N: 90, Unit: code.Days}
	return Version{
		Label: label, SHA256: "sha-" + label, Requirements: r, Transition: transition, Recorded: day(effective).AddDate(0, 0, -10),
		Effective: day(effective), TransitionUntil: code.Deadline(day(effective), transition, time.UTC, nil),
	}
}

// body went live with its first version on 1 January 2026; its first transition ended on 1 April.
func body(versions ...Version) *Body {
	if len(versions) == 0 {
		versions = []Version{version("2026.1", "2026-01-01", requirements())}
	}
	return &Body{Zone: time.UTC, Versions: versions, Opened: day("2026-01-01"), OpenedRecorded: day("2025-12-20")}
}

// lasting is requirements under which time alone makes no member fail.
func lasting() *code.Requirements {
	r := code.Usual()
	r.Membership.Subscription = code.Set(code.Required)
	return &r
}

// story lets a test of standing read like the question it answers.
type story struct {
	t     *testing.T
	facts Facts
	at    time.Time
	known time.Time
}

// given begins a story; every fact is recorded when it takes effect unless it says otherwise.
func given(t *testing.T, b *Body, facts ...Fact) story {
	for i, f := range facts {
		s := f.stamp()
		if s.Position == 0 {
			s.Position = int64(i + 1)
		}
		if s.Recorded.IsZero() {
			s.Recorded = s.Effective
		}
	}
	return story{t: t, facts: Facts{Body: b, Member: facts}, known: day("2099-01-01")}
}

// on asks how the member stands at the start of a day.
func (s story) on(when string) story { s.at = day(when); return s }

// knowing asks what was known at the start of a day.
func (s story) knowing(when string) story { s.known = day(when); return s }

func (s story) answer() Answer { return Of(s.facts, s.at, s.known) }

// is says which status and kind must be the answer.
func (s story) is(status Status, kind Kind) story {
	s.t.Helper()
	if a := s.answer(); a.Status != status || a.Kind != kind {
		s.t.Errorf("on %s: %q %q, want %q %q; reasons %+v", s.at.Format(time.DateOnly), a.Status, a.Kind, status, kind, a.Reasons)
	}
	return s
}

func (s story) since(when string) story {
	s.t.Helper()
	if a := s.answer(); !a.Since.Equal(day(when)) {
		s.t.Errorf("on %s: since %s, want %s", s.at.Format(time.DateOnly), a.Since, when)
	}
	return s
}

// next says on which day time alone next changes the public answer and the member's own; "" for never.
func (s story) next(public, own string) story {
	s.t.Helper()
	a := s.answer()
	for _, n := range []struct {
		what string
		got  time.Time
		want string
	}{{"public", a.PublicNextChange, public}, {"own", a.NextChange, own}} {
		if n.want == "" != n.got.IsZero() || n.want != "" && !n.got.Equal(day(n.want)) {
			s.t.Errorf("on %s: next %s change %s, want %q", s.at.Format(time.DateOnly), n.what, n.got, n.want)
		}
	}
	return s
}

// Refused says which rule must be among the reasons, the member's own or the public's, why the standing
// is not good without more.
func (s story) Refused(rule act.Rule) story {
	s.t.Helper()
	a := s.answer()
	for _, r := range append(a.Reasons, a.Public().Reasons...) {
		if r.Rule == rule.ID {
			if r.Text == "" || !strings.HasSuffix(r.Text, ".") || r.Cites != rule.Cites {
				s.t.Errorf("reason %s is badly worded: %+v", rule.ID, r)
			}
			return s
		}
	}
	s.t.Errorf("on %s: no reason %s in %+v", s.at.Format(time.DateOnly), rule.ID, s.answer().Reasons)
	return s
}

// silent says that a rule must not be among the public reasons.
func (s story) silent(rule act.Rule) story {
	s.t.Helper()
	for _, r := range s.answer().Public().Reasons {
		if r.Rule == rule.ID {
			s.t.Errorf("on %s: the public reads %s: %s", s.at.Format(time.DateOnly), rule.ID, r.Text)
		}
	}
	return s
}

func at(when string) Stamp { return Stamp{Effective: day(when)} }

func joined(when string) Fact { return &Joined{at(when)} }
func left(when string) Fact   { return &Left{at(when)} }
func signed(when, version string) Fact {
	return &Subscribed{at(when), version, "sha-" + version}
}
func paid(when, through string) Fact { return &PaidThrough{at(when), date(through)} }
func attested(when, label string) Fact {
	p, ok := ParsePeriod(label)
	if !ok {
		panic(label)
	}
	return &Attested{at(when), p}
}
func ordered(when, order, sanction, until string) Fact {
	o := &Ordered{Stamp: at(when), Order: order, Sanction: sanction, Provisions: "1"}
	if until != "" {
		o.Until = day(until)
	}
	return o
}
