package recordtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"shingle/internal/act"
	"shingle/internal/record"
)

// The suite's own little domain: boxes that hold things. A thing has a tag that no two boxes may carry,
// and each box that is filled leaves a line in the ledger, by a reaction.

// Put puts a thing into a box.
type Put struct {
	Box   string       `json:"box"`
	Thing string       `json:"thing"`
	Tag   string       `json:"tag,omitempty"`
	From  time.Time    `json:"from,omitzero"`
	By    act.Personal `json:"by,omitzero"`
	Why   act.Private  `json:"why,omitzero"`
}

// PutIn says that a thing was put in.
type PutIn struct {
	Thing string       `json:"thing"`
	Tag   string       `json:"tag,omitempty"`
	From  time.Time    `json:"from,omitzero"`
	By    act.Personal `json:"by,omitzero"`
	Why   act.Private  `json:"why,omitzero"`
}

// TakesEffect implements [act.Effective].
func (p PutIn) TakesEffect() time.Time { return p.From }

// Concerns implements [act.Concerning].
func (p PutIn) Concerns() []string { return []string{"thing/" + p.Thing} }

// Claims implements [act.Claiming].
func (p PutIn) Claims() []act.Claim {
	if p.Tag == "" {
		return nil
	}
	return []act.Claim{{Kind: "tag", Key: p.Tag}}
}

// Untag gives a tag up.
type Untag struct {
	Box string `json:"box"`
	Tag string `json:"tag"`
}

// Untagged says that a tag was given up.
type Untagged struct {
	Tag string `json:"tag"`
}

// Claims implements [act.Claiming].
func (u Untagged) Claims() []act.Claim {
	return []act.Claim{{Kind: "tag", Key: u.Tag, Release: true}}
}

// Note writes a line into the ledger of the year; only the system does.
type Note struct {
	Text string `json:"text"`
}

// Noted is a line of the ledger.
type Noted struct {
	Text string `json:"text"`
}

type box struct{ things []string }

var (
	tagTaken = act.Rule{ID: "TEST-01", Cites: "recordtest", Text: "No two boxes carry one tag.", Cure: "Choose another tag."}
	noBombs  = act.Rule{ID: "TEST-02", Cites: "recordtest", Text: "Bombs are not noted.", Cure: "Put in something else."}
)

type tagFacts struct{ holder string }

func warehouse() *act.Catalogue {
	boxes := act.NewStream("box", func(b box, e act.Event) box {
		if p, ok := e.(PutIn); ok {
			b.things = append(slices.Clip(b.things), p.Thing)
		}
		return b
	}, act.EventOf[PutIn]("box.put-in"), act.EventOf[Untagged]("box.untagged"))
	ledger := act.NewStream("ledger", func(n int, _ act.Event) int { return n + 1 }, act.EventOf[Noted]("ledger.noted"))

	put := act.Define(boxes, "box.put", "Put a thing into a box.",
		func(c Put, _ act.Meta) act.Target { return act.To(c.Box) },
		func(b box, f tagFacts, c Put, m act.Meta) ([]act.Event, error) {
			if f.holder != "" && f.holder != "box/"+c.Box {
				return nil, tagTaken.Refuse("%s is on %s", c.Tag, f.holder)
			}
			if c.Thing == "panic" {
				panic("as asked")
			}
			if slices.Contains(b.things, c.Thing) {
				return nil, nil
			}
			return []act.Event{PutIn{c.Thing, c.Tag, c.From, c.By.OwnedBy("person/1"), c.Why.OwnedBy("case/1")}}, nil
		})
	untag := act.Define(boxes, "box.untag", "Take a tag off a box.",
		func(c Untag, _ act.Meta) act.Target { return act.To(c.Box) },
		func(_ box, _ act.None, c Untag, _ act.Meta) ([]act.Event, error) {
			return []act.Event{Untagged{c.Tag}}, nil
		})
	note := act.Define(ledger, "ledger.note", "Write a line.",
		func(_ Note, m act.Meta) act.Target { return act.NextOf(fmt.Sprint(m.At.Year(), "-")) },
		func(_ int, _ act.None, c Note, _ act.Meta) ([]act.Event, error) {
			if strings.Contains(c.Text, "bomb") {
				return nil, noBombs.Refuse("%s", c.Text)
			}
			if c.Text == "nothing" {
				return nil, nil
			}
			return []act.Event{Noted(c)}, nil
		})
	return act.NewCatalogue(
		[]act.Domain{{Streams: []*act.Stream{boxes, ledger}, Acts: []*act.Act{put, untag, note}}},
		[]act.Gatherer{act.Gather(func(w act.World, _ string, cmd any, _ act.Meta) tagFacts {
			if p, ok := cmd.(Put); ok && p.Tag != "" {
				return tagFacts{w.Holder("tag", p.Tag)}
			}
			return tagFacts{}
		})},
		[]act.Fold{{Name: "count", Prefix: "thing/", Evolve: func(s any, _ act.Recorded) any {
			n, _ := s.(int)
			return n + 1
		}}},
		[]act.Reaction{{On: "box.put-in", React: func(_ act.World, e act.Recorded) []any {
			thing := e.Event.(PutIn).Thing
			if thing == "quiet" {
				return nil
			}
			return []any{Note{thing + " in " + e.Stream}}
		}}},
	)
}

// shelf is the suite's view: one row for each thing that was put in, with who did it.
type shelf struct {
	settled, done int
	dirty         int
	reloaded      int
}

var shelfTables = fstest.MapFS{
	"sqlite/0001_shelf.sql":   {Data: []byte("-- +goose Up\nCREATE TABLE shelf (position INTEGER PRIMARY KEY, thing TEXT NOT NULL, by_name TEXT NOT NULL, total INTEGER NOT NULL DEFAULT 0);\n-- +goose Down\nDROP TABLE shelf;\n")},
	"postgres/0001_shelf.sql": {Data: []byte("-- +goose Up\nCREATE TABLE shelf (position bigint PRIMARY KEY, thing text NOT NULL, by_name text NOT NULL, total bigint NOT NULL DEFAULT 0);\n-- +goose Down\nDROP TABLE shelf;\n")},
}

func (s *shelf) Name() string { return "shelf" }

func (s *shelf) Project(tx record.Tx, e act.Recorded) error {
	if p, ok := e.Event.(PutIn); ok {
		if p.Thing == "poison" {
			return errors.New("this thing cannot be shown")
		}
		tx.Exec("INSERT INTO shelf (position, thing, by_name) VALUES ($1, $2, $3)", e.Position, p.Thing, p.By.Text())
		s.dirty++
	}
	return nil
}

func (s *shelf) Settle(tx record.Tx, w act.World) error {
	s.settled++
	if s.dirty > 0 {
		n, _ := w.Fold("count", "thing/apple").(int)
		tx.Exec("UPDATE shelf SET total = $1 WHERE thing = 'apple'", n)
	}
	return nil
}

func (s *shelf) Done(bool)                             { s.done++; s.dirty = 0 }
func (s *shelf) Reload(context.Context, *sql.DB) error { s.reloaded++; return nil }
func (s *shelf) Reset(tx record.Tx) bool               { tx.Exec("DELETE FROM shelf"); return true }

// keys seals by base64: enough to see that the record seals before it stores.
type keys struct{ forgotten map[string]bool }

func (k keys) Seal(owner, text string) ([]byte, error) {
	return []byte(base64.StdEncoding.EncodeToString([]byte(owner + "\x00" + text))), nil
}
func (k keys) Sync() error { return nil }
func (k keys) Digest(text []byte) ([]byte, error) {
	sum := sha256.Sum256(append([]byte("keyed"), text...))
	return sum[:], nil
}
func (k keys) Open(owner string, sealed []byte) (string, error) {
	if k.forgotten[owner] {
		return "", act.ErrForgotten
	}
	b, err := base64.StdEncoding.DecodeString(string(sealed))
	_, text, ok := bytes.Cut(b, []byte{0})
	if err != nil || !ok {
		return "", errors.New("not sealed by these keys")
	}
	return string(text), nil
}
