package app_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"shingle/internal/app"
	"shingle/internal/cli"
)

// told are the members that clients were told are enrolled.
type told struct {
	mu      sync.Mutex
	numbers []string
}

func (l *told) add(number string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.numbers = append(l.numbers, number)
}

func (l *told) sofar() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.numbers[:len(l.numbers):len(l.numbers)]
}

// TestABackupUnderLoadHoldsAllThatWasAcknowledged backs a served body up while members are enrolled, to files and to a
// folder that is added to, and restores each backup onto an empty place.
func TestABackupUnderLoadHoldsAllThatWasAcknowledged(t *testing.T) {
	rounds := 4
	if tortured() {
		rounds = 40
	}
	k := newKept(t, "")
	_, stop := serve(t, k.at.Data)
	defer func() { must(t, stop()) }()
	client, done, err := app.House{}.Connect(t.Context(), k.at)
	must(t, err)
	defer func() { must(t, done()) }()
	var ledger told
	ctx, end := context.WithCancel(t.Context())
	var load sync.WaitGroup
	for w := range 4 {
		load.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				number := fmt.Sprintf("L%d-%d", w, n)
				body := fmt.Sprintf(`{"number":"%s","name":"Load","admitted":"2026-01-01"}`, number)
				resp, err := client.Post("http://shingle/api/v1/acts/member.enrol", "application/json", strings.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
				if resp.StatusCode == http.StatusCreated {
					ledger.add(number)
				}
			}
		})
	}
	dir := t.TempDir()
	shelf := filepath.Join(dir, "many") + "/"
	type kept struct {
		from string
		told []string // before the backup began
	}
	var all []kept
	for n := range rounds {
		time.Sleep(100 * time.Millisecond)
		b := kept{filepath.Join(dir, fmt.Sprint(n)), ledger.sofar()}
		run(t, k.at.Data, "backup", b.from)
		all = append(all, b)
		run(t, k.at.Data, "backup", shelf)
	}
	before := ledger.sofar()
	run(t, k.at.Data, "backup", shelf)
	all = append(all, kept{shelf, before})
	end()
	load.Wait()
	k.saveKeys() // beside the server
	numbers := regexp.MustCompile(`(?m)^L\d+-\d+,`)
	lost, twice, longest := 0, 0, time.Duration(0)
	for n, b := range all {
		at := cli.Place{Data: filepath.Join(dir, fmt.Sprint("restored", n))}
		began := time.Now()
		k.mustRestore(b.from, at)
		restored, err := app.Open(t.Context(), at, nil)
		must(t, err)
		there := map[string]int{}
		for _, row := range numbers.FindAllString(csv(t, restored), -1) {
			there[strings.TrimSuffix(row, ",")]++
		}
		longest = max(longest, time.Since(began))
		for _, number := range b.told {
			switch there[number] {
			case 0:
				lost++
			case 1:
			default:
				twice++
			}
		}
		must(t, restored.Close())
	}
	if lost+twice > 0 {
		t.Errorf("of what was acknowledged before a backup %d were lost, and %d stood there twice", lost, twice)
	}
	if len(before) == 0 {
		t.Error("nothing was acknowledged")
	}
	t.Logf("torture: restores-of-backups-under-load=%d acknowledged=%d lost=%d twice=%d longest=%s", len(all), len(before), lost, twice, longest.Round(time.Millisecond))
}
