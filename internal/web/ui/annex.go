package ui

import (
	"context"
	"errors"

	"shingle/internal/body/standing"
	"shingle/internal/code"
	"shingle/internal/documents"
	view "shingle/internal/view/body"
)

// NoAnnex says, as a sentence, why a company may not put an annex behind a contract; "" if it may: it is a member
// and signed the code.
func NoAnnex(a standing.Answer) string {
	switch {
	case a.Status == "" || a.Status == standing.Withdrawn || a.Status == standing.WithdrawnUnderInvestigation || a.Status == standing.Expelled:
		return "The company is no member: it cannot promise anybody to remain one."
	case a.Code == nil:
		return "The company has signed no text of the code."
	}
	return ""
}

// AnnexOf returns what the annex of a member says that may have one: the exact text that it signed, and who it is,
// without who signed for it. of is the body's part.
func AnnexOf(ctx context.Context, register view.Register, m view.Member, signed standing.Signed, of documents.Body) (documents.Annex, error) {
	v, err := register.Version(ctx, signed.Version)
	if err != nil {
		return documents.Annex{}, err
	}
	text, problems := code.Parse([]byte(v.Text))
	if err := problems.Err(); err != nil {
		return documents.Annex{}, err
	}
	if text.Hash() != signed.SHA256 {
		return documents.Annex{}, errors.New("the text of version " + v.Version + " is not the one that member " + m.Number + " signed")
	}
	return documents.Annex{Body: of, Member: OnPaper(m), Code: text, Signed: signed.At}, nil
}

// OnPaper says who a member is, in its documents.
func OnPaper(m view.Member) documents.Member {
	d := documents.Member{Number: m.Number, Name: m.Name, TradingNames: m.TradingNames, Address: m.Address, Place: m.Place, Country: m.Country}
	for _, own := range m.Domains {
		d.Domains = append(d.Domains, own.Domain)
	}
	return d
}
