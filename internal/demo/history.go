package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/gate"
	"shingle/internal/record"
)

// history is everything that is to be asked for, and when.
type history struct {
	calendar
	deeds []deed
}

// officer is who asks, and in which role.
type officer struct {
	actor, role string
	member      string // whom a representative acts for
}

// The officers of the body. Two of them deal with cases, because nobody confirms what they proposed.
var (
	operator    = officer{actor: "operator", role: gate.Operator}
	president   = serving(gate.President)
	registrar   = serving(gate.Registrar)
	caseManager = serving(gate.CaseManager)
	chair       = serving(gate.Chair)
)

// person returns who asks, where that is a person and no program.
func (o officer) person() string {
	if strings.HasPrefix(o.actor, "person/") {
		return o.actor
	}
	return ""
}

// deed is one act of the history.
type deed struct {
	at  time.Time
	by  officer
	cmd any // a command, or a func() any that makes one from what earlier deeds brought about
	// on is the stream on which it is to be decided; "" for whichever.
	on string
	// number, if set, receives the id of the stream on which it was decided.
	number *string
}

// do adds an act to the history and returns it, to be completed. What would happen after now is left out.
func (h *history) do(at time.Time, by officer, cmd any) *deed {
	if at.After(h.now) {
		return &deed{}
	}
	h.deeds = append(h.deeds, deed{at: at, by: by, cmd: cmd})
	return &h.deeds[len(h.deeds)-1]
}

// play asks for all deeds in their order in time. The clock strikes at every midnight, where terms end,
// and moves only when everything asked for before has been recorded.
func (h *history) play(ctx context.Context, s Stage, progress func(done, of int)) error {
	slices.SortStableFunc(h.deeds, func(a, b deed) int { return a.at.Compare(b.at) })
	move := func(t time.Time) error {
		s.Set(t)
		if err := s.FallDue(ctx); err != nil {
			return fmt.Errorf("demo: on %s: %w", t.Format(time.DateOnly), err)
		}
		return nil
	}
	day := act.DateIn(h.deeds[0].at, h.zone)
	until := func(t time.Time) error {
		for day.End(h.zone).Before(t) {
			if err := move(day.End(h.zone)); err != nil {
				return err
			}
			day = day.AddDays(1)
		}
		return move(t)
	}
	for done := 0; done < len(h.deeds); {
		together := h.deeds[done:]
		if n := slices.IndexFunc(together, func(d deed) bool { return !d.at.Equal(together[0].at) }); n > 0 {
			together = together[:n]
		}
		if err := until(together[0].at); err != nil {
			return err
		}
		if err := ask(ctx, s.Record, together); err != nil {
			return err
		}
		done += len(together)
		progress(done, len(h.deeds))
	}
	return until(h.now)
}

// ask asks for deeds of the same time, in their order, and waits for all of them.
func ask(ctx context.Context, r *record.Record, deeds []deed) error {
	asked := make([]*record.Pending, len(deeds))
	for i, d := range deeds {
		if later, ok := d.cmd.(func() any); ok {
			d.cmd = later()
		}
		asked[i] = r.Ask(ctx, record.Request{Command: d.cmd, Actor: d.by.actor, Holder: d.by.person(), Role: d.by.role, Expect: -1})
	}
	var first error
	for i, d := range deeds {
		done, err := asked[i].Wait()
		if err == nil && d.on != "" && done.Stream != d.on {
			err = fmt.Errorf("it was decided on %s, not on %s", done.Stream, d.on)
		}
		if err != nil && first == nil {
			first = fmt.Errorf("demo: %T by %s on %s: %w", d.cmd, d.by.actor, d.at.Format(time.DateOnly), err)
		}
		if d.number != nil {
			_, *d.number, _ = strings.Cut(done.Stream, "/")
		}
	}
	return first
}
