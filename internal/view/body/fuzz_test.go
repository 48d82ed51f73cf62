package body_test

import (
	"errors"
	"slices"
	"testing"
	"unicode/utf8"

	"shingle/internal/act"
	view "shingle/internal/view/body"
)

// The host that a text names is written in one form, and that form names itself.
func FuzzDomain(f *testing.F) {
	for _, s := range []string{"acme.example", "https://user@WWW.Acme.example:8080/path?q#f", "bücher.example.", "xn--bcher-kva.example", "a b.example", "..", "１.example", "xn--a.example", "a.example@b.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		host := view.Domain(s)
		if host == "" {
			return
		}
		if !utf8.ValidString(host) || view.Domain(host) != host {
			t.Errorf("%q names %q, which names %q", s, host, view.Domain(host))
		}
	})
}

// Whatever is searched for, the answer is a page of members in order, or that there is no such list.
func FuzzSearch(f *testing.F) {
	b := small(f)
	f.Add("cobalt", "Denver", "cloud", "good", "name", "", 10)
	f.Add("0042", "", "", "", "number", "MDA0Mgo", 1)
	f.Add("ridge réseaux.example", "sing", "", "", "newest", "MDA0MgoxMjM", 500)
	f.Add("%_'\\\"\u2028", "", "\xff", "expelled", "", "!", -1)
	f.Fuzz(func(t *testing.T, q, place, service, status, sort, cursor string, limit int) {
		for _, s := range []string{q, place, service, status, sort, cursor} {
			if !utf8.ValidString(s) || slices.Contains([]byte(s), 0) {
				return // refused before: see ui.Readable
			}
		}
		query := view.Query{Q: q, Place: place, Service: service, Status: status, Sort: sort, Cursor: cursor, Limit: limit, At: b.Now()}
		list, err := b.Register.Search(t.Context(), query)
		if err != nil {
			if !errors.Is(err, view.ErrQuery) {
				t.Errorf("%+v: %v", query, err)
			}
			return
		}
		if len(list.Members) > 3 || int64(len(list.Members)) > list.Total && !list.Capped {
			t.Errorf("%+v: %d of %d", query, len(list.Members), list.Total)
		}
		for _, m := range list.Members {
			if status != "" && string(m.Standing.Status) != status || !act.IsMemberNumber(m.Number) {
				t.Errorf("%+v finds %+v", query, m)
			}
		}
		if list.Next != "" {
			query.Cursor = list.Next
			if _, err := b.Register.Search(t.Context(), query); err != nil {
				t.Errorf("its own cursor %q is refused: %v", list.Next, err)
			}
		}
		if number, err := b.Register.Exactly(t.Context(), q); err == nil && !act.IsMemberNumber(number) || err != nil && !errors.Is(err, view.ErrNotFound) {
			t.Errorf("%q is exactly %q, %v", q, number, err)
		}
	})
}
