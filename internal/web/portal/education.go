package portal

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"shingle/internal/body/education"
	"shingle/internal/code"
	flowbody "shingle/internal/flow/body"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

const educationPath = "/portal/education"

type educationPage struct {
	ui.Chrome
	Said   []string
	Person bool // who looks is a person, with a ledger of their own
	Ledger ui.Ledger
	Claims []claim
	Audits []string // samples that they are in
	Team   []pupil  // the member's people at a glance, for who looks after them
	Looks  bool     // they do
	Share  int      // percent of the people who must have what is owed
	Claim  bool     // they may claim credit
}

// claim is something that the reader asked credit for.
type claim struct {
	view.CreditClaim
	Stage string // in words
	Again bool   // it was returned for more
}

// pupil is one of the member's people, as those who look after them see it: how they stand, and no claim of theirs.
type pupil struct {
	Number, Name string
	Period       ui.LedgerPeriod
	Owes         bool // there is a period
	Self         bool
}

var claimStages = map[education.Stage]string{
	education.Asked: "waits for an answer", education.Returned: "was returned: the education officer asks for more", education.Approved: "was accepted", education.Declined: "was declined",
}

// education shows the reader's own ledger and, to who looks after the member's people, how they stand.
func (p *Portal) education(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	c.Title = "Education"
	page := educationPage{Chrome: c, Looks: p.may(who, "GET /portal/people")}
	var person string
	if person, page.Person = who.Person(); page.Person {
		if err := p.ownEducation(ctx, &page, who, person, c); err != nil {
			return err
		}
	}
	if page.Looks {
		if err := p.team(ctx, &page, who, c); err != nil {
			return err
		}
	}
	var err error
	if page.Said, _, _, err = p.Desk.Said(r, who); err != nil {
		return err
	}
	p.Desk.Show(w, r, http.StatusOK, "education", page)
	return nil
}

func (p *Portal) ownEducation(ctx context.Context, page *educationPage, who ui.Who, person string, c ui.Chrome) error {
	look := p.Desk.Counter.Record.Look(ctx)
	s := flowbody.SchoolingOf(look, person, c.Now)
	if err := look.Err(); err != nil {
		return err
	}
	claims, err := p.Register.ClaimsOf(ctx, person)
	if err != nil {
		return err
	}
	titles, err := ui.CreditTitles(ctx, p.Register, s, claims)
	if err != nil {
		return err
	}
	page.Ledger, page.Claim = ui.LedgerOf(s, titles), p.may(who, "credit.claim")
	for _, one := range claims {
		if one.Stage != education.Approved { // what was accepted stands on the ledger
			page.Claims = append(page.Claims, claim{one, claimStages[one.Stage], one.Stage == education.Returned})
		}
	}
	page.Audits, err = p.Register.AuditsOf(ctx, person)
	return err
}

// team fills in how the member's people stand.
func (p *Portal) team(ctx context.Context, page *educationPage, who ui.Who, c ui.Chrome) error {
	look := p.Desk.Counter.Record.Look(ctx)
	all := flowbody.Pupils(look, who.Member, c.Now)
	if err := look.Err(); err != nil {
		return err
	}
	colleagues, err := p.colleagues(ctx, who, c.Now)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, one := range colleagues {
		names[one.Number] = one.Name
	}
	page.Share = 100
	for _, s := range all {
		if share := s.Scheme.Who.Share; share > 0 {
			page.Share = int(share)
		}
		one := pupil{Number: s.Person, Name: names[s.Person], Self: who.Actor == "person/"+s.Person}
		one.Period, one.Owes = ui.LedgerOf(s, func(education.Entry) string { return "" }).Now()
		page.Team = append(page.Team, one)
	}
	return nil
}

// claimCredit asks for credit for what the reader completed elsewhere. A claim that was returned is put again.
func (p *Portal) claimCredit(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	person, ok := who.Person()
	if !ok {
		return p.Desk.NotFound(w, r, c)
	}
	known := map[string]string{"person": person}
	title, lead := "Claim credit", "For what you completed elsewhere. The education officer answers it; nobody at your company reads it."
	if again := r.PathValue("claim"); again != "" {
		claims, err := p.Register.ClaimsOf(r.Context(), person)
		if err != nil {
			return err
		}
		if !returned(claims, again) {
			return p.Desk.NotFound(w, r, c)
		}
		known["claim"], title = again, "Claim credit again"
	} else {
		known["claim"] = ""
	}
	if words := p.schemeWords(r.Context(), c); words != "" {
		lead += " " + words
	}
	return p.Desk.Ask(w, r, who, c, ui.Asking{Kind: "credit.claim", Title: title, Lead: lead, Known: known, Then: educationPath, Back: educationPath})
}

func returned(claims []view.CreditClaim, number string) bool {
	for _, c := range claims {
		if strconv.Itoa(c.Number) == number && c.Stage == education.Returned {
			return true
		}
	}
	return false
}

// schemeWords names the words that the code in force knows, so that nobody has to guess them.
func (p *Portal) schemeWords(ctx context.Context, c ui.Chrome) string {
	e := flowbody.SchoolingOf(p.Desk.Counter.Record.Look(ctx), "", c.Now).Scheme
	var said []string
	add := func(what string, words []string) {
		if len(words) > 0 {
			said = append(said, what+": "+strings.Join(words, ", "))
		}
	}
	add("topics", e.Topics)
	add("deliveries", deliveryNames(e.Deliveries))
	add("kinds", kindNames(e.Kinds))
	if len(said) == 0 {
		return ""
	}
	return "The code knows these words. " + strings.ToUpper(said[0][:1]) + strings.Join(said, "; ")[1:] + "."
}

func deliveryNames(all code.Deliveries) (names []string) {
	for _, d := range all {
		names = append(names, d.Name)
	}
	return names
}

func kindNames(all code.Kinds) (names []string) {
	for _, k := range all {
		names = append(names, k.Name)
	}
	return names
}
