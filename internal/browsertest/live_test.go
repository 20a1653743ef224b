package browsertest

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/snapshot"
	"github.com/signpost-dev/signpost/pkg/snapshot/snapshottest"
)

// liveSite is the site of the example with a store of its own, to be fetched and published
// again.
type liveSite struct {
	testing.TB
	store, folder string
}

func newLiveSite(t *testing.T) *liveSite {
	t.Helper()
	dir := t.TempDir()
	s := &liveSite{t, filepath.Join(dir, "store"), filepath.Join(dir, "site")}
	if err := os.CopyFS(s.store, os.DirFS("../../catalog/snapshots")); err != nil {
		t.Fatal(err)
	}
	s.fetch(0, nil) // the store is as the program writes it
	s.publish()
	return s
}

func (s *liveSite) publish() {
	s.Helper()
	if _, err := shared.build("../..", s.folder, "--base-url", baseURL, "--snapshots", s.store); err != nil {
		s.Fatal(err)
	}
}

// fetch brings all facts as a reading brings them that comes after a while. happened may
// change them, and may be nil.
func (s *liveSite) fetch(after time.Duration, happened func(*snapshot.File)) {
	s.Helper()
	store, err := snapshot.Create(s.store)
	if err != nil {
		s.Fatal(err)
	}
	defer store.Close()
	files, err := store.Read()
	if err != nil {
		s.Fatal(err)
	}
	for _, f := range files {
		if f.Problem != nil {
			continue // it still cannot be read
		}
		snapshottest.Later(&f, after)
		for i := range f.Health {
			for j, m := range f.Health[i].Measures {
				f.Health[i].Measures[j].Value *= 2
				if m.Baseline != nil {
					*m.Baseline *= 2 // so that it is as near as before
				}
			}
		}
		if happened != nil {
			happened(&f)
		}
		if err := store.Write(f); err != nil {
			s.Fatal(err)
		}
	}
}

// digests are those of all files of the site.
func (s *liveSite) digests() map[string][32]byte {
	s.Helper()
	all := map[string][32]byte{}
	err := fs.WalkDir(os.DirFS(s.folder), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			return err
		}
		data, err := os.ReadFile(filepath.Join(s.folder, path))
		all[path] = sha256.Sum256(data)
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return all
}

// A scheduled publish, when facts are newer and nothing has happened, changes the files in
// live/, build.js, the health page and the manifest, and no other.
func TestScheduledPublishTouchesLiveAlone(t *testing.T) {
	t.Parallel()
	s := newLiveSite(t)
	before := s.digests()
	s.fetch(15*time.Minute, nil)
	s.publish()
	changed := map[string]bool{}
	for path, digest := range s.digests() {
		if before[path] != digest {
			changed[filepath.Dir(path)+"/"+filepath.Ext(path)] = true
		}
	}
	want := []string{"-/.html", "./.js", "./.json", "live/.html", "live/.js"} // with the manifest
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(changed))); diff != "" {
		t.Errorf("folders and kinds of files that changed (-want +got):\n%s", diff)
	}
}

// What an open page says is as old as the last reading, and follows it.
func TestOpenPagesFollowReadings(t *testing.T) {
	t.Parallel()
	s := newLiveSite(t)
	b := newTab(t, view{site: s.folder})
	b.open("services/payments-api.html")
	b.wait("the age of facts", `document.querySelector("#sp-environments [data-asof] time")?.textContent === "20 minutes ago"`)
	before := b.text("#sp-environments .measure")
	if !strings.Contains(before, "baseline") || !strings.ContainsAny(before, "0123456789") {
		t.Errorf("the page shows no figures: %q", before)
	}
	s.fetch(15*time.Minute, nil)
	s.publish()
	b.look()
	b.wait("newer facts", `document.querySelector("#sp-environments [data-asof] time")?.textContent === "5 minutes ago"`)
	if after := b.text("#sp-environments .measure"); after == before {
		t.Errorf("figures are still %q", after)
	}
	// The reader goes on to a time at which nothing newer has come.
	later := fmt.Sprintf(`(testClock.set(%d), document.dispatchEvent(new Event("visibilitychange")), true)`, now.Add(400*24*time.Hour).UnixMilli())
	eval[bool](b, later)
	b.wait("the words for what is out of date", `document.querySelector("#sp-environments .stale .old")?.checkVisibility()`)
	b.wait("the notice at the top", `document.querySelector("[data-outdated]")?.textContent.includes("last year")`)
	got := strings.Join(strings.Fields(b.text("#sp-environments")), " ")
	for _, want := range []string{"Unknown was healthy", "Prometheus, out of date, as of last year", "Argo CD, out of date, as of last year"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page does not say %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, " Healthy") {
		t.Errorf("what is not known is shown as healthy:\n%s", got)
	}
	b.open("-/environments/index.html")
	b.wait("the ages of facts", `/Z$/.test(document.querySelector(".placed [data-stale]").dataset.stale)`)
	eval[bool](b, later)
	b.wait("the words of the matrix", `document.querySelector(".placed .old")?.textContent.includes("Unknown, was")`)
}

// look makes an open page look whether there are newer facts, as it does once a minute.
func (b *tab) look() {
	b.Helper()
	eval[bool](b, `(document.dispatchEvent(new Event("visibilitychange")), true)`)
}

// What happens while a page is open is shown there; what the reader has opened stays open.
func TestOpenPagesShowWhatHappens(t *testing.T) {
	t.Parallel()
	s := newLiveSite(t)
	b := newTab(t, view{site: s.folder})
	b.open("services/payments-api.html")
	b.wait("the age of facts", `document.querySelector("#sp-environments [data-asof] time")`)
	b.click("#sp-environments summary")
	eval[bool](b, `(document.activeElement.blur(), document.body.dataset.same = "yes", true)`)
	s.fetch(15*time.Minute, func(f *snapshot.File) {
		if f.Provider != "alertmanager" {
			return
		}
		f.Alerts = append(f.Alerts, snapshot.Alert{
			About: snapshot.About{ID: "new", Entity: "service:payments-api", Environment: "production", Observed: f.Fetched},
			Name:  "CardsRefused", State: snapshot.Firing, Since: f.Fetched, Severity: "critical",
		})
	})
	s.publish()
	b.look()
	b.wait("the alert", `document.querySelector("#sp-now")?.textContent.includes("CardsRefused")`)
	b.wait("its age", `document.querySelector("#sp-now [data-asof] time")?.textContent === "5 minutes ago"`)
	if !eval[bool](b, `document.body.dataset.same === "yes" && document.querySelector("#sp-environments details").open`) {
		t.Error("the page was loaded again, or what was open is closed")
	}
	if got := b.text("main dl.facts"); !strings.Contains(got, "wrong") {
		t.Errorf("the title does not say that something is wrong: %q", got)
	}
}

// From a folder on disk there is nothing newer, and ages are right all the same.
func TestReadingsFromDisk(t *testing.T) {
	t.Parallel()
	b := newTab(t, view{disk: true})
	b.open("services/payments-api.html")
	b.wait("the age of facts", `document.querySelector("#sp-environments [data-asof] time")?.textContent === "20 minutes ago"`)
}

// Without scripts a page leads to when its facts were read.
func TestReadingsWithoutScript(t *testing.T) {
	t.Parallel()
	b := newTab(t, view{noScript: true})
	b.open("services/payments-api.html")
	b.click(`main a[href^="../live/"]`)
	b.wait("the readings", `location.href.includes("/live/") && document.readyState === "complete"`)
	section := "section" + eval[string](b, `location.hash`)
	if got := b.text(section); !strings.Contains(got, "P99") || !strings.Contains(got, "23 Nov 2026, 09:40 UTC") {
		t.Errorf("the readings of payments-api say %q", got)
	}
}
