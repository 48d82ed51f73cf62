package site

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"
	"sync"

	"shingle/internal/body/standing"
	"shingle/internal/documents"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// annexPage serves /register/0042/annex: what a law firm puts behind a contract, as a page.
func (s *Site) annexPage(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	made, err := s.annexed(w, r, c)
	if err != nil || made == nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src "+documents.StylePolicy+"; base-uri 'none'; frame-ancestors 'none'")
	sendPaper(w, r, "text/html; charset=utf-8", "", made.html)
	return nil
}

// annexPDF serves the same for paper.
func (s *Site) annexPDF(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	made, err := s.annexed(w, r, c)
	if err != nil || made == nil {
		return err
	}
	sendPaper(w, r, "application/pdf", r.PathValue("number")+"-annex.pdf", made.pdf)
	return nil
}

// annexed returns the annex of the member that is asked for; nil if it was said already that there is none.
func (s *Site) annexed(w http.ResponseWriter, r *http.Request, c ui.Chrome) (*annexed, error) {
	m, err := s.Register.Member(r.Context(), r.PathValue("number"))
	if err != nil {
		return nil, err
	}
	answer, err := s.public(r.Context(), m.Number, c.Now, c.Now)
	if err != nil {
		return nil, err
	}
	made, why, err := s.annexOf(r.Context(), m, answer)
	if err == nil && made == nil {
		s.pages.Problem(w, r, c, ui.Problem{
			Type: "/problems/no-annex", Title: "There is no annex", Status: http.StatusNotFound, Detail: why, Cure: "The company’s page in the register says how it stands.",
		})
	}
	return made, err
}

// annexOf makes the annex of a member, or says why it has none.
func (s *Site) annexOf(ctx context.Context, m view.Member, answer standing.Answer) (made *annexed, why string, err error) {
	if why = ui.NoAnnex(answer); why != "" {
		return nil, why, nil
	}
	b, err := s.bodyOf(ctx)
	if err != nil {
		return nil, "", err
	}
	a, err := ui.AnnexOf(ctx, s.Register, m, *answer.Code, b)
	if err != nil {
		return nil, "", err
	}
	made, err = s.shelf.annex(a)
	return made, "", err
}

func (s *Site) bodyOf(ctx context.Context) (documents.Body, error) {
	b, err := s.Body(ctx)
	return documents.Body{Name: b.Name, Web: b.Web, Origin: s.Origin, Zone: b.Location, LogKey: s.LogKey, ReceiptKey: s.ReceiptKey}, err
}

// pack serves /register/0042/pack.zip: what a customer puts into its file on a vendor.
func (s *Site) pack(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	ctx := r.Context()
	m, err := s.Register.Member(ctx, r.PathValue("number"))
	if err != nil {
		return err
	}
	b, err := s.bodyOf(ctx)
	if err != nil {
		return err
	}
	p := documents.Pack{Body: b, Member: ui.OnPaper(m), At: c.Now}
	if p.Receipt, p.Standing, p.Keys, err = s.Papers(ctx, m.Number); err != nil {
		var told interface{ Told() ui.Problem }
		if errors.As(err, &told) {
			s.pages.Problem(w, r, c, told.Told())
			return nil
		}
		return err
	}
	answer, err := s.public(ctx, m.Number, c.Now, c.Now)
	if err != nil {
		return err
	}
	p.Sentence, p.Meaning, p.Since = ui.Sentence(m.Name, answer.Status, answer.Kind, true), ui.Meaning(answer.Status, answer.Kind), answer.Since
	for _, reason := range answer.Reasons {
		p.Reasons = append(p.Reasons, reason.Text)
	}
	if answer.Code != nil {
		v, err := s.Register.Version(ctx, answer.Code.Version)
		if err != nil {
			return err
		}
		p.Code = documents.Code{Label: v.Version, SHA256: v.SHA256, Text: v.Text}
	}
	made, why, err := s.annexOf(ctx, m, answer)
	if err != nil {
		return err
	}
	if p.NoAnnex = why; made != nil {
		p.AnnexHTML, p.AnnexPDF = made.html, made.pdf
	}
	notices, err := s.Register.Notices(ctx, m.Number, "", c.Now, 20)
	if err != nil {
		return err
	}
	for _, n := range notices {
		if !n.Expired(c.Now) {
			p.Notices = append(p.Notices, documents.Notice{ID: n.ID, Title: n.Title, Text: n.Text, SHA256: n.SHA256, Published: n.Published, CorrectedBy: n.CorrectedBy})
		}
	}
	zip, err := p.Zip()
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-cache") // it says how the company stands: the server is always asked
	sendPaper(w, r, "application/zip", m.Number+"-pack.zip", zip)
	return nil
}

// sendPaper sends a document that anyone may keep for a while.
func sendPaper(w http.ResponseWriter, r *http.Request, kind, name string, body []byte) {
	if h := w.Header(); h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "public, max-age=300")
	}
	ui.SendPaper(w, r, kind, name, body)
}

// annexed is an annex in both its forms.
type annexed struct{ html, pdf []byte }

// shelf keeps the annexes that were made last. One is made at a time: to make one costs a hundred pages.
type shelf struct {
	mu   sync.Mutex
	made map[[32]byte]*annexed
	age  [][32]byte // oldest first
}

// shelved is how many annexes are kept, of about 150 kB each.
const shelved = 64

func (s *shelf) annex(a documents.Annex) (*annexed, error) {
	facts, err := json.Marshal([]any{a.Body, a.Body.Zone.String(), a.Member, a.Code.Hash(), a.Signed, a.Signatory})
	if err != nil {
		return nil, err
	}
	key := sha256.Sum256(facts)
	s.mu.Lock()
	defer s.mu.Unlock()
	if made := s.made[key]; made != nil {
		return made, nil
	}
	made := &annexed{}
	if made.html, err = a.HTML(); err != nil {
		return nil, err
	}
	if made.pdf, err = a.PDF(); err != nil {
		return nil, err
	}
	if s.made == nil {
		s.made = map[[32]byte]*annexed{}
	}
	if len(s.age) == shelved {
		delete(s.made, s.age[0])
		s.age = s.age[1:]
	}
	s.made[key], s.age = made, append(s.age, key)
	return made, nil
}
