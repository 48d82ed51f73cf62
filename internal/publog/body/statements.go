// Package body writes the leaves of a professional body's public log: what was recorded about standings,
// texts and notices, as statements that anyone can check (see [shingle/verify]).
package body

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/body/education"
	"shingle/internal/body/governance"
	"shingle/internal/body/standing"
	"shingle/internal/publog"
	"shingle/internal/record"
	"shingle/verify"
)

// Statements turns events into leaves. It implements [record.View], but it cannot be rebuilt: what was
// published is out of the body's hands.
type Statements struct {
	Log *publog.Log

	begun   bool
	waiting []act.Recorded // of this transaction: what leaves will tell of
}

// place is a place in a stream.
type place struct {
	stream  string
	version int64
}

// Name implements [record.View].
func (s *Statements) Name() string { return "log" }

// Reset implements [record.View].
func (s *Statements) Reset(record.Tx) bool { return false }

// Reload implements [record.View].
func (s *Statements) Reload(ctx context.Context, db *sql.DB) error {
	return s.Log.Reload(ctx, db.QueryContext)
}

// Project implements [record.View]. It only takes note, so that what was said before of all whom a
// transaction concerns is asked for at once.
func (s *Statements) Project(_ record.Tx, e act.Recorded) error {
	switch e.Event.(type) {
	case standing.Stated, governance.Adopted, discipline.NoticePublished, discipline.NoticeCorrected, education.SampleCommitted, education.SampleDrawn:
		s.waiting = append(s.waiting, e)
	}
	return nil
}

// Settle implements [record.View].
func (s *Statements) Settle(tx record.Tx, _ act.World) error {
	// A record that a witness knows to be an old one must not grow, also not by what needs no leaf.
	if err := s.Log.Begin(); err != nil {
		return fmt.Errorf("nothing can be recorded: %w", err)
	}
	s.begun = true
	leaves, err := s.leavesBefore(tx)
	if err != nil {
		return err
	}
	for _, e := range s.waiting {
		statement, err := statementOf(e, leaves)
		if err != nil {
			return err
		}
		leaf, err := statement.Canonical()
		if err != nil {
			return fmt.Errorf("no statement can be made of it: %w", err)
		}
		index, err := s.Log.Append(tx, e.Position, leaf)
		if err != nil {
			return err
		}
		leaves[place{e.Stream, e.Version}] = index
	}
	s.Log.Seal(tx)
	return nil
}

// before returns the place of the event whose leaf an event's own leaf names, if it names one.
func before(e act.Recorded) (place, bool) {
	switch ev := e.Event.(type) {
	case standing.Stated:
		return place{e.Stream, e.Version - 1}, e.Version > 1
	case discipline.NoticeCorrected:
		return place{"notice/" + ev.Corrects, 1}, true
	}
	return place{}, false
}

// statementOf returns what an event says in public. leaves holds the index of the leaf that it names.
func statementOf(e act.Recorded, leaves map[place]int64) (verify.Statement, error) {
	var named int64
	at, names := before(e)
	if names {
		var ok bool
		if named, ok = leaves[at]; !ok {
			return nil, fmt.Errorf("what was said of %s before is not in the log: %w", at.stream, publog.ErrDamaged)
		}
	}
	from := verify.Record{Position: e.Position, Chain: hex.EncodeToString(e.Chain[:])}
	switch ev := e.Event.(type) {
	case standing.Stated:
		st := verify.Standing{
			Member: ev.Member, Name: ev.Name, Domains: ev.Domains, Status: string(ev.Status), Kind: string(ev.Kind),
			Since: ev.Since, At: ev.At, Record: from,
		}
		if ev.CodeVersion != "" {
			st.Code = &verify.Code{Version: ev.CodeVersion, SHA256: ev.CodeSHA256}
		}
		if names {
			st.Prev = &named
		}
		return st, nil
	case governance.Adopted:
		return verify.CodeAdopted{
			Version: ev.Version, SHA256: ev.SHA256, Title: ev.Title, Effective: ev.Effective.String(), At: ev.At, Record: from,
		}, nil
	case discipline.NoticePublished:
		return verify.Notice{Notice: ev.ID, Member: ev.Member, SHA256: ev.SHA256, Certificate: ev.Certificate, At: ev.At, Record: from}, nil
	case discipline.NoticeCorrected:
		return verify.Correction{Corrects: named, Member: ev.Member, SHA256: ev.SHA256, At: ev.At, Record: from}, nil
	}
	return audited(e, from)
}

// audited returns what is said of a sample in public: how it was drawn, and never who.
func audited(e act.Recorded, from verify.Record) (verify.Statement, error) {
	switch ev := e.Event.(type) {
	case education.SampleCommitted:
		return verify.AuditCommitted{Audit: ev.Audit, Commitment: ev.Commitment, At: ev.At, Record: from}, nil
	case education.SampleDrawn:
		return verify.AuditDrawn{
			Audit: ev.Audit, Seed: ev.Seed, Rate: int64(ev.Rate), People: int64(ev.People), SHA256: ev.List, Drawn: int64(len(ev.Drawn)), At: ev.At, Record: from,
		}, nil
	}
	return nil, fmt.Errorf("%T says nothing in public", e.Event)
}

// leavesBefore returns the leaves of earlier transactions that the waiting events name.
func (s *Statements) leavesBefore(tx record.Tx) (map[place]int64, error) {
	leaves := make(map[place]int64, len(s.waiting))
	var wanted []any // stream, version, stream, version, …
	for _, e := range s.waiting {
		if at, names := before(e); names {
			wanted = append(wanted, at.stream, at.version)
		}
	}
	const most = 2 * 64
	for ; len(wanted) > 0; wanted = wanted[min(most, len(wanted)):] {
		if err := leavesAt(tx, wanted[:min(most, len(wanted))], leaves); err != nil {
			return nil, err
		}
	}
	return leaves, nil
}

func leavesAt(tx record.Tx, wanted []any, leaves map[place]int64) (err error) {
	// The last is repeated up to a power of two, so that there are few statements to prepare.
	for n := len(wanted); bits.OnesCount(uint(len(wanted))) > 1; {
		wanted = append(slices.Clip(wanted), wanted[n-2:n]...)
	}
	var where strings.Builder
	for i := 1; i < len(wanted); i += 2 {
		if i > 1 {
			where.WriteString(" OR ")
		}
		fmt.Fprintf(&where, "e.stream = $%d AND e.version = $%d", i, i+1)
	}
	rows, err := tx.Before(context.Background(),
		"SELECT e.stream, e.version, l.idx FROM event e JOIN leaf l ON l.position = e.position WHERE "+where.String(), wanted...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var at place
		var index int64
		if err := rows.Scan(&at.stream, &at.version, &index); err != nil {
			return err
		}
		leaves[at] = index
	}
	return rows.Err()
}

// Done implements [record.View].
func (s *Statements) Done(committed bool) {
	if s.begun && committed {
		s.Log.Committed()
	} else if s.begun {
		s.Log.RolledBack()
	}
	s.begun, s.waiting = false, nil
}

// Leaves finds leaves by the events that they tell of.
type Leaves struct{ at *sql.Stmt }

// FindLeaves returns what finds the leaves in a database, until Close.
func FindLeaves(ctx context.Context, db *sql.DB) (Leaves, error) {
	at, err := db.PrepareContext(ctx, "SELECT idx FROM leaf WHERE position = $1") // it is asked for every answer
	return Leaves{at}, err
}

// Close ends the finding.
func (l Leaves) Close() error { return l.at.Close() }

// At returns the index of the leaf that tells of the event at a position of the record.
// It fails with [publog.ErrNotPublic] where there is none.
func (l Leaves) At(ctx context.Context, position int64) (index int64, err error) {
	err = l.at.QueryRowContext(ctx, position).Scan(&index)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, publog.ErrNotPublic
	}
	return index, err
}
