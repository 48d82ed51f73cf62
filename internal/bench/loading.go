package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"shingle/internal/app"
	"shingle/internal/cli"
	"shingle/internal/gate"
)

const (
	// readers and actors are who asks at once. Readers pause a little, as people do: without, two cores are
	// full, and latencies tell of the queue before them and not of the house.
	readers, actors = 16, 4
	readerPause     = 4 * time.Millisecond
	actorPause      = 20 * time.Millisecond
	// settling is the part of the time after which memory and files should grow no more.
	settling = 5
)

// load serves the middling register to readers and to people who act, for minutes, and looks whether it grows.
func mixedLoad(ctx context.Context, s *session) ([]row, error) {
	base, err := s.register(s.Some)
	if err != nil {
		return nil, err
	}
	at, drop, err := s.copied(base, "load")
	defer drop()
	if err != nil {
		return nil, err
	}
	token, err := s.tokenFor(ctx, at.Data)
	if err != nil {
		return nil, err
	}
	house, err := s.serve(at)
	if err != nil {
		return nil, err
	}
	defer house.stop()
	l := &loading{address: house.address, token: token, members: s.Some, until: time.Now().Add(time.Duration(s.Minutes * float64(time.Minute)))}
	var group sync.WaitGroup
	for i := range readers {
		group.Go(func() { l.read(ctx, i) })
	}
	for i := range actors {
		group.Go(func() { l.act(ctx, i) })
	}
	early, late, err := l.watch(ctx, house.cmd.Process.Pid)
	group.Wait()
	if err := errors.Join(err, l.failed); err != nil {
		return nil, err
	}
	minutes := figure(s.Minutes) + " min of mixed load, " + figure(float64(s.Some)) + " members"
	within := func(name string, took []time.Duration, most time.Duration) row {
		slices.Sort(took)
		p50, p99 := took[len(took)/2], took[len(took)*99/100]
		return row{
			what: minutes + ": " + name, measured: fmt.Sprintf("%s/s, p50 %s, p99 %s", figure(float64(len(took))/(60*s.Minutes)), short(p50), short(p99)),
			beside: "–", value: "p99 " + short(p99), target: "p99 < " + short(most), met: p99 < most,
		}
	}
	return []row{
		within("reads", l.reads, 50*time.Millisecond),
		within("acts", l.acts, 100*time.Millisecond),
		{
			what: minutes + ": memory", measured: fmt.Sprintf("%.0f MiB after a fifth, %.0f MiB at the end", early.mib, late.mib), beside: "–",
			value: fmt.Sprintf("%+.0f %%", 100*(late.mib/early.mib-1)), target: "< +15 %", met: late.mib < 1.15*early.mib,
		},
		{
			what: minutes + ": open files and threads", measured: fmt.Sprintf("%d and %d, then %d and %d", early.files, early.threads, late.files, late.threads), beside: "–",
			value: fmt.Sprintf("%+d, %+d", late.files-early.files, late.threads-early.threads), target: "≤ +8 each",
			met: late.files <= early.files+8 && late.threads <= early.threads+8,
		},
	}, nil
}

// tokenFor makes a registrar's token in a place that nobody serves.
func (s *session) tokenFor(ctx context.Context, data string) (string, error) {
	b, err := app.Open(ctx, cli.Place{Data: data}, nil)
	if err != nil {
		return "", err
	}
	secret, err := b.Token(ctx, "The bench", gate.Registrar)
	return secret, errors.Join(err, b.Close())
}

// loading is who asks, and how long the answers took.
type loading struct {
	address string
	token   string
	members int
	until   time.Time

	mu          sync.Mutex
	reads, acts []time.Duration
	failed      error
}

func (l *loading) note(list *[]time.Duration, took time.Duration, err error) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil && l.failed == nil {
		l.failed = err
	}
	*list = append(*list, took)
	return l.failed == nil
}

// read asks for standings, seals, receipts, pages and the log, in the shares in which they are asked for.
func (l *loading) read(ctx context.Context, seed int) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}}
	for n := seed; time.Now().Before(l.until) && ctx.Err() == nil; n += 7919 {
		member := number(n % l.members)
		path := "/api/v1/members/" + member + "/standing"
		switch n % 10 {
		case 0:
			path = "/register/" + member
		case 1, 2:
			path = "/seal/" + member + ".svg"
		case 3:
			path = "/api/v1/members/" + member + "/receipt"
		case 4:
			path = "/register?q=" + member
		case 5:
			path = "/log/checkpoint"
		}
		began := time.Now()
		err := l.ask(ctx, client, http.MethodGet, path, nil, http.StatusOK)
		if !l.note(&l.reads, time.Since(began), err) {
			return
		}
		time.Sleep(readerPause)
	}
}

// act renames members, each caller its own.
func (l *loading) act(ctx context.Context, seed int) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}}
	for n := seed; time.Now().Before(l.until) && ctx.Err() == nil; n += actors {
		body := fmt.Appendf(nil, `{"member":%q,"name":"Renamed Number %d IT"}`, number(n%l.members), n)
		began := time.Now()
		err := l.ask(ctx, client, http.MethodPost, "/api/v1/acts/member.rename", body, http.StatusCreated)
		if !l.note(&l.acts, time.Since(began), err) {
			return
		}
		time.Sleep(actorPause)
	}
}

func (l *loading) ask(ctx context.Context, client *http.Client, method, path string, body []byte, want int) error {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+l.address+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if body != nil {
		req.Header.Set("Authorization", "Bearer "+l.token)
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != want {
		err = fmt.Errorf("%s %s: %s: %.200s", method, path, resp.Status, text)
	}
	return err
}

// footprint is what a process holds.
type footprint struct {
	mib            float64 // of anonymous memory
	files, threads int
}

// watch looks at a process after a part of the time, and at the end. Of several looks in a row the largest
// counts: memory goes up and down with the collector.
func (l *loading) watch(ctx context.Context, pid int) (early, late footprint, err error) {
	whole := time.Until(l.until)
	look := func(until time.Time) (most footprint, err error) {
		for {
			f, err := footprintOf(pid)
			if err != nil {
				return most, err
			}
			most = footprint{max(most.mib, f.mib), max(most.files, f.files), max(most.threads, f.threads)}
			if !time.Now().Before(until) || ctx.Err() != nil {
				return most, nil
			}
			time.Sleep(whole / 200)
		}
	}
	first := l.until.Add(-whole + whole/settling)
	time.Sleep(time.Until(first.Add(-whole / 20)))
	if early, err = look(first); err != nil {
		return early, late, err
	}
	time.Sleep(time.Until(l.until.Add(-whole / 20)))
	late, err = look(l.until)
	return early, late, err
}

func footprintOf(pid int) (f footprint, err error) {
	memory, err := anonymousMemory(pid)
	if err != nil {
		return f, err
	}
	f.mib = float64(memory) / (1 << 20)
	folder := filepath.Join("/proc", strconv.Itoa(pid))
	files, err := os.ReadDir(filepath.Join(folder, "fd"))
	if err != nil {
		return f, err
	}
	threads, err := os.ReadDir(filepath.Join(folder, "task"))
	f.files, f.threads = len(files), len(threads)
	return f, err
}
