package webtest_test

import (
	"net/http"
	"slices"
	"testing"

	"shingle/internal/web/webtest"
)

func TestAllRoutesOfAMuxAreFound(t *testing.T) {
	mux := http.NewServeMux()
	want := []string{"/", "/a/{b}", "GET /a/{b}", "GET /a/{b}/{c...}", "GET /c/{$}", "POST /a/{b}"}
	for _, pattern := range want {
		mux.HandleFunc(pattern, http.NotFound)
	}
	if got := webtest.Routes(t, mux); !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}
