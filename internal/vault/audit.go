package vault

import (
	"context"

	"shingle/internal/body/custody"
	"shingle/internal/record"
)

// AuditIn returns an Audit for [Objects] that commits every access to a record, as an act of whoever asks.
func AuditIn(r *record.Record) func(ctx context.Context, a Access, o Object, what Taken) error {
	return func(ctx context.Context, a Access, o Object, what Taken) error {
		var cmd any = custody.Open{Object: o.ID, Owner: o.Owner, Purpose: a.Purpose}
		if what == Identity {
			cmd = custody.Recover{Object: o.ID, Owner: o.Owner, Purpose: a.Purpose}
		}
		_, err := r.Do(ctx, record.Request{Command: cmd, Actor: a.By, Role: a.Role, Expect: -1})
		return err
	}
}
