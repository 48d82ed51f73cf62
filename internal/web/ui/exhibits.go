package ui

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"
)

// Exhibit is a file that somebody handed in, as it is kept: cleaned, and sealed.
type Exhibit struct {
	Object string    `json:"object"` // its id in the vault
	SHA256 string    `json:"sha256"` // of what was sealed, in hex
	Name   string    `json:"name"`   // a label and no path; personal: pages seal it with what the file is
	Type   string    `json:"type"`   // by its content, e.g. "image/jpeg"
	Size   int64     `json:"size"`   // bytes of what was sealed
	Notes  []string  `json:"notes"`  // sentences on what was removed from it, or should be known of it
	Taken  time.Time `json:"taken"`  // UTC
}

// Exhibits takes in files, hands them out, and makes the documents that are made of them. Each is a way through the
// vault: what is opened is in the record first, with its purpose.
//
// A file is uploaded first, and counts for nothing: nobody can open it, and it is swept away by itself. It becomes
// part of a case by an act that names its object and its SHA-256: [cases.HandIn], [cases.Produce],
// [cases.AdmitEvidence] or [cases.Report].
type Exhibits struct {
	// Take looks at a file, cleans it and seals it under the key of owner: "case/2027-0007", or what a draft of a
	// complaint is sealed under while there is no case. name is what the sender calls it. Errors are an
	// [*exhibit.Refused], in words for whoever sent it, [act.ErrForgotten] and faults.
	Take func(ctx context.Context, owner, name string, file io.Reader) (Exhibit, error)
	// Pass seals uploads anew under the key of a case, once there is one; from is what they were taken for. It can
	// be repeated. Uploads that are not there any more are [ErrNoExhibit].
	Pass func(ctx context.Context, from, to string, objects ...string) error
	// Drop removes an upload that nobody handed in; one that is not there is none to remove.
	Drop func(ctx context.Context, owner, object string) error
	// Open hands out a file that was handed in, for its affair: "case/2027-0007", or "claim/2027-0001". It sees for
	// itself that the file is the reader's to see. The reader has to be read to its end, and be closed.
	Open func(ctx context.Context, who Who, of, object, purpose string) (io.ReadCloser, Exhibit, error)
	// Bundle writes the bundle for the hearing: one PDF with numbered pages, an index and all evidence admitted.
	Bundle func(ctx context.Context, who Who, caseID string, w io.Writer) error
	// CourtPack writes one zip: the record of the case, its certificate, proofs from the public log, the evidence.
	CourtPack func(ctx context.Context, who Who, caseID string, w io.Writer) error
	// Subject writes one zip: what is held of a party of a case, for that party. party is "complainant" or
	// "respondent".
	Subject func(ctx context.Context, who Who, caseID, party string, w io.Writer) error
}

// ErrNoExhibit says that there is no such file in a case, or none that this reader may see: the answers are the same.
var ErrNoExhibit = errors.New("there is no such file in this case, or it is not yours to see")

// SendExhibit answers with a file that somebody handed in: to be kept, and not to be shown or run by a browser. It
// closes the file. Where the file turns out not to be the one that was sealed, the answer breaks off, so that nobody
// takes a part of it for the whole.
func SendExhibit(w http.ResponseWriter, file io.ReadCloser, x Exhibit) {
	defer func() { _ = file.Close() }()
	toKeep(w, x.Name, x.Type)
	w.Header().Set("Content-Length", strconv.FormatInt(x.Size, 10))
	if _, err := io.Copy(w, file); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// SendMade answers with a document while it is made: a bundle, a pack. What goes wrong before its first byte is
// returned, for a page that says so; what goes wrong later breaks the answer off.
func SendMade(w http.ResponseWriter, name, as string, make func(w io.Writer) error) error {
	s := &sending{w: w, begin: func() { toKeep(w, name, as) }}
	err := make(s)
	if err != nil && s.begun {
		panic(http.ErrAbortHandler)
	}
	return err
}

// sending sets the headers with the first byte.
type sending struct {
	w     http.ResponseWriter
	begin func()
	begun bool
}

func (s *sending) Write(p []byte) (int, error) {
	if !s.begun {
		s.begun = true
		s.begin()
	}
	return s.w.Write(p)
}

// toKeep says that what follows is a file to be kept, of exactly this type, in which nothing may run.
func toKeep(w http.ResponseWriter, name, as string) {
	h := w.Header()
	h.Set("Content-Type", as)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}
