package office

import (
	"strconv"
	"strings"

	"shingle/internal/web/ui"
)

// untilWords says how far off a day is.
func untilWords(days int) string {
	switch {
	case days < 0:
		return countOf(-days, "day") + " overdue"
	case days == 0:
		return "today"
	case days == 1:
		return "tomorrow"
	}
	return "in " + strconv.Itoa(days) + " days"
}

// sinceWords says how long something has waited.
func sinceWords(days int) string {
	if days <= 0 {
		return "since today"
	}
	return "for " + countOf(days, "day")
}

func countOf(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// officeWords is a role without its article, e.g. "registrar".
func officeWords(role string) string {
	_, title, ok := strings.Cut(ui.RoleTitle(role), " ")
	if !ok {
		return role
	}
	return strings.TrimPrefix(title, "member's ")
}
