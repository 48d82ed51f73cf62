package app_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shingle/internal/cli"
)

// examined returns what the doctor finds, by what it looked at.
func examined(t *testing.T, status int, args ...string) map[string]cli.Finding {
	t.Helper()
	got, out, errs := try("", append([]string{"doctor", "--json"}, args...)...)
	if got != status {
		t.Fatalf("exit %d, want %d: %s%s", got, status, out, errs)
	}
	var answer struct{ Findings []cli.Finding }
	must(t, json.Unmarshal([]byte(out), &answer))
	found := map[string]cli.Finding{}
	for _, f := range answer.Findings {
		if old, ok := found[f.Check]; !ok || old.State != cli.Wrong {
			found[f.Check] = f
		}
		if f.State != cli.Fine && f.Do == "" {
			t.Errorf("%s does not say what to do: %s", f.Check, f.Says)
		}
	}
	return found
}

func TestTheDoctorNamesWhatIsWrongAndWhatToDo(t *testing.T) {
	for name, database := range map[string]func() string{"SQLite": none, "PostgreSQL": database(t)} {
		t.Run(name, func(t *testing.T) {
			k := newKept(t, database())
			run(t, "", append([]string{"act", "member.withdraw", "--member", "0002"}, where(k.at)...)...)
			found := examined(t, 0, where(k.at)...)
			for _, check := range []string{"schema", "role", "versions", "disk", "clock", "record", "blobs", "views"} {
				if found[check].State != cli.Fine {
					t.Errorf("%s: %+v", check, found[check])
				}
			}
			if found["witnesses"].State != cli.Look {
				t.Errorf("without witnesses: %+v", found["witnesses"])
			}
			if quick := examined(t, 0, append([]string{"--quick"}, where(k.at)...)...); quick["views"].State != "" || quick["keys"].State == "" {
				t.Errorf("in a hurry: %+v", quick)
			}
			if left, err := filepath.Glob(filepath.Join(k.at.Data, "doctor-*")); err != nil || len(left) > 0 {
				t.Errorf("it left %v, %v", left, err)
			}

			driver, address := "sqlite", filepath.Join(k.at.Data, "shingle.db")
			if k.at.Database != "" {
				driver, address = "pgx", k.at.Database
			}
			db, err := sql.Open(driver, address)
			must(t, err)
			defer db.Close()
			_, err = db.ExecContext(t.Context(), "UPDATE standing_span SET status = 'good', kind = '' WHERE member = '0002' AND status = 'withdrawn'")
			must(t, err)
			if f := examined(t, 1, where(k.at)...)["views"]; f.State != cli.Wrong || !strings.Contains(f.Says, "standing_span") || !strings.Contains(f.Says, "0002") {
				t.Errorf("a register that lies: %+v", f)
			}
			_, err = db.ExecContext(t.Context(), "INSERT INTO person_role VALUES ('person/0099', 'president', '', 0, 9223372036854775807, 0)")
			must(t, err)
			if _, out, _ := try("", append([]string{"doctor"}, where(k.at)...)...); !strings.Contains(out, "person_role speaks of person/0099, of which the record knows nothing") {
				t.Errorf("a role that nobody gave: %s", out)
			}
			run(t, "", append([]string{"rebuild"}, where(k.at)...)...)
			if f := examined(t, 0, where(k.at)...)["views"]; f.State != cli.Fine {
				t.Errorf("made anew: %+v", f)
			}
			run(t, "", append([]string{"token", "create", "--role", "registrar", "--name", "Ada", "--days", "9"}, where(k.at)...)...)
			if f := examined(t, 0, append([]string{"--quick"}, where(k.at)...)...)["tokens"]; f.State != cli.Fine {
				t.Errorf("a token as it was made: %+v", f)
			}
			_, err = db.ExecContext(t.Context(), "UPDATE account_token SET role = 'president'")
			must(t, err)
			if f := examined(t, 1, append([]string{"--quick"}, where(k.at)...)...)["tokens"]; f.State != cli.Wrong {
				t.Errorf("a token that was changed: %+v", f)
			}
			_, err = db.ExecContext(t.Context(), "UPDATE event SET actor = 'nobody' WHERE position = 3")
			must(t, err)
			if f := examined(t, 1, where(k.at)...)["record"]; f.State != cli.Wrong || !strings.Contains(f.Says, "position 3") {
				t.Errorf("a changed row: %+v", f)
			}
			must(t, os.Rename(filepath.Join(k.at.Data, "root.key"), filepath.Join(k.at.Data, "gone.key")))
			if f := examined(t, 1, append([]string{"--quick"}, where(k.at)...)...)["keys"]; f.State != cli.Wrong || !strings.Contains(f.Do, "--key-backup") {
				t.Errorf("without a root key: %+v", f)
			}
		})
	}
}

func TestTheDoctorExaminesWhatIsServed(t *testing.T) {
	dir := newBody(t)
	_, stop := serve(t, dir)
	found := examined(t, 0, "--data", dir)
	if found["server"].State != cli.Fine || found["clock"].State != cli.Fine || found["views"].State != cli.Fine {
		t.Errorf("%+v", found)
	}
	must(t, stop())
}

// A register that is busy is examined like any other: as of one moment.
func TestTheDoctorExaminesWhatGrowsMeanwhile(t *testing.T) {
	dir := newBody(t)
	_, stop := serve(t, dir)
	done, grown := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		for ; ; n++ {
			select {
			case <-done:
				grown <- n
				return
			default:
			}
			if status, _, errs := try(dir, "act", "member.rename", "--member", "0001", "--name", fmt.Sprintf("Name Number %d", n)); status != 0 {
				t.Errorf("act %d: %s", n, errs)
			}
		}
	}()
	found := examined(t, 0, "--data", dir)
	close(done)
	if n := <-grown; n < 2 {
		t.Errorf("nothing was recorded meanwhile")
	}
	if found["record"].State != cli.Fine || found["views"].State != cli.Fine {
		t.Errorf("%+v", found)
	}
	must(t, stop())
}
