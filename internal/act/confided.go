package act

import (
	"encoding/binary"
	"reflect"
)

// Confided returns the personal and private texts of a command, in order, for a hash that nobody can guess at
// ([Keys].Digest); nil if it holds none. Whoever gets them stores and shows them nowhere.
func Confided(cmd any) []byte {
	if !HasSecrets(cmd) {
		return nil
	}
	v := reflect.New(reflect.TypeOf(cmd)).Elem()
	v.Set(reflect.ValueOf(cmd))
	var all []byte
	given := false
	_ = eachSecret(v, func(s *secret, _ bool) error { // which only looks, and cannot fail
		all = binary.AppendUvarint(all, uint64(len(s.text)))
		all = append(all, s.text...)
		given = given || s.text != ""
		return nil
	})
	if !given {
		return nil
	}
	return all
}
