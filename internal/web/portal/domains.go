package portal

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/body/membership"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/gate"
	"shingle/internal/proofs"
	"shingle/internal/web/ui"
)

type domainsPage struct {
	ui.Chrome
	Domains []heldDomain
	Said    []string
	May     mayWithDomains
}

type mayWithDomains struct{ Add, Remove, Check bool }

// heldDomain is a domain of the company's, and how far it is shown to be its own.
type heldDomain struct {
	Name  string
	State string // "proven", "expired" or "unproven"
	At    time.Time
	How   string    // how it was shown, in words
	Until time.Time // when the proof runs out; zero where it never does
}

const domainsPath = "/portal/domains"

func (p *Portal) domains(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	m, err := p.us(r.Context(), who)
	if err != nil {
		return err
	}
	c.Title = "Domains"
	page := domainsPage{Chrome: c}
	if page.May, err = p.mayWith(r.Context(), who, m, c); err != nil {
		return err
	}
	look := p.Desk.Counter.Record.Look(r.Context())
	for _, d := range m.Domains {
		page.Domains = append(page.Domains, heldAs(look, d, c.Now))
	}
	if err := look.Err(); err != nil {
		return err
	}
	if page.Said, _, _, err = p.Desk.Said(r, who); err != nil {
		return err
	}
	p.Desk.Show(w, r, http.StatusOK, "domains", page)
	return nil
}

func (p *Portal) mayWith(ctx context.Context, who ui.Who, m membership.Member, c ui.Chrome) (mayWithDomains, error) {
	a, err := p.Standing(ctx, who.Member, c.Now, c.Now)
	if err != nil || !inside(m, a) {
		return mayWithDomains{}, err
	}
	return mayWithDomains{
		Add: p.may(who, "domain.add"), Remove: p.may(who, "domain.remove"), Check: p.may(who, "POST /portal/domains/{domain}"),
	}, nil
}

// heldAs says how far a domain is shown to be the member's own.
func heldAs(w act.World, d membership.HeldDomain, now time.Time) heldDomain {
	held := heldDomain{Name: d.Name, State: "unproven", At: d.ProvenAt, How: shownBy(d.How)}
	if d.ProvenAt.IsZero() {
		return held
	}
	held.State, held.Until = "proven", flowbody.ProofUntil(w, d.ProvenAt, now)
	if held.Until.Year() > 9000 { // it never runs out
		held.Until = time.Time{}
	}
	if !held.Until.IsZero() && !now.Before(held.Until) {
		held.State = "expired"
	}
	return held
}

// LastDay is the last day on which the proof is good.
func (d heldDomain) LastDay() time.Time { return d.Until.Add(-time.Microsecond) }

func (p *Portal) addDomain(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	return p.Desk.Ask(w, r, who, c, ui.Asking{
		Kind: "domain.add", Title: "Add a domain", Lead: "Then you show that it is yours, by a DNS record or a file. Until that is done, nothing follows from it.",
		Known: known(who), Then: domainsPath, Back: domainsPath,
	})
}

func (p *Portal) removeDomain(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	held, _, ok, err := p.domainAt(r, who, c)
	if err != nil || !ok {
		return p.notOurs(w, r, c, err)
	}
	return p.Desk.Ask(w, r, who, c, ui.Asking{
		Kind: "domain.remove", Title: "Give up " + held.Name, Known: known(who, "domain", held.Name), Then: domainsPath, Back: domainsPath + "/" + held.Name,
		Around: around(true, []string{
			"The register does not find the company by it any more, and the seal is not shown there.",
			"Somebody else who shows that the domain is theirs can have it.",
		}),
	})
}

// domainAt returns the member's domain that an address names; ok is false for any other.
func (p *Portal) domainAt(r *http.Request, who ui.Who, c ui.Chrome) (held heldDomain, m membership.Member, ok bool, err error) {
	if m, err = p.us(r.Context(), who); err != nil {
		return heldDomain{}, m, false, err
	}
	i := slices.IndexFunc(m.Domains, func(d membership.HeldDomain) bool { return d.Name == r.PathValue("domain") })
	if i < 0 {
		return heldDomain{}, m, false, nil
	}
	look := p.Desk.Counter.Record.Look(r.Context())
	held = heldAs(look, m.Domains[i], c.Now)
	return held, m, true, look.Err()
}

type domainPage struct {
	ui.Chrome
	Domain    heldDomain
	Challenge proofs.Challenge
	Path      string // of the file
	May       mayWithDomains
	Result    *proofs.Result // of a check just made
	Recorded  bool           // and it is on record now
	Trouble   string         // why nothing came of it, a sentence
}

// domain shows how one domain is shown to be the company's own.
func (p *Portal) domain(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	return p.showDomain(w, r, who, c, http.StatusOK, func(*domainPage) {})
}

// showDomain shows the page of the domain that the address names, with what fill adds to it.
func (p *Portal) showDomain(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, status int, fill func(*domainPage)) error {
	held, m, ok, err := p.domainAt(r, who, c)
	if err != nil || !ok {
		return p.notOurs(w, r, c, err)
	}
	c.Title = held.Name
	page := domainPage{Chrome: c, Domain: held, Path: proofs.Path}
	if page.May, err = p.mayWith(r.Context(), who, m, c); err != nil {
		return err
	}
	if page.Challenge, err = proofs.ChallengeOf(p.Digest, who.Member, held.Name); err != nil {
		return err
	}
	fill(&page)
	p.Desk.Show(w, r, status, "domain", page)
	return nil
}

// looks is how often a member's domains are looked for. DNS takes longer than that to change anyway.
var looks = account.Limit{Name: "looks for a member's domains", Most: 12, In: time.Hour}

// checkDomain looks for what should be published, now, and records what it finds.
func (p *Portal) checkDomain(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	held, _, ok, err := p.domainAt(r, who, c)
	if err != nil || !ok {
		return p.notOurs(w, r, c, err)
	}
	challenge, err := proofs.ChallengeOf(p.Digest, who.Member, held.Name)
	if err != nil {
		return err
	}
	var result proofs.Result
	if err = p.Attempt(r.Context(), looks, who.Member); err == nil {
		result, err = p.Proofs.Check(r.Context(), challenge)
	}
	var often *account.TooMany
	switch {
	case errors.As(err, &often):
		return p.showDomain(w, r, who, c, http.StatusTooManyRequests, func(page *domainPage) {
			page.Trouble = "This was looked at too often in the last hour. It can be looked at again from " + often.Again.In(c.Zone).Format("15:04") + " on."
		})
	case err != nil:
		return err
	case result.How == "":
		return p.showDomain(w, r, who, c, http.StatusOK, func(page *domainPage) { page.Result = &result })
	}
	if err := p.proven(r.Context(), who, held.Name, result); err != nil {
		refusal, refused := act.Refused(err)
		if !refused {
			return err
		}
		return p.showDomain(w, r, who, c, http.StatusUnprocessableEntity, func(page *domainPage) {
			page.Result, page.Trouble = &result, refusal.Rule.Text+" "+refusal.Rule.Cure
		})
	}
	return p.showDomain(w, r, who, c, http.StatusOK, func(page *domainPage) { page.Result, page.Recorded = &result, true })
}

// proven records what was seen. The system asks for it, which looked; whose wish it was is recorded too.
func (p *Portal) proven(ctx context.Context, who ui.Who, domain string, seen proofs.Result) error {
	_, err := p.Desk.Counter.Ask(ctx, ui.Who{Actor: who.Actor, Holder: who.Holder, Role: gate.System}, ui.Asked{
		Command: membership.ProveDomain{Member: who.Member, Domain: domain, How: seen.How, Evidence: seen.Evidence}, Expect: -1,
	})
	return err
}
