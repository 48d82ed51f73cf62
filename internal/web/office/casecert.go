package office

import (
	"net/http"
	"time"

	"shingle/internal/body/cases"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/web/ui"
)

// certificateView is the certificate of procedure of a case, as a page shows it.
type certificateView struct {
	cases.Certificate
	SHA256 string // of the certificate, "" while something is missing
	Zone   *time.Location
}

// Complete reports whether every step is on record.
func (c certificateView) Complete() bool { return len(c.Missing) == 0 }

func (o *Office) certificateOf(t *trial, k cases.Case) certificateView {
	v := certificateView{Certificate: flowbody.Certificate(t.look, k.ID), Zone: t.zone}
	if v.Complete() {
		v.SHA256 = v.Hash()
	}
	return v
}

// certificatePage is the certificate of procedure of a case.
type certificatePage struct {
	ui.Chrome
	Case        cases.Case
	Certificate certificateView
}

func (o *Office) certificate(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	k, ok, err := o.caseHere(r, who)
	if err != nil {
		return err
	}
	if !ok {
		return o.Desk.NotFound(w, r, c)
	}
	c.Title = "Certificate of procedure"
	o.Desk.Show(w, r, http.StatusOK, "certificate", certificatePage{c, k, o.certificateOf(o.trying(r.Context(), who, k, c), k)})
	return nil
}
