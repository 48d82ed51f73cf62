package account

import (
	"context"
	"time"
)

// Role is what somebody holds: an office of the body, or a role at a member.
type Role struct {
	Name    string // e.g. "registrar"
	Member  string // number of the member it is held at; "" for an office
	From    time.Time
	Until   time.Time // from when it is held no more; zero for no end
	Changed int64     // position in the record of the last event that ends sessions in this role; 0 for none
}

// InPerson is the role of whoever signed in and acts for nobody but themselves.
const InPerson = "person"

// heldAt reports whether a role is held at a time.
func (r Role) heldAt(now time.Time) bool {
	return !now.Before(r.From) && (r.Until.IsZero() || now.Before(r.Until))
}

// Office reports whether a role is one of the body's own.
func (r Role) Office() bool { return r.Member == "" && r.Name != InPerson }

// heldOffice reports whether any of the roles is an office.
func heldOffice(roles []Role, now time.Time) bool {
	for _, r := range roles {
		if r.Office() && r.heldAt(now) {
			return true
		}
	}
	return false
}

// Roles returns the roles that a person holds now.
func (a *Accounts) Roles(ctx context.Context, person string) (held []Role, err error) {
	all, err := a.roles(ctx, person)
	now := a.now()
	for _, r := range all {
		if r.heldAt(now) {
			held = append(held, r)
		}
	}
	return held, err
}

// Ready reports whether somebody may take up an office: they have two passkeys that work, or one and recovery
// codes, so that nobody has to let them in by hand who lost one.
func (a *Accounts) Ready(ctx context.Context, person string) (bool, error) {
	all, err := a.Passkeys(ctx, person)
	if err != nil {
		return false, err
	}
	work := 0
	for _, p := range all {
		if !p.Copied {
			work++
		}
	}
	if work != 1 {
		return work > 1, nil
	}
	codes, err := a.RecoveryCodes(ctx, person)
	return codes.Left > 0, err
}
