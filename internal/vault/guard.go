package vault

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
	"gocloud.dev/secrets"
	_ "gocloud.dev/secrets/awskms"       // awskms://
	_ "gocloud.dev/secrets/localsecrets" // base64key://, a key service of one's own
)

var (
	// ErrRootLocked says that the root key's file needs something that was not given: a passphrase, or the key
	// service's address.
	ErrRootLocked = errors.New("the root key is locked")
	// ErrRootKept says that what was given does not open the root key's file.
	ErrRootKept = errors.New("the root key does not open")
)

// Guard is what locks the file of a root key, beside its mode: so that whoever copies the disk has nothing yet. The
// file itself says what it is locked with. The zero Guard locks nothing.
//
// With a passphrase the file is a stock age file (scrypt), which the age program opens as well. With a key service
// (KMS, through gocloud.dev/secrets) it holds the service's address and what the service made of the key.
type Guard struct {
	Passphrase string
	KMS        string // URL, e.g. "awskms:///alias/shingle?region=eu-central-1"; goes before the one in the file
}

// Lock says in a word what a new file is locked with.
func (g Guard) Lock() string {
	switch {
	case g.KMS != "":
		return "kms"
	case g.Passphrase != "":
		return "passphrase"
	}
	return "file"
}

// only returns the one guard that is given, if any.
func only(guards []Guard) Guard {
	if len(guards) > 0 {
		return guards[0]
	}
	return Guard{}
}

const (
	kmsHeader = `# Root key of a shingle keyring, wrapped by a key service: it opens with that service alone. Back it up, apart from the data.`
	kmsLine   = "kms "
	// localKMS is the scheme whose addresses are keys themselves, which are not written beside what they lock.
	localKMS = "base64key://"
)

// leastPassphrase bounds a passphrase from below, in bytes. Five words drawn by dice have more.
const leastPassphrase = 16

// workFactor is what one guess at a passphrase costs, as age counts it: 2^16 rounds, 64 MiB and a quarter of a second.
// Every command pays it that opens the keys.
const workFactor = 16

// seal returns what stands in the file of a root key.
func (g Guard) seal(ctx context.Context, plain string) (string, error) {
	switch g.Lock() {
	case "passphrase":
		return g.sealWithPassphrase(plain)
	case "kms":
		return g.sealWithService(ctx, plain)
	}
	return plain, nil
}

func (g Guard) sealWithPassphrase(plain string) (string, error) {
	if len(g.Passphrase) < leastPassphrase {
		return "", fmt.Errorf("the passphrase has fewer than %d letters; nothing was made; draw five words or more by dice", leastPassphrase)
	}
	recipient, err := age.NewScryptRecipient(g.Passphrase)
	if err != nil {
		return "", err
	}
	recipient.SetWorkFactor(workFactor)
	var b bytes.Buffer
	outer := armor.NewWriter(&b)
	w, err := age.Encrypt(outer, recipient)
	if err == nil {
		_, err = io.WriteString(w, plain)
		err = errors.Join(err, w.Close(), outer.Close())
	}
	return b.String(), err
}

func (g Guard) sealWithService(ctx context.Context, plain string) (string, error) {
	keeper, err := secrets.OpenKeeper(ctx, g.KMS)
	if err != nil {
		return "", fmt.Errorf("the key service cannot be asked; nothing was made; check its address: %w", g.hidden(err))
	}
	wrapped, err := keeper.Encrypt(ctx, []byte(plain))
	if err = errors.Join(err, keeper.Close()); err != nil {
		return "", fmt.Errorf("the key service does not wrap the root key; nothing was made; check what the program may ask of it: %w", g.hidden(err))
	}
	address := g.KMS
	if strings.HasPrefix(address, localKMS) {
		address = localKMS
	}
	return fmt.Sprintf("%s\n%s%s\n%s\n", kmsHeader, kmsLine, address, base64.StdEncoding.EncodeToString(wrapped)), nil
}

// open returns the plain text of a root key's file. path is for what is said when it does not open.
func (g Guard) open(ctx context.Context, text []byte, path string) ([]byte, error) {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte(armor.Header)) {
		return g.openWithPassphrase(text, path)
	}
	for line := range bytes.Lines(text) {
		if address, ok := bytes.CutPrefix(line, []byte(kmsLine)); ok {
			return g.openWithService(ctx, strings.TrimSpace(string(address)), text, path)
		}
	}
	return text, nil
}

func (g Guard) openWithPassphrase(text []byte, path string) ([]byte, error) {
	if g.Passphrase == "" {
		return nil, fmt.Errorf("%w: %s needs its passphrase; give it in SHINGLE_ROOT_PASSPHRASE, or a file that holds it with --root-passphrase-file", ErrRootLocked, path)
	}
	identity, err := age.NewScryptIdentity(g.Passphrase)
	if err != nil {
		return nil, err
	}
	r, err := age.Decrypt(armor.NewReader(bytes.NewReader(text)), identity)
	var plain []byte
	if err == nil {
		plain, err = io.ReadAll(io.LimitReader(r, mostRoot))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: the passphrase is not the one of %s, or the file was changed; nothing was opened", ErrRootKept, path)
	}
	return plain, nil
}

func (g Guard) openWithService(ctx context.Context, address string, text []byte, path string) ([]byte, error) {
	if g.KMS != "" {
		address = g.KMS
	}
	if address == localKMS {
		return nil, fmt.Errorf("%w: %s needs the key that wraps it; give it with --root-kms or in SHINGLE_ROOT_KMS", ErrRootLocked, path)
	}
	var wrapped []byte
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' && !bytes.HasPrefix(line, []byte(kmsLine)) {
			wrapped, _ = base64.StdEncoding.DecodeString(string(line)) // what is none opens to nothing
		}
	}
	keeper, err := secrets.OpenKeeper(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("%w: the key service that %s names cannot be asked; check its address: %w", ErrRootKept, path, g.hidden(err))
	}
	plain, err := keeper.Decrypt(ctx, wrapped)
	if err = errors.Join(err, keeper.Close()); err != nil {
		return nil, fmt.Errorf("%w: the key service does not open %s; check that it can be reached and that the program may ask it: %w", ErrRootKept, path, g.hidden(err))
	}
	return plain, nil
}

// hidden keeps a key that stands in an address out of what is said.
func (g Guard) hidden(err error) error {
	if secret := strings.TrimPrefix(g.KMS, localKMS); secret != g.KMS && secret != "" {
		return errors.New(strings.ReplaceAll(err.Error(), secret, "…"))
	}
	return err
}
