package portal

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/web/webtest"
)

func memberIn(t *testing.T, b *webtest.Body, number string) membership.Member {
	t.Helper()
	state, _, err := b.Record.State(t.Context(), "member/"+number)
	if err != nil {
		t.Fatal(err)
	}
	return state.(membership.Member)
}

// amended adopts another text: one provision says something else.
func amended(t *testing.T, b *webtest.Body) {
	t.Helper()
	v, err := b.Register.Version(t.Context(), "2026.1")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(strings.Replace(v.Text, "2026.1", "2026.2", 1), "effective: 2026-03-01", "effective: 2026-06-01", 1)
	i := strings.Index(text, "## 1 ")
	j := i + strings.Index(text[i:], "\n\n") + 2
	text = text[:j] + "Above all, be kind.\n\n" + text[j:]
	b.Do(governance.Adopt{Text: text})
}

func TestATextIsReadAndThenSigned(t *testing.T) {
	b := founded(t)
	amended(t, b)
	h := webtest.As(ours, open(b))
	v, err := b.Register.Version(t.Context(), "2026.2")
	if err != nil {
		t.Fatal(err)
	}
	webtest.Get(t, h, "/portal/subscribe?version=2026.1").Is(200).Has(".correction", "You signed this text on 1 March 2026").HasNo("a.primary")
	page := webtest.Get(t, h, "/portal/subscribe").Is(200)
	page.Has("p.kicker", "Version 2026.2, in force from 1 June 2026").Has(".hash", v.SHA256).Has("article", "Above all, be kind.").Has("a.primary", "Sign this text")
	page.Has("h2[id=changes]", "What it changes in version 2026.1, which you signed").Has(".redline ins", "Above all, be kind.")

	form := webtest.Get(t, h, "/portal/subscribe/2026.2").Is(200)
	form.Has("dd .hash", v.SHA256).Has("dd", "You have been the company’s representative since 2 March 2026, which is on record.").Has(".declares li", "consents to publication")
	form.Has(".declares li", "two years after it leaves").Has(".declares li", "licence to show the seal").HasNo("input[name=sha256]").HasNo("input[name=version]").HasNo("input[name=member]")
	sent := form.Form("Continue")
	if got := sent.Get("representative"); got != "Ada King" {
		t.Errorf("who signs is %q", got)
	}
	// Without a capacity it is refused, and what was typed stands.
	wrong := webtest.Post(t, h, "/portal/subscribe/2026.2", sent).Is(422).Has(".error-summary", "“Capacity” is missing.")
	sent = wrong.Form("Continue")
	if got := sent.Get("representative"); got != "Ada King" {
		t.Errorf("what was typed is %q", got)
	}
	sent.Set("capacity", "Director")
	check := webtest.Post(t, h, "/portal/subscribe/2026.2", sent).Is(200).Has("h1", "Check your answers").Has(".declares li", "consents to publication").Has(".would li", "accepts the code")
	done := webtest.Post(t, h, "/portal/subscribe/2026.2", check.Form("Confirm and record")).Is(303)
	to := done.Header.Get("Location")
	if !strings.HasPrefix(to, "/portal/papers?signed=2026.2&done=") {
		t.Errorf("it goes on to %s", to)
	}
	webtest.Get(t, h, to).Is(200).Has(".lead", "Thank you.").Has(".said", "You signed version 2026.2 of the code.").Has("a", "Download the receipt")
	if got := memberIn(t, b, "0042").Subscription; got.SHA256 != v.SHA256 {
		t.Errorf("signed is %+v", got)
	}
	annex := webtest.Get(t, h, "/portal/papers/annex").Is(200)
	if !strings.Contains(annex.Text, "Ada King, Director") {
		t.Error("the annex does not say who signed")
	}
	// What another member's people get is their own.
	theirAnnex := webtest.Get(t, webtest.As(theirs, open(b)), "/portal/papers/annex").Is(200)
	if strings.Contains(theirAnnex.Text, "Ada King") || strings.Contains(theirAnnex.Text, "Cobalt Ridge") {
		t.Error("another member's annex names ours")
	}
	webtest.Get(t, h, "/portal/history").Is(200).Has("tbody tr", "You signed version 2026.2 of the code.").Has("tbody td", "Ada King")
}

func TestThePaperIsAPaper(t *testing.T) {
	b := founded(t)
	w := httptest.NewRecorder()
	webtest.As(compliance, open(b)).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/portal/papers/annex.pdf", nil))
	if w.Code != 200 || !bytes.HasPrefix(w.Body.Bytes(), []byte("%PDF-")) || w.Header().Get("Content-Disposition") != `attachment; filename="0042-annex-signed.pdf"` {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

// Whoever proved long ago who they are reads the text, and proves it before they sign.
func TestBeforeSigningOneProvesWhoOneIs(t *testing.T) {
	stale := ours
	stale.Stale = true
	h := webtest.As(stale, open(founded(t)))
	webtest.Get(t, h, "/portal/subscribe").Is(200)
	for _, path := range []string{"/portal/subscribe/2026.1", "/portal/renew", "/portal/attest", "/portal/withdraw", "/portal/people/invite", "/portal/people/0002/appoint"} {
		if to := webtest.Get(t, h, path).Is(303).Header.Get("Location"); to != "/step-up?next="+url.QueryEscape(path) {
			t.Errorf("%s leads to %s", path, to)
		}
	}
	webtest.Get(t, h, "/portal/company/address").Is(200)
}

// step sends a form, and confirms it.
func step(t *testing.T, h http.Handler, path string, answers url.Values) (location string) {
	t.Helper()
	sent := webtest.Get(t, h, path).Is(200).Form("Continue")
	for name, values := range answers {
		sent[name] = values
	}
	check := webtest.Post(t, h, path, sent).Is(200)
	return webtest.Post(t, h, path, check.Form("Confirm and record")).Is(303).Header.Get("Location")
}

func TestAMembershipIsRenewed(t *testing.T) {
	b := founded(t)
	h := webtest.As(ours, open(b))
	page := webtest.Get(t, h, "/portal/renew").Is(200)
	page.Has(".declares li", "It still controls cobaltridge.example.").Has(".declares li", "subscription to version 2026.1 of the code, signed on 1 March 2026")
	b.Pass(24 * time.Hour)
	to := step(t, h, "/portal/renew", url.Values{"capacity": {"Director"}, "declaration": {"yes"}})
	if !strings.HasPrefix(to, "/portal/papers?done=") || memberIn(t, b, "0042").Renewed.IsZero() {
		t.Errorf("renewed %v, on to %s", memberIn(t, b, "0042").Renewed, to)
	}
	sent := webtest.Get(t, h, "/portal/renew").Form("Continue")
	sent.Set("capacity", "Director")
	sent.Set("declaration", "no")
	webtest.Post(t, h, "/portal/renew", sent).Is(422).Has(".error-summary", "MEM-22")
}

func TestAnAttestationIsForWhatIsOwed(t *testing.T) {
	b := founded(t)
	b.Pass(130 * 24 * time.Hour)
	h := webtest.As(compliance, open(b))
	page := webtest.Get(t, h, "/portal/attest").Is(200)
	owed := page.Form("Continue").Get("period")
	if !strings.HasPrefix(owed, "2026-Q") {
		t.Fatalf("the form begins with the period %q", owed)
	}
	page.Has("dt", "Owed for "+owed)
	step(t, h, "/portal/attest", url.Values{"undertakings_share": {"100"}, "requests_handled": {"yes"}})
	if got := memberIn(t, b, "0042").Attestations; len(got) != 1 || got[0].Period != owed {
		t.Errorf("attested %+v", got)
	}
	webtest.Get(t, h, "/portal/attest?period=2020-Q1").Is(200).Has("h1", "Attest how the company met the code")
	bad := webtest.Get(t, h, "/portal/attest").Form("Continue")
	bad.Set("period", "soon")
	bad.Set("requests_handled", "yes")
	bad.Set("incidents", "many")
	webtest.Post(t, h, "/portal/attest", bad).Is(422).Has(".field-error", "Incidents")
}

func TestLeavingIsPlain(t *testing.T) {
	b := founded(t)
	h := webtest.As(ours, open(b))
	webtest.Get(t, h, "/portal/withdraw").Is(200).Has(".points.grave li", "It takes effect at once.").Has(".points li", "Leaving ends no case.").Has(".points li", "30 days")
	to := step(t, h, "/portal/withdraw", nil)
	webtest.Get(t, h, to).Is(200).Has("section.verdict h1", "has withdrawn").Has(".said", "The company has left.")
}

func TestNothingIsSignedBeforeThereIsACode(t *testing.T) {
	b := webtest.Start(t, webtest.SQLite, "Society of Managed Service Providers", time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC))
	b.Do(membership.Enrol{Number: "0042", Name: "Cobalt Ridge IT", Admitted: act.On(2026, 3, 1)})
	webtest.Get(t, webtest.As(ours, open(b)), "/portal/subscribe").Is(200).Has("h1", "There is nothing to sign yet")
	webtest.Get(t, webtest.As(ours, open(b)), "/portal").Is(200)
	nobody := ours
	nobody.Member = "0999"
	for path := range pagesFor {
		if got := webtest.Get(t, webtest.As(nobody, open(b)), path).Status; got >= 500 {
			t.Errorf("%s for a member that is none: %d", path, got)
		}
	}
}
