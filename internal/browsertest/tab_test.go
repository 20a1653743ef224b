package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// view is how a reader looks at the site. The zero value is a laptop with light
// colours, a web server and the clock at now.
type view struct {
	width, height int64 // 1280×800 if zero
	phone         bool  // a touch screen whose browser honours the viewport tag
	dark          bool
	noScript      bool
	disk          bool          // the site's folder is opened, no server
	at            time.Time     // the reader's clock; now if zero
	site          string        // folder of the site; the example's if empty
	root          string        // address of a site that is served already
	scriptDelay   time.Duration // how late the script of every page comes
	bypassPolicy  bool          // lets test scripts do what the site's policy forbids
}

var (
	laptop = view{width: 1280, height: 800}
	phone  = view{width: 390, height: 844, phone: true}
)

// tab is one tab of the browser. From its first page to its end it notes what must
// never happen on this site: errors, broken policies, requests that fail or that go to
// another origin. Noting any of these fails the test.
type tab struct {
	testing.TB
	ctx  context.Context
	root string // URL of the site's root, with a slash at the end

	mu       sync.Mutex
	page     string // that was opened last
	noise    []string
	requests []string
	allowed  []string // parts of noise that this test causes on purpose
}

// newTab opens a tab for a test, with storage of its own.
func newTab(t testing.TB, v view) *tab {
	t.Helper()
	if v.width == 0 {
		v.width, v.height = laptop.width, laptop.height
	}
	if v.at.IsZero() {
		v.at = now
	}
	if v.site == "" {
		v.site = shared.site
	}
	b := &tab{TB: t}
	if v.root != "" {
		b.root = v.root
	} else if v.disk {
		b.root = (&url.URL{Scheme: "file", Path: filepath.ToSlash(v.site) + "/"}).String()
	} else {
		b.root = serve(t, v.site, v.scriptDelay)
	}
	ctx, closeTab := chromedp.NewContext(openBrowser(t), chromedp.WithNewBrowserContext(), chromedp.WithListener(b.note))
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	b.ctx = ctx
	b.do(setUp(v)...)
	t.Cleanup(b.quiet)
	return b
}

// setUp makes the tab's surroundings what a view says.
func setUp(v view) []chromedp.Action[chromedp.Void] {
	steps := []chromedp.Action[chromedp.Void]{
		command(log.Enable, cdp.Empty{}),
		command(network.Enable, network.EnableParams{}),
		command(audits.Enable, cdp.Empty{}),
		// Tabs in the background have no focus; readers' tabs have.
		command(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}),
		command(emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "UTC"}),
		onNewDocument(watch), onNewDocument(clockAt(v.at)),
		colours(v.dark), size(v),
	}
	if v.bypassPolicy {
		steps = append(steps, command(page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}))
	}
	if v.noScript {
		steps = append(steps, command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
	}
	return steps
}

// command makes an action of a command whose answer says nothing.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, c, params)
		return chromedp.Void{}, err
	}
}

func size(v view) chromedp.Action[chromedp.Void] {
	if v.phone {
		return chromedp.EmulateViewport(v.width, v.height, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait)
	}
	return chromedp.EmulateViewport(v.width, v.height)
}

func colours(dark bool) chromedp.Action[chromedp.Void] {
	return media("screen", dark)
}

func media(kind string, dark bool) chromedp.Action[chromedp.Void] {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	return command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: kind, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
}

// onNewDocument runs a script in every page before its own.
func onNewDocument(script string) chromedp.Action[chromedp.Void] {
	return command(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
}

// watch reports what the page's policy has stopped, through the console.
const watch = `addEventListener("securitypolicyviolation", (e) =>
	console.error("policy: " + e.effectiveDirective + " " + e.blockedURI + " at " + e.sourceFile + ":" + e.lineNumber));`

// clockAt sets a page's clock. It goes on from there; testClock.set moves it.
func clockAt(at time.Time) string {
	return fmt.Sprintf(`(() => {
	const Real = Date;
	let offset = %d - Real.now();
	window.Date = class extends Real {
		constructor(...given) { given.length ? super(...given) : super(Real.now() + offset); }
		static now() { return Real.now() + offset; }
	};
	window.testClock = { set: (at) => (offset = at - Real.now()) };
})();`, at.UnixMilli())
}

// note runs on the goroutine that reads the browser's messages, so it only writes down.
func (b *tab) note(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	say := func(format string, args ...any) { b.noise = append(b.noise, fmt.Sprintf(format, args...)) }
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		say("exception: %s", exception(ev.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if kind := string(ev.Type); kind == "error" || kind == "warning" || kind == "assert" {
			say("console.%s: %s", kind, arguments(ev.Args))
		}
	case *log.EventEntryAdded:
		if level := string(ev.Entry.Level); level == "error" || level == "warning" {
			say("browser %s: %s (%s)", level, ev.Entry.Text, ev.Entry.URL)
		}
	case *audits.EventIssueAdded:
		if issue := string(ev.Issue.Code); issue != "GenericIssue" {
			details, _ := json.Marshal(ev.Issue.Details)
			say("issue %s: %s", issue, details)
		}
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, ev.Request.URL)
		own := strings.HasPrefix(ev.Request.URL, b.root) || strings.HasPrefix(ev.Request.URL, "data:image/svg+xml,") || strings.HasPrefix(ev.Request.URL, "blob:") || ev.Request.URL == "about:blank"
		if !own {
			say("request to another place: %s", ev.Request.URL)
		}
	case *network.EventResponseReceived:
		if ev.Response.Status >= 400 {
			say("answer %d: %s", ev.Response.Status, ev.Response.URL)
		}
	case *network.EventLoadingFailed:
		if !ev.Canceled {
			say("request failed: %s %s", ev.ErrorText, ev.BlockedReason)
		}
	}
}

func exception(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}

func arguments(args []*runtime.RemoteObject) string {
	var said []string
	for _, a := range args {
		if a.Description != "" {
			said = append(said, a.Description)
		} else {
			said = append(said, string(a.Value))
		}
	}
	return strings.Join(said, " ")
}

// allow says that noise with this part is what the test causes on purpose.
func (b *tab) allow(part string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.allowed = append(b.allowed, part)
}

// quiet fails the test for everything that must not happen on a page.
func (b *tab) quiet() {
	b.mu.Lock()
	defer b.mu.Unlock()
noise:
	for _, what := range b.noise {
		for _, part := range b.allowed {
			if strings.Contains(what, part) {
				continue noise
			}
		}
		b.Errorf("at %s: %s", b.page, what)
	}
	b.noise = nil
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

// open goes to a page, by its path in the site, and waits until it has loaded.
func (b *tab) open(page string) {
	b.Helper()
	b.mu.Lock()
	b.page = page
	b.mu.Unlock()
	if err := chromedp.Do(b.ctx, chromedp.Navigate(b.root+page)); err != nil {
		b.Fatalf("opening %s: %v", page, err)
	}
}

// where returns the path in the site of the page that is shown, with query and anchor.
func (b *tab) where() string {
	b.Helper()
	at := eval[string](b, `location.href`)
	page, ok := strings.CutPrefix(at, b.root)
	if !ok {
		b.Fatalf("the tab has left the site for %s", at)
	}
	return page
}

// eval returns the value of an expression in the page; promises are waited for.
func eval[T any](b *tab, expression string) T {
	b.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return v
}

// patience is how long a page may take to do what was asked of it. It is generous for
// slow machines; nothing waits longer than it must.
const patience = 10 * time.Second

// wait waits until an expression is true in the page. A page may be on its way out
// meanwhile, so failures to ask count as "not yet".
func (b *tab) wait(what, expression string) {
	b.Helper()
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var met bool
		met, err = chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		if met && err == nil {
			return
		}
	}
	b.Fatalf("waited in vain for %s at %s (last error: %v)", what, b.where(), err)
}

// waitPage waits until a page of the site is shown and has loaded.
func (b *tab) waitPage(page string) {
	b.Helper()
	b.wait("the page "+page, fmt.Sprintf(`location.href === %q && document.readyState === "complete"`, b.root+page))
}

// settle waits until the page has drawn what came last, and what it threw or refused
// has been reported.
func (b *tab) settle() {
	b.Helper()
	eval[bool](b, `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(true), 50)))`)
}

// The keys that tests press.
const (
	escape    = kb.Escape
	enter     = kb.Enter
	tabKey    = kb.Tab
	arrowDown = kb.ArrowDown
	arrowUp   = kb.ArrowUp
)

// press presses keys one after the other. As with a keyboard, a key that the page uses
// for itself types nothing, which chromedp.KeyEvent would do none the less.
func (b *tab) press(keys string, with ...chromedp.Modifier) {
	b.Helper()
	for _, key := range keys {
		events := kb.Encode(key)
		down, up := *events[0], *events[len(events)-1]
		if len(events) == 3 && len(with) == 0 {
			down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
		}
		for _, m := range with {
			down.Modifiers |= int64(m)
			up.Modifiers |= int64(m)
		}
		b.do(command(input.DispatchKeyEvent, down), command(input.DispatchKeyEvent, up))
	}
}

// click clicks with the mouse in the middle of the first element.
func (b *tab) click(selector string) {
	b.Helper()
	b.wait(selector, fmt.Sprintf("document.querySelector(%q)?.checkVisibility()", selector))
	at := eval[[2]float64](b, fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		e.scrollIntoView({ block: "center", behavior: "instant" });
		const r = e.getBoundingClientRect();
		return [r.x + r.width / 2, r.y + r.height / 2];
	})()`, selector))
	b.do(chromedp.MouseClickXY(at[0], at[1]))
}

// text returns the text of the first element as it is shown.
func (b *tab) text(selector string) string {
	b.Helper()
	return eval[string](b, fmt.Sprintf(`document.querySelector(%q)?.innerText.trim() ?? "(nothing matches)"`, selector))
}

// count returns how many elements match and are shown.
func (b *tab) count(selector string) int {
	b.Helper()
	return eval[int](b, fmt.Sprintf(`[...document.querySelectorAll(%q)].filter((e) => e.checkVisibility({ visibilityProperty: true })).length`, selector))
}
