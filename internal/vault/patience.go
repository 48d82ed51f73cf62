package vault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"syscall"
	"time"

	"github.com/aws/smithy-go"
	"gocloud.dev/blob"

	"shingle/internal/record"
	"shingle/internal/s3fault"
)

// ErrBlobs says that the place where blobs lie does not do its work.
var ErrBlobs = errors.New("blobs")

var errSilent = errors.New("no answer")

// listener gives a bucket up that keeps silent. Only waiting for the bucket counts, never for whoever
// brings or takes the bytes.
type listener struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	of     *Blobs
	timer  *time.Timer // nil for a folder
}

func (b *Blobs) listen(ctx context.Context) *listener {
	l := &listener{of: b}
	l.ctx, l.cancel = context.WithCancelCause(ctx)
	if b.folder == "" {
		l.timer = time.AfterFunc(b.Silence, func() { l.cancel(errSilent) })
		l.timer.Stop()
	}
	return l
}

func (l *listener) wait() {
	if l.timer != nil {
		l.timer.Reset(l.of.Silence)
	}
}

func (l *listener) heard() {
	if l.timer != nil {
		l.timer.Stop()
	}
}

func (l *listener) end() {
	l.heard()
	l.cancel(nil)
}

func (l *listener) explain(err error) error { return l.of.explain(l.ctx, err) }

// explain says in one sentence what is wrong with the place, and what to do.
func (b *Blobs) explain(ctx context.Context, err error) error {
	var refused smithy.APIError
	var network *net.OpError
	switch {
	case errors.Is(context.Cause(ctx), errSilent):
		return fmt.Errorf("%w: %s gives %w within %s; nothing was changed, try again when it does", ErrBlobs, b, errSilent, b.Silence)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w: no blob can be written to %s", record.ErrDiskFull, b)
	case b.folder != "":
		var at *os.PathError
		if errors.As(err, &at) {
			err = at
		}
		return fmt.Errorf("%w: %s cannot be used: %w", ErrBlobs, b, err)
	case s3fault.Missing(err):
		return fmt.Errorf("%w: there is no bucket %s; make it, or give the right one with --blobs", ErrBlobs, b)
	case s3fault.Refused(err):
		return fmt.Errorf("%w: %s refuses these credentials; put the right ones into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", ErrBlobs, b)
	case errors.As(err, &refused):
		return fmt.Errorf("%w: %s answers %s (%s); nothing was changed", ErrBlobs, b, refused.ErrorCode(), refused.ErrorMessage())
	case errors.As(err, &network):
		return fmt.Errorf("%w: %s cannot be reached: %v; nothing was changed, try again when it can", ErrBlobs, b, network)
	}
	return fmt.Errorf("%w: %s does not answer as an S3-compatible server does: %w", ErrBlobs, b, bare(err))
}

// bare takes off what libraries have wrapped around an error in words of their own.
func bare(err error) error {
	var asked *url.Error
	if errors.As(err, &asked) {
		return asked.Err
	}
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}

// patientSource is read by an upload: while it is being read, nobody waits for the bucket.
type patientSource struct {
	from io.Reader
	l    *listener
	n    int64
	err  error // of from
}

func (p *patientSource) Read(b []byte) (int, error) {
	p.l.heard()
	defer p.l.wait()
	n, err := p.from.Read(b)
	p.n += int64(n)
	if err != nil && err != io.EOF {
		p.err = err
	}
	return n, err
}

// patientReader waits for the bucket to hand out what is read.
type patientReader struct {
	r *blob.Reader
	l *listener
}

func (p *patientReader) Read(b []byte) (int, error) {
	p.l.wait()
	n, err := p.r.Read(b)
	p.l.heard()
	if err != nil && err != io.EOF {
		err = p.l.explain(err)
	}
	return n, err
}

func (p *patientReader) Close() error {
	p.l.end()
	return p.r.Close()
}
