package cli

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// export writes the public site as files. It takes no token: it is the operator's.
type export struct {
	Place
	To   string `arg:"" help:"Folder to write to, or a bucket such as s3://name?region=eu-central-1." placeholder:"DIR|s3://BUCKET"`
	Base string `help:"Web address at which the files will be reached; the body's own site if not given." placeholder:"URL"`
	All  bool   `help:"Write everything anew, also what did not change."`
}

func (c *export) Run(r *run) error {
	to, err := exportPlace(c.To)
	if err != nil {
		return err
	}
	a, err := r.connect(c.Place, credentials{})
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	query := url.Values{"to": {to}, "base": {c.Base}}
	if c.All {
		query.Set("all", "true")
	}
	var done struct{ Written, Removed, Position, Size int64 }
	if err := a.work("exporting", "/local/export", query, nil, &done); err != nil {
		return err
	}
	_, err = fmt.Fprintf(r.Out, "%s is up to date with position %d of the record and %d leaves of the public log: %d files written, %d removed\n",
		c.To, done.Position, done.Size, done.Written, done.Removed)
	return err
}

// exportPlace returns a place to export to as the server finds it: it may stand in another folder.
func exportPlace(to string) (string, error) {
	switch {
	case to == "":
		return "", errors.New("say where to export to: a folder, or a bucket such as s3://name?region=eu-central-1")
	case strings.Contains(to, "://"):
		return to, nil
	}
	return filepath.Abs(to)
}
