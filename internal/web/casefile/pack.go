package casefile

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/discipline"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/publog"
	"shingle/internal/record"
	"shingle/internal/vault"
	"shingle/internal/web/ui"
)

// entry is an event of a case as a pack shows it.
type entry struct {
	Position  int64     `json:"position"`
	Recorded  time.Time `json:"recorded"`
	Effective time.Time `json:"effective"`
	Stream    string    `json:"stream"`
	Kind      string    `json:"kind"`
	Actor     string    `json:"actor"`
	Role      string    `json:"role"`
	Chain     string    `json:"chain"` // SHA-256 over the chain before it and the row as stored, hex
	Event     any       `json:"event"`
}

func entryOf(e act.Recorded) entry {
	return entry{e.Position, e.At, e.Effective, e.Stream, e.Kind, e.Actor, e.Role, hex.EncodeToString(e.Chain[:]), e.Event}
}

// archive is a zip that is being written, with the sums of what is in it.
type archive struct {
	*zip.Writer
	at   time.Time
	sums strings.Builder
}

// add writes a file.
func (z *archive) add(name string, write func(io.Writer) error) error {
	to, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: z.at})
	if err != nil {
		return err
	}
	sum := sha256.New()
	if err := write(io.MultiWriter(to, sum)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	fmt.Fprintf(&z.sums, "%x  %s\n", sum.Sum(nil), name)
	return nil
}

func (z *archive) text(name, text string) error {
	return z.add(name, func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
}

func (z *archive) json(name string, doc any) error {
	return z.add(name, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(doc)
	})
}

// finish writes the sums, and ends the archive.
func (z *archive) finish() error {
	to, err := z.CreateHeader(&zip.FileHeader{Name: "SHA256SUMS", Method: zip.Deflate, Modified: z.at})
	if err == nil {
		_, err = io.WriteString(to, z.sums.String())
	}
	return errors.Join(err, z.Close())
}

const courtReadme = `The file of case %s of %s, made on %s.

record.json       everything that is on record of the case, in order, with what was confided in it in the clear. Each
                  entry names its position in the record and the chain of hashes up to it. What the panel said among
                  itself, how its members voted, and the notes of counsel are sealed under other keys, and read
                  "[sealed]".
certificate.json  the certificate of procedure: each step that the procedure asks for, with its position in the record.
                  Its SHA-256, as JSON without white space, is %s.
proofs/           for each statement in the public log about it, the proof that it is there (C2SP tlog-proof). The
                  log's key is in proofs/log.vkey.
bundle.pdf        all evidence that was admitted, as one document with one count of pages.
evidence/         the same files as they are kept, by the number of the exhibit.
handed-in/        files of the parties that were not admitted.
SHA256SUMS        the SHA-256 of each of these files ("sha256sum -c SHA256SUMS").

Whoever reads record.json can compare it with the public log: every statement there names the position and the chain of
the entry that it tells of.
`

// courtPack writes all that a court would ask for. It is the case manager's to make.
func (f *Files) courtPack(ctx context.Context, who ui.Who, caseID string, w io.Writer) error {
	c, err := f.caseOf(ctx, caseID)
	if err != nil {
		return err
	}
	if who.Role != "case-manager" || c.Manager == "" || c.Manager != who.Actor {
		return ui.ErrNoExhibit
	}
	body, err := f.Body(ctx)
	if err != nil {
		return err
	}
	a, own := access(who, "the pack for a court of case %s", caseID), "case/"+caseID
	events, err := f.Record.Concerning(ctx, own, f.Record.Position())
	if err != nil {
		return err
	}
	entries := make([]entry, len(events))
	for i, e := range events {
		entries[i] = entryOf(e)
	}
	open, err := f.Objects.RevealIn(ctx, a, own, entries, func(owner string) bool { return owner == own })
	if err != nil {
		return err
	}
	look := f.Record.Look(ctx)
	certificate := flowbody.Certificate(look, caseID)
	if err := look.Err(); err != nil {
		return err
	}
	proofs, err := f.proofs(ctx, c)
	if err != nil {
		return err
	}
	var bound bytes.Buffer // before anything is written: what goes wrong can be said then
	if err := f.bind(ctx, a, c, &bound); err != nil {
		return err
	}
	z := &archive{Writer: zip.NewWriter(w), at: f.Now()}
	err = errors.Join(
		z.text("README.txt", fmt.Sprintf(courtReadme, caseID, body.Name, z.at.In(body.Location).Format("2 January 2006"), certificate.Hash())),
		z.json("record.json", open), z.json("certificate.json", certificate), z.text("proofs/log.vkey", f.LogKey+"\n"),
	)
	for _, p := range proofs {
		err = errors.Join(err, z.text(p.name, string(p.text)))
	}
	if err == nil {
		err = z.add("bundle.pdf", func(w io.Writer) error { _, err := w.Write(bound.Bytes()); return err })
	}
	if err == nil {
		err = f.addFiles(ctx, z, a, c, nil)
	}
	if err != nil {
		return err
	}
	return z.finish()
}

// addFiles adds the files of a case to an archive: those that which allows, by object; nil allows all.
func (f *Files) addFiles(ctx context.Context, z *archive, a vault.Access, c cases.Case, which func(object string) bool) error {
	add := func(folder, called, object string) error {
		if which != nil && !which(object) {
			return nil
		}
		file, x, err := f.opened(ctx, a, "case/"+c.ID, object, called)
		if errors.Is(err, ui.ErrNoExhibit) { // named by somebody who never uploaded it
			return z.text(folder+called+"-missing.txt", "The record names the object "+object+", and there is none.\n")
		}
		if err != nil {
			return err
		}
		err = z.add(folder+x.Name, func(w io.Writer) error { _, err := io.Copy(w, file); return err })
		return errors.Join(err, file.Close())
	}
	admitted := map[string]bool{}
	for i, e := range c.Evidence {
		admitted[e.Object] = true
		if err := add("evidence/", fmt.Sprintf("exhibit-%03d", i+1), e.Object); err != nil {
			return err
		}
	}
	for i, file := range c.Files {
		if admitted[file.Object] {
			continue
		}
		if err := add("handed-in/", fmt.Sprintf("%s-%03d", file.From, i+1), file.Object); err != nil {
			return err
		}
	}
	return nil
}

// proof is a proof as a file of a pack.
type proof struct {
	name string
	text []byte
}

// proofs are those of what the public log says of a case: its notices, and how its member stood then.
func (f *Files) proofs(ctx context.Context, c cases.Case) (all []proof, err error) {
	look := f.Record.Look(ctx)
	order := strings.TrimPrefix(look.Holder("order", "case/"+c.ID), "order/")
	notice := ""
	if order != "" {
		notice = look.Holder("notice", discipline.AnnouncedKey(order, 1))
	}
	if err := look.Err(); err != nil || notice == "" {
		return nil, err
	}
	events, err := f.Record.Concerning(ctx, notice, f.Record.Position())
	if err != nil || len(events) == 0 {
		return nil, err
	}
	stated, err := f.Record.Search(ctx, record.Wanted{Subject: "member/" + c.Member, Kind: "standing.stated", After: events[0].Position - 20, Forward: true}, 1)
	if err != nil {
		return nil, err
	}
	for _, e := range append(events, stated.Events...) {
		index, err := f.LeafAt(ctx, e.Position)
		if errors.Is(err, publog.ErrNotPublic) {
			continue
		} else if err != nil {
			return nil, err
		}
		text, err := f.Log.Inclusion(ctx, index)
		if err != nil {
			return nil, err
		}
		all = append(all, proof{fmt.Sprintf("proofs/%s-%d.tlog-proof", strings.ReplaceAll(e.Kind, "/", "-"), e.Position), text})
	}
	return all, nil
}
