package body

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"shingle/internal/body/standing"
)

// owing returns a register of n invented members, half of whom signed a text, with duties: those of one in a hundred
// are overdue.
func owing(t testing.TB, n int) (Register, time.Time) {
	t.Helper()
	r, at := large(t, n)
	if _, err := r.DB.Exec(`UPDATE member SET code_version = '2026.1' WHERE admitted % 2 = 0`); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"0004_duty.sql", "0005_office.sql"} {
		text, err := fs.ReadFile(Migrations, "sqlite/"+file)
		if err != nil {
			t.Fatal(err)
		}
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		if _, err := r.DB.Exec(up); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range []string{
		fmt.Sprintf(`INSERT INTO duty SELECT number, 'dues', '', '', 0, %d + iif(admitted %% 100, 1, -1) * 86400000000 * (1 + admitted %% 300), 0 FROM member`, at.UnixMicro()),
		`INSERT INTO member_order SELECT '2026-' || number, number, 'warning', iif(admitted % 7, 'in-force', 'ended'), 0, 0, 0, '[]', 1, 1, 9000000000000000000 FROM member`,
	} {
		if _, err := r.DB.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	return r, at
}

// explained returns how SQLite would answer.
func explained(t *testing.T, r Register, query string, args ...any) string {
	t.Helper()
	rows, err := r.DB.Query("EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	return strings.Join(steps, "; ")
}

func TestTheOfficesListsNeverReadTheWholeRegister(t *testing.T) {
	r, at := owing(t, 20_000)
	for what, c := range map[string]struct {
		q    Query
		want int64
	}{
		"signed":               {Query{Version: "2026.1"}, 10_000},
		"signed nothing":       {Query{Version: NoVersion}, 10_000},
		"overdue":              {Query{DueBefore: at}, 200},
		"overdue and unsigned": {Query{DueBefore: at, Version: NoVersion}, 0},
		"due in a place":       {Query{DueFrom: at, DueBefore: at.AddDate(1, 0, 0), Place: "place042"}, 40},
		"overdue by number":    {Query{DueBefore: at, Sort: "number"}, 200},
	} {
		c.q.At = at
		list, err := r.Search(t.Context(), c.q)
		if err != nil || list.Total != c.want {
			t.Errorf("%s: %d, %v; want %d", what, list.Total, err, c.want)
		}
		if c.q.Sort == "" {
			c.q.Sort = "name"
		}
		p, err := r.plan(t.Context(), c.q)
		if err != nil {
			t.Fatal(err)
		}
		query, args, err := p.page("", 51)
		if err != nil {
			t.Fatal(err)
		}
		how := explained(t, r, query, args...)
		sorts := strings.Contains(how, "USE TEMP B-TREE FOR ORDER BY") && !strings.Contains(p.from, "DISTINCT")
		if sorts || strings.Contains(how, "SCAN m") && !strings.Contains(how, "SCAN m USING INDEX") || strings.Contains(how, "SCAN d") && !strings.Contains(p.from, "DISTINCT") {
			t.Errorf("%s reads the whole register: %s", what, how)
		}
	}
	for what, query := range map[string]string{
		"duties of a kind":   `SELECT * FROM duty WHERE kind = 'dues' AND due_at >= 1 AND due_at < 9 ORDER BY due_at, member, subject LIMIT 8`,
		"orders of a stage":  orderColumns + `WHERE stage = 'in-force' AND (until_at, id) > (1, '2') ORDER BY until_at, id LIMIT 8`,
		"orders of a member": orderColumns + `WHERE member = '0042' ORDER BY id LIMIT 1000`,
	} {
		if how := explained(t, r, query); strings.Contains(how, "SCAN") || strings.Contains(how, "TEMP B-TREE") {
			t.Errorf("%s: %s", what, how)
		}
	}
}

func TestDutiesOfAKindAndTheirNumber(t *testing.T) {
	r, at := owing(t, 2000)
	n, err := r.CountDuties(t.Context(), time.Time{}, at, 1000, standing.DutyDues)
	if err != nil || n != 20 {
		t.Errorf("%d are overdue, %v", n, err)
	}
	if n, err := r.CountDuties(t.Context(), time.Time{}, at, 7, standing.DutyDues); err != nil || n != 7 {
		t.Errorf("counted to 7: %d, %v", n, err)
	}
	if n, err := r.CountDuties(t.Context(), time.Time{}, at, 1000, standing.DutyRenewal); err != nil || n != 0 {
		t.Errorf("renewals: %d, %v", n, err)
	}
	owed, err := r.DutiesOf(t.Context(), []standing.DutyKind{standing.DutyRenewal, standing.DutyDues}, time.Time{}, at, 5)
	if err != nil || len(owed) != 5 {
		t.Fatal(len(owed), err)
	}
	for i := range owed[1:] {
		if owed[i+1].Due.Before(owed[i].Due) {
			t.Errorf("%v stands before %v", owed[i].Due, owed[i+1].Due)
		}
	}
	var all []string
	for cursor := ""; ; {
		page, next, err := r.OrdersAt(t.Context(), "in-force", at, 500, cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page {
			all = append(all, o.ID)
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	if len(all) != 2000-2000/7 {
		t.Errorf("%d orders are in force", len(all))
	}
	for _, bad := range []string{"!", "AAAA", "eA"} {
		if _, _, err := r.OrdersAt(t.Context(), "in-force", at, 5, bad); err == nil {
			t.Errorf("the cursor %q is taken", bad)
		}
	}
}
