// Package membership follows a company from its application to its leaving.
//
// A company applies; its domains, its identity, its references and its past are checked, and every check
// is on the record; it is admitted, or declined with a reason. Somebody entitled to bind it then signs
// one exact text of the code. From there on it keeps its membership up: dues, a yearly renewal, the
// attestations that the code asks for. It may be renamed, move, win and lose domains, merge, and
// leave at once whenever it wants; it may come back by a fresh application.
//
// Companies that were members before this system are taken over with [Enrol], as often as the roster is
// read, with the same result. How a member stands is not decided here: see package standing.
package membership

import (
	"slices"
	"strconv"
	"time"

	"shingle/internal/act"
)

// Stage is where a company is on its way through membership.
type Stage string

// The stages. An expelled or lapsed company is still Current: orders and omissions change how it
// stands, not where it is on its way.
const (
	Unknown    Stage = "" // nothing is recorded of it
	Applicant  Stage = "applicant"
	TurnedDown Stage = "turned-down"
	Current    Stage = "current"
	Former     Stage = "former"
)

// Member is the state of a stream "member/0042".
type Member struct {
	Number       string
	Stage        Stage
	Name         string
	TradingNames []string
	Domains      []HeldDomain
	Address      string
	Place        string
	Country      string
	Services     []string

	Applied   time.Time // when it asked to be let in; zero where it was taken over
	Joined    time.Time // start of the present membership, or of the last one
	Left      time.Time // when it left; zero if it did not
	Successor string    // number of the member it merged into

	Checks       []Check
	Subscription Subscription // the text last signed in this membership
	PaidThrough  act.Date
	Renewed      time.Time
	Attestations []Attestation // by period

	signatures  []Subscription // all in this membership, in the order of signing
	enrolled    *Enrolled      // as taken over, without people
	successorOf string         // number of a former member, as the application declared
	people      int            // how many people were named: each owns what is personal to them
}

// HeldDomain is an internet domain that a member uses. It is the member's own once control of it was
// proven: then, and only then, the member holds the claim to it.
type HeldDomain struct {
	Name     string
	ProvenAt time.Time // when control of it was last proven; zero for never
	How      string    // "dns", "well-known" or "paper"
}

// ProvenDomains returns the domains whose proof has not run out at t. valid returns the end of a proof.
func (m Member) ProvenDomains(t time.Time, valid func(proven time.Time) time.Time) []string {
	var names []string
	for _, d := range m.Domains {
		if !d.ProvenAt.IsZero() && t.Before(valid(d.ProvenAt)) {
			names = append(names, d.Name)
		}
	}
	slices.Sort(names)
	return names
}

// ownDomains returns the domains that the member has shown to be its own, however long ago.
func (m Member) ownDomains() []string {
	var names []string
	for _, d := range m.Domains {
		if !d.ProvenAt.IsZero() {
			names = append(names, d.Name)
		}
	}
	return names
}

// signed reports whether the member signed a text in this membership.
func (m Member) signed(t Text) bool {
	return slices.ContainsFunc(m.signatures, func(s Subscription) bool { return s.Version == t.Version && s.SHA256 == t.SHA256 })
}

// Check is one thing that was looked into before a company was admitted.
type Check struct {
	Kind   string // "domain", "identity", "references", "sanctions"
	Passed bool
	At     time.Time
}

// Subscription is a signature under one exact text. Its zero value is none.
type Subscription struct {
	Version string
	SHA256  string // hex
	At      time.Time
}

// Attestation is what a member stated for a period.
type Attestation struct {
	Period            string
	UndertakingsShare int // percent of people with a current undertaking
	Incidents         int
	IncidentsInTime   int
	RequestsHandled   bool
}

func (m Member) domain(name string) (int, bool) {
	i := slices.IndexFunc(m.Domains, func(d HeldDomain) bool { return d.Name == name })
	return i, i >= 0
}

func (m Member) attestation(period string) (int, bool) {
	i := slices.IndexFunc(m.Attestations, func(a Attestation) bool { return a.Period == period })
	return i, i >= 0
}

// passed reports whether the last check of that kind since a time was passed.
func (m Member) passed(kind string, since time.Time) bool {
	for _, c := range slices.Backward(m.Checks) {
		if c.Kind == kind && !c.At.Before(since) {
			return c.Passed
		}
	}
	return false
}

// nextPerson names the owner of what is personal to the next person who acts for the company.
func (m Member) nextPerson(number string) string {
	return "person/" + number + "-" + strconv.Itoa(m.people+1)
}

// signing names the owner of what is personal to whoever acts for the company now, so that they can be
// forgotten: the person themself who asks in their own name, else the next one whom the company names, and
// the how manieth that is.
func (m Member) signing(f Facts) (owner string, n int, err error) {
	switch {
	case f.Signer == Signer{}:
		return m.nextPerson(f.Number), m.people + 1, nil
	case !f.Signer.Known:
		return "", 0, signerKnown.Refuse("nothing is recorded of %s", f.Signer.Stream)
	}
	return f.Signer.Stream, 0, nil
}

// Named returns how many people the company named who did not ask in their own name: what is personal to
// the first of them is owned by person/0042-1.
func (m Member) Named() int { return m.people }

func evolve(m Member, e act.Event) Member {
	switch e := e.(type) {
	case Applied:
		m.apply(e)
	case Checked:
		m.Checks = with(m.Checks, Check{e.Check, e.Result == passed, e.At})
	case Admitted:
		m.Stage, m.Joined = Current, e.Joined
		m.Domains = proven(m.Domains, e.Domains, "paper", e.At)
	case Declined:
		m.Stage = TurnedDown
	case Enrolled:
		m.enrol(e)
	case Subscribed:
		m.Subscription = Subscription{e.Version, e.SHA256, e.SignedAt}
		m.signatures = with(m.signatures, m.Subscription)
		m.people = max(m.people, e.Person)
	case PaidThrough:
		m.PaidThrough = e.Through
	case Renewed:
		m.Renewed, m.people = e.At, max(m.people, e.Person)
		m.Domains = proven(m.Domains, e.Domains, "paper", e.At)
	case Attested:
		m.attest(e)
	case Renamed:
		m.Name = e.Name
	case Moved:
		m.Address, m.Place, m.Country = e.Address, e.Place, e.Country
	case ServicesSet:
		m.Services = e.Services
	case DomainAdded:
		m.Domains = with(m.Domains, HeldDomain{Name: e.Domain})
	case DomainRemoved:
		m.Domains = slices.DeleteFunc(slices.Clone(m.Domains), func(d HeldDomain) bool { return d.Name == e.Domain })
	case DomainProven:
		m.Domains = proven(m.Domains, []string{e.Domain}, e.How, e.At)
	case Withdrawn:
		m.Stage, m.Left = Former, e.Left
	case Merged:
		m.Stage, m.Left, m.Successor, m.Domains = Former, e.Left, e.Into, nil
	case Readmitted:
		m.Stage, m.Joined, m.Left, m.Successor = Current, e.At, time.Time{}, ""
		m.Subscription, m.signatures, m.PaidThrough, m.Renewed = Subscription{}, nil, act.Date{}, time.Time{}
		m.Domains = proven(m.Domains, e.Domains, "paper", e.At)
	}
	return m
}

func (m *Member) apply(e Applied) {
	m.Number, m.Stage, m.Name, m.TradingNames = e.Member, Applicant, e.Name, e.TradingNames
	m.Address, m.Place, m.Country, m.Services = e.Address, e.Place, e.Country, e.Services
	m.successorOf, m.people, m.Applied = e.SuccessorOf, 1, e.At
	m.Domains = nil
	for _, d := range e.Domains {
		m.Domains = append(m.Domains, HeldDomain{Name: d})
	}
}

func (m *Member) enrol(e Enrolled) {
	m.Number, m.Stage, m.Joined = e.Member, Current, e.Joined
	m.Name, m.TradingNames, m.Address, m.Place, m.Country, m.Services = e.Name, e.TradingNames, e.Address, e.Place, e.Country, e.Services
	m.people = 1
	m.Domains = nil
	for _, d := range e.Domains {
		m.Domains = append(m.Domains, HeldDomain{d, e.At, "paper"})
	}
	e.ContactName, e.ContactEmail, e.LegalName = act.Personal{}, act.Personal{}, act.Personal{}
	m.enrolled = &e
}

func (m *Member) attest(e Attested) {
	a := Attestation{e.Period, e.UndertakingsShare, e.Incidents, e.IncidentsInTime, e.RequestsHandled}
	if i, ok := m.attestation(e.Period); ok {
		m.Attestations = slices.Clone(m.Attestations)
		m.Attestations[i] = a
		return
	}
	m.Attestations = with(m.Attestations, a)
}

func proven(domains []HeldDomain, names []string, how string, at time.Time) []HeldDomain {
	domains = slices.Clone(domains)
	for i := range domains {
		if slices.Contains(names, domains[i].Name) {
			domains[i].ProvenAt, domains[i].How = at, how
		}
	}
	return domains
}

// with returns a copy of list with one more: states are shared.
func with[T any](list []T, one T) []T { return append(list[:len(list):len(list)], one) }

var stream = act.NewStream("member", evolve,
	act.EventOf[Applied]("member.applied"),
	act.EventOf[Checked]("member.checked"),
	act.EventOf[Admitted]("member.admitted"),
	act.EventOf[Declined]("member.declined"),
	act.EventOf[Enrolled]("member.enrolled"),
	act.EventOf[Subscribed]("member.subscribed"),
	act.EventOf[PaidThrough]("member.paid-through"),
	act.EventOf[Renewed]("member.renewed"),
	act.EventOf[Attested]("member.attested"),
	act.EventOf[Renamed]("member.renamed"),
	act.EventOf[Moved]("member.moved"),
	act.EventOf[ServicesSet]("member.services-set"),
	act.EventOf[DomainAdded]("member.domain-added"),
	act.EventOf[DomainRemoved]("member.domain-removed"),
	act.EventOf[DomainProven]("member.domain-proven"),
	act.EventOf[Withdrawn]("member.withdrawn"),
	act.EventOf[Readmitted]("member.readmitted"),
	act.EventOf[Merged]("member.merged"),
)

// Domain returns the streams and acts of membership.
func Domain() act.Domain {
	return act.Domain{
		Streams: []*act.Stream{stream},
		Acts: []*act.Act{
			applyAct, checkAct, admitAct, declineAct, enrolAct, subscribeAct, recordDuesAct, renewAct, attestAct,
			renameAct, moveAct, setServicesAct, addDomainAct, removeDomainAct, proveDomainAct,
			withdrawAct, readmitAct, mergeAct,
		},
	}
}
