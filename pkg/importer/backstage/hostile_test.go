package backstage

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Nothing leads out of the source folder, however it is written.
func TestNothingLeadsOut(t *testing.T) {
	base := t.TempDir()
	write(t, filepath.Join(base, "secret.txt"), "the outside")
	write(t, filepath.Join(base, "outside.yaml"), strings.Replace(group, "payments", "outside", 1))
	src := filepath.Join(base, "src")
	write(t, filepath.Join(src, "a.yaml"), group+`---
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: all}
spec:
  targets: [../outside.yaml, `+filepath.ToSlash(base)+`/outside.yaml, ./x/../../outside.yaml, '../*.yaml', 'file:../outside.yaml', link.yaml, linked/outside.yaml, "..\\outside.yaml", '', {a: b}, ./..]
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: a}
spec: {type: openapi, owner: payments, definition: {$text: ../secret.txt}}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: b}
spec: {type: openapi, owner: payments, definition: {$text: secret.txt}}
`)
	for link, to := range map[string]string{"link.yaml": "../outside.yaml", "secret.txt": "../secret.txt", "linked": ".."} {
		if err := os.Symlink(to, filepath.Join(src, link)); err != nil {
			t.Skip(err)
		}
	}
	report, files := imported(t, src)
	for name, text := range files {
		if strings.Contains(text, "the outside") || strings.Contains(text, "name: outside") {
			t.Errorf("%s holds what lies outside:\n%s", name, text)
		}
	}
	if n := report.Count(Unresolved); n != 13 {
		t.Errorf("%d targets lead nowhere, want 13:\n%s", n, strings.Join(notes(report), "\n"))
	}
	if report.Targets != 0 {
		t.Errorf("%d targets were followed", report.Targets)
	}
}

// Names come from the source, paths of the output from names that passed.
func TestHostileNames(t *testing.T) {
	names := []string{
		"../../evil", "/etc/passwd", "..", ".", "a/b", `a\b`, "con", "nul.txt", "index", "a\x00b", "a\nb", "é", "", " ", "-a", "a-", "~", "*",
		strings.Repeat("a", 64), strings.Repeat("a", 63), "🦆", "\u202egnp", "signpost.yaml", "service.yaml",
	}
	var b strings.Builder
	b.WriteString(group)
	for _, name := range names {
		quoted, err := json.Marshal(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range []string{"name: " + string(quoted), "name: ok\n  namespace: " + string(quoted)} {
			fmt.Fprintf(&b, "---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  %s\nspec: {type: service, owner: payments}\n", field)
		}
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.yaml"), b.String())
	_, files := imported(t, dir)
	for name := range files {
		if !fs.ValidPath(name) || strings.ContainsAny(name, "\\\x00\n~*") || name != strings.ToLower(name) {
			t.Errorf("wrote %q", name)
		}
		if path := strings.Split(name, "/"); path[0] != "services" && path[0] != "teams" && path[0] != "imported" && name != "signpost.yaml" {
			t.Errorf("wrote %q", name)
		}
	}
	for code := range codesIn(t, files) {
		switch code {
		case "owner-exists", "owner-has-members", "owner-reachable", "duplicate-name": // true of the source
		default:
			t.Errorf("check finds %s", code)
		}
	}
}

// A hundred kilobytes must not become gigabytes or minutes.
func TestBombs(t *testing.T) {
	big := strings.Repeat("x", 1<<20)
	aliases := "[" + strings.Repeat("*a,", 900) + "*a]"
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	tests := map[string]struct {
		lines string
		want  Code
	}{
		"a large text used often, preserved":  {"  one: &a " + big + "\n  many: " + aliases + "\n", Unfit},
		"a large text used often, in labels":  {"  one: &a " + big + "\n  labels: {" + manyKeys(900) + "}\n", Refused},
		"a bomb of aliases":                   {"  a: &a [x,x,x,x,x,x,x,x,x]\n  b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n  c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n  d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n  e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n  f: [*e,*e,*e,*e]\n", Unreadable},
		"deep, but not too deep for a source": {"  deep: " + nested(62) + "\n", Unfit},
		"too deep":                            {"  deep: " + nested(100) + "\n", Unreadable},
		"hidden characters":                   {"  title: \"a\\u202eb\\u200bc\"\n  x: \"\\u2028\"\n", Narrowed},
		"a long key":                          {"  ? " + strings.Repeat("k", 5000) + "\n  : v\n", Unfit},
		"many tags":                           {"  tags: [" + numbers(40_000) + "]\n", Skipped},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "b.yaml"), group)
			write(t, filepath.Join(dir, "a.yaml"), strings.Replace(component, "spec:\n", tt.lines+"spec:\n", 1))
			start := time.Now()
			report, files := imported(t, dir)
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			if tt.want != Skipped && report.Count(tt.want) == 0 {
				t.Errorf("nothing was reported as %s:\n%s", tt.want, strings.Join(notes(report), "\n"))
			}
			for code := range codesIn(t, files) {
				if strings.HasPrefix(code, "source-") || code == "schema" {
					t.Errorf("check finds %s", code)
				}
			}
		})
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: *a, ", i)
	}
	return strings.TrimSuffix(b.String(), ", ")
}

func numbers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "t%d, ", i)
	}
	return strings.TrimSuffix(b.String(), ", ")
}

// Comments that silence findings cannot come in with a text.
func TestTextsDoNotSilenceFindings(t *testing.T) {
	const mark = "signpost:ignore reference-dangling it is nobody's business"
	for _, description := range []string{"# " + mark, "a # " + mark, "a <!-- " + mark + " -->", "# " + mark + "\nor so\n", "a\n# " + mark} {
		_, files := imported(t, unpack(t, fmt.Sprintf("-- a.yaml --\n%s---\n%s  metadata: {name: a, description: %q}\n  spec: {owner: payments, domain: nowhere}\n",
			group, "  apiVersion: backstage.io/v1alpha1\n  kind: System\n", description)))
		want := map[string]int{"reference-dangling": 1, "owner-has-members": 1, "owner-reachable": 1}
		if diff := cmp.Diff(want, codesIn(t, files)); diff != "" {
			t.Errorf("%q: findings (-want +got):\n%s", description, diff)
		}
	}
}

// Whatever a file holds, importing it ends with a report or an error.
func FuzzImport(f *testing.F) {
	f.Add([]byte(everyKind))
	f.Add([]byte(component + "---\n" + group))
	f.Add([]byte("apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: [a]\nspec: x\n"))
	f.Add([]byte("apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: a, links: [x, {url: 1}], tags: {a: b}, annotations: [x]}\nspec: {memberOf: [[x]], profile: [x]}\n"))
	f.Add([]byte("apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: a}\nspec: {type: [x], definition: {$text: a.yaml}, owner: {a: b}, remotes: [x, {url: 'https://a.example'}]}\n"))
	f.Add([]byte("apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: a}\nspec: {targets: ['**/[', './a.yaml', '{a,b}.yaml']}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "src/a.yaml"), string(data))
		_, err := Import(t.Context(), filepath.Join(dir, "src"), filepath.Join(dir, "out"), Options{})
		if nothing := (*NothingError)(nil); errors.As(err, &nothing) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for code := range codesIn(t, contents(t, filepath.Join(dir, "out"))) {
			if strings.HasPrefix(code, "source-") || code == "not-a-descriptor" || code == "unknown-field" || code == "nothing-checked" {
				t.Errorf("check finds %s", code)
			}
		}
	})
}

func TestWithin(t *testing.T) {
	tests := map[string]string{
		"./b.yaml": "x/b.yaml", "b.yaml": "x/b.yaml", "../b.yaml": "b.yaml", "file:./b.yaml": "x/b.yaml",
		"../../b.yaml": "", "/b.yaml": "", `..\b.yaml`: "", "": "", "y/../../../b": "", strings.Repeat("a", 2000): "",
	}
	got := map[string]string{}
	for written := range tests {
		got[written], _ = within("x/a.yaml", written)
	}
	if diff := cmp.Diff(tests, got); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}
