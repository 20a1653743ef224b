package site

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// write builds a site of the given files.
func write(t *testing.T, dir string, files map[string]string) Stats {
	t.Helper()
	out, err := OpenOutput(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := out.Put(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	stats, err := out.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return stats
}

// content returns what a folder holds, the manifest aside.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || p == ManifestFile {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, p))
		files[p] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func manifest(t *testing.T, dir string) Manifest {
	t.Helper()
	var m Manifest
	data, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestOutputTouchesOnlyWhatChanged(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"a.html": "a", "b/c.html": "c", "b/d.html": "d", "e.css": "e"})
	old := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, name := range []string{"a.html", "b/c.html", "b/d.html", "e.css"} {
		if err := os.Chtimes(filepath.Join(dir, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	stats := write(t, dir, map[string]string{"a.html": "a", "b/c.html": "changed", "f/g.html": "new"})
	if stats.Written != 2 || stats.Deleted != 2 || stats.Files != 3 || stats.Pages != 3 {
		t.Errorf("stats: %+v", stats)
	}
	want := map[string]string{"a.html": "a", "b/c.html": "changed", "f/g.html": "new"}
	if diff := cmp.Diff(want, content(t, dir)); diff != "" {
		t.Errorf("content (-want +got):\n%s", diff)
	}
	info, err := os.Stat(filepath.Join(dir, "a.html"))
	if err != nil || !info.ModTime().Equal(old) {
		t.Errorf("an unchanged file was touched: %v %v", info.ModTime(), err)
	}
	m := manifest(t, dir)
	if !m.Complete || !slices.Equal(slices.Sorted(maps.Keys(m.Files)), []string{"a.html", "b/c.html", "f/g.html"}) {
		t.Errorf("manifest: %+v", m)
	}
}

func TestOutputSeesWhatWasChangedByHand(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"a.html": "good", "b.html": "good"})
	if err := os.WriteFile(filepath.Join(dir, "a.html"), []byte("evil"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "b.html")); err != nil {
		t.Fatal(err)
	}
	write(t, dir, map[string]string{"a.html": "good", "b.html": "good"})
	if got := content(t, dir); got["a.html"] != "good" || got["b.html"] != "good" {
		t.Errorf("got %q", got)
	}
}

func TestOutputRefusesForeignFolders(t *testing.T) {
	dir := t.TempDir()
	precious := filepath.Join(dir, "thesis.doc")
	if err := os.WriteFile(precious, []byte("years of work"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenOutput(dir); !errors.Is(err, ErrForeign) {
		t.Errorf("got %v, want ErrForeign", err)
	}
	if got := content(t, dir); len(got) != 1 || got["thesis.doc"] != "years of work" {
		t.Errorf("the folder was changed: %q", got)
	}
}

func TestOutputKeepsFilesThatAreNotItsOwn(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"a.html": "a", "old/b.html": "b"})
	if err := os.WriteFile(filepath.Join(dir, "old", "CNAME"), []byte("portal.example"), 0o666); err != nil {
		t.Fatal(err)
	}
	write(t, dir, map[string]string{"a.html": "a"})
	want := map[string]string{"a.html": "a", "old/CNAME": "portal.example"}
	if diff := cmp.Diff(want, content(t, dir)); diff != "" {
		t.Errorf("content (-want +got):\n%s", diff)
	}
}

func TestOutputAllowsOneBuildAtATime(t *testing.T) {
	dir := t.TempDir()
	first, err := OpenOutput(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenOutput(dir); !errors.Is(err, ErrBusy) {
		t.Errorf("a second build got %v, want ErrBusy", err)
	}
	if _, err := first.Finish(); err != nil {
		t.Fatal(err)
	}
	write(t, dir, map[string]string{"a.html": "a"})
}

func TestOutputRefusesPathsThatLeadOut(t *testing.T) {
	out, err := OpenOutput(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer out.Abandon()
	for _, name := range []string{"../a", "/etc/passwd", "a/../../b", "", ".", "a//b"} {
		if out.Put(name, []byte("x")) == nil {
			t.Errorf("%q was written", name)
		}
	}
}

// TestOutputIsMendedAfterAKill kills a process that builds again and again, at
// moments spread over a build, and looks whether the next build mends the folder.
func TestOutputIsMendedAfterAKill(t *testing.T) {
	if dir := os.Getenv("SIGNPOST_TEST_KILLED_BUILD"); dir != "" {
		for round := 0; ; round++ {
			write(t, dir, generation(round))
		}
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for try := range 25 {
		child := exec.Command(program, "-test.run=^TestOutputIsMendedAfterAKill$")
		child.Env = append(os.Environ(), "SIGNPOST_TEST_KILLED_BUILD="+dir)
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(15+try*3) * time.Millisecond)
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait() // it was killed
		want := map[string]string{"index.html": "mended"}
		write(t, dir, want)
		if diff := cmp.Diff(want, content(t, dir)); diff != "" {
			t.Fatalf("after kill %d (-want +got):\n%s", try, diff)
		}
		if !manifest(t, dir).Complete {
			t.Fatal("the manifest does not say complete")
		}
	}
}

// generation is a site that differs from the one before it in names and content.
func generation(round int) map[string]string {
	files := map[string]string{}
	for i := range 60 {
		name := string(rune('a'+i%26)) + "/" + string(rune('a'+(i+round)%26)) + string(rune('a'+i%7)) + ".html"
		files[name] = string(rune('a' + round%26))
	}
	return files
}
