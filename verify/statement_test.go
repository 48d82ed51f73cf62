package verify_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"shingle/verify"
)

// wire holds every type of statement and its leaf. These bytes are for ever: a log that holds them is
// checked years later.
var wire = []struct {
	statement verify.Statement
	leaf      string
}{
	{
		verify.CodeAdopted{Version: "2026.1", SHA256: codeHash, Title: "Code of Ethics", Effective: "2026-03-01", At: noon, Record: record(1)},
		`{"at":"2026-11-23T12:00:00Z","effective":"2026-03-01","record":{"chain":"0000000000000000000000000000000000000000000000000000000000000001","position":1},"sha256":"c0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0de","title":"Code of Ethics","type":"code.adopted","v":1,"version":"2026.1"}`,
	},
	{
		verify.Standing{
			Member: "0042", Name: "Șindrilă <&> \"Co\"", Domains: []string{"a.example", "b.example"}, Status: "good",
			Since: noon.Add(-time.Microsecond), Code: &verify.Code{Version: "2026.1", SHA256: codeHash}, Prev: new(int64(7)), At: noon, Record: record(2),
		},
		`{"at":"2026-11-23T12:00:00Z","code":{"sha256":"c0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0de","version":"2026.1"},"domains":["a.example","b.example"],"kind":null,"member":"0042","name":"Șindrilă <&> \"Co\"","prev":7,"record":{"chain":"0000000000000000000000000000000000000000000000000000000000000002","position":2},"since":"2026-11-23T11:59:59.999999Z","status":"good","type":"standing","v":1}`,
	},
	{
		verify.Standing{Member: "A-1", Name: "x", Domains: []string{}, Status: "expelled", Kind: "disciplinary", Since: noon, At: noon, Record: record(3)},
		`{"at":"2026-11-23T12:00:00Z","code":null,"domains":[],"kind":"disciplinary","member":"A-1","name":"x","prev":null,"record":{"chain":"0000000000000000000000000000000000000000000000000000000000000003","position":3},"since":"2026-11-23T12:00:00Z","status":"expelled","type":"standing","v":1}`,
	},
	{
		verify.Notice{Notice: "2026-0001", Member: "0042", SHA256: codeHash, Certificate: codeHash, At: noon, Record: record(4)},
		`{"at":"2026-11-23T12:00:00Z","certificate":"c0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0de","member":"0042","notice":"2026-0001","record":{"chain":"0000000000000000000000000000000000000000000000000000000000000004","position":4},"sha256":"c0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0de","type":"notice","v":1}`,
	},
	{
		verify.Notice{Notice: "2026-0002", SHA256: codeHash, At: noon, Record: record(5)},
		`{"at":"2026-11-23T12:00:00Z","certificate":null,"member":null,"notice":"2026-0002","record":{"chain":"0000000000000000000000000000000000000000000000000000000000000005","position":5},"sha256":"c0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0de","type":"notice","v":1}`,
	},
	{
		verify.Attested{Member: "0042", FirstDay: "2026-07-01", LastDay: "2026-09-30", SHA256: codeHash, At: noon, Record: record(6)},
		`{"at":"2026-11-23T12:00:00Z","first_day":"2026-07-01","last_day":"2026-09-30","member":"0042","record":{"chain":"0000000000000000000000000000000000000000000000000000000000000006","position":6},"sha256":"c0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0de","type":"attested","v":1}`,
	},
	{
		verify.Correction{Corrects: 812, Member: "0042", SHA256: codeHash, At: noon, Record: record(7)},
		`{"at":"2026-11-23T12:00:00Z","corrects":812,"member":"0042","record":{"chain":"0000000000000000000000000000000000000000000000000000000000000007","position":7},"sha256":"c0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0de","type":"correction","v":1}`,
	},
	{
		verify.AuditCommitted{Audit: "2026-0001", Commitment: codeHash, At: noon, Record: record(8)},
		`{"at":"2026-11-23T12:00:00Z","audit":"2026-0001","commitment":"c0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0de","record":{"chain":"0000000000000000000000000000000000000000000000000000000000000008","position":8},"type":"audit.committed","v":1}`,
	},
	{
		verify.AuditDrawn{Audit: "2026-0001", Seed: "73656564", Rate: 5, People: 95, SHA256: codeHash, Drawn: 5, At: noon, Record: record(9)},
		`{"at":"2026-11-23T12:00:00Z","audit":"2026-0001","drawn":5,"people":95,"people_sha256":"c0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0dec0de","rate":5,"record":{"chain":"0000000000000000000000000000000000000000000000000000000000000009","position":9},"seed":"73656564","type":"audit.drawn","v":1}`,
	},
}

func TestStatementsOnTheWire(t *testing.T) {
	for _, w := range wire {
		leaf, err := w.statement.Canonical()
		if err != nil || string(leaf) != w.leaf {
			t.Errorf("%s is written as\n%s\n%v", w.statement.Type(), leaf, err)
		}
		got, err := verify.ParseStatement([]byte(w.leaf))
		if err != nil || !reflect.DeepEqual(got, w.statement) {
			t.Errorf("read %+v, %v", got, err)
		}
	}
}

func TestTimesAreWrittenInUTC(t *testing.T) {
	s := standing("0042")
	s.At, s.Record = noon, record(1)
	want, err := s.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("", 2*60*60)
	s.At, s.Since = s.At.In(zone), s.Since.In(zone)
	if got, err := s.Canonical(); err != nil || string(got) != string(want) {
		t.Errorf("%s, %v", got, err)
	}
}

func TestParseStatementRefuses(t *testing.T) {
	good := wire[1].leaf
	for _, c := range []struct{ old, new, want string }{
		{good, ``, "unexpected end"},
		{good, `null`, "version 0"},
		{good, `[]`, "malformed"},
		{`"v":1`, `"v":2`, "version 2 is not known"},
		{`"type":"standing"`, `"type":"sitting"`, `type "sitting" is not known`},
		{`"type":"standing",`, ``, `type "" is not known`},
		{`"member":"0042",`, ``, "member:"},
		{`{"at"`, `{"about":1,"at"`, "canonical"},
		{`"prev":7,`, `"prev":7,"prev":7,`, "canonical"},
		{`"prev":7,`, `"Prev":7,`, "canonical"},
		{`"prev":7`, `"prev":7.0`, "malformed"},
		{`"prev":7`, `"prev":-1`, "prev: -1 is out of range"},
		{`"prev":7`, `"prev":9007199254740992`, "prev:"},
		{`"kind":null`, `"kind":""`, "canonical"},
		{`"kind":null`, `"kind":"interim"`, "good standing has no kind"},
		{`"domains":["a.example","b.example"]`, `"domains":null`, "canonical"},
		{`a.example`, `A.example`, "domains:"},
		{`Șindrilă`, `\u0218indrilă`, "canonical"},
		{`Șindrilă`, `Șindri\nlă`, "name:"},
		{`,"type"`, `, "type"`, "canonical"},
		{`11:59:59.999999Z`, `11:59:59.9999990Z`, "canonical"},
		{`11:59:59.999999Z`, `11:59:59.9999991Z`, "since:"},
		{`2026-11-23T12:00:00Z`, `2026-11-23T14:00:00+02:00`, "canonical"},
		{`"position":2`, `"position":0`, "record.position"},
		{`c0de","version"`, `c0dX","version"`, "code: sha256:"},
		{good, good + " ", "canonical"},
		{good, good + good, "malformed"},
	} {
		_, err := verify.ParseStatement([]byte(strings.Replace(good, c.old, c.new, 1)))
		if !errors.Is(err, verify.ErrMalformed) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s for %s: %v, want %s", c.new, c.old, err, c.want)
		}
	}
}

func FuzzParseStatement(f *testing.F) {
	for _, w := range wire {
		f.Add([]byte(w.leaf))
	}
	f.Fuzz(func(t *testing.T, leaf []byte) {
		s, err := verify.ParseStatement(leaf)
		if err != nil {
			if !errors.Is(err, verify.ErrMalformed) {
				t.Errorf("an error of no known sort: %v", err)
			}
			return
		}
		if again, err := s.Canonical(); err != nil || string(again) != string(leaf) {
			t.Errorf("%q was read and is written as %q, %v", leaf, again, err)
		}
	})
}
