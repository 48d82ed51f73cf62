package site

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"shingle/internal/body/cases"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
	"shingle/verify"
)

type certificatePage struct {
	ui.Chrome
	Notice view.Notice
	Steps  []certifiedStep
	SHA256 string // of the certificate as it is served for programs, hex
	Leaf   *int64 // index of the notice's leaf in the public log; nil while there is none
	Logged bool   // the leaf names this certificate
}

type certifiedStep struct {
	cases.Step
	Text string // of the rule that asks for the step
}

// certified returns the certificate of procedure of the case that a notice ends, as it is served for programs, and
// the index of the notice's leaf in the public log. A notice that has none is [view.ErrNotFound].
func (s *Site) certified(r *http.Request, n view.Notice) (text []byte, c cases.Certificate, err error) {
	if s.Certificate == nil || n.Order == "" || n.Corrects != "" {
		return nil, c, view.ErrNotFound
	}
	c, ok, err := s.Certificate(r.Context(), n.Order)
	if err == nil && !ok {
		err = view.ErrNotFound
	}
	if err != nil {
		return nil, c, err
	}
	text, err = json.Marshal(c)
	return text, c, err
}

// logged returns the index of a notice's leaf in the public log, and the certificate that the leaf names.
func (s *Site) logged(r *http.Request, n view.Notice) (leaf *int64, certificate string, err error) {
	index, err := s.LeafAt(r.Context(), n.Position)
	if err != nil {
		return nil, "", nil // the log is behind, and says so elsewhere
	}
	entries, err := s.Log.Entries(r.Context(), index, index+1)
	if err != nil || len(entries) != 1 {
		return nil, "", err
	}
	st, err := verify.ParseStatement(entries[0].Body)
	if told, ok := st.(verify.Notice); err == nil && ok && told.Notice == n.ID {
		certificate = told.Certificate
	}
	return &index, certificate, nil
}

// certificate shows how an outcome came about, step by step, and whether the public log knows of it.
func (s *Site) certificate(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	n, text, made, err := s.noticeCertified(r, c.Now)
	if err != nil {
		return s.noCertificate(w, r, c, err)
	}
	sum := sha256.Sum256(text)
	p := certificatePage{Chrome: c, Notice: n, SHA256: hex.EncodeToString(sum[:])}
	p.Title = "Certificate of procedure of notice " + n.ID
	for _, step := range made.Steps {
		p.Steps = append(p.Steps, certifiedStep{step, s.ruleText(step.Rule)})
	}
	var told string
	if p.Leaf, told, err = s.logged(r, n); err != nil {
		return err
	}
	p.Logged = told == p.SHA256
	s.pages.Show(w, r, http.StatusOK, "certificate", p)
	return nil
}

// certificateJSON serves a certificate for programs: the bytes whose SHA-256 stands in the notice and in its leaf.
func (s *Site) certificateJSON(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	_, text, _, err := s.noticeCertified(r, c.Now)
	if err != nil {
		return s.noCertificate(w, r, c, err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(text) // the reader may have gone
	return nil
}

var errNoticeExpired = errors.New("the notice has expired")

func (s *Site) noticeCertified(r *http.Request, now time.Time) (n view.Notice, text []byte, c cases.Certificate, err error) {
	if n, err = s.Register.Notice(r.Context(), r.PathValue("id")); err != nil {
		return n, nil, c, err
	}
	if n.Expired(now) {
		return n, nil, c, errNoticeExpired
	}
	text, c, err = s.certified(r, n)
	return n, text, c, err
}

func (s *Site) noCertificate(w http.ResponseWriter, r *http.Request, c ui.Chrome, err error) error {
	switch {
	case errors.Is(err, errNoticeExpired):
		s.pages.Problem(w, r, c, ui.Problem{
			Type: "/problems/expired", Title: "This notice has expired", Status: http.StatusGone,
			Detail: "A notice stood here for the time that the code sets. Its certificate went with it.",
		})
		return nil
	case errors.Is(err, view.ErrNotFound):
		s.pages.Problem(w, r, c, ui.NotFound("No notice of this number has a certificate of procedure. A decision from paper, an interim suspension and a correction have none."))
		return nil
	}
	return err
}

// ruleText returns what a rule says; "" of one that this version does not know any more.
func (s *Site) ruleText(id string) string {
	if s.Rule == nil {
		return ""
	}
	return s.Rule(id)
}
