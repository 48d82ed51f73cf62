// Package internal has no code: it holds the test that keeps the house in order.
package internal

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// room is a part of the house. Imports go down only: a room may import itself and what it lists.
type room struct {
	at    string   // folders below the module, "/..." for all below as well
	may   []string // rooms that it may import
	from  []string // modules that it may import beside the standard library; nil for any
	which string   // what it may import, in words, and why
}

var (
	floor0 = []string{"internal/act", "internal/code", "internal/attest"}
	body   = append([]string{"internal/body/..."}, floor0...)
	desk   = append([]string{"internal/desk/..."}, floor0...)
	below3 = append([]string{"internal/record/...", "internal/s3fault", "internal/flow/...", "internal/body/...", "internal/desk/..."}, floor0...)
	below4 = append([]string{"internal/view/...", "internal/publog/...", "internal/vault/...", "internal/gate/...",
		"internal/account/...", "internal/alerts", "internal/applicant", "internal/complainant", "internal/draft", "internal/work/...", "internal/outbound", "internal/proofs", "internal/roster", "internal/sending", "internal/documents", "internal/exhibit", "internal/backup", "internal/health", "verify"}, below3...)
	nothing = []string{}
)

// house is read from the top: a package lives in the first room that fits. A package that fits in none
// is refused, so that whoever adds one says which floor it stands on.
var house = []room{
	// test support
	{"internal/act/acttest", floor0, nil, "it tells stories about acts, and is used by every domain's tests"},
	{"internal/recordtest", []string{"internal/record", "internal/act"}, nil, "it holds a store to the record's promises and knows no store"},
	{"internal/pgtest", nothing, []string{"github.com/jackc/pgx/v5"}, "it starts PostgreSQL, whatever for"},
	{"internal/witnesstest", nothing, nil, "it starts a witness, whoever is witnessed"},
	{"internal/work/worktest", []string{"internal/work", "internal/record/...", "internal/pgtest", "internal/act"}, nil, "it is a small record, for the tests of whatever works on one"},
	{"internal/powertest", nothing, []string{"modernc.org/sqlite", "modernc.org/libc"}, "it is a disk, whatever lies on it"},
	{"internal/servertest", nothing, nil, "it starts other people's servers, whoever speaks to them"},
	{"internal/web/webtest", append([]string{"internal/web/...", "internal/app", "internal/pgtest"}, below4...), nil, "it drives pages in a browser"},
	// floor 5
	{"cmd/...", []string{"internal/...", "verify", "examples", "docs"}, nil, "the top of the house"},
	{"internal/app/...", []string{"internal/...", "verify", "examples", "docs"}, nil, "all wiring is here, so that it is nowhere else"},
	{"internal/demo", append([]string{"examples"}, below4...), nil, "floors 3 to 0: its history is made by the same acts as a real one"},
	{"internal/bench", []string{"internal/...", "verify", "examples"}, nil, "it measures the whole house from outside, beside a yardstick"},
	// floor 4
	{"internal/cli/...", append([]string{"internal/web/ui", "examples", "docs"}, below4...), nil, "floors 3 to 0, and ui's words for errors: a face does not know the other faces"},
	{"internal/web/ui/...", below4, nil, "floors 3 to 0: what all faces share knows none of them"},
	{"internal/web/...", append([]string{"internal/web/ui/..."}, below4...), nil, "floors 3 to 0, and ui: a face does not know the other faces"},
	// floor 3: not each other; siblings below lists the exceptions
	{"internal/publog/...", append([]string{"verify"}, below3...), nil, "floors 2 to 0, and verify: the log writes what strangers check, in one format with one reader"},
	{"internal/view/...", below3, nil, "floors 2 to 0: a read model is projected from events, not from other parts of its floor"},
	{"internal/vault/...", below3, nil, "floors 2 to 0: keys for the record; nobody beside it holds them"},
	{"internal/gate/...", below3, nil, "floors 2 to 0: it compares a table with what is asked, and nothing more"},
	{"internal/account/...", below3, nil, "floors 2 to 0: who people are does not hang on what they may see"},
	{"internal/alerts", below3, nil, "floors 2 to 0: who asked to be told; whoever tells them is above it"},
	{"internal/applicant", below3, nil, "floors 2 to 0: what is typed before anything is asked for; it knows no page that it is typed on"},
	{"internal/complainant", below3, nil, "floors 2 to 0: what is typed before anybody complains, and the way back to it; it knows no page that it is typed on"},
	{"internal/draft", below3, nil, "floors 2 to 0: it keeps answers, and knows no question"},
	{"internal/roster", below3, nil, "floors 2 to 0: an import asks for acts like anybody else"},
	{"internal/exhibit", nothing, []string{"github.com/pdfcpu/pdfcpu", "golang.org/x/image/webp", "golang.org/x/text"}, "the standard library and readers of formats: it looks at files of strangers, and knows nothing that they could get at"},
	{"internal/sending", below3, nil, "floors 2 to 0: it counts what is sent, and knows nobody that it is sent to"},
	{"internal/documents", below3, nil, "floors 2 to 0: a document is made from what it is handed, and nothing else"},
	{"internal/backup", below3, nil, "floors 2 to 0: it copies rows as they are, whatever they mean"},
	{"internal/work/...", below3, nil, "floors 2 to 0: a job follows the record, and can be derived from it again"},
	{"internal/proofs", nothing, nothing, "the standard library, and outbound: it looks for a line that it is told, and knows no member"},
	{"internal/outbound", nothing, nothing, "the standard library: it calls strangers, and knows nothing that it could tell them"},
	{"internal/health", below3, nil, "floors 2 to 0: it looks at the record; what else is to be looked at is handed to it"},
	{"internal/metrics", below3, nil, "floors 2 to 0: it counts what the record tells it, and is told the rest"},
	{"internal/certs", below3, nil, "floors 2 to 0: certificates may be kept beside the record, and know nothing in it"},
	{"internal/serving", nothing, nothing, "the standard library: it serves any handler and knows no body"},
	// floor 2
	{"internal/record/...", []string{"internal/act"}, nil, "act alone: the record keeps acts of every kind and understands none"},
	{"internal/s3fault", nothing, nil, "the driver's errors: it understands what a bucket answers, whatever is kept there"},
	// floor 1
	{"internal/flow/body/...", body, nothing, "the body's domains: a flow joins domains of its own side"},
	{"internal/flow/desk/...", desk, nothing, "the desk's domains: a flow joins domains of its own side"},
	// floor 0 and a half
	{"internal/body/...", floor0, nothing, "floor 0: no domain knows another; what it must know of it, flow hands it as facts"},
	{"internal/desk/...", floor0, nothing, "floor 0: no domain knows another; what it must know of it, flow hands it as facts"},
	// floor 0
	{"internal/act", nothing, []string{"golang.org/x/text/unicode/norm", "golang.org/x/net/publicsuffix"}, "the standard library, and two tables that it lacks: Unicode's normal forms and the public suffixes: everything stands on it"},
	{"internal/code", []string{"internal/act"}, []string{"github.com/yuin/goldmark", "github.com/goccy/go-yaml"}, "the standard library, act for its one Date, and the readers of Markdown and YAML"},
	{"internal/attest", nothing, []string{"golang.org/x/mod/sumdb/note"}, "the standard library and signed notes: body and desk share it and nothing else"},
	// outside
	{"verify", nothing, []string{"golang.org/x/mod", "filippo.io/torchwood", "github.com/gowebpki/jcs"}, "a few small modules and nothing of ours: strangers import it, and read all of it before they trust it"},
	{"examples/...", nothing, nothing, "data, and nothing that thinks"},
	{"docs", nothing, nothing, "documents that the program prints"},
	{"internal", nothing, nothing, "this test"},
}

// siblings are the rooms of floor 3 that may know another one, and why.
var siblings = []struct{ room, may, why string }{
	{"internal/backup", "internal/publog", "the leaves in a backup are compared with their root by whoever grows the tree, so that there is one way to do it"},
	{"internal/proofs", "internal/outbound", "a domain that strangers name is called through it alone"},
	{"internal/work/webhook", "internal/outbound", "an address that strangers name is called through it alone; a client handed in could be any"},
	{"internal/applicant", "internal/account", "what is told once is made, and kept as a hash, in one way"},
	{"internal/alerts", "internal/account", "strangers' tries are counted where those of people who sign in are, and what is told once is made in one way"},
	{"internal/applicant", "internal/vault", "its tests seal drafts with a real keyring; the program is handed one"},
	{"internal/applicant", "internal/draft", "an application that is written is a draft like any other"},
	{"internal/complainant", "internal/draft", "a complaint that is written is a draft like any other"},
	{"internal/complainant", "internal/vault", "its tests hold a draft against a real keyring, which must not open it"},
	{"internal/documents", "internal/exhibit", "evidence is printed as what it was found to be, and PDFs are read in one way"},
	{"internal/alerts", "internal/vault", "its tests seal addresses with a real keyring; the program is handed one"},
}

// support is imported by tests, so that it is in no binary.
var support = []string{"internal/act/acttest", "internal/recordtest", "internal/pgtest", "internal/work/worktest", "internal/powertest", "internal/witnesstest", "internal/servertest", "internal/web/webtest"}

// seesBoth are the rooms that stand above the wall. To all others the confidential half of the house,
// the desk, and the public half, the body, are never both in sight, however many imports away.
var seesBoth = []string{"cmd/...", "internal/app/...", "internal/cli/...", "internal/web/webtest"}

var sides = map[string][]string{
	"body": {"internal/body/...", "internal/flow/body/...", "internal/view/body/...", "internal/web/site/...", "internal/web/portal/...", "internal/web/office/...", "internal/web/apply/...", "internal/applicant", "internal/web/complaints/...", "internal/complainant"},
	"desk": {"internal/desk/...", "internal/flow/desk/...", "internal/view/desk/...", "internal/web/desk/..."},
}

const wallReason = "the wall: what a desk keeps is confidential, and a body that cannot see it cannot leak it"

// pure are the rooms that decide: what they decide follows from what they are given.
var pure = []string{"internal/act", "internal/code", "internal/attest", "internal/body/...", "internal/desk/...", "internal/flow/..."}

// impure is what decisions do not name: a package with all below it, or one thing of a package.
var impure = []struct{ name, why string }{
	{"time.Now", "the time is in act.Meta: a decision comes out the same when it is looked at again"},
	{"time.Since", "it reads the clock; the time is in act.Meta"},
	{"time.Until", "it reads the clock; the time is in act.Meta"},
	{"time.After", "nothing waits in a decision"},
	{"time.Sleep", "nothing waits in a decision"},
	{"time.NewTimer", "nothing waits in a decision"},
	{"time.NewTicker", "nothing waits in a decision"},
	{"time.Local", "the machine's time zone decides nothing; the body's comes with the facts"},
	{"os", "no files, no environment: what is needed is handed in"},
	{"net", "no network: what is needed is handed in"},
	{"database/sql", "no database: state and facts are handed in"},
	{"log", "what happened is an event; the rest is the caller's to log"},
	{"math/rand", "no chance: new ids are in act.Meta"},
	{"crypto/rand", "no chance: new ids are in act.Meta"},
}

// excused are uses of the impure that read nothing and write nothing.
var excused = []struct{ at, name, why string }{
	{"internal/act", "log/slog", "a private value must say how it is logged: as [sealed]"},
	{"internal/...", "net/url", "it takes addresses apart and opens none"},
	{"internal/...", "net/mail", "it takes addresses apart and opens none"},
	{"internal/...", "net/netip", "it takes addresses apart and opens none"},
}

// listed is a package as `go list -json` tells of it.
type listed struct {
	ImportPath, Dir                    string
	Standard                           bool
	GoFiles                            []string
	Imports, TestImports, XTestImports []string
	Deps                               []string
}

func TestImportsGoDownOnly(t *testing.T) {
	packages := list(t)
	if len(packages) == 0 {
		t.Fatal("go list names no package")
	}
	for _, complaint := range complaints(packages) {
		t.Error(complaint)
	}
}

func TestDecisionsNameNothingImpure(t *testing.T) {
	for _, p := range list(t) {
		path, ours := within(p.ImportPath)
		if !ours || !fits(path, pure) {
			continue
		}
		for _, name := range p.GoFiles {
			file := filepath.Join(p.Dir, name)
			for _, complaint := range impurities(t, path, file, nil) {
				t.Error(complaint)
			}
		}
	}
}

// list asks once for all packages of the module and all that they import. Broken packages are listed
// too: the compiler complains of those.
func list(t *testing.T) []listed {
	cmd := exec.Command("go", "list", "-e", "-deps", "-json=ImportPath,Dir,Standard,GoFiles,Imports,TestImports,XTestImports,Deps", "./...")
	cmd.Dir = ".."
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// complaints says in sentences what does not fit the house.
func complaints(packages []listed) []string {
	known := map[string]listed{}
	for _, p := range packages {
		known[p.ImportPath] = p
	}
	var found []string
	for _, p := range packages {
		path, ours := within(p.ImportPath)
		if !ours {
			continue
		}
		i := slices.IndexFunc(house, func(r room) bool { return fits(path, []string{r.at}) })
		if i < 0 {
			found = append(found, path+" stands on no floor: give it one, with its reason, in internal/floors_test.go")
			continue
		}
		for _, imported := range p.Imports {
			if why := refusal(house[i], path, imported, known[imported].Standard, false); why != "" {
				found = append(found, fmt.Sprintf("%s imports %s: %s", path, imported, why))
			}
		}
		tests := slices.Concat(p.TestImports, p.XTestImports)
		for _, imported := range tests {
			if why := refusal(house[i], path, imported, false, true); why != "" {
				found = append(found, fmt.Sprintf("a test of %s imports %s: %s", path, imported, why))
			}
		}
		if !fits(path, seesBoth) {
			if why := acrossTheWall(path, append(tests, p.Deps...), known); why != "" {
				found = append(found, path+" "+why)
			}
		}
	}
	return found
}

// refusal returns why a package in room r may not import another, or "". Tests may import what their
// package may, test support, the examples and any module; those of floors 4 and 5 anything.
func refusal(r room, path, imported string, standard, test bool) string {
	to, ours := within(imported)
	tree := strings.TrimSuffix(r.at, "/...")
	switch {
	case !ours && (standard || test || r.from == nil):
		return ""
	case !ours:
		if fits(imported, subtrees(r.from)) {
			return ""
		}
		return "it may import " + r.which
	case test && (to == path || fits(to, support) || fits(to, []string{"examples"}) || fits(path, []string{"cmd/...", "internal/app/...", "internal/cli/...", "internal/web/..."})):
		return ""
	case fits(to, support) && !fits(path, support):
		return "test support is for tests, and for no binary"
	case fits(to, r.may):
		return ""
	case strings.HasSuffix(r.at, "/...") && sameRoom(tree, path, to):
		return ""
	}
	for _, s := range siblings {
		if fits(path, []string{s.room}) && fits(to, []string{s.may}) {
			return ""
		}
	}
	return "it may import " + r.which
}

// sameRoom reports whether both packages are parts of one thing. Below body, desk, view and web every
// folder is a thing of its own: a domain, a side, a face.
func sameRoom(tree, path, to string) bool {
	if slices.Contains([]string{"internal/body", "internal/desk", "internal/view", "internal/web"}, tree) {
		thing, _, _ := strings.Cut(strings.TrimPrefix(path, tree+"/"), "/")
		tree += "/" + thing
	}
	return fits(path, []string{tree + "/..."}) && fits(to, []string{tree + "/..."})
}

func acrossTheWall(path string, sees []string, known map[string]listed) string {
	first := map[string]string{}
	look := func(importPath string) {
		for side, rooms := range sides {
			if to, ours := within(importPath); ours && fits(to, rooms) && first[side] == "" {
				first[side] = to
			}
		}
	}
	look(module + "/" + path)
	for _, importPath := range sees {
		look(importPath)
		for _, dep := range known[importPath].Deps {
			look(dep)
		}
	}
	if first["body"] == "" || first["desk"] == "" {
		return ""
	}
	return fmt.Sprintf("has both %s and %s in sight: %s", first["body"], first["desk"], wallReason)
}

// impurities reads one Go file (or src, if given) and says what in it a decision may not name.
func impurities(t *testing.T, path, file string, src any) []string {
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, file, src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	complain := func(pos token.Pos, name, why string) {
		found = append(found, fmt.Sprintf("%s names %s: %s", fset.Position(pos), name, why))
	}
	names := map[string]string{} // as the file calls it → import path
	for _, spec := range parsed.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		name := imported[strings.LastIndexByte(imported, '/')+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = imported
		if name == "." {
			complain(spec.Pos(), ". "+imported, "a dot import hides where a name comes from")
		}
		for _, ban := range impure {
			if fits(imported, []string{ban.name + "/..."}) && !isExcused(path, imported) {
				complain(spec.Pos(), imported, ban.why)
			}
		}
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if of, ok := selector.X.(*ast.Ident); ok {
			for _, ban := range impure {
				if names[of.Name] != "" && names[of.Name]+"."+selector.Sel.Name == ban.name {
					complain(selector.Pos(), ban.name, ban.why)
				}
			}
		}
		return true
	})
	return found
}

func isExcused(path, imported string) bool {
	for _, e := range excused {
		if e.name == imported && fits(path, []string{e.at}) {
			return true
		}
	}
	return false
}

const module = "shingle"

// within returns a package's folder below the module, and whether it is in the module.
func within(importPath string) (string, bool) { return strings.CutPrefix(importPath, module+"/") }

// fits reports whether path is one of the patterns; "a/..." is a and all below it.
func fits(path string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		tree, whole := strings.CutSuffix(pattern, "/...")
		return path == tree || whole && strings.HasPrefix(path, tree+"/")
	})
}

func subtrees(modules []string) []string {
	var patterns []string
	for _, m := range modules {
		patterns = append(patterns, m+"/...")
	}
	return patterns
}
