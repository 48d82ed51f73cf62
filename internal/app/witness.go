package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"shingle/internal/act"
	"shingle/internal/publog"
	"shingle/internal/record"
)

// noWitness takes the witnesses of a place away.
const noWitness = "none"

// askedWitnesses returns the witnesses that a server is started with: nil leaves those of the place, an
// empty list takes them away.
func askedWitnesses(texts []string) ([]publog.Witness, error) {
	if len(texts) == 1 && strings.TrimSpace(texts[0]) == noWitness {
		return []publog.Witness{}, nil
	}
	return parseWitnesses(texts)
}

func parseWitnesses(texts []string) (all []publog.Witness, err error) {
	for _, t := range texts {
		url, vkey, ok := strings.Cut(strings.TrimSpace(t), " ")
		if !ok {
			return nil, fmt.Errorf("--witness %q is not of the form \"URL VKEY\"", t)
		}
		all = append(all, publog.Witness{URL: url, VKey: strings.TrimSpace(vkey)})
	}
	return all, nil
}

// witnessesIn reads what witnessLines wrote.
func witnessesIn(lines string) ([]publog.Witness, error) {
	return parseWitnesses(strings.FieldsFunc(lines, func(r rune) bool { return r == '\n' }))
}

func witnessLines(all []publog.Witness) string {
	lines := make([]string, len(all))
	for i, w := range all {
		lines[i] = w.URL + " " + w.VKey
	}
	return strings.Join(lines, "\n")
}

func keysOf(witnesses []publog.Witness) (keys []string) {
	for _, w := range witnesses {
		keys = append(keys, w.VKey)
	}
	return keys
}

// keepWitnesses remembers the witnesses that the place was opened with, for whoever opens it next.
func (b *Body) keepWitnesses(ctx context.Context, asked []publog.Witness) error {
	if asked == nil || slices.Equal(asked, b.stamp.witnesses) {
		return nil
	}
	b.stamp.witnesses = asked
	return b.Record.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
		tx.Exec("UPDATE stamp SET witnesses = $1 WHERE id = 1", witnessLines(asked))
		return nil
	})
}
