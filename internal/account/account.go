// Package account knows who asks: a program by the bearer token it brings, a person by what they sign in with.
//
// A token is made for somebody in a role ([Tokens.Create]), is shown once and then forgotten: only its
// SHA-256 is kept. It works until it expires or is revoked. Its row stays for ever, so that "token/4f2a"
// in the record can be explained.
//
//	secret, token, err := tokens.Create(ctx, account.Token{Name: "Ada Byron", Role: "registrar"}, 90*24*time.Hour)
//	token, err := tokens.Authenticate(ctx, secret)
//	err := tokens.Revoke(ctx, token.ID)
//
// People have no passwords ([Accounts]). Somebody who is invited has a one-time link sent to their address, by
// which they enrol a passkey; from then on they sign in with that. Who loses it uses one of the recovery codes
// that they printed, and enrols another. Where they are signed in is a row too: it ends when they say so, by
// time, and at once when they no longer hold the role that they act in, whichever node is asked.
//
// Which roles there are, and what they may do, is the gate's to know.
package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"shingle/internal/act"
	"shingle/internal/record"
)

//go:embed migrations
var migrations embed.FS

// Migrations are the goose migrations of the part "account", to be applied before the record is opened.
var Migrations = record.Sub(migrations, "migrations")

var (
	// ErrUnknownToken says that a token does not work: there is none such, it expired or was revoked.
	ErrUnknownToken = errors.New("the token is unknown, has expired or was revoked")
	// ErrNotFound says that no token has the id.
	ErrNotFound = errors.New("there is no token with this id")
)

const (
	prefix = "shingle_"
	// cacheSize bounds how many tokens are kept in memory.
	cacheSize = 10_000
	// trust is how long a token in memory is used before it is asked whether another process revoked it.
	trust = time.Second
	// maxName is how many characters a holder's name has at most.
	maxName = 200
)

// Token is a token without its secret. Times are UTC, in whole microseconds.
type Token struct {
	ID      string // public
	Name    string // who holds it, in words
	Holder  string // id of the first token of that name: it stands for the person, whichever of theirs they use
	Role    string // e.g. "registrar"
	Member  string // number of the member that a member's role acts for, else ""
	Created time.Time
	Expires time.Time // from when it works no more
}

// Actor is whose name the record says the token's acts were done in.
func (t Token) Actor() string { return "token/" + t.ID }

// Person is by what name the record tells apart who holds tokens: nobody confirms with one what they
// proposed with another.
func (t Token) Person() string { return "token/" + t.Holder }

// Tokens keeps the tokens in the record's database. Its methods may be called from many goroutines.
type Tokens struct {
	record  *record.Record
	mayHold func(role, member string) error

	mu     sync.Mutex
	cached map[[sha256.Size]byte]seen
	epoch  uint64 // grows when a token is revoked: what was read before may be out of date
}

// seen is a token as it was read, and when.
type seen struct {
	Token
	at time.Time
}

// New returns the tokens of a record whose database has had the Migrations. mayHold says whether a token
// may have a role, and act for a member ("" for none).
func New(r *record.Record, mayHold func(role, member string) error) *Tokens {
	return &Tokens{record: r, mayHold: mayHold, cached: map[[sha256.Size]byte]seen{}}
}

// Create makes a token that works for a time, from its holder's name, its role and its member. The secret
// is known to nobody once it has been handed on. What is wrong with the token is an error of type
// [*act.BadField], or what mayHold says.
func (t *Tokens) Create(ctx context.Context, of Token, life time.Duration) (secret string, _ Token, err error) {
	now := t.record.Now().UTC().Truncate(time.Microsecond)
	made := Token{
		ID: strings.ToLower(rand.Text()[:10]), Name: strings.TrimSpace(of.Name), Role: of.Role, Member: of.Member,
		Created: now, Expires: now.Add(life.Truncate(time.Microsecond)),
	}
	if err := t.check(made); err != nil {
		return "", Token{}, err
	}
	secret = prefix + rand.Text() // 130 bits
	hash := sha256.Sum256([]byte(secret))
	err = t.record.Upkeep(ctx, func(tx record.Tx, _ act.World) (err error) {
		if made.Holder, err = holderOf(ctx, tx, made); err != nil {
			return err
		}
		r := tokenRow{ID: made.ID, Hash: hash[:], Name: made.Name, Holder: made.Holder, Role: made.Role, Member: made.Member,
			Created: made.Created.UnixMicro(), Expires: made.Expires.UnixMicro()}
		if r.seal, err = r.sealed(t.record.Keys.Digest); err != nil {
			return err
		}
		tx.Exec("INSERT INTO account_token ("+tokenColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
			r.ID, r.Hash, r.Name, r.Holder, r.Role, r.Member, r.Created, r.Expires, r.Revoked, r.seal)
		return nil
	})
	if err != nil {
		return "", Token{}, fmt.Errorf("the token could not be stored: %w", err)
	}
	return secret, made, nil
}

// holderOf returns who holds a new token: whoever holds those of the same name, in whatever letters, also
// if they work no more; else it is the first of somebody.
func holderOf(ctx context.Context, tx record.Tx, n Token) (holder string, err error) {
	rows, err := tx.Query(ctx, "SELECT name, holder FROM account_token ORDER BY created, id")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name, of string
		if err := rows.Scan(&name, &of); err != nil {
			return "", err
		}
		if sameName(name, n.Name) {
			return of, nil
		}
	}
	return n.ID, rows.Err()
}

// sameName passes over the case of letters and the width of spaces.
func sameName(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}

func (t *Tokens) check(n Token) error {
	switch {
	case n.Name == "":
		return &act.BadField{Field: "name", Detail: "is missing; say who holds the token"}
	case !utf8.ValidString(n.Name) || strings.ContainsFunc(n.Name, unicode.IsControl):
		return &act.BadField{Field: "name", Detail: "should be one line of text"}
	case utf8.RuneCountInString(n.Name) > maxName:
		return &act.BadField{Field: "name", Detail: fmt.Sprintf("is longer than %d characters", maxName)}
	case !n.Expires.After(n.Created):
		return &act.BadField{Field: "expires", Detail: "should be a time to come, not " + n.Expires.Format(time.RFC3339)}
	}
	return t.mayHold(n.Role, n.Member)
}

// Authenticate returns the token that secret is of, or ErrUnknownToken. One that was revoked through these
// Tokens fails at once, one that was revoked by another process within a second.
func (t *Tokens) Authenticate(ctx context.Context, secret string) (Token, error) {
	if len(secret) > 100 || !strings.HasPrefix(secret, prefix) {
		return Token{}, ErrUnknownToken
	}
	// What is looked up and compared is the hash: how long that takes says nothing about the secret.
	hash := sha256.Sum256([]byte(secret))
	t.mu.Lock()
	known, ok := t.cached[hash]
	epoch := t.epoch
	t.mu.Unlock()
	if !ok || time.Since(known.at) >= trust {
		now := time.Now()
		found, err := t.read(ctx, hash)
		if err != nil {
			return Token{}, err
		}
		known = seen{found, now}
		t.remember(hash, known, epoch)
	}
	if !t.record.Now().Before(known.Expires) {
		return Token{}, ErrUnknownToken
	}
	return known.Token, nil
}

func (t *Tokens) read(ctx context.Context, hash [sha256.Size]byte) (Token, error) {
	var r tokenRow
	err := r.scan(t.record.Engine.Reader().QueryRowContext(ctx, "SELECT "+tokenColumns+" FROM account_token WHERE hash = $1 AND revoked = 0", hash[:]))
	if err == nil {
		err = r.fits(t.record.Keys.Digest)
	}
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Token{}, ErrUnknownToken
	case errors.Is(err, errAltered):
		t.record.Log.Error("a token lets nobody in", "token", r.ID, "error", err)
		return Token{}, ErrUnknownToken
	case err != nil:
		return Token{}, fmt.Errorf("the token could not be looked up: %w", err)
	}
	return r.token(), nil
}

// remember keeps a token in memory, unless one was revoked while it was read.
func (t *Tokens) remember(hash [sha256.Size]byte, s seen, epoch uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if epoch != t.epoch {
		return
	}
	if len(t.cached) >= cacheSize {
		clear(t.cached)
	}
	t.cached[hash] = s
}

// Revoke ends a token for good. Revoking it again is fine; an unknown id is ErrNotFound.
func (t *Tokens) Revoke(ctx context.Context, id string) error {
	now := t.record.Now().UTC().UnixMicro()
	err := t.record.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
		rows, err := tx.Query(ctx, "SELECT "+tokenColumns+" FROM account_token WHERE id = $1", id)
		if err != nil {
			return err
		}
		var r tokenRow
		found := rows.Next()
		if found {
			err = r.scan(rows)
		}
		if err := errors.Join(err, rows.Err(), rows.Close()); err != nil {
			return err
		}
		if !found {
			return ErrNotFound
		}
		if r.Revoked != 0 && r.fits(t.record.Keys.Digest) == nil {
			return nil
		}
		r.Revoked = now
		if r.seal, err = r.sealed(t.record.Keys.Digest); err != nil {
			return err
		}
		tx.Exec("UPDATE account_token SET revoked = $1, seal = $2 WHERE id = $3", now, r.seal, id)
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return ErrNotFound
	}
	t.reread() // also if the outcome is in doubt
	if err != nil {
		return fmt.Errorf("the token could not be revoked: %w", err)
	}
	return nil
}

// reread has what is in memory read again.
func (t *Tokens) reread() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.epoch++
	clear(t.cached)
}

// List returns the tokens that work, the newest first.
func (t *Tokens) List(ctx context.Context) (tokens []Token, err error) {
	now := t.record.Now().UTC().UnixMicro()
	rows, err := t.record.Engine.Reader().QueryContext(ctx, "SELECT "+tokenColumns+" FROM account_token WHERE revoked = 0 AND expires > $1 ORDER BY created DESC, id", now)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r tokenRow
		if err := r.scan(rows); err != nil {
			return nil, err
		}
		tokens = append(tokens, r.token())
	}
	return tokens, rows.Err()
}
