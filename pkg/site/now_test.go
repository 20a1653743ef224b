package site

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const nightCatalog = `
-- signpost.yaml --
apiVersion: signpost.dev/v1
title: Acme
repository: {url: https://github.com/acme/catalog}
environments: [{name: production, title: Production}, {name: staging, title: Staging}]
-- all.yaml --
apiVersion: signpost.dev/v1
kind: person
name: cy
title: Cy Reed
github: cy-reed
email: cy@acme.example
---
apiVersion: signpost.dev/v1
kind: team
name: core
members: [person:cy]
channel: https://chat.acme.example/core
oncall: {provider: pagerduty, schedule: P1, page: "https://acme.pagerduty.example/P1"}
-- web/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: web
title: Web
owner: team:core
tier: 1
runbook: runbooks/main.md
environments:
  production: {deployments: {provider: github, environment: production}}
-- web/runbooks/main.md --
# What is usual
-- web/runbooks/slow.md --
---
alerts: [WebSlow]
---
# The site is slow
-- low/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: low
title: Low
owner: team:core
tier: 3
-- low/postmortems/hit.md --
---
date: 2026-10-01
services: [service:web]
---
# Low took web with it
`

// nightFiles are three providers that know of nothing wrong.
func nightFiles() []snapshot.File {
	file := func(name string) snapshot.File {
		return snapshot.File{Version: 1, Provider: name, Type: name, Tried: liveNoon, Fetched: liveNoon}
	}
	files := []snapshot.File{file("alertmanager"), file("github"), file("pagerduty")}
	files[1].Deployments = []snapshot.Deployment{
		{About: aboutWeb("d1", "production"), Version: "1.0", State: snapshot.Inactive, By: "Bob", At: minutes(-600)},
		{About: aboutWeb("d2", "production"), Version: "1.1", State: snapshot.Succeeded, By: "cy-reed", At: minutes(-40)},
		{About: aboutWeb("d3", "production"), Version: "1.2", State: snapshot.RolledBack, At: minutes(-20)},
	}
	files[2].OnCall = []snapshot.OnCall{{
		About: snapshot.About{ID: "s1", Entity: "team:core", Observed: liveNoon}, Level: 1, Now: "cy@acme.example", Until: minutes(60), Next: "Bob",
	}}
	return files
}

// badNight adds what may be wrong at once.
func badNight(files []snapshot.File) []snapshot.File {
	files[0].Alerts = []snapshot.Alert{
		{About: aboutWeb("a1", "production"), Name: "WebSlow", State: snapshot.Firing, Severity: "page", Summary: "P99 above 2 s", Since: minutes(-5)},
		{About: snapshot.About{ID: "a2", Entity: "service:low", Observed: liveNoon}, Name: "LowSlow", State: snapshot.Firing},
	}
	files[2].Incidents = []snapshot.Incident{{
		About: aboutWeb("Q1", ""), Title: "Web is slow", State: snapshot.Acknowledged, Severity: "high", Opened: minutes(-15), Responders: []string{"Cy Reed", "Dee"},
	}}
	return files
}

func nightPortal(t *testing.T, files ...snapshot.File) *portal.Portal {
	t.Helper()
	in := portalOf(t, nightCatalog).Input
	in.Snapshots = files
	return portal.New(in)
}

// sectionText is what a section of a page says.
func sectionText(t *testing.T, doc *html.Node, id string) string {
	t.Helper()
	found := elements(doc, with("id", id))
	if len(found) != 1 {
		t.Fatalf("the page has %d sections %s", len(found), id)
	}
	return shown(found[0])
}

func TestNowPageOfAGoodNight(t *testing.T) {
	p := nightPortal(t, nightFiles()...)
	doc := livePage(t, p, "now/web.html")
	for id, want := range map[string]string{
		"sp-now": "Wrong now No open incident and no alert is known. " +
			"Alertmanager, as of the last reading · PagerDuty, as of the last reading",
		"sp-runbooks":     "What to do What is usual main runbook",
		"sp-environments": "What runs Production 1.1 Rolled back 1.2 23 Nov 2026, 11:40 UTC Before: 1.0 · Deployed 23 Nov 2026, 11:20 UTC by Cy Reed GitHub, as of the last reading",
		"sp-postmortems":  "Last postmortems Low took web with it 1 Oct 2026",
	} {
		if diff := cmp.Diff(want, sectionText(t, doc, id)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
	var blades []string
	for _, b := range elements(doc, class("blade")) {
		blades = append(blades, attribute(b, "data-answer")+" "+attribute(elements(b, tag("a"))[0], "href"))
	}
	want := []string{"oncall ../people/cy.html", "page https://acme.pagerduty.example/P1", "channel https://chat.acme.example/core"}
	if diff := cmp.Diff(want, blades); diff != "" {
		t.Errorf("ways to people (-want +got):\n%s", diff)
	}
	if len(elements(doc, with("href", "../services/web.html"))) == 0 {
		t.Error("nothing leads to the whole page")
	}
	if len(elements(livePage(t, p, "services/web.html"), with("href", "../now/web.html"))) == 0 {
		t.Error("nothing leads here from the whole page")
	}
	if _, ok := pagesOf(t, p)["now/low.html"]; ok {
		t.Error("a service of tier 3 has such a page too")
	}
}

func TestNowPageOfABadNight(t *testing.T) {
	p := nightPortal(t, badNight(nightFiles())...)
	doc := livePage(t, p, "now/web.html")
	want := "Wrong now Web is slow Incident open, acknowledged 23 Nov 2026, 11:45 UTC · severity high Responding: Cy Reed , Dee " +
		"WebSlow P99 above 2 s Alert firing 23 Nov 2026, 11:55 UTC · severity page · Production " +
		"Alertmanager, as of the last reading · PagerDuty, as of the last reading"
	if diff := cmp.Diff(want, strings.ReplaceAll(sectionText(t, doc, "sp-now"), "Cy Reed, Dee", "Cy Reed , Dee")); diff != "" {
		t.Errorf("what is wrong (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("What to do The site is slow for WebSlow What is usual main runbook", sectionText(t, doc, "sp-runbooks")); diff != "" {
		t.Errorf("runbooks (-want +got):\n%s", diff)
	}
	service := sectionText(t, livePage(t, p, "services/web.html"), "sp-now")
	for _, want := range []string{"Responding: Cy Reed", "What to do: The site is slow", "Last postmortems: Low took web with it"} {
		if !strings.Contains(service, want) {
			t.Errorf("the service's page lacks %q: %q", want, service)
		}
	}
}

// An address outside is shown beside the runbooks of the catalog, if it leads to none of them.
func TestRunbookOutside(t *testing.T) {
	for address, want := range map[string]string{
		"https://wiki.acme.example/slow":                                       "What to do: The site is slow, Runbook",
		"https://github.com/acme/catalog/blob/main/web/runbooks/main.md#first": "What to do: What is usual, The site is slow",
		"javascript:alert(1)":                                                  "What to do: The site is slow",
	} {
		files := badNight(nightFiles())
		files[0].Alerts[0].Runbook = address
		got := sectionText(t, livePage(t, nightPortal(t, files...), "services/web.html"), "sp-now")
		if got = strings.ReplaceAll(got, " , ", ", "); !strings.Contains(got, want+" Alertmanager") {
			t.Errorf("an alert that leads to %s: %q, want %q", address, got, want)
		}
	}
}

// What is not known is said, and never in words for what is well.
func TestNowPageSaysWhatItDoesNotKnow(t *testing.T) {
	files := nightFiles()
	files[0].Problem = &snapshot.Problem{Kind: snapshot.Timeout, Since: minutes(-10)}
	files[1].Deployments = nil
	doc := livePage(t, nightPortal(t, files...), "now/web.html")
	if got := sectionText(t, doc, "sp-now"); !strings.HasPrefix(got, "Wrong now No open incident and no alert is known. Alertmanager, as of 23 Nov 2026, 12:00 UTC could not be read since 23 Nov 2026, 11:50 UTC · PagerDuty") {
		t.Errorf("a system could not be read, and the page says %q", got)
	}
	if got := sectionText(t, doc, "sp-environments"); got != "What runs Production Unknown what runs" {
		t.Errorf("nothing tells of deployments, and the page says %q", got)
	}
	doc = livePage(t, nightPortal(t, nightFiles()[1]), "now/web.html")
	if got := sectionText(t, doc, "sp-now"); got != "Wrong now Unknown: no live system that tells of incidents or alerts is asked." {
		t.Errorf("nobody is asked, and the page says %q", got)
	}
	doc = livePage(t, nightPortal(t), "now/web.html")
	for _, id := range []string{"sp-now", "sp-environments"} {
		if n := len(elements(doc, with("id", id))); n > 0 {
			t.Errorf("there are no live systems, and the page has %s", id)
		}
	}
	for _, state := range elements(doc, class("good")) {
		t.Errorf("nothing is known, and the page says %q", text(state))
	}
}

const nowBudget = 20 << 10

// TestNowPageIsBounded wants one screen of a service about which there is more of everything
// than anybody has seen.
func TestNowPageIsBounded(t *testing.T) {
	const many = 200
	long := strings.Repeat("long-", 300)
	var archive strings.Builder
	archive.WriteString(strings.Replace(nightCatalog, "kind: team\nname: core\nmembers: [person:cy]", "kind: team\nname: core\nmembers: [person:cy]\n"+
		"rotations:\n  - {name: primary, timezone: UTC, start: 2026-01-05, handoff: \"00:00\", length: 1h, participants: ["+hourly(60)+"]}", 1))
	catalogText := strings.Replace(archive.String(), `oncall: {provider: pagerduty, schedule: P1, page: "https://acme.pagerduty.example/P1"}`, "oncall: {rotation: primary}", 1)
	archive.Reset()
	archive.WriteString(catalogText)
	for i := range 60 {
		fmt.Fprintf(&archive, "-- people/p%d.yaml --\napiVersion: signpost.dev/v1\nkind: person\nname: person-number-%d\ntitle: Somebody With Several Names %d\n", i, i, i)
	}
	for i := range many {
		fmt.Fprintf(&archive, "-- web/runbooks/r%d.md --\n---\ntitle: %s\nalerts: [WebSlow, %q]\n---\n-- web/postmortems/p%d.md --\n---\ntitle: %s\n---\n", i, long[:190]+fmt.Sprint(i), long, i, long[:190]+fmt.Sprint(i))
	}
	in := portalOf(t, archive.String()).Input
	files := badNight(nightFiles())
	for i := range many {
		about := snapshot.About{ID: fmt.Sprint(i), Entity: "service:web", Environment: fmt.Sprintf("place-%d", i), Observed: liveNoon, URL: "https://live.example/" + long}
		files[0].Alerts = append(files[0].Alerts, snapshot.Alert{About: about, Name: long, State: snapshot.Firing, Severity: long, Summary: long, Runbook: about.URL, Since: minutes(-1)})
		files[1].Deployments = append(files[1].Deployments, snapshot.Deployment{About: about, Version: long, Commit: long, State: snapshot.Succeeded, By: long, Log: about.URL, Previous: long, Rollout: 10, At: minutes(-1)})
		files[1].Health = append(files[1].Health, snapshot.Health{About: about, State: snapshot.Unhealthy, Message: long}, snapshot.Health{About: about, State: snapshot.Healthy, Message: long})
		files[2].Incidents = append(files[2].Incidents, snapshot.Incident{About: about, Title: long, Severity: long, Responders: []string{long, long, long, long, long}, Opened: minutes(-1)})
		other := snapshot.File{Version: 1, Provider: fmt.Sprintf("%s-%d", long[:90], i), Type: "alertmanager", Tried: liveNoon}
		files = append(files, other)
	}
	in.Snapshots = files
	p := portal.New(in)
	page := pagesOf(t, p)["now/web.html"]
	var b bytes.Buffer
	if err := newTestRenderer(t).Render(&b, page); err != nil {
		t.Fatal(err)
	}
	t.Logf("the page has %d bytes", b.Len())
	if b.Len() > nowBudget {
		t.Errorf("the page has %d bytes, the budget is %d", b.Len(), nowBudget)
	}
	doc, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	for id, most := range map[string]int{"sp-now": nowAlarms, "sp-runbooks": nowRunbooks + 1, "sp-environments": nowPlaces, "sp-postmortems": nowPostmortems} {
		section := elements(doc, with("id", id))[0]
		if n := len(elements(section, tag("li"))); n != most {
			t.Errorf("%s has %d rows, want %d", id, n, most)
		}
	}
	for _, to := range []string{"../services/web.html#sp-now", "../services/web.html#sp-environments"} {
		if len(elements(doc, with("href", to))) == 0 {
			t.Errorf("nothing leads to the rest at %s", to)
		}
	}
}

// hourly are the participants of a rotation.
func hourly(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("person:person-number-%d", i))
	}
	return strings.Join(all, ", ")
}

func TestHappeningNow(t *testing.T) {
	files := badNight(nightFiles())
	files[1].Problem = &snapshot.Problem{Kind: snapshot.Auth, Since: minutes(-10)}
	doc := livePage(t, nightPortal(t, files...), homePage)
	now := elements(doc, with("aria-labelledby", "sp-happening"))[0]
	want := "Happening now Open, acknowledged Web is slow severity high · 23 Nov 2026, 11:45 UTC Web " +
		"Alert firing WebSlow severity page · 23 Nov 2026, 11:55 UTC Web " +
		"Alertmanager, as of the last reading · PagerDuty, as of the last reading " +
		"Could not be read: GitHub since 23 Nov 2026, 11:50 UTC " +
		"On call for tier 1 PagerDuty Cy Reed until 23 Nov 2026, 13:00 UTC, then Bob; by PagerDuty Web"
	if diff := cmp.Diff(want, shown(now)); diff != "" {
		t.Errorf("the home page (-want +got):\n%s", diff)
	}
	for _, to := range []string{"incidents/pagerduty-q1.html", "now/web.html", "-/health.html#sp-providers", "people/cy.html"} {
		if len(elements(now, with("href", to))) == 0 {
			t.Errorf("nothing leads to %s", to)
		}
	}
	doc = livePage(t, nightPortal(t, nightFiles()...), homePage)
	if got := shown(elements(doc, class("happening"))[0]); !strings.HasPrefix(got, "No open incident is known, and no alert of tier 1. Alertmanager, as of") {
		t.Errorf("of a good night the home page says %q", got)
	}
	doc = livePage(t, nightPortal(t, nightFiles()[1]), homePage)
	if got := shown(elements(doc, class("happening"))[0]); got != "Unknown: no live system that tells of incidents or alerts is asked." {
		t.Errorf("nobody is asked, and the home page says %q", got)
	}
}

// The home page does not grow with what is wrong.
func TestHappeningNowIsBounded(t *testing.T) {
	size := func(n int) (length int, more string) {
		files := nightFiles()
		for i := range n {
			about := snapshot.About{ID: fmt.Sprint(i), Entity: "service:web", Observed: liveNoon}
			files[0].Alerts = append(files[0].Alerts, snapshot.Alert{About: about, Name: "WebSlow", State: snapshot.Firing})
			files[2].Incidents = append(files[2].Incidents, snapshot.Incident{About: about, Title: "Slow", Opened: minutes(-1), Also: []string{"service:low"}})
			other := snapshot.File{Version: 1, Provider: fmt.Sprintf("p%04d", i), Type: "datadog", Problem: &snapshot.Problem{Since: liveNoon}}
			files = append(files, other)
		}
		p := nightPortal(t, files...)
		view := pagesOf(t, p)[homePage].Data.(HomeView)
		var b bytes.Buffer
		if err := newTestRenderer(t).Render(&b, Page{Path: homePage, Template: "home.html", Data: view}); err != nil {
			t.Fatal(err)
		}
		return b.Len(), view.Now.More.Text + " at " + view.Now.More.Href
	}
	some, more := size(50)
	if want := "92 more at incidents/index.html"; more != want {
		t.Errorf("the rest is %q, want %q", more, want)
	}
	if many, _ := size(500); many > some+100 {
		t.Errorf("with ten times as much wrong the home page grows from %d to %d bytes", some, many)
	}
}

// TestWhatFactsNameReachesTheirPages changes what facts lead to in the catalog. Every page that
// comes out differently has to have said that it might.
func TestWhatFactsNameReachesTheirPages(t *testing.T) {
	drawnWith := func(change func(string) string) (map[string]string, func(string) string) {
		in := portalOf(t, change(nightCatalog)).Input
		in.Snapshots = badNight(nightFiles())
		drawn, reached := drawnPages(t, portal.New(in))
		return drawn, func(path string) string { d := reached[path]; return string(d[:]) }
	}
	before, reachedBefore := drawnWith(func(s string) string { return s })
	for name, change := range map[string][2]string{
		"a person's name":         {"title: Cy Reed", "title: Cy Stone"},
		"a person's login":        {"github: cy-reed", "github: cy-stone"},
		"a person leaves":         {"github: cy-reed", "github: cy-reed\nleft: 2026-11-01"},
		"another of that name":    {"-- low/service.yaml --", "-- low/person.yaml --\napiVersion: signpost.dev/v1\nkind: person\nname: other\ntitle: Cy Reed\n-- low/service.yaml --"},
		"a runbook's title":       {"# The site is slow", "# The site has slowed"},
		"the alerts of a runbook": {"alerts: [WebSlow]", "alerts: [Other]"},
		"the main runbook":        {"# What is usual", "# What else"},
		"a postmortem of another": {"# Low took web with it", "# Low took it down"},
		"what a postmortem says":  {"services: [service:web]", "services: [service:low]"},
	} {
		t.Run(name, func(t *testing.T) {
			after, reached := drawnWith(func(s string) string { return strings.Replace(s, change[0], change[1], 1) })
			var changed []string
			for path := range after {
				if before[path] == after[path] {
					continue
				}
				changed = append(changed, path)
				if reachedBefore(path) == reached(path) {
					t.Errorf("%s comes out differently and did not say that it might", path)
				}
			}
			if len(changed) == 0 {
				t.Error("no page shows it")
			}
		})
	}
}

// How a provider was read stands on the page though it knows nothing of the service. That it
// was read again, scripts know.
func TestReadingsReachNowPages(t *testing.T) {
	page := func(files []snapshot.File) (string, string) {
		drawn, reached := drawnPages(t, nightPortal(t, files...))
		d := reached["now/web.html"]
		return drawn["now/web.html"], string(d[:])
	}
	before, reachedBefore := page(nightFiles())
	again := readAgain(t, nightFiles(), time.Minute)
	if after, reached := page(again); before != after || reachedBefore != reached {
		t.Error("facts were read again, and the page is drawn again")
	}
	for name, change := range map[string]func(*snapshot.File){
		"not read":    func(f *snapshot.File) { f.Problem = &snapshot.Problem{Since: liveNoon} },
		"not of this": func(f *snapshot.File) { f.Problems = []snapshot.Problem{{Entity: "service:web", Since: liveNoon}} },
		"renamed":     func(f *snapshot.File) { f.Provider = "alerts" },
	} {
		files := nightFiles()
		change(&files[0])
		after, reached := page(files)
		if before == after {
			t.Errorf("%s: the page says what it said", name)
		}
		if reachedBefore == reached {
			t.Errorf("%s: the page did not say that it depends on it", name)
		}
	}
}
