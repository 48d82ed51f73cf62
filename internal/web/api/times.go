package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"shingle/internal/act"
)

// now reads the clock: UTC, whole microseconds.
func (a *API) now() time.Time { return a.Now().UTC().Truncate(time.Microsecond) }

// clock keeps the text of the present second, which many answers share.
type clock struct{ last atomic.Pointer[second] }

type second struct {
	at   int64 // seconds since 1970
	text []byte
}

// text returns now as an answer shows it: in whole seconds, but exactly before the time exact (µs since
// 1970), when something happened in this very second.
func (c *clock) text(now time.Time, exact int64) []byte {
	if now.UnixMicro() < exact {
		return appendTime(nil, now)
	}
	s := c.last.Load()
	if s == nil || s.at != now.Unix() {
		s = &second{now.Unix(), appendTime(nil, now.Truncate(time.Second))}
		c.last.Store(s)
	}
	return s.text
}

func appendTime(b []byte, t time.Time) []byte { return t.UTC().AppendFormat(b, time.RFC3339Nano) }

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// aheadYears is how far ahead those who work for the body may look: terms repeat, and each one costs.
const aheadYears = 10

// times reads what a query asks for: at, when it was true, and known, when it was known. Both are now if
// they are not given, in whole seconds unless the moment matters.
func (a *API) times(ctx context.Context, query url.Values, zone *time.Location, now time.Time) (at, known time.Time, err error) {
	if at, err = instant("at", query.Get("at"), zone, now); err != nil {
		return at, known, err
	}
	if known, err = instant("known", query.Get("known"), zone, now); err != nil {
		return at, known, err
	}
	if at.After(now) && !mayLookAhead(ctx) {
		return at, known, badField("at", fmt.Sprintf("lies ahead; it is %s, and the register answers for what is and was", now.Format(time.RFC3339)))
	}
	if at.After(now.AddDate(aheadYears, 0, 0)) {
		return at, known, badField("at", fmt.Sprintf("lies more than %d years ahead", aheadYears))
	}
	return at, earlier(known, now), nil
}

// instant reads a time (RFC 3339) or a date, which means the last moment of that day in the body's
// zone. The day that is not over yet means now.
func instant(field, text string, zone *time.Location, now time.Time) (time.Time, error) {
	if text == "" {
		return now, nil
	}
	if zone == nil {
		zone = time.UTC
	}
	if d, err := act.ParseDate(text); err == nil {
		if d == act.DateIn(now, zone) {
			return now, nil
		}
		return d.End(zone).Add(-time.Microsecond), nil
	}
	// A "+" that was not escaped arrives as a space.
	t, err := time.Parse(time.RFC3339Nano, strings.Replace(text, " ", "+", 1))
	if err != nil || t.UTC().Year() < 1800 || t.UTC().Year() > 9999 {
		return time.Time{}, badField(field, fmt.Sprintf("%.40q is neither a date such as 2026-03-01 nor a time such as 2026-03-01T12:00:00Z", text))
	}
	return t.UTC().Truncate(time.Microsecond), nil
}

// queryOf reads a query that may hold each of the named parameters once.
func queryOf(r *http.Request, names ...string) (url.Values, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badField("", "the query of the address cannot be read")
	}
	for name, values := range query {
		if !slices.Contains(names, name) {
			return nil, badField(clip(name), "is not a parameter here; these are: "+strings.Join(names, ", "))
		}
		if len(values) > 1 {
			return nil, badField(name, "is given more than once")
		}
	}
	return query, nil
}

func clip(s string) string {
	const most = 60
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
