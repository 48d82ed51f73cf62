package office

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"shingle/internal/body/cases"
	"shingle/internal/exhibit"
	"shingle/internal/record"
	"shingle/internal/web/ui"
)

const (
	atEvidence = "GET /office/cases/{id}/evidence"
	sendsFile  = "POST /office/cases/{id}/evidence"
)

// evidenceRoutes adds the pages about the files of a case.
func (o *Office) evidenceRoutes() {
	d := &o.Desk
	d.Handle(atEvidence, o.evidence)
	d.Handle(sendsFile, o.evidenceSent)
	d.Handle("POST /office/cases/{id}/evidence/{object}", o.exhibit)
	d.Handle("POST /office/cases/{id}/bundle", o.bundle)
	d.Handle("POST /office/cases/{id}/pack", o.courtPack)
	d.Handle("POST /office/cases/{id}/subject", o.subject)
	d.Handle("POST /office/cases/{id}/room/evidence/{object}", o.exhibit)
	d.Handle("POST /office/cases/{id}/room/bundle", o.bundle)
}

// evidencePage is what is in evidence in a case, what parties handed in, and the way to add to it.
type evidencePage struct {
	ui.Chrome
	Said     []string
	Case     cases.Case
	Admitted []exhibitRow
	Files    []exhibitRow // handed in, and not admitted
	Takes    bool         // evidence can be admitted now
	Problem  string
	Cure     string
	Most     int // MiB of a file
	Told     bool
}

// exhibitRow is a file of a case.
type exhibitRow struct {
	Label  string // "Exhibit 2, from a witness"
	Object string
	SHA256 string
	From   string
}

// exhibits is a list of files, and the address below which each is opened.
type exhibits struct {
	Rows []exhibitRow
	At   string
}

// List is what is in evidence.
func (p evidencePage) List() exhibits { return exhibits{p.Admitted, caseLink(p.Case.ID)} }

// evidenceHere returns the case whose files somebody may read: its manager.
func (o *Office) evidenceHere(r *http.Request, who ui.Who) (k cases.Case, ok bool, err error) {
	k, ok, err = o.caseHere(r, who)
	return k, ok && k.ReadsBundle(cases.Reader{Actor: who.Actor, Role: who.Role}), err
}

func (o *Office) evidence(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	k, ok, err := o.evidenceHere(r, who)
	if err != nil {
		return err
	}
	if !ok {
		return o.Desk.NotFound(w, r, c)
	}
	return o.showEvidence(w, r, who, c, k, http.StatusOK, nil)
}

func (o *Office) showEvidence(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, k cases.Case, status int, refused *exhibit.Refused) error {
	c.Title = "Evidence in case " + k.ID
	p := evidencePage{Chrome: c, Case: k, Most: exhibit.MostBytes >> 20, Told: k.Told}
	if refused != nil {
		p.Problem, p.Cure = sentenceOf(refused.Why), sentenceOf(refused.Cure)
	}
	var err error
	if p.Said, _, _, err = o.Desk.Said(r, who); err != nil {
		return err
	}
	if p.Admitted, err = o.admitted(r, k); err != nil {
		return err
	}
	for _, f := range k.Files {
		if !slices.ContainsFunc(k.Evidence, func(e cases.Evidence) bool { return e.Object == f.Object }) {
			p.Files = append(p.Files, exhibitRow{"From the " + f.From, f.Object, f.SHA256, f.From})
		}
	}
	if p.Takes, err = o.may(r.Context(), who, k, c, "case.admit-evidence"); err != nil {
		return err
	}
	o.Desk.Show(w, r, status, "evidence", p)
	return nil
}

// admitted lists what is in evidence, in the order of its numbers.
func (o *Office) admitted(r *http.Request, k cases.Case) (rows []exhibitRow, err error) {
	found, err := o.Desk.Counter.Record.Search(r.Context(), record.Wanted{Subject: "case/" + k.ID, Kind: "case.evidence-admitted", Forward: true}, mostPapers)
	for _, e := range found.Events {
		if ev, ok := e.Event.(cases.EvidenceAdmitted); ok && e.Stream == "case/"+k.ID {
			rows = append(rows, exhibitRow{exhibitTitle(ev), ev.Object, ev.SHA256, ev.Source})
		}
	}
	return rows, err
}

// evidenceSent takes a file, cleaned and sealed, and goes on to the form that admits it; or that form alone for a file
// that a party handed in. Until it is admitted it counts for nothing, and is swept away by itself.
func (o *Office) evidenceSent(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	k, ok, err := o.evidenceHere(r, who)
	if err != nil {
		return err
	}
	if !ok {
		return o.Desk.NotFound(w, r, c)
	}
	r.Body = http.MaxBytesReader(w, r.Body, exhibit.MostBytes+1<<20)
	file, name, err := filePart(r, "file")
	if err != nil {
		return o.showEvidence(w, r, who, c, k, http.StatusUnprocessableEntity, &exhibit.Refused{Why: "no file was sent", Cure: "choose one"})
	}
	x, err := o.Exhibits.Take(r.Context(), "case/"+k.ID, name, file)
	var refused *exhibit.Refused
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &refused):
		return o.showEvidence(w, r, who, c, k, http.StatusUnprocessableEntity, refused)
	case errors.As(err, &large):
		return o.showEvidence(w, r, who, c, k, http.StatusRequestEntityTooLarge, &exhibit.Refused{Why: "the file is too large", Cure: "send it in parts, or as a picture of lower quality"})
	case err != nil:
		return err
	}
	// The form is at the address of the act, as if one had come there by a link: what the file is called is confided,
	// and stands in no address.
	form := r.Clone(r.Context())
	form.Method, form.Body, form.Header = http.MethodGet, http.NoBody, r.Header.Clone()
	form.URL = &url.URL{Path: caseActLink(k.ID, "case.admit-evidence")}
	lead := o.leadOf(r, k) + " The file is sealed."
	if len(x.Notes) > 0 {
		lead += " " + strings.Join(x.Notes, " ")
	}
	return o.askInCase(w, form, who, c, k, ui.Asking{
		Kind: "case.admit-evidence", Title: sayCase("case.admit-evidence"), Known: o.knownIn(k, "case.admit-evidence"), Then: caseLink(k.ID) + "/evidence", Back: caseLink(k.ID) + "/evidence", Lead: lead,
		Given: url.Values{"object": {x.Object}, "sha256": {x.SHA256}, "what": {x.Name}, "source": {"body"}},
	})
}

// admitPage is the form on which a file is admitted: which file it is goes along, and nobody types it.
type admitPage struct {
	ui.FormPage
	Along []ui.FormField
	Rest  []ui.FormField
}

func admitPageOf(f ui.FormPage) admitPage {
	p := admitPage{FormPage: f}
	for _, field := range f.Form.Fields {
		if (field.Name == "object" || field.Name == "sha256") && field.Typed != "" && field.Error == "" {
			p.Along = append(p.Along, field)
		} else {
			p.Rest = append(p.Rest, field)
		}
	}
	return p
}

// filePart returns the file of a form, and what its sender calls it.
func filePart(r *http.Request, field string) (file io.Reader, name string, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, "", err
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, "", err
		}
		if part.FormName() == field && part.FileName() != "" {
			return part, part.FileName(), nil
		}
	}
}

// readsFiles returns the case whose files somebody may read, as its manager or as one who sits; which are theirs, the
// papers themselves know.
func (o *Office) readsFiles(r *http.Request, who ui.Who, c ui.Chrome) (k cases.Case, ok bool, err error) {
	if strings.HasPrefix(r.URL.Path, caseLink(r.PathValue("id"))+"/room/") {
		return o.roomHere(r, who, c)
	}
	return o.evidenceHere(r, who)
}

// exhibit hands out a file of a case: it is recorded first, for what.
func (o *Office) exhibit(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	k, ok, err := o.readsFiles(r, who, c)
	if err != nil {
		return err
	}
	if !ok {
		return o.Desk.NotFound(w, r, c)
	}
	file, x, err := o.Exhibits.Open(r.Context(), who, "case/"+k.ID, r.PathValue("object"), "to look at the evidence of case "+k.ID)
	if errors.Is(err, ui.ErrNoExhibit) {
		return o.Desk.NotFound(w, r, c)
	}
	if err != nil {
		return err
	}
	ui.SendExhibit(w, file, x)
	return nil
}

// bundle hands out the bundle for the hearing.
func (o *Office) bundle(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	k, ok, err := o.readsFiles(r, who, c)
	if err != nil {
		return err
	}
	if !ok {
		return o.Desk.NotFound(w, r, c)
	}
	return o.made(w, r, c, "bundle-"+k.ID+".pdf", exhibit.PDF, func(to io.Writer) error { return o.Exhibits.Bundle(r.Context(), who, k.ID, to) })
}

// courtPack hands out the pack for a court.
func (o *Office) courtPack(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	k, ok, err := o.evidenceHere(r, who)
	if err != nil {
		return err
	}
	if !ok {
		return o.Desk.NotFound(w, r, c)
	}
	return o.made(w, r, c, "case-"+k.ID+"-for-the-court.zip", "application/zip", func(to io.Writer) error { return o.Exhibits.CourtPack(r.Context(), who, k.ID, to) })
}

// subject hands out what is held of a party, to be given to it.
func (o *Office) subject(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	k, ok, err := o.evidenceHere(r, who)
	if err != nil {
		return err
	}
	if !ok {
		return o.Desk.NotFound(w, r, c)
	}
	sent, ok := o.Desk.Sent(w, r, c)
	if !ok {
		return nil
	}
	party := sent.Get("party")
	if party != "complainant" && party != "respondent" {
		return o.Desk.NotFound(w, r, c)
	}
	return o.made(w, r, c, "case-"+k.ID+"-"+party+".zip", "application/zip", func(to io.Writer) error { return o.Exhibits.Subject(r.Context(), who, k.ID, party, to) })
}

// made answers with a document while it is made.
func (o *Office) made(w http.ResponseWriter, r *http.Request, c ui.Chrome, name, as string, make func(io.Writer) error) error {
	err := ui.SendMade(w, name, as, make)
	if errors.Is(err, ui.ErrNoExhibit) {
		return o.Desk.NotFound(w, r, c)
	}
	return err
}
