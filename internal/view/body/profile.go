package body

import (
	"cmp"
	"slices"
	"strings"
)

// profile is what is indexed of a member.
type profile struct {
	name         string
	tradingNames []string
	domains      []ProvenDomain
	services     []string
	place        string
	country      string
	stated       string // status, as last stated
	version      string // of the text last signed, "" for none
}

func (p profile) words(number string) []string {
	texts := append([]string{number, p.name}, p.tradingNames...)
	for _, d := range p.domains {
		texts = append(texts, labels(d.Domain))
	}
	return words(texts...)
}

func (p profile) names() []string {
	keys := []string{sortKey(p.name)}
	for _, n := range p.tradingNames {
		keys = append(keys, sortKey(n))
	}
	slices.Sort(keys)
	return slices.DeleteFunc(slices.Compact(keys), func(k string) bool { return k == "" })
}

// facetValue is one value of a facet, folded.
type facetValue struct{ kind, value string }

// facets returns what the member is found by, and how each is shown.
func (p profile) facets() map[facetValue]string {
	all := map[facetValue]string{}
	add := func(kind, label string) {
		if v := sortKey(label); v != "" {
			all[facetValue{kind, v}] = strings.TrimSpace(label)
		}
	}
	add("place", p.place)
	add("country", p.country)
	for _, s := range p.services {
		add("service", s)
	}
	if p.stated != "" {
		all[facetValue{"status", p.stated}] = p.stated
	}
	if p.name != "" {
		version := cmp.Or(p.version, NoVersion)
		all[facetValue{"version", version}] = version
	}
	return all
}

func compareFacets(a, b facetValue) int {
	return cmp.Or(strings.Compare(a.kind, b.kind), strings.Compare(a.value, b.value))
}
