package body

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"shingle/internal/body/cases"
)

// docketed returns a register of n invented cases about 330 members, a third of them open, each with three terms.
func docketed(t testing.TB, n int) Register {
	t.Helper()
	r, _ := owing(t, 330)
	text, err := fs.ReadFile(Migrations, "sqlite/0006_docket.sql")
	if err != nil {
		t.Fatal(err)
	}
	up, _, _ := strings.Cut(string(text), "-- +goose Down")
	if _, err := r.DB.Exec(up); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		`DROP TABLE n`,
		`CREATE TEMP TABLE n AS WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ?) SELECT i, printf('2026-%06d', i) AS id,
			printf('%06d', i % 330 + 1) AS member, iif(i % 3, 0, 1) AS open FROM c`,
		`INSERT INTO docket SELECT id, iif(open, iif(i % 2, 'lodged', 'investigating'), 'closed'), open, member, 0, iif(i % 9, printf('%04d', i % 11), ''), 1, 0, i, 1 - open, 0,
			9223372036854775807, '', '', '', 0, 9223372036854775807, iif(open, i * 7919 % 1000003, 9223372036854775807), 'screening', '', '', 1, 1 FROM n`,
		`INSERT INTO docket_member SELECT member, id, 0 FROM n`,
		`INSERT INTO docket_term SELECT id, k, 'screening', 1, i, i + 5, iif(open, 0, i + k), 0, 0 FROM n, (SELECT 0 AS k UNION SELECT 1 UNION SELECT 2)`,
	} {
		var args []any
		if strings.Contains(q, "?") {
			args = []any{n}
		}
		if _, err := r.DB.Exec(q, args...); err != nil {
			t.Fatalf("%v\n%s", err, q)
		}
	}
	return r
}

var docketQueries = map[string]DocketQuery{
	"all":                  {},
	"all, newest":          {Sort: DocketNewest},
	"open":                 {Open: true},
	"open, newest":         {Open: true, Sort: DocketNewest},
	"a stage":              {Stage: cases.Investigating},
	"a stage, newest":      {Stage: cases.Closed, Sort: DocketNewest},
	"an open stage":        {Stage: cases.Investigating, Open: true},
	"a manager":            {Manager: "0003"},
	"a manager, open":      {Manager: "0003", Open: true},
	"a manager, newest":    {Manager: "0003", Open: true, Sort: DocketNewest},
	"nobody's":             {Manager: NoManager, Stage: cases.Lodged},
	"a member":             {Member: "000042"},
	"a member, newest":     {Member: "000040", Open: true, Sort: DocketNewest},
	"a member and manager": {Member: "000042", Manager: "0008", Stage: cases.Closed},
}

func TestTheDocketIsNeverReadWhole(t *testing.T) {
	r := docketed(t, 20_000)
	for what, q := range docketQueries {
		page, err := r.Docket(t.Context(), q)
		if err != nil || len(page.Rows) == 0 || len(page.Rows[0].Terms) != 3 {
			t.Fatalf("%s: %d rows, %v", what, len(page.Rows), err)
		}
		_, where, by, args, err := q.conditions()
		if err != nil {
			t.Fatal(err)
		}
		// The page is sorted when it is known which rows stand on it; that is read off an index, or a member's few.
		how := explained(t, r, `SELECT d.id FROM docket d `+where+by+` LIMIT 51`, args...)
		sorts := strings.Contains(how, "TEMP B-TREE") && q.Member == ""
		if sorts || q.Member == "" && !strings.Contains(how, "COVERING INDEX docket_") || q.Member != "" && strings.Contains(how, "SCAN d") {
			t.Errorf("%s reads all: %s", what, how)
		}
		if how := explained(t, r, docketColumns+onPage(where, by, 51), args...); !strings.Contains(how, "SEARCH d USING PRIMARY KEY (id=?)") {
			t.Errorf("%s looks at more than its page: %s", what, how)
		}
	}
	for what, query := range map[string]string{
		"terms that run":    termColumns + `WHERE t.done_at = 0 AND t.due_at >= 5 AND t.due_at < 9 ORDER BY t.due_at, t.id, t.n LIMIT 10`,
		"cases of a person": `SELECT id, part, now FROM docket_part WHERE person = '0007' ORDER BY id, part`,
		"what runs out":     `SELECT id FROM docket WHERE runs_at <= 5 ORDER BY runs_at, id LIMIT 10`,
	} {
		if how := explained(t, r, query); strings.Contains(how, "SCAN") || strings.Contains(how, "TEMP B-TREE") {
			t.Errorf("%s: %s", what, how)
		}
	}
}

func BenchmarkDocket(b *testing.B) {
	r := docketed(b, 100_000)
	for what, q := range docketQueries {
		b.Run(strings.ReplaceAll(what, " ", "-"), func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				if _, err := r.Docket(b.Context(), q); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
		})
	}
}
