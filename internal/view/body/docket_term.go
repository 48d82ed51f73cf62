package body

import (
	"context"
	"fmt"
	"time"

	"shingle/internal/body/cases"
)

// TermHearing names the day of a hearing among the terms of a case.
const TermHearing = "hearing"

// CaseTerm is time that a case gives somebody, or the day of its hearing.
type CaseTerm struct {
	Case    string
	Stage   cases.Stage // of the case, now
	Member  string      // number of the respondent
	Manager string      // number of the person who looks after the case, ""
	Term    string      // such as [cases.TermAnswer]; TermHearing for the day of the hearing
	Bodys   bool        // it binds the body; the others bind a party, or give one time
	From    time.Time
	Due     time.Time // what is done before it is in time
	Done    time.Time // zero while it runs
	Paused  bool      // it stands still, and its end will move
	Alarm   time.Time // when who must act is reminded, by the calendar of the day on which the case last changed; zero for none
}

// Missed reports whether the body has missed the term by a time.
func (t CaseTerm) Missed(now time.Time) bool {
	switch {
	case !t.Bodys || t.Paused:
		return false
	case t.Done.IsZero():
		return !now.Before(t.Due)
	}
	return !t.Done.Before(t.Due)
}

// Over reports whether nobody can, or has to, do anything within the term any more.
func (t CaseTerm) Over(now time.Time) bool {
	return !t.Done.IsZero() || !t.Bodys && !t.Paused && !now.Before(t.Due)
}

const termColumns = `SELECT t.id, d.stage, d.member, d.manager, t.term, t.bodys, t.from_at, t.due_at, t.done_at, t.paused, t.alarm_at
	FROM docket_term t JOIN docket d ON d.id = t.id `

// mostTerms bounds a list of terms.
const mostTerms = 1000

// CaseTerms returns the terms that run and end from a time on and before another, of all cases, the earliest first;
// zero times leave it open to that side. It lists up to a thousand. A term that stands still is among them, with the
// day on which it would have ended. See [CaseTerm.Over] for terms of a party whose time has passed.
func (r Register) CaseTerms(ctx context.Context, from, to time.Time) ([]CaseTerm, error) {
	return r.terms(ctx, termColumns+fmt.Sprintf(`WHERE t.done_at = 0 AND t.due_at >= $1 AND t.due_at < $2 ORDER BY t.due_at, t.id, t.n LIMIT %d`, mostTerms),
		micros(from), untilMicros(to))
}

func (r Register) terms(ctx context.Context, query string, args ...any) (all []CaseTerm, err error) {
	rows, err := r.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var t CaseTerm
		var bodys, paused int64
		if err := rows.Scan(&t.Case, &t.Stage, &t.Member, &t.Manager, &t.Term, &bodys, instant{&t.From}, instant{&t.Due}, instant{&t.Done}, &paused, instant{&t.Alarm}); err != nil {
			return nil, err
		}
		t.Bodys, t.Paused = bodys == 1, paused == 1
		all = append(all, t)
	}
	return all, rows.Err()
}
