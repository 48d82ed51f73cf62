// Package cli is the command line: one file per command.
//
// A command that asks something of a body or desk speaks to it by its API: over the socket of the server
// that has the folder open, or, where none has, to one opened for just this command. So there is one
// way of doing a thing, whoever holds the folder.
//
// Exit status: 0 done, 1 refused (the rule is printed), 2 wrong usage or a fault. verify has its own,
// see [Verify].
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"shingle/internal/act"
)

// Terminal is where a command reads and writes.
type Terminal struct {
	In       io.Reader
	Out, Err io.Writer
}

// House is what the commands need of the wiring above them.
type House interface {
	// Init stamps a place with a role and makes what it needs.
	Init(ctx context.Context, at Place, what InitBody) error
	// Connect returns a client of the local API at a place: of its server if one runs, else of one
	// opened for the client, which close ends. Request addresses start with http://shingle/.
	Connect(ctx context.Context, at Place) (client *http.Client, close func() error, err error)
	// Serve serves a place until ctx ends.
	Serve(ctx context.Context, at Place, how Serving, out io.Writer) error
	// Demo makes a demo, unless the folder holds one, and serves it until ctx ends.
	Demo(ctx context.Context, how Demo, out io.Writer) error
	// Check verifies the record and the public log at a place against themselves, and returns a line
	// for each thing that does not fit.
	Check(ctx context.Context, at Place, progress func(done, of int64)) (faults []string, err error)
	// Bench measures and writes a table of what came of it.
	Bench(ctx context.Context, how Bench, out io.Writer) error
}

// Place says where a body or desk keeps its data.
type Place struct {
	Data     string `help:"Folder that holds the data and the keys." type:"path" placeholder:"DIR"`
	Database string `help:"PostgreSQL database that holds the record instead of the folder; the folder then holds the keys." placeholder:"URL"`
	Keys     string `help:"PostgreSQL database that holds the keys instead of the folder; the root key stays in the folder." placeholder:"URL"`

	DatabaseFile string `help:"Read --database from this file: it holds a password." type:"existingfile" placeholder:"FILE"`
	KeysFile     string `help:"Read --keys from this file." type:"existingfile" placeholder:"FILE"`
}

// AfterApply implements kong's hook: what is in files is read.
func (p *Place) AfterApply() error {
	return errors.Join(readInto(&p.Database, p.DatabaseFile), readInto(&p.Keys, p.KeysFile))
}

// readInto takes a secret out of a file, unless it was given otherwise.
func readInto(secret *string, file string) error {
	if file == "" || *secret != "" {
		return nil
	}
	b, err := os.ReadFile(file)
	*secret = strings.TrimSpace(string(b))
	return err
}

// InitBody is what a new body starts with.
type InitBody struct {
	Name string // of the body
	Code []byte // the text of its first code of ethics, nil for none
	Zone string // IANA time zone in which its deadlines end
	Web  string // host name of its web site
}

// Serving says how a place is served.
type Serving struct {
	Listen    string
	Export    string   // where the site is exported to as it changes, "" for nowhere
	Base      string   // where the exported files are reached, "" for the body's own site
	Witnesses []string // "URL VKEY" each
}

// Demo says how the demo is served.
type Demo struct {
	Listen string
	Data   string
}

type commands struct {
	Demo     demo     `cmd:"" help:"Run a demo: a body with the example code and 330 members."`
	Init     initCmd  `cmd:"" help:"Make a new body."`
	Serve    serve    `cmd:"" help:"Serve a body: its web site and API."`
	Code     codeCmd  `cmd:"" help:"Write, check, show and compare codes of ethics."`
	Import   importer `cmd:"" help:"Take in a roster of members."`
	Act      actCmd   `cmd:"" help:"Ask for an act; without a kind, list what can be asked for."`
	Standing standing `cmd:"" help:"Show a member's standing, with its reasons."`
	Receipt  receipt  `cmd:"" help:"Print a standing receipt."`
	Verify   Verify   `cmd:"" help:"Verify a receipt, a domain's standing, a whole public log, or a data folder."`
	Rules    rules    `cmd:"" help:"List every rule: what it says, where it comes from, where it stands."`
	Export   export   `cmd:"" help:"Write the public site as files, for any web server or CDN; again, only what changed."`
	Rebuild  rebuild  `cmd:"" help:"Rebuild all views from the record."`
	Token    tokenCmd `cmd:"" help:"Make, list and revoke bearer tokens."`
	Bench    bench    `cmd:"" help:"Measure speed beside a yardstick."`
	Version  version  `cmd:"" help:"Print the version."`
}

// run is what every command's Run method is handed.
type run struct {
	Terminal
	house House
	ctx   context.Context
}

// exit is an error that sets the exit status.
type exit struct {
	status int
	error
}

func (e exit) Unwrap() error { return e.error }

// errSilent is the error of a command that has said all there is to say.
var errSilent = errors.New("")

// Run runs one command and returns its exit status.
func Run(args []string, t Terminal, house House) (status int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	status = -1
	parser, err := kong.New(&c,
		kong.Name("shingle"),
		kong.Description("Shingle keeps a professional body's code of ethics: the register of its members, their standing, and the proof of both."),
		kong.DefaultEnvars("SHINGLE"),
		kong.Writers(t.Out, t.Err),
		kong.Exit(func(code int) { status = code; panic(exited{}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
	if err != nil {
		panic(err)
	}
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(exited); !ok {
				panic(p)
			}
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(ownArgs(args))
	if err != nil {
		fmt.Fprintf(t.Err, "shingle: %v\n", err)
		fmt.Fprintf(t.Err, "try \"shingle %s--help\"\n", commandPath(err))
		return 2
	}
	err = k.Run(&run{Terminal: t, house: house, ctx: ctx})
	if err == nil {
		return 0
	}
	status = 2
	if e := (exit{}); errors.As(err, &e) {
		status = e.status
	} else if r, ok := act.Refused(err); ok {
		status = 1
		if r.Rule.Cure != "" {
			err = fmt.Errorf("%w\n         %s", err, r.Rule.Cure)
		}
	}
	if !errors.Is(err, errSilent) {
		fmt.Fprintf(t.Err, "shingle: %v\n", err)
	}
	return status
}

type exited struct{}

func commandPath(err error) string {
	var p *kong.ParseError
	if errors.As(err, &p) && p.Context != nil {
		if c := p.Context.Command(); c != "" {
			words := strings.Fields(c)
			var path []string
			for _, w := range words {
				if !strings.HasPrefix(w, "<") && !strings.HasPrefix(w, "[") {
					path = append(path, w)
				}
			}
			return strings.Join(path, " ") + " "
		}
	}
	return ""
}
