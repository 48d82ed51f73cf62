package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"shingle/internal/app"
	"shingle/internal/cli"
)

// ledger is what clients asked for and were told. What they were told was done must be in the record for
// ever, just so; what they asked for must not be there twice, told or not.
type ledger struct {
	mu   sync.Mutex
	acts []*asked
}

// asked is an act that a client asked for. Its idempotency key is also the mark by which it is found: it
// stands in one field of one of its events.
type asked struct {
	key    string
	kind   string
	fields url.Values
	told   []happened // what it was told has happened; nil if it was told nothing
	when   int        // of the acknowledgement, in whatever the test counts
}

// happened is an event as the API tells of it.
type happened struct {
	Position int64
	Stream   string
	Version  int64
	Kind     string
	Actor    string // only in the record
	Data     json.RawMessage
}

func (l *ledger) add(key, kind string, fields url.Values) *asked {
	a := &asked{key: key, kind: kind, fields: fields}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acts = append(l.acts, a)
	return a
}

// acknowledged returns the acts that were acknowledged by a certain time.
func (l *ledger) acknowledged(by int) (acts []*asked) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range l.acts {
		if a.told != nil && a.when <= by {
			acts = append(acts, a)
		}
	}
	return acts
}

// ask asks for an act, perhaps again. now is asked when the answer is there; it may be nil.
func (l *ledger) ask(ctx context.Context, client *http.Client, base string, a *asked, now func() int) (status int, problem string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/v1/acts/"+a.kind, strings.NewReader(a.fields.Encode()))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Idempotency-Key", a.key)
	resp, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	var done struct {
		Events []happened
		Title  string
		Detail string
	}
	if err := json.NewDecoder(resp.Body).Decode(&done); err != nil {
		return resp.StatusCode, "", err
	}
	if resp.StatusCode != http.StatusCreated && resp.StatusCode != http.StatusOK {
		return resp.StatusCode, done.Title + ": " + done.Detail, nil
	}
	when := 0
	if now != nil {
		when = now()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if a.told == nil {
		a.told, a.when = done.Events, when
	} else if !slices.EqualFunc(a.told, done.Events, same) {
		return resp.StatusCode, "", fmt.Errorf("%s was told %v, and then %v", a.key, a.told, done.Events)
	}
	return resp.StatusCode, "", nil
}

func same(a, b happened) bool {
	return a.Position == b.Position && a.Stream == b.Stream && a.Version == b.Version && a.Kind == b.Kind && string(a.Data) == string(b.Data)
}

// compare holds acts against the record: what was told, and how often each is there. lost and twice are
// counted; what is wrong is said for the first of each.
func (l *ledger) compare(record []happened, acts []*asked) (lost, twice int, wrong error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := map[int64]happened{}
	marks := map[string]int{}
	for _, e := range record {
		at[e.Position] = e
		if mark := markIn(e); mark != "" {
			marks[mark]++
		}
	}
	for _, a := range acts {
		if i := slices.IndexFunc(a.told, func(e happened) bool { return !same(e, at[e.Position]) }); i >= 0 {
			if lost++; lost == 1 {
				wrong = fmt.Errorf("%s was told %+v, where now stands %+v", a.key, a.told[i], at[a.told[i].Position])
			}
		}
	}
	for mark, n := range marks {
		if n > 1 {
			if twice++; twice == 1 {
				wrong = fmt.Errorf("%s stands in the record %d times", mark, n)
			}
		}
	}
	return lost, twice, wrong
}

// markIn returns the mark that an event bears: the name that a client gave a member by enrolling or
// renaming it.
func markIn(e happened) string {
	if e.Kind != "member.enrolled" && e.Kind != "member.renamed" {
		return ""
	}
	var named struct{ Name string }
	if json.Unmarshal(e.Data, &named) != nil || !strings.HasPrefix(named.Name, "mark ") {
		return ""
	}
	return named.Name
}

// enrol and rename are acts that bear their mark.
func (l *ledger) enrol(number string) *asked {
	return l.add("enrol "+number, "member.enrol", url.Values{
		"number": {number}, "name": {"mark " + number}, "domains": {strings.ToLower(number) + ".example"}, "admitted": {"2020-01-01"},
		"contact_name": {"Contact of " + number}, "contact_email": {"contact@" + strings.ToLower(number) + ".example"},
	})
}

func (l *ledger) rename(number string, n int) *asked {
	key := fmt.Sprintf("rename %s %d", number, n)
	return l.add(key, "member.rename", url.Values{"member": {number}, "name": {fmt.Sprintf("mark %s %d", number, n)}})
}

// auditor makes a token that may read the record of a folder that nobody serves.
func auditor(t *testing.T, data string) string {
	t.Helper()
	client, done := connect(t, data)
	defer done()
	resp, err := client.Post("http://shingle/local/tokens", "application/json", strings.NewReader(`{"name":"Auditor","role":"auditor","days":1}`))
	must(t, err)
	defer func() { _ = resp.Body.Close() }()
	var token struct{ Secret string }
	if err := json.NewDecoder(resp.Body).Decode(&token); err != nil || token.Secret == "" {
		t.Fatal(err)
	}
	return token.Secret
}

// connect returns a client of a folder, as a command is.
func connect(t *testing.T, data string) (client *http.Client, done func()) {
	t.Helper()
	client, end, err := (app.House{}).Connect(t.Context(), cli.Place{Data: data})
	must(t, err)
	return client, func() { must(t, end()) }
}

// readRecord reads the record from a position on.
func readRecord(ctx context.Context, client *http.Client, base, token string, after int64) (all []happened, err error) {
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/api/v1/record?after=%d&limit=1000", base, after), nil)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := client.Do(req)
		if err != nil {
			return nil, err
		}
		var page struct {
			Events []happened
			Next   *int64
		}
		b, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err == nil {
			err = json.Unmarshal(b, &page)
		}
		if err != nil || resp.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("the record cannot be read: %s %s %v", resp.Status, b, err)
		}
		all = append(all, page.Events...)
		if page.Next == nil {
			return all, nil
		}
		after = *page.Next
	}
}
