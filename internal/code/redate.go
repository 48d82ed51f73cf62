package code

import (
	"errors"
	"fmt"
	"strings"

	"shingle/internal/act"
)

// Redate returns the file with another version and effective date and everything else as it was, so that
// an example can be adopted on any day. The file must be good, or its [Problems] are returned.
func Redate(file []byte, version string, effective act.Date) ([]byte, error) {
	was, problems := Parse(file)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	lines := strings.SplitAfter(string(was.Text), "\n")
	for i := 1; lines[i] != "---\n"; i++ {
		for key, value := range map[string]string{"version": fmt.Sprintf("%q", version), "effective": effective.String()} {
			if rest, ok := strings.CutPrefix(lines[i], key+":"); ok {
				lines[i] = key + ": " + value + comment(rest) + "\n"
			}
		}
	}
	out := []byte(strings.Join(lines, ""))
	is, problems := Parse(out)
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("a code cannot be redated to version %q, effective %s: %w", version, effective, err)
	}
	if is.Label != version || is.Effective != effective {
		return nil, errors.New("a code cannot be redated unless version and effective stand on lines of their own")
	}
	return out, nil
}

// comment returns what a line of front matter ends with after its value.
func comment(line string) string {
	if i := strings.Index(line, " #"); i >= 0 {
		return "  " + strings.TrimSpace(line[i:])
	}
	return ""
}
