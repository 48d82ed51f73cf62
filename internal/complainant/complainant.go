// Package complainant keeps what people type who want to complain, and lets them come back to it, without an
// account and without a name.
//
// Whoever begins a complaint is given a code ([NewCode]). While they write, their draft is sealed under a key that is
// made of the code ([Drafts]): beside them nobody can read it, whoever holds the machine, its keys or its backups.
// When the complaint is lodged the draft goes in the same transaction ([Ways]), and the code becomes the receipt of the
// case, of which only a hash is kept. Lost, it cannot be recovered.
//
// The code stands in no address. It is typed once, and from then on a browser carries the secret of a session
// ([Sessions]), which is over an hour after it was used last. What a session knows is sealed under its own secret.
package complainant

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"errors"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/record"
)

//go:embed migrations
var migrations embed.FS

// Migrations are the goose migrations of the part "complainant", to be applied before the record is opened.
var Migrations = record.Sub(migrations, "migrations")

const (
	// Life is how long a draft is kept that nobody touches.
	Life = 30 * 24 * time.Hour
	// Away is how long a session lasts after it was used last.
	Away = time.Hour
	// mostDraft bounds a draft, in bytes: a little more than all that the form takes in the widest script.
	mostDraft = 512 << 10
)

// letters are those of a code: Crockford's 32, which leave out what is easily misread. 25 of them hold 125 bits.
const (
	letters    = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeLength = 25
	group      = 5 // letters that stand together
)

// NewCode returns a code as it is shown, e.g. "7K3QF-9M2TB-0XW4E-HJ6ND-5RYCP".
func NewCode() string {
	b := make([]byte, codeLength)
	_, _ = rand.Read(b) // it never fails
	for i := range b {
		b[i] = letters[b[i]%byte(len(letters))]
	}
	return grouped(string(b))
}

// Code returns the code that somebody means by what they type: in capitals or not, with or without hyphens, with
// letters that look alike. What is no code of ours is returned as it was typed, without the space around it: a receipt
// may have been chosen elsewhere.
func Code(typed string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r == 'O':
			return '0'
		case r == 'I' || r == 'L':
			return '1'
		case r == '-' || r == ' ' || r == '\t' || r == '\u00a0' || r >= '\u2010' && r <= '\u2015':
			return -1
		}
		return r
	}, strings.ToUpper(strings.TrimSpace(typed)))
	if len(plain) != codeLength || strings.Trim(plain, letters) != "" {
		return strings.TrimSpace(typed)
	}
	return grouped(plain)
}

func grouped(plain string) string {
	var parts []string
	for ; plain != ""; plain = plain[group:] {
		parts = append(parts, plain[:group])
	}
	return strings.Join(parts, "-")
}

// hashOf is what is kept of a code: what the record keeps of a receipt.
func hashOf(code string) string { return cases.ReceiptHash(act.NewPersonal("", code)) }

// errSealed says that what was sealed is not what the secret opens.
var errSealed = errors.New("what was sealed under a secret does not open with it")

// secret seals under a key that is made of something only its holder knows.
type secret struct{ aead cipher.AEAD }

// sealing returns the key made of what somebody knows, for one use of it.
func sealing(known, use string) secret {
	key, err := hkdf.Key(sha256.New, []byte(known), nil, "shingle complainant "+use, 32)
	if err != nil {
		panic("complainant: " + err.Error()) // of a length that is always fine
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("complainant: " + err.Error()) // likewise
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("complainant: " + err.Error()) // likewise
	}
	return secret{aead}
}

// Seal encrypts a text.
func (s secret) Seal(text string) ([]byte, error) {
	return s.aead.Seal(nil, nil, []byte(text), nil), nil
}

// Open decrypts it.
func (s secret) Open(sealed []byte) (string, error) {
	text, err := s.aead.Open(nil, nil, sealed, nil)
	if err != nil {
		return "", errSealed
	}
	return string(text), nil
}
