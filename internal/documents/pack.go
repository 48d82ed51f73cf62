package documents

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"
)

// Pack is what a customer puts into its file on a vendor: how the company stands and how that can be checked
// later, without asking anyone.
type Pack struct {
	Body   Body
	Member Member
	At     time.Time // when it was put together
	// Sentence says how the company stands; Meaning what that means to a customer, "" for nothing more.
	Sentence, Meaning string
	Since             time.Time
	Reasons           []string
	Receipt           []byte // as /api/v1/members/{number}/receipt gives it
	Standing          []byte // as /api/v1/members/{number}/standing gives it
	Keys              []byte // as /.well-known/shingle.json gives them
	Notices           []Notice

	Code      Code   // the text that was signed; zero for none
	AnnexPDF  []byte // empty where there is no annex
	AnnexHTML []byte
	NoAnnex   string // why there is none, a sentence
}

// Code is a text of the code as a file.
type Code struct {
	Label, SHA256 string
	Text          string // canonical
}

// Notice is a published decision about the member.
type Notice struct {
	ID, Title, Text, SHA256 string
	Published               time.Time
	CorrectedBy             string // id of a newer notice, ""
}

type packed struct {
	name string
	body []byte
	what string // a line for the list of contents
}

// Zip returns the pack as an archive. The same facts give the same bytes.
func (p Pack) Zip() ([]byte, error) {
	files := p.files()
	files = append([]packed{{"README.txt", p.readme(files), ""}}, files...)
	var sums strings.Builder
	for _, f := range files {
		sum := sha256.Sum256(f.body)
		fmt.Fprintf(&sums, "%s  %s\n", hex.EncodeToString(sum[:]), f.name)
	}
	files = append(files, packed{name: "SHA256SUMS", body: []byte(sums.String())})

	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	folder := p.Member.Number + "-" + p.At.UTC().Format("2006-01-02") + "/"
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: folder + f.name, Method: zip.Deflate, Modified: p.At.UTC().Truncate(2 * time.Second)})
		if err == nil {
			_, err = w.Write(f.body)
		}
		if err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

func (p Pack) files() []packed {
	files := []packed{
		{"standing.txt", p.standing(), "how the company stands, in words"},
		{"standing.json", p.Standing, "the same for programs"},
		{"receipt.txt", p.Receipt, "the signed statement behind it: what to verify"},
		{"shingle.json", p.Keys, "the body's keys, as its site gives them"},
	}
	if len(p.AnnexPDF) > 0 {
		files = append(files, packed{"annex.pdf", p.AnnexPDF, "the annex to a contract, from the exact text that it signed"},
			packed{"annex.html", p.AnnexHTML, "the same as a page"})
	}
	if p.Code.Text != "" {
		files = append(files, packed{"code-" + p.Code.Label + ".md", []byte(p.Code.Text), "that text; its SHA-256 is what was signed"})
	}
	for _, n := range p.Notices {
		files = append(files, packed{"notices/" + n.ID + ".txt", n.bytes(p.Body), "notice: " + n.Title})
	}
	return files
}

func (n Notice) bytes(b Body) []byte {
	var t strings.Builder
	fmt.Fprintf(&t, "%s\n\nNotice %s of %s, published %s\n%s/notices/%s\nSHA-256 of the published text: %s\n", n.Title, n.ID, b.Name, b.day(n.Published), b.Origin, n.ID, n.SHA256)
	if n.CorrectedBy != "" {
		fmt.Fprintf(&t, "It was corrected since by notice %s.\n", n.CorrectedBy)
	}
	fmt.Fprintf(&t, "\n%s\n", strings.TrimSpace(n.Text))
	return []byte(t.String())
}

func (p Pack) standing() []byte {
	var t strings.Builder
	fmt.Fprintf(&t, "%s\n\n", p.Sentence)
	if p.Meaning != "" {
		fmt.Fprintf(&t, "%s\n\n", p.Meaning)
	}
	fmt.Fprintf(&t, "Member number: %s\n", p.Member.Number)
	if len(p.Member.Domains) > 0 {
		fmt.Fprintf(&t, "Web addresses shown to be its own: %s\n", strings.Join(p.Member.Domains, ", "))
	}
	if !p.Since.IsZero() {
		fmt.Fprintf(&t, "Since: %s\n", p.Body.day(p.Since))
	}
	fmt.Fprintf(&t, "As of: %s (%s)\n", p.At.UTC().Format("2006-01-02 15:04:05 UTC"), p.Body.Name)
	if p.Code.Label != "" {
		fmt.Fprintf(&t, "Code signed: version %s, SHA-256 %s\n", p.Code.Label, p.Code.SHA256)
	}
	if len(p.Reasons) > 0 {
		t.WriteString("\nWhy:\n")
		for _, r := range p.Reasons {
			fmt.Fprintf(&t, "- %s\n", r)
		}
	}
	t.WriteString(`
What it does not prove:
- The statements are the company's own: its systems have not been inspected.
- This is no certification, guarantee or security rating.
- Open complaints and private warnings are not shown.
`)
	return []byte(t.String())
}

func (p Pack) readme(files []packed) []byte {
	var t strings.Builder
	fmt.Fprintf(&t, "%s, member %s\nFor a customer's file, as of %s\n\n%s\n\nWhat is in it\n\n", p.Member.Name, p.Member.Number, p.At.UTC().Format("2006-01-02 15:04:05 UTC"), p.Sentence)
	for _, f := range files {
		fmt.Fprintf(&t, "  %-22s %s\n", f.name, f.what)
	}
	fmt.Fprintf(&t, "  %-22s %s\n", "SHA256SUMS", "hashes of all files here: sha256sum -c SHA256SUMS")
	if p.NoAnnex != "" {
		fmt.Fprintf(&t, "\nThere is no annex to a contract: %s\n", p.NoAnnex)
	}
	fmt.Fprintf(&t, `
How to verify it

  shingle verify receipt.txt --body shingle.json

This needs no network. It checks the body's signature, and that the statement stands in its public log. A
receipt says until when it may be shown; to verify an older one as of a time, add --at TIME.

The keys in shingle.json came with this pack. Whoever forges a pack forges them too: compare them once with
%s/.well-known/shingle.json, or with a copy that you have kept, or ask the body by telephone.

How it stands today is at %s/register/%s
`, p.Body.Origin, p.Body.Origin, p.Member.Number)
	if p.Code.Label != "" {
		fmt.Fprintf(&t, "\nThe text that was signed: sha256sum code-%s.md gives\n%s\n", p.Code.Label, p.Code.SHA256)
	}
	return []byte(t.String())
}
