package site

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

type framePage struct {
	ui.Chrome
	Member   view.Member
	Standing view.Standing
	Picture  string // address of the seal
	Page     string // address of the member's page
}

// seal serves the seal's picture at /seal/0042.svg, and at /seal/0042 the frame that a member may show
// on its own domains.
func (s *Site) seal(w http.ResponseWriter, r *http.Request) {
	number, picture := strings.CutSuffix(r.PathValue("number"), ".svg")
	if !picture {
		s.serve(s.frame, true)(w, r)
		return
	}
	if s.Kept != nil {
		svg, err := s.Kept(r.Context(), number, func(ctx context.Context, number string, _ time.Time) ([]byte, time.Time, error) {
			c, err := s.Chrome(r)
			if err == nil && c.Launch {
				err = errNotOpen
			}
			if err != nil {
				return nil, time.Time{}, err
			}
			return s.draw(ctx, number, c)
		})
		if err == nil {
			sendSeal(w, r, svg)
			return
		}
	}
	// Without a memory, or with something to explain: like any page.
	s.serve(func(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
		svg, _, err := s.draw(r.Context(), number, c)
		if err == nil {
			sendSeal(w, r, svg)
		}
		return err
	}, true)(w, r)
}

var errNotOpen = errors.New("the register is not open yet")

// Header values, made once: a header is a map of lists, and these lists are never written to.
var (
	typeSVG     = []string{"image/svg+xml"}
	fiveMinutes = []string{"public, max-age=300"}
	crossOrigin = []string{"cross-origin"} // the picture stands on other sites; that is what it is for
)

func sendSeal(w http.ResponseWriter, r *http.Request, svg []byte) {
	h := w.Header()
	h["Content-Type"], h["Cache-Control"], h["Cross-Origin-Resource-Policy"] = typeSVG, fiveMinutes, crossOrigin
	h["Content-Length"] = []string{strconv.Itoa(len(svg))}
	if r.Method != http.MethodHead {
		_, _ = w.Write(svg) // the reader may have gone
	}
}

// draw draws a member's seal, and says until when it is right: until midnight, or until its standing ends.
func (s *Site) draw(ctx context.Context, number string, c ui.Chrome) (svg []byte, until time.Time, err error) {
	m, err := s.Register.Member(ctx, number)
	if err != nil {
		return nil, time.Time{}, err
	}
	span, err := s.Register.SpanAt(ctx, number, c.Now)
	if err != nil && !errors.Is(err, view.ErrNotFound) {
		return nil, time.Time{}, err
	}
	until = act.DateIn(c.Now, c.Zone).End(c.Zone)
	if !span.Until.IsZero() && span.Until.Before(until) {
		until = span.Until
	}
	svg, err = ui.Seal{BodyName: c.BodyName, Number: number, Name: m.Name, Status: span.Status, Kind: span.Kind, At: c.Now, Zone: c.Zone}.SVG()
	return svg, until, err
}

func (s *Site) frame(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	number := r.PathValue("number")
	m, err := s.Register.Member(r.Context(), number)
	if err != nil {
		return err
	}
	st, err := s.Register.Standing(r.Context(), number, c.Now)
	if err != nil && !errors.Is(err, view.ErrNotFound) {
		return err
	}
	var own []string // a domain whose proof has run out is not in the register any more
	for _, d := range m.Domains {
		own = append(own, d.Domain)
	}
	ui.AllowFrames(w, own)
	w.Header().Set("Cache-Control", "public, max-age=300")
	c.Title, c.NoIndex = "Seal of "+m.Name, true
	s.pages.Show(w, r, http.StatusOK, "frame", framePage{Chrome: c, Member: m, Standing: st,
		Picture: "/seal/" + number + ".svg", Page: s.Origin + "/register/" + number})
	return nil
}
