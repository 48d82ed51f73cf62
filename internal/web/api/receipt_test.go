package api_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"shingle/internal/body/discipline"
	"shingle/internal/body/membership"
	"shingle/verify"
)

const receipt42 = "/api/v1/members/0042/receipt"

// receipt fetches a receipt and checks it as a stranger does who kept the body's shingle.json.
func (h *house) receipt(url string) (string, verify.Result, error) {
	h.t.Helper()
	w := h.ask("GET", url, "", "")
	if w.Code != 200 || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
		h.t.Fatalf("%s: %d %v %s", url, w.Code, w.Header(), w.Body)
	}
	b, err := verify.ParseBody(h.ask("GET", "/.well-known/shingle.json", "", "").Body.Bytes())
	h.must(err)
	result, err := verify.CheckReceipt(w.Body.Bytes(), b.Keys(), h.clock())
	return w.Body.String(), result, err
}

func TestAReceiptProvesWhatTheRegisterSays(t *testing.T) {
	h := founded(t)
	h.at(start.Add(time.Hour + time.Millisecond))
	text, result, err := h.receipt(receipt42)
	h.must(err)
	if !result.Good {
		t.Errorf("not good: %v", result)
	}
	for _, line := range []string{"body demo.example", "name Cobalt Ridge IT", "domain cobaltridge.example", "at 2026-09-01T10:00:00Z", "until 2026-09-02T10:00:00Z"} {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("there is no line %q in\n%s", line, text)
		}
	}

	h.at(start.Add(time.Hour + 59*time.Second))
	if again, _, _ := h.receipt(receipt42); again != text {
		t.Error("within a minute it was signed anew")
	}
	h.at(start.Add(time.Hour + 61*time.Second))
	if again, _, _ := h.receipt(receipt42); again == text {
		t.Error("after a minute it is still the same")
	}
}

func TestTheReceiptAfterAnExpulsionSaysSo(t *testing.T) {
	h := founded(t)
	h.at(start.Add(time.Hour))
	h.receipt(receipt42)
	order := h.doAs("token/first", expulsion("0042")).Stream
	h.at(start.Add(time.Hour + 123456*time.Microsecond))
	h.doAs("token/second", discipline.Confirm{Order: strings.TrimPrefix(order, "order/")})
	text, result, err := h.receipt(receipt42)
	h.must(err)
	if result.Good || !strings.Contains(text, "\nstatus expelled\nkind disciplinary\n") {
		t.Errorf("it says\n%s", text)
	}
	if _, err := verify.CheckReceipt([]byte(strings.Replace(text, "expelled", "good", 1)), keys(h), h.clock()); err == nil {
		t.Error("a changed word passes")
	}
	h.at(start.Add(26 * time.Hour))
	if _, err := verify.CheckReceipt([]byte(text), keys(h), h.clock()); !errors.Is(err, verify.ErrExpired) {
		t.Errorf("after a day: %v", err)
	}
}

func keys(h *house) verify.Keys {
	b, err := verify.ParseBody(h.ask("GET", "/.well-known/shingle.json", "", "").Body.Bytes())
	h.must(err)
	return b.Keys()
}

func TestAReceiptEndsWithTheNextPublicChange(t *testing.T) {
	h := founded(t)
	h.at(start.Add(time.Hour))
	// 0007 never subscribed: it lapses when transition and grace are over, whenever that is.
	next := h.get("/api/v1/members/0007/standing", "", 200)["next_change_at"]
	if next == nil {
		t.Fatal("time alone changes nothing")
	}
	at, err := time.Parse(time.RFC3339, next.(string))
	h.must(err)
	h.at(at.Add(-time.Hour))
	text, _, err := h.receipt("/api/v1/members/0007/receipt")
	h.must(err)
	if !strings.Contains(text, "\nuntil "+at.Format(time.RFC3339)+"\n") {
		t.Errorf("it changes at %s, but the receipt says\n%s", at, text)
	}
}

func TestAReceiptWaitsForThePublicLog(t *testing.T) {
	h := founded(t)
	h.at(time.Date(2027, 12, 1, 12, 0, 0, 0, time.UTC)) // time changed the standing, and nobody stated it
	w := h.ask("GET", receipt42, "", "")
	v := h.json(w, 503, "receipt")
	h.is(v, "type", "/problems/receipt-lags")
	if w.Header().Get("Retry-After") == "" {
		t.Error("it does not say when to ask again")
	}
	h.do(membership.Move{Member: "0042", Address: "1 Main Street", Place: "Denver", Country: "United States"}) // states it, too
	if _, _, err := h.receipt(receipt42); err != nil {
		t.Error(err)
	}
}
