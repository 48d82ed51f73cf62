package demo

import (
	"slices"

	"shingle/internal/act"
)

// fate is in what the life of a member departs from the usual. The zero fate is a member that does
// what it owes, sometimes a little late.
type fate struct {
	prompt          bool       // never late with anything
	signatures      signatures // under which texts
	neglectsRenewal bool
	duesEnd         act.Date // dues are paid through this day and no further; no date: they are always paid
	silent          int      // how many quarters, up to the newest one that is overdue, it has not attested
	ending          ending
	when            act.Date // of the ending
}

// signatures says which texts a member signs.
type signatures int

const (
	both signatures = iota
	firstOnly
	none
)

// ending is how a membership ends before now.
type ending int

const (
	stays ending = iota
	withdraws
	merges  // into the member that merger names
	ejected // by order: see cases.go
)

// merger names who remains of two companies that became one.
var merger = map[string]string{"0269": "0251"}

// returning is the member that lapsed and was readmitted.
const returning = "0297"

// fates says whose life takes an unusual course, or an exemplary one. All others stand well in the end.
func fates(c calendar) map[string]fate {
	quarterAgo := c.month(2).AddDays(-1) // dues ran out two to three months ago: the grace is over
	all := map[string]fate{
		model: {},

		// lapsed: dues, the renewal, the new text, no text at all
		"0125": {duesEnd: quarterAgo}, "0142": {duesEnd: quarterAgo}, "0216": {duesEnd: quarterAgo},
		"0063": {signatures: firstOnly, neglectsRenewal: true},
		"0025": {signatures: firstOnly}, "0113": {signatures: firstOnly}, "0185": {signatures: firstOnly}, "0259": {signatures: firstOnly},
		"0008": {signatures: none},

		// lapsed once, and came back
		returning: {duesEnd: c.month(16).AddDays(-1), neglectsRenewal: true},

		// dues in grace, which the member alone is told
		"0015": {duesEnd: c.ago(4)}, "0093": {duesEnd: c.ago(9)}, "0136": {duesEnd: c.ago(12)},
		"0187": {duesEnd: c.ago(17)}, "0288": {duesEnd: c.ago(20)}, "0292": {duesEnd: c.ago(25)},

		// suspended until they attest
		"0048": {silent: 2}, "0058": {silent: 1}, "0156": {silent: 1}, "0272": {silent: 1},

		// newcomers who have not signed yet
		"0327": {signatures: none}, "0329": {signatures: none}, "0330": {signatures: none},

		// left
		"0005": {ending: withdraws, when: c.month(20).AddDays(8)},
		"0127": {ending: withdraws, when: c.month(21).AddDays(6)},
		"0055": {ending: withdraws, when: c.month(15).AddDays(3)},
		"0032": {ending: withdraws, when: c.month(14).AddDays(9)},
		"0129": {ending: withdraws, when: c.month(11).AddDays(20)},
		"0240": {ending: withdraws, when: c.month(9).AddDays(24), signatures: firstOnly},
		"0298": {ending: withdraws, when: c.month(6).AddDays(5)},
		"0269": {ending: merges, when: c.month(7).AddDays(11)},
		"0202": {ending: ejected, when: c.ago(expulsion.confirmed)},
	}
	for _, number := range slices.Concat(Expellable, []string{"0012", "0067", "0105", "0130", "0191"}) {
		all[number] = fate{}
	}
	for number, f := range all { // what is told of them here and in cases.go is all there is to tell
		f.prompt = true
		all[number] = f
	}
	return all
}
