package local

import (
	"net/http"
	"time"
)

// Clock is how a body's clock stands.
type Clock struct {
	Machine  time.Time `json:"machine"`         // what the machine's clock shows
	Believed time.Time `json:"believed"`        // for which time questions are answered
	Recorded time.Time `json:"recorded"`        // when the newest event was recorded
	Doubt    string    `json:"doubt,omitempty"` // why nothing is recorded and signed, "" if it is
}

// clock answers GET /local/clock.
func (d *Door) clock(w http.ResponseWriter, _ *http.Request) { d.write(w, d.Clock()) }

// acceptClock answers POST /local/clock/accept: the operator has looked at the machine's clock, and it is
// right. From then on acts are recorded and receipts signed by it.
func (d *Door) acceptClock(w http.ResponseWriter, _ *http.Request) {
	if err := d.AcceptClock(); err != nil {
		d.fail(w, err)
		return
	}
	d.write(w, d.Clock())
}
