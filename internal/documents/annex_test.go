package documents

import (
	"bytes"
	"compress/zlib"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"shingle/internal/code"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s has changed; run go test ./internal/documents -update and look at the difference", path)
	}
}

func parse(t testing.TB, text string) *code.Version {
	t.Helper()
	v, problems := code.Parse([]byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return v
}

func example(t testing.TB) Annex {
	t.Helper()
	text, err := os.ReadFile("../../examples/msp/code.md")
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("America/Denver")
	if err != nil {
		t.Fatal(err)
	}
	return Annex{
		Body: Body{
			Name: "Society of Managed Service Providers", Web: "demo.example", Origin: "https://demo.example", Zone: zone,
			LogKey: "demo.example/log+1a2b3c4d+AXkexample", ReceiptKey: "demo.example/receipt+5e6f7a8b+AYkexample",
		},
		Member: Member{
			Number: "0042", Name: "Cobalt Ridge IT", TradingNames: []string{"Ridge Réseaux"}, Place: "Denver, Colorado", Country: "United States",
			Domains: []string{"cobaltridge.example"},
		},
		Code: parse(t, string(text)), Signed: time.Date(2026, 3, 1, 7, 0, 0, 0, time.UTC),
	}
}

var (
	stream = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)
	drawn  = regexp.MustCompile(`(?s)\(((?:[^\\()]|\\.)*)\)\s*Tj`)
	escape = regexp.MustCompile(`(?s)\\(.)`)
)

// textOf reads the words of a PDF as a program does that copies or searches it: its text is UTF-16.
func textOf(t testing.TB, pdf []byte) string {
	t.Helper()
	var text strings.Builder
	for _, m := range stream.FindAllSubmatch(pdf, -1) {
		z, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue // not one of those
		}
		content, err := io.ReadAll(z)
		if err != nil && len(content) == 0 {
			continue
		}
		for _, d := range drawn.FindAllSubmatch(content, -1) {
			raw := escape.ReplaceAllFunc(d[1], func(e []byte) []byte {
				if e[1] == 'r' {
					return []byte{'\r'}
				}
				return e[1:]
			})
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
			}
			text.WriteString(string(utf16.Decode(units)) + " ")
		}
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

func TestTheAnnexSaysTheSameInBothForms(t *testing.T) {
	a := example(t)
	page, err := a.HTML()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "annex.html", page)
	pdf, err := a.PDF()
	if err != nil {
		t.Fatal(err)
	}
	text := textOf(t, pdf)
	for _, want := range []string{
		"Cobalt Ridge IT", "0042", "Ridge Réseaux", "version 2026.1", a.Code.Hash(), "1 March 2026", "https://demo.example/register/0042",
		"shingle verify receipt.txt", "It is no certification, no guarantee and no security rating.", "What we meet, we keep",
		"A member keeps confidential all sensitive information", "20 business days", "not set", "This version leaves the number of continuing education courses open.",
		"1 of 7", "7 of 7",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the PDF does not say %q", want)
		}
	}
	for p := range a.Code.All() {
		if heading := p.Heading; !strings.Contains(text, heading) || !bytes.Contains(page, []byte(strings.ReplaceAll(heading, "'", "&#39;"))) && !bytes.Contains(page, []byte(heading)) {
			t.Errorf("provision %s is missing", p.Name())
		}
	}
	if n := strings.Count(text, "SHA-256 "+a.Code.Hash()); n < 7 {
		t.Errorf("the hash stands at the foot of %d pages", n)
	}
	if !bytes.Contains(pdf, []byte("/ToUnicode")) || strings.Contains(text, "[U+") {
		t.Error("the text cannot be copied, or a glyph is missing")
	}
}

func TestTheSameFactsGiveTheSameBytes(t *testing.T) {
	a := example(t)
	one, err := a.PDF()
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if again, err := example(t).PDF(); err != nil || !bytes.Equal(one, again) {
			t.Fatalf("another PDF, %v", err)
		}
	}
	a.Member.Name = "Umber Valley IT"
	if other, err := a.PDF(); err != nil || bytes.Equal(one, other) {
		t.Errorf("another name, the same PDF, %v", err)
	}
}

func TestWhoSignedIsToldOnlyWhereItIsHandedIn(t *testing.T) {
	a := example(t)
	if page, _ := a.HTML(); bytes.Contains(page, []byte("Signed by<")) {
		t.Error("somebody signed whom nobody named")
	}
	a.Signatory = "Ada Pine, director"
	page, err := a.HTML()
	if err != nil || !bytes.Contains(page, []byte("Ada Pine, director")) {
		t.Errorf("the signatory is missing, %v", err)
	}
	if pdf, err := a.PDF(); err != nil || !strings.Contains(textOf(t, pdf), "Ada Pine, director") {
		t.Errorf("the signatory is missing from the PDF, %v", err)
	}
}

func TestWhatAFontLacksDoesNotVanish(t *testing.T) {
	a := example(t)
	a.Member.Name = "漢字 Łódź Ångström Ελλάδα Київ 🙂"
	pdf, err := a.PDF()
	if err != nil {
		t.Fatal(err)
	}
	text := textOf(t, pdf)
	for _, want := range []string{"[U+6F22][U+5B57] Łódź Ångström Ελλάδα Київ [U+1F642]", "The fonts of this document lack some characters."} {
		if !strings.Contains(text, want) {
			t.Errorf("the PDF does not say %q", want)
		}
	}
	if page, err := a.HTML(); err != nil || !bytes.Contains(page, []byte("漢字")) {
		t.Errorf("the page does not say the name, %v", err)
	}
}

const every = `---
title: A Code
version: "1"
effective: 2026-03-01
transition: 90d
requirements: {education: not-set}
---
Before the *first* provision, with **weight**, ` + "`code`" + `, [a link](https://link.example/x), <https://auto.example>, \*no emphasis\* and &amp;.

> A quotation.

## 1 First {#1}

A list:

- one
- two
  - within

1. first
2. second

` + "```\nfenced   text\n```" + `

***

A hard  \
break.
`

func TestEveryPartOfMarkdownIsPrinted(t *testing.T) {
	a := example(t)
	a.Code = parse(t, every)
	pdf, err := a.PDF()
	if err != nil {
		t.Fatal(err)
	}
	text := textOf(t, pdf)
	for _, want := range []string{
		"first", "weight", "code", "a link (https://link.example/x)", "https://auto.example", "*no emphasis* and &", "A quotation.", "• one", "• within",
		"2. second", "fenced text", "A hard", "break.",
	} {
		flat := strings.ReplaceAll(text, " ", "")
		if !strings.Contains(flat, strings.ReplaceAll(want, " ", "")) {
			t.Errorf("the PDF does not say %q: %s", want, text)
		}
	}
}

// FuzzAnnex prints names and texts of every kind: what a code may say is printed, without a fault.
func FuzzAnnex(f *testing.F) {
	for _, s := range []string{"Cobalt Ridge IT", "\u202eevil", "a\x00b", "e\u0301", "\ud7ff\uffff", strings.Repeat("longword", 60), "\xff\xfe", "ﷺ𝔘", "", "(\\)", "a\u00adb\u200bc"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		a := example(t)
		a.Member.Name, a.Member.Place = name, text
		if v, problems := code.Parse([]byte("---\ntitle: A Code\nversion: \"1\"\neffective: 2026-03-01\ntransition: 90d\nrequirements: {education: not-set}\n---\n" + text + "\n\n## 1 One {#1}\n\n" + text + ".\n")); len(problems) == 0 {
			a.Code = v
		}
		if len(name)+len(text) > 2000 {
			return
		}
		pdf, err := a.PDF()
		if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
			t.Fatal(err)
		}
		if _, err := a.HTML(); err != nil {
			t.Fatal(err)
		}
	})
}
