package local

import (
	"errors"
	"net/http"

	"shingle/internal/web/ui"
	"shingle/internal/work/mail"
)

// Returned is what came of a message that may say that a letter came back.
type Returned struct {
	Report bool   `json:"report"`           // it is a delivery report
	Letter string `json:"letter,omitempty"` // id of the letter that it is about, if that is one of ours by its form
	Failed bool   `json:"failed"`           // the letter will not arrive
	Status string `json:"status,omitempty"` // enhanced status code
	Noted  bool   `json:"noted"`            // it stands on the office's page of letters now
}

// returned reads a message that came to the address to which letters come back.
func (d *Door) returned(w http.ResponseWriter, r *http.Request) {
	report, err := mail.ReadReport(r.Body)
	if errors.Is(err, mail.ErrNoReport) {
		d.write(w, Returned{})
		return
	}
	noted, err := mail.Returned(r.Context(), d.Record, report)
	switch {
	case errors.Is(err, mail.ErrUnderWay):
		ui.Problem{Type: "/problems/conflict", Title: "The letter is just being sent", Status: http.StatusConflict, Detail: "Nothing was changed.", Cure: "Report it again in a minute."}.WriteJSON(w)
	case err != nil:
		d.fail(w, err)
	default:
		d.write(w, Returned{true, report.Letter, report.Failed, report.Status, noted})
	}
}
