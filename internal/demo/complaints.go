package demo

import (
	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/discipline"
)

// hear writes the complaints that came since the register went live: first those that ended before charges, then
// those that went the long way, those that are under way, and those of the last weeks. No two of them stand where
// they stand for the same reason.
func (h *history) hear() {
	h.pool()
	h.outsideTheCode()
	h.dismissedAndReviewed()
	h.advised()
	h.agreed()
	h.reprimanded()
	h.suspended()
	h.notProven()
	h.consented()
	h.toAppeal()
	h.appealed()
	h.toVote()
	h.toHear()
	h.silent()
	h.barred()
	h.late()
	h.offered()
	h.dismissed()
	h.assigned()
}

// A complaint that the code says nothing of.
func (h *history) outsideTheCode() {
	p := h.complain("0073", 400, "They raised their price without telling me why.", cases.Lodge{})
	p.taken(2)
	p.then(15, caseManager, func(id string) any {
		return cases.Dismiss{Case: id, Ground: "outside-the-code", Reason: act.NewPrivate("", "The code says nothing of prices.")}
	})
}

// A dismissal that a lay reviewer let stand.
func (h *history) dismissedAndReviewed() {
	p := h.complain("0091", 290, "A technician read my messages.", cases.Lodge{
		Name: act.NewPrivate("", "Marguerite Oyelaran"), Contact: act.NewPrivate("", "marguerite@customer.example"),
	})
	p.taken(4)
	p.then(20, caseManager, func(id string) any {
		return cases.Dismiss{Case: id, Ground: "no-evidence", Reason: act.NewPrivate("", "The log of the mailbox shows no access by the company.")}
	})
	p.then(30, anyone, func(id string) any {
		return cases.AskReview{Case: id, Receipt: p.receipt(), Reason: act.NewPrivate("", "The log was kept by the company itself.")}
	})
	p.then(44, panelist(lay[1]), func(id string) any {
		return cases.ReviewDismissal{Case: id, Panelist: lay[1], Result: "stands", Reason: act.NewPrivate("", "The log is kept by the maker of the mailbox, not by the company.")}
	})
}

// An advice that was accepted.
func (h *history) advised() {
	p := h.complain("0110", 380, "The help desk told a stranger that I was on leave.", cases.Lodge{})
	p.taken(2)
	p.then(12, caseManager, func(id string) any {
		return cases.Offer{Case: id, Sanction: discipline.Advice, Provisions: []string{"2.2"}, Reason: act.NewPrivate("", "One call, one sentence, and the company has changed its procedure since.")}
	})
	p.then(18, representative("0110"), func(id string) any { return cases.AnswerOffer{Case: id, Member: "0110", Answer: "accept"} })
	p.told(21, "We have advised the company, which has changed its procedure.")
	p.published(21, "")
}

// A settlement before charges.
func (h *history) agreed() {
	p := h.complain("0148", 230, "They kept our passwords after we had left.", cases.Lodge{Name: act.NewPrivate("", "Hollis Drummond"), Contact: act.NewPrivate("", "hollis@former.example")})
	p.taken(5)
	p.then(19, caseManager, func(id string) any {
		return cases.Settle{Case: id, Complainant: true, Respondent: true, Terms: act.NewPrivate("", "The passwords were destroyed before a notary, whose record the complainant has.")}
	})
	p.told(22, "You and the company have settled the matter, and we have closed it.")
}

// A decision that nobody appealed.
func (h *history) reprimanded() {
	p := h.complain("0163", 340, "They put our network plan on a slide.", cases.Lodge{})
	p.charged("Find the slides, and who saw them.", "It showed a customer's network plan to others.", "1.1", "1.2")
	p.answered("The slide was meant to be anonymous.")
	p.seated([]string{trade[1], lay[2], trade[2]}, []string{lay[3]})
	p.heard("The company was heard; it showed the slides. Nobody else was called.")
	p.decided(cases.Decide{Findings: []string{"1=proven", "2=not-proven"}, Sanction: discipline.Reprimand}, "The plan could be recognised. That it was used for anything but the talk is not shown.")
	p.published(p.unappealed()+4, "The company did not appeal. It has withdrawn the slides.", "1.1=The company showed a customer's network plan, recognizably, to the audience of a fair.")
}

// The long way: a challenge, a recusal, a hearing, and an appeal in vain. The suspension is over.
func (h *history) suspended() {
	p := h.complain("0177", 360, "They handed our files to a caller who said that he was a detective.", cases.Lodge{Name: act.NewPrivate("", "Imogen Castellane"), Contact: act.NewPrivate("", "imogen@customer.example")})
	p.then(26, caseManager, func(id string) any { return cases.AskName{Case: id} })
	p.then(28, anyone, func(id string) any { return cases.AnswerName{Case: id, Receipt: p.receipt(), Answer: "agree"} })
	p.charged("Trace the call.", "It gave files to somebody whose authority it had not verified.", "2.2")
	p.answered("He knew the number of a case.")
	first := []string{trade[0], lay[0], trade[1]}
	p.seated(first, []string{lay[1], trade[2]})
	p.then(52, representative("0177"), func(id string) any {
		return cases.Challenge{Case: id, Member: "0177", Panelist: trade[1], Reason: act.NewPrivate("", "She wrote in the trade's journal that such calls are always the company's fault.")}
	})
	p.then(54, chair, func(id string) any {
		return cases.RuleOnChallenge{Case: id, Panelist: trade[1], Result: "rejected", Reason: act.NewPrivate("", "She wrote of calls in general, a year before this one.")}
	})
	p.then(58, panelist(trade[0]), func(id string) any {
		return cases.Recuse{Case: id, Panelist: trade[0], Reason: act.NewPrivate("", "My brother has begun to work for the company.")}
	})
	p.panel = []string{lay[0], trade[1], lay[1]}
	p.heard("The complainant, the company and the technician who took the call were heard.")
	p.decided(cases.Decide{Findings: []string{"1=proven"}, Sanction: discipline.Suspension, Term: "30d"}, "Nobody called back.")
	p.then(100, representative("0177"), func(id string) any {
		return cases.Appeal{Case: id, Member: "0177", Grounds: []string{"proportionality"}, Reasons: act.NewPrivate("", "It was one call.")}
	})
	p.panel = []string{trade[3], lay[2], trade[4]}
	p.then(104, chair, func(id string) any {
		return cases.NamePanel{Case: id, Panelists: p.panel, Alternates: []string{lay[3]}}
	})
	p.vote(125, "Affirmed.")
	p.then(126, panelist(p.panel[0]), func(id string) any {
		return cases.DecideAppeal{Case: id, Panelist: p.panel[0], Outcome: "affirmed", Reasons: act.NewPrivate("", "One call sufficed to lay open the files of forty people.")}
	})
	p.signed(127)
	p.served(128)
	p.published(131, "The company appealed. The appeal was heard by others, who affirmed the decision.", "2.2=The company gave a customer's files to a caller whose authority it had not verified.")
}

// Charges that failed.
func (h *history) notProven() {
	p := h.complain("0194", 250, "They told my competitor what I pay.", cases.Lodge{})
	p.charged("Ask the competitor.", "It told one customer the prices of another.", "1.1")
	p.answered("The prices are on our site.")
	p.seated([]string{trade[3], lay[1], trade[4]}, []string{lay[2]})
	p.heard("The company showed its site as it stood then.")
	p.decided(cases.Decide{Findings: []string{"1=not-proven"}}, "What everybody can read is not confidential.")
}

// An order by consent, which waits for the chair to put it in force.
func (h *history) consented() {
	p := h.complain("0211", 150, "They let a trainee work in our patients' files.", cases.Lodge{})
	p.charged("Ask for the undertakings.", "Somebody had access who had signed no undertaking.", "1.3")
	p.answered("It is so, and he has signed since.")
	panel := []string{trade[4], lay[3], trade[2]}
	p.panel = panel
	p.then(48, chair, func(id string) any { return cases.NamePanel{Case: id, Panelists: panel, Alternates: []string{lay[0]}} })
	p.then(70, caseManager, func(id string) any {
		return cases.ProposeConsent{Case: id, Charges: []string{"1"}, Sanction: discipline.Reprimand, AgreedOn: p.on(69), Proof: "Letter of the representative", Terms: act.NewPrivate("", "A reprimand, and undertakings from everyone within a month.")}
	})
	p.vote(80, "Agreed.")
	p.then(81, panelist(panel[0]), func(id string) any {
		return cases.RuleOnConsent{Case: id, Panelist: panel[0], Result: "approved", Reasons: act.NewPrivate("", "It is what a hearing would have ended in.")}
	})
}

// A decision that can be appealed.
func (h *history) toAppeal() {
	p := h.complain("0228", 104, "They answered a subpoena for another company with our data.", cases.Lodge{})
	p.charged("Compare what was asked for with what was given.", "It produced what had not been asked for.", "2.3")
	p.answered("Both companies have one address.")
	p.seated([]string{trade[1], lay[2], trade[3]}, []string{lay[0]})
	p.heard("The company was heard.")
	p.decided(cases.Decide{Findings: []string{"1=proven"}, Sanction: discipline.Reprimand}, "The subpoena named the company.")
}

// An appeal that its panel has yet to decide.
func (h *history) appealed() {
	p := h.complain("0233", 125, "They did not tell us that our server had been copied.", cases.Lodge{})
	p.charged("Ask when the company knew.", "It told its customer of a breach seven weeks late.", "1.4")
	p.answered("We wanted to be sure.")
	p.seated([]string{trade[2], lay[1], trade[4]}, []string{lay[3]})
	p.heard("The company was heard.")
	p.decided(cases.Decide{Findings: []string{"1=proven"}, Sanction: discipline.Reprimand}, "Seven weeks are too long to be sure.")
	p.then(104, representative("0233"), func(id string) any {
		return cases.Appeal{Case: id, Member: "0233", Grounds: []string{"procedure", "proportionality"}, Reasons: act.NewPrivate("", "The examiner whom we asked was not heard.")}
	})
	p.panel = []string{trade[1], lay[0], trade[3]}
	p.then(108, chair, func(id string) any {
		return cases.NamePanel{Case: id, Panelists: p.panel, Alternates: []string{lay[2]}}
	})
}

// A case that was heard, and waits for the vote of the panelist whom visitors sign in as.
func (h *history) toVote() {
	p := h.complain("0244", 88, "They used our customer list to advertise.", cases.Lodge{})
	p.charged("Compare the lists.", "It wrote to a customer's customers.", "1.2")
	p.answered("The addresses were bought.")
	p.seated([]string{lay[0], trade[2], trade[4]}, []string{lay[1]})
	p.heard("The company was heard, and so was the seller of the addresses.", lay[0])
}

// A case that is to be heard.
func (h *history) toHear() {
	p := h.complain("0247", 68, "Our backups are on a disk in their car.", cases.Lodge{Name: act.NewPrivate("", "Bertrand Moss"), Contact: act.NewPrivate("", "bertrand@customer.example")})
	p.then(26, caseManager, func(id string) any { return cases.AskName{Case: id} })
	p.charged("Look at the car.", "It carried a customer's backups about, unsealed.", "1.1", "1.5")
	p.answered("They were on the way to the bank.")
	p.seated([]string{trade[3], lay[0], trade[2]}, []string{lay[3]})
}

// Charges that nobody answered.
func (h *history) silent() {
	p := h.complain("0256", 70, "They answer nobody's letters.", cases.Lodge{})
	p.charged("Write to them.", "It kept a former customer's data for a year.", "1.5")
}

// A respondent that the law forbids to answer: the case is paused.
func (h *history) barred() {
	p := h.complain("0274", 50, "They gave a foreign authority our files.", cases.Lodge{})
	p.charged("Ask under which law.", "It disclosed without telling its customer.", "2.4")
	p.then(40, representative("0274"), func(id string) any {
		return cases.BarAnswer{Case: id, Member: "0274", Law: "An order of a court, of which we may say no more"}
	})
}

// A case that was screened late, which the body counts against itself.
func (h *history) late() {
	p := h.complain("0262", 75, "They read along on our machines.", cases.Lodge{})
	p.investigated(45, "Have the tool examined that they use.", "Its tool shows screens without asking.", "1.2")
}

// A warning that is offered to the member whom visitors sign in for.
func (h *history) offered() {
	p := h.complain(model, 17, "Their technician talked about another customer's outage.", cases.Lodge{})
	p.taken(2)
	p.then(9, caseManager, func(id string) any {
		return cases.Offer{Case: id, Sanction: discipline.Warning, Provisions: []string{"1.1"}, Reason: act.NewPrivate("", "It was one remark, the customer was not named, and nothing came of it. The technician should not have made it.")}
	})
}

// A dismissal of which a review may be asked.
func (h *history) dismissed() {
	p := h.complain("0281", 26, "They told me to share one password with all of my staff.", cases.Lodge{})
	p.taken(3)
	p.then(14, caseManager, func(id string) any {
		return cases.Dismiss{Case: id, Ground: "no-violation", Reason: act.NewPrivate("", "It is bad advice, and no breach of confidence.")}
	})
}

// The complaints of the last days: one waits to be screened, and one for somebody to take it on.
func (h *history) assigned() {
	p := h.complain("0285", 9, "They lost a disk, and say that it was empty.", cases.Lodge{Name: act.NewPrivate("", "Soraya Lindqvist"), Contact: act.NewPrivate("", "soraya@customer.example")})
	p.taken(4)
	h.complain("0279", 4, "Their chat is open to everyone who knows its address.", cases.Lodge{})
}

// warn writes what was seen of companies that are no members and say that they are.
func (h *history) warn() {
	claim := func(company, address string, reported int) (number *string, then func(after int, by officer, cmd func(id string) any)) {
		number = new(string)
		h.do(h.at(h.workday(h.ago(reported)), 14, 0), anyone, cases.Report{
			Company: company, Address: address, Captured: h.ago(reported + 2), Contact: act.NewPrivate("", "caller@customer.example"),
		}).number = number
		return number, func(after int, by officer, cmd func(id string) any) {
			h.do(h.at(h.workday(h.ago(reported-after)), 15, 0), by, func() any { return cmd(*number) })
		}
	}
	letter := func(reported, after int) func(id string) any {
		return func(id string) any {
			return cases.WriteLetter{Claim: id, On: h.workday(h.ago(reported - after)), Proof: "Registered letter to the address in the imprint"}
		}
	}
	list := func(id string) any { return cases.List{Claim: id} }
	propose := func(id string) any { return cases.ProposeListing{Claim: id} }

	_, then := claim("Phantom Peak Networks", "https://phantompeak.example/about", 62)
	then(3, caseManager, letter(62, 3))
	then(32, caseManager, propose)
	then(34, chair, list)

	_, then = claim("Gilded Gate Computing", "https://gildedgate.example/", 110)
	then(2, caseManager, letter(110, 2))
	then(12, caseManager, func(id string) any {
		return cases.NoteAnswer{Claim: id, Text: act.NewPrivate("", "Our web designer put it there.")}
	})
	then(15, caseManager, propose)
	then(16, chair, list)
	then(40, caseManager, func(id string) any {
		return cases.Cure{Claim: id, How: act.NewPrivate("", "The page was looked at on two days.")}
	})

	_, then = claim("Overlook IT Partners", "https://overlookit.example/trust", 13)
	then(3, caseManager, letter(13, 3))
	_, _ = claim("Quillfeather Systems", "https://quillfeather.example/", 4)
}
