package local

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"shingle/internal/vault"
	"shingle/internal/web/ui"
)

// checkVault opens every object to its end, or with ?hashes=true compares hashes, and shows none of it.
func (d *Door) checkVault(w http.ResponseWriter, r *http.Request) {
	// Unlike an import it changes nothing: nobody to tell, nothing to do.
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	out := newLines(w)
	faults, err := d.Objects.Examine(ctx, vault.Examination{
		Hashes: r.URL.Query().Get("hashes") == "true", Before: time.Now().Add(-vault.Settled),
		Progress: func(done, of int64) { out.progress(done>>20, of>>20) }, // MiB
	})
	if faults == nil {
		faults = []string{}
	}
	d.end(r, out, map[string]any{"faults": faults}, err)
}

// recoverObject hands out the identity of one object, once that is recorded.
func (d *Door) recoverObject(w http.ResponseWriter, r *http.Request) {
	var ask struct{ Object, Purpose string }
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<16)).Decode(&ask); err != nil {
		ui.BadRequest("The request cannot be read as JSON.").WriteJSON(w)
		return
	}
	o, identity, err := d.Objects.Recover(r.Context(), vault.Access{By: "operator", Role: "operator", Purpose: ask.Purpose}, ask.Object)
	if errors.Is(err, vault.ErrNoObject) {
		notThere("There is no object with this id", "\"shingle vault check\" names those that are out of order.").WriteJSON(w)
		return
	} else if err != nil {
		d.fail(w, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	d.write(w, map[string]string{"object": o.ID, "owner": o.Owner, "blob": o.Blob(), "in": d.Objects.Blobs.String(), "identity": identity})
}
