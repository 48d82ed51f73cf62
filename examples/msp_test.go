package examples_test

import (
	"encoding/csv"
	"net/mail"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// The columns of a roster file, in the order in which the documentation names them.
const columns = "number,name,trading_names,domains,address,place,country,services,contact_name,contact_email,admitted,subscribed,paid_through,status"

func roster(t *testing.T) []map[string]string {
	t.Helper()
	f, err := os.Open("msp/roster.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	header := rows[0]
	if strings.Join(header, ",") != columns {
		t.Fatalf("the columns are %q", header)
	}
	var members []map[string]string
	for _, row := range rows[1:] {
		member := map[string]string{}
		for i, name := range header {
			member[name] = row[i]
		}
		members = append(members, member)
	}
	return members
}

func TestTheRosterHas330MembersEachOnce(t *testing.T) {
	members := roster(t)
	if len(members) != 330 {
		t.Errorf("the roster has %d members", len(members))
	}
	numbers, names, domains := map[string]bool{}, map[string]bool{}, map[string]bool{}
	once := func(seen map[string]bool, value, of string) {
		if value == "" || seen[strings.ToLower(value)] {
			t.Errorf("member %s: %q is empty or another's too", of, value)
		}
		seen[strings.ToLower(value)] = true
	}
	for _, m := range members {
		once(numbers, m["number"], m["number"])
		once(names, m["name"], m["number"])
		for name := range lists(m["trading_names"]) {
			once(names, name, m["number"])
		}
		for domain := range lists(m["domains"]) {
			once(domains, domain, m["number"])
		}
	}
}

func TestTheRosterNamesNobodyReal(t *testing.T) {
	for _, m := range roster(t) {
		n := 0
		for domain := range lists(m["domains"]) {
			if n++; !strings.HasSuffix(domain, ".example") {
				t.Errorf("member %s: %s could be somebody's", m["number"], domain)
			}
		}
		if n < 1 || n > 2 {
			t.Errorf("member %s has %d domains", m["number"], n)
		}
		address, err := mail.ParseAddress(m["contact_email"])
		if err != nil {
			t.Errorf("member %s: %s: %v", m["number"], m["contact_email"], err)
			continue
		}
		if _, domain, _ := strings.Cut(address.Address, "@"); !slices.Contains(strings.Split(m["domains"], ";"), domain) {
			t.Errorf("member %s: %s is not at a domain of the member", m["number"], address.Address)
		}
	}
}

func TestTheRosterIsComplete(t *testing.T) {
	services := map[string]bool{}
	for _, m := range roster(t) {
		for _, column := range []string{"place", "country", "address", "services", "contact_name", "admitted", "paid_through"} {
			if m[column] == "" {
				t.Errorf("member %s has no %s", m["number"], column)
			}
		}
		for _, column := range []string{"admitted", "subscribed", "paid_through"} {
			if _, err := time.Parse(time.DateOnly, m[column]); err != nil && m[column] != "" {
				t.Errorf("member %s: %s: %v", m["number"], column, err)
			}
		}
		if m["subscribed"] != "" && m["subscribed"] < m["admitted"] {
			t.Errorf("member %s subscribed before it was admitted", m["number"])
		}
		for service := range lists(m["services"]) {
			services[service] = true
		}
		if m["number"] == "0042" && (m["name"] != "Cobalt Ridge IT" || m["domains"] != "cobaltridge.example" || m["place"] != "Denver, Colorado") {
			t.Errorf("member 0042, whom the documentation tells of, is %v", m)
		}
	}
	if len(services) != 14 {
		t.Errorf("the members offer %d services: %v", len(services), services)
	}
}

// lists yields the items of a cell that holds several.
func lists(cell string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for item := range strings.SplitSeq(cell, ";") {
			if item != "" && !yield(item) {
				return
			}
		}
	}
}
