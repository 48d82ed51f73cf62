package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/backup"
	"shingle/internal/cli"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/metrics"
	"shingle/internal/publog"
	"shingle/internal/record"
	"shingle/internal/record/postgres"
	"shingle/internal/record/sqlite"
	"shingle/internal/vault"
)

// Restore implements [cli.House]. Until all of it is back and checked, the folder is marked and the database
// has no stamp, and nobody opens either; what was cut off is cleared away by the next one.
func (House) Restore(ctx context.Context, at cli.Place, how cli.Restoring, tell cli.Telling) (_ cli.Restored, err error) {
	from, err := backup.Open(ctx, how.From, how.Upto)
	if err != nil {
		return cli.Restored{}, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	f := folder(at.Data)
	if err := f.reachable(); err != nil {
		return cli.Restored{}, err
	}
	r := restoring{at: at, folder: f, how: how, from: from, tell: tell, existed: holds(string(f)), locked: holds(f.lockFile()), marked: true}
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return cli.Restored{}, fmt.Errorf("the folder cannot be made: %w", err)
	}
	unlock, err := f.lock(ctx, 0)
	if err != nil {
		return cli.Restored{}, err
	}
	defer unlock()
	if err := r.claim(); err != nil {
		return cli.Restored{}, errors.Join(err, r.giveBack())
	}
	done, err := r.restore(ctx)
	if err != nil {
		return done, errors.Join(err, r.abandon())
	}
	return done, nil
}

// restoring is a place that is being filled from a backup.
type restoring struct {
	at      cli.Place
	folder  folder
	how     cli.Restoring
	from    backup.Backup
	tell    cli.Telling
	existed bool         // the folder did
	locked  bool         // and so did its lock's file
	marked  bool         // the folder is marked meanwhile; not while it holds the body that is moved
	seal    func() error // comes before the place is made real; nil for nothing

	resumed bool // one that was cut off is done again
	engine  record.Engine
	keys    *vault.Keyring
	loaded  backup.Loaded
	stamp   stamp
	done    cli.Restored
}

// withKeys begins the mark of a restore that brings the keys too. Where the root key goes stands behind it.
const withKeys = "keys\n"

// claim marks an empty folder, or clears away what a restore that was cut off has left.
func (r *restoring) claim() error {
	f := r.folder
	if mark, err := os.ReadFile(f.restoring()); err == nil {
		r.resumed = true
		left := databaseFiles(f.record())
		if root, ok := broughtTo(string(mark)); ok {
			left = append(append(left, databaseFiles(f.keys())...), root, root+".new")
		}
		if err := remove(left...); err != nil {
			return err
		}
	}
	switch {
	case holds(f.unfinished()):
		return fmt.Errorf("the making of %s was cut off, and it is not empty; choose another --data", r.at.Data)
	case holds(f.record()):
		return fmt.Errorf("%s holds a body or desk already (%s); restore into an empty folder", r.at.Data, filepath.Base(f.record()))
	case r.how.Keys != nil && (holds(rootAt(r.at)) || holds(f.keys())):
		return fmt.Errorf("%s holds keys already; leave --key-backup out to use them, or choose another --data", r.at.Data)
	}
	entries, err := os.ReadDir(string(f))
	if err != nil {
		return err
	}
	own := append(databaseFiles(f.keys()), rootAt(r.at), f.restoring(), f.saves(), f.statusFile(), f.lockFile(), f.socket())
	for _, e := range entries {
		if path := filepath.Join(string(f), e.Name()); !slices.Contains(own, path) && (path != f.blobs() || !holds(f.restoring())) {
			return fmt.Errorf("%s is not empty (%s); restore into an empty folder", r.at.Data, e.Name())
		}
	}
	hasKeys := holds(rootAt(r.at)) && (r.at.Keys != "" || holds(f.keys()))
	if r.how.Keys == nil && !hasKeys {
		return errors.New("the keys are missing, and without them nothing of it can be read; give their backup with --key-backup FILE, or copy root.key and keys.db into the folder first")
	}
	return r.mark()
}

// broughtTo returns where a restore that was cut off put the root key: whatever is named this time is another's.
func broughtTo(mark string) (root string, ok bool) {
	rest, ok := strings.CutPrefix(mark, withKeys)
	root, whole := strings.CutSuffix(rest, "\n") // else it was cut off before it brought anything
	return root, ok && whole
}

func (r *restoring) mark() error {
	text := "This folder is being restored, or its restore was cut off.\n"
	if r.how.Keys != nil {
		text = withKeys + rootAt(r.at) + "\n"
	}
	err := os.WriteFile(r.folder.restoring(), []byte(text), 0o600)
	if err == nil {
		err = errors.Join(syncPath(r.folder.restoring()), syncPath(string(r.folder)))
	}
	if err != nil {
		return fmt.Errorf("the folder cannot be written to: %w", err)
	}
	return nil
}

// giveBack removes a folder, and a lock's file, that were made for nothing.
func (r *restoring) giveBack() error {
	if r.locked {
		return nil
	}
	err := remove(r.folder.lockFile())
	if !r.existed {
		err = errors.Join(err, remove(string(r.folder)))
	}
	return err
}

// abandon removes what a restore that failed has left.
func (r *restoring) abandon() error {
	if !r.marked {
		return nil
	}
	f := r.folder
	var left []string
	if r.at.Database == "" {
		left = databaseFiles(f.record())
	}
	if r.how.Keys != nil {
		left = append(append(left, databaseFiles(f.keys())...), rootAt(r.at), rootAt(r.at)+".new")
	}
	var err error
	if r.loaded.Manifest != nil || r.engine != nil {
		err = os.RemoveAll(f.blobs())
	}
	return errors.Join(err, remove(append(left, f.restoring())...), r.giveBack())
}

// restore fills the place and makes it real.
func (r *restoring) restore(ctx context.Context) (_ cli.Restored, err error) {
	if r.at.Database == "" {
		return r.done, r.bring(ctx)
	}
	d, err := r.takeDatabase(ctx)
	if err != nil {
		return r.done, err
	}
	defer d.close()
	if d.ready {
		return r.done, r.finish(ctx)
	}
	if err := r.bring(ctx); err != nil {
		return r.done, errors.Join(err, d.clear(context.WithoutCancel(ctx)))
	}
	return r.done, nil
}

// finish completes a restore that was cut off after its database had become real.
func (r *restoring) finish(ctx context.Context) error {
	if err := r.openKeys(ctx); err != nil {
		return err
	}
	if err := errors.Join(r.keys.Close(), os.Remove(r.folder.restoring())); err != nil {
		return err
	}
	r.marked = false
	return errors.New("the restore that was cut off had come to its end: it is ready to be served")
}

func (r *restoring) bring(ctx context.Context) (err error) {
	if err := r.openKeys(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.keys.Close()) }()
	if err := r.openEngine(ctx); err != nil {
		return err
	}
	if err := r.fill(ctx); err != nil {
		return errors.Join(explain(err, r.at), r.engine.Close())
	}
	b, err := r.open(ctx)
	if err != nil && (b == nil || b.Record == nil) {
		return errors.Join(err, r.engine.Close())
	}
	if err == nil {
		err = r.check(ctx, b)
	}
	if err == nil && r.seal != nil {
		err = r.seal()
	}
	if err == nil {
		err = b.Record.Upkeep(ctx, func(tx record.Tx, _ act.World) error { r.stamp.write(tx); return nil })
	}
	if err := errors.Join(err, b.Record.Close()); err != nil || !r.marked {
		return err
	}
	// Stored objects, too, are on the disk before the mark goes.
	return errors.Join(syncAll(string(r.folder)), os.Remove(r.folder.restoring()), syncPath(string(r.folder)))
}

// openKeys unpacks the keys, if they come with a backup, and sees to it that they are those of the body.
func (r *restoring) openKeys(ctx context.Context) (err error) {
	f := r.folder
	if r.how.Keys != nil {
		if r.at.Keys != "" {
			_, err = vault.UnpackDatabase(ctx, r.how.Keys, r.at.Keys, rootAt(r.at), guardOf(r.at))
		} else {
			_, err = vault.UnpackFile(ctx, r.how.Keys, f.keys(), rootAt(r.at), guardOf(r.at))
		}
		if err != nil {
			return err
		}
	}
	if r.keys, err = keysAt(ctx, r.at); err != nil {
		return err
	}
	about := r.from.About()
	sign, err := signersOf(ctx, r.keys, about.Web)
	if err == nil && (sign.logKey != about.LogKey || sign.receiptKey != about.ReceiptKey) {
		err = fmt.Errorf("%w, not those of %s in the backup; give the backup of its own keys", errOtherKeys, about.Web)
	}
	if err != nil {
		return errors.Join(err, r.keys.Close())
	}
	return nil
}

// openEngine makes an empty database.
func (r *restoring) openEngine(ctx context.Context) (err error) {
	if r.at.Database != "" {
		r.engine, err = postgres.Open(ctx, r.at.Database)
		return explain(err, r.at)
	}
	file, err := os.OpenFile(r.folder.record(), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("the record cannot be made: %w", err)
	}
	if err := file.Close(); err != nil {
		return err
	}
	r.engine, err = sqlite.Open(ctx, r.folder.record())
	return explain(err, r.at)
}

// fill puts the rows into the tables, and derives what follows from them.
func (r *restoring) fill(ctx context.Context) (err error) {
	about := r.from.About()
	if err := olderTables(ctx, r.engine, about.Schemas); err != nil {
		return err
	}
	// Only a backup with stored objects fills it; empty it does no harm.
	blobs, err := blobsAt(ctx, r.at)
	if err != nil {
		return err
	}
	bucket, err := blobs.Bucket(true)
	if err != nil {
		return fmt.Errorf("there is no place for stored objects: %w", err)
	}
	rows := int64(0)
	r.loaded, err = backup.Load(ctx, r.from, backup.Loading{Engine: r.engine, Tables: backedUp, Hold: []string{"stamp"}, Upto: r.how.Upto, Blobs: bucket}, func(n, _ int64) {
		rows = n
		r.tell("reading rows", n, 0)
	})
	if err := errors.Join(err, blobs.Close()); err != nil {
		return err
	}
	_ = os.Remove(r.folder.blobs()) // fails unless it is empty
	r.done.Rows = rows
	if err := migrate(ctx, r.engine); err != nil {
		return err
	}
	err = record.Derive(ctx, r.engine, flowbody.Catalogue(), func(at int64) { r.tell("deriving from events", at, r.loaded.Position) })
	if err != nil {
		return err
	}
	_, err = publog.Regrow(ctx, r.engine.Reader().QueryContext, r.engine.Begin)
	return err
}

// open opens the body that is being restored, and makes its views.
func (r *restoring) open(ctx context.Context) (*Body, error) {
	if err := r.readStamp(); err != nil {
		return nil, err
	}
	if err := r.forget(ctx); err != nil {
		return nil, err
	}
	b := &Body{stamp: r.stamp, clock: newClock(nil), keys: r.keys, logger: stderrLogger(), unlock: func() {}, counts: metrics.New()}
	b.clock.run(r.stamp.shift)
	if err := b.wire(ctx, r.engine, opening{at: r.at, making: true}); err != nil {
		return b, err
	}
	rebuild := func() error {
		return b.Record.Rebuild(ctx, func(done, of int64) { r.tell("making the views from events", done, of) })
	}
	err := rebuild()
	if errors.Is(err, vault.ErrSealed) && r.how.ForgetMissing {
		if r.done.GivenUp, err = b.forgetMissing(ctx); err == nil {
			err = rebuild()
		}
	}
	if errors.Is(err, vault.ErrSealed) {
		saved, _ := r.keys.Saved(ctx)
		err = fmt.Errorf("the keys do not open all that is recorded; if their backup (of %s) is older than the record, give a newer one, go back with --to-time, or give up what the missing ones open with --forget-missing: %w",
			saved.At.Format(time.RFC3339), err)
	}
	return b, err
}

func (r *restoring) readStamp() error {
	held := r.loaded.Held["stamp"]
	if len(held) != 1 {
		return fmt.Errorf("%w: it holds %d stamps", backup.ErrAltered, len(held))
	}
	row := held[0]
	text := func(name string) string { s, _ := row[name].(string); return s }
	number := func(name string) int64 { n, _ := row[name].(int64); return n }
	r.stamp = stamp{
		role: text("role"), web: text("web"), demo: number("demo") == 1, shift: time.Duration(number("shift")) * time.Microsecond,
		logKey: text("log_key"), receiptKey: text("receipt_key"),
	}
	var err error
	if r.stamp.witnesses, err = witnessesIn(text("witnesses")); err != nil {
		return fmt.Errorf("%w: its witnesses cannot be read: %w", backup.ErrAltered, err)
	}
	about := r.from.About()
	if r.stamp.web != about.Web || r.stamp.logKey != about.LogKey || r.stamp.receiptKey != about.ReceiptKey || r.stamp.role != about.Role {
		return fmt.Errorf("%w: its stamp is another body's", backup.ErrAltered)
	}
	return r.stamp.expect("body", r.at)
}

// check compares what was restored with the backup.
func (r *restoring) check(ctx context.Context, b *Body) error {
	faults, err := faultsIn(ctx, r.engine, r.stamp.logKey, func(done, of int64) { r.tell("checking rows", done, of) })
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return fmt.Errorf("what was restored does not fit itself: %s", strings.Join(faults, "; "))
	}
	var position, leaves int64
	var chain, root []byte
	err = r.engine.Reader().QueryRowContext(ctx, `SELECT h.position, h.chain, coalesce(l.size, 0), l.root FROM head h LEFT JOIN log_head l ON l.id = 1 WHERE h.id = 1`).
		Scan(&position, &chain, &leaves, &root)
	if err != nil {
		return err
	}
	m := r.loaded.Mark
	if position != m.Position || string(chain) != string(m.Chain[:]) || leaves != m.Leaves || leaves > 0 && string(root) != string(m.Root[:]) {
		return fmt.Errorf("what was restored ends at position %d with %d leaves, and the backup at %d with %d, or its chain or root is another", position, leaves, m.Position, m.Leaves)
	}
	for table, rows := range r.loaded.Counts {
		var n int64
		if err := r.engine.Reader().QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			return err
		}
		if n != rows {
			return fmt.Errorf("%d rows of the table %s were restored, and the backup has %d", n, table, rows)
		}
	}
	r.done.Mark, r.done.Web, r.done.Objects = m, r.stamp.web, r.loaded.Manifest.Blobs.Count
	r.done.LeftRows, r.done.LeftLeaves = r.loaded.LeftRows, r.loaded.LeftLeaves
	r.done.Opened, err = b.tryKeys(ctx)
	return err
}
