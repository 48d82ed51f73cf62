package backup

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"

	"gocloud.dev/blob"
)

// Stored objects are copied as they lie. After every so many of them follows a part that lists them with
// their hashes, so that whoever reads a stream need not remember all of them.
var objectColumns = header{Table: objects, Columns: []string{"name", "size", "sha256"}, Kinds: []string{"text", "integer", "bytes"}}

// listed is how many objects one part lists.
const listed = 1000

// object is a line of such a list.
type object struct {
	name   string
	size   int64
	sha256 Hash
}

// blobs copies the objects that the backup before does not have, and lists all.
func (w *writing) blobs(ctx context.Context) error {
	p, err := w.packer(ctx, objectColumns, nil)
	if err != nil {
		return err
	}
	before, stop := w.listedBefore(ctx)
	defer stop()
	known, more := before()
	list := w.Blobs.List(nil)
	for n := 1; ; n++ {
		o, err := nextOf(ctx, list)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("the stored objects cannot be listed: %w", err)
		}
		for more && known.name < o.Key {
			known, more = before()
		}
		found := object{name: o.Key, size: o.Size}
		if more && known.name == o.Key {
			if known.size != o.Size {
				return fmt.Errorf("the stored object %s has %d bytes and had %d when it was backed up: objects never change; compare it with %s%s in the backup",
					o.Key, o.Size, known.size, blobsDir, o.Key)
			}
			found.sha256 = known.sha256
		} else if found.sha256, err = w.copyBlob(ctx, o); err != nil {
			return err
		}
		w.manifest.Blobs.Count++
		w.manifest.Blobs.Bytes += o.Size
		if err := p.add([]any{found.name, found.size, found.sha256[:]}); err != nil {
			return err
		}
		if n%listed == 0 {
			if err := p.flush(); err != nil {
				return err
			}
		}
	}
	return p.flush()
}

func (w *writing) copyBlob(ctx context.Context, o *blob.ListObject) (sum Hash, err error) {
	r, err := w.Blobs.NewReader(ctx, o.Key, nil)
	if err != nil {
		return sum, fmt.Errorf("the stored object %s cannot be read: %w", o.Key, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	h := sha256.New()
	if err := w.put(ctx, blobsDir+o.Key, o.Size, io.TeeReader(r, h)); err != nil {
		return sum, err
	}
	h.Sum(sum[:0])
	return sum, nil
}

// listedBefore goes along the objects that the backup before lists, in the order of their names.
func (w *writing) listedBefore(ctx context.Context) (next func() (object, bool), stop func()) {
	from, ok := w.to.(shelf)
	if w.before == nil || !ok {
		return func() (object, bool) { return object{}, false }, func() {}
	}
	parts := w.before.Parts
	var batch []object
	return func() (object, bool) {
		for len(batch) == 0 {
			if len(parts) == 0 {
				return object{}, false
			}
			if p := parts[0]; p.Table == objects {
				// A list that cannot be read is one that knows nothing: its objects are copied again.
				batch, _ = readList(ctx, from, p)
			}
			parts = parts[1:]
		}
		o := batch[0]
		batch = batch[1:]
		return o, true
	}, func() {}
}

// readList reads a part that lists objects.
func readList(ctx context.Context, from shelf, p Part) (list []object, err error) {
	r, err := from.get(ctx, p.Name())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	h := sha256.New()
	_, err = unpack(io.TeeReader(r, h), func(header) error { return nil }, func(values []any) error {
		o, err := objectOf(values)
		list = append(list, o)
		return err
	})
	if _, drainErr := io.Copy(io.Discard, io.TeeReader(r, h)); err == nil {
		err = drainErr
	}
	if err == nil && Hash(h.Sum(nil)) != p.SHA256 {
		err = fmt.Errorf("%w: %s does not have the hash that its manifest names", ErrAltered, p.Name())
	}
	if err != nil {
		return nil, err
	}
	return list, nil
}

func objectOf(values []any) (o object, err error) {
	var sum []byte
	var ok [3]bool
	if len(values) == 3 {
		o.name, ok[0] = values[0].(string)
		o.size, ok[1] = values[1].(int64)
		sum, ok[2] = values[2].([]byte)
	}
	if ok != [3]bool{true, true, true} || len(sum) != len(o.sha256) || strings.HasPrefix(o.name, "/") {
		return o, errors.New("the list of objects cannot be read")
	}
	copy(o.sha256[:], sum)
	return o, nil
}
