package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"
)

// webhookCmd looks after the addresses that are told what becomes public.
type webhookCmd struct {
	List   webhookList   `cmd:"" help:"List the webhooks."`
	Add    webhookAdd    `cmd:"" help:"Add a webhook. Its secret is shown once."`
	Remove webhookRemove `cmd:"" help:"Remove a webhook, at once."`
	Resend webhookResend `cmd:"" help:"Send a message again; needs a server that runs."`
}

// hook is a webhook as the local API tells of it.
type hook struct {
	ID       string    `json:"id"`
	URL      string    `json:"url"`
	Types    []string  `json:"types"`
	Created  time.Time `json:"created"`
	Public   string    `json:"public"`
	Disabled string    `json:"disabled,omitempty"`
	Secret   string    `json:"secret,omitempty"`
}

func (h hook) told() string {
	if len(h.Types) == 0 {
		return "everything"
	}
	return strings.Join(h.Types, ",")
}

type webhookList struct {
	Place
	JSON bool `help:"Print JSON." name:"json"`
}

func (c *webhookList) Run(r *run) error {
	a, err := r.connect(c.Place, credentials{})
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	var list struct{ Webhooks []hook }
	if err := a.get("/local/webhooks", nil, &list); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(r.Out, append([]hook{}, list.Webhooks...))
	}
	if len(list.Webhooks) == 0 {
		_, err := fmt.Fprintln(r.Out, "there are no webhooks; \"shingle webhook add\" adds one")
		return err
	}
	w := tabwriter.NewWriter(r.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tADDRESS\tTOLD\tSTATE")
	for _, h := range list.Webhooks {
		state := "on"
		if h.Disabled != "" {
			state = "off: " + h.Disabled
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", h.ID, h.URL, h.told(), state)
	}
	return w.Flush()
}

type webhookAdd struct {
	Place
	URL  string   `arg:"" help:"Address that messages are posted to."`
	Type []string `help:"Type of events that it is told of, e.g. member.standing; may be given again. Everything if none is given." placeholder:"TYPE"`
	JSON bool     `help:"Print JSON: the secret with what is known of the webhook." name:"json"`
}

func (c *webhookAdd) Run(r *run) error {
	a, err := r.connect(c.Place, credentials{})
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	ask, err := json.Marshal(map[string]any{"url": c.URL, "types": c.Type})
	if err != nil {
		return err
	}
	data, err := a.read(http.MethodPost, "/local/webhooks", nil, ask, nil)
	if err != nil {
		return err
	}
	var h hook
	if err := json.Unmarshal(data, &h); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(r.Out, h)
	}
	fmt.Fprintf(r.Err, "webhook %s is told of %s; it knows our signatures by %s, or by the secret, which is shown only now\n", h.ID, h.told(), h.Public)
	_, err = fmt.Fprintln(r.Out, h.Secret)
	return err
}

type webhookRemove struct {
	Place
	ID string `arg:"" help:"The webhook's id."`
}

func (c *webhookRemove) Run(r *run) error {
	return c.Place.webhook(r, http.MethodDelete, c.ID, "", nil, "webhook %s is removed\n")
}

type webhookResend struct {
	Place
	ID       string `arg:"" help:"The webhook's id."`
	Position int64  `arg:"" help:"Position in the record of the event that the message is about."`
}

func (c *webhookResend) Run(r *run) error {
	ask, err := json.Marshal(map[string]any{"position": c.Position})
	if err != nil {
		return err
	}
	return c.Place.webhook(r, http.MethodPost, c.ID, "/again", ask, "the message is sent to webhook %s again; the office shows what comes of it\n")
}

// webhook asks for something about one webhook, and says that it was done.
func (p Place) webhook(r *run, method, id, what string, ask []byte, says string) error {
	name, err := part("webhook's id; \"shingle webhook list\" lists them", id)
	if err != nil {
		return err
	}
	a, err := r.connect(p, credentials{})
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	if _, err := a.read(method, "/local/webhooks/"+name+what, nil, ask, nil); err != nil {
		return err
	}
	_, err = fmt.Fprintf(r.Out, says, id)
	return err
}
