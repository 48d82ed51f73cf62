package app_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"shingle/internal/act"
	"shingle/internal/app"
	"shingle/internal/body/custody"
	"shingle/internal/cli"
	"shingle/internal/servertest"
	"shingle/internal/vault"
)

// onBlobs runs a test on a body whose blobs lie in its own folder, and on one whose blobs lie in a bucket.
func onBlobs(t *testing.T, test func(t *testing.T, at cli.Place, folder string)) {
	t.Run("folder", func(t *testing.T) {
		dir := newBody(t)
		test(t, cli.Place{Data: dir}, filepath.Join(dir, "blobs"))
	})
	t.Run("bucket", func(t *testing.T) {
		bucket, folder := servertest.S3Folder(t)
		test(t, cli.Place{Data: newBody(t), Blobs: bucket}, folder)
	})
}

// at runs a command at a place.
func at(place cli.Place, args ...string) (status int, out, errs string) {
	if place.Blobs != "" {
		args = append(args, "--blobs", place.Blobs)
	}
	return try(place.Data, args...)
}

// sealAt seals a text in a body that nobody has open.
func sealAt(t *testing.T, place cli.Place, owner string, text []byte) vault.Object {
	t.Helper()
	b, err := app.Open(t.Context(), place, nil)
	must(t, err)
	o, err := b.Objects.Seal(t.Context(), owner, "evidence", bytes.NewReader(text))
	must(t, errors.Join(err, b.Close()))
	return o
}

// finds runs what looks at blobs, and fails unless all of it finds, or all of it finds nothing.
func finds(t *testing.T, place cli.Place, want ...string) {
	t.Helper()
	for _, command := range []string{"vault check", "vault check --hashes", "verify"} {
		status, out, errs := at(place, strings.Fields(command)...)
		if (status != 0) != (len(want) > 0) {
			t.Errorf("%s: exit %d: %s%s", command, status, out, errs)
		}
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%s does not say %q: %s%s", command, w, out, errs)
			}
		}
	}
}

func TestWhatIsWrongWithBlobsIsFoundByEveryCheck(t *testing.T) {
	onBlobs(t, func(t *testing.T, place cli.Place, folder string) {
		finds(t, place)
		one, two := sealAt(t, place, "case/2027-0007", []byte("what the customer said")), sealAt(t, place, "case/2027-0008", bytes.Repeat([]byte("x"), 300_000))
		finds(t, place)
		path := filepath.Join(folder, two.Blob())
		whole, err := os.ReadFile(path)
		must(t, err)
		flipped := bytes.Clone(whole)
		flipped[len(flipped)/2] ^= 1
		must(t, os.WriteFile(path, flipped, 0o600))
		finds(t, place, "object "+two.ID+" of case/2027-0008: its blob was altered")
		must(t, os.WriteFile(path, whole[:len(whole)-1000], 0o600))
		finds(t, place, "object "+two.ID+" of case/2027-0008: its blob was cut off")
		must(t, os.Remove(path))
		finds(t, place, "object "+two.ID+" of case/2027-0008: its blob is missing")
		must(t, os.WriteFile(path, whole, 0o600))
		finds(t, place)
		orphan := filepath.Join(folder, "abcdefghijklmnopqrstuvwx.age")
		must(t, os.WriteFile(orphan, whole, 0o600))
		old := time.Now().Add(-2 * vault.Settled)
		must(t, os.Chtimes(orphan, old, old))
		finds(t, place, "blob abcdefghijklmnopqrstuvwx.age has no row among the keys")
		alter(t, place.Data+"/keys.db", "UPDATE object SET label = 'public' WHERE id = '"+one.ID+"'")
		if status, out, _ := at(place, "vault", "check"); status != 2 || !strings.Contains(out, "object "+one.ID+" of case/2027-0007: its row among the keys was altered") {
			t.Errorf("exit %d: %s", status, out)
		}
		if status, out, _ := at(place, "vault", "check", "--json"); status != 0 || !strings.HasPrefix(out, `{"faults":["object `+one.ID) {
			t.Errorf("exit %d: %s", status, out)
		}
	})
}

func TestARecoveredKeyOpensTheBlobWithTheAgeProgram(t *testing.T) {
	program := servertest.Age(t)
	onBlobs(t, func(t *testing.T, place cli.Place, folder string) {
		text := bytes.Repeat([]byte("what the customer said\n"), 10_000)
		o := sealAt(t, place, "case/2027-0007", text)
		for _, refused := range []struct {
			args   []string
			status int
			says   string
		}{
			{[]string{"vault", "recover", o.ID}, 2, "--purpose"},
			{[]string{"vault", "recover", o.ID, "--purpose", " "}, 1, "refused by CUST-01"},
			{[]string{"vault", "recover", "abcdefghijklmnopqrstuvwx", "--purpose", "x"}, 2, "there is no object with this id"},
		} {
			status, out, errs := at(place, refused.args...)
			if status != refused.status || out != "" || !strings.Contains(errs, refused.says) || strings.Contains(errs, "SECRET") {
				t.Errorf("%v: exit %d: %s%s", refused.args, status, out, errs)
			}
		}
		status, identity, errs := at(place, "vault", "recover", o.ID, "--purpose", "the court asked for the file")
		if status != 0 {
			t.Fatal(errs)
		}
		if identities, err := age.ParseIdentities(strings.NewReader(identity)); err != nil || len(identities) != 1 {
			t.Errorf("%s: %v", identity, err)
		}
		file := filepath.Join(t.TempDir(), "identity.txt")
		must(t, os.WriteFile(file, []byte(identity), 0o600))
		got, err := exec.Command(program, "--decrypt", "-i", file, filepath.Join(folder, o.Blob())).Output()
		if err != nil || !bytes.Equal(got, text) {
			t.Errorf("age gives %d bytes: %v", len(got), err)
		}

		b, err := app.Open(t.Context(), place, nil)
		must(t, err)
		defer b.Close()
		events, err := b.Record.Concerning(t.Context(), "case/2027-0007", b.Record.Position())
		must(t, err)
		if len(events) != 1 || events[0].Actor != "operator" || events[0].Event.(custody.Recovered).Purpose != "the court asked for the file" {
			t.Errorf("recorded: %+v", events)
		}
	})
}

func TestAnOpeningIsInTheRecordBeforeTheFirstByte(t *testing.T) {
	onBlobs(t, func(t *testing.T, place cli.Place, _ string) {
		ctx := t.Context()
		o := sealAt(t, place, "case/2027-0007", []byte("what the customer said"))
		b, err := app.Open(ctx, place, nil)
		must(t, err)
		who := vault.Access{By: "token/1", Role: "panelist", Purpose: "the hearing"}
		r, err := b.Objects.Open(ctx, who, o.ID)
		must(t, err)
		events, err := b.Record.Concerning(ctx, "case/2027-0007", b.Record.Position())
		must(t, err)
		if len(events) != 1 || events[0].Actor != "token/1" || events[0].Role != "panelist" || events[0].Stream != "object/"+o.ID || events[0].Event.(custody.Opened).Purpose != "the hearing" {
			t.Errorf("recorded: %+v", events)
		}
		text, err := io.ReadAll(r)
		must(t, errors.Join(err, r.Close()))
		if string(text) != "what the customer said" {
			t.Errorf("%q", text)
		}
		before := b.Record.Position()
		_, err = b.Objects.Open(ctx, vault.Access{By: "token/1", Role: "panelist"}, o.ID)
		if refusal, ok := act.Refused(err); !ok || refusal.Rule.ID != "CUST-01" || b.Record.Position() != before {
			t.Errorf("opened for no purpose: %v", err)
		}
		must(t, b.Record.Close())
		if r, err := b.Objects.Open(ctx, who, o.ID); r != nil || !errors.Is(err, vault.ErrNoAudit) {
			t.Errorf("a record that is closed lets something out: %v", err)
		}
		_ = b.Close()
	})
}

func TestAServerSweepsAndServesTheVaultCommands(t *testing.T) {
	onBlobs(t, func(t *testing.T, place cli.Place, folder string) {
		o := sealAt(t, place, "case/2027-0007", []byte("what the customer said"))
		orphan := filepath.Join(folder, "abcdefghijklmnopqrstuvwx.age")
		must(t, os.WriteFile(orphan, []byte("of an upload that was cut off"), 0o600))
		old := time.Now().Add(-2 * vault.Settled)
		must(t, os.Chtimes(orphan, old, old))
		_, stop := serveAt(t, place)
		for range 100 {
			if _, err := os.Stat(orphan); os.IsNotExist(err) {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if _, err := os.Stat(orphan); !os.IsNotExist(err) {
			t.Errorf("it is still there: %v", err)
		}
		finds(t, place)
		if out := run(t, place.Data, "vault", "check"); !strings.Contains(out, "every sealed object opens to its end") { // --blobs is the server's
			t.Error(out)
		}
		if out := run(t, place.Data, "vault", "recover", o.ID, "--purpose", "a drill"); !strings.Contains(out, "AGE-SECRET-KEY-1") {
			t.Error(out)
		}
		must(t, stop())
	})
}

func TestTheWrongPlaceForBlobsIsOneClearSentence(t *testing.T) {
	bucket := servertest.S3(t)
	place := cli.Place{Data: newBody(t), Blobs: bucket}
	sealAt(t, place, "case/2027-0007", []byte("what the customer said"))
	other := cli.Place{Data: newBody(t)}
	sealAt(t, other, "case/2027-0007", []byte("what another said"))
	for blobs, want := range map[string]string{
		"":                                "has no file shingle-blobs; give the right place with --blobs",
		"file://" + other.Data + "/blobs": "belongs to another one; give the right place with --blobs",
		"gs://bucket":                     "blobs lie in a folder or in an S3-compatible bucket",
		strings.Replace(bucket, "s3://bucket", "s3://bocket", 1): "there is no bucket s3://bocket",
	} {
		for _, command := range []string{"vault check", "verify"} {
			status, out, errs := at(cli.Place{Data: place.Data, Blobs: blobs}, strings.Fields(command)...)
			if status != 2 || out != "" || !strings.Contains(errs, want) || strings.Count(errs, "\n") != 1 {
				t.Errorf("%s with %q: exit %d: %s%s", command, blobs, status, out, errs)
			}
		}
	}
	// A register whose bucket is out of reach still serves: it is only what is sealed that is not there.
	lost := cli.Place{Data: place.Data, Blobs: "s3://bucket?region=us-east-1&use_path_style=true&endpoint=http://127.0.0.1:1"}
	web, stop := serveAt(t, lost)
	if page := fetch(t, web+"/.well-known/shingle.json"); !strings.Contains(page, "small.example") {
		t.Error(page)
	}
	began := time.Now()
	must(t, stop())
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("stopping took %s", took)
	}
	if _, err := os.Stat(filepath.Join(place.Data, "blobs")); !os.IsNotExist(err) {
		t.Error("a folder for blobs was made beside the bucket")
	}
}

func TestWhatIsDestroyedNamesTheBackupsOfKeysThatRemain(t *testing.T) {
	place := cli.Place{Data: newBody(t)}
	sealAt(t, place, "case/2027-0007", []byte("what the customer said"))
	if status, _, errs := at(place, "vault", "backup", filepath.Join(t.TempDir(), "keys"), "--kept-for", "soon"); status != 2 || !strings.Contains(errs, "for example 30d") {
		t.Errorf("exit %d: %s", status, errs)
	}
	run(t, place.Data, "vault", "backup", filepath.Join(t.TempDir(), "keys"))
	run(t, place.Data, "vault", "backup", filepath.Join(t.TempDir(), "keys"), "--kept-for", "365d")
	if status, _, _ := at(place, "vault", "backup", filepath.Join(t.TempDir(), "nowhere", "keys")); status != 2 {
		t.Errorf("written nowhere: exit %d", status)
	}
	b, err := app.Open(t.Context(), place, nil)
	must(t, err)
	defer b.Close()
	f, err := b.Objects.Forget(t.Context(), "case/2027-0007")
	must(t, err)
	if len(f.KeyBackups) != 2 || !f.KeyBackups[0].Expires.IsZero() || f.KeyBackups[1].Expires.Sub(f.KeyBackups[1].Made) != 365*24*time.Hour {
		t.Errorf("named are %s", f.KeyBackups)
	}
}
