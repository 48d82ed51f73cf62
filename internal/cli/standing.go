package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// standing shows a member's standing.
type standing struct {
	Place
	credentials
	Number string `arg:"" help:"The member's number."`
	At     string `help:"What was true at this date or time." placeholder:"DATE"`
	Known  string `help:"As the register knew it at this date or time." placeholder:"DATE"`
	Own    bool   `help:"Also what only the member and the body's officers are told, such as dues in grace."`
	JSON   bool   `help:"Print JSON." name:"json"`
}

// answer is the API's answer about a standing.
type answer struct {
	Member struct {
		Number  string   `json:"number"`
		Name    string   `json:"name"`
		Domains []string `json:"domains"`
	} `json:"member"`
	Status  string     `json:"status"`
	Kind    *string    `json:"kind"`
	Since   time.Time  `json:"since"`
	At      time.Time  `json:"at"`
	Known   time.Time  `json:"known"`
	Next    *time.Time `json:"next_change_at"`
	Reasons []struct {
		Rule, Provision, Text, Cure string
		By                          *time.Time
	} `json:"reasons"`
}

func (c *standing) Run(r *run) error {
	number, err := part("member's number", c.Number)
	if err != nil {
		return err
	}
	a, err := r.connect(c.Place, c.credentials)
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	query := url.Values{}
	if c.At != "" {
		query.Set("at", c.At)
	}
	if c.Known != "" {
		query.Set("known", c.Known)
	}
	path := "/api/v1/members/" + number + "/standing"
	if c.Own {
		path += "/own"
	}
	data, err := a.read(http.MethodGet, path, query, nil, nil)
	if err != nil {
		return err
	}
	if c.JSON {
		_, err = fmt.Fprintln(r.Out, strings.TrimSpace(string(data)))
		return err
	}
	var s answer
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	status := strings.ReplaceAll(s.Status, "-", " ")
	if s.Kind != nil {
		status += " (" + *s.Kind + ")"
	}
	fmt.Fprintf(r.Out, "%s %s: %s since %s\n", s.Member.Number, s.Member.Name, status, s.Since.Format(time.DateOnly))
	for _, reason := range s.Reasons {
		fmt.Fprintf(r.Out, "  %s  %s\n", reason.Rule, reason.Text)
		if reason.Cure != "" {
			fmt.Fprintf(r.Out, "          %s", reason.Cure)
			if reason.By != nil {
				fmt.Fprintf(r.Out, " Before %s.", reason.By.Format(time.DateOnly))
			}
			fmt.Fprintln(r.Out)
		}
	}
	if s.Next != nil {
		fmt.Fprintf(r.Out, "changes by time alone on %s\n", s.Next.Format(time.RFC3339))
	}
	_, err = fmt.Fprintf(r.Out, "as of %s, as known %s\n", s.At.Format(time.RFC3339), s.Known.Format(time.RFC3339))
	return err
}

// receipt prints a standing receipt.
type receipt struct {
	Place
	credentials
	Number string `arg:"" help:"The member's number."`
}

func (c *receipt) Run(r *run) error {
	number, err := part("member's number", c.Number)
	if err != nil {
		return err
	}
	a, err := r.connect(c.Place, c.credentials)
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	text, err := a.read(http.MethodGet, "/api/v1/members/"+number+"/receipt", nil, nil, nil)
	if err != nil {
		return err
	}
	_, err = r.Out.Write(text)
	return err
}
