package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/people"
	"shingle/internal/demo"
	"shingle/internal/gate"
	"shingle/internal/record"
	view "shingle/internal/view/body"
	"shingle/internal/web/door"
)

// seatGuests gives each role of the demo to somebody, as whom visitors can sign in, unless somebody holds it.
func (b *Body) seatGuests(ctx context.Context) error {
	for _, g := range demo.Guests {
		if _, seated, err := b.seated(ctx, g); err != nil {
			return err
		} else if seated {
			continue
		}
		name, email := act.NewPersonal("", g.Name), act.NewPersonal("", g.Email)
		var invite any = people.Invite{Member: g.Member, Role: g.Role, Name: name, Email: email}
		if g.Member == "" {
			invite = people.InviteOfficer{Role: g.Role, Name: name, Email: email, Until: act.DateIn(b.clock.Now().AddDate(5, 0, 0), time.UTC)}
		}
		done, err := b.Record.Do(ctx, record.Request{Command: invite, Actor: "operator", Role: gate.Operator, Expect: -1})
		if _, refused := act.Refused(err); refused {
			continue // a visitor has expelled the member, or the like
		} else if err != nil {
			return err
		}
		if err := b.joined(ctx, done.Stream); err != nil {
			return err
		}
	}
	return nil
}

// seated returns who holds a role of the demo now.
func (b *Body) seated(ctx context.Context, g demo.Guest) (id string, ok bool, err error) {
	list, err := b.holders(ctx, g.Member)
	i := slices.IndexFunc(list, func(c view.Colleague) bool { return c.Role == g.Role })
	if err != nil || i < 0 {
		return "", false, err
	}
	return list[i].ID, true, nil
}

// holders returns who serves the body, or acts for a member.
func (b *Body) holders(ctx context.Context, member string) ([]view.Colleague, error) {
	if member == "" {
		return b.Register.Officers(ctx, b.clock.Now())
	}
	return b.Register.PeopleOf(ctx, member, b.clock.Now())
}

// guest says whom a demo's link signs in: whoever holds the role now. Links are named as roles are: whoever
// reaches a demo may act in any, that is what it is for.
func (b *Body) guest(ctx context.Context, link string) (door.Guest, bool) {
	i := slices.IndexFunc(demo.Guests, func(g demo.Guest) bool { return g.Role == link })
	if i < 0 {
		return door.Guest{}, false
	}
	g := demo.Guests[i]
	id, ok, err := b.seated(ctx, g)
	if err != nil {
		b.logger.ErrorContext(ctx, "nobody is let in by a demo's link", "role", link, "error", err)
	}
	return door.Guest{Person: personStream + id, Role: g.Role, Member: g.Member}, ok && err == nil
}

// showGuests prints where visitors sign in.
func (b *Body) showGuests(out io.Writer, address string) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return
	}
	fmt.Fprintf(out, "\nSign in, to look at the pages of a role and act in it:\n\n")
	for _, g := range demo.Guests {
		fmt.Fprintf(out, "  %-18s http://%s/demo/sign-in/%s\n", strings.ReplaceAll(g.Role, "-", " "), net.JoinHostPort("localhost", port), g.Role)
	}
}
