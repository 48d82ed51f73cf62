package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// codeCmd works on codes of ethics.
type codeCmd struct {
	Init  codeInit  `cmd:"" help:"Write a code to start from, with every default spelled out."`
	Check codeCheck `cmd:"" help:"Check a code and explain every error with its line and column."`
	Show  codeShow  `cmd:"" help:"Show the code in force, or a version of it."`
	Diff  codeDiff  `cmd:"" help:"Compare two versions (or files) by provision."`
}

type codeInit struct {
	Effective string `help:"Day on which it takes effect; in three months if not given." placeholder:"DATE"`
}

func (c *codeInit) Run(r *run) error {
	day := act.DateIn(time.Now(), time.UTC).AddMonths(3)
	if c.Effective != "" {
		var err error
		if day, err = act.ParseDate(c.Effective); err != nil {
			return fmt.Errorf("--effective: %w", err)
		}
	}
	_, err := r.Out.Write(code.Template(day))
	return err
}

type codeCheck struct {
	File string `arg:"" help:"The code's file, - for standard input."`
	JSON bool   `help:"Print JSON." name:"json"`
}

// checked is what came of checking a code, for programs.
type checked struct {
	Sound      bool          `json:"sound"`
	Problems   []codeProblem `json:"problems"`
	Title      string        `json:"title,omitempty"`
	Version    string        `json:"version,omitempty"`
	Effective  string        `json:"effective,omitempty"`
	Provisions int           `json:"provisions,omitempty"`
	SHA256     string        `json:"sha256,omitempty"`
}

type codeProblem struct {
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Wrong  string `json:"wrong"`
	Rule   string `json:"rule"`
	Cure   string `json:"cure"`
}

func (c *codeCheck) Run(r *run) error {
	text, err := r.read(c.File, largest)
	if err != nil {
		return err
	}
	v, problems := code.Parse(text)
	if c.JSON {
		return c.print(r, v, problems)
	}
	for _, p := range problems {
		fmt.Fprintf(r.Err, "%s:%s\n", c.File, p)
	}
	if len(problems) > 0 {
		return exit{2, fmt.Errorf("%s has %s", called(c.File), counted(len(problems), "problem"))}
	}
	_, err = fmt.Fprintf(r.Out, "%s is sound: %s, version %s, effective %s, %d provisions\nsha256:%x\n", c.File, v.Title, v.Label, v.Effective, len(v.Provisions), v.SHA256)
	return err
}

func (c *codeCheck) print(r *run, v *code.Version, problems code.Problems) error {
	out := checked{Sound: len(problems) == 0, Problems: []codeProblem{}}
	for _, p := range problems {
		out.Problems = append(out.Problems, codeProblem(p))
	}
	if out.Sound {
		out.Title, out.Version, out.Effective = v.Title, v.Label, v.Effective.String()
		out.Provisions, out.SHA256 = len(v.Provisions), fmt.Sprintf("%x", v.SHA256)
	}
	if err := printJSON(r.Out, out); err != nil || out.Sound {
		return err
	}
	return exit{2, errSilent}
}

// counted writes a number and its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

type codeShow struct {
	Place
	credentials
	Version string `arg:"" optional:"" help:"The version, the one in force if not given."`
}

func (c *codeShow) Run(r *run) error {
	a, err := r.connect(c.Place, c.credentials)
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	text, err := a.codeText(c.Version)
	if err != nil {
		return err
	}
	_, err = r.Out.Write(text)
	return err
}

// codeText returns the text of a version of the code, of the one in force for "".
func (a *api) codeText(version string) ([]byte, error) {
	if version == "" {
		var list struct {
			InForce *string `json:"in_force"`
		}
		if err := a.get("/api/v1/code", nil, &list); err != nil {
			return nil, err
		}
		if list.InForce == nil {
			return nil, errors.New("no code is in force yet")
		}
		version = *list.InForce
	}
	version, err := part("version", version)
	if err != nil {
		return nil, err
	}
	var v struct {
		Text string `json:"text"`
	}
	err = a.get("/api/v1/code/"+version, nil, &v)
	return []byte(v.Text), err
}

type codeDiff struct {
	Place
	credentials
	A string `arg:"" help:"A version or a file."`
	B string `arg:"" help:"A version or a file."`
}

func (c *codeDiff) Run(r *run) error {
	one, err := c.version(r, c.A)
	if err != nil {
		return err
	}
	two, err := c.version(r, c.B)
	if err != nil {
		return err
	}
	_, err = io.WriteString(r.Out, redline(code.Diff(one, two)))
	return err
}

// redline writes what changed as text: [-what went-] and {+what came+}.
func redline(d code.Redline) string {
	var b strings.Builder
	for _, q := range d.Requirements {
		if q.Changed() {
			fmt.Fprintf(&b, "%s: [-%s-] {+%s+}\n", q.Key, q.Before, q.After)
		}
	}
	for _, p := range d.Provisions {
		if p.Kind == code.Unchanged && !p.Moved {
			continue
		}
		what := string(p.Kind)
		if p.Moved {
			what = strings.TrimPrefix(what+", moved", "unchanged, ")
		}
		fmt.Fprintf(&b, "\n%s %s\n", strings.Repeat("#", max(p.Level, 1)), strings.TrimSpace(runs(p.Name)+" ("+what+")"))
		if text := runs(p.Text); text != "" {
			fmt.Fprintf(&b, "\n%s\n", text)
		}
	}
	if b.Len() == 0 {
		return "the two say the same\n"
	}
	return b.String()
}

func runs(all []code.Run) string {
	var b strings.Builder
	for _, r := range all {
		switch r.Op {
		case code.Deleted:
			fmt.Fprintf(&b, "[-%s-]", r.Text)
		case code.Inserted:
			fmt.Fprintf(&b, "{+%s+}", r.Text)
		default:
			b.WriteString(r.Text)
		}
	}
	return b.String()
}

func (c *codeDiff) version(r *run, name string) (*code.Version, error) {
	text, err := r.read(name, largest)
	if r.ctx.Err() != nil {
		return nil, r.ctx.Err()
	}
	if err != nil && (strings.ContainsAny(name, "/.") && strings.HasSuffix(name, ".md") || c.Data == "" && c.Database == "") {
		return nil, err
	}
	if err != nil {
		a, err := r.connect(c.Place, c.credentials)
		if err != nil {
			return nil, err
		}
		defer func() { _ = a.close() }()
		if text, err = a.codeText(name); err != nil {
			return nil, err
		}
	}
	v, problems := code.Parse(text)
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s is no sound code: %s (see \"shingle code check\")", name, problems[0])
	}
	return v, nil
}
