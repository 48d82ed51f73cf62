package app_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/app"
	"shingle/internal/backup"
	"shingle/internal/cli"
	"shingle/internal/pgtest"
	"shingle/internal/servertest"
)

// kept is a body worth backing up, and what opens it.
type kept struct {
	t        *testing.T
	at       cli.Place
	keys     string // backup of its keys
	identity string // file with what opens that
}

// newKept makes a body with an open register, people in it, a token and a stored object.
func newKept(t *testing.T, database string) *kept {
	t.Helper()
	k := &kept{t: t, at: cli.Place{Data: filepath.Join(t.TempDir(), "body"), Database: database}}
	text, err := os.ReadFile("../../examples/msp/code.md")
	must(t, err)
	must(t, app.House{}.Init(t.Context(), k.at, cli.InitBody{Name: "Kept", Zone: "UTC", Web: "kept.example", Code: text}))
	k.enrol(1, 3)
	k.run("act", "register.open")
	k.token("Auditor", "auditor")
	must(t, os.Mkdir(filepath.Join(k.at.Data, "blobs"), 0o700))
	must(t, os.WriteFile(filepath.Join(k.at.Data, "blobs", "object-1"), []byte(strings.Repeat("sealed ", 100)), 0o600))
	k.saveKeys()
	return k
}

func (k *kept) run(args ...string) string { return run(k.t, "", append(args, where(k.at)...)...) }

func where(at cli.Place) (flags []string) {
	flags = []string{"--data", at.Data}
	if at.Database != "" {
		flags = append(flags, "--database", at.Database)
	}
	if at.Keys != "" {
		flags = append(flags, "--keys", at.Keys)
	}
	return flags
}

func (k *kept) enrol(from, to int) {
	for n := from; n <= to; n++ {
		k.run("act", "member.enrol", "--number", fmt.Sprintf("%04d", n), "--name", fmt.Sprintf("Member %d", n), "--domains", fmt.Sprintf("m%d.example", n),
			"--contact_name", fmt.Sprintf("Contact %d", n), "--admitted", "2026-01-01")
	}
}

func (k *kept) token(name, role string) string {
	return strings.TrimSpace(k.run("token", "create", "--role", role, "--name", name))
}

// saveKeys backs the keys up, to an identity of their own.
func (k *kept) saveKeys() {
	dir := k.t.TempDir()
	k.keys, k.identity = filepath.Join(dir, "keys.age"), filepath.Join(dir, "identity")
	must(k.t, os.WriteFile(k.identity, []byte(k.run("vault", "backup", k.keys)), 0o600))
}

// restore brings a backup back into an empty place and returns what was said.
func (k *kept) restore(from string, at cli.Place, more ...string) (status int, out, errs string) {
	args := append([]string{"restore", from, "--key-backup", k.keys, "--identity-file", k.identity}, more...)
	return try("", append(args, where(at)...)...)
}

func (k *kept) mustRestore(from string, at cli.Place, more ...string) string {
	k.t.Helper()
	status, out, errs := k.restore(from, at, more...)
	if status != 0 {
		k.t.Fatalf("exit %d: %s", status, errs)
	}
	return out
}

// asKnown is when an answer was asked for.
var asKnown = regexp.MustCompile(`"known":"[^"]*"`)

// shown returns what a body shows, by address, without the time at which it was asked.
func shown(t *testing.T, at cli.Place) map[string]string {
	t.Helper()
	b, err := app.Open(t.Context(), at, nil)
	must(t, err)
	defer func() { must(t, b.Close()) }()
	pages := map[string]string{}
	for _, path := range []string{
		"/register.csv", "/code", "/log/checkpoint", "/.well-known/shingle.json", "/api/v1/members?limit=100", "/api/v1/members/0001", "/notices",
		"/api/v1/members/0002/standing?at=2026-06-01T00:00:00Z", fmt.Sprintf("/log/tile/entries/000.p/%d", b.Log.Head().Size),
	} {
		w := httptest.NewRecorder()
		b.Public().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d\n%.300s", path, w.Code, w.Body)
		}
		pages[path] = asKnown.ReplaceAllString(w.Body.String(), "")
	}
	return pages
}

func samePages(t *testing.T, before, after map[string]string) {
	t.Helper()
	for path := range before {
		if before[path] != after[path] {
			t.Errorf("%s is another:\n%.400s\n%.400s", path, before[path], after[path])
		}
	}
}

func TestARestoredBodyShowsTheSamePagesAndTheSameRoot(t *testing.T) {
	for _, c := range []struct {
		name           string
		from, to, keys func() string // databases
		way            func() string
	}{
		{"SQLite to PostgreSQL by S3", none, database(t), database(t), func() string { return servertest.S3(t) }},
		{"PostgreSQL to SQLite by a folder", database(t), none, none, func() string { return filepath.Join(t.TempDir(), "backups") + "/" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newKept(t, c.from())
			way := c.way()
			if out := k.run("backup", way); strings.Count(out, "\n") != 1 || !strings.Contains(out, "with 4 leaves") {
				t.Errorf("it says %q", out)
			}
			before := shown(t, k.at)
			to := cli.Place{Data: filepath.Join(t.TempDir(), "restored"), Database: c.to(), Keys: c.keys()}
			if out := k.mustRestore(way, to); !strings.Contains(out, "a personal value opens with the keys") {
				t.Errorf("it says %s", out)
			}
			samePages(t, before, shown(t, to))
			run(t, "", append([]string{"verify"}, where(to)...)...)
			if object, err := os.ReadFile(filepath.Join(to.Data, "blobs", "object-1")); err != nil || !strings.HasPrefix(string(object), "sealed sealed") {
				t.Errorf("the stored object is %.20q: %v", object, err)
			}
			if tokens := run(t, "", append([]string{"token", "list"}, where(to)...)...); !strings.Contains(tokens, "Auditor") {
				t.Errorf("the tokens are %s", tokens)
			}
			// It goes on where it was, and the parts of its next backup are byte for byte those of the last.
			parts := func(at cli.Place) (sums []string) {
				path := filepath.Join(t.TempDir(), "again.shingle")
				run(t, "", append([]string{"backup", path}, where(at)...)...)
				b, err := backup.Open(t.Context(), path, backup.Upto{})
				must(t, err)
				m, err := backup.Check(t.Context(), b, nil)
				must(t, errors.Join(err, b.Close()))
				for _, p := range m.Parts {
					if p.Table == "event" || p.Table == "leaf" || p.Table == "account_token" || p.Table == "blob" {
						sums = append(sums, p.Name())
					}
				}
				return sums
			}
			if a, b := parts(k.at), parts(to); !slices.Equal(a, b) || len(a) != 4 {
				t.Errorf("the parts were %v and are %v", a, b)
			}
			run(t, "", append([]string{"act", "member.enrol", "--number", "0009", "--name", "Nine", "--admitted", "2026-01-01"}, where(to)...)...)
			run(t, "", append([]string{"verify"}, where(to)...)...)
		})
	}
}

func none() string { return "" }

func database(t *testing.T) func() string { return func() string { return pgtest.URL(t) } }

func TestASecondBackupAddsOnlyWhatIsNew(t *testing.T) {
	k := newKept(t, "")
	to := filepath.Join(t.TempDir(), "backups") + "/"
	objects := func() (list []string) {
		must(t, filepath.WalkDir(to, func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				list = append(list, path)
			}
			return err
		}))
		return list
	}
	k.run("backup", to)
	first := objects()
	if out := k.run("backup", to); !strings.Contains(out, "; 1 new objects") {
		t.Errorf("with nothing new it says %s", out)
	}
	k.enrol(4, 4)
	must(t, os.WriteFile(filepath.Join(k.at.Data, "blobs", "object-2"), []byte("another"), 0o600))
	if out := k.run("backup", to); !strings.Contains(out, "; 5 new objects") { // events, leaves, the object, the list, the manifest
		t.Errorf("with a little new it says %s", out)
	}
	for _, path := range first {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("what was there has gone: %v", err)
		}
	}
	// However often it is done, there are few parts.
	for n := 5; n < 17; n++ {
		k.enrol(n, n)
		k.run("backup", to)
	}
	m, err := backup.Newest(t.Context(), to)
	must(t, err)
	if n := len(m.Parts); n > 20 {
		t.Errorf("after 15 backups there are %d parts", n)
	}
	if m.Rows("event") != m.Position {
		t.Errorf("the parts have %d events of %d", m.Rows("event"), m.Position)
	}
	at := cli.Place{Data: filepath.Join(t.TempDir(), "restored")}
	k.saveKeys()
	k.mustRestore(to, at)
	samePages(t, shown(t, k.at), shown(t, at))

	// Old ones go when they are no longer wanted, and take with them what only they needed.
	long := time.Now().Add(-48 * time.Hour)
	for _, path := range objects() {
		must(t, os.Chtimes(path, long, long))
	}
	time.Sleep(time.Millisecond)
	if out := k.run("backup", to, "--keep", "1ms"); !strings.Contains(out, "old objects were removed") {
		t.Errorf("it says %s", out)
	}
	if n := len(objects()); n > 30 {
		t.Errorf("%d objects are left", n)
	}
	run(t, "", "restore", "--check", to)

	// The backups of another body are left alone.
	other := newBody(t)
	before := objects()
	if status, _, errs := try(other, "backup", to); status == 0 || !strings.Contains(errs, "another body's backups are kept there") {
		t.Errorf("exit %d: %s", status, errs)
	}
	if !slices.Equal(before, objects()) {
		t.Error("and yet something was changed")
	}
}

func csv(t *testing.T, b *app.Body) string {
	t.Helper()
	w := httptest.NewRecorder()
	b.Public().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/register.csv", nil))
	return w.Body.String()
}

func TestABucketThatFailsIsToldInOneSentence(t *testing.T) {
	k := newKept(t, "")
	sound := servertest.S3(t)
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and never answers
	must(t, err)
	defer silent.Close()
	wrong := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>welcome</html>") }))
	defer wrong.Close()
	forgetful := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.Method == http.MethodGet && r.URL.Query().Has("list-type") {
			fmt.Fprint(w, `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name></ListBucketResult>`)
		}
	}))
	defer forgetful.Close()
	undated, repeating := listing(t, ""), listing(t, "<LastModified>2026-01-01T00:00:00Z</LastModified>")
	patience := backup.Patience
	backup.Patience = 2 * time.Second
	defer func() { backup.Patience = patience }()
	bucket := func(endpoint string) string {
		return "s3://bucket?region=us-east-1&use_path_style=true&endpoint=http://" + strings.TrimPrefix(endpoint, "http://")
	}
	for name, c := range map[string]struct{ at, says string }{
		"silent":     {bucket(silent.Addr().String()), "kept still for 2s"},
		"wrong":      {bucket(wrong.URL), "the place for backups cannot be used"},
		"forgetful":  {bucket(forgetful.URL), "is missing or has another size"},
		"undated":    {bucket(undated), "its list of objects cannot be read"},
		"repeating":  {bucket(repeating), "its list of objects cannot be read"},
		"absent":     {bucket("127.0.0.1:1"), "the place for backups cannot be used"},
		"no bucket":  {strings.Replace(sound, "s3://bucket", "s3://nowhere", 1), "there is no bucket s3://nowhere; make it first"},
		"no scheme":  {"gs://bucket", "backups cannot be kept at"},
		"no address": {"s3://?x=y", "backups cannot be kept at"},
		"host":       {"file://host/folder", "names no folder"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, args := range [][]string{{"backup", c.at}, {"restore", c.at, "--check"}} {
				status, _, errs := try(k.at.Data, args...)
				if args[0] == "restore" && strings.Contains(errs, "there is none in s3://bucket") {
					continue // as it said
				}
				if status != 2 || !strings.Contains(errs, c.says) || strings.Count(errs, "\n") != 1 || len(errs) > 500 {
					t.Errorf("%s: exit %d: %s", args[0], status, errs)
				}
			}
		})
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", "another")
	if status, _, errs := try(k.at.Data, "backup", sound); status != 2 || !strings.Contains(errs, "does not let us in") {
		t.Errorf("exit %d: %s", status, errs)
	}
}
