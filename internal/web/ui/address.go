package ui

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Readable lets through requests whose address is text, and has the others refused: a path or a query that
// is not UTF-8 or holds a NUL means nothing that we have, and not every database can look for it.
func Readable(next http.HandlerFunc, refuse func(http.ResponseWriter, *http.Request, Problem)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !isText(r.URL.Path):
			refuse(w, r, NotFound("The address holds bytes that are no text."))
		case !isQueryOfText(r.URL.RawQuery):
			refuse(w, r, BadRequest("The query of the address holds bytes that are no text."))
		default:
			next(w, r)
		}
	}
}

func isText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// isQueryOfText looks at a query as it will be read: what is badly escaped is for its reader to complain of.
func isQueryOfText(query string) bool {
	if strings.IndexByte(query, '%') < 0 {
		return isText(query)
	}
	values, _ := url.ParseQuery(query)
	for name, list := range values {
		if !isText(name) || !isText(strings.Join(list, "&")) {
			return false
		}
	}
	return true
}
