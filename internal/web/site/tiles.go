package site

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// tileHeight is that of C2SP tlog-tiles: 256 leaves a tile.
const tileHeight = 8

// hashOf returns the hash of a leaf, as the log's tree has it.
func hashOf(body []byte) string { return tlog.RecordHash(body).String() }

// tileOf returns the address of the entries among which a leaf is, in a log of that size.
func tileOf(index, size int64) string {
	n := index >> tileHeight
	width := int(min(size-n<<tileHeight, 1<<tileHeight))
	t := tlog.Tile{H: tileHeight, L: -1, N: n, W: width}
	var h int
	var rest string
	if _, err := fmt.Sscanf(t.Path(), "tile/%d/data/%s", &h, &rest); err != nil {
		return "/log/checkpoint"
	}
	return "/log/tile/entries/" + rest
}
