package cli

import (
	"encoding/json"
	"fmt"
	"net/url"
)

// vaultCheck looks whether the objects are whole. It takes no token: it is the operator's.
type vaultCheck struct {
	Place
	Hashes bool `help:"Only compare hashes; the keys are left alone."`
	JSON   bool `help:"Print the findings as JSON." name:"json"`
}

func (c *vaultCheck) Run(r *run) error {
	a, err := r.connect(c.Place, credentials{})
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	query := url.Values{}
	if c.Hashes {
		query.Set("hashes", "true")
	}
	var found struct {
		Faults []string `json:"faults"`
	}
	if err := a.work("checking (MiB)", "/local/vault/check", query, nil, &found); err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(r.Out).Encode(found)
	}
	for _, f := range found.Faults {
		fmt.Fprintln(r.Out, f)
	}
	switch {
	case len(found.Faults) > 0:
		return fmt.Errorf("%d sealed objects are not whole; restore their blobs from a backup", len(found.Faults))
	case c.Hashes:
		_, err = fmt.Fprintln(r.Out, "every sealed object has its hash")
	default:
		_, err = fmt.Fprintln(r.Out, "every sealed object opens to its end and has its hash")
	}
	return err
}
