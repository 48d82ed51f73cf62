package body

import (
	"context"
	"slices"
	"strings"

	"shingle/internal/body/standing"
)

// Facet is one value that a list can be narrowed by, and how many members have it.
type Facet struct {
	Value string // for a query
	Label string // for a reader
	N     int64
}

// Facets is what the register can be narrowed by.
type Facets struct {
	Places    []Facet // by label
	Countries []Facet // by label
	Services  []Facet // by label
	Statuses  []Facet // from best to gravest; as last stated in the public log
	Versions  []Facet // the texts that members signed last; [NoVersion] for none
}

// maxFacets bounds how many values of a kind are offered: the most frequent ones.
const maxFacets = 100

// Facets returns what the register can be narrowed by: per kind the most frequent values.
func (r Register) Facets(ctx context.Context) (Facets, error) {
	var f Facets
	for kind, to := range map[string]*[]Facet{"place": &f.Places, "country": &f.Countries, "service": &f.Services, "status": &f.Statuses, "version": &f.Versions} {
		rows, err := r.DB.QueryContext(ctx, `SELECT value, label, n FROM facet WHERE kind = $1 AND n > 0 ORDER BY n DESC, value LIMIT $2`, kind, maxFacets)
		if err != nil {
			return Facets{}, err
		}
		for rows.Next() {
			var v Facet
			if err := rows.Scan(&v.Value, &v.Label, &v.N); err != nil {
				rows.Close()
				return Facets{}, err
			}
			*to = append(*to, v)
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return Facets{}, err
		}
		slices.SortFunc(*to, func(a, b Facet) int { return strings.Compare(sortKey(a.Label), sortKey(b.Label)) })
	}
	slices.SortFunc(f.Statuses, func(a, b Facet) int {
		return slices.Index(standing.Statuses, standing.Status(a.Value)) - slices.Index(standing.Statuses, standing.Status(b.Value))
	})
	return f, nil
}

// Counts returns how many members there are of each public status, as last stated in the public log.
func (r Register) Counts(ctx context.Context) (map[standing.Status]int64, error) {
	f, err := r.Facets(ctx)
	counts := map[standing.Status]int64{}
	for _, s := range f.Statuses {
		counts[standing.Status(s.Value)] = s.N
	}
	return counts, err
}
