package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/cli"
	"shingle/internal/vault"
	"shingle/internal/web/ui"
)

// UploadAndDie uploads a file for a case of the body in a folder, tells which, and is killed before anybody hands it in.
func UploadAndDie(data, id string) {
	b, err := openBody(context.Background(), opening{at: cli.Place{Data: data}})
	if err != nil {
		panic(err)
	}
	e, err := b.Exhibits.Take(context.Background(), "case/"+id, "notes.txt", strings.NewReader("CANARY what was seen"))
	if err != nil {
		panic(err)
	}
	fmt.Println(e.Object, e.SHA256)
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// TestAnUploadThatACrashCutOffIsNobodys kills the process between an upload and its submission. What is left counts for
// nothing, nobody reads it, it is not in the clear on the disk, and it is swept a day later; until then it can still be
// handed in.
func TestAnUploadThatACrashCutOffIsNobodys(t *testing.T) {
	c, manager, id := complained(t)
	c.must(c.Close())
	program, err := os.Executable()
	c.must(err)
	dies := filepath.Join(t.TempDir(), "upload-and-die")
	c.must(os.Symlink(program, dies))
	upload := func() (object, sum string) {
		t.Helper()
		command := exec.Command(dies, c.data, id)
		out, err := command.Output()
		status, ok := command.ProcessState.Sys().(syscall.WaitStatus)
		if object, sum, _ = strings.Cut(strings.TrimSpace(string(out)), " "); !ok || !status.Signaled() || status.Signal() != syscall.SIGKILL || object == "" {
			t.Fatalf("it was not killed, or too early: %v: %s", err, out)
		}
		return object, sum
	}
	left, _ := upload()
	saved, sum := upload()
	c.open()
	who := ui.Who{Actor: manager, Role: "case-manager"}
	read := func(object string) (string, error) {
		file, _, err := c.Exhibits.Open(context.Background(), who, "case/"+id, object, "to see it")
		if err != nil {
			return "", err
		}
		text, err := io.ReadAll(file)
		return string(text), errors.Join(err, file.Close())
	}
	state := act.StateOf[cases.Case](c.Record.Look(context.Background()), "case/"+id)
	if len(state.Files)+len(state.Evidence) > 0 {
		t.Errorf("the case has %v, %v", state.Files, state.Evidence)
	}
	for _, object := range []string{left, saved} {
		if text, err := read(object); !errors.Is(err, ui.ErrNoExhibit) || text != "" {
			t.Errorf("it reads %q: %v", text, err)
		}
	}
	c.must(filepath.WalkDir(c.data, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if b, _ := os.ReadFile(path); strings.Contains(string(b), "CANARY") {
				t.Errorf("it is in the clear in %s", path)
			}
		}
		return err
	}))
	c.asks(manager, "case-manager", cases.AdmitEvidence{Case: id, Object: saved, SHA256: sum, What: act.NewPrivate("", "notes"), Source: "witness", Basis: "redacted"})
	o, err := c.Objects.Find(context.Background(), left)
	c.must(err)
	c.Files.Now = func() time.Time { return o.Made.Add(time.Hour) } // who died went by another clock than the test does
	c.must(c.Files.Sweep(context.Background()))
	if _, err := c.Objects.Find(context.Background(), left); err != nil {
		t.Errorf("it is swept at once: %v", err)
	}
	c.Files.Now = func() time.Time { return o.Made.Add(25 * time.Hour) }
	c.must(c.Files.Sweep(context.Background()))
	if _, err := c.Objects.Find(context.Background(), left); !errors.Is(err, vault.ErrNoObject) {
		t.Errorf("it is still there: %v", err)
	}
	if files, _ := filepath.Glob(filepath.Join(c.data, "blobs", "*.age")); len(files) != 1 {
		t.Errorf("the blobs are %v", files)
	}
	if text, err := read(saved); err != nil || text != "CANARY what was seen" {
		t.Errorf("what was admitted reads %q: %v", text, err)
	}
	if o, err := c.Objects.Find(context.Background(), saved); err != nil || !strings.HasPrefix(o.Label, "exhibit ") {
		t.Errorf("%+v, %v", o, err)
	}
}
