package office

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/record"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// entryRow is an event in a list.
type entryRow struct {
	Position int64
	At       time.Time
	Said     string // what it means, as a sentence
	Kind     string
	Stream   string
	Actor    string
	Name     string // of a person, for those who may see people; "" else, and of one who was forgotten
	Role     string
}

// events is a list of events, as the pages show it.
type events struct {
	Rows []entryRow
	Zone *time.Location
}

func rowOf(e act.Recorded) entryRow {
	return entryRow{Position: e.Position, At: e.At, Said: ui.Happens(e), Kind: e.Kind, Stream: e.Stream, Actor: e.Actor, Role: e.Role}
}

// wantedOf looks for all that concerns a member, the newest first, before a position; 0 for the end.
func wantedOf(number string, before int64) record.Wanted {
	return record.Wanted{Subject: "member/" + number, Before: before}
}

// mayLookAt reports whether somebody may see an event that concerns a member: what is confidential in a case is for
// those who may see orders.
func (o *Office) mayLookAt(who ui.Who, e act.Recorded) bool {
	return !caseStream(e.Stream) || o.sees(who, atOrders)
}

// look reads events that somebody may see. next is the position that the list goes on from, 0 at its end.
func (o *Office) look(ctx context.Context, who ui.Who, w record.Wanted, limit int) (rows []entryRow, next int64, err error) {
	found, err := o.Desk.Counter.Record.Search(ctx, w, limit)
	if err != nil {
		return nil, 0, err
	}
	for _, e := range found.Events {
		if o.mayLookAt(who, e) {
			rows = append(rows, rowOf(e))
		}
	}
	if found.More {
		next = found.Reached
	}
	return rows, next, o.askers(ctx, who, rows)
}

// askers fills in what those are called who asked, for a reader who may see people.
func (o *Office) askers(ctx context.Context, who ui.Who, rows []entryRow) error {
	if !o.sees(who, atMemberPeople) {
		return nil
	}
	called := map[string]string{}
	for i := range rows {
		id, isPerson := strings.CutPrefix(rows[i].Actor, "person/")
		if !isPerson {
			continue
		}
		name, known := called[id]
		if !known {
			p, err := o.Register.Person(ctx, id)
			if err != nil && !errors.Is(err, view.ErrNotFound) {
				return err
			}
			name = p.Name
			called[id] = name
		}
		rows[i].Name = name
	}
	return nil
}

// historyPage is all that the record says of a member.
type historyPage struct {
	ui.Chrome
	Member  membership.Member
	Rows    []entryRow
	NextURL string
	Later   bool
	Cases   bool
}

// historyLines is how many events a page shows.
const historyLines = 50

func (o *Office) history(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	m, err := o.Desk.Member(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	before, problem := position(r, "before")
	if problem != nil {
		return problem
	}
	c.Title = "History of " + ui.Isolated(m.Name)
	p := historyPage{Chrome: c, Member: m, Later: before > 0, Cases: o.sees(who, atOrders)}
	var next int64
	if p.Rows, next, err = o.look(r.Context(), who, wantedOf(m.Number, before), historyLines); err != nil {
		return err
	}
	if next > 0 {
		p.NextURL = memberLink(m.Number) + "/history" + query("before", strconv.FormatInt(next, 10))
	}
	o.Desk.Show(w, r, http.StatusOK, "history", p)
	return nil
}

// position reads a position of the record from the address; 0 where none stands there.
func position(r *http.Request, name string) (int64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, &act.BadField{Field: name, Detail: "is no position of the record: it should be a number from 1 on"}
	}
	return n, nil
}
