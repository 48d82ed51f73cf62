package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// healthCmd asks a server how it is: for a person, and for what starts containers.
type healthCmd struct {
	Place
	URL string `arg:"" optional:"" help:"Address of the server, e.g. http://127.0.0.1:8080; without one, the server that has the folder open." placeholder:"URL"`
}

// Help is what kong shows below the usage.
func (healthCmd) Help() string {
	return "Exit status: 0 all is well, 1 something is wrong (it says what), 2 it does not answer."
}

func (c *healthCmd) Run(r *run) error {
	ctx, cancel := context.WithTimeout(r.ctx, 10*time.Second)
	defer cancel()
	client, address := http.DefaultClient, strings.TrimSuffix(c.URL, "/")
	switch {
	case c.URL != "" && !strings.HasPrefix(c.URL, "http://") && !strings.HasPrefix(c.URL, "https://"):
		return fmt.Errorf("%q is no address; it begins with http:// or https://", c.URL)
	case c.URL == "":
		a, err := r.connect(c.Place, credentials{})
		if err != nil {
			return err
		}
		defer func() { _ = a.close() }()
		client, address = a.client, "http://shingle"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/healthz", nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("it does not answer: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Checks map[string]struct {
			OK  bool
			Why string
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return fmt.Errorf("%s/healthz answers %s, and not as a shingle does", address, resp.Status)
	}
	for _, name := range slices.Sorted(maps.Keys(answer.Checks)) {
		check := answer.Checks[name]
		if check.OK {
			check.Why = "ok"
		}
		fmt.Fprintf(r.Out, "%-12s %s\n", name, check.Why)
	}
	if resp.StatusCode != http.StatusOK {
		return exit{1, errors.New("something is wrong")}
	}
	return nil
}
