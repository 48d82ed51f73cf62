package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shingle/internal/cli"
)

// TestAnImportThatWasKilledEndsTheSame imports a roster undisturbed, and again with kills in between: the record
// is the same, but for the times at which it was written, and so is the register.
func TestAnImportThatWasKilledEndsTheSame(t *testing.T) {
	dir := t.TempDir()
	program, roster := ourselves(t, dir), filepath.Join(dir, "roster.csv")
	const members = 2000
	writeRoster(t, roster, members)
	times := 5
	if tortured() {
		times = 100
	}
	from := newBody(t)
	run(t, from, "act", "register.open")
	whole := func(data string) (record, register string) {
		token := auditor(t, data)
		client, done := connect(t, data)
		defer done()
		events, err := readRecord(t.Context(), client, "http://shingle", token, 0)
		must(t, err)
		var b strings.Builder
		for _, e := range events {
			var data map[string]any
			must(t, json.Unmarshal(e.Data, &data))
			delete(data, "at")
			text, err := json.Marshal(data)
			must(t, err)
			fmt.Fprintf(&b, "%d %s %d %s %s\n", e.Position, e.Stream, e.Version, e.Kind, text)
		}
		return b.String(), fetchWith(t, client, "http://shingle/register.csv")
	}
	calm := copyBody(t, from)
	run(t, calm, "import", "roster", roster)
	record, register := whole(calm)

	random := rand.New(rand.NewPCG(3, 4))
	data, cutOff, killed := "", 0, 0
	for killed < times {
		data = copyBody(t, from)
		for range 5 {
			server, _ := startServer(t, program, data)
			client, done := connect(t, data)
			time.AfterFunc(time.Duration(random.IntN(120_000))*time.Microsecond, func() { _ = server.Process.Kill() })
			if _, err := importWith(t.Context(), client, roster); err != nil {
				cutOff++
			}
			done()
			_ = server.Process.Kill()
			_ = server.Wait()
			killed++
		}
		run(t, data, "import", "roster", roster)
		r, g := whole(data)
		if r != record || g != register {
			t.Fatalf("after %d kills the record or the register is another: %d bytes and %d, undisturbed %d and %d", killed, len(r), len(g), len(record), len(register))
		}
	}
	if cutOff == 0 {
		t.Fatal("no import was cut off")
	}
	t.Logf("torture: kills-during-imports=%d imports-cut-off=%d lost=0 twice=0", killed, cutOff)
}

func writeRoster(t *testing.T, path string, members int) {
	t.Helper()
	var b strings.Builder
	b.WriteString("number,name,domains,place,admitted,contact name\n")
	for i := range members {
		fmt.Fprintf(&b, "R%05d,Company %d,company%d.example,Place %d,2020-01-01,Person %d\n", i, i, i, i%50, i)
	}
	must(t, os.WriteFile(path, []byte(b.String()), 0o600))
}

type importReport struct{ Added, Unchanged, Rejected int64 }

func importWith(ctx context.Context, client *http.Client, roster string) (report importReport, err error) {
	f, err := os.Open(roster)
	if err != nil {
		return report, err
	}
	defer func() { _ = f.Close() }()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://shingle/local/import/roster", f)
	if err != nil {
		return report, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return report, err
	}
	defer func() { _ = resp.Body.Close() }()
	for dec := json.NewDecoder(resp.Body); ; {
		var line cli.Line
		if err := dec.Decode(&line); err != nil {
			return report, err
		}
		if line.Error != "" {
			return report, fmt.Errorf("%s", line.Error)
		}
		if line.Result != nil {
			return report, json.Unmarshal(line.Result, &report)
		}
	}
}
