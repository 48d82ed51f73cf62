package office

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
	"shingle/internal/work/webhook"
)

// hookRoutes adds the pages about programs of others that are told what becomes public.
func (o *Office) hookRoutes() {
	for pattern, page := range map[string]func(http.ResponseWriter, *http.Request, ui.Who, ui.Chrome, *Post) error{
		"GET /office/webhooks": o.endpoints, "GET /office/webhooks/add": o.endpointForm, "POST /office/webhooks/add": o.addEndpoint,
		atEndpoint: o.endpoint, atSwitch: o.switchEndpoint, "POST /office/webhooks/{id}/again": o.messageAgain,
		"GET /office/webhooks/{id}/rotate": o.endpointCheck, "POST /office/webhooks/{id}/rotate": o.rotateEndpoint,
		"GET /office/webhooks/{id}/remove": o.endpointCheck, "POST /office/webhooks/{id}/remove": o.removeEndpoint,
	} {
		o.Desk.Handle(pattern, o.posting(page))
	}
}

// typeWords say of which events an endpoint is told.
var typeWords = map[string]string{
	webhook.Standing: "The public standing of a member changed", webhook.Notice: "A notice was published",
	webhook.Corrected: "A notice was corrected", webhook.Code: "A version of the code was adopted",
}

// hooksPage lists the endpoints.
type hooksPage struct {
	ui.Chrome
	Said []string
	Rows []endpointRow
	May  bool // one may be added
}

// endpointRow is an endpoint in a list.
type endpointRow struct {
	webhook.Endpoint
	Host  string
	Told  []string // of what, in words
	State string
	Bad   bool // it was disabled, and not by hand
	Last  *webhook.Delivery
}

func endpointRowOf(e webhook.Endpoint) endpointRow {
	row := endpointRow{Endpoint: e, State: "on"}
	if u, err := url.Parse(e.URL); err == nil {
		row.Host = u.Host
	}
	for _, t := range e.Types {
		row.Told = append(row.Told, typeWords[t])
	}
	if len(row.Told) == 0 {
		row.Told = []string{"Everything that becomes public"}
	}
	if !e.Disabled.IsZero() {
		row.State, row.Bad = "off", e.Says != webhook.ByHand
	}
	return row
}

func (o *Office) endpoints(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, post *Post) error {
	c.Title = "Webhooks"
	p := hooksPage{Chrome: c, May: o.asks(who, "POST /office/webhooks/add")}
	if r.URL.Query().Get("said") == "removed" {
		p.Said = []string{"The endpoint was removed. Nothing is sent there any more."}
	}
	all, err := post.Hooks.Endpoints(r.Context())
	if err != nil {
		return err
	}
	for _, e := range all {
		row := endpointRowOf(e)
		last, err := post.Hooks.Deliveries(r.Context(), e.ID, webhook.Delivery{}, 1)
		if err != nil {
			return err
		}
		if len(last) > 0 {
			row.Last = &last[0]
		}
		p.Rows = append(p.Rows, row)
	}
	// What takes nothing stands first.
	slices.SortStableFunc(p.Rows, func(a, b endpointRow) int {
		switch {
		case a.Bad == b.Bad:
			return 0
		case a.Bad:
			return -1
		}
		return 1
	})
	o.Desk.Show(w, r, http.StatusOK, "webhooks", p)
	return nil
}

// hookFormPage asks where messages are to be sent.
type hookFormPage struct {
	ui.Chrome
	URL      string // as it was typed
	BadURL   string // what is wrong with it
	Types    []hookType
	BadTypes string
}

type hookType struct {
	Type, Words string
	Chosen      bool
}

func (o *Office) endpointForm(w http.ResponseWriter, r *http.Request, _ ui.Who, c ui.Chrome, _ *Post) error {
	return o.showEndpointForm(w, r, http.StatusOK, hookFormPage{Chrome: c}, nil)
}

func (o *Office) showEndpointForm(w http.ResponseWriter, r *http.Request, status int, p hookFormPage, chosen []string) error {
	p.Title = "Tell a program"
	if status != http.StatusOK {
		p.Title = "Error: " + p.Title
	}
	for _, t := range []string{webhook.Standing, webhook.Notice, webhook.Corrected, webhook.Code} {
		p.Types = append(p.Types, hookType{t, typeWords[t], slices.Contains(chosen, t)})
	}
	o.Desk.Show(w, r, status, "webhookadd", p)
	return nil
}

func (o *Office) addEndpoint(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, post *Post) error {
	sent, ok := o.Desk.Sent(w, r, c)
	if !ok {
		return nil
	}
	p := hookFormPage{Chrome: c, URL: strings.ToValidUTF8(sent.Get("url"), "\ufffd")}
	e, secret, err := post.Hooks.Register(r.Context(), p.URL, sent["types"], who.Actor)
	var bad *act.BadField
	switch {
	case errors.As(err, &bad) && bad.Field == "types":
		p.BadTypes = "Choose among what is offered here, or nothing to be told of everything."
	case errors.As(err, &bad):
		p.BadURL = "The address cannot be used: " + bad.Detail + "."
	case err != nil:
		return err
	default:
		o.Desk.Logger.Info("an endpoint of webhooks was added", "endpoint", e.ID, "by", who.Actor)
		return o.showSecret(w, r, c, e, secret, false)
	}
	return o.showEndpointForm(w, r, http.StatusUnprocessableEntity, p, sent["types"])
}

// hookSecretPage shows a secret, this once.
type hookSecretPage struct {
	ui.Chrome
	endpointRow
	Secret  string
	Rotated bool // it takes the place of another
}

func (o *Office) showSecret(w http.ResponseWriter, r *http.Request, c ui.Chrome, e webhook.Endpoint, secret string, rotated bool) error {
	c.Title = "Keep this secret now"
	o.Desk.Show(w, r, http.StatusOK, "webhooksecret", hookSecretPage{c, endpointRowOf(e), secret, rotated})
	return nil
}

// hookPage shows an endpoint and what came of the messages to it.
type hookPage struct {
	ui.Chrome
	endpointRow
	Said       []string
	Owned      string
	Deliveries []deliveryRow
	Later      bool
	NextURL    string
	May        bool // who reads may change it
	Rotate     bool
	Resend     bool
}

// deliveryRow is a message.
type deliveryRow struct {
	webhook.Delivery
	What, Words string
	Bad         bool
	Millis      int64 // until the answer
	Link        string
}

const deliveriesPerPage = 50

// hookSaid is what was just done, by its name in the address.
var hookSaid = map[string]string{
	"on":    "The endpoint is told again from now on. What it missed can be sent again below.",
	"off":   "Nothing is sent there until it is turned on again.",
	"again": "The message was asked for again. What comes of it stands here in a moment.",
}

var deliveryWords = map[string]string{webhook.Delivered: "delivered", webhook.Retrying: "is tried again", webhook.Failed: "given up"}

func (o *Office) endpoint(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, post *Post) error {
	e, err := post.Hooks.Endpoint(r.Context(), r.PathValue("id"))
	if errors.Is(err, webhook.ErrNotFound) {
		return o.Desk.NotFound(w, r, c)
	}
	if err != nil {
		return err
	}
	after, err := deliveryPlace(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	p := hookPage{Chrome: c, endpointRow: endpointRowOf(e), Owned: addresseeWords(e.Owner), Later: after.ID != "",
		May: o.asks(who, atSwitch), Rotate: o.asks(who, "POST /office/webhooks/{id}/rotate"), Resend: o.asks(who, "POST /office/webhooks/{id}/again") && e.Disabled.IsZero()}
	p.Title = "Webhook to " + p.Host
	if said, ok := hookSaid[r.URL.Query().Get("said")]; ok {
		p.Said = []string{said}
	}
	list, err := post.Hooks.Deliveries(r.Context(), e.ID, after, deliveriesPerPage+1)
	if err != nil {
		return err
	}
	if len(list) > deliveriesPerPage {
		list = list[:deliveriesPerPage]
		last := list[len(list)-1]
		p.NextURL = hookLink(e.ID) + query("after", strconv.FormatInt(last.Last.UnixMicro(), 10)+"."+last.ID)
	}
	record := o.sees(who, atRecord)
	for _, d := range list {
		row := deliveryRow{Delivery: d, What: typeWords[d.Type], Words: deliveryWords[d.State], Bad: d.State == webhook.Failed, Millis: d.Took.Milliseconds()}
		if record {
			row.Link = "/office/record/" + strconv.FormatInt(d.Position, 10)
		}
		p.Deliveries = append(p.Deliveries, row)
	}
	o.Desk.Show(w, r, http.StatusOK, "webhook", p)
	return nil
}

func hookLink(id string) string { return "/office/webhooks/" + url.PathEscape(id) }

// deliveryPlace is where a list of messages goes on: behind one.
func deliveryPlace(text string) (place webhook.Delivery, err error) {
	if text == "" {
		return place, nil
	}
	micros, id, _ := strings.Cut(text, ".")
	us, err := strconv.ParseInt(micros, 10, 64)
	if err != nil || id == "" || len(id) > 100 {
		return place, view.ErrQuery
	}
	return webhook.Delivery{ID: id, Last: time.UnixMicro(us)}, nil
}
