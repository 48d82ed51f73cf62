package flowbody

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shingle/internal/act"
	"shingle/internal/code"
)

var update = flag.Bool("update", false, "write the golden files of events that have none yet")

// later are optional fields that an event got after its golden file was written, by kind, in the order in
// which it got them. A second file, KIND.2.json, has the first of them too, a third the next; the first one
// is an event without them, as it is still written and read.
var later = map[string][][]string{
	"member.applied":        {{"sole_trader", "legal_name"}},
	"member.enrolled":       {{"sole_trader", "legal_name"}},
	"member.domain-removed": {{"unproven"}},
	"member.domain-proven":  {{"evidence"}},
	"notice.published":      {{"charge"}, {"findings"}, {"certificate"}},
	"order.interim-imposed": {{"review"}},
}

// TestEventsAreWrittenAsEver holds every kind of event to its golden files, in the folder of its domain.
// A golden file is never edited: an event of another shape is another kind.
func TestEventsAreWrittenAsEver(t *testing.T) {
	for _, stream := range Catalogue().Streams {
		for _, e := range stream.Events {
			t.Run(e.Kind, func(t *testing.T) {
				sample := reflect.New(e.Type).Elem()
				fill(sample, "")
				file := strings.ReplaceAll(e.Kind, "/", "-") // "order.confirmed/2" stands in order.confirmed-2.json
				for n, fields := range slices.Backward(later[e.Kind]) {
					writtenAsEver(t, e, sample, fmt.Sprintf("%s.%d.json", file, n+2))
					for i := range e.Type.NumField() {
						if name, _, _ := strings.Cut(e.Type.Field(i).Tag.Get("json"), ","); slices.Contains(fields, name) {
							sample.Field(i).SetZero()
						}
					}
				}
				writtenAsEver(t, e, sample, file+".json")
			})
		}
	}
}

// writtenAsEver holds a sample of an event to a golden file.
func writtenAsEver(t *testing.T, e act.EventType, sample reflect.Value, name string) {
	t.Helper()
	sealed, err := act.Seal(sample.Interface(), toyKeys{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(sealed, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	golden := filepath.Join("..", "..", "body", path.Base(e.Type.PkgPath()), "testdata", "wire", name)
	want, err := os.ReadFile(golden)
	if errors.Is(err, fs.ErrNotExist) && *update {
		if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
		want = got
	} else if err != nil {
		t.Fatalf("%v; a new event gets its golden file with: go test ./internal/flow/body -update", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is written otherwise than ever (-ever +now):\n%s", e.Kind, cmp.Diff(string(want), string(got)))
	}
	back, _ := Catalogue().NewEvent(e.Kind)
	if err := json.Unmarshal(want, back.Interface()); err != nil {
		t.Fatal(err)
	}
	all := cmp.Exporter(func(reflect.Type) bool { return true })
	if diff := cmp.Diff(sealed, back.Elem().Interface(), all); diff != "" {
		t.Errorf("%s is read otherwise than written:\n%s", e.Kind, diff)
	}
}

// fill gives every field a value of its own, named after the field where that is text.
func fill(v reflect.Value, name string) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 11, 23, 12, 30, 15, 123456000, time.UTC)))
		return
	case act.Date:
		v.Set(reflect.ValueOf(act.On(2026, 11, 23)))
		return
	case code.Duration:
		v.Set(reflect.ValueOf(code.Duration{N: 7, Unit: code.BusinessDays}))
		return
	case act.Personal:
		v.Set(reflect.ValueOf(act.NewPersonal("person/0042-1", name)))
		return
	case act.Private:
		v.Set(reflect.ValueOf(act.NewPrivate("member/0042", name)))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			fill(v.Field(i), tag)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), name)
	case reflect.String:
		v.SetString(name)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic("no sample of " + v.Type().String())
	}
}

// toyKeys seals for show.
type toyKeys struct{}

func (toyKeys) Seal(_, text string) ([]byte, error) { return []byte("sealed " + text), nil }
func (toyKeys) Digest(text []byte) ([]byte, error)  { return text, nil }
func (toyKeys) Sync() error                         { return nil }
func (toyKeys) Open(_ string, sealed []byte) (string, error) {
	return strings.TrimPrefix(string(sealed), "sealed "), nil
}

func TestEveryEventHasNamesOfItsOwn(t *testing.T) {
	for _, stream := range Catalogue().Streams {
		for _, e := range stream.Events {
			for f := range e.Type.Fields() {
				if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); !f.Anonymous && (tag == "" || tag != strings.ToLower(tag)) {
					t.Errorf("%s: field %s has no JSON name in small letters", e.Kind, f.Name)
				}
			}
		}
	}
}
