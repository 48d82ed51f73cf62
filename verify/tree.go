package verify

import (
	"crypto/sha256"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"
)

// tileTree builds the tree of RFC 6962 tile by tile from the hashes of its leaves, in memory that grows
// with the height of the tree only. Each tile is handed to check when no more will be added to it.
type tileTree struct {
	check  func(tile tlog.Tile, hashes []tlog.Hash) error
	levels []tileLevel
}

// tileLevel is the tile that is being filled at one level.
type tileLevel struct {
	n      int64 // how many tiles of this level are full
	hashes []tlog.Hash
}

func (t *tileTree) add(leaf tlog.Hash) error { return t.addAt(0, leaf) }

func (t *tileTree) addAt(level int, h tlog.Hash) error {
	if level == len(t.levels) {
		t.levels = append(t.levels, tileLevel{})
	}
	l := &t.levels[level]
	l.hashes = append(l.hashes, h)
	if len(l.hashes) < torchwood.TileWidth {
		return nil
	}
	full := l.hashes
	tile := tlog.Tile{H: torchwood.TileHeight, L: level, N: l.n, W: torchwood.TileWidth}
	l.n, l.hashes = l.n+1, nil
	if err := t.check(tile, full); err != nil {
		return err
	}
	return t.addAt(level+1, treeHash(full))
}

// finish hands over the partial tiles on the right edge.
func (t *tileTree) finish() error {
	for level, l := range t.levels {
		if len(l.hashes) == 0 {
			continue
		}
		tile := tlog.Tile{H: torchwood.TileHeight, L: level, N: l.n, W: len(l.hashes)}
		if err := t.check(tile, l.hashes); err != nil {
			return err
		}
	}
	return nil
}

// root returns the hash of the whole tree.
func (t *tileTree) root() tlog.Hash {
	var right []tlog.Hash // the hash of all that lies right of the level at hand: none or one
	for _, l := range t.levels {
		if all := append(l.hashes[:len(l.hashes):len(l.hashes)], right...); len(all) > 0 {
			right = []tlog.Hash{treeHash(all)}
		}
	}
	if len(right) == 0 {
		return sha256.Sum256(nil)
	}
	return right[0]
}

// treeHash combines the hashes of subtrees as RFC 6962 section 2.1 does. All but the last must be
// complete and of one size.
func treeHash(h []tlog.Hash) tlog.Hash {
	if len(h) == 1 {
		return h[0]
	}
	k := 1
	for 2*k < len(h) {
		k *= 2
	}
	return tlog.NodeHash(treeHash(h[:k]), treeHash(h[k:]))
}
