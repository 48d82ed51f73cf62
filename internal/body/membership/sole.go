package membership

import (
	"shingle/internal/act"
)

var tradesUnderName = act.Rule{
	ID:    "MEM-33",
	Cites: "GDPR art. 17",
	Text:  "Who trades alone is known under a trading name: the public log keeps names for ever, and a person's own must be forgotten one day.",
	Cure:  "Give the trading name.",
}

// named returns under which names a company is recorded. Of somebody who trades alone the legal name is a
// person's: it is sealed under that person's key, and the first trading name stands in its place everywhere.
func named(name string, trading []string, alone bool, person string) (string, []string, act.Personal, error) {
	switch {
	case !alone:
		return name, trading, act.Personal{}, nil
	case len(trading) == 0:
		return name, nil, act.Personal{}, tradesUnderName.Refuse("no trading name is given")
	}
	return trading[0], trading[1:], act.NewPersonal(person, name), nil
}
