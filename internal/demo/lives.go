package demo

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	"shingle/examples"
	"shingle/internal/act"
)

// seed is where all chance of the demo comes from; each member has a share of its own.
const seed = 0x5348494e474c45

// life is what a member does of its own accord, as planned.
type life struct {
	number, country, contact, email string
	tradingNames                    []string

	is       profile // as the roster tells of it: what it has become by now
	formerly profile // as it was when it came

	rng      *rand.Rand
	applied  act.Date // only of those who came later
	joined   act.Date // admitted
	paid     act.Date // through which day its dues were paid when it came
	left     act.Date // from which day on it does nothing any more; no date if it stays
	capacity string   // in which its representative signs
	fate
}

// profile is what may change about a company.
type profile struct {
	name, address, place string
	services, domains    []string
}

// gone reports whether the member does nothing any more on a day.
func (l *life) gone(d act.Date) bool { return !l.left.IsZero() && !d.Before(l.left) }

// capacities are those in which people bind companies of this size.
var capacities = []string{"managing director", "president", "owner", "chief executive", "managing partner"}

// livesOf plans the lives of all companies of the roster, in its order.
func livesOf(c calendar) ([]*life, error) {
	f, err := examples.FS.Open("msp/roster.csv")
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("demo: the roster: %w", err)
	}
	column := func(row []string, name string) string { return row[slices.Index(rows[0], name)] }
	endings := fates(c)
	var lives []*life
	var admitted []act.Date
	for i, row := range rows[1:] {
		l := &life{
			number: column(row, "number"), country: column(row, "country"), tradingNames: list(column(row, "trading_names")),
			contact: column(row, "contact_name"), email: column(row, "contact_email"),
			is: profile{
				name: column(row, "name"), address: column(row, "address"), place: column(row, "place"),
				services: list(column(row, "services")), domains: list(column(row, "domains")),
			},
		}
		if number := fmt.Sprintf("%04d", i+1); l.number != number {
			return nil, fmt.Errorf("demo: row %d of the roster is of member %s, not %s", i+2, l.number, number)
		}
		on, err := act.ParseDate(column(row, "admitted"))
		if err != nil {
			return nil, fmt.Errorf("demo: member %s: %w", l.number, err)
		}
		l.rng = rand.New(rand.NewPCG(seed, uint64(i)))
		l.capacity = capacities[l.rng.IntN(len(capacities))]
		l.formerly, l.fate = l.is, endings[l.number]
		lives, admitted = append(lives, l), append(admitted, on)
	}
	if len(lives) <= enrolled {
		return nil, fmt.Errorf("demo: the roster has only %d members", len(lives))
	}
	c.arrivals(lives, admitted)
	for _, l := range lives {
		c.background(l)
	}
	return lives, nil
}

// arrivals says when everybody became a member. Those who are taken over keep the order and the distances
// of the roster, and the last of them was admitted in the month before the body began here.
func (c calendar) arrivals(lives []*life, admitted []act.Date) {
	last := admitted[enrolled-1]
	began := c.month(26)
	shift := (began.Year()-last.Year())*12 + int(began.Month()) - int(last.Month())
	for i, l := range lives[:enrolled] {
		l.joined = admitted[i].AddMonths(shift)
		l.paid = c.month(23 - l.rng.IntN(12)).AddDays(-1) // the end of one of the twelve months after
		if !l.duesEnd.IsZero() {
			l.paid = l.duesEnd
			for before := l.paid.AddMonths(-12); !before.Before(c.month(23)); before = before.AddMonths(-12) {
				l.paid = before
			}
		}
	}
	newcomers := lives[enrolled:]
	latest := []int{95, 70, 48, 25, 9} // days ago
	first, end := c.goLive().AddDays(45), c.ago(latest[0]+20)
	many := len(newcomers) - len(latest)
	for i, l := range newcomers {
		if i < many {
			l.joined = first.AddDays(days(first, end) * i / many)
		} else {
			l.joined = c.ago(latest[i-many])
		}
		l.applied = l.joined.AddDays(-30)
		l.paid = act.On(l.joined.Year(), l.joined.Month()+13, 0)
	}
}

// days returns how many days there are from one date to another.
func days(from, to act.Date) int {
	n := 0
	for d := from; d.Before(to); d = d.AddDays(1) {
		n++
	}
	return n
}

// background says what was otherwise about the member when it came.
func (c calendar) background(l *life) {
	if was, ok := former[l.number]; ok {
		l.formerly.name = was
	}
	if l.rng.IntN(16) == 0 && l.number != model {
		l.formerly.address = strconv.Itoa(20+l.rng.IntN(900)) + " " + streets[l.rng.IntN(len(streets))]
	}
	if was, ok := formerPlaces[l.number]; ok {
		l.formerly.address, l.formerly.place = was[0], was[1]
	}
	if n := len(l.is.services); n > 3 && l.rng.IntN(14) == 0 && l.number != model {
		l.formerly.services = l.is.services[:n-1-l.rng.IntN(2)]
	}
	if len(l.is.domains) > 1 && l.rng.IntN(4) == 0 {
		l.formerly.domains = l.is.domains[:1]
	}
	if l.ending != stays {
		l.left = act.DateIn(c.office(l.when), c.zone)
	}
	if old, ok := formerDomains[l.number]; ok {
		l.formerly.domains = append(slices.Clone(l.is.domains), old)
	}
}

// former are the names that companies had when they came.
var former = map[string]string{
	"0003": "Puffin Technology",
	"0052": "Hush Puppy Computer Repair",
	"0106": "Blue Spruce Computers, LLC",
	"0169": "Larch & Pym",
	"0214": "Mohawk Valley Computing",
	"0299": "Liberty Gasket & Cable, Inc.",
	"0308": "Rocket Garden Computers",
}

// formerPlaces are the addresses and places from which companies moved away.
var formerPlaces = map[string][2]string{
	"0016": {"11 Badlands Way", "Calgary, Alberta"},
	"0124": {"902 Pikes View", "Pueblo, Colorado"},
	"0205": {"40 Anza Trail", "Borrego Springs, California"},
}

// formerDomains are domains that companies have given up.
var formerDomains = map[string]string{
	"0034": "cavecricketcomputers.example",
	"0070": "ironbarkinlet-legacy.example",
	"0106": "bluesprucecomputers.example",
	"0232": "saskatoonberrysystems.example",
}

var streets = []string{"Depot Square", "Granary Lane", "Tannery Court", "Observatory Hill", "Ferry Landing", "Canal Street", "Old Post Road"}
