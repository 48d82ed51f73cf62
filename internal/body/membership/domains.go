package membership

import (
	"strings"
	"time"

	"shingle/internal/act"
)

// AddDomain says that a member uses another domain. Nothing follows from that before control of the domain
// is proven: until then it is not the member's, and whoever else proves it has it.
type AddDomain struct {
	Member string `json:"member" label:"Member number"`
	Domain string `json:"domain" label:"Domain" hint:"for example cobaltridge.example"`
}

// DomainAdded says that a member uses a domain, not that it controls it.
type DomainAdded struct {
	Member string    `json:"member"`
	Domain string    `json:"domain"`
	At     time.Time `json:"at"`
}

var addDomainAct = act.Define(stream, "domain.add", "Adds a domain to a member.",
	func(cmd AddDomain, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.addDomain)

func (m Member) addDomain(f Facts, cmd AddDomain, meta act.Meta) ([]act.Event, error) {
	if err := m.inside(f); err != nil {
		return nil, err
	}
	domains, err := domainsOf([]string{cmd.Domain})
	if err != nil {
		return nil, err
	}
	if len(domains) == 0 {
		return nil, domainForm.Refuse("no domain is given")
	}
	if _, added := m.domain(domains[0]); added {
		return nil, nil
	}
	if len(m.Domains) >= mostDomains {
		return nil, domainsFew.Refuse("%s has %d", m.Name, len(m.Domains))
	}
	if err := f.free(domains); err != nil {
		return nil, err
	}
	return []act.Event{DomainAdded{Member: f.Number, Domain: domains[0], At: meta.At}}, nil
}

// RemoveDomain says that a domain is no longer a member's, or a former member's.
type RemoveDomain struct {
	Member string `json:"member" label:"Member number"`
	Domain string `json:"domain" label:"Domain"`
}

// DomainRemoved says that a domain is no longer the member's.
type DomainRemoved struct {
	Member   string    `json:"member"`
	Domain   string    `json:"domain"`
	Unproven bool      `json:"unproven,omitempty"` // it never was: somebody else may hold it
	At       time.Time `json:"at"`
}

// Claims gives the domain up.
func (d DomainRemoved) Claims() []act.Claim {
	if d.Unproven {
		return nil
	}
	return released([]string{d.Domain})
}

var removeDomainAct = act.Define(stream, "domain.remove", "Takes a domain from a member.",
	func(cmd RemoveDomain, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.removeDomain)

func (m Member) removeDomain(f Facts, cmd RemoveDomain, meta act.Meta) ([]act.Event, error) {
	if m.Stage != Current && m.Stage != Former {
		return nil, isMember.Refuse("nothing is recorded of a member %s", f.Number)
	}
	domain := strings.ToLower(strings.TrimSpace(cmd.Domain))
	i, added := m.domain(domain)
	if !added {
		return nil, nil
	}
	// Whom the register says a domain belonged to when it was expelled, or left, is for the office to change.
	if err := m.inside(f); err != nil && !byOffice(meta) {
		return nil, err
	}
	return []act.Event{DomainRemoved{Member: f.Number, Domain: domain, Unproven: m.Domains[i].ProvenAt.IsZero(), At: meta.At}}, nil
}

// ProveDomain records that a member showed that it controls a domain.
type ProveDomain struct {
	Member string `json:"member" label:"Member number"`
	Domain string `json:"domain" label:"Domain"`
	How    string `json:"how" label:"How" choices:"dns=By a DNS record|well-known=By a file on the site|paper=On paper"`
	// Evidence is what was seen, where the system looked.
	Evidence string `json:"evidence,omitempty" label:"What was seen" hint:"where, and what it said"`
}

// DomainProven says that a member controls a domain, and how it was shown. From then on it is its own.
type DomainProven struct {
	Member string    `json:"member"`
	Domain string    `json:"domain"`
	How    string    `json:"how"`
	At     time.Time `json:"at"`
	// Evidence is where it was seen and what it said, on one line; "" where nobody wrote it down.
	Evidence string `json:"evidence,omitempty"`
}

// Claims takes the domain.
func (d DomainProven) Claims() []act.Claim { return claimed([]string{d.Domain}) }

var domainAdded = act.Rule{
	ID:    "MEM-26",
	Cites: "membership.domain-proof",
	Text:  "A member proves control of a domain that it has added.",
	Cure:  "Add the domain first, with domain.add.",
}

var proofWords = act.Rule{
	ID:    "MEM-27",
	Cites: "membership.domain-proof",
	Text:  "Control of a domain is proven by a DNS record, by a well-known file, or on paper.",
	Cure:  "Say dns, well-known or paper.",
}

var proveDomainAct = act.Define(stream, "domain.prove", "Records that a member controls a domain.",
	func(cmd ProveDomain, _ act.Meta) act.Target { return act.To(cmd.Member) }, Member.proveDomain)

func (m Member) proveDomain(f Facts, cmd ProveDomain, meta act.Meta) ([]act.Event, error) {
	if err := m.inside(f); err != nil {
		return nil, err
	}
	domain := strings.ToLower(strings.TrimSpace(cmd.Domain))
	if _, added := m.domain(domain); !added {
		return nil, domainAdded.Refuse("%q is not a domain of %s", domain, m.Name)
	}
	if cmd.How != "dns" && cmd.How != "well-known" && cmd.How != "paper" {
		return nil, proofWords.Refuse("%q", cmd.How)
	}
	evidence := strings.TrimSpace(cmd.Evidence)
	if err := plain(m.Name, []string{evidence}); err != nil {
		return nil, err
	}
	if err := f.free([]string{domain}); err != nil {
		return nil, err
	}
	return []act.Event{DomainProven{Member: f.Number, Domain: domain, How: cmd.How, At: meta.At, Evidence: evidence}}, nil
}
