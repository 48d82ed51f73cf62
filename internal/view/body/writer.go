package body

import (
	"maps"
	"slices"

	"shingle/internal/record"
)

// writer collects the rows that one transaction adds to the register. What it deletes of a member is
// queued before what it inserts of it, and no row of one member replaces another's but that of a domain,
// whose deletion names the member: so a domain may change hands in one transaction.
type writer struct {
	tx                                           record.Tx
	members, contacts                            *record.Rows
	words, names, domains, facets, counts, spans *record.Rows
	dues, duties                                 *record.Rows
	count                                        map[facetValue]*tally
}

// tally is by how much a facet's count changes, and how the facet is shown.
type tally struct {
	n     int64
	label string
}

func newWriter(tx record.Tx) *writer {
	return &writer{
		tx:      tx,
		members: record.Into(tx, "member", memberColumns, memberUpdate),
		contacts: record.Into(tx, "member_contact", "number, person, name, email",
			" ON CONFLICT (number) DO UPDATE SET person = excluded.person, name = excluded.name, email = excluded.email"),
		words: record.Into(tx, "member_word", "word, member", ""),
		names: record.Into(tx, "member_name", "name_key, member", ""),
		domains: record.Into(tx, "member_domain", "domain, member, proven_at, how",
			" ON CONFLICT (domain) DO UPDATE SET member = excluded.member, proven_at = excluded.proven_at, how = excluded.how"),
		facets: record.Into(tx, "member_facet", "kind, value, sort_key, member", ""),
		counts: record.Into(tx, "facet", "kind, value, label, n", " ON CONFLICT (kind, value) DO UPDATE SET n = facet.n + excluded.n"),
		spans:  record.Into(tx, "standing_span", "member, from_at, until_at, status, kind", ""),
		dues: record.Into(tx, "standing_due", "member, at, epoch, duties_at",
			" ON CONFLICT (member) DO UPDATE SET at = excluded.at, epoch = excluded.epoch, duties_at = excluded.duties_at"),
		duties: record.Into(tx, "duty", "member, kind, subject, rule, from_at, due_at, lapse_at", ""),

		count: map[facetValue]*tally{},
	}
}

func (w *writer) flush() {
	for _, v := range slices.SortedFunc(maps.Keys(w.count), compareFacets) {
		if t := w.count[v]; t.n != 0 {
			w.counts.Add(v.kind, v.value, t.label, t.n)
		}
	}
	for _, r := range []*record.Rows{w.members, w.contacts, w.words, w.names, w.domains, w.facets, w.counts, w.spans, w.dues, w.duties} {
		r.Flush()
	}
}

func (w *writer) tally(v facetValue, label string, n int64) {
	t := w.count[v]
	if t == nil {
		t = &tally{label: label}
		w.count[v] = t
	}
	t.n += n
}

// index queues what turns a member's index rows from what they were into what they are. The zero
// profile is a member that the register did not have.
func (w *writer) index(number string, was, is profile) {
	var oldWords []string
	if was.name != "" {
		oldWords = was.words(number)
	}
	newWords := is.words(number)
	for _, word := range without(oldWords, newWords) {
		w.tx.Exec(`DELETE FROM member_word WHERE word = $1 AND member = $2`, word, number)
	}
	for _, word := range without(newWords, oldWords) {
		w.words.Add(word, number)
	}
	for _, name := range without(was.names(), is.names()) {
		w.tx.Exec(`DELETE FROM member_name WHERE name_key = $1 AND member = $2`, name, number)
	}
	for _, name := range without(is.names(), was.names()) {
		w.names.Add(name, number)
	}
	for _, d := range without(was.domains, is.domains) {
		w.tx.Exec(`DELETE FROM member_domain WHERE domain = $1 AND member = $2`, d.Domain, number)
	}
	for _, d := range without(is.domains, was.domains) {
		w.domains.Add(d.Domain, number, micros(d.ProvenAt), d.How)
	}

	before, now := was.facets(), is.facets()
	oldKey, newKey := sortKey(was.name), sortKey(is.name)
	for _, v := range slices.SortedFunc(maps.Keys(before), compareFacets) {
		if _, ok := now[v]; !ok {
			w.tally(v, "", -1)
			w.tx.Exec(`DELETE FROM member_facet WHERE kind = $1 AND value = $2 AND sort_key = $3 AND member = $4`, v.kind, v.value, oldKey, number)
		}
	}
	if was.name != "" && oldKey != newKey {
		w.tx.Exec(`UPDATE member_facet SET sort_key = $1 WHERE member = $2`, newKey, number)
	}
	for _, v := range slices.SortedFunc(maps.Keys(now), compareFacets) {
		if _, ok := before[v]; !ok {
			w.tally(v, now[v], +1)
			w.facets.Add(v.kind, v.value, newKey, number)
		}
	}
}

// respan queues what turns the old spans of a member into the new ones; equal ones stay untouched.
func (w *writer) respan(member string, old, new []span) {
	kept := map[int64]span{}
	for _, s := range old {
		kept[s.from] = s
	}
	for _, s := range new {
		was, ok := kept[s.from]
		delete(kept, s.from)
		switch {
		case !ok:
			w.spans.Add(member, s.from, s.until, s.status, s.kind)
		case was != s:
			w.tx.Exec(`UPDATE standing_span SET until_at = $1, status = $2, kind = $3 WHERE member = $4 AND from_at = $5`, s.until, s.status, s.kind, member, s.from)
		}
	}
	for from := range kept {
		w.tx.Exec(`DELETE FROM standing_span WHERE member = $1 AND from_at = $2`, member, from)
	}
}

// without returns what is in a and not in b.
func without[T comparable](a, b []T) []T {
	var rest []T
	for _, v := range a {
		if !slices.Contains(b, v) {
			rest = append(rest, v)
		}
	}
	return rest
}
