package static

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"

	"shingle/internal/web/ui"
)

// grace is how long a partial tile stays after the full one is there: somebody may be reading.
const grace = 10 * time.Minute

const (
	leavesPerPage = 25 // of the explorer's older pages
	tileLeaves    = torchwood.TileWidth
)

// catchUp brings the files of the public log up to its head. Tiles come before the checkpoint that
// promises them; whatever names a leaf is written later than this.
func (x *Export) catchUp(ctx context.Context) error {
	a, err := x.ask(ctx, "/log/checkpoint", ui.Static{})
	if err != nil || a.status != http.StatusOK { // not open yet
		return err
	}
	c, err := torchwood.ParseCheckpoint(string(a.body[:max(strings.Index(string(a.body), "\n\n")+1, 0)]))
	if err != nil {
		return fmt.Errorf("the log's checkpoint cannot be read: %w", err)
	}
	if c.N < x.state.Size {
		return fmt.Errorf("the public log has %d leaves, and %d were exported to %s; nothing is exported over a longer log", c.N, x.state.Size, x.to.address)
	}
	x.head = ui.Static{Size: c.N, Root: c.Hash.String(), Checkpoint: string(a.body)}
	if string(a.body) == x.checkpoint {
		return nil // it carries the newest cosignatures, too
	}
	if err := x.tiles(ctx, x.state.Size, c.N); err != nil {
		return err
	}
	checkpoint := object{"log/checkpoint", a.header.Get("Content-Type"), a.header.Get("Cache-Control"), a.body}
	if err := x.put(ctx, ofGroup("site", checkpoint)); err != nil {
		return err
	}
	if err := x.leaves(ctx, x.state.Size, c.N); err != nil {
		return err
	}
	x.state.Size, x.checkpoint = c.N, string(a.body)
	return nil
}

// tiles writes the tiles by which a log that grew differs. Full ones never change and are not kept account of.
func (x *Export) tiles(ctx context.Context, from, to int64) error {
	var full []object
	var partial []made
	for _, t := range tlog.NewTiles(torchwood.TileHeight, from, to) {
		wanted := []tlog.Tile{t}
		if t.L == 0 {
			wanted = append(wanted, tlog.Tile{H: t.H, L: -1, N: t.N, W: t.W})
		}
		for _, t := range wanted {
			key := "log/" + torchwood.TilePath(t)
			o, ok, err := x.data(ctx, "/"+key, key)
			if err == nil && !ok {
				err = errors.New("the log has no " + key)
			}
			if err != nil {
				return err
			}
			if t.W < tileLeaves {
				partial = append(partial, made{"tiles", o})
				continue
			}
			full = append(full, o)
			if err := x.doomPartials(ctx, key); err != nil {
				return err
			}
		}
	}
	if len(full) > 0 {
		if err := x.writing(ctx); err != nil {
			return err
		}
		if err := each(ctx, full, x.to.write); err != nil {
			return err
		}
		x.report.Written += len(full)
	}
	return x.put(ctx, partial)
}

func (x *Export) doomPartials(ctx context.Context, full string) error {
	g, err := x.group(ctx, "tiles")
	if err != nil {
		return err
	}
	for key := range g.Objects {
		if strings.HasPrefix(key, full+".p/") {
			if x.state.Doomed == nil {
				x.state.Doomed = map[string]time.Time{}
			}
			x.state.Doomed[key] = x.now().Add(grace)
		}
	}
	return nil
}

// sweepDoomed removes what nobody who began to read before can miss any more.
func (x *Export) sweepDoomed(ctx context.Context, now time.Time) error {
	for key, at := range x.state.Doomed {
		if now.Before(at) {
			continue
		}
		if err := x.drop(ctx, "tiles", key); err != nil {
			return err
		}
		delete(x.state.Doomed, key)
	}
	return nil
}

// leaves makes the explorer's pages of new leaves. A page leads to the tile that its leaf is in: once a
// tile is full, all of its leaves lead to it.
func (x *Export) leaves(ctx context.Context, from, to int64) error {
	if from/tileLeaves != to/tileLeaves {
		from -= from % tileLeaves
	}
	var pages []made
	add := func(address, key string, of int64, how ui.Static) error {
		o, ok, err := x.page(ctx, address, key, how)
		if err == nil && !ok {
			err = errors.New(address + " cannot be made")
		}
		pages = append(pages, made{leafGroup(of), o})
		return err
	}
	for i := from; i < to; i++ {
		address := "/log/leaf/" + strconv.FormatInt(i, 10)
		if err := add(address, pageFile(address), i, x.head); err != nil {
			return err
		}
		if len(pages) >= tileLeaves {
			if err := x.put(ctx, pages); err != nil {
				return err
			}
			pages = pages[:0]
		}
	}
	how := x.head
	how.Rows = leavesPerPage
	for n := olderFrom(from) + leavesPerPage; n <= olderFrom(to); n += leavesPerPage {
		before := strconv.FormatInt(n, 10)
		if err := add("/log?before="+before, pageFile("/log/before/"+before), n, how); err != nil {
			return err
		}
	}
	return x.put(ctx, pages)
}

func leafGroup(index int64) string { return fmt.Sprintf("leaf/%d", index/tileLeaves) }

// olderFrom returns which leaves the older pages of the explorer hold: those below it. The newest page has the
// rest, so that older ones never change.
func olderFrom(size int64) int64 {
	return max(size-size%leavesPerPage-leavesPerPage, 0)
}
