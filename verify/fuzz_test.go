package verify_test

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"shingle/verify"
)

// What a body publishes of itself is read, or said to be malformed or its key unusable; what was read
// can be trusted with checking.
func FuzzParseBody(f *testing.F) {
	f.Add([]byte(`{"body":"demo.example","log":{"origin":"demo.example/log","vkey":"` + logVKey + `"},"receipt":{"vkey":"` + receiptVKey + `"},"api":"https://demo.example/api/v1"}`))
	f.Add([]byte(`{"body":"demo.example","log":{"origin":"demo.example/log","vkey":"` + logVKey + `","witnesses":["w+00000000+AQ=="]}}`))
	f.Add([]byte(`null`))
	doc := issue(f, nil).document(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := verify.ParseBody(data)
		if err != nil {
			if !errors.Is(err, verify.ErrMalformed) && !errors.Is(err, verify.ErrKey) {
				t.Errorf("an error of no known sort: %v", err)
			}
			return
		}
		if b.Body == "" || !strings.HasPrefix(b.Log.VKey, b.Log.Origin+"+") {
			t.Errorf("%+v", b)
		}
		if _, err := verify.CheckReceipt(doc, b.Keys(), noon); errors.Is(err, verify.ErrKey) {
			t.Errorf("its keys were read, and cannot be used: %v", err)
		}
	})
}

// A key that is none is said to be none, and opens nothing.
func FuzzKeys(f *testing.F) {
	f.Add(logVKey, receiptVKey)
	f.Add("demo.example/log+00000000+AQ==", "")
	f.Add(receiptVKey, logVKey)
	doc := issue(f, nil).document(f)
	f.Fuzz(func(t *testing.T, log, receipt string) {
		result, err := verify.CheckReceipt(doc, verify.Keys{Log: log, Receipt: receipt}, noon)
		if err == nil && (log != logVKey || receipt != receiptVKey) {
			t.Errorf("proven with the keys %q and %q: %v", log, receipt, result)
		}
	})
}

// A log of which any file was changed is not proven, whatever the change, and a change is told, not
// stumbled over.
func FuzzCheckLog(f *testing.F) {
	log := body(f, 20)
	paths := []string{"checkpoint", "tile/0/000.p/21", "tile/entries/000.p/21"}
	for i, path := range paths {
		data, err := log.ReadFile(f.Context(), path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(i, data)
		f.Add(i, bytes.ToUpper(data))
		f.Add(i, append(bytes.Clone(data), data...))
	}
	signed, _, _ := bytes.Cut(log.checkpoint(), []byte("\n\n"))
	f.Fuzz(func(t *testing.T, which int, data []byte) {
		if which < 0 || which >= len(paths) {
			return
		}
		path := paths[which]
		was, err := log.ReadFile(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		changed := *log
		changed.files = map[string][]byte{path: data}
		report, err := verify.CheckLog(t.Context(), &changed, demoKeys)
		if path == "checkpoint" { // strangers may sign it, too
			was, _, _ = bytes.Cut(was, []byte("\n\n"))
			data, _, _ = bytes.Cut(data, []byte("\n\n"))
		}
		if err == nil && report.Good() && !bytes.Equal(was, data) {
			t.Errorf("%s was changed to %q, and the log is proven: %v", path, data, report)
		}
		if errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a file that is there is said to be missing: %v", err)
		}
		// Only what the log's key signed passes for an older checkpoint, and it signed this one.
		said, _, _ := bytes.Cut(changed.files[path], []byte("\n\n"))
		if err := verify.CheckConsistency(t.Context(), log, demoKeys, changed.files[path]); err == nil && !bytes.Equal(said, signed) {
			t.Errorf("%q passes for an older checkpoint", said)
		}
	})
}
