package account

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"shingle/internal/act"
	"shingle/internal/record"
)

// Passkey is a credential that somebody signs in with. Times are UTC.
type Passkey struct {
	ID     string // base64url
	Person string
	Label  string    // what its holder calls it
	Made   time.Time // when it was enrolled
	Used   time.Time // when it was last used; zero if it never was
	Synced bool      // it is backed up, and lies on more than one device
	Copied bool      // its counter ran backwards: somebody may have a copy, so it works no more
}

var (
	// ErrWrongPasskey says that an answer proves nothing: it is not of a passkey that is known, or not to what
	// was asked.
	ErrWrongPasskey = errors.New("the passkey is not known here, or its answer does not fit")
	// ErrCopied says that a passkey's counter ran backwards: there may be a copy of it.
	ErrCopied = errors.New("the passkey may have been copied, and works no more")
	// ErrLastPasskey says that a passkey is still needed.
	ErrLastPasskey = errors.New("this is the last way to sign in")
	// ErrTooManyPasskeys says that somebody has as many passkeys as there may be.
	ErrTooManyPasskeys = errors.New("there may be twenty passkeys at most")
)

const (
	mostPasskeys = 20
	maxLabel     = 60 // characters
)

// holder is a person as passkeys know them.
type holder struct {
	handle      []byte
	name, email string
	credentials []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return h.handle }
func (h holder) WebAuthnName() string                       { return h.email }
func (h holder) WebAuthnDisplayName() string                { return h.name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.credentials }

// Enrolling is who enrols a passkey: their name and address are shown by whatever keeps it.
type Enrolling struct{ Person, Name, Email string }

// BeginEnrol returns the options with which a browser makes a passkey, and the secret of the ceremony.
func (a *Accounts) BeginEnrol(ctx context.Context, who Enrolling) (options []byte, ceremony string, err error) {
	h, err := a.holder(ctx, who)
	if err != nil {
		return nil, "", err
	}
	if len(h.credentials) >= mostPasskeys {
		return nil, "", ErrTooManyPasskeys
	}
	var known []protocol.CredentialDescriptor
	for _, c := range h.credentials {
		known = append(known, c.Descriptor())
	}
	creation, session, err := a.web.BeginRegistration(h, webauthn.WithExclusions(known))
	if err != nil {
		return nil, "", fmt.Errorf("a passkey cannot be asked for: %w", err)
	}
	return a.asked(ctx, enrolling, who.Person, creation.Response, session)
}

// asked keeps a ceremony with a passkey.
func (a *Accounts) asked(ctx context.Context, purpose, person string, options any, session *webauthn.SessionData) ([]byte, string, error) {
	text, err := json.Marshal(options)
	if err != nil {
		return nil, "", err
	}
	ceremony, err := a.begin(ctx, purpose, person, session)
	return text, ceremony, err
}

// FinishEnrol keeps the passkey that a browser made. Errors are [ErrExpired], [ErrWrongPasskey] and, about the
// label, of type [*act.BadField].
func (a *Accounts) FinishEnrol(ctx context.Context, who Enrolling, ceremony string, answer []byte, label string) (Passkey, error) {
	label, err := checkLabel(label)
	if err != nil {
		return Passkey{}, err
	}
	var session webauthn.SessionData
	if err := a.finish(ctx, ceremony, enrolling, who.Person, &session); err != nil {
		return Passkey{}, err
	}
	h, err := a.holder(ctx, who)
	if err != nil {
		return Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Passkey{}, ErrWrongPasskey
	}
	credential, err := a.web.CreateCredential(h, session, parsed)
	if err != nil {
		return Passkey{}, ErrWrongPasskey
	}
	text, err := json.Marshal(credential)
	if err != nil {
		return Passkey{}, err
	}
	made := passkeyOf(credential)
	made.Person, made.Label, made.Made = who.Person, label, a.now()
	return made, a.write(ctx, func(tx record.Tx) error {
		var n int
		if found, err := one(ctx, tx, "SELECT 1 FROM account_passkey WHERE id = $1", []any{made.ID}, &n); err != nil {
			return err
		} else if found {
			return ErrWrongPasskey // whosever it is: a passkey is enrolled once
		}
		tx.Exec("INSERT INTO account_passkey (id, person, label, credential, made) VALUES ($1, $2, $3, $4, $5)",
			made.ID, made.Person, made.Label, string(text), made.Made.UnixMicro())
		return nil
	})
}

func checkLabel(label string) (string, error) {
	label = strings.TrimSpace(label)
	if label == "" {
		return "Passkey", nil
	}
	if !act.OneLine(label, 1, maxLabel) {
		return "", &act.BadField{Field: "label", Detail: fmt.Sprintf("should be one line of at most %d characters", maxLabel)}
	}
	return label, nil
}

// holder returns a person as passkeys know them. Who has none yet gets a handle, by which they will be known.
func (a *Accounts) holder(ctx context.Context, who Enrolling) (holder, error) {
	h := holder{name: who.Name, email: who.Email}
	var found bool
	err := a.eachCredential(ctx, who.Person, func(handle []byte, c *webauthn.Credential) {
		found, h.handle = true, handle
		if c != nil {
			h.credentials = append(h.credentials, *c)
		}
	})
	if err != nil || found {
		return h, err
	}
	return h, a.write(ctx, func(tx record.Tx) error {
		if found, err := one(ctx, tx, "SELECT handle FROM account_handle WHERE person = $1", []any{who.Person}, &h.handle); found || err != nil {
			return err
		}
		h.handle = make([]byte, 64)
		_, _ = rand.Read(h.handle) // it never fails
		tx.Exec("INSERT INTO account_handle (person, handle) VALUES ($1, $2)", who.Person, h.handle)
		return nil
	})
}

// eachCredential calls do for each passkey of a person who has a handle, or once without one.
func (a *Accounts) eachCredential(ctx context.Context, person string, do func(handle []byte, c *webauthn.Credential)) (err error) {
	rows, err := a.record.Engine.Reader().QueryContext(ctx,
		"SELECT h.handle, coalesce(p.credential, '') FROM account_handle h LEFT JOIN account_passkey p ON p.person = h.person WHERE h.person = $1", person)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var handle []byte
		var text string
		if err := rows.Scan(&handle, &text); err != nil {
			return err
		}
		if text == "" {
			do(handle, nil)
			continue
		}
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			return err
		}
		do(handle, &c)
	}
	return rows.Err()
}

// BeginSignIn returns the options with which a browser looks for a passkey, whosever it is.
func (a *Accounts) BeginSignIn(ctx context.Context) (options []byte, ceremony string, err error) {
	assertion, session, err := a.web.BeginDiscoverableLogin()
	if err != nil {
		return nil, "", fmt.Errorf("a passkey cannot be asked for: %w", err)
	}
	return a.asked(ctx, signingIn, "", assertion.Response, session)
}

// FinishSignIn returns the passkey that was used to sign in. Errors are [ErrExpired], [ErrWrongPasskey] and
// [ErrCopied]; with the last two comes whose passkey it is, as far as that is known.
func (a *Accounts) FinishSignIn(ctx context.Context, ceremony string, answer []byte) (Passkey, error) {
	var session webauthn.SessionData
	if err := a.finish(ctx, ceremony, signingIn, "", &session); err != nil {
		return Passkey{}, err
	}
	return a.verify(ctx, session, answer, "")
}

// BeginProof returns the options with which somebody who is signed in proves afresh who they are.
func (a *Accounts) BeginProof(ctx context.Context, person string) (options []byte, ceremony string, err error) {
	var known []protocol.CredentialDescriptor
	err = a.eachCredential(ctx, person, func(_ []byte, c *webauthn.Credential) {
		if c != nil {
			known = append(known, c.Descriptor())
		}
	})
	if err != nil {
		return nil, "", err
	}
	if len(known) == 0 {
		return nil, "", ErrWrongPasskey
	}
	assertion, session, err := a.web.BeginDiscoverableLogin(webauthn.WithAllowedCredentials(known))
	if err != nil {
		return nil, "", fmt.Errorf("a passkey cannot be asked for: %w", err)
	}
	return a.asked(ctx, proving, person, assertion.Response, session)
}

// FinishProof fails as FinishSignIn does unless a passkey of that person was used.
func (a *Accounts) FinishProof(ctx context.Context, person, ceremony string, answer []byte) error {
	var session webauthn.SessionData
	if err := a.finish(ctx, ceremony, proving, person, &session); err != nil {
		return err
	}
	_, err := a.verify(ctx, session, answer, person)
	return err
}

// verify checks a passkey's answer. It notes the use, or that there is a copy. person is "" if anyone may
// have answered.
func (a *Accounts) verify(ctx context.Context, session webauthn.SessionData, answer []byte, person string) (used Passkey, err error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Passkey{}, ErrWrongPasskey
	}
	var fault error
	credential, err := a.web.ValidateDiscoverableLogin(func(id, handle []byte) (webauthn.User, error) {
		var h holder
		h, used, fault = a.answering(ctx, id, person)
		if fault != nil {
			return nil, fault
		}
		if !bytes.Equal(h.handle, handle) {
			return nil, ErrWrongPasskey
		}
		return h, nil
	}, session, parsed)
	switch {
	case fault != nil:
		return used, fault
	case err != nil:
		return used, ErrWrongPasskey
	}
	label := used.Label
	of, made := used.Person, used.Made
	used = passkeyOf(credential)
	used.Person, used.Label, used.Made, used.Used = of, label, made, a.now()
	text, err := json.Marshal(credential)
	if err != nil {
		return used, err
	}
	err = a.write(ctx, func(tx record.Tx) error {
		if used.Copied {
			tx.Exec("UPDATE account_passkey SET credential = $1 WHERE id = $2", string(text), used.ID)
		} else {
			tx.Exec("UPDATE account_passkey SET credential = $1, used = $2 WHERE id = $3", string(text), used.Used.UnixMicro(), used.ID)
		}
		return nil
	})
	if err == nil && used.Copied {
		err = ErrCopied
	}
	return used, err
}

// answering returns whose passkey answers, with that passkey alone.
func (a *Accounts) answering(ctx context.Context, id []byte, person string) (h holder, p Passkey, err error) {
	all, err := a.passkeys(ctx, "p.id = $1", base64.RawURLEncoding.EncodeToString(id))
	if err != nil {
		return h, p, err
	}
	if len(all) == 0 || person != "" && all[0].Person != person {
		return h, p, ErrWrongPasskey
	}
	h.handle, h.credentials = all[0].handle, []webauthn.Credential{all[0].credential}
	return h, all[0].Passkey, nil
}

func passkeyOf(c *webauthn.Credential) Passkey {
	return Passkey{ID: base64.RawURLEncoding.EncodeToString(c.ID), Synced: c.Flags.BackupState, Copied: c.Authenticator.CloneWarning}
}

// stored is a passkey as it is read.
type stored struct {
	Passkey
	handle     []byte
	credential webauthn.Credential
}

func (a *Accounts) passkeys(ctx context.Context, where string, args ...any) (all []stored, err error) {
	rows, err := a.record.Engine.Reader().QueryContext(ctx,
		"SELECT p.person, p.label, p.credential, p.made, p.used, h.handle FROM account_passkey p JOIN account_handle h ON h.person = p.person WHERE "+where+" ORDER BY p.made, p.id", args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s stored
		var text, person, label string
		var made, used int64
		if err := rows.Scan(&person, &label, &text, &made, &used, &s.handle); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(text), &s.credential); err != nil {
			return nil, err
		}
		s.Passkey = passkeyOf(&s.credential)
		s.Person, s.Label, s.Made, s.Used = person, label, timeOf(made), timeOf(used)
		all = append(all, s)
	}
	return all, rows.Err()
}

// Passkeys returns somebody's passkeys, the oldest first.
func (a *Accounts) Passkeys(ctx context.Context, person string) ([]Passkey, error) {
	all, err := a.passkeys(ctx, "p.person = $1", person)
	var list []Passkey
	for _, s := range all {
		list = append(list, s.Passkey)
	}
	return list, err
}

// RemovePasskey removes one of somebody's passkeys, unless it is the last that works, or an officer would be
// left without what [Accounts.Ready] asks for: then the error is [ErrLastPasskey]. What is not theirs is
// [ErrNotFound].
func (a *Accounts) RemovePasskey(ctx context.Context, person, id string) error {
	roles, err := a.roles(ctx, person)
	if err != nil {
		return err
	}
	all, err := a.Passkeys(ctx, person)
	if err != nil {
		return err
	}
	codes, err := a.RecoveryCodes(ctx, person)
	if err != nil {
		return err
	}
	found, left := false, 0
	for _, p := range all {
		found = found || p.ID == id
		if p.ID != id && !p.Copied {
			left++
		}
	}
	switch {
	case !found:
		return ErrNotFound
	case left == 0, heldOffice(roles, a.now()) && left < 2 && codes.Left == 0:
		return ErrLastPasskey
	}
	return a.write(ctx, func(tx record.Tx) error {
		// Two at once do not remove the last two: under the write lock there is another, or none is removed.
		tx.Exec("DELETE FROM account_passkey WHERE id = $1 AND person = $2 AND EXISTS (SELECT 1 FROM account_passkey o WHERE o.person = $2 AND o.id <> $1)", id, person)
		return nil
	})
}

// DropPasskey takes a passkey back that was just enrolled by somebody who may not come in after all.
func (a *Accounts) DropPasskey(ctx context.Context, p Passkey) error {
	return a.write(ctx, func(tx record.Tx) error {
		tx.Exec("DELETE FROM account_passkey WHERE id = $1 AND person = $2", p.ID, p.Person)
		return nil
	})
}
