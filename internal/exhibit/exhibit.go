// Package exhibit looks at files that strangers hand in, and makes of each what may be kept: its real type by its
// content, whatever it is called; nothing in it that a program would execute; nothing that tells where a picture was
// taken, or who wrote a paper.
//
// A file is never stored as it came. Pictures lose all that is not the picture; a PDF is written anew without its
// scripts, attachments and metadata; a paper of an office program is packed anew, and refused if it has macros. What
// cannot be read is refused, in words for whoever sent it: [Refused]. So is what nobody could read safely, such as
// an archive, a page of HTML or a program.
//
//	found, err := exhibit.Look("../../holiday.jpg", upload)
//
// Everything is done in memory, in amounts that [Limits] bounds: a stranger's file is on no disk before it is sealed.
package exhibit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// The types of files that are kept.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
	WebP = "image/webp"
	PDF  = "application/pdf"
	Text = "text/plain; charset=utf-8"
	CSV  = "text/csv; charset=utf-8"
	DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	ODT  = "application/vnd.oasis.opendocument.text"
	ODS  = "application/vnd.oasis.opendocument.spreadsheet"
	ODP  = "application/vnd.oasis.opendocument.presentation"
)

// Limits of a file. They are far above what a phone's picture, a scanned contract or a long report needs.
const (
	MostBytes    = 25 << 20  // of a file as it is sent
	mostUnpacked = 200 << 20 // of all that is packed in a paper of an office program, nested ones included
	mostEntries  = 5000      // packed in such a paper, nested ones included
	mostPixels   = 60 << 20  // of a picture
	mostRaster   = 256 << 20 // bytes of a picture once it is unpacked
	MostPages    = 2000      // of a PDF
	mostObjects  = 500_000   // in a PDF
)

// Found is a file as it may be kept.
type Found struct {
	Name   string   // a label, with the ending that its type has; no path, no sign that hides or turns anything
	Type   string   // by content
	Bytes  []byte   // cleaned
	SHA256 string   // of Bytes, in hex
	Came   string   // SHA-256 of the file as it was sent, in hex
	Notes  []string // sentences on what was removed or changed
}

// Refused says why a file is not taken, and what to do instead. It names nothing of its content.
type Refused struct{ Why, Cure string }

func (r *Refused) Error() string { return r.Why + "; nothing was kept; " + r.Cure }

func refuse(why, cure string) error { return &Refused{why, cure} }

// Look reads a file to its end and returns what may be kept of it. name is what its sender calls it. Errors are a
// [*Refused], and what the reader says.
func Look(name string, file io.Reader) (Found, error) {
	came, err := io.ReadAll(io.LimitReader(file, MostBytes+1))
	if err != nil {
		return Found{}, err
	}
	return look(name, came)
}

func look(name string, came []byte) (f Found, err error) {
	defer func() {
		// The readers of other people's formats are not ours, and a file must not end the program.
		if p := recover(); p != nil {
			f, err = Found{}, refuse("the file is damaged, and cannot be read to its end", "save or scan it anew, or send a picture of it")
		}
	}()
	switch {
	case len(came) == 0:
		return f, refuse("the file is empty", "choose it again, and send it once it has something in it")
	case len(came) > MostBytes:
		return f, refuse(fmt.Sprintf("the file is larger than %d MiB", MostBytes>>20), "send a smaller one, or parts of it")
	}
	k := kindOf(came)
	if k.clean == nil {
		return f, refuse(k.why, k.cure)
	}
	c, err := k.clean(came)
	if err != nil {
		return f, err
	}
	if c.as == Text && endsLike(name, ".csv") {
		c.as = CSV
	}
	f = Found{Type: c.as, Bytes: c.bytes, Notes: c.notes, SHA256: sum(c.bytes), Came: sum(came)}
	f.Name, c.notes = Label(name, c.as)
	f.Notes = append(f.Notes, c.notes...)
	if !bytes.Equal(c.bytes, came) {
		f.Notes = append(f.Notes, "The SHA-256 of the file as it was sent is "+f.Came+".")
	}
	return f, nil
}

// cleaned is a file without what must not be in it.
type cleaned struct {
	as    string // type
	bytes []byte
	notes []string
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// IsRefused returns the refusal that an error is.
func IsRefused(err error) (*Refused, bool) {
	var r *Refused
	ok := errors.As(err, &r)
	return r, ok
}
