// Package metrics counts and measures what a body does, for Prometheus.
//
//	m := metrics.New()
//	record.Options{Watch: m.Watch()}             // acts
//	serving.Noted(handler, log, m.Request)       // requests
//	m.Gauge("shingle_log_leaves", "…", read)     // whatever is read when it is asked for
//	m.ServeHTTP                                  // the page that Prometheus reads
//
// A label is a word of ours: the kind of an act, the id of a rule, the pattern of a route. Nothing that
// somebody typed, no name and no number of a member is ever one.
package metrics

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"shingle/internal/act"
	"shingle/internal/record"
)

// Metrics are the metrics of one process. Its methods may be called from many goroutines.
type Metrics struct {
	registry *prometheus.Registry
	page     http.Handler

	acts     *prometheus.CounterVec
	refusals *prometheus.CounterVec
	answered prometheus.Histogram
	batch    prometheus.Histogram
	commit   prometheus.Histogram
	requests *prometheus.HistogramVec
	busy     prometheus.Counter
}

// Bounds of the histograms, in seconds. An act takes about a millisecond where the disk is quick.
var (
	actBounds     = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	requestBounds = []float64{.0005, .001, .0025, .005, .01, .05, .1, .5, 1, 5, 30}
	batchBounds   = []float64{1, 2, 4, 8, 16, 32, 64, 128, 256, 512}
)

// New returns metrics of which nothing has happened yet.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		acts: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "shingle_acts_total",
			Help: "Acts that were answered, by kind and outcome: done, refused (by a rule), rejected (conflict, reused key, unreadable), failed."}, []string{"kind", "outcome"}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "shingle_refusals_total", Help: "Acts that were refused, by rule."}, []string{"rule"}),
		answered: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "shingle_act_seconds", Help: "From asking for an act to its answer.", Buckets: actBounds}),
		batch:    prometheus.NewHistogram(prometheus.HistogramOpts{Name: "shingle_batch_acts", Help: "Acts that one transaction took.", Buckets: batchBounds}),
		commit:   prometheus.NewHistogram(prometheus.HistogramOpts{Name: "shingle_batch_seconds", Help: "From beginning a transaction of acts to its commit.", Buckets: actBounds}),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "shingle_request_seconds",
			Help: "Requests over HTTP, by the pattern of their route and by status.", Buckets: requestBounds}, []string{"route", "status"}),
		busy: prometheus.NewCounter(prometheus.CounterOpts{Name: "shingle_busy_total", Help: "Requests that were refused because too many ran or too many acts waited."}),
	}
	m.registry.MustRegister(m.acts, m.refusals, m.answered, m.batch, m.commit, m.requests, m.busy,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.page = promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
	return m
}

// ServeHTTP shows all metrics. Who may see them is for others to say.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	m.page.ServeHTTP(w, r)
}

// Watch returns what counts the record's acts.
func (m *Metrics) Watch() record.Watch {
	return record.Watch{Act: m.act, Batch: func(acts int, took time.Duration) {
		m.batch.Observe(float64(acts))
		m.commit.Observe(took.Seconds())
	}}
}

func (m *Metrics) act(kind string, took time.Duration, err error) {
	outcome := "failed"
	refusal, refused := act.Refused(err)
	var unreadable *act.BadField
	switch {
	case err == nil:
		outcome = "done"
	case refused:
		outcome = "refused"
		m.refusals.WithLabelValues(refusal.Rule.ID).Inc()
	case errors.Is(err, record.ErrConflict), errors.Is(err, record.ErrKeyReused), errors.Is(err, record.ErrUnknownAct),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.As(err, &unreadable):
		outcome = "rejected"
	}
	m.acts.WithLabelValues(kind, outcome).Inc()
	m.answered.Observe(took.Seconds())
}

// Request notes a request: route is a pattern such as "GET /register/{number}".
func (m *Metrics) Request(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

// Busy notes that a request was refused for want of room.
func (m *Metrics) Busy() { m.busy.Inc() }

// Gauge adds a metric that is read when it is asked for. read returns false for "not known now".
func (m *Metrics) Gauge(name, help string, read func() (float64, bool)) {
	m.registry.MustRegister(&gauge{prometheus.NewDesc(name, help, nil, nil), read})
}

// Each adds a metric with a value for each word of a label.
func (m *Metrics) Each(name, help, label string, read func() map[string]float64) {
	m.registry.MustRegister(&each{prometheus.NewDesc(name, help, []string{label}, nil), read})
}

type gauge struct {
	desc *prometheus.Desc
	read func() (float64, bool)
}

// Describe implements [prometheus.Collector].
func (g *gauge) Describe(to chan<- *prometheus.Desc) { to <- g.desc }

// Collect implements [prometheus.Collector].
func (g *gauge) Collect(to chan<- prometheus.Metric) {
	if v, ok := g.read(); ok {
		to <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, v)
	}
}

type each struct {
	desc *prometheus.Desc
	read func() map[string]float64
}

// Describe implements [prometheus.Collector].
func (e *each) Describe(to chan<- *prometheus.Desc) { to <- e.desc }

// Collect implements [prometheus.Collector].
func (e *each) Collect(to chan<- prometheus.Metric) {
	for word, v := range e.read() {
		to <- prometheus.MustNewConstMetric(e.desc, prometheus.GaugeValue, v, word)
	}
}
