package codeowners

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/internal/costs"

	"github.com/google/go-cmp/cmp"
	"github.com/hmarr/codeowners"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// testdata returns a folder of the real data that the tests are given.
func testdata(t *testing.T, folder string) string {
	t.Helper()
	root := os.Getenv("SIGNPOST_TESTDATA")
	if root == "" {
		t.Skip("SKIPPED: set SIGNPOST_TESTDATA to test against real CODEOWNERS files")
	}
	dir := filepath.Join(root, folder)
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// The owners of every path in a real repository, as three other programs see them.
func TestAgreesOnARealRepository(t *testing.T) {
	dir := testdata(t, "argocd")
	data, err := os.ReadFile(filepath.Join(dir, "CODEOWNERS"))
	if err != nil {
		t.Fatal(err)
	}
	rules, ds := Parse("CODEOWNERS", data)
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	expected, err := os.ReadFile(filepath.Join(dir, "codeowners-expected.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for line := range strings.Lines(string(expected)) {
		path, want, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if !ok || path == "path" {
			continue
		}
		owners, span, matched := rules.Owners(path)
		if got := strings.Join(owners, " "); got != want || !matched || span.Start.Line == 0 {
			t.Errorf("%s: got %q by %s, want %q", path, got, span, want)
		}
		compared++
	}
	if compared < 5000 {
		t.Errorf("compared only %d paths", compared)
	}
	t.Logf("compared %d paths", compared)
}

// Patterns put together at random match what an independent implementation says.
// Left out is what it reads differently on purpose: ** twice in a row and a slash
// after **, where this package follows .gitignore.
func TestAgreesWithAnotherImplementation(t *testing.T) {
	chance := rand.New(rand.NewSource(1))
	pick := func(from ...string) string { return from[chance.Intn(len(from))] }
	pattern := func() string {
		var names []string
		for range 1 + chance.Intn(4) {
			name := pick("a", "b", "ab", "*", "a*", "*b", "?", "a?b", "**", `\*`, "*a*b")
			if name == "**" && len(names) > 0 && names[len(names)-1] == "**" {
				name = "a"
			}
			names = append(names, name)
		}
		end := pick("", "", "/")
		if names[len(names)-1] == "**" {
			end = ""
		}
		return pick("", "/") + strings.Join(names, "/") + end
	}
	path := func() string {
		var names []string
		for range 1 + chance.Intn(4) {
			names = append(names, pick("a", "b", "ab", "aab", "abb", "ba", "*"))
		}
		return strings.Join(names, "/")
	}
	matches := 0
	for range 50_000 {
		pat, p := pattern(), path()
		theirs, err := codeowners.ParseFile(strings.NewReader(pat + " @x"))
		if err != nil {
			t.Fatalf("%q: %v", pat, err)
		}
		rule, err := theirs.Match(p)
		if err != nil {
			t.Fatal(err)
		}
		ours, ds := Parse("CODEOWNERS", []byte(pat+" @x"))
		if len(ds) > 0 {
			t.Fatalf("%q: %v", pat, ds)
		}
		_, _, got := ours.Owners(p)
		if want := rule != nil; got != want {
			t.Errorf("pattern %q, path %q: got %v, want %v", pat, p, got, want)
		}
		if got {
			matches++
		}
	}
	if matches < 5000 {
		t.Errorf("only %d of the pairs match, the test says little", matches)
	}
}

func TestPatterns(t *testing.T) {
	tests := []struct {
		pattern     string
		match, miss []string
	}{
		{"*", []string{"a", "a/b/c", "a\nb/c"}, nil},
		{"*.js", []string{"a.js", "x/y/a.js", "a.js/inside"}, []string{"a.jsx", "js"}},
		{"/build/logs/", []string{"build/logs/a", "build/logs/x/y"}, []string{"build/logs", "x/build/logs/a"}},
		{"docs/*", []string{"docs/a.md"}, []string{"docs/x/a.md", "x/docs/a.md"}},
		{"apps/", []string{"apps/a", "x/apps/a/b"}, []string{"apps", "x/apps"}},
		{"/docs", []string{"docs", "docs/a"}, []string{"docs2", "x/docs"}},
		{"**/logs", []string{"logs", "a/logs/x", "a/b/logs"}, []string{"logs2"}},
		{"a/**/z", []string{"a/z", "a/b/c/z", "a/b/z/below"}, []string{"z", "x/a/z"}},
		{"a/**", []string{"a/b", "a/b/c"}, []string{"a", "x/a/b"}},
		{"/**", []string{"a", "a/b"}, nil},
		{"**/", []string{"a/b"}, []string{"a"}},
		{"a/**/", []string{"a/x/y"}, []string{"a/x", "a"}},
		{"/", nil, []string{"a", "a/b"}},
		{"a//b", nil, []string{"a/b", "a//b"}},
		{`/my\ notes.md`, []string{"my notes.md"}, []string{"my", "notes.md"}},
		{`/100\*`, []string{"100*"}, []string{"1000"}},
		{"straße/?ber,(x)=~&'$%{}.md", []string{"straße/über,(x)=~&'$%{}.md"}, []string{"straße/uüber.md"}},
		{"C#.md", []string{"C#.md"}, []string{"C"}},
		{"Makefile", []string{"Makefile", "x/Makefile"}, []string{"makefile"}},
	}
	for _, tt := range tests {
		rules, ds := Parse("CODEOWNERS", []byte(tt.pattern+" @x\n"))
		if len(ds) > 0 {
			t.Errorf("%q: %v", tt.pattern, ds)
		}
		for _, p := range tt.match {
			if _, _, ok := rules.Owners(p); !ok {
				t.Errorf("%q does not match %q", tt.pattern, p)
			}
		}
		for _, p := range tt.miss {
			if _, _, ok := rules.Owners(p); ok {
				t.Errorf("%q matches %q", tt.pattern, p)
			}
		}
	}
}

func TestOwners(t *testing.T) {
	data := "\ufeff# who owns what\r\n" +
		"* @larkspur/platform dev@larkspur.example # the rest\r\n" +
		"\r\n" +
		"  /docs/ü\\ x/\t@ada_lark\t@larkspur/docs-team\r\n" +
		"/docs/ü\\ x/free.md\r\n"
	rules, ds := Parse("CODEOWNERS", []byte(data))
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	span := func(line, from, to int) diag.Span {
		return diag.Span{File: "CODEOWNERS", Start: diag.Pos{Line: line, Col: from}, End: diag.Pos{Line: line, Col: to}}
	}
	type answer struct {
		Owners  []string
		Line    diag.Span
		Matched bool
	}
	tests := map[string]answer{
		"main.go":           {[]string{"@larkspur/platform", "dev@larkspur.example"}, span(2, 1, 42), true},
		"docs/ü x/guide.md": {[]string{"@ada_lark", "@larkspur/docs-team"}, span(4, 3, 44), true},
		"docs/ü x/free.md":  {nil, span(5, 1, 19), true},
	}
	for path, want := range tests {
		var got answer
		got.Owners, got.Line, got.Matched = rules.Owners(path)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", path, diff)
		}
	}
	none, _ := Parse("CODEOWNERS", []byte("/a @x\n"))
	if owners, line, matched := none.Owners("b"); matched || owners != nil || line != (diag.Span{}) {
		t.Errorf("got %v by %v for a path that no line matches", owners, line)
	}
}

func TestBadLines(t *testing.T) {
	tests := []struct{ line, at, want string }{
		{"!secret @x", "1:1", `"!secret": a pattern cannot be negated with !, so GitHub skips this line`},
		{`\#file @x`, "1:1", `"\\#file": a pattern cannot begin with #, not even after a backslash, so GitHub skips this line`},
		{"a[bc] @x", "1:1", `"a[bc]": character ranges and sections in [ ] are not supported, so GitHub skips this line`},
		{"[Section] @x", "1:1", `"[Section]": character ranges and sections in [ ] are not supported, so GitHub skips this line`},
		{"a/*** @x", "1:1", `"a/***": a pattern cannot hold three stars in a row, so GitHub skips this line`},
		{`a\`, "1:1", `the pattern ends in a backslash that escapes nothing, so GitHub skips this line`},
		{"über platform", "1:6", `"platform" is not an owner, so GitHub skips this line`},
		{"a @x @org/team/sub", "1:6", `"@org/team/sub" is not an owner, so GitHub skips this line`},
		{"a @x, @y", "1:3", `"@x," is not an owner, so GitHub skips this line`},
		{"a Ada <ada@example.com>", "1:3", `"Ada" is not an owner, so GitHub skips this line`},
		{"a \x1b[31m", "1:3", `"\x1b[31m" is not an owner, so GitHub skips this line`},
		{strings.Repeat("a/", 2049) + " @x", "1:1", `the pattern has 4098 bytes; no path is longer than 4096`},
	}
	for _, tt := range tests {
		rules, ds := Parse("CODEOWNERS", []byte(tt.line+"\n/ok @ok\n"))
		if len(ds) != 1 {
			t.Errorf("%q: got %d findings, want 1: %v", tt.line, len(ds), ds)
			continue
		}
		d := ds[0]
		if d.Span.String() != "CODEOWNERS:"+tt.at || d.Message != tt.want || d.Code != "codeowners-syntax" || d.Severity != diag.Error {
			t.Errorf("%q: got %s: %s [%s], want %s: %s", tt.line, d.Span, d.Message, d.Code, tt.at, tt.want)
		}
		if len(rules.rules) != 1 {
			t.Errorf("%q: got %d rules, want the other one only", tt.line, len(rules.rules))
		}
	}
}

func TestLimits(t *testing.T) {
	rules, ds := Parse("CODEOWNERS", bytes.Repeat([]byte("* @x\n"), 700_000))
	if len(rules.rules) != 0 || len(ds) != 1 {
		t.Errorf("a file of over 3 MB: got %d rules and %d findings, want 0 and 1", len(rules.rules), len(ds))
	}
	_, ds = Parse("CODEOWNERS", bytes.Repeat([]byte("!\n"), 1000))
	if len(ds) != 101 || ds[100].Message != "900 more lines of this file are invalid and not listed" {
		t.Errorf("a thousand bad lines: got %d findings, the last %q", len(ds), ds[len(ds)-1].Message)
	}
}

// Patterns made to be slow for matchers that try every split.
func TestHostilePatternsAreFast(t *testing.T) {
	deepPath := strings.Repeat("a/", 1000) + "a"
	rules, _ := Parse("CODEOWNERS", []byte(strings.Repeat("a*", 1000)+"b @x\n"+strings.Repeat("**/a/", 400)+"b @x\n"))
	for _, p := range []string{deepPath, strings.Repeat("a", 4000)} {
		costs.Within(t, "matching", costs.Limit{Time: time.Second}, func() {
			if _, _, ok := rules.Owners(p); ok {
				t.Errorf("a path of %d bytes matches", len(p))
			}
		})
	}
}

func TestLocate(t *testing.T) {
	for n, want := range Locations {
		got, ok := Locate(func(path string) bool {
			for _, p := range Locations[n:] {
				if p == path {
					return true
				}
			}
			return false
		})
		if !ok || got != want {
			t.Errorf("got %q, %v, want %q", got, ok, want)
		}
	}
	if got, ok := Locate(func(string) bool { return false }); ok {
		t.Errorf("found %q in an empty repository", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("* @x\n/a\\ b/ @org/team # note\n", "a b/c")
	f.Add("!a\n[b]\n\\", "a")
	f.Fuzz(func(t *testing.T, data, path string) {
		rules, ds := Parse("CODEOWNERS", []byte(data))
		rules.Owners(path)
		for _, d := range ds {
			if d.Message == "" || d.Span.End.Before(d.Span.Start) {
				t.Errorf("bad finding %+v", d)
			}
		}
	})
}

func BenchmarkOwners(b *testing.B) {
	var file strings.Builder
	for i := range 35 {
		fmt.Fprintf(&file, "/services/team-%d/** @org/team-%d\n*.ext%d @org/x\n", i, i, i)
	}
	rules, _ := Parse("CODEOWNERS", []byte(file.String()))
	for b.Loop() {
		rules.Owners("services/team-1/deploy/values.yaml")
	}
}
