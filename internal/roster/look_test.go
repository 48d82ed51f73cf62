package roster

import (
	"context"
	"strings"
	"testing"
)

func TestOddLettersAreSaid(t *testing.T) {
	for name, want := range map[string]string{
		"Cobalt Ridge IT":   "",
		"Café Société":      "",
		"Ромашка":           "",
		"株式会社サンプル IT":       "",
		"샘플 IT 漢":           "",
		"µ-Tech № 5 ½":      "",
		"שלום":              "",
		"Cobalt\u202eegdiR": "U+202E, which turns",
		"Co\u200bbalt":      "U+200B, which cannot be seen",
		"Co\u00adbalt":      "U+00AD, which cannot be seen",
		"Cobalt\u3164":      "U+3164, which cannot be seen",
		"Cоbalt":            "mixes Cyrillic and Latin letters", // a Cyrillic o
		"Ωmega":             "mixes Greek and Latin letters",
		"サンプル Ромашка":      "mixes Cyrillic and Katakana letters",
	} {
		got := strings.Join(Oddities(name), "; ")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%+q: %q, want %q", name, got, want)
		}
	}
}

func TestNamesThatReadAlikeAreSaid(t *testing.T) {
	file := "Nr,Title,trading_names\n" +
		"0001,Acme,\n" +
		"0002,АСМЕ,\n" + // Cyrillic throughout
		"0003,COPPER OAK,Copper\u200b Oak;Fern\n" + // the same member's
		"0004,ΒΕΤΑ,\n" + // Greek throughout
		"0005,acme,\n" + // the same letters: another matter
		"0006,Other,FЕRN\n"
	rows, in, err := read(t, file, "number=Nr,name=Title")
	if err != nil {
		t.Fatal(err)
	}
	rep := Report{}
	s := sight{in: in, rep: &rep, alike: map[string]seenName{}}
	for _, r := range rows {
		s.row(r)
	}
	err = s.members(context.Background(), func(_ context.Context, each func(number, name string)) error {
		each("0001", "АСМЕ") // itself, under an earlier name
		each("0007", "Beta")
		each("0008", "Other")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range rep.Looks {
		got = append(got, strings.Join([]string{string(rune('0' + l.Line)), l.Column, l.What}, " "))
	}
	want := []string{
		"3 Title reads like a name in line 2, in other letters",
		"4 trading_names holds U+200B, which cannot be seen",
		`5 Title reads like "Beta", the name of member 0007, in other letters`,
		"7 trading_names mixes Cyrillic and Latin letters, of which some look alike",
		"7 trading_names reads like a name in line 4, in other letters",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") || rep.Looking != int64(len(want)) {
		t.Errorf("%d:\n%s", rep.Looking, strings.Join(got, "\n"))
	}
}
