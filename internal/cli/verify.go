package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"shingle/verify"
)

// Verify proves what a body's register says. Its exit status is 0 if good standing (or a sound log) is
// proven, 1 if another standing is proven, 2 if nothing is.
type Verify struct {
	Place
	What string   `arg:"" optional:"" help:"A receipt's file (- for standard input), a member's domain, a body's web address (its whole log is checked), or a data folder; without it, what --data and --database name."`
	Key  []string `help:"The body's keys, log first, receipt second." placeholder:"VKEY" sep:"none"`
	Body string   `help:"The body's web address, or its saved shingle.json." placeholder:"URL|FILE"`
	At   string   `help:"The time to verify for, now if not given." placeholder:"TIME"`
}

// maxReceipt bounds what is read as a receipt; real ones have a few kilobytes.
const maxReceipt = 1 << 20

func (c *Verify) Run(r *run) error {
	if _, err := c.at(); err != nil {
		return err
	}
	if c.What == "" {
		if c.Data == "" {
			return errors.New("say what to verify: a receipt's file, a domain, a web address or a data folder")
		}
		return c.place(r, c.Place)
	}
	if c.What == "-" {
		doc, err := io.ReadAll(io.LimitReader(r.In, maxReceipt))
		if err != nil {
			return err
		}
		return c.receipt(r, doc)
	}
	if strings.HasPrefix(c.What, "http://") || strings.HasPrefix(c.What, "https://") {
		return c.log(r, c.What)
	}
	info, err := os.Stat(c.What)
	switch {
	case err == nil && info.IsDir():
		path, err := filepath.Abs(c.What)
		if err != nil {
			return err
		}
		return c.place(r, Place{Data: path})
	case err == nil:
		if info.Size() > maxReceipt {
			return exit{2, fmt.Errorf("%s is too large to be a receipt", c.What)}
		}
		doc, err := os.ReadFile(c.What)
		if err != nil {
			return err
		}
		return c.receipt(r, doc)
	case strings.Contains(c.What, ".") && !strings.ContainsAny(c.What, "/\\") && !strings.HasSuffix(c.What, ".txt"):
		return c.domain(r, c.What)
	}
	return fmt.Errorf("there is no file %s, and it is no domain or web address", c.What)
}

// keys returns the keys to trust, and whether they came from the network just now.
func (c *Verify) keys(ctx context.Context) (verify.Keys, error) {
	if len(c.Key) > 0 {
		if len(c.Key) > 2 {
			return verify.Keys{}, errors.New("--key is given at most twice: the log's key, then the receipt's")
		}
		keys := verify.Keys{Log: c.Key[0]}
		if len(c.Key) == 2 {
			keys.Receipt = c.Key[1]
		}
		return keys, nil
	}
	b, err := c.about(ctx)
	return b.Keys(), err
}

// about returns what the body publishes about itself.
func (c *Verify) about(ctx context.Context) (verify.Body, error) {
	if c.Body == "" {
		return verify.Body{}, errors.New("say whose keys to trust: --body URL (or its saved shingle.json), or --key VKEY")
	}
	var data []byte
	var err error
	if strings.HasPrefix(c.Body, "http://") || strings.HasPrefix(c.Body, "https://") {
		data, err = fetch(ctx, strings.TrimSuffix(c.Body, "/")+"/.well-known/shingle.json")
	} else {
		data, err = os.ReadFile(c.Body)
	}
	if err != nil {
		return verify.Body{}, err
	}
	return verify.ParseBody(data)
}

// at returns the time to verify for; a date stands for its end.
func (c *Verify) at() (time.Time, error) {
	if c.At == "" {
		return time.Now(), nil
	}
	at, err := time.Parse(time.RFC3339, c.At)
	if err != nil {
		if at, err = time.Parse(time.DateOnly, c.At); err != nil {
			return at, fmt.Errorf("--at %q is neither a time such as 2026-03-01T12:00:00Z nor a date", c.At)
		}
		at = at.AddDate(0, 0, 1).Add(-time.Second)
	}
	return at, nil
}

// skew is by how much this machine's clock may be behind the body's.
const skew = 5 * time.Minute

// check verifies a receipt.
func (c *Verify) check(doc []byte, keys verify.Keys) (verify.Result, error) {
	at, err := c.at()
	if err != nil {
		return verify.Result{}, err
	}
	result, err := verify.CheckReceipt(doc, keys, at)
	if errors.Is(err, verify.ErrNotYet) && c.At == "" {
		result, err = verify.CheckReceipt(doc, keys, at.Add(skew))
	}
	if err != nil {
		return result, exit{2, fmt.Errorf("not proven: %w", err)}
	}
	return result, nil
}

func (c *Verify) receipt(r *run, doc []byte) error {
	keys, err := c.keys(r.ctx)
	if err != nil {
		return err
	}
	result, err := c.check(doc, keys)
	if err != nil {
		return err
	}
	fmt.Fprintln(r.Out, result)
	if !result.Good {
		return exit{1, errSilent}
	}
	return nil
}

// domain asks the body for a receipt of the member with a domain, and verifies it.
func (c *Verify) domain(r *run, domain string) error {
	about, err := c.about(r.ctx)
	if err != nil {
		return err
	}
	base := about.API
	if strings.HasPrefix(c.Body, "http") {
		base = strings.TrimSuffix(c.Body, "/") + "/api/v1"
	}
	data, err := fetch(r.ctx, base+"/standing?domain="+url.QueryEscape(domain))
	if err != nil {
		return exit{2, err}
	}
	var a answer
	if err := json.Unmarshal(data, &a); err != nil {
		return exit{2, fmt.Errorf("the answer of %s cannot be read: %w", base, err)}
	}
	doc, err := fetch(r.ctx, base+"/members/"+url.PathEscape(a.Member.Number)+"/receipt")
	if err != nil {
		return exit{2, err}
	}
	keys, err := c.keys(r.ctx)
	if err != nil {
		return err
	}
	result, err := c.check(doc, keys)
	if err != nil {
		return err
	}
	bound := false
	for _, d := range result.Receipt.Domains {
		bound = bound || strings.EqualFold(d, domain) || strings.HasSuffix(strings.ToLower(domain), "."+d)
	}
	if !bound {
		return exit{2, fmt.Errorf("not proven: the receipt of %s does not name the domain %s", a.Member.Name, domain)}
	}
	fmt.Fprintln(r.Out, result)
	if !result.Good {
		return exit{1, errSilent}
	}
	return nil
}

// log checks a body's whole public log.
func (c *Verify) log(r *run, address string) error {
	pinned := len(c.Key) > 0 || c.Body != ""
	if !pinned {
		c.Body = address
	}
	keys, err := c.keys(r.ctx)
	if err != nil {
		return exit{2, err}
	}
	report, err := verify.CheckLog(r.ctx, verify.HTTP(strings.TrimSuffix(address, "/")+"/log", client), keys)
	if err != nil {
		return exit{2, fmt.Errorf("not proven: %w", err)}
	}
	fmt.Fprintln(r.Out, report)
	if !pinned {
		fmt.Fprintln(r.Out, "The keys were fetched from the same place just now: keep its shingle.json and give it with --body next time.")
	}
	if !report.Good() {
		return exit{2, errSilent}
	}
	return nil
}

// place checks the record and the log at a place against themselves.
func (c *Verify) place(r *run, at Place) error {
	p := newProgress(r.Err, "verifying")
	faults, err := r.house.Check(r.ctx, at, p.show)
	p.end()
	if err != nil {
		return exit{2, err}
	}
	for _, f := range faults {
		fmt.Fprintln(r.Out, f)
	}
	if len(faults) > 0 {
		return exit{2, fmt.Errorf("%s does not fit its own chain and log; restore a backup and compare", at.Data)}
	}
	_, err = fmt.Fprintln(r.Out, "every row of the record fits its chain, every leaf and node of the public log fits the record, and every blob has its hash")
	return err
}

var client = &http.Client{Timeout: 60 * time.Second}

// fetch reads a small document, and says in words why it cannot.
func fetch(ctx context.Context, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxReceipt))
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		var p problem
		if json.Unmarshal(data, &p) == nil && p.Detail != "" {
			return nil, errors.New(p.Detail)
		}
		return nil, fmt.Errorf("%s answered %s", address, resp.Status)
	}
	return data, nil
}
