package mail

import (
	"context"
	"errors"

	"shingle/internal/act"
	"shingle/internal/record"
)

// ErrUnderWay says that a letter came back before it was noted that it was sent: what came of it is noted in a moment.
var ErrUnderWay = errors.New("the letter is just being sent; report it again in a minute")

// Returned notes that a letter came back, and returns what is known of it now. A report of a letter that there is not,
// or that was not sent, changes nothing, nor does one of a delay; noted says whether something was. It fails with
// [ErrUnderWay] for a letter that is being sent.
func Returned(ctx context.Context, r *record.Record, report Report) (noted bool, err error) {
	if !report.Failed || report.Letter == "" {
		return false, nil
	}
	now := r.Now().UnixMicro()
	err = r.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
		state, err := stateIn(ctx, tx, report.Letter)
		switch {
		case err != nil:
			return err
		case state == Sending || state == Retrying:
			return ErrUnderWay
		case state != Sent:
			return nil
		}
		noted = true
		tx.Exec("UPDATE work_mail SET state = $1, says = $2, at = $3 WHERE id = $4", Bounced, report.says(), now, report.Letter)
		return nil
	})
	return noted && err == nil, err
}

// stateIn returns the state of a letter, "" for none.
func stateIn(ctx context.Context, tx record.Tx, id string) (state string, err error) {
	rows, err := tx.Query(ctx, "SELECT state FROM work_mail WHERE id = $1", id)
	if err != nil {
		return "", err
	}
	if rows.Next() {
		err = rows.Scan(&state)
	}
	return state, errors.Join(err, rows.Err(), rows.Close())
}
