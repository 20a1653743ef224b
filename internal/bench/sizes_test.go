package main

import (
	"os/exec"
	"path"
	"path/filepath"
	"testing"

	"github.com/signpost-dev/signpost/internal/bench/generate"
)

// What a site may weigh: a twentieth more than was measured. It is the plain bytes that
// count: GitHub Pages holds 1 GB of them.
const (
	mostForService     = 56_700 // bytes of the whole site for each service
	mostForServicePage = 15_100 // median
	mostForDocument    = 9_250  // mean
	mostGzipped        = 4_450  // service page, median
)

func TestNoLargerThanItWas(t *testing.T) {
	dir := t.TempDir()
	binary, catalog, site := filepath.Join(dir, "signpost"), filepath.Join(dir, "catalog"), filepath.Join(dir, "site")
	if err := compile(t.Context(), "../../cmd/signpost", binary); err != nil {
		t.Fatal(err)
	}
	const services = 1000
	shape, err := generate.Catalog(catalog, services)
	if err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), binary, "build", catalog, "--out", site, "--no-cache", "--now", "2026-11-26T09:00:00Z")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	found, err := weigh(site, services)
	if err != nil {
		t.Fatal(err)
	}
	var all, documents int64
	for _, f := range found.files {
		all += f.size
		if folder := path.Base(path.Dir(f.path)); folder == "adr" || folder == "runbooks" && path.Base(f.path) != "index.html" {
			documents += f.size
		}
	}
	for _, c := range []struct {
		what      string
		got, most int64
	}{
		{"the site, for each service", all / services, mostForService},
		{"a service page", found.middle(func(f file) int64 { return f.size }), mostForServicePage},
		{"a service page, compressed", found.middle(func(f file) int64 { return f.gzipped }), mostGzipped},
		{"a document's page", documents / int64(shape.Documents()), mostForDocument},
	} {
		t.Logf("%-28s %6d bytes of %d", c.what, c.got, c.most)
		if c.got > c.most {
			t.Errorf("%s takes %d bytes, more than %d", c.what, c.got, c.most)
		}
	}
}
