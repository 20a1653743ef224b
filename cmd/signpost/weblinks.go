package main

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/provider/links"
	"github.com/signpost-dev/signpost/pkg/source"
)

// webOptions say whether check asks for links to the web, and how.
type webOptions struct {
	external, private bool
	patience          time.Duration
	cache             cacheOptions
}

func (o *webOptions) addTo(flags *pflag.FlagSet) {
	flags.BoolVar(&o.external, "external", false, "ask whether links to the web lead anywhere")
	flags.BoolVar(&o.private, "private", false, "with --external: ask hosts with private addresses, too")
	flags.DurationVar(&o.patience, "patience", mostPatience, "with --external: how long to ask in all")
	flags.StringVar(&o.cache.dir, "cache", "", "with --external: where to remember answers (default the user's cache folder)")
	flags.BoolVar(&o.cache.off, "no-cache", false, "with --external: ask for everything, and remember nothing")
}

// valid refuses flags that would do nothing.
func (o *webOptions) valid(flags *pflag.FlagSet) error {
	if o.external {
		return nil
	}
	for _, name := range []string{"private", "patience", "cache", "no-cache"} {
		if flags.Changed(name) {
			return usageError{fmt.Errorf("--%s does nothing without --external", name)}
		}
	}
	return nil
}

// webLink is a link to the web and where it stands.
type webLink struct {
	address string
	span    diag.Span
}

// webFindings asks for all links to the web of documents and descriptors.
func webFindings(ctx context.Context, e env, w *workspace, scans []*docs.Scan, o webOptions) ([]diag.Diagnostic, error) {
	folder, err := o.cache.folder()
	if err != nil {
		return nil, err
	}
	asked := links.Options{Now: time.Now().UTC().Truncate(time.Second), Private: o.private, Progress: ofLinks(progressOn(e.stderr))}
	if folder != "" {
		asked.Cache = filepath.Join(folder, "links.json")
	}
	var all []webLink
	for _, l := range append(linksOfDocuments(scans), linksOfDescriptors(w)...) {
		address, ok := links.Address(l.address, o.private)
		if ok && !links.Ignored(l.address, w.config.IgnoredLinks) {
			all = append(all, webLink{address, l.span})
		}
	}
	once := map[string]bool{}
	for _, l := range all {
		once[l.address] = true
	}
	within, cancel := context.WithTimeout(ctx, o.patience)
	defer cancel()
	answers, err := links.Check(within, slices.Sorted(maps.Keys(once)), asked)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	if missing := len(once) - len(answers); missing > 0 {
		fmt.Fprintf(e.stderr, "%s not asked for within %s; run it again to go on\n", countOf(missing, "link was", "links were"), o.patience)
	}
	var found []diag.Diagnostic
	for _, l := range all {
		if d, ok := webFinding(l, answers[l.address]); ok {
			found = append(found, d)
		}
	}
	return found, nil
}

func ofLinks(show func(stage string, done, total int)) func(done, total int) {
	if show == nil {
		return nil
	}
	return func(done, total int) { show("links", done, total) }
}

// webFinding is what is to be said of a link.
func webFinding(l webLink, a links.Answer) (diag.Diagnostic, bool) {
	d := diag.Diagnostic{Span: l.span}
	switch a.State {
	case links.Dead:
		d.Code, d.Severity = "link-dead", diag.Error
		d.Message, d.Hint = fmt.Sprintf("%s leads nowhere: %s", l.address, a.Why), "link to where it is now, or to a copy of it"
	case links.Moved:
		d.Code, d.Severity = "link-moved", diag.Info
		d.Message, d.Hint = fmt.Sprintf("%s has moved for good", l.address), fmt.Sprintf("write %s", a.To)
	case links.Unreachable:
		d.Code, d.Severity = "link-unreachable", diag.Info
		d.Message, d.Hint = fmt.Sprintf("nobody can tell whether %s leads anywhere: %s", l.address, a.Why), "look yourself; a host that answers only inside belongs under `links.ignore` in signpost.yaml"
	default:
		return d, false
	}
	return d, true
}

func linksOfDocuments(scans []*docs.Scan) []webLink {
	var all []webLink
	for _, s := range scans {
		for _, l := range s.Web() {
			all = append(all, webLink{l.To, l.Span})
		}
		all = appendWeb(all, s.Document.Front)
	}
	return all
}

// linksOfDescriptors reads descriptors once more, since entities keep no places of most of
// their addresses. What is wrong with them has been found before.
func linksOfDescriptors(w *workspace) []webLink {
	files := map[string]bool{}
	for e := range w.catalog.Described() {
		files[e.Path] = true
	}
	var all []webLink
	for _, file := range slices.Sorted(maps.Keys(files)) {
		data, err := w.tree.Read(file, source.DescriptorLimits.Bytes)
		if err != nil {
			continue // reported by those who read it
		}
		documents, _ := source.Decode(w.tree.Name(file), data, source.DescriptorLimits)
		for _, d := range documents {
			all = appendWeb(all, d.Root)
		}
	}
	return all
}

// appendWeb appends all texts of a tree that are addresses of the web.
func appendWeb(all []webLink, n *source.Node) []webLink {
	if text := n.Text(); n.Kind() == source.String && (strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://")) {
		return append(all, webLink{text, n.Span()})
	}
	for _, child := range n.Children() {
		all = appendWeb(all, child)
	}
	return all
}
