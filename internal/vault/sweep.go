package vault

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"
)

// Settled is how old a blob without a row must be before it counts as left over: until then its upload
// may be under way.
const Settled = 24 * time.Hour

// ofUpload matches the names that an upload gives: a blob's, and those of its drafts in a folder.
var ofUpload = regexp.MustCompile(`^([a-z2-7]{24})\.age(\.[0-9a-f]+\.tmp)?$`)

// Sweep removes what crashes have left: blobs and drafts made before a time (Settled ago) that have no
// row, and so no key; and the blobs of owners who were forgotten. It touches nothing else, and nothing at
// all in a place that is not this vault's.
func (o *Objects) Sweep(ctx context.Context, before time.Time) (removed int, err error) {
	if err := o.ours(ctx, false); err != nil {
		return 0, err
	}
	if !o.marked.Load() {
		return 0, nil
	}
	// Removing while listing could make a listing skip what it has not shown.
	orphans, err := o.orphans(ctx, before)
	if err != nil {
		return 0, err
	}
	for _, name := range orphans {
		if err := o.Blobs.Remove(ctx, name); err != nil {
			return removed, err
		}
		removed++
	}
	dropped, err := o.Blobs.abandon(ctx, before, ofUpload.MatchString)
	if err != nil {
		return removed, err
	}
	n, err := o.shred(ctx, forgotten)
	return removed + dropped + n, err
}

// orphans returns the names of blobs and drafts without a row that were made before a time.
func (o *Objects) orphans(ctx context.Context, before time.Time) (names []string, err error) {
	err = o.Blobs.list(ctx, func(found []lying) error {
		// The rows are read after the listing: whatever was acknowledged before it has one.
		known, err := o.known(ctx, found)
		if err != nil {
			return err
		}
		for _, b := range found {
			if m := ofUpload.FindStringSubmatch(b.name); m != nil && b.made.Before(before) && (m[2] != "" || !known[m[1]]) {
				names = append(names, b.name)
			}
		}
		return nil
	})
	return names, err
}

// known returns which of the blobs have a row.
func (o *Objects) known(ctx context.Context, found []lying) (known map[string]bool, err error) {
	if len(found) == 0 {
		return nil, nil
	}
	known = map[string]bool{}
	// Names are listed in the order of their bytes, and so are ids.
	rows, err := o.Keys.db.QueryContext(ctx, "SELECT id FROM object WHERE id >= $1 AND id <= $2", idOf(found[0].name), idOf(found[len(found)-1].name))
	if err != nil {
		return nil, explain(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, explain(err)
		}
		known[id] = true
	}
	return known, explain(rows.Err())
}

// idOf returns the id that a blob's name begins with.
func idOf(name string) string { return name[:min(len(name), idLetters.EncodedLen(idSize))] }

// Forgotten is what became of somebody's objects.
type Forgotten struct {
	Owner   string
	Objects int // whose blobs were removed
	// KeyBackups may still hold the key: see [Keyring.KeyBackups].
	KeyBackups []KeyBackup
}

// Forget destroys the owner's key, which makes all their objects unreadable at once, then removes their
// blobs. If removing fails, Sweep does it later. Copies of the blobs, in backups, stay as unreadable as the
// key backups that it names are out of reach.
func (o *Objects) Forget(ctx context.Context, owner string) (f Forgotten, err error) {
	f.Owner = owner
	if err := o.Keys.Forget(ctx, owner); err != nil {
		return f, err
	}
	if f.KeyBackups, err = o.Keys.KeyBackups(ctx, o.Now()); err != nil {
		return f, fmt.Errorf("the key of %s is destroyed, but it cannot be said which backups still hold it: %w", owner, err)
	}
	if f.Objects, err = o.shred(ctx, forgotten+" AND o.owner = $2", owner); err != nil {
		return f, fmt.Errorf("the key of %s is destroyed, but not all blobs are removed: %w", owner, err)
	}
	return f, nil
}

// shred removes the blobs and then the rows of objects that nobody can open any more.
func (o *Objects) shred(ctx context.Context, condition string, args ...any) (n int, err error) {
	err = o.rows(ctx, condition, func(s stored) error {
		if err := o.Blobs.Remove(ctx, s.Blob()); err != nil {
			return err
		}
		if _, err := o.Keys.db.ExecContext(ctx, "DELETE FROM object WHERE id = $1", s.ID); err != nil {
			return explain(err)
		}
		n++
		return nil
	}, args...)
	if err == nil && n > 0 {
		err = o.Keys.truncate(ctx)
	}
	return n, err
}
