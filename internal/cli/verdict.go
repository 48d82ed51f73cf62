package cli

import (
	"encoding/json"
	"io"
	"time"

	"shingle/verify"
)

// What verify found, for programs.
type (
	// proven is what a receipt proves. The exit status says no more than proven and status together.
	proven struct {
		Proven    bool      `json:"proven"`
		Body      string    `json:"body"`
		Member    string    `json:"member"`
		Name      string    `json:"name"`
		Domains   []string  `json:"domains"`
		Status    string    `json:"status"`
		Kind      *string   `json:"kind"`
		Since     time.Time `json:"since"`
		At        time.Time `json:"at"`
		Until     time.Time `json:"until"`
		Leaf      int64     `json:"leaf"`
		Size      int64     `json:"size"`
		Witnesses []string  `json:"witnesses"`
	}
	// audit is what a whole log proves.
	audit struct {
		Proven    bool     `json:"proven"`
		Origin    string   `json:"origin"`
		Size      int64    `json:"size"`
		Root      string   `json:"root"`
		Members   int      `json:"members"`
		Witnesses []string `json:"witnesses"`
		Misfits   []string `json:"misfits"`
	}
	// soundness is what a place says of itself.
	soundness struct {
		Sound  bool     `json:"sound"`
		Faults []string `json:"faults"`
	}
)

func provenOf(r verify.Result) proven {
	p := proven{
		Proven: true, Body: r.Receipt.Body, Member: r.Receipt.Member, Name: r.Receipt.Name, Domains: append([]string{}, r.Receipt.Domains...),
		Status: r.Receipt.Status, Since: r.Receipt.Since, At: r.Receipt.At, Until: r.Receipt.Until,
		Leaf: r.Receipt.Leaf, Size: r.Size, Witnesses: append([]string{}, r.Witnesses...),
	}
	if r.Receipt.Kind != "" {
		p.Kind = &r.Receipt.Kind
	}
	return p
}

func auditOf(r verify.Report) audit {
	a := audit{
		Proven: r.Good(), Origin: r.Origin, Size: r.Size, Root: r.Root, Members: r.Members,
		Witnesses: append([]string{}, r.Witnesses...), Misfits: []string{},
	}
	for _, m := range r.Misfits {
		a.Misfits = append(a.Misfits, m.String())
	}
	return a
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(v)
}
