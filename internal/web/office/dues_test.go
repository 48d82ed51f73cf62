package office

import (
	"net/url"
	"strings"
	"testing"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/web/webtest"
)

func TestSeveralPaymentsAreRecordedAtOnce(t *testing.T) {
	b := founded(t, 10)
	b.Do(membership.RecordDues{Member: "0003", PaidThrough: act.On(2026, 2, 1), Reason: "it was booked twice"})
	h := webtest.As(registrar, open(b))
	webtest.Get(t, h, "/office/dues").Is(200).Has("h2", "Overdue 1").Has("td.do a", "Record dues")
	typed := "number,through\n0003,2028-02-28\n0004,2027-02-28\n0005,soon\n9999,2028-02-28\n0003,2028-03-31\n0006,2026-01-01\nx y,2028-01-01"
	before := b.Record.Position()
	page := webtest.Post(t, h, "/office/dues", url.Values{"payments": {typed}, "_step": {"check"}}).Is(422)
	page.Has("title", "Error: Dues").Has("section.would p", "1 to be recorded, 1 so already, 5 not possible.")
	page.Has("td", "to be recorded").Has("td", "so already").Has("td span.also", "The day should be a date").Has("td span.also", "stands in line 2 already").
		Has("td span.also", "2026-01-01 is before 2027-02-28").Has("td span.also", "This is no member’s number.")
	if b.Record.Position() != before {
		t.Fatal("looking at it recorded something")
	}
	form := page.Form("Record this payment")
	form.Del("_step")
	form.Set("_step", "do")
	if form["payments"][0] != typed {
		t.Errorf("the form holds %q", form["payments"])
	}
	form.Set("payments", form["payments"][0])
	done := webtest.Post(t, h, "/office/dues", form).Is(200).Has("section.would p", "1 recorded, 1 so already, 5 not recorded.").Has("h2", "Overdue 0")
	after := b.Record.Position()
	if after == before {
		t.Fatal("nothing was recorded")
	}
	done.Has("td", "recorded")
	webtest.Post(t, h, "/office/dues", form).Is(200) // sent again
	if b.Record.Position() != after {
		t.Error("sending it again recorded something")
	}
	webtest.Post(t, h, "/office/dues", url.Values{"payments": {"0003;2029-02-28;paid in advance"}}).Is(200).Has("section.would p", "1 to be recorded")
	webtest.Post(t, h, "/office/dues", url.Values{"payments": {"0003\t2029-02-28\r\n0004\t2029-02-28"}}).Is(200).Has("button", "Record these 2 payments")
}

func TestPaymentsThatAreNone(t *testing.T) {
	b := founded(t, 5)
	o := open(b)
	h := webtest.As(registrar, o)
	for what, typed := range map[string]string{
		"nothing": "", "spaces": "  \n ", "an open quote": "0003,\"2027-02-28\n0004,2027-02-28", "too many": strings.Repeat("0003,2027-02-28\n", mostPayments+1),
		"a header alone": "number,through",
	} {
		page := webtest.Post(t, h, "/office/dues", url.Values{"payments": {typed}})
		if page.Status != 422 {
			t.Errorf("%s: %d", what, page.Status)
		}
		page.Has("div.error-summary h2", "There is a problem")
	}
	webtest.Post(t, h, "/office/dues", url.Values{"payments": {strings.Repeat("0", maxTyped)}}).Is(422)
	page := webtest.Post(t, h, "/office/dues", url.Values{"payments": {"<b>,2027-02-28\n\xff,2027-02-28\n0003"}}).Is(422)
	page.Has("td span.also", "This is no member’s number.").Has("td span.also", "The day is missing")
	webtest.Post(t, webtest.As(auditor, o), "/office/dues", url.Values{"payments": {"0003,2028-02-28"}}).Is(403)
	webtest.Get(t, webtest.As(auditor, o), "/office/dues").Is(200).HasNo("textarea")
	webtest.Get(t, webtest.As(chair, o), "/office/dues").Is(403)
}
