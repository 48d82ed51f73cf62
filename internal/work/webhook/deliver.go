package webhook

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/riverqueue/river"

	"shingle/internal/act"
	"shingle/internal/outbound"
	"shingle/internal/work"
)

// Deliver is a message to be delivered to an endpoint: a job.
type Deliver struct {
	Endpoint string `json:"endpoint"`
	Position int64  `json:"position"`
	Again    string `json:"again,omitempty"` // tells one that somebody asked for anew from the first
}

// Kind implements [river.JobArgs].
func (Deliver) Kind() string { return "webhook" }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (Deliver) InsertOpts() river.InsertOpts { return work.Once(Queue, len(again)+1) }

// Queue is the queue of messages.
const Queue = "webhook"

// again is how long a message waits after each try that failed: three days in all, as the spec proposes.
var again = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// stale is how old an event may be to be told; Kept is how long it is kept what came of a message.
const stale, Kept = 4 * 24 * time.Hour, 30 * 24 * time.Hour

// AddTo lets workers deliver messages.
func (h *Hooks) AddTo(workers *river.Workers) { river.AddWorker(workers, &worker{h: h}) }

// Follower tells endpoints of what becomes public.
func (h *Hooks) Follower() work.Follower {
	return work.Follower{Name: "webhooks", Horizon: stale, Take: func(ctx context.Context, e act.Recorded) (jobs []work.Job, err error) {
		m, ok := h.About(e)
		if !ok {
			return nil, nil
		}
		if open, err := h.Public(ctx, e.At); err != nil || !open {
			return nil, err
		}
		endpoints, err := h.Endpoints(ctx)
		for _, to := range endpoints {
			if to.Disabled.IsZero() && to.wants(m.Type) && e.Position > to.position {
				jobs = append(jobs, Deliver{Endpoint: to.ID, Position: e.Position})
			}
		}
		return jobs, err
	}}
}

// Round forgets what came of old messages.
func (h *Hooks) Round() work.Round {
	return work.Round{Name: "old deliveries", Every: time.Hour, Take: func(ctx context.Context, tx *sql.Tx, _, _ time.Time) ([]work.Job, error) {
		_, err := tx.ExecContext(ctx, "DELETE FROM work_delivery WHERE last < $1", h.Machine().Add(-Kept).UnixMicro())
		return nil, err
	}}
}

// Resend delivers a message once more, whatever became of it before.
func (h *Hooks) Resend(ctx context.Context, w *work.Work, endpoint string, position int64) error {
	if _, err := h.find(ctx, endpoint); err != nil {
		return err
	}
	if _, _, err := h.message(ctx, position); err != nil {
		return err
	}
	return w.Add(ctx, Deliver{endpoint, position, rand.Text()})
}

type worker struct {
	river.WorkerDefaults[Deliver]
	h *Hooks
}

// Work implements [river.Worker].
func (w *worker) Work(ctx context.Context, j *river.Job[Deliver]) error {
	next := w.NextRetry(j)
	if j.Attempt >= j.MaxAttempts {
		next = time.Time{}
	}
	return w.h.deliver(ctx, j.Args, next)
}

// NextRetry implements [river.Worker].
func (w *worker) NextRetry(j *river.Job[Deliver]) time.Time {
	return w.h.Machine().Add(again[min(max(j.Attempt, 1), len(again))-1])
}

// Timeout implements [river.Worker].
func (*worker) Timeout(*river.Job[Deliver]) time.Duration { return 2 * patience }

// message returns the message that tells of the event at a position, and its body.
func (h *Hooks) message(ctx context.Context, position int64) (m Message, body []byte, err error) {
	events, err := h.Record.Events(ctx, position-1, 1)
	if err != nil {
		return m, nil, err
	}
	if len(events) == 0 || events[0].Position != position {
		return m, nil, ErrNotFound
	}
	m, ok := h.About(events[0])
	if !ok {
		return m, nil, ErrNotFound
	}
	body, err = json.Marshal(m)
	return m, body, err
}

// deliver posts a message. An error means that it is to be tried again, at next, which is zero if it is not; it
// holds nothing of the address.
func (h *Hooks) deliver(ctx context.Context, j Deliver, next time.Time) error {
	to, err := h.find(ctx, j.Endpoint)
	if errors.Is(err, ErrNotFound) {
		return nil // removed meanwhile
	} else if err != nil {
		return err
	}
	m, body, err := h.message(ctx, j.Position)
	if err != nil {
		return err
	}
	d := Delivery{ID: messageID(j), Endpoint: to.ID, Type: m.Type, Position: j.Position, Last: h.Machine().UTC(), State: Retrying}
	if !to.Disabled.IsZero() {
		d.State, d.Says = Failed, "the endpoint is disabled"
		return h.note(ctx, d)
	}
	s, err := h.unseal(to)
	if err != nil {
		return err
	}
	began := time.Now()
	d.Status, d.Says = h.post(ctx, to.URL, d.ID, s, body)
	d.Took = time.Since(began)
	switch {
	case d.Says == "":
		d.State = Delivered
	case next.IsZero():
		d.State = Failed
	default:
		d.Next = next.UTC()
	}
	if err := h.note(ctx, d); err != nil {
		return err
	}
	switch {
	case d.Status == http.StatusGone:
		return h.disable(ctx, to.ID, "it answered that it is gone (410)")
	case d.State == Failed:
		return h.giveUp(ctx, d)
	case d.State == Retrying:
		return errors.New(d.Says)
	}
	return nil
}

// giveUp disables an endpoint that has taken nothing since a message was first tried.
func (h *Hooks) giveUp(ctx context.Context, d Delivery) error {
	var taken int
	err := h.Store.DB().QueryRowContext(ctx, `SELECT count(*) FROM work_delivery WHERE endpoint = $1 AND state = 'delivered'
		AND last >= (SELECT first FROM work_delivery WHERE id = $2)`, d.Endpoint, d.ID).Scan(&taken)
	if err != nil || taken > 0 {
		return err
	}
	if err := h.disable(ctx, d.Endpoint, "it took no message for three days"); !errors.Is(err, ErrNotFound) {
		return err
	}
	return nil
}

func messageID(j Deliver) string {
	return "msg_" + j.Endpoint + "_" + strconv.FormatInt(j.Position, 10)
}

// post posts a body. says is what went wrong, in words of ours: what comes from there is not repeated.
func (h *Hooks) post(ctx context.Context, url, id string, s secrets, body []byte) (status int, says string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, "the address cannot be called"
	}
	s.sign(req.Header, id, h.Machine(), body)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "shingle-webhooks/1")
	resp, err := h.Client.Do(req)
	if err != nil {
		return 0, unreached(err)
	}
	_, _ = io.CopyN(io.Discard, resp.Body, 4<<10) // so that the connection can be used again
	_ = resp.Body.Close()
	switch {
	case resp.StatusCode >= 200 && resp.StatusCode < 300:
		return resp.StatusCode, ""
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return resp.StatusCode, fmt.Sprintf("it answered %d, which leads elsewhere; register the address that it leads to", resp.StatusCode)
	}
	return resp.StatusCode, fmt.Sprintf("it answered %d", resp.StatusCode)
}

func unreached(err error) string {
	var names *net.DNSError
	var certificate *tls.CertificateVerificationError
	var slow net.Error
	switch {
	case errors.Is(err, outbound.ErrRefused):
		return outbound.ErrRefused.Error()
	case errors.As(err, &names):
		return "its name is not found"
	case errors.As(err, &certificate):
		return "its certificate is not valid"
	case errors.As(err, &slow) && slow.Timeout():
		return "it did not answer in time"
	}
	return "it could not be reached, or broke off"
}
