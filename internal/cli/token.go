package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"
)

// tokenCmd keeps bearer tokens.
type tokenCmd struct {
	Create tokenCreate `cmd:"" help:"Make a token. It is shown once."`
	List   tokenList   `cmd:"" help:"List the tokens."`
	Revoke tokenRevoke `cmd:"" help:"Revoke a token, at once."`
}

type tokenCreate struct {
	Place
	Role   string `required:"" help:"Role of whoever holds it, e.g. registrar, case-manager, chair, auditor."`
	Name   string `required:"" help:"Who holds it."`
	Member string `help:"The member they act for, for a member's roles." placeholder:"NUMBER"`
	Days   int    `help:"Days after which it expires." default:"90"`
	JSON   bool   `help:"Print JSON: the secret with what is known of the token." name:"json"`
}

// Token is a token as the local API tells of it.
type Token struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Role    string    `json:"role"`
	Member  string    `json:"member,omitempty"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	Secret  string    `json:"secret,omitempty"`
}

func (c *tokenCreate) Run(r *run) error {
	a, err := r.connect(c.Place, credentials{})
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	ask, err := json.Marshal(map[string]any{"role": c.Role, "name": c.Name, "member": c.Member, "days": c.Days})
	if err != nil {
		return err
	}
	data, err := a.read(http.MethodPost, "/local/tokens", nil, ask, http.Header{"Content-Type": {"application/json"}})
	if err != nil {
		return err
	}
	var t Token
	if err := json.Unmarshal(data, &t); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(r.Out, t)
	}
	fmt.Fprintf(r.Err, "token %s for %s as %s, until %s; it is shown only now\n", t.ID, t.Name, t.Role, t.Expires.Format(time.DateOnly))
	_, err = fmt.Fprintln(r.Out, t.Secret)
	return err
}

type tokenList struct {
	Place
	JSON bool `help:"Print JSON." name:"json"`
}

func (c *tokenList) Run(r *run) error {
	a, err := r.connect(c.Place, credentials{})
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	var list struct{ Tokens []Token }
	if err := a.get("/local/tokens", nil, &list); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(r.Out, append([]Token{}, list.Tokens...))
	}
	if len(list.Tokens) == 0 {
		_, err := fmt.Fprintln(r.Out, "there are no tokens; \"shingle token create\" makes one")
		return err
	}
	w := tabwriter.NewWriter(r.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tROLE\tMEMBER\tEXPIRES")
	for _, t := range list.Tokens {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, t.Role, t.Member, t.Expires.Format(time.DateOnly))
	}
	return w.Flush()
}

type tokenRevoke struct {
	Place
	ID     string `arg:"" help:"The token's id."`
	Forget bool   `help:"Revoke all tokens of whoever holds it, and forget their name."`
}

func (c *tokenRevoke) Run(r *run) error {
	id, err := part("token's id; \"shingle token list\" lists them", c.ID)
	if err != nil {
		return err
	}
	a, err := r.connect(c.Place, credentials{})
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	query, says := url.Values{}, "token %s is revoked\n"
	if c.Forget {
		query, says = url.Values{"forget": {"true"}}, "token %s and all others of its holder are revoked, and their name is forgotten\n"
	}
	if _, err := a.read(http.MethodDelete, "/local/tokens/"+id, query, nil, nil); err != nil {
		return err
	}
	_, err = fmt.Fprintf(r.Out, says, c.ID)
	return err
}
