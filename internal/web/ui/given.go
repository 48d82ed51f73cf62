package ui

import (
	"context"
	"net/url"
	"strings"

	"shingle/internal/body/membership"
)

// given is what the form of an act begins with, where the act puts something else in the place of what is known:
// one changes an address, and does not write it anew.
func (d *Desk) given(ctx context.Context, kind, number string) (url.Values, error) {
	if number == "" || kind != "member.move" && kind != "services.set" {
		return nil, nil
	}
	state, _, err := d.Counter.Record.State(ctx, "member/"+number)
	m, ok := state.(membership.Member)
	if err != nil || !ok {
		return nil, err
	}
	if kind == "services.set" {
		return url.Values{"services": {strings.Join(m.Services, "\n")}}, nil
	}
	return url.Values{"address": {m.Address}, "place": {m.Place}, "country": {m.Country}}, nil
}
