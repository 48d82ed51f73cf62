// Package alerts keeps who asked to be told when a member's standing changes: customers, by nothing but a
// mail address.
//
// Somebody asks on the member's page ([Alerts.Ask]) and is sent a link, which is good for a day. Nothing else is
// ever sent to an address before whoever reads its mail has confirmed it by that link ([Alerts.Confirm]). From
// then on they are written to when the public standing changes, until they end it ([Alerts.End]) by the secret
// that is in each letter. Asking again for what is confirmed already looks the same from outside, down to the
// letter: nobody learns by asking whether somebody else has asked.
//
// An address is stored encrypted under a key of its own, which is destroyed when the subscription ends or was
// not confirmed in time; beside it lies a keyed digest, by which equal ones are known. What is not derived from
// the record: these tables are in the backups.
package alerts

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/body/people"
	"shingle/internal/record"
)

//go:embed migrations
var migrations embed.FS

// Migrations are the goose migrations of the part "alerts", to be applied before the record is opened.
var Migrations = record.Sub(migrations, "migrations")

var (
	// ErrAddress says that what was given is no mail address.
	ErrAddress = errors.New("this is no mail address")
	// ErrFull says that too many wait to be confirmed.
	ErrFull = errors.New("too many people ask to be told right now; ask again tomorrow")
	// ErrGone says that a link or secret is of nothing: it was used, is over, or never was.
	ErrGone = errors.New("the link was used already, is over, or is not whole")
)

const (
	// linkLife is how long a link that confirms is good for, waiting how long it is waited for that.
	linkLife, waiting = 24 * time.Hour, 48 * time.Hour
	// mostWaiting bounds what strangers can have us keep.
	mostWaiting = 10_000
)

// Keys are what addresses are encrypted with.
type Keys interface {
	act.Keys
	Forget(ctx context.Context, owner string) error
}

// Config is what alerts are made of.
type Config struct {
	Record *record.Record
	Keys   Keys
	Now    func() time.Time
	// Ended is told of a subscription whose address is to be found nowhere any more: letters that lie about are
	// removed. It is told again if it fails. Nil does nothing.
	Ended func(ctx context.Context, id string) error
}

// Alerts keeps the subscriptions of a body. Its methods may be called from many goroutines.
type Alerts struct {
	Config
	tries account.Tries
}

// New returns the alerts of a body.
func New(c Config) *Alerts { return &Alerts{c, account.NewTries(c.Record)} }

// Alert is a subscription, without the address. Times are UTC.
type Alert struct {
	ID        string
	Member    string // number
	Created   time.Time
	Confirmed time.Time // zero: not yet
}

// Prefix begins the name of whoever is behind a subscription: to the keyring, and to whoever sends letters.
const Prefix = "subscriber/"

// The states of a subscription.
const (
	asked     = "asked"
	confirmed = "confirmed"
	ended     = "ended" // what is left is destroyed, and then the row goes
)

// secret is what is sealed.
type secret struct {
	Address string `json:"address"`
	EndsBy  string `json:"ends_by"`
}

// Ask begins a subscription, for an address that somebody typed. from is where they are, as tries are counted;
// "" is not counted. It returns the subscription's id, for which a [Alerts.Link] is to be sent, or "" where
// so much was sent to the address lately that nothing more is: whoever asks is told the same. Errors are
// [ErrAddress], [ErrFull], a [*account.TooMany] of from, and faults.
func (a *Alerts) Ask(ctx context.Context, member, address, from string) (id string, err error) {
	address = strings.TrimSpace(address)
	if !people.IsAddress(address) {
		return "", ErrAddress
	}
	known := strings.ToLower(address)
	if allowed, err := a.count(ctx, from, known); err != nil || !allowed {
		return "", err
	}
	digest, err := a.Keys.Digest([]byte("alert\n" + member + "\n" + known))
	if err != nil {
		return "", err
	}
	id, now := rand.Text(), a.now()
	endsBy, endsByHash := account.NewSecret()
	text, err := json.Marshal(secret{address, endsBy})
	if err != nil {
		return "", err
	}
	sealed, err := a.Keys.Seal(Prefix+id, string(text))
	if err == nil {
		err = a.Keys.Sync() // the key is kept before what needs it
	}
	if err != nil {
		return "", fmt.Errorf("the address cannot be kept now: %w", err)
	}
	err = a.Record.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
		tx.Exec("INSERT INTO alert (id, member, address, sealed, state, created, confirmed, link, link_until, ends_by) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, 0, $8)",
			id, member, digest, sealed, asked, now.UnixMicro(), []byte{}, endsByHash)
		return nil
	})
	if err != nil {
		return "", errors.Join(err, a.Keys.Forget(context.WithoutCancel(ctx), Prefix+id))
	}
	return id, nil
}

// Link makes the link that confirms a subscription, and says until when it is good. Those made before are good
// for nothing. It fails with [ErrGone] where nothing waits to be confirmed.
func (a *Alerts) Link(ctx context.Context, id string) (link string, until time.Time, err error) {
	now := a.now()
	link, hash := account.NewSecret()
	return link, until, a.change(ctx, func(tx record.Tx) error {
		row, err := find(ctx, tx, "id = $1 AND state = $2", id, asked)
		if err != nil {
			return err
		}
		if until = row.Created.Add(waiting); until.After(now.Add(linkLife)) {
			until = now.Add(linkLife)
		}
		if !now.Before(until) {
			return ErrGone
		}
		tx.Exec("UPDATE alert SET link = $1, link_until = $2 WHERE id = $3", hash, until.UnixMicro(), id)
		return nil
	})
}

// Asked returns what a link would confirm, or [ErrGone].
func (a *Alerts) Asked(ctx context.Context, link string) (Alert, error) {
	row, err := find(ctx, reader{a.Record.Engine.Reader()}, "link = $1 AND state = $2 AND link_until > $3", account.HashOf(link), asked, a.now().UnixMicro())
	return row.Alert, err
}

// Confirm makes a subscription one, once. Another of the same address to the same member ends: this one is in
// its place. A link that was used is [ErrGone].
func (a *Alerts) Confirm(ctx context.Context, link string) (Alert, error) {
	now := a.now()
	var row row
	err := a.change(ctx, func(tx record.Tx) (err error) {
		if row, err = find(ctx, tx, "link = $1 AND state = $2 AND link_until > $3", account.HashOf(link), asked, now.UnixMicro()); err != nil {
			return err
		}
		row.Confirmed = now
		end(tx, "address = $2 AND id <> $3", row.address, row.ID)
		tx.Exec("UPDATE alert SET state = $1, confirmed = $2, link = $3 WHERE id = $4", confirmed, now.UnixMicro(), []byte{}, row.ID)
		return nil
	})
	if err == nil {
		err = a.destroy(ctx)
	}
	return row.Alert, err
}

// EndedBy returns the subscription that a secret ends, or [ErrGone].
func (a *Alerts) EndedBy(ctx context.Context, endsBy string) (Alert, error) {
	row, err := find(ctx, reader{a.Record.Engine.Reader()}, "ends_by = $1 AND state <> $2", account.HashOf(endsBy), ended)
	return row.Alert, err
}

// End ends the subscription that a secret ends, and destroys the key of its address. It returns what was ended,
// or [ErrGone].
func (a *Alerts) End(ctx context.Context, endsBy string) (Alert, error) {
	var row row
	err := a.change(ctx, func(tx record.Tx) (err error) {
		if row, err = find(ctx, tx, "ends_by = $1 AND state <> $2", account.HashOf(endsBy), ended); err == nil {
			end(tx, "id = $2", row.ID)
		}
		return err
	})
	if err == nil {
		err = a.destroy(ctx)
	}
	return row.Alert, err
}

// Of returns the ids of those who are told about a member.
func (a *Alerts) Of(ctx context.Context, member string) (ids []string, err error) {
	return a.ids(ctx, "member = $1 AND state = $2", member, confirmed)
}

// Subscriber returns whom a letter goes to, and the secret by which they end it, "" before it is confirmed. It
// fails with [ErrGone] for a subscription that has ended.
func (a *Alerts) Subscriber(ctx context.Context, id string) (address, endsBy string, err error) {
	row, err := find(ctx, reader{a.Record.Engine.Reader()}, "id = $1 AND state <> $2", id, ended)
	if err != nil {
		return "", "", err
	}
	text, err := a.Keys.Open(Prefix+id, row.sealed)
	if errors.Is(err, act.ErrForgotten) {
		return "", "", ErrGone
	}
	var s secret
	if err == nil {
		err = json.Unmarshal([]byte(text), &s)
	}
	if err != nil {
		return "", "", fmt.Errorf("the address of a subscription cannot be read: %w", err)
	}
	if row.Confirmed.IsZero() {
		s.EndsBy = ""
	}
	return s.Address, s.EndsBy, nil
}

// Count returns how many are told about some member, and how many wait to confirm that they want to be.
func (a *Alerts) Count(ctx context.Context) (told, wait int64, err error) {
	err = a.Record.Engine.Reader().QueryRowContext(ctx, "SELECT count(CASE WHEN state = $1 THEN 1 END), count(CASE WHEN state = $2 THEN 1 END) FROM alert", confirmed, asked).Scan(&told, &wait)
	return told, wait, err
}

func (a *Alerts) now() time.Time { return a.Now().UTC().Truncate(time.Microsecond) }
