package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/githistory"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/site"
	"github.com/signpost-dev/signpost/pkg/source"
	sitetemplates "github.com/signpost-dev/signpost/site-templates"
)

type buildOptions struct {
	path      string
	out       string
	baseURL   string
	templates string
	snapshots string
	keepGoing bool
	now       nowFlag
	cache     cacheOptions
	plainCode bool
	titles    bool // are all that search knows of documents
	timings   *timings
	share     site.Share
}

func newBuild(e env) *cobra.Command {
	var o buildOptions
	var timed bool
	var shard string
	c := &cobra.Command{
		Use:   "build [PATH] --out DIR",
		Short: "Compile a catalog into a static site",
		Long: `Build writes the site of the catalog at PATH (default: here) into a folder. Files
that have not changed are not touched. Findings do not stop a build: they are shown on
the pages concerned and on the health page. A file that cannot be read (it is not UTF-8
or not YAML, it has aliases, it may not be opened) or that is larger than it may be does
stop it, unless --keep-going is given: otherwise what it says would be missing from the
site.`,
		Args: atMost(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.path, o.timings = operand(args, 0, "."), newTimings(timed)
			if shard != "" {
				var err error
				if o.share, err = site.ParseShare(shard); err != nil {
					return usageError{fmt.Errorf("--shard: %w", err)}
				}
			}
			return runBuild(c.Context(), e, o)
		},
	}
	c.Flags().StringVar(&o.out, "out", "", "the folder to write into (required)")
	c.Flags().StringVar(&o.baseURL, "base-url", "", "where the site will stand, such as https://acme.github.io/catalog/")
	c.Flags().StringVar(&o.templates, "templates", "", "a folder with templates, styles and scripts that replace ours")
	c.Flags().BoolVar(&o.keepGoing, "keep-going", false, "leave out what cannot be read, and build the rest")
	addNow(c.Flags(), &o.now)
	addSnapshots(c.Flags(), &o.snapshots)
	o.cache.addTo(c.Flags())
	c.Flags().StringVar(&shard, "shard", "", "write only part `i/n` of the site, such as 2/4; signpost merge joins the parts")
	c.Flags().BoolVar(&o.plainCode, "no-highlight", false, "show code without colours")
	c.Flags().BoolVar(&o.titles, "no-full-text", false, "let search find documents by their titles only, not by their texts")
	c.Flags().BoolVar(&timed, "timings", false, "print how long each stage took")
	return c
}

func runBuild(ctx context.Context, e env, o buildOptions) error {
	if o.out == "" {
		return usageError{errors.New("--out is missing: name the folder to write the site into")}
	}
	base, err := baseURL(o.baseURL)
	if err != nil {
		return usageError{err}
	}
	if base == "" {
		fmt.Fprintln(e.stderr, "without --base-url, 404.html takes the site to stand at the root of its host")
	}
	o.baseURL = base
	started := time.Now()
	result, err := buildSite(ctx, e, o)
	o.timings.print(e.stderr)
	if err != nil {
		return err
	}
	if base == "" && result.feeds {
		fmt.Fprintln(e.stderr, "without --base-url, there are no feeds of incidents and deployments: a feed names the address at which it stands")
	}
	fmt.Fprintf(e.stderr, "%s in %s: %s written, %s deleted, %s, %.1f s\n",
		countOf(result.entities, "entity", "entities"), countOf(result.Pages, "page", "pages"),
		countOf(result.Written, "file", "files"), countOf(result.Deleted, "file", "files"),
		bytesOf(result.Bytes), time.Since(started).Seconds())
	if summary := findingsLine(result.findings); summary != "" {
		fmt.Fprintf(e.stderr, "%s: see -/health.html, or run `signpost check`\n", summary)
	}
	return nil
}

// buildSite reads a catalog and writes its site, unless that is there already.
func buildSite(ctx context.Context, e env, o buildOptions) (built, error) {
	var inputs cache.Digest
	var same *built
	var remember bool
	w, err := openToBuild(ctx, o, func(w *workspace, files []source.File, found []diag.Diagnostic) bool {
		if o.share.Of > 1 {
			o.share.Build = w.identity(ctx, o, files)
		}
		if w.cache == nil {
			return false
		}
		if inputs, remember = w.inputs(ctx, o, files, found); remember {
			same = w.unchanged(o.out, inputs)
		}
		return same != nil
	})
	if err != nil {
		return built{}, err
	}
	defer w.Close()
	if same != nil {
		return *same, nil
	}
	if err := w.buildable(e, o.keepGoing); err != nil {
		return built{}, err
	}
	b, err := w.build(ctx, e, o)
	if err != nil || w.cache == nil {
		return b, err
	}
	if remember {
		w.rememberBuild(inputs, b)
	}
	return b, w.cache.Save()
}

// build writes the site of a catalog that has been read.
func (w *workspace) build(ctx context.Context, e env, o buildOptions) (built, error) {
	templates, err := templateLayers(o.templates)
	if err != nil {
		return built{}, err
	}
	began := time.Now()
	history, err := w.history(ctx)
	if err != nil {
		return built{}, err
	}
	w.timings.since("history", began)
	out, err := site.OpenOutput(o.out)
	if err != nil {
		return built{}, err
	}
	live, err := w.live(o.snapshots)
	if err != nil {
		return built{}, err
	}
	in := w.siteInput(history, w.facts(ctx, history.Shallow), live, templates)
	in.BaseURL, in.Cache, in.Share, in.TitlesOnly = o.baseURL, w.cache, o.share, o.titles
	in.Progress, in.Timing = progressOn(e.stderr), w.timings.note
	result, err := site.Build(ctx, in, out)
	if err != nil {
		out.Abandon()
		return built{}, err
	}
	n := portal.Severities(result.Portal.Findings)
	return built{
		Stats: result.Stats, entities: len(result.Portal.Entities), files: result.Files, feeds: site.HasFeeds(result.Portal),
		findings: diag.Summary{Errors: n[diag.Error], Warnings: n[diag.Warning]},
	}, nil
}

// leftOut says what a build leaves out of the site: what another has remembered is of no
// use to it.
func (o buildOptions) leftOut() string { return fmt.Sprint(o.plainCode, o.titles) }

// siteInput is what the site of a catalog is made of.
func (w *workspace) siteInput(history githistory.History, facts site.BuildFacts, live live, templates fs.FS) site.Input {
	in := w.portalInput(history.Changes)
	in.Snapshots, in.History = live.snapshots, live.history
	return site.Input{
		Portal: in, Documents: w.docs, Tree: w.tree,
		Judge: func(scans []*docs.Scan, found []diag.Diagnostic) []diag.Diagnostic {
			return w.judge(scans, found).Diagnostics
		},
		Templates: templates, Facts: facts,
	}
}

// errUnread ends a build from which something would be missing.
var errUnread = errors.New("some files could not be read; mend them, or leave them out with --keep-going")

// buildable stops a build whose source cannot be used as a whole.
func (w *workspace) buildable(e env, keepGoing bool) error {
	if w.catalog == nil {
		w.print(e, w.found)
		return errors.New("signpost.yaml cannot be used; mend it first")
	}
	if keepGoing {
		return nil
	}
	if w.config.Incomplete() {
		w.print(e, w.inConfig())
		return errors.New("some fields or kinds that signpost.yaml declares cannot be used; mend them, or go on without them with --keep-going")
	}
	if !w.unread {
		return nil
	}
	w.print(e, slices.DeleteFunc(slices.Clone(w.found), func(d diag.Diagnostic) bool { return !stopsBuild(d) }))
	return errUnread
}

// inConfig are the findings in signpost.yaml.
func (w *workspace) inConfig() []diag.Diagnostic {
	name := w.tree.Name(catalog.ConfigFile)
	return slices.DeleteFunc(slices.Clone(w.found), func(d diag.Diagnostic) bool { return d.Span.File != name })
}

// print shows findings that stop a command which was not asked for them.
func (w *workspace) print(e env, found []diag.Diagnostic) {
	_ = diag.Write(e.stderr, "text", false, diag.Report{Diagnostics: found, Source: w.text})
}

// history is the last change of every file; empty outside Git.
func (w *workspace) history(ctx context.Context) (githistory.History, error) {
	if w.gitRoot == "" {
		return githistory.History{}, nil
	}
	history, err := githistory.LastChanges(ctx, w.gitRoot, strings.TrimSuffix(w.prefix, "/"))
	if errors.Is(err, githistory.ErrNoCommits) {
		return githistory.History{}, nil
	}
	return history, err
}

func (w *workspace) facts(ctx context.Context, shallow bool) site.BuildFacts {
	facts := site.BuildFacts{Version: version(), Day: w.day.Format(time.DateOnly), Shallow: shallow}
	if w.gitRoot != "" {
		if head, err := githistory.Head(ctx, w.gitRoot); err == nil {
			facts.Commit = head.Commit
		}
	}
	return facts
}

// templateLayers puts a user's templates in front of ours.
func templateLayers(dir string) (fs.FS, error) {
	if dir == "" {
		return sitetemplates.FS, nil
	}
	if info, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("reading templates: %w", err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("reading templates: %s is not a folder", dir)
	}
	return site.Layers(os.DirFS(dir), sitetemplates.FS), nil
}

// baseURL checks where the site will stand and ends it with a slash.
func baseURL(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("--base-url %q is not an address such as https://acme.github.io/catalog/", text)
	}
	return strings.TrimSuffix(u.String(), "/") + "/", nil
}

func findingsLine(s diag.Summary) string {
	switch {
	case s.Errors > 0 && s.Warnings > 0:
		return countOf(s.Errors, "error", "errors") + " and " + countOf(s.Warnings, "warning", "warnings")
	case s.Errors > 0:
		return countOf(s.Errors, "error", "errors")
	case s.Warnings > 0:
		return countOf(s.Warnings, "warning", "warnings")
	}
	return ""
}

// bytesOf writes a size for people.
func bytesOf(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1000*1000:
		return fmt.Sprintf("%.0f kB", float64(n)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
