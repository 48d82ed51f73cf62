package docs

import "strings"

// Rule is a rule as RULES.md tells of it.
type Rule struct {
	ID    string   `json:"id"`
	Says  string   `json:"says"`
	Cites string   `json:"cites"`
	Cure  string   `json:"cure"`
	At    string   `json:"at"`    // file:line
	Tests []string `json:"tests"` // that refuse by it
}

// List returns every rule, in the order of RULES.md.
func List() []Rule {
	rules := []Rule{}
	for line := range strings.Lines(Rules) {
		cells := strings.Split(strings.ReplaceAll(strings.TrimSpace(line), `\|`, "\x00"), "|")
		if len(cells) != 8 { // one before the first bar, one behind the last
			continue
		}
		for i := range cells {
			cells[i] = strings.ReplaceAll(strings.TrimSpace(cells[i]), "\x00", "|")
		}
		if cells[1] == "rule" || strings.Trim(cells[1], "-") == "" {
			continue
		}
		rules = append(rules, Rule{cells[1], cells[2], cells[3], cells[4], cells[5], strings.Split(cells[6], ", ")})
	}
	return rules
}
