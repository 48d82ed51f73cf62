package body

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/record"
)

// Order is an order about a member, for the body's own people: not all orders are public.
type Order struct {
	ID         string
	Member     string // number
	Sanction   string
	Stage      discipline.Stage
	Interim    bool
	Stayed     bool
	Quashed    bool
	Provisions []string
	Proposed   time.Time // zero for an interim order
	From       time.Time // zero until it is in force
	Until      time.Time // zero: it ends by nothing but an act
}

// Over reports whether an order's time has passed by itself.
func (o Order) Over(now time.Time) bool { return !o.Until.IsZero() && !now.Before(o.Until) }

const orderColumns = `SELECT id, member, sanction, stage, interim, stayed, quashed, provisions, proposed_at, from_at, until_at FROM member_order `

// OrdersOf returns the orders about a member, the oldest first, up to a thousand.
func (r Register) OrdersOf(ctx context.Context, member string) ([]Order, error) {
	return r.orders(ctx, orderColumns+`WHERE member = $1 ORDER BY id LIMIT 1000`, member)
}

// OrdersAt returns up to limit orders of a stage whose time is not over at a time, those that end first before the
// others, and the cursor of those after them; "" at the end. A cursor that is none is [ErrQuery].
func (r Register) OrdersAt(ctx context.Context, stage discipline.Stage, at time.Time, limit int, after string) (page []Order, next string, err error) {
	until, id := at.UnixMicro(), "\U0010ffff"
	if after != "" {
		if until, id, err = orderPlace(after); err != nil {
			return nil, "", err
		}
	}
	page, err = r.orders(ctx, orderColumns+fmt.Sprintf(`WHERE stage = $1 AND (until_at, id) > ($2, $3) ORDER BY until_at, id LIMIT %d`, limit+1), string(stage), until, id)
	if err != nil || len(page) <= limit {
		return page, "", err
	}
	page = page[:limit]
	last := page[limit-1]
	return page, base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(untilMicros(last.Until), 10) + "\n" + last.ID)), nil
}

func orderPlace(cursor string) (until int64, id string, err error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	number, id, ok := strings.Cut(string(text), "\n")
	if err != nil || !ok || !utf8.Valid(text) || strings.ContainsRune(string(text), 0) {
		return 0, "", ErrQuery
	}
	if until, err = strconv.ParseInt(number, 10, 64); err != nil {
		return 0, "", ErrQuery
	}
	return until, id, nil
}

func (r Register) orders(ctx context.Context, query string, args ...any) (all []Order, err error) {
	rows, err := r.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var o Order
		var interim, stayed, quashed int64
		if err := rows.Scan(&o.ID, &o.Member, &o.Sanction, &o.Stage, &interim, &stayed, &quashed, jsonList{&o.Provisions},
			instant{&o.Proposed}, instant{&o.From}, instant{&o.Until}); err != nil {
			return nil, err
		}
		o.Interim, o.Stayed, o.Quashed = interim == 1, stayed == 1, quashed == 1
		all = append(all, o)
	}
	return all, rows.Err()
}

// writeOrder writes an order anew, as the transaction left it.
func writeOrder(tx record.Tx, w act.World, stream string) {
	o := act.StateOf[discipline.Order](w, stream)
	tx.Exec(`DELETE FROM member_order WHERE id = $1`, o.ID)
	tx.Exec(`INSERT INTO member_order (id, member, sanction, stage, interim, stayed, quashed, provisions, proposed_at, from_at, until_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, o.ID, o.Member, o.Sanction, string(o.Stage), bit(o.Interim), bit(o.Stayed), bit(o.Quashed),
		toJSON(o.Provisions), micros(o.Proposed), micros(o.From), untilMicros(o.Until))
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
