package letters_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"shingle/internal/work/letters"
)

func at(day int) time.Time { return time.Date(2027, 3, day, 0, 0, 0, 0, time.UTC) }

var facts = letters.Facts{
	Body: "Demo Guild", Site: "https://demo.example", Name: "Ada Byron", Member: "Cobalt Ridge IT", Number: "0042", Role: "representative",
	Reason: "The references could not be reached.\nAsk again later.", Link: "https://demo.example/there?x=1", Until: at(15), At: at(1),
	Owed: "The attestation", Due: at(10), Lapse: at(20), Days: 7, Status: "suspended", Was: "in good standing", What: "a passkey was added", Unsubscribe: "https://demo.example/no-more",
}

// TestBothPartsSayTheSame compares the words of the two parts of every letter: what is in the facts and one part
// says, the other says too.
func TestBothPartsSayTheSame(t *testing.T) {
	for _, kind := range letters.Kinds {
		for _, days := range []int{0, 1, 7} {
			f := facts
			f.Days = days
			l, err := letters.Write(kind, f)
			if err != nil {
				t.Fatal(err)
			}
			shown := textOf(t, l.HTML)
			for _, fact := range []string{f.Body, f.Site, f.Name, f.Member, f.Number, f.Role, "could not be reached", f.Link, "15 March 2027", "1 March 2027", "Tuesday, 9 March 2027", "Friday, 19 March 2027", f.Owed, f.Status, f.Was, f.What, f.Unsubscribe} {
				if strings.Contains(l.Text, fact) != strings.Contains(shown, fact) {
					t.Errorf("%s: only one of the parts says %q:\n%s\n%s", kind, fact, l.Text, shown)
				}
			}
			if l.Subject == "" || !strings.HasPrefix(l.Subject, "Demo Guild: ") {
				t.Errorf("%s: subject %q", kind, l.Subject)
			}
			for _, private := range []string{"Ada", "Byron", "Cobalt", "0042", "https:", "suspended", "references"} {
				if strings.Contains(l.Subject, private) {
					t.Errorf("%s: the subject tells %q", kind, private)
				}
			}
			if strings.Contains(l.Text, "<no value>") || strings.Contains(l.Text, "{{") || strings.Contains(l.HTML, "ZgotmplZ") {
				t.Errorf("%s: %s\n%s", kind, l.Text, l.HTML)
			}
		}
	}
}

// textOf returns the text that a page shows, and the addresses that it leads to.
func textOf(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "href" {
				b.WriteString(" " + a.Val + " ")
			}
		}
	}
	return b.String()
}

func TestWhatIsInTheFactsStaysText(t *testing.T) {
	evil := "Evil\r\nBcc: all@x.example\r\n\r\n<script>alert(1)</script>\u202e\x00\u2028"
	f := facts
	f.Body, f.Name, f.Member, f.Reason, f.Owed, f.Status, f.Role, f.Link = evil, evil, evil, evil, evil, evil, evil, "javascript:alert(1)"
	for _, kind := range letters.Kinds {
		l, err := letters.Write(kind, f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(l.Subject, "\r\n\x00\u202e\u2028") || !strings.HasPrefix(l.Subject, "Evil  Bcc: all@x.example    <script>") {
			t.Errorf("%s: subject %q", kind, l.Subject)
		}
		if strings.Contains(l.HTML, "<script") || strings.Contains(l.HTML, `href="javascript:`) || strings.ContainsAny(l.HTML+l.Text, "\r\x00\u202e") {
			t.Errorf("%s: %s", kind, l.HTML)
		}
		if kind != letters.Declined && regexp.MustCompile(`(?m)^Bcc:`).MatchString(l.Text) {
			t.Errorf("%s: a name makes a line of its own:\n%s", kind, l.Text)
		}
	}
}

func TestAReminderSaysHowLateItIs(t *testing.T) {
	for days, want := range map[int]string{30: "Demo Guild: due in 30 days", 7: "Demo Guild: due in 7 days", 1: "Demo Guild: due in one day", 0: "Demo Guild: overdue"} {
		f := facts
		f.Days = days
		l, err := letters.Write(letters.Reminder, f)
		if err != nil || l.Subject != want {
			t.Errorf("%d: %q %v", days, l.Subject, err)
		}
		if said := f.Member + map[bool]string{true: " owed", false: " owes"}[days == 0] + " this by the end of "; !strings.Contains(l.Text, said) || !strings.Contains(l.Text, "\n    "+f.Owed) {
			t.Errorf("%d days: %s", days, l.Text)
		}
		if late := strings.Contains(l.Text, "until the end of Friday, 19 March 2027"); late != (days == 0) {
			t.Errorf("%d days: %s", days, l.Text)
		}
	}
	if _, err := letters.Write("spam", facts); err == nil || letters.Known("spam") || !letters.Known(letters.Reminder) {
		t.Error("there is a letter of any kind")
	}
}

// TestEveryFileIsOfAKind keeps the list of kinds and the files together.
func TestEveryFileIsOfAKind(t *testing.T) {
	entries, err := os.ReadDir("files")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2*len(letters.Kinds)+2 || !slices.IsSorted(letters.Kinds) {
		t.Errorf("%d files, kinds %v", len(entries), letters.Kinds)
	}
}
