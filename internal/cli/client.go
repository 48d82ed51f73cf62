package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// credentials is who a command asks as: the local operator, or whoever holds a token.
type credentials struct {
	Token     string `help:"Ask as the holder of this bearer token instead of as the local operator. An empty variable counts as none, an empty flag is refused." placeholder:"TOKEN"`
	TokenFile string `help:"Read the token from this file." type:"existingfile" placeholder:"FILE"`
}

func (c credentials) bearer(r *run) (string, error) {
	err := r.readInto(&c.Token, "token", c.TokenFile)
	return c.Token, err
}

// problem is an RFC 9457 problem as the API answers it.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Rule   string `json:"rule"`
	Cites  string `json:"cites"`
	Cure   string `json:"cure"`
	Field  string `json:"field"`
	Errors []struct {
		Message  string `json:"message"`
		Location string `json:"location"`
	} `json:"errors"`
}

func (p problem) err() error {
	var b strings.Builder
	if p.Rule != "" {
		fmt.Fprintf(&b, "refused by %s (%s): %s", p.Rule, p.Cites, p.Detail)
		if p.Cure != "" {
			fmt.Fprintf(&b, "\n         %s", p.Cure)
		}
		return exit{1, errors.New(b.String())}
	}
	title, detail := inPassing(p.Title), inPassing(p.Detail)
	switch {
	case detail == "" || strings.EqualFold(title, detail):
		b.WriteString(title)
	case title == "":
		b.WriteString(detail)
	default:
		fmt.Fprintf(&b, "%s: %s", title, detail)
	}
	for _, e := range p.Errors {
		fmt.Fprintf(&b, "\n         %s: %s", e.Location, e.Message)
	}
	if p.Cure != "" {
		fmt.Fprintf(&b, "\n         %s", p.Cure)
	}
	return exit{2, errors.New(b.String())}
}

// inPassing writes a sentence as it stands behind "shingle:": in lower case, as far as its first word is no
// name such as PostgreSQL, and without a full stop.
func inPassing(sentence string) string {
	sentence = strings.TrimSuffix(sentence, ".")
	word, _, _ := strings.Cut(sentence, " ")
	first, size := utf8.DecodeRuneInString(word)
	if size == 0 || strings.ContainsFunc(word[size:], unicode.IsUpper) {
		return sentence
	}
	return string(unicode.ToLower(first)) + sentence[size:]
}

// part writes a word as one part of an address, or fails where it cannot be one and would lead elsewhere.
func part(what, word string) (string, error) {
	if word == "" || strings.Trim(word, ".") == "" {
		return "", fmt.Errorf("%q is no %s", word, what)
	}
	return url.PathEscape(word), nil
}

// api is an open connection to the local API.
type api struct {
	client *http.Client
	close  func() error
	bearer string
	run    *run
}

// connect opens the API at a place.
func (r *run) connect(at Place, as credentials) (*api, error) {
	bearer, err := as.bearer(r)
	if err != nil {
		return nil, err
	}
	if at.Data == "" && at.Database == "" {
		return nil, errors.New("say where the data are: --data DIR or --database URL (or SHINGLE_DATA, SHINGLE_DATABASE)")
	}
	client, close, err := r.house.Connect(r.ctx, at)
	if err != nil {
		return nil, err
	}
	return &api{client, close, bearer, r}, nil
}

// do sends a request and returns the answer of a success; the body is the caller's to close.
func (a *api) do(method, path string, query url.Values, body io.Reader, header http.Header) (*http.Response, error) {
	address := "http://shingle" + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(a.run.ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	if a.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+a.bearer)
	}
	resp, err := a.client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode < 300 {
		return resp, nil
	}
	defer func() { _ = resp.Body.Close() }()
	var p problem
	data, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if json.Unmarshal(data, &p) != nil || p.Title == "" && p.Detail == "" {
		return nil, fmt.Errorf("the server answered %s to %s %s", resp.Status, method, path)
	}
	return nil, p.err()
}

// read returns the whole body of a success.
func (a *api) read(method, path string, query url.Values, body []byte, header http.Header) ([]byte, error) {
	var r io.Reader
	if body != nil {
		r = bytes.NewReader(body)
	}
	resp, err := a.do(method, path, query, r, header)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	return io.ReadAll(resp.Body)
}

// get reads JSON into v.
func (a *api) get(path string, query url.Values, v any) error {
	data, err := a.read(http.MethodGet, path, query, nil, nil)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

// Line is one line of the answer to a long piece of work: how far it is, or what came of it.
type Line struct {
	Done   int64           `json:"done,omitempty"`
	Of     int64           `json:"of,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
}

// work sends a request whose answer is a stream of [Line], shows the progress on a terminal, and reads
// the result into v.
func (a *api) work(what, path string, query url.Values, body io.Reader, v any) error {
	resp, err := a.do(http.MethodPost, path, query, body, nil)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	p := newProgress(a.run.Err, what)
	defer p.end()
	dec := json.NewDecoder(resp.Body)
	for {
		var l Line
		if err := dec.Decode(&l); err != nil {
			return fmt.Errorf("%s was cut off; doing it again goes on where it stopped: %w", what, err)
		}
		switch {
		case l.Error != "":
			return errors.New(inPassing(l.Error))
		case l.Result != nil:
			p.end()
			return json.Unmarshal(l.Result, v)
		}
		p.show(l.Done, l.Of)
	}
}

// progress shows on a terminal, and only there, how far long work is.
type progress struct {
	out   io.Writer
	what  string
	began time.Time
	shown time.Time
	tty   bool
}

func newProgress(out io.Writer, what string) *progress {
	p := &progress{out: out, what: what, began: time.Now()}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		p.tty = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

func (p *progress) show(done, of int64) {
	now := time.Now()
	if !p.tty || now.Sub(p.shown) < 100*time.Millisecond {
		return
	}
	p.shown = now
	rate := float64(done) / max(now.Sub(p.began).Seconds(), 0.001)
	if of > 0 {
		fmt.Fprintf(p.out, "\r%s: %d of %d (%d%%), %.0f/s \x1b[K", p.what, done, of, done*100/of, rate)
	} else {
		fmt.Fprintf(p.out, "\r%s: %d, %.0f/s \x1b[K", p.what, done, rate)
	}
}

func (p *progress) end() {
	if p.tty && !p.shown.IsZero() {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.shown = time.Time{}
	}
}
