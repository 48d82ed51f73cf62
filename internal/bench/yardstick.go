package bench

import (
	"bufio"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"shingle/internal/cli"
)

// fromMemory is the name under which this program, started as a child, is the yardstick of reading.
const fromMemory = "serve-from-memory"

// serveFromMemory reads answers, writes the address at which it serves them, and does so until it is
// stopped. It is bare net/http: one handler, one map.
func serveFromMemory(ctx context.Context, in io.Reader, out io.Writer) error {
	type header struct {
		name   string
		values []string
	}
	type ready struct {
		headers []header
		body    []byte
	}
	answers := map[string]*ready{}
	for dec := gob.NewDecoder(bufio.NewReaderSize(in, 1<<20)); ; {
		var a answer
		if err := dec.Decode(&a); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		kept := &ready{body: a.Body}
		for name, values := range a.Header {
			kept.headers = append(kept.headers, header{name, values})
		}
		answers[a.Path] = kept
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "serving on http://%s\n", listener.Addr())
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := answers[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		h := w.Header()
		for _, one := range a.headers {
			h[one.name] = one.values
		}
		_, _ = w.Write(a.body)
	})}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// child is this program as a server in a process of its own.
type child struct {
	cmd     *exec.Cmd
	address string
}

// spawn starts this program with args and waits until it says where it serves. feed, if not nil, writes
// its standard input.
func spawn(ctx context.Context, feed func(io.Writer) error, args ...string) (*child, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &child{cmd: exec.CommandContext(ctx, program, args...)}
	c.cmd.Cancel = func() error { return c.cmd.Process.Signal(syscall.SIGTERM) }
	c.cmd.WaitDelay = 10 * time.Second
	var complaints strings.Builder
	c.cmd.Stderr = &complaints
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	in, err := c.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	if feed != nil {
		err = feed(in)
	}
	err = errors.Join(err, in.Close())
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, address, ok := strings.Cut(lines.Text(), "serving on http://"); ok {
			c.address = address
			return c, err
		}
	}
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
	return nil, errors.Join(fmt.Errorf("%s ended before it served: %s", strings.Join(args, " "), complaints.String()), err)
}

func (c *child) stop() {
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	_ = c.cmd.Wait()
}

// serve serves a place as anyone would.
func (s *session) serve(at cli.Place) (*child, error) {
	return spawn(s.ctx, nil, "serve", "body", "--data", at.Data, "--listen", "127.0.0.1:0")
}

// remember starts the yardstick with what a server answers to the paths.
func (s *session) remember(address string, paths []string) (*child, error) {
	return spawn(s.ctx, func(w io.Writer) error {
		buffer := bufio.NewWriterSize(w, 1<<20)
		enc := gob.NewEncoder(buffer)
		if err := fetch(address, paths, func(a answer) error { return enc.Encode(a) }); err != nil {
			return err
		}
		return buffer.Flush()
	}, "bench", fromMemory)
}
