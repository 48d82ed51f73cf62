package site

import (
	"encoding/csv"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"shingle/internal/body/standing"
	"shingle/internal/roster"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

type registerPage struct {
	ui.Chrome
	Query    view.Query
	Facets   view.Facets
	List     view.List
	Exact    *view.Member  // whom the question names exactly, if anyone
	Standing view.Standing // of Exact
	Asked    bool          // something was asked for
	Later    bool          // this is not the first page
	NextURL  string
	Contents []ui.NavEntry // in files: the pages of the list
	CSVURL   string
	Statuses []standing.Status
	Sorts    []sorting
}

// sorting is one way to order the list; the one in use has no address.
type sorting struct{ Label, Href string }

func sortings(q view.Query) []sorting {
	var all []sorting
	for _, by := range []string{"name", "number", "newest"} {
		other := q
		if other.Sort = by; by == "name" {
			other.Sort = ""
		}
		href := addressOf("/register", other, "")
		if q.Sort == by || q.Sort == "" && by == "name" {
			href = ""
		}
		all = append(all, sorting{by, href})
	}
	return all
}

func queryOf(r *http.Request, c ui.Chrome) view.Query {
	v := r.URL.Query()
	get := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	return view.Query{Q: get("q"), Place: get("place"), Service: get("service"), Status: get("status"), Sort: get("sort"), Cursor: get("cursor"), At: c.Now}
}

// addressOf returns the address of a page of the same list.
func addressOf(path string, q view.Query, cursor string) string {
	v := url.Values{}
	for name, value := range map[string]string{"q": q.Q, "place": q.Place, "service": q.Service, "status": q.Status, "sort": q.Sort, "cursor": cursor} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

func (s *Site) register(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	ctx := r.Context()
	c.Title = "The register"
	p := registerPage{Chrome: c, Query: queryOf(r, c), Statuses: standing.Statuses}
	static, _ := ui.StaticOf(ctx)
	p.Query.Limit = static.Rows
	var err error
	if p.List, err = s.Register.Search(ctx, p.Query); err != nil {
		return err
	}
	if p.Facets, err = s.Register.Facets(ctx); err != nil {
		return err
	}
	p.Asked = p.Query.Q != "" || p.Query.Place != "" || p.Query.Service != "" || p.Query.Status != ""
	p.Later = p.Query.Cursor != ""
	if p.Query.Q != "" && !p.Later {
		if err := s.exactly(r, &p); err != nil {
			return err
		}
	}
	if p.List.Next != "" {
		p.NextURL = addressOf("/register", p.Query, p.List.Next)
	}
	if c.Static {
		p.NextURL, p.Contents = static.Next, static.Contents
	}
	p.Sorts = sortings(p.Query)
	p.CSVURL = addressOf("/register.csv", p.Query, "")
	s.pages.Show(w, r, http.StatusOK, "register", p)
	return nil
}

// exactly answers "is this company a member?" where the question names one member.
func (s *Site) exactly(r *http.Request, p *registerPage) error {
	number, err := s.Register.Exactly(r.Context(), p.Query.Q)
	if errors.Is(err, view.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	m, err := s.Register.Member(r.Context(), number)
	if err != nil {
		return err
	}
	if p.Standing, err = s.Register.Standing(r.Context(), number, p.Now); err != nil && !errors.Is(err, view.ErrNotFound) {
		return err
	}
	p.Exact = &m
	return nil
}

// exportPage is how many members an export reads at a time.
const exportPage = 500

func (s *Site) registerCSV(w http.ResponseWriter, r *http.Request, c ui.Chrome) error {
	q := queryOf(r, c)
	q.Limit, q.Cursor = exportPage, ""
	list, err := s.Register.Search(r.Context(), q)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="register-`+c.Now.In(c.Zone).Format("2006-01-02")+`.csv"`)
	out := csv.NewWriter(w)
	defer out.Flush()
	row := func(cells ...string) {
		_ = out.Write(roster.Escape(cells)) // the reader may have gone; Search then fails by its context
	}
	row("number", "name", "trading_names", "domains", "place", "country", "services", "status", "kind", "since")
	for {
		for _, m := range list.Members {
			row(m.Number, m.Name, strings.Join(m.TradingNames, ";"), strings.Join(m.Domains, ";"), m.Place, m.Country,
				strings.Join(m.Services, ";"), string(m.Standing.Status), string(m.Standing.Kind), m.Standing.Since.Format("2006-01-02T15:04:05Z07:00"))
		}
		if list.Next == "" {
			return nil
		}
		q.Cursor = list.Next
		if list, err = s.Register.Search(r.Context(), q); err != nil {
			// The head is out: a torn file must not look whole.
			s.Logger.ErrorContext(r.Context(), "export broke off", "error", err)
			panic(http.ErrAbortHandler)
		}
	}
}
