package powertest

import (
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// Fate decides what becomes of the operations that were not synced when the power was cut.
type Fate func(i int) Outcome

// Outcome is what becomes of one operation.
type Outcome int

const (
	// Lost leaves nothing of it.
	Lost Outcome = iota
	// Kept leaves all of it.
	Kept
	// Torn leaves some sectors of what was written, and otherwise what was there.
	Torn
)

// Nothing loses all that was not synced.
func Nothing(int) Outcome { return Lost }

// Everything keeps all of it, as a kill does.
func Everything(int) Outcome { return Kept }

// AnyOf decides by chance.
func AnyOf(random *rand.Rand) Fate {
	return func(int) Outcome { return Outcome(random.IntN(3)) }
}

// sector is how many bytes a disk writes at once.
const sector = 512

// Cut writes into a folder what a power cut leaves after the first n operations.
func (d *Disk) Cut(n int, fate Fate, random *rand.Rand, into string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	names := maps.Clone(d.first)
	contents := map[*inode][]byte{}
	for i, o := range d.ops[:n] {
		outcome := Kept
		if o.durable < 0 || o.durable > n {
			outcome = fate(i)
		}
		switch o.kind {
		case create:
			if outcome != Lost {
				names[o.name] = o.file
			}
		case remove:
			if outcome != Lost {
				delete(names, o.name)
			}
		case write, truncate:
			before, ok := contents[o.file]
			if !ok {
				before = append([]byte{}, o.file.base...)
			}
			contents[o.file] = o.leave(before, outcome, random)
		}
	}
	for name, file := range names {
		b, ok := contents[file]
		if !ok {
			b = file.base
		}
		path := filepath.Join(into, name)
		err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, b, 0o600))
		if strings.HasSuffix(name, "-wal") { // the index of that file is never synced: it holds anything
			err = errors.Join(err, os.WriteFile(strings.TrimSuffix(path, "wal")+"shm", noise(random), 0o600))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func noise(random *rand.Rand) []byte {
	b := make([]byte, 32<<10)
	for i := range b {
		b[i] = byte(random.Uint32())
	}
	return b
}

// leave returns a file's content after a write or truncation of which there is that much.
func (o *op) leave(b []byte, outcome Outcome, random *rand.Rand) []byte {
	if outcome == Lost {
		return b
	}
	if o.kind == truncate {
		if int64(len(b)) > o.at {
			return b[:o.at]
		}
		return append(b, make([]byte, o.at-int64(len(b)))...)
	}
	for from := int64(0); from < int64(len(o.data)); {
		start := o.at + from
		until := min(from+sector-start%sector, int64(len(o.data)))
		if outcome == Kept || random.IntN(2) == 0 {
			if end := o.at + until; end > int64(len(b)) { // what lies before it and was lost reads as zeros
				b = append(b, make([]byte, end-int64(len(b)))...)
			}
			copy(b[start:], o.data[from:until])
		}
		from = until
	}
	return b
}
