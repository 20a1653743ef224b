package main

import (
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/signpost-dev/signpost/pkg/site"
)

// What serve shows is what build writes, whatever has been saved since it began, and
// however quickly one save followed the other.
func TestServeShowsWhatBuildWrites(t *testing.T) {
	t.Parallel()
	edits := editsToMake()
	e := newEditor(t, 7)
	e.base = ""
	e.build()
	templates, err := templateLayers(e.templates)
	if err != nil {
		t.Fatal(err)
	}
	var said screen
	c := edited{
		env: env{nil, io.Discard, &said, func(string) string { return "" }}, options: serveOptions{path: e.catalog},
		templates: templates, preview: site.NewPreview("127.0.0.1:1"), unseen: map[string]bool{}, end: func() {},
	}
	defer c.close()
	before := e.snapshot()
	broken, compared := false, 0
	for i := range edits {
		if name := "mend YAML"; broken {
			changes[name](e) // until then nothing new is shown
			e.log = append(e.log, name)
		} else {
			e.log = append(e.log, e.edit())
		}
		e.base = ""
		c.options.now.Time = e.day
		after, was := e.snapshot(), c.workspace
		c.show(t.Context(), savedBetween(before, after))
		before, broken = after, c.workspace == was
		if broken || i%compareAt != 0 {
			continue // something else is saved while this is judged
		}
		c.judging.Wait()
		e.compareShown(c.shown)
		compared++
	}
	if compared < edits/compareAt/2 {
		t.Errorf("of %d edits only %d could be compared:\n%s", edits, compared, said.text.String())
	}
}

// snapshot returns the content of every file of the catalog.
func (e *editor) snapshot() map[string]string { return contentOf(e.T, e.catalog) }

// savedBetween are the files that a watcher would have told of.
func savedBetween(before, after map[string]string) map[string]bool {
	saved := map[string]bool{}
	for name, data := range after {
		if old, ok := before[name]; !ok || old != data {
			saved[name] = true
		}
	}
	for name := range before {
		if _, ok := after[name]; !ok {
			saved[name] = true
		}
	}
	return saved
}

// compareShown builds, which TestRandomEdits trusts, and compares every file with what is
// shown. Pages come first, since they publish the images that they show.
func (e *editor) compareShown(live *site.OnDemand) {
	e.Helper()
	e.run(e.out, "--cache", e.cache)
	want := contentOf(e.T, e.out)
	names := slices.Sorted(maps.Keys(want))
	names = slices.DeleteFunc(names, func(name string) bool { // what is for whoever publishes the site
		return filepath.Base(name) == "manifest.json" || strings.HasPrefix(filepath.Base(name), ".")
	})
	pages := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return filepath.Ext(name) != ".html" })
	for _, name := range append(pages, names...) {
		got, err := live.File(name)
		if err != nil {
			e.Errorf("after %v: %s: %v", e.log, name, err)
		} else if string(got) != want[name] {
			e.Errorf("after %v: %s differs from a build's\n%s", e.log, name, firstDifference(string(got), want[name]))
		}
	}
	if _, err := live.File("services/none.html"); err == nil {
		e.Error("there is a page of nothing")
	}
	if e.Failed() {
		e.FailNow()
	}
	e.log = nil
}
