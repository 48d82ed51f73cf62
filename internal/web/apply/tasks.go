package apply

import (
	"net/http"
	"time"

	"shingle/internal/applicant"
	"shingle/internal/web/ui"
)

// tasksPage is the task list.
type tasksPage struct {
	ui.Chrome
	Tasks   []taskLine
	Ready   bool      // every task is done
	Begun   bool      // there is a draft
	Done    int       // tasks
	Updated time.Time // of the draft
	Until   time.Time // when it is removed, if nobody touches it
	Sent    bool      // they have sent an application before
}

type taskLine struct {
	Title, Href string
	State       State
}

func (a *Apply) tasks(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	draft, err := a.Drafts.Read(r.Context(), who.Actor)
	if err != nil {
		return err
	}
	sent, err := a.applications(r.Context(), who, c)
	if err != nil {
		return err
	}
	c.Title, c.Active = "Your application", "/apply/tasks"
	p := tasksPage{Chrome: c, Ready: true, Begun: !draft.Updated.IsZero(), Updated: draft.Updated, Until: draft.Updated.Add(applicant.Life), Sent: len(sent) > 0}
	for _, t := range tasks {
		line := taskLine{t.title, "/apply/tasks/" + t.first(draft), t.state(draft)}
		if line.State == Done {
			p.Done++
		} else {
			p.Ready = false
		}
		p.Tasks = append(p.Tasks, line)
	}
	a.Desk.Show(w, r, http.StatusOK, "tasks", p)
	return nil
}

// discard deletes the draft.
func (a *Apply) discard(w http.ResponseWriter, r *http.Request, who ui.Who, _ ui.Chrome) error {
	if err := a.Drafts.Discard(r.Context(), who.Actor); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/apply/tasks", http.StatusSeeOther)
	return nil
}
