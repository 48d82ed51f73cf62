package act

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// EventType is one kind of event as it is written: its name and version never change.
type EventType struct {
	Kind string // e.g. "member.subscribed"; a second shape of the same event is "member.subscribed/2"
	Type reflect.Type
}

// EventOf names the event type E.
func EventOf[E any](kind string) EventType { return EventType{kind, reflect.TypeFor[E]()} }

// Stream is one sort of stream: the events it may hold and how its state follows from them.
type Stream struct {
	Prefix string // "member" for streams "member/0042"
	Events []EventType
	Zero   any
	Evolve func(state any, e Event) any
}

// NewStream declares a sort of stream. evolve returns the state after e; it must not change the state
// it is given (states are shared), so it copies the slices and maps it changes. It ignores events it
// does not know.
func NewStream[S any](prefix string, evolve func(S, Event) S, events ...EventType) *Stream {
	var zero S
	return &Stream{
		Prefix: prefix,
		Events: events,
		Zero:   zero,
		Evolve: func(s any, e Event) any { return evolve(s.(S), e) },
	}
}

// Name returns the full name of the stream with the given id.
func (s *Stream) Name(id string) string {
	if id == "" {
		return s.Prefix
	}
	return s.Prefix + "/" + id
}

// Target says which stream an act is decided on: the one with this ID, or, if New is set, a new one with
// the next number of a series ("A-" gives "A-0001", "A-0002", …; "" gives "0001", …), or of the year.
type Target struct {
	ID     string
	Series string
	New    bool
	Yearly bool // the series is the year's ("2026-0001"), as it is where the body has its office
}

// To names an existing (or not yet begun) stream by its id.
func To(id string) Target { return Target{ID: id} }

// NextOf asks for the next number of a series.
func NextOf(series string) Target { return Target{Series: series, New: true} }

// NextOfYear asks for the next number of the year.
func NextOfYear() Target { return Target{New: true, Yearly: true} }

// None is the facts type of an act that needs to know nothing from elsewhere.
type None struct{}

// Act is one kind of thing that can be asked for.
type Act struct {
	Kind    string // e.g. "member.subscribe"; also its address: POST /acts/member.subscribe
	Does    string // what it does, as a sentence for whoever asks for it
	Stream  *Stream
	Command reflect.Type
	Facts   reflect.Type
	Target  func(cmd any, m Meta) Target
	Decide  func(state, facts, cmd any, m Meta) ([]Event, error)
	Fields  []Field
}

// Define declares an act. target says which stream decides it; decide is the decision: pure, and
// idempotent where it can be (no events and no error is a fine answer: "nothing to do").
func Define[S, F, C any](s *Stream, kind, does string, target func(C, Meta) Target, decide func(S, F, C, Meta) ([]Event, error)) *Act {
	return &Act{
		Kind: kind, Does: does, Stream: s,
		Command: reflect.TypeFor[C](),
		Facts:   reflect.TypeFor[F](),
		Target:  func(cmd any, m Meta) Target { return target(cmd.(C), m) },
		Decide: func(state, facts, cmd any, m Meta) ([]Event, error) {
			return decide(state.(S), facts.(F), cmd.(C), m)
		},
		Fields: fieldsOf(reflect.TypeFor[C]()),
	}
}

// Gatherer fills in one facts type.
type Gatherer struct {
	Facts  reflect.Type
	Gather func(w World, stream string, cmd any, m Meta) any
}

// Gather declares how facts of type F are filled in for a command on a stream. It only looks; it
// decides nothing.
func Gather[F any](f func(w World, stream string, cmd any, m Meta) F) Gatherer {
	return Gatherer{reflect.TypeFor[F](), func(w World, stream string, cmd any, m Meta) any { return f(w, stream, cmd, m) }}
}

// Domain is what one domain package hands to the catalogue.
type Domain struct {
	Streams []*Stream
	Acts    []*Act
}

// Catalogue is everything that can be asked for and everything that can have happened.
type Catalogue struct {
	Acts      []*Act // ordered by kind
	Streams   []*Stream
	Folds     []Fold
	Reactions []Reaction
	// Zone returns the time zone in which years are counted; nil for UTC.
	Zone func(World) *time.Location

	byKind    map[string]*Act
	byCommand map[reflect.Type]*Act
	byPrefix  map[string]*Stream
	events    map[string]reflect.Type
	kinds     map[reflect.Type]string
	gatherers map[reflect.Type]Gatherer
	folds     map[string]Fold
}

// NewCatalogue puts domains, gatherers, folds and reactions together. It panics where they do not fit
// (a name used twice, facts that nobody gathers): that is a mistake in the program, found at start.
func NewCatalogue(domains []Domain, gatherers []Gatherer, folds []Fold, reactions []Reaction) *Catalogue {
	c := &Catalogue{
		Folds: folds, Reactions: reactions,
		byKind: map[string]*Act{}, byCommand: map[reflect.Type]*Act{}, byPrefix: map[string]*Stream{},
		events: map[string]reflect.Type{}, kinds: map[reflect.Type]string{},
		gatherers: map[reflect.Type]Gatherer{}, folds: map[string]Fold{},
	}
	for _, g := range gatherers {
		c.gatherers[g.Facts] = g
	}
	for _, f := range folds {
		c.folds[f.Name] = f
	}
	for _, d := range domains {
		for _, s := range d.Streams {
			once(c.byPrefix, s.Prefix, s)
			c.Streams = append(c.Streams, s)
			for _, e := range s.Events {
				once(c.events, e.Kind, e.Type)
				once(c.kinds, e.Type, e.Kind)
			}
		}
		for _, a := range d.Acts {
			once(c.byKind, a.Kind, a)
			once(c.byCommand, a.Command, a)
			if _, ok := c.gatherers[a.Facts]; !ok && a.Facts != reflect.TypeFor[None]() {
				panic(fmt.Sprintf("act: nobody gathers %v for %s", a.Facts, a.Kind))
			}
			c.Acts = append(c.Acts, a)
		}
	}
	slices.SortFunc(c.Acts, func(a, b *Act) int { return strings.Compare(a.Kind, b.Kind) })
	return c
}

func once[K comparable, V any](m map[K]V, k K, v V) {
	if _, ok := m[k]; ok {
		panic(fmt.Sprintf("act: %v is declared twice", k))
	}
	m[k] = v
}

// Act returns the act of that kind.
func (c *Catalogue) Act(kind string) (*Act, bool) { a, ok := c.byKind[kind]; return a, ok }

// ActFor returns the act that a command asks for.
func (c *Catalogue) ActFor(cmd any) (*Act, bool) {
	a, ok := c.byCommand[reflect.TypeOf(cmd)]
	return a, ok
}

// StreamOf returns the sort of the named stream.
func (c *Catalogue) StreamOf(name string) (*Stream, bool) {
	prefix, _, _ := strings.Cut(name, "/")
	s, ok := c.byPrefix[prefix]
	return s, ok
}

// KindOf returns the name under which e is written.
func (c *Catalogue) KindOf(e Event) (string, bool) {
	k, ok := c.kinds[reflect.TypeOf(e)]
	return k, ok
}

// NewEvent returns a pointer to a zero event of the kind, to decode into.
func (c *Catalogue) NewEvent(kind string) (reflect.Value, bool) {
	t, ok := c.events[kind]
	if !ok {
		return reflect.Value{}, false
	}
	return reflect.New(t), true
}

// EventKinds returns the names of all kinds of events, in order.
func (c *Catalogue) EventKinds() []string {
	var kinds []string
	for k := range c.events {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	return kinds
}

// Series returns the series of which a new stream gets the next number, at a time.
func (c *Catalogue) Series(t Target, w World, at time.Time) string {
	if !t.Yearly {
		return t.Series
	}
	zone := time.UTC
	if c.Zone != nil {
		zone = cmp.Or(c.Zone(w), time.UTC)
	}
	return strconv.Itoa(at.In(zone).Year()) + "-"
}

// Fold returns the fold of that name.
func (c *Catalogue) Fold(name string) (Fold, bool) { f, ok := c.folds[name]; return f, ok }

// FactsFor gathers what the act's decision must know.
func (c *Catalogue) FactsFor(a *Act, w World, stream string, cmd any, m Meta) any {
	if g, ok := c.gatherers[a.Facts]; ok {
		return g.Gather(w, stream, cmd, m)
	}
	return None{}
}
