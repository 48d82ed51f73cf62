package record

import (
	"context"
	"database/sql"
	"io/fs"

	"shingle/internal/act"
)

// Engine is a database that can hold a record: SQLite ([shingle/internal/record/sqlite]) or PostgreSQL
// ([shingle/internal/record/postgres]). SQL given to it is portable and numbers its parameters $1, $2, ….
type Engine interface {
	// Begin opens a transaction that holds the one write lock; it waits until it has it.
	Begin(ctx context.Context) (Tx, error)
	// Reader is a bounded pool of connections that cannot write.
	Reader() *sql.DB
	// Migrate brings the tables of one part of the house ("record", "log", "view") up to the newest of
	// the goose migrations in files, which holds the folders sqlite and postgres. A schema newer than
	// the files is [ErrNewerSchema].
	Migrate(ctx context.Context, part string, files fs.FS) error
	// Changed is signalled when another process may have appended. It is nil where none can.
	Changed() <-chan struct{}
	// Announce tells the other processes, inside tx, that it appends.
	Announce(tx Tx)
	// Scrub takes from the disk what was overwritten in some tables, or deleted from them, where the database
	// would keep it for a while. It fails while somebody reads what was there before, and can be repeated.
	Scrub(ctx context.Context, tables ...string) error
	// Close ends all connections.
	Close() error
}

// Tx is the transaction in which acts are recorded, and all that follows from them.
type Tx interface {
	// Head returns the record's end as it was when the transaction got the write lock.
	Head(ctx context.Context) (Head, error)
	// Query runs what was queued and then the query.
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	// Before runs a query about what the transaction does not change: it does not wait for what is queued, and
	// may see it or not. A database over a network is asked once instead of twice.
	Before(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	// Exec queues a statement. Statements run in order; what fails is returned by the next Query or by Commit.
	Exec(query string, args ...any)
	// Commit runs what was queued and commits. It does not give up halfway when ctx ends.
	Commit(ctx context.Context) error
	// Rollback undoes all of it. After Commit it does nothing.
	Rollback()
}

// Head is where a record ends, as it is stored.
type Head struct {
	Position int64
	Recorded int64 // µs since 1970, UTC
	Chain    []byte
}

// HeadQuery asks for the columns of a Head, in order.
const HeadQuery = "SELECT position, recorded, chain FROM head WHERE id = 1"

// View is a projection that is written in the append's own transaction: a read model, or the public log.
// Its calls come from one goroutine.
type View interface {
	// Name is the view's name, e.g. "register".
	Name() string
	// Project takes in one event, its personal values readable, and queues what changes.
	Project(tx Tx, e act.Recorded) error
	// Settle is called once per transaction, after all its events: what depends on the sum of them.
	Settle(tx Tx, w act.World) error
	// Done says how the transaction ended.
	Done(committed bool)
	// Reload is called when the record is opened, and when another process has written: what the view keeps
	// in memory is out of date. Where it cannot read it keeps nothing that others may change.
	Reload(ctx context.Context, db *sql.DB) error
	// Reset queues the emptying of the view before a rebuild. A view that cannot be rebuilt, because
	// what it wrote is out of its hands (the public log), returns false and is left alone.
	Reset(tx Tx) bool
}

// Listener is what a [View] is made of that keeps nothing: it only hears of events before they are committed.
type Listener struct{}

// Settle implements [View].
func (Listener) Settle(Tx, act.World) error { return nil }

// Done implements [View].
func (Listener) Done(bool) {}

// Reload implements [View].
func (Listener) Reload(context.Context, *sql.DB) error { return nil }

// Reset implements [View]: there is nothing to be made anew.
func (Listener) Reset(Tx) bool { return false }
