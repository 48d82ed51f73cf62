package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// connections is how many requests are under way at once.
const connections = 16

// client is as lean as it can be, so that what is measured is the server: each connection sends a
// request that was written before, and reads the answer to its end without looking at it.
type client struct {
	address  string
	requests [][]byte
	pick     func(*rand.Rand) func() int // which request comes next; one function for each connection
}

func newClient(address string, paths []string, pick func(*rand.Rand) func() int) *client {
	c := &client{address: address, requests: make([][]byte, len(paths)), pick: pick}
	for i, p := range paths {
		c.requests[i] = []byte("GET " + p + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
	}
	return c
}

// evenly picks any of n alike.
func evenly(n int) func(*rand.Rand) func() int {
	return func(r *rand.Rand) func() int { return func() int { return r.IntN(n) } }
}

// zipf picks by a Zipf law with the exponent 1.1; the popular ones lie scattered.
func zipf(n int) func(*rand.Rand) func() int {
	const prime = 7_368_787
	return func(r *rand.Rand) func() int {
		z := rand.NewZipf(r, 1.1, 1, uint64(n-1))
		return func() int { return int(z.Uint64() * prime % uint64(n)) }
	}
}

// ask asks for so long, and returns how many answers came per second.
func (c *client) ask(ctx context.Context, d time.Duration) (perSecond float64, err error) {
	var answers atomic.Int64
	var ended atomic.Bool
	failed := make([]error, connections)
	var group sync.WaitGroup
	began := time.Now()
	for i := range connections {
		group.Go(func() {
			n, err := c.converse(uint64(i), &ended)
			answers.Add(n)
			failed[i] = err
		})
	}
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
	took := time.Since(began)
	ended.Store(true)
	group.Wait()
	return float64(answers.Load()) / took.Seconds(), errors.Join(append(failed, ctx.Err())...)
}

func (c *client) converse(seed uint64, ended *atomic.Bool) (answers int64, err error) {
	conn, err := net.Dial("tcp", c.address)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	next, in := c.pick(rand.New(rand.NewPCG(seed, uint64(time.Now().UnixNano())))), bufio.NewReaderSize(conn, 16<<10)
	for !ended.Load() {
		request := c.requests[next()]
		if _, err := conn.Write(request); err != nil {
			return answers, err
		}
		if err := skip(in); err != nil {
			return answers, fmt.Errorf("%q: %w", request, err)
		}
		answers++
	}
	return answers, nil
}

// skip reads one answer. Anything but 200 is an error.
func skip(in *bufio.Reader) error {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 200")) {
		return fmt.Errorf("answered %q", bytes.TrimSpace(line))
	}
	length := -1
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= 2 {
			break
		}
		if v, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(v))); err != nil {
				return err
			}
		}
	}
	if length >= 0 {
		_, err = in.Discard(length)
		return err
	}
	for { // chunked
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		n, err := strconv.ParseUint(string(bytes.TrimSpace(line)), 16, 31)
		if err != nil {
			return err
		}
		if _, err := in.Discard(int(n) + 2); err != nil || n == 0 {
			return err
		}
	}
}

// answer is what a server said, to be said again.
type answer struct {
	Path   string
	Header map[string][]string
	Body   []byte
}

// fetch asks for each path once, and hands out the answers in order.
func fetch(address string, paths []string, each func(answer) error) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	in := textproto.NewReader(bufio.NewReader(conn))
	for _, path := range paths {
		if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path); err != nil {
			return err
		}
		a, err := read(in)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		a.Path = path
		if err := each(a); err != nil {
			return err
		}
	}
	return nil
}

func read(in *textproto.Reader) (a answer, err error) {
	line, err := in.ReadLine()
	if err != nil {
		return a, err
	}
	if !strings.HasPrefix(line, "HTTP/1.1 200") {
		return a, fmt.Errorf("answered %q", line)
	}
	header, err := in.ReadMIMEHeader()
	if err != nil {
		return a, err
	}
	if length := header.Get("Content-Length"); length != "" {
		n, err := strconv.Atoi(length)
		if err != nil {
			return a, err
		}
		a.Body = make([]byte, n)
		if _, err := io.ReadFull(in.R, a.Body); err != nil {
			return a, err
		}
	} else {
		for { // chunked
			line, err := in.ReadLine()
			if err != nil {
				return a, err
			}
			n, err := strconv.ParseUint(line, 16, 31)
			if err != nil {
				return a, err
			}
			chunk := make([]byte, n+2)
			if _, err := io.ReadFull(in.R, chunk); err != nil {
				return a, err
			}
			if n == 0 {
				break
			}
			a.Body = append(a.Body, chunk[:n]...)
		}
	}
	header.Del("Date") // the server writes its own
	header.Del("Transfer-Encoding")
	header.Set("Content-Length", strconv.Itoa(len(a.Body)))
	a.Header = header
	return a, nil
}
