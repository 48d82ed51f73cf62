package cli

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"
)

// actCmd asks for any act of the catalogue. Its fields differ by kind, so it reads its own flags.
type actCmd struct {
	Place
	credentials
	Kind string   `arg:"" optional:"" help:"What to ask for, e.g. member.subscribe."`
	Args []string `arg:"" optional:"" passthrough:"" help:"--json JSON, or --field value for each field; --key KEY, --expect VERSION."`
}

// ownArgs keeps kong from taking the flags behind a kind for its own: they are the act's fields.
func ownArgs(args []string) []string {
	if len(args) > 2 && args[0] == "act" && !strings.HasPrefix(args[1], "-") {
		return slices.Concat(args[:2], []string{"--"}, args[2:])
	}
	return args
}

// Help implements kong's detailed help.
func (actCmd) Help() string {
	return "Without a kind, all kinds are listed; with a kind and --help, its fields.\nLists are separated by semicolons, or the flag is given again. Dates are written 2026-03-01.\n--field @FILE takes the text of a file; a value that begins with @ itself is written with two: @@corp."
}

// catalogued is an act as GET /api/v1/acts tells of it.
type catalogued struct {
	Kind   string `json:"kind"`
	Does   string `json:"does"`
	Fields []struct {
		Name     string   `json:"name"`
		Label    string   `json:"label"`
		Hint     string   `json:"hint"`
		Type     string   `json:"type"`
		Required bool     `json:"required"`
		Choices  []string `json:"choices"`
	} `json:"fields"`
}

func (c *actCmd) Run(r *run) error {
	fields, own, err := c.split(r, c.Args)
	if err != nil {
		return err
	}
	if c.Kind != "" && !isKind(c.Kind) {
		return noSuchAct(c.Kind)
	}
	if own.json != "" && len(fields) > 0 {
		names := slices.Sorted(maps.Keys(fields))
		return fmt.Errorf("--json gives all fields, and --%s stands beside it: put that into the JSON, or give every field by its flag", strings.Join(names, ", --"))
	}
	if err := c.Place.read(r); err != nil {
		return err
	}
	a, err := r.connect(c.Place, c.credentials)
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	if c.Kind == "" || own.help {
		return c.list(r, a)
	}
	body, kind := []byte(own.json), "application/json"
	if own.json == "" {
		body, kind = []byte(fields.Encode()), "application/x-www-form-urlencoded"
	}
	header := http.Header{"Content-Type": {kind}}
	if own.key != "" {
		header.Set("Idempotency-Key", own.key)
	}
	if own.expect != "" {
		header.Set("If-Match", `"`+own.expect+`"`)
	}
	answer, err := a.read(http.MethodPost, "/api/v1/acts/"+c.Kind, nil, body, header)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(r.Out, strings.TrimSpace(string(answer)))
	return err
}

func noSuchAct(kind string) error {
	return fmt.Errorf("there is no act %q; \"shingle act\" lists them", kind)
}

// isKind reports whether a word can be a kind of act, and so a part of an address.
func isKind(kind string) bool {
	return strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz0123456789-.") == "" && strings.Trim(kind, ".") == kind
}

type ownFlags struct {
	json, key, expect string
	help              bool
}

// split takes the command's own flags out of the fields.
func (c *actCmd) split(r *run, args []string) (fields url.Values, own ownFlags, err error) {
	fields = url.Values{}
	known := map[string]*string{
		"json": &own.json, "key": &own.key, "expect": &own.expect, "data": &c.Data,
		"database": &c.Database, "database-file": &c.DatabaseFile, "keys": &c.Keys, "keys-file": &c.KeysFile,
		"root-key-file": &c.RootKeyFile, "root-passphrase": &c.RootPassphrase, "root-passphrase-file": &c.RootPassphraseFile, "root-kms": &c.RootKMS,
		"token": &c.Token, "token-file": &c.TokenFile,
	}
	args = slices.DeleteFunc(args, func(a string) bool { return a == "--" })
	for i := 0; i < len(args); i++ {
		name, ok := strings.CutPrefix(args[i], "--")
		if !ok || name == "" {
			return nil, own, fmt.Errorf("%q is no flag; fields are given as --field value", args[i])
		}
		if name == "help" {
			own.help = true
			continue
		}
		name, value, inline := strings.Cut(name, "=")
		if name == "" {
			return nil, own, fmt.Errorf("%q names no field; fields are given as --field value", args[i])
		}
		if !inline {
			if i++; i == len(args) {
				return nil, own, fmt.Errorf("--%s has no value", name)
			}
			value = args[i]
		}
		if value, err = r.textOr(value); err != nil {
			return nil, own, fmt.Errorf("--%s: %w", name, err)
		}
		to, ok := known[name]
		switch {
		case !ok:
			name = strings.ReplaceAll(name, "-", "_") // either way it is the same field
			fields[name] = append(fields[name], value)
		case value == "":
			return nil, own, fmt.Errorf("--%s: %w", name, errEmpty)
		case r.given[name]:
			return nil, own, fmt.Errorf("--%s is given more than once", name)
		default:
			*to, r.given[name] = value, true
		}
	}
	return fields, own, nil
}

// textOr reads "@FILE" as the file's text, and "@@x" as "@x".
func (r *run) textOr(value string) (string, error) {
	path, ok := strings.CutPrefix(value, "@")
	if !ok || strings.HasPrefix(path, "@") {
		return path, nil
	}
	text, err := r.read(path, largest)
	return string(text), err
}

func (c *actCmd) list(r *run, a *api) error {
	var all struct{ Acts []catalogued }
	if err := a.get("/api/v1/acts", nil, &all); err != nil {
		return err
	}
	w := tabwriter.NewWriter(r.Out, 0, 0, 2, ' ', 0)
	for _, k := range all.Acts {
		if c.Kind == "" {
			fmt.Fprintf(w, "%s\t%s\n", k.Kind, k.Does)
			continue
		}
		if k.Kind != c.Kind {
			continue
		}
		fmt.Fprintf(w, "%s: %s\n\n", k.Kind, k.Does)
		for _, f := range k.Fields {
			need := ""
			if f.Required {
				need = "required. "
			}
			fmt.Fprintf(w, "  --%s\t%s\t%s\n", strings.ReplaceAll(f.Name, "_", "-"), f.Type, need+f.Label+". "+cmp.Or(f.Hint, strings.Join(f.Choices, ", ")))
		}
		return w.Flush()
	}
	if c.Kind != "" {
		return noSuchAct(c.Kind)
	}
	return w.Flush()
}
