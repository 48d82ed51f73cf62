package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/s3blob" // backups are kept in S3-compatible buckets

	"shingle/internal/s3fault"
)

// Patience is how long a bucket may keep still before it is given up for this time.
var Patience = time.Minute

// bucket keeps objects on an S3-compatible server.
type bucket struct {
	*blob.Bucket
	name string
}

// openBucket opens a bucket; the path in its address is a prefix of all names.
func openBucket(ctx context.Context, u *url.URL) (shelf, error) {
	at := *u
	if prefix := strings.Trim(at.Path, "/"); prefix != "" {
		query := at.Query()
		query.Set("prefix", prefix+"/")
		at.RawQuery, at.Path = query.Encode(), ""
	}
	b, err := blob.OpenBucket(ctx, at.String())
	if err != nil {
		return nil, fmt.Errorf("%w: the address of the bucket %s: %w", ErrUnreachable, Redact(u.String()), err)
	}
	return &bucket{b, Redact(u.String())}, nil
}

// watch ends ctx once nothing has been heard for as long as Patience lasts. alive says that something was.
func watch(ctx context.Context) (_ context.Context, alive func(), stop context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(Patience, func() { cancel(errSilent) })
	return ctx, func() { timer.Reset(Patience) }, func() { timer.Stop(); cancel(context.Canceled) }
}

var errSilent = errors.New("it did not answer in time")

// fault says in one sentence what is wrong with a bucket.
func (b *bucket) fault(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(context.Cause(ctx), errSilent) {
		return fmt.Errorf("%w: the bucket %s kept still for %s", ErrUnreachable, b.name, Patience)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	switch {
	case s3fault.Missing(err):
		return fmt.Errorf("%w: there is no bucket %s; make it first", ErrUnreachable, b.name)
	case s3fault.Refused(err):
		return fmt.Errorf("%w: the bucket %s does not let us in; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they may do", ErrUnreachable, b.name)
	}
	return fmt.Errorf("%w: the bucket %s: %s", ErrUnreachable, b.name, innermost(err))
}

// innermost returns the words of the error that all the others are wrapped around.
func innermost(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil || next.Error() == "" {
			text, _, _ := strings.Cut(err.Error(), "\n")
			return fmt.Sprintf("%.300s", text)
		}
		err = next
	}
}

// lively tells of every byte that goes by.
type lively struct {
	io.Reader
	alive func()
}

func (l lively) Read(b []byte) (int, error) {
	l.alive()
	return l.Reader.Read(b)
}

func (b *bucket) put(ctx context.Context, name string, size int64, r io.Reader) error {
	ctx, alive, stop := watch(ctx)
	defer stop()
	w, err := b.NewWriter(ctx, name, &blob.WriterOptions{ContentType: "application/octet-stream"})
	if err != nil {
		return b.fault(ctx, err)
	}
	n, err := io.Copy(w, lively{r, alive})
	if err == nil && n != size {
		err = fmt.Errorf("%s has %d bytes, and %d were announced", name, n, size)
	}
	if err != nil {
		fault := b.fault(ctx, err)
		stop() // before Close, which would complete it
		_ = w.Close()
		return fault
	}
	alive()
	return b.fault(ctx, w.Close())
}

func (b *bucket) get(ctx context.Context, name string) (io.ReadCloser, error) {
	ctx, alive, stop := watch(ctx)
	r, err := b.NewReader(ctx, name, nil)
	if err != nil {
		defer stop()
		if s3fault.NotThere(err) {
			return nil, errNone
		}
		return nil, b.fault(ctx, err)
	}
	return &reading{b, ctx, r, alive, stop}, nil
}

// reading is an object that is being read.
type reading struct {
	b     *bucket
	ctx   context.Context
	r     *blob.Reader
	alive func()
	stop  context.CancelFunc
}

func (r *reading) Read(p []byte) (int, error) {
	r.alive()
	n, err := r.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = r.b.fault(r.ctx, err)
	}
	return n, err
}

func (r *reading) Close() error {
	r.stop()
	return r.r.Close()
}

func (b *bucket) list(ctx context.Context, prefix string) (all []stored, err error) {
	ctx, alive, stop := watch(ctx)
	defer stop()
	for list := b.List(&blob.ListOptions{Prefix: prefix}); ; alive() {
		o, err := nextOf(ctx, list)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err == nil && len(all) > 0 && o.Key <= all[len(all)-1].name {
			err = errNoList // and one that says the same again and again would never end
		}
		if err != nil {
			return nil, b.fault(ctx, err)
		}
		all = append(all, stored{o.Key, o.Size, o.ModTime})
	}
}

// errNoList says that a server answered with what cannot be the list of a bucket's objects.
var errNoList = errors.New("its list of objects cannot be read")

// nextOf returns the next object of a list. The driver for S3 panics where a server leaves out what every list has,
// such as when an object was stored: that is the server's fault, and no reason to stop ours.
func nextOf(ctx context.Context, list *blob.ListIterator) (o *blob.ListObject, err error) {
	defer func() {
		if recover() != nil {
			err = errNoList
		}
	}()
	return list.Next(ctx)
}

func (b *bucket) remove(ctx context.Context, name string) error {
	ctx, _, stop := watch(ctx)
	defer stop()
	return b.fault(ctx, b.Delete(ctx, name))
}

func (b *bucket) close() error { return b.Bucket.Close() }
