// Package cli is the command line: one file per command.
//
// A command that asks something of a body or desk speaks to it by its API: over the socket of the server
// that has the folder open, or, where none has, to one opened for just this command. So there is one
// way of doing a thing, whoever holds the folder.
//
// Exit status: 0 done, 1 refused (the rule is printed), 2 wrong usage or a fault. verify and mail have their own,
// see their help.
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
	"time"

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
	// Check verifies the record and the public log at a place against themselves, and blobs against their hashes, and returns a line
	// for each thing that does not fit.
	Check(ctx context.Context, at Place, progress func(done, of int64)) (faults []string, err error)
	// Bench measures and writes a table of what came of it.
	Bench(ctx context.Context, how Bench, out io.Writer) error
	Keeper
	Doctor
}

// Place says where a body or desk keeps its data.
type Place struct {
	Data     string `help:"Folder that holds the data and the keys." type:"path" placeholder:"DIR"`
	Database string `help:"PostgreSQL database that holds the record instead of the folder; the folder then holds the keys." placeholder:"URL"`
	Keys     string `help:"PostgreSQL database that holds the keys instead of the folder." placeholder:"URL"`
	// Not an existingfile: init makes it.
	RootKeyFile string `help:"File with the root key, instead of the one in the folder. With --database and --keys no folder is needed." type:"path" placeholder:"FILE"`

	RootPassphrase     string `help:"Passphrase that locks the root key's file. Better in the environment or in a file." placeholder:"TEXT"`
	RootPassphraseFile string `help:"Read --root-passphrase from this file." type:"existingfile" placeholder:"FILE"`
	RootKMS            string `name:"root-kms" env:"SHINGLE_ROOT_KMS" help:"Key service that locks the root key's file, as a URL; when it is opened, instead of the one that the file names." placeholder:"URL"`

	Blobs string `help:"Where sealed objects lie instead of the folder's own blobs: an S3-compatible bucket (s3://NAME?region=REGION&endpoint=ADDRESS, credentials as AWS tools expect them) or another folder (file:///DIR)." placeholder:"URL"`

	DatabaseFile string `help:"Read --database from this file: it holds a password." type:"existingfile" placeholder:"FILE"`
	KeysFile     string `help:"Read --keys from this file." type:"existingfile" placeholder:"FILE"`

	NoBackup bool `help:"Bring data of an older version up to date without the backup that is made before." hidden:""`
}

// AfterApply implements kong's hook: what is in files is read.
func (p *Place) AfterApply(k *kong.Context, r *run) error {
	r.given = givenIn(k)
	return p.read(r)
}

func (p *Place) read(r *run) error {
	return errors.Join(r.readInto(&p.Database, "database", p.DatabaseFile), r.readInto(&p.Keys, "keys", p.KeysFile),
		r.readInto(&p.RootPassphrase, "root-passphrase", p.RootPassphraseFile))
}

// maxSecret bounds a token or an address that is read from a file, in bytes.
const maxSecret = 64 << 10

// readInto takes what a flag names out of the file that the flag beside it names. What stands on the command
// line goes before what stands in the environment. A file without anything in it is an error: whoever names
// it does not mean to go without.
func (r *run) readInto(secret *string, flag, file string) error {
	switch fromFile := r.given[flag+"-file"]; {
	case file == "" || *secret != "" && !fromFile:
		return nil
	case r.given[flag] && fromFile:
		return fmt.Errorf("--%s and --%s-file are both given; leave one out", flag, flag)
	}
	text, err := r.read(file, maxSecret)
	if err != nil {
		return fmt.Errorf("--%s-file: %w", flag, err)
	}
	if *secret = strings.TrimSpace(string(text)); *secret == "" {
		return fmt.Errorf("--%s-file: %s is empty", flag, file)
	}
	return nil
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
	Operating

	Backup      string        // folder or bucket that is backed up to by schedule, "" for none
	BackupEvery time.Duration // how often
	BackupKeep  time.Duration // how long older backups stay, 0 for ever
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
	Import   importer `cmd:"" help:"Take in a roster of members, or what people completed."`
	Act      actCmd   `cmd:"" help:"Ask for an act; without a kind, list what can be asked for."`
	Standing standing `cmd:"" help:"Show a member's standing, with its reasons."`
	Receipt  receipt  `cmd:"" help:"Print a standing receipt."`
	Verify   Verify   `cmd:"" help:"Verify a receipt, a domain's standing, a whole public log, or a data folder."`
	Rules    rules    `cmd:"" help:"List every rule: what it says, where it comes from, where it stands."`
	Export   export   `cmd:"" help:"Write the public site as files, for any web server or CDN; again, only what changed."`
	Rebuild  rebuild  `cmd:"" help:"Rebuild all views from the record."`
	Token    tokenCmd `cmd:"" help:"Make, list and revoke bearer tokens."`
	Invite   invite   `cmd:"" help:"Print the address at which somebody who was invited comes in."`
	Mail     mailCmd  `cmd:"" help:"Look after letters: take in those that came back."`

	Webhook webhookCmd `cmd:"" help:"List, add and remove the addresses that are told what becomes public."`

	Backup      backupCmd   `cmd:"" help:"Back a body up: to a file, or to a folder or bucket that keeps many backups."`
	Restore     restoreCmd  `cmd:"" help:"Bring a body back from a backup, into an empty place."`
	Move        moveCmd     `cmd:"" help:"Carry a body from one database to the other."`
	AuditSample auditSample `cmd:"" help:"Draw whom an audit of education asks for evidence, as anyone can draw it again."`
	Vault       vaultCmd    `cmd:"" help:"Look after the keys, and what they seal."`

	Doctor  doctor    `cmd:"" help:"Examine a place, side by side, and say what to do about what is found."`
	Health  healthCmd `cmd:"" help:"Ask a server whether all is well."`
	Bench   bench     `cmd:"" help:"Measure speed beside a yardstick."`
	Version version   `cmd:"" help:"Print the version."`
}

// run is what every command's Run method is handed.
type run struct {
	Terminal
	house House
	ctx   context.Context
	given map[string]bool // names of the flags that stand on the command line
}

// exit is an error that sets the exit status.
type exit struct {
	status int
	error
}

func (e exit) Unwrap() error { return e.error }

// errSilent is the error of a command that has said all there is to say.
var errSilent = errors.New("")

// errInterrupted is the error of a command that a signal ended.
var errInterrupted = errors.New("interrupted")

// Run runs one command and returns its exit status.
func Run(args []string, t Terminal, house House) (status int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // who asks a second time is not asked to wait
	r := &run{Terminal: t, house: house, ctx: ctx}
	forgetEmptyVariables()
	var c commands
	status = -1
	parser, err := kong.New(&c,
		kong.Name("shingle"),
		kong.Description("Shingle keeps a professional body's code of ethics: the register of its members, their standing, and the proof of both."),
		kong.DefaultEnvars("SHINGLE"),
		kong.Writers(t.Out, t.Err),
		kong.Exit(func(code int) { status = code; panic(exited{}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.Bind(r),
		filled("path"), filled("existingfile"),
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
	if err == nil {
		err = nothingEmpty(k)
	}
	if err != nil && ctx.Err() != nil {
		fmt.Fprintf(t.Err, "shingle: %v\n", errInterrupted)
		return 2
	}
	if err != nil {
		fmt.Fprintf(t.Err, "shingle: %v\n", err)
		fmt.Fprintf(t.Err, "try \"shingle %s--help\"\n", commandPath(err))
		return 2
	}
	err = k.Run(r)
	if err == nil {
		return 0
	}
	status = 2
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = errInterrupted
	}
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
