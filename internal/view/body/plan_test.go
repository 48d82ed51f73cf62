package body

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

// large returns a register of n invented members, one in a hundred of them lapsed, without a record.
func large(t testing.TB, n int) (Register, time.Time) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "register.db")+"?_pragma=synchronous(OFF)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	text, err := fs.ReadFile(Migrations, "sqlite/0001_register.sql")
	if err != nil {
		t.Fatal(err)
	}
	up, _, _ := strings.Cut(string(text), "-- +goose Down")
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for _, q := range []string{
		up,
		`CREATE TEMP TABLE n AS WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ?) SELECT i, printf('%06d', i) AS number,
			printf('word%05d company %06d', i * 7919 % 10007, i) AS name, printf('place%03d', i % 500) AS place, iif(i % 100, 'good', 'lapsed') AS status FROM c`,
		`INSERT INTO member SELECT number, name, name, '[]', '[]', '[]', '', place, 'land', i, '', '', 0, '', '', status, '', 1, 1, i FROM n`,
		`INSERT INTO member_word SELECT 'company', number FROM n UNION ALL SELECT substr(name, 1, 9), number FROM n UNION ALL SELECT number, number FROM n`,
		`INSERT INTO member_facet SELECT 'place', place, name, number FROM n UNION ALL SELECT 'country', 'land', name, number FROM n
			UNION ALL SELECT 'service', 'cloud', name, number FROM n WHERE i % 3 = 0 UNION ALL SELECT 'status', status, name, number FROM n`,
		`INSERT INTO facet SELECT kind, value, value, count(*) FROM member_facet GROUP BY 1, 2`,
		`INSERT INTO standing_span SELECT number, 1, 9000000000000000000, status, '' FROM n`,
		`INSERT INTO standing_due SELECT number, 9000000000000000000, 1 FROM n`,
		`INSERT INTO body VALUES (1, 'Body', '', 'UTC', 'body.example', 1, 1, '', 1, ?)`,
	} {
		var args []any
		if strings.Contains(q, "?") {
			args = []any{n}
		}
		if _, err := db.Exec(q, args...); err != nil {
			t.Fatalf("%v\n%s", err, q)
		}
		if q == up {
			db.SetMaxOpenConns(1)
		}
	}
	return Register{db}, at
}

var searches = map[string]Query{
	"all by name":          {},
	"all by number":        {Sort: "number"},
	"newest":               {Sort: "newest"},
	"a common word":        {Q: "comp"},
	"a rare word":          {Q: "word00042"},
	"a number":             {Q: "050000"},
	"a place":              {Place: "place042"},
	"a country":            {Place: "land"},
	"a common status":      {Status: "good"},
	"a rare status":        {Status: "lapsed"},
	"status, newest":       {Status: "good", Sort: "newest"},
	"service and country":  {Service: "cloud", Place: "land"},
	"word, place, service": {Q: "company", Place: "place042", Service: "cloud"},
}

func TestSearchNeverReadsTheWholeRegister(t *testing.T) {
	r, at := large(t, 20_000)
	for what, q := range searches {
		q.At = at
		if q.Sort == "" {
			q.Sort = "name"
		}
		p, err := r.plan(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		query, args, err := p.page("", 51)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := r.DB.Query("EXPLAIN QUERY PLAN "+query, args...)
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
		gathers := strings.Contains(p.from, "DISTINCT")
		// Walking along an index stops after a page; sorting would read everything first.
		sorts := strings.Contains(all, "USE TEMP B-TREE FOR ORDER BY")
		scans := strings.Contains(all, "SCAN m") && !strings.Contains(all, "SCAN m USING INDEX") && q.Sort != "number"
		if sorts && !gathers || scans {
			t.Errorf("%s reads the whole register: %s", what, all)
		}
	}
}

func TestSearchFindsTheSameOnEveryWay(t *testing.T) {
	r, at := large(t, 20_000)
	for what, c := range map[string]struct {
		q    Query
		want int64
	}{
		"place":                {Query{Place: "place042"}, 40},
		"lapsed":               {Query{Status: "lapsed"}, 200},
		"lapsed in a place":    {Query{Status: "lapsed", Place: "place100"}, 40},
		"a word and a service": {Query{Q: "company", Service: "cloud", Place: "place042"}, 14},
		"number":               {Query{Q: "000123"}, 1},
	} {
		c.q.At = at
		list, err := r.Search(t.Context(), c.q)
		if err != nil || list.Total != c.want {
			t.Errorf("%s: %d, %v; want %d", what, list.Total, err, c.want)
		}
	}
	if list, err := r.Search(t.Context(), Query{Q: "comp", At: at}); err != nil || !list.Capped || list.Total != countCap {
		t.Errorf("a common word: %d, capped %v, %v", list.Total, list.Capped, err)
	}
}

func BenchmarkSearch(b *testing.B) {
	r, at := large(b, 100_000)
	for what, q := range searches {
		q.At = at
		b.Run(strings.ReplaceAll(what, " ", "-"), func(b *testing.B) {
			for b.Loop() {
				if _, err := r.Search(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
