package vault

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
)

const rootHeader = `# Root key of a shingle keyring: whoever has it opens every private value, and without it nobody does. Back it up, apart from the data.`

// Root is the key that wraps all others. It never prints or logs itself.
type Root struct{ aead cipher.AEAD }

// Format implements [fmt.Formatter] for every verb.
func (Root) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[root key]") }

// LogValue implements [slog.LogValuer].
func (Root) LogValue() slog.Value { return slog.StringValue("[root key]") }

// ReadRoot reads a root key's file; guard is what it may be locked with. It fails with ErrRootMissing, ErrRootExposed
// (the file's group or others may read it), ErrRootUnreadable, ErrRootLocked or ErrRootKept.
func ReadRoot(path string, guard ...Guard) (Root, error) {
	secret, err := readSecret(path, only(guard))
	if err != nil {
		return Root{}, err
	}
	return newRoot(secret)
}

func readSecret(path string, guard Guard) (secret key, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return secret, fmt.Errorf("%w: there is no %s; restore it from its backup", ErrRootMissing, path)
	} else if err != nil {
		return secret, fmt.Errorf("the root key cannot be read; run as the user who owns it: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return secret, fmt.Errorf("the root key cannot be read: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return secret, fmt.Errorf("%w: %s has the mode %#o; run \"chmod 600 %s\"", ErrRootExposed, path, mode, path)
	}
	text, err := io.ReadAll(io.LimitReader(f, mostRoot))
	if err != nil {
		return secret, fmt.Errorf("the root key cannot be read: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if text, err = guard.open(ctx, text, path); err != nil {
		return secret, err
	}
	secret, ok := parseRoot(text)
	if !ok {
		return secret, fmt.Errorf("%w: %s should have one line with 32 bytes in base64; restore it from its backup", ErrRootUnreadable, path)
	}
	return secret, nil
}

// MakeRoot draws a new root key and writes it to a new file that only its owner may read. It never
// overwrites: where there is a file it fails with ErrRootExists. The file gets its name when it is whole,
// so that a crash leaves all of it or nothing.
//
// guard is what the file is to be locked with; without one its mode alone keeps others out.
func MakeRoot(path string, guard ...Guard) (Root, error) {
	secret := newKey()
	if err := writeRoot(path, secret, only(guard)); err != nil {
		return Root{}, err
	}
	return newRoot(secret)
}

// mostRoot bounds the file of a root key, in bytes.
const mostRoot = 16 << 10

func writeRoot(path string, secret key, guard Guard) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	text, err := guard.seal(ctx, fmt.Sprintf("%s\n%s\n", rootHeader, base64.StdEncoding.EncodeToString(secret[:])))
	if err != nil {
		return err
	}
	draft := path + ".new"
	if err := os.Remove(draft); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the root key cannot be written: %w", err)
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%w: %s; it is left as it is", ErrRootExists, path)
	}
	f, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("the root key cannot be written: %w", err)
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Link(draft, path) // unlike a rename, it refuses to take another file's place
	}
	if err = errors.Join(err, os.Remove(draft)); err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%w: %s; it is left as it is", ErrRootExists, path)
	case err != nil:
		return fmt.Errorf("the root key cannot be written: %w", err)
	}
	return nil
}

func parseRoot(text []byte) (secret key, ok bool) {
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		b, err := base64.StdEncoding.Strict().DecodeString(string(line))
		if ok || err != nil || len(b) != len(secret) {
			return key{}, false
		}
		copy(secret[:], b)
		ok = true
	}
	return secret, ok
}

func newRoot(secret key) (Root, error) {
	aead, err := secret.aead()
	return Root{aead}, err
}

// syncFolder makes a new name in a folder survive a power cut.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// key is an AES-256 key.
type key [32]byte

func newKey() (k key) {
	_, _ = rand.Read(k[:]) // never fails, see crypto/rand
	return k
}

// aead returns AES-256-GCM under k. It draws a nonce for every message and puts it in front.
func (k *key) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// What the root key wraps says what it is, so that no row can stand in for another of another kind.
const (
	forOwner   = "owner:"
	forSigning = "signing:"
	forCanary  = "canary:"
)

// wrappedSize is how long a wrapped 32-byte secret is, in base64: nonce, secret, tag.
const wrappedSize = (12 + 32 + 16) / 3 * 4

// wrap seals a secret under the root key, bound to what it is for.
func wrap(root cipher.AEAD, kind, name string, secret []byte) string {
	return base64.StdEncoding.EncodeToString(root.Seal(nil, nil, secret, []byte(kind+name)))
}

func unwrap(root cipher.AEAD, kind, name, text string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	return root.Open(nil, nil, b, []byte(kind+name))
}
