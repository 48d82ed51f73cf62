package code

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"shingle/internal/act"
)

// ParseEducation reads a file that holds nothing but the keys of requirements.education. It returns what
// they say, or else everything that is wrong with the file.
func ParseEducation(file []byte) (Education, Problems) {
	if len(file) > maxFrontMatter {
		return Education{}, Problems{{1, 1, fmt.Sprintf("the file has %d bytes", len(file)),
			"A scheme of education has at most 16 KiB.", "Is this the right file?"}}
	}
	var r reader
	r.characters(file)
	text := string(canonical(file))
	var req Requirements
	if strings.Count(text, "[")+strings.Count(text, "{") > maxLists {
		r.wrong(1, 1, "A scheme has at most a hundred brackets.", "Write lists on lines of their own.", "the scheme is too much")
	} else if doc, err := parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey()); err != nil {
		r.badYAML(err)
	} else if len(doc.Docs) != 1 || doc.Docs[0].Body == nil {
		r.wrong(1, 1, "A scheme is one list of keys and values.", `Write for example "credits: 4" and "period: 1y".`, "there is no scheme, or more than one")
	} else {
		e := entry{"education", doc.Docs[0].Body, doc.Docs[0].Body}
		for _, s := range req.sections() {
			if s.name == "education" {
				r.fits(&req, s.name, e.key, r.keys(s, e))
			}
		}
	}
	if len(r.problems) > 0 {
		return Education{}, r.problems.sorted()
	}
	return req.Education, nil
}

var wordForm = regexp.MustCompile(`^[0-9a-z]+(-[0-9a-z]+)*(/[0-9a-z]+(-[0-9a-z]+)*)*$`)

// composed reads a value that is more than one word. It reports false if the field holds a single word.
func (r *reader) composed(s section, k key, e entry) bool {
	of := s.name + "." + k.name
	switch f := k.field.(type) {
	case *Words:
		*f = r.words(of, e)
	case *Anchor:
		r.anchor(f, of, e)
	case *CreditUnit:
		if e.value.GetToken().Value != "course" {
			r.table(reflect.ValueOf(f).Elem(), of, e)
			if f.Minutes == 0 {
				r.wrongAt(e.key, "A unit of time says how many minutes a credit has.", `Write for example "unit: {minutes: 60, step: 0.25}", or "unit: course".`, "%s has no minutes", of)
			}
		}
	case *Deliveries:
		r.named(of, e, func(name string, e entry) {
			d := Delivery{Name: name}
			r.table(reflect.ValueOf(&d).Elem(), of+"."+name, e)
			*f = append(*f, d)
		})
	case *Kinds:
		r.named(of, e, func(name string, e entry) {
			d := ActivityKind{Name: name}
			r.table(reflect.ValueOf(&d).Elem(), of+"."+name, e)
			*f = append(*f, d)
		})
	case *[]Requirement:
		*f = r.requirementList(e, "", 1)
	case *OneOf:
		text, ok := r.scalar(e)
		if ok && !slices.Contains(k.choices, text) {
			r.wrongAt(e.value, fmt.Sprintf("%s means: %s.", of, k.says), didYouMean(text, k.choices), "%q is none of %s", oneLine(text), strings.Join(k.choices, ", "))
		} else if ok {
			*f = OneOf(text)
		}
	default:
		v := reflect.ValueOf(f).Elem()
		if v.Kind() != reflect.Struct || len(keysOf(v)) == 0 {
			return false
		}
		r.table(v, of, e)
	}
	return true
}

// table reads keys and values into a struct.
func (r *reader) table(v reflect.Value, of string, e entry) {
	s := section{name: of, keys: keysOf(v)}
	if m, ok := e.value.(*ast.MappingNode); ok && len(m.Values) == 0 && v.FieldByName("Name").IsValid() {
		return // {} says that there is nothing special
	}
	if _, ok := e.value.(*ast.MappingNode); !ok {
		r.wrongAt(e.value, of+" has keys of its own.", fmt.Sprintf("Write for example %q.", "{"+s.keys[0].name+": …}"), "%s is no list of keys and values", of)
		return
	}
	r.keys(s, e)
}

// words reads a list of words, or a single one.
func (r *reader) words(of string, e entry) (all Words) {
	nodes := []ast.Node{e.value}
	if list, ok := e.value.(*ast.SequenceNode); ok {
		nodes = list.Values
	}
	for _, n := range nodes {
		text, ok := r.scalar(entry{of, e.key, n})
		switch {
		case !ok:
		case !wordForm.MatchString(text) || len(text) > 64:
			r.wrongAt(n, "Such words have small letters, digits and single hyphens, with a slash before a part.", `Write for example "ethics" or "ethics/bias".`, "%q is not such a word", oneLine(text))
		case slices.Contains(all, text):
			r.wrongAt(n, "A word stands once.", "Take one of them out.", "%q stands twice", text)
		default:
			all = append(all, text)
		}
	}
	return all
}

// named reads a mapping whose keys are the body's own words.
func (r *reader) named(of string, e entry, read func(name string, e entry)) {
	m, ok := e.value.(*ast.MappingNode)
	if !ok {
		r.wrongAt(e.value, of+" are names, each with what is special about it.", `Write for example "live: {}".`, "%s is no list of keys and values", of)
		return
	}
	seen := map[string]bool{}
	for _, v := range m.Values {
		name := v.Key.GetToken().Value
		switch {
		case !wordForm.MatchString(name) || strings.Contains(name, "/") || len(name) > 64:
			r.wrongAt(v.Key, "A name has small letters, digits and single hyphens.", `Write for example "self-study".`, "%q cannot be a name", oneLine(name))
		case seen[name]:
			r.wrongAt(v.Key, once, "Take one of them out.", "%q stands twice", name)
		default:
			seen[name] = true
			read(name, entry{name, v.Key, v.Value})
		}
	}
}

func (r *reader) anchor(a *Anchor, of string, e entry) {
	const rule = "Periods begin on 1 January, with the person, on a date, or on a date for each cohort."
	day := func(n ast.Node, text string) act.Date {
		d, err := act.ParseDate(text)
		if err != nil {
			r.wrongAt(n, rule, `Write "calendar", "joined" or a date such as 2026-01-01.`, "%q is none of these", oneLine(text))
		}
		return d
	}
	if e.value.Type() == ast.MappingType {
		r.named(of, e, func(name string, e entry) {
			if text, ok := r.scalar(e); ok {
				a.Cohorts = append(a.Cohorts, Cohort{name, day(e.value, text)})
			}
		})
		return
	}
	switch text, ok := r.scalar(e); {
	case !ok || text == "calendar":
	case text == "joined":
		a.Joined = true
	default:
		a.On = day(e.value, text)
	}
}

// deepest is how far requirements stand below one another; most is how many there are in one list.
const deepestParts, mostParts = 4, 40

var requirementKeys = []string{"name", "topic", "delivery", "provider", "kind", "proof", "window", "least", "most", "of-which"}

// requirementList reads an of-which. path is where it stands, e.g. "/0/2" for the third part of the first.
func (r *reader) requirementList(e entry, path string, depth int) (all []Requirement) {
	list, ok := e.value.(*ast.SequenceNode)
	if !ok || len(list.Values) > mostParts || depth > deepestParts {
		r.wrongAt(e.value, "What else holds is a list of at most 40 requirements, at most four deep.", `Write for example "- {topic: ethics, least: 4}" on a line of its own.`, "this is no such list")
		return nil
	}
	for i, n := range list.Values {
		at := fmt.Sprintf("%s/%d", path, i)
		r.stands(at, n)
		all = append(all, r.requirement(n, at, depth))
	}
	return all
}

func (r *reader) stands(path string, n ast.Node) {
	if r.places == nil {
		r.places = map[string]ast.Node{}
	}
	r.places[path] = n
}

func (r *reader) requirement(n ast.Node, path string, depth int) (q Requirement) {
	for _, e := range r.entries(n, "a requirement", requirementKeys) {
		switch e.name {
		case "name":
			q.Name, _ = r.scalar(e)
			if len(q.Name) > 60 || strings.ContainsFunc(q.Name, func(c rune) bool { return c < ' ' }) {
				r.wrongAt(e.value, "A name is one short line.", "Shorten it.", "the name is too long, or of several lines")
			}
		case "least", "most":
			if text, ok := r.scalar(e); ok {
				a, err := ParseAmount(text)
				if err != nil || a == 0 && e.name == "least" {
					r.wrongAt(e.value, "A requirement is a number of credits, more than nought.", `Write for example "least: 4".`, "%s cannot be %q", e.name, oneLine(text))
				}
				if e.name == "least" {
					q.Least = Set(a)
				} else {
					q.Most = Set(a)
				}
				r.stands(path+"."+e.name, e.value)
			}
		case "of-which":
			q.OfWhich = r.requirementList(e, path, depth+1)
		default:
			if q.By != "" {
				r.wrongAt(e.key, "A requirement looks at one thing; what looks at another one stands below it, or beside it.", `Put it into an "of-which" of its own.`, "%s stands beside %s", e.name, q.By)
				continue
			}
			q.By = Dimension(e.name)
			r.stands(path+"."+e.name, e.value)
			if q.By != ByTime {
				q.Any = r.words("a requirement's "+e.name, e)
			} else if text, ok := r.scalar(e); ok {
				var err error
				if q.Window, err = ParseDuration(text); err != nil {
					r.wrongAt(e.value, "A window is the end of the period, as long as it says.", "Write it as 6mo.", "%v", err)
				}
			}
		}
	}
	if q.Name == "" {
		q.Name = strings.Join(q.Any, " or ")
		if q.By == ByTime {
			q.Name = "the last " + q.Window.Words()
		}
	}
	return q
}
