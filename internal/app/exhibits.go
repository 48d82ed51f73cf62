package app

import (
	"time"

	"shingle/internal/web/casefile"
)

// files are the papers of the body's cases. What was uploaded and not handed in is swept while the body is served.
func (b *Body) files(logKey string) *casefile.Files {
	f := &casefile.Files{Record: b.Record, Objects: b.Objects, Log: b.Log, LeafAt: b.leaves.At, Body: b.body, Now: b.now, LogKey: logKey}
	b.regularly(time.Hour, "uploads that nobody handed in are still there", f.Sweep)
	return f
}
