package publog

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"

	"shingle/verify"
)

// Entry is a leaf with its place.
type Entry struct {
	Index    int64
	Position int64 // of the event that it tells, in the record
	Body     []byte
}

// Entries returns the leaves from start up to, not including, end; what lies beyond the published head
// is left out.
func (l *Log) Entries(ctx context.Context, start, end int64) ([]Entry, error) {
	end = min(end, l.Head().Size)
	var entries []Entry
	err := each(ctx, l.cfg.DB.QueryContext, func(rows *sql.Rows) error {
		var e Entry
		if err := rows.Scan(&e.Index, &e.Position, &e.Body); err != nil {
			return err
		}
		if want := max(start, 0) + int64(len(entries)); e.Index != want {
			return fmt.Errorf("%w: leaf %d is missing", ErrDamaged, want)
		}
		entries = append(entries, e)
		return nil
	}, `SELECT idx, position, body FROM leaf WHERE idx >= $1 AND idx < $2 ORDER BY idx`, start, end)
	if err != nil {
		return nil, fmt.Errorf("could not read leaves of the public log: %w", err)
	}
	if want := end - max(start, 0); want > int64(len(entries)) {
		return nil, fmt.Errorf("%w: leaf %d is missing", ErrDamaged, max(start, 0)+int64(len(entries)))
	}
	return entries, nil
}

// Proof returns the proof that the leaf at index is in the log of the given size.
func (l *Log) Proof(ctx context.Context, index, size int64) (tlog.RecordProof, error) {
	if index < 0 || index >= size || size > l.Head().Size {
		return nil, fmt.Errorf("%w: leaf %d of %d, the log has %d", ErrNotPublic, index, size, l.Head().Size)
	}
	return tlog.ProveRecord(size, index, hashReader(ctx, l.cfg.DB.QueryContext))
}

// Consistency returns the proof that the log of the newer size begins with that of the older.
func (l *Log) Consistency(ctx context.Context, older, newer int64) (tlog.TreeProof, error) {
	if older < 0 || older > newer || newer > l.Head().Size {
		return nil, fmt.Errorf("%w: sizes %d and %d, the log has %d", ErrNotPublic, older, newer, l.Head().Size)
	}
	if older == 0 {
		return nil, nil // every log begins with nothing
	}
	return tlog.ProveTree(newer, older, hashReader(ctx, l.cfg.DB.QueryContext))
}

// Receipt signs a standing receipt and attaches the proof that leaf r.Leaf says the same. A halted log
// issues none.
//
// The proof's checkpoint carries the log's signature only: whoever checks a receipt offline knows two
// keys, and they cover every byte of it. Cosignatures are on the log's own checkpoint.
func (l *Log) Receipt(ctx context.Context, r verify.Receipt) ([]byte, error) {
	if err := l.Halted(); err != nil {
		return nil, err
	}
	public := l.public.Load()
	if r.Leaf < 0 || r.Leaf >= public.Size {
		return nil, fmt.Errorf("%w: leaf %d, the log has %d", ErrNotPublic, r.Leaf, public.Size)
	}
	leaf, err := l.Entries(ctx, r.Leaf, r.Leaf+1)
	if err != nil {
		return nil, err
	}
	proof, err := l.Proof(ctx, r.Leaf, public.Size)
	if err != nil {
		return nil, err
	}
	return verify.Document(r, l.cfg.Receipt, leaf[0].Body, proof, public.own)
}

// Inclusion returns the proof that a leaf is in the log, with the leaf itself and the log's signed checkpoint, as one
// text (C2SP tlog-proof): whoever has the log's key checks it offline.
func (l *Log) Inclusion(ctx context.Context, index int64) ([]byte, error) {
	public := l.public.Load()
	leaf, err := l.Entries(ctx, index, index+1)
	if err != nil {
		return nil, err
	}
	if len(leaf) == 0 {
		return nil, fmt.Errorf("%w: leaf %d, the log has %d", ErrNotPublic, index, public.Size)
	}
	proof, err := l.Proof(ctx, index, public.Size)
	if err != nil {
		return nil, err
	}
	return torchwood.FormatProofWithExtraData(index, leaf[0].Body, proof, public.own), nil
}

// tile returns a tile or, at level -1, an entry bundle; ErrNotPublic if the published log has none such.
func (l *Log) tile(ctx context.Context, t tlog.Tile) ([]byte, error) {
	if !within(t, l.Head().Size) {
		return nil, ErrNotPublic
	}
	full := t.W == torchwood.TileWidth
	if full {
		if data, ok := l.cache.get(t); ok {
			return data, nil
		}
	}
	data, err := l.readTile(ctx, t)
	if err == nil && full {
		l.cache.put(t, data)
	}
	return data, err
}

// within reports whether a log of the given size has all of a tile.
func within(t tlog.Tile, size int64) bool {
	level := max(t.L, 0)
	if level*torchwood.TileHeight > 62 {
		return false
	}
	hashes := size >> (level * torchwood.TileHeight)
	return t.N <= hashes/torchwood.TileWidth && t.N*torchwood.TileWidth+int64(t.W) <= hashes
}

func (l *Log) readTile(ctx context.Context, t tlog.Tile) ([]byte, error) {
	if t.L >= 0 {
		return tlog.ReadTileData(t, hashReader(ctx, l.cfg.DB.QueryContext))
	}
	start := t.N * torchwood.TileWidth
	entries, err := l.Entries(ctx, start, start+int64(t.W))
	if err != nil {
		return nil, err
	}
	var data []byte
	for _, e := range entries {
		if data, err = torchwood.AppendTileEntry(data, e.Body); err != nil {
			return nil, fmt.Errorf("%w: leaf %d: %v", ErrDamaged, e.Index, err)
		}
	}
	return data, nil
}

// tileCache keeps full tiles, which never change, up to a number of bytes. When it is full it drops some
// other tile, whichever.
type tileCache struct {
	mu    sync.Mutex
	tiles map[tlog.Tile][]byte
	size  int
}

const maxTileCache = 16 << 20

func (c *tileCache) get(t tlog.Tile) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	data, ok := c.tiles[t]
	return data, ok
}

func (c *tileCache) put(t tlog.Tile, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.tiles[t]; ok || len(data) > maxTileCache/4 {
		return
	}
	if c.tiles == nil {
		c.tiles = map[tlog.Tile][]byte{}
	}
	for other, d := range c.tiles {
		if c.size+len(data) <= maxTileCache {
			break
		}
		delete(c.tiles, other)
		c.size -= len(d)
	}
	c.tiles[t] = data
	c.size += len(data)
}
