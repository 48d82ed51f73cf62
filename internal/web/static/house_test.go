package static_test

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/web/api"
	"shingle/internal/web/site"
	"shingle/internal/web/static"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
	"shingle/verify"
)

const base = "https://demo.example"

// house is a small body and its public site.
type house struct {
	*webtest.Body
	t    testing.TB
	site http.Handler
}

func founded(t testing.TB) *house {
	cache := api.NewCache()
	b := webtest.Start(t, webtest.SQLite, "Society of Managed Service Providers", time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC), cache)
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	logger := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	a := api.New(api.Config{
		Record: b.Record, Register: b.Register, Log: b.Log, Cache: cache, Facts: flowbody.FactsOf, LeafAt: b.LeafAt,
		LogKey: b.LogKey, ReceiptKey: b.ReceiptKey, Origin: base, Now: b.Now, Logger: logger,
	})
	s := &site.Site{
		Register: b.Register, Body: b.Body, Standing: b.Standing, Log: b.Log, LeafAt: b.LeafAt, Now: b.Now, Origin: base, Logger: logger,
	}
	public := http.NewServeMux()
	a.Routes(public)
	files := b.Log.Handler()
	public.HandleFunc("/log/checkpoint", func(w http.ResponseWriter, r *http.Request) {
		if c, err := s.Chrome(r); err != nil || c.Launch {
			http.NotFound(w, r)
			return
		}
		files.ServeHTTP(w, r)
	})
	public.Handle("/log/tile/", files)
	public.Handle("/", ui.Secure(s.Handler()))
	return &house{b, t, public}
}

// opened is a body with n members and an open register; 0013 was expelled.
func opened(t testing.TB, n int) *house {
	h := founded(t)
	h.EnrolExample(n, act.On(2026, 3, 1), act.On(2027, 2, 28))
	h.Pass(100 * 24 * time.Hour)
	h.Do(governance.Open{})
	h.AdoptExample("2026.2", act.On(2026, 9, 1))
	if n >= 13 {
		h.decide(discipline.Record{Member: "0013", Sanction: discipline.Expulsion, Findings: []string{"1=Customers’ records were sold."}})
	}
	h.Tick()
	return h
}

// decide records a decision on paper and confirms it.
func (h *house) decide(r discipline.Record) {
	r.ServiceProof, r.Text = "by courier", "The panel was unanimous."
	r.Decided, r.Served, r.AppealClosed = act.On(2026, 3, 20), act.On(2026, 3, 23), act.On(2026, 5, 1)
	order := strings.TrimPrefix(h.DoAs("officer-1", r).Stream, "order/")
	h.DoAs("officer-2", discipline.Confirm{Order: order})
}

// enrol takes in one more company.
func (h *house) enrol(number, name string) {
	h.Do(membership.Enrol{
		Number: number, Name: name, Domains: []string{strings.ToLower(number) + ".example"}, Place: "Denver", Country: "United States",
		Admitted: act.On(2026, 3, 1), Subscribed: act.On(2026, 3, 1), PaidThrough: act.On(2027, 2, 28),
		ContactName: act.NewPersonal("", "A. Contact"),
	})
}

func (h *house) exportOf(site http.Handler, to string) *static.Export {
	x := static.New(static.Config{Site: site, Base: base, Record: h.Record, Register: h.Register, Log: h.Log, Body: h.Body.Body}, to)
	h.t.Cleanup(func() { _ = x.Close() })
	return x
}

func (h *house) export(to string) *static.Export { return h.exportOf(h.site, to) }

func run(t testing.TB, x *static.Export) static.Report {
	t.Helper()
	report, err := x.Run(context.Background(), false, nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// files returns the files below a folder by their paths.
func files(t testing.TB, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(folder, path))
		all[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// same fails the test unless two exports are the same, byte for byte.
func same(t testing.TB, got, want map[string]string) {
	t.Helper()
	for path, text := range want {
		if other, ok := got[path]; !ok {
			t.Errorf("%s is missing", path)
		} else if other != text {
			t.Errorf("%s differs:\n%.600s\nwant\n%.600s", path, other, text)
		}
	}
	for path := range got {
		if _, ok := want[path]; !ok {
			t.Errorf("%s should not be there", path)
		}
	}
}

func (h *house) keys() verify.Keys {
	return verify.Keys{Log: h.LogKey, Receipt: h.ReceiptKey, Body: "demo.example"}
}

// sound fails the test unless the exported log proves itself and every leaf that a page names is there.
func (h *house) sound(folder string) {
	h.t.Helper()
	all := files(h.t, folder)
	if _, ok := all["log/checkpoint"]; ok {
		report, err := verify.CheckLog(context.Background(), verify.Dir(filepath.Join(folder, "log")), h.keys())
		if err != nil || !report.Good() {
			h.t.Fatalf("the exported log: %v %v", report, err)
		}
	}
	for path, text := range all {
		if !strings.HasPrefix(path, "register/") || !strings.HasSuffix(path, "/index.html") {
			continue
		}
		for rest := text; ; {
			_, after, ok := strings.Cut(rest, `href="/log/leaf/`)
			if !ok {
				break
			}
			index, _, _ := strings.Cut(after, "/")
			if _, ok := all["log/leaf/"+index+"/index.html"]; !ok {
				h.t.Errorf("%s names leaf %s, which is not there", path, index)
			}
			rest = after
		}
	}
}

// host serves a folder as any web server would.
func host(t testing.TB, folder string) string {
	server := httptest.NewServer(http.FileServer(http.Dir(folder)))
	t.Cleanup(server.Close)
	return server.URL
}

func number(i int) string { return fmt.Sprintf("X-%04d", i) }

func mustWrite(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
