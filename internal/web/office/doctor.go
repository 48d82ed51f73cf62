package office

import (
	"context"
	"net/http"
	"slices"

	"shingle/internal/web/ui"
)

// Finding is what an examination of the machine found of one thing.
type Finding struct {
	Check string // what was looked at, e.g. "disk"
	State string // "wrong", "look" or "fine"
	Says  string
	Do    string // "" where nothing is to be done
}

// Examiner looks how the machine is that the body runs on: quickly, without reading every row.
type Examiner func(ctx context.Context) ([]Finding, error)

// doctorPage shows what whoever runs the machine is told by the command "shingle doctor --quick".
type doctorPage struct {
	ui.Chrome
	Findings    []examined
	Wrong, Look int
}

type examined struct {
	Finding
	Title string
}

// checkTitles are what is looked at, in words.
var checkTitles = map[string]string{
	"schema": "Tables", "role": "What this is", "versions": "Programs", "keys": "Keys", "backup": "Backups", "disk": "Disk", "server": "Server",
	"clock": "Clock", "tls": "Certificates", "witnesses": "Witnesses", "mail": "Letters", "tokens": "Tokens",
}

// gravity says how soon a finding is to be read.
var gravity = map[string]int{"wrong": 0, "look": 1, "fine": 2}

func (o *Office) doctor(w http.ResponseWriter, r *http.Request, _ ui.Who, c ui.Chrome) error {
	c.Title = "Doctor"
	p := doctorPage{Chrome: c}
	found, err := o.Examine(r.Context())
	if err != nil {
		return err
	}
	for _, f := range found {
		title, ok := checkTitles[f.Check]
		if !ok {
			title = f.Check
		}
		p.Findings = append(p.Findings, examined{f, title})
		switch f.State {
		case "wrong":
			p.Wrong++
		case "look":
			p.Look++
		}
	}
	slices.SortStableFunc(p.Findings, func(a, b examined) int { return gravity[a.State] - gravity[b.State] })
	o.Desk.Show(w, r, http.StatusOK, "doctor", p)
	return nil
}
