package code

import (
	"encoding"
	"errors"
	"fmt"
	"strconv"
)

// NotSet is how a code file writes that a requirement is not set.
const NotSet = "not-set"

// Setting is a requirement that the board has set, or has not yet set. The zero Setting is not set:
// it binds nobody.
type Setting[T comparable] struct {
	value T
	set   bool
}

// Set returns a setting that is set to v.
func Set[T comparable](v T) Setting[T] { return Setting[T]{v, true} }

// IsSet reports whether the board has set it.
func (s Setting[T]) IsSet() bool { return s.set }

// Get returns the value, and whether there is one.
func (s Setting[T]) Get() (T, bool) { return s.value, s.set }

// Or returns the value, or instead if it is not set.
func (s Setting[T]) Or(instead T) T {
	if s.set {
		return s.value
	}
	return instead
}

// Equal reports whether both are set to the same, or neither is set.
func (s Setting[T]) Equal(o Setting[T]) bool { return s == o }

// String returns the value as a code file writes it.
func (s Setting[T]) String() string {
	if !s.set {
		return NotSet
	}
	return fmt.Sprint(s.value)
}

// MarshalText writes the setting as String does.
func (s Setting[T]) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *Setting[T]) UnmarshalText(b []byte) error {
	*s = Setting[T]{}
	if string(b) == NotSet {
		return nil
	}
	if err := readValue(&s.value, string(b)); err != nil {
		return err
	}
	s.set = true
	return nil
}

// Subscription says whether members have to subscribe to the code.
type Subscription string

// A body may have members who do not (yet) subscribe.
const (
	Required Subscription = "required"
	Optional Subscription = "optional"
)

// UnmarshalText reads "required" or "optional".
func (s *Subscription) UnmarshalText(b []byte) error {
	if v := Subscription(b); v == Required || v == Optional {
		*s = v
		return nil
	}
	return fmt.Errorf("%q is neither required nor optional", b)
}

// Stay is how long a notice stays up: for a duration, or for ever.
type Stay struct {
	For Duration // the zero Duration: for ever
}

const forever = "forever"

// Forever reports whether the notice never comes down.
func (s Stay) Forever() bool { return s.For.IsZero() }

// String returns the stay as a code file writes it, e.g. "3y" or "forever".
func (s Stay) String() string {
	if s.Forever() {
		return forever
	}
	return s.For.String()
}

// MarshalText writes the stay as String does.
func (s Stay) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *Stay) UnmarshalText(b []byte) error {
	if string(b) == forever {
		*s = Stay{}
		return nil
	}
	d, err := ParseDuration(string(b))
	if err != nil {
		return fmt.Errorf("%q is neither a duration such as 3y nor forever", b)
	}
	*s = Stay{d}
	return nil
}

// readValue reads the text of a requirement into what v points to.
func readValue(v any, text string) error {
	switch v := v.(type) {
	case *int:
		n, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
		*v = int(n)
		return nil
	case encoding.TextUnmarshaler:
		if text == "" {
			return errors.New("there is no value")
		}
		return v.UnmarshalText([]byte(text))
	}
	panic(fmt.Sprintf("code: a requirement cannot be a %T", v))
}
