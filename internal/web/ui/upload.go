package ui

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"shingle/internal/exhibit"
)

const (
	// mostBeside is how much may stand beside a file in its form, in bytes.
	mostBeside = 64 << 10
	// mostHeard is how much of a file that is too large is listened to, in bytes, so that a browser comes to hear why.
	mostHeard = 64 << 20
)

// ErrNoFile says that no file came with a form, or that it did not come whole.
var ErrNoFile = errors.New("no file came with the form, or it did not come whole")

// Uploaded reads a form with a file in it, and hands the file to take while it comes in: nothing of it is kept beside.
// The fields that are needed stand before the file. Errors are [ErrNoFile], and what take returns.
func Uploaded(r *http.Request, take func(sent url.Values, name string, file io.Reader) error) error {
	body := &io.LimitedReader{R: r.Body, N: exhibit.MostBytes + mostBeside + 1<<10}
	defer func() { _, _ = io.CopyN(io.Discard, r.Body, mostHeard) }() // it ends earlier, as a rule
	_, boundary, ok := strings.Cut(r.Header.Get("Content-Type"), "boundary=")
	if !ok || !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return ErrNoFile
	}
	parts, sent := multipart.NewReader(body, strings.Trim(boundary, `"`)), url.Values{}
	for n := 0; n < 20; n++ {
		part, err := parts.NextPart()
		if err != nil {
			return ErrNoFile
		}
		if part.FileName() != "" {
			return take(sent, part.FileName(), part)
		}
		text, err := io.ReadAll(io.LimitReader(part, mostBeside))
		if err != nil {
			return ErrNoFile
		}
		sent.Add(part.FormName(), strings.ToValidUTF8(string(text), "\ufffd"))
	}
	return ErrNoFile
}
