package act

import (
	"bytes"
	"encoding/json"
)

// twice returns a name that a JSON object has more than once, "" if there is none. Of two values one would be
// dropped without a word, and not every reader drops the same. The JSON was read before.
func twice(object []byte) string {
	dec := json.NewDecoder(bytes.NewReader(object))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return ""
	}
	seen := map[string]bool{}
	for dec.More() {
		name, err := dec.Token()
		text, ok := name.(string)
		var value json.RawMessage
		if err != nil || !ok || dec.Decode(&value) != nil {
			return ""
		}
		if seen[text] {
			return text
		}
		seen[text] = true
	}
	return ""
}
