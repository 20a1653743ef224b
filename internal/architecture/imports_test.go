// Package architecture holds the house to its plan: which package may import
// which, and where things may stand. It contains tests only.
package architecture

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/signpost-dev/signpost/"

// mayImport is the table of docs/architecture.md: what of ours each package may
// import. Data moves one way; an arrow never runs back up.
var mayImport = map[string][]string{
	"pkg/diag":               {},
	"pkg/beneath":            {},
	"pkg/cache":              {},
	"pkg/parallel":           {},
	"pkg/source":             {"pkg/diag", "pkg/beneath", "pkg/cache", "pkg/parallel"},
	"schema":                 {"pkg/diag", "pkg/source"},
	"pkg/codeowners":         {"pkg/diag"},
	"pkg/rotation":           {"pkg/diag"},
	"pkg/githistory":         {"pkg/diag"},
	"pkg/catalog":            {"pkg/source", "schema", "pkg/diag", "pkg/rotation", "pkg/cache", "pkg/parallel"},
	"pkg/snapshot":           {"pkg/beneath"},
	"pkg/machinebranch":      {},
	"pkg/provider":           {"pkg/snapshot", "pkg/beneath", "pkg/parallel"},
	"pkg/safehtml":           {},
	"pkg/natural":            {},
	"pkg/diagram":            {"pkg/safehtml", "pkg/natural"},
	"pkg/htmlexec":           {"pkg/safehtml"},
	"pkg/mermaid":            {"pkg/diagram", "pkg/safehtml", "pkg/diag"},
	"pkg/docs":               {"pkg/cache", "pkg/parallel", "pkg/catalog", "pkg/source", "schema", "pkg/diag", "pkg/safehtml", "pkg/mermaid"},
	"pkg/check":              {"pkg/catalog", "schema", "pkg/source", "pkg/docs", "pkg/codeowners", "pkg/githistory", "pkg/diag"},
	"pkg/apispec":            {"pkg/source", "pkg/diag", "pkg/cache", "pkg/parallel"},
	"pkg/portal":             {"pkg/apispec", "pkg/snapshot", "pkg/diag", "pkg/source", "schema", "pkg/catalog", "pkg/docs", "pkg/check", "pkg/codeowners", "pkg/rotation", "pkg/githistory", "pkg/natural"},
	"pkg/search":             {"pkg/cache"},
	"pkg/importer/backstage": {"pkg/catalog", "pkg/source", "schema", "pkg/diag"},
	"pkg/scaffold":           {"schema", "pkg/portal"},
	"pkg/site": {
		"pkg/portal", "pkg/search", "pkg/diagram", "pkg/safehtml", "pkg/htmlexec", "pkg/beneath", "pkg/cache", "pkg/natural", "pkg/parallel",
		"pkg/snapshot", "pkg/check", "pkg/docs", "pkg/apispec", "pkg/catalog", "pkg/source", "schema", "pkg/diag", "pkg/githistory",
	},
	"pkg/safehtml/safehtmltest": {}, // what tests of safe HTML share
	"pkg/snapshot/snapshottest": {"pkg/snapshot"},
	"site-templates":            {},
	"cmd/signpost":              {"*"},
}

func TestImportsRunOneWay(t *testing.T) {
	root := "../.."
	for dir, files := range goFiles(t, root) {
		if strings.HasPrefix(dir, "internal/") {
			continue // tools for us: nothing that ships imports them, see below
		}
		allowed, known := mayImport[dir]
		if strings.HasPrefix(dir, "pkg/provider/") { // one live system each; they know nothing of each other, only of what they share
			allowed, known = []string{"pkg/provider", "pkg/provider/fact", "pkg/provider/connect", "pkg/snapshot", "pkg/beneath", "pkg/parallel"}, true
		}
		if dir == "pkg/provider/file" { // reads YAML by the one reader of it
			allowed = append(allowed, "pkg/source", "pkg/diag")
		}
		if !known {
			t.Errorf("%s is not in the table of docs/architecture.md; put it there and here", dir)
			continue
		}
		for _, file := range files {
			for _, imported := range importsOf(t, filepath.Join(root, dir, file)) {
				ours, ok := strings.CutPrefix(imported, module)
				if ok && !slices.Contains(allowed, ours) && !slices.Contains(allowed, "*") {
					t.Errorf("%s/%s imports %s, which the architecture does not allow", dir, file, ours)
				}
				if ok && strings.HasPrefix(ours, "internal/") {
					t.Errorf("%s/%s imports %s: what ships needs none of our tools", dir, file, ours)
				}
			}
		}
	}
}

// keptBehind are libraries that only one package may import, so that their quirks
// are put right in one place.
var keptBehind = map[string]string{
	"gopkg.in/yaml.v3":                         "pkg/source",
	"github.com/santhosh-tekuri/jsonschema/v5": "schema",
	"github.com/yuin/goldmark":                 "pkg/docs",
	"github.com/microcosm-cc/bluemonday":       "pkg/safehtml",
	"github.com/evanw/esbuild/pkg/api":         "pkg/site",
	"github.com/spf13/cobra":                   "cmd/signpost",
	"net/http":                                 "pkg/provider", // `build` and `check` use no network
}

// preview is where net/http may stand as well: what serves a preview asks nobody.
const preview = "pkg/site"

func TestLibrariesStayBehindOnePackage(t *testing.T) {
	root := "../.."
	for dir, files := range goFiles(t, root) {
		if strings.HasPrefix(dir, "internal/") || dir == "cmd/signpost" {
			continue
		}
		for _, file := range files {
			for _, imported := range importsOf(t, filepath.Join(root, dir, file)) {
				for library, home := range keptBehind {
					if library == "net/http" && dir == preview {
						continue
					}
					if (imported == library || strings.HasPrefix(imported, library+"/")) && dir != home && !strings.HasPrefix(dir, home+"/") {
						t.Errorf("%s/%s imports %s, which stays behind %s", dir, file, imported, home)
					}
				}
			}
		}
	}
}

// TestOnlySafehtmlTrustsHTML looks for conversions to the types that html/template
// does not escape.
func TestOnlySafehtmlTrustsHTML(t *testing.T) {
	root := "../.."
	trusted := []string{"template.HTML(", "template.JS(", "template.CSS(", "template.URL(", "template.HTMLAttr(", "template.Srcset("}
	for dir, files := range goFiles(t, root) {
		if dir == "pkg/safehtml" || strings.HasPrefix(dir, "internal/") {
			continue
		}
		for _, file := range files {
			text := readFile(t, filepath.Join(root, dir, file))
			for _, conversion := range trusted {
				if strings.Contains(text, conversion) {
					t.Errorf("%s/%s makes %s…); only pkg/safehtml may", dir, file, conversion)
				}
			}
		}
	}
}

// TestTopLevel holds the list of what may stand at the top of the repository.
func TestTopLevel(t *testing.T) {
	allowed := []string{
		"cmd", "pkg", "schema", "catalog", "site-templates", "go.mod", "go.sum", "Makefile", "README.md",
		"internal", "docs", "LICENSE", "SECURITY.md",
		"bin", "site", // made by the Makefile, and ignored by Git
	}
	entries, err := fs.ReadDir(osDir("../.."), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s does not belong at the top of the repository", e.Name())
		}
	}
}

// goFiles returns the Go files that are no tests, by folder.
func goFiles(t *testing.T, root string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := fs.WalkDir(osDir(root), ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || p != "." && strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case path.Ext(p) == ".go" && !strings.HasSuffix(p, "_test.go"):
			found[path.Dir(p)] = append(found[path.Dir(p)], path.Base(p))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 10 {
		t.Fatalf("only %d packages were found, so the walk is broken", len(found))
	}
	return found
}

func importsOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, i := range parsed.Imports {
		name, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, name)
	}
	return all
}
