package code

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"shingle/internal/act"
)

var (
	labelForm = regexp.MustCompile(`^[0-9A-Za-z]([._-]?[0-9A-Za-z])*$`)
	fronts    = []string{"title", "version", "effective", "transition", "requirements"}
)

const (
	oneValue = "Front matter is plain: keys, each with one value, without anchors, tags or lists."
	once     = "A key stands once."
)

// settings reads the YAML of the front matter.
func (r *reader) settings(v *Version, text string) {
	v.Requirements = Usual()
	file, err := parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.badYAML(err)
		return
	}
	var front ast.Node
	if len(file.Docs) > 0 {
		front = file.Docs[0].Body
	}
	if len(file.Docs) > 1 {
		r.wrongAt(file.Docs[1], oneValue, `Take out the line "...".`, "the front matter is more than one document")
	}
	seen := map[string]bool{}
	for _, e := range r.entries(front, "the front matter", fronts) {
		seen[e.name] = true
		switch e.name {
		case "requirements":
			r.requirements(&v.Requirements, e.value)
		case "title":
			v.Title, _ = r.scalar(e)
			if strings.ContainsFunc(v.Title, func(c rune) bool { return c < ' ' }) {
				r.wrongAt(e.value, "A title is one line of plain text.", "Write it on one line.", "the title has more than one line")
			}
		case "version":
			if s, ok := r.scalar(e); ok && (!labelForm.MatchString(s) || len(s) > 32) {
				r.wrongAt(e.value, "A version is named by up to 32 letters, digits and single dots, hyphens or underscores.",
					`Write for example "2026.1".`, "%q cannot name a version", oneLine(s))
			} else {
				v.Label = s
			}
		case "effective":
			if s, ok := r.scalar(e); ok {
				if v.Effective, err = act.ParseDate(s); err != nil {
					r.wrongAt(e.value, "A version takes effect on a calendar day.", "Write it as 2026-03-01.", "%q is not a date", oneLine(s))
				}
			}
		case "transition":
			if s, ok := r.scalar(e); ok {
				if v.Transition, err = ParseDuration(s); err != nil {
					r.wrongAt(e.value, "The transition is the time members have to subscribe, from the effective day.", "Write it as 90d.", "%v", err)
				}
			}
		}
	}
	examples := map[string]string{"title": "Code of Ethics", "version": `"2026.1"`, "effective": "2026-03-01", "transition": "90d"}
	for _, name := range fronts {
		if example := examples[name]; example != "" && !seen[name] {
			r.wrong(1, 1, "A code has a title, a version, an effective date and a transition.",
				fmt.Sprintf("Write for example %q.", name+": "+example), "%s is missing", name)
		}
	}
}

func (r *reader) badYAML(err error) {
	line, column, what := 1, 1, err.Error()
	if ye, ok := errors.AsType[yaml.Error](err); ok {
		what = ye.GetMessage()
		line, column = place(ye.GetToken())
	}
	r.wrong(line, column, "Front matter is YAML.", "Look for a missing quotation mark, bracket or indentation at or just after this place.",
		"the YAML cannot be read: %s", oneLine(what))
}

// entry is one key with its value.
type entry struct {
	name  string
	key   ast.Node
	value ast.Node
}

// entries returns the known keys of a mapping that stand once; it complains of all others.
func (r *reader) entries(n ast.Node, of string, known []string) []entry {
	if n == nil {
		return nil
	}
	m, ok := n.(*ast.MappingNode)
	if !ok {
		r.wrongAt(n, oneValue, "Write keys and values, e.g. "+known[0]+": …", "%s is no list of keys and values", of)
		return nil
	}
	var entries []entry
	seen := map[string]bool{}
	for _, e := range m.Values {
		name := e.Key.GetToken().Value
		switch {
		case e.Key.Type() != ast.StringType:
			r.wrongAt(e.Key, oneValue, didYouMean(name, known), "%q is not a key of %s", oneLine(name), of)
		case !slices.Contains(known, name):
			r.wrongAt(e.Key, "An unknown key would be signed and mean nothing.", didYouMean(name, known), "%q is not a key of %s", oneLine(name), of)
		case seen[name]:
			r.wrongAt(e.Key, once, "Take one of them out.", "%q stands twice", name)
		default:
			seen[name] = true
			entries = append(entries, entry{name, e.Key, e.Value})
		}
	}
	return entries
}

// scalar returns the text of a single value as it is written: 2026.10 is not the number 2026.1.
func (r *reader) scalar(e entry) (string, bool) {
	var text string
	switch e.value.Type() {
	case ast.StringType, ast.IntegerType, ast.FloatType, ast.BoolType, ast.InfinityType, ast.NanType:
		text = e.value.GetToken().Value
	case ast.NullType:
	default:
		r.wrongAt(e.value, oneValue, "Write one value.", "%s has something other than one value", e.name)
		return "", false
	}
	if strings.TrimSpace(text) == "" {
		r.wrongAt(e.key, oneValue, "Write a value, or take the key out.", "%s has no value", e.name)
		return "", false
	}
	return text, true
}

// requirements reads the six sections.
func (r *reader) requirements(req *Requirements, n ast.Node) {
	sections := req.sections()
	names := make([]string, len(sections))
	for i, s := range sections {
		names[i] = s.name
	}
	for _, e := range r.entries(n, "requirements", names) {
		for _, s := range sections {
			if s.name != e.name {
				continue
			}
			places := map[string]ast.Node{}
			if e.value.Type() == ast.StringType && e.value.GetToken().Value == NotSet {
				r.notSet(s, e)
			} else if e.value.Type() == ast.NullType {
				r.wrongAt(e.key, oneValue, "Write its keys, or take the section out.", "%s has no value", e.name)
			} else {
				places = r.keys(s, e)
			}
			r.fits(req, s.name, e.key, places)
		}
	}
}

func (r *reader) notSet(s section, e entry) {
	if s.alwaysSet() {
		r.wrongAt(e.value, "Procedure and publication always have a value: a case cannot wait for one.",
			"Take the section out to have the defaults.", "%s cannot be not-set", s.name)
		return
	}
	for _, k := range s.keys {
		k.unset()
	}
}

// keys reads one section and returns where its keys stand.
func (r *reader) keys(s section, e entry) map[string]ast.Node {
	places := map[string]ast.Node{}
	for _, e := range r.entries(e.value, s.name, s.names()) {
		places[e.name] = e.value
		k := s.keys[slices.IndexFunc(s.keys, func(k key) bool { return k.name == e.name })]
		if r.composed(s, k, e) {
			continue
		}
		if text, ok := r.scalar(e); ok {
			r.value(s, k, e, text)
		} else {
			delete(places, e.name)
		}
	}
	return places
}

func (r *reader) value(s section, k key, e entry, text string) {
	rule := fmt.Sprintf("%s.%s means: %s.", s.name, k.name, k.says)
	switch {
	case text == NotSet && s.alwaysSet():
		r.wrongAt(e.value, "Procedure and publication always have a value: a case cannot wait for one.",
			fmt.Sprintf("Take the key out to have its default, %s.", k.usual), "%s.%s cannot be not-set", s.name, k.name)
	default:
		if err := readValue(k.field, text); err != nil {
			r.wrongAt(e.value, rule, fmt.Sprintf("Write for example %q.", k.name+": "+k.example()), "%v", err)
			k.reset()
		} else if k.isNought() && !k.nought {
			r.wrongAt(e.value, rule, "Write more than nought.", "%s.%s cannot be nought", s.name, k.name)
			k.reset()
		}
	}
}

// fits checks what two keys of a section say together.
func (r *reader) fits(req *Requirements, section string, at ast.Node, places map[string]ast.Node) {
	clash := func(broken bool, keys, rule, cure, format string, args ...any) {
		if !broken {
			return
		}
		for key := range strings.FieldsSeq(keys) {
			if n, ok := places[key]; ok {
				at = n
				break
			}
		}
		r.wrongAt(at, rule, cure, format, args...)
	}
	const either = "Change one of the two."
	p := req.Procedure
	switch section {
	case "confidentiality":
		every, set := req.Confidentiality.Attestation.Get()
		clash(set && !every.DividesYear(), "attestation", "Attestations are given for parts of a calendar year.", "Write 1mo, 2mo, 3mo, 4mo, 6mo, 12mo or 1y.",
			"an attestation every %s does not divide the year", every)
	case "procedure":
		clash(p.Quorum > p.Panel, "quorum panel", "A quorum can be reached.", either,
			"the quorum is %d of a panel of %d", p.Quorum, p.Panel)
		clash(p.Lay > p.Panel, "lay panel", "Lay members are members of the panel.", either,
			"%d lay members are asked of a panel of %d", p.Lay, p.Panel)
		clash(p.SuspensionMin.roughly() > p.SuspensionMax.roughly(), "suspension-min suspension-max",
			"The shortest suspension is no longer than the longest.", either,
			"suspension-min is %s, suspension-max %s", p.SuspensionMin, p.SuspensionMax)
		clash(p.InterimReview.roughly() > p.InterimMax.roughly(), "interim-review interim-max",
			"An interim suspension is reviewed before it ends.", either,
			"interim-review is %s, interim-max %s", p.InterimReview, p.InterimMax)
	case "education":
		r.educationFits(&req.Education, at, places)
	}
}

// wrongAt complains of something at a node of the front matter.
func (r *reader) wrongAt(n ast.Node, rule, cure, format string, args ...any) {
	t := n.GetToken()
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		t = m.Values[0].Key.GetToken() // rather than the colon behind it
	}
	line, column := place(t)
	r.wrong(line, column, rule, cure, format, args...)
}

func place(t *token.Token) (line, column int) {
	if t == nil || t.Position == nil {
		return 1, 1
	}
	return max(t.Position.Line, 1), max(t.Position.Column, 1)
}
