package verify

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A document is a receipt and its proof in one text:
//
//	the receipt as a signed note (C2SP signed-note, one signature)
//	---
//	the proof that leaf is in the log (C2SP tlog-proof), its extra data being the leaf itself
const separator = "\n---\n"

// Result is what a receipt proved.
type Result struct {
	Good      bool     // the proven status is "good"
	Receipt   Receipt  // what the body signed
	Statement Standing // what its log says at leaf Receipt.Leaf; the two agree
	Size      int64    // how many leaves the log had when the receipt was issued
	Witnesses []string // witnesses that cosigned the log's checkpoint, of those whose keys were given
}

// String says in words what was proven.
func (r Result) String() string {
	status := r.Receipt.Status
	if status == "good" {
		status = "in good standing"
	}
	if r.Receipt.Kind != "" {
		status += " (" + r.Receipt.Kind + ")"
	}
	domains := ""
	if len(r.Receipt.Domains) > 0 {
		domains = ", " + strings.Join(r.Receipt.Domains, ", ")
	}
	code := "It has signed no code of ethics."
	if r.Receipt.CodeVersion != "" {
		code = "It signed the code of ethics in version " + r.Receipt.CodeVersion + "."
	}
	cosigned := ""
	if len(r.Witnesses) > 0 {
		cosigned = ", cosigned by " + strings.Join(r.Witnesses, ", ")
	}
	return fmt.Sprintf("Proven: at %s the register of %s said that %s (member %s%s) was %s, since %s. %s "+
		"The same is leaf %d of its public log of %d%s. The receipt holds until %s.",
		formatTime(r.Receipt.At), r.Receipt.Body, r.Receipt.Name, r.Receipt.Member, domains, status, formatTime(r.Receipt.Since), code,
		r.Receipt.Leaf, r.Size, cosigned, formatTime(r.Receipt.Until))
}

// Document signs a receipt and attaches its proof: leaf is the leaf at r.Leaf, proof shows that it is in
// the log of the signed checkpoint. The checkpoint should carry the log's own signature only: a verifier
// refuses cosignatures whose keys it was not given. Nothing is signed that the leaf does not say, too.
func Document(r Receipt, signer note.Signer, leaf []byte, proof tlog.RecordProof, checkpoint []byte) ([]byte, error) {
	text := r.Text()
	if _, err := ParseReceipt(text); err != nil {
		return nil, err
	}
	s, err := ParseStatement(leaf)
	if err != nil {
		return nil, err
	}
	standing, ok := s.(Standing)
	if !ok {
		return nil, fmt.Errorf("%w: leaf %d is a %s statement", ErrMismatch, r.Leaf, s.Type())
	}
	if err := standing.agrees(r); err != nil {
		return nil, err
	}
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return nil, fmt.Errorf("could not sign the receipt: %w", err)
	}
	doc := append(signed, separator[1:]...)
	return append(doc, torchwood.FormatProofWithExtraData(r.Leaf, leaf, proof, checkpoint)...), nil
}

// CheckReceipt checks a whole document: the receipt's signature, the signature of the log's checkpoint,
// the proof that the leaf is in that log, that leaf and receipt say the same, and that the receipt is
// valid at the given time. Every byte of the document is covered by one of these; a document with
// anything else in it is refused. On any error nothing is proven; it wraps one of the errors of this
// package and says which check failed.
func CheckReceipt(doc []byte, keys Keys, at time.Time) (Result, error) {
	ring, err := keys.open()
	if err != nil {
		return Result{}, err
	}
	if ring.receipt == nil {
		return Result{}, fmt.Errorf("%w: the receipt's is missing", ErrKey)
	}
	signed, proof, ok := bytes.Cut(doc, []byte(separator))
	if !ok {
		return Result{}, fmt.Errorf("%w document: there is no line %q between receipt and proof", ErrMalformed, "---")
	}
	signed = append(slices.Clone(signed), '\n')

	n, err := openNote(signed, note.VerifierList(ring.receipt))
	if err != nil {
		return Result{}, fmt.Errorf("%w: %v", ErrSignature, err)
	}
	r, err := ParseReceipt(n.Text)
	if err != nil {
		return Result{}, err
	}
	if keys.Body != "" && r.Body != keys.Body {
		return Result{}, fmt.Errorf("%w: it is signed for %q, not for %q", ErrOtherBody, r.Body, keys.Body)
	}

	p, err := parseProof(proof)
	if err != nil {
		return Result{}, err
	}
	if p.index != r.Leaf {
		return Result{}, fmt.Errorf("%w: it names leaf %d, the proof is of leaf %d", ErrMismatch, r.Leaf, p.index)
	}
	if _, err := openNote(p.checkpoint, note.VerifierList(append(ring.witnesses, ring.log)...)); err != nil {
		return Result{}, fmt.Errorf("%w: %v", ErrCheckpoint, err)
	}
	c, _, witnesses, err := ring.checkpoint(p.checkpoint)
	if err != nil {
		return Result{}, err
	}
	if err := tlog.CheckRecord(p.hashes, c.N, c.Hash, p.index, tlog.RecordHash(p.leaf)); err != nil {
		return Result{}, fmt.Errorf("%w: the proof does not lead from leaf %d to the root of the log of %d", ErrInclusion, p.index, c.N)
	}

	s, err := ParseStatement(p.leaf)
	if err != nil {
		return Result{}, fmt.Errorf("leaf %d: %w", p.index, err)
	}
	standing, ok := s.(Standing)
	if !ok {
		return Result{}, fmt.Errorf("%w: leaf %d is a %s statement", ErrMismatch, p.index, s.Type())
	}
	if err := standing.agrees(r); err != nil {
		return Result{}, err
	}
	if at.Before(r.At) {
		return Result{}, fmt.Errorf("%w: it was issued at %s, and it is said to be %s now", ErrNotYet, formatTime(r.At), formatTime(at))
	}
	if !at.Before(r.Until) {
		return Result{}, fmt.Errorf("%w: it held until %s, and it is said to be %s now", ErrExpired, formatTime(r.Until), formatTime(at))
	}
	return Result{Good: r.Status == "good", Receipt: r, Statement: standing, Size: c.N, Witnesses: witnesses}, nil
}

// agrees checks that the leaf says all that the receipt says.
func (s Standing) agrees(r Receipt) error {
	var code Code
	if s.Code != nil {
		code = *s.Code
	}
	for _, f := range []struct{ field, leaf, receipt string }{
		{"member", s.Member, r.Member},
		{"name", s.Name, r.Name},
		{"domains", strings.Join(s.Domains, " "), strings.Join(r.Domains, " ")},
		{"status", s.Status, r.Status},
		{"kind", dash(s.Kind), dash(r.Kind)},
		{"since", formatTime(s.Since), formatTime(r.Since)},
		{"code version", code.Version, r.CodeVersion},
		{"code hash", code.SHA256, r.CodeSHA256},
	} {
		if f.leaf != f.receipt {
			return fmt.Errorf("%w: %s is %q in leaf %d and %q in the receipt", ErrMismatch, f.field, f.leaf, r.Leaf, f.receipt)
		}
	}
	if r.At.Before(s.At.Truncate(time.Second)) {
		return fmt.Errorf("%w: leaf %d was recorded at %s, after the receipt was issued at %s", ErrMismatch, r.Leaf, formatTime(s.At), formatTime(r.At))
	}
	return nil
}

// openNote opens a signed note and insists that each of its signatures is by one of the known keys and
// that all of it is written in the one canonical way, so that no bit of it can be changed unnoticed.
func openNote(signed []byte, known note.Verifiers) (*note.Note, error) {
	n, err := note.Open(signed, known)
	var unverified *note.UnverifiedNoteError
	if errors.As(err, &unverified) {
		n = unverified.Note
	} else if err != nil {
		return nil, err
	}
	if len(n.UnverifiedSigs) > 0 {
		s := n.UnverifiedSigs[0]
		return nil, fmt.Errorf("it is signed with the key %s+%08x, which was not given", s.Name, s.Hash)
	}
	again, err := note.Sign(n)
	if err != nil {
		return nil, err
	}
	for _, s := range n.Sigs {
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil {
			return nil, fmt.Errorf("the signature of %s is not canonical base64", s.Name)
		}
	}
	if !bytes.Equal(again, signed) {
		return nil, errors.New("a signature stands there twice")
	}
	return n, nil
}

// proof is a C2SP tlog-proof taken apart.
type proof struct {
	index      int64
	leaf       []byte // the extra data
	hashes     tlog.RecordProof
	checkpoint []byte
}

// parseProof takes a tlog-proof apart. It accepts only the one canonical spelling of it.
func parseProof(data []byte) (p proof, err error) {
	head, checkpoint, ok := bytes.Cut(data, []byte("\n\n"))
	if !ok {
		return p, fmt.Errorf("%w proof: no checkpoint follows", ErrMalformed)
	}
	p.checkpoint = checkpoint
	if p.leaf, err = torchwood.ProofExtraData(data); err != nil {
		return p, fmt.Errorf("%w proof: %v", ErrMalformed, err)
	}
	lines := strings.Split(string(head), "\n")
	if len(lines) < 3 || !strings.HasPrefix(lines[2], "index ") {
		return p, fmt.Errorf("%w proof: line 3: expected %q", ErrMalformed, "index …")
	}
	if p.index, err = strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64); err != nil || p.index < 0 {
		return p, fmt.Errorf("%w proof: line 3: %q is not the index of a leaf", ErrMalformed, lines[2])
	}
	for i, line := range lines[3:] {
		h, err := tlog.ParseHash(line)
		if err != nil {
			return p, fmt.Errorf("%w proof: line %d: %q is not a hash", ErrMalformed, i+4, line)
		}
		p.hashes = append(p.hashes, h)
	}
	if !bytes.Equal(torchwood.FormatProofWithExtraData(p.index, p.leaf, p.hashes, p.checkpoint), data) {
		return p, fmt.Errorf("%w proof: it is not written in its one canonical form", ErrMalformed)
	}
	return p, nil
}
