package static

import (
	"context"
	"fmt"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/membership"
)

// happenings are what events tell of.
type happenings struct {
	any      bool
	everyone bool            // it bears on every member
	members  map[string]bool // by number
	notices  []string        // by id, in order
}

// since reads what happened after a position and up to another.
func (x *Export) since(ctx context.Context, after, upTo int64) (happenings, error) {
	h := happenings{any: after < upTo, members: map[string]bool{}}
	for after < upTo {
		events, err := x.Record.Events(ctx, after, int(min(upTo-after, 1000)))
		if err != nil {
			return h, err
		}
		if len(events) == 0 {
			return h, fmt.Errorf("the record has no event after position %d", after)
		}
		for _, e := range events {
			after = e.Position
			if err := x.take(ctx, &h, e); err != nil {
				return h, err
			}
		}
	}
	return h, nil
}

func (x *Export) take(ctx context.Context, h *happenings, e act.Recorded) error {
	for _, subject := range e.Subjects {
		switch kind, id, _ := strings.Cut(subject, "/"); kind {
		case "member", "standing":
			h.members[id] = true
		case "body", "code": // time zone, holidays, opening, requirements
			h.everyone = true
		}
	}
	switch v := e.Event.(type) {
	case discipline.NoticePublished:
		h.notices = append(h.notices, v.ID)
	case discipline.NoticeCorrected:
		h.notices = append(h.notices, v.Corrects, v.ID)
	case membership.Renamed:
		// Those that merged into it show its name.
		events, err := x.Record.Concerning(ctx, "member/"+v.Member, e.Position)
		if err != nil {
			return err
		}
		for _, other := range events {
			if m, ok := other.Event.(membership.Merged); ok && m.Into == v.Member {
				h.members[m.Member] = true
			}
		}
	}
	return nil
}

// noon ends the name of the second half of a day.
const (
	noon    = "/2"
	halfDay = 12 * time.Hour
)

// roundOf names the half day of a time. Whatever carries a date is made anew when its day begins, receipts
// also at noon: one that is a day old is never the newest.
func roundOf(now time.Time, zone *time.Location) string {
	local := now.In(zone)
	if local.Hour() < 12 {
		return local.Format(time.DateOnly) + "/1"
	}
	return local.Format(time.DateOnly) + noon
}
