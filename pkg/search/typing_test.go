package search

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/signpost-dev/signpost/internal/tabmeter"
)

// measureTyping opens the palette in a tab of its own and types as a quick reader does,
// beginning while the columns are still being loaded. It prints how long the tasks of the
// main thread take, how soon a picture follows each key, and what the tab holds after it.
func measureTyping(t *testing.T, o *organisation, entities []Entity, site fstest.MapFS) {
	site["assets/palette.js"] = &fstest.MapFile{Data: bundle(t, `import "./palette";`, true)}
	ctx := newTab(t, serve(t, site, nil))
	memory := func(when string) {
		bytes, err := tabmeter.Memory(ctx)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("memory %s: %.1f MB", when, bytes/1e6)
	}
	memory("of the empty page")
	if err := tabmeter.Observe(ctx); err != nil {
		t.Fatal(err)
	}
	loading := traced(t, ctx, func() {
		call[bool](t, ctx, `(async () => { (await sp.load("palette", "assets/palette.js")).open(); return true; })`)
		typeKeys(t, ctx, entities[1234].Name)
		call[bool](t, ctx, `(async () => { while (!document.querySelector("[role=option] .whose")) await new Promise((r) => setTimeout(r, 10)); return true; })`)
	})
	logTasks(t, "opening and the first query", loading)
	memory("after the first query")
	typing := traced(t, ctx, func() {
		for i := range 5 {
			name := entities[i*697].Name
			for _, query := range []string{name, name[:3] + name[4:], "owner:" + o.teams[i] + " " + name[:5], strings.ReplaceAll(name, "-", " ")} {
				call[bool](t, ctx, `(async () => { document.querySelector("dialog input").select(); return true; })`)
				typeKeys(t, ctx, query)
			}
		}
	})
	logTasks(t, "typing", typing)
	seen, err := tabmeter.Observed(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(seen.Waits); n > 0 {
		t.Logf("of all keys %d waited 16 ms or more for the next picture, half of them up to %.0f ms; INP %.0f ms; handling took %.1f ms for half of them, %.1f ms at most",
			n, tabmeter.Share(seen.Waits, 0.5), seen.INP(), tabmeter.Share(seen.Handlings, 0.5), seen.Handlings[n-1])
	}
	memory("after 20 queries")
}

func traced(t *testing.T, ctx context.Context, what func()) tabmeter.Tasks {
	t.Helper()
	meter, err := tabmeter.Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	what()
	tasks, err := meter.Tasks()
	if err != nil {
		t.Fatal(err)
	}
	return tasks
}

func logTasks(t *testing.T, what string, tasks tabmeter.Tasks) {
	n := len(tasks.CPU)
	long, _ := slices.BinarySearch(tasks.CPU, 16)
	t.Logf("%s: %d tasks, %d of 16 ms or more; the longest %.1f ms; other programs made them %.1f times as long", what, n, n-long, tasks.CPU[max(0, n-6):], tasks.Stretch)
}

// typeKeys presses keys, a dozen a second, quicker than most people.
func typeKeys(t *testing.T, ctx context.Context, keys string) {
	t.Helper()
	for _, key := range keys {
		for _, event := range kb.Encode(key) {
			event := *event
			err := chromedp.Do(ctx, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
				_, err := cdp.Call(ctx, target, input.DispatchKeyEvent, event)
				return chromedp.Void{}, err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(80 * time.Millisecond)
	}
}
