package ui

import (
	"bytes"
	"html/template"
	"strings"
	"time"
	"unicode/utf8"

	"shingle/internal/body/standing"
)

// Seal is what a member shows on its own site: a picture that says name, status and day. Who signed nothing
// has no seal, and no emblem in the picture: it says just that.
type Seal struct {
	BodyName string
	Number   string
	Name     string
	Status   standing.Status
	Kind     standing.Kind
	At       time.Time
	Zone     *time.Location
}

type sealPicture struct {
	Seal
	Words  Words
	Left   int      // where its words begin
	Lines  []string // of the name, one or two
	Date   string
	Fill   string
	Accent string
}

// a picture cannot take its colours from the style sheet
var sealColours = map[string][2]string{
	"good":    {"#17404f", "#d9be7c"},
	"plain":   {"#4a545c", "#d5d8da"},
	"caution": {"#7a4b00", "#f3d79a"},
	"grave":   {"#7d1a1a", "#f4c9c2"},
}

var sealTemplate = template.Must(template.New("seal").Funcs(funcs).Parse(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 340 120" width="340" height="120" role="img" aria-labelledby="t">
<title id="t">{{isolated .Name}}, member {{.Number}} of {{isolated .BodyName}}: {{.Words.Short}} on {{.Date}}</title>
<rect x="1" y="1" width="338" height="118" rx="6" fill="#fdfcf9" stroke="{{.Fill}}" stroke-width="2"/>
{{if .Words.Sealed}}<path d="M7 1h94v118H7a6 6 0 0 1-6-6V7a6 6 0 0 1 6-6z" fill="{{.Fill}}"/>
<path d="M18 17h66M32 17v17M70 17v17" fill="none" stroke="{{.Accent}}" stroke-width="3" stroke-linecap="round"/>
<rect x="16" y="34" width="70" height="46" rx="3" fill="none" stroke="{{.Accent}}" stroke-width="2.5"/>
<g transform="translate(37 43) scale(1.4)" fill="none" stroke="#fff" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round">
{{- if eq .Words.Shape "good"}}<path d="M3 10.6l4.2 4L17 5"/>
{{- else if eq .Words.Shape "conditional"}}<path d="M10 3v8.4M10 16.4v.2"/>
{{- else if eq .Words.Shape "lapsed"}}<path d="M10 3.4V10l4.6 3.4"/>
{{- else if or (eq .Words.Shape "withdrawn") (eq .Words.Shape "investigation")}}<path d="M3 10h14M12.4 5L17 10l-4.6 5"/>
{{- else if eq .Words.Shape "suspended"}}<path d="M7 4v12M13 4v12"/>
{{- else}}<path d="M4.4 4.4l11.2 11.2M15.6 4.4L4.4 15.6"/>{{end}}</g>
<text x="51" y="103" text-anchor="middle" fill="{{.Accent}}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" letter-spacing="1">{{.Number}}</text>
{{end}}<g font-family="Georgia, 'Iowan Old Style', 'Times New Roman', serif" fill="#14222c">
{{range $i, $line := .Lines}}<text x="{{$.Left}}" {{if eq (len $.Lines) 1}}y="38"{{else if eq $i 0}}y="29"{{else}}y="48"{{end}} font-size="17" font-weight="bold">{{isolated $line}}</text>
{{end}}</g>
<g font-family="-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif">
<text x="{{.Left}}" y="69" font-size="14.5" font-weight="600" fill="{{.Fill}}">{{.Words.Label}}</text>
<text x="{{.Left}}" y="86" font-size="11.5" fill="#3d4a53">{{with .Words.Kind}}{{.}} · {{end}}on {{.Date}}</text>
<text x="{{.Left}}" y="107" font-size="10.5" fill="#3d4a53">{{if not .Words.Sealed}}This is no seal. {{end}}{{isolated .BodyName}}</text>
</g>
</svg>
`))

// SVG draws the seal.
func (s Seal) SVG() ([]byte, error) {
	if s.Zone == nil {
		s.Zone = time.UTC
	}
	p := sealPicture{Seal: s, Words: WordsFor(s.Status, s.Kind), Lines: wrap(s.Name, 24), Date: s.At.In(s.Zone).Format("2 January 2006")}
	p.Left = 116
	if !p.Words.Sealed() {
		p.Left = 20
	}
	p.Fill, p.Accent = sealColours[p.Words.Tone][0], sealColours[p.Words.Tone][1]
	p.BodyName = clip(s.BodyName, 40)
	var b bytes.Buffer
	if err := sealTemplate.Execute(&b, p); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// wrap breaks a name into at most two lines of about n letters.
func wrap(name string, n int) []string {
	lines := []string{""}
	for w := range strings.FieldsSeq(name) {
		last := lines[len(lines)-1]
		switch {
		case last == "":
			lines[len(lines)-1] = w
		case utf8.RuneCountInString(last)+1+utf8.RuneCountInString(w) <= n || len(lines) == 2:
			lines[len(lines)-1] = last + " " + w
		default:
			lines = append(lines, w)
		}
	}
	for i := range lines {
		lines[i] = clip(lines[i], n+3)
	}
	return lines
}

// clip shortens text to n letters.
func clip(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return strings.TrimRight(string([]rune(text)[:n-1]), " ") + "…"
}
