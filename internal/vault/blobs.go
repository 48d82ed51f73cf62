package vault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // s3://

	"shingle/internal/s3fault"
)

const (
	contentType = "application/octet-stream"
	// silence is how long a bucket may keep us waiting.
	silence = time.Minute
)

// Blobs is where ciphertexts lie: a folder, or an S3-compatible bucket. A blob is there whole or not at
// all, and once it was acknowledged it survives a power cut.
type Blobs struct {
	// Silence is how long a bucket may keep us waiting before it is given up. A folder is waited for.
	Silence time.Duration

	address string // as it was given, for people
	folder  string // "" for a bucket

	mu     sync.Mutex
	bucket *blob.Bucket // nil while there is no folder yet
}

// OpenBlobs opens a folder, named by its path or as file:///PATH, or a bucket, s3://NAME?region=…, whose
// credentials are in the environment as AWS's own tools expect them. A folder need not exist: the first
// blob makes it. It does not ask the bucket anything.
func OpenBlobs(ctx context.Context, address string) (*Blobs, error) {
	b := &Blobs{Silence: silence, address: address}
	scheme, _, hasScheme := strings.Cut(address, "://")
	switch {
	case !hasScheme:
		b.folder = address
	case scheme == fileblob.Scheme:
		u, err := url.Parse(address)
		if err != nil || u.Host != "" || u.RawQuery != "" || !filepath.IsAbs(u.Path) {
			return nil, fmt.Errorf("%q names no folder for blobs; it should be of the form file:///PATH", address)
		}
		b.folder = filepath.FromSlash(u.Path)
	case scheme == "s3":
		bucket, err := blob.OpenBucket(ctx, trusting(address))
		if err != nil {
			return nil, fmt.Errorf("%q names no bucket for blobs: %w; it should be of the form \"s3://NAME?region=REGION&endpoint=ADDRESS&use_path_style=true\"", address, bare(err))
		}
		b.bucket = bucket
	default:
		return nil, fmt.Errorf("blobs lie in a folder or in an S3-compatible bucket (s3://NAME?…), not in %q", address)
	}
	return b, nil
}

// trusting leaves it to the objects' own hash to tell whether a blob is what was stored: the bucket's
// checksums would be computed beside it, and an altered blob would look like a bucket that is out of order.
func trusting(address string) string {
	const checksums = "response_checksum_validation"
	switch {
	case strings.Contains(address, checksums+"="):
		return address
	case strings.Contains(address, "?"):
		return address + "&" + checksums + "=when_required"
	}
	return address + "?" + checksums + "=when_required"
}

// String names the place for people.
func (b *Blobs) String() string {
	if b.folder != "" {
		return b.folder
	}
	place, _, _ := strings.Cut(b.address, "?")
	return place
}

// Close ends all connections.
func (b *Blobs) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bucket == nil {
		return nil
	}
	return b.bucket.Close()
}

// open returns the bucket, and nil where there is no folder and none is to be made.
func (b *Blobs) open(make bool) (*blob.Bucket, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bucket != nil {
		return b.bucket, nil
	}
	switch {
	case b.folder == "" && make:
		return nil, errors.New("there is no place for blobs; give one by --blobs URL, or a folder by --data DIR")
	case b.folder == "":
		return nil, nil
	case make:
		err := os.Mkdir(b.folder, 0o700)
		if err == nil {
			err = syncFolder(filepath.Dir(b.folder))
		} else if errors.Is(err, fs.ErrExist) {
			err = nil
		}
		if err != nil {
			return nil, fmt.Errorf("the folder for blobs cannot be made: %w", explain(err))
		}
	}
	// Drafts lie beside what they become, so that naming them moves nothing.
	bucket, err := fileblob.OpenBucket(b.folder, &fileblob.Options{NoTempDir: true, DirFileMode: 0o700, Metadata: fileblob.MetadataDontWrite})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("the folder for blobs cannot be opened: %w", err)
	}
	b.bucket = bucket
	return bucket, nil
}

// Bucket returns what the blobs lie in, for whoever copies all of them; nil where there is no folder and none
// is to be made. It is closed with b.
func (b *Blobs) Bucket(make bool) (*blob.Bucket, error) { return b.open(make) }

// Write stores a blob under a name, and returns its size once it is durable. If it fails, there is none;
// an error of what is read is returned as it is.
func (b *Blobs) Write(ctx context.Context, name string, from io.Reader) (size int64, err error) {
	bucket, err := b.open(true)
	if err != nil {
		return 0, err
	}
	if b.folder != "" {
		size, err = b.writeFile(ctx, bucket, name, from)
	} else {
		size, err = b.upload(ctx, bucket, name, from)
	}
	if err != nil {
		return 0, b.undo(ctx, name, err)
	}
	return size, nil
}

// writeFile writes a blob into the folder. Its driver leaves it to the kernel when a file is durable.
func (b *Blobs) writeFile(ctx context.Context, bucket *blob.Bucket, name string, from io.Reader) (size int64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var file *os.File
	w, err := bucket.NewWriter(ctx, name, &blob.WriterOptions{ContentType: contentType, BeforeWrite: func(as func(any) bool) error {
		if !as(&file) {
			return errors.New("the folder's driver writes no file")
		}
		return file.Chmod(0o600)
	}})
	if err != nil {
		return 0, b.explain(ctx, err)
	}
	to := &noting{to: w}
	size, err = io.Copy(to, from)
	if err == nil {
		to.err = file.Sync()
		err = to.err
	}
	if to.err != nil {
		err = b.explain(ctx, err)
	}
	if err != nil {
		cancel() // else closing would give the draft its name
		_ = w.Close()
		return 0, err
	}
	if err := errors.Join(w.Close(), syncFolder(b.folder)); err != nil {
		return 0, b.explain(ctx, err)
	}
	return size, nil
}

// noting keeps the error of writing, to tell it from one of reading.
type noting struct {
	to  io.Writer
	err error
}

func (n *noting) Write(b []byte) (size int, err error) {
	size, n.err = n.to.Write(b)
	return size, n.err
}

// upload writes a blob into the bucket. It fails unless the bucket then says that it has all of it.
func (b *Blobs) upload(ctx context.Context, bucket *blob.Bucket, name string, from io.Reader) (size int64, err error) {
	l := b.listen(ctx)
	defer l.end()
	source := &patientSource{from: from, l: l}
	l.wait()
	err = bucket.Upload(l.ctx, name, source, &blob.WriterOptions{ContentType: contentType, BeforeWrite: b.sparingly})
	if source.err != nil {
		return 0, source.err
	} else if err != nil {
		return 0, l.explain(err)
	}
	l.wait()
	a, err := bucket.Attributes(l.ctx, name)
	if err == nil && a.Size != source.n {
		err = fmt.Errorf("of %d bytes it has kept %d", source.n, a.Size)
	}
	if err != nil {
		return 0, l.explain(err)
	}
	return source.n, nil
}

// undo removes what a write that failed has left, and returns why it failed. If the place does not let it,
// a sweep does it later.
func (b *Blobs) undo(ctx context.Context, name string, why error) error {
	if b.folder == "" && errors.Is(why, errSilent) {
		return why // it would only be waited for a second time
	}
	ctx = context.WithoutCancel(ctx)
	_ = b.Remove(ctx, name)
	_, _ = b.abandon(ctx, time.Now().Add(time.Hour), func(n string) bool { return n == name })
	return why
}

// Read opens a blob. It fails with [fs.ErrNotExist] where there is none. size is what the bucket says.
func (b *Blobs) Read(ctx context.Context, name string) (r io.ReadCloser, size int64, err error) {
	bucket, err := b.open(false)
	if err != nil {
		return nil, 0, err
	}
	if bucket == nil {
		return nil, 0, fs.ErrNotExist
	}
	l := b.listen(ctx)
	l.wait()
	from, err := bucket.NewReader(l.ctx, name, nil)
	l.heard()
	if err != nil {
		l.end()
		if s3fault.NotThere(err) {
			return nil, 0, fs.ErrNotExist
		}
		return nil, 0, l.explain(err)
	}
	return &patientReader{from, l}, from.Size(), nil
}

// Remove removes a blob. That there is none is fine.
func (b *Blobs) Remove(ctx context.Context, name string) error {
	bucket, err := b.open(false)
	if err != nil || bucket == nil {
		return err
	}
	l := b.listen(ctx)
	defer l.end()
	l.wait()
	if err := bucket.Delete(l.ctx, name); err != nil && !s3fault.NotThere(err) {
		return l.explain(err)
	}
	return nil
}

// lying is a blob that lies there.
type lying struct {
	name string
	made time.Time
}

// list shows all blobs in order of their names, many at a time.
func (b *Blobs) list(ctx context.Context, show func([]lying) error) error {
	bucket, err := b.open(false)
	if err != nil || bucket == nil {
		return err
	}
	size := 1000 // as many as S3 gives
	if b.folder != "" {
		size = 100_000 // the folder is read anew for each page
	}
	last := ""
	for token := blob.FirstPageToken; token != nil; {
		l := b.listen(ctx)
		l.wait()
		page, next, err := pageOf(l.ctx, bucket, token, size)
		if err == nil && len(page) > 0 && page[0].Key <= last {
			err = errNoList // one that says the same again and again would never end
		}
		if err != nil {
			err = l.explain(err)
		}
		l.end()
		if err != nil {
			return err
		}
		found := make([]lying, 0, len(page))
		for _, o := range page {
			last = o.Key
			found = append(found, lying{o.Key, o.ModTime})
		}
		if err := show(found); err != nil {
			return err
		}
		token = next
	}
	return nil
}

// errNoList says that a server answered with what cannot be the list of a bucket's objects.
var errNoList = errors.New("its list of objects cannot be read")

// pageOf returns a page of a bucket's list. The driver for S3 panics where a server leaves out what every list has,
// such as when an object was stored: that is the server's fault, and no reason to stop ours.
func pageOf(ctx context.Context, bucket *blob.Bucket, token []byte, size int) (page []*blob.ListObject, next []byte, err error) {
	defer func() {
		if recover() != nil {
			err = errNoList
		}
	}()
	return bucket.ListPage(ctx, token, size, nil)
}
