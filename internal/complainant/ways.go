package complainant

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/record"
)

// Ways is the view by which somebody who knows nothing but their code finds their case. In the transaction in which a
// complaint is lodged it deletes the draft too.
type Ways struct{ record.Listener }

var _ record.View = Ways{}

// Name implements [record.View].
func (Ways) Name() string { return "complaints" }

// Reset implements [record.View].
func (Ways) Reset(tx record.Tx) bool {
	tx.Exec("DELETE FROM complaint_case")
	return true
}

// Project implements [record.View].
func (Ways) Project(tx record.Tx, e act.Recorded) error {
	switch v := e.Event.(type) {
	case cases.CaseLodged:
		leads(tx, v.Receipt, v.Case, e.Position)
	case cases.CaseSplit: // the case that they know stays the newest of theirs
		leads(tx, v.Receipt, v.Case, -e.Position)
	case cases.CaseDestroyed:
		tx.Exec("DELETE FROM complaint_case WHERE number = $1", v.Case)
	}
	return nil
}

// leads notes to which case a receipt leads.
func leads(tx record.Tx, receipt, number string, position int64) {
	if receipt == "" {
		return
	}
	Drafts{}.shelf().DiscardIn(tx, receipt)
	tx.Exec("INSERT INTO complaint_case (hash, number, position) VALUES ($1, $2, $3) ON CONFLICT (hash, number) DO NOTHING", receipt, number, position)
}

// ErrNoCase says that no case was lodged under a code.
var ErrNoCase = errors.New("no case was lodged under this code")

// CaseOf returns the number of the case that was lodged under a code, the newest of several; or [ErrNoCase].
func CaseOf(ctx context.Context, r *record.Record, code string) (number string, err error) {
	err = r.Engine.Reader().QueryRowContext(ctx, "SELECT number FROM complaint_case WHERE hash = $1 ORDER BY position DESC LIMIT 1", hashOf(code)).Scan(&number)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", ErrNoCase
	case err != nil:
		return "", fmt.Errorf("the case cannot be looked up: %w", err)
	}
	return number, nil
}
