package code

import (
	"cmp"
	"slices"
)

// Redline says what a version changes in another.
type Redline struct {
	From, To     string // labels
	Requirements []RequirementChange
	Provisions   []ProvisionChange // in the order of To, what was removed where it stood
}

// RequirementChange is one key of the front matter before and after.
type RequirementChange struct {
	Key           string // e.g. "procedure.answer", "transition"
	Before, After string // as a code file writes them
}

// unsaid stands for the value of a key that goes without saying.
const unsaid = "left out"

// Changed reports whether the key changed at all.
func (c RequirementChange) Changed() bool { return c.Before != c.After }

// Kind says what became of a provision.
type Kind string

// What can become of a provision. A provision may have moved besides.
const (
	Unchanged Kind = "unchanged"
	Changed   Kind = "changed"
	Added     Kind = "added"
	Removed   Kind = "removed"
)

// ProvisionChange is what became of one provision, its subordinates aside: they have their own.
type ProvisionChange struct {
	ID     string // "" is the preamble
	Level  int
	Kind   Kind
	Moved  bool      // it stands under another provision, or in another order than before
	Before Provision // zero if it was added
	After  Provision // zero if it was removed
	Name   []Run     // number and heading
	Text   []Run
}

// Diff returns what b changes in a, provision by provision and key by key. A provision is the same one
// as long as it keeps its id. Texts are compared word by word; how they are wrapped is no difference.
func Diff(a, b *Version) Redline {
	r := Redline{From: a.Label, To: b.Label}
	after := map[string]string{}
	for key, value := range b.front() {
		after[key] = value
	}
	for key, value := range a.front() {
		r.Requirements = append(r.Requirements, RequirementChange{key, value, cmp.Or(after[key], unsaid)})
		delete(after, key)
	}
	for key, value := range b.front() {
		if _, added := after[key]; added {
			r.Requirements = append(r.Requirements, RequirementChange{key, unsaid, value})
		}
	}

	pa, pb := a.placed(), b.placed()
	moved := moves(pa, pb)
	old := map[string]placed{}
	for _, p := range pa {
		old[p.ID] = p
	}
	kept := map[string]bool{}
	for _, p := range pb {
		kept[p.ID] = true
		before, was := old[p.ID]
		if !was {
			r.Provisions = append(r.Provisions, change(Provision{}, p.Provision, Added))
			continue
		}
		c := change(before.Provision, p.Provision, Unchanged)
		c.Moved = moved[p.ID]
		r.Provisions = append(r.Provisions, c)
	}
	for i, p := range pa {
		if !kept[p.ID] {
			at := 0
			if i > 0 {
				at = 1 + slices.IndexFunc(r.Provisions, func(c ProvisionChange) bool { return c.ID == pa[i-1].ID })
			}
			r.Provisions = slices.Insert(r.Provisions, at, change(p.Provision, Provision{}, Removed))
		}
	}
	if a.Preamble == "" && b.Preamble == "" {
		r.Provisions = r.Provisions[1:]
	}
	return r
}

func change(before, after Provision, kind Kind) ProvisionChange {
	c := ProvisionChange{
		ID: after.ID, Level: after.Level, Kind: kind, Before: before, After: after,
		Name: compare(before.Name(), after.Name()), Text: compare(before.Text, after.Text),
	}
	if kind == Removed {
		c.ID, c.Level = before.ID, before.Level
	}
	edit := func(r Run) bool { return r.Op != Same }
	if kind == Unchanged && (slices.ContainsFunc(c.Name, edit) || slices.ContainsFunc(c.Text, edit)) {
		c.Kind = Changed
	}
	return c
}

// front yields what stands in the front matter, but for the label.
func (v *Version) front() func(yield func(string, string) bool) {
	return func(yield func(string, string) bool) {
		if !yield("title", v.Title) || !yield("effective", v.Effective.String()) || !yield("transition", v.Transition.String()) {
			return
		}
		for key, value := range v.Requirements.All() {
			if !yield(key, value) {
				return
			}
		}
	}
}

// placed is a provision with the id of the one it stands under.
type placed struct {
	Provision
	under string
}

// placed returns the preamble and all provisions in reading order.
func (v *Version) placed() []placed {
	all := []placed{{Provision: Provision{Text: v.Preamble}}}
	var add func(ps []Provision, under string)
	add = func(ps []Provision, under string) {
		for _, p := range ps {
			all = append(all, placed{p, under})
			add(p.Within, p.ID)
		}
	}
	add(v.Provisions, "")
	return all
}

// moves returns the ids that both have, but under another provision or in another order among those
// that stayed under the same one.
func moves(a, b []placed) map[string]bool {
	under := map[string]string{}
	for _, p := range a {
		under[p.ID] = p.under
	}
	moved, stayed := map[string]bool{}, map[string]bool{}
	order := map[string][]string{}
	for _, p := range b {
		was, ok := under[p.ID]
		switch {
		case ok && was != p.under:
			moved[p.ID] = true
		case ok:
			stayed[p.ID] = true
			order[p.under] = append(order[p.under], p.ID)
		}
	}
	oldOrder := map[string][]string{}
	for _, p := range a {
		if stayed[p.ID] {
			oldOrder[p.under] = append(oldOrder[p.under], p.ID)
		}
	}
	for parent, ids := range order {
		for _, h := range hunks(oldOrder[parent], ids) {
			for _, id := range ids[h.b0:h.b1] {
				moved[id] = true
			}
		}
	}
	return moved
}
