package record

import "time"

// Watch is told what the record does, for whoever counts and measures. Its functions are called from the
// appender, so they return at once; nil ones are not called.
type Watch struct {
	// Act says that an act was answered: its kind ("" if there is no such act), how long after it was asked
	// for, and what it was answered with.
	Act func(kind string, took time.Duration, err error)
	// Batch says that a transaction was committed for a number of acts, and how long that took.
	Batch func(acts int, took time.Duration)
}

// Queue returns how many acts wait for the appender to take them up, and how many can.
func (r *Record) Queue() (waiting, most int) { return len(r.requests), cap(r.requests) }

// answer hands a request its outcome.
func (r *Record) answer(q *request, o outcome) {
	q.done <- o
	if r.Watch.Act == nil {
		return
	}
	kind := ""
	if a, ok := r.Catalogue.ActFor(q.Command); ok {
		kind = a.Kind
	}
	r.Watch.Act(kind, time.Since(q.asked), o.err)
}
