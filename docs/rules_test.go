package docs

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write RULES.md anew")

// rule is an act.Rule literal in the source, and the tests that lean on it.
type rule struct {
	name, id, cites, text, cure string
	file                        string // from the top of the repository
	line                        int
	tests                       []string
}

// TestRulesAreCurrent fails if RULES.md is not what the source says, or if a rule has no test that refuses
// by it. A rule of standing (STD) refuses nothing: it gives a reason, and a test must name it.
func TestRulesAreCurrent(t *testing.T) {
	rules, err := scan("..")
	if err != nil {
		t.Fatal(err)
	}
	if len(rules) < 30 {
		t.Fatalf("found %d rules: is the scan broken?", len(rules))
	}
	for i, r := range rules {
		if len(r.tests) == 0 {
			t.Errorf("%s (%s, %s:%d) has no test that refuses by it", r.id, r.name, r.file, r.line)
		}
		if i > 0 && rules[i-1].id == r.id {
			t.Errorf("%s is declared twice: %s and %s", r.id, rules[i-1].file, r.file)
		}
		// Of standing's reasons, some ask for nothing.
		if r.cites == "" || r.text == "" || r.cure == "" && !strings.HasPrefix(r.id, "STD-") {
			t.Errorf("%s (%s:%d) lacks a citation, a text or a cure", r.id, r.file, r.line)
		}
	}
	want := markdown(rules)
	if *update {
		if err := os.WriteFile("RULES.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != Rules {
		t.Error("RULES.md is not current: make generate")
	}
	list := List()
	if len(list) != len(rules) {
		t.Fatalf("the list has %d rules, the source has %d", len(list), len(rules))
	}
	for i, r := range list {
		if of := rules[i]; r.ID != of.id || r.Says != of.text || r.Cites != of.cites || r.Cure != of.cure || len(r.Tests) != len(of.tests) {
			t.Errorf("%+v is not %+v", r, of)
		}
	}
}

func TestARuleWithoutARefusingTestIsFound(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "internal", "body", "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	write("internal/body/x/x.go", "package x\nvar (\n\tone = act.Rule{ID: \"X-01\", Cites: \"c\", Text: \"t\", Cure: \"d\"}\n\ttwo = act.Rule{ID: \"X-02\", Cites: \"c\", Text: \"t\", Cure: \"d\"}\n)\n")
	write("internal/body/x/x_test.go", "package x\nfunc TestOne(t *testing.T) { story().When(ask).Refused(one) }\nfunc TestTwo(t *testing.T) { _ = two }\n")
	rules, err := scan(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(rules) != 2 || len(rules[0].tests) != 1 || len(rules[1].tests) != 0 {
		t.Fatalf("%+v", rules)
	}
}

func scan(root string) (rules []*rule, err error) {
	byName := map[string]*rule{} // directory + variable
	tests := map[string][]*ast.File{}
	files := token.NewFileSet()
	err = filepath.WalkDir(filepath.Join(root, "internal"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		slash := filepath.ToSlash(path)
		if !strings.Contains(slash, "/internal/body/") && !strings.Contains(slash, "/internal/desk/") {
			return nil
		}
		f, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := filepath.Dir(path)
		if strings.HasSuffix(path, "_test.go") {
			tests[dir] = append(tests[dir], f)
			return nil
		}
		for _, r := range literals(f) {
			at := files.Position(token.Pos(r.line))
			r.line = at.Line
			if r.file, err = filepath.Rel(root, at.Filename); err != nil {
				return err
			}
			r.file = filepath.ToSlash(r.file)
			byName[dir+" "+r.name] = r
			rules = append(rules, r)
		}
		return nil
	})
	for dir, files := range tests {
		for _, f := range files {
			for _, d := range f.Decls {
				if test, ok := d.(*ast.FuncDecl); ok && test.Body != nil {
					lean(test, func(variable string) *rule { return byName[dir+" "+variable] })
				}
			}
		}
	}
	slices.SortFunc(rules, func(a, b *rule) int { return strings.Compare(a.id, b.id) })
	return rules, err
}

// literals returns the rules that a file declares; line holds the position until it is resolved.
func literals(f *ast.File) (rules []*rule) {
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, value := range v.Values {
			lit, ok := value.(*ast.CompositeLit)
			if !ok {
				continue
			}
			if sel, ok := lit.Type.(*ast.SelectorExpr); !ok || sel.Sel.Name != "Rule" {
				continue
			}
			r := &rule{name: v.Names[i].Name, line: int(lit.Pos())}
			for _, e := range lit.Elts {
				pair, ok := e.(*ast.KeyValueExpr)
				if !ok {
					continue
				}
				switch text := constant(pair.Value); pair.Key.(*ast.Ident).Name {
				case "ID":
					r.id = text
				case "Cites":
					r.cites = text
				case "Text":
					r.text = text
				case "Cure":
					r.cure = text
				}
			}
			rules = append(rules, r)
		}
		return true
	})
	return rules
}

func constant(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, _ := strconv.Unquote(e.Value)
		return s
	case *ast.BinaryExpr:
		return constant(e.X) + constant(e.Y)
	}
	return ""
}

// lean notes the test beside each rule that it refuses by, or, for a reason of standing, that it names.
func lean(test *ast.FuncDecl, find func(variable string) *rule) {
	if !strings.HasPrefix(test.Name.Name, "Test") {
		return
	}
	note := func(e ast.Expr, reason bool) {
		var name string
		switch e := e.(type) {
		case *ast.Ident:
			name = e.Name
		case *ast.UnaryExpr:
			if id, ok := e.X.(*ast.Ident); ok {
				name = id.Name
			}
		case *ast.SelectorExpr:
			if id, ok := e.X.(*ast.Ident); ok {
				name = id.Name // rule.ID
			}
		}
		if r := find(name); r != nil && (!reason || strings.HasPrefix(r.id, "STD-")) && !slices.Contains(r.tests, test.Name.Name) {
			r.tests = append(r.tests, test.Name.Name)
		}
	}
	ast.Inspect(test.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			refused := ok && strings.EqualFold(sel.Sel.Name, "refused")
			for _, a := range n.Args {
				note(a, !refused)
			}
		case *ast.CompositeLit:
			for _, e := range n.Elts {
				if pair, ok := e.(*ast.KeyValueExpr); ok {
					e = pair.Value
				}
				note(e, true)
			}
		}
		return true
	})
}

func markdown(rules []*rule) string {
	var b strings.Builder
	b.WriteString("# The rules\n\nGenerated from the source by `make generate`; `shingle rules` prints it. A refusal names one of these.\n\n")
	b.WriteString("| rule | what it says | where it comes from | what would satisfy it | where it stands | tested by |\n|---|---|---|---|---|---|\n")
	for _, r := range rules {
		tests := slices.Clone(r.tests)
		slices.Sort(tests)
		cell := func(s string) string { return strings.ReplaceAll(s, "|", "\\|") }
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s:%d | %s |\n", r.id, cell(r.text), cell(r.cites), cell(r.cure), r.file, r.line, strings.Join(tests, ", "))
	}
	return b.String()
}
