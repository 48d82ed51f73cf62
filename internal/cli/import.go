package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"shingle/internal/roster"
)

// importer takes in lists.
type importer struct {
	Roster      importRoster      `cmd:"" help:"Take in a roster of members from a CSV file. It can be repeated: what is there already is left as it is."`
	Completions importCompletions `cmd:"" help:"Take in courses that people completed from a CSV file (person,course,on,minutes,attendance,mark,checks,for). It can be repeated: what is on a ledger already is left as it is."`
}

type importRoster struct{ importing }

func (c *importRoster) Run(r *run) error { return c.take(r, roster.Members, "roster") }

type importCompletions struct{ importing }

func (c *importCompletions) Run(r *run) error { return c.take(r, roster.Completions, "completions") }

// importing takes no token: it is the operator's.
type importing struct {
	Place
	File    string `arg:"" help:"The CSV file, - for standard input."`
	Map     string `help:"Which of the file's columns is which, for files with other names." placeholder:"'name=Their Column,…'"`
	DryRun  bool   `help:"Show what would happen, and record nothing."`
	Rejects string `help:"Write the rows that were not taken in to this file, with the reason beside each." type:"path" placeholder:"FILE"`
	JSON    bool   `help:"Print the report as JSON." name:"json"`
}

// shownRejects is how many rejects are printed.
const shownRejects = 20

// take takes in a list; what is how the local API calls it.
func (c *importing) take(r *run, of *roster.Kind, what string) error {
	if _, err := of.ParseMapping(c.Map); err != nil {
		return fmt.Errorf("--map: %w", err)
	}
	// What cannot be written is told before anything is recorded.
	out, err := newRejects(c.Rejects, r.about(c.File))
	if err != nil {
		return fmt.Errorf("--rejects: %w", err)
	}
	in, err := r.open(c.File)
	if err != nil {
		return errors.Join(err, out.close())
	}
	defer func() { _ = in.Close() }()
	rep, rejects, err := c.send(r, what, in, out)
	if err = errors.Join(err, out.close()); rep.Mapped == nil {
		return err // nothing was begun
	}
	if c.JSON {
		enc := json.NewEncoder(r.Out)
		enc.SetIndent("", "  ")
		return errors.Join(err, enc.Encode(struct {
			roster.Report
			Rejects []roster.Reject `json:"rejects"`
		}{rep, rejects}))
	}
	c.report(r, rep, rejects, err != nil)
	return err
}

// send sends the file and returns what came of it; with an error, what was done before.
func (c *importing) send(r *run, what string, in io.Reader, out *rejectsFile) (roster.Report, []roster.Reject, error) {
	a, err := r.connect(c.Place, credentials{})
	if err != nil {
		return roster.Report{}, nil, err
	}
	defer func() { _ = a.close() }()
	query := url.Values{"map": {c.Map}}
	if c.DryRun {
		query.Set("dry_run", "true")
	}
	resp, err := a.do(http.MethodPost, "/local/import/"+what, query, in, nil)
	if err != nil {
		return roster.Report{}, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	return c.follow(r, resp.Body, out)
}

// follow reads progress, rejects and, last, the report.
func (c *importing) follow(r *run, body io.Reader, out *rejectsFile) (rep roster.Report, rejects []roster.Reject, err error) {
	what := "importing"
	if c.DryRun {
		what = "previewing"
	}
	p := newProgress(r.Err, what)
	defer p.end()
	dec := json.NewDecoder(body)
	for {
		var l struct {
			Line
			Header roster.Cells   `json:"header"`
			Reject *roster.Reject `json:"reject"`
		}
		if err := dec.Decode(&l); err != nil {
			return rep, rejects, errors.New("the import was cut off; doing it again goes on where it stopped")
		}
		switch {
		case l.Error != "":
			err := errors.New(inPassing(l.Error))
			if l.Result != nil {
				err = errors.Join(err, json.Unmarshal(l.Result, &rep))
			}
			return rep, rejects, err
		case l.Header != nil:
			out.header = l.Header
		case l.Reject != nil:
			if len(rejects) < shownRejects || c.JSON {
				rejects = append(rejects, *l.Reject)
			}
			if err := out.write(*l.Reject); err != nil {
				return rep, rejects, err
			}
		case l.Result != nil:
			return rep, rejects, json.Unmarshal(l.Result, &rep)
		default:
			p.show(l.Done, l.Of)
		}
	}
}

func (c *importing) report(r *run, rep roster.Report, rejects []roster.Reject, stopped bool) {
	w := r.Out
	fmt.Fprintf(w, "columns  %s\n", strings.Join(rep.Mapped, ", "))
	if len(rep.Unknown) > 0 {
		fmt.Fprintf(w, "unused   %s\n", strings.Join(rep.Unknown, ", "))
	}
	for _, reject := range rejects {
		for _, fault := range reject.Faults {
			where := fmt.Sprintf("line %d", reject.Line)
			if fault.Column != "" {
				where += ", " + fault.Column
			}
			rule := ""
			if fault.Rule != "" {
				rule = " (" + fault.Rule + ")"
			}
			fmt.Fprintf(w, "reject   %s: %s%s\n", where, fault.Reason, rule)
		}
	}
	if more := rep.Rejected - int64(len(rejects)); more > 0 {
		fmt.Fprintf(w, "reject   … and %d more; --rejects FILE writes them all\n", more)
	}
	for _, d := range rep.Differences {
		fmt.Fprintf(w, "differs  line %d, %s: the file says %s, its dates give %s\n", d.Line, d.Number, d.File, d.Computed)
	}
	for _, l := range rep.Looks {
		fmt.Fprintf(w, "look     line %d, %s: %s\n", l.Line, l.Column, l.What)
	}
	if more := rep.Looking - int64(len(rep.Looks)); more > 0 {
		fmt.Fprintf(w, "look     … and %d more like these\n", more)
	}
	switch {
	case rep.DryRun:
		fmt.Fprintf(w, "preview  %d rows: %d would be added, %d are there already, %d rejected; nothing is recorded\n", rep.Rows, rep.Added, rep.Unchanged, rep.Rejected)
	case stopped:
		fmt.Fprintf(w, "stopped  after %d rows: %d added, %d were there already, %d rejected\n", rep.Rows, rep.Added, rep.Unchanged, rep.Rejected)
	default:
		fmt.Fprintf(w, "done     %d rows: %d added, %d were there already, %d rejected\n", rep.Rows, rep.Added, rep.Unchanged, rep.Rejected)
	}
	if c.Rejects != "" && rep.Rejected > 0 {
		fmt.Fprintf(w, "rejects  in %s; mend them there and import that file\n", c.Rejects)
	}
}
