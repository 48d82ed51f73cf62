package mail

import (
	"encoding/base64"
	"errors"
	"regexp"
	"strings"
	"testing"
)

const letterID = "a7028710ee8f4f1ca57617c43e8d1acf"

// postfix is a report as Postfix writes one.
var postfix = strings.ReplaceAll(`Return-Path: <>
Date: Wed, 25 Nov 2026 17:44:12 +0000 (UTC)
From: MAILER-DAEMON@mx.guild.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bounces@guild.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4F1.1764092652/mx.guild.example"

This is a MIME-encapsulated message.

--4F1.1764092652/mx.guild.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

<ada@firm.example>: host mx.firm.example[192.0.2.7] said: 550 5.1.1 unknown user

--4F1.1764092652/mx.guild.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.guild.example
X-Postfix-Queue-ID: 4F1
Arrival-Date: Wed, 25 Nov 2026 17:44:10 +0000 (UTC)

Final-Recipient: rfc822; ada@firm.example
Original-Recipient: rfc822;ada@firm.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.firm.example
Diagnostic-Code: smtp; 550 5.1.1 unknown user

--4F1.1764092652/mx.guild.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

Return-Path: <bounces@guild.example>
Date: Wed, 25 Nov 2026 17:44:10 +0000
Message-ID: <a7028710ee8f4f1ca57617c43e8d1acf@guild.example>
Subject: Guild of Testers: you are invited
To: "Ada" <ada@firm.example>
Content-Type: multipart/alternative; boundary=x

--x
Content-Type: text/plain

Dear Ada
--x--

--4F1.1764092652/mx.guild.example--
`, "\n", "\r\n")

func TestReportsAreRead(t *testing.T) {
	exchange := strings.NewReplacer("report-type=delivery-status;", "report-type=Delivery-Status;", "message/rfc822", "text/rfc822-headers", "Action: failed", "action: Failed (it is over)", "Status: 5.1.1", "status: 5.2.2 (full)")
	inside := strings.NewReplacer("message/delivery-status\r\n\r\nReporting-MTA", "message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\nReporting-MTA")
	encoded := inside.Replace(postfix)
	from, to := strings.Index(encoded, "Reporting-MTA"), strings.Index(encoded, "Diagnostic-Code")
	encoded = encoded[:from] + base64.StdEncoding.EncodeToString([]byte(encoded[from:to])) + "\r\n" + encoded[to:]
	for what, test := range map[string]struct {
		message string
		want    Report
	}{
		"postfix":           {postfix, Report{letterID, true, "5.1.1"}},
		"headers alone":     {exchange.Replace(postfix), Report{letterID, true, "5.2.2"}},
		"unix lines":        {strings.ReplaceAll(postfix, "\r\n", "\n"), Report{letterID, true, "5.1.1"}},
		"base64":            {encoded, Report{letterID, true, "5.1.1"}},
		"a delay":           {strings.Replace(postfix, "Action: failed", "Action: delayed", 1), Report{Letter: letterID}},
		"good news":         {strings.Replace(postfix, "Action: failed", "Action: relayed", 1), Report{Letter: letterID}},
		"no status":         {strings.Replace(postfix, "Status: 5.1.1", "Status: nobody knows", 1), Report{letterID, true, ""}},
		"another's letter":  {strings.Replace(postfix, letterID, "CAF=x1", 1), Report{"", true, "5.1.1"}},
		"an id of ours, +":  {strings.Replace(postfix, "<"+letterID+"@", "<"+letterID+"0@", 1), Report{"", true, "5.1.1"}},
		"two recipients":    {strings.Replace(postfix, "Final-Recipient", "Action: relayed\r\nStatus: 2.0.0\r\n\r\nFinal-Recipient", 1), Report{letterID, true, "5.1.1"}},
		"cut off":           {postfix[:strings.Index(postfix, "Subject: Guild of Testers")], Report{letterID, true, "5.1.1"}},
		"cut off before":    {postfix[:strings.Index(postfix, "Remote-MTA")], Report{"", true, "5.1.1"}},
		"parts within":      {strings.Replace(postfix, "This is a MIME", "--4F1.1764092652/mx.guild.example\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.7.1\r\n--q--\r\nThis is a MIME", 1), Report{letterID, true, "5.1.1"}},
		"said in our words": {strings.Replace(postfix, "Status: 5.1.1", "Status: 5.1.1<script>ada@firm.example", 1), Report{letterID, true, "5.1.1"}},
	} {
		got, err := ReadReport(strings.NewReader(test.message))
		if err != nil || got != test.want {
			t.Errorf("%s: %+v, %v; want %+v", what, got, err, test.want)
		}
	}
}

func TestWhatIsNoReportSaysNothing(t *testing.T) {
	for what, message := range map[string]string{
		"nothing":        "",
		"no message":     "\x00\xff",
		"an answer":      "From: ada@firm.example\r\nSubject: Re: you are invited\r\nContent-Type: text/plain\r\n\r\nThank you, " + letterID,
		"a reading":      strings.Replace(postfix, "report-type=delivery-status", "report-type=disposition-notification", 1),
		"no status part": strings.ReplaceAll(postfix, "message/delivery-status", "text/plain"),
		"no boundary":    strings.Replace(postfix, "boundary=", "bound=", 1),
		"another type":   strings.Replace(postfix, "multipart/report", "multipart/mixed", 1),
	} {
		if got, err := ReadReport(strings.NewReader(message)); !errors.Is(err, ErrNoReport) || got != (Report{}) {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
}

// FuzzReport feeds whatever mail may bring: what is read of it has a form, and nothing of the message is said on.
func FuzzReport(f *testing.F) {
	f.Add(postfix)
	f.Add(strings.ReplaceAll(postfix, "\r\n", "\n"))
	f.Add("Content-Type: multipart/report; boundary=\"\"\r\n\r\n--\r\n")
	f.Add(strings.Repeat("Content-Type: multipart/report; boundary=a\r\n\r\n--a\r\n", 9))
	id, code := regexp.MustCompile(`^([0-9a-f]{32})?$`), regexp.MustCompile(`^([245]\.\d{1,3}\.\d{1,3})?$`)
	f.Fuzz(func(t *testing.T, message string) {
		r, err := ReadReport(strings.NewReader(message))
		if err != nil && (!errors.Is(err, ErrNoReport) || r != (Report{})) {
			t.Errorf("%+v, %v", r, err)
		}
		if !id.MatchString(r.Letter) || !code.MatchString(r.Status) || len(r.says()) > 90 {
			t.Errorf("%+v says %q", r, r.says())
		}
	})
}
