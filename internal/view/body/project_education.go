package body

import (
	"maps"
	"slices"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/record"
)

// education writes what an event says of courses, providers, claims and samples. Ledgers have no rows: they are read
// off the record (see flowbody.SchoolingOf).
func (p *Projection) education(tx record.Tx, e act.Recorded) {
	switch v := e.Event.(type) {
	case education.CourseOffered:
		tx.Exec(`INSERT INTO course (number, title, title_key, provider, topics, delivery, kind, minutes, credits, stage, from_day, until_day)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '')`,
			v.Course, v.Title, sortKey(v.Title), v.Provider, toJSON(v.Topics), v.Delivery, v.Kind, v.Minutes, int64(v.Credits), string(education.Asked))
	case education.ProviderApplied:
		tx.Exec(`INSERT INTO course_provider (number, name, site, about, person, contact, stage, applied, from_day, until_day)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '')`,
			v.Provider, v.Name, v.Site, v.About, strings.TrimPrefix(v.Contact.Owner, "person/"), v.Contact.Text(), string(education.Asked), micros(v.At))
	case education.CreditClaimed:
		account := 0
		if !v.Account.Empty() {
			account = 1
		}
		tx.Exec(`INSERT INTO credit_claim (person, number, title, organiser, on_day, for_day, minutes, credits, topics, delivery, kind, evidence, account, stage, claimed, decided)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0)
			ON CONFLICT (person, number) DO UPDATE SET title = excluded.title, organiser = excluded.organiser, on_day = excluded.on_day,
			for_day = excluded.for_day, minutes = excluded.minutes, credits = excluded.credits, topics = excluded.topics, delivery = excluded.delivery,
			kind = excluded.kind, evidence = excluded.evidence, account = excluded.account, stage = excluded.stage, claimed = excluded.claimed, decided = 0`,
			v.Person, v.Claim, v.Title.Text(), v.Organiser.Text(), v.On.String(), dayText(v.For), v.Minutes, int64(v.Credits), toJSON(v.Topics), v.Delivery, v.Kind,
			toJSON(v.Evidence), account, string(education.Asked), micros(v.At))
	case education.ClaimDecided:
		tx.Exec(`UPDATE credit_claim SET stage = $1, decided = $2 WHERE person = $3 AND number = $4`, string(v.Stage), micros(v.At), v.Person, v.Claim)
	case education.SampleCommitted:
		tx.Exec(`INSERT INTO audit (number, commitment, committed, drawn, seed, rate, people, people_sha256, asked, answer_by)
			VALUES ($1, $2, $3, 0, '', 0, 0, '', 0, '')`, v.Audit, v.Commitment, micros(v.At))
	case education.SampleDrawn:
		tx.Exec(`UPDATE audit SET drawn = $1, seed = $2, rate = $3, people = $4, people_sha256 = $5, asked = $6, answer_by = $7 WHERE number = $8`,
			micros(v.At), v.Seed, int64(v.Rate), v.People, v.List, len(v.Drawn), dayText(v.AnswerBy), v.Audit)
		asked := record.Into(tx, "audit_person", "person, audit", "")
		for _, person := range v.Drawn {
			asked.Add(person, v.Audit)
		}
		asked.Flush()
	}
	switch kind, _, _ := strings.Cut(e.Stream, "/"); kind {
	case "course", "provider":
		p.terms[e.Stream] = true
	}
}

// dayText returns a day as it is stored; "" for none.
func dayText(d act.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// never is the last day of what has none.
const never = "9999-12-31"

// writeTerms writes how far courses and providers have come, and when they count, as the transaction left it.
func (p *Projection) writeTerms(tx record.Tx, w act.World) {
	for _, stream := range slices.Sorted(maps.Keys(p.terms)) {
		kind, number, _ := strings.Cut(stream, "/")
		if kind == "course" {
			c := act.StateOf[education.Course](w, stream)
			from, until := lastTerm(c.Terms)
			tx.Exec(`UPDATE course SET stage = $1, from_day = $2, until_day = $3 WHERE number = $4`, string(c.Stage), from, until, number)
			continue
		}
		v := act.StateOf[education.Provider](w, stream)
		from, until := lastTerm(v.Terms)
		tx.Exec(`UPDATE course_provider SET stage = $1, from_day = $2, until_day = $3 WHERE number = $4`, string(v.Stage), from, until, number)
	}
}

// lastTerm returns from when an approval holds without interruption until its end; "" for none.
func lastTerm(terms []education.Term) (from, until string) {
	if len(terms) == 0 {
		return "", ""
	}
	last := terms[len(terms)-1]
	if until = never; !last.Until.IsZero() {
		until = last.Until.String()
	}
	start := last.From
	for i := len(terms) - 2; i >= 0 && terms[i].Until.AddDays(1) == start; i-- {
		start = terms[i].From
	}
	return start.String(), until
}
