package site

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"shingle/internal/body/standing"
	"shingle/internal/publog"
	"shingle/internal/web/ui"
	"shingle/verify"
)

type logPage struct {
	ui.Chrome
	Origin     string // of the log
	Size       int64
	Root       string
	Checkpoint string
	Leaves     []leaf // newest first
	Older      string // address of the older ones
	Later      bool
	Site       string
}

// leaf is a statement of the log, in words.
type leaf struct {
	Index    int64
	Position int64
	At       time.Time
	Type     string
	Says     string
	Href     string // what it is about
}

const leavesPerPage = 25

// headFor returns the head of the log that a page shows: the newest or, in files, the one that they have.
func (s *Site) headFor(r *http.Request) ui.Static {
	if static, ok := ui.StaticOf(r.Context()); ok {
		return static
	}
	head := s.Log.Head()
	return ui.Static{Size: head.Size, Root: head.Root.String(), Checkpoint: string(s.Log.Checkpoint())}
}

func (s *Site) log(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	c.Title = "Public log"
	h := s.headFor(r)
	p := logPage{Chrome: c, Origin: s.Log.Origin(), Size: h.Size, Root: h.Root, Checkpoint: h.Checkpoint, Site: s.Origin}
	end, rows := h.Size, int64(leavesPerPage)
	if h.Rows > 0 {
		rows = int64(h.Rows)
	}
	if before := r.URL.Query().Get("before"); before != "" {
		n, err := strconv.ParseInt(before, 10, 64)
		if err != nil || n < 0 {
			s.pages.Problem(w, r, c, ui.BadRequest("The page of the log is named by a number."))
			return nil
		}
		end, p.Later = min(n, end), true
	}
	start := max(end-rows, 0)
	entries, err := s.Log.Entries(r.Context(), start, end)
	if err != nil {
		return err
	}
	for i := len(entries) - 1; i >= 0; i-- {
		p.Leaves = append(p.Leaves, inWords(entries[i]))
	}
	if start > 0 {
		p.Older = fmt.Sprintf("/log?before=%d", start)
	}
	s.pages.Show(w, r, http.StatusOK, "log", p)
	return nil
}

func inWords(e publog.Entry) leaf {
	l := leaf{Index: e.Index, Position: e.Position, Type: "statement", Says: "A statement that this page cannot read."}
	st, err := verify.ParseStatement(e.Body)
	if err != nil {
		return l
	}
	l.At, l.Type = st.When(), st.Type()
	switch st := st.(type) {
	case verify.Standing:
		l.Says = fmt.Sprintf("%s: %s", ui.Isolated(st.Name), ui.WordsFor(standing.Status(st.Status), standing.Kind(st.Kind)).Short())
		l.Href = "/register/" + st.Member
	case verify.Notice:
		l.Says, l.Href = "Notice "+st.Notice+" was published", "/notices/"+st.Notice
	case verify.CodeAdopted:
		l.Says, l.Href = fmt.Sprintf("%s, version %s, was adopted", st.Title, st.Version), "/code/"+st.Version
	case verify.Attested:
		l.Says, l.Href = fmt.Sprintf("Member %s attested for %s to %s", st.Member, st.FirstDay, st.LastDay), "/register/"+st.Member
	case verify.AuditCommitted:
		l.Says = "A seed was committed to, by which audit " + st.Audit + " of education draws its sample"
	case verify.AuditDrawn:
		l.Says = fmt.Sprintf("Audit %s of education drew %d of %d people", st.Audit, st.Drawn, st.People)
	case verify.Correction:
		l.Says, l.Href = fmt.Sprintf("Leaf %d was corrected", st.Corrects), fmt.Sprintf("/log/leaf/%d", st.Corrects)
	}
	return l
}

type leafPage struct {
	ui.Chrome
	Leaf     leaf
	JSON     string   // the statement, indented
	Exact    string   // as it is hashed
	Chain    string   // of the record, up to the event
	Previous *int64   // index of the statement about the same member before this one
	Hash     string   // of the leaf
	Proof    []string // from the leaf to the root, nearest first
	Size     int64    // of the log that the proof is for
	Root     string
	Tile     string // address of the entries' tile
}

func (s *Site) leaf(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	index, err := strconv.ParseInt(r.PathValue("index"), 10, 64)
	head := s.headFor(r)
	if err != nil || index < 0 || index >= head.Size {
		s.pages.Problem(w, r, c, ui.NotFound(fmt.Sprintf("The public log has no such leaf; it has %d, counted from 0.", head.Size)))
		return nil
	}
	entries, err := s.Log.Entries(r.Context(), index, index+1)
	if err != nil {
		return err
	}
	if len(entries) != 1 {
		return errors.New("site: a leaf of the public log cannot be read")
	}
	e := entries[0]
	inclusion, err := s.Log.Proof(r.Context(), index, head.Size)
	if err != nil {
		return err
	}
	c.Title = fmt.Sprintf("Leaf %d", index)
	p := leafPage{Chrome: c, Leaf: inWords(e), Exact: string(e.Body), Hash: hashOf(e.Body), Size: head.Size, Root: head.Root, Tile: tileOf(index, head.Size)}
	for _, h := range inclusion {
		p.Proof = append(p.Proof, h.String())
	}
	var pretty bytes.Buffer
	if json.Indent(&pretty, e.Body, "", "  ") == nil {
		p.JSON = pretty.String()
	}
	if st, err := verify.ParseStatement(e.Body); err == nil {
		p.Chain = st.From().Chain
		if st, ok := st.(verify.Standing); ok {
			p.Previous = st.Prev
		}
	}
	s.pages.Show(w, r, http.StatusOK, "leaf", p)
	return nil
}
