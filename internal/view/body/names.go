package body

import (
	"context"
	"errors"
)

// Names calls each for every member that is or was, with its name.
func (r Register) Names(ctx context.Context, each func(number, name string)) (err error) {
	rows, err := r.DB.QueryContext(ctx, "SELECT number, name FROM member")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var number, name string
		if err := rows.Scan(&number, &name); err != nil {
			return err
		}
		each(number, name)
	}
	return rows.Err()
}
