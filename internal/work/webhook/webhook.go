// Package webhook tells other people's programs what became public, by the Standard Webhooks specification
// (standardwebhooks.com).
//
// Somebody registers an endpoint, an address of theirs, for some types of events ([Hooks.Register]). From
// then on each such event becomes a job that posts a thin message there: what happened, to which member, at
// which position of the record. Whoever wants to know more asks the API. Only what the register and the log
// show to everyone is told, and nothing before the register is open.
//
// A message is signed twice, so that the receiver may choose: with a secret that both hold (v1, HMAC-SHA256)
// and with a key of which the receiver has the public half (v1a, Ed25519). It is sent again for three days
// until it is taken, under the same id; an endpoint that took nothing for that long is disabled. Addresses
// are called through package outbound alone.
package webhook

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/governance"
	"shingle/internal/body/standing"
	"shingle/internal/outbound"
	"shingle/internal/record"
	"shingle/internal/work"
)

// Types of events that are told.
const (
	Standing  = "member.standing"  // the public standing of a member changed
	Notice    = "notice.published" // a notice was published
	Corrected = "notice.corrected"
	Code      = "code.adopted" // a version of the code was adopted
)

// Types are all of them, sorted.
var Types = []string{Code, Standing, Corrected, Notice}

// Message is what is posted.
type Message struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"` // when it was recorded
	Data      Data      `json:"data"`
}

// Data says what the message is about. The API tells the rest.
type Data struct {
	Member   string `json:"member,omitempty"` // number
	Notice   string `json:"notice,omitempty"` // id
	Version  string `json:"version,omitempty"`
	Position int64  `json:"position"` // in the record
}

// about returns the message that tells of an event; ok is false for what is not told.
func about(e act.Recorded) (m Message, ok bool) {
	m.Timestamp, m.Data.Position = e.At, e.Position
	switch v := e.Event.(type) {
	case standing.Stated:
		m.Type, m.Data.Member = Standing, v.Member
	case discipline.NoticePublished:
		m.Type, m.Data.Member, m.Data.Notice = Notice, v.Member, v.ID
	case discipline.NoticeCorrected:
		m.Type, m.Data.Member, m.Data.Notice = Corrected, v.Member, v.ID
	case governance.Adopted:
		m.Type, m.Data.Version = Code, v.Version
	default:
		return m, false
	}
	return m, true
}

// Config is what hooks are made of.
type Config struct {
	Record *record.Record
	Store  *work.Store
	Keys   act.Keys
	// About returns the message that tells of an event; nil for that of this package.
	About func(e act.Recorded) (m Message, ok bool)
	// Public reports whether the register was open at a time: what was recorded before is not told, also where jobs
	// are derived again after it was opened.
	Public func(ctx context.Context, at time.Time) (bool, error)
	// Machine is the machine's clock: receivers compare the time of a message with theirs.
	Machine func() time.Time
	Reach   outbound.Reach
	Client  *http.Client // nil for one of package outbound
	Log     *slog.Logger
}

// Hooks are the webhooks of a body. Its methods may be called from many goroutines.
type Hooks struct{ Config }

// patience is how long a receiver may take to answer.
const patience = 15 * time.Second

// New returns the hooks. Their workers are to be added to those of work, and their follower and round.
func New(c Config) *Hooks {
	if c.About == nil {
		c.About = about
	}
	if c.Client == nil {
		c.Client = outbound.Client(patience, c.Reach)
	}
	return &Hooks{c}
}

// Endpoint is where messages are sent.
type Endpoint struct {
	ID       string
	URL      string
	Types    []string // of events; none for all
	Owner    string   // who registered it
	Created  time.Time
	Public   string    // whpk_…: the key by which it knows our v1a signatures
	Disabled time.Time // since when nothing is sent; zero while it is
	Says     string    // why
	position int64
	secrets  []byte // sealed
}

// wants reports whether an endpoint is told of events of a type.
func (e Endpoint) wants(typ string) bool { return len(e.Types) == 0 || slices.Contains(e.Types, typ) }

// Mark tells the secrets that an endpoint has from those that it had, and says nothing about either.
func (e Endpoint) Mark() string {
	h := sha256.Sum256(e.secrets) // sealed, with a nonce
	return hex.EncodeToString(h[:8])
}

// ErrNotFound says that there is no such endpoint, or no such message.
var ErrNotFound = errors.New("there is no such endpoint, or message")

// most is how many endpoints there can be.
const most = 200

// Register adds an endpoint. The secret is shown once and kept sealed. What is wrong with what was given is an
// error of type [*act.BadField]; so is an address that is registered already.
func (h *Hooks) Register(ctx context.Context, url string, types []string, owner string) (e Endpoint, secret string, err error) {
	url = strings.TrimSpace(url)
	if err := outbound.CheckURL(url, h.Reach); err != nil {
		return e, "", &act.BadField{Field: "url", Detail: err.Error()}
	}
	for _, t := range types {
		if !slices.Contains(Types, t) {
			return e, "", &act.BadField{Field: "types", Detail: fmt.Sprintf("%.40q is none of %s", t, strings.Join(Types, ", "))}
		}
	}
	made := newSecrets()
	sealed, err := h.seal(made)
	if err != nil {
		return e, "", err
	}
	e = Endpoint{ID: newID(), URL: url, Types: slices.Compact(slices.Sorted(slices.Values(types))), Owner: owner, Created: h.Machine().UTC(), Public: made.public(), secrets: sealed}
	err = h.Record.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
		n, err := count(ctx, tx, "SELECT count(*) FROM work_endpoint")
		if err != nil {
			return err
		}
		if n >= most {
			return &act.BadField{Field: "url", Detail: fmt.Sprintf("there are %d endpoints already, and no more are kept; remove one first", n)}
		}
		same, err := count(ctx, tx, "SELECT count(*) FROM work_endpoint WHERE url = $1", e.URL)
		if err != nil {
			return err
		}
		if same > 0 {
			return &act.BadField{Field: "url", Detail: "messages are sent to this address already; look for it in the list"}
		}
		e.position = h.Record.Position()
		tx.Exec("INSERT INTO work_endpoint (id, url, types, owner, created, position, public, secrets, disabled, says) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '')",
			e.ID, e.URL, strings.Join(e.Types, " "), e.Owner, e.Created.UnixMicro(), e.position, e.Public, e.secrets)
		return nil
	})
	return e, made.shared(), err
}

// Disable stops telling an endpoint until it is enabled again.
func (h *Hooks) Disable(ctx context.Context, id string) error {
	return h.change(ctx, "UPDATE work_endpoint SET disabled = $2, says = $3 WHERE id = $1 AND disabled = 0", id, h.Machine().UnixMicro(), ByHand)
}

// ByHand is what is said of an endpoint that somebody disabled.
const ByHand = "it was disabled by hand"

// Rotate gives an endpoint another secret, which is shown once. Messages are signed with the old one too for
// a day.
func (h *Hooks) Rotate(ctx context.Context, id string) (secret string, err error) {
	e, err := h.find(ctx, id)
	if err != nil {
		return "", err
	}
	s, err := h.unseal(e)
	if err != nil {
		return "", err
	}
	s.Old, s.Until, s.Shared = s.Shared, h.Machine().Add(24*time.Hour).Unix(), newSecrets().Shared
	sealed, err := h.seal(s)
	if err != nil {
		return "", err
	}
	return s.shared(), h.change(ctx, "UPDATE work_endpoint SET secrets = $2 WHERE id = $1", id, sealed)
}

// Remove ends an endpoint for good.
func (h *Hooks) Remove(ctx context.Context, id string) error {
	return h.change(ctx, "DELETE FROM work_endpoint WHERE id = $1", id)
}

// Enable lets an endpoint be told again. What it missed is sent again by Resend.
func (h *Hooks) Enable(ctx context.Context, id string) error {
	return h.change(ctx, "UPDATE work_endpoint SET disabled = 0, says = '' WHERE id = $1", id)
}

// disable stops telling an endpoint.
func (h *Hooks) disable(ctx context.Context, id, says string) error {
	h.Log.Warn("an endpoint of webhooks is disabled", "endpoint", id, "says", says)
	return h.change(ctx, "UPDATE work_endpoint SET disabled = $2, says = $3 WHERE id = $1 AND disabled = 0", id, h.Machine().UnixMicro(), says)
}

func (h *Hooks) change(ctx context.Context, query, id string, args ...any) error {
	return h.Record.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
		n, err := count(ctx, tx, "SELECT count(*) FROM work_endpoint WHERE id = $1", id)
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		if err != nil {
			return err
		}
		tx.Exec(query, append([]any{id}, args...)...)
		return nil
	})
}

func count(ctx context.Context, tx record.Tx, query string, args ...any) (n int, err error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	if rows.Next() {
		err = rows.Scan(&n)
	}
	return n, errors.Join(err, rows.Err(), rows.Close())
}

// Endpoints returns all endpoints, the oldest first.
func (h *Hooks) Endpoints(ctx context.Context) (all []Endpoint, err error) {
	rows, err := h.Record.Engine.Reader().QueryContext(ctx, "SELECT "+endpointColumns+" FROM work_endpoint ORDER BY created, id")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		e, err := scanEndpoint(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, rows.Err()
}

// Endpoint returns an endpoint; [ErrNotFound] if there is none.
func (h *Hooks) Endpoint(ctx context.Context, id string) (Endpoint, error) { return h.find(ctx, id) }

func (h *Hooks) find(ctx context.Context, id string) (Endpoint, error) {
	e, err := scanEndpoint(h.Record.Engine.Reader().QueryRowContext(ctx, "SELECT "+endpointColumns+" FROM work_endpoint WHERE id = $1", id))
	if errors.Is(err, sql.ErrNoRows) {
		return e, ErrNotFound
	}
	return e, err
}

const endpointColumns = "id, url, types, owner, created, position, public, secrets, disabled, says"

func scanEndpoint(row interface{ Scan(...any) error }) (e Endpoint, err error) {
	var types string
	var created, disabled int64
	err = row.Scan(&e.ID, &e.URL, &types, &e.Owner, &created, &e.position, &e.Public, &e.secrets, &disabled, &e.Says)
	e.Types, e.Created = strings.Fields(types), time.UnixMicro(created).UTC()
	if disabled != 0 {
		e.Disabled = time.UnixMicro(disabled).UTC()
	}
	return e, err
}

// seal and unseal keep an endpoint's secrets under the key of "webhooks".
func (h *Hooks) seal(s secrets) ([]byte, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	sealed, err := h.Keys.Seal("webhooks", string(text))
	if err == nil {
		err = h.Keys.Sync()
	}
	return sealed, err
}

func (h *Hooks) unseal(e Endpoint) (s secrets, err error) {
	text, err := h.Keys.Open("webhooks", e.secrets)
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(text), &s)
}
