// Package casefile holds the papers of a case: it takes in what people upload, hands out what was handed in, and makes
// the documents that are made of it: the bundle for the hearing, the pack for a court, and what a party may have of
// what is held of it.
//
// An upload is looked at and cleaned ([shingle/internal/exhibit]) and sealed in the vault at once, under the key of
// the case or, while there is none, of the draft that it belongs to. It is not part of anything then: nobody can open
// it, and it is swept away by itself. What makes it part of a case is an act that names it, and nothing else, so that
// a crash between the two leaves nothing that counts and nothing that can be read. Whether an act did is asked of the
// record each time.
//
// What is handed out goes through the vault: who had it, and what for, is in the record first. Who may have it is the
// rule of the case itself ([cases.Case.Reads]). The notes of counsel and what the panel says among itself are sealed
// under other keys, and are in none of the documents.
package casefile

import (
	"context"
	"fmt"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/publog"
	"shingle/internal/record"
	"shingle/internal/vault"
	"shingle/internal/web/ui"
)

// Files are the papers of all cases of a body.
type Files struct {
	Record  *record.Record
	Objects *vault.Objects
	Log     *publog.Log
	// LeafAt returns the index of the leaf that tells of the event at a position of the record.
	LeafAt func(ctx context.Context, position int64) (int64, error)
	Body   func(ctx context.Context) (governance.Body, error)
	Now    func() time.Time
	LogKey string // vkey of the public log

	looking chan struct{} // held while a file is looked at
}

// together is how many files are looked at at once: each may need a few hundred MiB while it is.
const together = 2

// Exhibits returns what pages do with the papers.
func (f *Files) Exhibits() ui.Exhibits {
	f.looking = make(chan struct{}, together)
	return ui.Exhibits{Take: f.take, Pass: f.pass, Drop: f.drop, Open: f.open, Bundle: f.bundle, CourtPack: f.courtPack, Subject: f.subject}
}

// caseOf returns a case; [ui.ErrNoExhibit] if there is none.
func (f *Files) caseOf(ctx context.Context, id string) (cases.Case, error) {
	w := f.Record.Look(ctx)
	c := act.StateOf[cases.Case](w, "case/"+id)
	if err := w.Err(); err != nil {
		return c, err
	}
	if c.Stage == "" || c.Stage == cases.Destroyed {
		return c, ui.ErrNoExhibit
	}
	return c, nil
}

// reader is who asks, as the rules of a case know them: who acts for a member that answers for the respondent by now
// acts for the respondent.
func (f *Files) reader(ctx context.Context, who ui.Who, c cases.Case) (cases.Reader, error) {
	r := cases.Reader{Actor: who.Actor, Role: who.Role, Member: who.Member}
	w := f.Record.Look(ctx)
	seen := map[string]bool{}
	for heir := c.Member; heir != "" && !seen[heir]; {
		if heir == who.Member {
			r.Member = c.Member
		}
		seen[heir] = true
		heir = act.StateOf[membership.Member](w, "member/"+heir).Successor
	}
	return r, w.Err()
}

// holds returns the SHA-256 by which an affair names a file, "" if the file is no part of it.
func (f *Files) holds(ctx context.Context, of, object string) (sum string, err error) {
	w := f.Record.Look(ctx)
	switch kind, _, _ := strings.Cut(of, "/"); kind {
	case "case":
		c := act.StateOf[cases.Case](w, of)
		for _, file := range c.Files {
			if file.Object == object {
				sum = file.SHA256
			}
		}
		for _, e := range c.Evidence {
			if e.Object == object {
				sum = e.SHA256
			}
		}
	case "claim":
		if c := act.StateOf[cases.Claim](w, of); c.Object == object {
			sum = c.SHA256
		}
	}
	return sum, w.Err()
}

// isAffair reports whether an owner is a case or the matter of a false claim, and not a draft.
func isAffair(owner string) bool {
	return strings.HasPrefix(owner, "case/") || strings.HasPrefix(owner, "claim/")
}

// access is who takes something out of the vault.
func access(who ui.Who, purpose, args string) vault.Access {
	return vault.Access{By: who.Actor, Role: who.Role, Purpose: fmt.Sprintf(purpose, args)}
}
