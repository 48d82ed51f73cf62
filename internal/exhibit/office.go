package exhibit

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
	"time"
)

// mains are the parts by which the papers of office programs are told apart (ISO/IEC 29500-1; OASIS ODF 1.3 part 2).
var mains = []struct{ part, as string }{
	{"word/document.xml", DOCX}, {"xl/workbook.xml", XLSX}, {"ppt/presentation.xml", PPTX},
}

var macros = &Refused{"the file holds macros or other programs", "save it as a PDF, or in the format without macros"}

// packing is what has been unpacked of a file, the papers in it included.
type packing struct{ bytes, entries int64 }

// cleanOffice unpacks a paper of an office program, looks at all that is in it, and packs it anew without what tells
// who wrote it. An archive that is no such paper is refused.
func cleanOffice(came []byte) (cleaned, error) { return new(packing).clean(came, 0) }

// deepest is how many papers may lie in one another: a table in a report has one in it.
const deepest = 1

func (p *packing) clean(came []byte, depth int) (c cleaned, err error) {
	if depth > deepest {
		return c, refuse("the file holds files that hold files", "send what is in it one by one, or "+printIt)
	}
	archive, err := zip.NewReader(bytes.NewReader(came), int64(len(came)))
	if err != nil || len(archive.File) == 0 {
		return c, refuse("the file is damaged, or an archive that cannot be unpacked", "save it anew, or "+printIt)
	}
	if c.as = paperOf(archive.File); c.as == "" {
		return c, refuse("the file is an archive, and archives are not unpacked here", "unpack it, and send the files in it one by one")
	}
	var out bytes.Buffer
	w, seen := zip.NewWriter(&out), map[string]bool{}
	for _, f := range archive.File {
		if p.entries++; p.entries > mostEntries {
			return c, refuse("the file holds too many others", printIt)
		}
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		if err := soundName(f.Name, seen); err != nil {
			return c, err
		}
		part, err := p.unpack(f)
		if err != nil {
			return c, err
		}
		if part, err = p.part(f.Name, part, depth); err != nil {
			return c, err
		}
		header := &zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
		if f.Name == "mimetype" {
			header.Method = zip.Store // as OASIS ODF 1.3 part 2, 3.3, asks
		}
		to, err := w.CreateHeader(header)
		if err == nil {
			_, err = to.Write(part)
		}
		if err != nil {
			return c, err
		}
	}
	if err := w.Close(); err != nil {
		return c, err
	}
	c.bytes = out.Bytes()
	c.notes = []string{"Who wrote it, and when, was removed; comments and tracked changes in it may still name people."}
	return c, nil
}

// paperOf returns which paper an archive is, "" for none.
func paperOf(files []*zip.File) string {
	names := map[string]bool{}
	for _, f := range files {
		names[f.Name] = true
	}
	if names["[Content_Types].xml"] {
		for _, m := range mains {
			if names[m.part] {
				return m.as
			}
		}
	}
	if f := files[0]; f.Name == "mimetype" && names["content.xml"] && f.UncompressedSize64 < 100 {
		if r, err := f.Open(); err == nil {
			text, _ := io.ReadAll(io.LimitReader(r, 100))
			_ = r.Close()
			if as := string(text); as == ODT || as == ODS || as == ODP {
				return as
			}
		}
	}
	return ""
}

// soundName refuses a name that stands twice, or leads out of where it is unpacked: programs do not agree on those.
func soundName(name string, seen map[string]bool) error {
	lower := strings.ToLower(name)
	if seen[lower] || strings.ContainsAny(name, "\\\x00") || path.IsAbs(name) || path.Clean(name) != name || strings.HasPrefix(name, "..") {
		return refuse("the file is packed in a way that programs read differently", "save it anew, or "+printIt)
	}
	seen[lower] = true
	return nil
}

// unpack reads one file of an archive. What it says of its size is not believed.
func (p *packing) unpack(f *zip.File) ([]byte, error) {
	bomb := refuse("the file unpacks to more than 200 MiB", "send a smaller one, or "+printIt)
	left := mostUnpacked - p.bytes
	if f.UncompressedSize64 > uint64(left) {
		return nil, bomb
	}
	if f.Flags&1 != 0 {
		return nil, locked
	}
	r, err := f.Open()
	if err != nil {
		return nil, refuse("the file is packed in a way that is not read here", printIt)
	}
	defer func() { _ = r.Close() }()
	part, err := io.ReadAll(io.LimitReader(r, left+1))
	p.bytes += int64(len(part))
	switch {
	case p.bytes > mostUnpacked:
		return nil, bomb
	case err != nil:
		return nil, refuse("the file is damaged", "save it anew, or "+printIt)
	}
	return part, nil
}

var locked = &Refused{"the file is locked with a password", "save it without one; it is sealed here as soon as it comes"}

// emptied are the parts that tell who wrote a paper, and what stands there instead.
var emptied = map[string]string{
	"docProps/core.xml":   `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>`,
	"docProps/app.xml":    `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>`,
	"docProps/custom.xml": `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>`,
	"meta.xml":            `<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"/>`,
}

// part looks at one part of a paper, and returns it as it may be kept.
func (p *packing) part(name string, part []byte, depth int) ([]byte, error) {
	lower := strings.ToLower(name)
	if instead, ok := emptied[name]; ok {
		return []byte(xml.Header + instead), nil
	}
	switch {
	case strings.Contains(lower, "vbaproject"), strings.Contains(lower, "vbadata"), strings.Contains(lower, "activex/"), strings.Contains(lower, "macrosheets/"),
		strings.HasPrefix(lower, "basic/"), strings.HasPrefix(lower, "scripts/"), bytes.HasPrefix(part, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
		name == "[Content_Types].xml" && bytes.Contains(bytes.ToLower(part), []byte("macroenabled")):
		return nil, macros
	case strings.HasSuffix(lower, ".rels"):
		return part, soundRelations(part)
	}
	k := kindOf(part)
	switch {
	case bytes.HasPrefix(part, []byte("PK\x03\x04")):
		inner, err := p.clean(part, depth+1)
		return inner.bytes, err
	case bytes.HasPrefix(part, []byte("\xff\xd8\xff")), bytes.HasPrefix(part, []byte("\x89PNG")):
		inner, err := k.clean(part)
		return inner.bytes, err
	case bytes.HasPrefix(part, []byte("MZ")), bytes.HasPrefix(part, []byte("\x7fELF")), bytes.HasPrefix(part, []byte("#!")):
		return nil, macros
	}
	return part, nil
}

// soundRelations refuses a paper that fetches something from elsewhere when it is opened (ISO/IEC 29500-2, 8.3). A
// link that a reader would have to follow is none of that.
func soundRelations(part []byte) error {
	for d := xml.NewDecoder(bytes.NewReader(part)); ; {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refuse("the file is damaged", "save it anew, or "+printIt)
		}
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" {
			continue
		}
		var external bool
		var kind string
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "TargetMode":
				external = strings.EqualFold(a.Value, "External")
			case "Type":
				kind = path.Base(a.Value)
			}
		}
		if external && kind != "hyperlink" {
			return refuse("the file fetches something from elsewhere when it is opened", printIt)
		}
	}
}
