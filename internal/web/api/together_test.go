package api_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"shingle/internal/body/governance"
	"shingle/internal/body/membership"
	"shingle/internal/web/api"
)

// While others read without pause, whoever asks for an act finds it in the next answer.
func TestNobodyIsAnsweredFromBeforeAnAct(t *testing.T) {
	h := founded(t)
	h.at(start.Add(time.Hour))
	stop := make(chan struct{})
	var readers sync.WaitGroup
	defer readers.Wait()
	defer close(stop)
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					h.mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", standing42, nil))
				}
			}
		})
	}
	for i := range 60 {
		name := fmt.Sprintf("Name %d", i)
		h.do(membership.Rename{Member: "0042", Name: name})
		for _, url := range []string{standing42, "/api/v1/standing?domain=cobaltridge.example"} {
			w := httptest.NewRecorder()
			h.mux.ServeHTTP(w, httptest.NewRequest("GET", url, nil))
			if !strings.Contains(w.Body.String(), `"name":"`+name+`"`) {
				t.Fatalf("after it is renamed to %q it is answered: %s", name, w.Body)
			}
		}
	}
}

// Another process's cache is told that something was recorded, and finds out itself what it concerns.
func TestWhatAnotherProcessRecordedIsDropped(t *testing.T) {
	h := founded(t)
	other := api.NewCache()
	reload := func() {
		t.Helper()
		h.must(other.Reload(t.Context(), h.db))
	}
	other.Fill("0042")
	reload()
	if other.Has("0042") {
		t.Error("it is not known since when the answer is, but it is kept")
	}
	other.Fill("0042", "0007")
	h.do(membership.Rename{Member: "0042", Name: "Another Name"})
	reload()
	if other.Has("0042") || !other.Has("0007") {
		t.Errorf("0042 was renamed; kept are 0042 %v, 0007 %v", other.Has("0042"), other.Has("0007"))
	}
	h.do(governance.SetHolidays{Year: 2027, Holidays: []string{"2027-01-01"}})
	reload()
	if other.Has("0007") {
		t.Error("new holidays bear on every member, but an answer is kept")
	}
}
