package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// moveCmd carries a body from one database to the other.
type moveCmd struct {
	Place
	To       string `help:"Where to: a PostgreSQL database's URL, or an empty folder." placeholder:"URL|DIR"`
	ToFile   string `help:"Read --to from this file: it holds a password." type:"existingfile" placeholder:"FILE"`
	ToKeys   string `help:"PostgreSQL database that the keys are copied to; without it they stay in the folder, or go to the new one." placeholder:"URL"`
	TakeBack bool   `help:"Let a body that was moved away go on where it was. What was recorded in the other place since is not here."`
}

func (c *moveCmd) Run(r *run) error {
	if c.Data == "" {
		return errors.New("say where the data are: --data DIR")
	}
	if c.TakeBack {
		if err := r.house.TakeBack(r.ctx, c.Place); err != nil {
			return err
		}
		_, err := fmt.Fprintln(r.Out, "it goes on here; see to it that the other copy is served no more")
		return err
	}
	if err := r.readInto(&c.To, "to", c.ToFile); err != nil {
		return err
	}
	to := c.Place // what is not named stays where it is
	to.Database, to.Keys = c.To, c.ToKeys
	switch {
	case c.To == "":
		return errors.New("say where to: --to URL of a PostgreSQL database, or --to DIR")
	case strings.HasPrefix(c.To, "postgres://"), strings.HasPrefix(c.To, "postgresql://"):
		if to.Keys == "" {
			to.Keys = c.Keys
		}
	case strings.Contains(c.To, "://"):
		return fmt.Errorf("a body cannot be moved to %q; give the URL of a PostgreSQL database (postgres://…) or a folder", c.To)
	default:
		path, err := filepath.Abs(c.To)
		if err != nil {
			return err
		}
		to = Place{Data: path, Keys: c.ToKeys, NoBackup: c.NoBackup}
	}
	began := time.Now()
	p := newProgress(r.Err, "moving")
	done, err := r.house.Move(r.ctx, c.Place, to, p.tell)
	p.end()
	if err != nil {
		return err
	}
	fmt.Fprintf(r.Out, "%s is moved, at position %d of its record and %d leaves of its public log, after %.1f s\n", done.Web, done.Position, done.Leaves, time.Since(began).Seconds())
	said(r.Out, done)
	where := "--data " + Shell(to.Data)
	if to.Database != "" {
		where += " --database …"
	}
	if to.Keys != "" {
		where += " --keys …"
	}
	if to.RootKeyFile != "" {
		where += " --root-key-file " + Shell(to.RootKeyFile)
	}
	if to.Blobs != "" {
		where += " --blobs …"
	}
	_, err = fmt.Fprintf(r.Out, "where it was, nothing is changed but a mark, so that it is not served there by mistake\n\nNext:\n  shingle serve body %s\n", where)
	return err
}
