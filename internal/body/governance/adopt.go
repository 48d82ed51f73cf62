package governance

import (
	"time"

	"shingle/internal/act"
	"shingle/internal/code"
)

// Adopt makes a text a version of the body's code of ethics.
type Adopt struct {
	Text string `json:"text" label:"Code file" hint:"Markdown with front matter" rows:"20"`
}

// Adopted says that a text was adopted. It takes effect at the start of its effective day.
type Adopted struct {
	Version         string    `json:"version"`
	Title           string    `json:"title"`
	SHA256          string    `json:"sha256"` // of Text, hex: what members sign
	Text            string    `json:"text"`   // canonical
	Effective       act.Date  `json:"effective"`
	EffectiveAt     time.Time `json:"effective_at"`
	TransitionUntil time.Time `json:"transition_until"`
	At              time.Time `json:"at"`
}

// TakesEffect returns the start of the effective day.
func (a Adopted) TakesEffect() time.Time { return a.EffectiveAt }

// BodyFacts is what adopting must know of the body.
type BodyFacts struct{ Body Body }

var textReadable = act.Rule{
	ID:    "GOV-11",
	Cites: "code",
	Text:  "A code that is adopted can be read without a problem.",
	Cure:  "Mend the file; `shingle code check` names every problem.",
}

var versionNew = act.Rule{
	ID:    "GOV-12",
	Cites: "code.version",
	Text:  "A version label stands for one text, for ever.",
	Cure:  "Give the new text a new version label.",
}

var versionsInOrder = act.Rule{
	ID:    "GOV-13",
	Cites: "code.effective",
	Text:  "A version takes effect after the one that it supersedes.",
	Cure:  "Give a later effective date.",
}

var notBackInTime = act.Rule{
	ID:    "GOV-14",
	Cites: "code.effective",
	Text:  "Once the register is live, no version takes effect before the day of its adoption.",
	Cure:  "Give today or a later day as the effective date.",
}

var withinTenYears = act.Rule{
	ID:    "GOV-15",
	Cites: "code.effective",
	Text:  "A version takes effect within ten years of its adoption: a slip of the pen would keep every later version out.",
	Cure:  "Mend the year of the effective date.",
}

var adoptAct = act.Define(codeStream, "code.adopt", "Adopts a text as a version of the code of ethics.",
	func(Adopt, act.Meta) act.Target { return act.To("") }, adopt)

func adopt(c Code, f BodyFacts, cmd Adopt, m act.Meta) ([]act.Event, error) {
	b := f.Body
	if b.Founded.IsZero() {
		return nil, notFounded.Refuse("there is no body to adopt it")
	}
	v, problems := code.Parse([]byte(cmd.Text))
	if len(problems) > 0 {
		return nil, textReadable.Refuse("%s; problems: %d", problems[0], len(problems))
	}
	if held, ok := c.Version(v.Label); ok {
		if held.SHA256 == v.SHA256 {
			return nil, nil
		}
		return nil, versionNew.Refuse("version %s is another text", v.Label)
	}
	if n := len(c.Versions); n > 0 && !v.Effective.After(c.Versions[n-1].Effective) {
		return nil, versionsInOrder.Refuse("%s takes effect on %s, version %s on %s", v.Label, v.Effective, c.Versions[n-1].Label, c.Versions[n-1].Effective)
	}
	today := act.DateIn(m.At, b.Location)
	if live := !b.GoLive.IsZero() && !b.GoLive.After(today); live && v.Effective.Before(today) {
		return nil, notBackInTime.Refuse("%s is before today, %s", v.Effective, today)
	}
	if v.Effective.After(today.AddMonths(120)) {
		return nil, withinTenYears.Refuse("%s takes effect on %s", v.Label, v.Effective)
	}
	start := v.Effective.Start(b.Location)
	transition := start // no time at all
	if v.Transition.N > 0 {
		transition = code.Deadline(start, v.Transition, b.Location, b.Holidays)
	}
	return []act.Event{Adopted{
		Version: v.Label, Title: v.Title, SHA256: v.Hash(), Text: string(v.Text),
		Effective: v.Effective, EffectiveAt: start, TransitionUntil: transition, At: m.At,
	}}, nil
}
