package check_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/check"
	"github.com/signpost-dev/signpost/pkg/source"
)

const good = "apiVersion: signpost.dev/v1\nkind: service\nname: bad\nowner: payments\n"

// unreadable are files that cannot be read as what they are meant to be, by the
// rule that says so: exactly one finding each.
var unreadable = map[string]struct {
	name, text string
	line       int
}{
	"source-encoding":         {"bad.yaml", good + "title: \xff\n", 5},
	"source-hidden-character": {"bad.yaml", good + "title: a\u202eb\n", 5},
	"source-syntax":           {"bad.yaml", good + "tags: [a, b\n", 5},
	"source-duplicate-key":    {"bad.yaml", good + "name: worse\n", 5},
	"source-limit":            {"bad.yaml", good + "description: " + strings.Repeat("a", 1<<20) + "\n", 0},
	"source-alias":            {"bad.yaml", good + "tags: &a [x]\n", 5},
	"source-tag":              {"bad.yaml", good + "title: !include secrets.yaml\n", 5},
	"source-number":           {"bad.yaml", good + "oncall: {provider: p, schedule: 01}\n", 5},
	"source-file-name":        {"b\u200bad.yaml", good, 0},
	"document-limit":          {"teams/payments/bad.md", strings.Repeat("> ", 50) + "deep\n", 1},
}

func TestUnreadableFiles(t *testing.T) {
	for code, file := range unreadable {
		t.Run(code, func(t *testing.T) {
			c := load(t, map[string]string{file.name: file.text})
			found := check.Run(c.in).Diagnostics
			if len(found) != 1 || found[0].Code != code || found[0].Span.Start.Line != file.line {
				t.Fatalf("got %+v, want one finding of %s on line %d", found, code, file.line)
			}
			if found[0].Message == "" || found[0].Hint == "" {
				t.Errorf("the finding says too little: %+v", found[0])
			}
		})
	}
}

// A document that cannot be read says nothing of what it is about: that it belongs
// to nothing is no second mistake.
func TestUnreadableDocumentIsNoOrphan(t *testing.T) {
	for code, text := range map[string]string{
		"source-encoding": "# Gro\xdfe Pl\xe4ne\n",
		"source-syntax":   "---\nabout: [team:payments\n---\n# Plans\n",
	} {
		c := load(t, map[string]string{"notes/plans.md": text})
		found := check.Run(c.in).Diagnostics
		if len(found) != 1 || found[0].Code != code || !found[0].Unread {
			t.Errorf("got %+v, want one finding of %s", found, code)
		}
	}
}

// entries are rules about what is no file, or not for long.
var entries = []string{"source-symlink", "source-submodule", "source-unreadable"}

// A file that goes away between being found and being read was not checked.
func TestFileThatVanishes(t *testing.T) {
	dir := t.TempDir()
	for name, text := range base {
		write(t, dir, name, text)
	}
	write(t, dir, "bad.yaml", good)
	tree, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	config, _, err := catalog.ReadConfig(tree)
	if err != nil {
		t.Fatal(err)
	}
	files, _, err := tree.Files(t.Context(), config.Skip)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "bad.yaml")); err != nil {
		t.Fatal(err)
	}
	loaded, found, err := catalog.Load(t.Context(), tree, config, files)
	if err != nil {
		t.Fatal(err)
	}
	c := scenario{in: check.Input{Catalog: loaded, Found: found, Day: day}}
	if diff := cmp.Diff([]finding{at("bad.yaml", 0, "source-unreadable")}, c.findings()); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// What is there but is no file of the catalog is a finding too.
func TestUnreadableEntries(t *testing.T) {
	dir := t.TempDir()
	for name, text := range base {
		write(t, dir, name, text)
	}
	write(t, dir, "sub/.git", "gitdir: elsewhere\n")
	write(t, dir, "sub/service.yaml", good)
	for link, target := range map[string]string{"loop": ".", "link.yaml": "people/ada.yaml", "out.yaml": "/etc/hostname"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip("symbolic links cannot be made here: ", err)
		}
	}
	c := scenario{in: read(t, dir, "")}
	want := []finding{
		at("link.yaml", 0, "source-symlink"), at("loop", 0, "source-symlink"), at("out.yaml", 0, "source-symlink"),
		at("sub", 0, "source-submodule"),
	}
	if diff := cmp.Diff(want, c.findings()); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
