package verify_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"shingle/verify"
)

// issued is a receipt with all that it was made of, for tests to make it of something else.
type issued struct {
	log        *memoryLog
	receipt    verify.Receipt
	signer     note.Signer
	leaf       []byte
	index      int64 // of the leaf that the proof is of
	checkpoint []byte
}

// issue states the standing of member 0042 in a log of some size and makes a receipt of it.
func issue(t testing.TB, change func(*verify.Standing)) *issued {
	s := standing("0042")
	s.At, s.Record = noon.Add(-time.Minute), record(900)
	if change != nil {
		change(&s)
	}
	l := body(t, 20)
	i := &issued{log: l, index: l.add(t, s), signer: receiptKey}
	i.leaf = l.leaves[i.index]
	l.addLeaf([]byte(wire[0].leaf))
	i.checkpoint = l.checkpoint()
	i.receipt = receipt()
	i.receipt.Leaf, i.receipt.Name, i.receipt.Status, i.receipt.Kind = i.index, s.Name, s.Status, s.Kind
	return i
}

// document puts the parts together without the checks that verify.Document makes.
func (i *issued) document(t testing.TB) []byte {
	t.Helper()
	proof, err := tlog.ProveRecord(int64(len(i.log.leaves)), i.index, i.log.hashes)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: i.receipt.Text()}, i.signer)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(signed, []byte("---\n"), torchwood.FormatProofWithExtraData(i.index, i.leaf, proof, i.checkpoint))
}

func TestReceiptProves(t *testing.T) {
	i := issue(t, nil)
	doc := i.document(t)
	proof, err := tlog.ProveRecord(int64(len(i.log.leaves)), i.index, i.log.hashes)
	if err != nil {
		t.Fatal(err)
	}
	if made, err := verify.Document(i.receipt, receiptKey, i.leaf, proof, i.checkpoint); err != nil || !bytes.Equal(made, doc) {
		t.Errorf("Document made\n%s\n%v", made, err)
	}
	result, err := verify.CheckReceipt(doc, demoKeys, noon)
	if err != nil {
		t.Fatal(err)
	}
	if !result.Good || result.Receipt.Member != "0042" || result.Statement.Member != "0042" || result.Size != 23 {
		t.Errorf("%+v", result)
	}
	for _, words := range []string{"demo.example", "Cobalt Ridge IT", "in good standing", "leaf 21 of its public log of 23", "2026.1"} {
		if !strings.Contains(result.String(), words) {
			t.Errorf("%q does not say %q", result, words)
		}
	}
}

func TestReceiptOfAnotherStatusIsProvenButNotGood(t *testing.T) {
	for _, status := range verify.Statuses[1:] {
		i := issue(t, func(s *verify.Standing) { s.Status, s.Kind = status, "disciplinary" })
		result, err := verify.CheckReceipt(i.document(t), demoKeys, noon)
		if err != nil || result.Good || !strings.Contains(result.String(), status+" (disciplinary)") {
			t.Errorf("%s: %v, %v", status, result, err)
		}
	}
}

func TestReceiptHoldsForItsTime(t *testing.T) {
	doc := issue(t, nil).document(t)
	for _, c := range []struct {
		at   time.Time
		want error
	}{
		{noon.Add(-time.Microsecond), verify.ErrNotYet},
		{noon, nil},
		{noon.Add(24*time.Hour - time.Microsecond), nil},
		{noon.Add(24 * time.Hour), verify.ErrExpired},
	} {
		if _, err := verify.CheckReceipt(doc, demoKeys, c.at); !errors.Is(err, c.want) {
			t.Errorf("at %s: %v", c.at, err)
		}
	}
}

func TestCheckReceiptSaysWhichCheckFailed(t *testing.T) {
	other, otherVKey := key("demo.example/receipts", 'x')
	foreignLog, _ := key("demo.example/log", 'y')
	for _, c := range []struct {
		name   string
		change func(i *issued, k *verify.Keys)
		want   error
	}{
		{"signed by another key", func(i *issued, k *verify.Keys) { i.signer = other }, verify.ErrSignature},
		{"checked with another key", func(i *issued, k *verify.Keys) { k.Receipt = otherVKey }, verify.ErrSignature},
		{"no receipt key", func(i *issued, k *verify.Keys) { k.Receipt = "" }, verify.ErrKey},
		{"no log key", func(i *issued, k *verify.Keys) { k.Log = "" }, verify.ErrKey},
		{"an unreadable witness key", func(i *issued, k *verify.Keys) { k.Witnesses = []string{"w"} }, verify.ErrKey},
		{"another body", func(i *issued, k *verify.Keys) { k.Body = "other.example" }, verify.ErrOtherBody},
		{"a leaf of another log", func(i *issued, k *verify.Keys) {
			i.checkpoint, _ = note.Sign(&note.Note{Text: strings.Split(string(i.checkpoint), "\n\n")[0] + "\n"}, foreignLog)
		}, verify.ErrCheckpoint},
		{"a checkpoint of another origin", func(i *issued, k *verify.Keys) {
			i.checkpoint, _ = note.Sign(&note.Note{Text: "other.example\n1\n" + strings.Split(string(i.checkpoint), "\n")[2] + "\n"}, logKey)
		}, verify.ErrCheckpoint},
		{"a checkpoint with a signature nobody can check", func(i *issued, k *verify.Keys) { i.checkpoint = i.log.checkpoint(foreignLog) }, verify.ErrCheckpoint},
		{"a checkpoint of an older log", func(i *issued, k *verify.Keys) { i.checkpoint = body(t, 3).checkpoint() }, verify.ErrInclusion},
		{"another leaf than is in the log", func(i *issued, k *verify.Keys) {
			i.leaf = bytes.Replace(i.leaf, []byte(`"good"`), []byte(`"lapsed"`), 1)
		}, verify.ErrInclusion},
		{"a proof of another leaf", func(i *issued, k *verify.Keys) { i.index, i.leaf = 2, i.log.leaves[2] }, verify.ErrMismatch},
		{"a leaf that is no standing", func(i *issued, k *verify.Keys) { i.index, i.receipt.Leaf, i.leaf = 0, 0, i.log.leaves[0] }, verify.ErrMismatch},
		{"a leaf about another member", func(i *issued, k *verify.Keys) { i.index, i.receipt.Leaf, i.leaf = 2, 2, i.log.leaves[2] }, verify.ErrMismatch},
		{"another member", func(i *issued, k *verify.Keys) { i.receipt.Member = "0043" }, verify.ErrMismatch},
		{"another name", func(i *issued, k *verify.Keys) { i.receipt.Name += "." }, verify.ErrMismatch},
		{"a domain less", func(i *issued, k *verify.Keys) { i.receipt.Domains = i.receipt.Domains[:1] }, verify.ErrMismatch},
		{"another status", func(i *issued, k *verify.Keys) { i.receipt.Status = "lapsed" }, verify.ErrMismatch},
		{"another kind", func(i *issued, k *verify.Keys) { i.receipt.Status, i.receipt.Kind = "lapsed", "interim" }, verify.ErrMismatch},
		{"another since", func(i *issued, k *verify.Keys) { i.receipt.Since = i.receipt.Since.Add(time.Hour) }, verify.ErrMismatch},
		{"another code", func(i *issued, k *verify.Keys) { i.receipt.CodeVersion = "2026.2" }, verify.ErrMismatch},
		{"no code", func(i *issued, k *verify.Keys) { i.receipt.CodeVersion, i.receipt.CodeSHA256 = "", "" }, verify.ErrMismatch},
		{"issued before its leaf", func(i *issued, k *verify.Keys) { i.receipt.At = noon.Add(-time.Hour) }, verify.ErrMismatch},
		{"not a receipt", func(i *issued, k *verify.Keys) { i.receipt.Body = "" }, verify.ErrMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			i, k := issue(t, nil), demoKeys
			c.change(i, &k)
			result, err := verify.CheckReceipt(i.document(t), k, noon)
			if !errors.Is(err, c.want) || result.Good {
				t.Errorf("got %v, %v", result, err)
			}
		})
	}
}

func TestDocumentIsNotMadeOfWhatDoesNotAgree(t *testing.T) {
	i := issue(t, nil)
	for name, change := range map[string]func(*verify.Receipt){
		"a name of two lines": func(r *verify.Receipt) { r.Name = "A\nstatus good" },
		"another status":      func(r *verify.Receipt) { r.Status = "expelled" },
	} {
		r := i.receipt
		change(&r)
		if doc, err := verify.Document(r, receiptKey, i.leaf, nil, i.checkpoint); err == nil || doc != nil {
			t.Errorf("%s: signed", name)
		}
	}
	if _, err := verify.Document(i.receipt, receiptKey, i.log.leaves[0], nil, i.checkpoint); !errors.Is(err, verify.ErrMismatch) {
		t.Errorf("another statement: %v", err)
	}
}

func TestReceiptWithCosignaturesNeedsTheirKeys(t *testing.T) {
	w, err := torchwood.NewCosignatureSigner("witness.example/w", ed25519.NewKeyFromSeed([]byte(strings.Repeat("w", ed25519.SeedSize))))
	if err != nil {
		t.Fatal(err)
	}
	i, k := issue(t, nil), demoKeys
	i.checkpoint = i.log.checkpoint(w)
	if _, err := verify.CheckReceipt(i.document(t), k, noon); !errors.Is(err, verify.ErrCheckpoint) || !strings.Contains(err.Error(), "witness.example/w") {
		t.Errorf("without the key: %v", err)
	}
	k.Witnesses = []string{w.Verifier().String()}
	result, err := verify.CheckReceipt(i.document(t), k, noon)
	if err != nil || !strings.Contains(result.String(), "cosigned by witness.example/w") {
		t.Errorf("with the key: %v, %v", result, err)
	}
	everyBitCounts(t, i.document(t), k)
}

func TestNoChangedBitIsAccepted(t *testing.T) {
	everyBitCounts(t, issue(t, nil).document(t), demoKeys)
	everyBitCounts(t, issue(t, func(s *verify.Standing) {
		s.Name, s.Status, s.Kind = "Șindrilă & Söhne 株式会社", "expelled", "disciplinary"
	}).document(t), demoKeys)
}

func everyBitCounts(t *testing.T, doc []byte, keys verify.Keys) {
	t.Helper()
	if _, err := verify.CheckReceipt(doc, keys, noon); err != nil {
		t.Fatal(err)
	}
	for i := range doc {
		for bit := range 8 {
			changed := bytes.Clone(doc)
			changed[i] ^= 1 << bit
			if result, err := verify.CheckReceipt(changed, keys, noon); err == nil || result.Good {
				t.Errorf("bit %d flipped at byte %d (%q) is accepted", bit, i, doc[i])
			}
		}
	}
}

func TestNothingAddedOrTakenAwayIsAccepted(t *testing.T) {
	doc := issue(t, nil).document(t)
	refused := func(changed []byte, how string, at int) {
		if result, err := verify.CheckReceipt(changed, demoKeys, noon); err == nil || result.Good {
			t.Errorf("%s at byte %d (%q) is accepted", how, at, doc[at])
		}
	}
	for i := range doc {
		refused(slices.Delete(bytes.Clone(doc), i, i+1), "a byte removed", i)
		refused(slices.Insert(bytes.Clone(doc), i, doc[i]), "a byte doubled", i)
		refused(slices.Insert(bytes.Clone(doc), i, '\n'), "a line broken", i)
		refused(doc[:i], "cut", i)
	}
	refused(append(bytes.Clone(doc), '\n'), "a line added", len(doc)-1)
	lines := bytes.SplitAfter(doc, []byte("\n"))
	for i := range lines {
		if len(lines[i]) > 0 {
			refused(bytes.Join(slices.Insert(slices.Clone(lines), i, lines[i]), nil), "a line doubled", 0)
		}
	}
}

func FuzzCheckReceipt(f *testing.F) {
	doc := issue(f, nil).document(f)
	f.Add(doc)
	f.Add(bytes.ReplaceAll(doc, []byte("\n"), []byte("\n\n")))
	f.Add([]byte("---\nc2sp.org/tlog-proof@v1\nextra \nindex 0\n\n"))
	f.Fuzz(func(t *testing.T, changed []byte) {
		if _, err := verify.CheckReceipt(changed, demoKeys, noon); err == nil && !bytes.Equal(changed, doc) {
			t.Errorf("accepted:\n%s", changed)
		}
	})
}

func TestParseBody(t *testing.T) {
	good := fmt.Sprintf(`{"body":"demo.example","log":{"origin":"demo.example/log","vkey":%q},"receipt":{"vkey":%q},"api":"https://demo.example/api/v1"}`, logVKey, receiptVKey)
	b, err := verify.ParseBody([]byte(good))
	if err != nil || b.API != "https://demo.example/api/v1" {
		t.Fatalf("%+v, %v", b, err)
	}
	if k := b.Keys(); k.Log != logVKey || k.Receipt != receiptVKey || k.Body != "demo.example" {
		t.Errorf("%+v", k)
	}
	for _, c := range []struct {
		old, new string
		want     error
	}{
		{good, "", verify.ErrMalformed},
		{`"demo.example"`, `""`, verify.ErrMalformed},
		{`"origin":"demo.example/log"`, `"origin":"demo.example"`, verify.ErrKey},
		{logVKey, "x" + logVKey, verify.ErrKey},
		{receiptVKey, "", verify.ErrKey},
	} {
		if _, err := verify.ParseBody([]byte(strings.Replace(good, c.old, c.new, 1))); !errors.Is(err, c.want) {
			t.Errorf("%s for %s: %v", c.new, c.old, err)
		}
	}
}
