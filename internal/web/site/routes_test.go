package site

import (
	"context"
	"net/http"
	"testing"

	"shingle/internal/web/webtest"
)

func TestEveryRouteStandsInTheGatesTable(t *testing.T) {
	s := &Site{Telling: &Telling{}, MoveClock: func(context.Context, int) error { return nil }}
	mux := http.NewServeMux()
	s.routes(mux)
	webtest.Listed(t, mux)
}
