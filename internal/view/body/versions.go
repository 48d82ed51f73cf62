package body

import (
	"context"
	"time"
)

// CodeVersion is one adopted text of the code.
type CodeVersion struct {
	Version         string
	Title           string
	SHA256          string // hex, of the canonical text
	Text            string // canonical
	Effective       time.Time
	TransitionUntil time.Time // until when members have time to subscribe to it
	Adopted         time.Time
	Position        int64 // in the record
}

// Versions returns all texts of the code without their words, the newest to take effect first.
func (r Register) Versions(ctx context.Context) ([]CodeVersion, error) {
	return r.versions(ctx, `SELECT version, title, sha256, '', effective, transition_until, adopted, position FROM code_version ORDER BY effective DESC, position DESC`)
}

// Version returns one text of the code.
func (r Register) Version(ctx context.Context, version string) (CodeVersion, error) {
	return r.version(ctx, `WHERE version = $1`, version)
}

// VersionInForce returns the text in force at a time; ErrNotFound before the first.
func (r Register) VersionInForce(ctx context.Context, at time.Time) (CodeVersion, error) {
	return r.version(ctx, `WHERE effective <= $1 ORDER BY effective DESC, position DESC LIMIT 1`, at.UnixMicro())
}

func (r Register) version(ctx context.Context, where string, args ...any) (CodeVersion, error) {
	all, err := r.versions(ctx, `SELECT version, title, sha256, text, effective, transition_until, adopted, position FROM code_version `+where, args...)
	if err != nil {
		return CodeVersion{}, err
	}
	if len(all) == 0 {
		return CodeVersion{}, ErrNotFound
	}
	return all[0], nil
}

func (r Register) versions(ctx context.Context, query string, args ...any) ([]CodeVersion, error) {
	rows, err := r.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []CodeVersion
	for rows.Next() {
		var v CodeVersion
		if err := rows.Scan(&v.Version, &v.Title, &v.SHA256, &v.Text, instant{&v.Effective}, instant{&v.TransitionUntil}, instant{&v.Adopted}, &v.Position); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
