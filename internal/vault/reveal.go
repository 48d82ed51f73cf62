package vault

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"shingle/internal/act"
)

// Reveal is [Objects.Open] for what somebody confided in words: it opens private values, commits the access to
// the record (Audit), and only then hands out the texts, one for each value and in its place. about is the
// stream that the words are from, e.g. "case/2027-0007".
//
// One call is one access, however many values it opens, for each key that seals some of them: a page that
// shows twenty messages is in the record once. Where there is nothing to open, nothing is recorded. It fails
// with [act.ErrForgotten] once the key of a value is destroyed, and then hands out none.
func (o *Objects) Reveal(ctx context.Context, a Access, about string, values ...act.Private) (texts []string, err error) {
	var owners []string
	texts = make([]string, len(values))
	for i, v := range values {
		if v.Empty() {
			continue
		}
		if texts[i], err = act.Reveal(v, o.Keys); err != nil {
			return nil, fmt.Errorf("what was confided in %s cannot be opened: %w", about, err)
		}
		if !slices.Contains(owners, v.Owner) {
			owners = append(owners, v.Owner)
		}
	}
	for _, owner := range owners {
		if err := o.audit(ctx, a, Object{ID: about, Owner: owner}, Words); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// sealedValue is how a private or personal value stands in the JSON of an event.
type sealedValue struct {
	Owner  string `json:"owner"`
	Sealed []byte `json:"sealed"`
}

// withheld is what stands where a value is not for the reader, or its key is gone.
const withheld = "[sealed]"

// RevealIn returns the JSON of something, e.g. of events, with the values in the clear that are sealed under the keys
// that may names; the others read "[sealed]". As with [Objects.Reveal], the access is in the record before any of it
// is handed out, once for each key.
func (o *Objects) RevealIn(ctx context.Context, a Access, about string, doc any, may func(owner string) bool) (any, error) {
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	var tree any
	numbers := json.NewDecoder(bytes.NewReader(text))
	numbers.UseNumber()
	if err := numbers.Decode(&tree); err != nil {
		return nil, err
	}
	var owners []string
	tree, err = o.clear(tree, may, &owners)
	if err != nil {
		return nil, fmt.Errorf("what was confided in %s cannot be opened: %w", about, err)
	}
	for _, owner := range owners {
		if err := o.audit(ctx, a, Object{ID: about, Owner: owner}, Words); err != nil {
			return nil, err
		}
	}
	return tree, nil
}

// clear replaces the sealed values of a piece of JSON, and notes whose were opened.
func (o *Objects) clear(piece any, may func(owner string) bool, owners *[]string) (_ any, err error) {
	switch piece := piece.(type) {
	case []any:
		for i := range piece {
			if piece[i], err = o.clear(piece[i], may, owners); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		if v, ok := sealedIn(piece); ok {
			if !may(v.Owner) {
				return withheld, nil
			}
			text, err := o.Keys.Open(v.Owner, v.Sealed)
			switch {
			case errors.Is(err, act.ErrForgotten):
				return withheld, nil
			case err == nil && !slices.Contains(*owners, v.Owner):
				*owners = append(*owners, v.Owner)
			}
			return text, err
		}
		for name := range piece {
			if piece[name], err = o.clear(piece[name], may, owners); err != nil {
				return nil, err
			}
		}
	}
	return piece, nil
}

func sealedIn(piece map[string]any) (v sealedValue, ok bool) {
	owner, named := piece["owner"].(string)
	sealed, is := piece["sealed"].(string)
	if !named || !is || len(piece) != 2 {
		return v, false
	}
	v.Owner = owner
	v.Sealed, _ = base64.StdEncoding.DecodeString(sealed) // what is none opens to nothing
	return v, true
}
