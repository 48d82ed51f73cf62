package roster

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// Reject is a row that cannot be taken in.
type Reject struct {
	Line   int     `json:"line"`   // of the file, from 1
	Faults []Fault `json:"faults"` // all that is wrong with it
	Cells  Cells   `json:"cells"`  // as they stand in the file
}

// Fault is one thing that is wrong with a row.
type Fault struct {
	Column string `json:"column,omitempty"` // as the file calls it; empty where the row as a whole is at fault
	Rule   string `json:"rule,omitempty"`   // id, where a rule of the register says no
	Reason string `json:"reason"`
}

// Column returns the columns at fault, separated by semicolons.
func (r Reject) Column() string {
	var columns []string
	for _, f := range r.Faults {
		if f.Column != "" && !slices.Contains(columns, f.Column) {
			columns = append(columns, f.Column)
		}
	}
	return strings.Join(columns, "; ")
}

// Reason returns all reasons in one line; where there are several, each behind its column.
func (r Reject) Reason() string {
	reasons := make([]string, len(r.Faults))
	for i, f := range r.Faults {
		reasons[i] = f.Reason
		if f.Column != "" && len(r.Faults) > 1 {
			reasons[i] = f.Column + ": " + f.Reason
		}
	}
	return strings.Join(reasons, "; ")
}

// RejectColumns stand behind the columns of a file of rejects. A file whose header ends in them is taken
// for such a file: what was put into it beside the rows' own cells is taken out again.
var RejectColumns = []string{"line", "column", "reason"}

// unreject takes what a file of rejects adds out of its header, and reports whether it is one.
func unreject(header []string) ([]string, bool) {
	own := len(header) - len(RejectColumns)
	if own < 0 || !slices.Equal(header[own:], RejectColumns) {
		return header, false
	}
	return unescape(header[:own]), true
}

// formula begins what a spreadsheet would take for a formula.
const formula = "=+-@\t\r"

// Escape returns cells as they stand in a file of rejects: an apostrophe keeps a spreadsheet from taking
// one for a formula. Importing that file takes the apostrophe away.
func Escape(cells []string) []string {
	out := slices.Clone(cells)
	for i, c := range out {
		if looksCalculated(c) {
			out[i] = "'" + c
		}
	}
	return out
}

// unescape undoes Escape.
func unescape(cells []string) []string {
	out := slices.Clone(cells)
	for i, c := range out {
		if looksCalculated(c) {
			out[i] = strings.TrimPrefix(c, "'")
		}
	}
	return out
}

// looksCalculated passes over apostrophes, so that a cell that has one of its own keeps it.
func looksCalculated(cell string) bool {
	cell = strings.TrimLeft(cell, "'")
	return cell != "" && strings.IndexByte(formula, cell[0]) >= 0
}

// Cells are cells of a file, byte for byte. In JSON, one that is not UTF-8 is {"base64": "…"}.
type Cells []string

type rawCell struct {
	Bytes []byte `json:"base64"`
}

// MarshalJSON implements [json.Marshaler].
func (c Cells) MarshalJSON() ([]byte, error) {
	list := make([]any, len(c))
	for i, cell := range c {
		if list[i] = cell; !utf8.ValidString(cell) {
			list[i] = rawCell{[]byte(cell)}
		}
	}
	return json.Marshal(list)
}

// UnmarshalJSON implements [json.Unmarshaler].
func (c *Cells) UnmarshalJSON(data []byte) error {
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	*c = make(Cells, len(list))
	for i, item := range list {
		if item[0] == '"' {
			if err := json.Unmarshal(item, &(*c)[i]); err != nil {
				return err
			}
			continue
		}
		var raw rawCell
		if err := json.Unmarshal(item, &raw); err != nil {
			return err
		}
		(*c)[i] = string(raw.Bytes)
	}
	return nil
}
