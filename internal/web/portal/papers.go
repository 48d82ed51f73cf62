package portal

import (
	"context"
	"net/http"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/documents"
	"shingle/internal/web/ui"
)

type papersPage struct {
	ui.Chrome
	Number     string
	Answer     standing.Answer
	Annex      bool
	NoAnnex    string // why there is none, a sentence
	Origin     string
	JustSigned bool // it was signed just now
	Said       []string
}

// papers leads to what the company hands to others: receipt, annex, pack.
func (p *Portal) papers(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	m, err := p.us(r.Context(), who)
	if err != nil {
		return err
	}
	c.Title = "Papers"
	page := papersPage{Chrome: c, Number: m.Number, Origin: p.Origin}
	if page.Said, _, _, err = p.Desk.Said(r, who); err != nil {
		return err
	}
	page.JustSigned = r.URL.Query().Has("signed") && len(page.Said) > 0
	if page.Answer, err = p.Standing(r.Context(), who.Member, c.Now, c.Now); err != nil {
		return err
	}
	page.NoAnnex = ui.NoAnnex(page.Answer)
	page.Annex = page.NoAnnex == ""
	p.Desk.Show(w, r, http.StatusOK, "papers", page)
	return nil
}

// annex is what a law firm puts behind a contract, with the name of who signed: the company knows it.
func (p *Portal) annex(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	a, ok, err := p.annexOf(w, r, who, c)
	if err != nil || !ok {
		return err
	}
	page, err := a.HTML()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src "+documents.StylePolicy+"; base-uri 'none'; frame-ancestors 'none'")
	ui.SendPaper(w, r, "text/html; charset=utf-8", "", page)
	return nil
}

func (p *Portal) annexPDF(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	a, ok, err := p.annexOf(w, r, who, c)
	if err != nil || !ok {
		return err
	}
	file, err := a.PDF()
	if err != nil {
		return err
	}
	ui.SendPaper(w, r, "application/pdf", who.Member+"-annex-signed.pdf", file)
	return nil
}

// annexOf returns the member's annex; ok is false if it was said already that there is none.
func (p *Portal) annexOf(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) (a documents.Annex, ok bool, err error) {
	ctx := r.Context()
	w.Header().Set("Cache-Control", "no-store")
	answer, err := p.Standing(ctx, who.Member, c.Now, c.Now)
	if err != nil {
		return a, false, err
	}
	if why := ui.NoAnnex(answer); why != "" {
		c.Title = "There is no annex"
		p.Desk.Show(w, r, http.StatusNotFound, "nothing", nothingPage{c, c.Title, why})
		return a, false, nil
	}
	m, err := p.Register.Member(ctx, who.Member)
	if err != nil {
		return a, false, err
	}
	b, err := p.body(ctx)
	if err != nil {
		return a, false, err
	}
	if a, err = ui.AnnexOf(ctx, p.Register, m, *answer.Code, b); err != nil {
		return a, false, err
	}
	a.Signatory, err = p.signatory(ctx, who.Member, *answer.Code)
	return a, err == nil, err
}

func (p *Portal) body(ctx context.Context) (documents.Body, error) {
	b, err := p.Desk.Body(ctx)
	return documents.Body{Name: b.Name, Web: b.Web, Origin: p.Origin, Zone: b.Location, LogKey: p.LogKey, ReceiptKey: p.ReceiptKey}, err
}

// signatory returns who signed a text for the member and in which capacity; "" where the record does not say, or
// they were forgotten.
func (p *Portal) signatory(ctx context.Context, member string, of standing.Signed) (string, error) {
	record := p.Desk.Counter.Record
	events, err := record.Concerning(ctx, "member/"+member, record.Position())
	signed := ""
	for _, e := range events {
		s, ok := e.Event.(membership.Subscribed)
		if !ok || s.SHA256 != of.SHA256 || !s.SignedAt.Equal(of.At) {
			continue
		}
		if e, err = record.Readable(e); err != nil {
			return "", err
		}
		s = e.Event.(membership.Subscribed)
		signed = called(s.Representative, s.Capacity)
	}
	return signed, err
}

func called(name act.Personal, capacity string) string {
	switch text := name.Text(); {
	case text == "":
		return ""
	case capacity == "":
		return text
	default:
		return text + ", " + capacity
	}
}
