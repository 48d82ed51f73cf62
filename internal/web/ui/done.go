package ui

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

type donePage struct {
	Chrome
	Said     []string
	Position int64
	Root     string
}

// mostSaid bounds how many events are told of one act.
const mostSaid = 50

// Said says what the act recorded that a query names ("done" and "of", as [Desk.Ask] sends them along), if it
// was the reader who asked for it; ok is false for anybody else's and for none. So a page can tell what has just
// happened, and nothing is kept for it.
func (d *Desk) Said(r *http.Request, who Who) (said []string, position int64, ok bool, err error) {
	query := r.URL.Query()
	position, bad := strconv.ParseInt(query.Get("done"), 10, 64)
	of, worse := strconv.Atoi(query.Get("of"))
	switch {
	case bad != nil || worse != nil || position < 0 || of < 0:
		return nil, 0, false, nil
	case position == 0:
		return []string{"It was so already: nothing had to be recorded."}, 0, of == 0, nil
	}
	// Another node may have recorded it, and this one not have seen it yet.
	waiting, stop := context.WithTimeout(r.Context(), time.Second)
	defer stop()
	_ = d.Counter.Record.Wait(waiting, position-1) // what is not there after that, is not there
	events, err := d.Counter.Record.Events(r.Context(), position-1, max(1, min(of, mostSaid)))
	if err != nil {
		return nil, 0, false, err
	}
	for _, e := range events {
		if e.Actor != who.Actor {
			return nil, 0, false, nil
		}
	}
	if d.Words == nil {
		return happenings(events), position, len(events) > 0, nil
	}
	said, err = d.Words(r.Context(), who, events)
	return said, position, len(events) > 0, err
}

func (d *Desk) done(w http.ResponseWriter, r *http.Request, who Who, c Chrome) error {
	said, position, ok, err := d.Said(r, who)
	switch {
	case err != nil:
		return err
	case !ok:
		return d.NotFound(w, r, c)
	}
	c.Title = "Recorded"
	if position == 0 {
		c.Title = "Nothing had to be changed"
	}
	d.pages.Show(w, r, http.StatusOK, "done", donePage{c, said, position, d.Root})
	return nil
}
