package mail

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/record"
	"shingle/internal/work"
	"shingle/internal/work/letters"
)

// stale is how old an event may be for a letter to be written about it.
const stale = 30 * 24 * time.Hour

// Follower writes letters about what happens.
func (m *Mailer) Follower() work.Follower {
	return work.Follower{Name: "mail", Horizon: stale, Take: m.occasioned}
}

// Rounds write reminders before each deadline, and forget what came of old letters.
func (m *Mailer) Rounds() []work.Round {
	return []work.Round{
		{Name: "reminders", Every: time.Minute, Take: func(ctx context.Context, _ *sql.Tx, from, until time.Time) ([]work.Job, error) {
			return m.remind(ctx, from, until)
		}},
		// A link that works for minutes is worth nothing after that, and whom it was to may be nobody of the body's.
		{Name: "spent links", Every: 10 * time.Minute, Take: func(ctx context.Context, _ *sql.Tx, _, until time.Time) ([]work.Job, error) {
			return nil, m.discard(ctx, "kind = $1 AND at < $2", letters.Enrolment, until.Add(-pressing).UnixMicro())
		}},
		{Name: "old letters", Every: time.Hour, Take: func(ctx context.Context, _ *sql.Tx, _, until time.Time) ([]work.Job, error) {
			// The letters before the notes: by these they are found when somebody is forgotten.
			if err := m.discard(ctx, "at < $1", until.Add(-kept).UnixMicro()); err != nil {
				return nil, err
			}
			return nil, m.Record.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
				tx.Exec("DELETE FROM work_mail WHERE at < $1", until.Add(-kept).UnixMicro())
				tx.Exec("DELETE FROM work_mail_opened WHERE letter NOT IN (SELECT id FROM work_mail)")
				return nil
			})
		}},
	}
}

// occasioned returns the letters that an event occasions.
func (m *Mailer) occasioned(ctx context.Context, e act.Recorded) (jobs []work.Job, err error) {
	about := "event/" + strconv.FormatInt(e.Position, 10)
	to := func(kind, member string, whom func(context.Context, string) ([]string, error)) {
		if whom == nil {
			return
		}
		var persons []string
		if persons, err = whom(ctx, member); err != nil {
			return
		}
		for _, p := range persons {
			jobs = append(jobs, Letter{Letter: kind, To: p, About: about, Member: member})
		}
	}
	switch v := e.Event.(type) {
	case membership.Applied:
		to(letters.Received, v.Member, m.Speakers)
	case membership.Admitted:
		to(letters.Admitted, v.Member, m.Speakers)
	case membership.Declined:
		to(letters.Declined, v.Member, m.Speakers)
	case membership.Withdrawn:
		to(letters.Withdrawn, v.Member, m.Speakers)
	case standing.Stated:
		return m.changed(ctx, e, v, about)
	default:
		if m.Occasions == nil {
			return nil, nil
		}
		more, err := m.Occasions(ctx, e)
		for _, l := range more {
			jobs = append(jobs, l)
		}
		return jobs, err
	}
	return jobs, err
}

// changed returns the letters to those who asked to be told when a standing changes. A statement that says the
// same under another name or with another domain is no change.
func (m *Mailer) changed(ctx context.Context, e act.Recorded, now standing.Stated, about string) (jobs []work.Job, err error) {
	if m.Subscribers == nil {
		return nil, nil
	}
	ids, err := m.Subscribers(ctx, now.Member)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	before, err := m.before(ctx, e.Position, now.Member)
	if err != nil || before.Number == 0 || before.Status == now.Status && before.Kind == now.Kind {
		return nil, err
	}
	for _, id := range ids {
		jobs = append(jobs, Letter{Letter: letters.Standing, To: id, About: about, Member: now.Member})
	}
	return jobs, nil
}

// before returns what was stated of a member before a position; its number is 0 where nothing was.
func (m *Mailer) before(ctx context.Context, position int64, member string) (before standing.Stated, err error) {
	events, err := m.Record.Concerning(ctx, "member/"+member, position-1)
	for _, e := range events {
		if v, ok := e.Event.(standing.Stated); ok && v.Member == member {
			before = v
		}
	}
	return before, err
}

// stages are how many days before a deadline a reminder is due, the newest first. The last one is due when the
// deadline has passed and the grace begins.
var stages = []int{0, 1, 7, 30}

// remind returns the reminders that came due between two times. Of several stages of one duty that came due
// at once, because nobody was at work, the newest stands for all.
func (m *Mailer) remind(ctx context.Context, from, until time.Time) (jobs []work.Job, err error) {
	if m.Due == nil {
		return nil, nil
	}
	reminded := map[string]bool{} // member and kind and deadline
	for _, days := range stages {
		lead := time.Duration(days) * 24 * time.Hour
		duties, err := m.Due(ctx, from.Add(lead), until.Add(lead))
		if err != nil {
			return nil, err
		}
		for _, d := range duties {
			name := d.Member + " " + d.Kind + " " + d.Due.String()
			if reminded[name] || !d.Lapse.IsZero() && !until.Before(d.Lapse) {
				continue
			}
			reminded[name] = true
			persons, err := m.Speakers(ctx, d.Member)
			if err != nil {
				return nil, err
			}
			for _, p := range persons {
				jobs = append(jobs, Letter{Letter: letters.Reminder, To: p, About: duty(d.Kind, d.Due, days), Member: d.Member})
			}
		}
	}
	return jobs, nil
}

// duty names a stage of a duty, and readDuty reads the name.
func duty(kind string, due time.Time, days int) string {
	return fmt.Sprintf("duty/%s/%d/%d", kind, due.UnixMicro(), days)
}

func readDuty(about string) (kind string, due time.Time, ok bool) {
	parts := strings.Split(about, "/")
	if len(parts) < 3 {
		return "", due, false
	}
	at, err := strconv.ParseInt(parts[len(parts)-2], 10, 64)
	return strings.Join(parts[:len(parts)-2], "/"), time.UnixMicro(at).UTC(), err == nil
}
