package app

import (
	"context"
	"io"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"shingle/examples"
	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/cli"
	"shingle/internal/code"
	"shingle/internal/pgtest"
	"shingle/internal/record"
	"shingle/internal/work/worktest"
)

// postbox is the folder that letters are laid into.
type postbox struct {
	t   *testing.T
	dir string
}

// with waits for a letter that holds a text, and returns what it says.
func (p postbox) with(text string) (letter string) {
	p.t.Helper()
	worktest.Eventually(p.t, "a letter says "+text, func() bool {
		for _, letter = range p.all() {
			if strings.Contains(letter, text) {
				return true
			}
		}
		return false
	})
	return letter
}

func (p postbox) all() (letters []string) {
	p.t.Helper()
	files, err := filepath.Glob(filepath.Join(p.dir, "*.eml"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			continue // it was removed meanwhile
		}
		head, body, _ := strings.Cut(string(raw), "\r\n\r\n")
		plain, _ := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body)))
		letters = append(letters, strings.ReplaceAll(head, "\r\n ", " ")+"\n\n"+string(plain))
	}
	return letters
}

// visitor sends requests as a browser does, and returns the status and what is said.
func visitor(b *Body, method, address string, form url.Values, headers ...string) (int, string) {
	u, err := url.Parse(address)
	if err != nil {
		return 0, err.Error()
	}
	r := httptest.NewRequest(method, u.RequestURI(), strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.public.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// TestACustomerIsToldOfAnExpulsion goes all the way, on both databases: asks on the member's page, confirms by the
// link in the letter, is told when an order changes the standing, and ends it as mail programs do.
func TestACustomerIsToldOfAnExpulsion(t *testing.T) {
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			at := cli.Place{Data: filepath.Join(t.TempDir(), "body")}
			if database == "postgres" {
				at.Database = pgtest.URL(t)
			}
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			must(makePlace(t.Context(), at, stamp{role: "body", web: "demo.example"}, func(b *Body) error {
				_, err := b.Record.Do(t.Context(), record.Request{Command: governance.Found{Name: "Demo", Zone: "UTC", Web: "demo.example"}, Actor: "operator", Role: "operator", Expect: -1})
				return err
			}))
			b, err := openBody(t.Context(), opening{at: at})
			must(err)
			defer func() { must(b.Close()) }()
			do := func(actor string, cmd any) record.Done {
				t.Helper()
				done, err := b.Record.Do(t.Context(), record.Request{Command: cmd, Actor: actor, Role: "operator", Expect: -1})
				must(err)
				return done
			}
			today := act.DateIn(time.Now(), time.UTC)
			text, err := examples.FS.ReadFile("msp/code.md")
			must(err)
			text, err = code.Redate(text, "2025.1", today.AddDays(-300))
			must(err)
			do("operator", governance.Adopt{Text: string(text)})
			do("operator", membership.Enrol{Number: "0042", Name: "Cobalt <Ridge> IT", Admitted: today.AddDays(-200), Subscribed: today.AddDays(-20), PaidThrough: today.AddDays(150), ContactName: act.NewPersonal("", "Ada Pine")})
			do("operator", governance.Open{})

			ask := url.Values{"email": {"customer@canary.example"}}
			if status, said := visitor(b, "POST", "/register/0042/alerts", ask); status != http.StatusServiceUnavailable || !strings.Contains(said, "No letters are sent right now") {
				t.Fatalf("while nobody sends letters: %d %s", status, said)
			}
			ctx, stop := context.WithCancel(t.Context())
			var done sync.WaitGroup
			done.Go(b.worker(ctx, service{at: at}))
			defer done.Wait()
			defer stop()
			worktest.Eventually(t, "letters are sent", func() bool { return b.working.Load() != nil })
			box := postbox{t, folder(at.Data).mail()}

			status, first := visitor(b, "POST", "/register/0042/alerts", ask)
			if status != http.StatusOK || !strings.Contains(first, "Look into your mail") {
				t.Fatalf("asked: %d %s", status, first)
			}
			letter := box.with("Demo: do you want to be told?")
			if strings.Contains(letter, "List-Unsubscribe") || !strings.Contains(letter, "Cobalt <Ridge> IT (number 0042)") {
				t.Errorf("the letter: %s", letter)
			}
			link := regexp.MustCompile(`https://demo\.example/alerts/confirm/[A-Z2-7]{26}`).FindString(letter)
			for range 2 { // whatever looks into mail opens links
				if status, said := visitor(b, "GET", link, nil); status != http.StatusOK || !strings.Contains(said, "Yes, tell me") {
					t.Fatalf("the link %s: %d %s", link, status, said)
				}
			}
			if status, said := visitor(b, "POST", link, url.Values{}); status != http.StatusOK || !strings.Contains(said, "You will be told") {
				t.Fatalf("confirmed: %d %s", status, said)
			}
			if status, _ := visitor(b, "POST", link, url.Values{}); status != http.StatusNotFound {
				t.Errorf("replayed: %d", status)
			}
			if status, again := visitor(b, "POST", "/register/0042/alerts", ask); status != http.StatusOK || again != first {
				t.Errorf("who is told already is told so: %d\n%s\n%s", status, again, first)
			}

			do("operator", membership.Rename{Member: "0042", Name: "Cobalt Ridge"}) // no change of standing
			order := do("officer-1", discipline.Record{
				Member: "0042", Sanction: discipline.Expulsion, Findings: []string{"1=Customers’ records were sold."}, Decided: today.AddDays(-90), Served: today.AddDays(-80), ServiceProof: "by courier", AppealClosed: today.AddDays(-20), Text: "The panel was unanimous.",
			})
			do("officer-2", discipline.Confirm{Order: strings.TrimPrefix(order.Stream, "order/")})
			told := box.with("Demo: a standing changed")
			for _, want := range []string{"The register said: in good standing.", "it says: expelled (disciplinary).", "https://demo.example/register/0042", "To: <customer@canary.example>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"} {
				if !strings.Contains(told, want) {
					t.Errorf("the letter does not say %q:\n%s", want, told)
				}
			}
			ends := regexp.MustCompile(`List-Unsubscribe: <(https://demo\.example/alerts/[A-Z2-7]{26})>`).FindStringSubmatch(told)
			if len(ends) != 2 {
				t.Fatalf("it cannot be ended by one click: %s", told)
			}
			if status, said := visitor(b, "GET", ends[1], nil); status != http.StatusOK || !strings.Contains(said, "Tell me no more") || strings.Contains(said, "customer@") {
				t.Errorf("the page to manage it: %d %s", status, said)
			}
			oneClick := url.Values{"List-Unsubscribe": {"One-Click"}}
			if status, _ := visitor(b, "POST", ends[1], oneClick, "Sec-Fetch-Site", "cross-site"); status != http.StatusForbidden {
				t.Errorf("another site's page ends it: %d", status)
			}
			if status, said := visitor(b, "POST", ends[1], oneClick); status != http.StatusOK || !strings.Contains(said, "You will be told no more") {
				t.Fatalf("ended: %d %s", status, said)
			}
			for _, method := range []string{"GET", "POST"} {
				if status, _ := visitor(b, method, ends[1], oneClick); status != http.StatusNotFound {
					t.Errorf("%s of what is ended: %d", method, status)
				}
			}
			if ids, err := b.alerts.Of(t.Context(), "0042"); err != nil || len(ids) != 0 {
				t.Errorf("told are %v, %v", ids, err)
			}
			for _, letter := range box.all() {
				if strings.Contains(letter, "a standing changed") {
					t.Errorf("a letter to who is told no more lies in the folder: %s", letter)
				}
			}
		})
	}
}
