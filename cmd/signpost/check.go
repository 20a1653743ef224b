package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/check"
	"github.com/signpost-dev/signpost/pkg/diag"
)

type checkOptions struct {
	path   string
	format choice
	failOn choice
	fix    bool
	now    nowFlag
	web    webOptions

	timings *timings
}

func newCheck(e env) *cobra.Command {
	var timed bool
	o := checkOptions{
		format: choice{"text", diag.Formats},
		failOn: choice{"error", []string{"error", "warning", "info"}},
	}
	c := &cobra.Command{
		Use:   "check [PATH]",
		Short: "Say what is wrong with a catalog",
		Long: `Check reads every descriptor and document of the catalog at PATH (default: here),
or in the folder catalog below it, and prints all findings, sorted by place.
It stays off the network, unless --external is given: then it asks for every link to the
web once, one at a time for each host, and remembers good ones for a week and bad ones for
an hour.

The exit status is 0 if nothing reaches --fail-on, 1 if something does,
2 for wrong usage and 3 if something could not be read.`,
		Args: atMost(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.path, o.timings = operand(args, 0, "."), newTimings(timed)
			defer o.timings.print(e.stderr)
			if err := o.web.valid(c.Flags()); err != nil {
				return err
			}
			return runCheck(c.Context(), e, o)
		},
	}
	c.Flags().Var(&o.format, "format", "how to print findings")
	c.Flags().Var(&o.failOn, "fail-on", "the mildest severity that fails")
	c.Flags().BoolVar(&o.fix, "fix", false, "mend what can be mended mechanically, and report the rest")
	addNow(c.Flags(), &o.now)
	o.web.addTo(c.Flags())
	c.Flags().BoolVar(&timed, "timings", false, "print how long each stage took")
	return c
}

// mostRounds is how often --fix looks again after mending something.
const mostRounds = 5

func runCheck(ctx context.Context, e env, o checkOptions) error {
	w, result, err := judged(ctx, e, o)
	if err != nil {
		return err
	}
	defer func() { w.Close() }()
	if o.fix {
		// A repair may bring to light what can be mended next: of a field that was
		// misspelt, the value. The rounds are bounded, should two ever disagree.
		total := 0
		for range mostRounds {
			mended, err := fix(w, result.Diagnostics)
			for _, change := range mended {
				fmt.Fprintln(e.stderr, describe(change))
			}
			if err != nil {
				return err
			}
			if total += len(mended); len(mended) == 0 {
				break
			}
			again, anew, err := judged(ctx, e, o)
			if err != nil {
				return err
			}
			w.Close()
			w, result = again, anew
		}
		fmt.Fprintf(e.stderr, "mended %s\n", countOf(total, "place", "places"))
	}
	report := diag.Report{
		Diagnostics: result.Diagnostics, Summary: w.summary(result.Diagnostics, result.Silenced),
		Rules: reportRules(), Source: w.text, Version: version(),
	}
	if err := diag.Write(e.stdout, o.format.value, useColor(e, e.stdout), report); err != nil {
		return err
	}
	fmt.Fprintln(e.stderr, report.Summary)
	if w.catalog == nil {
		return errFindings // whatever the findings are called, nothing was checked
	}
	return verdict(result.Diagnostics, o.failOn.value)
}

// judged reads a catalog and applies the rules.
func judged(ctx context.Context, e env, o checkOptions) (*workspace, check.Result, error) {
	w, err := openToJudge(ctx, o.path, o.now.instant(), o.timings)
	if err != nil {
		return nil, check.Result{}, err
	}
	if w.catalog == nil {
		found := append(w.found, check.NothingChecked(w.tree.Name(catalog.ConfigFile)))
		return w, check.Result{Diagnostics: diag.Sort(found)}, nil
	}
	began := time.Now()
	scans, found, err := w.scan(ctx)
	if err != nil {
		w.Close()
		return nil, check.Result{}, err
	}
	w.timings.since("documents", began)
	if o.web.external {
		began = time.Now()
		ofWeb, err := webFindings(ctx, e, w, scans, o.web)
		if err != nil {
			w.Close()
			return nil, check.Result{}, err
		}
		found = append(found, ofWeb...)
		w.timings.since("links to the web", began)
	}
	defer w.timings.since("rules", time.Now())
	return w, w.judge(scans, found), nil
}

// verdict is errFindings if a finding reaches a severity.
func verdict(found []diag.Diagnostic, failOn string) error {
	limit, _ := diag.ParseSeverity(failOn)
	if slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Severity >= limit }) {
		return errFindings
	}
	return nil
}

func reportRules() []diag.Rule {
	var rules []diag.Rule
	for _, r := range check.Sorted() {
		rules = append(rules, diag.Rule{Code: r.Code, Title: r.Title, Doc: r.Doc, Severity: r.Severity})
	}
	return rules
}

// describe says what a repair has changed, for whoever reads the diff next.
func describe(c diag.Change) string {
	switch {
	case c.New == "":
		return fmt.Sprintf("%s: %q removed", c.Span, c.Old)
	case c.Old == "":
		return fmt.Sprintf("%s: %q added", c.Span, c.New)
	}
	return fmt.Sprintf("%s: %q → %q", c.Span, c.Old, c.New)
}

// fix applies the mechanical repairs of findings and returns what it has changed.
// It keeps everything else in a file as it is, comments included.
func fix(w *workspace, found []diag.Diagnostic) (mended []diag.Change, err error) {
	edits := map[string][]diag.Edit{}
	for _, d := range found {
		for _, edit := range d.Fix {
			edits[edit.Span.File] = append(edits[edit.Span.File], edit)
		}
	}
	root, err := os.OpenRoot(w.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	for _, name := range slices.Sorted(maps.Keys(edits)) {
		inTree, ok := strings.CutPrefix(name, w.prefix)
		if !ok {
			return mended, fmt.Errorf("%s lies outside the catalog", name)
		}
		data, err := root.ReadFile(inTree)
		if err != nil {
			return mended, err
		}
		changed, made := diag.Apply(data, edits[name])
		if err := replaceFile(root, inTree, changed); err != nil {
			return mended, err
		}
		mended = append(mended, made...)
	}
	return mended, nil
}

// replaceFile swaps a file for another of the same mode, or leaves the old one.
func replaceFile(root *os.Root, name string, data []byte) error {
	info, err := root.Stat(name)
	if err != nil {
		return err
	}
	temp := name + ".signpost-new"
	if err := root.WriteFile(temp, data, info.Mode().Perm()); err != nil {
		_ = root.Remove(temp)
		return err
	}
	return root.Rename(temp, name)
}

// useColor reports whether an output is a terminal that shows colours.
func useColor(e env, w io.Writer) bool {
	return e.getenv("NO_COLOR") == "" && e.getenv("TERM") != "dumb" && isTerminal(w)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
