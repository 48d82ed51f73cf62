package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// invite prints the address that lets somebody in, for whoever sits at the machine: before anybody can sign in
// there is nobody else to do it, and perhaps no mail.
type invite struct {
	Place
	Person string `arg:"" help:"Number of the person, e.g. 0007, as officer.invite or person.invite printed it."`
	Link   bool   `help:"Print the one-time link itself, by which they make their passkey within ten minutes, instead of the invitation that has it sent to them. Only for whoever has not joined yet."`
}

func (c *invite) Run(r *run) error {
	a, err := r.connect(c.Place, credentials{})
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	ask, err := json.Marshal(map[string]any{"person": strings.TrimPrefix(c.Person, "person/"), "link": c.Link})
	if err != nil {
		return err
	}
	data, err := a.read(http.MethodPost, "/local/invitations", nil, ask, http.Header{"Content-Type": {"application/json"}})
	if err != nil {
		return err
	}
	var made struct {
		Address string
		Until   time.Time
	}
	if err := json.Unmarshal(data, &made); err != nil {
		return err
	}
	fmt.Fprintf(r.Err, "until %s; whatever was made for this person before works no more\n", made.Until.Format(time.RFC3339))
	_, err = fmt.Fprintln(r.Out, made.Address)
	return err
}
