package code

import (
	"regexp"
	"strings"
	"testing"
)

var (
	elements = regexp.MustCompile(`</?[A-Za-z!?][^>]*>?`)
	allowed  = regexp.MustCompile(`^(</?(p|em|strong|code|pre|ul|ol|li|blockquote|h[1-6]|a|section)>|<(hr|br)( /)?>|<ol start="[0-9]+">|` +
		`<pre><code class="[^"<>]*">|<code class="[^"<>]*">|<a href="(https?://|mailto:|#)[^"<>]*"( title="[^"<>]*")?>|` +
		`<section class="provision" id="provision-[^"<>]*">|<!-- raw HTML omitted -->)$`)
)

// unsafe reports whether there is any element or attribute in out that a code needs not.
func unsafe(out string) bool {
	for _, e := range elements.FindAllString(out, -1) {
		if !allowed.MatchString(e) {
			return true
		}
	}
	return false
}

var polyglots = []string{
	`jaVasCript:/*-/*` + "`" + `/*\` + "`" + `/*'/*"/**/(/* */oNcliCk=alert() )//%0D%0A%0d%0a//</stYle/</titLe/</teXtarEa/</scRipt/--!>\x3csVg/<sVg/oNloAd=alert()//>\x3e`,
	`"><img src=x onerror=alert(1)>`,
	`<script>alert(1)</script>`,
	`<svg/onload=alert(1)>`,
	"<div\n onclick=alert(1)>\n",
	`[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](&#106;avascript:alert(1)) [d](<java	script:alert(1)>)`,
	`[a](data:text/html;base64,PHNjcmlwdD4=) <javascript:alert(1)> <vbscript:x> [r]` + "\n\n[r]: javascript:alert(1)",
	`![x](https://example.com/x.png "t") ![<b>](javascript:alert(1)) [![i](x)](javascript:y)`,
	`[a](https://example.com/"onclick="alert(1) "t\"onclick=alert(1)")`,
	"# h {#x onclick=alert(1)}\n\n## g\n",
	"```html\"><script>alert(1)</script>\n<b>\n```",
	"&lt;script&gt; &#60;script&#62; \x00 \xff",
}

func TestHTMLIsSafeWhateverTheTextSays(t *testing.T) {
	for _, evil := range polyglots {
		for _, out := range []string{
			string(HTML(evil)),
			string(Provision{ID: evil, Number: evil, Heading: evil, Level: 2, Text: evil, Within: []Provision{{Heading: evil}}}.HTML(2)),
		} {
			if unsafe(out) {
				t.Errorf("%q becomes\n%s", evil, out)
			}
		}
	}
}

func TestHTML(t *testing.T) {
	p := Provision{ID: "1", Number: "1", Heading: "Keeping *confidences*", Level: 2, Text: "See [1.1](#1.1), <https://example.com>.\n\n- a\n- b",
		Within: []Provision{{ID: "1.1", Number: "1.1", Heading: "People", Level: 3, Text: "They promise.\n\n## Not a provision"}}}
	want := `<section class="provision" id="provision-1">
<h3>1 Keeping <em>confidences</em></h3>
<p>See <a href="#provision-1.1">1.1</a>, <a href="https://example.com">https://example.com</a>.</p>
<ul>
<li>a</li>
<li>b</li>
</ul>
<section class="provision" id="provision-1.1">
<h4>1.1 People</h4>
<p>They promise.</p>
<h6>Not a provision</h6>
</section>
</section>
`
	if got := string(p.HTML(3)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := string(HTML("![a *picture*](x.png) and [a link](file:///etc)")); got != "<p>a <em>picture</em> and a link</p>\n" {
		t.Errorf("what may not be shown is given in words, not as %s", got)
	}
	if deep := string(p.HTML(6)); strings.Contains(deep, "<h7") {
		t.Error("there is no h7")
	}
}
