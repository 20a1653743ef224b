package browsertest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// repository makes a Git repository with the example's catalog in one commit, so that
// work on the real one cannot come between two builds.
func repository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "catalog"), os.DirFS("../../catalog")); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"commit", "-q", "-m", "The catalog"}} {
		c := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=Ada", "-c", "user.email=ada@larkspur.example"}, args...)...)
		if _, err := output(c); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// The same catalog on the same day gives the same bytes, whatever the hour, the zone
// and the number of processors.
func TestBuildIsReproducible(t *testing.T) {
	t.Parallel()
	catalog, sites := repository(t), t.TempDir()
	one, two := filepath.Join(sites, "one"), filepath.Join(sites, "two")
	if _, err := shared.build(catalog, one, "--base-url", baseURL); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(shared.program, "build", catalog, "--out", two, "--base-url", baseURL, "--now", now.Add(9*time.Hour+7*time.Minute).Format(time.RFC3339))
	c.Env = append(os.Environ(), "GOMAXPROCS=1", "TZ=Pacific/Auckland", "LC_ALL=C")
	if _, err := output(c); err != nil {
		t.Fatal(err)
	}
	first, second := files(t, one, ""), files(t, two, "")
	if !slices.Equal(first, second) {
		t.Fatalf("the first build has %d files, the second %d", len(first), len(second))
	}
	for _, file := range first {
		if !bytes.Equal(read(t, one, file), read(t, two, file)) {
			t.Errorf("%s differs from build to build", file)
		}
	}
}

// longList is how many services the catalog of longSite has.
const longList = 120

// longSite builds the site of a catalog whose list of services has several pages.
func longSite(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var services bytes.Buffer
	for n := range longList {
		fmt.Fprintf(&services, "---\napiVersion: signpost.dev/v1\nkind: service\nname: service-%03d\nowner: team:bakery\n", n)
	}
	catalog := filepath.Join(dir, "catalog")
	if err := os.Mkdir(catalog, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"signpost.yaml": ownersCatalog["signpost.yaml"], "team.yaml": ownersCatalog["team.yaml"], "services.yaml": services.String()} {
		if err := os.WriteFile(filepath.Join(catalog, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	site := filepath.Join(dir, "site")
	if _, err := shared.build(catalog, site); err != nil {
		t.Fatal(err)
	}
	return site
}
