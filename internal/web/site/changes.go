package site

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"shingle/internal/body/standing"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
	"shingle/verify"
)

// said is what the public log says of a member in one leaf.
type said struct {
	verify.Standing
	Leaf int64
}

// eachSaid goes through what the public log said of a member, from the newest statement back, until do says that
// it is enough.
func (s *Site) eachSaid(ctx context.Context, number string, do func(said) (more bool)) error {
	last, err := s.Register.LastStatement(ctx, number)
	if errors.Is(err, view.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	index, err := s.LeafAt(ctx, last.Position)
	if err != nil {
		return err
	}
	for {
		entries, err := s.Log.Entries(ctx, index, index+1)
		if err != nil || len(entries) == 0 {
			return err
		}
		st, err := verify.ParseStatement(entries[0].Body)
		if err != nil {
			return err
		}
		one, ok := st.(verify.Standing)
		if !ok || one.Member != number {
			return fmt.Errorf("site: leaf %d is not about the standing of member %s", index, number)
		}
		if !do(said{one, index}) || one.Prev == nil {
			return nil
		}
		index = *one.Prev
	}
}

// changes serves /register/0042/changes.atom: what the public log says of a member, for whoever would rather
// follow a feed than give an address.
func (s *Site) changes(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	m, err := s.Register.Member(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	var all []said
	err = s.eachSaid(r.Context(), m.Number, func(one said) bool {
		all = append(all, one)
		return len(all) < feedLength
	})
	if err != nil {
		return err
	}
	page := s.Origin + "/register/" + m.Number
	f := feed{
		Title: clean("Standing of " + ui.Isolated(m.Name) + " (" + m.Number + ")"), ID: page, Updated: m.Admitted.Format(time.RFC3339), Author: c.BodyName,
		Links: []feedLink{{"self", page + "/changes.atom"}, {"", page}},
	}
	for i, one := range all {
		at := one.At.Format(time.RFC3339)
		if i == 0 {
			f.Updated = at
		}
		words := ui.WordsFor(standing.Status(one.Status), standing.Kind(one.Kind))
		leaf := s.Origin + "/log/leaf/" + strconv.FormatInt(one.Leaf, 10)
		f.Entries = append(f.Entries, feedEntry{
			Title: clean(ui.Isolated(one.Name) + ": " + words.Short()), ID: leaf, Updated: at, Link: feedLink{"", leaf},
			Summary: "Since " + one.Since.In(c.Zone).Format("2 January 2006, 15:04 MST") + ".",
			Content: clean(ui.Sentence(one.Name, standing.Status(one.Status), standing.Kind(one.Kind), false)),
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
