package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"shingle/internal/act"
	"shingle/internal/web/ui"
)

const about = `What a professional body says about its members, for programs.

Reading what is public needs no account; any page may do it (CORS, without credentials). Acts need a bearer token.
Times are RFC 3339 in UTC. Lists are read with limit and cursor. Whatever goes wrong is a problem (RFC 9457).`

func outline() *huma.OpenAPI {
	return &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info:    &huma.Info{Title: "Shingle", Version: "1", Description: about},
		Components: &huma.Components{
			Schemas: huma.NewMapRegistry("#/components/schemas/", schemaName),
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"token": {Type: "http", Scheme: "bearer", Description: "A token with a role, made with shingle token create."},
			},
		},
	}
}

// schemaName names types without the endings that only Go needs.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for _, ending := range []string{"JSON", "Item"} {
		if cut, ok := bytes.CutSuffix([]byte(name), []byte(ending)); ok && len(cut) > 0 {
			return string(cut)
		}
	}
	return name
}

func operation(id, path, summary, description string) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodGet, Path: prefix + path, Summary: summary, Description: description, Tags: []string{"public"}}
}

func signedIn(op huma.Operation) huma.Operation {
	op.Security = []map[string][]string{{"token": {}}}
	op.Tags = []string{"with a token"}
	return op
}

// register adds an operation to the API and to its description.
func register[I, O any](a *API, h huma.API, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	op.Responses = map[string]*huma.Response{"default": problemResponse(h)}
	op.RejectUnknownQueryParameters = true
	huma.Register(h, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err == nil {
			return out, nil
		}
		p := problemOf(err)
		if p.Status == http.StatusInternalServerError {
			a.Logger.ErrorContext(ctx, "request failed", "operation", op.OperationID, "error", err)
		}
		return nil, p
	})
}

func schemaOf[T any](h huma.API) *huma.Schema {
	return h.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
}

func content(kind string, s *huma.Schema) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{kind: {Schema: s}}
}

func problemResponse(h huma.API) *huma.Response {
	return &huma.Response{Description: "A problem (RFC 9457).", Content: content("application/problem+json", schemaOf[ui.Problem](h))}
}

// describe registers what huma answers and describes the rest, which has handlers of its own.
func (a *API) describe(mux *http.ServeMux) *huma.OpenAPI {
	h := a.huma(mux)
	a.describeMembers(h)
	a.describeStanding(h)
	a.describeNotices(h)
	a.describeAccountability(h)
	a.describeEducation(h)
	a.describeCode(h)
	a.describeLog(h)
	a.describeActs(h)
	for _, k := range a.askable() {
		describeAct(h, k)
	}
	a.describeRecord(h)
	schemas := h.OpenAPI().Components.Schemas.Map()
	orNullSchema(schemas["Standing"], "code", "log")
	orNullSchema(schemas["MemberFacts"], "code")
	for _, s := range schemas {
		for _, p := range s.Properties {
			p.Nullable = p.Nullable && p.Type != huma.TypeArray // a list without anything is [], never null
		}
	}
	return h.OpenAPI()
}

// orNullSchema says of properties that are objects that they may be null; huma does so only for others.
func orNullSchema(s *huma.Schema, names ...string) {
	for _, name := range names {
		p := s.Properties[name]
		s.Properties[name] = &huma.Schema{Description: p.Description, OneOf: []*huma.Schema{{Ref: p.Ref}, {Type: "null"}}}
	}
}

func text(description string) *huma.Schema {
	return &huma.Schema{Type: "string", Description: description}
}

func (a *API) describeStanding(h huma.API) {
	number := &huma.Param{Name: "number", In: "path", Required: true, Description: "The member's number, e.g. 0042.", Schema: text("")}
	at := &huma.Param{Name: "at", In: "query", Schema: text(""), Description: "When it was so: a time (RFC 3339), or a date, which means " +
		"the last moment of that day in the body's zone, and for today means now. The default is now, in whole seconds unless something " +
		"happened to the member in this very second. What lies ahead is not answered to the public."}
	known := &huma.Param{Name: "known", In: "query", Schema: text(""), Description: "As it was known at this time or date; never later than now. " +
		"What was recorded later is left out, so the answer for a past time never changes."}
	answer := func(op huma.Operation, params ...*huma.Param) {
		op.Parameters = params
		op.Responses = map[string]*huma.Response{
			"200":     {Description: "How the member stands.", Content: content("application/json", schemaOf[standingJSON](h))},
			"default": problemResponse(h),
		}
		h.OpenAPI().AddOperation(&op)
	}
	answer(operation("get-standing", "/members/{number}/standing", "How a member stands",
		"Status, kind, reasons and what would cure them: computed when asked, for any past moment, as known at any moment."), number, at, known)
	answer(signedIn(operation("get-own-standing", "/members/{number}/standing/own", "How a member stands, as it is told itself",
		"For the member's own people and the body's officers: also what is overdue while grace runs, and until when it can be made good.")), number, at, known)
	domain := &huma.Param{Name: "domain", In: "query", Required: true, Schema: text(""),
		Description: "A web address of the company: its domain, or a host below it. Only domains whose control was proven are found."}
	answer(operation("get-standing-by-domain", "/standing", "How the member with this domain stands",
		"As by number. No member found is never \"not a member\": a company may trade under another name."), domain, at, known)

	receipt := operation("get-receipt", "/members/{number}/receipt", "A standing receipt",
		"A signed text that anyone can check offline with the keys in /.well-known/shingle.json, e.g. by shingle verify. "+
			"It is valid for a day, or until the next public change. 503 while the public log does not say yet how the member stands.")
	receipt.Parameters = []*huma.Param{number}
	receipt.Responses = map[string]*huma.Response{
		"200":     {Description: "The receipt.", Content: content("text/plain", text(""))},
		"default": problemResponse(h),
	}
	h.OpenAPI().AddOperation(&receipt)
}

var fieldSchemas = map[string]huma.Schema{
	"text": {Type: "string"}, "private": {Type: "string"}, "number": {Type: "integer"}, "yes/no": {Type: "boolean"},
	"date": {Type: "string", Format: "date"}, "time": {Type: "string", Format: "date-time"},
	"list": {Type: "array", Items: &huma.Schema{Type: "string"}},
}

// describeAct describes one kind of act at the address it is asked for at.
func describeAct(h huma.API, k *act.Act) {
	body := &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
	for _, f := range k.Fields {
		s := fieldSchemas[f.Type]
		s.Title, s.Description = f.Label, f.Hint
		for _, value := range f.Values() {
			s.Enum = append(s.Enum, value)
		}
		body.Properties[f.Name] = &s
		if f.Required && f.Type != "yes/no" {
			body.Required = append(body.Required, f.Name)
		}
	}
	op := signedIn(operation(k.Kind, "/acts/"+k.Kind, k.Does, ""))
	op.Method, op.Tags = http.MethodPost, []string{"acts"}
	op.Parameters = []*huma.Param{
		{Name: "Idempotency-Key", In: "header", Schema: text(""), Description: "Asking again with the same key does it once."},
		{Name: "If-Match", In: "header", Schema: text(""), Description: `The version that the stream must be at, e.g. "3"; else 409.`},
		{Name: "preview", In: "query", Schema: &huma.Schema{Type: "boolean"}, Description: "With true nothing is recorded: the answer says what would happen, or why it would be refused."},
	}
	op.RequestBody = &huma.RequestBody{Required: true, Content: content("application/json", body)}
	done := content("application/json", schemaOf[doneJSON](h))
	op.Responses = map[string]*huma.Response{
		"201":     {Description: "It is recorded, and every page shows it.", Content: done},
		"200":     {Description: "There was nothing to do, it was done before with this key, or it was only previewed.", Content: done},
		"default": problemResponse(h),
	}
	h.OpenAPI().AddOperation(&op)
}

func encodeOpenAPI(doc *huma.OpenAPI) []byte {
	compact, err := json.Marshal(doc)
	var b bytes.Buffer
	if err == nil {
		err = json.Indent(&b, compact, "", " ")
	}
	if err != nil {
		panic("api: its description cannot be written: " + err.Error()) // a mistake in the program, found by its tests
	}
	b.WriteByte('\n')
	return b.Bytes()
}

func (a *API) serveOpenAPI(w http.ResponseWriter, _ *http.Request) {
	publicHeaders(w.Header(), []string{"application/openapi+json"}, askAgain)
	_, _ = w.Write(a.openapi())
}
