package code

import "shingle/internal/act"

// Education says how much continuing education is owed, and how it is counted. Nothing is owed while
// Credits is not set; what people complete meanwhile is kept and can be counted later.
//
// A code that only says "4 courses a year" sets two keys. All the others are there because bodies set
// such rules: each can be left out, and then means what its tag says. The same keys stand in a file of
// their own in the folder examples/education.
//
// The type [Requirement] and the checks beside it explain how requirements fit together.
type Education struct {
	Credits     Setting[Amount]   `key:"credits" start:"4" says:"courses or credits in each period"`
	Period      Setting[Duration] `key:"period" start:"1y" says:"in which they are earned: whole months or years"`
	Anchor      Anchor            `key:"anchor" start:"calendar" says:"when periods begin: calendar (on 1 January), joined (with the person), a date, or a date for each cohort"`
	Unit        CreditUnit        `key:"unit" start:"course" says:"what is counted: course, or how time becomes credits"`
	Topics      Words             `key:"topics" start:"[security, security/identity, ethics]" says:"topics and, after a slash, their parts"`
	Deliveries  Deliveries        `key:"deliveries" start:"{live: {}, self-study: {mark: 70%}}" says:"how courses are given, and what is special about each"`
	Kinds       Kinds             `key:"kinds" start:"{attending: {}, teaching: {multiply: 2}}" says:"what people do, and how often it counts"`
	Providers   Words             `key:"providers" start:"[own, approved, external]" says:"whose courses count: own, approved or external; all if left out"`
	Proofs      Words             `key:"proofs" start:"[verified, self-reported]" says:"how a completion may be known: verified or self-reported; both if left out"`
	Own         Amount            `key:"own" start:"0" nought:"yes" says:"of these, at least, of the body's own courses"`
	OfWhich     []Requirement     `key:"of-which" start:"[{name: Ethics, topic: ethics, least: 1}]" says:"what else holds of them"`
	Each        Each              `key:"each" start:"{period: 6mo, least: 1}" says:"the least in each part of a period"`
	Order       OneOf             `key:"order" choices:"oldest|newest" start:"oldest" says:"which of several alike counts first: oldest or newest"`
	DoubleCount OneOf             `key:"double-counting" choices:"no|yes" start:"no" says:"does what has several topics count for each of them? yes or no"`
	CarryOver   CarryOver         `key:"carry-over" start:"{most: 2, counts-as: general}" says:"what is not needed and counts in the next period"`
	Newcomers   OneOf             `key:"newcomers" choices:"pro-rata|full|exempt" start:"pro-rata" says:"what a person owes who comes during a period: pro-rata, full or exempt"`
	Leave       OneOf             `key:"leave" choices:"pro-rata|full" start:"pro-rata" says:"what leave does to what is owed: pro-rata or full"`
	ProRata     ProRata           `key:"pro-rata" start:"{exempt: 4mo, step: 1, round: up}" says:"how a part of a period is reckoned"`
	Completion  Completion        `key:"completion" start:"{attendance: 80%, mark: 70%}" says:"what completes a course"`
	Approval    Approval          `key:"approval" start:"{of: provider, valid: 2y, retrospective: 90d}" says:"what the body approves"`
	Evidence    Evidence          `key:"evidence" start:"{of: self-reported, keep: 12mo}" says:"what is shown, and kept after the period"`
	Audit       Audit             `key:"audit" start:"{rate: 5%, seed: 7d, answer: 90d}" says:"how claims are sampled"`
	Late        Late              `key:"late" start:"{grace: 60d, make-up: 6mo}" says:"what happens after a period that was missed"`
	Waivers     Waivers           `key:"waivers" start:"{most: 100%}" says:"how much of what is owed may be waived"`
	Who         Who               `key:"who" start:"{roles: [practitioner], share: 100%}" says:"whose education counts at a member"`
}

// IsSet reports whether anything is owed.
func (e Education) IsSet() bool { return e.Credits.IsSet() && e.Period.IsSet() }

// Anchor says when periods begin: on 1 January, if it is zero.
type Anchor struct {
	Joined  bool // with the day on which a person joined
	On      act.Date
	Cohorts []Cohort // for each group of people a day of its own
}

// Cohort is a group of people whose periods begin on the same day, e.g. by the first letter of the name.
type Cohort struct {
	Name string
	On   act.Date
}

// CreditUnit says how time becomes credits. The zero unit is the course: what is completed counts one,
// however long it was.
type CreditUnit struct {
	Minutes int    `key:"minutes" says:"of a credit"`
	Step    Amount `key:"step" says:"in which credits are counted; the rest is dropped, never rounded up"`
	Least   Amount `key:"least" says:"that a single activity must come to"`
}

// Words are names from a list, e.g. topics.
type Words []string

// Deliveries are the ways in which courses are given.
type Deliveries []Delivery

// Delivery is one way, e.g. "self-study". What it leaves out is as the unit and the completion say.
type Delivery struct {
	Name     string
	Step     Amount  `key:"step" says:"in which credits are counted"`
	Least    Amount  `key:"least" says:"that a single activity must come to"`
	Multiply Amount  `key:"multiply" says:"how often it counts"`
	Mark     Percent `key:"mark" says:"in the examination, at least"`
	Checks   int     `key:"checks" says:"of attendance in each credit, at least"`
}

// Kinds are what people do for credit.
type Kinds []ActivityKind

// ActivityKind is one of them, e.g. "teaching".
type ActivityKind struct {
	Name     string
	Multiply Amount `key:"multiply" says:"how often it counts"`
}

// Dimension is what a requirement looks at.
type Dimension string

// The dimensions. A topic covers its parts: "ethics" covers "ethics/bias".
const (
	ByTopic    Dimension = "topic"
	ByDelivery Dimension = "delivery"
	ByProvider Dimension = "provider" // own, approved, external
	ByKind     Dimension = "kind"
	ByProof    Dimension = "proof" // verified, self-reported
	ByTime     Dimension = "window"
)

// Dimensions are all there are, in the order in which they are explained.
var Dimensions = []Dimension{ByTopic, ByDelivery, ByProvider, ByKind, ByProof, ByTime}

// Requirement is something that holds of the credits that are owed: that at least so many of them, or at
// most, are of some kind.
//
// Requirements at the top of the list that look at the same dimension are apart from one another: nothing
// counts for two of them. Those that look at different dimensions are met side by side by the same
// credits, as in "4 in ethics" and "half of them verified". What stands below a requirement (its own
// of-which) is a part of it.
type Requirement struct {
	Name   string
	By     Dimension
	Any    Words    // covers what is one of these; in the dimension window there are none
	Window Duration // in the dimension window: the end of the period that it covers
	Least  Setting[Amount]
	Most   Setting[Amount]

	OfWhich []Requirement
}

// Each says what is owed in each part of a period, e.g. 20 in each year of three.
type Each struct {
	Period Duration `key:"period" says:"length of a part"`
	Least  Amount   `key:"least" says:"in each part, at least"`
}

// CarryOver says what counts in the next period because it was not needed in this one. Nothing is carried
// over if it is zero.
type CarryOver struct {
	Most     Amount   `key:"most" says:"that is carried over"`
	Topics   Words    `key:"topics" says:"of which it may be; all if left out"`
	Window   Duration `key:"window" says:"end of the period in which it must have been earned"`
	CountsAs OneOf    `key:"counts-as" choices:"same|general" says:"same: it keeps its topic and the rest; general: it only counts towards the total"`
	Lasts    int      `key:"lasts" says:"periods in which it can be used, one if left out"`
}

// ProRata says how a part of a period is reckoned. Months that are wholly free are taken off.
type ProRata struct {
	Exempt Duration `key:"exempt" says:"a person who is bound for no more than this owes nothing"`
	Step   Amount   `key:"step" says:"to which the result is rounded"`
	Round  OneOf    `key:"round" choices:"down|up" says:"down or up"`
}

// Completion says what completes a course.
type Completion struct {
	Attendance Percent `key:"attendance" says:"of the time, at least"`
	Mark       Percent `key:"mark" says:"in the examination, at least, where there was one"`
	Checks     int     `key:"checks" says:"of attendance in each credit, at least"`
}

// Approval says what the body approves.
type Approval struct {
	Of            OneOf    `key:"of" choices:"provider|course|nothing" says:"provider: with all its courses; course: each by itself; nothing"`
	Valid         Duration `key:"valid" says:"for how long; for ever if left out"`
	Retrospective Duration `key:"retrospective" says:"for how long before the approval its courses count"`
}

// Evidence says what is shown for a completion, and how long it is kept.
type Evidence struct {
	Of   OneOf    `key:"of" choices:"self-reported|all|nothing" says:"what evidence is shown for"`
	Keep Duration `key:"keep" says:"after the period"`
}

// Audit says how claims are sampled.
type Audit struct {
	Rate   Percent  `key:"rate" says:"of the people"`
	Seed   Duration `key:"seed" says:"for which the seed's hash stands in the public log before the sample is drawn"`
	Answer Duration `key:"answer" says:"to show the evidence"`
}

// Late says what happens after a period in which something is missing.
type Late struct {
	Grace  Duration `key:"grace" says:"after the period, in which what is missing can still be earned"`
	MakeUp Duration `key:"make-up" says:"after the grace, for which a plan to make up may run"`
}

// Waivers says how much of what is owed the body may waive for a person.
type Waivers struct {
	Most Percent `key:"most" says:"of what is owed; nothing can be waived if left out"`
}

// Who says whose education counts at a member.
type Who struct {
	Roles Words   `key:"roles" says:"practitioner, compliance-officer or representative; practitioners if left out"`
	Share Percent `key:"share" says:"of them, at least, who must have what is owed; all if left out"`
}
