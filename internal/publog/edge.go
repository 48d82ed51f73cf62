package publog

import (
	"crypto/sha256"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"
)

// edge is the right edge of a Merkle tree: the roots of the complete subtrees that its size is made of,
// all that is needed to grow it. Copying it copies the tree.
type edge struct {
	size  int64
	nodes [63]tlog.Hash // nodes[l] counts where bit l of size is set
}

// add appends the hash of a leaf. It tells store each node that is now complete, in the order of their
// indexes.
func (e *edge) add(leaf tlog.Hash, store func(idx int64, h tlog.Hash)) {
	h, n := leaf, e.size
	store(tlog.StoredHashIndex(0, n), h)
	level := 0
	for ; n&1 == 1; n >>= 1 {
		h = tlog.NodeHash(e.nodes[level], h)
		level++
		store(tlog.StoredHashIndex(level, n>>1), h)
	}
	e.nodes[level] = h
	e.size++
}

// root returns the hash of the tree; of none at all, that of nothing (RFC 6962 section 2.1).
func (e *edge) root() tlog.Hash {
	var h tlog.Hash
	found := false
	for level := range e.nodes {
		switch {
		case e.size>>level&1 == 0:
		case !found:
			h, found = e.nodes[level], true
		default:
			h = tlog.NodeHash(e.nodes[level], h)
		}
	}
	if !found {
		return sha256.Sum256(nil)
	}
	return h
}

// edgeAt reads the right edge of the tree at a size.
func edgeAt(size int64, r tlog.HashReader) (edge, error) {
	e := edge{size: size}
	indexes := torchwood.RightEdge(size)
	hashes, err := r.ReadHashes(indexes)
	if err != nil {
		return edge{}, err
	}
	for i, idx := range indexes {
		level, _ := tlog.SplitStoredHashIndex(idx)
		e.nodes[level] = hashes[i]
	}
	return e, nil
}
