package app

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/governance"
	"shingle/internal/body/people"
	"shingle/internal/code"
	"shingle/internal/record"
)

// asks asks for an act as somebody in a role, and returns the id of the stream on which it was decided.
func (c *clocked) asks(actor, role string, cmd any) string {
	c.t.Helper()
	done, err := c.Record.Do(context.Background(), record.Request{Command: cmd, Actor: actor, Role: role, Expect: -1})
	c.must(err)
	_, id, _ := strings.Cut(done.Stream, "/")
	return id
}

// complained is a body with a case manager and a case about a member, lodged and screened.
func complained(t *testing.T) (c *clocked, manager, id string) {
	c = newClocked(t)
	c.must(c.enrol("0001", c.in(2000)))
	number := c.asks("operator", "operator", people.InviteOfficer{Role: people.CaseManager, Name: act.NewPersonal("", "Maud"), Email: act.NewPersonal("", "maud@x.example"), Until: c.in(2000)})
	c.asks("system", "system", people.Join{Person: number})
	id = c.asks("anyone", "anyone", cases.Lodge{
		Respondent: "0001", From: c.in(-5), Known: c.in(-4), Anonymous: true, Account: act.NewPrivate("", "what was confided"),
	})
	manager = "person/" + number
	c.asks(manager, people.CaseManager, cases.Assign{Case: id, Person: number})
	return c, manager, id
}

func (c *clocked) stage(id string) cases.Stage {
	c.t.Helper()
	row, err := c.Register.CaseRow(context.Background(), id)
	c.must(err)
	return row.Stage
}

// keysOfCase returns which keys of a case are there.
func (c *clocked) keysOfCase(id string) (owners []string) {
	c.t.Helper()
	gone, err := c.keys.Forgotten(context.Background())
	c.must(err)
	for _, owner := range cases.Owners(id) {
		has, err := c.keys.Has(context.Background(), owner)
		c.must(err)
		if has && !slices.Contains(gone, owner) {
			owners = append(owners, owner)
		}
	}
	return owners
}

const day = 24 * time.Hour

// TestTheClockRunsCasesOut lets time alone end what waits for a party, and then the file.
func TestTheClockRunsCasesOut(t *testing.T) {
	c, manager, id := complained(t)
	c.asks(manager, people.CaseManager, cases.Offer{Case: id, Sanction: cases.Warning, Provisions: []string{"1"}, Reason: act.NewPrivate("", "small")})
	c.pass(10 * day)
	c.tick()
	if s := c.stage(id); s != cases.Offered {
		t.Errorf("after 10 days it is %s", s)
	}
	c.pass(20 * day)
	c.tick()
	if s := c.stage(id); s != cases.Investigating {
		t.Errorf("an offer that nobody answered leaves it %s", s)
	}
	c.asks(manager, people.CaseManager, cases.Settle{Case: id, Terms: act.NewPrivate("", "it pays"), Complainant: true, Respondent: true})
	row, err := c.Register.CaseRow(t.Context(), id)
	c.must(err)
	if row.Stage != cases.Closed || row.Kept.Before(c.now().AddDate(1, 11, 0)) {
		t.Errorf("settled, it is kept until %v", row.Kept)
	}
	chair := c.asks("operator", "operator", people.InviteOfficer{Role: people.Chair, Name: act.NewPersonal("", "Cleo"), Email: act.NewPersonal("", "cleo@x.example"), Until: c.in(2000)})
	c.asks("system", "system", people.Join{Person: chair})
	c.asks("person/"+chair, people.Chair, cases.Hold{Case: id, Reason: "High Court No. 7"})
	c.pass(740 * day)
	c.tick()
	if s := c.stage(id); s != cases.Closed || !slices.Equal(c.keysOfCase(id), []string{"case/" + id}) {
		t.Errorf("a file that is held is %s, and has the keys %v", s, c.keysOfCase(id))
	}
	c.asks("person/"+chair, people.Chair, cases.Release{Case: id, Reason: "it is over"})
	c.tick()
	if s := c.stage(id); s != cases.Destroyed || len(c.keysOfCase(id)) > 0 {
		t.Errorf("after its time it is %s, and has the keys %v", s, c.keysOfCase(id))
	}
	// What was confided never lay in the folder in the clear, in no file and no log of what was written.
	c.must(filepath.WalkDir(c.data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte("what was confided")) {
			t.Errorf("what was confided stands in %s", filepath.Base(path))
		}
		return err
	}))
	if _, err := c.keys.Seal("case/"+id, "more"); err == nil {
		t.Error("something was sealed for a case that is destroyed")
	}
	before, err := c.Record.Time()
	c.must(err)
	c.tick() // and nothing is asked for again
	if asks, err := c.Register.ClockAsks(t.Context(), before.AddDate(50, 0, 0), 100); err != nil || len(asks) > 0 {
		t.Errorf("the clock asks for %v, %v", asks, err)
	}
}

// TestAKeyOfACaseThatOutlivedACrashIsDestroyedAtTheNextStart records that a file is destroyed while nobody listens.
func TestAKeyOfACaseThatOutlivedACrashIsDestroyedAtTheNextStart(t *testing.T) {
	c, manager, id := complained(t)
	c.asks(manager, people.CaseManager, cases.Settle{Case: id, Terms: act.NewPrivate("", "it pays"), Complainant: true, Respondent: true})
	c.pass(740 * day)
	c.Record.Views = slices.DeleteFunc(slices.Clone(c.Record.Views), func(v record.View) bool { return v.Name() == c.oblivion.Name() })
	c.tick()
	if s := c.stage(id); s != cases.Destroyed || len(c.keysOfCase(id)) == 0 {
		t.Fatalf("it is %s, and has the keys %v", s, c.keysOfCase(id))
	}
	c.reopen()
	if keys := c.keysOfCase(id); len(keys) > 0 {
		t.Errorf("after a start there are %v", keys)
	}
}

// TestAnotherCodeMayKeepAFileLonger adopts, while a file waits, a text that keeps it for three years instead of two.
func TestAnotherCodeMayKeepAFileLonger(t *testing.T) {
	c, manager, id := complained(t)
	c.asks(manager, people.CaseManager, cases.Settle{Case: id, Terms: act.NewPrivate("", "it pays"), Complainant: true, Respondent: true})
	text, err := os.ReadFile("../../examples/msp/code.md")
	c.must(err)
	label := strconv.Itoa(c.in(100).Year()) + ".9"
	text, err = code.Redate(bytes.Replace(text, []byte("{limitation: 180d,"), []byte("{retention-dismissed: 3y, limitation: 180d,"), 1), label, c.in(100))
	c.must(err)
	c.must(c.do(t.Context(), governance.Adopt{Text: string(text)}))
	c.pass(740 * day)
	c.tick()
	if s := c.stage(id); s != cases.Closed {
		t.Errorf("after two years it is %s", s)
	}
	row, err := c.Register.CaseRow(t.Context(), id)
	c.must(err)
	if !row.Kept.After(c.now()) {
		t.Errorf("it was asked for in vain, and is to be asked for on %v again", row.Kept)
	}
	c.pass(370 * day)
	c.tick()
	if s := c.stage(id); s != cases.Destroyed {
		t.Errorf("after three years it is %s", s)
	}
}
