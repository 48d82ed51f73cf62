package casefile

import (
	"context"
	"errors"
	"fmt"
	"io"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/membership"
	"shingle/internal/documents"
	"shingle/internal/exhibit"
	"shingle/internal/vault"
	"shingle/internal/web/ui"
)

// mostBundled bounds the evidence of a bundle, in bytes: it is put on paper in memory.
const mostBundled = 400 << 20

func (f *Files) bundle(ctx context.Context, who ui.Who, caseID string, w io.Writer) error {
	c, err := f.caseOf(ctx, caseID)
	if err != nil {
		return err
	}
	r, err := f.reader(ctx, who, c)
	if err != nil {
		return err
	}
	if !c.ReadsBundle(r) {
		return ui.ErrNoExhibit
	}
	return f.bind(ctx, access(who, "the bundle for the hearing of case %s", caseID), c, w)
}

// admitted are the events by which evidence was admitted into a case.
func (f *Files) admitted(ctx context.Context, caseID string) (all []cases.EvidenceAdmitted, err error) {
	events, err := f.Record.Concerning(ctx, "case/"+caseID, f.Record.Position())
	for _, e := range events {
		if admitted, ok := e.Event.(cases.EvidenceAdmitted); ok {
			all = append(all, admitted)
		}
	}
	return all, err
}

// read reads a file of a case to its end. What is named and not there, because nobody ever uploaded it, is of no type.
func (f *Files) read(ctx context.Context, a vault.Access, c cases.Case, object string) (as string, text []byte, err error) {
	file, x, err := f.opened(ctx, a, "case/"+c.ID, object, "")
	if errors.Is(err, ui.ErrNoExhibit) {
		return "", nil, nil
	} else if err != nil {
		return "", nil, err
	}
	text, err = io.ReadAll(file)
	return x.Type, text, errors.Join(err, file.Close())
}

// sources are the words for where evidence comes from.
var sources = map[string]string{
	"complainant": "the complainant", "respondent": "the respondent", "witness": "a witness", "body": "the body’s own search", "public": "a public source",
}

// bind writes the bundle of a case.
func (f *Files) bind(ctx context.Context, a vault.Access, c cases.Case, w io.Writer) error {
	body, err := f.Body(ctx)
	if err != nil {
		return err
	}
	evidence, err := f.admitted(ctx, c.ID)
	if err != nil {
		return err
	}
	what := make([]act.Private, len(evidence))
	for i, e := range evidence {
		what[i] = e.What
	}
	words, err := f.Objects.Reveal(ctx, a, "case/"+c.ID, what...)
	if err != nil {
		return err
	}
	look := f.Record.Look(ctx)
	about := act.StateOf[membership.Member](look, "member/"+c.Member).Name
	if err := look.Err(); err != nil {
		return err
	}
	b := documents.Bundle{
		Body: documents.Body{Name: body.Name, Web: body.Web, Zone: body.Location}, Case: c.ID, About: fmt.Sprintf("%s (%s)", about, c.Member), Made: f.Now(),
	}
	total := 0
	for i, e := range evidence {
		printed := documents.Exhibit{Number: e.Number, What: words[i], From: sources[e.Source], Admitted: e.At, SHA256: e.SHA256, Anonymous: e.Anonymous}
		if printed.Type, printed.Bytes, err = f.read(ctx, a, c, e.Object); err != nil {
			return fmt.Errorf("exhibit %d: %w", e.Number, err)
		}
		if total += len(printed.Bytes); total > mostBundled {
			return &exhibit.Refused{Why: "the evidence is larger than 400 MiB in all, and is not bound into one document", Cure: "take the files one by one, or the pack for a court"}
		}
		b.Exhibits = append(b.Exhibits, printed)
	}
	_, err = b.WriteTo(w)
	return err
}
