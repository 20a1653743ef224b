package beneath

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// both runs a test for the fast way of opening files and for the one that every system has.
func both(t *testing.T, test func(t *testing.T, d *Dir, dir string, read func(name string) ([]byte, error))) {
	t.Helper()
	for _, slow := range []bool{false, true} {
		name := "fast"
		if slow {
			name = "slow"
		}
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			d, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { d.Close() })
			test(t, d, dir, func(name string) ([]byte, error) {
				if !slow {
					data, _, err := d.ReadFile(name, 1<<20)
					return data, err
				}
				f, err := d.openSlowly(name, readOnly, 0)
				if err != nil {
					return nil, err
				}
				defer f.Close()
				return readAll(f, 4, 1<<20)
			})
		})
	}
}

func TestReadsWhatLiesBeneath(t *testing.T) {
	both(t, func(t *testing.T, d *Dir, dir string, read func(string) ([]byte, error)) {
		outside := filepath.Join(t.TempDir(), "secret")
		must(t, os.WriteFile(outside, []byte("secret"), 0o600))
		must(t, os.MkdirAll(filepath.Join(dir, "a", "b"), 0o777))
		must(t, os.WriteFile(filepath.Join(dir, "a", "b", "c"), []byte("text of a file"), 0o666))
		must(t, os.Symlink(outside, filepath.Join(dir, "link")))
		must(t, os.Symlink(filepath.Dir(outside), filepath.Join(dir, "folder")))
		must(t, os.Symlink("b/c", filepath.Join(dir, "a", "inside")))

		if data, err := read("a/b/c"); err != nil || string(data) != "text of a file" {
			t.Errorf("reading a/b/c: %q, %v", data, err)
		}
		if _, err := read("a/none"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("reading what is not there: %v", err)
		}
		for _, name := range []string{"link", "folder/secret", "../" + filepath.Base(filepath.Dir(outside)) + "/secret", outside, "a/../../x", "a/inside"} {
			if data, err := read(name); err == nil {
				t.Errorf("reading %s gives %q", name, data)
			}
		}
	})
}

func TestWritesAndLists(t *testing.T) {
	dir := t.TempDir()
	d, err := Open(dir)
	must(t, err)
	defer d.Close()
	must(t, os.Mkdir(filepath.Join(dir, "a"), 0o777))
	must(t, d.WriteFile("a/long", []byte(strings.Repeat("x", 100_000))))
	must(t, d.WriteFile("a/long", []byte("short")))
	if data, _, err := d.ReadFile("a/long", 100); err != nil || string(data) != "short" {
		t.Errorf("a/long holds %q, %v", data, err)
	}
	if data, size, err := d.ReadFile("a/long", 2); err != nil || data != nil || size != 5 {
		t.Errorf("of a file larger than the limit: %q, %d bytes, %v", data, size, err)
	}
	if _, _, err := d.ReadFile("a", 2); !errors.Is(err, ErrNotRegular) {
		t.Errorf("reading a folder: %v", err)
	}
	outside := filepath.Join(t.TempDir(), "target")
	must(t, os.Symlink(outside, filepath.Join(dir, "link")))
	if err := d.WriteFile("link", []byte("x")); err == nil {
		t.Error("a symbolic link was written through")
	}
	if _, err := os.Lstat(outside); err == nil {
		t.Error("a file outside was made")
	}
	if err := d.WriteFile("none/x", nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("writing into a folder that is not there: %v", err)
	}
	entries, err := d.List(".")
	must(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"a", "link"}) {
		t.Errorf("the folder holds %v", names)
	}
}

// A file that grows between looking and reading is still bounded.
func TestReadAllIsBounded(t *testing.T) {
	data, err := readAll(strings.NewReader(strings.Repeat("x", 10_000)), 10, 100)
	if err != nil || len(data) <= 100 || len(data) > 1000 {
		t.Errorf("got %d bytes, %v", len(data), err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
