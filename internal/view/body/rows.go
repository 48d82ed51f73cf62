package body

import (
	"fmt"
	"strings"
)

// placeholders returns those of n values, numbered from first on: "$1,$2,$3".
func placeholders(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", first+i)
	}
	return b.String()
}
