package app_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shingle/internal/cli"
)

// older makes a place as the version before "shingle move" left it: its stamp does not say where it went.
func older(t *testing.T, at cli.Place) {
	t.Helper()
	driver, address := "sqlite", filepath.Join(at.Data, "shingle.db")
	if at.Database != "" {
		driver, address = "pgx", at.Database
	}
	db, err := sql.Open(driver, address)
	must(t, err)
	defer db.Close()
	for _, statement := range []string{
		"ALTER TABLE stamp DROP COLUMN witnesses", "ALTER TABLE stamp DROP COLUMN moved", "DELETE FROM schema_stamp WHERE version_id > 1",
	} {
		_, err := db.ExecContext(t.Context(), statement)
		must(t, err)
	}
}

func TestDataOfAnOlderVersionAreBackedUpBeforeTheyAreBroughtUpToDate(t *testing.T) {
	for name, database := range map[string]func() string{"SQLite": none, "PostgreSQL": database(t)} {
		t.Run(name, func(t *testing.T) {
			k := newKept(t, database())
			before := shown(t, k.at)
			older(t, k.at)
			saves := filepath.Join(k.at.Data, "backups")

			// Without room for the backup nothing is touched.
			must(t, os.WriteFile(saves, []byte("in the way"), 0o600))
			status, _, errs := try("", append([]string{"token", "list"}, where(k.at)...)...)
			if status != 2 || !strings.Contains(errs, "the backup that is made before they are brought up to date failed") || !strings.Contains(errs, "--no-backup") {
				t.Errorf("exit %d: %s", status, errs)
			}
			if status, _, errs := try("", append([]string{"verify"}, where(k.at)...)...); status != 2 || !strings.Contains(errs, "older version") {
				t.Errorf("it was brought up to date all the same: exit %d: %s", status, errs)
			}
			must(t, os.Remove(saves))

			k.run("token", "list")
			samePages(t, before, shown(t, k.at))
			made, err := filepath.Glob(filepath.Join(saves, "*"))
			must(t, err)
			if len(made) != 1 || !strings.Contains(made[0], "before-upgrade-") {
				t.Fatalf("the backups are %v", made)
			}
			// What the older version wrote comes back up to date.
			at := fresh(t)
			k.mustRestore(made[0], at)
			samePages(t, before, shown(t, at))
			run(t, at.Data, "verify")

			older(t, k.at)
			k.run("token", "list", "--no-backup")
			if again, err := filepath.Glob(filepath.Join(saves, "*")); err != nil || len(again) != 1 {
				t.Errorf("with --no-backup the backups are %v: %v", again, err)
			}
		})
	}
}

func TestABackupOfANewerVersionIsRefused(t *testing.T) {
	k := newKept(t, "")
	alter(t, filepath.Join(k.at.Data, "shingle.db"), "INSERT INTO schema_account (version_id, is_applied) VALUES (99, 1)")
	if status, _, errs := try(k.at.Data, "token", "list"); status != 2 || !strings.Contains(errs, "newer version") {
		t.Errorf("exit %d: %s", status, errs)
	}
}
