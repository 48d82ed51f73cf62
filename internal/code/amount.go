package code

import (
	"fmt"
	"strconv"
	"strings"
)

// Amount is a number of credits or courses, in hundredths: 1250 is 12.5 credits. Nothing here is a
// floating-point number, so that what is owed and what is counted are exact.
type Amount int

// Credit is one whole credit, or one course.
const Credit Amount = 100

// mostCredits bounds every amount of a code, in whole credits: what lies beyond is a slip of the pen.
const mostCredits = 10_000

// ParseAmount reads an amount such as "4", "12.5" or "0.25".
func ParseAmount(s string) (Amount, error) {
	whole, part, dot := strings.Cut(s, ".")
	n, err := strconv.ParseUint(whole, 10, 31)
	if err != nil || dot && (part == "" || len(part) > 2) {
		return 0, fmt.Errorf("%q is not a number of credits such as 4, 12.5 or 0.25", s)
	}
	h, err := strconv.ParseUint((part + "00")[:2], 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number of credits such as 4, 12.5 or 0.25", s)
	}
	if n > mostCredits || n == mostCredits && h > 0 {
		return 0, fmt.Errorf("%q is too much: at most %d", s, mostCredits)
	}
	return Amount(n)*Credit + Amount(h), nil
}

// String returns the amount as a code file writes it, e.g. "12.5".
func (a Amount) String() string {
	sign := ""
	if a < 0 {
		sign, a = "-", -a
	}
	s := sign + strconv.Itoa(int(a/Credit))
	if h := a % Credit; h != 0 {
		s += strings.TrimRight(fmt.Sprintf(".%02d", int(h)), "0")
	}
	return s
}

// MarshalText writes the amount as String does.
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (a *Amount) UnmarshalText(b []byte) (err error) {
	*a, err = ParseAmount(string(b))
	return err
}

// Percent is a whole number of percent, from 0 to 100.
type Percent int

// String returns it as a code file writes it, e.g. "70%".
func (p Percent) String() string { return strconv.Itoa(int(p)) + "%" }

// MarshalText writes the percentage as String does.
func (p Percent) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (p *Percent) UnmarshalText(b []byte) error {
	number, ok := strings.CutSuffix(string(b), "%")
	n, err := strconv.ParseUint(number, 10, 8)
	if !ok || err != nil || n > 100 {
		return fmt.Errorf("%q is not a percentage such as 70%%", b)
	}
	*p = Percent(n)
	return nil
}

// OneOf is a word of a short list. The list stands in the "choices" of the field's tag; the first is
// what holds when the key is left out.
type OneOf string
