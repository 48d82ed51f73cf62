package publog

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
)

// Whatever a witness answers, only signatures that verify with its key are taken from it.
func FuzzCosignatures(f *testing.F) {
	log, witness := testKey(f, "demo.example/log", "l"), testKey(f, "witness.example", "w")
	text := "demo.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
	own, err := note.Sign(&note.Note{Text: text}, log)
	if err != nil {
		f.Fatal(err)
	}
	both, err := note.Sign(&note.Note{Text: text}, log, witness)
	if err != nil {
		f.Fatal(err)
	}
	verifier, err := note.NewVerifier(witness.VKey)
	if err != nil {
		f.Fatal(err)
	}
	good := both[len(own):]
	// Base64 has letters for bits that nobody needs: the same signature can be written otherwise.
	decoded := func(signature string) []byte {
		b, _ := base64.StdEncoding.DecodeString(signature)
		return b
	}
	want := decoded(strings.Fields(string(good))[2])
	f.Add(good)
	f.Add(append(bytes.Clone(good), good...))
	f.Add(own[len(text)+1:])
	f.Add([]byte("\n\n— witness.example AAAAAAAA\n"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		sigs, err := cosignatures(own, answer, verifier)
		if err != nil {
			if len(sigs) > 0 {
				t.Errorf("%d signatures with %v", len(sigs), err)
			}
			return
		}
		if len(sigs) != 1 || sigs[0].Name != "witness.example" || !bytes.Equal(decoded(sigs[0].Base64), want) {
			t.Errorf("%v was taken from %q", sigs, answer)
		}
	})
}

// A stored checkpoint opens only if the log's key signed it, and says then what was signed.
func FuzzOpenCheckpoint(f *testing.F) {
	log := testKey(f, "demo.example/log", "l")
	verifier, err := note.NewVerifier(log.VKey)
	if err != nil {
		f.Fatal(err)
	}
	const text = "demo.example/log\n3\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
	signed, err := note.Sign(&note.Note{Text: text}, log)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signed)
	f.Add(append(bytes.Clone(signed), signed[len(text)+1:]...))
	f.Add([]byte(text))
	f.Fuzz(func(t *testing.T, stored []byte) {
		c, own, err := openCheckpoint(stored, verifier)
		if err == nil && (c.N != 3 || !bytes.Equal(own, signed)) {
			t.Errorf("%q opens as %d leaves, %q", stored, c.N, own)
		}
		if err != nil && strings.TrimSpace(err.Error()) == "" {
			t.Error("it does not say why")
		}
	})
}

// Below /log/ there is what the log has, each under one address, and nothing else.
func FuzzPaths(f *testing.F) {
	l := open(f, config(f, database(f)))
	h := l.Handler()
	for _, path := range []string{"checkpoint", "tile/0/000", "tile/entries/000.p/1", "tile/0/x001/234.p/5", "tile/8/0/000", "tile/-1/000", "../checkpoint", "tile/63/000", "tile/0/999999999999999999999"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		r := httptest.NewRequest(http.MethodGet, "/log/x", nil)
		r.URL = &url.URL{Path: "/log/" + path}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		switch w.Code {
		case http.StatusOK:
			if tile, err := torchwood.ParseTilePath(path); path != "checkpoint" && (err != nil || torchwood.TilePath(tile) != path) {
				t.Errorf("%q is there", path)
			}
		case http.StatusNotFound:
		default:
			t.Errorf("%q: %d", path, w.Code)
		}
	})
}
