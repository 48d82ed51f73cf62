package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	msqlite "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// ErrOlder says that the keyring was written by an older version of the program, and is not brought up to
// date by whoever only reads it.
var ErrOlder = errors.New("the keyring was written by an older version of shingle")

// ReadFile opens the keyring in an SQLite file to look at it, with errors as OpenFile's. It changes nothing
// and works where the folder cannot be written to, also while another process has the file open.
func ReadFile(ctx context.Context, path string, root Root) (*Keyring, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: there is no %s; restore it from its backup", ErrNotMade, path)
	}
	how := url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(10000)", "query_only(1)"}}
	if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		how.Set("immutable", "1") // nobody writes: nothing is needed beside the file
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+how.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	k := newKeyring(db, true)
	if err := k.migrate(ctx, database.DialectSQLite3, "sqlite"); err != nil {
		return nil, errors.Join(fmt.Errorf("the keyring %s cannot be read: %w", path, older(err)), db.Close())
	}
	return k.look(ctx, root)
}

// ReadDatabase opens the keyring in a PostgreSQL database to look at it, with errors as OpenDatabase's. It
// changes nothing.
func ReadDatabase(ctx context.Context, databaseURL string, root Root) (*Keyring, error) {
	k, err := connectDatabase(ctx, databaseURL, looking)
	if err != nil {
		return nil, older(err)
	}
	return k.look(ctx, root)
}

// look checks that the root key fits, and hands the keyring out; or closes it.
func (k *Keyring) look(ctx context.Context, root Root) (*Keyring, error) {
	made, err := k.use(ctx, root)
	if err == nil && !made {
		err = ErrNotMade
	}
	if err != nil {
		return nil, errors.Join(err, k.Close())
	}
	return k, nil
}

// older names the fault of a migration that was missing and could not be applied.
func older(err error) error {
	var lite *msqlite.Error
	var pg *pgconn.PgError
	var missing *goose.PartialError
	if errors.As(err, &missing) || errors.As(err, &lite) && lite.Code()&0xff == lib.SQLITE_READONLY || errors.As(err, &pg) && pg.Code == "25006" {
		return fmt.Errorf("%w; open it with this one first", ErrOlder)
	}
	return explain(err)
}
