package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	msqlite "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"shingle/internal/cli"
)

// oursInFile fails for a folder whose shingle.db is not a body's or desk's. It looks at the names of tables
// and changes nothing: merely opening the file as the record's would.
func oursInFile(ctx context.Context, at cli.Place) (err error) {
	path := folder(at.Data).record()
	db, err := openStored(ctx, at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tables, err := tablesIn(ctx, db.Reader(), listSQLite)
	var lite *msqlite.Error
	switch {
	case errors.As(err, &lite) && lite.Code()&0xff == lib.SQLITE_CANTOPEN && holds(path+"-wal"):
		return nil // left by a process that was killed: only ours writes such files here
	case err != nil:
		return db.explain(err)
	case slices.Contains(tables, "schema_stamp") && slices.Contains(tables, "stamp"):
		return nil
	case len(tables) > 0:
		return fmt.Errorf("%s holds something else (%s), and no body; choose another --data", path, named(tables))
	}
	if info, err := os.Stat(path); err == nil && info.Size() == 0 {
		return fmt.Errorf("%s is empty: the record that was in it is gone; restore a backup", path)
	}
	return fmt.Errorf("there is no body in %s; restore a backup, or choose another --data", path)
}
