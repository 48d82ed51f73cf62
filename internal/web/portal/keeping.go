package portal

import (
	"net/http"
	"net/url"

	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/web/ui"
)

// Where one goes on once something is recorded: the first page tells what was.
const overviewPath = "/portal"

// renew asks for the yearly declaration.
func (p *Portal) renew(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	m, err := p.us(r.Context(), who)
	if err != nil {
		return err
	}
	authority, err := p.authority(r.Context(), who, c)
	if err != nil {
		return err
	}
	declares := []string{"The company stands by its subscription" + signedText(m, c) + ".", "It keeps the code."}
	if own := ownDomains(m); len(own) > 0 {
		declares = append(declares, "It still controls "+listed(own)+".")
	}
	return p.Desk.Ask(w, r, who, c, ui.Asking{
		Kind: "member.renew", Title: "Renew the membership",
		Lead:  "Once a year somebody who may bind the company declares three things, and the membership goes on for another year.",
		Known: known(who), Given: signing(who), Declares: declares, Then: "/portal/papers", Back: overviewPath,
		Around: around(false, nil, fact{"Last renewed", orNever(m, c)}, authority),
	})
}

func signedText(m membership.Member, c ui.Chrome) string {
	if m.Subscription.Version == "" {
		return ""
	}
	return " to version " + m.Subscription.Version + " of the code, signed on " + m.Subscription.At.In(c.Zone).Format("2 January 2006")
}

func orNever(m membership.Member, c ui.Chrome) string {
	if m.Renewed.IsZero() {
		return "Not yet in this membership"
	}
	return m.Renewed.In(c.Zone).Format("2 January 2006")
}

// ownDomains are the domains that the member has shown to be its own, however long ago.
func ownDomains(m membership.Member) (names []string) {
	for _, d := range m.Domains {
		if !d.ProvenAt.IsZero() {
			names = append(names, d.Name)
		}
	}
	return names
}

// listed is a list in words: "a, b and c".
func listed(all []string) string {
	text := ""
	for i, one := range all {
		switch {
		case i > 0 && i == len(all)-1:
			text += " and "
		case i > 0:
			text += ", "
		}
		text += one
	}
	return text
}

// attest asks for the attestation that is owed first; the address may name another period.
func (p *Portal) attest(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	duties, err := p.Register.Duties(r.Context(), who.Member)
	if err != nil {
		return err
	}
	given, facts := url.Values{}, []fact(nil)
	for _, d := range duties {
		if d.Kind != standing.DutyAttestation || c.Now.Before(d.From) {
			continue
		}
		if given.Get("period") == "" {
			given.Set("period", d.Subject)
		}
		text := "No day is set for it."
		if last := d.LastDay(c.Zone); !last.IsZero() {
			text = "By " + dayOf(last) + ": " + left(d, c.Now, c.Zone) + "."
		}
		facts = append(facts, fact{"Owed for " + d.Subject, text})
	}
	if len(facts) == 0 {
		facts = []fact{{"Owed now", "Nothing. You may still correct what you attested for an earlier period."}}
	}
	return p.Desk.Ask(w, r, who, c, ui.Asking{
		Kind: "member.attest", Title: "Attest how the company met the code",
		Lead:  "Four numbers, and nothing about any customer: never write a customer’s name here. What you attest counts at once; you can correct it later, and both stay on record.",
		Known: known(who), Given: given, Then: overviewPath, Back: overviewPath, Around: around(false, nil, facts...),
	})
}

// withdraw asks for the end of the membership, and says plainly what that means.
func (p *Portal) withdraw(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	if _, err := p.us(r.Context(), who); err != nil {
		return err
	}
	return p.Desk.Ask(w, r, who, c, ui.Asking{
		Kind: "member.withdraw", Title: "Leave the body",
		Lead:  "The company stops being a member. This cannot be taken back: to return, it applies afresh.",
		Known: known(who, "on", ""), // today: whoever left on another day says so to the office, on paper
		Then:  overviewPath, Back: overviewPath,
		Around: around(true, []string{
			"It takes effect at once. The register says “Withdrawn” from then on, and keeps saying so.",
			"The licence to the seal ends. Take the seal and every claim of membership down within 30 days.",
			"Leaving ends no case. If charges have been served, the register says “Withdrawn under investigation” until they are decided.",
			"The company stays bound by the body’s procedure for two years, for what happened while it was a member.",
			"Dues that are paid are not paid back by this system; ask the office.",
			"Its people can still sign in and read what is on record.",
		}),
	})
}
