package body

import (
	"io/fs"
	"strings"
	"testing"
)

// TestWhatIsOwedIsFoundWithoutReadingEverything asks SQLite how it would answer.
func TestWhatIsOwedIsFoundWithoutReadingEverything(t *testing.T) {
	r, _ := large(t, 100)
	text, err := fs.ReadFile(Migrations, "sqlite/0004_duty.sql")
	if err != nil {
		t.Fatal(err)
	}
	up, _, _ := strings.Cut(string(text), "-- +goose Down")
	if _, err := r.DB.Exec(up); err != nil {
		t.Fatal(err)
	}
	for what, query := range map[string]string{
		"a member's duties":   `SELECT * FROM duty WHERE member = '0042' ORDER BY due_at, kind, subject`,
		"duties by time":      `SELECT * FROM duty WHERE due_at >= 1 AND due_at < 9 ORDER BY due_at, member, kind, subject LIMIT 8`,
		"duties after others": `SELECT * FROM duty WHERE due_at >= 1 AND due_at < 9 AND (due_at, member, kind, subject) > (1, '2', '3', '4') ORDER BY due_at, member, kind, subject LIMIT 8`,
		"what waits":          `SELECT * FROM waiting WHERE kind = 'charge' AND until_at > 1 ORDER BY due_at, since_at, subject LIMIT 8`,
		"applications":        `SELECT * FROM application WHERE (applied, number) > (1, '2') ORDER BY applied, number LIMIT 8`,
		"whom to redraw":      `SELECT member FROM standing_due WHERE duties_at <= 1`,
	} {
		rows, err := r.DB.Query("EXPLAIN QUERY PLAN " + query)
		if err != nil {
			t.Fatal(err)
		}
		var steps []string
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				t.Fatal(err)
			}
			steps = append(steps, step)
		}
		_ = rows.Close()
		all := strings.Join(steps, "; ")
		sorts := strings.Contains(all, "TEMP B-TREE") && what != "a member's duties" // these are few
		if strings.Contains(all, "SCAN") || sorts {
			t.Errorf("%s: %s", what, all)
		}
	}
}
