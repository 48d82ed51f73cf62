package vault

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	msqlite "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"shingle/internal/record"
	"shingle/internal/record/postgres"
)

//go:embed migrations
var migrations embed.FS

// connections bounds how many connections to PostgreSQL are open at once.
const connections = 4

// OpenFile opens the keyring in an SQLite file. It fails with ErrNotMade where InitFile has not been,
// and with ErrRootWrong if the root key is another keyring's. One process at a time opens the file: the
// wiring holds a lock on the folder.
func OpenFile(ctx context.Context, path string, root Root) (*Keyring, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: there is no %s; \"shingle init\" makes one, \"shingle restore\" brings one back", ErrNotMade, path)
	}
	k, err := connectFile(ctx, path)
	if err != nil {
		return nil, err
	}
	return k.ready(ctx, root)
}

// OpenDatabase opens the keyring in a PostgreSQL database, with errors as OpenFile's.
func OpenDatabase(ctx context.Context, databaseURL string, root Root) (*Keyring, error) {
	k, err := connectDatabase(ctx, databaseURL, opening)
	if err != nil {
		return nil, err
	}
	return k.ready(ctx, root)
}

// InitFile makes the root key in a file of its own, locked with guard if one is given, and a keyring under it in an SQLite file, both
// readable by their owner alone. A root key that is there already is used and never overwritten.
// Repeating it changes nothing; after an interruption it completes what is missing. Where there is a
// keyring but no root key it fails with ErrRootMissing: a new one would not open what is sealed.
func InitFile(ctx context.Context, path, rootPath string, guard ...Guard) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("the keyring cannot be made: %w", err)
	}
	if err := f.Close(); err != nil {
		return err
	}
	k, err := connectFile(ctx, path)
	if err != nil {
		return err
	}
	return k.init(ctx, rootPath, only(guard))
}

// InitDatabase makes the root key in a file, and a keyring under it in a PostgreSQL database, as
// InitFile does. A second node brings a copy of the first one's root key.
func InitDatabase(ctx context.Context, databaseURL, rootPath string, guard ...Guard) error {
	k, err := connectDatabase(ctx, databaseURL, making)
	if err != nil {
		return err
	}
	return k.init(ctx, rootPath, only(guard))
}

func connectFile(ctx context.Context, path string) (*Keyring, error) {
	pragmas := []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)"}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+url.Values{"mode": {"rw"}, "_pragma": pragmas}.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	k := newKeyring(db, true)
	if err := k.migrate(ctx, database.DialectSQLite3, "sqlite"); err != nil {
		return nil, errors.Join(fmt.Errorf("the keyring %s cannot be opened: %w", path, explain(err)), db.Close())
	}
	// Whoever was stopped while forgetting left the destroyed key in the write-ahead log.
	if err := k.truncate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("the keyring %s cannot be opened: %w", path, err), db.Close())
	}
	return k, nil
}

// What a key database is connected to for.
const (
	opening = iota
	making
	looking // and nothing is changed
)

func connectDatabase(ctx context.Context, databaseURL string, why int) (*Keyring, error) {
	servers, err := postgres.Locate(databaseURL)
	if err != nil {
		return nil, fmt.Errorf("the key database: %w", err)
	}
	db := servers.Writing()
	if why == looking {
		db = servers.Reading()
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	k := newKeyring(db, false)
	k.servers = servers
	turns, err := postgres.Turns()
	if err == nil {
		err = belongs(ctx, db, why)
	}
	if err == nil {
		err = k.migrate(ctx, database.DialectPostgres, "postgres", goose.WithSessionLocker(turns))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the key database cannot be opened: %w", k.explain(err)), db.Close())
	}
	return k, nil
}

// belongs fails, before anything is changed, for a database that holds something else than keys.
func belongs(ctx context.Context, db *sql.DB, why int) error {
	var keys, record bool
	var other sql.NullString
	err := db.QueryRowContext(ctx, `SELECT to_regclass('schema_keys') IS NOT NULL, to_regclass('schema_stamp') IS NOT NULL, min(relname::text)
		FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')`).Scan(&keys, &record, &other)
	switch {
	case err != nil || keys:
		return err
	case why != making:
		return fmt.Errorf("%w; \"shingle init\" makes it", ErrNotMade)
	case other.Valid && !record: // a record may lie beside the keys
		return fmt.Errorf("it holds something else already (the table %s); choose an empty one", other.String)
	}
	return nil
}

func newKeyring(db *sql.DB, file bool) *Keyring {
	return &Keyring{db: db, file: file, pending: map[string]pendingKey{}, cached: map[string][]key{}}
}

func (k *Keyring) migrate(ctx context.Context, dialect database.Dialect, folder string, with ...goose.ProviderOption) error {
	files, err := fs.Sub(migrations, path.Join("migrations", folder))
	if err != nil {
		return err
	}
	store, err := database.NewStore(dialect, "schema_keys")
	if err != nil {
		return err
	}
	with = append(with, goose.WithStore(store), goose.WithDisableGlobalRegistry(true))
	p, err := goose.NewProvider(goose.DialectCustom, k.db, files, with...)
	if err != nil {
		return err
	}
	return record.Migrate(ctx, p)
}

// ready checks that the root key fits, and hands the keyring out; or closes it.
func (k *Keyring) ready(ctx context.Context, root Root) (*Keyring, error) {
	made, err := k.use(ctx, root)
	if err == nil && !made {
		err = fmt.Errorf("%w; \"shingle init\" makes it", ErrNotMade)
	}
	if err == nil {
		k.insert, err = prepareInserts(ctx, k.db)
	}
	if err != nil {
		return nil, errors.Join(err, k.Close())
	}
	return k, nil
}

const canary = "shingle keyring 1"

// use takes root as the root key if it fits the canary. It reports whether there is one.
func (k *Keyring) use(ctx context.Context, root Root) (made bool, err error) {
	if root.aead == nil {
		return false, fmt.Errorf("%w: none was given", ErrRootMissing)
	}
	var stored string
	err = k.db.QueryRowContext(ctx, "SELECT canary, forgotten FROM keyring WHERE id = 1").Scan(&stored, &k.seen)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	} else if err != nil {
		return false, explain(err)
	}
	if text, err := unwrap(root.aead, forCanary, "", stored); err != nil || string(text) != canary {
		return false, fmt.Errorf("%w; point to the root key that was made or restored with it", ErrRootWrong)
	}
	k.root = root.aead
	return true, nil
}

// init makes what is missing and closes the keyring.
func (k *Keyring) init(ctx context.Context, rootPath string, guard Guard) (err error) {
	defer func() { err = errors.Join(err, k.Close()) }()
	root, err := ReadRoot(rootPath, guard)
	if errors.Is(err, ErrRootMissing) {
		var rows int
		if err := k.db.QueryRowContext(ctx, "SELECT count(*) FROM keyring").Scan(&rows); err != nil {
			return explain(err)
		}
		if rows == 0 {
			root, err = MakeRoot(rootPath, guard)
		}
	}
	if err != nil {
		return err
	}
	if made, err := k.use(ctx, root); err != nil || made {
		return err
	}
	if err := k.fill(ctx, root); err != nil {
		return fmt.Errorf("the keyring cannot be made: %w", explain(err))
	}
	_, err = k.use(ctx, root) // another node may have been first, with another root key
	return err
}

// fill writes the canary and the signing keys.
func (k *Keyring) fill(ctx context.Context, root Root) (err error) {
	tx, err := k.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rollback(tx)) }()
	done, err := tx.ExecContext(ctx, "INSERT INTO keyring (id, canary, forgotten) VALUES (1, $1, 0) ON CONFLICT (id) DO NOTHING", wrap(root.aead, forCanary, "", []byte(canary)))
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	for _, purpose := range purposes {
		seed := make([]byte, 32)
		_, _ = rand.Read(seed) // never fails, see crypto/rand
		if _, err := tx.ExecContext(ctx, "INSERT INTO signing_key VALUES ($1, $2)", purpose, wrap(root.aead, forSigning, purpose, seed)); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// explain names the faults that an operator can do something about, those of the servers too.
func (k *Keyring) explain(err error) error {
	if k.servers != nil {
		return k.servers.Explain(err)
	}
	return explain(err)
}

func explain(err error) error {
	var lite *msqlite.Error
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &lite):
		switch lite.Code() & 0xff {
		case lib.SQLITE_FULL:
			return fmt.Errorf("%w (%w)", record.ErrDiskFull, err)
		case lib.SQLITE_IOERR:
			if lite.Code() == lib.SQLITE_IOERR_SHMSIZE { // the index of the write-ahead log does not grow
				return fmt.Errorf("%w (%w)", record.ErrDiskFull, err)
			}
		case lib.SQLITE_BUSY:
			return fmt.Errorf("the keys are locked by another process: %w", err)
		case lib.SQLITE_NOTADB, lib.SQLITE_CORRUPT:
			return fmt.Errorf("the file is not a sound SQLite database; restore a backup: %w", err)
		}
	case errors.As(err, &pg) && pg.Code == "53100":
		return fmt.Errorf("%w (%w)", record.ErrDiskFull, err)
	}
	return err
}
