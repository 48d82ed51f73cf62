// Package verify checks, without asking anybody, what a professional body's register said about a
// member: a standing receipt, or the body's whole public log.
//
// The common case is one document and two keys:
//
//	keys, err := verify.ParseBody(shingleJSON) // the body's /.well-known/shingle.json, kept from before
//	result, err := verify.CheckReceipt(document, keys, time.Now())
//	if err != nil {
//		// nothing is proven; err says which check failed
//	}
//	fmt.Println(result) // what was proven, in words; result.Good says whether it is good standing
//
// A receipt is a short signed text about one member's standing, followed by a proof that the same
// standing is a leaf of the body's append-only log (see [Receipt], [Standing]). [CheckLog] reads such a
// log from end to end and lists whatever does not fit; [CheckConsistency] shows that it still holds all
// that an older checkpoint promised.
//
// The package owns the formats: whoever issues receipts and leaves writes them with it, too. It reads
// no clock, and no network but the [Source] it is handed. All times are UTC and carry at most whole
// microseconds.
package verify

import (
	"encoding/json"
	"errors"
	"fmt"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
)

// What can be wrong with a document or a log. Errors of this package wrap one of these and add the
// particulars; none of them leaves anything proven.
var (
	ErrMalformed  = errors.New("malformed")
	ErrKey        = errors.New("unusable key")
	ErrSignature  = errors.New("the receipt's signature does not verify")
	ErrCheckpoint = errors.New("the checkpoint does not verify")
	ErrInclusion  = errors.New("the leaf is not in the log")
	ErrMismatch   = errors.New("the receipt does not say what the leaf says")
	ErrOtherBody  = errors.New("the receipt is another body's")
	ErrNotYet     = errors.New("the receipt is not yet valid")
	ErrExpired    = errors.New("the receipt has expired")
	ErrUnreadable = errors.New("the log cannot be read")
	ErrRolledBack = errors.New("the log is shorter than it was")
	ErrForked     = errors.New("the log was rewritten")
)

// Keys are what a verifier must know beforehand, in the vkey encoding of C2SP signed-note,
// "name+hash+key".
type Keys struct {
	Log     string // the log's key; its name is the log's origin
	Receipt string // the key that signs receipts; not needed for CheckLog
	// Body, if set, is the body that a receipt must name, e.g. "demo.example".
	Body string
	// Witnesses are the keys of witnesses whose cosignatures on a checkpoint are to be checked.
	Witnesses []string
}

// Body is what a body publishes about itself under /.well-known/shingle.json.
type Body struct {
	Body string `json:"body"` // e.g. "demo.example"
	Log  struct {
		Origin    string   `json:"origin"`
		VKey      string   `json:"vkey"`
		Witnesses []string `json:"witnesses,omitempty"`
	} `json:"log"`
	Receipt struct {
		VKey string `json:"vkey"`
	} `json:"receipt"`
	API string `json:"api"` // address of the JSON API, e.g. "https://demo.example/api/v1"
}

// Keys returns the keys of the body.
func (b Body) Keys() Keys {
	return Keys{Log: b.Log.VKey, Receipt: b.Receipt.VKey, Body: b.Body, Witnesses: b.Log.Witnesses}
}

// ParseBody reads a saved or fetched shingle.json and checks that its keys can be used. What it says is
// only as good as the way it came.
func ParseBody(data []byte) (Body, error) {
	var b Body
	if err := json.Unmarshal(data, &b); err != nil {
		return Body{}, fmt.Errorf("%w shingle.json: %v", ErrMalformed, err)
	}
	if err := checkToken(b.Body); err != nil {
		return Body{}, fmt.Errorf("%w shingle.json: body %v", ErrMalformed, err)
	}
	ring, err := b.Keys().open()
	if err != nil {
		return Body{}, fmt.Errorf("shingle.json: %w", err)
	}
	if ring.receipt == nil {
		return Body{}, fmt.Errorf("shingle.json: %w: receipt.vkey is missing", ErrKey)
	}
	if ring.log.Name() != b.Log.Origin {
		return Body{}, fmt.Errorf("shingle.json: %w: log.vkey is for %q, not for the origin %q", ErrKey, ring.log.Name(), b.Log.Origin)
	}
	return b, nil
}

// keyring is Keys made ready for use.
type keyring struct {
	log       note.Verifier
	receipt   note.Verifier // nil if none was given
	witnesses []note.Verifier
}

func (k Keys) open() (ring keyring, err error) {
	if ring.log, err = note.NewVerifier(k.Log); err != nil {
		return ring, fmt.Errorf("%w: the log's: %v", ErrKey, err)
	}
	if k.Receipt != "" {
		if ring.receipt, err = note.NewVerifier(k.Receipt); err != nil {
			return ring, fmt.Errorf("%w: the receipt's: %v", ErrKey, err)
		}
	}
	for _, vkey := range k.Witnesses {
		w, err := torchwood.NewCosignatureVerifier(vkey)
		if err != nil {
			return ring, fmt.Errorf("%w: a witness's: %v", ErrKey, err)
		}
		ring.witnesses = append(ring.witnesses, w)
	}
	return ring, nil
}

// checkpoint verifies a signed checkpoint: the log's own signature must be there and its origin be the
// log's; cosignatures of known witnesses must verify. It returns the names of those witnesses.
func (ring keyring) checkpoint(signed []byte) (torchwood.Checkpoint, *note.Note, []string, error) {
	own := torchwood.ThresholdPolicy(2, torchwood.OriginPolicy(ring.log.Name()), torchwood.SingleVerifierPolicy(ring.log))
	policies := []torchwood.Policy{own}
	for _, w := range ring.witnesses {
		// A threshold of none makes the witness known without asking for its signature.
		policies = append(policies, torchwood.ThresholdPolicy(0, torchwood.SingleVerifierPolicy(w)))
	}
	c, n, err := torchwood.VerifyCheckpoint(signed, torchwood.ThresholdPolicy(len(policies), policies...))
	if err != nil {
		return c, nil, nil, fmt.Errorf("%w: %v", ErrCheckpoint, err)
	}
	if c.String() != n.Text {
		return c, nil, nil, fmt.Errorf("%w: it is not written in its one canonical form", ErrCheckpoint)
	}
	var witnesses []string
	for _, s := range n.Sigs {
		if s.Name != ring.log.Name() || s.Hash != ring.log.KeyHash() {
			witnesses = append(witnesses, s.Name)
		}
	}
	return c, n, witnesses, nil
}
