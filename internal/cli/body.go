package cli

import (
	"fmt"
	"strings"
	"time"
)

// initCmd makes a new body or desk.
type initCmd struct {
	Body initBody `cmd:"" help:"Make a professional body's instance."`
}

type initBody struct {
	Place
	Name string `required:"" help:"The body's name."`
	Code string `help:"Its first code of ethics, adopted at once." type:"existingfile" placeholder:"FILE"`
	Zone string `help:"Time zone in which deadlines end, e.g. America/Chicago." default:"UTC"`
	Web  string `help:"Host name of its web site." default:"localhost" placeholder:"HOST"`
	Root string `help:"What locks the file with the root key: file (its mode alone), passphrase (given in SHINGLE_ROOT_PASSPHRASE or with --root-passphrase-file), or the URL of a key service, e.g. awskms:///alias/NAME?region=REGION." placeholder:"file|passphrase|URL"`
}

// lock makes of --root what the root key is to be locked with.
func (c *initBody) lock() error {
	switch {
	case c.Root == "": // whatever is given
	case c.Root == "file":
		c.RootPassphrase, c.RootKMS = "", ""
	case c.Root == "passphrase" && c.RootPassphrase == "":
		return fmt.Errorf("there is no passphrase; nothing was made; give it in SHINGLE_ROOT_PASSPHRASE, or a file that holds it with --root-passphrase-file")
	case c.Root == "passphrase":
		c.RootKMS = ""
	case strings.Contains(c.Root, "://"):
		c.RootPassphrase, c.RootKMS = "", c.Root
	default:
		return fmt.Errorf("--root is file, passphrase or the URL of a key service, and not %q; nothing was made", c.Root)
	}
	return nil
}

func (c *initBody) Run(r *run) error {
	if c.Data == "" {
		return fmt.Errorf("say where the data shall be: --data DIR")
	}
	if err := c.lock(); err != nil {
		return err
	}
	what := InitBody{Name: c.Name, Zone: c.Zone, Web: c.Web}
	if c.Code != "" {
		text, err := r.read(c.Code, largest)
		if err != nil {
			return err
		}
		what.Code = text
	}
	if err := r.house.Init(r.ctx, c.Place, what); err != nil {
		return err
	}
	fmt.Fprintf(r.Out, "%s is made in %s. The register is in launch mode: nobody sees it yet.\n\n", c.Name, c.Data)
	data := Shell(c.Data)
	fmt.Fprintf(r.Out, "Next:\n")
	if c.Code == "" {
		fmt.Fprintf(r.Out, "  shingle code init > code.md                        write a code, then adopt it:\n")
		fmt.Fprintf(r.Out, "  shingle act code.adopt --text @code.md --data %s\n", data)
	}
	fmt.Fprintf(r.Out, "  shingle import roster FILE --dry-run --data %s     preview your members\n", data)
	fmt.Fprintf(r.Out, "  shingle serve body --data %s                       look at it\n", data)
	fmt.Fprintf(r.Out, "  shingle act register.open --data %s                publish the register\n", data)
	if c.Keys != "" {
		fmt.Fprintf(r.Out, "\nKeep a copy of the key database, and of the file with the root key, in another place: without them names cannot be read and nothing can be signed.\n")
	} else {
		fmt.Fprintf(r.Out, "\nBack the keys up, apart from the data: without them names cannot be read and nothing can be signed.\n  shingle vault backup FILE --data %s\n", data)
	}
	if c.Keys != "" && c.Database != "" {
		fmt.Fprintf(r.Out, "Other nodes need no folder: --database, --keys and a copy of that file as --root-key-file.\n")
	}
	return nil
}

// serve serves a body.
type serve struct {
	Body serveBody `cmd:"" help:"Serve a professional body's instance."`
}

type serveBody struct {
	Place
	Listen  string   `help:"Address to listen on: 127.0.0.1:8080, or :443 with --domain, unless it is given." placeholder:"ADDR"`
	Witness []string `help:"Witness that cosigns the public log, as \"URL VKEY\"; may be given again. They are remembered; none takes them away." sep:"none" placeholder:"'URL VKEY'"`
	Operating

	Export string `help:"Keep the public site exported to this folder or bucket, after each act." placeholder:"DIR|s3://BUCKET"`
	Base   string `help:"Web address at which the exported files will be reached; the body's own site if not given." placeholder:"URL"`

	Backup      string        `help:"Folder or bucket to back up to by schedule, e.g. s3://bucket/guild?region=eu-central-1." placeholder:"DIR|URL"`
	BackupEvery time.Duration `help:"How often to back up." default:"1h" placeholder:"TIME"`
	BackupKeep  string        `help:"How long older backups stay, e.g. 30d; for ever if not given." placeholder:"TIME"`
}

func (c *serveBody) Run(r *run) error {
	how := Serving{Listen: c.Listen, Witnesses: c.Witness}
	if err := c.schedule(&how); err != nil {
		return err
	}
	switch {
	case c.Listen == "" && len(c.Domain) > 0:
		how.Listen = ":443"
	case c.Listen == "":
		how.Listen = "127.0.0.1:8080"
	}
	how.Operating, how.Export, how.Base = c.Operating, c.Export, c.Base
	return r.house.Serve(r.ctx, c.Place, how, r.Out)
}

// demo runs the demo.
type demo struct {
	Listen string `help:"Address to listen on." default:"127.0.0.1:8080" placeholder:"ADDR"`
	Data   string `help:"Folder for the demo's data; a temporary one if not given." type:"path" placeholder:"DIR"`
}

func (c *demo) Run(r *run) error {
	return r.house.Demo(r.ctx, Demo{Listen: c.Listen, Data: c.Data}, r.Out)
}

// rebuild rebuilds all views. It takes no token: it is the operator's.
type rebuild struct{ Place }

func (c *rebuild) Run(r *run) error {
	a, err := r.connect(c.Place, credentials{})
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	var done struct{ Events int64 }
	if err := a.work("rebuilding", "/local/rebuild", nil, nil, &done); err != nil {
		return err
	}
	_, err = fmt.Fprintf(r.Out, "all views are rebuilt from %d events\n", done.Events)
	return err
}
