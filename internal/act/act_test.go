package act_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // bare machines have no zones

	"pgregory.net/rapid"

	"shingle/internal/act"
)

type enrol struct {
	Number  string       `json:"number" label:"Member number" hint:"As on the roster."`
	Domains []string     `json:"domains,omitempty"`
	Since   act.Date     `json:"since,omitzero"`
	At      time.Time    `json:"at,omitzero"`
	People  int          `json:"people,omitempty"`
	Paper   bool         `json:"paper"`
	Contact act.Personal `json:"contact,omitzero"`
	Account act.Private  `json:"account,omitzero"`
}

func enrolAct() *act.Act {
	s := act.NewStream("member", func(n int, _ act.Event) int { return n + 1 })
	return act.Define(s, "member.enrol", "Enrol a company.",
		func(c enrol, _ act.Meta) act.Target { return act.To(c.Number) },
		func(int, act.None, enrol, act.Meta) ([]act.Event, error) { return nil, nil })
}

func TestCommandsFromJSONAndTextAreTheSame(t *testing.T) {
	a := enrolAct()
	fromJSON, err := a.FromJSON([]byte(`{"number":"0042","domains":["a.example","b.example"],"since":"2026-03-01","at":"2026-03-01T13:00:00+01:00","people":7,"paper":true,"contact":"Anna"}`))
	if err != nil {
		t.Fatal(err)
	}
	fromText, err := a.FromText(map[string][]string{
		"number": {"0042"}, "domains": {"a.example; b.example"}, "since": {"2026-03-01"},
		"at": {"2026-03-01T12:00:00Z"}, "people": {"7"}, "paper": {"yes"}, "contact": {"Anna"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprintf("%#v", fromJSON) != fmt.Sprintf("%#v", fromText) {
		t.Fatalf("%#v\n%#v", fromJSON, fromText)
	}
	if c := fromText.(enrol); c.Contact.Text() != "Anna" || c.Since != act.On(2026, 3, 1) || c.At.Location() != time.UTC {
		t.Fatalf("%+v", c)
	}
}

func TestBadInputNamesTheField(t *testing.T) {
	a := enrolAct()
	for _, test := range []struct{ json, field, says string }{
		{`{`, "", "cannot be read"},
		{`null`, "", "expected a JSON object"},
		{`[]`, "", "array was given"},
		{`{"number":"1"} {}`, "", "more than one"},
		{`{}`, "number", "is missing"},
		{`{"number":"1","numbr":"2"}`, "numbr", "its fields are number, domains"},
		{`{"number":7}`, "number", "should be text"},
		{`{"number":"1","since":"1.3.2026"}`, "since", "a date such as 2026-03-01"},
		{`{"number":"1","since":"2026-02-30"}`, "since", "a date such as"},
		{`{"number":"1","at":"now"}`, "at", "a time such as"},
		{`{"number":"1","at":"0001-01-02T00:00:00Z"}`, "at", "outside the years"},
		{`{"number":"1","people":"many"}`, "people", "a whole number"},
		{`{"number":"1","people":1.5}`, "people", "a whole number"},
		{`{"number":"1","contact":{"owner":"person/1","sealed":"AAAA"}}`, "contact", "should be text"},
		{`{"number":"1","account":["x"]}`, "account", "should be text"},
	} {
		_, err := a.FromJSON([]byte(test.json))
		bad, ok := err.(*act.BadField)
		if !ok || bad.Field != test.field || !strings.Contains(bad.Detail, test.says) {
			t.Errorf("%s: %v", test.json, err)
		}
	}
	for name, values := range map[string][]string{"people": {"x"}, "paper": {"perhaps"}, "number": {"1", "2"}, "nobody": {"1"}} {
		if _, err := a.FromText(map[string][]string{name: values}); err == nil || err.(*act.BadField).Field != name {
			t.Errorf("%s %v: %v", name, values, err)
		}
	}
}

func TestTextsAreTextThatEveryStoreKeeps(t *testing.T) {
	a := enrolAct()
	for _, bad := range []string{"a\x00b", "a\x1bb", "a\rb", "a\x7fb", "a\u0085b", "a\xffb"} {
		for _, field := range []string{"number", "contact", "account", "domains"} {
			text := map[string][]string{"number": {"1"}}
			text[field] = []string{bad}
			quoted, _ := json.Marshal(bad)
			if strings.HasSuffix(bad, "\xffb") {
				quoted = []byte("\"" + bad + "\"")
			}
			value := string(quoted)
			if field == "domains" {
				value = "[" + value + "]"
			}
			object := `{"number":"1",` + fmt.Sprintf("%q:", field) + value + "}"
			if field == "number" {
				object = `{"number":` + value + "}"
			}
			for from, read := range map[string]func() (any, error){
				"text": func() (any, error) { return a.FromText(text) },
				"JSON": func() (any, error) { return a.FromJSON([]byte(object)) },
			} {
				_, err := read()
				if b, ok := err.(*act.BadField); !ok || b.Field != field || strings.Contains(err.Error(), "a\x00") {
					t.Errorf("%s %q from %s: %v", field, bad, from, err)
				}
			}
		}
	}
	object := `{"number":"one\r\ntwo\tthree\nfour","domains":["a\r\nb"],"contact":"c\r\nd"}`
	fromJSON, err := a.FromJSON([]byte(object))
	if err != nil {
		t.Fatal(err)
	}
	fromText, err := a.FromText(map[string][]string{"number": {"one\r\ntwo\tthree\nfour"}, "domains": {"a\r\nb"}, "contact": {"c\r\nd"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []enrol{fromJSON.(enrol), fromText.(enrol)} {
		if got.Number != "one\ntwo\tthree\nfour" || got.Domains[0] != "a\nb" || got.Contact.Text() != "c\nd" {
			t.Errorf("%q %q %q", got.Number, got.Domains, got.Contact.Text())
		}
	}
	if _, err := a.FromJSON([]byte(`{"number":"Zoë \u202e 日本"}`)); err != nil {
		t.Errorf("other alphabets and directions are text: %v", err)
	}
}

func FuzzFromJSON(f *testing.F) {
	f.Add([]byte(`{"number":"1","domains":["x"],"since":"2026-01-01"}`))
	a := enrolAct()
	f.Fuzz(func(t *testing.T, data []byte) {
		if cmd, err := a.FromJSON(data); err == nil {
			if _, ok := cmd.(enrol); !ok || cmd.(enrol).Number == "" {
				t.Fatalf("%#v", cmd)
			}
		} else if _, ok := err.(*act.BadField); !ok {
			t.Fatalf("%T", err)
		}
	})
}

type letters struct{}

func (letters) Seal(owner, text string) ([]byte, error) { return []byte(owner + ":" + text), nil }
func (letters) Sync() error                             { return nil }
func (letters) Digest(text []byte) ([]byte, error)      { return text, nil }
func (letters) Open(owner string, sealed []byte) (string, error) {
	return strings.TrimPrefix(string(sealed), owner+":"), nil
}

type told struct {
	By      act.Personal   `json:"by"`
	Story   act.Private    `json:"story"`
	Also    []act.Personal `json:"also"`
	Nothing act.Private    `json:"nothing"`
}

func TestPrivateValuesAreSealedBeforeTheyAreWritten(t *testing.T) {
	e := told{By: act.NewPersonal("person/1", "Anna"), Story: act.NewPrivate("case/1", "canary"), Also: []act.Personal{act.NewPersonal("person/2", "Ben")}}
	if _, err := json.Marshal(e); err == nil {
		t.Fatal("an unsealed value was written")
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if s := fmt.Sprintf(verb, e); strings.Contains(s, "canary") || strings.Contains(s, "Anna") || strings.Contains(s, "Ben") {
			t.Fatalf("%s shows %s", verb, s)
		}
	}
	sealed, err := act.Seal(e, letters{})
	if err != nil {
		t.Fatal(err)
	}
	if e.Also[0].Text() != "Ben" {
		t.Fatal("sealing changed the original")
	}
	data, err := json.Marshal(sealed)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), "canary") {
		t.Fatalf("%s", data)
	}
	var back told
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	open, err := act.OpenPersonal(back, letters{})
	if err != nil {
		t.Fatal(err)
	}
	if o := open.(told); o.By.Text() != "Anna" || o.Also[0].Text() != "Ben" || !o.Nothing.Empty() {
		t.Fatalf("%+v", o)
	}
	if text, err := act.Reveal(back.Story, letters{}); err != nil || text != "canary" {
		t.Fatal(text, err)
	}
	if _, err := act.Seal(told{Story: act.NewPrivate("", "x")}, letters{}); err == nil {
		t.Fatal("a value without an owner was sealed")
	}
}

func TestFingerprintsDoNotHoldPrivateText(t *testing.T) {
	a, err := act.Fingerprint(enrol{Number: "1", Account: act.NewPrivate("", "canary")})
	if err != nil || strings.Contains(string(a), "canary") {
		t.Fatalf("%s %v", a, err)
	}
	b, _ := act.Fingerprint(enrol{Number: "2"})
	if string(a) == string(b) {
		t.Fatal("two requests, one fingerprint")
	}
}

func TestANameThatLooksTheSameIsTheSame(t *testing.T) {
	for _, given := range []string{"Caf\u00e9", "Cafe\u0301"} {
		for name, read := range map[string]func() (any, error){
			"text": func() (any, error) { return enrolAct().FromText(map[string][]string{"number": {given}}) },
			"JSON": func() (any, error) { return enrolAct().FromJSON([]byte(`{"number":"` + given + `"}`)) },
		} {
			cmd, err := read()
			if err != nil || cmd.(enrol).Number != "Caf\u00e9" {
				t.Errorf("%s: %+q, %v", name, cmd, err)
			}
		}
	}
	// A text of several lines is signed and hashed as it was written.
	cmd, err := enrolAct().FromText(map[string][]string{"number": {"1\nCafe\u0301"}})
	if err != nil || cmd.(enrol).Number != "1\nCafe\u0301" {
		t.Errorf("%+q, %v", cmd, err)
	}
}

func TestAnObjectNamesEachFieldOnce(t *testing.T) {
	for _, text := range []string{`{"number":"1","number":"2"}`, `{"number":"1","domains":["a"],"number":null}`} {
		_, err := enrolAct().FromJSON([]byte(text))
		if bad, ok := err.(*act.BadField); !ok || bad.Field != "number" {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhatIsConfidedIsToldApart(t *testing.T) {
	of := func(account, name string) string {
		return string(act.Confided(told{By: act.NewPersonal("", name), Story: act.NewPrivate("", account)}))
	}
	if of("", "") != "" || act.Confided(struct{}{}) != nil {
		t.Error("nothing was confided, and yet there is something")
	}
	seen := map[string]bool{}
	for _, texts := range [][2]string{{"a", "b"}, {"b", "a"}, {"ab", ""}, {"", "ab"}, {"a", ""}} {
		if seen[of(texts[0], texts[1])] {
			t.Errorf("%q is taken for another", texts)
		}
		seen[of(texts[0], texts[1])] = true
	}
}

func TestDates(t *testing.T) {
	if d := act.On(2026, 1, 31).AddMonths(1); d != act.On(2026, 2, 28) {
		t.Fatal(d)
	}
	if d := act.On(2024, 2, 29).AddMonths(12); d != act.On(2025, 2, 28) {
		t.Fatal(d)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	d := act.On(2026, 3, 29) // a day of 23 hours
	if got := d.End(berlin).Sub(d.Start(berlin)); got != 23*time.Hour {
		t.Fatal(got)
	}
	// Days that begin at 1:00, and one that never was.
	for _, skipped := range []struct {
		zone string
		day  act.Date
		want string
	}{
		{"America/Havana", act.On(2026, 3, 8), "2026-03-08T05:00:00Z"},
		{"America/Santiago", act.On(2024, 9, 8), "2024-09-08T04:00:00Z"},
		{"Pacific/Apia", act.On(2011, 12, 30), "2011-12-30T10:00:00Z"},
	} {
		loc, err := time.LoadLocation(skipped.zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := skipped.day.Start(loc).Format(time.RFC3339); got != skipped.want {
			t.Errorf("%s begins at %s in %s, not at %s", skipped.day, got, skipped.zone, skipped.want)
		}
		if got := skipped.day.AddDays(-1).End(loc).Format(time.RFC3339); got != skipped.want {
			t.Errorf("the day before %s ends at %s in %s", skipped.day, got, skipped.zone)
		}
	}
	for _, bad := range []string{"", "2026-3-1", "2026-02-30", "0001-01-01", "2026-03-01T00:00:00Z"} {
		if _, err := act.ParseDate(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestDateOrderAgreesWithTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		date := rapid.Custom(func(t *rapid.T) act.Date {
			return act.On(rapid.IntRange(1801, 2200).Draw(t, "y"), time.Month(rapid.IntRange(1, 12).Draw(t, "m")), rapid.IntRange(1, 28).Draw(t, "d"))
		})
		a, b := date.Draw(t, "a"), date.Draw(t, "b")
		if a.Compare(b) != strings.Compare(a.String(), b.String()) || a.Before(b) != b.After(a) {
			t.Fatalf("%v %v", a, b)
		}
		back, err := act.ParseDate(a.String())
		if err != nil || back != a {
			t.Fatal(a, back, err)
		}
		months := rapid.IntRange(-48, 48).Draw(t, "n")
		if m := a.AddMonths(months); m.Day() != a.Day() {
			t.Fatal(a, months, m)
		}
	})
}

func TestCatalogueFindsMistakesAtStart(t *testing.T) {
	mustPanic := func(name string, f func()) {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Fatal("no panic")
				}
			}()
			f()
		})
	}
	a := enrolAct()
	d := act.Domain{Streams: []*act.Stream{a.Stream}, Acts: []*act.Act{a}}
	mustPanic("a name used twice", func() { act.NewCatalogue([]act.Domain{d, d}, nil, nil, nil) })
	type facts struct{}
	type ask struct{}
	b := act.Define(a.Stream, "x.ask", "Ask.", func(ask, act.Meta) act.Target { return act.To("1") },
		func(int, facts, ask, act.Meta) ([]act.Event, error) { return nil, nil })
	mustPanic("facts that nobody gathers", func() {
		act.NewCatalogue([]act.Domain{{Streams: []*act.Stream{a.Stream}, Acts: []*act.Act{b}}}, nil, nil, nil)
	})
	mustPanic("a command that is not flat", func() {
		type deep struct {
			M map[string]string `json:"m"`
		}
		act.Define(a.Stream, "x.deep", "Deep.", func(deep, act.Meta) act.Target { return act.To("1") },
			func(int, act.None, deep, act.Meta) ([]act.Event, error) { return nil, nil })
	})
}
