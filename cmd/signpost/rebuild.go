package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/site"
)

// mostShown is how many findings serve prints after a build, and how many a page
// shows: the health page has all of them.
const mostShown = 20

// rebuilder builds the preview again and again, and remembers what it has said.
type rebuilder struct {
	env     env
	options serveOptions
	out     string
	cache   string // folder
	preview *site.Preview
	said    map[finding]bool // after the last build that went well
}

// finding tells findings apart whatever line they have moved to.
type finding struct{ file, code, message string }

func keyOf(d diag.Diagnostic) finding { return finding{d.Span.File, d.Code, d.Message} }

// rebuild builds once and tells the terminal and open pages how it went. A file
// that cannot be read, since it is half typed, leaves the last good site up.
func (r *rebuilder) rebuild(ctx context.Context) {
	var said bytes.Buffer
	var fresh, shown string
	e, o := r.env, r.options
	started := time.Now()
	result, err := buildSite(ctx, env{e.stdin, e.stdout, &said, e.getenv}, buildOptions{
		path: o.path, out: r.out, templates: o.templates, keepGoing: !r.preview.HasSite(), now: o.now,
		cache:  cacheOptions{dir: r.cache},
		judged: func(w *workspace, found []diag.Diagnostic) { fresh, shown = r.describe(w, found) },
	})
	if err != nil {
		reason := err.Error()
		if errors.Is(err, errUnread) {
			reason = "until this can be read, the last good site stays"
		}
		message := strings.TrimSpace(said.String() + "\n" + reason)
		fmt.Fprintln(e.stderr, message)
		r.preview.Failed(message)
		return
	}
	fmt.Fprint(e.stderr, fresh)
	line := fmt.Sprintf("built %s in %d ms, %s changed", countOf(result.Pages, "page", "pages"),
		time.Since(started).Milliseconds(), countOf(result.Written+result.Deleted, "file", "files"))
	findings := findingsLine(result.findings)
	if findings != "" {
		line += "; " + findings
	}
	fmt.Fprintln(e.stderr, line)
	r.preview.Built(findings, shown)
}

// describe writes what a build has found: for the terminal the errors and warnings
// that were not there before, for the page all errors.
func (r *rebuilder) describe(w *workspace, found []diag.Diagnostic) (fresh, shown string) {
	var newer, errs []diag.Diagnostic
	now := map[finding]bool{}
	for _, d := range found {
		now[keyOf(d)] = true
		if d.Severity >= diag.Warning && !r.said[keyOf(d)] {
			newer = append(newer, d)
		}
		if d.Severity == diag.Error {
			errs = append(errs, d)
		}
	}
	r.said = now
	return w.excerpts(newer, useColor(r.env, r.env.stderr)), w.excerpts(errs, false)
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
