package roster

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What looks like something else than it is, is shown to a person and never rejected by itself: a name in two
// scripts can be quite right, and one in one script a trap.

// turning are the characters that turn the direction of a text (Unicode's Bidi_Control, UAX #9).
const turning = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

// unseen reports whether a character cannot be seen and changes nothing that can: format characters, variation
// selectors, and letters that are drawn as nothing.
func unseen(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || strings.ContainsRune("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0", r)
}

// Oddities says what is odd about the letters of a name; it is silent about the name itself.
func Oddities(name string) (odd []string) {
	said := map[rune]bool{}
	for _, r := range name {
		if r < 0x80 || said[r] {
			continue
		}
		said[r] = true
		switch {
		case strings.ContainsRune(turning, r):
			odd = append(odd, fmt.Sprintf("holds %U, which turns the direction in which it is read", r))
		case unseen(r):
			odd = append(odd, fmt.Sprintf("holds %U, which cannot be seen", r))
		}
	}
	if mixed := mixture(name); len(mixed) > 0 {
		last := len(mixed) - 1
		odd = append(odd, "mixes "+strings.Join(mixed[:last], ", ")+" and "+mixed[last]+" letters, of which some look alike")
	}
	return odd
}

// together are scripts that are written in one text: "highly restrictive" in UTS #39, section 5.2.
var together = [][]string{
	{"Latin", "Han", "Hiragana", "Katakana"},
	{"Latin", "Han", "Bopomofo"},
	{"Latin", "Han", "Hangul"},
}

// mixture returns the scripts of a name, in order, if they are not usually written together.
func mixture(name string) []string {
	var scripts []string
	for _, r := range name {
		if s := script(r); s != "" && !slices.Contains(scripts, s) {
			scripts = append(scripts, s)
		}
	}
	if len(scripts) < 2 {
		return nil
	}
	for _, usual := range together {
		if !slices.ContainsFunc(scripts, func(s string) bool { return !slices.Contains(usual, s) }) {
			return nil
		}
	}
	slices.Sort(scripts)
	return scripts
}

// script returns the script of a letter, "" for what belongs to none in particular.
func script(r rune) string {
	if r < 0x80 {
		if unicode.IsLetter(r) {
			return "Latin"
		}
		return ""
	}
	if unicode.In(r, unicode.Common, unicode.Inherited) {
		return ""
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return ""
}

// alike are Cyrillic and Greek letters that look like a Latin one in most typefaces (after UTS #39's
// confusables), each before the one that it looks like.
var alike = pairs("АAВBЕEЅSІIЈJКKМMНHОOРPСCТTУYХXҺHԀDԌGԚQԜWаaеeѕsіiјjоoрpсcуyхxһhԁdԛqԝwӏlкk" +
	"ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXαaιiκkνvοoρpυuχxγy")

func pairs(text string) map[rune]rune {
	all := map[rune]rune{}
	letters := []rune(text)
	for i := 0; i < len(letters); i += 2 {
		all[letters[i]] = letters[i+1]
	}
	return all
}

// skeleton returns what names that look the same have in common.
func skeleton(name string) string {
	return folded(strings.Map(func(r rune) rune {
		if latin, ok := alike[r]; ok {
			return latin
		}
		if r >= 0x80 && unseen(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(name)))
}

// ReadsLike returns the member that a name of another could be taken for, since it is written in letters that
// look the same; number is whose name it is, "" for none yet. names tells the names of all members.
func ReadsLike(ctx context.Context, name, number string, names func(context.Context, func(number, name string)) error) (member, called string, err error) {
	bones, plain := skeleton(name), folded(name)
	err = names(ctx, func(other, theirs string) {
		if member == "" && other != number && skeleton(theirs) == bones && folded(theirs) != plain {
			member, called = other, theirs
		}
	})
	return member, called, err
}

// folded returns what names that are the same but for capitals and spaces have in common.
func folded(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFC.String(name)), " "))
}
