package webtest

import (
	"context"
	_ "embed"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// axe is axe-core, the accessibility checker. It runs in the test's browser only.
//
//go:embed assets/axe/axe.min.js
var axe string

// Browser is a headless Chromium with a fresh profile.
type Browser struct {
	t   testing.TB
	ctx context.Context
}

// Screen is how a page is looked at.
type Screen struct {
	Width, Height int64
	Dark          bool
}

// The screens that pages are looked at on.
var (
	Desk      = Screen{1280, 900, false}
	DeskDark  = Screen{1280, 900, true}
	Phone     = Screen{390, 844, false}
	PhoneDark = Screen{390, 844, true}
)

// patience bounds one step of a journey.
const patience = 30 * time.Second

// Open starts Chromium; the test fails if there is none. It ends with the test.
func Open(t testing.TB) *Browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Fatal("there is no Chromium on this machine; `make tools` installs it")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.UserDataDir(folder(t)), chromedp.NoSandbox, chromedp.NoFirstRun,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.WSURLReadTimeout(patience),
	)
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(allocated)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	return &Browser{t, ctx}
}

// Do runs steps of a journey, and fails the test if one fails or takes too long.
func (b *Browser) Do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
}

// Ask runs one step and returns what it found, or fails the test.
func Ask[T any](b *Browser, step chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, step)
	if err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
	return v
}

// Visit opens an address on a screen and waits until it is there.
func (b *Browser) Visit(address string, s Screen) {
	b.t.Helper()
	b.Do(s.use(), chromedp.Navigate(address))
}

// Forget empties what the browser keeps of pages and pictures, as if minutes had gone by.
func (b *Browser) Forget() {
	b.t.Helper()
	b.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCache, cdp.Empty{})
		return err
	}))
}

// Look looks at the page that is open on another screen.
func (b *Browser) Look(s Screen) {
	b.t.Helper()
	b.Do(s.use())
}

func (s Screen) use() chromedp.Action[chromedp.Void] {
	scheme := "light"
	if s.Dark {
		scheme = "dark"
	}
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: s.Width, Height: s.Height, DeviceScaleFactor: 1, Mobile: s.Width < 600,
		})
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			// Nothing moves: colours are looked at as they will stay.
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
		})
		return err
	})
}

// Text returns what the first element that matches shows.
func (b *Browser) Text(selector string) string {
	b.t.Helper()
	return strings.TrimSpace(Ask(b, chromedp.Text(chromedp.CSS(selector))))
}

// Picture returns the page as PNG: what is on the screen, or all of it.
func (b *Browser) Picture(whole bool) []byte {
	b.t.Helper()
	if whole {
		return Ask(b, chromedp.FullScreenshot(100))
	}
	return Ask(b, chromedp.CaptureScreenshot())
}

// violation is what axe-core found.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// Accessible fails the test for everything that axe-core finds against WCAG 2.2 A and AA, and against
// its own good practice, on the page.
func (b *Browser) Accessible(what string) {
	b.t.Helper()
	const run = `axe.run(document, {runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}, resultTypes: ["violations"]}).then(r => r.violations)`
	// The page's own policy forbids scripts; what the protocol evaluates is not the page's.
	b.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
		return err
	}))
	if !Ask(b, chromedp.Evaluate[bool](`"axe" in window`)) {
		Ask(b, chromedp.Evaluate[any](axe+"; true"))
	}
	for _, f := range Ask(b, chromedp.Evaluate[[]violation](run, chromedp.EvalAwaitPromise, chromedp.EvalAsValue)) {
		for _, n := range f.Nodes {
			b.t.Errorf("%s: %s (%s)\n\t%s\n\t%s", what, f.Help, f.ID, n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n\t"))
		}
	}
}

// FitsWidth fails the test if the page is wider than the screen.
func (b *Browser) FitsWidth(what string) {
	b.t.Helper()
	if over := Ask(b, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`)); over > 0 {
		b.t.Errorf("%s is %d pixels wider than the screen", what, over)
	}
}

// String names a screen in a file name.
func (s Screen) String() string {
	scheme := "light"
	if s.Dark {
		scheme = "dark"
	}
	return fmt.Sprintf("%d-%s", s.Width, scheme)
}

// Press types keys where the focus is: "\t" moves it on.
func (b *Browser) Press(keys string) {
	b.t.Helper()
	b.Do(chromedp.KeyEvent(keys))
}

// Follow types keys that open another page, and waits for it.
func (b *Browser) Follow(keys string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(keys)); err != nil {
		b.t.Fatalf("no page followed %q: %v", keys, err)
	}
}

// Focused returns what the element with the focus says.
func (b *Browser) Focused() string {
	b.t.Helper()
	return Ask(b, chromedp.Evaluate[string](`document.activeElement.textContent.trim()`))
}
