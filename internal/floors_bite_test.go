package internal

import (
	"strings"
	"testing"
)

// A rule that cannot fail keeps nothing. Each case is a package that does not exist.
func TestTheFloorsBite(t *testing.T) {
	cases := []struct {
		name, path, imports, tests string
		want                       string // part of the complaint; "" for none
	}{
		{name: "a domain stands on act", path: "internal/body/standing", imports: "internal/act"},
		{name: "a face shows read models", path: "internal/web/site", imports: "internal/view/body internal/web/ui net/http"},
		{name: "the wiring sees both sides", path: "internal/app", imports: "internal/view/body internal/view/desk"},
		{name: "a store is part of the record", path: "internal/record/sqlite", imports: "internal/record database/sql modernc.org/sqlite"},
		{name: "the log is read by verify", path: "internal/publog", imports: "verify internal/record"},
		{name: "a part of a face knows its face", path: "internal/web/site/feed", imports: "internal/web/site"},
		{name: "a test tells stories", path: "internal/body/standing", tests: "internal/body/standing internal/act/acttest pgregory.net/rapid os"},
		{name: "a page's test may use all of its side", path: "internal/web/site", tests: "internal/app/starting internal/record/sqlite"},

		{name: "upward", path: "internal/record", imports: "internal/publog",
			want: "internal/record imports shingle/internal/publog: it may import act alone"},
		{name: "the record understands no domain", path: "internal/record", imports: "internal/body/standing", want: "understands none"},
		{name: "floor 0 upward", path: "internal/act", imports: "internal/record", want: "everything stands on it"},
		{name: "a module on floor 0", path: "internal/act", imports: "github.com/google/uuid", want: "the standard library"},
		{name: "a module in a domain", path: "internal/body/standing", imports: "github.com/google/uuid", want: "floor 0"},
		{name: "a sibling domain", path: "internal/body/standing", imports: "internal/body/membership", want: "no domain knows another"},
		{name: "a sibling domain in a test", path: "internal/body/standing", tests: "internal/body/membership", want: "a test of internal/body/standing imports"},
		{name: "a sibling of floor 3", path: "internal/view/body", imports: "internal/publog", want: "not from other parts of its floor"},
		{name: "another face", path: "internal/web/api", imports: "internal/web/site", want: "does not know the other faces"},
		{name: "ui knows no face", path: "internal/web/ui", imports: "internal/web/site", want: "knows none of them"},
		{name: "only the top reads the examples", path: "internal/web/site", imports: "examples", want: "it may import"},
		{name: "verify stands alone", path: "verify", imports: "internal/act", want: "strangers import it"},
		{name: "verify stays small", path: "verify", imports: "github.com/google/uuid", want: "strangers import it"},
		{name: "a look-alike module", path: "verify", imports: "golang.org/x/modern", want: "strangers import it"},
		{name: "test support in a binary", path: "internal/app", imports: "internal/pgtest", want: "for no binary"},
		{name: "an unknown package", path: "internal/helpers", want: "stands on no floor: give it one"},

		{name: "flow of the body looks at the desk", path: "internal/flow/body", imports: "internal/desk/disclosure", want: "its own side"},
		{name: "a read model of the body looks at the desk", path: "internal/view/body", imports: "internal/desk/disclosure", want: wallReason},
		{name: "a page of the desk looks at the body", path: "internal/web/desk", imports: "internal/body/standing", want: wallReason},
		{name: "a page's test looks over the wall", path: "internal/web/site", tests: "internal/desk/disclosure", want: wallReason},
		{name: "two steps away", path: "internal/web/portal", imports: "internal/account internal/desk/disclosure/far", want: wallReason},
		{name: "neither side, but both in sight", path: "internal/gate", imports: "internal/body/standing internal/desk/disclosure", want: wallReason},
	}
	standard := []listed{{ImportPath: "net/http", Standard: true}, {ImportPath: "database/sql", Standard: true}}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := listed{ImportPath: module + "/" + c.path, Imports: paths(c.imports), TestImports: paths(c.tests)}
			p.Deps = p.Imports
			found := strings.Join(complaints(append(standard, p)), "\n")
			if c.want == "" && found != "" || !strings.Contains(found, c.want) {
				t.Errorf("want a complaint with %q, got %q", c.want, found)
			}
		})
	}
}

func TestWhatIsFarInSightIsInSight(t *testing.T) {
	found := strings.Join(complaints([]listed{
		{ImportPath: "shingle/internal/account", Imports: paths("internal/desk/disclosure"), Deps: paths("internal/desk/disclosure")},
		{ImportPath: "shingle/internal/web/site", TestImports: paths("internal/account")},
	}), "\n")
	if want := "internal/web/site has both internal/web/site and internal/desk/disclosure in sight"; !strings.Contains(found, want) {
		t.Errorf("want %q, got %q", want, found)
	}
}

func TestImpurityIsFound(t *testing.T) {
	cases := []struct{ name, path, source, want string }{
		{"the time it is given", "internal/body/standing", `import "time"; func f(t time.Time) time.Time { return t.Add(time.Hour) }`, ""},
		{"an address taken apart", "internal/body/membership", `import "net/url"; var _ = url.Parse`, ""},
		{"how a secret is logged", "internal/act", `import "log/slog"; var _ slog.LogValuer`, ""},
		{"a variable called time", "internal/act", `type c struct{ Now int }; func f(time c) int { return time.Now }`, ""},
		{"the clock", "internal/body/standing", `import "time"; var now = time.Now()`, "names time.Now: the time is in act.Meta"},
		{"the clock by another name", "internal/body/standing", `import clock "time"; var now = clock.Now`, "names time.Now"},
		{"the clock without a name", "internal/body/standing", `import . "time"; var now = Now()`, "a dot import hides"},
		{"a file", "internal/desk/disclosure", `import "os"`, "names os: no files"},
		{"a program", "internal/desk/disclosure", `import "os/exec"`, "names os/exec: no files"},
		{"the network", "internal/flow/body", `import "net/http"`, "names net/http: no network"},
		{"a database", "internal/flow/desk", `import "database/sql"`, "names database/sql: no database"},
		{"a log", "internal/code", `import "log/slog"`, "names log/slog"},
		{"chance", "internal/body/education", `import "math/rand/v2"`, "names math/rand/v2: no chance"},
		{"secret chance", "internal/attest", `import "crypto/rand"`, "names crypto/rand: no chance"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found := strings.Join(impurities(t, c.path, "fake.go", "package fake\n"+c.source), "\n")
			if c.want == "" && found != "" || !strings.Contains(found, c.want) {
				t.Errorf("want a complaint with %q, got %q", c.want, found)
			}
		})
	}
}

// paths completes the names of our own packages, as the tables above leave out the module.
func paths(names string) []string {
	var full []string
	for name := range strings.FieldsSeq(names) {
		if tree, _, _ := strings.Cut(name, "/"); tree == "internal" || tree == "verify" || tree == "examples" {
			name = module + "/" + name
		}
		full = append(full, name)
	}
	return full
}
