package site

import (
	"cmp"
	"encoding/xml"
	"errors"
	"net/http"
	"time"

	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

type noticesPage struct {
	ui.Chrome
	Notices []view.Notice
	Next    string // address of the next page
	Later   bool
}

const noticesPerPage = 25

func (s *Site) notices(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	c.Title = "Notices"
	before := r.URL.Query().Get("before")
	static, _ := ui.StaticOf(r.Context())
	rows := cmp.Or(static.Rows, noticesPerPage)
	all, err := s.Register.Notices(r.Context(), "", before, c.Now, rows+1)
	if err != nil {
		return err
	}
	p := noticesPage{Chrome: c, Notices: all, Later: before != ""}
	if len(all) > rows {
		p.Notices = all[:rows]
		p.Next = "/notices?before=" + all[rows-1].ID
	}
	if c.Static {
		p.Next = static.Next
	}
	s.pages.Show(w, r, http.StatusOK, "notices", p)
	return nil
}

type noticePage struct {
	ui.Chrome
	Notice  view.Notice
	Expired bool
	Leaf    *int64 // index of its leaf in the public log

	Certified bool // it ends a case whose procedure is certified
}

func (s *Site) notice(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	n, err := s.Register.Notice(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	p := noticePage{Chrome: c, Notice: n, Expired: n.Expired(c.Now)}
	p.Title = n.Title
	if p.Expired {
		p.Title, p.NoIndex = "A notice that has expired", true
		s.pages.Show(w, r, http.StatusGone, "notice", p)
		return nil
	}
	if index, err := s.LeafAt(r.Context(), n.Position); err == nil {
		p.Leaf = &index
	}
	_, _, err = s.certified(r, n)
	if p.Certified = err == nil; err != nil && !errors.Is(err, view.ErrNotFound) {
		return err
	}
	s.pages.Show(w, r, http.StatusOK, "notice", p)
	return nil
}

// feed is an Atom feed (RFC 4287).
type feed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []feedLink  `xml:"link"`
	Entries []feedEntry `xml:"entry"`
}

type feedLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type feedEntry struct {
	Title   string   `xml:"title"`
	ID      string   `xml:"id"`
	Updated string   `xml:"updated"`
	Link    feedLink `xml:"link"`
	Summary string   `xml:"summary"`
	Content string   `xml:"content"`
}

const feedLength = 50

func (s *Site) atom(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	all, err := s.Register.Notices(r.Context(), "", "", c.Now, feedLength)
	if err != nil {
		return err
	}
	b, err := s.Register.Body(r.Context())
	if err != nil {
		return err
	}
	f := feed{
		Title: "Notices of " + c.BodyName, ID: s.Origin + "/notices", Updated: b.Opened.Format(time.RFC3339), Author: c.BodyName,
		Links: []feedLink{{"self", s.Origin + "/notices.atom"}, {"", s.Origin + "/notices"}},
	}
	for i, n := range all {
		if i == 0 {
			f.Updated = n.Published.Format(time.RFC3339)
		}
		address := s.Origin + "/notices/" + n.ID
		f.Entries = append(f.Entries, feedEntry{
			Title: clean(ui.Isolated(n.Title)), ID: address, Updated: n.Published.Format(time.RFC3339), Link: feedLink{"", address},
			Summary: clean(ui.Isolated(n.Name) + " (" + n.Member + ")"), Content: clean(n.Text),
		})
	}
	text, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(append([]byte(xml.Header), text...)) // the reader may have gone
	return nil
}

// clean leaves out what XML 1.0 cannot hold; the marshaller would turn it into a replacement character.
func clean(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if r == '\t' || r == '\n' || r >= ' ' {
			out = append(out, r)
		}
	}
	return string(out)
}
