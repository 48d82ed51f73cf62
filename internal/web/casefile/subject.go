package casefile

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/vault"
	"shingle/internal/web/ui"
)

// The parties of a case.
const complainant, respondent = "complainant", "respondent"

const subjectReadme = `What %s holds of the %s of case %s, made on %s for that party (GDPR, article 15).

record.json   what is on record of the case and is for the %[2]s: in order, in the clear.
evidence/     evidence that the %[2]s may see.
handed-in/    the files that the %[2]s handed in.
SHA256SUMS    the SHA-256 of each of these files ("sha256sum -c SHA256SUMS").

Left out is what others confided, what the panel said among itself, and the notes of counsel.
`

// subject writes what a party may have of what is held of it. The case manager makes it for either party; a respondent
// for itself; a complainant too, who has shown the receipt code to the page that asks.
func (f *Files) subject(ctx context.Context, who ui.Who, caseID, party string, w io.Writer) error {
	c, err := f.caseOf(ctx, caseID)
	if err != nil {
		return err
	}
	r, err := f.reader(ctx, who, c)
	if err != nil {
		return err
	}
	// What the party itself would read.
	as := cases.Reader{Actor: "anyone", Role: "anyone"}
	if party == respondent {
		as = cases.Reader{Role: "representative", Member: c.Member}
	}
	manages := r.Role == "case-manager" && c.Manager != "" && c.Manager == r.Actor
	answers := party == respondent && c.Told && r.Member == c.Member && (r.Role == "representative" || r.Role == "compliance-officer")
	complains := party == complainant && (r.Role == "anyone" || r.Role == "person" && c.Complainant.Actor != "" && c.Complainant.Actor == r.Actor)
	if !manages && !answers && !complains || party == respondent && !c.Told {
		return ui.ErrNoExhibit
	}
	body, err := f.Body(ctx)
	if err != nil {
		return err
	}
	a, own := vault.Access{By: who.Actor, Role: who.Role, Purpose: "what is held of the " + party + " of case " + caseID + ", for that party"}, "case/"+caseID
	events, err := f.Record.Concerning(ctx, own, f.Record.Position())
	if err != nil {
		return err
	}
	var entries []entry
	for _, e := range events {
		if e.Stream != own {
			continue
		}
		told, ok := toldTo(party, c, e.Event)
		if !ok {
			continue
		}
		e.Event, e.Actor = told, "" // by who did it, a party could be told who the other is
		if _, draft := told.(cases.ChargesDrafted); draft && len(entries) > 0 && entries[len(entries)-1].Kind == e.Kind {
			entries = entries[:len(entries)-1] // an earlier draft, that nobody was charged with
		}
		entries = append(entries, entryOf(e))
	}
	open, err := f.Objects.RevealIn(ctx, a, own, entries, func(owner string) bool { return owner == own })
	if err != nil {
		return err
	}
	z := &archive{Writer: zip.NewWriter(w), at: f.Now()}
	err = errors.Join(
		z.text("README.txt", fmt.Sprintf(subjectReadme, body.Name, party, caseID, z.at.In(body.Location).Format("2 January 2006"))),
		z.json("record.json", open),
	)
	if err == nil {
		err = f.addFiles(ctx, z, a, c, func(object string) bool { return c.Reads(as, object) })
	}
	if err != nil {
		return err
	}
	return z.finish()
}

// toldTo returns an event as a party may have it; false if it may not.
func toldTo(party string, c cases.Case, e act.Event) (act.Event, bool) {
	charged := !c.Charges.Served.IsZero()
	switch e := e.(type) {
	case cases.CaseLodged:
		if party == respondent {
			// What was said of it is told by the charges; who said it, if they agreed.
			e.Account, e.Contact, e.Receipt, e.Complainant = act.Private{}, act.Private{}, "", ""
			if !charged || !c.Complainant.Agreed {
				e.Name, e.For = act.Private{}, ""
			}
		}
		return e, true
	case cases.MessageSent:
		return e, e.From == party || e.To == party
	case cases.FileHandedIn:
		return e, e.From == party
	case cases.CaseAcknowledged, cases.FeedbackGiven, cases.NameAsked, cases.NameAnswered, cases.ComplaintWithdrawn, cases.ReviewAsked:
		return e, party == complainant
	case cases.CaseDismissed, cases.DismissalReviewed, cases.DismissalStood, cases.CaseSettled, cases.CasePaused, cases.CaseResumed, cases.CaseFinalized, cases.CasePublished:
		return e, true
	case cases.FastTrackOffered, cases.OfferAccepted, cases.OfferDeclined:
		return e, party == respondent
	case cases.DecisionMade: // once it is served
		return e, party == respondent && c.Stage != cases.Decided
	case cases.AppealResolved:
		return e, party == respondent && c.Stage != cases.AppealDecided
	case cases.EvidenceAdmitted, cases.ChargesServed, cases.ChargesDrafted, cases.ChargesAnswered, cases.DefaultNoted, cases.DefaultReopened, cases.PanelNamed,
		cases.SeatsFilled, cases.PanelistChallenged, cases.ChallengeRuled, cases.HearingSet, cases.HearingAdjourned, cases.CaseHeard,
		cases.DecisionServed, cases.AppealLodged, cases.AppealDecisionServed, cases.SentBack, cases.ConsentProposed, cases.ConsentApproved,
		cases.ConsentRefused, cases.TermExtended:
		return e, party == respondent && charged
	}
	return nil, false
}
