package source

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// folder writes files below a new folder; a name that ends in a slash is a folder.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(p, 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.WriteFile(p, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t testing.TB, dir string) *Tree {
	t.Helper()
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	return tree
}

func TestFiles(t *testing.T) {
	dir := folder(t, map[string]string{
		"b.yaml": "1", "a/x.YML": "22", "a/y.md": "", "a.b/z.markdown": "", "a/i.PNG": "", "a/i.svg": "", "a/other.sh": "", "a/plan.PDF": "",
		"skipped/x.yaml": "", "a/skip.yaml": "", ".git/config": "", "empty/": "", "dir.yaml/in.yml": "",
	})
	tree := open(t, dir)
	skip := func(p string, dir bool) bool { return p == "skipped" && dir || p == "a/skip.yaml" && !dir }
	files, ds, err := tree.Files(t.Context(), skip)
	if err != nil || len(ds) != 0 {
		t.Fatal(err, ds)
	}
	want := []File{
		{Path: "a.b/z.markdown", Size: 0, Type: Markdown},
		{Path: "a/i.PNG", Size: 0, Type: Image},
		{Path: "a/i.svg", Size: 0, Type: Image},
		{Path: "a/other.sh", Size: 0, Type: Other},
		{Path: "a/plan.PDF", Size: 0, Type: Attachment},
		{Path: "a/x.YML", Size: 2, Type: YAML},
		{Path: "a/y.md", Size: 0, Type: Markdown},
		{Path: "b.yaml", Size: 1, Type: YAML},
		{Path: "dir.yaml/in.yml", Size: 0, Type: YAML},
	}
	for _, f := range files {
		if time.Since(f.Modified) > time.Hour {
			t.Errorf("%s was modified %v", f.Path, f.Modified)
		}
	}
	if diff := cmp.Diff(want, files, cmpopts.IgnoreFields(File{}, "Modified")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFilesReportsWhatItCannotRead(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs links, sockets and odd file names")
	}
	dir := folder(t, map[string]string{
		"ok.yaml": "", "sub/.git": "gitdir: ../.git/modules/sub", "sub/x.yaml": "", "repo/.git/HEAD": "", "repo/x.yaml": "",
		"a\u202eb.yaml": "", "new\nline.yaml": "", "n\xff.yaml": "",
	})
	for link, target := range map[string]string{"file.yaml": "ok.yaml", "loop": ".", "gone": "nowhere", "out": os.TempDir()} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	// A relative name: the path of a socket may have about 100 bytes only.
	t.Chdir(dir)
	l, err := net.Listen("unix", "sock")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()

	tree := open(t, dir)
	tree.Prefix("catalog")
	files, ds, err := tree.Files(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]File{{Path: "ok.yaml", Type: YAML}}, files, cmpopts.IgnoreFields(File{}, "Modified")); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	var got []string
	for _, d := range ds {
		got = append(got, d.Span.String()+" "+told(d))
	}
	want := []string{
		`catalog/"a\u202eb.yaml" source-file-name the name holds characters that cannot be seen or are no text`,
		`catalog/"n\xff.yaml" source-file-name the name holds characters that cannot be seen or are no text`,
		`catalog/"new\nline.yaml" source-file-name the name holds characters that cannot be seen or are no text`,
		"catalog/file.yaml source-symlink symbolic links are not followed",
		"catalog/gone source-symlink symbolic links are not followed",
		"catalog/loop source-symlink symbolic links are not followed",
		"catalog/out source-symlink symbolic links are not followed",
		"catalog/repo source-submodule the folder is a Git repository of its own (a submodule)",
		"catalog/sock source-unreadable this is a socket, not a file",
		"catalog/sub source-submodule the folder is a Git repository of its own (a submodule)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestFilesReportsUnreadableFolder(t *testing.T) {
	if os.Geteuid() == 0 || runtime.GOOS == "windows" {
		// Root may read everything: what a folder's error becomes is tested below.
		w := treeWalk{tree: open(t, t.TempDir())}
		w.folder("locked", listing{err: &os.PathError{Op: "open", Path: "/somewhere/locked", Err: os.ErrPermission}})
		if len(w.ds) != 1 || told(w.ds[0]) != "source-unreadable the folder cannot be read: permission denied" {
			t.Errorf("got %v", w.ds)
		}
		return
	}
	dir := folder(t, map[string]string{"locked/x.yaml": ""})
	if err := os.Chmod(filepath.Join(dir, "locked"), 0); err != nil {
		t.Fatal(err)
	}
	_, ds, err := open(t, dir).Files(t.Context(), nil)
	if err != nil || len(ds) != 1 || told(ds[0]) != "source-unreadable the folder cannot be read: permission denied" {
		t.Errorf("got %v, %v", ds, err)
	}
}

func TestRead(t *testing.T) {
	dir := folder(t, map[string]string{"a/x.yaml": "hello", "empty": ""})
	outside := folder(t, map[string]string{"secret": "s"})
	if err := os.Symlink(filepath.Join(outside, "secret"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "linked")); err != nil {
		t.Fatal(err)
	}
	tree := open(t, dir)
	tree.Prefix("catalog/")
	for p, want := range map[string]string{"a/x.yaml": "hello", "empty": ""} {
		if got, err := tree.Read(p, 5); err != nil || string(got) != want {
			t.Errorf("Read(%q) = %q, %v", p, got, err)
		}
	}
	for _, p := range []string{"link", "linked/secret", "../x", "/etc/passwd", "a/../../x", "a", "missing", "a\x00b", ""} {
		data, err := tree.Read(p, 100)
		if err == nil {
			t.Errorf("Read(%q) = %q, want an error", p, data)
		} else if strings.Contains(err.Error(), dir) {
			t.Errorf("Read(%q): the error holds a path of this machine: %v", p, err)
		}
	}
	_, err := tree.Read("a/x.yaml", 4)
	var tooLarge *LimitError
	if !errors.As(err, &tooLarge) || *tooLarge != (LimitError{"catalog/a/x.yaml", 5, 4}) {
		t.Errorf("got %v, want a LimitError", err)
	}
}

func TestName(t *testing.T) {
	tree := open(t, t.TempDir())
	if got := tree.Name("a/b"); got != "a/b" {
		t.Errorf("without a prefix: %q", got)
	}
	tree.Prefix("x/catalog")
	if got := []string{tree.Name("a/b"), tree.Name(".")}; got[0] != "x/catalog/a/b" || got[1] != "x/catalog" {
		t.Errorf("with a prefix: %q", got)
	}
}

// BenchmarkFiles lists 35,000 files in 5,000 folders.
func BenchmarkFiles(b *testing.B) {
	dir := b.TempDir()
	for i := range 5000 {
		sub := filepath.Join(dir, fmt.Sprintf("%02d/%04d", i/100, i))
		if err := os.MkdirAll(sub, 0o755); err != nil {
			b.Fatal(err)
		}
		for j := range 7 {
			if err := os.WriteFile(filepath.Join(sub, fmt.Sprintf("f%d.yaml", j)), nil, 0o644); err != nil {
				b.Fatal(err)
			}
		}
	}
	tree := open(b, dir)
	start, n := time.Now(), 0
	for b.Loop() {
		files, ds, err := tree.Files(b.Context(), nil)
		if err != nil || len(ds) != 0 || len(files) != 35_000 {
			b.Fatal(len(files), ds, err)
		}
		n++
	}
	b.ReportMetric(time.Since(start).Seconds()/float64(n), "s/list")
}

// After a save only the saved files are looked at, unless files have come or gone.
func TestFilesAgain(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("a/a.yaml", "a")
	write("b/b.yaml", "b")
	write("ignored/x.yaml", "x")
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	skip := func(p string, folder bool) bool { return p == "ignored" }
	files, _, err := tree.Files(t.Context(), skip)
	if err != nil || len(files) != 2 {
		t.Fatalf("%v %v", files, err)
	}
	write("a/a.yaml", "longer")
	for about, name := range map[string]string{
		"a file that is longer": "a/a.yaml", "a file of nobody's business": "ignored/x.yaml",
		"an editor's file that has gone": "a/4913", "a path outside": "../x",
	} {
		again, same := tree.Again(files, map[string]bool{name: true}, skip)
		if !same || len(again) != 2 || (again[0].Size == int64(len("longer"))) != (name == "a/a.yaml") {
			t.Errorf("%s: %v %v", about, again, same)
		}
	}
	write("a/new.yaml", "new")
	if err := os.Rename(filepath.Join(dir, "b"), filepath.Join(dir, ".b")); err != nil {
		t.Fatal(err)
	}
	for about, name := range map[string]string{"a file that has come": "a/new.yaml", "a file that has gone": "b/b.yaml", "a folder that has gone": "b", "a folder": "a"} {
		if again, same := tree.Again(files, map[string]bool{name: true}, skip); same {
			t.Errorf("%s: %v, want that it is to be listed again", about, again)
		}
	}
}
