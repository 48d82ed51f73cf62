package api

import (
	"strings"
	"sync/atomic"
)

// entry is the answer about one member, ready to be sent but for its times and the log's size. Most of
// an answer reads alike for many members; only what differs is kept per member, so that many fit into
// memory.
type entry struct {
	own     string    // what is the member's own, piece after piece
	ends    [7]uint32 // where the pieces end
	used    atomic.Bool
	extra   atomic.Int32 // bytes of what hangs on it, and of a shape that nobody else has yet
	shape   *shape
	until   int64 // µs since 1970: when time alone changes it
	exact   int64 // µs since 1970: before it, default times are not rounded to whole seconds
	receipt atomic.Pointer[kept]
	seal    atomic.Pointer[kept]
}

// shape is what answers have in common: the text before, between and after their own pieces.
type shape struct {
	parts  []string
	times  int    // after which part the times go
	rest   string // of that part, after the times
	logged bool   // the log's size ends the answer
}

// kept is a rendering that is good for a while.
type kept struct {
	body   []byte
	until  int64    // µs since 1970
	length []string // of the body, as a header
}

// entryOverhead is about what an entry costs beside its own text: the struct and its place in the map.
const entryOverhead = 175

func (e *entry) size() int { return len(e.own) + entryOverhead + int(e.extra.Load()) }

// pieces are what is a member's own, in the order of the answer: each lies between two marks. Marks are
// looked for in JSON that package encoding/json wrote: no text in it can hold them, because its
// quotation marks would be escaped.
var pieces = [len(entry{}.ends)]struct{ after, before string }{
	{`"number":"`, `"`},
	{`"name":`, `,"domains":`},
	{`"domains":`, `},"status":`},
	{`"since":"`, `"`},
	{`"subscribed_at":"`, `"`},
	{`"next_change_at":`, `,"log":`},
	{`"index":`, `,"size":`},
}

const domainsPiece = 2

const (
	times        = `"at":"0001-01-01T00:00:00Z","known":"0001-01-01T00:00:00Z",` // as an answer is marshaled
	beforeTimes  = `"at":"`
	betweenTimes = `","known":"`
	afterTimes   = `",`
	size         = `0}}` // likewise
	afterSize    = "}}\n"
)

// entryOf takes a marshaled answer apart.
func (c *Cache) entryOf(answer string) *entry {
	e := &entry{}
	var own, key strings.Builder
	s := &shape{times: -1}
	add := func(part string) {
		if before, after, ok := strings.Cut(part, times); ok {
			s.times, s.rest = len(s.parts), afterTimes+after
			part = before + beforeTimes
		}
		s.parts = append(s.parts, part)
		key.WriteString(part)
		key.WriteByte(0)
	}
	rest := answer
	for i, p := range pieces {
		before, after, ok := strings.Cut(rest, p.after)
		if ok {
			value, _, _ := strings.Cut(after, p.before)
			add(before + p.after)
			own.WriteString(value)
			rest = after[len(value):]
		} else {
			add("") // not in this answer
		}
		e.ends[i] = uint32(own.Len())
	}
	rest, s.logged = strings.CutSuffix(rest, size)
	if !s.logged {
		rest += "\n"
	}
	add(rest)
	key.WriteString(s.rest)
	e.own = strings.Clone(own.String()) // without what was set aside for more
	var cost int
	e.shape, cost = c.share(key.String(), s)
	e.extra.Store(int32(cost))
	return e
}

// appendTo appends the answer, up to the log's size, with at and known both t.
func (e *entry) appendTo(b, at, known []byte) []byte {
	from := uint32(0)
	for i, part := range e.shape.parts {
		b = append(b, part...)
		if i == e.shape.times {
			b = append(b, at...)
			b = append(b, betweenTimes...)
			b = append(b, known...)
			b = append(b, e.shape.rest...)
		}
		if i < len(e.ends) {
			b = append(b, e.own[from:e.ends[i]]...)
			from = e.ends[i]
		}
	}
	return b
}

// holds reports whether a host is one of the member's proven domains or below one.
func (e *entry) holds(host string) bool {
	list := e.own[e.ends[domainsPiece-1]:e.ends[domainsPiece]] // ["a.example","b.example"]
	for _, d := range strings.Split(strings.Trim(list, `[]`), ",") {
		if d = strings.Trim(d, `"`); d != "" && isBelow(host, d) {
			return true
		}
	}
	return false
}

// isBelow reports whether a host is a domain or below it.
func isBelow(host, domain string) bool {
	rest, ok := strings.CutSuffix(host, domain)
	return ok && (rest == "" || rest[len(rest)-1] == '.')
}
