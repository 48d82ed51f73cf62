package office

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/governance"
	"shingle/internal/web/ui"
)

// caseAct asks for an act in a case, as one of those who look after it.
func (o *Office) caseAct(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	k, ok, err := o.caseHere(r, who)
	if err != nil {
		return err
	}
	kind := r.PathValue("kind")
	if !ok || sayCase(kind) == "" {
		return o.Desk.NotFound(w, r, c)
	}
	return o.askInCase(w, r, who, c, k, ui.Asking{
		Kind: kind, Title: sayCase(kind), Known: o.knownIn(k, kind), Then: caseLink(k.ID), Back: caseLink(k.ID), Lead: o.leadOf(r, k),
	})
}

// roomAct asks for an act in a case, as somebody who sits in it.
func (o *Office) roomAct(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	k, ok, err := o.roomHere(r, who, c)
	if err != nil {
		return err
	}
	kind := r.PathValue("kind")
	if !ok || sayRoom(kind) == "" {
		return o.Desk.NotFound(w, r, c)
	}
	number, _ := who.Person()
	a := ui.Asking{
		Kind: kind, Title: sayRoom(kind), Known: map[string]string{"case": k.ID, "panelist": number},
		Then: caseLink(k.ID) + "/room", Back: caseLink(k.ID) + "/room", Lead: o.leadOf(r, k),
	}
	switch kind {
	case "case.vote":
		a.Lead += " Nobody reads your vote, and nobody learns how many voted how: only that you did."
	case "case.recuse":
		a.Then = "/office/cases" // the room is not theirs any more
	}
	return o.askInCase(w, r, who, c, k, a)
}

// askInCase asks for an act with what a case offers for its fields, on a page of its own where the form is more than
// a list of fields.
func (o *Office) askInCase(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, k cases.Case, a ui.Asking) error {
	sent, ok := o.Desk.Sent(w, r, c)
	if !ok {
		return nil
	}
	gather(sent)
	t := o.trying(r.Context(), who, k, c)
	var err error
	if a.Offers, err = t.offers(a.Kind); err != nil {
		return err
	}
	switch a.Kind {
	case "case.name-panel", "case.fill-seats":
		pool, err := t.poolOf()
		if err != nil {
			return err
		}
		p := t.procedure()
		a.Around = func(f ui.FormPage) (string, ui.Page) {
			return "panel", panelPageOf(f, pool, k, p.Panel, p.Alternates, p.Lay)
		}
	case "case.decide":
		charges := providedBy(act.StateOf[governance.Code](t.look, "code"), k.Version, k.Charges.Provisions)
		a.Around = func(f ui.FormPage) (string, ui.Page) { return "decide", decidePageOf(f, charges) }
	case "case.publish":
		certificate := o.certificateOf(t, k)
		violated := providedBy(act.StateOf[governance.Code](t.look, "code"), k.Version, k.Decision.Sanction.Provisions)
		a.Around = func(f ui.FormPage) (string, ui.Page) { return "publish", publishPageOf(f, k, certificate, violated) }
	}
	return o.Desk.Ask(w, r, who, c, a)
}

// knownIn are the values that an act has because it is about a case.
func (o *Office) knownIn(k cases.Case, kind string) map[string]string {
	known := map[string]string{"case": k.ID}
	switch kind {
	case "case.split":
		known = map[string]string{"from": k.ID}
	case "case.answer", "case.bar-answer", "case.challenge", "case.appeal":
		known["member"] = k.Member
	}
	return known
}

// leadOf says which case a form is about.
func (o *Office) leadOf(r *http.Request, k cases.Case) string {
	lead := "Case " + k.ID + ", about member " + k.Member
	if known, err := o.Register.Particulars(r.Context(), []string{k.Member}); err == nil && known[k.Member].Name != "" {
		lead += ", " + ui.Isolated(known[k.Member].Name)
	}
	return lead + "."
}

// offers are the values that a case has for the fields of an act.
func (t *trial) offers(kind string) (map[string][]act.Choice, error) {
	all := map[string][]act.Choice{}
	switch kind {
	case "case.assign":
		officers, err := t.Register.Officers(t.ctx, t.now)
		if err != nil {
			return nil, err
		}
		for _, f := range officers {
			if f.Role == "case-manager" {
				all["person"] = append(all["person"], act.Choice{Value: f.ID, Label: named{f.ID, f.Name}.Words()})
			}
		}
	case "case.rule-on-challenge", "case.challenge", "case.recuse", "case.hear":
		if err := t.offerPanelists(kind, all); err != nil {
			return nil, err
		}
	case "case.offer", "case.draft-charges", "case.split":
		all["provisions"] = t.textOf()
	case "case.propose-consent":
		for i, p := range providedBy(act.StateOf[governance.Code](t.look, "code"), t.c.Version, t.c.Charges.Provisions) {
			all["charges"] = append(all["charges"], act.Choice{Value: strconv.Itoa(i + 1), Label: strconv.Itoa(i+1) + ": " + p.Title})
		}
	case "case.extend":
		for _, term := range t.c.Terms {
			if words, ok := termWords[term.Name]; ok && term.Done.IsZero() && term.Name != cases.TermAcknowledge {
				all["term"] = append(all["term"], act.Choice{Value: term.Name, Label: words.what + " (" + words.whose + ")"})
			}
		}
	case "case.appeal":
		all["grounds"] = []act.Choice{{Value: "procedure", Label: "Procedure"}, {Value: "proportionality", Label: "Proportionality"}, {Value: "new-evidence", Label: "New evidence"}}
	case "case.join":
		others, err := t.siblings()
		for _, other := range others {
			if other[0] != something {
				all["into"] = append(all["into"], act.Choice{Value: other[0], Label: "Case " + other[0]})
			}
		}
		return all, err
	case "case.link-order":
		orders, err := t.Register.OrdersOf(t.ctx, t.c.Member)
		for _, order := range orders {
			all["order"] = append(all["order"], act.Choice{Value: order.ID, Label: order.ID + ": " + sanctionWords(order)})
		}
		return all, err
	}
	return all, nil
}

// offerPanelists names those on the panel whom an act can be about.
func (t *trial) offerPanelists(kind string, all map[string][]act.Choice) error {
	field, numbers := "panelist", []string{}
	switch kind {
	case "case.hear":
		field, numbers = "present", t.c.Panel.Sitting()
	case "case.rule-on-challenge":
		numbers = t.c.Panel.Challenged
	default:
		for _, s := range t.c.Panel.Seats {
			numbers = append(numbers, s.Person)
		}
	}
	for _, n := range numbers {
		p, err := t.Register.Person(t.ctx, n)
		if err != nil {
			return err
		}
		all[field] = append(all[field], act.Choice{Value: n, Label: named{n, p.Name}.Words()})
	}
	return nil
}

// textOf are the provisions of the text that bound the respondent.
func (t *trial) textOf() (all []act.Choice) {
	v, ok := act.StateOf[governance.Code](t.look, "code").Version(t.c.Version)
	if !ok {
		return nil
	}
	for p := range v.All() {
		all = append(all, act.Choice{Value: p.ID, Label: p.Name()})
	}
	return all
}

// What a page asks for piece by piece: a finding on each charge or provision, a seat for each person.
const (
	findingField = "finding_"
	seatField    = "seat_"
)

// The seats that a page offers somebody.
const (
	presides = "presides"
	sits     = "sits"
	standsBy = "stands-by"
)

// gather makes the lists of an act of what a page asked for piece by piece.
func gather(sent url.Values) {
	lists := map[string][]string{}
	seated := false
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		value := strings.TrimSpace(sent.Get(name))
		if of, ok := strings.CutPrefix(name, findingField); ok {
			if value != "" {
				lists["findings"] = append(lists["findings"], of+"="+strings.Join(strings.Fields(value), " "))
			}
			delete(sent, name)
		}
		if person, ok := strings.CutPrefix(name, seatField); ok {
			seated = true
			switch value {
			case presides:
				lists["panelists"] = slices.Insert(lists["panelists"], 0, person)
			case sits:
				lists["panelists"] = append(lists["panelists"], person)
			case standsBy:
				lists["alternates"] = append(lists["alternates"], person)
			}
			delete(sent, name)
		}
	}
	for name, list := range lists {
		sent.Set(name, strings.Join(list, "\n")+"\n") // lines, so that no semicolon in a text parts it
	}
	if _, some := lists["panelists"]; seated && !some {
		sent.Del("panelists")
	}
}

// linesOf are the lines of a list as it was typed.
func linesOf(f *ui.Form, field string) (lines []string) {
	for _, one := range f.Fields {
		if one.Name == field {
			for line := range strings.SplitSeq(one.Typed, "\n") {
				if line = strings.TrimSpace(line); line != "" {
					lines = append(lines, line)
				}
			}
		}
	}
	return lines
}

// fieldsNamed are some fields of a form.
func fieldsNamed(f *ui.Form, names ...string) (fields []ui.FormField) {
	for _, one := range f.Fields {
		if slices.Contains(names, one.Name) {
			fields = append(fields, one)
		}
	}
	return fields
}
