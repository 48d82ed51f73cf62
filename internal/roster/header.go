package roster

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Mapping says which column of a file is which of ours: ours to theirs. One that is mapped to "" is in no column; one
// that is not mapped is found by its name.
type Mapping map[string]string

// ParseMapping reads "name=Security,place=Headquarters Location".
func ParseMapping(text string) (Mapping, error) { return Members.ParseMapping(text) }

// ParseMapping reads the mapping of such a list.
func (k *Kind) ParseMapping(text string) (Mapping, error) {
	m := Mapping{}
	for pair := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		ours, theirs, ok := strings.Cut(pair, "=")
		ours, theirs = strings.TrimSpace(ours), strings.TrimSpace(theirs)
		switch {
		case !ok || theirs == "":
			return nil, &HeaderError{fmt.Sprintf("%q is not of the form column=Their Column", pair)}
		case !slices.Contains(k.columns, ours):
			return nil, &HeaderError{fmt.Sprintf("%q is no column of %s; these are: %s", ours, k.of, strings.Join(k.columns, ", "))}
		case m[ours] != "":
			return nil, &HeaderError{fmt.Sprintf("%s is mapped twice", ours)}
		}
		m[ours] = theirs
	}
	return m, nil
}

// aliases are names under which CiviCRM and Tendenci export what we call otherwise, folded by fold.
var aliases = map[string][]string{
	"number":        {"member number", "member id", "membership id", "corporate membership number"},
	"name":          {"organization name", "organisation name", "company", "company name", "corp profile name", "legal name"},
	"trading_names": {"trading name", "nick name", "nickname", "dba"},
	"domains":       {"domain", "website", "url", "web site"},
	"address":       {"street address", "mailing address"},
	"place":         {"city", "headquarters"},
	"country":       {"country name"},
	"services":      {"service", "specialities", "specialties"},
	"contact_name":  {"primary contact", "representative", "contact"},
	"contact_email": {"email", "e mail", "primary email"},
	"admitted":      {"member since", "join date", "join dt", "joined"},
	"paid_through":  {"membership expiration date", "membership end date", "end date", "expiration dt", "expires"},
	"status":        {"membership status", "status detail", "member status"},
}

func fold(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(c rune) bool { return c == ' ' || c == '_' || c == '-' }), " ")
}

// open reads the header row and finds our columns in it.
func (k *Kind) open(file io.Reader, m Mapping) (*input, error) {
	in, err := begin(file)
	if err != nil {
		return nil, err
	}
	in.kind = k
	return in, in.assign(m)
}

// mostColumns is how many columns a file may have: each is compared with every name that ours go by, and a person
// chooses among them.
const mostColumns = 1000

// begin reads the header row.
func begin(file io.Reader) (*input, error) {
	buffered := bufio.NewReaderSize(file, 1<<16)
	start, err := buffered.Peek(1 << 14)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	}
	switch {
	case bytes.HasPrefix(start, []byte("\xef\xbb\xbf")):
		if _, err := buffered.Discard(3); err != nil {
			return nil, err
		}
		start = start[3:]
	case bytes.HasPrefix(start, []byte("\xff\xfe")) || bytes.HasPrefix(start, []byte("\xfe\xff")):
		return nil, &HeaderError{"the file is in UTF-16; save it as UTF-8 and try again"}
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return nil, &HeaderError{"the file is a spreadsheet; save it as CSV and try again"}
	}
	// A reader of lines that end in \n would take such a file for one long header row.
	if first, _, _ := bytes.Cut(start, []byte("\n")); bytes.IndexByte(bytes.TrimRight(first, "\r"), '\r') >= 0 {
		return nil, &HeaderError{"the file's lines end in a carriage return alone, as on old Macs; save it as CSV with other line ends and try again"}
	}
	in := &input{kind: Members, tape: &tape{file: buffered}, columns: map[string]int{}}
	in.csv = reader(in.tape, separator(start))
	if in.header, err = in.csv.Read(); errors.Is(err, io.EOF) {
		return nil, &HeaderError{"the file is empty; its first row should name the columns"}
	} else if err != nil {
		return nil, &HeaderError{fmt.Sprintf("the header row cannot be read: %v", err)}
	}
	if n := len(in.header); n > mostColumns {
		return nil, &HeaderError{fmt.Sprintf("the header row has %d columns, and a roster has at most %d; leave out those that hold nothing for us", n, mostColumns)}
	}
	in.tape.cut(in.csv.InputOffset())
	for i := range in.header {
		in.header[i] = strings.TrimSpace(in.header[i])
	}
	if in.header, in.returned = unreject(in.header); len(in.header) == 0 {
		return nil, &HeaderError{"the file has only the columns that say why rows were rejected; its own columns should stand beside them"}
	}
	return in, nil
}

func reader(file io.Reader, separator rune) *csv.Reader {
	r := csv.NewReader(file)
	r.FieldsPerRecord = -1
	r.Comma = separator
	return r
}

// separator guesses from the header row whether cells are separated by something else than commas.
func separator(start []byte) rune {
	line, _, _ := bytes.Cut(start, []byte("\n"))
	for _, c := range []byte{'\t', ';'} {
		if bytes.IndexByte(line, c) >= 0 && bytes.IndexByte(line, ',') < 0 {
			return rune(c)
		}
	}
	return ','
}

func (in *input) assign(m Mapping) error {
	find := func(name string, same func(a, b string) bool) (int, error) {
		found := -1
		for i, h := range in.header {
			if !same(h, name) {
				continue
			}
			if found >= 0 {
				return 0, &HeaderError{fmt.Sprintf("the header has the column %q twice (columns %d and %d)", name, found+1, i+1)}
			}
			found = i
		}
		return found, nil
	}
	exact := func(a, b string) bool { return a == b }
	folded := func(a, b string) bool { return fold(a) == fold(b) }
	used := map[int]string{}
	for _, ours := range in.kind.columns {
		i := -1
		var err error
		if theirs, told := m[ours]; told && theirs == "" {
			continue
		} else if told {
			if i, err = find(theirs, exact); err == nil && i < 0 {
				err = &HeaderError{fmt.Sprintf("the file has no column %q for %s; it has: %s", theirs, ours, strings.Join(in.header, ", "))}
			}
		} else {
			for _, name := range append([]string{ours}, in.kind.aliases[ours]...) {
				if i, err = find(name, folded); err != nil || i >= 0 {
					break
				}
			}
			if i >= 0 && slices.Contains(mapped(m), in.header[i]) {
				i = -1
			}
		}
		if err != nil {
			return err
		}
		if i < 0 {
			continue
		}
		if other, ok := used[i]; ok {
			return &HeaderError{fmt.Sprintf("the column %q cannot be both %s and %s", in.header[i], other, ours)}
		}
		used[i] = ours
		in.columns[ours] = i
		in.mapped = append(in.mapped, ours+"="+in.header[i])
	}
	for i, h := range in.header {
		if _, ok := used[i]; !ok {
			in.unknown = append(in.unknown, h)
		}
	}
	for _, need := range in.kind.needs {
		if _, ok := in.columns[need.column]; !ok {
			return &HeaderError{fmt.Sprintf("the file has no column for %s; it has: %s. Map one, e.g. --map '%s=%s'", need.what, strings.Join(in.header, ", "), need.column, in.header[0])}
		}
	}
	return nil
}

func mapped(m Mapping) (theirs []string) {
	for _, t := range m {
		theirs = append(theirs, t)
	}
	return theirs
}
