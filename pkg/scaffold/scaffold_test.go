package scaffold

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree returns the texts of all files below a folder.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		files[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// entries returns the names in a folder.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

func TestCreate(t *testing.T) {
	parent := filepath.Join(t.TempDir(), "new")
	dir := filepath.Join(parent, "acme-catalog")
	written, err := Create(dir, Options{Version: "v1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"acme-catalog"}, entries(t, parent)); diff != "" {
		t.Errorf("beside the catalog (-want +got):\n%s", diff)
	}
	got := tree(t, dir)
	if written != len(got) {
		t.Errorf("%d files are said to be written, %d are there", written, len(got))
	}
	want := []string{
		".editorconfig", ".github/CODEOWNERS", ".github/dependabot.yml", ".github/workflows/catalog.yml",
		".gitignore", ".vscode/extensions.json", ".vscode/schemas/entity.schema.json",
		".vscode/schemas/portal.schema.json", ".vscode/settings.json", "README.md",
		"catalog/people/sam.yaml", "catalog/services/hello/runbooks/hello-is-down.md",
		"catalog/services/hello/service.yaml", "catalog/signpost.yaml", "catalog/teams/platform.yaml",
	}
	names := make([]string, 0, len(got))
	for name, text := range got {
		names = append(names, name)
		if strings.Contains(text, "[[") || strings.Contains(text, "<no value>") || strings.Contains(text, "\n\n\n") {
			t.Errorf("%s is not filled in well:\n%s", name, text)
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if workflow := got[".github/workflows/catalog.yml"]; !strings.Contains(workflow, "cmd/signpost@v1.2.3\n") {
		t.Errorf("the workflow does not install v1.2.3:\n%s", workflow)
	}

	again := filepath.Join(t.TempDir(), "acme-catalog")
	if _, err := Create(again, Options{Version: "v1.2.3"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, tree(t, again)); diff != "" {
		t.Errorf("a second catalog differs (-first +second):\n%s", diff)
	}
}

func TestValues(t *testing.T) {
	unnamed := values{
		Repository: "https://github.com/your-organisation/catalog", Beside: "https://github.com/your-organisation",
		Account: "your-organisation", Placeholder: true, Release: "latest",
	}
	named := func(title, organisation string) values {
		v := unnamed
		v.Title, v.Organisation = title, organisation
		return v
	}
	at := func(repository, beside, account string) values {
		return values{
			Title: "A", Organisation: "A", Repository: repository, Beside: beside, Account: account, Release: "latest",
		}
	}
	released := named("A", "A")
	released.Release = "v1.2.3-rc.1"
	tests := []struct {
		name   string
		in     Options
		folder string
		want   values
	}{
		{"from the folder", Options{}, "acme_developer-catalog.git", named("Acme developer catalog git", "Acme developer catalog git")},
		{"letters of all kinds", Options{}, "łódź", named("Łódź", "Łódź")},
		{"given", Options{Title: " Acme ", Organisation: "Acme Ltd"}, "x", named("Acme", "Acme Ltd")},
		{"only the title", Options{Title: "Acme"}, "x", named("Acme", "Acme")},
		{"a release", Options{Version: "v1.2.3-rc.1"}, "a", released},
		{"a commit", Options{Version: "v0.0.0-20260101120000-0123456789ab"}, "a", named("A", "A")},
		{"changed files", Options{Version: "v1.2.3+dirty"}, "a", named("A", "A")},
		{"not built from a module", Options{Version: "devel-0123456789ab"}, "a", named("A", "A")},
		{
			"at GitHub",
			Options{Repository: "https://github.com/acme/catalog.git/"},
			"a",
			at("https://github.com/acme/catalog", "https://github.com/acme", "acme"),
		},
		{
			"in a group of groups",
			Options{Repository: "https://git.example.com:8443/acme/platform/catalog"},
			"a",
			at("https://git.example.com:8443/acme/platform/catalog", "https://git.example.com:8443/acme/platform", "acme"),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.in.values(tt.folder)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOptionsThatCannotBeUsed(t *testing.T) {
	tests := []struct {
		name string
		in   Options
		want string // the option
	}{
		{"two lines", Options{Title: "a\nb"}, "--title"},
		{"an escape", Options{Title: "a\x1b[2Jb"}, "--title"},
		{"not UTF-8", Options{Title: "a\xff"}, "--title"},
		{"text that turns round", Options{Organisation: "a\u202eb"}, "--organisation"},
		{"a book", Options{Title: strings.Repeat("a", 201)}, "--title"},
		{"no scheme", Options{Repository: "github.com/acme/catalog"}, "--repository"},
		{"not encrypted", Options{Repository: "http://github.com/acme/catalog"}, "--repository"},
		{"ssh", Options{Repository: "git@github.com:acme/catalog.git"}, "--repository"},
		{"no host", Options{Repository: "https:///acme/catalog"}, "--repository"},
		{"an odd host", Options{Repository: "https://git hub/acme/catalog"}, "--repository"},
		{"no repository", Options{Repository: "https://github.com/acme"}, "--repository"},
		{"a query", Options{Repository: "https://github.com/acme/catalog?tab=readme"}, "--repository"},
		{"upwards", Options{Repository: "https://github.com/acme/../catalog"}, "--repository"},
		{"a second line of CODEOWNERS", Options{Repository: "https://github.com/acme%0A*%20@eve/catalog"}, "--repository"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "new")
			_, err := Create(dir, tt.in)
			var wrong *OptionError
			if !errors.As(err, &wrong) || wrong.Option != tt.want {
				t.Errorf("error %v, want one about %s", err, tt.want)
			}
			if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("something was made: %v", err)
			}
		})
	}
}

// Somebody writes a file between our look and our move: theirs stays, and of ours
// nothing does.
func TestFillTakesBackWhatItMoved(t *testing.T) {
	dir := t.TempDir()
	theirs := map[string]string{"README.md": "theirs", ".git/HEAD": "ref: refs/heads/main"}
	for name, text := range theirs {
		if err := write(filepath.Join(dir, name), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	err := fill(dir, []file{{"A/deep/file", []byte("a")}, {"README.md", []byte("ours")}, {"z", []byte("z")}})
	if !errors.Is(err, fs.ErrExist) {
		t.Errorf("error %v, want one that says that README.md exists", err)
	}
	if diff := cmp.Diff(theirs, tree(t, dir)); diff != "" {
		t.Errorf("what is left (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{".git", "README.md"}, entries(t, dir)); diff != "" {
		t.Errorf("names left (-want +got):\n%s", diff)
	}
}

func TestPlaceLeavesNothingIfTheFolderHasAppeared(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "new")
	if err := write(filepath.Join(dir, "theirs"), nil); err != nil {
		t.Fatal(err)
	}
	if err := place(dir, []file{{"README.md", []byte("ours")}}); err == nil {
		t.Error("place has replaced a folder")
	}
	if diff := cmp.Diff(map[string]string{"new/theirs": ""}, tree(t, parent)); diff != "" {
		t.Errorf("what is left (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"new"}, entries(t, parent)); diff != "" {
		t.Errorf("names left (-want +got):\n%s", diff)
	}
}

func TestCreateInAnEmptyRepository(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(dir, Options{Title: "Acme"}); err != nil {
		t.Fatal(err)
	}
	want := []string{".editorconfig", ".git", ".github", ".gitignore", ".vscode", "README.md", "catalog"}
	if diff := cmp.Diff(want, entries(t, dir)); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}
