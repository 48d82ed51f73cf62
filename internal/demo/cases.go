package demo

import (
	"fmt"

	"shingle/internal/act"
	"shingle/internal/body/discipline"
	"shingle/internal/code"
)

// matter is a decision that was taken on paper before the register went live.
type matter struct {
	member    string
	sanction  string
	findings  []string
	text      string
	decided   int      // days after the first text took effect
	upheld    act.Date // when the appeal was decided; no date where there was none
	closed    act.Date // when an appeal that went on was over; no date where none did
	until     act.Date
	confirmed act.Date
}

// expulsion says, in days before today, when the appeal of the one expulsion was over and when it was
// confirmed: so recently that the answer as of a month ago is another.
var expulsion = struct{ closed, confirmed int }{33, 19}

// decided returns the dates of a decision taken on paper some days after the first text took effect, and
// not appealed.
func (c calendar) decided(after int) discipline.Record {
	day := c.workday(c.firstText().AddDays(after))
	served := c.workday(day.AddDays(3))
	return discipline.Record{
		Decided: day, Served: served, ServiceProof: fmt.Sprintf("Courier receipt %d, signed for at the registered office", 4100+after),
		AppealClosed: code.LastDay(served, code.Duration{N: 20, Unit: code.BusinessDays}, c.holidays).AddDays(1),
	}
}

// record writes how the case manager recorded a decision and the chair confirmed it, and returns where the
// number of the order will stand.
func (h *history) record(m matter) *string {
	r := h.decided(m.decided)
	if !m.upheld.IsZero() {
		r.AppealDecided, r.AppealClosed = m.upheld, m.upheld
	}
	if !m.closed.IsZero() {
		r.AppealClosed = m.closed
	}
	r.Member, r.Sanction, r.Findings, r.Text, r.Until = m.member, m.sanction, m.findings, m.text, m.until
	order := new(string)
	h.do(h.office(m.confirmed.AddDays(-7)), caseManager, r).number = order
	h.do(h.office(m.confirmed), chair, func() any { return discipline.Confirm{Order: *order} })
	return order
}

// decide writes what officers decided about members, and what became of it.
func (h *history) decide() {
	h.settled()
	h.inForce()
	h.meanwhile()
	h.charged()
}

// settled are the decisions that have had their effect.
func (h *history) settled() {
	h.record(matter{
		member: "0009", sanction: discipline.Reprimand, decided: 6, confirmed: h.month(22).AddDays(3),
		findings: []string{"1.3=Three technicians had access to a customer's patient records without having signed an undertaking."},
		text:     "The company has since collected the undertakings and ended the accesses. The panel took that into account.",
	})
	h.record(matter{
		member: "0286", sanction: discipline.Warning, decided: 11, confirmed: h.month(22).AddDays(8),
		findings: []string{"1.5=Backups of a former customer were destroyed four months after the engagement ended."},
		text:     "The company is warned.",
	})
	h.record(matter{
		member: "0282", sanction: discipline.Reprimand, decided: 19, confirmed: h.month(22).AddDays(20),
		findings: []string{"2.4=The company complied with a subpoena and told the customer seven weeks later, although nothing forbade telling it at once."},
		text:     "The disclosure itself was lawful. The customer lost the time in which it could have been heard.",
	})
	h.record(matter{
		member: "0054", sanction: discipline.RequiredEducation, decided: 25, confirmed: h.month(22).AddDays(26),
		findings: []string{"2.2=A help desk gave a caller who claimed to be a deputy the address of a customer's employee."},
		text:     "Everyone who answers the company's telephones completes a course on verifying officials within six months.",
	})
	suspended := h.decided(13).AppealClosed
	h.record(matter{
		member: "0081", sanction: discipline.Suspension, decided: 13, until: suspended.AddMonths(6),
		confirmed: h.month(22).AddDays(12),
		findings:  []string{"1.2=The company used one customer's price lists to write an offer for another."},
		text:      "The panel suspended the company for six months from the end of the time to appeal.",
	})
	met := h.record(matter{
		member: "0223", sanction: discipline.Conditions, decided: 16, until: h.month(12),
		confirmed: h.month(22).AddDays(15),
		findings: []string{
			"1.3=The company could not say who had opened a customer's mailbox.",
			"1.4=It told the customer of a suspected breach only when asked.",
		},
		text: "The company keeps a record of who may see what, and shows it to the registrar every quarter.",
	})
	h.do(h.office(h.month(15).AddDays(18)), chair, func() any {
		return discipline.MeetConditions{Order: *met, How: "The registrar saw the record for three quarters and found it complete."}
	})
}

// inForce are the orders that have effect today, or would have but for a court.
func (h *history) inForce() {
	upheld := h.workday(h.month(20).AddDays(11))
	h.record(matter{
		member: "0067", sanction: discipline.Probation, decided: 20, upheld: upheld,
		until: upheld.AddMonths(24).AddDays(-1), confirmed: h.month(19).AddDays(2),
		findings: []string{"1.1=A technician described a customer's network, recognizably, in a talk at a trade fair."},
		text:     "The company appealed. The appeal board upheld the decision and made the suspension a probation of two years.",
	})
	upheld = h.workday(h.month(11).AddDays(8))
	h.record(matter{
		member: "0105", sanction: discipline.Conditions, decided: 23, closed: upheld,
		until: h.month(-7), confirmed: h.month(11).AddDays(25),
		findings: []string{"1.5=The company kept a former customer's passwords for eleven months after the engagement had ended."},
		text:     "The company appealed, and settled with the body while the appeal was pending: an outside auditor confirms twice a year that what former customers left has been returned or destroyed.",
	})
	upheld = h.ago(118)
	h.record(matter{
		member: "0130", sanction: discipline.Suspension, decided: 27, closed: upheld,
		until: upheld.AddMonths(9), confirmed: h.ago(104),
		findings: []string{"1.4=The company knew for five weeks that a customer's file server had been copied, and said nothing."},
		text:     "The company appealed, and asked for arbitration after that. The arbitrator upheld a suspension of nine months on " + words(upheld) + ".",
	})
	upheld = h.ago(215)
	stayed := h.record(matter{
		member: "0012", sanction: discipline.Suspension, decided: 22, upheld: upheld,
		until: upheld.AddMonths(12).AddDays(-1), confirmed: h.ago(203),
		findings: []string{"2.3=Asked by a court for the messages of one person, the company handed over the mailboxes of a whole department."},
		text:     "The company appealed. The appeal board upheld the decision on " + words(upheld) + ".",
	})
	h.do(h.office(h.ago(120)), caseManager, func() any {
		return discipline.Stay{
			Order: *stayed, Court: "the District Court of Wexley County, Texas",
			Reference: fmt.Sprintf("No. %d-CV-0417, order of %s", h.ago(122).Year(), words(h.ago(122))),
		}
	})
	upheld = h.ago(expulsion.closed)
	h.record(matter{
		member: "0202", sanction: discipline.Expulsion, decided: 15, closed: upheld,
		confirmed: h.ago(expulsion.confirmed),
		findings: []string{
			"1.1=The company sold extracts of two customers' databases to a broker.",
			"1.2=It had searched the databases for what the broker asked, which no work of theirs required.",
			"2.2=It gave the broker's questions out as those of an authority.",
		},
		text: "The company appealed, and went to court when the appeal board upheld the decision. The court dismissed its action on " + words(upheld) + ". Nothing less than expulsion protects the customers of the profession.",
	})
}

// meanwhile are the interim suspensions: one that lasts and was continued on review, and one that was lifted.
func (h *history) meanwhile() {
	lasting := new(string)
	h.do(h.office(h.ago(110)), chair, discipline.Impose{
		Member: "0191", Provisions: []string{"1.4"}, Notified: h.office(h.ago(119)), Until: h.ago(-60),
		Reason: act.NewPrivate("", "Ransomware spreads from the company's management system to its customers, and the company does not switch it off."),
		Heard:  act.NewPrivate("", "By letter: the company denies the cause and asks for two more weeks."),
	}).number = lasting
	h.do(h.office(h.ago(25)), chair, func() any {
		return discipline.Review{
			Order: *lasting, Decision: "continue", By: "the interim panel",
			Reason: act.NewPrivate("", "The management system is still in use, and its maker has published no correction."),
		}
	})
	lifted := new(string)
	h.do(h.office(h.month(16).AddDays(4)), chair, discipline.Impose{
		Member: "0268", Provisions: []string{"1.1"}, Notified: h.office(h.month(16).AddDays(-7)), Until: h.month(13),
		Reason: act.NewPrivate("", "A former employee is said to sell access to customers' systems."),
		Heard:  act.NewPrivate("", "In person: the company did not know, and has begun to change all passwords."),
	}).number = lifted
	h.do(h.office(h.month(15).AddDays(9)), chair, func() any {
		return discipline.Lift{Order: *lifted, Reason: act.NewPrivate("", "All accesses were renewed, as an outside examiner has confirmed.")}
	})
}

// charged are the members that left while charges were open. Those against the first were dismissed; the
// other's are still open, because a criminal trial comes first.
func (h *history) charged() {
	served := h.workday(h.firstText().AddDays(9))
	dismissed := new(string)
	for _, c := range []struct {
		member, proof string
		provisions    []string
		number        *string
	}{
		{"0127", "Courier receipt 4090, signed for by the managing director", []string{"1.2"}, dismissed},
		{"0032", "Courier receipt 4091, signed for at the registered office", []string{"1.1", "2.2"}, nil},
	} {
		h.do(h.office(h.goLive().AddDays(-6)), caseManager, discipline.Charge{
			Member: c.member, Provisions: c.provisions, Served: served, ServiceProof: c.proof,
		}).number = c.number
	}
	h.do(h.office(h.month(17).AddDays(12)), caseManager, func() any {
		return discipline.CloseCharge{Charge: *dismissed, Outcome: "dismissed"}
	})
}
