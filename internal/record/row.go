package record

import (
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"time"

	"shingle/internal/act"
)

// row is an event as it is stored.
type row struct {
	position, version   int64
	stream, kind        string
	recorded, effective int64 // µs
	actor, role         string
	subjects, payload   string // JSON
	chain               []byte
}

const rowColumns = "e.position, e.stream, e.version, e.kind, e.recorded, e.effective, e.actor, e.role, e.subjects, e.payload, e.chain"

func scanRow(rows *sql.Rows) (w row, err error) {
	err = rows.Scan(w.columns()...)
	return w, err
}

// columns returns where the values of rowColumns go.
func (w *row) columns() []any {
	return []any{&w.position, &w.stream, &w.version, &w.kind, &w.recorded, &w.effective, &w.actor, &w.role, &w.subjects, &w.payload, &w.chain}
}

// link returns the chain at this row: SHA-256 over the chain before it and the row in its canonical form,
// which is every column in the order of rowColumns, numbers as 8 bytes big endian, texts with their
// length before them as 8 bytes big endian.
func (w *row) link(before [32]byte) [32]byte {
	b := make([]byte, 0, 256+len(w.payload))
	b = append(b, before[:]...)
	number := func(n int64) { b = binary.BigEndian.AppendUint64(b, uint64(n)) }
	text := func(s string) { number(int64(len(s))); b = append(b, s...) }
	number(w.position)
	text(w.stream)
	number(w.version)
	text(w.kind)
	number(w.recorded)
	number(w.effective)
	text(w.actor)
	text(w.role)
	text(w.subjects)
	text(w.payload)
	return sha256.Sum256(b)
}

// encode makes the row of a recorded event whose private values are sealed.
func encode(e act.Recorded) (row, error) {
	payload, err := json.Marshal(e.Event)
	if err != nil {
		return row{}, fmt.Errorf("%s cannot be written: %w", e.Kind, err)
	}
	subjects, err := json.Marshal(e.Subjects)
	if err != nil {
		return row{}, err
	}
	return row{
		position: e.Position, version: e.Version, stream: e.Stream, kind: e.Kind,
		recorded: e.At.UnixMicro(), effective: e.Effective.UnixMicro(),
		actor: e.Actor, role: e.Role, subjects: string(subjects), payload: string(payload),
	}, nil
}

// decode reads a row back. Private values stay sealed.
func (r *Record) decode(w row) (act.Recorded, error) {
	v, ok := r.Catalogue.NewEvent(w.kind)
	if !ok {
		return act.Recorded{}, fmt.Errorf("record: position %d holds an event of the unknown kind %q: %w", w.position, w.kind, ErrNewerSchema)
	}
	if err := json.Unmarshal([]byte(w.payload), v.Interface()); err != nil {
		return act.Recorded{}, fmt.Errorf("record: position %d (%s) cannot be read: %w", w.position, w.kind, err)
	}
	e := act.Recorded{
		Position: w.position, Stream: w.stream, Version: w.version, Kind: w.kind,
		At: time.UnixMicro(w.recorded).UTC(), Effective: time.UnixMicro(w.effective).UTC(),
		Actor: w.actor, Role: w.role, Event: v.Elem().Interface(),
	}
	if err := json.Unmarshal([]byte(w.subjects), &e.Subjects); err != nil {
		return act.Recorded{}, fmt.Errorf("record: position %d has unreadable subjects: %w", w.position, err)
	}
	copy(e.Chain[:], w.chain)
	return e, nil
}

// secretive remembers, per event type, whether it can hold private values.
var secretive sync.Map // reflect.Type → bool

func hasSecrets(e act.Event) bool {
	t := reflect.TypeOf(e)
	if v, ok := secretive.Load(t); ok {
		return v.(bool)
	}
	has := act.HasSecrets(e)
	secretive.Store(t, has)
	return has
}

// seal returns the event with its private values sealed.
func (r *Record) seal(e act.Event) (act.Event, error) {
	if !hasSecrets(e) {
		return e, nil
	}
	return act.Seal(e, r.Keys)
}

// open returns the event as projections may see it: personal values readable.
func (r *Record) open(e act.Recorded) (act.Recorded, error) {
	if !hasSecrets(e.Event) {
		return e, nil
	}
	var err error
	e.Event, err = act.OpenPersonal(e.Event, r.Keys)
	return e, err
}
