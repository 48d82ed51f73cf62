package cli

import (
	"bytes"
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
	What string   `arg:"" optional:"" help:"A receipt's file (- for standard input), a member's domain, a body's web address (its whole log is checked), a data folder, or a backup; without it, what --data and --database name."`
	Key  []string `help:"The body's keys, log first, receipt second." placeholder:"VKEY" sep:"none"`
	Body string   `help:"The body's web address, or its saved shingle.json." placeholder:"URL|FILE"`
	At   string   `help:"The time to verify for, now if not given." placeholder:"TIME"`
	// What one kept of a log shows whether it was rewritten since, whoever rewrote it.
	Since string `help:"An older checkpoint of the log, as /log/checkpoint served it: the log must go on from it." type:"existingfile" placeholder:"FILE"`
	JSON  bool   `help:"Print JSON." name:"json"`
}

// maxReceipt bounds what is read as a receipt; real ones have a few kilobytes.
const maxReceipt = 1 << 20

func (c *Verify) Run(r *run) error {
	if _, err := c.at(); err != nil {
		return err
	}
	if c.What == "" {
		if c.Data == "" && c.Database == "" {
			return errors.New("say what to verify: a receipt's file, a domain, a web address or a data folder")
		}
		return c.place(r, c.Place)
	}
	if c.What == "-" {
		return c.file(r)
	}
	if strings.HasPrefix(c.What, "http://") || strings.HasPrefix(c.What, "https://") {
		return c.log(r, c.What)
	}
	info, err := os.Stat(c.What)
	switch {
	case err == nil && info.IsDir() && holdsBackups(c.What), strings.HasPrefix(c.What, "s3://"), strings.HasPrefix(c.What, "file://"):
		return checkBackup(r, c.What)
	case err == nil && info.IsDir():
		path, err := filepath.Abs(c.What)
		if err != nil {
			return err
		}
		at := Place{Data: path}
		if _, err := os.Stat(filepath.Join(path, "shingle.db")); err != nil {
			at.Database, at.Keys = c.Database, c.Keys // the folder of a body whose record is elsewhere
		}
		return c.place(r, at)
	case err == nil:
		if info.Mode().IsRegular() && isBackup(c.What) {
			return checkBackup(r, c.What)
		}
		return c.file(r)
	case strings.Contains(c.What, ".") && !strings.ContainsAny(c.What, "/\\") && !strings.HasSuffix(c.What, ".txt"):
		return c.domain(r, c.What)
	}
	return fmt.Errorf("there is no file %s, and it is no domain or web address", c.What)
}

// file verifies the receipt in a file.
func (c *Verify) file(r *run) error {
	doc, err := r.read(c.What, maxReceipt)
	if err != nil {
		return err
	}
	return c.receipt(r, doc)
}

// keys returns the keys to trust.
func (c *Verify) keys(r *run) (verify.Keys, error) {
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
	b, err := c.about(r)
	return b.Keys(), err
}

// about returns what the body publishes about itself.
func (c *Verify) about(r *run) (verify.Body, error) {
	if c.Body == "" {
		return verify.Body{}, errors.New("say whose keys to trust: --body URL (or its saved shingle.json), or --key VKEY")
	}
	var data []byte
	var err error
	if strings.HasPrefix(c.Body, "http://") || strings.HasPrefix(c.Body, "https://") {
		data, err = fetch(r.ctx, strings.TrimSuffix(c.Body, "/")+"/.well-known/shingle.json")
	} else {
		data, err = r.read(c.Body, maxReceipt)
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
	keys, err := c.keys(r)
	if err != nil {
		return err
	}
	result, err := c.check(doc, keys)
	if err != nil {
		return err
	}
	return c.proven(r, result)
}

// proven says what a receipt proves.
func (c *Verify) proven(r *run, result verify.Result) error {
	if err := c.say(r, result, provenOf(result)); err != nil {
		return err
	}
	if !result.Good {
		return exit{1, errSilent}
	}
	return nil
}

// domain asks the body for a receipt of the member with a domain, and verifies it.
func (c *Verify) domain(r *run, domain string) error {
	about, err := c.about(r)
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
	number, err := part("member's number", a.Member.Number)
	if err != nil {
		return exit{2, err}
	}
	doc, err := fetch(r.ctx, base+"/members/"+number+"/receipt")
	if err != nil {
		return exit{2, err}
	}
	keys, err := c.keys(r)
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
	return c.proven(r, result)
}

// log checks a body's whole public log.
func (c *Verify) log(r *run, address string) error {
	pinned := len(c.Key) > 0 || c.Body != ""
	if !pinned {
		c.Body = address
	}
	keys, err := c.keys(r)
	if err != nil {
		return exit{2, err}
	}
	source := verify.HTTP(strings.TrimSuffix(address, "/")+"/log", client)
	report, err := verify.CheckLog(r.ctx, source, keys)
	if err == nil && c.Since != "" {
		var older []byte
		if older, err = r.read(c.Since, maxReceipt); err != nil {
			return exit{2, err}
		}
		older = append(bytes.TrimRight(older, "\r\n"), '\n') // as it was kept, by an editor or a clipboard
		err = verify.CheckConsistency(r.ctx, source, keys, older)
	}
	if err != nil {
		return exit{2, fmt.Errorf("not proven: %w", err)}
	}
	if err := c.say(r, report, auditOf(report)); err != nil {
		return err
	}
	if !pinned {
		fmt.Fprintln(r.Err, "The keys were fetched from the same place just now: keep its shingle.json and give it with --body next time.")
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
	words := strings.Join(faults, "\n")
	if len(faults) == 0 {
		words = "every row of the record fits its chain, every leaf and node of the public log fits the record, and every blob has its hash"
	}
	if err := c.say(r, words, soundness{len(faults) == 0, append([]string{}, faults...)}); err != nil {
		return err
	}
	if len(faults) > 0 {
		where := at.Data
		if where == "" {
			where = "the database"
		}
		return exit{2, fmt.Errorf("%s does not fit its own chain and log; restore a backup and compare", where)}
	}
	return nil
}

// say prints what was found, in words or as JSON.
func (c *Verify) say(r *run, words, data any) error {
	if !c.JSON {
		_, err := fmt.Fprintln(r.Out, words)
		return err
	}
	return printJSON(r.Out, data)
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
