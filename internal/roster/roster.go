// Package roster takes in lists: of members that the body kept elsewhere before ([Members]), and of the courses that
// people completed ([Completions]).
//
// Each row of the file asks for one act, member.enrol or credit.record, and is decided by the same rules as any other
// act. Importing is therefore repeatable: a row that is already in the register changes nothing, and an
// import that was cut off goes on by doing it again. A dry run decides every row and records nothing.
//
// A row that cannot be taken in is a [Reject] that names line, column and reason; the others go on.
package roster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/standing"
	"shingle/internal/record"
)

// Columns are the columns of a roster file, in the order in which the documentation gives them.
var Columns = []string{
	"number", "name", "sole_trader", "trading_names", "domains", "address", "place", "country", "services",
	"contact_name", "contact_email", "admitted", "subscribed", "paid_through", "status",
}

// ahead is how many rows are asked for before the first one's outcome is waited for: two transactions'
// worth, so that the next one fills while one is written, and other acts need not wait for more.
const ahead = 1024

// Import is one import of one file.
type Import struct {
	Of      *Kind // what the file is a list of; nil for members
	Record  *record.Record
	Actor   string // who imports
	Holder  string // the person behind the actor, see [act.Meta]; "" where that is not known
	Role    string
	Mapping Mapping // columns of ours to columns of the file; nil maps by name alone
	DryRun  bool    // decide every row, record nothing
	// Begun, if set, is told the file's header once it has been read.
	Begun func(header Cells)
	// Progress, if set, is told now and then how many rows are done.
	Progress func(rows int64)
	// Names, if set, tells the names of all members, which those of the file are compared with in a dry run.
	Names func(ctx context.Context, each func(number, name string)) error
	// Rejected, if set, is told of every reject, in the order of the file.
	Rejected func(Reject)
}

// Report is what came of an import, or would come of it.
type Report struct {
	DryRun    bool     `json:"dry_run"`
	Rows      int64    `json:"rows"`
	Added     int64    `json:"added"`
	Unchanged int64    `json:"unchanged"` // were in the register before, just so
	Rejected  int64    `json:"rejected"`
	Mapped    []string `json:"mapped"`    // "name=Security" for each column that is used
	Unknown   []string `json:"unknown"`   // columns of the file that are not used
	Differing int64    `json:"differing"` // rows whose status is not the computed one
	// Differences are the first of those.
	Differences []Difference `json:"differences"`
	Looking     int64        `json:"looking"` // how much a person should look at, in a dry run
	// Looks are the first of those.
	Looks []Look `json:"looks"`
}

// Difference is a row whose status in the file is not the standing that its dates give.
type Difference struct {
	Line     int    `json:"line"`
	Number   string `json:"number"`
	File     string `json:"file"`
	Computed string `json:"computed"`
}

// HeaderError says that a file's header row cannot be used. Nothing was imported.
type HeaderError struct{ Detail string }

func (h *HeaderError) Error() string { return h.Detail }

// BrokenFile says that from a line on it cannot be told where a file's rows begin and end. The import
// stopped there; the rows above it are in.
type BrokenFile struct {
	Line   int // of the file, from 1: where the first row that was not read begins
	Detail string
}

func (b *BrokenFile) Error() string { return fmt.Sprintf("line %d: %s", b.Line, b.Detail) }

// row is a row on its way.
type row struct {
	line    int
	cells   []string
	values  map[string][]string // by our column; nil if they cannot be told apart
	faults  []Fault
	blamed  []string // our columns that are at fault
	pending *record.Pending
	done    record.Done
	err     error
}

func (r *row) blame(column string, f Fault) {
	r.faults = append(r.faults, f)
	r.blamed = append(r.blamed, column)
}

// Run imports a file. An error means that the import stopped; what was taken in before stays, and doing it
// again goes on from there.
func (im Import) Run(ctx context.Context, file io.Reader) (Report, error) {
	kind := im.kind()
	in, err := kind.open(file, im.Mapping)
	if err != nil {
		return Report{}, err
	}
	asked, ok := im.Record.Catalogue.Act(kind.act)
	if !ok {
		return Report{}, errors.New("roster: the catalogue has no " + kind.act)
	}
	if im.Begun != nil {
		im.Begun(in.header)
	}
	rep := Report{DryRun: im.DryRun, Mapped: in.mapped, Unknown: in.unknown, Differences: []Difference{}, Looks: []Look{}}
	sight := sight{in: in, rep: &rep, alike: map[string]seenName{}}
	check := kind.check()
	queue := make([]*row, 0, ahead)
	settle := func(n int) error {
		for _, r := range queue[:n] {
			if err := im.settle(&rep, in, r); err != nil {
				return err
			}
		}
		queue = slices.Delete(queue, 0, n)
		return nil
	}
	for {
		r, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			err = errors.Join(settle(len(queue)), err)
			return rep, err
		}
		if r.values != nil {
			check(in, r)
			im.ask(ctx, asked, in, r)
			if im.DryRun && kind.members {
				sight.row(r)
			}
		}
		if queue = append(queue, r); len(queue) == ahead {
			if err := settle(ahead / 2); err != nil {
				return rep, err
			}
		}
	}
	if err = settle(len(queue)); err == nil && im.DryRun && kind.members {
		err = sight.members(ctx, im.Names)
	}
	return rep, err
}

// ask asks for the row's act, or previews it. Of a row that has faults already, it is previewed what the rules
// say of the rest.
func (im Import) ask(ctx context.Context, asked *act.Act, in *input, r *row) {
	values := r.values
	if _, ok := values["status"]; ok {
		// It is compared, never asked for: nobody's standing is typed in.
		values = maps.Clone(values)
		delete(values, "status")
	}
	cmd, bad := asked.ReadText(values)
	before := r.blamed
	for _, b := range bad {
		if !slices.Contains(before, b.Field) {
			in.blame(r, b.Field, b.Detail)
		}
	}
	req := record.Request{Command: cmd, Actor: im.Actor, Holder: im.Holder, Role: im.Role, Expect: -1}
	if im.DryRun || len(r.faults) > 0 {
		r.done, r.err = im.Record.Preview(ctx, req)
	} else {
		r.pending = im.Record.Ask(ctx, req)
	}
}

// settle counts a row's outcome.
func (im Import) settle(rep *Report, in *input, r *row) error {
	if r.pending != nil {
		r.done, r.err = r.pending.Wait()
	}
	if refusal, ok := act.Refused(r.err); ok {
		in.refused(r, refusal)
	} else if r.err != nil {
		return fmt.Errorf("line %d: %w", r.line, r.err)
	}
	rep.Rows++
	switch {
	case len(r.faults) > 0:
		rep.Rejected++
		if im.Rejected != nil {
			im.Rejected(Reject{Line: r.line, Faults: r.faults, Cells: r.cells})
		}
	case len(r.done.Events) == 0:
		rep.Unchanged++
	default:
		rep.Added++
		rep.compare(r)
	}
	if im.Progress != nil && rep.Rows%500 == 0 {
		im.Progress(rep.Rows)
	}
	return nil
}

// refused notes what the rules refuse, unless the column is known to be at fault: what was read of it, or not
// read, is not what stands there.
func (in *input) refused(r *row, refusal *act.Refusal) {
	before := r.blamed
	for _, no := range refusal.All() {
		if no.Field != "" && slices.Contains(before, no.Field) {
			continue
		}
		f := Fault{Column: in.theirs(no.Field), Rule: no.Rule.ID, Reason: no.Detail}
		if no.Field != "" && f.Column == "" {
			f.Reason += " (the file has no column " + no.Field + ")"
		}
		r.blame(no.Field, f)
	}
}

// maxDifferences bounds how many differences a report spells out.
const maxDifferences = 50

// compare sets the file's status beside the computed one, which alone counts.
func (rep *Report) compare(r *row) {
	status := normalStatus(strings.Join(r.values["status"], ""))
	if status == "" {
		return
	}
	for _, e := range r.done.Events {
		if s, ok := e.Event.(standing.Stated); ok && string(s.Status) != status {
			rep.Differing++
			if len(rep.Differences) < maxDifferences {
				rep.Differences = append(rep.Differences, Difference{r.line, r.values["number"][0], status, string(s.Status)})
			}
		}
	}
}

func normalStatus(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	switch s {
	case "active", "current", "new", "good standing", "in good standing", "grace":
		return "good"
	case "expired":
		return "lapsed"
	case "cancelled", "canceled", "resigned":
		return "withdrawn"
	}
	return strings.ReplaceAll(s, " ", "-")
}

// seen remembers which rows used a number or a domain, so that a file that contradicts itself is told by
// its own lines, whatever the register holds.
type seen struct{ numbers, domains map[string]int }

func (s seen) check(in *input, r *row) {
	switch status := normalStatus(strings.Join(r.values["status"], "")); status {
	case "suspended", "expelled":
		in.blame(r, "status", fmt.Sprintf("a member cannot be imported as %s: that needs an order; import it without a status, then use order.record", status))
	}
	if number := strings.Join(r.values["number"], ""); number != "" {
		if line, ok := s.numbers[number]; ok {
			in.blame(r, "number", fmt.Sprintf("number %s is already used in line %d", number, line))
		} else {
			s.numbers[number] = r.line
		}
	}
	for _, list := range r.values["domains"] {
		for d := range strings.SplitSeq(list, ";") {
			if d = strings.TrimSpace(d); d == "" {
				continue
			}
			if line, ok := s.domains[d]; ok && line != r.line {
				in.blame(r, "domains", fmt.Sprintf("domain %s is already used in line %d", d, line))
				continue
			}
			s.domains[d] = r.line
			for _, above := range act.DomainsAbove(d) {
				if line, ok := s.domains[above]; ok && line != r.line {
					in.blame(r, "domains", fmt.Sprintf("domain %s lies below %s, which is already used in line %d", d, above, line))
				}
			}
		}
	}
}
