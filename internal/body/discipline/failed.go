package discipline

import (
	"strings"

	"shingle/internal/act"
)

// classCorrection is the class of a notice that corrects what the register said, not another notice.
const classCorrection = "correction"

var correctsRegister = act.Rule{
	ID:    "DISC-26",
	Cites: "publication",
	Text:  "That charges failed is announced when the register ceases to say, because of them, that a company which left is under investigation.",
	Cure:  "Charges of which the register did not speak stay between the body and the member.",
}

// FailedKey is the key under which the announcement that charges against a member failed is claimed, in
// kind "notice". Charges against a company that merged into another one are those of both.
func FailedKey(charge, member string) string { return "charge/" + charge + "/" + member }

// chargesFailed writes the notice that charges were dismissed. It names no provision: charges are not
// public. It stays for ever, as the line of the register's history does that it corrects.
func (f NoticeFacts) chargesFailed(cmd Publish, m act.Meta) ([]act.Event, error) {
	if f.Charge.Outcome != dismissed || f.Suspected.IsZero() {
		return nil, correctsRegister.Refuse("the register says nothing that charges %q would correct", cmd.Charge)
	}
	if f.Announced {
		return nil, nil
	}
	w := wording{f: f, o: Order{Member: cmd.Member}, now: m.At}
	n := NoticePublished{
		ID: f.ID, Charge: cmd.Charge, Member: cmd.Member, Name: f.Name, Class: classCorrection,
		Title: "Charges dismissed: " + f.Name, Body: w.chargesFailed(), Provisions: []string{},
		Decided: act.DateIn(m.At, w.zone()), Effective: m.At, At: m.At,
	}
	n.SHA256 = hash(n.Title, n.Body)
	return []act.Event{n}, nil
}

func (w wording) chargesFailed() string {
	return strings.Join([]string{
		"On " + w.day(w.now) + " the charges that had been served on " + w.who() + " were dismissed. No finding was made on them.",
		"The register has said since " + w.day(w.f.Suspected) + " that the company, which left, was under investigation. " +
			"From now on it says that the company left.",
		"This corrects what the register said.",
	}, "\n\n")
}
