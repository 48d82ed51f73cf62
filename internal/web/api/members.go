package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shingle/internal/act"
	"shingle/internal/body/standing"
	view "shingle/internal/view/body"
)

type (
	// membersInput asks for a page of the register.
	membersInput struct {
		Q       string `query:"q" maxLength:"200" doc:"Beginnings of words of the name, a trading name or a domain; or a number."`
		Status  string `query:"status" enum:"good,not-subscribed,conditional,lapsed,withdrawn,withdrawn-under-investigation,suspended,expelled" doc:"Only members of this status."`
		Place   string `query:"place" maxLength:"200" doc:"Only members in this place or country."`
		Service string `query:"service" maxLength:"200" doc:"Only members that offer this service."`
		Sort    string `query:"sort" enum:"name,number,newest" default:"name" doc:"In which order."`
		Limit   int    `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"How many at a time."`
		Cursor  string `query:"cursor" maxLength:"1000" doc:"The value next of the page before."`
	}
	membersOutput struct{ Body membersPage }
	membersPage   struct {
		Members []listedItem `json:"members"`
		Total   int64        `json:"total" doc:"How many there are on all pages."`
		AtLeast bool         `json:"at_least,omitempty" doc:"There are more than total: they were not all counted."`
		Next    *string      `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last."`
	}
	listedItem struct {
		Number  string          `json:"number"`
		Name    string          `json:"name"`
		Status  standing.Status `json:"status"`
		Since   time.Time       `json:"since"`
		Domains []string        `json:"domains"`
		Kind    *standing.Kind  `json:"kind" nullable:"true"`
		Place   string          `json:"place"`
		Country string          `json:"country"`
	}

	numberInput struct {
		Number string `path:"number" doc:"The member's number, e.g. 0042."`
	}
	memberOutput struct{ Body memberFacts }
	memberFacts  struct {
		Number       string       `json:"number"`
		Name         string       `json:"name"`
		TradingNames []string     `json:"trading_names"`
		Domains      []domainItem `json:"domains"`
		Services     []string     `json:"services"`
		Address      string       `json:"address"`
		Place        string       `json:"place"`
		Country      string       `json:"country"`
		Admitted     *time.Time   `json:"admitted" nullable:"true"`
		Code         *codeItem    `json:"code" doc:"The text of the code that the member last signed; null if it signed none."`
		Successor    *string      `json:"successor" nullable:"true" doc:"Number of the member that it merged into."`
		Standing     statusItem   `json:"standing"`
		History      []spanItem   `json:"history" doc:"How it stood over time, oldest first."`
	}
	domainItem struct {
		Domain   string     `json:"domain"`
		ProvenAt *time.Time `json:"proven_at" nullable:"true" doc:"When control of it was last proven."`
		How      *string    `json:"how" nullable:"true" doc:"How: dns, well-known or paper."`
	}
	codeItem struct {
		Version      string    `json:"version"`
		SHA256       string    `json:"sha256"`
		SubscribedAt time.Time `json:"subscribed_at"`
	}
	statusItem struct {
		Status standing.Status `json:"status"`
		Kind   *standing.Kind  `json:"kind" nullable:"true"`
		Since  time.Time       `json:"since"`
	}
	spanItem struct {
		Status standing.Status `json:"status"`
		Kind   *standing.Kind  `json:"kind" nullable:"true"`
		From   time.Time       `json:"from"`
		Until  *time.Time      `json:"until" nullable:"true" doc:"Excluded; null: it still is."`
	}
)

func (a *API) describeMembers(h huma.API) {
	register(a, h, operation("list-members", "/members", "Search the register",
		"Lists members by name, narrowed by what is given."), a.members)
	register(a, h, operation("get-member", "/members/{number}", "A member's public facts",
		"What the register says of one member. An expelled member's page never disappears."), a.member)
}

// unopened refuses the public before the register is open.
func (a *API) unopened(ctx context.Context) error {
	b, err := a.body(ctx)
	if err != nil || isOpen(b, a.now()) {
		return err
	}
	return a.mayPreview(ctx)
}

func (a *API) members(ctx context.Context, in *membersInput) (*membersOutput, error) {
	if err := a.unopened(ctx); err != nil {
		return nil, err
	}
	list, err := a.Register.Search(ctx, view.Query{
		Q: in.Q, Place: in.Place, Service: in.Service, Status: in.Status,
		Sort: in.Sort, Limit: in.Limit, Cursor: in.Cursor, At: a.now(),
	})
	if err != nil {
		return nil, err
	}
	page := membersPage{Members: make([]listedItem, len(list.Members)), Total: list.Total, AtLeast: list.Capped, Next: orNull(list.Next)}
	for i, m := range list.Members {
		page.Members[i] = listedItem{
			Number: m.Number, Name: m.Name, Status: m.Standing.Status, Since: m.Standing.Since, Domains: orEmpty(m.Domains),
			Kind: orNull(m.Standing.Kind), Place: m.Place, Country: m.Country,
		}
	}
	return &membersOutput{page}, nil
}

func (a *API) member(ctx context.Context, in *numberInput) (*memberOutput, error) {
	if err := a.unopened(ctx); err != nil {
		return nil, err
	}
	if !act.IsMemberNumber(in.Number) {
		return nil, errNoMember
	}
	now := a.now()
	m, err := a.Register.Member(ctx, in.Number)
	if err != nil {
		return nil, notFoundAs(err, errNoMember)
	}
	s, err := a.Register.Standing(ctx, in.Number, now)
	if err != nil {
		return nil, notFoundAs(err, errNoMember) // not yet a member
	}
	history, err := a.Register.History(ctx, in.Number, now)
	if err != nil {
		return nil, err
	}
	facts := memberFacts{
		Number: m.Number, Name: m.Name, TradingNames: orEmpty(m.TradingNames), Domains: []domainItem{}, Services: orEmpty(m.Services),
		Address: m.Address, Place: m.Place, Country: m.Country, Admitted: orNull(m.Admitted), Successor: orNull(m.Successor),
		Standing: statusItem{s.Status, orNull(s.Kind), s.Since}, History: []spanItem{},
	}
	for _, d := range m.Domains {
		facts.Domains = append(facts.Domains, domainItem{d.Domain, orNull(d.ProvenAt), orNull(d.How)})
	}
	if m.Code.Version != "" {
		facts.Code = &codeItem{m.Code.Version, m.Code.SHA256, m.Code.At}
	}
	for _, span := range history {
		facts.History = append(facts.History, spanItem{span.Status, orNull(span.Kind), span.Since, orNull(span.Until)})
	}
	return &memberOutput{facts}, nil
}
