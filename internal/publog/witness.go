package publog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb/note"
)

// Witness is a service that cosigns checkpoints (C2SP tlog-witness).
type Witness struct {
	URL  string // submission prefix, e.g. "https://witness.example"
	VKey string // its key, C2SP vkey of a cosigner
}

// witness is a Witness and what it last told us.
type witness struct {
	Witness
	verifier note.Verifier

	mu    sync.Mutex // held while it is being asked
	known int64      // the size of our log that it last saw, as far as we know
}

// seenMore is the answer of a witness that knows a longer log than the checkpoint it was shown.
type seenMore struct {
	name string
	size int64
}

func (e *seenMore) Error() string {
	return fmt.Sprintf("witness %s has seen %d leaves", e.name, e.size)
}

// submit shows a checkpoint to a witness and returns its cosignatures. The witness first tells what size
// it knows; it is then sent the proof that the log only grew since. It returns a *seenMore, an error
// that wraps ErrForked when the witness knows another log, or the reason why it did not answer.
func (l *Log) submit(ctx context.Context, w *witness, p *published) ([]note.Signature, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	name := w.verifier.Name()
	for range 4 { // the size it knows can change between two requests, but not for ever
		old := min(w.known, p.Size)
		status, answer, err := l.post(ctx, w, p, old)
		if err != nil {
			return nil, fmt.Errorf("witness %s: %w", name, err)
		}
		switch status {
		case http.StatusOK:
			sigs, err := cosignatures(p.own, answer, w.verifier)
			if err != nil {
				return nil, fmt.Errorf("witness %s: %w", name, err)
			}
			w.known = p.Size
			return sigs, nil
		case http.StatusConflict:
			size, err := strconv.ParseInt(strings.TrimSuffix(string(answer), "\n"), 10, 64)
			switch {
			case err != nil || size < 0:
				return nil, fmt.Errorf("witness %s: its answer 409 names no size", name)
			case size == old && size == p.Size:
				return nil, fmt.Errorf("%w: witness %s has seen another log of %d leaves", ErrForked, name, size)
			case size > p.Size:
				return nil, &seenMore{name, size}
			}
			w.known = size
		case http.StatusUnprocessableEntity:
			// Our nodes follow from one another, so it is the witness's root that is another.
			return nil, fmt.Errorf("%w: the %d leaves that witness %s has seen are not those of this log", ErrForked, old, name)
		case http.StatusNotFound:
			return nil, fmt.Errorf("witness %s does not know the log %s", name, l.origin)
		case http.StatusForbidden:
			return nil, fmt.Errorf("witness %s does not accept the key of the log %s", name, l.origin)
		default:
			return nil, fmt.Errorf("witness %s answered %d: %.200q", name, status, answer)
		}
	}
	return nil, fmt.Errorf("witness %s keeps changing the size that it knows", name)
}

// post sends one add-checkpoint request. A checkpoint has few signatures, an answer likewise.
func (l *Log) post(ctx context.Context, w *witness, p *published, old int64) (status int, answer []byte, err error) {
	proof, err := l.Consistency(ctx, old, p.Size)
	if err != nil {
		return 0, nil, err
	}
	var body bytes.Buffer
	fmt.Fprintf(&body, "old %d\n", old)
	for _, h := range proof {
		fmt.Fprintf(&body, "%s\n", h)
	}
	body.WriteString("\n")
	body.Write(p.own)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(w.URL, "/")+"/add-checkpoint", &body)
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "text/plain; charset=utf-8")
	req.Header.Set("User-Agent", "shingle")
	resp, err := l.cfg.HTTP.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return 0, nil, err
	}
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); resp.StatusCode == http.StatusConflict && kind != "text/x.tlog.size" {
		return 0, nil, fmt.Errorf("it answered 409 with %q instead of a size", kind)
	}
	return resp.StatusCode, answer, nil
}

// cosignatures verifies the signature lines that a witness answered with and returns its own.
func cosignatures(own, lines []byte, v note.Verifier) ([]note.Signature, error) {
	n, err := note.Open(append(bytes.Clone(own), lines...), note.VerifierList(v))
	var unverified *note.UnverifiedNoteError
	if errors.As(err, &unverified) {
		return nil, errors.New("it did not sign with its key")
	}
	if err != nil {
		return nil, fmt.Errorf("its cosignature does not verify: %w", err)
	}
	return n.Sigs, nil
}
