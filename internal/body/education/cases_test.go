package education

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shingle/internal/act"
	"shingle/internal/code"
)

var update = flag.Bool("update", false, "write golden files anew")

const examplesFolder = "../../../examples/education/"

func bundled(t testing.TB, name string) *Scheme {
	t.Helper()
	text, err := os.ReadFile(examplesFolder + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	return scheme(t, string(text))
}

func scheme(t testing.TB, text string) *Scheme {
	t.Helper()
	e, problems := code.ParseEducation([]byte(text))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return Ready(e)
}

// TestWorkedCases reads what people did from the files beside the schemes, and compares what follows with
// what stands there after "=>".
func TestWorkedCases(t *testing.T) {
	files, err := filepath.Glob(examplesFolder + "*.txt")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d files of worked cases, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s := bundled(t, name)
		var got strings.Builder
		head, cases, _ := strings.Cut(string(text), "\n## ")
		got.WriteString(head)
		for one := range strings.SplitSeq(cases, "\n## ") {
			said, _, _ := strings.Cut(one, "\n=>")
			got.WriteString("\n## " + said + "\n=>\n" + worked(t, s, name, said))
		}
		if *update {
			if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(string(text), got.String()); diff != "" && !*update {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// worked evaluates one case and returns what follows, in lines.
func worked(t *testing.T, s *Scheme, name, said string) string {
	var p Person
	var credits []Credit
	var at act.Date
	_, lines, _ := strings.Cut(said, "\n") // the first says in words what the case is about
	for line := range strings.SplitSeq(lines, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "joined":
			p.Joined = day(t, words[1])
			if len(words) > 2 {
				p.Cohort = words[2]
			}
		case "left":
			p.Left = day(t, words[1])
		case "leave":
			p.Leaves = append(p.Leaves, Leave{day(t, words[1]), day(t, words[2])})
		case "waiver":
			p.Waivers = append(p.Waivers, Waiver{day(t, words[1]), strings.Join(words[3:], " "), amount(t, words[2])})
		case "plan":
			p.Plans = append(p.Plans, Plan{For: day(t, words[1]), Until: day(t, words[2])})
		case "at":
			at = day(t, words[1])
		case "credit":
			credits = append(credits, credit(t, words[1:]))
		}
	}
	l := s.Evaluate(&p, credits, at)
	var b strings.Builder
	for _, p := range l.Periods {
		fmt.Fprintf(&b, "%s\n", p)
		for _, n := range p.Needs {
			fmt.Fprintf(&b, "    %s\n", n)
		}
		for _, c := range p.In {
			fmt.Fprintf(&b, "    brought in: %s of %s, of which %s count\n", c.Amount, credits[c.Credit].ID, c.Counts)
		}
		if p.Out > 0 {
			fmt.Fprintf(&b, "    into the next period: %s\n", p.Out)
		}
	}
	if l.NotSet {
		b.WriteString("not set\n")
	}
	for _, line := range l.Lines {
		fmt.Fprintf(&b, "%s: %s\n", line.ID, line)
	}
	return b.String()
}

func day(t *testing.T, s string) act.Date {
	d, err := act.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func amount(t *testing.T, s string) code.Amount {
	a, err := code.ParseAmount(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// credit reads "a 2026-03-01 2.5 topic=ethics proof=verified"; time is written as 150min, a course as "course".
func credit(t *testing.T, words []string) Credit {
	c := Credit{ID: words[0], On: day(t, words[1]), Proof: "verified", Provider: "approved"}
	if minutes, ok := strings.CutSuffix(words[2], "min"); ok {
		c.Minutes = whole(t, minutes)
	} else if words[2] != "course" {
		c.Credits = amount(t, words[2])
	}
	for _, word := range words[3:] {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "topic":
			c.Topics = strings.Split(value, ",")
		case "delivery":
			c.Delivery = value
		case "kind":
			c.Kind = value
		case "provider":
			c.Provider = value
		case "proof":
			c.Proof = value
		case "mark":
			c.Mark = code.Set(code.Percent(whole(t, value)))
		case "attended":
			c.Attendance = code.Set(code.Percent(whole(t, value)))
		case "checks":
			c.Checks = code.Set(whole(t, value))
		case "for":
			c.For = day(t, value)
		case "held":
			c.Held = true
		case "reversed":
			c.Reversed = strings.ReplaceAll(value, "_", " ")
		default:
			t.Fatalf("%q says nothing of a credit", word)
		}
	}
	return c
}

func whole(t *testing.T, s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
