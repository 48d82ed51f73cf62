package office

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/record"
	"shingle/internal/web/ui"
)

// recordPage lists what happened, for those who look over everything.
type recordPage struct {
	ui.Chrome
	Filters recordFilters
	Wrong   *act.BadField // a day that is none; nothing was looked for
	Kinds   []kindGroup
	Rows    []entryRow
	Asked   bool
	Later   bool
	NextURL string
	Reached *ui.Moment // how far a search has looked that found less than a page
	Order   link       // to the other order
	CSV     string
	JSON    string
	Head    int64
}

// kindGroup is the kinds of events about one sort of thing.
type kindGroup struct {
	Prefix string // "member."
	Title  string
	Kinds  []string
}

// recordFilters are what the record is narrowed by, as they stand in the address.
type recordFilters struct{ Subject, Kind, Actor, From, Until, Order, At string }

func recordFiltersOf(r *http.Request) recordFilters {
	v := r.URL.Query()
	get := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	return recordFilters{get("subject"), get("kind"), get("actor"), get("from"), get("until"), get("order"), get("at")}
}

func (f recordFilters) query() string {
	return query("subject", f.Subject, "kind", f.Kind, "actor", f.Actor, "from", f.From, "until", f.Until, "order", f.Order, "at", f.At)
}

// recordLines is how many events a page shows.
const recordLines = 50

// wanted returns what the filters look for. Errors are of type [*act.BadField].
func (o *Office) wanted(r *http.Request, f recordFilters, c ui.Chrome) (w record.Wanted, err error) {
	w = record.Wanted{Subject: f.Subject, Kind: f.Kind, Actor: f.Actor, Forward: f.Order == "oldest"}
	if act.IsMemberNumber(strings.ToUpper(w.Subject)) { // a number alone is a member's
		w.Subject = "member/" + strings.ToUpper(w.Subject)
	}
	ctx, rec := r.Context(), o.Desk.Counter.Record
	for _, day := range []struct {
		name, text string
		to         *int64
	}{{"from", f.From, &w.After}, {"until", f.Until, &w.Before}} {
		if day.text == "" {
			continue
		}
		d, err := act.ParseDate(day.text)
		if err != nil {
			return w, &act.BadField{Field: day.name, Detail: "should be a date such as 2026-03-01"}
		}
		start := d.Start(c.Zone)
		if day.name == "until" {
			start = d.AddDays(1).Start(c.Zone)
		}
		if *day.to, err = rec.LastBefore(ctx, start); err != nil {
			return w, err
		}
	}
	if f.Until != "" {
		w.Before++ // the last of that day is in
	}
	at, err := position(r, "at")
	if err == nil && at > 0 {
		if w.Forward {
			w.After = max(w.After, at)
		} else if w.Before == 0 || at < w.Before {
			w.Before = at
		}
	}
	return w, err
}

func (o *Office) record(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	c.Title = "The record"
	f := recordFiltersOf(r)
	if text, ok := strings.CutPrefix(f.Subject, "#"); ok { // a position
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 {
			http.Redirect(w, r, "/office/record/"+strconv.FormatInt(n, 10), http.StatusSeeOther)
			return nil
		}
	}
	rec := o.Desk.Counter.Record
	p := recordPage{Chrome: c, Filters: f, Kinds: kindGroups(rec.Catalogue.EventKinds()), Later: f.At != "", Head: rec.Position()}
	wanted, err := o.wanted(r, f, c)
	if errors.As(err, &p.Wrong) && (p.Wrong.Field == "from" || p.Wrong.Field == "until") {
		o.Desk.Show(w, r, http.StatusBadRequest, "record", p)
		return nil
	}
	if err != nil {
		return err
	}
	found, err := rec.Search(r.Context(), wanted, recordLines)
	if err != nil {
		return err
	}
	for _, e := range found.Events {
		p.Rows = append(p.Rows, rowOf(e))
	}
	p.Asked = f.Subject+f.Kind+f.Actor+f.From+f.Until != ""
	if found.More {
		next := f
		next.At = strconv.FormatInt(found.Reached, 10)
		p.NextURL = "/office/record" + next.query()
		if len(found.Events) < recordLines {
			m := ui.MomentOf(found.At, c.Zone)
			p.Reached = &m
		}
	}
	f.At = ""
	p.CSV, p.JSON = "/office/record.csv"+f.query(), "/office/record.json"+f.query()
	if f.Order == "oldest" {
		f.Order, p.Order.Label = "", "newest first"
	} else {
		f.Order, p.Order.Label = "oldest", "oldest first"
	}
	p.Order.Href = "/office/record" + f.query()
	o.Desk.Show(w, r, http.StatusOK, "record", p)
	return nil
}

// kindGroups sorts kinds of events by what they are about. Later shapes of a kind are found with the first.
func kindGroups(kinds []string) (groups []kindGroup) {
	for _, kind := range kinds {
		kind, _, _ = strings.Cut(kind, "/")
		prefix, _, _ := strings.Cut(kind, ".")
		i := slices.IndexFunc(groups, func(g kindGroup) bool { return g.Prefix == prefix+"." })
		if i < 0 {
			i = len(groups)
			groups = append(groups, kindGroup{Prefix: prefix + ".", Title: strings.ToUpper(prefix[:1]) + prefix[1:]})
		}
		if !slices.Contains(groups[i].Kinds, kind) {
			groups[i].Kinds = append(groups[i].Kinds, kind)
		}
	}
	return groups
}

// mostOut is how many events one file holds.
const mostOut = 10_000

// each shows up to mostOut events that the filters find, and whether there are more.
func (o *Office) each(r *http.Request, f recordFilters, c ui.Chrome, show func(act.Recorded) error) error {
	w, err := o.wanted(r, f, c)
	if err != nil {
		return err
	}
	for shown := 0; shown < mostOut; {
		found, err := o.Desk.Counter.Record.Search(r.Context(), w, min(500, mostOut-shown))
		if err != nil {
			return err
		}
		for _, e := range found.Events {
			if err := show(e); err != nil {
				return err
			}
			shown++
		}
		if !found.More {
			return nil
		}
		if w.Forward {
			w.After = found.Reached
		} else {
			w.Before = found.Reached
		}
	}
	return nil
}

// out is an event as a file tells it. What is personal or confided is left out.
type out struct {
	Position  int64           `json:"position"`
	Recorded  time.Time       `json:"recorded"`
	Effective time.Time       `json:"effective"`
	Stream    string          `json:"stream"`
	Version   int64           `json:"version"`
	Kind      string          `json:"kind"`
	Actor     string          `json:"actor"`
	Role      string          `json:"role"`
	Subjects  []string        `json:"subjects"`
	Event     json.RawMessage `json:"event"`
}

func outOf(e act.Recorded) (out, error) {
	event, err := act.Fingerprint(e.Event)
	return out{e.Position, e.At, e.Effective, e.Stream, e.Version, e.Kind, e.Actor, e.Role, e.Subjects, event}, err
}

func (o *Office) recordCSV(w http.ResponseWriter, r *http.Request, _ ui.Who, c ui.Chrome) error {
	f := recordFiltersOf(r)
	if _, err := o.wanted(r, f, c); err != nil {
		return err
	}
	file := startCSV(w, "record-"+act.DateIn(c.Now, c.Zone).String())
	defer file.Flush()
	file.row("position", "recorded", "effective", "stream", "version", "kind", "actor", "role", "subjects", "event")
	err := o.each(r, f, c, func(e act.Recorded) error {
		one, err := outOf(e)
		file.row(strconv.FormatInt(one.Position, 10), timeText(one.Recorded), timeText(one.Effective), one.Stream, strconv.FormatInt(one.Version, 10), one.Kind,
			one.Actor, one.Role, strings.Join(one.Subjects, ";"), string(one.Event))
		return err
	})
	if err != nil {
		return o.torn(r, err)
	}
	return nil
}

// recordJSON writes one event on each line.
func (o *Office) recordJSON(w http.ResponseWriter, r *http.Request, _ ui.Who, c ui.Chrome) error {
	f := recordFiltersOf(r)
	if _, err := o.wanted(r, f, c); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/x-ndjson")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="record-`+act.DateIn(c.Now, c.Zone).String()+`.ndjson"`)
	enc := json.NewEncoder(w)
	err := o.each(r, f, c, func(e act.Recorded) error {
		one, err := outOf(e)
		if err == nil {
			err = enc.Encode(one)
		}
		return err
	})
	if err != nil {
		return o.torn(r, err)
	}
	return nil
}
