package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/githistory"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/site"
)

// mostShown is how many findings serve prints after a save, and how many a page
// shows: the health page has all of them.
const mostShown = 20

// edited is a catalog that is edited while its site is shown. Each save is shown at once,
// with the findings of the one before; then, beside, the whole is judged and shown again.
// What is saved in the meantime ends that and begins anew.
type edited struct {
	env       env
	options   serveOptions
	templates fs.FS
	preview   *site.Preview

	workspace *workspace      // that could be shown last
	unseen    map[string]bool // files saved since, by their paths in the tree
	end       func()          // ends the judging of the last save
	judging   sync.WaitGroup

	mu      sync.Mutex     // guards what follows
	shown   *site.OnDemand // what is shown
	history githistory.History
	facts   site.BuildFacts
	said    map[finding]bool // when the catalog was judged last
}

// finding tells findings apart whatever line they have moved to.
type finding struct{ file, code, message string }

func keyOf(d diag.Diagnostic) finding { return finding{d.Span.File, d.Code, d.Message} }

// show reads the catalog after files of it have been saved, shows the site, and begins to
// judge it. A file that cannot be read, since it is half typed, leaves the last good site
// up.
func (c *edited) show(ctx context.Context, saved map[string]bool) {
	began := time.Now()
	c.end()
	maps.Copy(c.unseen, saved)
	w, live, err := c.read(ctx)
	if err != nil {
		c.fail(err)
		return
	}
	c.workspace, c.unseen = w, map[string]bool{}
	c.mu.Lock()
	c.shown = live
	c.preview.Show(live)
	c.mu.Unlock()
	shown := time.Since(began)
	ctx, c.end = context.WithCancel(ctx)
	c.judging.Go(func() {
		line, err := c.judge(ctx, w, live)
		switch {
		case ctx.Err() != nil: // something else was saved
		case err != nil:
			c.fail(err)
		default:
			fmt.Fprintf(c.env.stderr, "shown after %s, checked after %s%s\n", brief(shown), brief(time.Since(began)), line)
		}
	})
}

// close ends the judging and waits for its end.
func (c *edited) close() {
	c.end()
	c.judging.Wait()
}

// read reads what was saved, and makes the site of it.
func (c *edited) read(ctx context.Context) (w *workspace, live *site.OnDemand, err error) {
	if c.workspace == nil {
		w, err = openToServe(ctx, c.options)
	} else {
		w, err = c.workspace.again(ctx, c.unseen)
	}
	if err != nil {
		return nil, nil, err
	}
	w.day = site.DayOf(c.options.now.instant())
	c.mu.Lock()
	before, history, facts := c.shown, c.history, c.facts
	c.mu.Unlock()
	var said bytes.Buffer
	if err := w.buildable(env{c.env.stdin, c.env.stdout, &said, c.env.getenv}, before == nil); err != nil {
		if errors.Is(err, errUnread) {
			err = errors.New("until this can be read, the last good site stays")
		}
		return nil, nil, fmt.Errorf("%s%w", said.String(), err)
	}
	systems, err := w.live(c.options.snapshots)
	if err != nil {
		return nil, nil, err
	}
	in := w.siteInput(history, facts, systems, c.templates)
	if before != nil {
		in.Portal.Findings = before.Findings()
	}
	live, err = site.NewOnDemand(in, before, c.unseen)
	return w, live, err
}

// judge judges what is shown, shows it again with what is wrong, and says how much that is.
func (c *edited) judge(ctx context.Context, w *workspace, live *site.OnDemand) (wrong string, err error) {
	history, err := w.history(ctx)
	if err != nil {
		return "", err
	}
	facts := w.facts(ctx, history.Shallow)
	judged, err := live.Judged(ctx, history.Changes, facts)
	if err != nil {
		return "", err
	}
	n := portal.Severities(judged.Findings())
	wrong = findingsLine(diag.Summary{Errors: n[diag.Error], Warnings: n[diag.Warning]})
	c.mu.Lock()
	defer c.mu.Unlock()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	fresh, shown := c.describe(w, judged.Findings())
	c.shown, c.history, c.facts = judged, history, facts
	c.preview.ShowJudged(judged, wrong, shown)
	fmt.Fprint(c.env.stderr, fresh)
	if wrong != "" {
		wrong = "; " + wrong
	}
	return wrong, nil
}

// brief writes a duration for people: "193ms", "400µs".
func brief(d time.Duration) string {
	if d > 10*time.Millisecond {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Microsecond).String()
}

// fail says why there is no newer site.
func (c *edited) fail(err error) {
	message := strings.TrimSpace(err.Error())
	fmt.Fprintln(c.env.stderr, message)
	c.preview.Failed(message)
}

// describe writes what is wrong: for the terminal the errors and warnings that were not
// there before, for the page all errors.
func (c *edited) describe(w *workspace, found []diag.Diagnostic) (fresh, shown string) {
	var newer, errs []diag.Diagnostic
	now := map[finding]bool{}
	for _, d := range found {
		now[keyOf(d)] = true
		if d.Severity >= diag.Warning && !c.said[keyOf(d)] {
			newer = append(newer, d)
		}
		if d.Severity == diag.Error {
			errs = append(errs, d)
		}
	}
	c.said = now
	return w.excerpts(newer, useColor(c.env, c.env.stderr)), w.excerpts(errs, false)
}

// excerpts writes findings as check does, or the first of many.
func (w *workspace) excerpts(found []diag.Diagnostic, color bool) string {
	var b bytes.Buffer
	more := max(len(found)-mostShown, 0)
	_ = diag.Write(&b, "text", color, diag.Report{Diagnostics: found[:len(found)-more], Source: w.text}) // a buffer takes all
	if more > 0 {
		fmt.Fprintf(&b, "and %d more: see /-/health.html\n", more)
	}
	return b.String()
}
