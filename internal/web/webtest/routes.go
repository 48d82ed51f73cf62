package webtest

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"shingle/internal/gate"
)

// Routes returns the patterns of a mux, in order. It reads them where package net/http keeps them for finding
// conflicts; the test fails if they are there no more.
func Routes(t testing.TB, mux *http.ServeMux) []string {
	t.Helper()
	index := reflect.ValueOf(mux).Elem().FieldByName("index")
	all := map[string]bool{}
	note := func(patterns reflect.Value) {
		for i := range patterns.Len() {
			all[patterns.Index(i).Elem().FieldByName("str").String()] = true
		}
	}
	note(index.FieldByName("multis"))
	for each := index.FieldByName("segments").MapRange(); each.Next(); {
		note(each.Value())
	}
	if len(all) == 0 {
		t.Fatal("the mux has no routes, or they are kept elsewhere now")
	}
	return slices.Sorted(maps.Keys(all))
}

// Listed fails the test for every route that stands in no line of the gate's table and is none of others. What is
// routed by path alone is either everybody's page or says, beside a route with a method, that there is no other.
func Listed(t testing.TB, mux *http.ServeMux, others ...string) {
	t.Helper()
	table := map[string]bool{}
	for _, g := range gate.Grants() {
		table[g.Act] = true
	}
	routes := Routes(t, mux)
	for _, route := range routes {
		listed := table[route] || slices.Contains(others, route)
		if !strings.Contains(route, " ") {
			listed = listed || table["GET "+route] || slices.ContainsFunc(routes, func(r string) bool { return strings.HasSuffix(r, " "+route) })
		}
		if !listed {
			t.Errorf("%s stands in no line of grants.csv", route)
		}
	}
}
