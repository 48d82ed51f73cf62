package casefile_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"

	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/custody"
	"shingle/internal/exhibit"
	"shingle/internal/web/ui"
)

func aPicture(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// charged brings the case to its charges, with evidence of several kinds.
func (r *room) charged() (letter, photo, produced ui.Exhibit) {
	r.t.Helper()
	r.ManagerDoes(cases.Investigate{Case: r.id, Plan: act.NewPrivate("", "CANARY plan")})
	r.ManagerDoes(cases.Note{Case: r.id, Kind: "counsel", Text: act.NewPrivate("", "CANARY-COUNSEL privileged")})
	letter, photo = r.take("case/"+r.id, "the letter"), r.take("case/"+r.id, aPicture(r.t))
	r.admit(letter, "a letter of 4 March", "witness")
	r.admit(photo, "a photograph", "body")
	r.admit(ui.Exhibit{Object: "nobodysobject", SHA256: strings.Repeat("0a", 32)}, "what is missing", "public")
	r.ManagerDoes(cases.DraftCharges{Case: r.id, Provisions: []string{"1"}, Statement: act.NewPrivate("", "CANARY-DRAFT")})
	r.ManagerDoes(cases.DraftCharges{Case: r.id, Provisions: []string{"1", "1.1"}, Statement: act.NewPrivate("", "The charges.")})
	r.ManagerDoes(cases.ServeCharges{Case: r.id, On: r.Today(), Proof: "courier receipt 1"})
	produced = r.take("case/"+r.id, "the contract")
	r.MemberDoes(cases.Produce{Case: r.id, Member: "0042", Object: produced.Object, SHA256: produced.SHA256, What: act.NewPrivate("", "our contract")})
	return letter, photo, produced
}

func TestTheBundleIsForWhoHearsAndIsHeard(t *testing.T) {
	r := enter(t)
	letter, _, produced := r.charged()
	r.readBy("charged", letter.Object, "the letter", r.manager(), respondent)
	r.readBy("charged", produced.Object, "the contract", r.manager(), respondent)
	r.MemberDoes(cases.Answer{Case: r.id, Member: "0042", Text: act.NewPrivate("", "No.")})
	panel := []string{r.Trade[0], r.Lay[0], r.Trade[1]}
	r.ChairDoes(cases.NamePanel{Case: r.id, Panelists: panel, Alternates: []string{r.Lay[1]}})
	sits, not := ui.Who{Actor: "person/" + panel[0], Role: "panelist"}, ui.Who{Actor: "person/" + r.Trade[3], Role: "panelist"}
	for _, who := range []ui.Who{r.manager(), respondent, sits} {
		var b bytes.Buffer
		r.must(r.x.Bundle(t.Context(), who, r.id, &b))
		if n, err := api.PageCount(bytes.NewReader(b.Bytes()), exhibit.PDFs()); err != nil || n != 1+3+2 {
			t.Errorf("the bundle of the %s has %d pages: %v", who.Role, n, err)
		}
	}
	for _, who := range []ui.Who{complainant, competitor, auditor, admin, operator, not} {
		var b bytes.Buffer
		if err := r.x.Bundle(t.Context(), who, r.id, &b); !errors.Is(err, ui.ErrNoExhibit) || b.Len() > 0 {
			t.Errorf("the %s has the bundle: %v", who.Role, err)
		}
	}
	if _, err := r.text(sits, produced.Object); !errors.Is(err, ui.ErrNoExhibit) {
		t.Errorf("the panel reads what was not admitted: %v", err)
	}
	events := r.accesses(letter.Object)
	if last := events[0]; len(events) != 5 || last.Actor != sits.Actor || !strings.Contains(last.Event.(custody.Opened).Purpose, "bundle") {
		t.Errorf("%d accesses, the last %+v", len(events), last)
	}
	if err := r.x.Bundle(t.Context(), r.manager(), "2026-0099", io.Discard); !errors.Is(err, ui.ErrNoExhibit) {
		t.Errorf("a case that there is not: %v", err)
	}
}

// files unpacks an archive, and fails unless its sums fit.
func files(t *testing.T, b []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(text)
	}
	for name, text := range all {
		if name != "SHA256SUMS" && !strings.Contains(all["SHA256SUMS"], sumOf(text)+"  "+name+"\n") {
			t.Errorf("of %s the sum is missing", name)
		}
	}
	return all
}

func TestWhatGoesToACourtAndToAParty(t *testing.T) {
	r := enter(t)
	_, _, _ = r.charged()
	r.MemberDoes(cases.WriteBack{Case: r.id, Member: "0042", Text: act.NewPrivate("", "We ask for time.")})
	r.DoIn("anyone", "anyone", cases.WriteIn{Case: r.id, Receipt: act.NewPersonal("", receipt), Text: act.NewPrivate("", "I fear for my job.")})
	panel := r.Hear(r.id, "0042")
	r.Decide(panel, cases.Decide{Case: r.id, Findings: []string{"1=proven", "2=not-proven"}, Sanction: "reprimand"})
	r.Pass(40 * 24 * time.Hour)
	r.DoIn("clock", "clock", cases.RunOut{Case: r.id})
	r.ChairDoes(cases.Publish{Case: r.id, Findings: []string{"1=It sold data."}, Text: "It is reprimanded."})
	var b bytes.Buffer
	r.must(r.x.CourtPack(t.Context(), r.manager(), r.id, &b))
	pack := files(t, b.Bytes())
	for _, name := range []string{"README.txt", "record.json", "certificate.json", "bundle.pdf", "evidence/exhibit-001.txt", "evidence/exhibit-002.png", "evidence/exhibit-003-missing.txt", "handed-in/respondent-001.txt", "proofs/log.vkey", "SHA256SUMS"} {
		if pack[name] == "" {
			t.Errorf("%s is missing", name)
		}
	}
	proofs := 0
	for name := range pack {
		if strings.HasSuffix(name, ".tlog-proof") {
			proofs++
			proves(t, pack[name], pack["proofs/log.vkey"])
		}
	}
	if proofs == 0 {
		t.Error("nothing is proven by the public log")
	}
	for _, says := range []string{"They sold what they had seen.", "CANARY plan", "The letter shows it.", "[sealed]", "case.published", "We ask for time."} {
		if !strings.Contains(pack["record.json"], says) {
			t.Errorf("the record does not say %q", says)
		}
	}
	for name, text := range pack {
		if strings.Contains(text, "CANARY-COUNSEL") || name == "record.json" && strings.Contains(text, `"proven"`) && strings.Contains(text, `"vote": "proven"`) {
			t.Errorf("%s has what counsel noted, or a vote", name)
		}
	}
	for _, who := range []ui.Who{complainant, respondent, competitor, auditor, admin, operator, {Actor: "person/" + r.Chair, Role: "chair"}} {
		var none bytes.Buffer
		if err := r.x.CourtPack(t.Context(), who, r.id, &none); !errors.Is(err, ui.ErrNoExhibit) || none.Len() > 0 {
			t.Errorf("the %s has the pack for a court: %v", who.Role, err)
		}
	}

	subject := func(who ui.Who, party string) (map[string]string, error) {
		var b bytes.Buffer
		if err := r.x.Subject(t.Context(), who, r.id, party, &b); err != nil {
			return nil, err
		}
		return files(t, b.Bytes()), nil
	}
	theirs, err := subject(complainant, "complainant")
	r.must(err)
	own, err := subject(respondent, "respondent")
	r.must(err)
	for _, c := range []struct {
		pack        map[string]string
		has, hasNot []string
	}{
		{theirs, []string{"They sold what they had seen.", "I fear for my job.", "case.published"}, []string{"We ask for time.", "CANARY", "The letter shows it.", "The charges."}},
		{own, []string{"We ask for time.", "The charges.", "The letter shows it.", "a letter of 4 March"}, []string{"They sold what they had seen.", "I fear for my job.", "CANARY", `"receipt": "`, `"actor": "person/`}},
	} {
		for _, says := range c.has {
			if !strings.Contains(c.pack["record.json"], says) {
				t.Errorf("it does not say %q", says)
			}
		}
		for _, says := range c.hasNot {
			for name, text := range c.pack {
				if strings.Contains(text, says) {
					t.Errorf("%s says %q", name, says)
				}
			}
		}
	}
	if own["handed-in/respondent-001.txt"] != "the contract" || own["evidence/exhibit-001.txt"] != "the letter" || theirs["evidence/exhibit-001.txt"] != "" {
		t.Error("the files are not those that each may read")
	}
	for who, party := range map[ui.Who]string{complainant: "respondent", respondent: "complainant", competitor: "respondent", auditor: "complainant", admin: "respondent"} {
		if _, err := subject(who, party); !errors.Is(err, ui.ErrNoExhibit) {
			t.Errorf("the %s has what is held of the %s: %v", who.Role, party, err)
		}
	}
}

// Whoever complained with a name is not told of by what the respondent may have.
func TestAComplainantIsNotToldOf(t *testing.T) {
	r := enter(t)
	today := r.Today()
	done := r.DoIn("person/0500", "person", cases.Lodge{
		Respondent: "0042", From: today.AddDays(-9), To: today.AddDays(-8), Known: today.AddDays(-7), Provisions: []string{"1"}, For: "",
		Account: act.NewPrivate("", "CANARY account"), Name: act.NewPrivate("", "CANARY name"), Contact: act.NewPrivate("", "CANARY contact"),
	})
	r.id = strings.TrimPrefix(done.Stream, "case/")
	r.ChairDoes(cases.Assign{Case: r.id, Person: r.Manager})
	if err := r.x.Subject(t.Context(), respondent, r.id, "respondent", io.Discard); !errors.Is(err, ui.ErrNoExhibit) {
		t.Errorf("a respondent that does not know of a case has its file: %v", err)
	}
	if err := r.x.Subject(t.Context(), r.manager(), r.id, "respondent", io.Discard); !errors.Is(err, ui.ErrNoExhibit) {
		t.Errorf("the file is made for who does not know of the case: %v", err)
	}
	r.ManagerDoes(cases.Investigate{Case: r.id, Plan: act.NewPrivate("", "CANARY plan")})
	r.ManagerDoes(cases.Write{Case: r.id, To: "respondent", Text: act.NewPrivate("", "What happened in March?")})
	var b bytes.Buffer
	r.must(r.x.Subject(t.Context(), respondent, r.id, "respondent", &b))
	record := files(t, b.Bytes())["record.json"]
	if !strings.Contains(record, "What happened in March?") {
		t.Error("it does not say what the respondent was asked")
	}
	for _, secret := range []string{"CANARY", "person/0500"} {
		if strings.Contains(record, secret) {
			t.Errorf("it says %q", secret)
		}
	}
	var own bytes.Buffer
	r.must(r.x.Subject(t.Context(), ui.Who{Actor: "person/0500", Role: "person"}, r.id, "complainant", &own))
	if record := files(t, own.Bytes())["record.json"]; !strings.Contains(record, "CANARY name") {
		t.Error("a complainant does not have their own words")
	}
	if err := r.x.Subject(t.Context(), ui.Who{Actor: "person/0501", Role: "person"}, r.id, "complainant", io.Discard); !errors.Is(err, ui.ErrNoExhibit) {
		t.Errorf("a stranger has them: %v", err)
	}
}
