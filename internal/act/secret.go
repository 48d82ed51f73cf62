package act

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
)

// Personal is a name, an address or the like of a person. It is stored encrypted under its owner's key
// and may be shown in views, in columns that are erased with the person.
type Personal struct{ secret }

// Private is what somebody confided: accounts, evidence, votes, deliberations. It is ciphertext in the
// record, in folds and in views; only the vault opens it, and every opening is recorded.
type Private struct{ secret }

// NewPersonal returns text that belongs to owner, e.g. "person/0042-1".
func NewPersonal(owner, text string) Personal { return Personal{secret{Owner: owner, text: text}} }

// NewPrivate returns text that belongs to owner, e.g. "case/2027-0007".
func NewPrivate(owner, text string) Private { return Private{secret{Owner: owner, text: text}} }

// OwnedBy returns the value as belonging to owner; a decision says so before the value is stored.
func (p Personal) OwnedBy(owner string) Personal { p.Owner = owner; return p }

// OwnedBy returns the value as belonging to owner; a decision says so before the value is stored.
func (p Private) OwnedBy(owner string) Private { p.Owner = owner; return p }

// Text returns the value in the clear if it has been opened, or not been sealed yet, else "". Only projections
// of people's names and addresses call it, and the one decision that takes them in looks at their form.
func (p Personal) Text() string { return p.text }

// secret is a value that is sealed before it is stored. It never prints or logs its text.
type secret struct {
	Owner  string // whose key seals it
	text   string
	sealed []byte
}

// Empty reports whether nothing was given: all that a rule may know of it.
func (s secret) Empty() bool { return strings.TrimSpace(s.text) == "" && len(s.sealed) == 0 }

func (s secret) String() string       { return "[sealed]" }
func (s secret) GoString() string     { return "[sealed]" }
func (s secret) LogValue() slog.Value { return slog.StringValue("[sealed]") }

type sealedJSON struct {
	Owner  string `json:"owner"`
	Sealed []byte `json:"sealed"`
}

// MarshalJSON writes the ciphertext. A value that has not been sealed is an error, never text.
func (s secret) MarshalJSON() ([]byte, error) {
	if s.Empty() {
		return []byte(`null`), nil
	}
	if len(s.sealed) == 0 {
		return nil, errors.New("act: a private value was to be written unsealed")
	}
	return json.Marshal(sealedJSON{s.Owner, s.sealed})
}

// UnmarshalJSON reads text in the clear (as in a command) or what MarshalJSON wrote.
func (s *secret) UnmarshalJSON(b []byte) error {
	switch {
	case len(b) > 0 && b[0] == '"':
		*s = secret{}
		return json.Unmarshal(b, &s.text)
	case string(b) == "null":
		*s = secret{}
		return nil
	}
	var v sealedJSON
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*s = secret{Owner: v.Owner, sealed: v.Sealed}
	return nil
}

// Keys seals and opens private values: the vault, handed down by the wiring.
type Keys interface {
	// Seal encrypts text under the owner's key, which it makes if there never was one. A new key is not
	// durable before Sync; it fails with ErrForgotten where the key was destroyed.
	Seal(owner, text string) ([]byte, error)
	// Sync makes new keys durable. The record calls it before it commits what they seal.
	Sync() error
	// Digest returns a hash of a text that nobody makes without the keys: equal texts have equal ones.
	Digest(text []byte) ([]byte, error)
	// Open decrypts; it fails with ErrForgotten once the owner's key is destroyed.
	Open(owner string, sealed []byte) (string, error)
}

// ErrForgotten is returned by [Keys] for an owner whose key was destroyed.
var ErrForgotten = errors.New("the key was destroyed")

// Fingerprint returns the JSON of a command with its private values left out: enough to tell whether an
// idempotency key is used again for the same request, and nothing that could be guessed back.
func Fingerprint(cmd any) ([]byte, error) {
	c, err := withSecrets(cmd, func(s *secret, _ bool) error {
		*s = secret{}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return json.Marshal(c)
}

// Seal returns a copy of the event with every private value sealed and its text gone. A value without an
// owner is a fault of the decision that made it.
func Seal(e Event, k Keys) (Event, error) {
	return withSecrets(e, func(s *secret, _ bool) (err error) {
		if s.Empty() || len(s.sealed) > 0 {
			return nil
		}
		if s.Owner == "" {
			return fmt.Errorf("act: a private value in %T has no owner", e)
		}
		s.sealed, err = k.Seal(s.Owner, s.text)
		s.text = ""
		return err
	})
}

// OpenPersonal returns a copy of the event with its personal values readable, for projections. Values
// whose owner was forgotten read as "[erased]". Private values stay sealed.
func OpenPersonal(e Event, k Keys) (Event, error) {
	return withSecrets(e, func(s *secret, personal bool) (err error) {
		if !personal || len(s.sealed) == 0 {
			return nil
		}
		s.text, err = k.Open(s.Owner, s.sealed)
		if errors.Is(err, ErrForgotten) {
			s.text, err = "[erased]", nil
		}
		return err
	})
}

// Reveal opens one private value. Only the vault calls it, once the access is recorded.
func Reveal(p Private, k Keys) (string, error) {
	if len(p.sealed) == 0 {
		return p.text, nil
	}
	return k.Open(p.Owner, p.sealed)
}

// HasSecrets reports whether values of e's type can hold private values at all.
func HasSecrets(e Event) bool {
	found := false
	walkTypes(reflect.TypeOf(e), func() { found = true })
	return found
}

var personalType, privateType = reflect.TypeFor[Personal](), reflect.TypeFor[Private]()

func walkTypes(t reflect.Type, found func()) {
	switch {
	case t == personalType || t == privateType:
		found()
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			if t.Field(i).IsExported() {
				walkTypes(t.Field(i).Type, found)
			}
		}
	case t.Kind() == reflect.Slice:
		walkTypes(t.Elem(), found)
	}
}

func withSecrets(e Event, do func(s *secret, personal bool) error) (Event, error) {
	if !HasSecrets(e) {
		return e, nil
	}
	v := reflect.New(reflect.TypeOf(e)).Elem()
	v.Set(reflect.ValueOf(e))
	if err := eachSecret(v, do); err != nil {
		return nil, err
	}
	return v.Interface(), nil
}

// eachSecret visits every private value. Slices on the way are copied first where they can be set, so
// that a caller's copy never writes through to the original.
func eachSecret(v reflect.Value, do func(s *secret, personal bool) error) error {
	t := v.Type()
	switch {
	case t == personalType || t == privateType:
		if v.CanAddr() {
			if t == personalType {
				return do(&v.Addr().Interface().(*Personal).secret, true)
			}
			return do(&v.Addr().Interface().(*Private).secret, false)
		}
		var s secret
		if t == personalType {
			s = v.Interface().(Personal).secret
		} else {
			s = v.Interface().(Private).secret
		}
		return do(&s, t == personalType)
	case t.Kind() == reflect.Pointer:
		if !v.IsNil() {
			return eachSecret(v.Elem(), do)
		}
	case t.Kind() == reflect.Struct:
		for i := range t.NumField() {
			if t.Field(i).IsExported() {
				if err := eachSecret(v.Field(i), do); err != nil {
					return err
				}
			}
		}
	case t.Kind() == reflect.Slice && hasSecretType(t.Elem()):
		if v.CanSet() && v.Len() > 0 {
			c := reflect.MakeSlice(t, v.Len(), v.Len())
			reflect.Copy(c, v)
			v.Set(c)
		}
		for i := range v.Len() {
			if err := eachSecret(v.Index(i), do); err != nil {
				return err
			}
		}
	}
	return nil
}

func hasSecretType(t reflect.Type) bool {
	found := false
	walkTypes(t, func() { found = true })
	return found
}
