package verify_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"shingle/verify"
)

func receipt() verify.Receipt {
	s := standing("0042")
	return verify.Receipt{
		Body: "demo.example", Member: s.Member, Name: s.Name, Domains: s.Domains, Status: s.Status, Since: s.Since,
		CodeVersion: s.Code.Version, CodeSHA256: s.Code.SHA256, Leaf: 812, At: noon, Until: noon.Add(24 * time.Hour),
	}
}

const receiptText = `shingle-standing/v1
body demo.example
member 0042
name Cobalt Ridge IT
domain cobaltridge.example
domain cobalt.example
status good
kind -
since 2026-03-01T00:00:00Z
code 2026.1 sha256:c0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0de
leaf 812
at 2026-11-23T12:00:00Z
until 2026-11-24T12:00:00Z
`

func TestReceiptText(t *testing.T) {
	if got := receipt().Text(); got != receiptText {
		t.Errorf("got\n%s", got)
	}
	got, err := verify.ParseReceipt(receiptText)
	if err != nil || !reflect.DeepEqual(got, receipt()) {
		t.Errorf("parsed %+v, %v", got, err)
	}
}

func TestReceiptsOfEverySortReadBack(t *testing.T) {
	for name, change := range map[string]func(*verify.Receipt){
		"no domain":      func(r *verify.Receipt) { r.Domains = nil },
		"no code":        func(r *verify.Receipt) { r.CodeVersion, r.CodeSHA256 = "", "" },
		"a kind":         func(r *verify.Receipt) { r.Status, r.Kind = "suspended", "interim" },
		"any script":     func(r *verify.Receipt) { r.Name = "Șindrilă & Söhne 株式会社 \"A, B\" - status good" },
		"fractions":      func(r *verify.Receipt) { r.Since = r.Since.Add(1500 * time.Microsecond) },
		"the first leaf": func(r *verify.Receipt) { r.Leaf = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			r := receipt()
			change(&r)
			got, err := verify.ParseReceipt(r.Text())
			if err != nil || !reflect.DeepEqual(got, r) {
				t.Errorf("parsed %+v, %v", got, err)
			}
		})
	}
}

func TestParseReceiptNamesLineAndReason(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"shingle-standing/v1", "shingle-standing/v2", `line 1: expected "shingle-standing/v1"`},
		{"body demo.example\n", "", `line 2: expected "body …"`},
		{"body demo.example", "body demo example", "line 2: body: \"demo example\" is not a single word"},
		{"member 0042", "member 00x2", "line 3: member:"},
		{"name Cobalt Ridge IT", "name ", "line 4: name: is empty"},
		{"Cobalt Ridge", "Cobalt\x1b[2JRidge", "line 4: name:"},
		{"Cobalt Ridge", "Cobalt\u0085Ridge", "line 4: name:"},
		{"Cobalt Ridge", "Cobalt\u2028Ridge", "line 4: name:"},
		{"Cobalt Ridge", "Cobalt\tRidge", "line 4: name:"},
		{"Cobalt Ridge", "Cobalt\xffRidge", "line 4: name:"},
		{"Cobalt Ridge IT\n", "Cobalt Ridge IT\nstatus good\n", `line 6: expected "kind …"`},
		{"domain cobalt.example", "domain Cobalt.example", "line 6: domain:"},
		{"status good", "status fine", `line 7: status: "fine" is not a status`},
		{"kind -", "kind ", `line 8: kind: is empty`},
		{"kind -", "kind serious", "line 8: kind:"},
		{"kind -", "kind interim", "line 8: kind: good standing has no kind"},
		{"since 2026-03-01T00:00:00Z", "since 2026-03-01", "line 9: since:"},
		{"since 2026-03-01T00:00:00Z", "since 2026-03-01T01:00:00+01:00", "line 9: since: 2026-03-01T01:00:00+01:00 is not in UTC"},
		{"since 2026-03-01T00:00:00Z", "since 2026-03-01T00:00:00.0Z", "line 9: since:"},
		{"since 2026-03-01T00:00:00Z", "since 2026-03-01T00:00:00.0000001Z", "line 9: since:"},
		{"since 2026-03-01T00:00:00Z", "since 2026-11-23T12:00:01Z", "line 13: since is after at"},
		{"code 2026.1 sha256:c0", "code 2026.1 sha1:c0", "line 10: code:"},
		{"sha256:c0de", "sha256:C0DE", "line 10: code:"},
		{"code 2026.1", "code ", "line 10: code:"},
		{"leaf 812", "leaf 0812", "line 11: leaf:"},
		{"leaf 812", "leaf -1", "line 11: leaf:"},
		{"leaf 812", "leaf 9223372036854775808", "line 11: leaf:"},
		{"at 2026-11-23T12", "at 2026-11-23T25", "line 12: at:"},
		{"until 2026-11-24T12", "until 2026-11-23T12", "line 13: until is not after at"},
		{"until 2026-11-24T12:00:00Z\n", "until 2026-11-24T12:00:00Z", "line 13: the line does not end"},
		{"until 2026-11-24T12:00:00Z\n", "until 2026-11-24T12:00:00Z\nmore\n", "line 14: nothing may follow"},
		{"leaf 812\n", "leaf 812\r\n", "line 11: leaf:"},
	} {
		text := strings.Replace(receiptText, c.old, c.new, 1)
		_, err := verify.ParseReceipt(text)
		if !errors.Is(err, verify.ErrMalformed) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %q: %v, want %s", c.new, c.old, err, c.want)
		}
	}
}

func FuzzParseReceipt(f *testing.F) {
	f.Add(receiptText)
	f.Add(strings.Replace(receiptText, "kind -", "kind interim", 1))
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := verify.ParseReceipt(text); err == nil && r.Text() != text {
			t.Errorf("%q was read and is written as %q", text, r.Text())
		}
	})
}
