package portal

import (
	"net/http"
	"net/url"
	"strings"

	"shingle/internal/body/membership"
	"shingle/internal/web/ui"
)

type companyPage struct {
	ui.Chrome
	Member   membership.Member
	Said     []string
	May      mayWithCompany
	Register bool // it has a page there
}

type mayWithCompany struct{ Move, Services, Domains bool }

// company shows what the register says of the company, and leads to where that is changed.
func (p *Portal) company(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	m, err := p.us(r.Context(), who)
	if err != nil {
		return err
	}
	c.Title = "Company"
	current := m.Stage == membership.Current
	page := companyPage{Chrome: c, Member: m, Register: current || m.Stage == membership.Former, May: mayWithCompany{
		Move: current && p.may(who, "member.move"), Services: current && p.may(who, "services.set"), Domains: p.may(who, "GET /portal/domains"),
	}}
	if page.Said, _, _, err = p.Desk.Said(r, who); err != nil {
		return err
	}
	p.Desk.Show(w, r, http.StatusOK, "company", page)
	return nil
}

const companyPath = "/portal/company"

func (p *Portal) address(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	m, err := p.us(r.Context(), who)
	if err != nil {
		return err
	}
	return p.Desk.Ask(w, r, who, c, ui.Asking{
		Kind: "member.move", Title: "Change the address", Lead: "The register shows it to everybody, and customers look for you by place.",
		Known: known(who), Given: url.Values{"address": {m.Address}, "place": {m.Place}, "country": {m.Country}}, Then: companyPath, Back: companyPath,
	})
}

func (p *Portal) services(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	m, err := p.us(r.Context(), who)
	if err != nil {
		return err
	}
	return p.Desk.Ask(w, r, who, c, ui.Asking{
		Kind: "services.set", Title: "Change the services", Lead: "Customers look for you by what you offer. Use the words that they would.",
		Known: known(who), Given: url.Values{"services": {strings.Join(m.Services, "\n")}}, Then: companyPath, Back: companyPath,
	})
}
