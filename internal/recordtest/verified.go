package recordtest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"shingle/internal/record"
)

func tampered(t *testing.T, open Open) {
	f := begin(t, open(t))
	for i := range 3 {
		f.must(Put{Box: "1", Thing: fmt.Sprint(i)})
	}
	for _, column := range []struct{ name, changed string }{
		{"payload", `'{"thing":"pear"}'`},
		{"actor", "'bob'"},
		{"recorded", "recorded + 1"},
		{"subjects", `'["box/1"]'`},
	} {
		alter(t, f.engine, "CREATE TABLE kept AS SELECT * FROM event WHERE position = 3")
		alter(t, f.engine, "UPDATE event SET "+column.name+" = "+column.changed+" WHERE position = 3")
		var at *record.Tampered
		if err := record.Verify(context.Background(), f.engine, f.Catalogue, nil); !errors.As(err, &at) || at.Position != 3 || at.Stream != "box/1" {
			t.Fatalf("%s: %v", column.name, err)
		}
		alter(t, f.engine, "UPDATE event SET "+column.name+" = (SELECT "+column.name+" FROM kept) WHERE position = 3")
		alter(t, f.engine, "DROP TABLE kept")
	}
	f.sound()
}

func missing(t *testing.T, open Open) {
	f := begin(t, open(t))
	for i := range 3 {
		f.must(Put{Box: "1", Thing: fmt.Sprint(i)})
	}
	alter(t, f.engine, "DELETE FROM event WHERE position = 4")
	var at *record.Tampered
	if err := record.Verify(context.Background(), f.engine, f.Catalogue, nil); !errors.As(err, &at) || at.Position != 4 {
		t.Fatal(err)
	}
}

// What events are found by is verified, and mended by a rebuild.
func indexes(t *testing.T, open Open) {
	f := begin(t, open(t))
	f.must(Put{Box: "1", Thing: "apple", Tag: "red"})
	f.must(Put{Box: "2", Thing: "apple", Tag: "blue"})
	f.must(Untag{Box: "2", Tag: "blue"})
	before := f.shown()
	for change, says := range map[string]string{
		"DELETE FROM subject WHERE subject = 'thing/apple' AND position = 3": "position 3",
		"INSERT INTO subject VALUES ('thing/apple', 5)":                      "thing/apple",
		"UPDATE claim SET stream = 'box/2' WHERE name = 'red'":               "red",
		"INSERT INTO claim VALUES ('tag', 'green', 'box/2')":                 "green",
		"DELETE FROM claim WHERE name = 'red'":                               "red",
		"UPDATE subject SET position = 1 WHERE subject = 'ledger/2026-0001'": "ledger/2026-0001",
		"UPDATE series SET last = last + 64 WHERE name = 'ledger/2026-'":     "ledger/2026-",
		"UPDATE series SET last = -1 WHERE name = 'ledger/2026-'":            "ledger/2026-",
		"INSERT INTO series VALUES ('lodger/2026-', 2)":                      "lodger/2026-",
		"UPDATE kind SET name = 'box.put-on' WHERE name = 'box.put-in'":      "box.put-in",
		"INSERT INTO kind VALUES ('box.painted')":                            "box.painted",
	} {
		alter(t, f.engine, change)
		var at *record.Tampered
		if err := record.Verify(context.Background(), f.engine, f.Catalogue, nil); !errors.As(err, &at) || !strings.Contains(err.Error(), says) {
			t.Fatalf("%s: %v", change, err)
		}
		if err := f.Rebuild(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		if got := f.shown(); got != before {
			t.Fatalf("%s: %s\nwas\n%s", change, got, before)
		}
		f.sound()
	}
}

// What a repeated request is answered with is the act that it did, of whoever asked.
func answers(t *testing.T, open Open) {
	f := begin(t, open(t))
	for i, key := range []string{"one", "two"} {
		if _, err := f.Do(context.Background(), record.Request{Command: Put{Box: "1", Thing: fmt.Sprint(i)}, Actor: "ann", Role: "clerk", Key: key, Expect: -1}); err != nil {
			t.Fatal(err)
		}
	}
	f.sound()
	for _, change := range []string{"first = 2", "first = 9", "last = 4", "stream = 'box/2'", "actor = 'bob'", "last = 64"} {
		alter(t, f.engine, "CREATE TABLE kept AS SELECT * FROM request")
		alter(t, f.engine, "UPDATE request SET "+change+" WHERE name = 'one'")
		var at *record.Tampered
		if err := record.Verify(context.Background(), f.engine, f.Catalogue, nil); !errors.As(err, &at) || !strings.Contains(err.Error(), "repeated request") {
			t.Errorf("%s: %v", change, err)
		}
		alter(t, f.engine, "DELETE FROM request")
		alter(t, f.engine, "INSERT INTO request SELECT * FROM kept")
		alter(t, f.engine, "DROP TABLE kept")
	}
	f.sound()
}

// The head says where the record ends, and when that was.
func headChanged(t *testing.T, open Open) {
	f := begin(t, open(t))
	f.must(Put{Box: "1", Thing: "apple"})
	for _, change := range []string{"position = position - 1", "position = position + 1", "recorded = recorded + 1", "recorded = recorded - 1"} {
		alter(t, f.engine, "CREATE TABLE kept AS SELECT * FROM head")
		alter(t, f.engine, "UPDATE head SET "+change)
		var at *record.Tampered
		if err := record.Verify(context.Background(), f.engine, f.Catalogue, nil); !errors.As(err, &at) {
			t.Errorf("%s: %v", change, err)
		}
		alter(t, f.engine, "UPDATE head SET position = (SELECT position FROM kept), recorded = (SELECT recorded FROM kept)")
		alter(t, f.engine, "DROP TABLE kept")
	}
	f.sound()
}

// What is recorded while a record is verified is not held against it.
func verifiedMeanwhile(t *testing.T, open Open) {
	f := begin(t, open(t))
	f.must(Put{Box: "1", Thing: "apple", Tag: "red"})
	grew := 0
	err := record.Verify(context.Background(), f.engine, f.Catalogue, func(int64, int64) {
		grew++
		f.must(Put{Box: "2", Thing: "pear", Tag: "blue"})
		f.must(Untag{Box: "1", Tag: "red"})
	})
	if err != nil || grew == 0 {
		t.Fatalf("after it had grown %d times: %v", grew, err)
	}
	f.sound()
}

// An act that makes nothing takes no number.
func seriesUnused(t *testing.T, open Open) {
	f := begin(t, open(t))
	f.must(Note{"first"})
	f.must(Note{"nothing"})
	f.sound()
	if got := f.must(Note{"second"}).Stream; got != "ledger/2026-0002" {
		t.Errorf("it is %s", got)
	}
	f.sound()
}
