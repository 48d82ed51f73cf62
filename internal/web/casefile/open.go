package casefile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"shingle/internal/act"
	"shingle/internal/exhibit"
	"shingle/internal/vault"
	"shingle/internal/web/ui"
)

func (f *Files) open(ctx context.Context, who ui.Who, of, object, purpose string) (io.ReadCloser, ui.Exhibit, error) {
	kind, id, _ := strings.Cut(of, "/")
	may := kind == "claim" && (who.Role == "case-manager" || who.Role == "chair")
	if kind == "case" {
		c, err := f.caseOf(ctx, id)
		if err != nil {
			return nil, ui.Exhibit{}, err
		}
		r, err := f.reader(ctx, who, c)
		if err != nil {
			return nil, ui.Exhibit{}, err
		}
		may = c.Reads(r, object)
	}
	if !may {
		return nil, ui.Exhibit{}, ui.ErrNoExhibit
	}
	return f.opened(ctx, vault.Access{By: who.Actor, Role: who.Role, Purpose: purpose}, of, object, "")
}

// opened opens a file of an affair for somebody who may read it. called is what it is called among the files of its
// affair; "" calls it by its own id.
func (f *Files) opened(ctx context.Context, a vault.Access, of, object, called string) (io.ReadCloser, ui.Exhibit, error) {
	sum, err := f.holds(ctx, of, object)
	if err != nil {
		return nil, ui.Exhibit{}, err
	}
	o, err := f.Objects.Find(ctx, object)
	switch {
	case errors.Is(err, vault.ErrNoObject), errors.Is(err, act.ErrForgotten), sum == "", err == nil && isAffair(o.Owner) && !f.belongs(ctx, of, o.Owner):
		return nil, ui.Exhibit{}, ui.ErrNoExhibit
	case err != nil:
		return nil, ui.Exhibit{}, err
	}
	r, err := f.Objects.Open(ctx, a, object)
	if err != nil {
		return nil, ui.Exhibit{}, err
	}
	_, as, _ := strings.Cut(o.Label, " ")
	if called == "" {
		called = strings.ReplaceAll(of, "/", "-") + "-" + object[:min(8, len(object))]
	}
	name, _ := exhibit.Label(called, as)
	return &named{r, sha256.New(), sum}, ui.Exhibit{Object: object, SHA256: sum, Name: name, Type: as, Size: o.Size, Taken: o.Made}, nil
}

// belongs reports whether what is sealed for one affair may be part of another: it is the same, or goes on in it.
func (f *Files) belongs(ctx context.Context, of, owner string) bool {
	for range 10 {
		if owner == of {
			return true
		}
		_, id, _ := strings.Cut(owner, "/")
		c, err := f.caseOf(ctx, id)
		if err != nil || c.Into == "" {
			return false
		}
		owner = "case/" + c.Into
	}
	return false
}

// named reads a file, and at its end says whether it is the one that the record names.
type named struct {
	io.ReadCloser
	hash hash.Hash
	sum  string // in hex
}

// Read implements [io.Reader].
func (n *named) Read(p []byte) (int, error) {
	got, err := n.ReadCloser.Read(p)
	n.hash.Write(p[:got])
	if err == io.EOF {
		if is := hex.EncodeToString(n.hash.Sum(nil)); is != n.sum {
			return got, fmt.Errorf("the file has the SHA-256 %s, and the record names %s: %w", is, n.sum, vault.ErrAltered)
		}
	}
	return got, err
}
