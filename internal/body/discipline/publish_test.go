package discipline

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"shingle/internal/act"
	"shingle/internal/act/acttest"
	"shingle/internal/code"
)

// announcing are the facts of a notice about an order with these events.
func announcing(events ...act.Event) NoticeFacts {
	f := NoticeFacts{ID: "2026-0007", Zone: time.UTC, Name: "Cobalt Ridge IT", Periods: code.Usual().Publication}
	for _, e := range events {
		f.Order = evolveOrder(f.Order, e)
	}
	return f
}

func notice(t *testing.T, f NoticeFacts) *acttest.Story {
	return acttest.For(t, Domain()).Knowing(f).When(Publish{Order: "2026-0001"}, on("2026-06-11"))
}

func TestEachPublicSanctionHasANotice(t *testing.T) {
	for sanction, expires := range map[string]string{
		Reprimand: "2029-06-12", RequiredEducation: "2029-06-12", Conditions: "2029-06-12", Probation: "2029-06-12",
		Suspension: "2031-06-12", Expulsion: "",
	} {
		events := notice(t, announcing(proposed(sanction), confirmed(sanction))).Events()
		n := events[0].(NoticePublished)
		if n.Class != sanction || n.Turn != 1 || n.ID != "2026-0007" || n.Decided != date("2026-02-10") {
			t.Errorf("notice %+v", n)
		}
		if want := (time.Time{}); expires != "" && !n.Expires.Equal(start(expires)) || expires == "" && n.Expires != want {
			t.Errorf("the notice of a %s expires %s, want %s", sanction, n.Expires, expires)
		}
		if sum := sha256.Sum256(PublishedText(n.Title, n.Body)); n.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("the hash of %s is not that of its text", sanction)
		}
		for _, words := range []string{
			"Cobalt Ridge IT (member 0042)", "The procedure that led to this decision was not checked by this system.",
			"Finding on provision 1: It sold its customers' data.", "Finding on provision 1.1: Nobody had promised anything.", "provisions 1 and 1.1", "10 February 2026", "The appeal has been closed since 12 March 2026.",
		} {
			if !strings.Contains(n.Body, words) {
				t.Errorf("the notice of a %s does not say %q:\n%s", sanction, words, n.Body)
			}
		}
		sentences(t, n.Body)
	}
}

// sentences says that every paragraph is made of whole sentences.
func sentences(t *testing.T, body string) {
	t.Helper()
	for p := range strings.SplitSeq(body, "\n\n") {
		if r, _ := utf8.DecodeRuneInString(p); !strings.HasSuffix(p, ".") || strings.ToUpper(string(r)) != string(r) || strings.Contains(p, "..") {
			t.Errorf("not a sentence: %q", p)
		}
	}
}

func TestTheNoticeOfAnInterimSuspensionFindsNothing(t *testing.T) {
	n := notice(t, announcing(imposed())).Events()[0].(NoticePublished)
	if n.Class != "interim" || !strings.Contains(n.Body, "No finding has been made.") || strings.Contains(n.Body, "backups") ||
		!n.Until.Equal(start("2026-11-11")) || !n.Expires.Equal(start("2027-01-01")) ||
		!strings.Contains(n.Body, "from 10 August 2026 until the end of 31 December 2026.") ||
		!strings.Contains(n.Body, "The body reviews the suspension by the end of 10 November 2026. If it does not, the suspension ends by itself with that day.") || n.Decided != date("2026-08-10") {
		t.Errorf("notice %+v", n)
	}
	sentences(t, n.Body)
}

func TestThatAnInterimSuspensionGoesOnIsAnnounced(t *testing.T) {
	f := announcing(imposed(), reviewed())
	f.First = Notice{ID: "2026-0003", Expires: start("2027-01-01")}
	n := notice(t, f).Events()[0].(NoticeCorrected)
	if n.Title != "Interim suspension continued: Cobalt Ridge IT" || n.Turn != 2 ||
		!strings.Contains(n.Body, "On 2 November 2026 the interim suspension of Cobalt Ridge IT (member 0042) was reviewed by the interim panel and continued until the end of 31 December 2026.") ||
		!strings.Contains(n.Body, "The suspension ends with that day") || strings.Contains(n.Body, "sale") {
		t.Errorf("notice %+v", n)
	}
	sentences(t, n.Body)
}

func TestANoticeSaysHowTheAppealEnded(t *testing.T) {
	p, c := proposed(Expulsion), confirmed(Expulsion)
	p.AppealDecided, c.AppealDecided = date("2026-02-20"), date("2026-02-20")
	n := notice(t, announcing(p, c)).Events()[0].(NoticePublished)
	if n.Appeal != "An appeal was decided on 20 February 2026. The appeal has been closed since 12 March 2026." || !strings.Contains(n.Body, n.Appeal) {
		t.Errorf("notice %+v", n)
	}
}

func TestWhatChangesAnOrderIsCorrected(t *testing.T) {
	before := []act.Event{proposed(Expulsion), confirmed(Expulsion)}
	for _, c := range []struct {
		event act.Event
		title string
		says  string
	}{
		{stayed(), "Order stayed by a court: Cobalt Ridge IT", "the standing before it is restored"},
		{StayLifted{Reference: "7", At: noon("2026-07-02")}, "Stay of an order lifted: Cobalt Ridge IT", "has its effect again"},
		{OrderQuashed{By: "the court", Reference: "8", From: noon("2026-07-03")}, "Order set aside: Cobalt Ridge IT", "no effect any more"},
		{InterimLifted{At: noon("2026-07-03")}, "Interim suspension lifted: Cobalt Ridge IT", "No finding has been made"},
		{ConditionsMet{At: noon("2026-07-03")}, "Expulsion ended: Cobalt Ridge IT", "has been done"},
	} {
		f := announcing(append(before, c.event)...)
		f.First = Notice{ID: "2026-0003", Expires: noon("2030-01-01")}
		n := notice(t, f).Events()[0].(NoticeCorrected)
		if n.Title != c.title || !strings.Contains(n.Body, c.says) || n.Corrects != "2026-0003" || !n.Expires.Equal(f.First.Expires) || n.Turn != 2 {
			t.Errorf("correction %+v", n)
		}
		sentences(t, n.Body)
	}
}

func TestAThingIsAnnouncedOnce(t *testing.T) {
	f := announcing(proposed(Expulsion), confirmed(Expulsion))
	f.Announced = true
	notice(t, f).Nothing()
	published := notice(t, announcing(proposed(Expulsion), confirmed(Expulsion))).Events()[0].(NoticePublished)
	if claims := published.Claims(); len(claims) != 1 || claims[0] != (act.Claim{Kind: "notice", Key: AnnouncedKey("2026-0001", 1)}) {
		t.Errorf("claims %v", claims)
	}
}

func TestOnlyPublicOrdersAreAnnounced(t *testing.T) {
	notice(t, announcing(proposed(Warning), confirmed(Warning))).Refused(publicOrder)
	notice(t, announcing(proposed(Expulsion))).Refused(publicOrder)
	notice(t, announcing()).Refused(publicOrder)
}

func TestWhatIsToComeIsAnnouncedAsToCome(t *testing.T) {
	for sanction, says := range map[string]string{
		Expulsion:         "is expelled with effect from 1 December 2026. Until then it remains a member.",
		Suspension:        "will be suspended from 1 December 2026",
		Probation:         "will be on probation from 1 December 2026",
		Conditions:        "will be subject to conditions from 1 December 2026",
		RequiredEducation: "is ordered to complete further education, with effect from 1 December 2026.",
		Reprimand:         "will be reprimanded on 1 December 2026.",
	} {
		c := confirmed(sanction)
		c.From = start("2026-12-01")
		n := notice(t, announcing(proposed(sanction), c)).Events()[0].(NoticePublished)
		if !strings.Contains(n.Body, says) || strings.Contains(n.Body, "no longer") {
			t.Errorf("the notice of a %s to come says:\n%s", sanction, n.Body)
		}
		sentences(t, n.Body)
		for event, says := range map[act.Event]string{
			stayed(): "which was to take effect on 1 December 2026, was stayed by", OrderQuashed{By: "the court", Reference: "8", From: noon("2026-07-03")}: "does not take effect",
		} {
			f := announcing(proposed(sanction), c, event)
			correction := notice(t, f).Events()[0].(NoticeCorrected)
			if !strings.Contains(correction.Body, says) || strings.Contains(correction.Body, "restored") {
				t.Errorf("its correction says:\n%s", correction.Body)
			}
		}
	}
}
