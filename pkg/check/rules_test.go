package check_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/signpost-dev/signpost/pkg/check"
	"github.com/signpost-dev/signpost/pkg/diag"
)

var codePattern = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

func TestRulesAreDescribed(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range check.Rules {
		if !codePattern.MatchString(r.Code) || seen[r.Code] {
			t.Errorf("the code %q is malformed or there twice", r.Code)
		}
		seen[r.Code] = true
		if r.Title == "" || strings.HasSuffix(r.Title, ".") {
			t.Errorf("%s has the title %q, want a few words without a full stop", r.Code, r.Title)
		}
		if len(r.Doc) < 20 || !strings.HasSuffix(r.Doc, ".") {
			t.Errorf("%s has the text %q, want whole sentences", r.Code, r.Doc)
		}
		if r.Severity == diag.Off {
			t.Errorf("%s is off from the start", r.Code)
		}
		if (r.Ownership || r.Fixed) && r.Severity != diag.Error {
			t.Errorf("%s can be nothing but an error, but is a %s", r.Code, r.Severity)
		}
	}
	sorted := check.Sorted()
	if len(sorted) != len(check.Rules) || !slices.IsSortedFunc(sorted, func(a, b check.Rule) int { return strings.Compare(a.Code, b.Code) }) {
		t.Error("Sorted leaves rules out, or does not sort")
	}
}

// Every rule has a case of its own: testdata/CODE.txtar, or a row in
// TestUnreadableFiles, or a test of what is no file; rules about the web have theirs where it
// is asked (TestCheckExternal).
func TestEveryRuleHasACase(t *testing.T) {
	for _, r := range check.Rules {
		if _, inTable := unreadable[r.Code]; inTable || slices.Contains(entries, r.Code) || r.Asked {
			continue
		}
		if _, err := os.Stat(filepath.Join("testdata", r.Code+".txtar")); err != nil {
			t.Errorf("there is no case for the rule %s: %v", r.Code, err)
		}
	}
}

// TestEveryCodeIsARule looks into the source of all packages that make findings
// for the codes they give them. One that is no rule could not be looked up by
// whoever meets it, nor lowered or silenced.
func TestEveryCodeIsARule(t *testing.T) {
	emitted := map[string]bool{}
	for _, dir := range []string{"../source", "../../schema", "../catalog", "../docs", "../apispec", "../codeowners", "../rotation", "../check"} {
		for code := range codesIn(t, dir) {
			emitted[code] = true
		}
	}
	rules := map[string]bool{}
	for _, r := range check.Rules {
		rules[r.Code] = true
		if !emitted[r.Code] {
			t.Errorf("nothing makes findings of the rule %s", r.Code)
		}
	}
	for code := range emitted {
		if !rules[code] {
			t.Errorf("findings have the code %q, which is no rule", code)
		}
	}
}

// codesIn returns the codes that a package gives to findings: values of a field
// or constant called code, and what stands for a parameter of that name.
func codesIn(t *testing.T, dir string) map[string]bool {
	t.Helper()
	files := parseDir(t, dir)
	parameter := codeParameters(files)
	found := map[string]bool{}
	note := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil && codePattern.MatchString(text) {
				found[text] = true
			}
		}
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if isCode(n.Key) {
					note(n.Value)
				}
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if isCode(name) && i < len(n.Values) {
						note(n.Values[i])
					}
				}
			case *ast.AssignStmt:
				for i, left := range n.Lhs {
					if isCode(left) && i < len(n.Rhs) {
						note(n.Rhs[i])
					}
				}
			case *ast.CallExpr:
				if i, ok := parameter[nameOf(n.Fun)]; ok && i < len(n.Args) {
					note(n.Args[i])
				}
			}
			return true
		})
	}
	return found
}

func parseDir(t *testing.T, dir string) []*ast.File {
	t.Helper()
	entries, err := fs.ReadDir(os.DirFS(dir), ".")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".go" || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// codeParameters returns which functions take a code, and as which argument.
func codeParameters(files []*ast.File) map[string]int {
	found := map[string]int{}
	for _, f := range files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			i := 0
			for _, field := range fn.Type.Params.List {
				for _, name := range field.Names {
					if name.Name == "code" {
						found[fn.Name.Name] = i
					}
					i++
				}
			}
		}
	}
	return found
}

// isCode reports whether a name is that of a code: Code, d.Code, CodeSchema,
// codeSyntax.
func isCode(e ast.Expr) bool {
	name := nameOf(e)
	rest, ok := strings.CutPrefix(strings.ToLower(name[:min(1, len(name))])+name[min(1, len(name)):], "code")
	return ok && (rest == "" || rest[0] >= 'A' && rest[0] <= 'Z')
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
