package webhook

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// What comes of a message.
const (
	Delivered = "delivered"
	Retrying  = "retrying"
	Failed    = "failed"
)

// Delivery is what came of a message to an endpoint. It is kept for 30 days, in the store of the jobs.
type Delivery struct {
	ID       string // of the message, the same however often it is sent
	Endpoint string
	Type     string
	Position int64
	First    time.Time // when it was first tried
	Last     time.Time // when it was last tried
	Attempts int64
	State    string
	Status   int           // HTTP status of the last answer, 0 for none
	Took     time.Duration // until the last answer
	Says     string        // what went wrong, in words; "" if nothing did
	Next     time.Time     // when it is tried again; zero if it is not
}

const deliveryColumns = "id, endpoint, type, position, first, last, attempts, state, status, took, says, next"

// Deliveries returns what came of the messages to an endpoint, or to all (""), the newest first: those that follow
// after one that was shown, the zero Delivery for the first.
func (h *Hooks) Deliveries(ctx context.Context, endpoint string, after Delivery, limit int) (all []Delivery, err error) {
	if after.ID == "" {
		after.Last = h.Machine().AddDate(100, 0, 0)
	}
	rows, err := h.Store.DB().QueryContext(ctx, "SELECT "+deliveryColumns+" FROM work_delivery WHERE ($1 = '' OR endpoint = $1) AND (last < $2 OR last = $2 AND id > $3) "+
		fmt.Sprintf("ORDER BY last DESC, id LIMIT %d", min(max(limit, 1), 1000)), endpoint, after.Last.UnixMicro(), after.ID)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var d Delivery
		var first, last, took, next int64
		if err := rows.Scan(&d.ID, &d.Endpoint, &d.Type, &d.Position, &first, &last, &d.Attempts, &d.State, &d.Status, &took, &d.Says, &next); err != nil {
			return nil, err
		}
		d.First, d.Last, d.Took = time.UnixMicro(first).UTC(), time.UnixMicro(last).UTC(), time.Duration(took)*time.Microsecond
		if next != 0 {
			d.Next = time.UnixMicro(next).UTC()
		}
		all = append(all, d)
	}
	return all, rows.Err()
}

// note keeps what came of an attempt.
func (h *Hooks) note(ctx context.Context, d Delivery) error {
	at, next := d.Last.UnixMicro(), int64(0)
	if !d.Next.IsZero() {
		next = d.Next.UnixMicro()
	}
	_, err := h.Store.DB().ExecContext(ctx, "INSERT INTO work_delivery ("+deliveryColumns+") VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, $10, $11) "+
		"ON CONFLICT (id) DO UPDATE SET last = excluded.last, attempts = work_delivery.attempts + 1, state = excluded.state, status = excluded.status, took = excluded.took, says = excluded.says, next = excluded.next",
		d.ID, d.Endpoint, d.Type, d.Position, at, at, d.State, d.Status, d.Took.Microseconds(), d.Says, next)
	if err != nil {
		return fmt.Errorf("what came of a message cannot be noted now: %w", err)
	}
	return nil
}
