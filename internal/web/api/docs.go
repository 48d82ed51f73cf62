package api

import (
	"cmp"
	"embed"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shingle/internal/web/ui"
)

//go:embed pages/*.html
var pageFiles embed.FS

// docsPage is what /docs shows: the description of the API, for people.
type docsPage struct {
	ui.Chrome
	About    []string
	Origin   string
	Reads    []docOperation // anyone
	Asks     []docOperation // with a token
	Acts     []docOperation
	Problems []problemKind
}

// docOperation is one thing that can be asked.
type docOperation struct {
	ID, Method, Path, Summary, Description string
	Params                                 []docParam
}

type docParam struct {
	Name, In, Type, Description string
	Required                    bool
}

// problemKind is one sort of problem, by the last part of its type.
type problemKind struct{ Slug, Status, Means string }

// problems are all sorts of problems. Their types are addresses below /problems/.
var problems = []problemKind{
	{"bad-request", "400, 422", "Something that was sent cannot be read; field names it."},
	{"sign-in", "401", "A bearer token is needed, or this one is not valid."},
	{"step-up", "401", "You may do this once you have proven afresh that it is you: it is over five minutes ago that you used your passkey."},
	{"not-allowed", "403", "The gate does not grant this to your role."},
	{"no-member-found", "404", "No member has this number or domain. It may trade under another name."},
	{"not-found", "404", "Nothing is at this address."},
	{"not-open", "404", "The register is not open yet."},
	{"unknown-act", "404", "There is no such kind of act; GET /api/v1/acts lists all."},
	{"method", "405", "The address is there, but not for this method; see Allow."},
	{"conflict", "409", "The stream is no longer at the version in If-Match. Nothing was changed."},
	{"expired", "410", "A notice was here; its time has passed."},
	{"too-large", "413", "The request is larger than 1 MiB."},
	{"media-type", "415", "The content is neither JSON nor a form."},
	{"refused", "422", "A lawful no: rule, cites and cure say which rule, where it comes from and what would satisfy it."},
	{"key-reused", "422", "The idempotency key was used before, for another request."},
	{"no-course-found", "404", "The catalogue has no course of this number."},
	{"no-person-found", "404", "Nobody has this number."},
	{"forgotten", "422", "The key of this person was destroyed: nothing personal to them is recorded any more."},
	{"other-site", "403", "The request came with a session, from a page of another site. Nothing was changed."},
	{"too-many", "429", "This was tried too often from your address or account. Nothing was changed; ask again after Retry-After."},
	{"receipt-lags", "503", "The public log does not say yet how the member stands. Ask again in a second."},
	{"busy", "503", "Too many ask at once. Nothing was changed; ask again after Retry-After."},
	{"unavailable", "503", "Not possible right now; detail says why, Retry-After when to ask again."},
	{"fault", "500", "A fault of ours. It has been noted."},
}

// describePages makes the page /docs out of the description.
func describePages(doc *huma.OpenAPI) docsPage {
	page := docsPage{About: strings.Split(doc.Info.Description, "\n\n"), Problems: problems}
	for path, item := range doc.Paths {
		for method, op := range map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post} {
			if op == nil {
				continue
			}
			d := docOperation{ID: op.OperationID, Method: method, Path: path, Summary: op.Summary, Description: op.Description}
			for _, p := range op.Parameters {
				d.Params = append(d.Params, docParam{p.Name, p.In, typeOf(p.Schema), cmp.Or(p.Description, p.Schema.Description), p.Required})
			}
			switch op.Tags[0] {
			case "public":
				page.Reads = append(page.Reads, d)
			case "acts":
				d.Params = actParams(op)
				page.Acts = append(page.Acts, d)
			default:
				page.Asks = append(page.Asks, d)
			}
		}
	}
	byPath := func(a, b docOperation) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
	}
	slices.SortFunc(page.Reads, byPath)
	slices.SortFunc(page.Asks, byPath)
	slices.SortFunc(page.Acts, byPath)
	return page
}

func actParams(op *huma.Operation) []docParam {
	body := op.RequestBody.Content["application/json"].Schema
	var params []docParam
	for name, s := range body.Properties {
		params = append(params, docParam{name, "body", typeOf(s), s.Title + hint(s.Description), slices.Contains(body.Required, name)})
	}
	slices.SortFunc(params, func(a, b docParam) int {
		if a.Required != b.Required {
			if a.Required {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return params
}

func hint(s string) string {
	if s == "" {
		return ""
	}
	return ": " + s
}

// typeOf names the type of a parameter in a word.
func typeOf(s *huma.Schema) string {
	switch {
	case s == nil:
		return "text"
	case len(s.Enum) > 0:
		values := make([]string, len(s.Enum))
		for i, v := range s.Enum {
			values[i], _ = v.(string)
		}
		return strings.Join(values, ", ")
	}
	switch s.Format {
	case "date":
		return "date"
	case "date-time":
		return "time"
	}
	return map[string]string{"integer": "number", "boolean": "true or false", "array": "list of texts"}[s.Type]
}

// serveDocs answers GET /docs.
func (a *API) serveDocs(w http.ResponseWriter, r *http.Request) {
	c, err := a.chrome(r)
	if err != nil {
		a.pages.Fail(w, r, c, err)
		return
	}
	page := a.docs()
	page.Chrome = c
	page.Title, page.Origin = "For programs", a.Origin
	a.pages.Show(w, r, http.StatusOK, "docs", page)
}

// serveProblem leads from a problem's type to what it means.
func (a *API) serveProblem(w http.ResponseWriter, r *http.Request) {
	slug := r.PathValue("slug")
	if !slices.ContainsFunc(problems, func(k problemKind) bool { return k.Slug == slug }) {
		c, err := a.chrome(r)
		if err != nil {
			a.pages.Fail(w, r, c, err)
			return
		}
		a.pages.Problem(w, r, c, ui.NotFound("There is no problem of this type."))
		return
	}
	http.Redirect(w, r, "/docs#problem-"+slug, http.StatusSeeOther)
}

// chrome is what surrounds a page.
func (a *API) chrome(r *http.Request) (ui.Chrome, error) {
	c := ui.Chrome{Now: a.now(), Zone: time.UTC, Active: "/docs", BodyName: "A new body", Launch: true, Demo: a.Demo}
	b, err := a.body(r.Context())
	_, c.Static = ui.StaticOf(r.Context())
	if err == nil && !b.Founded.IsZero() {
		c.BodyName, c.BodyShort, c.Zone, c.Launch = b.Name, b.Short, b.Location, !isOpen(b, c.Now)
	}
	return c, err
}
