package membership

import (
	"strings"

	"shingle/internal/act"
)

// The rules that several acts share; each of the others stands with its act.

var bodyFounded = act.Rule{
	ID:    "MEM-01",
	Cites: "governance",
	Text:  "A body must be founded before it has members.",
	Cure:  "Found the body with body.found.",
}

var plainNames = act.Rule{
	ID:    "MEM-02",
	Cites: "membership",
	Text:  "A company has a name of at most 200 characters; what is said of it stands on one line of at most 500, and no list has more than 50 entries.",
	Cure:  "Shorten what is too long, and leave out line breaks.",
}

var domainForm = act.Rule{
	ID:    "MEM-03",
	Cites: "RFC 1123 section 2.1",
	Text:  "A domain consists of letters, digits and hyphens between at least one dot; other alphabets are given as punycode.",
	Cure:  "Give a name such as cobaltridge.example, without https:// and without www.",
}

var domainFree = act.Rule{
	ID:    "MEM-04",
	Cites: "membership.domain-proof",
	Text:  "A domain, and what lies below it, belongs to the one member that showed that it controls it.",
	Cure:  "Have the other member give the domain up first, with domain.remove.",
}

var domainOwn = act.Rule{
	ID:    "MEM-34",
	Cites: "publicsuffix.org",
	Text:  "A domain below which anybody may register a name, such as co.uk or github.io, is no company's own.",
	Cure:  "Give the name below it that is the company's.",
}

var isMember = act.Rule{
	ID:    "MEM-05",
	Cites: "membership",
	Text:  "Only a member can do this; somebody who left or was expelled is none.",
	Cure:  "Check the number.",
}

var dayPlausible = act.Rule{
	ID:    "MEM-06",
	Cites: "membership",
	Text:  "What is recorded as done lies in the past or is of today, in the order in which it must have happened.",
	Cure:  "Check the dates.",
}

var notBarred = act.Rule{
	ID:    "MEM-07",
	Cites: "procedure.readmission-bar",
	Text:  "After an expulsion nobody comes back before the bar has run, nor under another name.",
	Cure:  "Apply again when the bar has run.",
}

var signerKnown = act.Rule{
	ID:    "MEM-35",
	Cites: "membership.people",
	Text:  "Who signs in their own name is a person whom the body knows, and has not forgotten.",
	Cure:  "Sign in, or have the registrar enter what was signed on paper.",
}

// mostDomains is how many domains a member may have. A public statement names them all, and a leaf of the
// public log holds 65,535 bytes.
const mostDomains = 50

var domainsFew = act.Rule{
	ID:    "MEM-32",
	Cites: "membership",
	Text:  "A member has at most 50 domains.",
	Cure:  "Leave out those that no customer knows, or remove one first, with domain.remove.",
}

// inside refuses who is no member.
func (m Member) inside(f Facts) error {
	switch {
	case m.Stage == Unknown:
		return isMember.Refuse("nothing is recorded of a member %s", f.Number)
	case f.Expelled:
		return isMember.Refuse("%s is expelled", m.Name)
	case m.Stage != Current:
		return isMember.Refuse("%s is %s", m.Name, map[Stage]string{
			Applicant: "an applicant", TurnedDown: "a declined applicant", Former: "a former member",
		}[m.Stage])
	}
	return nil
}

// byOffice reports whether an officer asks who enters what was signed on paper, and not the member itself.
func byOffice(meta act.Meta) bool { return meta.Role == "registrar" || meta.Role == "operator" }

// plain refuses names that cannot stand in a register.
func plain(name string, lines []string, lists ...[]string) error {
	if err := plainName(name); err != nil {
		return err
	}
	for _, list := range lists {
		if err := plainList(list); err != nil {
			return err
		}
	}
	return plainLines(lines)
}

func plainName(name string) error {
	if !act.OneLine(name, 1, 200) {
		return plainNames.Refuse("%q is no such name", name)
	}
	return nil
}

func plainList(list []string) error {
	if len(list) > 50 {
		return plainNames.Refuse("a list has %d entries", len(list))
	}
	return plainLines(list)
}

func plainLines(lines []string) error {
	for _, l := range lines {
		if !act.OneLine(l, 0, 500) {
			return plainNames.Refuse("%q is no such line", l)
		}
	}
	return nil
}

// trimmed returns a list without the space around its entries, and without empty ones and repetitions.
func trimmed(list []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" && !seen[s] {
			out, seen[s] = append(out, s), true
		}
	}
	return out
}

// domainsOf returns domains as they are kept, in lower case, or refuses all that are none.
func domainsOf(list []string) ([]string, error) {
	out := make([]string, len(list))
	for i, d := range list {
		out[i] = strings.ToLower(strings.TrimSpace(d))
	}
	out = trimmed(out)
	var wrong act.Refusals
	for _, d := range out {
		if !act.IsDomain(d) {
			wrong.Add("domains", domainForm.Refuse("%q is no such domain", d))
		} else if act.IsPublicSuffix(d) {
			wrong.Add("domains", domainOwn.Refuse("anybody can have a name below %s", d))
		}
	}
	if len(out) > mostDomains {
		wrong.Add("domains", domainsFew.Refuse("that would be %d", len(out)))
	}
	return out, wrong.Err()
}

// free refuses domains that somebody else has shown to be its own, and those below them. One that somebody merely added is free.
func (f Facts) free(domains []string) error {
	var wrong act.Refusals
	for _, d := range domains {
		if holder := f.Holders[d]; holder != "" && holder != f.Number {
			wrong.Add("domains", domainFree.Refuse("%s belongs to member %s", d, holder))
		}
		for _, above := range act.DomainsAbove(d) {
			if holder := f.Holders[above]; holder != "" && holder != f.Number {
				wrong.Add("domains", domainFree.Refuse("%s lies below %s, which belongs to member %s", d, above, holder))
			}
		}
	}
	return wrong.Err()
}

// claimed returns the claims by which a member holds domains: those that it has shown to be its own.
func claimed(domains []string) []act.Claim {
	claims := make([]act.Claim, len(domains))
	for i, d := range domains {
		claims[i] = act.Claim{Kind: "domain", Key: d}
	}
	return claims
}

// released returns the claims by which a member gives domains up.
func released(domains []string) []act.Claim {
	claims := claimed(domains)
	for i := range claims {
		claims[i].Release = true
	}
	return claims
}
