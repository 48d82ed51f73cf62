package membership

import (
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
)

// RecordCheck says what was looked into, how, and what came of it.
type RecordCheck struct {
	Member string `json:"member" label:"Member number"`
	Check  string `json:"check" label:"Check" choices:"domain=Its domain|identity=Its identity|references=Its references|sanctions=Past sanctions"`
	How    string `json:"how" label:"How it was checked"`
	Result string `json:"result" label:"Result" choices:"passed|failed"`
}

// Checked says that something was looked into before a company is admitted.
type Checked struct {
	Member string    `json:"member"`
	Check  string    `json:"check"`
	How    string    `json:"how"`
	Result string    `json:"result"`
	At     time.Time `json:"at"`
}

const passed = "passed"

// checks are what is looked into before a company is admitted.
var checks = []string{"domain", "identity", "references", "sanctions"}

var awaitsDecision = act.Rule{
	ID:    "MEM-08",
	Cites: "membership",
	Text:  "Only somebody who asks to be let in is checked, admitted or declined.",
	Cure:  "The company applies first, with member.apply.",
}

var checkWords = act.Rule{
	ID:    "MEM-09",
	Cites: "membership",
	Text:  "A check is of the domain, the identity, the references or past sanctions; it is passed or failed, and it is said how.",
	Cure:  "Use one of these words.",
}

var checkAct = act.Define(stream, "member.check", "Records a check of somebody who asks to be let in.",
	func(cmd RecordCheck, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.check)

func (m Member) check(f Facts, cmd RecordCheck, meta act.Meta) ([]act.Event, error) {
	if m.Stage != Applicant && !m.mayReturn(f) {
		return nil, awaitsDecision.Refuse("member %s does not ask to be let in", f.Number)
	}
	how := strings.TrimSpace(cmd.How)
	if !slices.Contains(checks, cmd.Check) || cmd.Result != passed && cmd.Result != "failed" || how == "" {
		return nil, checkWords.Refuse("%q, %q, %q", cmd.Check, cmd.Result, cmd.How)
	}
	return []act.Event{Checked{Member: f.Number, Check: cmd.Check, How: how, Result: cmd.Result, At: meta.At}}, nil
}

// Looked returns what was looked into before the company is let in: the kinds of checks that were passed, those
// that failed, and those that nobody has recorded yet.
func (m Member) Looked() (passed, failed, missing []string) {
	for _, kind := range checks {
		switch {
		case m.passed(kind, time.Time{}):
			passed = append(passed, kind)
		case slices.ContainsFunc(m.Checks, func(c Check) bool { return c.Kind == kind }):
			failed = append(failed, kind)
		default:
			missing = append(missing, kind)
		}
	}
	return passed, failed, missing
}

// unchecked returns the checks that were not passed since a time.
func (m Member) unchecked(since time.Time) []string {
	return slices.DeleteFunc(slices.Clone(checks), func(c string) bool { return m.passed(c, since) })
}
