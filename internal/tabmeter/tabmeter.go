// Package tabmeter measures what a page costs the browser: how long the tasks of its
// main thread take, how soon it answers to input, and what memory it holds. It is a tool
// of our tests, which bring a tab of their own.
package tabmeter

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// Meter traces the tasks of a tab's main thread.
type Meter struct {
	ctx  context.Context
	stop func() // ends the listening

	mu     sync.Mutex
	events []traceEvent
	done   chan struct{} // closed when all events have come
}

// traceEvent is what is read of an event in Chromium's trace format. Times are in µs.
type traceEvent struct {
	Name     string  `json:"name"`
	Process  int     `json:"pid"`
	Thread   int     `json:"tid"`
	CPU      float64 `json:"tdur"`
	Wall     float64 `json:"dur"`
	Argument struct {
		Name string `json:"name"`
	} `json:"args"`
}

// Start begins to trace. Only one trace can be taken of a browser at a time.
func Start(ctx context.Context) (*Meter, error) {
	listening, stop := context.WithCancel(ctx)
	m := &Meter{ctx: ctx, stop: stop, done: make(chan struct{})}
	if err := chromedp.Listen(listening, m.note); err != nil {
		return nil, err
	}
	return m, chromedp.Do(ctx, command(tracing.Start, tracing.StartParams{
		TraceConfig: &tracing.TraceConfig{IncludedCategories: []string{"disabled-by-default-devtools.timeline"}},
	}))
}

// note keeps the events of one message. It runs where the browser's messages are read.
func (m *Meter) note(ev any) {
	switch ev := ev.(type) {
	case *tracing.EventDataCollected:
		m.mu.Lock()
		defer m.mu.Unlock()
		for _, value := range ev.Value {
			var e traceEvent
			if json.Unmarshal(value, &e) == nil && (e.Name == "RunTask" || e.Name == "thread_name") {
				m.events = append(m.events, e)
			}
		}
	case *tracing.EventTracingComplete:
		close(m.done)
	}
}

// Tasks are the tasks of a tab's main thread.
type Tasks struct {
	CPU     []float64 // ms of processor time of each, the shortest first
	Stretch float64   // by how much all of them took longer, since other programs had the processor
}

// Tasks ends the trace and returns what it holds.
func (m *Meter) Tasks() (Tasks, error) {
	defer m.stop()
	if err := chromedp.Do(m.ctx, command(tracing.End, cdp.Empty{})); err != nil {
		return Tasks{}, err
	}
	select {
	case <-m.done:
	case <-m.ctx.Done():
		return Tasks{}, context.Cause(m.ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	type thread struct{ process, thread int }
	main := map[thread]bool{}
	for _, e := range m.events {
		if e.Name == "thread_name" && e.Argument.Name == "CrRendererMain" {
			main[thread{e.Process, e.Thread}] = true
		}
	}
	var tasks Tasks
	var cpu, wall float64
	for _, e := range m.events {
		if e.Name == "RunTask" && main[thread{e.Process, e.Thread}] {
			tasks.CPU = append(tasks.CPU, e.CPU/1000)
			cpu += e.CPU
			wall += e.Wall
		}
	}
	if cpu == 0 {
		return Tasks{}, fmt.Errorf("the trace holds no task of a main thread among %d events", len(m.events))
	}
	slices.Sort(tasks.CPU)
	tasks.Stretch = max(1, wall/cpu)
	return tasks, nil
}

// Share returns the value below which a share of sorted values lies.
func Share(sorted []float64, share float64) float64 {
	return sorted[int(share*float64(len(sorted)-1))]
}

// observe notes each event of input of the page: when the next picture was shown, and how
// long its handlers ran. Of an event that the page answers in less than 16 ms, browsers
// report nothing.
const observe = `(() => {
	window.interactions = new Map();
	new PerformanceObserver((list) => {
		for (const e of list.getEntries()) {
			if (!e.interactionId) continue;
			const i = interactions.get(e.interactionId) ?? { wait: 0, handling: 0 };
			i.wait = Math.max(i.wait, e.duration);
			i.handling += e.processingEnd - e.processingStart;
			interactions.set(e.interactionId, i);
		}
	}).observe({ type: "event", durationThreshold: 16, buffered: true });
})()`

// Observe begins to note how soon the page that is shown answers to input.
func Observe(ctx context.Context) error {
	_, err := chromedp.Run(ctx, chromedp.Evaluate[chromedp.Void](observe))
	return err
}

// Interactions are the keys and clicks after which the next picture came 16 ms later or
// more, in ms and the shortest first: each list is sorted by itself.
type Interactions struct {
	Waits     []float64 `json:"waits"`     // to the next picture, in steps of 8
	Handlings []float64 `json:"handlings"` // in the page's own code, until that gave way to other tasks
}

// INP is the slowest interaction, of which one in fifty is left out, as is usual.
func (i Interactions) INP() float64 {
	if len(i.Waits) == 0 {
		return 0
	}
	return i.Waits[len(i.Waits)-1-len(i.Waits)/50]
}

// Observed returns the interactions since Observe.
func Observed(ctx context.Context) (Interactions, error) {
	return chromedp.Run(ctx, chromedp.Evaluate[Interactions](`new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
		const sorted = (what) => [...interactions.values()].map((i) => i[what]).sort((a, b) => a - b);
		done({ waits: sorted("wait"), handlings: sorted("handling") });
	}, 100)))`, chromedp.EvalAwaitPromise))
}

// Memory returns how many bytes the page holds when the garbage is gone: what scripts
// made, what the browser keeps for them, and their arrays of numbers.
func Memory(ctx context.Context) (float64, error) {
	if err := chromedp.Do(ctx, command(heapprofiler.CollectGarbage, cdp.Empty{})); err != nil {
		return 0, err
	}
	heap, err := chromedp.Call(ctx, runtime.GetHeapUsage, cdp.Empty{})
	return heap.UsedSize + heap.EmbedderHeapUsedSize + heap.BackingStorageSize, err
}

// command makes an action of a command whose answer says nothing.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, c, params)
		return chromedp.Void{}, err
	}
}
