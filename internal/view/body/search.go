package body

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"shingle/internal/act"
	"shingle/internal/body/standing"
)

// Query narrows and orders the list of members. Its zero value, with At, asks for all by name.
type Query struct {
	Q       string // beginnings of words of names, trading names, domains; or a number
	Place   string // a place or a country, or the beginning of one
	Service string
	Status  string
	// Version is that of the text last signed, [NoVersion] for members that signed none. Only the office asks.
	Version string
	// Due narrows the list to members that owe something by a time: from DueFrom on, and before DueBefore. Only
	// the office asks. A zero DueBefore does not narrow it.
	DueFrom, DueBefore time.Time
	Sort               string    // "name" (default), "number" or "newest"
	Limit              int       // members per page, default 50, at most 500
	Cursor             string    // Next of the page before
	At                 time.Time // when they stand like that: now
}

// NoVersion stands for no text at all.
const NoVersion = "-"

// ErrQuery says that a list cannot be made as it was asked for.
var ErrQuery = errors.New("this list does not exist")

// List is one page of members.
type List struct {
	Members []Summary
	Total   int64  // of all pages
	Capped  bool   // there are more than Total
	Next    string // cursor of the next page, "" on the last
}

// Summary is a member in a list.
type Summary struct {
	Number       string
	Name         string
	TradingNames []string
	Domains      []string
	Services     []string
	Place        string
	Country      string
	Standing     Standing
}

const (
	defaultLimit = 50
	maxLimit     = 500
	// countCap bounds how far a list of several conditions is counted.
	countCap = 1000
	// gatherCap is up to how many candidates are fetched and sorted; more are walked in order.
	gatherCap = 2000
	// dueCap is the same for duties, which no index has in the order of names.
	dueCap   = 20_000
	maxWords = 6
)

// Search lists members. It reads the list in order along the index of its narrowest condition, or
// gathers the candidates where they are few; it never reads the whole register for a page of one
// condition. Where several common conditions rarely meet, it reads as many members as the rarest of
// them has.
func (r Register) Search(ctx context.Context, q Query) (List, error) {
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	q.Limit = min(q.Limit, maxLimit)
	if q.Sort == "" {
		q.Sort = "name"
	}
	p, err := r.plan(ctx, q)
	if err != nil {
		return List{}, err
	}
	var list List
	if list.Total, list.Capped, err = r.total(ctx, p); err != nil {
		return List{}, err
	}
	query, args, err := p.page(q.Cursor, q.Limit+1)
	if err != nil {
		return List{}, err
	}
	rows, err := r.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return List{}, err
	}
	defer rows.Close()
	var last string
	for rows.Next() {
		if len(list.Members) == q.Limit {
			list.Next = cursorOf(last, list.Members[q.Limit-1].Number)
			break
		}
		var m Summary
		if err := rows.Scan(&m.Number, &m.Name, jsonList{&m.TradingNames}, jsonList{&m.Domains}, jsonList{&m.Services},
			&m.Place, &m.Country, &m.Standing.Status, &m.Standing.Kind, instant{&m.Standing.Since}, &last); err != nil {
			return List{}, err
		}
		list.Members = append(list.Members, m)
	}
	return list, rows.Err()
}

// order is one way to order the list: along an index, number last.
type order struct {
	by    string                              // SQL
	value string                              // the first column as text, for cursors
	after string                              // SQL: strictly after ($%d, $%d)
	read  func(value string) (v any, ok bool) // the first column, from a cursor
}

var orders = map[string]order{
	"name":   {"m.sort_key, m.number", "m.sort_key", "(m.sort_key, m.number) > ($%d, $%d)", readText},
	"number": {"m.number", "m.number", "(m.number, m.number) > ($%d, $%d)", readText},
	"newest": {"m.admitted DESC, m.number DESC", "CAST(m.admitted AS TEXT)", "(m.admitted, m.number) < (CAST($%d AS BIGINT), $%d)", readInteger},
}

func readText(value string) (any, bool) {
	return value, utf8.ValidString(value) && !strings.ContainsRune(value, 0)
}

func readInteger(value string) (any, bool) {
	n, err := strconv.ParseInt(value, 10, 64)
	return n, err == nil
}

// plan is a search put into SQL.
type plan struct {
	from  string   // tables; the one that is walked stands first
	where []string // all must hold
	args  []any
	order order
	total int64 // if it is known beforehand, else negative
}

// condition is one thing asked for: rows d of a table with a column member.
type condition struct {
	table   string // SQL
	holds   string // SQL
	n       int64  // how many members there are, at least up to gatherCap+1
	ordered bool   // within the condition, d is indexed by sort_key
	gather  int64  // up to how many are gathered
}

func (r Register) plan(ctx context.Context, q Query) (*plan, error) {
	p := &plan{from: "member m", total: -1}
	var ok bool
	if p.order, ok = orders[q.Sort]; !ok {
		return nil, fmt.Errorf("%w: it cannot be sorted by %q, only by name, number or newest", ErrQuery, q.Sort)
	}
	if q.Status != "" && !slices.Contains(standing.Statuses, standing.Status(q.Status)) {
		return nil, fmt.Errorf("%w: there is no status %.40q", ErrQuery, q.Status)
	}
	conditions, err := r.conditions(ctx, q, p)
	if err != nil {
		return nil, err
	}
	for i, c := range conditions {
		narrowest := !slices.ContainsFunc(conditions[:i], func(o condition) bool { return o.n <= c.n }) &&
			!slices.ContainsFunc(conditions[i+1:], func(o condition) bool { return o.n < c.n })
		switch {
		case narrowest && c.ordered && q.Sort == "name":
			p.from = c.table + " d CROSS JOIN member m"
			p.where = append(p.where, c.holds, "m.number = d.member")
			p.order.by, p.order.after = "d.sort_key, d.member", "(d.sort_key, d.member) > ($%d, $%d)"
		case narrowest && c.n <= max(c.gather, gatherCap):
			p.from = "(SELECT DISTINCT d.member FROM " + c.table + " d WHERE " + c.holds + ") d CROSS JOIN member m"
			p.where = append(p.where, "m.number = d.member")
		default:
			p.where = append(p.where, "EXISTS (SELECT 1 FROM "+c.table+" d WHERE d.member = m.number AND "+c.holds+")")
		}
	}
	at := p.arg(q.At.UnixMicro())
	p.from += " CROSS JOIN standing_span s"
	p.where = append(p.where, "s.member = m.number", "s.from_at <= "+at, "s.until_at > "+at)
	if q.Status != "" {
		p.where = append(p.where, "s.status = "+p.arg(q.Status))
	}
	if len(conditions) == 0 && q.Status == "" {
		err = r.DB.QueryRowContext(ctx, `SELECT coalesce(sum(members), 0) FROM body`).Scan(&p.total)
	} else if len(conditions) == 1 && conditions[0].ordered && conditions[0].n > countCap {
		p.total = conditions[0].n
	}
	return p, err
}

// conditions returns what q narrows the list by, their arguments bound in p.
func (r Register) conditions(ctx context.Context, q Query, p *plan) (all []condition, err error) {
	for _, w := range queryWords(q.Q) {
		c := condition{table: "member_word", holds: "d.word >= " + p.arg(w) + " AND d.word < " + p.arg(after(w))}
		err := r.DB.QueryRowContext(ctx, fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM member_word WHERE word >= $1 AND word < $2 LIMIT %d) c`, gatherCap+1),
			w, after(w)).Scan(&c.n)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	if q.Q != "" && len(all) == 0 {
		all = append(all, condition{table: "member_word", holds: "1 = 0"})
	}
	if q.Place != "" {
		if err := r.facet(ctx, p, &all, sortKey(q.Place), "place", "country"); err != nil {
			return nil, err
		}
	}
	if q.Service != "" {
		if err := r.facet(ctx, p, &all, sortKey(q.Service), "service"); err != nil {
			return nil, err
		}
	}
	if q.Version != "" {
		if err := r.facet(ctx, p, &all, q.Version, "version"); err != nil {
			return nil, err
		}
	}
	if !q.DueBefore.IsZero() {
		from, before := micros(q.DueFrom), micros(q.DueBefore)
		c := condition{table: "duty", holds: "d.due_at >= " + p.arg(from) + " AND d.due_at < " + p.arg(before), gather: dueCap}
		if c.n, err = r.CountDuties(ctx, q.DueFrom, q.DueBefore, dueCap+1); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	if q.Status != "" {
		// Where time changed somebody's standing and the log has not said so yet, only the spans know.
		unstated, err := r.Due(ctx, q.At, 1)
		if err != nil {
			return nil, err
		}
		if len(unstated) == 0 {
			if err := r.facet(ctx, p, &all, q.Status, "status"); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// facet adds the condition that one of the kinds has a value or, if there is no such value, one that
// begins with it: "denver" is "Denver, Colorado".
func (r Register) facet(ctx context.Context, p *plan, all *[]condition, value string, kinds ...any) error {
	// A name may be a place and a country, as Singapore is: the larger one holds the other.
	var kind string
	var n int64
	of := `kind IN (` + strings.Join([]string{"$1", "$2"}[:len(kinds)], ", ") + `)`
	next := fmt.Sprintf("$%d", len(kinds)+1)
	err := r.DB.QueryRowContext(ctx, `SELECT kind, n FROM facet WHERE `+of+` AND value = `+next+` ORDER BY n DESC LIMIT 1`, append(kinds[:len(kinds):len(kinds)], value)...).
		Scan(&kind, &n)
	if err == nil {
		*all = append(*all, condition{table: "member_facet", n: n, ordered: true,
			holds: "d.kind = " + p.arg(kind) + " AND d.value = " + p.arg(value)})
		return nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	then := fmt.Sprintf("$%d", len(kinds)+2)
	err = r.DB.QueryRowContext(ctx, `SELECT coalesce(sum(n), 0) FROM facet WHERE `+of+` AND value >= `+next+` AND value < `+then,
		append(kinds[:len(kinds):len(kinds)], value, after(value))...).Scan(&n)
	var bound []string
	for _, k := range kinds {
		bound = append(bound, p.arg(k))
	}
	*all = append(*all, condition{table: "member_facet", n: n,
		holds: "d.kind IN (" + strings.Join(bound, ", ") + ") AND d.value >= " + p.arg(value) + " AND d.value < " + p.arg(after(value))})
	return err
}

// queryWords returns the folded words of what somebody typed. The last label of a domain says nothing.
func queryWords(q string) []string {
	var texts []string
	for _, w := range strings.Fields(q) {
		if d := Domain(w); d != "" {
			w = strings.TrimPrefix(labels(d), "www.")
		}
		texts = append(texts, w)
	}
	all := words(texts...)
	return all[:min(len(all), maxWords)]
}

func (p *plan) arg(v any) string {
	p.args = append(p.args, v)
	return fmt.Sprintf("$%d", len(p.args))
}

// page returns the query for up to limit members after the cursor.
func (p *plan) page(cursor string, limit int) (query string, args []any, err error) {
	where, args := p.where, p.args
	if cursor != "" {
		value, number, err := p.order.readCursor(cursor)
		if err != nil {
			return "", nil, err
		}
		args = append(args[:len(args):len(args)], value, number)
		where = append(where[:len(where):len(where)], fmt.Sprintf(p.order.after, len(args)-1, len(args)))
	}
	query = `SELECT m.number, m.name, m.trading_names, m.domains, m.services, m.place, m.country, s.status, s.kind, s.from_at, ` + p.order.value +
		` FROM ` + p.from + ` WHERE ` + strings.Join(where, " AND ") + ` ORDER BY ` + p.order.by + fmt.Sprintf(` LIMIT %d`, limit)
	return query, args, nil
}

// total counts what a plan finds, up to countCap.
func (r Register) total(ctx context.Context, p *plan) (n int64, capped bool, err error) {
	if p.total >= 0 {
		return p.total, false, nil
	}
	query := fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM %s WHERE %s LIMIT %d) c`, p.from, strings.Join(p.where, " AND "), countCap+1)
	err = r.DB.QueryRowContext(ctx, query, p.args...).Scan(&n)
	return min(n, countCap), n > countCap, err
}

func cursorOf(value, number string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(number + "\n" + value))
}

func (o order) readCursor(cursor string) (value any, number string, err error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	number, text, ok := strings.Cut(string(b), "\n")
	if err == nil && ok && act.IsMemberNumber(number) {
		if value, ok = o.read(text); ok {
			return value, number, nil
		}
	}
	return nil, "", fmt.Errorf("%w: begin again without the cursor", ErrQuery)
}
