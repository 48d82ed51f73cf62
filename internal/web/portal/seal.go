package portal

import (
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"

	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/web/ui"
)

type sealPage struct {
	ui.Chrome
	Member  membership.Member
	Answer  standing.Answer
	Sealed  bool     // the company may show it
	Proven  []string // domains that the frame is shown on
	Picture string   // code to copy
	Frame   string
	Others  []otherwise
}

// otherwise is what the seal shows when the standing is another.
type otherwise struct{ Picture, When string }

// shows are what the seal may come to show, with when it does.
var shows = []struct {
	name   string // of the picture
	status standing.Status
	kind   standing.Kind
	when   string
}{
	{"lapsed", standing.Lapsed, standing.Administrative, "Dues, the renewal or a signature stayed out past its grace. It says “administrative”, so that nobody takes it for misconduct."},
	{"suspended", standing.Suspended, standing.Administrative, "An attestation stayed out past its grace. It ends when the attestation is given."},
	{"interim", standing.Suspended, standing.Interim, "The body suspends for the time being, while something is looked into. It says that there is no finding."},
	{"withdrawn", standing.Withdrawn, "", "The company left."},
	{"expelled", standing.Expelled, standing.Disciplinary, "The body ended the membership."},
}

// seal shows what the company may put on its site.
func (p *Portal) seal(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	m, err := p.us(r.Context(), who)
	if err != nil {
		return err
	}
	c.Title = "Seal"
	page := sealPage{Chrome: c, Member: m}
	if page.Answer, err = p.Standing(r.Context(), who.Member, c.Now, c.Now); err != nil {
		return err
	}
	page.Sealed = page.Answer.Status == standing.Good || page.Answer.Status == standing.Conditional
	look := p.Desk.Counter.Record.Look(r.Context())
	for _, d := range m.Domains {
		if held := heldAs(look, d, c.Now); held.State == "proven" {
			page.Proven = append(page.Proven, d.Name)
		}
	}
	if err := look.Err(); err != nil {
		return err
	}
	alt := html.EscapeString(fmt.Sprintf("%s, member %s of %s: see how it stands", m.Name, m.Number, c.BodyName))
	page.Picture = fmt.Sprintf("<a href=\"%[1]s/register/%[2]s\">\n  <img src=\"%[1]s/seal/%[2]s.svg\" width=\"340\" height=\"120\" alt=\"%[3]s\">\n</a>", p.Origin, m.Number, alt)
	page.Frame = fmt.Sprintf("<iframe src=\"%s/seal/%s\" title=\"%s\"\n  width=\"380\" height=\"220\" loading=\"lazy\" style=\"border:0\"></iframe>", p.Origin, m.Number, alt)
	for _, s := range shows {
		page.Others = append(page.Others, otherwise{"/portal/seal/" + s.name + ".svg", s.when})
	}
	p.Desk.Show(w, r, http.StatusOK, "seal", page)
	return nil
}

// picture draws the seal as it is ("now"), or as it would be; only inside the portal, whether the register is open
// or not.
func (p *Portal) picture(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	m, err := p.us(r.Context(), who)
	if err != nil {
		return err
	}
	drawn := ui.Seal{BodyName: c.BodyName, Number: m.Number, Name: m.Name, At: c.Now, Zone: c.Zone}
	name, found := strings.CutSuffix(r.PathValue("picture"), ".svg")
	switch {
	case found && name == "now":
		answer, err := p.Standing(r.Context(), who.Member, c.Now, c.Now)
		if err != nil {
			return err
		}
		drawn.Status, drawn.Kind = answer.Status, answer.Kind
	case found:
		found = false
		for _, s := range shows {
			if s.name == name {
				drawn.Status, drawn.Kind, found = s.status, s.kind, true
			}
		}
	}
	if !found {
		return p.Desk.NotFound(w, r, c)
	}
	svg, err := drawn.SVG()
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(svg)))
	_, _ = w.Write(svg) // the reader may have gone
	return nil
}
