package flowbody

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shingle/internal/act"
)

// An event that can be read is written so that it reads the same, and any state takes it in.
func FuzzEvents(f *testing.F) {
	c := Catalogue()
	kinds := c.EventKinds()
	files, err := filepath.Glob("../../body/*/testdata/wire/*.json")
	if err != nil || len(files) < len(kinds) {
		f.Fatalf("%d golden files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		kind := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(file), ".json"), ".2")
		f.Add(kind, text)
	}
	f.Fuzz(func(t *testing.T, kind string, payload []byte) {
		v, ok := c.NewEvent(kind)
		if !ok || json.Unmarshal(payload, v.Interface()) != nil {
			return
		}
		event := v.Elem().Interface()
		text, err := json.Marshal(event)
		if err != nil {
			return // a private value in the clear is not written
		}
		again, _ := c.NewEvent(kind)
		if err := json.Unmarshal(text, again.Interface()); err != nil {
			t.Fatalf("%s was written, and cannot be read: %v", text, err)
		}
		twice, err := json.Marshal(again.Elem().Interface())
		if err != nil || !bytes.Equal(text, twice) {
			t.Errorf("%s\nis written again as\n%s\n%v\n%s", text, twice, err, cmp.Diff(string(text), string(twice)))
		}
		for _, s := range c.Streams {
			for _, e := range s.Events {
				if e.Kind == kind {
					s.Evolve(s.Evolve(s.Zero, event), event)
				}
			}
		}
		for _, fold := range c.Folds {
			e := act.Recorded{Position: 1, Stream: fold.Prefix + "0042", Version: 1, Kind: kind, Event: event}
			fold.Evolve(fold.Evolve(nil, e), e)
		}
	})
}

// A command of any act is read from JSON or refused with the name of the field; what was read reads the same
// when it is written again, and its target is found.
func FuzzCommands(f *testing.F) {
	c := Catalogue()
	for i, a := range c.Acts {
		sample := map[string]any{}
		for _, field := range a.Fields {
			sample[field.Name] = map[string]any{
				"date": "2026-03-01", "time": "2026-03-01T12:00:00Z", "number": 3, "yes/no": true, "list": []string{"1", "a.example"},
			}[field.Type]
			if sample[field.Name] == nil {
				sample[field.Name] = "0042"
			}
		}
		text, err := json.Marshal(sample)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(i, text)
	}
	f.Fuzz(func(t *testing.T, which int, body []byte) {
		if which < 0 || which >= len(c.Acts) {
			return
		}
		a := c.Acts[which]
		cmd, err := a.FromJSON(body)
		if err != nil {
			var bad *act.BadField
			if !errors.As(err, &bad) || strings.TrimSpace(bad.Error()) == "" {
				t.Fatalf("%s: %T %v", a.Kind, err, err)
			}
			return
		}
		a.Target(cmd, act.Meta{Actor: "operator", Role: "operator", IDs: make([]string, act.IDsPerAct)})
		print, err := act.Fingerprint(cmd)
		if err != nil {
			t.Fatalf("%s: %v", a.Kind, err)
		}
		if act.HasSecrets(cmd) {
			return // its fingerprint leaves them out
		}
		again, err := a.FromJSON(print)
		if err != nil {
			t.Fatalf("%s was read from %q, and is not read from %s: %v", a.Kind, body, print, err)
		}
		if twice, err := act.Fingerprint(again); err != nil || !bytes.Equal(print, twice) {
			t.Errorf("%s: %s is %s when read again, %v", a.Kind, print, twice, err)
		}
	})
}
