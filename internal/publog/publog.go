// Package publog is the body's public log: an append-only Merkle tree (RFC 6962) of statements, kept in
// SQL beside the record and served as C2SP tlog-tiles.
//
// A leaf is written in the transaction of the event that it tells, by the record's one appender:
//
//	err := log.Begin()                           // refused while a witness knows more than we do
//	index, err := log.Append(tx, position, leaf) // as often as there are leaves
//	log.Seal(tx)                                 // the new head, in the same transaction
//	// the transaction commits …
//	log.Committed()                              // … and only now the head is signed and public
//
// or, if it does not commit, log.RolledBack(). The right edge of the tree is kept in memory, so that
// appending reads nothing; [Log.Reload] fetches it anew after another process appended or a commit
// ended in doubt. Everything that is signed is a head that was read from the database or committed
// to it.
//
// Witnesses cosign what was published, and one that knows a longer or another log than ours stops the
// signing: see [Log.Run].
package publog

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"shingle/internal/record"
)

//go:embed migrations
var migrations embed.FS

// Migrations holds the goose migrations of the log's tables, in the folders sqlite and postgres.
func Migrations() fs.FS { return record.Sub(migrations, "migrations") }

var (
	// ErrBehindWitness halts a log that is shorter than a witness knows it: an old backup was restored.
	ErrBehindWitness = errors.New("a witness has seen a longer log than this one")
	// ErrForked halts a log that does not begin with what was published of it.
	ErrForked = errors.New("the log is not the one that was published")
	// ErrRolledBack halts a log whose database holds less than was published of it.
	ErrRolledBack = errors.New("the database holds less of the log than was published")
	// ErrDamaged says that rows of the log do not belong together.
	ErrDamaged = errors.New("the log is damaged")
	// ErrNotPublic says that the log has no such leaf yet.
	ErrNotPublic = errors.New("the log has no such leaf")
)

// Tx takes statements to be executed within the transaction of the record's append. Faults surface when
// that commits.
type Tx interface {
	Exec(query string, args ...any)
}

// Query reads the database: [sql.DB.QueryContext], or the same of a transaction.
type Query func(ctx context.Context, query string, args ...any) (*sql.Rows, error)

// Config is what a log needs.
type Config struct {
	DB      *sql.DB     // for reading
	Signer  note.Signer // the log's key; its name is the log's origin
	VKey    string      // the same key's public half, C2SP vkey
	Receipt note.Signer // the key that signs receipts
	Now     func() time.Time

	// Witnesses are asked to cosign every checkpoint.
	Witnesses []Witness
	// Write commits statements in a transaction of their own; only needed with witnesses.
	Write func(ctx context.Context, statements func(Tx)) error
	// HTTP asks the witnesses; nil is a client that waits five seconds.
	HTTP *http.Client
}

// Head is a size of the log and the root hash at that size.
type Head struct {
	Size int64
	Root tlog.Hash
}

// Log is the public log of one body. Its methods may be called from many goroutines; Begin to Committed
// belong to the one appender.
type Log struct {
	cfg       Config
	origin    string
	verifier  note.Verifier
	witnesses []*witness
	cache     tileCache
	public    atomic.Pointer[published]
	grown     chan struct{} // says to Run that there is a new checkpoint

	mu        sync.Mutex
	committed edge         // what the database holds
	pending   edge         // with the batch that is under way
	open      bool         // a batch is under way
	sealed    bool         // and its head has been queued
	leaves    *record.Rows // of the batch; nil before its first
	nodes     *record.Rows
	started   bool // the witnesses, if there are any, were asked
	halted    error
}

// published is a head that was signed.
type published struct {
	Head
	own  []byte    // the checkpoint with our signature only
	note []byte    // the checkpoint with all signatures there are
	at   time.Time // when we signed it; zero if a process before us did
}

// Open reads the log's head and right edge, checks that they belong together and that the newest stored
// checkpoint is a part of them, and publishes a checkpoint. A log with witnesses publishes the one that
// they were shown last; it signs nothing newer before Start.
func Open(ctx context.Context, cfg Config) (*Log, error) {
	verifier, err := note.NewVerifier(cfg.VKey)
	if err != nil {
		return nil, fmt.Errorf("the log's public key: %w", err)
	}
	if verifier.Name() != cfg.Signer.Name() || verifier.KeyHash() != cfg.Signer.KeyHash() {
		return nil, fmt.Errorf("the log's keys do not belong together: %s+%08x and %s+%08x",
			cfg.Signer.Name(), cfg.Signer.KeyHash(), verifier.Name(), verifier.KeyHash())
	}
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Timeout: 5 * time.Second}
	}
	l := &Log{cfg: cfg, origin: cfg.Signer.Name(), verifier: verifier, grown: make(chan struct{}, 1)}
	for _, w := range cfg.Witnesses {
		v, err := torchwood.NewCosignatureVerifier(w.VKey)
		if err != nil {
			return nil, fmt.Errorf("the key of witness %s: %w", w.URL, err)
		}
		l.witnesses = append(l.witnesses, &witness{Witness: w, verifier: v})
	}
	if len(l.witnesses) > 0 && cfg.Write == nil {
		return nil, errors.New("a log with witnesses needs a way to store their cosignatures")
	}
	if err := l.load(ctx); err != nil {
		return nil, err
	}
	return l, nil
}

// Origin returns the log's name, the first line of its checkpoints.
func (l *Log) Origin() string { return l.origin }

// Head returns the published head.
func (l *Log) Head() Head { return l.public.Load().Head }

// Checkpoint returns the published checkpoint with the cosignatures that have come so far.
func (l *Log) Checkpoint() []byte { return l.public.Load().note }

// Halted returns why the log no longer signs and appends, or nil: an error that wraps ErrBehindWitness,
// ErrForked or ErrRolledBack.
func (l *Log) Halted() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.halted
}

// halt stops signing and appending until the process starts anew. The first reason stands.
func (l *Log) halt(reason error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.halted == nil {
		l.halted = reason
	}
	return l.halted
}

// Begin starts a batch. It fails once the log is halted.
func (l *Log) Begin() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.halted != nil {
		return l.halted
	}
	l.pending, l.open, l.sealed, l.leaves, l.nodes = l.committed, true, false, nil, nil
	return nil
}

// maxLeaf is what the 16-bit length of an entry in C2SP tlog-tiles can say.
const maxLeaf = 1<<16 - 1

// Append queues a leaf and the nodes that it completes, and returns its index. position is that of the
// event that the leaf tells. Nothing of it is public before Committed.
func (l *Log) Append(tx Tx, position int64, leaf []byte) (index int64, err error) {
	if len(leaf) > maxLeaf {
		return 0, fmt.Errorf("a leaf of %d bytes is too long for the public log (%d)", len(leaf), maxLeaf)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.open || l.sealed {
		return 0, errors.New("publog: Append outside of Begin and Seal")
	}
	index = l.pending.size
	if l.leaves == nil {
		l.leaves, l.nodes = record.Into(tx, "leaf", "idx, position, body", ""), record.Into(tx, "log_node", "idx, hash", "")
	}
	l.leaves.Add(index, position, leaf)
	l.pending.add(tlog.RecordHash(leaf), func(idx int64, h tlog.Hash) { l.nodes.Add(idx, h[:]) })
	return index, nil
}

// Seal queues the head of the batch. It comes after the last Append, in the same transaction.
func (l *Log) Seal(tx Tx) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open && l.pending.size > l.committed.size {
		l.leaves.Flush()
		l.nodes.Flush()
		root := l.pending.root()
		tx.Exec(`INSERT INTO log_head (id, size, root) VALUES (1, $1, $2)
			ON CONFLICT (id) DO UPDATE SET size = excluded.size, root = excluded.root`, l.pending.size, root[:])
	}
	l.sealed = true
}

// Committed makes the batch public: its transaction is durable. The new checkpoint is signed here. It
// panics if the batch was not sealed: its leaves would be lost to the log.
func (l *Log) Committed() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open && !l.sealed && l.pending.size > l.committed.size {
		panic("publog: committed without Seal")
	}
	l.open = false
	if l.pending.size > l.committed.size {
		l.committed = l.pending
		_ = l.publish() // a fault halts the log
	}
}

// RolledBack forgets the batch: its transaction did not commit. If that is in doubt, Reload follows.
func (l *Log) RolledBack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = false
}

// publish signs the committed head, unless that is public already or the witnesses were not yet asked.
// The caller holds the lock.
func (l *Log) publish() error {
	if !l.started {
		return nil
	}
	return l.sign()
}

func (l *Log) sign() error {
	head := Head{l.committed.size, l.committed.root()}
	if old := l.public.Load(); l.halted != nil || old != nil && old.Size >= head.Size {
		return nil
	}
	signed, err := note.Sign(&note.Note{Text: l.text(head)}, l.cfg.Signer)
	if err != nil {
		l.halted = fmt.Errorf("could not sign the checkpoint of %d leaves: %w", head.Size, err)
		return l.halted
	}
	l.public.Store(&published{head, signed, signed, l.cfg.Now()})
	select {
	case l.grown <- struct{}{}:
	default:
	}
	return nil
}

func (l *Log) text(h Head) string {
	return torchwood.Checkpoint{Origin: l.origin, Tree: tlog.Tree{N: h.Size, Hash: h.Root}}.String()
}
