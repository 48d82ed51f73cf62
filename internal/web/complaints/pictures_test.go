package complaints

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"shingle/internal/web/webtest"
)

// scripts turns the scripts of all pages off or on: axe-core needs them, and nobody who complains does.
func scripts(b *webtest.Browser, on bool) {
	b.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}

// looking looks at the page that is open, on a phone in the light and a desk in the dark, and keeps a picture where
// SHINGLE_SCREENSHOTS names a folder.
func looking(t *testing.T, b *webtest.Browser) func(what string) {
	folder, screens := os.Getenv("SHINGLE_SCREENSHOTS"), []webtest.Screen{webtest.DeskDark, webtest.Phone}
	if folder != "" {
		screens = []webtest.Screen{webtest.Desk, webtest.DeskDark, webtest.PhoneDark, webtest.Phone}
	}
	return func(what string) {
		t.Helper()
		scripts(b, true)
		for _, screen := range screens {
			b.Look(screen)
			b.FitsWidth(what + " " + screen.String())
			b.Accessible(what + " " + screen.String())
			if folder != "" {
				if err := os.WriteFile(filepath.Join(folder, "complaints-"+what+"-"+screen.String()+".png"), b.Picture(true), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		scripts(b, false)
	}
}

// TestSomebodyComplainsOnAPhoneWithoutScripts complains without a name, by keyboard alone, and returns by the code.
func TestSomebodyComplainsOnAPhoneWithoutScripts(t *testing.T) {
	p := open(t)
	plain := httptest.NewServer(p.h)
	defer plain.Close()
	here := strings.Replace(plain.URL, "127.0.0.1", "localhost", 1)
	b := webtest.Open(t)
	scripts(b, false)
	look := looking(t, b)
	heading := func(want string) {
		t.Helper()
		if got := b.Text("h1"); got != want {
			t.Fatalf("the page says %q, not %q", got, want)
		}
	}
	b.Visit(here+"/complaints/new?about=0007", webtest.Phone)
	look("start")
	b.Use("Begin a complaint")
	heading("What is it about?")
	look("about")
	b.Choose("What happened, roughly?", "A member did something that it should not have done, or failed to do what it should")
	b.Use("Save and continue")
	heading("Which company?")
	b.Fill("The company", "it")
	b.Use("Save and continue")
	look("several")
	b.Fill("The company", "0007")
	b.Use("Save and continue")
	heading("When did it happen?")
	b.Use("Save and continue")
	look("fault")
	b.Fill("First day", "08012026")
	b.Fill("Last day", "08202026")
	b.Use("Save and continue")
	heading("When did you learn of it?")
	b.Fill("The day on which you learnt of it", "08252026")
	b.Use("Save and continue")
	heading("What do you think was not kept?")
	b.TabTo("1.1 What we meet, we keep")
	b.Press(" ")
	look("provisions")
	b.Use("Save and continue")
	heading("What happened?")
	b.Fill("In your own words", "They read our letters, and told a friend. Ich habe es gesehen. 私は見た。")
	look("account")
	b.Use("Save and continue")
	heading("What could show it?")
	b.Use("Save and come back later")
	heading("Come back with this code")
	look("code")
	code := b.Text("#receipt")
	b.Use("I have kept it: close it on this device")
	heading("Return to your complaint")
	look("return")
	b.Fill("Your code", strings.ToLower(code))
	b.Use("Open")
	heading("What could show it?")
	b.Use("Save and continue")
	heading("Do you give your name?")
	b.Choose("Do you give your name?", "No, I stay without a name")
	look("name")
	b.Use("Save and continue")
	heading("Check your answers")
	look("check")
	b.Use("Go on to your code")
	heading("Keep this code")
	look("last")
	if again := b.Text("#receipt"); again != code {
		t.Errorf("the code was %q and is %q", code, again)
	}
	b.TabTo("I have kept the code, and know that nobody can give it to me again")
	b.Press(" ")
	b.Use("Send the complaint")
	heading("It is looked at")
	look("case")
	b.Fill("Your message", "There is more.")
	b.Use("Send the message")
	if said := b.Text(".said"); said != "Your message was sent." {
		t.Errorf("the page says %q", said)
	}
}
