package app_test

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"shingle/internal/app"
	"shingle/internal/cli"
	"shingle/internal/pgtest"
)

func TestBackupsByScheduleGoOnAfterABucketCameBack(t *testing.T) {
	k := newKept(t, "")
	to := filepath.Join(t.TempDir(), "mount", "backups")
	must(t, os.WriteFile(filepath.Dir(to), []byte("not mounted yet"), 0o600))
	_, stop := serveHow(t, k.at, cli.Serving{Backup: to, BackupEvery: time.Second})
	status := func(want string) string {
		t.Helper()
		text := ""
		for range 100 {
			b, _ := os.ReadFile(filepath.Join(k.at.Data, "backup.json"))
			if text = string(b); strings.Contains(text, want) {
				return text
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("the status is %s", text)
		return ""
	}
	age := func() string {
		t.Helper()
		client, done, err := app.House{}.Connect(t.Context(), k.at)
		must(t, err)
		defer func() { must(t, done()) }()
		resp, err := client.Get("http://shingle/metrics")
		must(t, err)
		defer resp.Body.Close()
		page, err := io.ReadAll(resp.Body)
		must(t, err)
		_, after, _ := strings.Cut(string(page), "\nshingle_backup_age_seconds ")
		value, _, _ := strings.Cut(after, "\n")
		return value
	}
	status("cannot be used")
	if got := age(); got != "+Inf" {
		t.Errorf("there is no backup, and its age is %q", got)
	}
	k.enrol(4, 4) // it serves all the while
	must(t, os.Remove(filepath.Dir(to)))
	if text := status(`"position"`); strings.Contains(text, "error") {
		t.Errorf("the status is %s", text)
	}
	if got, err := strconv.ParseFloat(age(), 64); err != nil || got < 0 || got > 60 {
		t.Errorf("the age of the newest is %v: %v", got, err)
	}
	must(t, stop())
	if out := run(t, "", "restore", "--check", to); !strings.Contains(out, "kept.example") {
		t.Errorf("it says %s", out)
	}
}

// TestAnothersFreshBackupsAreNotTakenForOurs schedules backups to where another body's are kept.
func TestAnothersFreshBackupsAreNotTakenForOurs(t *testing.T) {
	to := filepath.Join(t.TempDir(), "backups")
	run(t, newBody(t), "backup", to+"/")
	dir := newBody(t)
	_, stop := serveHow(t, cli.Place{Data: dir}, cli.Serving{Backup: to, BackupEvery: time.Hour})
	within(t, 5*time.Second, "it is told", func() bool {
		b, _ := os.ReadFile(filepath.Join(dir, "backup.json"))
		return strings.Contains(string(b), "another body's backups are kept there")
	})
	must(t, stop())
}

// TestANodeWithoutAFolderNotesNothing backs up from a node that has nothing but its databases.
func TestANodeWithoutAFolderNotesNothing(t *testing.T) {
	place := newFleet(t, pgtest.URL(t), pgtest.URL(t), 0).place
	t.Chdir(t.TempDir())
	to := filepath.Join(t.TempDir(), "backups")
	_, stop := serveHow(t, place, cli.Serving{Backup: to, BackupEvery: time.Second})
	within(t, 10*time.Second, "a backup", func() bool {
		made, _ := filepath.Glob(filepath.Join(to, "manifests", "*"))
		return len(made) > 0
	})
	must(t, stop())
	if left, err := os.ReadDir("."); err != nil || len(left) > 0 {
		t.Errorf("where it was started, it left %v (%v)", left, err)
	}
}
