package account

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"shingle/internal/record"
)

// recoveryCodes is how many codes are made at once.
const recoveryCodes = 10

// RecoveryCodes says what recovery codes somebody has: how many work, and when they were made.
type RecoveryCodes struct {
	Left int
	Made time.Time
}

// RecoveryCodes returns what recovery codes somebody has.
func (a *Accounts) RecoveryCodes(ctx context.Context, person string) (c RecoveryCodes, err error) {
	var made int64
	err = a.record.Engine.Reader().QueryRowContext(ctx, "SELECT count(*), coalesce(max(made), 0) FROM account_recovery WHERE person = $1 AND used = 0", person).
		Scan(&c.Left, &made)
	c.Made = timeOf(made)
	return c, err
}

// MakeRecoveryCodes makes ten codes of 80 bits, to be printed. They are known to nobody once they have been
// handed on, and those made before work no more: nor does a session that one of them opened, in which somebody who found
// the old ones could still enrol.
func (a *Accounts) MakeRecoveryCodes(ctx context.Context, person string) (codes []string, err error) {
	for range recoveryCodes {
		text := rand.Text()[:16]
		codes = append(codes, text[:4]+"-"+text[4:8]+"-"+text[8:12]+"-"+text[12:])
	}
	now := a.now()
	return codes, a.write(ctx, func(tx record.Tx) error {
		tx.Exec("DELETE FROM account_recovery WHERE person = $1", person)
		tx.Exec("DELETE FROM account_session WHERE person = $1 AND how = $2", person, string(ByRecovery))
		for _, code := range codes {
			tx.Exec("INSERT INTO account_recovery (hash, person, made) VALUES ($1, $2, $3)", HashOf(plainCode(code)), person, now.UnixMicro())
		}
		return nil
	})
}

// plainCode is a code as it was made, however somebody typed it off a sheet of paper: its letters hold no 0,
// 1 or 8 (RFC 4648, section 6).
func plainCode(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r == '0':
			return 'O'
		case r == '1':
			return 'I'
		case r == '8':
			return 'B'
		case r >= 'A' && r <= 'Z', r >= '2' && r <= '7':
			return r
		case r == '-' || r == ' ':
			return -1
		}
		return '?' // in no code
	}, typed)
}

// Recover uses a recovery code up, and returns whose it was and how many they have left. A code that does not
// work is [ErrExpired].
func (a *Accounts) Recover(ctx context.Context, typed string) (person string, left int, err error) {
	if len(typed) > 100 {
		return "", 0, ErrExpired
	}
	hash, now := HashOf(plainCode(typed)), a.now()
	err = a.write(ctx, func(tx record.Tx) error {
		found, err := one(ctx, tx, "SELECT person FROM account_recovery WHERE hash = $1 AND used = 0", []any{hash}, &person)
		if err != nil || !found {
			return err
		}
		tx.Exec("UPDATE account_recovery SET used = $1 WHERE hash = $2", now.UnixMicro(), hash)
		_, err = one(ctx, tx, "SELECT count(*) FROM account_recovery WHERE person = $1 AND used = 0", []any{person}, &left)
		return err
	})
	if err == nil && person == "" {
		err = ErrExpired
	}
	if err != nil {
		return "", 0, err
	}
	return person, left, nil
}
