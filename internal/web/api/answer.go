package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/record"
	view "shingle/internal/view/body"
)

// reading is the record as it stands, for the gatherers that flow has for decisions. What concerns the
// one member that is asked about is read once and folded here, beside the record's own memory, which is
// for those whom acts concern.
type reading struct {
	*record.Look
	ctx    context.Context
	record *record.Record

	member string // stream
	state  any
	folds  map[string]any
}

// load folds all that concerns a member and returns the events.
func (w *reading) load(number string) ([]act.Recorded, error) {
	w.member, w.folds = "member/"+number, map[string]any{}
	sort, ok := w.record.Catalogue.StreamOf(w.member)
	if !ok {
		return nil, errors.New("api: the catalogue has no members")
	}
	events, err := w.record.Concerning(w.ctx, w.member, math.MaxInt64)
	w.state = sort.Zero
	for _, e := range events {
		if e.Stream == w.member {
			w.state = sort.Evolve(w.state, e.Event)
		}
		for _, f := range w.record.Catalogue.Folds {
			if strings.HasPrefix(w.member, f.Prefix) {
				w.folds[f.Name] = f.Evolve(w.folds[f.Name], e)
			}
		}
	}
	return events, err
}

// State implements [act.World].
func (w *reading) State(stream string) any {
	if stream == w.member {
		return w.state
	}
	return w.Look.State(stream)
}

// Fold implements [act.World].
func (w *reading) Fold(name, subject string) any {
	if subject == w.member {
		return w.folds[name]
	}
	return w.Look.Fold(name, subject)
}

// subject is a member as it stands in the record: what its answers are made of.
type subject struct {
	number     string
	body       governance.Body
	member     membership.Member
	facts      standing.Facts
	statements []statement // by time
}

// statement is what was said in public, and where.
type statement struct {
	standing.Stated
	position int64
}

// read gathers what answers about a member are made of. It fails with errNoMember for a number that
// nothing is recorded of.
func (a *API) read(ctx context.Context, number string) (*subject, error) {
	if !act.IsMemberNumber(number) {
		return nil, errNoMember
	}
	w := &reading{Look: a.Record.Look(ctx), ctx: ctx, record: a.Record}
	events, err := w.load(number)
	if err != nil {
		return nil, err
	}
	s := &subject{number: number, body: act.StateOf[governance.Body](w, "body"), member: act.StateOf[membership.Member](w, "member/"+number)}
	if s.member.Stage == membership.Unknown {
		return nil, errNoMember
	}
	s.facts = a.Facts(w, number)
	for _, e := range events {
		if stated, ok := e.Event.(standing.Stated); ok && stated.Member == number {
			s.statements = append(s.statements, statement{stated, e.Position})
		}
	}
	return s, w.Err()
}

// Standing returns how a member stood at a time, as known at another. The answer is the member's own;
// the public sees its [standing.Answer.Public]. A number that nothing is recorded of is [view.ErrNotFound].
func (a *API) Standing(ctx context.Context, number string, at, known time.Time) (standing.Answer, error) {
	s, err := a.read(ctx, number)
	if errors.Is(err, errNoMember) {
		return standing.Answer{}, view.ErrNotFound
	} else if err != nil {
		return standing.Answer{}, err
	}
	return standing.Of(s.facts, at, known), nil
}

// open reports whether the public may see the register at now.
func (s *subject) open(now time.Time) bool { return isOpen(s.body, now) }

func isOpen(b governance.Body, now time.Time) bool {
	return !b.GoLive.IsZero() && !now.Before(b.GoLive.Start(b.Location))
}

// stated returns the last statement made up to a time.
func (s *subject) stated(at time.Time) (statement, bool) {
	for _, st := range slices.Backward(s.statements) {
		if !st.At.After(at) {
			return st, true
		}
	}
	return statement{}, false
}

// named returns the member's name and proven domains as they were stated last up to a time or, for the time
// before anything was stated, first.
func (s *subject) named(at time.Time) (name string, domains []string) {
	if st, ok := s.stated(at); ok {
		return st.Name, st.Domains
	}
	if len(s.statements) > 0 {
		return s.statements[0].Name, s.statements[0].Domains
	}
	return s.member.Name, nil
}

// The answer about a standing, in the order in which it is written.
type (
	standingJSON struct {
		Member     memberJSON      `json:"member"`
		Status     standing.Status `json:"status" enum:"good,not-subscribed,conditional,lapsed,withdrawn,withdrawn-under-investigation,suspended,expelled"`
		Kind       *standing.Kind  `json:"kind" nullable:"true" enum:"administrative,interim,disciplinary" doc:"What sort of cause stands behind it; null for good."`
		Since      time.Time       `json:"since" doc:"Since when status and kind have been these."`
		At         time.Time       `json:"at" doc:"When this was so."`
		Known      time.Time       `json:"known" doc:"What was recorded later is left out."`
		Code       *codeItem       `json:"code" doc:"The text of the code last signed; null if none was."`
		Reasons    []reasonJSON    `json:"reasons"`
		NextChange *time.Time      `json:"next_change_at" nullable:"true" doc:"When time alone next changes the status; null if it does not, and while only grace runs."`
		Log        *logJSON        `json:"log" doc:"Where the public log says it; null before the first statement."`
	}
	memberJSON struct {
		Number  string   `json:"number"`
		Name    string   `json:"name"`
		Domains []string `json:"domains" doc:"Those whose control was proven."`
	}
	reasonJSON struct {
		Rule      string     `json:"rule"`
		Provision *string    `json:"provision" nullable:"true"`
		Text      string     `json:"text"`
		Cure      *string    `json:"cure" nullable:"true" doc:"What would cure it."`
		By        *time.Time `json:"by" nullable:"true" doc:"Until when the cure is in time."`
		Evidence  []int64    `json:"evidence" doc:"Positions in the record."`
		Cites     string     `json:"cites" doc:"The parameter of the code behind the rule."`
	}
	logJSON struct {
		Index int64 `json:"index" doc:"Leaf of the last statement about the member."`
		Size  int64 `json:"size" doc:"Leaves in the public log."`
	}
)

// write puts an answer into JSON, without its times and the log's size: its public part, or all of it if it
// is shown as the member's own. leaf is the index of its last statement in the public log, negative if there
// is none.
func (s *subject) write(answer standing.Answer, leaf int64, own bool) (string, error) {
	shown := answer
	if !own {
		shown = answer.Public()
	}
	name, domains := s.named(earlier(answer.At, answer.Known))
	whole := standingJSON{
		Member: memberJSON{s.number, name, orEmpty(domains)}, Status: shown.Status, Kind: orNull(shown.Kind), Since: shown.Since,
		Reasons: []reasonJSON{}, NextChange: orNull(shown.NextChange),
	}
	if c := shown.Code; c != nil {
		whole.Code = &codeItem{c.Version, c.SHA256, c.At}
	}
	for _, r := range shown.Reasons {
		whole.Reasons = append(whole.Reasons, reasonJSON{
			r.Rule, orNull(r.Provision), r.Text, orNull(r.Cure), orNull(r.By), orEmpty(r.Evidence), r.Cites,
		})
	}
	if leaf >= 0 {
		whole.Log = &logJSON{Index: leaf}
	}
	text, err := marshal(whole)
	return string(text), err
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // it is served as JSON and nothing else
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// orNull returns nil for a zero value.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
