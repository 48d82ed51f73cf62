package vault

import (
	"context"
	"errors"
	"time"
)

// KeyBackup is a backup of the keys, as a keyring remembers it.
type KeyBackup struct {
	Made    time.Time `json:"made"`             // UTC, to the microsecond
	Expires time.Time `json:"expires,omitzero"` // when it will have been destroyed, UTC; zero if nobody said
}

// String says which it is, as a certificate of destruction does.
func (b KeyBackup) String() string {
	text := "the backup of keys of " + b.Made.UTC().Format("2006-01-02 15:04:05") + " UTC"
	if b.Expires.IsZero() {
		return text
	}
	return text + ", to be destroyed by " + b.Expires.UTC().Format(time.DateOnly)
}

// KeyBackups lists the backups of keys that have not expired at a time, the oldest first. Each may hold the key
// of somebody who was forgotten since. One that was made of an older copy of the keys, and not of these, is not
// known here.
func (k *Keyring) KeyBackups(ctx context.Context, at time.Time) (list []KeyBackup, err error) {
	rows, err := k.db.QueryContext(ctx, "SELECT made, expires FROM key_backup WHERE expires = 0 OR expires > $1 ORDER BY made, expires", at.UnixMicro())
	if err != nil {
		return nil, k.explain(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var made, expires int64
		if err := rows.Scan(&made, &expires); err != nil {
			return nil, err
		}
		list = append(list, KeyBackup{timeAt(made), timeAt(expires)})
	}
	return list, k.explain(rows.Err())
}

// rememberBackup is a statement that adds one to the list; its arguments are row's.
const rememberBackup = "INSERT INTO key_backup (made, expires) VALUES ($1, $2) ON CONFLICT (made, expires) DO NOTHING"

// row returns the columns of a backup.
func (b KeyBackup) row() []any { return []any{microOf(b.Made), microOf(b.Expires)} }

// Discard takes a backup off the list that did not come about.
func (k *Keyring) Discard(ctx context.Context, b KeyBackup) error {
	_, err := k.db.ExecContext(ctx, "DELETE FROM key_backup WHERE made = $1 AND expires = $2", b.row()...)
	return k.explain(err)
}

// microOf and timeAt carry a time to a column and back; zero is the zero time.
func microOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func timeAt(micro int64) time.Time {
	if micro == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micro).UTC()
}
