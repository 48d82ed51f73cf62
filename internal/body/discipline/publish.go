package discipline

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Publish announces what last happened to an order, or that charges against a member failed. The system
// asks for it; a thing is announced once.
type Publish struct {
	Order  string `json:"order,omitempty" label:"Order number"`
	Charge string `json:"charge,omitempty" label:"Charge number"`
	Member string `json:"member,omitempty" label:"Member number" hint:"with a charge number: of whom the register spoke"`
}

// NoticePublished is the notice of an order, or that charges failed, as everyone may read it.
type NoticePublished struct {
	ID         string    `json:"id"`    // e.g. "2026-0001"
	Order      string    `json:"order"` // "" where charges failed
	Charge     string    `json:"charge,omitempty"`
	Turn       int       `json:"turn"`   // which of the things that happened to the order it announces
	Member     string    `json:"member"` // number
	Name       string    `json:"name"`   // of the member, then
	Class      string    `json:"class"`  // the sanction, "interim", or "correction" where charges failed
	Title      string    `json:"title"`
	Body       string    `json:"body"`
	Finding    string    `json:"finding,omitempty"` // as it was written when there was one for all provisions
	Findings   []Finding `json:"findings,omitempty"`
	Provisions []string  `json:"provisions"`
	Decided    act.Date  `json:"decided"`
	Effective  time.Time `json:"effective"`
	Until      time.Time `json:"until,omitzero"`
	Appeal     string    `json:"appeal"`           // state of the appeal, in words
	SHA256     string    `json:"sha256"`           // of the published text, hex; see [PublishedText]
	Expires    time.Time `json:"expires,omitzero"` // when it comes down; zero for never
	// Certificate is the SHA-256 of the certificate of procedure, hex; "" for an order from paper and an interim one.
	Certificate string    `json:"certificate,omitempty"`
	At          time.Time `json:"at"`
}

// Concerns names the member.
func (n NoticePublished) Concerns() []string { return []string{"member/" + n.Member} }

// Claims notes that it is announced.
func (n NoticePublished) Claims() []act.Claim {
	if n.Charge != "" {
		return announced(FailedKey(n.Charge, n.Member))
	}
	return announced(AnnouncedKey(n.Order, n.Turn))
}

// NoticeCorrected is the notice that something about an order, announced before, is no longer so.
type NoticeCorrected struct {
	ID        string    `json:"id"`
	Corrects  string    `json:"corrects"` // id of the notice of the order
	Order     string    `json:"order"`
	Turn      int       `json:"turn"`
	Member    string    `json:"member"`
	Name      string    `json:"name"`
	Class     string    `json:"class"` // of the order
	Event     string    `json:"event"` // what happened: "order.stayed", "order.quashed", …
	Title     string    `json:"title"`
	Body      string    `json:"body"`
	Effective time.Time `json:"effective"`
	SHA256    string    `json:"sha256"`
	Expires   time.Time `json:"expires,omitzero"` // with the notice that it corrects
	At        time.Time `json:"at"`
}

// Concerns names the member.
func (n NoticeCorrected) Concerns() []string { return []string{"member/" + n.Member} }

// Claims notes that it is announced.
func (n NoticeCorrected) Claims() []act.Claim { return announced(AnnouncedKey(n.Order, n.Turn)) }

// AnnouncedKey is the key under which the announcement of a turn of an order is claimed, in kind "notice".
func AnnouncedKey(order string, turn int) string { return fmt.Sprintf("%s/%d", order, turn) }

func announced(key string) []act.Claim { return []act.Claim{{Kind: "notice", Key: key}} }

// PublishedText returns the text of a notice of which the hash is taken.
func PublishedText(title, body string) []byte { return []byte(title + "\n\n" + body + "\n") }

func hash(title, body string) string {
	sum := sha256.Sum256(PublishedText(title, body))
	return hex.EncodeToString(sum[:])
}

// Notice is the state of a stream "notice/2026-0001".
type Notice struct {
	ID       string
	Order    string
	Corrects string
	Title    string
	Expires  time.Time
}

func evolveNotice(n Notice, e act.Event) Notice {
	switch e := e.(type) {
	case NoticePublished:
		return Notice{ID: e.ID, Order: e.Order, Title: e.Title, Expires: e.Expires}
	case NoticeCorrected:
		return Notice{ID: e.ID, Order: e.Order, Corrects: e.Corrects, Title: e.Title, Expires: e.Expires}
	}
	return n
}

// NoticeFacts is what a notice is written from.
type NoticeFacts struct {
	ID        string // of the notice
	Zone      *time.Location
	Holidays  code.Holidays
	Order     Order
	Name      string // of the member, now
	Periods   code.Publication
	Announced bool   // the last turn of the order, or that the charges failed, is announced already
	First     Notice // the notice of the order itself
	Certified string // SHA-256 of the certificate of the order's case, hex; "" if that is incomplete

	Charge ChargeState
	// Suspected is since when the register has said that the member left and is under investigation; zero
	// if it does not say so, or will go on to.
	Suspected time.Time
}

var publicOrder = act.Rule{
	ID:    "DISC-25",
	Cites: "publication",
	Text:  "A notice announces an order that is or was in force, from a reprimand upwards.",
	Cure:  "Advice and warnings stay between the body and the member.",
}

var publishAct = act.Define(noticeStream, "notice.publish", "Announces what last happened to an order, or that charges failed; the system asks for it.",
	func(Publish, act.Meta) act.Target { return act.NextOfYear() }, publish)

func publish(_ Notice, f NoticeFacts, cmd Publish, m act.Meta) ([]act.Event, error) {
	if cmd.Charge != "" {
		return f.chargesFailed(cmd, m)
	}
	o := f.Order
	if len(o.Turns) == 0 || !o.Public() {
		return nil, publicOrder.Refuse("there is nothing to announce about order %q", cmd.Order)
	}
	if f.Announced {
		return nil, nil
	}
	if len(o.Turns) == 1 && o.Certificate != f.Certified {
		return nil, certified.Refuse("the certificate of case %q is incomplete, or another", o.Case)
	}
	turn := o.Turns[len(o.Turns)-1]
	w := wording{f, o, turn, m.At}
	if len(o.Turns) > 1 {
		n := NoticeCorrected{
			ID: f.ID, Corrects: f.First.ID, Order: o.ID, Turn: len(o.Turns), Member: o.Member, Name: f.Name, Class: class(o),
			Event: turn.Kind, Title: w.correctionTitle(), Body: w.correction(), Effective: turn.Effective,
			Expires: f.First.Expires, At: m.At,
		}
		n.SHA256 = hash(n.Title, n.Body)
		return []act.Event{n}, nil
	}
	n := NoticePublished{
		ID: f.ID, Order: o.ID, Turn: 1, Member: o.Member, Name: f.Name, Class: class(o), Title: w.title(), Body: w.body(),
		Findings: o.Proposal.Findings, Provisions: o.Provisions, Decided: o.Proposal.Decided, Effective: o.From, Until: o.Until,
		Appeal: w.appeal(), Expires: f.expires(), Certificate: o.Certificate, At: m.At,
	}
	if o.Interim {
		n.Decided = act.DateIn(o.From, w.zone())
	}
	n.SHA256 = hash(n.Title, n.Body)
	return []act.Event{n}, nil
}

// end returns when an order ends that is continued as long as it may be; zero for never.
func (o Order) end() time.Time {
	if o.Latest.IsZero() {
		return o.Until
	}
	return o.Latest
}

func class(o Order) string {
	if o.Interim {
		return "interim"
	}
	return o.Sanction
}

// expires returns when the notice of the order comes down; the zero time for never. The notice of an
// interim suspension stays as long as that may last.
func (f NoticeFacts) expires() time.Time {
	o := f.Order
	if o.Interim {
		return o.end()
	}
	stay := map[string]code.Stay{
		Reprimand: f.Periods.Reprimand, RequiredEducation: f.Periods.Education, Conditions: f.Periods.Conditions,
		Probation: f.Periods.Probation, Suspension: f.Periods.Suspension, Expulsion: f.Periods.Expulsion,
	}[o.Sanction]
	if stay.Forever() {
		return time.Time{}
	}
	return code.Deadline(o.From, stay.For, wording{f: f}.zone(), f.Holidays)
}
