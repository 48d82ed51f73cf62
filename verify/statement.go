package verify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/gowebpki/jcs"
)

// Statement is one leaf of a public log: something a body said about an organisation or about its code,
// once and for ever. On the wire it is JSON in the canonical form of RFC 8785. The implementations are
// [CodeAdopted], [Standing], [Notice], [Attested], [Correction], [AuditCommitted] and [AuditDrawn].
type Statement interface {
	// Type returns the name of the statement's type on the wire, e.g. "standing".
	Type() string
	// When returns when the statement was recorded.
	When() time.Time
	// From returns the place in the body's record that the statement comes from.
	From() Record
	// Canonical returns the leaf. It fails on a statement that [ParseStatement] would not accept.
	Canonical() ([]byte, error)
}

// Record names a row of the body's record.
type Record struct {
	Position int64  `json:"position"` // place in the record, from 1
	Chain    string `json:"chain"`    // SHA-256 chain up to and including that row, in hex
}

// Code names one exact text of a code of ethics.
type Code struct {
	Version string `json:"version"`
	SHA256  string `json:"sha256"` // of the canonical text, in hex
}

// CodeAdopted says that the body adopted a text as its code.
type CodeAdopted struct {
	Version   string    `json:"version"`
	SHA256    string    `json:"sha256"` // of the canonical text, in hex
	Title     string    `json:"title"`
	Effective string    `json:"effective"` // date, e.g. "2026-03-01"
	At        time.Time `json:"at"`
	Record    Record    `json:"record"`
}

// Standing says what the register says about a member from now on.
type Standing struct {
	Member  string    `json:"member"`
	Name    string    `json:"name"`
	Domains []string  `json:"domains"`
	Status  string    `json:"status"`
	Kind    string    `json:"kind"`  // "" is null on the wire
	Since   time.Time `json:"since"` // since when the status holds
	Code    *Code     `json:"code"`  // what the member signed; nil if nothing
	// Prev is the index of the previous Standing about the same member; nil in its first.
	Prev   *int64    `json:"prev"`
	At     time.Time `json:"at"`
	Record Record    `json:"record"`
}

// Notice says that the body published a text.
type Notice struct {
	Notice string `json:"notice"` // its number, e.g. "2026-0001"
	Member string `json:"member"` // whom it is about; "" is null on the wire: no member
	SHA256 string `json:"sha256"` // of the published text, in hex
	// Certificate is the hash of the certificate of procedure; "" is null on the wire: there is none.
	Certificate string    `json:"certificate"`
	At          time.Time `json:"at"`
	Record      Record    `json:"record"`
}

// Attested says that a member handed in a signed attestation for a period.
type Attested struct {
	Member   string    `json:"member"`
	FirstDay string    `json:"first_day"` // of the period, e.g. "2026-01-01"
	LastDay  string    `json:"last_day"`
	SHA256   string    `json:"sha256"` // of the attestation, in hex
	At       time.Time `json:"at"`
	Record   Record    `json:"record"`
}

// Correction says that an earlier leaf was wrong, and by which text it is corrected.
type Correction struct {
	Corrects int64     `json:"corrects"` // index of the earlier leaf
	Member   string    `json:"member"`   // "" is null on the wire: no member
	SHA256   string    `json:"sha256"`   // of the correcting text, in hex
	At       time.Time `json:"at"`
	Record   Record    `json:"record"`
}

// The names of the types on the wire.
const (
	TypeCodeAdopted = "code.adopted"
	TypeStanding    = "standing"
	TypeNotice      = "notice"
	TypeAttested    = "attested"
	TypeCorrection  = "correction"
)

func (CodeAdopted) Type() string { return TypeCodeAdopted }
func (Standing) Type() string    { return TypeStanding }
func (Notice) Type() string      { return TypeNotice }
func (Attested) Type() string    { return TypeAttested }
func (Correction) Type() string  { return TypeCorrection }

func (s CodeAdopted) When() time.Time { return s.At }
func (s Standing) When() time.Time    { return s.At }
func (s Notice) When() time.Time      { return s.At }
func (s Attested) When() time.Time    { return s.At }
func (s Correction) When() time.Time  { return s.At }

func (s CodeAdopted) From() Record { return s.Record }
func (s Standing) From() Record    { return s.Record }
func (s Notice) From() Record      { return s.Record }
func (s Attested) From() Record    { return s.Record }
func (s Correction) From() Record  { return s.Record }

func (s CodeAdopted) Canonical() ([]byte, error) {
	s.At = s.At.UTC()
	return canonical(s, s.check(), s)
}

func (s Standing) Canonical() ([]byte, error) {
	s.Since, s.At = s.Since.UTC(), s.At.UTC()
	if s.Domains == nil {
		s.Domains = []string{}
	}
	return canonical(s, s.check(), struct {
		Standing
		Kind *string `json:"kind"`
	}{s, orNull(s.Kind)})
}

func (s Notice) Canonical() ([]byte, error) {
	s.At = s.At.UTC()
	return canonical(s, s.check(), struct {
		Notice
		Member      *string `json:"member"`
		Certificate *string `json:"certificate"`
	}{s, orNull(s.Member), orNull(s.Certificate)})
}

func (s Attested) Canonical() ([]byte, error) {
	s.At = s.At.UTC()
	return canonical(s, s.check(), s)
}

func (s Correction) Canonical() ([]byte, error) {
	s.At = s.At.UTC()
	return canonical(s, s.check(), struct {
		Correction
		Member *string `json:"member"`
	}{s, orNull(s.Member)})
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func canonical(s Statement, fault error, wire any) ([]byte, error) {
	if fault != nil {
		return nil, fmt.Errorf("%w %s statement: %w", ErrMalformed, s.Type(), fault)
	}
	fields, err := json.Marshal(wire)
	if err != nil {
		return nil, fmt.Errorf("%w %s statement: %v", ErrMalformed, s.Type(), err)
	}
	leaf := append([]byte(`{"v":1,"type":"`+s.Type()+`",`), fields[1:]...)
	return jcs.Transform(leaf)
}

// ParseStatement reads a leaf. It accepts only what Canonical writes, byte for byte: unknown or missing
// fields, other spellings of the same JSON and values out of range are errors that wrap [ErrMalformed].
func ParseStatement(leaf []byte) (Statement, error) {
	var head struct {
		V    int    `json:"v"`
		Type string `json:"type"`
	}
	if err := json.Unmarshal(leaf, &head); err != nil {
		return nil, fmt.Errorf("%w statement: %v", ErrMalformed, err)
	}
	if head.V != 1 {
		return nil, fmt.Errorf("%w statement: version %d is not known", ErrMalformed, head.V)
	}
	s, err := decode(head.Type, leaf)
	if err != nil {
		return nil, err
	}
	again, err := s.Canonical()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, leaf) {
		return nil, fmt.Errorf("%w %s statement: it is not written in its one canonical form", ErrMalformed, head.Type)
	}
	return s, nil
}

func decode(kind string, leaf []byte) (s Statement, err error) {
	switch kind {
	case TypeCodeAdopted:
		s, err = into[CodeAdopted](leaf)
	case TypeStanding:
		s, err = into[Standing](leaf)
	case TypeNotice:
		s, err = into[Notice](leaf)
	case TypeAttested:
		s, err = into[Attested](leaf)
	case TypeCorrection:
		s, err = into[Correction](leaf)
	case TypeAuditCommitted:
		s, err = into[AuditCommitted](leaf)
	case TypeAuditDrawn:
		s, err = into[AuditDrawn](leaf)
	default:
		return nil, fmt.Errorf("%w statement: type %q is not known", ErrMalformed, kind)
	}
	if err != nil {
		return nil, fmt.Errorf("%w %s statement: %v", ErrMalformed, kind, err)
	}
	return s, nil
}

// into decodes a leaf. A null leaves a text empty, which is how these types say "none".
func into[S Statement](leaf []byte) (Statement, error) {
	var s S
	err := json.Unmarshal(leaf, &s)
	return s, err
}

func (s CodeAdopted) check() error {
	return first(
		named("version", checkToken(s.Version)), named("sha256", checkHash(s.SHA256)), named("title", checkName(s.Title)),
		named("effective", checkDate(s.Effective)), checkPlace(s))
}

func (s Standing) check() error {
	for _, d := range s.Domains {
		if err := checkDomain(d); err != nil {
			return named("domains", err)
		}
	}
	if s.Code != nil {
		if err := first(named("version", checkToken(s.Code.Version)), named("sha256", checkHash(s.Code.SHA256))); err != nil {
			return named("code", err)
		}
	}
	if s.Prev != nil {
		if err := checkNumber(*s.Prev, 0); err != nil {
			return named("prev", err)
		}
	}
	return first(
		named("member", checkMember(s.Member)), named("name", checkName(s.Name)), named("status", checkStanding(s.Status, s.Kind)),
		named("since", checkTime(s.Since)), checkPlace(s))
}

func (s Notice) check() error {
	if s.Certificate != "" {
		if err := checkHash(s.Certificate); err != nil {
			return named("certificate", err)
		}
	}
	return first(
		named("notice", checkToken(s.Notice)), named("member", checkMaybeMember(s.Member)), named("sha256", checkHash(s.SHA256)), checkPlace(s))
}

func (s Attested) check() error {
	return first(
		named("member", checkMember(s.Member)), named("first_day", checkDate(s.FirstDay)), named("last_day", checkDate(s.LastDay)),
		named("sha256", checkHash(s.SHA256)), checkPlace(s))
}

func (s Correction) check() error {
	return first(
		named("corrects", checkNumber(s.Corrects, 0)), named("member", checkMaybeMember(s.Member)), named("sha256", checkHash(s.SHA256)), checkPlace(s))
}

func checkPlace(s Statement) error {
	return first(
		named("at", checkTime(s.When())), named("record.position", checkNumber(s.From().Position, 1)), named("record.chain", checkHash(s.From().Chain)))
}

func checkMaybeMember(s string) error {
	if s == "" {
		return nil
	}
	return checkMember(s)
}

// checkNumber keeps to what JSON numbers hold exactly (RFC 8785 section 3.2.2.3).
func checkNumber(n, least int64) error {
	if n < least || n > 1<<53-1 {
		return fmt.Errorf("%d is out of range", n)
	}
	return nil
}

func named(field string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", field, err)
	}
	return nil
}

func first(errs ...error) error {
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
		return errs[i]
	}
	return nil
}
