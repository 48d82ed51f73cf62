package vault

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"filippo.io/age"
)

// Access is who asks for what is sealed, and why.
type Access struct {
	By      string // actor, e.g. "token/4f2a"
	Role    string
	Purpose string // a sentence
}

// Taken is what leaves the vault in an access.
type Taken int

const (
	// Text is what was sealed.
	Text Taken = iota
	// Identity is the key to it: whoever has it opens the blob with the age program, for ever.
	Identity
	// Words is what somebody confided in a private value; the object is then the stream that it is from.
	Words
)

// ErrNoAudit says that the access could not be recorded, so that there was none.
var ErrNoAudit = errors.New("the access is not recorded, so nothing is opened")

// Open is the one way out. It makes sure that the object can be opened, commits the access to the record
// (Audit), and only then hands out a reader.
//
// Every byte that the reader gives is authentic and in its place: age seals each chunk of 64 KiB with its
// number, so what was flipped, moved or exchanged ends in an error, not in text. What only the end can tell
// is told at the end: the reader says [io.EOF] if nothing was cut off, nothing follows, and the whole blob
// has the hash that was bound to the object; else it says ErrTruncated, ErrAltered or what the bucket
// said. So whoever publishes, signs or hands on what they read does so after EOF, and throws it away
// if another error comes.
func (o *Objects) Open(ctx context.Context, a Access, id string) (*Reader, error) {
	s, err := o.row(ctx, id)
	if err != nil {
		return nil, err
	}
	r, err := o.open(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be opened: %w", s, err)
	}
	if err := o.audit(ctx, a, s.Object, Text); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// Recover returns an object and its identity, with which the stock age program opens its blob. It is an
// access like any other, recorded before the identity is handed out.
func (o *Objects) Recover(ctx context.Context, a Access, id string) (of Object, identity string, err error) {
	s, err := o.row(ctx, id)
	if err != nil {
		return of, "", err
	}
	if identity, err = o.unseal(ctx, s); err != nil {
		return of, "", fmt.Errorf("the identity of %s cannot be opened: %w", s, err)
	}
	if err := o.audit(ctx, a, s.Object, Identity); err != nil {
		return of, "", err
	}
	return s.Object, identity, nil
}

func (o *Objects) audit(ctx context.Context, a Access, of Object, what Taken) error {
	if o.Audit == nil {
		return ErrNoAudit
	}
	if err := o.Audit(ctx, a, of, what); err != nil {
		return fmt.Errorf("%w: %w", ErrNoAudit, err)
	}
	return nil
}

// Reader reads what was sealed; see [Objects.Open] for what its errors mean. It is not for several
// goroutines, and must be closed.
type Reader struct {
	Object

	text  io.Reader
	file  *file
	given int64
	end   error // what Read says from now on
}

// open opens an object without anybody being told. Only those call it who tell first, or show nothing.
func (o *Objects) open(ctx context.Context, s stored) (*Reader, error) {
	secret, err := o.unseal(ctx, s)
	if err != nil {
		return nil, err
	}
	identity, err := age.ParseX25519Identity(secret)
	if err != nil {
		return nil, ErrUnbound
	}
	file, err := o.file(ctx, s.Object)
	if err != nil {
		return nil, err
	}
	r := &Reader{Object: s.Object, file: file}
	if r.text, err = age.Decrypt(file, identity); err != nil {
		return nil, errors.Join(r.fault(err), r.Close())
	}
	return r, nil
}

// file is an object's blob as it lies there, being read and hashed.
type file struct {
	*ahead
	blob   io.Closer
	cancel context.CancelFunc
}

func (o *Objects) file(ctx context.Context, of Object) (*file, error) {
	ctx, cancel := context.WithCancel(ctx)
	blob, size, err := o.Blobs.Read(ctx, of.Blob())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = ErrMissing
	case err == nil && size != of.Stored:
		err = errors.Join(sizeFault(size, of.Stored), blob.Close())
	}
	if err != nil {
		cancel()
		return nil, err
	}
	return &file{readAhead(blob, sha256.New()), blob, cancel}, nil
}

func (f *file) close() error {
	f.cancel() // so that nobody waits for the bucket
	f.ahead.close()
	return f.blob.Close()
}

// same fails unless the file, which was read to its end, is the one that was stored.
func (f *file) same(of Object) error {
	if f.size != of.Stored {
		return sizeFault(f.size, of.Stored)
	}
	if [32]byte(f.hash.Sum(nil)) != of.SHA256 {
		return fmt.Errorf("%w: its hash is another one", ErrAltered)
	}
	return nil
}

func sizeFault(size, want int64) error {
	if size < want {
		return fmt.Errorf("%w: %d of its %d bytes are there", ErrTruncated, size, want)
	}
	return fmt.Errorf("%w: it has %d bytes, and had %d", ErrAltered, size, want)
}

// Read implements [io.Reader].
func (r *Reader) Read(p []byte) (int, error) {
	if r.end != nil {
		return 0, r.end
	}
	n, err := r.text.Read(p)
	r.given += int64(n)
	if err == io.EOF {
		err = r.whole()
	} else if err != nil {
		err = r.fault(err)
	}
	r.end = err
	return n, err
}

// whole returns io.EOF if all that was read is all that was sealed.
func (r *Reader) whole() error {
	if err := r.file.same(r.Object); err != nil {
		return fmt.Errorf("%s: %w", r.Object, err)
	}
	if r.given != r.Size {
		return fmt.Errorf("%s: %w: it opens to %d bytes, and %d were sealed", r.Object, ErrAltered, r.given, r.Size)
	}
	return io.EOF
}

// fault tells an altered blob from one that could not be read.
func (r *Reader) fault(err error) error {
	if gaveUp := r.file.failed; gaveUp != nil {
		return gaveUp
	}
	return fmt.Errorf("%s: %w: %w", r.Object, ErrAltered, err)
}

// Close ends reading. What was read before the end was reached is not known to be all.
func (r *Reader) Close() error { return r.file.close() }
