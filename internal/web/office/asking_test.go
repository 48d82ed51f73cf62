package office

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"shingle/internal/body/membership"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

const confirm, change, carryOn = "Confirm and record", "Change an answer", "Continue"

func TestAnActIsAskedForByAForm(t *testing.T) {
	b := founded(t, 50)
	h := webtest.As(registrar, open(b))
	page := webtest.Get(t, h, "/office/acts/member.rename?member=0042").Is(200)
	page.Has("h1", "Gives a member its new legal name").Has("label", "New legal name")
	page.Has("aside.signed p", "Office: signed in as Rosa Lind, acting as a registrar")
	if page.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("kept as %q", page.Header.Get("Cache-Control"))
	}
	form := page.Form(carryOn)
	if form.Get("member") != "0042" {
		t.Errorf("the number was not taken from the address: %v", form)
	}
	form.Set("name", "Cobalt Ridge Limited")
	before := b.Record.Position()
	check := webtest.Post(t, h, "/office/acts/member.rename", form).Is(200)
	check.Has("h1", "Check your answers").Has("dd", "Cobalt Ridge Limited").Has("section.would li", "Member 0042 has a new name.")
	check.Has("section.would li", "The public log states: Cobalt Ridge Limited is a member in good standing.")
	if b.Record.Position() != before {
		t.Fatal("looking at it recorded something")
	}
	sent := check.Form(confirm)
	done := webtest.Post(t, h, "/office/acts/member.rename", sent).Is(303)
	if b.Record.Position() == before {
		t.Fatal("nothing was recorded")
	}
	after := b.Record.Position()
	where := done.Header.Get("Location")
	webtest.Get(t, h, where).Is(200).Has("div.said li", "Member 0042 has a new name.").Has("h1", "Recorded")

	again := webtest.Post(t, h, "/office/acts/member.rename", sent).Is(303) // a double click
	if b.Record.Position() != after || again.Header.Get("Location") != where {
		t.Errorf("sent twice: position %d then %d, to %s then %s", after, b.Record.Position(), where, again.Header.Get("Location"))
	}
	// What somebody else asked for is nobody else's to see, and looks like nothing.
	theirs := webtest.Get(t, webtest.As(president, open(b)), where).Is(404)
	none := webtest.Get(t, webtest.As(president, open(b)), "/office/done?done=999999&of=1").Is(404)
	if theirs.Text != none.Text {
		t.Error("another's act does not look like none")
	}
}

func TestWhatWasTypedStays(t *testing.T) {
	b := founded(t, 50)
	h := webtest.As(registrar, open(b))
	form := url.Values{"number": {"0777"}, "name": {""}, "admitted": {"soon"}, "contact_name": {"Ada <b>King"}, "trading_names": {"One; Two\r\nThree"}, "nonsense": {"x"}, "sole_trader": {"perhaps"}}
	page := webtest.Post(t, h, "/office/acts/member.enrol", form).Is(422)
	if title := page.All("title"); !strings.HasPrefix(title[0], "Error: ") {
		t.Errorf("the title is %q", title)
	}
	page.Has("div.error-summary h2", "There is a problem")
	page.Has("div.error-summary a", "“Legal name” is missing.").Has("div.error-summary a", "“Member since” should be a date such as 2026-03-01")
	page.Has("div.error-summary strong", "Nonsense is not a field of member.enrol").Has("div.error-summary a", "“Sole trader” should be true or false")
	if links := page.Attributes("div.error-summary a", "href"); len(links) == 0 || links[0] != "#field-name" {
		t.Errorf("the faults lead to %v", links)
	}
	page.Has("p.field-error[id=field-name-error]", "is missing")
	for name, want := range map[string]string{"aria-invalid": "true", "aria-describedby": "field-name-error"} {
		if got := page.Attributes("input[id=field-name]", name); len(got) != 1 || got[0] != want {
			t.Errorf("%s is %v", name, got)
		}
	}
	if got := page.Attributes("input[name=contact_name]", "value"); len(got) != 1 || got[0] != "Ada <b>King" {
		t.Errorf("the contact is now %q", got)
	}
	page.Has("textarea[name=trading_names]", "One; Two Three")

	form = url.Values{"number": {"0778"}, "name": {"Acme"}, "admitted": {"2026-01-01"}, "trading_names": {"One; Two\r\nThree"}, "contact_name": {"Ada King"}}
	check := webtest.Post(t, h, "/office/acts/member.enrol", form).Is(200)
	check.Has("dd", "One; TwoThree").Has("dd", "Ada King").Has("dd", "1 January 2026")
	back := webtest.Post(t, h, "/office/acts/member.enrol", check.Form(change)).Is(200)
	back.Has("label", "Legal name").HasNo("div.error-summary")
	for name, values := range form {
		if got := back.Form(carryOn).Get(name); strings.ReplaceAll(got, "\r", "") != strings.ReplaceAll(values[0], "\r", "") {
			t.Errorf("%s was %q and is %q", name, values[0], got)
		}
	}
	webtest.Post(t, h, "/office/acts/member.enrol", check.Form(confirm)).Is(303)
	state, _, err := b.Record.State(t.Context(), "member/0778")
	if m := state.(membership.Member); err != nil || len(m.TradingNames) != 2 || m.TradingNames[0] != "One; Two" {
		t.Errorf("it trades as %q, %v", m.TradingNames, err)
	}
}

func TestPrivateValuesAreTakenFromNoAddress(t *testing.T) {
	h := webtest.As(registrar, open(founded(t, 5)))
	page := webtest.Get(t, h, "/office/acts/member.apply?contact_name=Ada&declared_sanctions=none&place=Galway").Is(200)
	form := page.Form(carryOn)
	if form.Get("contact_name") != "" || form.Get("declared_sanctions") != "" || form.Get("place") != "Galway" {
		t.Errorf("the form begins with %v", form)
	}
}

func TestAFormBeginsWithWhatIsKnown(t *testing.T) {
	b := founded(t, 50)
	h := webtest.As(registrar, open(b))
	state, _, err := b.Record.State(t.Context(), "member/0042")
	if err != nil {
		t.Fatal(err)
	}
	m := state.(membership.Member)
	form := webtest.Get(t, h, "/office/acts/member.move?member=0042&place=Galway").Is(200).Form(carryOn)
	if form.Get("country") != m.Country || form.Get("place") != "Galway" || m.Country == "" {
		t.Errorf("the form begins with %v", form)
	}
	form = webtest.Get(t, h, "/office/acts/services.set?member=0042").Is(200).Form(carryOn)
	if got := strings.Split(form.Get("services"), "\n"); !slices.Equal(got, m.Services) {
		t.Errorf("the services are %q, and it offers %q", got, m.Services)
	}
	for _, number := range []string{"9999", "%00", "x%2Fy", "0042&member=0007"} {
		if page := webtest.Get(t, h, "/office/acts/services.set?member="+number); page.Status >= 500 {
			t.Errorf("%s: %d", number, page.Status)
		}
	}
}

func TestARefusalIsToldKindly(t *testing.T) {
	b := founded(t, 50)
	h := webtest.As(registrar, open(b))
	page := webtest.Post(t, h, "/office/acts/member.admit", url.Values{"member": {"0042"}}).Is(422)
	page.Has("div.error-summary li", "Rule MEM-").Has("div.error-summary p", "Nothing was recorded")
	if got := page.Form(carryOn).Get("member"); got != "0042" {
		t.Errorf("the number is now %q", got)
	}
}

func TestSeveralRefusalsStandWithTheirFields(t *testing.T) {
	h := webtest.As(registrar, open(founded(t, 50)))
	form := url.Values{"number": {"not a number"}, "name": {"Acme"}, "admitted": {"2026-01-01"}, "domains": {"co.uk\nnot a domain"}}
	page := webtest.Post(t, h, "/office/acts/member.enrol", form).Is(422)
	if links := page.Attributes("div.error-summary a", "href"); len(links) < 2 || links[0] != "#field-number" || links[len(links)-1] != "#field-domains" {
		t.Errorf("the faults lead to %v", links)
	}
	page.Has("p.field-error[id=field-domains-error]", "co.uk")
}

func TestWhatChangedMeanwhileIsShownAgain(t *testing.T) {
	b := founded(t, 50)
	h := webtest.As(registrar, open(b))
	check := webtest.Post(t, h, "/office/acts/member.rename", url.Values{"member": {"0042"}, "name": {"Cobalt Limited"}}).Is(200)
	b.Do(membership.Rename{Member: "0042", Name: "Cobalt Holding"})
	before := b.Record.Position()
	again := webtest.Post(t, h, "/office/acts/member.rename", check.Form(confirm)).Is(409)
	again.Has("div.correction strong", "Somebody else changed this meanwhile").Has("dd", "Cobalt Limited")
	if b.Record.Position() != before {
		t.Error("it was recorded all the same")
	}
	webtest.Post(t, h, "/office/acts/member.rename", again.Form(confirm)).Is(303)

	tampered := check.Form(confirm)
	webtest.Post(t, h, "/office/acts/member.rename", again.Form(confirm)).Is(303)
	tampered.Set("_key", again.Form(confirm).Get("_key"))
	tampered.Set("name", "Something else")
	webtest.Post(t, h, "/office/acts/member.rename", tampered).Is(409).Has("strong", "This form was sent before, with other answers")
	for name, value := range map[string]string{"_version": "-1", "_key": ""} {
		form := check.Form(confirm)
		form.Set(name, value)
		webtest.Post(t, h, "/office/acts/member.rename", form).Is(200).Has("h1", "Check your answers") // and not at any version
	}
}

func TestNothingToDoIsSaid(t *testing.T) {
	b := founded(t, 50)
	h := webtest.As(registrar, open(b))
	form := url.Values{"member": {"0042"}, "name": {"Cobalt Ridge IT"}}
	page := webtest.Post(t, h, "/office/acts/member.rename", form).Is(200)
	page.Has("div.empty", "It is so already.")
	for _, said := range page.All("button") {
		if said == confirm {
			t.Error("nothing can be confirmed, and there is a button")
		}
	}
	webtest.Get(t, h, "/office/done?done=0&of=0").Is(200).Has("h1", "Nothing had to be changed")
}

func TestNamesThatDeceiveAreFlagged(t *testing.T) {
	h := webtest.As(registrar, open(founded(t, 50)))
	for name, said := range map[string]string{
		"Acme \u202eTI egdir":  "Look twice. It holds U+202E, which turns the direction",
		"C\u043ebalt Ridge IT": "It reads like Cobalt Ridge IT, the name of member 0042, in other letters.",
		"Acm\u0435 Systems":    "It mixes Cyrillic and Latin letters",
		"Ac\u200bme":           "It holds U+200B, which cannot be seen.",
	} {
		page := webtest.Post(t, h, "/office/acts/member.apply", url.Values{"name": {name}}).Is(200).Has("p.odd", said)
		if strings.Contains(strings.Join(page.All("dd"), ""), "\u202e") {
			t.Error("a name turns the page")
		}
	}
	webtest.Post(t, h, "/office/acts/member.rename", url.Values{"member": {"0042"}, "name": {"Cobalt Ridge I.T."}}).Is(200).HasNo("p.odd")
}

func TestWhoMaySeeTheOffice(t *testing.T) {
	o := open(founded(t, 50))
	member := ui.Who{Actor: "person/0009", Role: "representative", Member: "0042"}
	stale := president
	stale.Stale = true
	for _, c := range []struct {
		what   string
		who    ui.Who
		method string
		path   string
		status int
		where  string
	}{
		{"nobody", ui.Who{}, "GET", "/office/acts?q=rename", 303, "/sign-in?next=%2Foffice%2Facts%3Fq%3Drename"},
		{"nobody, nowhere", ui.Who{}, "GET", "/office/nowhere", 303, "/sign-in?next=%2Foffice%2Fnowhere"},
		{"a member", member, "GET", "/office", 403, ""},
		{"a member's act in the office", member, "GET", "/office/acts/member.move", 403, ""},
		{"an auditor", auditor, "GET", "/office", 200, ""},
		{"an auditor's act", auditor, "GET", "/office/acts/member.rename", 403, ""},
		{"another role's act", registrar, "GET", "/office/acts/order.record", 403, ""},
		{"the system's act", registrar, "GET", "/office/acts/standing.state", 403, ""},
		{"no act", registrar, "GET", "/office/acts/member.delete", 404, ""},
		{"no page", registrar, "GET", "/office/nowhere", 404, ""},
		{"another method", registrar, "DELETE", "/office", 405, ""},
		{"no UTF-8", registrar, "GET", "/office/acts/%ff", 404, ""},
		{"a proof long ago", stale, "GET", "/office/acts/register.open", 303, "/step-up?next=%2Foffice%2Facts%2Fregister.open"},
	} {
		h := o
		if c.who != (ui.Who{}) {
			h = webtest.As(c.who, o)
		}
		r, err := http.NewRequest(c.method, c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		page := webtest.Send(t, h, r)
		if page.Status != c.status || page.Header.Get("Location") != c.where {
			t.Errorf("%s: %d to %q, want %d to %q", c.what, page.Status, page.Header.Get("Location"), c.status, c.where)
		}
	}
}

func TestWhoHasToProveThemselvesLosesNothing(t *testing.T) {
	b := founded(t, 5)
	stale := president
	stale.Stale = true
	check := webtest.Post(t, webtest.As(president, open(b)), "/office/acts/register.open", url.Values{"go_live": {"2026-03-05"}}).Is(200)
	for _, form := range []url.Values{{"go_live": {"2026-03-05"}}, check.Form(confirm)} {
		page := webtest.Post(t, webtest.As(stale, open(b)), "/office/acts/register.open", form).Is(403)
		page.Has("div.correction strong", "First prove that it is you")
		if got := page.Form(carryOn).Get("go_live"); got != "2026-03-05" {
			t.Errorf("the day is now %q", got)
		}
	}
	nobody := webtest.Post(t, open(b), "/office/acts/register.open", check.Form(confirm)).Is(401)
	nobody.Has("h1", "You were signed out")
	webtest.Post(t, webtest.As(president, open(b)), "/office/acts/register.open", nobody.Form("Send it again")).Is(303)
}

func TestFormsThatAreNone(t *testing.T) {
	b := founded(t, 5)
	h := webtest.As(registrar, open(b))
	large := url.Values{"member": {"0042"}, "name": {strings.Repeat("x", 1<<20)}}
	webtest.Post(t, h, "/office/acts/member.rename", large).Is(413)
	for what, body := range map[string]string{"badly escaped": "name=%zz", "no text": "name=%ff%00&member=0042", "twice": "name=a&name=b&member=0042"} {
		r, err := http.NewRequest(http.MethodPost, "/office/acts/member.rename", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if page := webtest.Send(t, h, r); page.Status != 400 && page.Status != 422 {
			t.Errorf("%s: %d", what, page.Status)
		}
	}
	r, err := http.NewRequest(http.MethodPost, "/office/acts/member.rename", strings.NewReader("member=0042&name=x"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	webtest.Send(t, h, r).Is(403)
	for _, query := range []string{"", "?done=x&of=1", "?done=-1&of=1", "?done=1&of=-1", "?done=99999999999999999999&of=1", "?done=1&of=" + strconv.Itoa(1<<40)} {
		webtest.Get(t, h, "/office/done"+query).Is(404)
	}
}

func TestWhatMayBeAskedForIsFound(t *testing.T) {
	h := webtest.As(chair, open(founded(t, 5)))
	all := webtest.Get(t, h, "/office/acts").Is(200)
	all.Has("h2", "Orders").Has("h3", "Puts a proposed order in force").Has("nav a[aria-current]", "Ask for something")
	found := webtest.Get(t, h, "/office/acts?q=court+STAY").Is(200)
	if n := len(found.All("main h3")); n < 1 || n >= len(all.All("main h3")) {
		t.Errorf("%d of %d acts were found", n, len(all.All("main h3")))
	}
	webtest.Get(t, h, "/office/acts?q=quux").Is(200).Has("strong", "Nothing that you may ask for speaks of “quux”.")
	webtest.Get(t, webtest.As(auditor, open(founded(t, 5))), "/office").Is(200).Has("p", "Yours is to read")
}
