package backstage

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestImportTwiceGivesTheSameBytes(t *testing.T) {
	src := unpack(t, everyKind)
	_, first := imported(t, src)
	out := filepath.Join(t.TempDir(), "out")
	for range 2 {
		// The second time replaces what the first has written.
		if _, err := Import(t.Context(), src, out, Options{Title: "Test"}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, contents(t, out)); diff != "" {
			t.Errorf("written (-first +again):\n%s", diff)
		}
	}
	entries, err := os.ReadDir(filepath.Dir(out))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v %v", entries, err)
	}
}

// What is no longer in the source goes; so a catalog is never a mixture of two imports.
func TestImportReplacesAnEarlierOne(t *testing.T) {
	src, out := unpack(t, "-- a.yaml --\n"+group+"-- b.yaml --\n"+component), filepath.Join(t.TempDir(), "out")
	for _, want := range []int{6, 4} { // files: signpost.yaml, the manifest, two for each entity
		if _, err := Import(t.Context(), src, out, Options{Title: "Test"}); err != nil {
			t.Fatal(err)
		}
		if got := len(contents(t, out)); got != want {
			t.Errorf("%d files, want %d", got, want)
		}
		if want == 6 {
			if err := os.Remove(filepath.Join(src, "b.yaml")); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestImportLeavesWhatIsNotItsOwn(t *testing.T) {
	src := unpack(t, "-- a.yaml --\n"+group)
	tests := map[string]struct {
		spoil func(t *testing.T, out string)
		want  ForeignError
	}{
		"a foreign folder": {
			func(t *testing.T, out string) {
				if err := os.RemoveAll(out); err != nil {
					t.Fatal(err)
				}
				write(t, filepath.Join(out, "thesis.txt"), "x")
			},
			ForeignError{File: "thesis.txt"},
		},
		"a file that was added": {
			func(t *testing.T, out string) { write(t, filepath.Join(out, "teams/mine.yaml"), "x") },
			ForeignError{File: "teams/mine.yaml"},
		},
		"a file that was edited": {
			func(t *testing.T, out string) { write(t, filepath.Join(out, "teams/payments.yaml"), "x") },
			ForeignError{File: "teams/payments.yaml", Changed: true},
		},
		"a link": {
			func(t *testing.T, out string) {
				if err := os.Symlink("payments.yaml", filepath.Join(out, "teams/link.yaml")); err != nil {
					t.Skip(err)
				}
			},
			ForeignError{File: "teams/link.yaml"},
		},
		"a manifest that lies": {
			func(t *testing.T, out string) {
				write(t, filepath.Join(out, manifestFile), `{"format": "other", "files": {"signpost.yaml": ""}}`)
			},
			ForeignError{File: "imported/backstage/a.yaml"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			if _, err := Import(t.Context(), src, out, Options{}); err != nil {
				t.Fatal(err)
			}
			tt.spoil(t, out)
			before := contents(t, out)
			_, err := Import(t.Context(), src, out, Options{})
			var foreign *ForeignError
			if !errors.As(err, &foreign) {
				t.Fatalf("got %v, want a ForeignError", err)
			}
			got := *foreign
			got.Dir = ""
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, contents(t, out)); diff != "" {
				t.Errorf("the folder was changed (-before +after):\n%s", diff)
			}
		})
	}
}

func TestImportIntoTheSource(t *testing.T) {
	src := unpack(t, "-- a.yaml --\n"+group)
	out := filepath.Join(src, "portal")
	for range 2 {
		report, err := Import(t.Context(), src, out, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{}, notes(report)); diff != "" {
			t.Errorf("notes (-want +got):\n%s", diff)
		}
	}
	// From elsewhere the earlier import is seen, and not imported again.
	report, _ := imported(t, src)
	want := []string{
		"info skipped portal/imported/backstage/a.yaml:0 : belongs to an earlier import",
		"info skipped portal/signpost.yaml:0 : holds no Backstage entity",
		"info skipped portal/teams/payments.yaml:0 : holds no Backstage entity",
	}
	if diff := cmp.Diff(want, notes(report)); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestNothingToImport(t *testing.T) {
	for name, archive := range map[string]string{
		"no file":        "",
		"no entity":      "-- a.yaml --\nkind: x\n",
		"all refused":    "-- a.yaml --\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: a b}\n",
		"only templates": "-- a.yaml --\napiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: a}\n",
	} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			_, err := Import(t.Context(), unpack(t, archive), out, Options{})
			var nothing *NothingError
			if !errors.As(err, &nothing) {
				t.Errorf("got %v, want a NothingError", err)
			}
			if _, err := os.Stat(out); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the folder is there: %v", err)
			}
		})
	}
	for _, src := range []string{"/nowhere/at/all", ""} {
		if _, err := Import(t.Context(), src, filepath.Join(t.TempDir(), "out"), Options{}); err == nil {
			t.Errorf("importing %q gave no error", src)
		}
	}
}

func TestLayout(t *testing.T) {
	l := newLayout()
	var got []string
	for _, name := range []string{"a", "A", "con", "con.x", "com1", "company", "x/api.yaml", "x"} {
		e := &entity{name: name}
		e.target, e.newName, e.out = "api", name, map[string]any{"definition": "openapi.yaml"}
		e.definition = "x"
		// A namespace can have the name of a file.
		if namespace, rest, ok := strings.Cut(name, "/"); ok {
			e.namespace, e.newName = namespace, rest
		}
		l.place(e)
		got = append(got, e.path+" "+e.definitionPath)
	}
	want := []string{
		"apis/a/api.yaml apis/a/openapi.yaml",
		"apis/a-2/api.yaml apis/a-2/openapi.yaml",
		"apis/x-con/api.yaml apis/x-con/openapi.yaml",
		"apis/x-con.x/api.yaml apis/x-con.x/openapi.yaml",
		"apis/x-com1/api.yaml apis/x-com1/openapi.yaml",
		"apis/company/api.yaml apis/company/openapi.yaml",
		"apis/x/api.yaml/api.yaml apis/x/api.yaml/openapi.yaml",
		"apis/x-2/api.yaml apis/x-2/openapi.yaml",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}
