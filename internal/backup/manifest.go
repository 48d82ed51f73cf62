package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// Manifest vouches for a backup: it names all that belongs to it.
type Manifest struct {
	About
	Parts []Part `json:"parts"` // in the order in which they are read
	Blobs struct {
		Count int64 `json:"count"`
		Bytes int64 `json:"bytes"`
	} `json:"blobs"`
}

// Part is an object with rows of one table.
type Part struct {
	Table  string `json:"table"`
	SHA256 Hash   `json:"sha256"`
	Size   int64  `json:"size"` // bytes, compressed
	Rows   int64  `json:"rows"`
	After  *Mark  `json:"after,omitempty"` // its rows came after this; of a table that grows
}

// Name returns the name of the part's object.
func (p Part) Name() string { return partName(p.Table, p.SHA256) }

// Rows returns how many rows of a table there are.
func (m *Manifest) Rows(table string) (n int64) {
	for _, p := range m.Parts {
		if p.Table == table {
			n += p.Rows
		}
	}
	return n
}

const (
	aboutDir  = FileBegins // comes first in a file
	failed    = "failed"   // comes last in a stream that cannot go on
	rowsDir   = "rows/"
	blobsDir  = "blobs/"
	manifests = Manifests + "/"
)

const (
	// FileBegins is what the first bytes of a backup in a file are.
	FileBegins = "shingle-backup/"
	// Manifests is a folder that there is wherever backups are added.
	Manifests = "manifests"
)

func partName(table string, sum Hash) string {
	return rowsDir + table + "/" + sum.String()[:40] + ".jsonl.zst"
}

// tableOf returns the table of a part, by its name.
func tableOf(name string) string {
	table, _, _ := strings.Cut(strings.TrimPrefix(name, rowsDir), "/")
	return table
}

// aboutName names what comes first in a file, by its own hash.
func aboutName(text []byte) string {
	sum := sha256.Sum256(text)
	return aboutDir + hex.EncodeToString(sum[:])[:40] + ".json"
}

// manifestName names the n-th manifest of a place, by its own hash too: a changed one is found. Numbers go
// up whatever clocks and positions do.
func manifestName(n int, position int64, text []byte) string {
	sum := sha256.Sum256(text)
	return fmt.Sprintf("%s%08d-%012d-%s.json", manifests, n, position, hex.EncodeToString(sum[:])[:40])
}

// numberOf reads the number and the position in a manifest's name.
func numberOf(name string) (n int, position int64, ok bool) {
	var sum string
	c, err := fmt.Sscanf(strings.TrimSuffix(name, ".json"), manifests+"%08d-%012d-%s", &n, &position, &sum)
	return n, position, err == nil && c == 3
}

// parseManifest reads a manifest and checks it against its name.
func parseManifest(name string, text []byte) (*Manifest, error) {
	n, position, ok := numberOf(name)
	if !ok || manifestName(n, position, text) != name {
		return nil, fmt.Errorf("%w: the manifest %s is not what was written", ErrAltered, name)
	}
	var m Manifest
	if err := readAbout(text, &m, &m.About); err != nil {
		return nil, fmt.Errorf("the manifest %s: %w", name, err)
	}
	return &m, nil
}

// readAbout reads JSON into v, of which about is the part that every version has.
func readAbout(text []byte, v any, about *About) error {
	var format struct{ Format int }
	if err := json.Unmarshal(text, &format); err != nil || format.Format < 1 {
		return fmt.Errorf("%w: it cannot be read", ErrAltered)
	}
	if format.Format > Format {
		return fmt.Errorf("%w: its format is %d, this one knows %d", ErrNewerFormat, format.Format, Format)
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%w: it cannot be read: %v", ErrAltered, err)
	}
	if about.LogKey == "" || about.Position < 0 {
		return fmt.Errorf("%w: it says nothing about a body", ErrAltered)
	}
	return nil
}
