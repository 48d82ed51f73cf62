package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	view "shingle/internal/view/body"
)

type (
	noticesInput struct {
		Member string `query:"member" maxLength:"12" doc:"Only notices about this member."`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at a time."`
		Cursor string `query:"cursor" maxLength:"40" doc:"The value next of the page before."`
	}
	noticesOutput struct{ Body noticesPage }
	noticesPage   struct {
		Notices []noticeItem `json:"notices" doc:"Newest first."`
		Next    *string      `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last."`
	}
	noticeInput struct {
		ID string `path:"id" doc:"The notice's number, e.g. 2026-0001."`
	}
	noticeOutput struct{ Body noticeItem }
	finding      struct {
		Provision string `json:"provision" doc:"Its id; several, comma separated, in older notices with one finding for all."`
		Text      string `json:"text"`
	}
	noticeItem struct {
		ID          string     `json:"id"`
		Member      string     `json:"member"`
		Name        string     `json:"name" doc:"The member's name when the notice was published."`
		Class       string     `json:"class"`
		Title       string     `json:"title"`
		Text        string     `json:"text" doc:"Plain text; paragraphs are separated by empty lines."`
		Finding     string     `json:"finding" doc:"All findings in one text."`
		Findings    []finding  `json:"findings" doc:"What was found of each provision; empty for an interim suspension and for corrections."`
		Provisions  []string   `json:"provisions"`
		Decided     *string    `json:"decided" nullable:"true" doc:"Calendar date."`
		Effective   *time.Time `json:"effective" nullable:"true"`
		Appeal      string     `json:"appeal" doc:"The state of the appeal, in words."`
		SHA256      string     `json:"sha256" doc:"Of the published text."`
		Corrects    *string    `json:"corrects" nullable:"true" doc:"The notice that this one corrects."`
		CorrectedBy *string    `json:"corrected_by" nullable:"true"`
		Published   time.Time  `json:"published"`
		Expires     *time.Time `json:"expires" nullable:"true" doc:"Null: never."`
		Position    int64      `json:"position" doc:"In the record."`
	}
)

func (a *API) describeNotices(h huma.API) {
	register(a, h, operation("list-notices", "/notices", "Notices", "Published decisions that have not expired, newest first."), a.notices)
	register(a, h, operation("get-notice", "/notices/{id}", "One notice", "After its time, 410: its address then only says that there was one."), a.notice)
}

func (a *API) notices(ctx context.Context, in *noticesInput) (*noticesOutput, error) {
	if err := a.unopened(ctx); err != nil {
		return nil, err
	}
	all, err := a.Register.Notices(ctx, in.Member, in.Cursor, a.now(), in.Limit+1)
	if err != nil {
		return nil, err
	}
	page := noticesPage{Notices: []noticeItem{}}
	if len(all) > in.Limit {
		all = all[:in.Limit]
		page.Next = &all[in.Limit-1].ID
	}
	for _, n := range all {
		page.Notices = append(page.Notices, noticeOf(n))
	}
	return &noticesOutput{page}, nil
}

func (a *API) notice(ctx context.Context, in *noticeInput) (*noticeOutput, error) {
	if err := a.unopened(ctx); err != nil {
		return nil, err
	}
	n, err := a.Register.Notice(ctx, in.ID)
	if err != nil {
		return nil, notFoundAs(err, newProblem("not-found", http.StatusNotFound, "There is no such notice", "No notice has this number.", "See the list of notices."))
	}
	if n.Expired(a.now()) {
		return nil, newProblem("expired", http.StatusGone, "This notice has expired",
			"A notice was published here. Its time has passed.", "")
	}
	return &noticeOutput{noticeOf(n)}, nil
}

func findingsOf(n view.Notice) []finding {
	all := make([]finding, len(n.Findings))
	for i, f := range n.Findings {
		all[i] = finding(f)
	}
	return all
}

func inOneText(all []view.Finding) string {
	lines := make([]string, len(all))
	for i, f := range all {
		lines[i] = f.Provision + ": " + f.Text
	}
	return strings.Join(lines, "\n")
}

func noticeOf(n view.Notice) noticeItem {
	return noticeItem{
		ID: n.ID, Member: n.Member, Name: n.Name, Class: n.Class, Title: n.Title, Text: n.Text, Finding: inOneText(n.Findings), Findings: findingsOf(n),
		Provisions: orEmpty(n.Provisions), Decided: orNull(n.Decided), Effective: orNull(n.Effective), Appeal: n.Appeal, SHA256: n.SHA256,
		Corrects: orNull(n.Corrects), CorrectedBy: orNull(n.CorrectedBy), Published: n.Published, Expires: orNull(n.Expires), Position: n.Position,
	}
}

// notFoundAs says of what is not in the register what it is.
func notFoundAs(err error, missing *problem) error {
	if errors.Is(err, view.ErrNotFound) {
		return missing
	}
	return err
}
