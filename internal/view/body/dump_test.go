package body_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"shingle/internal/web/webtest"
)

// dump returns every row of the register.
func dump(t *testing.T, b *webtest.Body) string {
	t.Helper()
	var out strings.Builder
	for _, table := range []string{"body", "code_version", "member", "member_contact", "member_domain", "member_name", "member_word",
		"member_facet", "facet", "standing_span", "standing_due", "notice", "person", "person_role", "duty", "waiting", "application", "member_order"} {
		rows, err := b.Register.DB.Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := rows.Columns()
		var lines []string
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			line := table
			for i := range values {
				line += fmt.Sprintf(" %s=%v", columns[i], *values[i].(*any))
			}
			if !strings.Contains(line, " n=0") { // a facet that nobody has any more may stay
				lines = append(lines, line)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		slices.Sort(lines)
		out.WriteString(strings.Join(lines, "\n") + "\n")
	}
	return out.String()
}
