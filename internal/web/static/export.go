// Package static writes the public site as files that any web server or CDN can serve: pages, what programs
// read, receipts, seals, feeds and the public log.
//
//	x := static.New(static.Config{Site: handler, …}, "s3://bucket?region=…")
//	report, err := x.Run(ctx) // again after each act, or by the clock: only what changed is written
//
// The files are what the site itself answers, asked in this process; nothing is rendered twice. What is
// written follows from the record: events since the last time say whom something happened to, and those
// members' pages, the pages of lists they stand on, their notices and the log's new tiles are made anew.
// How far the export is lies in the export. What carries a date (receipts, seals) is made anew as it passes.
//
// Readers may come at any moment, and the export may be killed at any moment. So each file is there whole
// or not at all, and what is named is written before what names it: tiles before the checkpoint, the
// checkpoint before pages that name a leaf, members before lists. What goes, goes last.
//
// What it does not do: search, answer about the past, take anything in. The pages say so.
package static

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"shingle/internal/body/governance"
	"shingle/internal/publog"
	"shingle/internal/record"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// Config is what an export is made from.
type Config struct {
	Site     http.Handler // the public site, as it is at Base
	Base     string       // where the files will be reached, e.g. "https://register.example"
	Record   *record.Record
	Register view.Register
	Log      *publog.Log
	Body     func(ctx context.Context) (governance.Body, error)
	// Due states what fell due by time alone; nil where somebody else sees to it.
	Due    func(ctx context.Context) error
	Logger *slog.Logger
}

// Export is an export to one place. One at a time writes to a place.
type Export struct {
	Config
	address string

	mu         sync.Mutex
	to         *bucket
	state      *state // nil until it is read, and after a fault
	groups     map[string]*group
	changed    map[string]bool
	marked     bool
	anew       bool // also what did not change is written, until the run ends
	head       ui.Static
	checkpoint string
	listed     []string // pages of lists made in this step
	report     Report
}

// Report is what one run did.
type Report struct {
	Written  int   `json:"written"`
	Removed  int   `json:"removed"`
	Position int64 `json:"position"` // of the record: all up to it is exported
	Size     int64 `json:"size"`     // leaves of the public log
	// Keys are the objects that were written, but for full tiles and the export's own account.
	Keys []string `json:"-"`
}

// New returns an export to a folder, or a bucket such as "s3://name?region=eu-central-1".
func New(c Config, to string) *Export {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Export{Config: c, address: to}
}

// Ready fails if nothing can be exported to the place, without exporting anything.
func (x *Export) Ready(ctx context.Context) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.open(ctx)
}

// Run brings the export up to date. After a fault, what was exported before is as it was or newer, and
// fits together; the next run goes on. anew writes also what is there already.
func (x *Export) Run(ctx context.Context, anew bool, progress func(done, of int64)) (Report, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if progress == nil {
		progress = func(int64, int64) {}
	}
	x.report, x.anew = Report{}, anew
	err := x.run(ctx, progress)
	x.anew = false
	if err != nil {
		x.state = nil // what is known may not be what lies there
	} else {
		x.report.Position, x.report.Size = x.state.Position, x.state.Size
	}
	return x.report, err
}

func (x *Export) run(ctx context.Context, progress func(done, of int64)) error {
	if x.Due != nil {
		if err := x.Due(ctx); err != nil {
			return err
		}
	}
	if err := x.open(ctx); err != nil {
		return err
	}
	if x.anew {
		x.state.Site = ""
	}
	done := int64(0)
	for {
		n, more, err := x.step(ctx)
		if err != nil {
			return err
		}
		if !more {
			return nil
		}
		b, err := x.Register.Body(ctx)
		if err != nil {
			return err
		}
		done += n
		progress(done, max(done, b.Members))
	}
}

// Close lets go of the place.
func (x *Export) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.to == nil {
		return nil
	}
	return x.to.Close()
}

// now is the time that the site answers for.
func (x *Export) now() time.Time {
	t, _ := x.Record.Time()
	return t
}

// open reads how far the export is, and makes sure that it is ours.
func (x *Export) open(ctx context.Context) error {
	if x.to == nil {
		to, err := openBucket(ctx, x.address)
		if err != nil {
			return err
		}
		x.to = to
	}
	if x.state != nil {
		return nil
	}
	x.groups, x.changed, x.marked, x.head, x.checkpoint, x.listed = map[string]*group{}, map[string]bool{}, false, ui.Static{}, "", nil
	st := &state{}
	found, err := x.readJSON(ctx, stateFile, st)
	if err != nil {
		return err
	}
	if !found {
		switch empty, err := x.to.isEmpty(ctx); {
		case err != nil:
			return err
		case !empty:
			return fmt.Errorf("%s is not empty, and holds no export of a register; give an empty place", x.to.address)
		}
		if err := x.writing(ctx); err != nil {
			return err
		}
		st = &state{Version: stateVersion, Log: x.Log.Origin(), Base: x.Base}
		if err := x.writeJSON(ctx, stateFile, st); err != nil {
			return err
		}
	}
	switch {
	case st.Version > stateVersion:
		return fmt.Errorf("%s was exported by a newer version of shingle; use that one, or give an empty place", x.to.address)
	case st.Log != x.Log.Origin():
		return fmt.Errorf("%s holds the export of another body, whose log is %s; give an empty place", x.to.address, st.Log)
	case st.Position > x.Record.Position():
		return fmt.Errorf("%s holds an export up to position %d, and the record ends at %d: an older backup was restored; nothing is exported over what was published later",
			x.to.address, st.Position, x.Record.Position())
	}
	if busy, err := x.to.read(ctx, busyFile); err != nil {
		return err
	} else if busy != nil {
		if err := x.to.sweepDrafts(); err != nil {
			return err
		}
		x.marked = true
	}
	x.state = st
	return nil
}

// step does what is due: whatever happened since the last time, and then a part of what concerns everyone.
// It returns how many members were done, and whether there is more.
func (x *Export) step(ctx context.Context) (done int64, more bool, err error) {
	now, err := x.Record.Time()
	if err != nil {
		return 0, false, err
	}
	body, err := x.Body(ctx)
	if err != nil {
		return 0, false, err
	}
	st, upTo := x.state, x.Record.Position()
	open := !body.GoLive.IsZero() && !now.Before(body.GoLive.Start(body.Location))
	site, err := x.looks(ctx)
	if err != nil {
		return 0, false, err
	}
	if st.Site != site || st.Base != x.Base || st.Open != open {
		// Another look, another address, or the register opens: everything is made anew.
		st.Site, st.Base, st.Open, st.Whole = site, x.Base, open, false
		st.Sweep, st.Size, x.checkpoint = nil, 0, ""
		st.Position, st.Round = upTo, "" // whoever something happened to is among everyone
	}
	happened, err := x.since(ctx, st.Position, upTo)
	if err != nil {
		return 0, false, err
	}
	round := roundOf(now, body.Location)
	turned := st.Round != round
	if open && st.Sweep == nil {
		switch {
		case !st.Whole:
			st.Sweep = &sweep{What: anew}
		case happened.everyone:
			st.Sweep = &sweep{What: everyone}
		case turned && strings.HasSuffix(round, noon) && st.At.After(now.Add(-halfDay)):
			st.Sweep = &sweep{What: receiptsOnly}
		case turned:
			st.Sweep = &sweep{What: whatIsDated}
		}
		st.Round = round
	} else if open && happened.everyone && st.Sweep.What != anew {
		st.Sweep = &sweep{What: everyone}
	} else if !open {
		st.Round = round
	}
	expired, err := x.Register.NoticesExpired(ctx, st.At, now)
	if err != nil {
		return 0, false, err
	}
	for _, n := range expired {
		happened.notices = append(happened.notices, n.ID)
		happened.members[n.Member] = true
	}
	idle := !happened.any && !turned && len(expired) == 0 && st.Sweep == nil && len(st.Again) == 0 && (!open || string(x.Log.Checkpoint()) == x.checkpoint)
	for _, at := range st.Doomed {
		idle = idle && now.Before(at)
	}
	if idle && st.Position == upTo {
		return 0, false, nil
	}
	if err := x.news(ctx, now, open, happened); err != nil {
		return 0, false, err
	}
	st.Again = nil
	if x.Record.Position() != upTo {
		slices.Sort(x.listed)
		st.Again = slices.Compact(x.listed)
	}
	x.listed = nil
	st.Position, st.At = upTo, now
	if err := x.sweepDoomed(ctx, now); err != nil {
		return 0, false, err
	}
	if err := x.save(ctx); err != nil || st.Sweep == nil {
		return 0, false, err
	}
	done, err = x.sweep(ctx, now)
	return done, err == nil && (st.Sweep != nil || len(st.Again) > 0), err
}

// news exports what happened to some.
func (x *Export) news(ctx context.Context, now time.Time, open bool, happened happenings) error {
	if !open {
		return x.sitePages(ctx, false, false)
	}
	numbers := slices.Sorted(maps.Keys(happened.members))
	places, err := x.members(ctx, numbers, "")
	if err != nil {
		return err
	}
	if err := x.catchUp(ctx); err != nil || !x.state.Whole {
		return err // until everyone is there once, nothing leads to those who are
	}
	if err := x.notices(ctx, happened.notices, now, false); err != nil {
		return err
	}
	if err := x.lists(ctx, places, x.state.Again); err != nil {
		return err
	}
	return x.sitePages(ctx, true, false)
}

// membersAtStep is how many members one step of a sweep does: what happens meanwhile waits that long.
const membersAtStep = 2 * membersAtOnce

// sweep does the next members of what concerns everyone.
func (x *Export) sweep(ctx context.Context, now time.Time) (int64, error) {
	st := x.state
	before := x.Record.Position()
	numbers, err := x.Register.Numbers(ctx, st.Sweep.After, membersAtStep)
	if err != nil {
		return 0, err
	}
	places, err := x.members(ctx, numbers, st.Sweep.What)
	if err != nil {
		return 0, err
	}
	if st.Whole {
		if err := x.lists(ctx, places, nil); err != nil {
			return 0, err
		}
	}
	if len(numbers) == membersAtStep {
		st.Sweep.After = numbers[len(numbers)-1]
	} else if err := x.finish(ctx, now); err != nil {
		return 0, err
	}
	if x.Record.Position() != before {
		st.Again = append(st.Again, x.listed...)
		slices.Sort(st.Again)
		st.Again = slices.Compact(st.Again)
	}
	x.listed = nil
	return int64(len(numbers)), x.save(ctx)
}

// finish ends a sweep.
func (x *Export) finish(ctx context.Context, now time.Time) error {
	st := x.state
	if err := x.catchUp(ctx); err != nil {
		return err
	}
	if st.Sweep.What == anew {
		if err := x.notices(ctx, nil, now, true); err != nil {
			return err
		}
		all := lists{}
		if _, err := x.readJSON(ctx, listsFile, &all); err != nil {
			return err
		}
		if err := x.lists(ctx, nil, all.names()); err != nil {
			return err
		}
	}
	if err := x.sitePages(ctx, true, true); err != nil {
		return err
	}
	st.Whole, st.Sweep = true, nil
	return nil
}

// looks returns a hash of what all pages have in common.
func (x *Export) looks(ctx context.Context) (string, error) {
	o, _, err := x.page(ctx, "/"+missingPage, missingPage, ui.Static{})
	if err != nil {
		return "", err
	}
	if info, ok := debug.ReadBuildInfo(); ok { // of a program that was built anew, templates may differ
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				o.kind += s.Value
			}
		}
	}
	return hashOf(o), nil
}
