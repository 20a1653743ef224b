package backstage

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testData returns a folder of the shared test data.
func testData(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("SIGNPOST_TESTDATA")
	if root == "" {
		t.Skip("SIGNPOST_TESTDATA is not set: NOTHING was tested against real catalogs")
	}
	dir := filepath.Join(root, name)
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// expected reads what other tools have counted in a folder of the test data.
func expected(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(testData(t, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(all[name], into); err != nil {
		t.Fatal(err)
	}
}

func countsOf(counts []Count) map[string]int {
	all := map[string]int{}
	for _, c := range counts {
		all[c.Kind] = c.Count
	}
	return all
}

// A company's generated catalog: its real faults are found, and nothing else but
// that no team says how to reach it.
func TestCompanyCatalog(t *testing.T) {
	var want struct {
		Components, Groups, Memberships, DistinctComponentNames int
		DuplicateNames, OwnersWithoutGroup, GroupParentsMissing []string
		Owners                                                  map[string]int
		ComponentsWithTechdocsRef                               int
	}
	expected(t, "backstage-giantswarm", &want)
	report, files := imported(t, testData(t, "backstage-giantswarm"))
	if diff := cmp.Diff(map[string]int{"Component": want.Components, "Group": want.Groups}, countsOf(report.Found)); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	people := report.Count(Created)
	if diff := cmp.Diff(map[string]int{"service": want.Components, "team": want.Groups, "person": people}, countsOf(report.Made)); diff != "" {
		t.Errorf("made (-want +got):\n%s", diff)
	}
	if got := report.Count(Repeated); got != want.Components-want.DistinctComponentNames {
		t.Errorf("%d repeated names, want %d", got, want.Components-want.DistinctComponentNames)
	}

	c := loaded(t, files)
	repeated := map[string]bool{}
	for _, d := range c.Duplicates {
		repeated[d.Name.Text] = true
	}
	missingOwners, missingParents := map[string]bool{}, map[string]bool{}
	memberships, teams := 0, 0
	for _, e := range c.Entities {
		for _, r := range e.Relations {
			switch {
			case r.Field == "owner" && r.To == nil:
				missingOwners[r.Text] = true
			case r.Field == "parent" && r.To == nil:
				missingParents[r.Text] = true
			case r.Field == "members" && r.To != nil:
				memberships++
			}
		}
		if e.Team != nil {
			teams++
		}
	}
	wantFaults := []any{setOf(want.DuplicateNames), setOf(want.OwnersWithoutGroup), setOf(want.GroupParentsMissing), want.Memberships, want.Groups}
	gotFaults := []any{repeated, lower(missingOwners), missingParents, memberships, teams}
	if diff := cmp.Diff(wantFaults, gotFaults); diff != "" {
		t.Errorf("duplicates, owners, parents, memberships, teams (-want +got):\n%s", diff)
	}
	for code := range codesIn(t, files) {
		switch code {
		case "duplicate-name", "owner-exists", "reference-dangling", "owner-reachable":
		default:
			t.Errorf("check finds %s, which is no fault of the source", code)
		}
	}
}

func TestCatalogWithLocations(t *testing.T) {
	var want struct {
		YAMLFiles, Entities, LocationsTargets int
		Kinds                                 map[string]int
	}
	expected(t, "backstage-rhdh", &want)
	report, files := imported(t, testData(t, "backstage-rhdh"))
	got := []any{report.Files, report.Entities, report.Targets, countsOf(report.Found)}
	if diff := cmp.Diff([]any{want.YAMLFiles, want.Entities, want.LocationsTargets, want.Kinds}, got); diff != "" {
		t.Errorf("files, entities, targets, kinds (-want +got):\n%s", diff)
	}
	for code := range codesIn(t, files) {
		switch code {
		case "owner-exists", "reference-dangling", "owner-reachable", "owner-has-members":
		default:
			t.Errorf("check finds %s, which is no fault of the source", code)
		}
	}
	// The one Location that names all others brings the same as the folder, but
	// for what no Location leads to.
	one, _ := imported(t, filepath.Join(testData(t, "backstage-rhdh"), "catalog-entities/all.yaml"))
	if one.Entities != want.Entities-3 || one.Targets != want.LocationsTargets {
		t.Errorf("from all.yaml %d entities and %d targets", one.Entities, one.Targets)
	}
}

func TestEveryNewBackstage(t *testing.T) {
	var want struct {
		Entities int
		Kinds    map[string]int
	}
	expected(t, "backstage-create-app", &want)
	report, files := imported(t, testData(t, "backstage-create-app"))
	want.Kinds["Template"] = 1
	if diff := cmp.Diff(want.Kinds, countsOf(report.Found)); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	if len(report.Imported) != want.Entities || report.Count(Kept) != 1 || report.Failed() {
		t.Errorf("imported %d, kept %d, want %d and 1", len(report.Imported), report.Count(Kept), want.Entities)
	}
	if diff := cmp.Diff(map[string]int{"owner-reachable": 1}, codesIn(t, files)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestSingleFiles(t *testing.T) {
	report, files := imported(t, testData(t, "descriptors-mixed"))
	if report.Entities != 6 || len(report.Imported) != 5 || report.Count(Refused) != 1 {
		t.Errorf("%d entities, %d imported, %d refused", report.Entities, len(report.Imported), report.Count(Refused))
	}
	if diff := cmp.Diff(map[string]int{"owner-exists": 5, "reference-dangling": 4}, codesIn(t, files)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	report, files = imported(t, testData(t, "compass-examples"))
	if len(report.Imported) != 1 {
		t.Errorf("imported %v", report.Imported)
	}
	want := map[string]int{"owner-exists": 1, "reference-dangling": 4, "tier-oncall": 1, "tier-runbook": 1}
	if diff := cmp.Diff(want, codesIn(t, files)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
