package record

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"shingle/internal/act"
)

// indexes are what is kept beside the events: whom each concerns and who holds what, which every standing is
// computed from; which kinds there are, and how far each series has come. All of it follows from the events.
type indexes struct {
	catalogue *act.Catalogue
	subjects  tally
	claims    map[act.Claim]string
	kinds     map[string]bool  // and whether their events can claim
	series    map[string]int64 // the largest number of each
}

func newIndexes(c *act.Catalogue) *indexes {
	return &indexes{catalogue: c, claims: map[act.Claim]string{}, kinds: map[string]bool{}, series: map[string]int64{}}
}

// tally stands for a set of pairs, in whatever order they come: the sum of their hashes.
type tally [4]uint64

func (t *tally) add(subject string, position int64) {
	h := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(subject), uint64(position)))
	for i := range t {
		t[i] += binary.BigEndian.Uint64(h[8*i:])
	}
}

// take adds what follows from one event.
func (x *indexes) take(w row) error {
	subjects, err := w.subjectList()
	if err != nil {
		return err
	}
	for _, s := range subjects {
		x.subjects.add(s, w.position)
	}
	if w.version == 1 {
		x.count(w.stream)
	}
	claims, known := x.kinds[w.kind]
	if !known {
		v, ok := x.catalogue.NewEvent(w.kind)
		if !ok {
			return fmt.Errorf("%w: position %d is of the kind %q", ErrNewerSchema, w.position, w.kind)
		}
		claims = v.Type().Elem().Implements(reflect.TypeFor[act.Claiming]())
		x.kinds[w.kind] = claims
	}
	if !claims {
		return nil
	}
	v, _ := x.catalogue.NewEvent(w.kind)
	if err := json.Unmarshal([]byte(w.payload), v.Interface()); err != nil {
		return &Tampered{Position: w.position, Stream: w.stream, What: "the event cannot be read"}
	}
	for _, c := range v.Elem().Interface().(act.Claiming).Claims() {
		key := act.Claim{Kind: c.Kind, Key: c.Key}
		if delete(x.claims, key); !c.Release {
			x.claims[key] = w.stream
		}
	}
	return nil
}

// count notes the number at the end of a stream's name: the series goes on behind the largest.
func (x *indexes) count(stream string) {
	before := strings.TrimRight(stream, "0123456789")
	if n, err := strconv.ParseInt(stream[len(before):], 10, 64); err == nil {
		series := strings.TrimSuffix(before, "/") // as [act.Stream.Name] writes the series ""
		x.series[series] = max(x.series[series], n)
	}
}

func (w *row) subjectList() (subjects []string, err error) {
	if json.Unmarshal([]byte(w.subjects), &subjects) != nil {
		err = &Tampered{Position: w.position, Stream: w.stream, What: "its subjects cannot be read"}
	}
	return subjects, err
}

// compare names the first thing by which the stored indexes differ from what the events say, as a
// [*Tampered].
func (x *indexes) compare(ctx context.Context, q querier, head int64) error {
	var stored tally
	err := eachPair(ctx, q, func(subject string, position int) { stored.add(subject, int64(position)) }, "SELECT subject, position FROM subject")
	if err != nil {
		return err
	}
	if stored != x.subjects {
		return differingSubject(ctx, q, head)
	}
	for _, compare := range []func(context.Context, querier) error{x.compareClaims, x.compareKinds, x.compareSeries} {
		if err := compare(ctx, q); err != nil {
			return err
		}
	}
	return compareRequests(ctx, q)
}

func (x *indexes) compareClaims(ctx context.Context, q querier) error {
	held, err := storedClaims(ctx, q)
	if err != nil || maps.Equal(held, x.claims) {
		return err
	}
	for c, stream := range held {
		if x.claims[c] != stream {
			return &Tampered{What: fmt.Sprintf("the %s %s is held by %s; by the record it is %q", c.Kind, c.Key, stream, x.claims[c])}
		}
	}
	for c, stream := range x.claims {
		if held[c] == "" {
			return &Tampered{What: fmt.Sprintf("the %s %s is held by nobody; by the record it is %q", c.Kind, c.Key, stream)}
		}
	}
	return nil
}

func (x *indexes) compareKinds(ctx context.Context, q querier) error {
	stored := map[string]bool{}
	err := eachPair(ctx, q, func(kind string, _ int) { stored[kind] = true }, "SELECT name, 0 FROM kind")
	if err != nil {
		return err
	}
	for _, kind := range slices.Sorted(maps.Keys(x.kinds)) {
		if !stored[kind] {
			return &Tampered{What: fmt.Sprintf("the list of kinds lacks %s, of which there are events", kind)}
		}
		delete(stored, kind)
	}
	for kind := range stored {
		return &Tampered{What: fmt.Sprintf("the list of kinds has %s, of which there is no event", kind)}
	}
	return nil
}

// compareSeries finds series that have come too far. One that lags behind is no fault: numbers are also given by
// hand, as in a roster, and none is given twice.
func (x *indexes) compareSeries(ctx context.Context, q querier) (err error) {
	ahead := eachPair(ctx, q, func(name string, last int64) {
		if err == nil && (last < 0 || last > x.series[name]) {
			err = &Tampered{What: fmt.Sprintf("the series %s has come to %d; by the record it is at %d", name, last, x.series[name])}
		}
	}, "SELECT name, last FROM series ORDER BY name")
	return errors.Join(ahead, err)
}

// compareRequests compares what repeated requests are answered with: the events of one act, and whose it was.
func compareRequests(ctx context.Context, q querier) (err error) {
	wrong := eachPair(ctx, q, func(_ string, first int64) {
		if err == nil {
			err = &Tampered{Position: first, What: "what is kept as the answer to a repeated request is not what that request did"}
		}
	}, `SELECT r.stream, r.first FROM request r LEFT JOIN event a ON a.position = r.first LEFT JOIN event z ON z.position = r.last
		WHERE r.last < r.first - 1 OR r.last >= r.first AND (a.position IS NULL OR z.position IS NULL
			OR a.stream <> r.stream OR a.actor <> r.actor OR z.actor <> r.actor OR a.recorded <> z.recorded)
		ORDER BY r.first LIMIT 1`)
	return errors.Join(wrong, err)
}

func storedClaims(ctx context.Context, q querier) (held map[act.Claim]string, err error) {
	held = map[act.Claim]string{}
	rows, err := q.Query(ctx, "SELECT kind, name, stream FROM claim")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var c act.Claim
		var stream string
		if err := rows.Scan(&c.Kind, &c.Key, &stream); err != nil {
			return nil, err
		}
		held[c] = stream
	}
	return held, rows.Err()
}

// differingSubject looks for the row that is missing or should not be: slowly, since there is one.
func differingSubject(ctx context.Context, q querier, head int64) error {
	stored := map[int64][]string{}
	err := eachPair(ctx, q, func(subject string, position int) { stored[int64(position)] = append(stored[int64(position)], subject) },
		"SELECT subject, position FROM subject")
	if err != nil {
		return err
	}
	for at := int64(0); at < head; {
		err := eachRow(ctx, q, at, 5000, func(w row) error {
			at = w.position
			subjects, err := w.subjectList()
			if err != nil {
				return err
			}
			for _, s := range subjects {
				if !slices.Contains(stored[w.position], s) {
					return &Tampered{Position: w.position, Stream: w.stream, What: "the index no longer says that it concerns " + s}
				}
			}
			for _, s := range stored[w.position] {
				if !slices.Contains(subjects, s) {
					return &Tampered{Position: w.position, Stream: w.stream, What: "the index says that it concerns " + s + ", which it does not"}
				}
			}
			delete(stored, w.position)
			return nil
		})
		if err != nil {
			return err
		}
	}
	for position, subjects := range stored {
		return &Tampered{What: fmt.Sprintf("the index says that position %d, which there is not, concerns %s", position, subjects[0])}
	}
	return nil
}

// mendIndexes writes the indexes anew from the events, if they differ.
func (r *Record) mendIndexes(ctx context.Context, tx Tx) error {
	x := newIndexes(r.Catalogue)
	each := func(do func(w row) error) error {
		for at := int64(0); at < r.head.position; {
			n := at
			if err := eachRow(ctx, tx, at, 5000, func(w row) error { n = w.position; return do(w) }); err != nil {
				return err
			}
			if n == at {
				return &Tampered{Position: at + 1, What: "the row is missing"}
			}
			at = n
		}
		return nil
	}
	if err := each(x.take); err != nil {
		return err
	}
	var tampered *Tampered
	if err := x.compare(ctx, tx, r.head.position); !errors.As(err, &tampered) {
		return err
	}
	r.Log.Warn("the indexes differ from the events and are written anew", "first", tampered.Error())
	tx.Exec("DELETE FROM subject")
	for _, table := range []string{"claim", "kind", "series"} {
		tx.Exec("DELETE FROM " + table)
	}
	subjects := Into(tx, "subject", "subject, position", "")
	if err := each(func(w row) error {
		list, err := w.subjectList()
		for _, s := range list {
			subjects.Add(s, w.position)
		}
		return err
	}); err != nil {
		return err
	}
	subjects.Flush()
	x.write(tx)
	return nil
}

// write puts what was taken in, but for whom each event concerns, into empty tables.
func (x *indexes) write(tx Tx) {
	claims := Into(tx, "claim", "kind, name, stream", "")
	for c, stream := range x.claims {
		claims.Add(c.Kind, c.Key, stream)
	}
	claims.Flush()
	kinds := Into(tx, "kind", "name", "")
	for _, kind := range slices.Sorted(maps.Keys(x.kinds)) {
		kinds.Add(kind)
	}
	kinds.Flush()
	series := Into(tx, "series", "name, last", "")
	for name, last := range x.series {
		series.Add(name, last)
	}
	series.Flush()
}
