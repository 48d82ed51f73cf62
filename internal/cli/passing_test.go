package cli

import "testing"

func TestASentenceStandsInPassing(t *testing.T) {
	for sentence, want := range map[string]string{
		"The disk is full; nothing can be recorded until there is room. Reading goes on.": "the disk is full; nothing can be recorded until there is room. Reading goes on",
		"A registrar may not ask for order.record.":                                       "a registrar may not ask for order.record",
		"PostgreSQL cannot be reached.":                                                   "PostgreSQL cannot be reached",
		"SQLite is locked":                                                                "SQLite is locked",
		"Édition":                                                                         "édition",
		"line 3: …":                                                                       "line 3: …",
		"":                                                                                "",
	} {
		if got := inPassing(sentence); got != want {
			t.Errorf("%q: %q", sentence, got)
		}
	}
}

func TestAWordIsOnePartOfAnAddressOrNone(t *testing.T) {
	for word, want := range map[string]string{"0042": "0042", "a/b": "a%2Fb", "2026.1": "2026.1", "..": "", ".": "", "": "", "../x": "..%2Fx"} {
		if got, err := part("number", word); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", word, got, err)
		}
	}
}
