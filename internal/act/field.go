package act

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Field is one field of a command, as a form, a flag or a JSON property shows it.
type Field struct {
	Name     string // JSON name, e.g. "paid_through"; the flag is --paid-through
	Label    string
	Hint     string
	Type     string // "text", "private", "date", "time", "number", "yes/no", "list"
	Required bool   // unless its JSON tag says omitempty or omitzero
	Choices  []Choice
	Rows     int  // of a text of several lines: how many a form shows; 0 for a text of one line
	Secret   bool // personal or private: it stands in no address and no log
	index    int
}

// BadField says that a value given for a field of a command cannot be read.
type BadField struct {
	Field  string // JSON name; "" when the input as a whole is at fault
	Detail string
}

func (b *BadField) Error() string {
	if b.Field == "" {
		return b.Detail
	}
	return b.Field + ": " + b.Detail
}

var dateType, timeType = reflect.TypeFor[Date](), reflect.TypeFor[time.Time]()

func fieldsOf(t reflect.Type) []Field {
	var fields []Field
	for i := range t.NumField() {
		f := t.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			panic(fmt.Sprintf("act: %v.%s has no json name", t, f.Name))
		}
		label := f.Tag.Get("label")
		if label == "" {
			label = strings.ToUpper(name[:1]) + strings.ReplaceAll(name[1:], "_", " ")
		}
		fields = append(fields, Field{
			Name: name, Label: label, Hint: f.Tag.Get("hint"),
			Type: typeName(t, f), Required: !strings.Contains(opts, "omit"), index: i,
			Choices: choicesOf(f), Rows: rowsOf(f), Secret: f.Type == personalType || f.Type == privateType,
		})
	}
	return fields
}

func typeName(t reflect.Type, f reflect.StructField) string {
	switch {
	case f.Type == dateType:
		return "date"
	case f.Type == timeType:
		return "time"
	case f.Type == personalType:
		return "text"
	case f.Type == privateType:
		return "private"
	}
	switch f.Type.Kind() {
	case reflect.String:
		return "text"
	case reflect.Int, reflect.Int64:
		return "number"
	case reflect.Bool:
		return "yes/no"
	case reflect.Slice:
		if f.Type.Elem().Kind() == reflect.String {
			return "list"
		}
	}
	panic(fmt.Sprintf("act: %v.%s: commands are flat, %v is not", t, f.Name, f.Type))
}

// FromJSON reads a command of this act. Errors are of type [*BadField].
func (a *Act) FromJSON(data []byte) (any, error) {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("null")) {
		return nil, &BadField{"", "expected a JSON object"}
	}
	var raw map[string]json.RawMessage
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&raw); err != nil {
		return nil, &BadField{"", "the JSON cannot be read: " + plain(err)}
	}
	if dec.More() {
		return nil, &BadField{"", "there is more than one JSON value"}
	}
	if name := twice(data); name != "" {
		return nil, &BadField{name, "is given more than once"}
	}
	v := reflect.New(a.Command).Elem()
	for name, value := range raw {
		i := slices.IndexFunc(a.Fields, func(f Field) bool { return f.Name == name })
		if i < 0 {
			return nil, &BadField{name, "is not a field of " + a.Kind + "; its fields are " + a.fieldNames()}
		}
		f := a.Fields[i]
		if string(value) != "null" {
			// A sealed value comes only out of the record: from outside, text is text.
			if (f.Type == "text" || f.Type == "private") && value[0] != '"' {
				return nil, &BadField{name, "should be text in quotation marks"}
			}
			if !utf8.Valid(value) { // it would be replaced without a word
				return nil, &BadField{name, errNotUTF8.Error()}
			}
			if err := json.Unmarshal(value, v.Field(f.index).Addr().Interface()); err != nil {
				return nil, &BadField{name, "should be " + f.example() + ": " + plain(err)}
			}
		}
	}
	return a.complete(v)
}

// FromText reads a command from named texts, as a form or flags give them. Lists may be given as
// several values or as one, separated by semicolons. Errors are of type [*BadField].
func (a *Act) FromText(values map[string][]string) (any, error) {
	cmd, faults := a.ReadText(values)
	if len(faults) > 0 {
		return nil, faults[0]
	}
	return cmd, nil
}

// ReadText reads as much of a command as can be read, and returns all that cannot: what is no field, then
// what was given and cannot be, then what is missing, each in the order of the fields.
func (a *Act) ReadText(values map[string][]string) (cmd any, faults []*BadField) {
	v := reflect.New(a.Command).Elem()
	given := make(map[int][]string, len(values))
	for name, texts := range values {
		i := slices.IndexFunc(a.Fields, func(f Field) bool { return f.Name == strings.ReplaceAll(name, "-", "_") })
		if i < 0 {
			faults = append(faults, &BadField{name, "is not a field of " + a.Kind + "; its fields are " + a.fieldNames()})
			continue
		}
		given[i] = append(given[i], texts...)
	}
	var missing []*BadField
	slices.SortFunc(faults, func(a, b *BadField) int { return strings.Compare(a.Field, b.Field) })
	for i, f := range a.Fields {
		if texts, ok := given[i]; ok {
			if bad := setTexts(v.Field(f.index), f, texts); bad != nil {
				faults = append(faults, bad)
				continue
			}
		}
		if bad := completeField(v.Field(f.index), f); bad != nil {
			missing = append(missing, bad)
		}
	}
	return v.Interface(), append(faults, missing...)
}

func setTexts(v reflect.Value, f Field, texts []string) *BadField {
	if slices.ContainsFunc(texts, func(t string) bool { return !utf8.ValidString(t) }) {
		return &BadField{f.Name, errNotUTF8.Error()}
	}
	if f.Type == "list" {
		items := texts
		if len(texts) == 1 {
			items = strings.Split(texts[0], ";")
		}
		var list []string
		for _, item := range items {
			if item = strings.TrimSpace(item); item != "" {
				list = append(list, item)
			}
		}
		v.Set(reflect.ValueOf(list).Convert(v.Type()))
		return nil
	}
	if len(texts) != 1 {
		return &BadField{f.Name, "is given more than once"}
	}
	if err := setText(v, f, texts[0]); err != nil {
		return &BadField{f.Name, "should be " + f.example() + ": " + plain(err)}
	}
	return nil
}

func setText(v reflect.Value, f Field, text string) (err error) {
	if text == "" && f.Type != "text" {
		return nil
	}
	switch f.Type {
	case "number":
		var n int64
		n, err = strconv.ParseInt(text, 10, 64)
		v.SetInt(n)
	case "yes/no":
		var b bool
		switch strings.ToLower(text) {
		case "yes", "true", "on", "1":
			b = true
		case "no", "false", "off", "0":
		default:
			err = fmt.Errorf("%q is neither yes nor no", text)
		}
		v.SetBool(b)
	default:
		quoted, _ := json.Marshal(text)
		err = json.Unmarshal(quoted, v.Addr().Interface())
	}
	return err
}

func (a *Act) complete(v reflect.Value) (any, error) {
	for _, f := range a.Fields {
		if bad := completeField(v.Field(f.index), f); bad != nil {
			return nil, bad
		}
	}
	return v.Interface(), nil
}

// completeField tidies a field, and says what is wrong with it.
func completeField(v reflect.Value, f Field) *BadField {
	if err := tidyField(v); err != nil {
		return &BadField{f.Name, err.Error()}
	}
	if f.Required && f.Type != "yes/no" && empty(v) {
		return &BadField{f.Name, "is missing; give " + f.example()}
	}
	if v.Type() == timeType {
		t := v.Interface().(time.Time)
		if y := t.Year(); !t.IsZero() && (y < firstYear || y > lastYear) {
			return &BadField{f.Name, fmt.Sprintf("lies outside the years %d to %d", firstYear, lastYear)}
		}
		v.Set(reflect.ValueOf(t.UTC().Truncate(time.Microsecond)))
	}
	return nil
}

var errNotUTF8 = errors.New("is not valid UTF-8")

// tidyField tidies the text of a field, or each of a list.
func tidyField(v reflect.Value) (err error) {
	switch value := v.Addr().Interface().(type) {
	case *Personal:
		value.text, err = tidy(value.text)
		return err
	case *Private:
		value.text, err = tidy(value.text)
		return err
	}
	switch v.Kind() {
	case reflect.String:
		var text string
		text, err = tidy(v.String())
		v.SetString(text)
	case reflect.Slice:
		for i := 0; i < v.Len() && err == nil; i++ {
			err = tidyField(v.Index(i))
		}
	}
	return err
}

func empty(v reflect.Value) bool {
	if e, ok := v.Interface().(interface{ Empty() bool }); ok {
		return e.Empty()
	}
	return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0
}

func (f Field) example() string {
	switch f.Type {
	case "date":
		return "a date such as 2026-03-01"
	case "time":
		return "a time such as 2026-03-01T12:00:00Z"
	case "number":
		return "a whole number"
	case "yes/no":
		return "true or false"
	case "list":
		return "a list of texts"
	}
	return "text"
}

func (a *Act) fieldNames() string {
	names := make([]string, len(a.Fields))
	for i, f := range a.Fields {
		names[i] = f.Name
	}
	return strings.Join(names, ", ")
}

// plain strips Go's own words from a decoding error.
func plain(err error) string {
	s := strings.TrimPrefix(err.Error(), "json: ")
	if rest, ok := strings.CutPrefix(s, "cannot unmarshal "); ok {
		what, _, _ := strings.Cut(rest, " into ")
		return what + " was given"
	}
	if strings.HasPrefix(s, "parsing time ") || strings.HasPrefix(s, "Time.UnmarshalJSON") {
		return "that is not a time"
	}
	return s
}
