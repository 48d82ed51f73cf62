package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// mailCmd looks after letters.
type mailCmd struct {
	Bounced mailBounced `cmd:"" help:"Take in a message that says that a letter came back."`
}

// mailBounced is what a mail server hands the messages to that come to the address of --mail-return.
type mailBounced struct {
	Place
	File string `arg:"" help:"The message, as a file; - reads it from standard input." placeholder:"FILE"`
}

// tempFail is the status by which a mail server knows that it should try again later (EX_TEMPFAIL of sysexits.h).
const tempFail = 75

// Help is what kong shows below the usage.
func (mailBounced) Help() string {
	return "Exit status: 0 it was looked at, whether or not it is a report of a letter of ours; 75 it cannot be noted now, and is to be handed in again: mail servers do that by themselves."
}

// maxMessage is how much of a message is looked at, in bytes.
const maxMessage = 1 << 20

func (c *mailBounced) Run(r *run) error {
	f, err := r.open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	message, err := io.ReadAll(io.LimitReader(f, maxMessage))
	if err == nil {
		_, err = io.Copy(io.Discard, f) // whoever hands it in is not broken off
	}
	if err != nil {
		return exit{tempFail, err}
	}
	a, err := r.connect(c.Place, credentials{})
	if err != nil {
		return exit{tempFail, err}
	}
	defer func() { _ = a.close() }()
	answer, err := a.read(http.MethodPost, "/local/mail/returned", nil, message, nil)
	if err != nil {
		return exit{tempFail, err}
	}
	var came struct {
		Report, Failed, Noted bool
		Letter, Status        string
	}
	if err := json.NewDecoder(bytes.NewReader(answer)).Decode(&came); err != nil {
		return exit{tempFail, err}
	}
	says := "letter " + came.Letter + " came back: the office's page of letters says so now"
	switch {
	case !came.Report:
		says = "nothing was changed: the message is no delivery report"
	case !came.Failed:
		says = "nothing was changed: the report is of a delay, or of a letter that arrived"
	case came.Letter == "":
		says = "nothing was changed: the report does not say which letter of ours it is about"
	case !came.Noted:
		says = "nothing was changed: no letter " + came.Letter + " was sent, or it is known that it came back"
	}
	_, err = fmt.Fprintln(r.Out, says)
	return err
}
