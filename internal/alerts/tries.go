package alerts

import (
	"context"
	"errors"
	"time"

	"shingle/internal/account"
)

var (
	ofPlace   = account.Limit{Name: "alert-from", Most: 20, In: time.Hour}
	ofAddress = account.Limit{Name: "alert-address", Most: 5, In: 24 * time.Hour}
)

// count counts one more request, from a place and for an address. It is a [*account.TooMany] where the place asked too
// often; allowed is false where the address was asked for too often, by whomever. Beyond a limit nothing is
// written: whoever keeps trying costs next to nothing.
func (a *Alerts) count(ctx context.Context, from, address string) (allowed bool, err error) {
	if err := a.tries.MayAttempt(ctx, ofPlace, from); err != nil {
		return false, err
	}
	if allowed, err := within(a.tries.MayAttempt(ctx, ofAddress, address)); err != nil || !allowed {
		return false, err
	}
	if _, wait, err := a.Count(ctx); err != nil {
		return false, err
	} else if wait >= mostWaiting {
		return false, ErrFull
	}
	if err := a.tries.Attempt(ctx, ofPlace, from); err != nil {
		return false, err
	}
	return within(a.tries.Attempt(ctx, ofAddress, address))
}

// within tells a limit that is reached from a fault.
func within(err error) (bool, error) {
	var many *account.TooMany
	if errors.As(err, &many) {
		return false, nil
	}
	return err == nil, err
}
