package local

import (
	"context"
	"io"
	"net/http"
	"time"

	"shingle/internal/backup"
	"shingle/internal/web/ui"
)

// Backups backs up what is behind the door.
type Backups interface {
	// Stream writes a whole backup; what stops it is told in the stream too.
	Stream(ctx context.Context, w io.Writer) error
	// Into adds to the backups in a folder or bucket.
	Into(ctx context.Context, to string, keep time.Duration, progress backup.Progress) (backup.Done, error)
	// Status tells of the schedule, and of keys that no backup holds.
	Status(ctx context.Context) (any, error)
}

func (d *Door) backup(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/x-tar")
	_ = d.Backups.Stream(r.Context(), w) // what stops it is told in the stream
}

func (d *Door) backupInto(w http.ResponseWriter, r *http.Request) {
	var keep time.Duration
	if text := r.URL.Query().Get("keep"); text != "" {
		var err error
		if keep, err = time.ParseDuration(text); err != nil {
			ui.BadRequest("The time to keep backups for cannot be read.").WriteJSON(w)
			return
		}
	}
	out := newLines(w)
	done, err := d.Backups.Into(r.Context(), r.URL.Query().Get("to"), keep, func(rows, _ int64) { out.progress(rows, 0) })
	if err != nil { // it is the place for backups that is at fault, and the operator is told: nothing for the log
		out.say(errorLine{err.Error(), nil})
		return
	}
	out.say(resultLine{done})
}

func (d *Door) backupStatus(w http.ResponseWriter, r *http.Request) {
	status, err := d.Backups.Status(r.Context())
	if err != nil {
		d.fail(w, err)
		return
	}
	d.write(w, status)
}
