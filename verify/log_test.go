package verify_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"shingle/verify"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// key makes a signing key from a seed, the same each time.
func key(name string, seed byte) (signer note.Signer, vkey string) {
	private := ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(rune(seed)), ed25519.SeedSize)))
	vkey, err := note.NewEd25519VerifierKey(name, private.Public().(ed25519.PublicKey))
	if err != nil {
		panic(err)
	}
	hash := strings.Split(vkey, "+")[1]
	signer, err = note.NewSigner("PRIVATE+KEY+" + name + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, private.Seed()...)))
	if err != nil {
		panic(err)
	}
	return signer, vkey
}

var (
	logKey, logVKey         = key("demo.example/log", 'l')
	receiptKey, receiptVKey = key("demo.example/receipts", 'r')
	demoKeys                = verify.Keys{Log: logVKey, Receipt: receiptVKey, Body: "demo.example"}
	codeHash                = strings.Repeat("c0de", 16)
)

func record(position int) verify.Record {
	return verify.Record{Position: int64(position), Chain: fmt.Sprintf("%064x", position)}
}

// memoryLog is a log in memory; it is a Source, too.
type memoryLog struct {
	leaves [][]byte
	hashes hashes
	files  map[string][]byte // take the place of what the log would serve
}

type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, idx := range indexes {
		out[i] = h[idx]
	}
	return out, nil
}

func (l *memoryLog) addLeaf(leaf []byte) int64 {
	index := int64(len(l.leaves))
	more, err := tlog.StoredHashes(index, leaf, l.hashes)
	if err != nil {
		panic(err)
	}
	l.hashes = append(l.hashes, more...)
	l.leaves = append(l.leaves, leaf)
	return index
}

func (l *memoryLog) add(t testing.TB, s verify.Statement) int64 {
	t.Helper()
	leaf, err := s.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	return l.addLeaf(leaf)
}

func (l *memoryLog) checkpoint(signers ...note.Signer) []byte {
	root, err := tlog.TreeHash(int64(len(l.leaves)), l.hashes)
	if err != nil {
		panic(err)
	}
	text := torchwood.Checkpoint{Origin: logKey.Name(), Tree: tlog.Tree{N: int64(len(l.leaves)), Hash: root}}.String()
	signed, err := note.Sign(&note.Note{Text: text}, append([]note.Signer{logKey}, signers...)...)
	if err != nil {
		panic(err)
	}
	return signed
}

func (l *memoryLog) ReadFile(_ context.Context, path string) ([]byte, error) {
	if data, ok := l.files[path]; ok {
		return data, nil
	}
	if path == "checkpoint" {
		return l.checkpoint(), nil
	}
	t, err := torchwood.ParseTilePath(path)
	if err != nil {
		return nil, fs.ErrNotExist
	}
	if t.L >= 0 {
		return tlog.ReadTileData(t, l.hashes)
	}
	var data []byte
	for _, leaf := range l.leaves[t.N*torchwood.TileWidth:][:t.W] {
		data, _ = torchwood.AppendTileEntry(data, leaf)
	}
	return data, nil
}

// body fills a log with a code and n standings of a few members in turn.
func body(t testing.TB, n int) *memoryLog {
	l := &memoryLog{}
	start := noon.Add(-time.Duration(n+1) * time.Minute)
	l.add(t, verify.CodeAdopted{Version: "2026.1", SHA256: codeHash, Title: "Code of Ethics", Effective: "2026-03-01", At: start, Record: record(1)})
	last := map[string]*int64{}
	for i := range n {
		s := standing(fmt.Sprintf("%04d", i%7))
		s.At, s.Record, s.Prev = start.Add(time.Duration(i+1)*time.Minute), record(i+2), last[s.Member]
		last[s.Member] = new(l.add(t, s))
	}
	return l
}

func standing(member string) verify.Standing {
	return verify.Standing{
		Member: member, Name: "Cobalt Ridge IT", Domains: []string{"cobaltridge.example", "cobalt.example"},
		Status: "good", Since: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Code: &verify.Code{Version: "2026.1", SHA256: codeHash},
	}
}

func TestCheckLogAcceptsASoundLogOfAnySize(t *testing.T) {
	for _, n := range []int{0, 1, 2, 6, 7, 255, 256, 257, 511, 700} {
		l := body(t, n)
		report, err := verify.CheckLog(t.Context(), l, demoKeys)
		if err != nil {
			t.Fatalf("%d standings: %v", n, err)
		}
		if !report.Good() || report.Size != int64(n+1) || report.Members != min(n, 7) || report.Types["standing"] != n {
			t.Errorf("%d standings: %+v", n, report)
		}
	}
}

func TestCheckLogOfNothing(t *testing.T) {
	report, err := verify.CheckLog(t.Context(), &memoryLog{}, demoKeys)
	if err != nil || !report.Good() || report.Size != 0 {
		t.Errorf("%v, %v", report, err)
	}
}

func TestCheckLogOfMoreThanOneLevelOfFullTiles(t *testing.T) {
	l := body(t, 65_800)
	report, err := verify.CheckLog(t.Context(), l, demoKeys)
	if err != nil || !report.Good() {
		t.Errorf("%v, %v", report, err)
	}
}

// mirror writes the log into a folder as wget would, with full tiles in place of partial ones if asked.
func mirror(t *testing.T, l *memoryLog) string {
	folder := t.TempDir()
	write := func(path string) {
		data, err := l.ReadFile(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(folder, filepath.FromSlash(path))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, data, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write("checkpoint")
	size := len(l.leaves)
	for start := 0; start < size; start += 256 {
		write(torchwood.TilePath(tlog.Tile{H: 8, L: -1, N: int64(start / 256), W: min(256, size-start)}))
	}
	for level, hashes := 0, size; hashes > 0; level, hashes = level+1, hashes/256 {
		for start := 0; start < hashes; start += 256 {
			write(torchwood.TilePath(tlog.Tile{H: 8, L: level, N: int64(start / 256), W: min(256, hashes-start)}))
		}
	}
	return folder
}

func TestCheckLogReadsFoldersAndHTTP(t *testing.T) {
	folder := mirror(t, body(t, 600))
	server := httptest.NewServer(http.StripPrefix("/log/", http.FileServer(http.Dir(folder))))
	defer server.Close()
	for _, source := range []verify.Source{verify.Dir(folder), verify.HTTP(server.URL+"/log", nil), verify.HTTP(server.URL+"/log/", server.Client())} {
		report, err := verify.CheckLog(t.Context(), source, demoKeys)
		if err != nil || !report.Good() || report.Size != 601 {
			t.Errorf("%v, %v", report, err)
		}
	}
	_, err := verify.CheckLog(t.Context(), verify.HTTP(server.URL+"/nowhere", nil), demoKeys)
	if !errors.Is(err, verify.ErrUnreadable) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a log that is not there: %v", err)
	}
}

func TestCheckLogCutsPartialTilesFromFullOnes(t *testing.T) {
	l := body(t, 600)
	folder := mirror(t, l)
	older := &memoryLog{}
	for _, leaf := range l.leaves[:300] {
		older.addLeaf(leaf)
	}
	// The mirror has only tiles of the newer log: the partial ones of the older are full there.
	if err := os.WriteFile(filepath.Join(folder, "checkpoint"), older.checkpoint(), 0o644); err != nil {
		t.Fatal(err)
	}
	report, err := verify.CheckLog(t.Context(), verify.Dir(folder), demoKeys)
	if err == nil || !errors.Is(err, verify.ErrUnreadable) {
		// Level 1 has no full tile in either log, so its partial tile of width 1 is missing.
		t.Errorf("%v, %v", report, err)
	}
	level1 := tlog.Tile{H: 8, L: 1, N: 0, W: 1}
	data, err := tlog.ReadTileData(level1, l.hashes)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, filepath.FromSlash(torchwood.TilePath(level1))), data, 0o644); err != nil {
		t.Fatal(err)
	}
	report, err = verify.CheckLog(t.Context(), verify.Dir(folder), demoKeys)
	if err != nil || !report.Good() || report.Size != 300 {
		t.Errorf("%v, %v", report, err)
	}
}

func TestCheckLogNamesWhatDoesNotFit(t *testing.T) {
	later := func(s verify.Standing, i int) verify.Standing {
		s.At, s.Record = noon.Add(time.Duration(i)*time.Minute), record(10_000+i)
		return s
	}
	first := later(standing("0900"), 1)
	for _, c := range []struct {
		name  string
		add   func(l *memoryLog)
		index int64 // counted from the end of a sound log of 20
		what  string
	}{
		{"a leaf that is no statement", func(l *memoryLog) { l.addLeaf([]byte("hello")) }, 0, "malformed statement"},
		{"a leaf in another spelling", func(l *memoryLog) {
			leaf, _ := first.Canonical()
			l.addLeaf([]byte(strings.Replace(string(leaf), ",", ", ", 1)))
		}, 0, "canonical"},
		{"a first standing that is not the first", func(l *memoryLog) { l.add(t, first); l.add(t, later(first, 2)) }, 1, "leaf 20 is an earlier one"},
		{"an earlier standing that is none", func(l *memoryLog) { s := first; s.Prev = new(int64(3)); l.add(t, s) }, 0, "but there is none"},
		{"a standing that skips one", func(l *memoryLog) {
			l.add(t, first)
			second := later(first, 2)
			second.Prev = new(int64(20))
			l.add(t, second)
			third := later(first, 3)
			third.Prev = new(int64(20))
			l.add(t, third)
		}, 2, "but that is leaf 21"},
		{"times that run back", func(l *memoryLog) { s := first; s.At = noon.Add(-time.Hour); l.add(t, s) }, 0, "before the leaf in front of it"},
		{"positions that run back", func(l *memoryLog) { s := first; s.Record = record(3); l.add(t, s) }, 0, "position 3 of the record"},
		{"two texts of one version", func(l *memoryLog) {
			s := first
			s.Code = &verify.Code{Version: "2026.1", SHA256: strings.Repeat("0", 64)}
			l.add(t, s)
		}, 0, "it gives the code 2026.1 the hash"},
		{"a correction of what is to come", func(l *memoryLog) {
			l.add(t, verify.Correction{Corrects: 20, SHA256: codeHash, At: noon.Add(time.Minute), Record: record(10_000)})
		}, 0, "does not come before it"},
		{"a sample that nobody committed to", func(l *memoryLog) { l.add(t, drawn("seed")) }, 0, "no leaf before it commits"},
		{"a sample of another seed", func(l *memoryLog) { l.add(t, committed()); l.add(t, drawn("other")) }, 1, "not the one that was committed to"},
		{"a second commitment", func(l *memoryLog) { l.add(t, committed()); l.add(t, drawn("seed")); l.add(t, committed()) }, 2, "a second time"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := body(t, 19)
			c.add(l)
			report, err := verify.CheckLog(t.Context(), l, demoKeys)
			if err != nil {
				t.Fatal(err)
			}
			if len(report.Misfits) != 1 || report.Misfits[0].Index != 20+c.index || !strings.Contains(report.Misfits[0].What, c.what) {
				t.Errorf("misfits: %q", report.Misfits)
			}
		})
	}
}

// committed commits to the seed "seed"; drawn draws by one.
func committed() verify.AuditCommitted {
	return verify.AuditCommitted{Audit: "2026-0001", Commitment: "19b25856e1c150ca834cffc8b59b23adbd0ec0389e58eb22b3b64768098d002b", At: noon.Add(time.Minute), Record: record(10_000)}
}

func drawn(seed string) verify.AuditDrawn {
	return verify.AuditDrawn{Audit: "2026-0001", Seed: hex.EncodeToString([]byte(seed)), Rate: 5, People: 95, SHA256: codeHash, Drawn: 5, At: noon.Add(time.Minute), Record: record(10_000)}
}

func TestCheckLogFindsAChangedLeafAndAChangedTile(t *testing.T) {
	l := body(t, 300)
	bundle := "tile/entries/000"
	data, _ := l.ReadFile(t.Context(), bundle)
	changed := []byte(strings.Replace(string(data), "Cobalt Ridge IT", "Cobalt Ridge AG", 1))
	l.files = map[string][]byte{bundle: changed}
	report, err := verify.CheckLog(t.Context(), l, demoKeys)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(report.Misfits, func(m verify.Misfit) bool { return m.Index == 1 && strings.Contains(m.What, "does not have the hash") }) ||
		!strings.Contains(report.Misfits[len(report.Misfits)-1].What, "the entries lead to the root") {
		t.Errorf("a changed leaf: %q", report.Misfits)
	}

	tile, _ := (&memoryLog{leaves: l.leaves, hashes: l.hashes}).ReadFile(t.Context(), "tile/0/001.p/45")
	tile = slices.Clone(tile)
	tile[33] ^= 1
	l.files = map[string][]byte{"tile/0/001.p/45": tile}
	report, err = verify.CheckLog(t.Context(), l, demoKeys)
	if err != nil || len(report.Misfits) != 1 || report.Misfits[0].Index != 257 {
		t.Errorf("a changed tile: %q, %v", report.Misfits, err)
	}
}

func TestCheckLogRefusesAnotherKeysCheckpoint(t *testing.T) {
	_, other := key("demo.example/log", 'x')
	if _, err := verify.CheckLog(t.Context(), body(t, 3), verify.Keys{Log: other}); !errors.Is(err, verify.ErrCheckpoint) {
		t.Errorf("got %v", err)
	}
}

func TestCheckLogNamesWitnesses(t *testing.T) {
	private := ed25519.NewKeyFromSeed([]byte(strings.Repeat("w", ed25519.SeedSize)))
	w, err := torchwood.NewCosignatureSigner("witness.example/w", private)
	if err != nil {
		t.Fatal(err)
	}
	l := body(t, 3)
	l.files = map[string][]byte{"checkpoint": l.checkpoint(w)}
	keys := demoKeys
	if report, err := verify.CheckLog(t.Context(), l, keys); err != nil || len(report.Witnesses) != 0 {
		t.Errorf("an unknown witness: %v, %v", report.Witnesses, err)
	}
	keys.Witnesses = []string{w.Verifier().String()}
	if report, err := verify.CheckLog(t.Context(), l, keys); err != nil || !slices.Equal(report.Witnesses, []string{"witness.example/w"}) {
		t.Errorf("a known witness: %v, %v", report.Witnesses, err)
	}
}

func TestCheckConsistency(t *testing.T) {
	newer := body(t, 300)
	for _, size := range []int{0, 1, 2, 255, 256, 257, 300, 301} {
		older := &memoryLog{}
		for _, leaf := range newer.leaves[:size] {
			older.addLeaf(leaf)
		}
		if err := verify.CheckConsistency(t.Context(), newer, demoKeys, older.checkpoint()); err != nil {
			t.Errorf("from %d: %v", size, err)
		}
		if size < 301 {
			if err := verify.CheckConsistency(t.Context(), older, demoKeys, newer.checkpoint()); !errors.Is(err, verify.ErrRolledBack) {
				t.Errorf("back to %d: %v", size, err)
			}
		}
		if size > 0 {
			forked := &memoryLog{}
			forked.addLeaf([]byte(hex.EncodeToString([]byte("another"))))
			for _, leaf := range newer.leaves[1:size] {
				forked.addLeaf(leaf)
			}
			if err := verify.CheckConsistency(t.Context(), newer, demoKeys, forked.checkpoint()); !errors.Is(err, verify.ErrForked) {
				t.Errorf("fork at %d: %v", size, err)
			}
		}
	}
}
