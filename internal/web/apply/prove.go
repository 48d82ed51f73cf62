package apply

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/gate"
	"shingle/internal/proofs"
	"shingle/internal/web/ui"
)

// proving is a domain of the application, and what shows that it is the company's own.
type proving struct {
	proofs.Challenge
	Seen *proofs.Result // what was just seen; nil before it was looked for
}

// looks is how often the domains of an application are looked for. DNS takes longer than that to change anyway.
var looks = account.Limit{Name: "looks for an applicant's domains", Most: 12, In: time.Hour}

// toProve returns the domains of an application whose check of them is still to be passed; none once it is, or once
// the application was decided.
func (a *Apply) toProve(ctx context.Context, one application) (all []proving, err error) {
	m, err := a.Desk.Member(ctx, one.Number)
	passed, _, _ := m.Looked()
	if err != nil || m.Stage != membership.Applicant || slices.Contains(passed, "domain") {
		return nil, err
	}
	for _, d := range m.Domains {
		c, err := proofs.ChallengeOf(a.Digest, one.Number, d.Name)
		if err != nil {
			return nil, err
		}
		all = append(all, proving{Challenge: c})
	}
	return all, nil
}

// prove looks for the lines that the applicant publishes on its domains, on all at once. If every one is there, the
// check of the domains is passed, and what was seen stands in it.
func (a *Apply) prove(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	ctx := r.Context()
	all, err := a.applications(ctx, who, c)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(one application) bool { return one.Number == r.PathValue("number") })
	if i < 0 {
		return a.Desk.NotFound(w, r, c)
	}
	p, err := a.progressPage(r, c, all[i])
	if err != nil {
		return err
	}
	if len(p.Domains) == 0 { // it was passed meanwhile, or decided
		http.Redirect(w, r, Progress(p.Number), http.StatusSeeOther)
		return nil
	}
	var often *account.TooMany
	switch err := a.Attempt(ctx, looks, p.Number); {
	case errors.As(err, &often):
		p.Trouble = "This was looked at too often in the last hour. It can be looked at again from " + often.Again.In(c.Zone).Format("15:04") + " on."
		a.Desk.Show(w, r, http.StatusTooManyRequests, "progress", p)
		return nil
	case err != nil:
		return err
	}
	seen, err := a.look(ctx, p.Domains)
	if err != nil {
		return err
	}
	if len(seen) < len(p.Domains) {
		p.Trouble = "It is not there yet. Nothing was recorded."
		a.Desk.Show(w, r, http.StatusOK, "progress", p)
		return nil
	}
	// The system asks for it, which looked; whose wish it was is recorded too.
	_, err = a.Desk.Counter.Ask(ctx, ui.Who{Actor: who.Actor, Holder: who.Holder, Role: gate.System}, ui.Asked{
		Command: membership.RecordCheck{Member: p.Number, Check: "domain", How: strings.Join(seen, "; "), Result: "passed"}, Expect: -1,
	})
	if refusal, refused := act.Refused(err); refused {
		p.Trouble = refusal.Rule.Text + " " + refusal.Rule.Cure
		a.Desk.Show(w, r, http.StatusUnprocessableEntity, "progress", p)
		return nil
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, Progress(p.Number)+"?shown=yes", http.StatusSeeOther)
	return nil
}

// look looks for the line of each domain, and returns what was seen where it was found.
func (a *Apply) look(ctx context.Context, domains []proving) (found []string, err error) {
	errs := make([]error, len(domains))
	var all sync.WaitGroup
	for i := range domains {
		all.Go(func() {
			seen, err := a.Proofs.Check(ctx, domains[i].Challenge)
			domains[i].Seen, errs[i] = &seen, err
		})
	}
	all.Wait()
	for _, d := range domains {
		if d.Seen.How != "" {
			found = append(found, d.Seen.Evidence)
		}
	}
	return found, errors.Join(errs...)
}
