package complaints

import (
	"context"
	"strconv"
	"strings"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/complainant"
	"shingle/internal/web/ui"
)

// placeholder stands for what is asked for on another page.
const placeholder = "…"

// tryLodge decides a complaint as far as it goes, and records nothing. It returns what would be lodged.
func (x *Complaints) tryLodge(v *visit, d complainant.Draft) (*cases.CaseLodged, error) {
	cmd, err := lodge(d.Answers)
	if err != nil {
		return nil, err
	}
	today := act.DateIn(v.Now, v.Zone)
	if cmd.From.IsZero() {
		return nil, nil
	}
	if cmd.Known.IsZero() {
		cmd.Known = today
	}
	cmd.Account, cmd.Anonymous, cmd.Name, cmd.Contact = act.NewPrivate("", placeholder), true, act.Private{}, act.Private{}
	return x.preview(v.r.Context(), anyone, cmd)
}

func (x *Complaints) preview(ctx context.Context, who ui.Who, cmd cases.Lodge) (*cases.CaseLodged, error) {
	done, err := x.Counter.Preview(ctx, who, ui.Asked{Command: cmd, Expect: -1})
	for _, e := range done.Events {
		if lodged, ok := e.Event.(cases.CaseLodged); ok && err == nil {
			return &lodged, nil
		}
	}
	return nil, err
}

// tryReport decides a report as far as it goes, and records nothing.
func (x *Complaints) tryReport(v *visit, d complainant.Draft, step string) (cases.Report, error) {
	cmd, err := report(d.Answers)
	if err != nil {
		return cmd, err
	}
	if step == "claimant" {
		cmd.Address, cmd.Captured = "https://example.com/", act.DateIn(v.Now, v.Zone)
	}
	_, err = x.Counter.Preview(v.r.Context(), anyone, ui.Asked{Command: cmd, Expect: -1})
	return cmd, err
}

// lodge makes a complaint out of answers; what is not answered yet is left out.
func lodge(answers map[string]string) (cmd cases.Lodge, err error) {
	for field, into := range map[string]*act.Date{"from": &cmd.From, "to": &cmd.To, "known": &cmd.Known} {
		if err := day(answers, field, into); err != nil {
			return cmd, err
		}
	}
	cmd.Respondent = answers["respondent"]
	for id := range strings.SplitSeq(answers["provisions"], ";") {
		if id != "" {
			cmd.Provisions = append(cmd.Provisions, id)
		}
	}
	account := strings.TrimSpace(answers["account"])
	if more := strings.TrimSpace(answers[evidence]); more != "" && account != "" {
		account += "\n\nWhat could show it:\n" + more
	}
	cmd.Account, cmd.Anonymous = act.NewPrivate("", account), answers[named] != "yes" && answers[named] != byMember
	if !cmd.Anonymous {
		cmd.Name, cmd.Contact = act.NewPrivate("", strings.TrimSpace(answers["name"])), act.NewPrivate("", strings.TrimSpace(answers["contact"]))
	}
	return cmd, nil
}

// report makes a report of a false claim out of answers.
func report(answers map[string]string) (cmd cases.Report, err error) {
	cmd.Company, cmd.Address, cmd.Former = strings.TrimSpace(answers["claimant"]), strings.TrimSpace(answers["address"]), strings.TrimSpace(answers["former"])
	cmd.Contact = act.NewPrivate("", strings.TrimSpace(answers["contact"]))
	return cmd, day(answers, "captured", &cmd.Captured)
}

func day(answers map[string]string, field string, into *act.Date) (err error) {
	given := strings.TrimSpace(answers[field])
	if given == "" {
		return nil
	}
	if *into, err = act.ParseDate(given); err != nil {
		return &act.BadField{Field: field, Detail: "This is no day; write one such as 2026-03-31."}
	}
	return nil
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	if len(s) > 3 {
		s = s[:len(s)-3] + "," + s[len(s)-3:]
	}
	return s
}
