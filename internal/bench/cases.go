package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/app"
	"shingle/internal/body/cases"
	"shingle/internal/body/people"
	"shingle/internal/cli"
	"shingle/internal/record"
	view "shingle/internal/view/body"
)

// lookups is how often a page of the list of cases is asked for.
const lookups = 3000

// caseList fills a body with as many cases as the middling register has members, and pages through their list in the
// ways in which officers do.
func caseList(ctx context.Context, s *session) ([]row, error) {
	at := cli.Place{Data: filepath.Join(s.scratch, "cases")}
	if err := s.found(at); err != nil {
		return nil, err
	}
	file, err := s.roster(330)
	if err != nil {
		return nil, err
	}
	b, err := app.Open(ctx, at, nil)
	if err != nil {
		return nil, err
	}
	if _, err := s.enrol(b, file); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	managers, err := s.complain(ctx, b)
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	took, err := lookUp(ctx, b.Register, managers)
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	slices.Sort(took)
	half, most := took[len(took)/2], took[len(took)*99/100]
	return []row{{
		what: "a page of the list of " + figure(float64(s.Some)) + " cases", measured: fmt.Sprintf("p50 %s, p99 %s", short(half), short(most)),
		beside: "–", value: "p99 " + short(most), target: "p99 < 20 ms", met: most < 20*time.Millisecond,
	}}, b.Close()
}

// complain lodges the cases, gives most of them to case managers, and lets these dismiss or settle some.
func (s *session) complain(ctx context.Context, b *app.Body) (managers []string, err error) {
	ask := func(actor, role string, cmd any) *record.Pending {
		return b.Record.Ask(ctx, record.Request{Command: cmd, Actor: actor, Role: role, Expect: -1})
	}
	for range 10 {
		done, err := ask("operator", "operator", people.InviteOfficer{
			Role: people.CaseManager, Name: act.NewPersonal("", "Somebody"), Email: act.NewPersonal("", "somebody@example.com"), Until: today().AddMonths(24),
		}).Wait()
		if err != nil {
			return nil, err
		}
		number := strings.TrimPrefix(done.Stream, "person/")
		if _, err := ask("system", "system", people.Join{Person: number}).Wait(); err != nil {
			return nil, err
		}
		managers = append(managers, number)
	}
	text := act.NewPrivate("", "what was confided")
	for begun := 0; begun < s.Some; {
		n := min(1000, s.Some-begun)
		lodged := make([]*record.Pending, n)
		for i := range lodged {
			lodged[i] = ask("anyone", "anyone", cases.Lodge{
				Respondent: number((begun + i) % 330), From: today().AddDays(-9), Known: today().AddDays(-5), Anonymous: true, Account: text,
			})
		}
		var then []*record.Pending
		for i, p := range lodged {
			done, err := p.Wait()
			if err != nil {
				return nil, err
			}
			id, which := strings.TrimPrefix(done.Stream, "case/"), begun+i
			if which%10 == 0 {
				continue // nobody has taken it on
			}
			manager := managers[which/10%len(managers)]
			then = append(then, ask("person/"+manager, people.CaseManager, cases.Assign{Case: id, Person: manager}))
			switch {
			case which%10 < 4:
				then = append(then, ask("person/"+manager, people.CaseManager, cases.Settle{Case: id, Terms: text, Complainant: true, Respondent: true}))
			case which%10 < 6:
				then = append(then, ask("person/"+manager, people.CaseManager, cases.Investigate{Case: id, Plan: text}))
			}
		}
		for _, p := range then {
			if _, err := p.Wait(); err != nil {
				return nil, err
			}
		}
		begun += n
	}
	return managers, nil
}

// lookUp asks for pages of the list: from the beginning and further on, of a stage, a case manager, a member.
func lookUp(ctx context.Context, register view.Register, managers []string) (took []time.Duration, err error) {
	r := rand.New(rand.NewPCG(1, 2))
	after := map[int]string{}
	for i := range lookups {
		kind := i % 6
		q := view.DocketQuery{Open: true, Limit: 50, After: after[kind]}
		switch kind {
		case 1:
			q.Sort = view.DocketNewest
		case 2:
			q.Stage = cases.Investigating
		case 3:
			q.Manager = managers[r.IntN(len(managers))]
			q.After = ""
		case 4:
			q.Open, q.Member, q.After = false, number(r.IntN(330)), ""
		case 5:
			q.Open, q.Sort, q.Stage = false, view.DocketNewest, cases.Closed
		}
		began := time.Now()
		page, err := register.Docket(ctx, q)
		took = append(took, time.Since(began))
		if err != nil {
			return nil, err
		}
		if len(page.Rows) == 0 {
			return nil, fmt.Errorf("there is no case on the page of %+v", q)
		}
		after[kind] = page.Next
	}
	return took, nil
}
