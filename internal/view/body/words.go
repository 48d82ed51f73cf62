package body

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"shingle/internal/act"
)

// maxWord bounds an indexed word, in bytes; what is longer is found by its beginning.
const maxWord = 32

// letters that Unicode does not take apart, as people type them without their keyboard
var plainLetters = strings.NewReplacer("ß", "ss", "ø", "o", "æ", "ae", "œ", "oe", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i")

// fold returns s as it is compared: lower case, without accents, apostrophes gone.
func fold(s string) string {
	if plain(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' || r == 0:
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return plainLetters.Replace(b.String())
}

// plain reports whether all that folding does to s is to make its letters small, as with most names.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || c == '\'' || c == 0 {
			return false
		}
	}
	return true
}

// words returns the folded words of s, without repeats.
func words(texts ...string) []string {
	var all []string
	for _, s := range texts {
		for _, w := range strings.FieldsFunc(fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			all = append(all, clip(w))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func clip(w string) string {
	if len(w) <= maxWord {
		return w
	}
	return strings.ToValidUTF8(w[:maxWord], "") // a letter may have been cut in two
}

// sortKey orders names as a reader expects: by their words, whatever the case, accents and punctuation.
func sortKey(name string) string {
	return strings.Join(strings.FieldsFunc(fold(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// labels returns the words of a domain that say something: all labels but the last.
func labels(domain string) string {
	i := strings.LastIndexByte(domain, '.')
	return domain[:max(i, 0)]
}

// Domain returns the host that s names, as it stands in the register: lower case, ASCII, without
// scheme, path, port and trailing dot. It returns "" if s names none.
func Domain(s string) string {
	s = strings.TrimSpace(s)
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s = rest
	}
	if _, host, ok := strings.Cut(s, "@"); ok {
		s = host
	}
	if i := strings.IndexAny(s, "/?#:"); i >= 0 {
		s = s[:i]
	}
	s = strings.TrimSuffix(s, ".")
	if !strings.Contains(s, ".") || strings.ContainsAny(s, " \t") || !utf8.ValidString(s) {
		return ""
	}
	host, err := idna.Lookup.ToASCII(s)
	if err != nil || !act.IsDomain(host) {
		return ""
	}
	return host
}

// after returns the least text greater than every text that begins with prefix.
func after(prefix string) string { return prefix + "\U0010ffff" }
