package cases

import (
	"fmt"
	"strings"
	"testing"

	"shingle/internal/act"
)

var sum = strings.Repeat("0b", 32)

func TestPartiesHandFilesIn(t *testing.T) {
	r := enter(t).lodged()
	photo := HandIn{id, receipt, " obj-2 ", strings.ToUpper(sum), words("a photo")}
	e := r.do(anyone, photo)[0].(FileHandedIn)
	if e.From != toComplainant || e.Object != "obj-2" || e.SHA256 != sum || e.What.Owner != "case/"+id {
		t.Errorf("%+v", e)
	}
	r.nothing(anyone, photo)
	r.refused(complainantsOwn, anyone, HandIn{id, act.NewPersonal("", "another code"), "obj-3", sum, words("x")})
	r.refused(machineApart, who{"operator", "operator"}, photo)
	for _, bad := range []HandIn{
		{id, receipt, "", sum, words("x")}, {id, receipt, "obj-3", sum[1:], words("x")}, {id, receipt, "obj-3", strings.Repeat("0g", 32), words("x")},
		{Case: id, Receipt: receipt, Object: "obj-3", SHA256: sum},
	} {
		r.refused(fileDescribed, anyone, bad)
	}
	r.refused(respondentsOwn, rep, Produce{id, "0042", "obj-3", sum, words("x")}) // it does not know of it
	over := r.copy()
	over.do(manager, Dismiss{id, "no-violation", words("it is allowed")})
	over.on("2027-04-30").do(clock, RunOut{id})
	over.refused(fileDescribed, anyone, HandIn{id, receipt, "obj-3", sum, words("x")})

	c := enter(t).charged()
	if e := c.do(rep, Produce{id, "0042", "obj-3", sum, words("the contract")})[0].(FileHandedIn); e.From != toRespondent {
		t.Errorf("%+v", e)
	}
	c.refused(respondentsOwn, rep, Produce{id, "0043", "obj-4", sum, words("x")})
	for i := 1; i < mostFiles; i++ {
		c.do(rep, Produce{id, "0042", fmt.Sprint("many-", i), sum, words("x")})
	}
	c.refused(fewFiles, rep, Produce{id, "0042", "too-many", sum, words("x")})
	c.do(anyone, HandIn{id, receipt, "obj-5", sum, words("the other party has its own count")})
}

// Who reads which papers, at which stage.
func TestPapersAreReadByWhoTheyAreFor(t *testing.T) {
	boss, other := Reader{manager.actor, "case-manager", ""}, Reader{"person/0003", "case-manager", ""}
	complainant, stranger := Reader{"anyone", "anyone", ""}, Reader{"person/0500", "person", ""}
	respondent, competitor := Reader{rep.actor, "representative", "0042"}, Reader{rep.actor, "representative", "0043"}
	presiding, standsBy, out := Reader{"person/0012", "panelist", ""}, Reader{"person/0014", "panelist", ""}, Reader{"person/0031", "panelist", ""}
	auditor, administrator, chairs := Reader{"person/0004", "auditor", ""}, Reader{"person/0005", "administrator", ""}, Reader{chair.actor, "chair", ""}
	everybody := []Reader{boss, other, complainant, stranger, respondent, competitor, presiding, standsBy, out, auditor, administrator, chairs, {}}

	check := func(when string, c Case, object string, may ...Reader) {
		t.Helper()
		for _, r := range everybody {
			want := false
			for _, m := range may {
				want = want || m == r
			}
			if got := c.Reads(r, object); got != want {
				t.Errorf("%s, %s reads %s: %v", when, r.Role+" "+r.Actor+" "+r.Member, object, got)
			}
		}
	}
	r := enter(t).investigating()
	r.do(anyone, HandIn{id, receipt, "photo", sum, words("x")})
	check("before charges", r.c, "obj-1", boss)
	check("before charges", r.c, "photo", boss, complainant)
	check("before charges", r.c, "unheard of")
	r = enter(t).panelled()
	r.do(anyone, HandIn{id, receipt, "photo", sum, words("x")})
	r.do(rep, Produce{id, "0042", "contract", sum, words("x")})
	check("before the hearing", r.c, "obj-1", boss, respondent, presiding, standsBy)
	check("before the hearing", r.c, "photo", boss, complainant)
	check("before the hearing", r.c, "contract", boss, respondent)

	signed := enter(t)
	l := named()
	l.Receipt = act.Personal{}
	signed.do(ada, l)
	signed.do(ada, HandIn{Case: id, Object: "photo", SHA256: sum, What: words("x")})
	check("signed in", signed.c, "photo", stranger, complainant)

	review := enter(t).lodged()
	review.do(manager, exhibit("obj-1", false))
	review.do(manager, Dismiss{id, "no-violation", words("it is allowed")})
	review.do(anyone, AskReview{id, receipt, words("look again")})
	check("under review", review.c, "obj-1", boss, presiding, standsBy, out)
	review.c.hand(out.Actor, didInvestigate)
	check("under review, by who had a part", review.c, "obj-1", boss, presiding, standsBy)
}
