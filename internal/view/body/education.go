package body

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/code"
)

// Course is a course of the catalogue, or one that waits to be in it.
type Course struct {
	Number       string
	Title        string
	Provider     string // number; "" for the body's own
	ProviderName string // "" for the body's own
	Topics       []string
	Delivery     string
	Kind         string
	Minutes      int
	Credits      code.Amount // 0 if they follow from the minutes
	Stage        education.Stage
	From, Until  act.Date // in which completions count; no Until is no end

	key string
}

// CourseQuery narrows the list of courses; its zero value, with On, asks for all that count on a day.
type CourseQuery struct {
	Q      string // beginnings of words of the title, or a number
	Topic  string // or a part of it
	On     act.Date
	All    bool // also those that do not count then, or wait
	Limit  int  // default 50, at most 500
	Cursor string
}

// Courses lists courses by title. next is the cursor of the next page, "" on the last; a cursor that is none is
// [ErrQuery]. Catalogues are small: a list that is narrowed by words or a topic is read until the page is full.
func (r Register) Courses(ctx context.Context, q CourseQuery) (page []Course, next string, err error) {
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	limit = min(limit, maxLimit)
	key, number := "", ""
	if q.Cursor != "" {
		text, err := base64.RawURLEncoding.DecodeString(q.Cursor)
		if key, number, _ = strings.Cut(string(text), "\n"); err != nil || number == "" || !utf8.Valid(text) || strings.ContainsRune(string(text), 0) {
			return nil, "", ErrQuery
		}
	}
	words := strings.Fields(sortKey(q.Q))
	for {
		batch, err := r.courses(ctx, q, key, number, maxLimit)
		if err != nil {
			return nil, "", err
		}
		for _, c := range batch {
			if !c.fits(words, q.Topic) {
				continue
			}
			if len(page) == limit {
				last := page[limit-1]
				return page, base64.RawURLEncoding.EncodeToString([]byte(last.key + "\n" + last.Number)), nil
			}
			page = append(page, c)
		}
		if len(batch) < maxLimit {
			return page, "", nil
		}
		key, number = batch[len(batch)-1].key, batch[len(batch)-1].Number
	}
}

func (c Course) fits(words []string, topic string) bool {
	text := " " + c.key + " " + sortKey(c.Number)
	for _, w := range words {
		if !strings.Contains(text, " "+w) {
			return false
		}
	}
	if topic == "" {
		return true
	}
	for _, t := range c.Topics {
		if t == topic || strings.HasPrefix(t, topic+"/") {
			return true
		}
	}
	return false
}

const courseColumns = `SELECT c.number, c.title, c.title_key, c.provider, COALESCE(p.name, ''), c.topics, c.delivery, c.kind, c.minutes, c.credits, c.stage, c.from_day, c.until_day
	FROM course c LEFT JOIN course_provider p ON p.number = c.provider `

func (r Register) courses(ctx context.Context, q CourseQuery, key, number string, limit int) ([]Course, error) {
	if q.All {
		return r.courseRows(ctx, courseColumns+`WHERE (c.title_key, c.number) > ($1, $2) ORDER BY c.title_key, c.number LIMIT $3`, key, number, limit)
	}
	return r.courseRows(ctx, courseColumns+`WHERE c.stage = $1 AND (c.title_key, c.number) > ($2, $3) AND c.from_day <= $4 AND c.until_day >= $4
		AND (c.provider = '' OR p.stage = $1 AND p.from_day <= $4 AND p.until_day >= $4) ORDER BY c.title_key, c.number LIMIT $5`,
		string(education.Approved), key, number, q.On.String(), limit)
}

// Course returns one course; ErrNotFound for a number that is none's.
func (r Register) Course(ctx context.Context, number string) (Course, error) {
	all, err := r.courseRows(ctx, courseColumns+`WHERE c.number = $1`, number)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Course{}, err
	}
	return all[0], nil
}

func (r Register) courseRows(ctx context.Context, query string, args ...any) (all []Course, err error) {
	rows, err := r.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Course
		if err := rows.Scan(&c.Number, &c.Title, &c.key, &c.Provider, &c.ProviderName, jsonList{&c.Topics}, &c.Delivery, &c.Kind, &c.Minutes, &c.Credits,
			&c.Stage, storedDay{&c.From}, storedDay{&c.Until}); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// Provider is somebody else who gives courses.
type Provider struct {
	Number      string
	Name        string
	Site        string
	About       string
	Contact     string // for the office; "" once its person is forgotten
	Stage       education.Stage
	Applied     time.Time
	From, Until act.Date // of the approval; no Until is no end
}

// Providers returns up to a thousand providers by stage and name.
func (r Register) Providers(ctx context.Context) (all []Provider, err error) {
	rows, err := r.DB.QueryContext(ctx, `SELECT number, name, site, about, contact, stage, applied, from_day, until_day FROM course_provider
		ORDER BY stage, name, number LIMIT 1000`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p Provider
		if err := rows.Scan(&p.Number, &p.Name, &p.Site, &p.About, &p.Contact, &p.Stage, instant{&p.Applied}, storedDay{&p.From}, storedDay{&p.Until}); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, rows.Err()
}

// CreditClaim is what a person says that they completed. Title and organiser are theirs.
type CreditClaim struct {
	Person    string
	Number    int
	Title     string // "" once the person is forgotten
	Organiser string
	On, For   act.Date
	Minutes   int
	Credits   code.Amount
	Topics    []string
	Delivery  string
	Kind      string
	Evidence  []string // objects
	Account   bool     // there is one, sealed
	Stage     education.Stage
	Claimed   time.Time
	Decided   time.Time // zero while it waits
}

const creditClaimColumns = `SELECT person, number, title, organiser, on_day, for_day, minutes, credits, topics, delivery, kind, evidence, account, stage, claimed, decided FROM credit_claim `

// ClaimsOf returns all claims of a person, the newest first.
func (r Register) ClaimsOf(ctx context.Context, person string) ([]CreditClaim, error) {
	return r.creditClaims(ctx, creditClaimColumns+`WHERE person = $1 ORDER BY number DESC`, person)
}

// ClaimsWaiting returns up to limit claims that wait for an answer, the longest first, after one that was returned
// before; the zero CreditClaim begins.
func (r Register) ClaimsWaiting(ctx context.Context, after CreditClaim, limit int) ([]CreditClaim, error) {
	return r.creditClaims(ctx, creditClaimColumns+`WHERE stage = $1 AND (claimed, person, number) > ($2, $3, $4) ORDER BY claimed, person, number LIMIT $5`,
		string(education.Asked), micros(after.Claimed), after.Person, after.Number, min(max(limit, 1), mostWaiting))
}

func (r Register) creditClaims(ctx context.Context, query string, args ...any) (all []CreditClaim, err error) {
	rows, err := r.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c CreditClaim
		if err := rows.Scan(&c.Person, &c.Number, &c.Title, &c.Organiser, storedDay{&c.On}, storedDay{&c.For}, &c.Minutes, &c.Credits, jsonList{&c.Topics},
			&c.Delivery, &c.Kind, jsonList{&c.Evidence}, &c.Account, &c.Stage, instant{&c.Claimed}, instant{&c.Decided}); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// Audit is a sample of people who are asked for evidence.
type Audit struct {
	Number     string
	Commitment string // SHA-256 of the seed, hex
	Committed  time.Time
	Drawn      time.Time // zero: not yet
	Seed       string    // hex, once it is drawn
	Rate       code.Percent
	People     int
	List       string // SHA-256 of their numbers
	Asked      int    // how many of them
	AnswerBy   act.Date
}

// Audits returns all samples, the newest first.
func (r Register) Audits(ctx context.Context) (all []Audit, err error) {
	rows, err := r.DB.QueryContext(ctx, `SELECT number, commitment, committed, drawn, seed, rate, people, people_sha256, asked, answer_by FROM audit
		ORDER BY number DESC LIMIT 1000`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a Audit
		if err := rows.Scan(&a.Number, &a.Commitment, instant{&a.Committed}, instant{&a.Drawn}, &a.Seed, &a.Rate, &a.People, &a.List, &a.Asked, storedDay{&a.AnswerBy}); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, rows.Err()
}

// Asked returns who is in a sample, by number.
func (r Register) Asked(ctx context.Context, audit string) ([]string, error) {
	return r.numbers(ctx, `SELECT person FROM audit_person WHERE audit = $1 ORDER BY person`, audit)
}

// AuditsOf returns the samples that a person is in, the newest first.
func (r Register) AuditsOf(ctx context.Context, person string) ([]string, error) {
	return r.numbers(ctx, `SELECT audit FROM audit_person WHERE person = $1 ORDER BY audit DESC`, person)
}

// storedDay scans a day as it is stored; none for "" and for no end.
type storedDay struct{ to *act.Date }

func (d storedDay) Scan(v any) error {
	var text sql.NullString
	if err := text.Scan(v); err != nil {
		return err
	}
	if text.String == "" || text.String == never {
		*d.to = act.Date{}
		return nil
	}
	day, err := act.ParseDate(text.String)
	if err != nil {
		return fmt.Errorf("view: a day is stored as text: %w", err)
	}
	*d.to = day
	return nil
}
