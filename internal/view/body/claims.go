package body

import (
	"context"
	"fmt"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/record"
)

// FalseClaim is a company that is no member and is said to claim to be one.
type FalseClaim struct {
	ID       string
	Stage    cases.ClaimStage
	Company  string
	Address  string // of the page that displayed the mark
	Captured act.Date
	Former   string // number of the member that it was, ""
	Text     string // as it is published, "" until it is listed
	Answered bool
	Reported time.Time
	AnswerBy time.Time // zero until a letter was served
	Listed   time.Time // zero until it is on the list
	Removal  time.Time // by when it is to be off the list; zero until it is cured
}

const claimColumns = `SELECT id, stage, company, address, captured, former, text, answered, reported_at, answer_by, listed_at, removal_at FROM false_claim `

// mostClaims bounds a list of false claims.
const mostClaims = 1000

// WarningList returns what is published of false claims at a time, the newest first, up to a thousand.
func (r Register) WarningList(ctx context.Context, now time.Time) ([]FalseClaim, error) {
	return r.claims(ctx, claimColumns+fmt.Sprintf(`WHERE stage IN ('listed', 'cured') AND removal_at > $1 ORDER BY listed_at DESC, id DESC LIMIT %d`, mostClaims), micros(now))
}

// Claims returns up to a thousand matters of false claims, the newest first: of one stage, or of all for "".
func (r Register) Claims(ctx context.Context, stage cases.ClaimStage) ([]FalseClaim, error) {
	if stage == "" {
		return r.claims(ctx, claimColumns+fmt.Sprintf(`ORDER BY reported_at DESC, id DESC LIMIT %d`, mostClaims))
	}
	return r.claims(ctx, claimColumns+fmt.Sprintf(`WHERE stage = $1 ORDER BY reported_at DESC, id DESC LIMIT %d`, mostClaims), string(stage))
}

// Claim returns the matter of one false claim; ErrNotFound if there is none.
func (r Register) Claim(ctx context.Context, id string) (FalseClaim, error) {
	all, err := r.claims(ctx, claimColumns+`WHERE id = $1`, id)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return FalseClaim{}, err
	}
	return all[0], nil
}

func (r Register) claims(ctx context.Context, query string, args ...any) (all []FalseClaim, err error) {
	rows, err := r.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c FalseClaim
		var captured string
		var answered int64
		if err := rows.Scan(&c.ID, &c.Stage, &c.Company, &c.Address, &captured, &c.Former, &c.Text, &answered,
			instant{&c.Reported}, instant{&c.AnswerBy}, instant{&c.Listed}, instant{&c.Removal}); err != nil {
			return nil, err
		}
		if err := c.Captured.UnmarshalText([]byte(captured)); err != nil {
			return nil, err
		}
		c.Answered = answered == 1
		all = append(all, c)
	}
	return all, rows.Err()
}

// writeClaim writes the matter of a false claim anew, as the transaction left it.
func writeClaim(tx record.Tx, w act.World, stream string) {
	c := act.StateOf[cases.Claim](w, stream)
	tx.Exec(`DELETE FROM false_claim WHERE id = $1`, c.ID)
	tx.Exec(`INSERT INTO false_claim (id, stage, company, address, captured, former, text, answered, reported_at, answer_by, listed_at, removal_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, c.ID, string(c.Stage), c.Company, c.Address, c.Captured.String(), c.Former, c.Text,
		bit(c.Answered), micros(c.Reported), untilMicros(c.AnswerBy), micros(c.ListedAt), untilMicros(c.Removal))
}
