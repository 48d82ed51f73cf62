package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/body/people"
	"shingle/internal/cli"
	"shingle/internal/gate"
	"shingle/internal/record"
	view "shingle/internal/view/body"
	"shingle/internal/web/door"
	"shingle/internal/web/local"
	"shingle/internal/web/site"
	"shingle/internal/web/ui"
)

// personStream is what the streams of people begin with; their numbers follow.
const personStream = "person/"

// openDoor makes the door that people come in by, before s's pages. It is reached at origin; passkeys are bound
// to its name.
func (b *Body) openDoor(origin string, s *site.Site) error {
	scheme, host, _ := strings.Cut(origin, "://")
	if scheme == "http" { // a demo's, or one that is tried out: browsers use passkeys there by this name alone
		_, port, err := net.SplitHostPort(host)
		if host = "localhost"; err == nil {
			host = net.JoinHostPort(host, port)
		}
		origin = "http://" + host
	}
	name, _, _ := strings.Cut(host, ":")
	config := account.Config{Record: b.Record, Roles: b.rolesOf, Host: name, Origins: []string{origin}}
	accounts, err := account.ForPeople(config)
	if err != nil { // the body's name is an address, say: all else goes on, and people can sign in at the machine
		b.logger.Warn("nobody can use a passkey at the body's own name", "name", name, "error", err)
		config.Host, config.Origins = "localhost", []string{"http://localhost"}
		if accounts, err = account.ForPeople(config); err != nil {
			return err
		}
	}
	b.door = &door.Door{
		Accounts: accounts, Person: b.person, Joined: b.joined, Mail: b.post, Allows: ui.Allows, Chrome: s.Chrome, Home: home, Newcomers: "/apply/tasks",
		MemberName: b.memberName, Origin: origin, Now: b.clock.Now, Logger: b.logger,
	}
	if b.stamp.demo {
		b.door.Demo = b.guest
	}
	b.door.Open()
	return nil
}

// home is where people begin.
func home(role, member string) string {
	switch {
	case role == account.InPerson:
		return "/account"
	case member != "":
		return "/portal"
	}
	return "/office"
}

// rolesOf returns what somebody holds. Who was forgotten holds nothing, so only of those is it asked.
func (b *Body) rolesOf(ctx context.Context, person string) (roles []account.Role, err error) {
	held, err := b.Register.Roles(ctx, strings.TrimPrefix(person, personStream))
	if err != nil {
		return nil, err
	}
	now, any := b.clock.Now(), false
	for _, h := range held {
		roles = append(roles, account.Role{Name: h.Role, Member: h.Member, From: h.From, Until: h.Until, Changed: h.Changed})
		any = any || h.At(now)
	}
	if !any {
		_, err = b.person(ctx, person)
	}
	return roles, err
}

// holds reports whether somebody holds an office now: a token's holder does while the token works, which is asked when
// they begin.
func (b *Body) holds(ctx context.Context, actor, role string) (bool, error) {
	if !strings.HasPrefix(actor, personStream) {
		return true, nil
	}
	roles, err := b.door.Accounts.Roles(ctx, actor)
	if errors.Is(err, account.ErrNoPerson) {
		return false, nil
	}
	return slices.ContainsFunc(roles, func(r account.Role) bool { return r.Name == role && r.Member == "" }), err
}

func (b *Body) person(ctx context.Context, person string) (door.Person, error) {
	p, err := b.Register.Person(ctx, strings.TrimPrefix(person, personStream))
	if errors.Is(err, view.ErrNotFound) || err == nil && !p.Forgotten.IsZero() {
		return door.Person{}, account.ErrNoPerson
	}
	return door.Person{Name: p.Name, Email: p.Email, Joined: !p.Joined.IsZero()}, err
}

func (b *Body) joined(ctx context.Context, person string) error {
	_, err := b.Record.Do(ctx, record.Request{Command: people.Join{Person: strings.TrimPrefix(person, personStream)}, Actor: "system", Role: gate.System, Expect: -1})
	return err
}

// memberName asks the record and not the register, in which a company that applies does not stand yet.
func (b *Body) memberName(ctx context.Context, number string) (string, error) {
	w := b.Record.Look(ctx)
	return act.StateOf[membership.Member](w, "member/"+number).Name, w.Err()
}

// actings returns the roles that somebody who signed in could act in beside the one they act in.
func (b *Body) actings(ctx context.Context, who ui.Who) (others []ui.Acting, err error) {
	if _, ok := who.Person(); !ok {
		return nil, nil
	}
	held, err := b.door.Accounts.Roles(ctx, who.Actor)
	for _, r := range held {
		if r.Name == who.Role && r.Member == who.Member {
			continue
		}
		a := ui.Acting{Role: r.Name, Member: r.Member, Title: ui.RoleTitle(r.Name)}
		if r.Member != "" {
			if a.Of, err = b.memberName(ctx, r.Member); err != nil {
				return nil, err
			}
		}
		others = append(others, a)
	}
	return others, err
}

// inviteAt makes an invitation, or a one-time link, for the operator.
func (b *Body) inviteAt(ctx context.Context, number string, link bool) (address string, until time.Time, err error) {
	person := personStream + number
	p, err := b.person(ctx, person)
	switch {
	case err != nil:
		return "", until, err
	case !link:
		return b.door.Invite(ctx, person)
	case p.Joined:
		return "", until, local.ErrJoined
	}
	return b.door.EnrolLink(ctx, person)
}

// admit takes in what the operator says about who may come in, and through whom.
func (b *Body) admit(how cli.Operating) error {
	for _, text := range how.TrustedProxy {
		p, err := network(text)
		if err != nil {
			return err
		}
		b.door.Proxies = append(b.door.Proxies, p)
	}
	for _, text := range how.Provider {
		p, err := provider(text, b.door.Origin)
		if err != nil {
			return err
		}
		b.door.Providers = append(b.door.Providers, p)
	}
	return nil
}

func network(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return p, fmt.Errorf("--trusted-proxy %q is neither an address nor a network; give one such as 10.0.0.5 or 10.0.0.0/8", text)
	}
	return p.Masked(), nil
}

func provider(text, origin string) (*account.Provider, error) {
	f := strings.Fields(text)
	if len(f) != 4 || !act.OneLine(f[0], 1, 40) || strings.ContainsAny(f[0], "/?#%") || !strings.HasPrefix(f[1], "https://") && !strings.HasPrefix(f[1], "http://") {
		return nil, fmt.Errorf("--provider %q is not \"ID ISSUER CLIENT FILE\", such as \"Acme https://id.acme.example shingle acme.secret\"", text)
	}
	secret, err := os.ReadFile(f[3])
	if err != nil {
		return nil, fmt.Errorf("--provider: the secret of %s cannot be read: %w", f[0], err)
	}
	id := strings.ToLower(f[0])
	return &account.Provider{ID: id, Name: f[0], Issuer: f[1], Client: f[2], Secret: strings.TrimSpace(string(secret)), Return: origin + "/oidc/" + id + "/back"}, nil
}

// eviction has what a person signed in with go: when they are forgotten, in the same transaction, and with it
// every session of theirs. When their address is corrected, a link that went to the one before lets nobody in any more.
type eviction struct{ record.Listener }

func (eviction) Name() string { return "account" }

// Project implements [record.View].
func (eviction) Project(tx record.Tx, e act.Recorded) error {
	switch v := e.Event.(type) {
	case people.PersonForgotten:
		account.ForgetIn(tx, personStream+v.Person)
	case people.PersonCorrected:
		account.RecallIn(tx, personStream+v.Person)
	}
	return nil
}
