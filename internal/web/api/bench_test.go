package api_test

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/record"
	"shingle/internal/web/api"
)

var (
	members = flag.Int("members", 330, "how many members BenchmarkHot has")
	memory  = flag.Int("cache", 64, "MiB that its cache may hold")
)

const (
	callers = 16 // connections, kept alive
	rounds  = 15 // of each of a pair, in turn
	each    = 15_000
)

// BenchmarkHot measures what is asked most beside the same bytes from memory through bare net/http: over
// TCP, in one process, in turn. It reports the median ratio of requests per second.
func BenchmarkHot(b *testing.B) {
	h := crowded(b, *members)
	number := func(i int) string { return fmt.Sprintf("%06d", i) }
	zipf := rand.NewZipf(rand.New(rand.NewPCG(1, 2)), 1.1, 1, uint64(*members-1))
	numbers := make([]string, 1<<20)
	for i := range numbers {
		numbers[i] = number(int(zipf.Uint64()))
	}
	uniform := make([]string, 1<<18)
	for i := range uniform {
		uniform[i] = number(rand.IntN(*members))
	}
	for _, bench := range []struct {
		name    string
		path    string
		numbers []string
	}{
		{"standing", "/api/v1/members/%s/standing", uniform},
		{"zipf", "/api/v1/members/%s/standing", numbers},
		{"domain", "/api/v1/standing?domain=m%s.example", uniform[:300]},
		{"receipt", "/api/v1/members/%s/receipt", uniform[:300]},
	} {
		b.Run(fmt.Sprintf("%s/%d", bench.name, *members), func(b *testing.B) {
			h.t = b
			sample := h.ask("GET", fmt.Sprintf(bench.path, bench.numbers[0]), "", "")
			if sample.Code != 200 {
				b.Fatalf("%d %s", sample.Code, sample.Body)
			}
			bytes := sample.Body.Bytes()
			kind := sample.Header()["Content-Type"]
			bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = kind
				_, _ = w.Write(bytes)
			})
			ours, theirs := serve(b, h.mux), serve(b, bare)
			requests := make([][]byte, len(bench.numbers))
			for i, n := range bench.numbers {
				requests[i] = fmt.Appendf(nil, "GET "+bench.path+" HTTP/1.1\r\nHost: demo.example\r\n\r\n", n)
			}
			ask(b, ours, requests, 4*(*members)) // into memory
			var ratios, rates, bareRates []float64
			for b.Loop() {
				for range rounds {
					x, y := ask(b, ours, requests, each), ask(b, theirs, requests, each)
					ratios, rates, bareRates = append(ratios, x/y), append(rates, x), append(bareRates, y)
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(ratios), "ratio")
			b.ReportMetric(median(rates), "req/s")
			b.ReportMetric(median(bareRates), "bare-req/s")
			b.ReportMetric(float64(h.cache.Bytes())/(1<<20), "cache-MiB")
		})
	}
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// crowded is a house with many members.
func crowded(b *testing.B, n int) *house {
	h := newHouseWith(b, api.NewCacheOf(*memory<<20))
	h.found()
	h.do(governance.Open{})
	ctx, began := context.Background(), time.Now()
	var asked []*record.Pending
	for i := range n {
		number := fmt.Sprintf("%06d", i)
		asked = append(asked, h.record.Ask(ctx, record.Request{Actor: "operator", Role: "operator", Expect: -1, Command: membership.Enrol{
			Number: number, Name: "Member " + number + " Managed Services", Domains: []string{"m" + number + ".example"}, Place: "Denver",
			Country: "United States", Services: []string{"helpdesk"}, ContactName: act.NewPersonal("", "Ada Pine"), Admitted: act.On(2025, 1, 1), Subscribed: act.On(2026, 3, 1), PaidThrough: act.On(2027, 3, 1),
		}}))
		if len(asked) == 512 || i == n-1 {
			for _, p := range asked {
				if _, err := p.Wait(); err != nil {
					b.Fatal(err)
				}
			}
			asked = asked[:0]
		}
	}
	b.Logf("%d members in %v", n, time.Since(began).Round(time.Millisecond))
	h.at(start.Add(time.Hour))
	runtime.GC()
	return h
}

func serve(b *testing.B, handler http.Handler) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	s := &http.Server{Handler: handler}
	go func() { _ = s.Serve(l) }()
	b.Cleanup(func() { _ = s.Close() })
	return l.Addr().String()
}

// ask sends n requests over kept connections and returns how many were answered per second. Its client
// does as little as it can, so that the server is what is measured.
func ask(b *testing.B, address string, requests [][]byte, n int) float64 {
	first := rand.IntN(len(requests))
	var wait sync.WaitGroup
	began := time.Now()
	for c := range callers {
		wait.Go(func() {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				b.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			r := bufio.NewReaderSize(conn, 64<<10)
			for i := c; i < n; i += callers {
				_, err := conn.Write(requests[(first+i)%len(requests)])
				if err == nil {
					err = answer(r)
				}
				if err != nil {
					b.Errorf("request %d: %v", i, err)
					return
				}
			}
		})
	}
	wait.Wait()
	return float64(n) / time.Since(began).Seconds()
}

// answer reads one answer and throws it away; any but 200 is an error.
func answer(r *bufio.Reader) error {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) {
		return fmt.Errorf("%s", line)
	}
	length := 0
	for {
		if line, err = r.ReadSlice('\n'); err != nil {
			return err
		}
		if len(line) == 2 {
			break
		}
		if digits, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			for _, d := range bytes.TrimSpace(digits) {
				length = 10*length + int(d-'0')
			}
		}
	}
	if length == 0 {
		return fmt.Errorf("an answer without its length")
	}
	_, err = r.Discard(length)
	return err
}
