// Package documents makes what leaves the house as a file of its own: the contract annex, the pack for a
// customer's vendor-risk file, and the calendar of what a member owes.
//
// A document is a function of what it is told: the same facts give the same bytes, today and in ten years, so
// that two people who hold one can compare it by its hash. None of them asks for the time, for chance or for
// anything that is not handed in. What a document says about a standing carries the time it was so.
//
// The annex is made from the exact text that a member signed. It is written for the people who draft
// contracts: a law firm puts it behind an agreement, and everything that it claims can be checked without
// asking the body or the member ([Annex], as HTML and as PDF).
//
// Names of people are in none of them, but for what a caller hands in for the member's own eyes.
package documents

import (
	"time"

	"shingle/internal/code"
)

// Body is the professional body behind a document.
type Body struct {
	Name       string
	Web        string // its host, e.g. "demo.example"
	Origin     string // where its register is reached, e.g. "https://demo.example"
	Zone       *time.Location
	LogKey     string // vkeys, as /.well-known/shingle.json has them
	ReceiptKey string
}

// Member is the company that a document is about.
type Member struct {
	Number, Name            string
	TradingNames            []string
	Address, Place, Country string
	Domains                 []string // proven ones
}

// Annex is the annex to a contract by which a member promises its customer to keep the code that it signed.
type Annex struct {
	Body   Body
	Member Member
	Code   *code.Version // the exact text that was signed
	Signed time.Time
	// Signatory is who signed for the member and in which capacity; "" where that is not for the reader.
	Signatory string
}

// day says a day in words, in the body's zone.
func (b Body) day(t time.Time) string { return t.In(b.Zone).Format("2 January 2006") }

// page returns the address of the member's page.
func (a Annex) page() string { return a.Body.Origin + "/register/" + a.Member.Number }
