package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"shingle/internal/account"
	"shingle/internal/cli"
	"shingle/internal/demo"
	"shingle/internal/gate"
	"shingle/internal/serving"
)

// demoWeb is the host name under which the demo's body speaks.
const demoWeb = "demo.example"

// Demo implements [cli.House].
func (House) Demo(ctx context.Context, how cli.Demo, out io.Writer) (err error) {
	sockets, err := serving.Inherit()
	if err != nil {
		return err
	}
	defer sockets.Close()
	network, err := sockets.Open("listen", how.Listen) // what is in use is told at once
	if err != nil {
		return err
	}
	dir := how.Data
	if dir == "" {
		if dir, err = os.MkdirTemp("", "shingle-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	if f := folder(dir); holds(f.record()) || holds(f.root()) {
		return fmt.Errorf("%s holds a body itself; a demo has a folder of its own with the body in it: if this is a demo's, give the one above, --data %s",
			dir, cli.Shell(filepath.Dir(filepath.Clean(dir))))
	}
	at := cli.Place{Data: filepath.Join(dir, "body")}
	began := time.Now()
	if err := folder(at.Data).reachable(); err != nil {
		return err
	}
	if !holds(folder(at.Data).record()) {
		fmt.Fprintln(out, "making a body with 330 members and two years of history …")
		if err := makeDemo(ctx, dir, at); err != nil {
			return err
		}
	}
	b, err := openBody(ctx, opening{at: at, listen: network.String(), logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	if !b.stamp.demo {
		return fmt.Errorf("%s holds a real body, not a demo; choose another --data", at.Data)
	}
	tokens, err := b.demoTokens(ctx)
	if err != nil {
		return err
	}
	_, err = b.serve(ctx, service{at: at, sockets: sockets, ready: func() {
		b.welcome(out, at, network.String(), tokens, time.Since(began))
	}})
	return err
}

// makeDemo makes a demo's folder and its history, under another name: what has the right one is whole. What
// was left of one that was cut off is removed.
func makeDemo(ctx context.Context, dir string, at cli.Place) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the folder cannot be made: %w", err)
	}
	unlock, err := folder(dir).lock(ctx, 0)
	if err != nil {
		return err
	}
	defer unlock()
	making := cli.Place{Data: at.Data + ".making"}
	if err := os.RemoveAll(making.Data); err != nil {
		return fmt.Errorf("what is left of a demo cannot be removed: %w", err)
	}
	err = makePlace(ctx, making, stamp{role: "body", web: demoWeb, demo: true}, func(b *Body) error {
		return demo.Build(ctx, demo.Stage{Record: b.Record, Set: b.clock.stand, FallDue: b.fallDue}, time.Now(), nil)
	})
	if err != nil {
		return err
	}
	return os.Rename(making.Data, at.Data)
}

// demoToken is a token that the demo prints.
type demoToken struct{ role, secret string }

// demoTokens makes a token for each role that a visitor may want to act in. Those of the last start, whose
// secrets nobody has kept, work no more.
func (b *Body) demoTokens(ctx context.Context) (tokens []demoToken, err error) {
	old, err := b.tokens.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range old {
		if slices.ContainsFunc(demo.Tokens, func(d demo.Token) bool { return d.Name == t.Name && d.Role == t.Role }) {
			if err := b.tokens.Revoke(ctx, t.ID); err != nil {
				return nil, err
			}
		}
	}
	for _, t := range demo.Tokens {
		secret, _, err := b.tokens.Create(ctx, account.Token{Name: t.Name, Role: t.Role, Member: t.Member}, 366*24*time.Hour)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, demoToken{t.Role, secret})
	}
	return tokens, nil
}

// welcome says where everything is.
func (b *Body) welcome(out io.Writer, at cli.Place, address string, tokens []demoToken, took time.Duration) {
	web := "http://" + address
	fmt.Fprintf(out, "\n%s is ready after %.1f s\n\n", b.demoName(), took.Seconds())
	for _, line := range [][2]string{
		{"the body's site", web + "/"},
		{"one member", web + "/register/0042"},
		{"its seal", web + "/seal/0042.svg"},
		{"the public log", web + "/log"},
		{"move the clock", web + "/demo/clock"},
		{"the API", web + "/docs"},
	} {
		fmt.Fprintf(out, "  %-16s %s\n", line[0], line[1])
	}
	showGuests(out, address)
	fmt.Fprintf(out, "\nTokens, to act in a role (shingle act … --token TOKEN):\n\n")
	for _, t := range tokens {
		fmt.Fprintf(out, "  %-16s %s\n", t.role, t.secret)
	}
	b.invite(out, at, tokens)
	fmt.Fprintf(out, "\nThe data are in %s; docs/TOUR.md leads through all of it. Stop with Ctrl-C.\n", at.Data)
}

// invite prints the commands that eject a member, ready to be typed in.
func (b *Body) invite(out io.Writer, at cli.Place, tokens []demoToken) {
	body, err := b.Register.Body(context.Background())
	if err != nil {
		return
	}
	// The history was counted back from 23 months after the go-live.
	d, err := demo.Decision(demo.Expellable[0], body.GoLive.AddMonths(23).Start(time.UTC).Add(12*time.Hour))
	if err != nil {
		return
	}
	secret := map[string]string{}
	for _, t := range tokens {
		secret[t.role] = t.secret
	}
	fmt.Fprintf(out, "\nTo eject a member, bring in a decision that was taken on paper, as two officers; the first command prints its NUMBER:\n\n")
	fmt.Fprintf(out, "  export SHINGLE_DATA=%s\n", cli.Shell(at.Data))
	fmt.Fprintf(out, "  shingle act order.record --token %s --member %s --sanction %s --decided %s --served %s \\\n    --service-proof %s --appeal-closed %s \\\n    --findings %s \\\n    --text %s\n",
		secret[gate.CaseManager], d.Member, d.Sanction, d.Decided, d.Served, cli.Shell(d.ServiceProof), d.AppealClosed,
		cli.Shell(strings.Join(d.Findings, ";")), cli.Shell(d.Text))
	fmt.Fprintf(out, "  shingle act order.confirm --token %s --order NUMBER\n", secret[gate.Chair])
}

func (b *Body) demoName() string {
	body, err := b.Register.Body(context.Background())
	if err != nil {
		return "The demo"
	}
	return body.Name
}
