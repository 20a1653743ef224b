package site

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/search"
	"github.com/signpost-dev/signpost/pkg/snapshot"
	"github.com/signpost-dev/signpost/pkg/snapshot/snapshottest"
)

// readAgain are the facts of files as the next reading brings them: nothing has happened.
func readAgain(t *testing.T, files []snapshot.File, after time.Duration) []snapshot.File {
	t.Helper()
	data, err := json.Marshal(files)
	if err != nil {
		t.Fatal(err)
	}
	var again []snapshot.File
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	for i := range again {
		f := &again[i]
		snapshottest.Later(f, after)
		for j := range f.Health {
			for k := range f.Health[j].Measures {
				f.Health[j].Measures[k].Value *= 1.01
			}
		}
		for j := range f.Objectives {
			f.Objectives[j].Actual -= 0.001
		}
	}
	return again
}

// wholeSite are all pages and data files of a portal but those of search.
func wholeSite(t *testing.T, p *portal.Portal) map[string]string {
	t.Helper()
	all := map[string]string{}
	renderer := newTestRenderer(t)
	note := func(page Page) {
		var b bytes.Buffer
		if err := renderer.Render(&b, page); err != nil {
			t.Fatal(err)
		}
		all[page.Path] = b.String()
	}
	for _, planned := range Plan(p, "", BuildFacts{Day: "2026-11-23"}) {
		note(planned.View())
	}
	pages := NewDocumentPages(p)
	for _, d := range p.Documents {
		note(pages.Page(d, "", nil, nil))
	}
	err := dataFiles(p, SiteOf(p, ""), BuildFacts{Day: "2026-11-23"}, "", func(path string, data []byte) error {
		all[path] = string(data)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestReadingsChangeNoOtherFile(t *testing.T) {
	before := wholeSite(t, livePortal(t, liveFiles()...))
	after := wholeSite(t, livePortal(t, readAgain(t, liveFiles(), 15*time.Minute)...))
	var changed []string
	for path := range maps.Keys(after) {
		if before[path] != after[path] {
			changed = append(changed, path)
		}
	}
	slices.Sort(changed)
	want := []string{"-/health.html", "build.js", "live/0.html", "live/0.js"}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Errorf("facts that were read again change other files (-want +got):\n%s", diff)
	}
	if len(before) != len(after) {
		t.Errorf("the site has %d files and then %d", len(before), len(after))
	}
}

// partsOf are what live/0.js says, by entity.
func partsOf(t *testing.T, site map[string]string) map[string]PartData {
	t.Helper()
	var data map[string]PartData
	if err := search.ReadDataFile([]byte(site["live/0.js"]), &data); err != nil {
		t.Fatal(err)
	}
	return data
}

func TestPartsHoldWhatReadingsChange(t *testing.T) {
	site := wholeSite(t, livePortal(t, liveFiles()...))
	web := partsOf(t, site)["service:web"]
	for _, facts := range web.Facts {
		want := [2]int64{liveNoon.Unix(), liveNoon.Add(30 * time.Minute).Unix()}
		if facts != want && facts != [2]int64{liveNoon.Unix(), liveNoon.Add(time.Hour).Unix()} { // those of PagerDuty
			t.Errorf("a fact was read at %v, want %v", facts, want)
		}
	}
	var figures []string
	for _, f := range web.Figures {
		figures = append(figures, strings.Join(f, " · "))
	}
	slices.Sort(figures)
	want := []string{"99.8\u00a0% · overspent by 12\u00a0%", "P99 210\u00a0ms, baseline 205\u00a0ms"}
	if diff := cmp.Diff(want, figures); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
	for path, entity := range map[string]string{"services/web.html": "service:web", "teams/core.html": "team:core", "services/api.html": "service:api"} {
		if want := `data-live="live/0 ` + entity + " " + partsOf(t, site)[entity].Digest + `"`; !strings.Contains(site[path], want) {
			t.Errorf("%s does not hold %s", path, want)
		}
	}
	for key := range web.Facts {
		if !strings.Contains(site["services/web.html"], `"`+key+" ") {
			t.Errorf("services/web.html has no place for the fact %s", key)
		}
	}
}

// What happens changes the digest by which a page that is open knows that it is outdated.
func TestPartsSayThatFactsHaveChanged(t *testing.T) {
	before := partsOf(t, wholeSite(t, livePortal(t, liveFiles()...)))
	files := liveFiles()
	files[0].Alerts[0].State = snapshot.Quiet
	after := partsOf(t, wholeSite(t, livePortal(t, files...)))
	if before["service:web"].Digest == after["service:web"].Digest {
		t.Error("an alert ends, and the page is told that nothing has changed")
	}
	if before["team:core"].Digest == after["team:core"].Digest {
		t.Error("the page of its team names services with alerts, and is told that nothing has changed")
	}
	if before["service:api"].Digest != after["service:api"].Digest {
		t.Error("the page of another service is told that something has changed")
	}
}

// A file tells of no more than a hundred entities or so, however many there are, and one
// more entity moves few others.
func TestPartsStaySmall(t *testing.T) {
	l := planner{Portal: &portal.Portal{}}
	for _, n := range []int{0, 1, 100, 101, 199, 201, 10_000, 25_000} {
		l.Entities = make([]*portal.Entity, n)
		if parts := int(l.parts()); n > parts*perPart || parts > 1 && n <= parts*perPart/2 {
			t.Errorf("%d entities are in %d files", n, parts)
		}
	}
}
