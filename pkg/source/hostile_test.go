package source

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/signpost-dev/signpost/internal/costs"
	"github.com/signpost-dev/signpost/pkg/diag"
	"gopkg.in/yaml.v3"
)

// hostile reads a file of the corpus of hostile data.
func hostile(t testing.TB, name string) []byte {
	t.Helper()
	dir := os.Getenv("SIGNPOST_TESTDATA")
	if dir == "" {
		t.Skip("SKIPPED, NOTHING WAS TESTED: SIGNPOST_TESTDATA is not set")
	}
	data, err := os.ReadFile(filepath.Join(dir, "hostile", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func hostileJSON[T any](t testing.TB, name string) (v T) {
	t.Helper()
	if err := json.Unmarshal(hostile(t, name), &v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

// attack is one case of attacks.json.
type attack struct {
	Name, Expect, Why string
	Parts             []struct {
		S      string
		N      int
		B64    []byte
		Index  bool
		Indent int
	}
}

// text puts an attack together from its parts.
func (a attack) text() []byte {
	var b strings.Builder
	for _, p := range a.Parts {
		b.Write(p.B64)
		for i := range p.N {
			b.WriteString(strings.Repeat(" ", i*p.Indent))
			if p.Index {
				b.WriteString(strings.ReplaceAll(p.S, "%d", strconv.Itoa(i)))
			} else {
				b.WriteString(p.S)
			}
		}
	}
	return []byte(b.String())
}

// meaningful are the attacks that are good YAML: only who knows what the values
// mean can refuse them.
var meaningful = map[string]string{
	"homoglyph-owner": "names are ASCII: schema",
	"case-twin-names": "names are compared ignoring case: catalog",
	"version-float":   "a number where text is wanted: schema",
	"null-owner":      "an owner is required: schema",
	"owner-typo":      "unknown keys: schema",
	"path-in-name":    "pattern of names: schema",
	"url-scheme-link": "schemes of links: schema",
	"file-ref":        "references of specifications: docs",
	"http-ref":        "references of specifications: docs",
	"include-parent":  "paths are read through Tree alone",
}

func TestAttacks(t *testing.T) {
	for _, a := range hostileJSON[[]attack](t, "yaml/attacks.json") {
		t.Run(a.Name, func(t *testing.T) {
			data := a.text()
			check := func(kind string, decode func() ([]*Node, []diag.Diagnostic), decides bool) {
				t.Helper()
				var roots []*Node
				var ds []diag.Diagnostic
				costs.Within(t, kind, costs.Limit{Time: time.Second, Bytes: 256 << 20}, func() { roots, ds = decode() })
				if decides {
					checkOutcome(t, a, kind, roots, ds)
				}
			}
			decoder := func(l Limits) func() ([]*Node, []diag.Diagnostic) {
				return func() (roots []*Node, ds []diag.Diagnostic) {
					docs, ds := Decode("f.yaml", data, l)
					for _, d := range docs {
						roots = append(roots, d.Root)
					}
					return roots, ds
				}
			}
			check("descriptor", decoder(DescriptorLimits), true)
			check("specification", decoder(SpecLimits), false)
			check("import", decoder(ImportLimits), false)
			check("front matter", func() ([]*Node, []diag.Diagnostic) {
				front, _, _, ds := FrontMatter("f.md", []byte("---\n"+string(data)+"\n---\n"))
				return []*Node{front}, ds
			}, false)
		})
	}
}

func checkOutcome(t *testing.T, a attack, kind string, roots []*Node, ds []diag.Diagnostic) {
	t.Helper()
	_, others := meaningful[a.Name]
	switch a.Expect {
	case "reject", "reject-type":
		if refused := len(ds) > 0; refused == others {
			t.Errorf("%s: refused %v, want %v (%s): %v", kind, refused, !others, a.Why, ds)
		}
		for _, d := range ds {
			if d.Severity != diag.Error || d.Span.File == "" || d.Message == "" || d.Code == "" || d.Hint == "" {
				t.Errorf("%s: incomplete finding %+v", kind, d)
			}
		}
	case "reject-or-read":
		if len(ds) == 0 && len(roots) != 2 {
			t.Errorf("%s: read %d documents and said nothing", kind, len(roots))
		}
	case "accept-text":
		if len(ds) != 0 || len(roots) != 1 || roots[0].Children()[0].Kind() != String {
			t.Errorf("%s: want text, got %v, findings %v", kind, roots, ds)
		}
	case "accept-bounded":
	default:
		t.Errorf("unknown outcome %q", a.Expect)
	}
}

// suiteCase is one case of the YAML test suite.
type suiteCase struct {
	ID, Name, Tags, YAML string
	Fail, Skip           bool
	JSON                 *string
}

// lenient are the broken cases of the suite that the library reads, none of them
// to another value than the writer saw.
var lenient = map[string]string{
	"9C9N":    "a flow list over lines without indentation",
	"9JBA":    "a comment right behind ]",
	"CVW2":    "a comment right behind a comma",
	"DK95/01": "a tab at the start of a line within quotes",
	"G5U8":    "a dash alone in a flow list is text",
	"HRE5":    `\' in double quotes is a quote`,
	"MUS6/00": "a comment right behind a directive",
	"QB6E":    "text in quotes over lines without indentation",
	"S98Z":    "blank lines that are longer than the block is indented",
	"SU5Z":    "a comment right behind quotes",
	"X4QW":    "a comment right behind >",
	"Y79Y/03": "a tab at the start of a line within a flow list",
	"YJV2":    "a dash alone in a flow list is text",
}

// different are the good cases that are read otherwise than the suite has it.
var different = map[string]string{
	"6XDY":    "documents without a value are left out",
	"MUS6/02": "documents without a value are left out",
	"MUS6/03": "documents without a value are left out",
	"MUS6/04": "documents without a value are left out",
	"PUW8":    "documents without a value are left out",
	"UKK6/02": "documents without a value are left out",
	"JEF9/02": "the library drops spaces in the last line of a file that does not end",
	"L24T/01": "the library drops spaces in the last line of a file that does not end",
}

func TestYAMLTestSuite(t *testing.T) {
	limits := ImportLimits
	read := 0
	for _, c := range hostileJSON[[]suiteCase](t, "yaml/yaml-test-suite.json") {
		docs, ds := Decode("f.yaml", []byte(c.YAML), limits)
		for _, d := range ds {
			if d.Span.Start.Line == 0 {
				t.Errorf("%s: finding without a place: %v", c.ID, d)
			}
		}
		errs := hasErrors(ds)
		_, known := lenient[c.ID]
		if c.Fail && errs == known {
			t.Errorf("%s (%s) %q: refused %v, known leniency %v", c.ID, c.Name, c.YAML, errs, known)
		}
		if c.Fail || errs || c.JSON == nil {
			continue
		}
		read++
		var got []any
		for _, d := range docs {
			got = append(got, throughJSON(t, d.Root.Value()))
		}
		want := jsonValues(*c.JSON)
		_, known = different[c.ID]
		if diff := cmp.Diff(want, got); (diff != "") != known {
			t.Errorf("%s (%s) %q: known to differ %v (-want +got):\n%s", c.ID, c.Name, c.YAML, known, diff)
		}
	}
	if read < 150 {
		t.Errorf("only %d cases were read", read)
	}
}

func hasErrors(ds []diag.Diagnostic) bool {
	for _, d := range ds {
		if d.Severity == diag.Error {
			return true
		}
	}
	return false
}

func throughJSON(t *testing.T, v any) any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return jsonValues(string(data))[0]
}

// jsonValues reads JSON values that follow one another.
func jsonValues(text string) (values []any) {
	for dec := json.NewDecoder(strings.NewReader(text)); ; {
		var v any
		if dec.Decode(&v) != nil {
			return values
		}
		values = append(values, v)
	}
}

func TestCrashers(t *testing.T) {
	docs, ds := Decode("crashers.yaml", hostile(t, "yaml/go-yaml-fuzz_crashers.yaml"), SpecLimits)
	if len(docs) != 1 || hasErrors(ds) {
		t.Fatal(ds)
	}
	for _, c := range docs[0].Root.Children() {
		text := c.At("/fuzz-crasher/yaml").Text()
		if text == "" {
			t.Fatalf("%v: no input", c.Span())
		}
		Decode("f.yaml", []byte(text), ImportLimits)
		if docs, ds := Decode("f.yaml", []byte(text), DescriptorLimits); len(docs) == 0 && len(ds) == 0 {
			t.Errorf("%q: read nothing and said nothing", text)
		}
	}
}

// Every string, written as YAML, comes back as it was, or is refused for what
// cannot be seen in it.
func TestNaughtyStrings(t *testing.T) {
	all := hostileJSON[[]string](t, "strings/blns.json")
	for _, n := range hostileJSON[[]struct{ Name string }](t, "strings/hostile-names.json") {
		all = append(all, n.Name)
	}
	back := 0
	for _, s := range all {
		written, err := yaml.Marshal(map[string]string{"value": s})
		if err != nil {
			t.Fatal(err)
		}
		docs, ds := Decode("f.yaml", written, DescriptorLimits)
		if len(ds) == 0 {
			if got := docs[0].Root.Field("value"); got.Kind() != String || got.Text() != s {
				t.Errorf("%q came back as %q", s, got.Text())
			}
			back++
			continue
		}
		for _, d := range ds {
			if d.Code != "source-hidden-character" && d.Code != "source-encoding" && d.Code != "source-tag" {
				t.Errorf("%q written as %q: %v", s, written, ds)
			}
		}
	}
	if back < len(all)*8/10 {
		t.Errorf("only %d of %d strings came back", back, len(all))
	}
}

// Whatever the name of a file, it is listed and can be read, or there is a
// finding: nothing is passed over.
func TestHostileFileNames(t *testing.T) {
	dir := t.TempDir()
	made := 0
	for _, n := range hostileJSON[[]struct{ Name string }](t, "strings/hostile-names.json") {
		p := filepath.Join(dir, n.Name)
		if strings.ContainsAny(n.Name, "/\x00") || n.Name == "" || n.Name == "." || n.Name == ".." || n.Name == ".git" {
			continue // no names of files, or Git's own
		}
		if _, err := os.Lstat(p); err == nil {
			continue // the same to this file system
		}
		if err := os.WriteFile(p, []byte("x"), 0o644); err != nil {
			continue // too long, or not possible on this system
		}
		made++
	}
	tree := open(t, dir)
	files, ds, err := tree.Files(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(files)+len(ds) != made || made < 40 {
		t.Errorf("made %d files, listed %d, findings %d", made, len(files), len(ds))
	}
	for _, f := range files {
		if data, err := tree.Read(f.Path, 10); err != nil || string(data) != "x" {
			t.Errorf("Read(%q) = %q, %v", f.Path, data, err)
		}
	}
}
