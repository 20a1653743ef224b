package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// realData returns the folder of catalogs that others wrote. It is read in place and
// never copied.
func realData(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SIGNPOST_TESTDATA")
	if dir == "" {
		t.Skip("SIGNPOST_TESTDATA is not set: NOTHING OF THE REAL CATALOGS IS TESTED")
	}
	if _, err := os.Stat(filepath.Join(dir, "expected.json")); err != nil {
		t.Fatalf("SIGNPOST_TESTDATA is set, but: %v", err)
	}
	return dir
}

// signpost runs the program in this process.
func signpost(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(context.Background(), args, env{strings.NewReader(""), &out, &errs, func(string) string { return "" }})
	return status, out.String(), errs.String()
}

// checkReport is what `check --format json` prints.
type checkReport struct {
	Diagnostics []struct{ Code, File, Message string }
	Summary     struct{ Entities, Errors int }
}

func (c checkReport) count(code string) int {
	n := 0
	for _, d := range c.Diagnostics {
		if d.Code == code {
			n++
		}
	}
	return n
}

// importAndBuild imports a Backstage catalog, checks it and builds its site.
func importAndBuild(t *testing.T, source string) (checkReport, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "catalog")
	if status, _, stderr := signpost(t, "import", "backstage", source, "--out", dir); status != statusFine {
		t.Fatalf("import ended with %d:\n%s", status, stderr)
	}
	_, stdout, stderr := signpost(t, "check", dir, "--format", "json")
	var c checkReport
	if err := json.Unmarshal([]byte(stdout), &c); err != nil {
		t.Fatalf("check: %v\n%s", err, stderr)
	}
	site := filepath.Join(t.TempDir(), "site")
	if status, _, stderr := signpost(t, "build", dir, "--out", site, "--now", "2026-11-23"); status != statusFine {
		t.Fatalf("build ended with %d:\n%s", status, stderr)
	}
	return c, site
}

func TestRealBackstageCatalogs(t *testing.T) {
	data := realData(t)
	var expected struct {
		GiantSwarm struct {
			DistinctComponentNames, Groups, Components, Memberships int
			DuplicateNames, OwnersWithoutGroup, GroupParentsMissing []string
			Owners                                                  map[string]int // components of each
		} `json:"backstage-giantswarm"`
	}
	text, err := os.ReadFile(filepath.Join(data, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	want := expected.GiantSwarm

	t.Run("giantswarm", func(t *testing.T) {
		c, site := importAndBuild(t, filepath.Join(data, "backstage-giantswarm"))
		if got := c.count("duplicate-name"); got != want.Components-want.DistinctComponentNames {
			t.Errorf("%d duplicate names are reported, want %d", got, want.Components-want.DistinctComponentNames)
		}
		var names, owners, parents []string
		for _, d := range c.Diagnostics {
			quoted := strings.Split(d.Message, `"`)
			switch {
			case d.Code == "duplicate-name":
				names = append(names, quoted[1])
			case d.Code == "owner-exists":
				owners = append(owners, strings.TrimPrefix(strings.ToLower(quoted[1]), "team:"))
			case d.Code == "reference-dangling" && strings.HasPrefix(d.Message, "parent "):
				parents = append(parents, quoted[1])
			}
		}
		// Of a name that occurs twice, both may have such an owner.
		wantOwners := 0
		for _, name := range want.OwnersWithoutGroup {
			wantOwners += want.Owners[name]
		}
		if len(owners) != wantOwners {
			t.Errorf("%d owners without a group are reported, want %d", len(owners), wantOwners)
		}
		for i, list := range []struct {
			what      string
			got, want []string
		}{
			{"duplicate names", names, want.DuplicateNames},
			{"owners without a group", owners, want.OwnersWithoutGroup},
			{"missing parents", parents, want.GroupParentsMissing},
		} {
			slices.Sort(list.got)
			if diff := cmp.Diff(list.want, slices.Compact(list.got)); diff != "" {
				t.Errorf("%d: %s (-want +got):\n%s", i, list.what, diff)
			}
		}
		pages, err := filepath.Glob(filepath.Join(site, "services", "*.html"))
		if err != nil {
			t.Fatal(err)
		}
		if got := len(pages) - 1; got != want.DistinctComponentNames { // without the list's own page
			t.Errorf("%d services have a page, want %d", got, want.DistinctComponentNames)
		}
	})
	for _, name := range []string{"backstage-rhdh", "backstage-create-app"} {
		t.Run(name, func(t *testing.T) {
			c, site := importAndBuild(t, filepath.Join(data, name))
			if c.Summary.Entities == 0 {
				t.Error("nothing was imported")
			}
			for _, d := range c.Diagnostics {
				if d.Code == "schema" || d.Code == "unknown-field" || strings.HasPrefix(d.Code, "source-") {
					t.Errorf("the import wrote a descriptor that its own check refuses: %s: %s", d.File, d.Message)
				}
			}
			for _, page := range []string{"index.html", "-/health.html", "search/index.js"} {
				if _, err := os.Stat(filepath.Join(site, page)); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
