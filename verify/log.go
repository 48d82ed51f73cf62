package verify

import (
	"context"
	"fmt"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"
)

// Report is what reading a whole log showed.
type Report struct {
	Origin    string         // the log's name
	Size      int64          // leaves in the signed checkpoint
	Root      string         // root hash of the signed checkpoint, base64
	Types     map[string]int // how many statements there are of each type
	Members   int            // members about whom there is a statement of standing
	Latest    time.Time      // when the last statement was recorded
	Witnesses []string       // witnesses that cosigned the checkpoint, of those whose keys were given
	Misfits   []Misfit       // everything that does not fit, in the order of the log
}

// Good reports whether everything fits.
func (r Report) Good() bool { return len(r.Misfits) == 0 }

// String says in words what was found.
func (r Report) String() string {
	if r.Good() {
		return fmt.Sprintf("Proven: the log %s of %d leaves leads to its signed root %s; the statements about all %d members follow on one another.",
			r.Origin, r.Size, r.Root, r.Members)
	}
	return fmt.Sprintf("Not proven: in the log %s of %d leaves, %d things do not fit. The first: %s", r.Origin, r.Size, len(r.Misfits), r.Misfits[0])
}

// Misfit is something in a log that does not fit.
type Misfit struct {
	Index int64 // of the leaf; -1 where it is no single leaf
	What  string
}

func (m Misfit) String() string {
	if m.Index < 0 {
		return m.What
	}
	return fmt.Sprintf("leaf %d: %s", m.Index, m.What)
}

// CheckLog reads a whole log: its signed checkpoint, all entries and all tiles. It computes the root
// from the entries and compares; it checks that every leaf is a well-formed statement, that every
// standing names the one before it about the same member, that times and positions in the record do not
// run back and that no code version has two texts. What does not fit is listed in the report. An error means that the log could
// not be read to its end, or that its checkpoint does not verify; the report is then worth nothing.
func CheckLog(ctx context.Context, source Source, keys Keys) (Report, error) {
	c, witnesses, err := readCheckpoint(ctx, source, keys)
	if err != nil {
		return Report{}, err
	}
	check := logCheck{
		report:   Report{Origin: c.Origin, Size: c.N, Root: c.Hash.String(), Types: map[string]int{}, Witnesses: witnesses},
		standing: map[string]int64{}, codes: map[string]string{}, audits: map[string]string{},
	}
	src := tiles{source}
	tree := &tileTree{check: func(tile tlog.Tile, want []tlog.Hash) error { return check.compareTile(ctx, src, tile, want) }}
	for start := int64(0); start < c.N; start += torchwood.TileWidth {
		bundle := tlog.Tile{H: torchwood.TileHeight, L: -1, N: start / torchwood.TileWidth, W: int(min(torchwood.TileWidth, c.N-start))}
		data, err := src.tile(ctx, bundle)
		if err != nil {
			return Report{}, fmt.Errorf("%w: the entries from leaf %d on: %v", ErrUnreadable, start, err)
		}
		for i := range int64(bundle.W) {
			entry, rest, err := torchwood.ReadTileEntry(data)
			if err != nil {
				return Report{}, fmt.Errorf("%w: leaf %d: %v", ErrUnreadable, start+i, err)
			}
			data = rest
			check.statement(start+i, entry)
			if err := tree.add(tlog.RecordHash(entry)); err != nil {
				return Report{}, err
			}
		}
		if len(data) > 0 {
			check.misfit(start+int64(bundle.W)-1, "%d more bytes follow in %s", len(data), torchwood.TilePath(bundle))
		}
	}
	if err := tree.finish(); err != nil {
		return Report{}, err
	}
	if root := tree.root(); root != c.Hash {
		check.misfit(-1, "the entries lead to the root %s, the checkpoint for %d leaves was signed for %s", root, c.N, c.Hash)
	}
	check.report.Members = len(check.standing)
	return check.report, nil
}

// CheckConsistency checks that the log still holds all that an older checkpoint promised, in the same
// order: that nothing was changed, removed or slipped in since. An older log is [ErrRolledBack], a
// rewritten one [ErrForked].
func CheckConsistency(ctx context.Context, source Source, keys Keys, older []byte) error {
	ring, err := keys.open()
	if err != nil {
		return err
	}
	old, _, _, err := ring.checkpoint(older)
	if err != nil {
		return fmt.Errorf("the older one: %w", err)
	}
	now, _, err := readCheckpoint(ctx, source, keys)
	if err != nil {
		return err
	}
	if now.N < old.N {
		return fmt.Errorf("%w: it has %d leaves, the older checkpoint %d", ErrRolledBack, now.N, old.N)
	}
	if now.N == old.N || old.N == 0 {
		if now.N == old.N && now.Hash != old.Hash {
			return fmt.Errorf("%w: two checkpoints of %d leaves have different roots", ErrForked, now.N)
		}
		return nil
	}
	reader := torchwood.TileHashReaderWithContext(ctx, now.Tree, tiles{source})
	proof, err := tlog.ProveTree(now.N, old.N, reader)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrUnreadable, err)
	}
	if err := tlog.CheckTree(proof, now.N, now.Hash, old.N, old.Hash); err != nil {
		return fmt.Errorf("%w: its %d leaves do not begin with the %d of the older checkpoint", ErrForked, now.N, old.N)
	}
	return nil
}

func readCheckpoint(ctx context.Context, source Source, keys Keys) (torchwood.Checkpoint, []string, error) {
	ring, err := keys.open()
	if err != nil {
		return torchwood.Checkpoint{}, nil, err
	}
	signed, err := source.ReadFile(ctx, "checkpoint")
	if err != nil {
		return torchwood.Checkpoint{}, nil, fmt.Errorf("%w: the checkpoint: %w", ErrUnreadable, err)
	}
	c, _, witnesses, err := ring.checkpoint(signed)
	return c, witnesses, err
}

// logCheck is the state of reading a log from its first leaf to its last.
type logCheck struct {
	report   Report
	standing map[string]int64  // index of the last standing of each member
	codes    map[string]string // hash of each adopted version
	audits   map[string]string // commitment of each sample
	position int64             // of the last statement in the record
}

func (c *logCheck) misfit(index int64, format string, args ...any) {
	c.report.Misfits = append(c.report.Misfits, Misfit{index, fmt.Sprintf(format, args...)})
}

func (c *logCheck) statement(index int64, leaf []byte) {
	s, err := ParseStatement(leaf)
	if err != nil {
		c.misfit(index, "%v", err)
		return
	}
	c.report.Types[s.Type()]++
	if s.When().Before(c.report.Latest) {
		c.misfit(index, "it was recorded at %s, before the leaf in front of it (%s)", formatTime(s.When()), formatTime(c.report.Latest))
	} else {
		c.report.Latest = s.When()
	}
	if p := s.From().Position; p < c.position {
		c.misfit(index, "it comes from position %d of the record, the leaf in front of it from %d", p, c.position)
	} else {
		c.position = p
	}
	switch s := s.(type) {
	case Standing:
		c.chain(index, s)
		if s.Code != nil {
			c.code(index, *s.Code)
		}
	case CodeAdopted:
		c.code(index, Code{s.Version, s.SHA256})
	case Correction:
		if s.Corrects >= index {
			c.misfit(index, "it corrects leaf %d, which does not come before it", s.Corrects)
		}
	case AuditCommitted:
		if _, again := c.audits[s.Audit]; again {
			c.misfit(index, "it commits to the sample %s a second time", s.Audit)
			return
		}
		c.audits[s.Audit] = s.Commitment
	case AuditDrawn:
		c.drawn(index, s)
	}
}

func (c *logCheck) chain(index int64, s Standing) {
	last, known := c.standing[s.Member]
	c.standing[s.Member] = index
	switch {
	case s.Prev == nil && known:
		c.misfit(index, "it says that it is the first standing of member %s, but leaf %d is an earlier one", s.Member, last)
	case s.Prev != nil && !known:
		c.misfit(index, "it says that leaf %d is the last standing of member %s, but there is none", *s.Prev, s.Member)
	case s.Prev != nil && *s.Prev != last:
		c.misfit(index, "it says that leaf %d is the last standing of member %s, but that is leaf %d", *s.Prev, s.Member, last)
	}
}

func (c *logCheck) code(index int64, code Code) {
	if hash, known := c.codes[code.Version]; known && hash != code.SHA256 {
		c.misfit(index, "it gives the code %s the hash %s, an earlier leaf %s", code.Version, code.SHA256, hash)
		return
	}
	c.codes[code.Version] = code.SHA256
}

// compareTile compares a published tile with the hashes computed from the entries.
func (c *logCheck) compareTile(ctx context.Context, src tiles, tile tlog.Tile, want []tlog.Hash) error {
	data, err := src.tile(ctx, tile)
	if err != nil {
		return fmt.Errorf("%w: %s: %v", ErrUnreadable, torchwood.TilePath(tile), err)
	}
	if len(data) != len(want)*tlog.HashSize {
		c.misfit(-1, "%s has %d bytes instead of %d", torchwood.TilePath(tile), len(data), len(want)*tlog.HashSize)
		return nil
	}
	for i, h := range want {
		if tlog.Hash(data[i*tlog.HashSize:]) == h {
			continue
		}
		if tile.L == 0 {
			c.misfit(tile.N*torchwood.TileWidth+int64(i), "its entry does not have the hash that %s gives", torchwood.TilePath(tile))
		} else {
			c.misfit(-1, "hash %d of %s does not follow from the entries", i, torchwood.TilePath(tile))
		}
	}
	return nil
}
