package static

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	view "shingle/internal/view/body"
)

// What an export knows of itself lies in it, below .shingle/: how far it is (state.json), where the pages
// of its lists begin (lists.json), and per member, page of notices and so on the hash of each object
// (objects/…). So an export goes on from any machine, and what one act costs does not grow with the register.
const (
	stateFile = ".shingle/state.json"
	listsFile = ".shingle/lists.json"
	busyFile  = ".shingle/writing"
)

const stateVersion = 1

// state is how far an export is.
type state struct {
	Version  int       `json:"v"`
	Log      string    `json:"log"` // whose: the name of the public log
	Base     string    `json:"base"`
	Site     string    `json:"site"`     // hash of what all pages are made with
	Position int64     `json:"position"` // of the record: what happened up to it is exported
	Size     int64     `json:"size"`     // of the public log, as far as its files are there
	At       time.Time `json:"at"`       // when it was brought up to date last
	Open     bool      `json:"open"`     // the register was open
	Round    string    `json:"round"`    // half day for which everything dated was made
	Sweep    *sweep    `json:"sweep,omitempty"`
	Whole    bool      `json:"whole"` // every member was exported once
	// Again are pages of lists that were made while something was being recorded.
	Again []string `json:"again,omitempty"`
	// Doomed are objects that go once nobody who began to read before can miss them.
	Doomed map[string]time.Time `json:"doomed,omitempty"`
}

// sweep goes through all members, for what concerns them all.
type sweep struct {
	What  string `json:"what"`  // "all", "dated" or "receipts"
	After string `json:"after"` // number of the member that was done last
}

// group is what the export knows of a few objects that change together.
type group struct {
	Objects map[string]string `json:"objects"` // key → hash
	// Of a member: where it stood in the lists.
	Place  view.Place `json:"place,omitzero"`
	Status string     `json:"status,omitempty"`
	// Of the notices' list: its pages, newest first.
	Pages []noticesPage `json:"pages,omitempty"`
}

func hashOf(o object) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n", o.kind, o.cache)
	h.Write(o.body)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func objectsFile(name string) string { return ".shingle/objects/" + name + ".json" }

// readJSON reads what was written by writeJSON; false if it is not there.
func (x *Export) readJSON(ctx context.Context, key string, v any) (bool, error) {
	text, err := x.to.read(ctx, key)
	if err != nil || text == nil {
		return false, err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return false, fmt.Errorf("%s in %s cannot be read as what an export left there; export to an empty place: %w", key, x.to.address, err)
	}
	return true, nil
}

func (x *Export) writeJSON(ctx context.Context, key string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return x.to.write(ctx, object{key: key, kind: "application/json", cache: "no-store", body: append(text, '\n')})
}

// gather reads what is known of groups, several at once. Those of one batch stay in memory until they are
// written, after their objects.
func (x *Export) gather(ctx context.Context, names []string) error {
	var missing []string
	for _, name := range names {
		if x.groups[name] == nil {
			missing = append(missing, name)
			x.groups[name] = &group{}
		}
	}
	err := each(ctx, missing, func(ctx context.Context, name string) error {
		_, err := x.readJSON(ctx, objectsFile(name), x.groups[name])
		return err
	})
	for _, name := range missing {
		if err != nil {
			delete(x.groups, name)
		} else if x.groups[name].Objects == nil {
			x.groups[name].Objects = map[string]string{}
		}
	}
	return err
}

func (x *Export) group(ctx context.Context, name string) (*group, error) {
	err := x.gather(ctx, []string{name})
	return x.groups[name], err
}

// made is an object and the group that knows it.
type made struct {
	group string
	object
}

func ofGroup(name string, objects ...object) (all []made) {
	for _, o := range objects {
		all = append(all, made{name, o})
	}
	return all
}

// put writes objects, all but those that are there already.
func (x *Export) put(ctx context.Context, objects []made) error {
	var names []string
	for _, o := range objects {
		names = append(names, o.group)
	}
	if err := x.gather(ctx, names); err != nil {
		return err
	}
	var changed []made
	for _, o := range objects {
		if x.anew || x.groups[o.group].Objects[o.key] != hashOf(o.object) {
			changed = append(changed, o)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	if err := x.writing(ctx); err != nil {
		return err
	}
	if err := each(ctx, changed, func(ctx context.Context, o made) error { return x.to.write(ctx, o.object) }); err != nil {
		return err
	}
	for _, o := range changed {
		x.groups[o.group].Objects[o.key] = hashOf(o.object)
		x.changed[o.group] = true
		x.report.Keys = append(x.report.Keys, o.key)
	}
	x.report.Written += len(changed)
	return nil
}

// drop removes objects of a group.
func (x *Export) drop(ctx context.Context, name string, keys ...string) error {
	g, err := x.group(ctx, name)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if _, ok := g.Objects[key]; !ok {
			continue
		}
		if err := x.writing(ctx); err != nil {
			return err
		}
		if err := x.to.remove(ctx, key); err != nil {
			return err
		}
		delete(g.Objects, key)
		x.changed[name] = true
		x.report.Removed++
	}
	return nil
}

// keep writes what is known of the groups that changed, and forgets them all.
func (x *Export) keep(ctx context.Context) error {
	names := slices.Sorted(maps.Keys(x.changed))
	err := each(ctx, names, func(ctx context.Context, name string) error {
		return x.writeJSON(ctx, objectsFile(name), x.groups[name])
	})
	if err == nil {
		clear(x.changed)
		clear(x.groups)
	}
	return err
}

// writing marks the export as being written to, so that a killed one is known.
func (x *Export) writing(ctx context.Context) error {
	if x.marked || x.to.folder == "" {
		return nil
	}
	x.marked = true
	return x.to.write(ctx, object{key: busyFile, kind: "text/plain", body: []byte("an export is under way, or was cut off\n")})
}

// save writes how far the export is: the last thing of each step.
func (x *Export) save(ctx context.Context) error {
	if err := x.keep(ctx); err != nil {
		return err
	}
	if err := x.writeJSON(ctx, stateFile, x.state); err != nil {
		return err
	}
	if x.marked {
		x.marked = false
		return x.to.remove(ctx, busyFile)
	}
	return nil
}
