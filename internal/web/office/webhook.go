package office

import (
	"errors"
	"net/http"
	"path"
	"strconv"

	"shingle/internal/web/ui"
	"shingle/internal/work/webhook"
)

// hookCheckPage asks once more before something is done that cannot be taken back.
type hookCheckPage struct {
	ui.Chrome
	endpointRow
	Rotate bool // else it is removed
}

func (o *Office) endpointCheck(w http.ResponseWriter, r *http.Request, _ ui.Who, c ui.Chrome, post *Post) error {
	e, err := post.Hooks.Endpoint(r.Context(), r.PathValue("id"))
	if err != nil {
		return o.failHook(w, r, c, err)
	}
	p := hookCheckPage{Chrome: c, endpointRow: endpointRowOf(e), Rotate: path.Base(r.URL.Path) == "rotate"}
	if p.Title = "Remove this endpoint?"; p.Rotate {
		p.Title = "Make a new secret?"
	}
	o.Desk.Show(w, r, http.StatusOK, "webhookcheck", p)
	return nil
}

func (o *Office) rotateEndpoint(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, post *Post) error {
	sent, ok := o.Desk.Sent(w, r, c)
	if !ok {
		return nil
	}
	id := r.PathValue("id")
	e, err := post.Hooks.Endpoint(r.Context(), id)
	if err != nil {
		return o.failHook(w, r, c, err)
	}
	if sent.Get("mark") != e.Mark() { // the same form a second time would end the secret that is in use
		o.Desk.Problem(w, r, c, ui.Problem{Type: "/problems/conflict", Title: "A new secret was made already", Status: http.StatusConflict,
			Detail: "Nothing was changed this time. The secret was shown once, to whoever asked for it.", Cure: "If it is lost, begin anew at the endpoint and make another."})
		return nil
	}
	secret, err := post.Hooks.Rotate(r.Context(), id)
	if err != nil {
		return o.failHook(w, r, c, err)
	}
	o.Desk.Logger.Info("an endpoint of webhooks got another secret", "endpoint", id, "by", who.Actor)
	return o.showSecret(w, r, c, e, secret, true)
}

func (o *Office) removeEndpoint(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, post *Post) error {
	id := r.PathValue("id")
	if err := post.Hooks.Remove(r.Context(), id); err != nil {
		return o.failHook(w, r, c, err)
	}
	o.Desk.Logger.Info("an endpoint of webhooks was removed", "endpoint", id, "by", who.Actor)
	http.Redirect(w, r, "/office/webhooks?said=removed", http.StatusSeeOther)
	return nil
}

// switchEndpoint turns an endpoint on or off.
func (o *Office) switchEndpoint(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, post *Post) error {
	sent, ok := o.Desk.Sent(w, r, c)
	if !ok {
		return nil
	}
	id, to := r.PathValue("id"), sent.Get("to")
	var err error
	switch to {
	case "on":
		err = post.Hooks.Enable(r.Context(), id)
	case "off":
		err = post.Hooks.Disable(r.Context(), id)
	default:
		o.Desk.Problem(w, r, c, ui.BadRequest("An endpoint is turned on or off, and nothing else."))
		return nil
	}
	if err != nil {
		return o.failHook(w, r, c, err)
	}
	o.Desk.Logger.Info("an endpoint of webhooks was turned "+to, "endpoint", id, "by", who.Actor)
	http.Redirect(w, r, hookLink(id)+query("said", to), http.StatusSeeOther)
	return nil
}

// messageAgain sends a message again, whatever became of it.
func (o *Office) messageAgain(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, post *Post) error {
	sent, ok := o.Desk.Sent(w, r, c)
	if !ok {
		return nil
	}
	id := r.PathValue("id")
	position, err := strconv.ParseInt(sent.Get("position"), 10, 64)
	if err != nil {
		o.Desk.Problem(w, r, c, ui.BadRequest("It is not said which message is to be sent again."))
		return nil
	}
	if err := post.Hooks.Resend(r.Context(), post.Jobs, id, position); err != nil {
		return o.failHook(w, r, c, err)
	}
	o.Desk.Logger.Info("a message was asked for again", "endpoint", id, "position", position, "by", who.Actor)
	http.Redirect(w, r, hookLink(id)+"?said=again", http.StatusSeeOther)
	return nil
}

func (o *Office) failHook(w http.ResponseWriter, r *http.Request, c ui.Chrome, err error) error {
	if errors.Is(err, webhook.ErrNotFound) {
		return o.Desk.NotFound(w, r, c)
	}
	return err
}
