package webtest

import (
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// stop is where the focus is.
type stop struct {
	Says   string `json:"says"`   // its own words or, of a field, its label's
	Legend string `json:"legend"` // of the question that it is an answer to
	Seen   bool   `json:"seen"`   // it is drawn another way than what has no focus
}

// A label holds a hint too, and says whether an answer is optional: its first words are what it is found by.
const whereFocusIs = `(() => {
	const e = document.activeElement, style = getComputedStyle(e), words = n => (n?.textContent ?? "").replace(/\s+/g, " ").trim();
	return {
		says: e === document.body ? "" : !e.labels?.length ? words(e) : words(e.labels[0].firstChild) || words(e.labels[0]),
		legend: words(e.closest("fieldset")?.querySelector("legend")?.firstChild),
		seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none",
	}
})()`

// most is how many tab stops a page may have before what is looked for.
const most = 250

// tab moves on until a stop is the right one. Whatever the keyboard stops at must show that it does.
func (b *Browser) tab(what string, right func(stop) bool) {
	b.t.Helper()
	var passed []string
	for range most {
		b.Press("\t")
		at := Ask(b, chromedp.Evaluate[stop](whereFocusIs))
		if at.Says != "" && !at.Seen {
			b.t.Errorf("nothing shows that the keyboard is at %q", at.Says)
		}
		if right(at) {
			return
		}
		passed = append(passed, at.Says)
	}
	b.t.Fatalf("no tab stop is %q, there are %q; the page says %q", what, passed[:min(len(passed), 60)], b.Text("main"))
}

// TabTo moves the focus by keyboard alone, stop by stop, until it is at a link, button or field of these words.
func (b *Browser) TabTo(says string) {
	b.t.Helper()
	b.tab(says, func(at stop) bool { return at.Says == says })
}

// Use moves to a link or button of these words, uses it, and waits for the page that it leads to.
func (b *Browser) Use(says string) {
	b.t.Helper()
	b.TabTo(says)
	b.Follow("\r")
}

// Fill moves to a field and types into it; what stood in a field of one line is replaced.
func (b *Browser) Fill(label, text string) {
	b.t.Helper()
	b.TabTo(label)
	b.Press(text)
}

// Choose moves to a question with a few answers, and along them to one.
func (b *Browser) Choose(question, answer string) {
	b.t.Helper()
	b.tab(question, func(at stop) bool { return at.Legend == question })
	var others []string
	for range 20 {
		at := Ask(b, chromedp.Evaluate[stop](whereFocusIs)).Says
		if at == answer {
			b.Press(" ")
			return
		}
		others = append(others, at)
		b.Press(kb.ArrowDown)
	}
	b.t.Fatalf("%q cannot be answered with %q, only with %q", question, answer, others)
}
