package cli

import "strings"

// plain are the characters, beside letters and digits, that mean nothing to a shell.
const plain = "-_./,:=@%+"

// quoted escapes what means something to a shell between double quotation marks.
var quoted = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`")

// Shell writes a word as it is typed into a POSIX shell: in quotation marks if it needs them.
func Shell(word string) string {
	special := func(c rune) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune(plain, c))
	}
	if word != "" && !strings.ContainsFunc(word, special) {
		return word
	}
	return `"` + quoted.Replace(word) + `"`
}
