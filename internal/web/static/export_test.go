package static_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/web/webtest"
	"shingle/verify"
)

func TestEveryLinkOfTheExportLeadsToAFile(t *testing.T) {
	t.Parallel()
	h := opened(t, 120)
	h.Do(membership.Merge{Member: "0020", Into: "0021"})
	h.decide(discipline.Record{Member: "0014", Sanction: discipline.Reprimand, Findings: []string{"1=Letters were left unanswered."}})
	out := t.TempDir()
	run(t, h.export(out))
	seen := crawl(t, out)
	// Whoever looks finds all there is.
	for path := range files(t, out) {
		if dir, ok := strings.CutSuffix(path, "index.html"); ok && !seen["/"+dir] {
			t.Errorf("nothing leads to %s", path)
		}
	}
	if len(seen) < 200 {
		t.Errorf("only %d addresses", len(seen))
	}
	// The addresses of the site itself lead there, too.
	for _, path := range []string{"/register/0042", "/code/2026.1", "/notices/2026-0001", "/why"} {
		resp, err := http.Get(host(t, out) + path)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %v %v", path, resp, err)
		}
	}
}

// crawl follows every link from the first page on, and returns where it was. A link that is answered by
// leading elsewhere counts as broken.
func crawl(t *testing.T, out string) map[string]bool {
	t.Helper()
	web := host(t, out)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	seen := map[string]bool{}
	for waiting := []string{"/"}; len(waiting) > 0; waiting = waiting[1:] {
		path := waiting[0]
		if seen[path] {
			continue
		}
		seen[path] = true
		resp, err := client.Get(web + path)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", path, resp.Status)
		}
		root, err := html.Parse(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for n := range root.Descendants() {
			if n.Data == "form" {
				t.Errorf("%s has a form, which nobody would answer", path)
			}
			for _, a := range n.Attr {
				if (a.Key == "href" || a.Key == "src") && strings.HasPrefix(a.Val, "/") {
					u, err := url.Parse(a.Val)
					if err != nil || u.RawQuery != "" {
						t.Errorf("%s leads to %s, which is no file", path, a.Val)
						continue
					}
					waiting = append(waiting, u.Path)
				}
			}
		}
	}
	return seen
}

func TestAFullTileTakesThePlaceOfPartialOnes(t *testing.T) {
	t.Parallel()
	h := opened(t, 200)
	out := t.TempDir()
	x := h.export(out)
	for i := range 60 {
		if h.enrol(number(i), "Company "+number(i)); i%20 == 0 {
			run(t, x)
			h.sound(out)
		}
	}
	run(t, x)
	if h.Log.Head().Size < 257 {
		t.Fatalf("the log has only %d leaves", h.Log.Head().Size)
	}
	partials := func() int {
		all, err := filepath.Glob(filepath.Join(out, "log/tile/entries/000.p/*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	crawl(t, out)
	if partials() < 2 {
		t.Error("whoever began to read before finds the partial tiles gone")
	}
	h.Pass(time.Hour)
	run(t, x)
	if partials() != 0 {
		t.Errorf("%d partial tiles of a full one are still there", partials())
	}
	crawl(t, out)
	h.sound(out)
}

func TestTheExportProvesItselfWithoutUs(t *testing.T) {
	t.Parallel()
	h := opened(t, 40)
	out := t.TempDir()
	run(t, h.export(out))
	web := host(t, out)
	report, err := verify.CheckLog(t.Context(), verify.HTTP(web+"/log", nil), h.keys())
	if err != nil || !report.Good() {
		t.Fatalf("%v %v", report, err)
	}
	for member, good := range map[string]bool{"0014": true, "0013": false} {
		receipt, err := os.ReadFile(filepath.Join(out, "api/v1/members", member, "receipt"))
		if err != nil {
			t.Fatal(err)
		}
		result, err := verify.CheckReceipt(receipt, h.keys(), h.Now())
		if err != nil || result.Good != good {
			t.Errorf("%s: %v %v", member, result, err)
		}
	}
	about, err := os.ReadFile(filepath.Join(out, ".well-known/shingle.json"))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := verify.ParseBody(about); err != nil || b.API != base+"/api/v1" || b.Log.VKey != h.LogKey {
		t.Errorf("%+v %v", b, err)
	}
}

func TestNothingAboutMembersIsExportedBeforeTheRegisterOpens(t *testing.T) {
	t.Parallel()
	h := founded(t)
	h.EnrolExample(20, act.On(2026, 3, 1), act.On(2027, 2, 28))
	out := t.TempDir()
	x := h.export(out)
	run(t, x)
	all := files(t, out)
	for path, text := range all {
		if strings.HasPrefix(path, "register") || strings.HasPrefix(path, "log/") || strings.HasPrefix(path, "seal/") || strings.HasPrefix(path, "api/v1/members") ||
			strings.Contains(text, "Schwarzspecht") || strings.Contains(path, "0013") {
			t.Errorf("%s is there", path)
		}
	}
	if !strings.Contains(all["index.html"], "is preparing its register") || all["code/index.html"] == "" {
		t.Error("the pages of before the opening are missing")
	}
	h.Do(governance.Open{GoLive: act.On(2026, 3, 5)})
	run(t, x)
	if _, ok := files(t, out)["register/index.html"]; ok {
		t.Error("the register is there before its day")
	}
	h.Pass(4 * 24 * time.Hour) // the day comes, and nobody does anything
	run(t, x)
	all = files(t, out)
	if !strings.Contains(all["register/0013/index.html"], "Blue Fog") || !strings.Contains(all["index.html"], "companies on the record") {
		t.Error("the register is open, and not exported")
	}
	h.sound(out)
}

func TestOneActCostsWhatItChanges(t *testing.T) {
	t.Parallel()
	cost := func(n int) (keys []string) {
		h := opened(t, 60)
		for i := range n {
			h.enrol(number(i), "Company "+number(i))
		}
		out := t.TempDir()
		x := h.export(out)
		run(t, x)
		if again := run(t, x); again.Written != 0 {
			t.Fatalf("%d written although nothing happened: %v", again.Written, again.Keys)
		}
		h.Do(membership.Withdraw{Member: "0009"})
		r := run(t, x)
		if r.Removed != 0 {
			t.Errorf("%d removed", r.Removed)
		}
		h.sound(out)
		return r.Keys
	}
	n := 200
	if os.Getenv("SHINGLE_TORTURE") != "" {
		n = 5000
	}
	small, large := cost(0), cost(n)
	if len(large) > len(small)+2 || len(large) > 30 { // a tile more of a larger log
		t.Errorf("%d objects in a register of 60, %d in one of %d:\n%s", len(small), len(large), n+60, strings.Join(large, "\n"))
	}
	for _, want := range []string{"register/0009/index.html", "register/0009/changes.atom", "register/index.html", "register/status/withdrawn/index.html", "seal/0009.svg",
		"api/v1/members/0009/index.json", "api/v1/members/0009/standing", "api/v1/members/0009/receipt", "index.html", "log/checkpoint", "log/index.html"} {
		if !slices.Contains(large, want) {
			t.Errorf("%s was not written", want)
		}
	}
	t.Logf("%d objects in a register of %d", len(large), n+60)
}

func TestWhatCarriesADateIsMadeAnewAsItPasses(t *testing.T) {
	t.Parallel()
	h := opened(t, 20)
	out := t.TempDir()
	x := h.export(out)
	run(t, x)
	read := func(path string) string {
		b, err := os.ReadFile(filepath.Join(out, path))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	until := func() time.Time {
		result, err := verify.CheckReceipt([]byte(read("api/v1/members/0001/receipt")), h.keys(), h.Now())
		if err != nil {
			t.Fatal(err)
		}
		return result.Receipt.Until
	}
	first, seal := until(), read("seal/0001.svg")
	for range 6 {
		h.Pass(5 * time.Hour)
		run(t, x)
		if left := until().Sub(h.Now()); left < 11*time.Hour {
			t.Errorf("a receipt has %s left", left)
		}
	}
	if !until().After(first) || read("seal/0001.svg") == seal {
		t.Error("a day later, receipt and seal are the old ones")
	}
	// Standing that time alone changes is there at once.
	h.Pass(270 * 24 * time.Hour)
	h.Pass(60 * 24 * time.Hour)
	run(t, x)
	now, err := h.Register.Standing(t.Context(), "0001", h.Now())
	if err != nil || now.Status == standing.Good {
		t.Fatalf("%v %v", now, err)
	}
	if !strings.Contains(read("api/v1/members/0001/standing"), `"status":"`+string(now.Status)+`"`) ||
		strings.Contains(read("register/0001/index.html"), "in good standing.") {
		t.Errorf("a member that is %s by time alone is not shown so", now.Status)
	}
	h.sound(out)
}

func TestAnExpiredNoticeLeavesATombstone(t *testing.T) {
	t.Parallel()
	h := opened(t, 20)
	h.decide(discipline.Record{Member: "0014", Sanction: discipline.Reprimand, Findings: []string{"1=Letters were left unanswered."}})
	out := t.TempDir()
	x := h.export(out)
	run(t, x)
	all := files(t, out)
	if !strings.Contains(all["notices/2026-0002/index.html"], "Letters were left") || all["api/v1/notices/2026-0002"] == "" || !strings.Contains(all["notices/index.html"], "2026-0002") {
		t.Fatal("the notice is missing")
	}
	h.Pass(4 * 365 * 24 * time.Hour)
	run(t, x)
	all = files(t, out)
	if !strings.Contains(all["notices/2026-0002/index.html"], "This notice has expired") || all["api/v1/notices/2026-0002"] != "" {
		t.Error("the notice does not say that it expired")
	}
	for path, text := range all {
		if strings.Contains(text, "Letters were left") {
			t.Errorf("%s still says what it said", path)
		}
	}
	if strings.Contains(all["notices/index.html"], "2026-0002") || !strings.Contains(all["notices/index.html"], "2026-0001") {
		t.Error("the list of notices is not as it should be")
	}
}

func TestAnExportThatWasCutOffIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	h := opened(t, 30)
	whole := t.TempDir()
	run(t, h.export(whole))
	h.Do(membership.Rename{Member: "0014", Name: "Aardvark Systems"})
	asked := 0
	counting := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked++; h.site.ServeHTTP(w, r) })
	want := t.TempDir()
	run(t, h.exportOf(counting, want))
	complete := files(t, want)
	total := asked
	for _, stop := range []int{1, 7, total / 2, total - 30, total - 8} {
		ctx, cancel := context.WithCancel(t.Context())
		left := stop
		cut := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if left--; left < 0 {
				cancel()
			}
			h.site.ServeHTTP(w, r)
		})
		out := t.TempDir()
		if _, err := h.exportOf(cut, out).Run(ctx, false, nil); err == nil {
			t.Fatalf("it was not cut off after %d of %d answers", stop, total)
		}
		h.sound(out)
		draft := filepath.Join(out, "register.tmp") // as a killed process leaves it
		if _, err := os.Stat(filepath.Join(out, ".shingle/writing")); err == nil {
			mustWrite(t, draft, "half")
		}
		run(t, h.export(out))
		same(t, files(t, out), complete)
	}
}

func TestWhatCannotBeExportedToIsOneClearSentence(t *testing.T) {
	t.Parallel()
	h := opened(t, 20)
	for what, test := range map[string]struct {
		spoil func(out string)
		says  string
	}{
		"a folder with other things": {func(out string) { mustWrite(t, out+"/thesis.odt", "text") }, "is not empty, and holds no export of a register"},
		"another body's export": {func(out string) {
			other := opened(t, 0)
			mustWrite(t, out+"/.shingle/state.json", `{"v":1,"log":"log.other.example"}`)
			_ = other
		}, "holds the export of another body"},
		"an older record": {func(out string) {
			mustWrite(t, out+"/.shingle/state.json", `{"v":1,"log":"log.demo.example","position":999999}`)
		}, "an older backup was restored"},
		"a newer program":      {func(out string) { mustWrite(t, out+"/.shingle/state.json", `{"v":99}`) }, "by a newer version of shingle"},
		"a state that is none": {func(out string) { mustWrite(t, out+"/.shingle/state.json", `{`) }, "cannot be read as what an export left there"},
	} {
		out := t.TempDir()
		test.spoil(out)
		before := files(t, out)
		_, err := h.export(out).Run(t.Context(), false, nil)
		if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", what, err)
		}
		same(t, files(t, out), before)
	}
	file := filepath.Join(t.TempDir(), "file")
	mustWrite(t, file, "text")
	for to, says := range map[string]string{file: "is a file", "gs://bucket": "is neither a folder nor a bucket", "s3://": "is neither a folder nor a bucket"} {
		if _, err := h.export(to).Run(t.Context(), false, nil); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", to, err)
		}
	}
}

func TestExportedPagesAreAccessibleOnEveryScreen(t *testing.T) {
	t.Parallel()
	h := opened(t, 120)
	out := t.TempDir()
	run(t, h.export(out))
	web := host(t, out)
	b := webtest.Open(t)
	for what, path := range map[string]string{
		"home": "/", "register": "/register/", "a later page": "/register/list/1/", "of one standing": "/register/status/expelled/",
		"nobody of one standing": "/register/status/suspended/", "member": "/register/0042/", "log": "/log/", "older leaves": "/log/before/25/", "docs": "/docs/", "missing": "/404.html",
	} {
		for _, screen := range []webtest.Screen{webtest.Desk, webtest.PhoneDark} {
			what := what + " " + screen.String()
			b.Visit(web+path, screen)
			b.FitsWidth(what)
			b.Accessible(what)
		}
	}
}
