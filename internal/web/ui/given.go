package ui

import (
	"context"
	"errors"
	"net/url"
	"strings"

	view "shingle/internal/view/body"
)

// given is what the form of an act begins with, where the act puts something else in the place of what is known:
// one changes an address, and does not write it anew.
func (d *Desk) given(ctx context.Context, kind, number string) (url.Values, error) {
	if number == "" || kind != "member.move" && kind != "services.set" {
		return nil, nil
	}
	m, err := d.Member(ctx, number)
	if errors.Is(err, view.ErrNotFound) {
		return nil, nil // the act says so
	}
	if err != nil {
		return nil, err
	}
	if kind == "services.set" {
		return url.Values{"services": {strings.Join(m.Services, "\n")}}, nil
	}
	return url.Values{"address": {m.Address}, "place": {m.Place}, "country": {m.Country}}, nil
}
