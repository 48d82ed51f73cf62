package code

import (
	"cmp"
	"fmt"
	"iter"
	"reflect"
	"regexp"
	"strings"
)

// Requirements are the measurable parameters of a code, in six sections.
//
// In the first four a key that is left out is not set, and a section that is [NotSet] has none set.
// Terms that only say when another requirement counts as missed (the graces, and when an attestation
// is due) have a default when they are left out; set to not-set, they never end.
// Procedure and publication always have a value.
//
// The tags say how a file names a key, its default ("usual"), what a new file begins with where there
// is no default ("start"), what it means, and whether it may be nought.
type Requirements struct {
	Membership      Membership      `key:"membership"`
	Confidentiality Confidentiality `key:"confidentiality"`
	Disclosure      Disclosure      `key:"disclosure"`
	Education       Education       `key:"education" start:"not-set"`
	Procedure       Procedure       `key:"procedure"`
	Publication     Publication     `key:"publication"`
}

// Membership says what a member owes to stay one.
type Membership struct {
	Subscription Setting[Subscription] `key:"subscription" start:"required" says:"must members subscribe to the code? required or optional"`
	Grace        Setting[Duration]     `key:"grace" usual:"30d" nought:"yes" says:"to subscribe to a new version, after its transition"`
	DuesGrace    Setting[Duration]     `key:"dues-grace" usual:"30d" nought:"yes" says:"after the day through which dues are paid"`
	Renewal      Setting[Duration]     `key:"renewal" start:"1y" says:"how often a member subscribes anew and declares"`
	RenewalGrace Setting[Duration]     `key:"renewal-grace" usual:"30d" nought:"yes" says:"after a renewal is due"`
	DomainProof  Setting[Duration]     `key:"domain-proof" start:"12mo" says:"how often control of a domain is proven"`
}

// Confidentiality says how a member shows that it keeps confidences.
type Confidentiality struct {
	Attestation Setting[Duration] `key:"attestation" start:"3mo" says:"the period for which a member attests"`
	Due         Setting[Duration] `key:"due" usual:"30d" nought:"yes" says:"after the end of that period, for the attestation to be given"`
	Grace       Setting[Duration] `key:"grace" usual:"30d" nought:"yes" says:"after an attestation is due"`
	Undertaking Setting[Duration] `key:"undertaking" start:"12mo" says:"how often a person renews the promise of confidentiality"`
}

// Disclosure says how a member answers lawful requests.
type Disclosure struct {
	Acknowledge Setting[Duration] `key:"acknowledge" start:"2bd" says:"to acknowledge a request from an authority"`
}

// Procedure gives complaints their clocks and panels their make-up.
type Procedure struct {
	Limitation         Duration `key:"limitation" usual:"180d" says:"to complain, after the complainant learnt of the conduct"`
	LongStop           Duration `key:"long-stop" usual:"6y" says:"to complain, after the conduct, however late it became known"`
	Acknowledge        Duration `key:"acknowledge" usual:"7d" says:"to acknowledge a complaint (EU 2019/1937 art. 9)"`
	Screening          Duration `key:"screening" usual:"20bd" says:"to dismiss, settle, fast-track or investigate it"`
	ScreeningReview    Duration `key:"screening-review" usual:"20bd" says:"to have a dismissal reviewed by a lay reviewer"`
	Feedback           Duration `key:"feedback" usual:"3mo" says:"to tell the complainant what was done (EU 2019/1937 art. 9)"`
	FastTrack          Duration `key:"fast-track" usual:"10bd" says:"to accept an advice or warning that is offered"`
	Answer             Duration `key:"answer" usual:"15bd" says:"to answer charges; silence admits nothing"`
	DefaultReopen      Duration `key:"default-reopen" usual:"20bd" says:"to have a default reopened"`
	Panel              int      `key:"panel" usual:"3" says:"panelists"`
	Alternates         int      `key:"alternates" usual:"1" nought:"yes" says:"who stand by"`
	Lay                int      `key:"lay" usual:"1" nought:"yes" says:"panelists from the public, at least"`
	Quorum             int      `key:"quorum" usual:"3" says:"panelists who must sit"`
	Challenge          Duration `key:"challenge" usual:"10d" says:"to object to a panelist"`
	HearingNotice      Duration `key:"hearing-notice" usual:"21d" says:"between notice and hearing, at least"`
	Decision           Duration `key:"decision" usual:"20bd" says:"to serve the decision after the hearing"`
	Appeal             Duration `key:"appeal" usual:"20bd" says:"to appeal, after the decision was served"`
	InterimHearing     Duration `key:"interim-hearing" usual:"3bd" says:"to be heard before an interim suspension"`
	InterimUrgent      Duration `key:"interim-urgent" usual:"24h" says:"the same, if harm is imminent"`
	InterimMax         Duration `key:"interim-max" usual:"6mo" says:"the longest interim suspension"`
	InterimReview      Duration `key:"interim-review" usual:"3mo" says:"how often one is reviewed"`
	ProbationMax       Duration `key:"probation-max" usual:"2y" says:"the longest probation"`
	SuspensionMin      Duration `key:"suspension-min" usual:"30d" says:"the shortest suspension"`
	SuspensionMax      Duration `key:"suspension-max" usual:"1y" says:"the longest suspension"`
	ReadmissionBar     Duration `key:"readmission-bar" usual:"3y" says:"between expulsion and a fresh application"`
	Jurisdiction       Duration `key:"jurisdiction" usual:"2y" says:"for which a former member can be held to account"`
	SealRemoval        Duration `key:"seal-removal" usual:"30d" says:"for a former member to take the seal down"`
	ClaimAnswer        Duration `key:"claim-answer" usual:"15bd" says:"to answer a report of a false claim of membership"`
	ClaimRemoval       Duration `key:"claim-removal" usual:"2bd" says:"to take a false claim off the list once it is cured"`
	RetentionDismissed Duration `key:"retention-dismissed" usual:"2y" says:"for which the file of a dismissed case is kept"`
	RetentionUpheld    Duration `key:"retention-upheld" usual:"6y" says:"for which others are kept after their notice came down"`
}

// Publication says how long the notice of each sanction stays up.
type Publication struct {
	Reprimand  Stay `key:"reprimand" usual:"3y" says:"notice of a reprimand"`
	Education  Stay `key:"education" usual:"3y" says:"notice of required education"`
	Conditions Stay `key:"conditions" usual:"3y" says:"notice of conditions"`
	Probation  Stay `key:"probation" usual:"3y" says:"notice of probation"`
	Suspension Stay `key:"suspension" usual:"5y" says:"notice of a suspension"`
	Expulsion  Stay `key:"expulsion" usual:"forever" says:"notice of an expulsion"`
}

// Usual returns the requirements of a code that sets none: nothing is required of members, procedure
// and publication have their defaults.
func Usual() Requirements {
	var r Requirements
	for _, s := range r.sections() {
		for _, k := range s.keys {
			k.reset()
		}
	}
	return r
}

// SubscriptionRequired reports whether a member must subscribe.
func (r Requirements) SubscriptionRequired() bool {
	return r.Membership.Subscription.Or(Optional) == Required
}

// All yields every key and its value as a code file writes them, e.g. "procedure.answer", "15bd". What
// goes without saying is left out.
func (r Requirements) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, s := range r.sections() {
			for _, k := range s.keys {
				if !k.unsaid() && !yield(s.name+"."+k.name, k.String()) {
					return
				}
			}
		}
	}
}

// Explained is one requirement as a reader needs it.
type Explained struct {
	Section string // e.g. "membership"
	Name    string // e.g. "dues grace"
	Says    string // what it means
	Value   string // in words, e.g. "30 days", or "not set"
}

// Explained returns every requirement in words, in the order of a code file.
func (r Requirements) Explained() []Explained {
	var all []Explained
	for _, s := range r.sections() {
		for _, k := range s.keys {
			if k.unsaid() {
				continue
			}
			all = append(all, Explained{s.name, strings.ReplaceAll(k.name, "-", " "), k.says, k.words()})
		}
	}
	return all
}

// words returns the value as a sentence would say it.
func (k key) words() string {
	var d Duration
	switch v := k.field.(type) {
	case *Duration:
		d = *v
	case *Stay:
		d = v.For
	case *Setting[Duration]:
		d = v.Or(Duration{})
	}
	if words := d.Words(); words != "" && !k.isNought() {
		return words
	}
	if all, ok := k.field.(*[]Requirement); ok {
		return spoken(*all)
	}
	if value := k.String(); value != NotSet {
		return bare.ReplaceAllString(value, "")
	}
	return "not set"
}

// bare matches the brackets around a value of several words.
var bare = regexp.MustCompile(`^[\[{]|[\]}]$`)

type section struct {
	name, start string
	keys        []key
}

// key is one key of a section, tied to the field that holds its value.
type key struct {
	name, usual, start, says string
	nought                   bool
	choices                  []string
	field                    any // pointer
}

func (r *Requirements) sections() []section {
	var all []section
	v := reflect.ValueOf(r).Elem()
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag
		all = append(all, section{tag.Get("key"), tag.Get("start"), keysOf(v.Field(i))})
	}
	return all
}

// keysOf returns the keys of a struct's fields; v can be set.
func keysOf(v reflect.Value) []key {
	var all []key
	for f, field := range v.Fields() {
		if name := f.Tag.Get("key"); name != "" {
			all = append(all, key{
				name: name, usual: f.Tag.Get("usual"), start: f.Tag.Get("start"), says: f.Tag.Get("says"),
				nought: f.Tag.Get("nought") == "yes", choices: strings.Split(f.Tag.Get("choices"), "|"), field: field.Addr().Interface(),
			})
		}
	}
	return all
}

func (s section) alwaysSet() bool { return s.name == "procedure" || s.name == "publication" }

func (s section) names() []string {
	names := make([]string, len(s.keys))
	for i, k := range s.keys {
		names[i] = k.name
	}
	return names
}

// reset gives the key its default.
func (k key) reset() {
	if k.usual != "" {
		if err := readValue(k.field, k.usual); err != nil {
			panic(fmt.Sprintf("code: the default of %s: %v", k.name, err))
		}
	}
}

// example returns the default, or else a value as good as any.
func (k key) example() string { return cmp.Or(k.usual, k.start) }

// unset makes the key not set.
func (k key) unset() { reflect.ValueOf(k.field).Elem().SetZero() }

func (k key) String() string { return flow(reflect.ValueOf(k.field).Elem()) }

// unsaid reports whether the key goes without saying: it has no default that a reader must know of, and
// the code leaves it out.
func (k key) unsaid() bool {
	_, setting := k.field.(interface{ IsSet() bool })
	return !setting && k.usual == "" && reflect.ValueOf(k.field).Elem().IsZero()
}

// isNought reports whether the value is set to nothing at all, as in "0d".
func (k key) isNought() bool {
	switch v := k.field.(type) {
	case *int:
		return *v == 0
	case *Amount:
		return *v == 0
	case *Percent:
		return *v == 0
	case *Setting[Amount]:
		return v.set && v.value == 0
	case *Duration:
		return v.N == 0
	case *Stay:
		return !v.Forever() && v.For.N == 0
	case *Setting[int]:
		return v.set && v.value == 0
	case *Setting[Duration]:
		return v.set && v.value.N == 0
	}
	return false
}
