package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"shingle/internal/app"
	"shingle/internal/cli"
	"shingle/internal/pgtest"
	"shingle/internal/witnesstest"
)

// The stories in testdata/stories are read by people who do not program: each line is a command as an
// operator types it, or a look at what came of it. Beside testscript's own commands there are
//
//	get ADDRESS [.path.in.json]   print what is at an address; fails unless the answer is 200
//	start NAME ARGUMENTS…         start a server; $NAME becomes its address
//	crash NAME, shutdown NAME     end it, the hard way or the gentle way
//	database NAME                 $NAME becomes the address of an empty PostgreSQL database
//	date NAME DAYS                $NAME becomes the date that many days from today
//	year NAME                     $NAME becomes this year
//	token NAME                    $NAME becomes what the last command printed
//	flip FILE                     change one byte in the middle of a file
func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){
		"shingle": func() {
			os.Exit(cli.Run(os.Args[1:], cli.Terminal{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, app.House{}))
		},
		"get":            get,
		"forget-and-die": func() { app.ForgetAndDie(os.Args[1], os.Args[2]) },
		"upload-and-die": func() { app.UploadAndDie(os.Args[1], os.Args[2]) },
	})
}

// tests runs the tests and removes what was built for them.
type tests struct{ m *testing.M }

func (t tests) Run() int { return witnesstest.Main(t.m) }

func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/stories",
		RequireExplicitExec: false,
		Setup: func(env *testscript.Env) error {
			root, err := filepath.Abs("../..")
			env.Setenv("EXAMPLES", filepath.Join(root, "examples", "msp"))
			env.Setenv("TESTDATA", filepath.Join(root, "internal", "app", "testdata"))
			env.Values["servers"] = map[string]*exec.Cmd{}
			env.Values["t"] = t
			env.Defer(func() {
				for _, c := range env.Values["servers"].(map[string]*exec.Cmd) {
					_ = c.Process.Kill()
					_ = c.Wait()
				}
			})
			return err
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"start":    start,
			"crash":    func(ts *testscript.TestScript, _ bool, args []string) { end(ts, args[0], syscall.SIGKILL) },
			"shutdown": func(ts *testscript.TestScript, _ bool, args []string) { end(ts, args[0], syscall.SIGTERM) },
			"database": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Setenv(args[0], pgtest.URL(ts.Value("t").(testing.TB)))
			},
			"date": func(ts *testscript.TestScript, _ bool, args []string) {
				days, err := strconv.Atoi(args[1])
				ts.Check(err)
				ts.Setenv(args[0], time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly))
			},
			"year": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Setenv(args[0], strconv.Itoa(time.Now().UTC().Year()))
			},
			"token": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
			},
			"flip": func(ts *testscript.TestScript, _ bool, args []string) {
				path := ts.MkAbs(args[0])
				b, err := os.ReadFile(path)
				ts.Check(err)
				b[len(b)/2] ^= 1
				ts.Check(os.WriteFile(path, b, 0o600))
			},
		},
	})
}

// start starts a server of ours as a process of its own.
func start(ts *testscript.TestScript, _ bool, args []string) {
	c := exec.Command("shingle", args[1:]...)
	// The story's own PATH finds the command under test.
	for dir := range strings.SplitSeq(ts.Getenv("PATH"), string(os.PathListSeparator)) {
		if path := filepath.Join(dir, "shingle"); isFile(path) {
			c.Path, c.Err = path, nil
			break
		}
	}
	c.Dir = ts.MkAbs(".")
	c.Env = append(os.Environ(), "HOME="+ts.Getenv("HOME"), "TMPDIR="+ts.Getenv("TMPDIR"), "SHINGLE_DATA="+ts.Getenv("SHINGLE_DATA"), "SHINGLE_DATABASE="+ts.Getenv("SHINGLE_DATABASE"))
	out, err := c.StdoutPipe()
	ts.Check(err)
	errs := &strings.Builder{}
	c.Stderr = errs
	ts.Check(c.Start())
	ts.Value("servers").(map[string]*exec.Cmd)[args[0]] = c
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		ts.Logf("%s", lines.Text())
		if i := strings.Index(lines.Text(), "http://"); i >= 0 {
			ts.Setenv(args[0], strings.TrimSuffix(strings.Fields(lines.Text()[i:])[0], "/"))
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return
		}
	}
	_ = c.Wait()
	ts.Fatalf("%v did not start: %s", args[1:], errs)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

func end(ts *testscript.TestScript, name string, how syscall.Signal) {
	servers := ts.Value("servers").(map[string]*exec.Cmd)
	c := servers[name]
	if c == nil {
		ts.Fatalf("no server %s was started", name)
	}
	delete(servers, name)
	ts.Check(c.Process.Signal(how))
	err := c.Wait()
	if how == syscall.SIGTERM && err != nil {
		ts.Fatalf("%s did not stop well: %v", name, err)
	}
}

// get is the command "get".
func get() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, os.Args[1], nil)
	if err == nil {
		req.Header.Set("Authorization", os.Getenv("AUTHORIZATION"))
		if req.Header.Get("Authorization") == "" {
			req.Header.Del("Authorization")
		}
		err = show(req)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func show(req *http.Request) error {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if len(os.Args) < 3 || resp.StatusCode != http.StatusOK {
		fmt.Println(string(body))
	} else {
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			return fmt.Errorf("not JSON: %w", err)
		}
		for name := range strings.SplitSeq(strings.Trim(os.Args[2], "."), ".") {
			switch at := v.(type) {
			case map[string]any:
				v = at[name]
			case []any:
				i, err := strconv.Atoi(name)
				if err != nil || i >= len(at) {
					return fmt.Errorf("no %s in a list of %d", name, len(at))
				}
				v = at[i]
			}
		}
		fmt.Println(v)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s", resp.Status)
	}
	return nil
}
