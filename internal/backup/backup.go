// Package backup copies a body to where the machine that holds it is not, and brings it back.
//
// A backup is made of objects, named like files. Parts hold rows of the stored tables as they are, private
// values still sealed, as lines of JSON; objects of the blob store follow as they lie there; and the
// manifest, written last, says how far the body had come and vouches for every part with its SHA-256.
// A backup without its manifest was cut off. What follows from the rows (views, indexes, the nodes of
// the public log's tree) is not in it: a restore derives it anew, and compares.
//
// In a folder or a bucket, each backup adds only what is new since the one before, and a manifest; older
// manifests go on standing for their own points in time ([Body.Into]). In a file, the same objects
// follow one another in a tar archive ([Body.WriteTo]). Nothing depends on which database the body is in,
// so the same stream carries it from one to the other.
//
//	b := backup.Body{DB: db, Tables: tables, Is: about}
//	done, err := b.Into(ctx, "s3://backups/guild", backup.Keep{}, nil)
//
//	from, err := backup.Open(ctx, "s3://backups/guild")
//	m, err := backup.Check(ctx, from, nil)                     // reads all of it and changes nothing
//	m, err := backup.Load(ctx, from, engine, backup.Upto{})    // puts the rows into empty tables
//
// The keys that open private values are never in it: they are backed up apart, by the vault.
package backup

import (
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"gocloud.dev/blob"
)

// Format is the version of the format that this program writes, and the newest that it reads.
const Format = 1

var (
	// ErrNotBackup says that something is no backup of ours.
	ErrNotBackup = errors.New("this is not a backup of shingle")
	// ErrCutOff says that a backup ends before its manifest, or a part of it is not there.
	ErrCutOff = errors.New("the backup is not whole")
	// ErrAltered says that a backup is not what was written.
	ErrAltered = errors.New("the backup was altered or damaged")
	// ErrNewerFormat says that a newer program wrote a backup.
	ErrNewerFormat = errors.New("the backup was made by a newer version of shingle")
	// ErrForeign says that a place for backups holds those of another body.
	ErrForeign = errors.New("another body's backups are kept there")
	// ErrExists says that a backup would take the place of a file.
	ErrExists = errors.New("the file is there already")
	// ErrUnreachable says that a place for backups did not do as it was asked.
	ErrUnreachable = errors.New("the place for backups cannot be used")
)

// About says of whom a backup is, and how far they had come.
type About struct {
	Format  int    `json:"format"`
	Program string `json:"program"` // version that wrote it
	Role    string `json:"role"`    // "body" or "desk"
	Web     string `json:"web"`     // host name under which it speaks
	// The public halves of its signing keys, as C2SP vkeys: what it is known by.
	LogKey     string `json:"log_key"`
	ReceiptKey string `json:"receipt_key"`
	// Schemas holds the version of each part's tables, by the part's name.
	Schemas map[string]int64 `json:"schemas"`
	Mark
}

// Mark is how far a body had come: the end of its record and of its public log.
type Mark struct {
	Position int64 `json:"position"`
	Chain    Hash  `json:"chain"`
	Recorded int64 `json:"recorded"` // of the last event, µs since 1970, UTC
	Leaves   int64 `json:"leaves"`
	Root     Hash  `json:"root"`
	Read     int64 `json:"read"` // when that was read, µs since 1970, UTC
}

// Time returns when the body was read.
func (m Mark) Time() time.Time { return time.UnixMicro(m.Read).UTC() }

// Hash is a SHA-256, in hexadecimal where it is read by people.
type Hash [32]byte

// String returns it in hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText implements [encoding.TextMarshaler].
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (h *Hash) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err != nil || len(b) != len(h) {
		return fmt.Errorf("%q is no SHA-256", text)
	}
	copy(h[:], b)
	return nil
}

// Body is a body, or desk, that is backed up.
type Body struct {
	DB     *sql.DB // is only read
	Tables []Table
	Is     About // its Format, and how far it has come, are filled in
	// Blobs are its stored objects, which are written once and never change; nil if it has none.
	Blobs *blob.Bucket
	// Forgotten lists the owners whose keys were destroyed; nil if that is not known.
	Forgotten []string
	Now       func() time.Time
}

// Table is a table that is backed up. Its columns are whatever it has.
type Table struct {
	Name string
	Key  []string // the columns that identify a row, by which rows are read in order
	// After tells rows that came after a mark; nil for a table that is written whole every time.
	After *Limit
	// UpTo tells rows that belong to a point in time; nil if all do.
	UpTo *Limit
}

// Limit compares an integer column with a mark.
type Limit struct {
	Column string
	Of     func(Mark) int64
}

// The tables whose rows are checked against each other, wherever they lie.
const (
	events    = "event" // rows have a chain
	leaves    = "leaf"  // rows have a tree above them
	forgotten = "forgotten"
	objects   = "blob"
)

// clocks is by how much the clocks of several nodes may differ.
const clocks = 10 * time.Minute

func position(m Mark) int64 { return m.Position }

// Core are the tables of the record and of the public log.
var Core = []Table{
	{Name: events, Key: []string{"position"}, After: &Limit{"position", position}, UpTo: &Limit{"position", position}},
	{Name: leaves, Key: []string{"idx"}, After: &Limit{"idx", func(m Mark) int64 { return m.Leaves - 1 }}, UpTo: &Limit{"position", position}},
	// A checkpoint is stored again when it is cosigned.
	{Name: "checkpoint", Key: []string{"size"}, After: &Limit{"at", func(m Mark) int64 { return m.Read - clocks.Microseconds() }},
		UpTo: &Limit{"size", func(m Mark) int64 { return m.Leaves }}},
	// What had nothing to do has its first behind its last.
	{Name: "request", Key: []string{"actor", "name"}, After: &Limit{"first", position}, UpTo: &Limit{"last", position}},
}

// Done says what came of a backup.
type Done struct {
	Mark
	Objects int   `json:"objects"` // written this time
	Bytes   int64 `json:"bytes"`   // in them
	Pruned  int   `json:"pruned"`  // old objects that were removed
}

// Progress is told now and then how many rows and bytes of objects have gone by. It may be nil.
type Progress func(rows, bytes int64)

func (p Progress) tell(rows, bytes int64) {
	if p != nil {
		p(rows, bytes)
	}
}
