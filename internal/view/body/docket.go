package body

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"shingle/internal/body/cases"
)

// CaseRow is a case in the list of cases, for those who may know of it: nothing that was confided in it.
type CaseRow struct {
	ID        string
	Stage     cases.Stage
	Member    string   // number of the respondent
	Name      string   // its name in the register, "" if it is not there
	Members   []string // numbers of all that the case is about: the respondent, and who answers for it by now
	Told      bool     // the respondent knows of the case
	Manager   string   // number of the person who looks after it, ""
	Anonymous bool     // the complainant gave no name
	Held      bool     // its file is held
	Lodged    time.Time
	Over      time.Time // zero until it is final or closed
	Published time.Time // zero until its order is in force
	Kept      time.Time // until when its file is kept; zero while nobody can say
	Outcome   string    // "" until it is over
	Sanction  string    // offered, proposed or decided, ""
	Into      string    // id of the case in which it goes on, ""
	Paused    time.Time // zero while its clocks run
	Due       time.Time // the first day that somebody must keep; zero for none
	Term      string    // which that is
	Awaits    cases.Awaited
	Terms     []CaseTerm // all, those that are over included
}

// Open reports whether something is yet to come of the case.
func (c CaseRow) Open() bool { return c.Stage != cases.Closed && c.Stage != cases.Destroyed }

// Missed counts the terms that the body has missed by a time.
func (c CaseRow) Missed(now time.Time) (n int) {
	for _, t := range c.Terms {
		if t.Missed(now) {
			n++
		}
	}
	return n
}

// DocketQuery narrows and orders the list of cases. The zero query is all, what is due first before the others.
type DocketQuery struct {
	Stage   cases.Stage
	Manager string // number of a person; NoManager for cases that nobody looks after yet
	Member  string // number; also of a member that answers for the respondent
	Open    bool   // only those of which something is yet to come
	Sort    string // DocketByDue or DocketNewest
	After   string // a cursor that was returned before
	Limit   int    // at most 1000; 50 if it is 0
}

// How the list of cases is sorted.
const (
	DocketByDue  = "due"
	DocketNewest = "newest"
)

// NoManager asks for cases that nobody looks after yet.
const NoManager = "-"

// DocketPage is a page of the list of cases.
type DocketPage struct {
	Rows   []CaseRow
	Total  int64 // of all that were asked for, up to a thousand
	Capped bool  // there are more than Total
	Next   string
}

// mostCases bounds a page of cases.
const mostCases = 1000

const docketColumns = `SELECT d.id, d.stage, d.member, coalesce(m.name, ''), d.told, d.manager, d.anonymous, d.held, d.lodged_at, d.over_at, d.published_at,
	d.kept_until, d.outcome, d.sanction, d.into_case, d.paused_at, d.due_at, d.due_term, d.act, d.what, d.since_at, d.act_due
	FROM docket d LEFT JOIN member m ON m.number = d.member `

// Docket returns a page of the list of cases. A cursor or order that is none is [ErrQuery].
func (r Register) Docket(ctx context.Context, q DocketQuery) (page DocketPage, err error) {
	if q.Limit <= 0 {
		q.Limit = 50
	}
	q.Limit = min(q.Limit, mostCases)
	all, where, by, args, err := q.conditions()
	if err != nil {
		return page, err
	}
	count := fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM docket d %s LIMIT %d) AS found`, all, mostCases+1)
	if err := r.DB.QueryRowContext(ctx, count, args[:strings.Count(all, "$")]...).Scan(&page.Total); err != nil {
		return page, err
	}
	if page.Capped = page.Total > mostCases; page.Capped {
		page.Total = mostCases
	}
	rows, err := r.caseRows(ctx, onPage(where, by, q.Limit+1), args...)
	if err != nil {
		return page, err
	}
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		last := rows[q.Limit-1]
		at := untilMicros(last.Due)
		if q.Sort == DocketNewest {
			at = micros(last.Lodged)
		}
		page.Next = base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(at, 10) + "\n" + last.ID))
	}
	page.Rows = rows
	return page, r.fillCases(ctx, page.Rows)
}

// conditions returns which cases a query asks for in all, and on its page, and in which order. The arguments of the
// first are the first of those of the second.
func (q DocketQuery) conditions() (all, page, by string, args []any, err error) {
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where := []string{"1 = 1"}
	if q.Member != "" {
		where = append(where, `d.id IN (SELECT id FROM docket_member WHERE member = `+arg(q.Member)+`)`)
	}
	// Of several columns the one that narrows most is looked up, along an index; the others are looked at (|| and +
	// keep their indexes out of it). A member has so few cases that they are sorted.
	narrowed := q.Member != ""
	if q.Manager != "" {
		manager := strings.TrimPrefix(q.Manager, personActor)
		if manager == NoManager {
			manager = ""
		}
		where = append(where, column("d.manager", narrowed, true)+" = "+arg(manager))
		narrowed = true
	}
	if q.Stage != "" {
		where = append(where, column("d.stage", narrowed, true)+" = "+arg(string(q.Stage)))
		narrowed = true
	}
	if q.Open {
		where = append(where, column("d.open", narrowed, false)+" = 1")
	}
	all = `WHERE ` + strings.Join(where, " AND ")
	key, way, beyond := column("d.due_at", q.Member != "", false), "", ">"
	switch q.Sort {
	case "", DocketByDue:
	case DocketNewest:
		key, way, beyond = column("d.lodged_at", q.Member != "", false), " DESC", "<"
	default:
		return "", "", "", nil, ErrQuery
	}
	if q.After != "" {
		at, id, err := docketPlace(q.After)
		if err != nil {
			return "", "", "", nil, err
		}
		where = append(where, `(`+key+`, d.id) `+beyond+` (`+arg(at)+`, `+arg(id)+`)`)
	}
	return all, `WHERE ` + strings.Join(where, " AND "), ` ORDER BY ` + key + way + `, d.id` + way, args, nil
}

// onPage asks for the rows of a page: the inner query finds out which they are from an index alone.
func onPage(where, by string, limit int) string {
	plain := strings.NewReplacer("d.due_at,", "d.due_at + 0,", "d.lodged_at DESC", "d.lodged_at + 0 DESC").Replace(by)
	return fmt.Sprintf(`WHERE d.id IN (SELECT d.id FROM docket d %s%s LIMIT %d)%s`, where, by, limit, plain)
}

// column returns a column as it stands in a condition; plain keeps databases from walking along its index.
func column(name string, plain, text bool) string {
	switch {
	case plain && text:
		return name + ` || ''`
	case plain:
		return name + ` + 0`
	}
	return name
}

func docketPlace(cursor string) (at int64, id string, err error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	number, id, ok := strings.Cut(string(text), "\n")
	if err != nil || !ok || !utf8.Valid(text) || strings.ContainsRune(string(text), 0) {
		return 0, "", ErrQuery
	}
	if at, err = strconv.ParseInt(number, 10, 64); err != nil {
		return 0, "", ErrQuery
	}
	return at, id, nil
}

// CaseRow returns one case; ErrNotFound if there is none.
func (r Register) CaseRow(ctx context.Context, id string) (CaseRow, error) {
	all, err := r.caseRows(ctx, `WHERE d.id = $1`, id)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err == nil {
		err = r.fillCases(ctx, all)
	}
	if err != nil {
		return CaseRow{}, err
	}
	return all[0], nil
}

// CasesAgainst returns the cases of which a member was told, also as one that answers for another by now; the newest
// first, up to a thousand. What the body keeps to itself is left out: whether the complainant gave a name, who looks
// after the case, what it waits for, the terms in which the body is to act for others, and a measure that was not
// served yet.
func (r Register) CasesAgainst(ctx context.Context, member string) ([]CaseRow, error) {
	all, err := r.caseRows(ctx, fmt.Sprintf(`WHERE d.id IN (SELECT id FROM docket_member WHERE member = $1 AND told = 1) ORDER BY d.lodged_at DESC, d.id DESC LIMIT %d`, mostCases), member)
	if err != nil {
		return nil, err
	}
	if err := r.fillCases(ctx, all); err != nil {
		return nil, err
	}
	for i := range all {
		all[i].asTold()
	}
	return all, nil
}

// respondents are the terms that concern the respondent.
var respondents = []string{cases.TermOffer, cases.TermAnswer, cases.TermReopen, cases.TermChallenge, TermHearing, cases.TermDecision, cases.TermAppeal}

// asTold takes out of a row what its respondent is not told.
func (c *CaseRow) asTold() {
	c.Anonymous, c.Held, c.Manager, c.Awaits, c.Kept = false, false, "", cases.Awaited{}, time.Time{}
	c.Terms = slices.DeleteFunc(c.Terms, func(t CaseTerm) bool { return !slices.Contains(respondents, t.Term) })
	for i := range c.Terms {
		c.Terms[i].Manager = ""
	}
	if !slices.Contains(respondents, c.Term) {
		c.Due, c.Term = time.Time{}, ""
	}
	switch c.Stage {
	case cases.Heard, cases.Decided, cases.AppealDecided:
		c.Sanction = ""
	}
}

func (r Register) caseRows(ctx context.Context, where string, args ...any) (all []CaseRow, err error) {
	rows, err := r.DB.QueryContext(ctx, docketColumns+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c CaseRow
		var told, anonymous, held int64
		if err := rows.Scan(&c.ID, &c.Stage, &c.Member, &c.Name, &told, &c.Manager, &anonymous, &held, instant{&c.Lodged}, instant{&c.Over}, instant{&c.Published},
			instant{&c.Kept}, &c.Outcome, &c.Sanction, &c.Into, instant{&c.Paused}, instant{&c.Due}, &c.Term,
			&c.Awaits.Act, &c.Awaits.What, instant{&c.Awaits.Since}, instant{&c.Awaits.Due}); err != nil {
			return nil, err
		}
		c.Told, c.Anonymous, c.Held = told == 1, anonymous == 1, held == 1
		all = append(all, c)
	}
	return all, rows.Err()
}

// fillCases adds to cases what stands in tables beside: their terms, and the members that they are about.
func (r Register) fillCases(ctx context.Context, all []CaseRow) error {
	at := make(map[string]int, len(all))
	ids := make([]string, len(all))
	for i := range all {
		at[all[i].ID], ids[i] = i, all[i].ID
	}
	return eachChunk(ids, func(chunk []any) error {
		in := ` IN (` + placeholders(1, len(chunk)) + `) `
		terms, err := r.terms(ctx, termColumns+`WHERE t.id`+in+`ORDER BY t.id, t.n`, chunk...)
		if err != nil {
			return err
		}
		for _, t := range terms {
			c := &all[at[t.Case]]
			c.Terms = append(c.Terms, t)
		}
		rows, err := r.DB.QueryContext(ctx, `SELECT id, member FROM docket_member WHERE id`+in+`ORDER BY id, member`, chunk...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id, member string
			if err := rows.Scan(&id, &member); err != nil {
				return err
			}
			c := &all[at[id]]
			c.Members = append(c.Members, member)
		}
		return rows.Err()
	})
}
