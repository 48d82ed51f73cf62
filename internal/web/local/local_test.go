package local

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"shingle/internal/account"
	"shingle/internal/record"
	"shingle/internal/roster"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
)

func TestNobodyComesInWithAToken(t *testing.T) {
	for _, address := range []string{"/local/import/roster", "/local/rebuild", "/local/tokens", "/local/clock/accept"} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, address, nil)
		r.Header.Set("Authorization", "Bearer shingle_X")
		(&Door{}).ServeHTTP(w, r)
		if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "for the operator alone") {
			t.Errorf("%s: %d %s", address, w.Code, w.Body)
		}
	}
}

func TestEveryRouteStandsInTheGatesTable(t *testing.T) {
	d := &Door{}
	d.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/local/nowhere", nil)) // it makes its routes
	webtest.Listed(t, d.mux)
}

func TestTheOperatorIsToldTheTruth(t *testing.T) {
	for _, test := range []struct {
		err    error
		status int
		title  string
		detail string
	}{
		{errors.New("the database is locked by another process"), 500, "This could not be done", "the database is locked by another process"},
		{account.ErrNotFound, 404, "There is no token with this id", ""},
		{record.ErrClosed, 503, "This is not possible right now", "The server is stopping."},
	} {
		w := httptest.NewRecorder()
		(&Door{}).fail(w, test.err)
		var p ui.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != test.status || p.Title != test.title || p.Detail != test.detail {
			t.Errorf("%v: %+v", test.err, p)
		}
	}
}

func TestAFileAtFaultIsNoFaultOfOurs(t *testing.T) {
	for _, test := range []struct {
		err    error
		logged bool
	}{
		{&roster.HeaderError{Detail: "the file is empty"}, false},
		{&roster.BrokenFile{Line: 3, Detail: "a quotation mark is left open"}, false},
		{errors.New("the disk is on fire"), true},
	} {
		var log strings.Builder
		w := httptest.NewRecorder()
		d := &Door{Logger: slog.New(slog.NewTextHandler(&log, nil))}
		d.end(httptest.NewRequest(http.MethodPost, "/local/import/roster", nil), newLines(w), roster.Report{Rows: 2}, test.err)
		var last struct {
			Error  string
			Result roster.Report
		}
		if err := json.Unmarshal(w.Body.Bytes(), &last); err != nil || last.Error != test.err.Error() || last.Result.Rows != 2 || (log.Len() > 0) != test.logged {
			t.Errorf("%v: %+v, %v; logged %q", test.err, last, err, log.String())
		}
	}
}
