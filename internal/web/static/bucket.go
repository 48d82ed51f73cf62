package static

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // opens s3:// addresses

	"shingle/internal/s3fault"
)

// patience is how long one object may take to be written or read.
var patience = 30 * time.Second

// writers is how many objects are on their way at once.
const writers = 8

// bucket is where the files lie: a folder or an S3 bucket. Each object is there whole or not at all.
type bucket struct {
	*blob.Bucket
	address string // without secrets, for errors
	folder  string // "" if it is none
}

// openBucket opens a folder, which is made if it is not there, or a bucket such as "s3://name?region=…".
func openBucket(ctx context.Context, to string) (*bucket, error) {
	if !strings.Contains(to, "://") {
		path, err := filepath.Abs(to)
		if err != nil {
			return nil, err
		}
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return nil, fmt.Errorf("%s is a file; give a folder to export to", to)
		}
		b, err := fileblob.OpenBucket(path, &fileblob.Options{
			CreateDir: true, DirFileMode: 0o755, NoTempDir: true, Metadata: fileblob.MetadataDontWrite,
		})
		if err != nil {
			return nil, fmt.Errorf("the folder %s cannot be used: %w", to, rootOf(err))
		}
		return &bucket{b, path, path}, nil
	}
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "s3" || u.Host == "" {
		return nil, fmt.Errorf("%q is neither a folder nor a bucket such as s3://name?region=eu-central-1", to)
	}
	b, err := blob.OpenBucket(ctx, to)
	if err != nil {
		return nil, fmt.Errorf("the bucket %s cannot be opened: %w", u.Host, rootOf(err))
	}
	return &bucket{b, "s3://" + u.Host, ""}, nil
}

// explain says in one sentence what kept an object from being read or written.
func (b *bucket) explain(ctx context.Context, doing, key string, err error) error {
	var network *net.OpError
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s did not answer within %s; the next export goes on from what is there", b.address, patience)
	case errors.Is(err, fs.ErrPermission), s3fault.Refused(err):
		return fmt.Errorf("%s does not let us %s %s; check who may write there, and with which credentials", b.address, doing, key)
	case s3fault.Missing(err):
		return fmt.Errorf("there is no bucket %s; make it first", b.address)
	case errors.As(err, &network):
		return fmt.Errorf("%s cannot be reached: %v", b.address, network) // not wrapped: it is not the database that is away
	case b.folder == "":
		return fmt.Errorf("could not %s %s in %s: %v", doing, key, b.address, rootOf(err)) // nor here
	}
	return fmt.Errorf("could not %s %s in %s: %w", doing, key, b.address, rootOf(err))
}

// rootOf leaves out what the layers in between say.
func rootOf(err error) error {
	for {
		var path *fs.PathError
		if errors.As(err, &path) {
			return path
		}
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// read returns an object, nil if it is not there.
func (b *bucket) read(ctx context.Context, key string) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	body, err := b.ReadAll(limited, key)
	if s3fault.NotThere(err) {
		return nil, nil
	}
	return body, b.explain(ctx, "read", key, err)
}

func (b *bucket) write(ctx context.Context, o object) error {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := b.WriteAll(limited, o.key, o.body, &blob.WriterOptions{ContentType: o.kind, CacheControl: o.cache, DisableContentTypeDetection: true})
	return b.explain(ctx, "write", o.key, err)
}

func (b *bucket) remove(ctx context.Context, key string) error {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := b.Delete(limited, key)
	if s3fault.NotThere(err) {
		return nil
	}
	if err == nil && b.folder != "" { // a folder that is empty now goes with its last file
		for dir := filepath.Dir(filepath.Join(b.folder, key)); dir != b.folder && os.Remove(dir) == nil; dir = filepath.Dir(dir) {
		}
	}
	return b.explain(ctx, "remove", key, err)
}

// each does something with each of a list, several at once. The first fault ends it.
func each[T any](ctx context.Context, list []T, do func(context.Context, T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan T)
	var group sync.WaitGroup
	for range min(writers, len(list)) {
		group.Go(func() {
			for one := range next {
				if err := do(ctx, one); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, one := range list {
		if ctx.Err() != nil {
			break
		}
		next <- one
	}
	close(next)
	group.Wait()
	return context.Cause(ctx)
}

// isEmpty reports whether nothing of anybody else is there.
func (b *bucket) isEmpty(ctx context.Context) (bool, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for all := b.List(nil); ; {
		o, err := nextOf(limited, all)
		switch {
		case errors.Is(err, io.EOF):
			return true, nil
		case err != nil:
			return false, b.explain(ctx, "list", "what is there", err)
		case !strings.HasPrefix(o.Key, ".shingle/"): // the first export was killed at once
			return false, nil
		}
	}
}

// nextOf returns the next object of a list. The driver for S3 panics where a server leaves out what every list has,
// such as when an object was stored: that is the server's fault, and no reason to stop ours.
func nextOf(ctx context.Context, list *blob.ListIterator) (o *blob.ListObject, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("its list of objects cannot be read")
		}
	}()
	return list.Next(ctx)
}

// sweepDrafts removes what a killed export left half written. In a bucket there is no such thing.
func (b *bucket) sweepDrafts() error {
	if b.folder == "" {
		return nil
	}
	return filepath.WalkDir(b.folder, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && strings.HasSuffix(path, ".tmp") {
			err = os.Remove(path)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}
