package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// MarkName is the name of the file that says whose blobs lie beside it. It is copied with them.
const MarkName = "shingle-blobs"

// ours fails unless the blobs are this vault's. A vault that has no blobs yet takes the place if it may
// make its mark there. So nobody seals into a folder, or removes orphans from a bucket, that was named by
// mistake.
func (o *Objects) ours(ctx context.Context, take bool) error {
	if o.marked.Load() {
		return nil
	}
	want, err := o.mark(ctx, take)
	if err != nil {
		return err
	}
	found, err := o.markThere(ctx)
	if err != nil {
		return err
	}
	if want != "" && found == "" && take {
		if found, err = o.retake(ctx, want); err != nil {
			return err
		}
	}
	switch {
	case want == "" && found == "":
		return nil // nothing was sealed yet
	case want == "":
		return fmt.Errorf("%w: %s belongs to another one; give a folder or bucket of its own with --blobs", ErrForeign, o.Blobs)
	case found == "":
		return fmt.Errorf("%w: %s has no file %s; give the right place with --blobs, or, if just that file was lost, write %s into it", ErrForeign, o.Blobs, MarkName, want)
	case found != want:
		return fmt.Errorf("%w: %s belongs to another one; give the right place with --blobs", ErrForeign, o.Blobs)
	}
	o.marked.Store(true)
	return nil
}

// mark returns the vault's mark, "" if it has none. It makes one for a vault that takes its first place.
func (o *Objects) mark(ctx context.Context, take bool) (mark string, err error) {
	query := func() error {
		err := o.Keys.db.QueryRowContext(ctx, "SELECT mark FROM blobs WHERE id = 1").Scan(&mark)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return explain(err)
	}
	if err := query(); err != nil || mark != "" || !take {
		return mark, err
	}
	if there, err := o.markThere(ctx); err != nil || there != "" {
		return "", err // another vault's
	}
	if _, err := o.Keys.db.ExecContext(ctx, "INSERT INTO blobs VALUES (1, $1) ON CONFLICT (id) DO NOTHING", newObjectID()); err != nil {
		return "", explain(err)
	}
	return mark, query() // another node may have been first
}

// markThere returns the mark that lies with the blobs, "" if there is none.
func (o *Objects) markThere(ctx context.Context) (string, error) {
	r, _, err := o.Blobs.Read(ctx, MarkName)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	} else if err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(r, 1<<10))
	return strings.TrimSpace(string(text)), errors.Join(err, r.Close())
}

// retake puts the mark where there is none, as long as nothing was ever sealed elsewhere.
func (o *Objects) retake(ctx context.Context, mark string) (found string, err error) {
	var objects int
	if err := o.Keys.db.QueryRowContext(ctx, "SELECT count(*) FROM object").Scan(&objects); err != nil || objects > 0 {
		return "", explain(err)
	}
	_, err = o.Blobs.Write(ctx, MarkName, strings.NewReader(mark+"\n"))
	return mark, err
}
