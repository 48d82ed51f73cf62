package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"shingle/internal/demo"
	"shingle/internal/web/door"
)

// guests are the people of the demo as whom visitors sign in, the first in each role.
var guests = func() (first []demo.Person) {
	for _, p := range demo.People {
		if !slices.ContainsFunc(first, func(o demo.Person) bool { return o.Role == p.Role }) {
			first = append(first, p)
		}
	}
	return first
}()

// guest says whom a demo's link signs in, as long as they hold the role. Links are named as roles are: whoever
// reaches a demo may act in any, that is what it is for.
func (b *Body) guest(ctx context.Context, link string) (door.Guest, bool) {
	i := slices.IndexFunc(guests, func(p demo.Person) bool { return p.Role == link })
	if i < 0 {
		return door.Guest{}, false
	}
	g := guests[i]
	roles, err := b.Register.Roles(ctx, g.Number)
	if err != nil {
		b.logger.ErrorContext(ctx, "nobody is let in by a demo's link", "role", link, "error", err)
	}
	for _, held := range roles {
		if held.Role == g.Role && held.Member == g.Member && held.At(b.clock.Now()) {
			return door.Guest{Person: personStream + g.Number, Role: g.Role, Member: g.Member}, true
		}
	}
	return door.Guest{}, false
}

// showGuests prints where visitors sign in.
func showGuests(out io.Writer, address string) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return
	}
	fmt.Fprintf(out, "\nSign in, to look at the pages of a role and act in it:\n\n")
	for _, g := range guests {
		fmt.Fprintf(out, "  %-18s http://%s/demo/sign-in/%s\n", strings.ReplaceAll(g.Role, "-", " "), net.JoinHostPort("localhost", port), g.Role)
	}
}
