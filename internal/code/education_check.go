package code

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// What is not named in a scheme's own lists.
var (
	providerWords = Words{"own", "approved", "external"}
	proofWords    = Words{"verified", "self-reported"}
	roleWords     = Words{"practitioner", "compliance-officer", "representative"}
)

// MonthsLong returns a term in months; ok is false if it is not whole months or years.
func (d Duration) MonthsLong() (n int, ok bool) {
	switch d.Unit {
	case Months:
		return d.N, true
	case Years:
		return 12 * d.N, true
	}
	return 0, false
}

// All returns the requirements at the top, the one for courses of the body's own among them.
func (e Education) All() []Requirement {
	all := slices.Clone(e.OfWhich)
	if e.Own > 0 {
		all = append(all, Requirement{Name: "courses of the body's own", By: ByProvider, Any: Words{"own"}, Least: Set(e.Own)})
	}
	return all
}

// educationFits checks what the keys of an education say together. A code that passes can be met, and
// what counts for what can be worked out exactly.
func (r *reader) educationFits(e *Education, at ast.Node, places map[string]ast.Node) {
	key := func(names ...string) ast.Node {
		for _, name := range names {
			if n, ok := places[name]; ok {
				return n
			}
		}
		return at
	}
	if e.Credits.IsSet() && !e.Period.IsSet() {
		r.wrongAt(key("credits"), "Credits are owed in a period.", `Add for example "period: 1y".`, "credits are set, but no period")
	}
	months, ok := e.Period.Or(Duration{1, Years}).MonthsLong()
	if !ok || months == 0 {
		r.wrongAt(key("period"), "A period is whole months or years, so that it begins and ends on the same day of the month.", "Write it as 12mo or 1y.",
			"a period of %s is neither", e.Period.Or(Duration{}))
		return
	}
	r.eachFits(e, key("each"), months)
	r.known(e.Providers, providerWords, key("providers"), "providers")
	r.known(e.Proofs, proofWords, key("proofs"), "proofs")
	r.known(e.Who.Roles, roleWords, key("who"), "roles")
	if n, ok := e.CarryOver.Window.MonthsLong(); !e.CarryOver.Window.IsZero() && (!ok || n > months) {
		r.wrongAt(key("carry-over"), "The window of a carry-over is whole months at the end of the period.", "Write it as 6mo.", "a window of %s is not", e.CarryOver.Window)
	}
	if _, ok := e.ProRata.Exempt.MonthsLong(); !e.ProRata.Exempt.IsZero() && !ok {
		r.wrongAt(key("pro-rata"), "A part of a period is reckoned in months.", "Write it as 4mo.", "an exemption of %s is not in months", e.ProRata.Exempt)
	}
	for name, terms := range map[string][]Duration{
		"late": {e.Late.Grace, e.Late.MakeUp}, "evidence": {e.Evidence.Keep},
		"approval": {e.Approval.Valid, e.Approval.Retrospective}, "audit": {e.Audit.Seed, e.Audit.Answer},
	} {
		for _, d := range terms {
			if d.Unit == Hours || d.Unit == BusinessDays {
				r.wrongAt(key(name), "Terms of education end on a calendar day, the same for everyone.", "Write it in days, months or years.", "%s is not such a term", d)
			}
		}
	}
	r.known(e.CarryOver.Topics, e.Topics, key("carry-over"), "topics")

	c := partsCheck{reader: r, e: e, months: months, own: key("own"), names: map[string]bool{}}
	c.list(e.OfWhich, "", nil)
	if len(r.problems) > 0 {
		return
	}
	c.sums(e, key("credits"))
	c.dimensions(e, key("of-which"), key("carry-over"), key("double-counting"))
}

// known complains of words that are not among those known.
func (r *reader) known(words, known Words, at ast.Node, what string) {
	for _, w := range words {
		if !slices.Contains(known, w) && !slices.ContainsFunc(known, func(k string) bool { return strings.HasPrefix(k, w+"/") }) {
			cure := didYouMean(w, known)
			if len(known) == 0 {
				cure = fmt.Sprintf("Name it under %q first.", what)
			}
			r.wrongAt(at, "What is counted has a name that the code knows.", cure, "%q is none of the %s", w, what)
		}
	}
}

func (r *reader) eachFits(e *Education, at ast.Node, months int) {
	if e.Each == (Each{}) {
		return
	}
	part, ok := e.Each.Period.MonthsLong()
	switch {
	case !ok || part == 0 || part >= months || months%part != 0:
		r.wrongAt(at, "The parts of a period fill it evenly.", "Write for example 1y for a period of 3y.", "parts of %s do not divide a period of %d months", e.Each.Period, months)
	case e.Each.Least == 0:
		r.wrongAt(at, "In each part something is owed.", `Add for example "least: 20".`, "each has no least")
	case e.Credits.IsSet() && e.Each.Least*Amount(months/part) > e.Credits.Or(0):
		r.wrongAt(at, "What is owed in the parts is no more than what is owed in the whole.", "Lower it, or raise the credits.",
			"%s in each of %d parts is more than the %s credits", e.Each.Least, months/part, e.Credits)
	}
}

// partsCheck looks through the requirements below one another.
type partsCheck struct {
	*reader
	e      *Education
	months int
	own    ast.Node
	names  map[string]bool
}

// list checks the requirements of one list and all below them. above are those that they stand below.
func (c *partsCheck) list(all []Requirement, path string, above []Requirement) {
	for i, q := range all {
		at := fmt.Sprintf("%s/%d", path, i)
		if c.one(q, at, above) {
			c.list(q.OfWhich, at, append(slices.Clone(above), q))
		}
		if len(above) == 0 && q.By == ByProvider && c.e.Own > 0 && slices.Contains(q.Any, "own") {
			c.wrongAt(c.own, "The same is not asked for twice.", `Take out "own", and ask for it in the list.`, `"own" and %q both look at the body's own courses`, q.Name)
		}
		for _, o := range all[:i] {
			c.apart(o, q, c.places[at], len(above) > 0)
		}
	}
}

func (c *partsCheck) one(q Requirement, at string, above []Requirement) bool {
	n := c.places[at]
	if q.By == "" {
		c.wrongAt(n, "A requirement looks at a topic, delivery, provider, kind, proof or window.", `Write for example "{topic: ethics, least: 4}".`, "the requirement does not say what it looks at")
		return false
	}
	if c.names[q.Name] {
		c.wrongAt(n, "Each requirement has a name of its own, by which it is cited.", `Give it another "name".`, "there are two requirements named %q", q.Name)
	}
	c.names[q.Name] = true
	least, owed := q.Least.Get()
	most, capped := q.Most.Get()
	switch {
	case !owed && !capped && len(q.OfWhich) == 0:
		c.wrongAt(n, "A requirement asks for something.", `Add "least" or "most".`, "%q asks for nothing", q.Name)
	case owed && capped && least > most:
		c.wrongAt(c.places[at+".least"], "At least is no more than at most.", "Change one of the two.", "%q is at least %s and at most %s", q.Name, least, most)
	}
	by := c.places[at+"."+string(q.By)]
	switch q.By {
	case ByTopic:
		c.known(q.Any, c.e.Topics, by, "topics")
	case ByDelivery:
		c.known(q.Any, c.e.Deliveries.names(), by, "deliveries")
	case ByKind:
		c.known(q.Any, c.e.Kinds.names(), by, "kinds")
	case ByProvider:
		c.known(q.Any, orAll(c.e.Providers, providerWords), by, "providers")
	case ByProof:
		c.known(q.Any, orAll(c.e.Proofs, proofWords), by, "proofs")
	case ByTime:
		if n, ok := q.Window.MonthsLong(); !ok || n == 0 || n >= c.months {
			c.wrongAt(by, "A window is whole months, fewer than the period has.", "Write it as 6mo.", "a window of %s is not", q.Window)
		}
		if c.e.Each != (Each{}) && len(above) == 0 {
			c.wrongAt(by, "What is owed at the same time is not asked for twice.", `Put it below a requirement, or leave out "each".`, "a window crosses the parts of the period")
		}
	}
	for _, a := range above {
		if a.By == q.By && (q.By == ByTime && q.Window.roughly() >= a.Window.roughly() || q.By != ByTime && !within(q.Any, a.Any)) {
			c.wrongAt(by, "What stands below a requirement is a part of it.", "Put it beside it instead.", "%q is no part of %q", q.Name, a.Name)
		}
	}
	return true
}

// apart complains of two requirements of one list for which the same could count.
func (c *partsCheck) apart(o, q Requirement, at ast.Node, below bool) {
	switch {
	case o.By == "" || q.By == "":
	case o.By != q.By && below:
		c.wrongAt(at, "Requirements below one look at the same dimension, so that nothing counts for two of them.",
			"Put one of them at the top of the list, or below the other.", "%q and %q overlap", o.Name, q.Name)
	case o.By != q.By:
	case o.By == ByTime || meet(o.Any, q.Any):
		cure := "Put one below the other, in its of-which."
		if o.By != ByTime && !within(o.Any, q.Any) && !within(q.Any, o.Any) {
			cure = "Name each word in one of them only."
		}
		c.wrongAt(at, "Requirements that look at the same dimension do not cross: nothing counts for two of them.", cure, "%q and %q overlap", o.Name, q.Name)
	}
}

// Covers reports whether one of the words is the given one, or has it as a part.
func (ws Words) Covers(word string) bool {
	for _, w := range ws {
		if word == w || strings.HasPrefix(word, w) && word[len(w)] == '/' {
			return true
		}
	}
	return false
}

func within(parts, whole Words) bool {
	return !slices.ContainsFunc(parts, func(w string) bool { return !whole.Covers(w) })
}

func meet(a, b Words) bool {
	return slices.ContainsFunc(a, b.Covers) || slices.ContainsFunc(b, a.Covers)
}

func orAll(words, all Words) Words {
	if len(words) == 0 {
		return all
	}
	return words
}

func (ds Deliveries) names() (all Words) {
	for _, d := range ds {
		all = append(all, d.Name)
	}
	return all
}

func (ks Kinds) names() (all Words) {
	for _, k := range ks {
		all = append(all, k.Name)
	}
	return all
}
