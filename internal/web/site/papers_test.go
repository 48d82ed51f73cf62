package site_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/web/api"
	"shingle/internal/web/site"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
	"shingle/verify"
)

// whole serves the public pages of a body with packs, whose papers come from the API. 0044 signed nothing.
func whole(t *testing.T) (http.Handler, *webtest.Body) {
	cache := api.NewCache()
	b := webtest.Start(t, webtest.SQLite, bodyName, time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC), cache)
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	b.EnrolExample(20, act.On(2026, 3, 1), act.On(2027, 2, 28))
	b.Do(membership.Enrol{Number: "0044", Name: "Äpfel <Netze>", ContactName: act.NewPersonal("", "Ada Pine"), ContactEmail: act.NewPersonal("", "ada@aepfel.example"), Admitted: act.On(2026, 3, 1)})
	b.Do(governance.Open{})
	b.Tick()
	a := api.New(api.Config{
		Record: b.Record, Register: b.Register, Log: b.Log, Cache: cache, Facts: flowbody.FactsOf, LeafAt: b.LeafAt,
		Allows: func(ui.Who, string, ...string) error { return nil }, LogKey: b.LogKey, ReceiptKey: b.ReceiptKey,
		Origin: "https://demo.example", Now: b.Now, Logger: slog.New(slog.DiscardHandler),
	})
	s := &site.Site{
		Register: b.Register, Body: b.Body, Standing: b.Standing, Log: b.Log, LeafAt: b.LeafAt, Now: b.Now, Origin: "https://demo.example",
		Papers: a.Papers, LogKey: b.LogKey, ReceiptKey: b.ReceiptKey, Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	return ui.Secure(s.Handler()), b
}

func fetch(h http.Handler, address string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", address, nil))
	return w
}

func TestThePackVerifiesOffline(t *testing.T) {
	h, b := whole(t)
	webtest.Get(t, h, "/register/0001").Is(200).Has("aside", "The vendor-risk pack").Has("aside", "The annex to a contract")
	w := fetch(h, "/register/0001/pack.zip")
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/zip" || w.Header().Get("Cache-Control") != "no-cache" ||
		w.Header().Get("Content-Disposition") != `attachment; filename="0001-pack.zip"` {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	files := map[string][]byte{}
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		_, name, _ := strings.Cut(f.Name, "/")
		if files[name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	var known verify.Body
	if err := json.Unmarshal(files["shingle.json"], &known); err != nil {
		t.Fatal(err)
	}
	result, err := verify.CheckReceipt(files["receipt.txt"], known.Keys(), b.Now())
	if err != nil || result.Receipt.Member != "0001" || result.Receipt.Status != "good" {
		t.Errorf("the receipt: %+v, %v", result, err)
	}
	var said struct{ Status string }
	if err := json.Unmarshal(files["standing.json"], &said); err != nil || said.Status != "good" {
		t.Errorf("%s: %v", files["standing.json"], err)
	}
	sum := sha256.Sum256(files["code-2026.1.md"])
	if hex.EncodeToString(sum[:]) != result.Receipt.CodeSHA256 {
		t.Error("the text is not the one that the receipt names")
	}
	if annex := fetch(h, "/register/0001/annex.pdf"); annex.Code != 200 || !bytes.Equal(annex.Body.Bytes(), files["annex.pdf"]) {
		t.Errorf("the annex on the site is another one: %d", annex.Code)
	}
}

func TestTheAnnexIsAPageThatNeedsNothingBesideIt(t *testing.T) {
	h, _ := whole(t)
	w := fetch(h, "/register/0001/annex")
	policy := w.Header().Get("Content-Security-Policy")
	_, rest, _ := strings.Cut(w.Body.String(), "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	if w.Code != 200 || !strings.Contains(policy, "style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("%d: the style may not be shown under %q", w.Code, policy)
	}
	for _, outside := range []string{"<link", "<script", "<img", " src=", "@import", "url("} {
		if strings.Contains(w.Body.String(), outside) {
			t.Errorf("it asks for something beside it: %s", outside)
		}
	}
}

func TestWhoSignedNothingHasNoAnnexAndIsToldSo(t *testing.T) {
	h, b := whole(t)
	b.Do(membership.Withdraw{Member: "0009"})
	for number, why := range map[string]string{"0044": "The company has signed no text of the code.", "0009": "The company is no member"} {
		webtest.Get(t, h, "/register/"+number).Is(200).Has("aside", "There is no annex to a contract")
		for _, form := range []string{"annex", "annex.pdf"} {
			webtest.Get(t, h, "/register/"+number+"/"+form).Is(404).Has("h1", "There is no annex").Has("main", why)
		}
		w := fetch(h, "/register/"+number+"/pack.zip")
		z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
		if err != nil {
			t.Fatalf("%s: %d %v", number, w.Code, err)
		}
		for _, f := range z.File {
			if strings.Contains(f.Name, "annex") {
				t.Errorf("%s has %s", number, f.Name)
			}
		}
	}
	for _, paper := range []string{"annex", "annex.pdf", "pack.zip"} {
		webtest.Get(t, h, "/register/9999/"+paper).Is(404)
	}
}

func TestNobodysPapersAreShownBeforeTheRegisterIsOpen(t *testing.T) {
	h := pages(t, founded(t, 3))
	for _, paper := range []string{"annex", "annex.pdf"} {
		webtest.Get(t, h, "/register/0001/"+paper).Is(404).Has("h1", "The register is not open yet")
	}
}
