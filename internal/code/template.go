package code

import (
	"fmt"
	"strings"

	"shingle/internal/act"
)

// Template returns the file that a new code starts from: every requirement with its meaning, every
// default spelled out, and three short provisions to be replaced. It is a good code file as it stands.
func Template(effective act.Date) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, templateFront, effective)
	r := Usual()
	for _, s := range r.sections() {
		b.WriteByte('\n')
		indent := "  "
		if s.start == NotSet {
			fmt.Fprintf(&b, "  %s: %s   # when the number is set, put this instead, without what you do not need:\n", s.name, NotSet)
			indent = "  # "
		}
		fmt.Fprintf(&b, "%s%s:\n", indent, s.name)
		for _, k := range s.keys {
			fmt.Fprintf(&b, "%s  %-30s # %s\n", indent, k.name+": "+k.example(), k.says)
		}
	}
	b.WriteString(templateText)
	return []byte(b.String())
}

const templateFront = `---
# A code of ethics: this front matter, then the text. Check it with: shingle code check FILE
# Durations: h hours, d days, bd business days, mo months, y years. They end at 24:00 in the body's zone.
title: Code of Ethics
version: "1"
effective: %s
transition: 90d   # time for members to subscribe to this version

# A requirement may be not-set: it then binds nobody. Procedure and publication always have a value;
# the values here are their defaults, and a key that is left out has its default.
requirements:
`

const templateText = `---

This code is what we, the members, owe to our customers, to the public and to one another. A member
subscribes to it by signing this exact text.

## 1 Confidentiality {#1}

### 1.1 Keeping confidences {#1.1}

A member keeps confidential what it learns about a customer in the course of its work.

### 1.2 What this code does not forbid {#1.2}

Nothing in this code prevents anyone from reporting to authorities or to this body.

## 2 Lawful disclosure {#2}

A member complies with valid compulsory requests of the authorities. Verifying, narrowing, challenging,
redirecting or refusing a request on a lawful ground is compliance.

## 3 Continuing education {#3}

The people who do a member's work keep learning. How many courses that takes is yet to be set; until
then nobody falls short.

## 4 Accountability {#4}

A member answers to this body for its conduct under this code, by the procedure above, while it
subscribes and for the time of jurisdiction after it leaves. By subscribing it consents to the publication of
its standing and of decisions about it, and takes a licence to the seal that can be revoked.
`
