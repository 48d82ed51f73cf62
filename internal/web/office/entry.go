package office

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/web/ui"
)

// entryPage is one event.
type entryPage struct {
	ui.Chrome
	Entry     entryRow
	Version   int64
	Effective *ui.Moment // nil where it counts from when it was recorded
	Subjects  []link
	Values    []value
	Chain     string
	Auditor   bool
	Head      int64
}

// value is one value of an event, in words.
type value struct {
	Label  string
	Given  []string
	Sealed string // whose, where it is personal or confided
}

// entry shows one event of the record: to auditors any, to others one that concerns a member and is confidential in
// no case. What is personal or confided is shown to nobody.
func (o *Office) entry(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	at, err := strconv.ParseInt(r.PathValue("position"), 10, 64)
	if err != nil || at < 1 {
		return o.Desk.NotFound(w, r, c)
	}
	e, ok, err := o.Desk.Counter.Record.At(r.Context(), at)
	if err != nil {
		return err
	}
	all := o.sees(who, atRecord)
	if ok && !all {
		ok = o.mayLookAt(who, e) && slices.ContainsFunc(e.Subjects, func(s string) bool { return strings.HasPrefix(s, "member/") })
		if id, aCase := strings.CutPrefix(e.Stream, "case/"); aCase {
			if ok, err = o.caseEntry(r.Context(), who, c, id, e.Kind); err != nil {
				return err
			}
		}
	}
	if !ok {
		return o.Desk.NotFound(w, r, c)
	}
	c.Title = "Position " + r.PathValue("position") + " of the record"
	p := entryPage{Chrome: c, Entry: rowOf(e), Version: e.Version, Chain: hex.EncodeToString(e.Chain[:]), Auditor: all, Head: o.Desk.Counter.Record.Position()}
	if p.Values, err = valuesOf(e.Event, c.Zone); err != nil {
		return err
	}
	if !e.Effective.Equal(e.At) {
		m := ui.MomentOf(e.Effective, c.Zone)
		p.Effective = &m
	}
	for _, s := range e.Subjects {
		to := link{Label: s}
		if number, ok := strings.CutPrefix(s, "member/"); ok && o.sees(who, atMembers) {
			to.Href = memberLink(number)
		} else if all {
			to.Href = "/office/record" + query("subject", s)
		}
		p.Subjects = append(p.Subjects, to)
	}
	o.Desk.Show(w, r, http.StatusOK, "entry", p)
	return nil
}

// Before and After are the positions beside it.
func (p entryPage) Before() int64 { return p.Entry.Position - 1 }

// After is the position after it.
func (p entryPage) After() int64 { return p.Entry.Position + 1 }

// valuesOf says what an event holds, field by field.
func valuesOf(e act.Event, zone *time.Location) ([]value, error) {
	text, err := act.Fingerprint(e) // what is personal or confided is left out
	if err != nil {
		return nil, err
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, err
	}
	return fieldsOf(reflect.ValueOf(e), raw, zone), nil
}

func fieldsOf(v reflect.Value, raw map[string]json.RawMessage, zone *time.Location) (values []value) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case !field.IsExported() || name == "-":
			continue
		case field.Anonymous && name == "" && field.Type.Kind() == reflect.Struct:
			values = append(values, fieldsOf(v.Field(i), raw, zone)...)
			continue
		case name == "":
			name = field.Name
		}
		one := value{Label: strings.ToUpper(name[:1]) + strings.ReplaceAll(name[1:], "_", " ")}
		one.Given, one.Sealed = inWords(v.Field(i).Interface(), raw[name], zone)
		values = append(values, one)
	}
	return values
}

// inWords says a value; of what is sealed, whose it is.
func inWords(v any, raw json.RawMessage, zone *time.Location) (given []string, sealed string) {
	switch v := v.(type) {
	case act.Personal:
		return nil, sealedOf(v.Empty(), v.Owner)
	case act.Private:
		return nil, sealedOf(v.Empty(), v.Owner)
	case []string:
		return v, ""
	case time.Time:
		if v.IsZero() {
			return nil, ""
		}
		return []string{ui.MomentOf(v, zone).Words}, ""
	case bool:
		return []string{map[bool]string{true: "yes", false: "no"}[v]}, ""
	}
	text := string(raw)
	var said string
	if json.Unmarshal(raw, &said) == nil {
		text = said
	}
	if text == "" || text == "null" {
		return nil, ""
	}
	return []string{text}, ""
}

func sealedOf(empty bool, owner string) string {
	if empty {
		return ""
	}
	return owner
}
