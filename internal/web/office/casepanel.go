package office

import (
	"slices"
	"strconv"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/web/ui"
)

// panelPage is the form on which a panel is named, with everybody in the pool and their conflicts.
type panelPage struct {
	ui.FormPage
	Pool            []seatChoice
	Size, StandBy   int
	Lay             int
	Sitting         int // who sits already
	NoPool, Filling bool
}

// seatChoice is somebody in the pool, and what they could be on the panel.
type seatChoice struct {
	pooled
	Chosen   string
	Conflict *act.Refusal
	On       bool // they are on it
}

// Offers are the seats there are.
func (seatChoice) Offers() []act.Choice {
	return []act.Choice{{Value: "", Label: "Not on it"}, {Value: presides, Label: "Presides"}, {Value: sits, Label: "Sits"}, {Value: standsBy, Label: "Stands by"}}
}

func panelPageOf(f ui.FormPage, pool []pooled, k cases.Case, size, standBy, lay int) panelPage {
	p := panelPage{FormPage: f, Size: size, StandBy: standBy, Lay: lay, Sitting: len(k.Panel.Sitting()), Filling: f.Form.Kind == "case.fill-seats"}
	panelists, alternates := linesOf(f.Form, "panelists"), linesOf(f.Form, "alternates")
	for _, one := range pool {
		row := seatChoice{pooled: one, Conflict: one.conflict}
		row.On = slices.ContainsFunc(k.Panel.Seats, func(s cases.Seat) bool { return s.Person == one.Number })
		switch at := slices.Index(panelists, one.Number); {
		case at == 0 && !p.Filling:
			row.Chosen = presides
		case at >= 0:
			row.Chosen = sits
		case slices.Contains(alternates, one.Number):
			row.Chosen = standsBy
		}
		p.Pool = append(p.Pool, row)
	}
	// who may sit first, the public before the trade
	slices.SortStableFunc(p.Pool, func(a, b seatChoice) int { return a.order() - b.order() })
	p.NoPool = len(p.Pool) == 0
	return p
}

func (s seatChoice) order() int {
	switch {
	case s.On:
		return 0
	case s.Conflict != nil:
		return 3
	case s.Side == cases.Public:
		return 1
	}
	return 2
}

// SideWords says where somebody in the pool comes from.
func (p pooled) SideWords() string {
	switch p.Side {
	case cases.Public:
		return "from the public"
	case cases.Trade:
		return "from the trade"
	}
	return "not in the pool"
}

// decidePage is the form on which a decision is written down, charge by charge.
type decidePage struct {
	ui.FormPage
	Charges []finding
	Rest    []ui.FormField
}

// finding is a charge and what was found on it.
type finding struct {
	provided
	Number int
	Chosen string
}

// Field is the name of the finding's field.
func (f finding) Field() string { return findingField + strconv.Itoa(f.Number) }

func decidePageOf(f ui.FormPage, charges []provided) decidePage {
	p := decidePage{FormPage: f}
	typed := linesOf(f.Form, "findings")
	for i, charge := range charges {
		one := finding{provided: charge, Number: i + 1}
		for _, line := range typed {
			if number, word, _ := strings.Cut(line, "="); strings.TrimSpace(number) == strconv.Itoa(i+1) {
				one.Chosen = strings.TrimSpace(word)
			}
		}
		p.Charges = append(p.Charges, one)
	}
	p.Rest = fieldsNamed(f.Form, "sanction", "term", "reasons")
	return p
}

// publishPage is the form on which an outcome is put in force, beside the certificate of procedure.
type publishPage struct {
	ui.FormPage
	Case        cases.Case
	Sanction    string
	IsPublic    bool
	Certificate certificateView
	Findings    []publishedFinding
	Rest        []ui.FormField
}

// publishedFinding is a provision that was violated, and what everybody will read of it.
type publishedFinding struct {
	provided
	Typed string
}

// Field is the name of the sentence's field.
func (f publishedFinding) Field() string { return findingField + f.ID }

func publishPageOf(f ui.FormPage, k cases.Case, certificate certificateView, violated []provided) publishPage {
	p := publishPage{FormPage: f, Case: k, Sanction: measureWords(k.Decision.Sanction), IsPublic: k.Decision.Sanction.IsPublic(), Certificate: certificate}
	typed := linesOf(f.Form, "findings")
	for _, v := range violated {
		one := publishedFinding{provided: v}
		for _, line := range typed {
			if id, text, _ := strings.Cut(line, "="); strings.TrimSpace(id) == v.ID {
				one.Typed = strings.TrimSpace(text)
			}
		}
		p.Findings = append(p.Findings, one)
	}
	if p.IsPublic {
		p.Rest = fieldsNamed(f.Form, "text")
	}
	return p
}
