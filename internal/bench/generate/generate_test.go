package generate

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// TestSameEveryTime compares two catalogs of one size, byte by byte.
func TestSameEveryTime(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	shape, err := Catalog(first, 30)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Catalog(second, 30)
	if err != nil {
		t.Fatal(err)
	}
	if shape != again {
		t.Errorf("the shapes differ: %+v and %+v", shape, again)
	}
	if out, err := exec.Command("diff", "-r", first, second).CombinedOutput(); err != nil {
		t.Errorf("the catalogs differ:\n%s", out)
	}
}

// TestChecksCleanAndBuilds runs the program on a catalog: figures are worth nothing
// if they are those of a catalog that it refuses.
func TestChecksCleanAndBuilds(t *testing.T) {
	dir := t.TempDir()
	if _, err := Catalog(filepath.Join(dir, "catalog"), 50); err != nil {
		t.Fatal(err)
	}
	const now = "2026-11-26T09:00:00Z" // later its documents are due for a review
	binary := filepath.Join(dir, "signpost")
	commands := [][]string{
		{"go", "build", "-o", binary, "../../../cmd/signpost"},
		{binary, "check", "--now", now, "--fail-on", "info", filepath.Join(dir, "catalog")},
		{binary, "build", "--now", now, filepath.Join(dir, "catalog"), "--out", filepath.Join(dir, "site")},
	}
	for _, c := range commands {
		if out, err := exec.Command(c[0], c[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", c[1:], err, out)
		}
	}
	for _, page := range []string{RunbookOf(7), DescriptorOf(7)} {
		if _, err := os.Stat(filepath.Join(dir, "catalog", page)); err != nil {
			t.Errorf("the bench edits a file that is not there: %v", err)
		}
	}
}

func TestFacts(t *testing.T) {
	dir := t.TempDir()
	if err := Facts(dir, 60); err != nil {
		t.Fatal(err)
	}
	store, err := snapshot.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	files, err := store.Read()
	if err != nil || len(files) != 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	if n := files[0].Count() + files[1].Count() + files[2].Count(); n != 60*9+4 {
		t.Errorf("%d facts", n)
	}
}
