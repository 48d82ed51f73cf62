package publog

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"shingle/verify"
)

func TestAClientThatTrustsNothingReadsTheLog(t *testing.T) {
	l := open(t, config(t, database(t)))
	server := httptest.NewServer(l.Handler())
	defer server.Close()
	verifier, err := note.NewVerifier(l.cfg.VKey)
	if err != nil {
		t.Fatal(err)
	}
	policy := torchwood.ThresholdPolicy(2, torchwood.OriginPolicy("demo.example/log"), torchwood.SingleVerifierPolicy(verifier))
	fetcher, err := torchwood.NewTileFetcher(server.URL + "/log/")
	if err != nil {
		t.Fatal(err)
	}
	client, err := torchwood.NewClient(fetcher)
	if err != nil {
		t.Fatal(err)
	}
	var older []byte
	for _, more := range []int{1, 254, 1, 1, 255, 300} {
		grow(t, l, more)
		signed, err := fetcher.ReadEndpoint(t.Context(), "checkpoint")
		if err != nil {
			t.Fatal(err)
		}
		c, _, err := torchwood.VerifyCheckpoint(signed, policy)
		if err != nil || c.N != l.Head().Size {
			t.Fatalf("the checkpoint is of %d leaves, %v", c.N, err)
		}
		var next int64
		for i, entry := range client.AllEntries(t.Context(), c.Tree, 0) {
			if i != next || string(entry) != string(leaf(i)) {
				t.Fatalf("entry %d is %q", i, entry)
			}
			next++
		}
		if client.Err() != nil || next != c.N {
			t.Fatalf("%d of %d entries were read: %v", next, c.N, client.Err())
		}
		report, err := verify.CheckLog(t.Context(), verify.HTTP(server.URL+"/log", nil), verify.Keys{Log: l.cfg.VKey})
		if err != nil || !report.Good() || report.Size != c.N {
			t.Fatalf("%v, %v", report, err)
		}
		if older != nil {
			if err := verify.CheckConsistency(t.Context(), verify.HTTP(server.URL+"/log", nil), verify.Keys{Log: l.cfg.VKey}, older); err != nil {
				t.Fatal(err)
			}
		}
		older = signed
	}
}

func TestHandlerServes(t *testing.T) {
	l := open(t, config(t, database(t)))
	grow(t, l, 300)
	const brief, immutable = "public, max-age=60", "public, max-age=31536000, immutable"
	for _, c := range []struct {
		path, kind, cache string
		size              int
	}{
		{"checkpoint", "text/plain; charset=utf-8", "public, max-age=1", len(l.Checkpoint())},
		{"tile/0/000", "application/octet-stream", immutable, 256 * tlog.HashSize},
		{"tile/0/001.p/44", "application/octet-stream", brief, 44 * tlog.HashSize},
		{"tile/0/001.p/3", "application/octet-stream", brief, 3 * tlog.HashSize},
		{"tile/0/000.p/9", "application/octet-stream", brief, 9 * tlog.HashSize},
		{"tile/1/000.p/1", "application/octet-stream", brief, tlog.HashSize},
		{"tile/entries/000", "application/octet-stream", immutable, -1},
		{"tile/entries/001.p/44", "application/octet-stream", brief, -1},
	} {
		for _, method := range []string{"GET", "HEAD", "GET"} {
			w := httptest.NewRecorder()
			l.Handler().ServeHTTP(w, httptest.NewRequest(method, "/log/"+c.path, nil))
			if w.Code != 200 || w.Header().Get("Content-Type") != c.kind || w.Header().Get("Cache-Control") != c.cache {
				t.Errorf("%s %s: %d %v", method, c.path, w.Code, w.Header())
			}
			if size := w.Body.Len(); method == "GET" && (c.size >= 0 && size != c.size || size == 0) || method == "HEAD" && size != 0 {
				t.Errorf("%s %s: %d bytes", method, c.path, size)
			}
		}
	}
}

func TestHandlerFindsNothingElse(t *testing.T) {
	l := open(t, config(t, database(t)))
	grow(t, l, 300)
	server := httptest.NewServer(l.Handler())
	defer server.Close()
	for _, path := range []string{
		"/", "/log", "/log/", "/checkpoint", "/log/checkpoint/", "/log/Checkpoint", "/log//checkpoint", "/log/../log/checkpoint",
		"/log/tile", "/log/tile/", "/log/tile/0", "/log/tile/0/", "/log/tile/0/0", "/log/tile/0/00", "/log/tile/00/000", "/log/tile/-1/000",
		"/log/tile/0/001", "/log/tile/0/001.p/45", "/log/tile/0/001.p/0", "/log/tile/0/001.p/256", "/log/tile/0/001.p/044", "/log/tile/0/002.p/1",
		"/log/tile/1/000", "/log/tile/1/000.p/2", "/log/tile/2/000.p/1", "/log/tile/7/000.p/1", "/log/tile/8/000.p/1", "/log/tile/63/000.p/1", "/log/tile/64/000",
		"/log/tile/0/x000/000", "/log/tile/0/x999/x999/x999/x999/x999/x999/999", "/log/tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999",
		"/log/tile/entries/001", "/log/tile/entries/002.p/1", "/log/tile/entries/-01", "/log/tile/data/000", "/log/tile/8/data/000", "/log/tile/8/0/000",
		"/log/tile/0/000%2ep/9", "/log/tile%2f0/000", "/log/tile/0/000?x", "/log/tile/0/%00", "/log/tile/0/\u202e000", "/log/tile/0/000.p/9/9",
	} {
		resp, err := server.Client().Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		want := http.StatusNotFound
		switch path {
		case "/log/tile/0/000?x", "/log/tile/0/000%2ep/9", "/log/tile%2f0/000": // the same paths in other words
			want = http.StatusOK
		}
		if resp.StatusCode != want {
			t.Errorf("%s: %d %.40q", path, resp.StatusCode, body)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		w := httptest.NewRecorder()
		l.Handler().ServeHTTP(w, httptest.NewRequest(method, "/log/checkpoint", nil))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d %v", method, w.Code, w.Header())
		}
	}
}

func TestHandlerSaysSoWhenTheDatabaseIsGone(t *testing.T) {
	db := database(t)
	l := open(t, config(t, db))
	grow(t, l, 300)
	w := httptest.NewRecorder()
	l.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/log/tile/0/000", nil))
	db.Close()
	for path, want := range map[string]int{"checkpoint": 200, "tile/0/000": 200, "tile/0/001.p/44": 503, "tile/0/002": 404} {
		w := httptest.NewRecorder()
		l.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/log/"+path, nil))
		if w.Code != want || strings.Contains(w.Body.String(), "sql") {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
	}
}

func TestTileCacheIsBounded(t *testing.T) {
	var c tileCache
	for n := range int64(100) {
		c.put(tlog.Tile{H: 8, N: n, W: 256}, make([]byte, maxTileCache/10))
		if c.size > maxTileCache || len(c.tiles) > 10 {
			t.Fatalf("after %d tiles it holds %d bytes in %d tiles", n+1, c.size, len(c.tiles))
		}
		if _, ok := c.get(tlog.Tile{H: 8, N: n, W: 256}); !ok {
			t.Fatal("the newest tile is not kept")
		}
	}
}

func TestReceipt(t *testing.T) {
	l := open(t, config(t, database(t)))
	grow(t, l, 300)
	keys := verify.Keys{Log: l.cfg.VKey, Receipt: testKey(t, "demo.example/receipts", "r").VKey, Body: "demo.example"}
	r := verify.Receipt{
		Body: "demo.example", Member: "0270", Name: "Cobalt Ridge IT", Domains: []string{"cobaltridge.example"}, Status: "good",
		Since: noon.Add(-time.Hour), Leaf: 270, At: noon, Until: noon.Add(24 * time.Hour),
	}
	doc, err := l.Receipt(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	result, err := verify.CheckReceipt(doc, keys, noon)
	if err != nil || !result.Good || result.Size != 300 {
		t.Errorf("%v, %v", result, err)
	}
	again, err := l.Receipt(t.Context(), r)
	if err != nil || string(again) != string(doc) {
		t.Error("the same receipt is not the same document")
	}
	r.Status = "lapsed"
	if _, err := l.Receipt(t.Context(), r); !errors.Is(err, verify.ErrMismatch) {
		t.Errorf("a receipt that its leaf does not bear out: %v", err)
	}
	for _, index := range []int64{-1, 300} {
		r.Leaf = index
		if _, err := l.Receipt(t.Context(), r); !errors.Is(err, ErrNotPublic) {
			t.Errorf("leaf %d: %v", index, err)
		}
	}
}
