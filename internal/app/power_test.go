package app_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shingle/internal/powertest"
	"shingle/verify"
)

// outage is a body on a disk whose power is cut, what its clients were told, and what it showed.
type outage struct {
	t       *testing.T
	data    string
	auditor string
	keys    verify.Keys
	disk    *powertest.Disk
	ledger  ledger

	mu    sync.Mutex
	shown map[string]int // checkpoints, and when each was shown first
	cutAt []int          // moments that are of interest: around acknowledgements
}

func newOutage(t *testing.T) *outage {
	o := &outage{t: t, data: newBody(t), shown: map[string]int{}}
	run(t, o.data, "act", "register.open")
	o.auditor = auditor(t, o.data)
	client, done := connect(t, o.data)
	about, err := verify.ParseBody([]byte(fetchWith(t, client, "http://shingle/.well-known/shingle.json")))
	must(t, err)
	o.keys = about.Keys()
	done()
	o.disk = powertest.Watch(t, o.data)
	return o
}

func fetchWith(t *testing.T, client *http.Client, address string) string {
	t.Helper()
	resp, err := client.Get(address)
	must(t, err)
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	must(t, err)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", address, resp.Status)
	}
	return string(b)
}

// work serves the body and lets clients act: each enrols a member with a contact of its own, whose name is
// sealed under a new key, and renames it again and again.
func (o *outage) work(name string, clients, acts int) {
	web, stop := serve(o.t, o.data)
	client, done := connect(o.t, o.data)
	var work sync.WaitGroup
	for c := range clients {
		work.Go(func() {
			number := fmt.Sprintf("%s%d", name, c)
			for i := range acts {
				a := o.ledger.enrol(fmt.Sprintf("%s-%d", number, i))
				if i%2 == 1 {
					a = o.ledger.rename(fmt.Sprintf("%s-%d", number, i-1), i)
				}
				if status, problem, err := o.ledger.ask(o.t.Context(), client, "http://shingle", a, o.disk.Now); err != nil || status != http.StatusCreated {
					o.t.Errorf("%s: %d %s %v", a.key, status, problem, err)
					return
				}
				o.show(fetch(o.t, web+"/log/checkpoint"))
			}
		})
	}
	work.Wait()
	done()
	must(o.t, stop())
}

// importBeside imports a roster while a client acts: so much is written that the write-ahead log goes into the
// database meanwhile, and begins anew.
func (o *outage) importBeside(members int) {
	roster := filepath.Join(o.t.TempDir(), "roster.csv")
	writeRoster(o.t, roster, members)
	web, stop := serve(o.t, o.data)
	client, done := connect(o.t, o.data)
	var work sync.WaitGroup
	imported := make(chan struct{})
	work.Go(func() {
		defer close(imported)
		if _, err := importWith(o.t.Context(), client, roster); err != nil {
			o.t.Error(err)
		}
	})
	work.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-imported:
				return
			default:
			}
			a := o.ledger.enrol(fmt.Sprintf("I%d", n))
			if status, problem, err := o.ledger.ask(o.t.Context(), client, "http://shingle", a, o.disk.Now); err != nil || status != http.StatusCreated {
				o.t.Errorf("%s: %d %s %v", a.key, status, problem, err)
			}
			o.show(fetch(o.t, web+"/log/checkpoint"))
		}
	})
	work.Wait()
	done()
	must(o.t, stop())
}

func (o *outage) show(checkpoint string) {
	now := o.disk.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, known := o.shown[checkpoint]; !known {
		o.shown[checkpoint] = now
	}
	o.cutAt = append(o.cutAt, now)
}

// cut cuts the power after n operations and looks at what comes back.
func (o *outage) cut(t *testing.T, n int, fate powertest.Fate, random *rand.Rand) (lost, twice int, took time.Duration) {
	t.Helper()
	into, err := os.MkdirTemp(t.TempDir(), "cut")
	must(t, err)
	defer func() { _ = os.RemoveAll(into) }()
	must(t, o.disk.Cut(n, fate, random, into))
	begin := time.Now()
	client, done := connect(t, into)
	took = time.Since(begin)
	where := fmt.Sprintf("power cut after operation %d (%s) of %d", n, o.disk.Kind(n-1), o.disk.Now())

	record, err := readRecord(t.Context(), client, "http://shingle", o.auditor, 0)
	if err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	lost, twice, err = o.ledger.compare(record, o.ledger.acknowledged(n))
	if err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	source := verify.HTTP("http://shingle/log", client)
	for checkpoint, when := range o.shown {
		if when <= n {
			if err := verify.CheckConsistency(t.Context(), source, o.keys, []byte(checkpoint)); err != nil {
				t.Fatalf("%s: a checkpoint that was shown does not fit: %v\n%s", where, err, checkpoint)
			}
		}
	}
	// Drawing the views anew opens every name: each needs its key.
	if status, out, errs := tryWith(client, "POST", "http://shingle/local/rebuild"); status != http.StatusOK || strings.Contains(out, `"error"`) {
		t.Fatalf("%s: the views cannot be rebuilt: %d %s %s", where, status, out, errs)
	}
	// Whoever was told nothing asks again, and it is done once.
	var again *asked
	for _, a := range o.ledger.acts {
		if a.when > n && a.kind == "member.enrol" {
			again = &asked{key: a.key, kind: a.kind, fields: a.fields}
			break
		}
	}
	if again != nil {
		var l ledger
		if status, problem, err := l.ask(t.Context(), client, "http://shingle", again, nil); err != nil || status != http.StatusCreated && status != http.StatusOK {
			t.Fatalf("%s: nothing can be recorded any more: %d %s %v", where, status, problem, err)
		}
		record, err = readRecord(t.Context(), client, "http://shingle", o.auditor, 0)
		must(t, err)
		mark := again.fields.Get("name")
		if times := len(slices.DeleteFunc(record, func(e happened) bool { return markIn(e) != mark })); times != 1 {
			t.Fatalf("%s: %s stands in the record %d times", where, mark, times)
		}
	}
	done()
	if status, out, errs := try("", "verify", into); status != 0 {
		t.Fatalf("%s: %s%s", where, out, errs)
	}
	return lost, twice, took
}

func tryWith(client *http.Client, method, address string) (status int, out, errs string) {
	req, err := http.NewRequest(method, address, http.NoBody)
	if err != nil {
		return 0, "", err.Error()
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, "", err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		errs = err.Error()
	}
	return resp.StatusCode, string(b), errs
}

// TestThePowerIsCutWhileTheWriteAheadLogTurns cuts it during an import beside which a client acts.
func TestThePowerIsCutWhileTheWriteAheadLogTurns(t *testing.T) {
	o := newOutage(t)
	o.importBeside(6000)
	random := rand.New(rand.NewPCG(3, 4))
	last, cuts := o.disk.Now(), 2
	if tortured() {
		cuts = 100
	}
	turns := 0
	for n := range last {
		if o.disk.Kind(n) == "sync shingle.db" {
			turns++
		}
	}
	var lost, twice int
	var longest time.Duration
	for i := range cuts {
		l, w, took := o.cut(t, last*i/cuts+random.IntN(last/cuts), powertest.AnyOf(random), random)
		lost, twice, longest = lost+l, twice+w, max(longest, took)
	}
	t.Logf("torture: power-cuts-during-imports=%d acknowledged=%d operations=%d turns-of-the-log=%d lost=%d twice=%d longest=%s",
		cuts, len(o.ledger.acknowledged(last)), last, turns, lost, twice, longest.Round(time.Millisecond))
	if turns < 2 {
		t.Error("the write-ahead log never turned")
	}
}

// TestNothingAcknowledgedIsLostWhenThePowerIsCut cuts the power while clients act, a server stops and starts
// again, and the write-ahead log goes into the database: after every operation that changes a file in make
// torture, at some of them here.
func TestNothingAcknowledgedIsLostWhenThePowerIsCut(t *testing.T) {
	o := newOutage(t)
	clients, acts := 3, 4
	if tortured() {
		clients, acts = 4, 12
	}
	o.work("A", clients, acts)
	o.work("B", 1, 2)
	random := rand.New(rand.NewPCG(1, 2))
	last := o.disk.Now()
	var moments []int
	if tortured() {
		for n := range last + 1 {
			moments = append(moments, n)
		}
	} else {
		for range 20 {
			moments = append(moments, random.IntN(last+1))
		}
		for i := range 10 { // just acknowledged: the sync before it must have been enough
			moments = append(moments, o.cutAt[i*len(o.cutAt)/10])
		}
	}
	var cuts, lost, twice int
	var longest time.Duration
	for i, n := range moments {
		fates := []powertest.Fate{powertest.Nothing, powertest.AnyOf(random), powertest.Everything}
		if !tortured() {
			fates = fates[i%2 : i%2+1]
		}
		for _, fate := range fates {
			l, w, took := o.cut(t, n, fate, random)
			cuts, lost, twice, longest = cuts+1, lost+l, twice+w, max(longest, took)
		}
	}
	t.Logf("torture: power-cuts=%d acknowledged=%d lost=%d twice=%d longest=%s", cuts, len(o.ledger.acknowledged(last)), lost, twice, longest.Round(time.Millisecond))
}
