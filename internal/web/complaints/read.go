package complaints

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// How much is taken of what is sent: of the body of a request, as it is encoded, and of the longest text, in
// characters. The rest of a larger body is listened to, up to a point, so that a browser comes to hear the answer.
const (
	mostBody   = 2 << 20
	mostHeard  = 64 << 20
	mostTyped  = 50_000
	mostShort  = 5_000 // of a field that is not the account
	mostFields = 100
)

// read reads the form that was posted. Of one that is too large, what came first is kept.
func (x *Complaints) read(v *visit) error {
	if v.r.Method != http.MethodPost || strings.HasPrefix(v.r.Header.Get("Content-Type"), "multipart/") { // a file is read by who takes it
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(v.r.Body, mostBody+1))
	if err != nil {
		return errBroken
	}
	if v.cut = len(body) > mostBody; v.cut {
		body = body[:mostBody]
		_, _ = io.CopyN(io.Discard, v.r.Body, mostHeard) // it ends earlier, as a rule
	}
	v.sent = parse(string(body), v.cut)
	return nil
}

var errBroken = errors.New("the form that was sent broke off")

// parse reads a form. What cannot be read of it is left out; cut says that it ends somewhere in the middle.
func parse(body string, cut bool) url.Values {
	sent := url.Values{}
	for pair := range strings.SplitSeq(body, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil || name == "" || len(sent) >= mostFields {
			continue
		}
		if cut { // the last escape may have been torn apart
			if at := strings.LastIndexByte(value, '%'); at >= 0 && at > len(value)-3 {
				value = value[:at]
			}
		}
		text, err := url.QueryUnescape(value)
		if err != nil {
			continue
		}
		for range utf8.UTFMax { // and so may the last character
			if r, size := utf8.DecodeLastRuneInString(text); !cut || r != utf8.RuneError || size != 1 {
				break
			}
			text = text[:len(text)-1]
		}
		sent[name] = append(sent[name], text)
	}
	return sent
}

// shortened returns the first most characters of a text, and whether there were more.
func shortened(text string, most int) (string, bool) {
	if len(text) <= most {
		return text, false
	}
	n := 0
	for at := range text {
		if n == most {
			return text[:at], true
		}
		n++
	}
	return text, false
}

func sortedKeys(values url.Values) []string { return slices.Sorted(maps.Keys(values)) }
