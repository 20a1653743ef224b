package check_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/signpost-dev/signpost/pkg/apispec"
	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/check"
	"github.com/signpost-dev/signpost/pkg/codeowners"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/source"
)

// day is the day by which the cases are judged.
var day = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

// base is in every case, unless the case has files of the same names: a team
// that can own things.
var base = map[string]string{
	"signpost.yaml": "apiVersion: signpost.dev/v1\ntitle: Test\n",
	"teams/payments.yaml": "apiVersion: signpost.dev/v1\nkind: team\nname: payments\naliases: [pay]\n" +
		"members: [person:ada]\nchannel: slack:#payments\n",
	"people/ada.yaml": "apiVersion: signpost.dev/v1\nkind: person\nname: ada\n",
}

// finding is one finding in short: where, and what rule.
type finding string

func at(file string, line int, code string) finding {
	return finding(fmt.Sprintf("%s:%d %s", file, line, code))
}

// scenario is a catalog, read, with the findings that its comments say it has.
type scenario struct {
	name string
	in   check.Input
	want []finding
}

// loaded are the scenarios, which are read once: a run of the rules changes and
// reads nothing of theirs.
var loaded []scenario

// loadCases reads all of testdata.
func loadCases(t *testing.T) []scenario {
	t.Helper()
	if loaded != nil {
		return loaded
	}
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("there are no cases: %v", err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		for _, f := range archive.Files {
			files[f.Name] = string(f.Data)
		}
		c := load(t, files)
		c.name = strings.TrimSuffix(filepath.Base(name), ".txtar")
		loaded = append(loaded, c)
	}
	return loaded
}

// load reads a catalog as the commands do. Files below catalog/ make that folder
// the catalog root of a repository.
func load(t *testing.T, files map[string]string) scenario {
	t.Helper()
	dir, prefix := t.TempDir(), ""
	for name := range files {
		if strings.HasPrefix(name, "catalog/") {
			prefix = "catalog/"
		}
	}
	var c scenario
	for name, text := range base {
		if _, own := files[prefix+name]; !own {
			write(t, dir, prefix+name, text)
		}
	}
	for name, text := range files {
		write(t, dir, name, text)
		c.want = append(c.want, wanted(name, text)...)
	}
	slices.Sort(c.want)
	c.in = read(t, dir, prefix)
	return c
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// wantComment says what is found on its line, on the next one, or in the file as
// a whole: "# want CODE CODE", "# want-next CODE", "# want-file CODE".
var wantComment = regexp.MustCompile(`(?:#|<!--) want(-next|-file)? ([a-z -]+)`)

func wanted(file, text string) []finding {
	var all []finding
	for i, line := range strings.Split(text, "\n") {
		for _, m := range wantComment.FindAllStringSubmatch(line, -1) {
			number := map[string]int{"": i + 1, "-next": i + 2, "-file": 0}[m[1]]
			for _, code := range strings.Fields(strings.TrimSuffix(m[2], "--")) {
				all = append(all, at(file, number, code))
			}
		}
	}
	return all
}

func read(t *testing.T, dir, prefix string) check.Input {
	t.Helper()
	tree, err := source.Open(filepath.Join(dir, prefix))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	tree.Prefix(prefix)
	config, found, err := catalog.ReadConfig(tree)
	if err != nil {
		t.Fatal(err)
	}
	in := check.Input{Found: found, Prefix: prefix, Day: day}
	if !config.Usable() {
		return in
	}
	files, found, err := tree.Files(t.Context(), config.Skip)
	if err != nil {
		t.Fatal(err)
	}
	in.Found = append(in.Found, found...)
	in.Exists = func(path string) bool {
		return slices.ContainsFunc(files, func(f source.File) bool { return f.Path == path })
	}
	if in.Catalog, found, err = catalog.Load(t.Context(), tree, config, files); err != nil {
		t.Fatal(err)
	}
	in.Found = append(in.Found, found...)
	set, found, err := docs.Load(t.Context(), tree, files, docs.Options{Homes: portal.Homes{Catalog: in.Catalog}})
	if err != nil {
		t.Fatal(err)
	}
	in.Documents = set.Documents
	in.Found = append(append(in.Found, found...), links(t, tree, set)...)
	var definitions []string
	for e := range in.Catalog.Described() {
		definitions = append(definitions, e.DefinitionFile())
	}
	specs, err := apispec.Load(t.Context(), tree, files, slices.DeleteFunc(definitions, func(file string) bool { return file == "" }))
	if err != nil {
		t.Fatal(err)
	}
	in.Found = append(in.Found, specs.Findings()...)
	in.Silences = specs.Silences()
	if data, err := os.ReadFile(filepath.Join(dir, ".github", "CODEOWNERS")); err == nil {
		in.Codeowners, found = codeowners.Parse(".github/CODEOWNERS", data)
		in.Found = append(in.Found, found...)
	}
	return in
}

func links(t *testing.T, tree *source.Tree, set *docs.Set) []diag.Diagnostic {
	t.Helper()
	var scans []*docs.Scan
	var found []diag.Diagnostic
	for _, d := range set.Documents {
		data, err := docs.Read(tree, d)
		if err != nil {
			t.Fatal(err)
		}
		parsed, ds := set.Parse(d, data)
		found = append(found, ds...)
		if parsed != nil {
			scans = append(scans, parsed.Scan)
		}
	}
	return append(found, set.CheckLinks(scans)...)
}

// findings runs the rules over a case.
func (c scenario) findings() []finding {
	found := c.in.Found
	if c.in.Catalog != nil {
		found = check.Run(c.in).Diagnostics
	}
	var all []finding
	for _, d := range found {
		all = append(all, at(d.Span.File, d.Span.Start.Line, d.Code))
	}
	slices.Sort(all)
	return all
}

// TestCases holds every case to what its comments say is found: nothing else,
// and nothing twice.
func TestCases(t *testing.T) {
	for _, c := range loadCases(t) {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.findings()); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
				for _, d := range check.Run(c.in).Diagnostics {
					t.Logf("%s: %s [%s] %s", d.Span, d.Message, d.Code, d.Hint)
				}
			}
		})
	}
}

// TestEveryRuleIsNeeded takes out one rule after the other: some case must then
// fail. So no rule can be lost, above all none about ownership.
func TestEveryRuleIsNeeded(t *testing.T) {
	cases := loadCases(t)
	all := check.Rules
	defer func() { check.Rules = all }()
	ownership := 0
	for i, rule := range all {
		if !rule.Checks() {
			continue // found by those who read
		}
		if rule.Ownership {
			ownership++
		}
		check.Rules = slices.Delete(slices.Clone(all), i, i+1)
		noticed := slices.ContainsFunc(cases, func(c scenario) bool {
			return c.in.Catalog != nil && !slices.Equal(c.want, c.findings())
		})
		if !noticed {
			t.Errorf("without the rule %s every case still passes", rule.Code)
		}
	}
	if ownership != 5 {
		t.Errorf("there are %d ownership rules, want 5: missing, exists, is a team, has members, reachable", ownership)
	}
}
