package roster

import (
	"encoding/csv"
	"io"
)

// IsRejects reports whether a file is one of rejects, as an import writes it: its header ends in
// [RejectColumns].
func IsRejects(file io.Reader) bool {
	header, err := csv.NewReader(io.LimitReader(file, maxRow)).Read()
	if err != nil {
		return false
	}
	_, is := unreject(header)
	return is
}
