package docs

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/safehtml/safehtmltest"
	"github.com/signpost-dev/signpost/pkg/source"
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"golang.org/x/sync/errgroup"
)

// testData returns the path of a folder or file of the test data, or skips.
func testData(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("SIGNPOST_TESTDATA")
	if root == "" {
		t.Skip("SKIPPED: SIGNPOST_TESTDATA is not set, so nothing is tested against real data")
	}
	p := filepath.Join(root, name)
	if _, err := os.Stat(p); err != nil {
		t.Fatalf("test data is missing: %v", err)
	}
	return p
}

// loadAll loads and parses all documents of a folder.
func loadAll(t testing.TB, dir string, o Options) (*Set, []*Parsed, []diag.Diagnostic) {
	t.Helper()
	tree, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	files, ds, err := tree.Files(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	set, found, err := Load(context.Background(), tree, files, o)
	if err != nil {
		t.Fatal(err)
	}
	ds = append(ds, found...)
	var all []*Parsed
	for _, doc := range set.Documents {
		data, err := Read(tree, doc)
		if err != nil {
			t.Fatal(err)
		}
		p, found := set.Parse(doc, data)
		ds = append(ds, found...)
		if p != nil {
			all = append(all, p)
		}
	}
	return set, all, ds
}

func scans(all []*Parsed) []*Scan {
	var out []*Scan
	for _, p := range all {
		out = append(out, p.Scan)
	}
	return out
}

// TestBrokenLinksOfRealDocuments holds the checker against lists of the relative links
// whose target was left out when the data was cut out of its repositories. They hold
// every link to a path that does not begin with a slash.
func TestBrokenLinksOfRealDocuments(t *testing.T) {
	for folder, below := range map[string]string{
		"gitlab-runbooks": "", "openshift-runbooks": "", "content-publisher-adr": "", "opentelemetry-demo": "", "govuk-developer-docs": "source/",
	} {
		t.Run(folder, func(t *testing.T) {
			dir := testData(t, folder)
			list, err := os.ReadFile(filepath.Join(dir, "broken-relative-links.txt"))
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]int{}
			for line := range strings.Lines(string(list)) {
				want[strings.TrimSpace(line)]++
			}
			set, all, ds := loadAll(t, filepath.Join(dir, below), Options{})
			if len(ds) > 0 {
				t.Errorf("findings in good documents: %v", ds)
			}
			got := map[string]int{}
			c := &checker{set: set, anchors: map[string][]string{}}
			for _, p := range all {
				for _, l := range p.Scan.Links {
					if d, ok := c.check(p.Scan, l); ok && d.Code == "link-broken" && !strings.HasPrefix(l.To, "/") {
						got[below+p.Document.File+" -> "+l.To]++
					}
				}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("broken links (-want +got):\n%s", d)
			}
		})
	}
}

// TestCountsOfRealDocuments compares what is found in documents with what another
// parser (markdown-it) found, where both count the same things.
func TestCountsOfRealDocuments(t *testing.T) {
	type counts struct{ Files, Images, Tables, Fences, H1, Headings int } // H1: files that have one
	var expected map[string]json.RawMessage
	readJSON(t, "expected.json", &expected)
	folders := map[string]string{
		"gitlab-runbooks":              "gitlab-runbooks",
		"govuk-developer-docs":         "govuk-developer-docs/source",
		"openshift-runbooks":           "openshift-runbooks",
		"prometheus-operator-runbooks": "prometheus-operator-runbooks",
		"content-publisher-adr":        "content-publisher-adr",
		"opentelemetry-demo":           "opentelemetry-demo",
	}
	for name, folder := range folders {
		t.Run(name, func(t *testing.T) {
			var e struct{ Markdown counts }
			if err := json.Unmarshal(expected[name], &e); err != nil {
				t.Fatal(err)
			}
			dir := testData(t, folder)
			set, all, ds := loadAll(t, dir, Options{})
			if len(ds) > 0 {
				t.Errorf("findings in good documents: %v", ds)
			}
			if data, err := os.ReadFile(filepath.Join(dir, "README.md")); err == nil { // no document, but counted
				readme, _ := set.Parse(&Document{File: "README.md", Name: "README.md"}, data)
				all = append(all, readme)
			}
			var got counts
			for _, p := range all {
				if base := filepath.Base(p.Document.File); base == "NOTICE.md" {
					continue // ours, beside the data
				}
				got.Files++
				top := 0
				count(p.root, func(n ast.Node) {
					switch n := n.(type) {
					case *ast.Image:
						got.Images++
					case *extast.Table:
						got.Tables++
					case *ast.FencedCodeBlock:
						got.Fences++
					case *ast.Heading:
						got.Headings++
						if n.Level == 1 {
							top = 1
						}
					}
				})
				got.H1 += top
			}
			if d := cmp.Diff(e.Markdown, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func count(n ast.Node, f func(ast.Node)) {
	f(n)
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		count(c, f)
	}
}

// TestRenderRealDocuments renders all real documents, several at once, and judges
// the pages.
func TestRenderRealDocuments(t *testing.T) {
	for _, folder := range []string{"gitlab-runbooks", "govuk-developer-docs", "openshift-runbooks", "prometheus-operator-runbooks", "content-publisher-adr", "opentelemetry-demo"} {
		_, all, _ := loadAll(t, testData(t, folder), Options{})
		var g errgroup.Group
		for _, p := range all {
			g.Go(func() error {
				out, err := p.Render(everything)
				if err != nil {
					return err
				}
				if problems := safehtmltest.Problems(string(out)); len(problems) > 0 {
					return fmt.Errorf("%s: %s", p.Document.Name, strings.Join(problems, ", "))
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			t.Error(err)
		}
	}
}
