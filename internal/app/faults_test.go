package app_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shingle/internal/app"
	"shingle/internal/cli"
	"shingle/internal/powertest"
	"shingle/verify"
)

// TestEveryOperationThatFailsLeavesAllOrNothing lets one operation on the disk fail, each in its turn, as
// though it had not been done or had, from the opening of a body to its closing. An answer that says that
// nothing was changed must stay true if the power is cut right then; asking again does it once, without a
// restart; and what is there in the end is sound, in the folder and after a power cut.
func TestEveryOperationThatFailsLeavesAllOrNothing(t *testing.T) {
	from := newBody(t)
	run(t, from, "act", "register.open")
	token := auditor(t, from)
	step := 17 // all of them take minutes
	if tortured() {
		step = 1
	}
	failed, refused, acknowledged, lost, twice := 0, 0, 0, 0, 0
	for _, how := range []powertest.Failure{powertest.Undone, powertest.Done} {
		for n := int(how); ; n += step {
			f := &failing{t: t, data: copyBody(t, from), token: token, name: fmt.Sprintf("operation %d fails (%v)", n, how == powertest.Done)}
			f.disk = powertest.Watch(t, f.data)
			f.disk.FailAt(n, how)
			f.work()
			if !f.disk.Failed() {
				break // there are no more
			}
			f.name += ", " + f.disk.Kind(n)
			l, w := f.check()
			failed, refused, acknowledged, lost, twice = failed+1, refused+f.refused, acknowledged+len(f.ledger.acknowledged(0)), lost+l, twice+w
			must(t, os.RemoveAll(f.data))
		}
	}
	if failed < 400/step || refused == 0 {
		t.Errorf("only %d operations failed, and %d acts", failed, refused)
	}
	t.Logf("torture: failing-operations=%d acknowledged=%d lost=%d twice=%d", failed, acknowledged, lost, twice)
}

type failing struct {
	t       *testing.T
	data    string
	token   string
	name    string // what fails, for messages
	disk    *powertest.Disk
	ledger  ledger
	refused int
	keys    verify.Keys
	shown   []string // checkpoints
}

// work opens the body, acts and closes it, while something fails.
func (f *failing) work() {
	open := func() (*http.Client, func() error) {
		client, done, err := (app.House{}).Connect(f.t.Context(), cli.Place{Data: f.data})
		if err != nil {
			client, done, err = (app.House{}).Connect(f.t.Context(), cli.Place{Data: f.data})
		}
		if err != nil {
			f.t.Fatalf("%s: it cannot be opened any more: %v", f.name, err)
		}
		return client, done
	}
	client, done := open()
	for _, a := range []*asked{f.ledger.enrol("F1"), f.ledger.rename("F1", 1), f.ledger.enrol("F2")} {
		for try := 0; ; try++ {
			status, problem, err := f.ledger.ask(f.t.Context(), client, "http://shingle", a, nil)
			if err != nil {
				f.t.Fatalf("%s: %v", f.name, err)
			}
			if status == http.StatusCreated || status == http.StatusOK {
				break
			}
			f.refused++
			f.shown = append(f.shown, fetchWith(f.t, client, "http://shingle/log/checkpoint"))
			if strings.Contains(problem, "Nothing was changed") {
				f.unchanged(a)
			}
			if try == 3 {
				f.t.Fatalf("%s: %s is never done: %d %s", f.name, a.key, status, problem)
			}
		}
	}
	f.shown = append(f.shown, fetchWith(f.t, client, "http://shingle/log/checkpoint"))
	about, err := verify.ParseBody([]byte(fetchWith(f.t, client, "http://shingle/.well-known/shingle.json")))
	must(f.t, err)
	f.keys = about.Keys()
	_ = done() // it may be what fails
}

// unchanged checks that an act is not there if the power is cut now, whatever was written.
func (f *failing) unchanged(a *asked) {
	for _, e := range f.after(powertest.Everything) {
		if markIn(e) == a.fields.Get("name") {
			f.t.Fatalf("%s: %s was said to have changed nothing, and comes back after a power cut", f.name, a.key)
		}
	}
}

// after returns the record that a power cut now would leave.
func (f *failing) after(fate powertest.Fate) []happened {
	into := f.t.TempDir()
	defer func() { _ = os.RemoveAll(into) }()
	must(f.t, f.disk.Cut(f.disk.Now(), fate, rand.New(rand.NewPCG(1, 2)), into))
	return f.record(into)
}

func (f *failing) record(data string) []happened {
	client, done := connect(f.t, data)
	record, err := readRecord(f.t.Context(), client, "http://shingle", f.token, 0)
	if err != nil {
		f.t.Fatalf("%s: %v", f.name, err)
	}
	for _, checkpoint := range f.shown {
		if f.keys.Log == "" {
			break // it is not finished
		}
		if err := verify.CheckConsistency(f.t.Context(), verify.HTTP("http://shingle/log", client), f.keys, []byte(checkpoint)); err != nil {
			f.t.Fatalf("%s: a checkpoint that was shown does not fit: %v", f.name, err)
		}
	}
	done()
	if status, out, errs := try("", "verify", data); status != 0 {
		f.t.Fatalf("%s: %s%s", f.name, out, errs)
	}
	return record
}

func (f *failing) check() (lost, twice int) {
	for _, record := range [][]happened{f.after(powertest.Nothing), f.record(f.data)} {
		l, w, err := f.ledger.compare(record, f.ledger.acknowledged(0))
		if err != nil {
			f.t.Fatalf("%s: %v", f.name, err)
		}
		lost, twice = lost+l, twice+w
		for _, a := range f.ledger.acts {
			if !slices.ContainsFunc(record, func(e happened) bool { return markIn(e) == a.fields.Get("name") }) {
				f.t.Fatalf("%s: %s is not there", f.name, a.key)
			}
		}
	}
	return lost, twice
}

// copyBody copies a folder that nobody serves.
func copyBody(t *testing.T, from string) string {
	t.Helper()
	into := t.TempDir()
	entries, err := os.ReadDir(from)
	must(t, err)
	for _, e := range entries {
		if e.Type().IsRegular() {
			copyFile(t, filepath.Join(from, e.Name()), filepath.Join(into, e.Name()))
		}
	}
	return into
}
