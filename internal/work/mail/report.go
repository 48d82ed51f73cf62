package mail

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"regexp"
	"strings"
)

// Report is what a mail server reports of a letter that it, or another one, took before (RFC 3464). Anybody can write
// one: it is worth as much as a note on the door, and nothing but a state on the page of letters follows from it.
type Report struct {
	Letter string // id of the letter, by the Message-ID of the headers that came back; "" if they did not
	Failed bool   // it will not arrive; else the report is of a delay, or good news
	Status string // enhanced status code, e.g. "5.1.1" (RFC 3463); "" if none was given
}

// ErrNoReport says that a message is no delivery report.
var ErrNoReport = errors.New("the message is no delivery report")

const (
	// MaxReport is how much of a report is looked at, in bytes: what came back of a letter of ours is far less.
	MaxReport = 1 << 20
	// mostParts and deepest bound how a report is put together.
	mostParts, deepest = 50, 4
)

var (
	ourID      = regexp.MustCompile(`^\s*<?([0-9a-f]{32})@[^\s<>@]+>?\s*$`)
	statusCode = regexp.MustCompile(`\b([245]\.[0-9]{1,3}\.[0-9]{1,3})\b`)
)

// ReadReport reads a message that came back. Whatever it is fed, it is a report or [ErrNoReport].
func ReadReport(message io.Reader) (r Report, err error) {
	msg, err := netmail.ReadMessage(bufio.NewReader(io.LimitReader(message, MaxReport)))
	if err != nil {
		return r, ErrNoReport
	}
	kind, how, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || how["report-type"] != "" && !strings.EqualFold(how["report-type"], "delivery-status") {
		return r, ErrNoReport
	}
	found := r.parts(msg.Body, how["boundary"], deepest)
	if !found {
		return Report{}, ErrNoReport
	}
	return r, nil
}

// parts reads the parts of a report, as far as they can be read: one that was cut off still says what it says. It
// reports whether there was what makes a message a report.
func (r *Report) parts(body io.Reader, boundary string, depth int) (found bool) {
	if boundary == "" || depth == 0 {
		return false
	}
	parts := multipart.NewReader(body, boundary)
	for range mostParts {
		part, err := parts.NextPart() // which undoes quoted-printable
		if err != nil {
			return found
		}
		kind, how, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil {
			continue
		}
		var content io.Reader = part
		if strings.EqualFold(strings.TrimSpace(part.Header.Get("Content-Transfer-Encoding")), "base64") {
			content = base64.NewDecoder(base64.StdEncoding, part)
		}
		switch kind {
		case "message/delivery-status", "message/global-delivery-status":
			found = true
			r.statuses(content)
		case "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers":
			r.headers(content)
		default:
			if strings.HasPrefix(kind, "multipart/") {
				found = r.parts(content, how["boundary"], depth-1) || found
			}
		}
	}
	return found
}

// statuses reads what is said of the recipients: groups of fields with blank lines between, the first of them about the
// message. Our letters have one recipient; where several are told of, as a forwarder does, one that fails is enough.
func (r *Report) statuses(content io.Reader) {
	var action, status string
	end := func() {
		if strings.EqualFold(action, "failed") {
			r.Failed = true
			if code := statusCode.FindString(status); code != "" {
				r.Status = code
			}
		}
		action, status = "", ""
	}
	lines := bufio.NewScanner(content)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		name, value, _ := strings.Cut(line, ":")
		switch {
		case line == "":
			end()
		case strings.EqualFold(strings.TrimSpace(name), "Action"):
			action, _, _ = strings.Cut(strings.TrimSpace(value), " ") // a comment may follow
		case strings.EqualFold(strings.TrimSpace(name), "Status"):
			status = value
		}
	}
	end()
}

// headers reads the id of the letter off what came back of it.
func (r *Report) headers(content io.Reader) {
	raw, _ := io.ReadAll(content) // what was cut off is read as far as it goes
	// Headers that came back alone end without the blank line behind them.
	msg, err := netmail.ReadMessage(bytes.NewReader(append(raw, "\r\n\r\n"...)))
	if err != nil {
		return
	}
	if id := ourID.FindStringSubmatch(msg.Header.Get("Message-ID")); id != nil && r.Letter == "" {
		r.Letter = id[1]
	}
}

// says tells of a letter that came back, in words of ours.
func (r Report) says() string {
	says := "it came back: it could not be delivered"
	switch _, class, _ := strings.Cut(r.Status, "."); {
	case strings.HasPrefix(class, "1."):
		says = "it came back: there is no such address"
	case class == "2.2":
		says = "it came back: the person's mailbox is full"
	case strings.HasPrefix(class, "2."):
		says = "it came back: the person's mailbox takes no letters"
	case strings.HasPrefix(class, "7."):
		says = "it came back: the person's mail server does not want our letters"
	}
	if r.Status != "" {
		says += " (" + r.Status + ")"
	}
	return says
}
