package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"
)

// Source is where a log is read from: a place that holds the files of C2SP tlog-tiles under their
// paths, e.g. "checkpoint" and "tile/entries/x001/234". A file that is not there is [fs.ErrNotExist].
type Source interface {
	ReadFile(ctx context.Context, path string) ([]byte, error)
}

// Dir returns the log in a folder, e.g. one mirrored with wget.
func Dir(folder string) Source { return dir{os.DirFS(folder)} }

type dir struct{ fs.FS }

func (d dir) ReadFile(_ context.Context, path string) ([]byte, error) { return fs.ReadFile(d.FS, path) }

// HTTP returns the log under an address, e.g. "https://demo.example/log". A nil client is one that gives
// up on a file after 30 seconds.
func HTTP(address string, client *http.Client) Source {
	if client == nil {
		client = &http.Client{Timeout: 30 * time.Second}
	}
	return web{strings.TrimSuffix(address, "/") + "/", client}
}

type web struct {
	prefix string
	client *http.Client
}

// maxFile is the size of the largest file of a log: 256 entries of 65,535 bytes and their lengths.
const maxFile = 256 * (2 + 65535)

func (w web) ReadFile(ctx context.Context, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.prefix+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "shingle-verify")
	resp, err := w.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return nil, fmt.Errorf("%s: %w", w.prefix+path, fs.ErrNotExist)
	default:
		return nil, fmt.Errorf("%s: answered %s", w.prefix+path, resp.Status)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = errors.New("the file is too long for a log's")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.prefix+path, err)
	}
	return data, nil
}

// tiles reads a source as torchwood does.
type tiles struct{ Source }

func (t tiles) ReadTiles(ctx context.Context, wanted []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(wanted))
	for i, tile := range wanted {
		var err error
		if data[i], err = t.tile(ctx, tile); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// tile reads one tile. A partial tile that is gone is cut from the full one, as C2SP tlog-tiles allows
// a log to replace it.
func (t tiles) tile(ctx context.Context, tile tlog.Tile) ([]byte, error) {
	data, err := t.ReadFile(ctx, torchwood.TilePath(tile))
	if !errors.Is(err, fs.ErrNotExist) || tile.W == torchwood.TileWidth {
		return data, err
	}
	full := tile
	full.W = torchwood.TileWidth
	data, fullErr := t.ReadFile(ctx, torchwood.TilePath(full))
	if fullErr != nil {
		return nil, err
	}
	if tile.L >= 0 {
		return data[:min(len(data), tile.W*tlog.HashSize)], nil
	}
	rest := data
	for range tile.W {
		if _, rest, err = torchwood.ReadTileEntry(rest); err != nil {
			return nil, err
		}
	}
	return data[:len(data)-len(rest)], nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadEndpoint(ctx context.Context, path string) ([]byte, error) {
	return t.ReadFile(ctx, path)
}
