package body

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Notice is a published decision, or the correction of one.
type Notice struct {
	ID         string // e.g. "2026-0001"
	Member     string // number
	Name       string // the member's name when it was published
	Order      string // id, ""
	Class      string // e.g. "expulsion"
	Title      string
	Text       string // plain text; paragraphs are separated by empty lines
	Findings   []Finding
	Provisions []string
	Decided    string // calendar date
	Effective  time.Time
	Appeal     string // state of the appeal, in words
	SHA256     string // hex, of the published text
	Corrects   string // id of the notice that this one corrects, ""
	Published  time.Time
	Expires    time.Time // zero: never
	Position   int64     // in the record

	CorrectedBy string // id of the newest notice that corrects this one, ""
}

// Finding is what was found of a provision, or of several where an older record has one finding for all.
type Finding struct {
	Provision string `json:"provision"`
	Text      string `json:"text"`
}

// jsonFindings scans a JSON list of findings.
type jsonFindings struct{ to *[]Finding }

func (f jsonFindings) Scan(v any) error { return scanJSON(v, f.to) }

func findingsJSON(all []Finding) string {
	if len(all) == 0 {
		return "[]"
	}
	b, _ := json.Marshal(all) // texts always can be
	return string(b)
}

// Expired reports whether the notice's time has passed: its address then only says that there was one.
func (n Notice) Expired(now time.Time) bool { return !n.Expires.IsZero() && !now.Before(n.Expires) }

const noticeColumns = `SELECT n.id, n.member, n.name, n.order_id, n.class, n.title, n.body, n.finding, n.findings, n.provisions, n.decided, n.effective,
	n.appeal, n.sha256, n.corrects, n.published, n.expires, n.position,
	coalesce((SELECT max(c.id) FROM notice c WHERE c.corrects = n.id), '') FROM notice n `

// Notices returns the newest notices that have not expired, newest first; of one member, or of all if
// member is "". before is the id of the last notice of the page before, or "".
func (r Register) Notices(ctx context.Context, member, before string, now time.Time, limit int) ([]Notice, error) {
	query, args := noticeColumns+`WHERE n.expires > $1`, []any{now.UnixMicro()}
	if member != "" {
		args = append(args, member)
		query += ` AND n.member = $2`
	}
	if before != "" {
		if _, err := r.Notice(ctx, before); errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("%w: there is no notice %.40q to go on from", ErrQuery, before)
		} else if err != nil {
			return nil, err
		}
		args = append(args, before)
		p := "$" + string(rune('0'+len(args)))
		query += ` AND (n.published, n.id) < ((SELECT b.published FROM notice b WHERE b.id = ` + p + `), ` + p + `)`
	}
	args = append(args, limit)
	return r.notices(ctx, query+` ORDER BY n.published DESC, n.id DESC LIMIT $`+string(rune('0'+len(args))), args...)
}

// Notice returns one notice, expired or not.
func (r Register) Notice(ctx context.Context, id string) (Notice, error) {
	return r.one(ctx, `WHERE n.id = $1`, id)
}

// NoticeOfOrder returns the notice of an order itself, expired or not; what corrects it is not meant.
func (r Register) NoticeOfOrder(ctx context.Context, member, order string) (Notice, error) {
	return r.one(ctx, `WHERE n.member = $1 AND n.order_id = $2 AND n.corrects = '' ORDER BY n.published LIMIT 1`, member, order)
}

func (r Register) one(ctx context.Context, where string, args ...any) (Notice, error) {
	all, err := r.notices(ctx, noticeColumns+where, args...)
	if err != nil {
		return Notice{}, err
	}
	if len(all) == 0 {
		return Notice{}, ErrNotFound
	}
	return all[0], nil
}

func (r Register) notices(ctx context.Context, query string, args ...any) ([]Notice, error) {
	rows, err := r.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Notice
	for rows.Next() {
		var n Notice
		var forAll string // of a notice that was projected before there was one for each provision
		if err := rows.Scan(&n.ID, &n.Member, &n.Name, &n.Order, &n.Class, &n.Title, &n.Text, &forAll, jsonFindings{&n.Findings}, jsonList{&n.Provisions},
			&n.Decided, instant{&n.Effective}, &n.Appeal, &n.SHA256, &n.Corrects, instant{&n.Published}, instant{&n.Expires}, &n.Position,
			&n.CorrectedBy); err != nil {
			return nil, err
		}
		if len(n.Findings) == 0 && forAll != "" {
			n.Findings = []Finding{{strings.Join(n.Provisions, ", "), forAll}}
		}
		all = append(all, n)
	}
	return all, rows.Err()
}
