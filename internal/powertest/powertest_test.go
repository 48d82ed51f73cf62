package powertest

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
)

// keep opens a database that counts, as durable as synchronous says.
func keep(t *testing.T, dir, synchronous string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "kept.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous("+synchronous+")&_pragma=wal_autocheckpoint(20)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func count(t *testing.T, db *sql.DB) (n int, err error) {
	t.Helper()
	var sound string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
		return 0, fmt.Errorf("%s %v", sound, err)
	}
	err = db.QueryRow("SELECT count(*) FROM kept").Scan(&n)
	return n, err
}

// lostRows inserts rows and cuts the power everywhere. It returns how many acknowledged rows the worst cut lost.
func lostRows(t *testing.T, synchronous string) (worst int) {
	dir := t.TempDir()
	db := keep(t, dir, synchronous)
	must(t, db, "CREATE TABLE kept (id INTEGER PRIMARY KEY, text TEXT)")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	disk := Watch(t, dir)
	db = keep(t, dir, synchronous)
	acknowledged := []int{disk.Now()} // by rows: how many operations there were
	for i := range 30 {
		must(t, db, fmt.Sprintf("INSERT INTO kept (text) VALUES ('%s')", strings.Repeat(fmt.Sprint(i), 300)))
		acknowledged = append(acknowledged, disk.Now())
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for n := range disk.Now() + 1 {
		rows := 0
		for rows+1 < len(acknowledged) && acknowledged[rows+1] <= n {
			rows++
		}
		for _, fate := range []Fate{Nothing, Everything, AnyOf(random)} {
			into := t.TempDir()
			if err := disk.Cut(n, fate, random, into); err != nil {
				t.Fatal(err)
			}
			after := keep(t, into, synchronous)
			left, err := count(t, after)
			if err != nil {
				t.Fatalf("cut after %d (%s): %v", n, disk.Kind(n-1), err)
			}
			if left > rows+1 {
				t.Fatalf("cut after %d: %d rows of %d", n, left, rows)
			}
			worst = max(worst, rows-left)
			_ = after.Close()
		}
	}
	return worst
}

func must(t *testing.T, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}

// The disk can tell a database that syncs what it acknowledges from one that does not.
func TestAPowerCutLosesWhatWasNotSynced(t *testing.T) {
	if lost := lostRows(t, "FULL"); lost != 0 {
		t.Errorf("synchronous=FULL lost %d rows", lost)
	}
	if lost := lostRows(t, "NORMAL"); lost == 0 {
		t.Error("synchronous=NORMAL lost nothing: this disk cannot lose")
	}
}

func TestAFullDiskReadsOn(t *testing.T) {
	dir := t.TempDir()
	disk := Watch(t, dir)
	db := keep(t, dir, "FULL")
	must(t, db, "CREATE TABLE kept (id INTEGER PRIMARY KEY, text TEXT)")
	insert := func() error {
		_, err := db.Exec("INSERT INTO kept (text) VALUES ($1)", strings.Repeat("x", 200_000))
		return err
	}
	disk.Fill(true)
	if err := insert(); err == nil || !strings.Contains(err.Error(), "full") {
		t.Fatal(err)
	}
	if n, err := count(t, db); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	disk.Fill(false)
	if err := insert(); err != nil {
		t.Fatal(err)
	}
}

// A folder that nobody watches is none of ours.
func TestOtherFoldersAreLeftAlone(t *testing.T) {
	disk := Watch(t, t.TempDir())
	db := keep(t, t.TempDir(), "FULL")
	must(t, db, "CREATE TABLE kept (id INTEGER PRIMARY KEY)")
	if n := disk.Now(); n != 0 {
		t.Fatal(n)
	}
}
