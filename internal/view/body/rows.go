package body

import (
	"fmt"
	"strings"
)

// lists are the placeholders of lists up to the size of a chunk, which every transaction asks for.
var lists = func() (all [chunkSize + 1]string) {
	for n := range all {
		all[n] = placeholders(n)
	}
	return all
}()

// list returns numbered placeholders for n values: "$1,$2,$3".
func list(n int) string {
	if n < len(lists) {
		return lists[n]
	}
	return placeholders(n)
}

func placeholders(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	return b.String()
}
