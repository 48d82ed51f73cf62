package documents

import (
	"strings"
)

// part is a section of the annex: clauses that are numbered through, or facts under labels.
type part struct {
	Heading string
	Lead    string
	Facts   []fact
	Clauses []string
}

type fact struct {
	Label, Text string
	Mono        bool // a hash, a key or an address: every character counts
}

// parts is what the annex says before the code itself. Both forms of it, HTML and PDF, print this.
func (a Annex) parts() []part {
	return []part{a.parties(), a.definitions(), a.promises(), a.proves(), a.provesNot(), a.checking()}
}

func (a Annex) parties() part {
	m, b, v := a.Member, a.Body, a.Code
	p := part{Heading: "What is annexed", Facts: []fact{{Label: "Provider", Text: m.Name}, {Label: "Member number", Text: m.Number}}}
	if len(m.TradingNames) > 0 {
		p.Facts = append(p.Facts, fact{Label: "Also trades as", Text: strings.Join(m.TradingNames, ", ")})
	}
	var place []string
	for _, s := range []string{m.Address, m.Place, m.Country} {
		if s != "" {
			place = append(place, s)
		}
	}
	if len(place) > 0 {
		p.Facts = append(p.Facts, fact{Label: "Place", Text: strings.Join(place, ", ")})
	}
	p.Facts = append(p.Facts,
		fact{Label: "Body", Text: b.Name + ", " + b.Web},
		fact{Label: "Code", Text: v.Title + ", version " + v.Label},
		fact{Label: "In force from", Text: v.Effective.Start(b.Zone).Format("2 January 2006")},
		fact{Label: "SHA-256 of its text", Text: v.Hash(), Mono: true},
		fact{Label: "Signed by the provider on", Text: b.day(a.Signed)},
	)
	if a.Signatory != "" {
		p.Facts = append(p.Facts, fact{Label: "Signed by", Text: a.Signatory})
	}
	return p
}

func (a Annex) definitions() part {
	return part{Heading: "Definitions", Lead: "In this annex", Facts: []fact{
		{Label: "the Body", Text: "is " + a.Body.Name + ", the professional body that keeps the Code."},
		{Label: "the Provider", Text: "is " + a.Member.Name + ", member " + a.Member.Number + " of the Body."},
		{Label: "the Customer", Text: "is the party to the agreement for which the Provider works under it."},
		{Label: "the Code", Text: "is the text in the schedule, version " + a.Code.Label + ", and no other text: it is known by the SHA-256 given above."},
		{Label: "the Register", Text: "is the Body’s public list of its members, at " + a.Body.Origin + "/register."},
		{Label: "Standing", Text: "is what the Register says of the Provider: good, conditional, not subscribed, lapsed, withdrawn, suspended or expelled."},
		{Label: "a Receipt", Text: "is the Body’s signed statement of the Standing at one time, which can be checked without the Body."},
	}}
}

func (a Annex) promises() part {
	return part{Heading: "What the parties agree", Lead: "Clauses for the parties and their counsel to take, change or leave.", Clauses: []string{
		"The Provider keeps the Code towards the Customer for as long as the agreement lasts, and after it where the Code says so.",
		"If the Provider signs a later version of the Code, that version takes the place of this one between the parties from the day on which it binds the Provider. The Provider hands the Customer the annex for it. A later version does not lessen what the Customer was promised about information that the Provider met before.",
		"The Provider tells the Customer within five business days if its Standing is no longer good, and why, as far as the Register says so.",
		"On request the Provider hands the Customer a Receipt that is no older than a day.",
		"Where the law requires the Provider to disclose the Customer’s information, complying with that law in the way the Code sets out is no breach of the agreement.",
		"Nothing in the agreement prevents anyone from reporting to the authorities, or from complaining to the Body.",
		"The Body is no party to the agreement. It owes nothing under it and gives no advice by this annex.",
	}}
}

func (a Annex) proves() part {
	return part{Heading: "What good Standing proves", Clauses: []string{
		"The Provider signed the text named above, by someone entitled to bind it.",
		"What it owes the Body (its yearly declaration and its attestations) is current, or within the time of grace that the Code allows.",
		"No suspension or condition is in force against it.",
		"The Register has said so in a public log that cannot be changed unnoticed.",
	}}
}

func (a Annex) provesNot() part {
	p := part{Heading: "What it does not prove", Clauses: []string{
		"The Provider’s statements to the Body are its own. The Body has not inspected its systems.",
		"It is no certification, no guarantee and no security rating.",
		"Open complaints and private warnings are not shown.",
	}}
	if !a.Code.Requirements.Education.Credits.IsSet() {
		p.Clauses = append(p.Clauses, "This version leaves the number of continuing education courses open.")
	}
	return p
}

func (a Annex) checking() part {
	p := part{Heading: "How to check it", Facts: []fact{
		{Label: "Now", Text: a.page(), Mono: true},
		{Label: "The text", Text: a.Body.Origin + "/code/" + a.Code.Label + "?as=text", Mono: true},
		{Label: "Its hash", Text: "sha256sum of that file gives the SHA-256 above"},
		{Label: "The seal", Text: "on the Provider’s own site it names the Provider, its Standing in words and the day; a click leads to its page in the Register"},
		{Label: "A Receipt", Text: a.Body.Origin + "/api/v1/members/" + a.Member.Number + "/receipt", Mono: true},
		{Label: "Offline", Text: "shingle verify receipt.txt --body shingle.json", Mono: true},
	}}
	if a.Body.LogKey != "" {
		p.Facts = append(p.Facts, fact{Label: "Key of the public log", Text: a.Body.LogKey, Mono: true})
	}
	if a.Body.ReceiptKey != "" {
		p.Facts = append(p.Facts, fact{Label: "Key of receipts", Text: a.Body.ReceiptKey, Mono: true})
	}
	return p
}
