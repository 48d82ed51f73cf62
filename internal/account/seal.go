package account

import (
	"context"
	"crypto/hmac"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// tokenRow is the row of a token, whole. No event holds it and no chain covers it; what it says is sealed by a hash
// that only whoever holds the keys can make. So a role or a member that was changed in the database lets nobody in.
// Its exported fields are what is sealed, in this order, for ever.
type tokenRow struct {
	ID, Name, Holder, Role, Member string
	Hash                           []byte
	Created, Expires, Revoked      int64 // µs since 1970, UTC
	seal                           string
}

const tokenColumns = "id, hash, name, holder, role, member, created, expires, revoked, seal"

func (r *tokenRow) scan(row interface{ Scan(...any) error }) error {
	return row.Scan(&r.ID, &r.Hash, &r.Name, &r.Holder, &r.Role, &r.Member, &r.Created, &r.Expires, &r.Revoked, &r.seal)
}

func (r *tokenRow) token() Token {
	return Token{ID: r.ID, Name: r.Name, Holder: r.Holder, Role: r.Role, Member: r.Member,
		Created: time.UnixMicro(r.Created).UTC(), Expires: time.UnixMicro(r.Expires).UTC()}
}

// Digest makes a hash that only whoever holds the keys can make; a keyring's does.
type Digest func(text []byte) ([]byte, error)

func (r *tokenRow) sealed(by Digest) (string, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	seal, err := by(append([]byte("account_token "), text...))
	return base64.StdEncoding.EncodeToString(seal), err
}

// errAltered says that a row is not what was sealed.
var errAltered = errors.New("it was changed in the database since it was made or revoked")

// fits fails with errAltered unless the row is as it was sealed. One that was made before rows were is believed.
func (r *tokenRow) fits(by Digest) error {
	if r.seal == "" {
		return nil
	}
	seal, err := r.sealed(by)
	if err == nil && !hmac.Equal([]byte(seal), []byte(r.seal)) {
		err = errAltered
	}
	return err
}

// TokensChecked is what CheckTokens found.
type TokensChecked struct {
	Sound    int
	Unsealed int      // made before rows were sealed, and still working
	Altered  []string // a sentence for each
}

// CheckTokens compares the rows of tokens with their seals, at a time in µs since 1970.
func CheckTokens(ctx context.Context, db *sql.DB, by Digest, now int64) (found TokensChecked, err error) {
	rows, err := db.QueryContext(ctx, "SELECT "+tokenColumns+" FROM account_token ORDER BY created, id")
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r tokenRow
		if err := r.scan(rows); err != nil {
			return found, err
		}
		switch err := r.fits(by); {
		case errors.Is(err, errAltered):
			found.Altered = append(found.Altered, fmt.Sprintf("the token %s is not to be relied on: %v", r.ID, err))
		case err != nil:
			return found, err
		case r.seal == "" && r.Revoked == 0 && r.Expires > now:
			found.Unsealed++
		default:
			found.Sound++
		}
	}
	return found, rows.Err()
}
