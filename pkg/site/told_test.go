package site

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const liveCatalog = `
-- signpost.yaml --
apiVersion: signpost.dev/v1
title: Acme
repository: {url: https://github.com/acme/catalog}
environments: [{name: production, title: Production}, {name: canary, title: Canary}, {name: staging, title: Staging}]
providers:
  github: {staleAfter: 30m}
  pagerduty: {}
-- all.yaml --
apiVersion: signpost.dev/v1
kind: team
name: core
email: core@acme.example
oncall: {provider: pagerduty, schedule: P1}
---
apiVersion: signpost.dev/v1
kind: team
name: other
email: other@acme.example
---
apiVersion: signpost.dev/v1
kind: service
name: api
owner: team:other
-- web/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: web
owner: team:core
tier: 1
repository: github:acme/web
dependsOn: [service:api]
environments:
  production: {region: eu-1}
-- web/runbooks/slow.md --
---
alerts: [Slow]
---
# Slow
-- web/postmortems/slow.md --
---
incident: Q1
---
# It was slow
`

var liveNoon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func minutes(n int) time.Time { return liveNoon.Add(time.Duration(n) * time.Minute) }

func aboutWeb(id, environment string) snapshot.About {
	return snapshot.About{ID: id, Entity: "service:web", Environment: environment, Observed: liveNoon, URL: "https://live.example/" + id}
}

const (
	oneCommit   = "1111111111111111111111111111111111111111"
	otherCommit = "2222222222222222222222222222222222222222"
)

// liveFiles are two providers with a fact of every kind.
func liveFiles() []snapshot.File {
	usual := 205.0
	github := snapshot.Facts{
		Deployments: []snapshot.Deployment{
			{About: aboutWeb("d1", "production"), Version: "1.0", Commit: oneCommit, State: snapshot.Succeeded, By: "Ada", At: minutes(-40), Log: "https://live.example/log/1"},
			{About: aboutWeb("d2", "staging"), Version: "1.1", Commit: otherCommit, State: snapshot.Succeeded, At: minutes(-30), Rollout: 10, Previous: "1.0"},
			{About: aboutWeb("d3", "staging"), Version: "1.2", State: snapshot.Failed, By: "Bob", At: minutes(-20), Log: "https://live.example/log/3"},
			{About: snapshot.About{ID: "d4", Entity: "service:api", Environment: "production", Observed: liveNoon}, Version: "7", State: snapshot.Succeeded, At: minutes(-35)},
		},
		Health: []snapshot.Health{
			{About: aboutWeb("h1", "production"), State: snapshot.Healthy, Measures: []snapshot.Measure{{Name: "P99", Value: 210, Unit: "ms", Baseline: &usual}}},
			{About: aboutWeb("h2", "staging"), State: "odd"},
		},
		Releases:     []snapshot.Release{{About: aboutWeb("r1", ""), Version: "1.0", At: minutes(-50)}},
		Runs:         []snapshot.Run{{About: aboutWeb("w1", ""), Name: "CI", State: snapshot.Failed, At: minutes(-10)}},
		Repositories: []snapshot.Repository{{About: aboutWeb("p1", ""), Name: "acme/web", Archived: true}},
		Alerts:       []snapshot.Alert{{About: aboutWeb("a1", "production"), Name: "Slow", State: snapshot.Firing, Since: minutes(-5), Runbook: "https://live.example/runbook"}},
		Objectives:   []snapshot.Objective{{About: aboutWeb("o1", ""), Name: "Answers", Target: 99.9, Actual: 99.8, Budget: -12, Window: "30d"}},
		Foreign: []snapshot.Foreign{
			{ID: "f1", Kind: "repository", Name: "acme/lost", State: "active", URL: "https://github.com/acme/lost", Fix: "repository: github:acme/lost"},
			{ID: "f2", Kind: "repository", State: "missing", Entity: "service:web"},
		},
	}
	pagerduty := snapshot.Facts{
		OnCall: []snapshot.OnCall{
			{About: snapshot.About{ID: "s1", Entity: "team:core", Observed: liveNoon}, Level: 1, Now: "Ada", Until: minutes(60), Next: "Bob"},
			{About: snapshot.About{ID: "s2", Entity: "team:core", Observed: liveNoon}, Level: 2, Until: minutes(60), Next: "Cy"},
		},
		Incidents: []snapshot.Incident{{
			About: aboutWeb("Q1", ""), Title: "Web is slow", State: snapshot.Acknowledged, Severity: "high",
			Opened: minutes(-15), Acknowledged: minutes(-11), Responders: []string{"Ada"}, Also: []string{"service:api"},
		}},
	}
	return []snapshot.File{
		{Version: 1, Provider: "github", Type: "github", Tried: liveNoon, Fetched: liveNoon, Facts: github},
		{Version: 1, Provider: "pagerduty", Type: "pagerduty", Tried: liveNoon, Fetched: liveNoon, Facts: pagerduty},
	}
}

// livePortal is the catalog of this file with snapshots.
func livePortal(t *testing.T, files ...snapshot.File) *portal.Portal {
	t.Helper()
	in := portalOf(t, liveCatalog).Input
	in.Snapshots = files
	return portal.New(in)
}

// livePage draws one page and parses it.
func livePage(t *testing.T, p *portal.Portal, path string) *html.Node {
	t.Helper()
	page, ok := pagesOf(t, p)[path]
	if !ok {
		t.Fatalf("there is no page %s", path)
	}
	return draw(t, newTestRenderer(t), page)
}

// tableRows are the texts of a section's rows, cell by cell.
func tableRows(t *testing.T, doc *html.Node, id string) [][]string {
	t.Helper()
	found := elements(doc, with("id", id))
	if len(found) != 1 {
		t.Fatalf("the page has %d sections %s", len(found), id)
	}
	var rows [][]string
	table := elements(found[0], tag("tbody"))[0]
	for _, row := range elements(table, tag("tr")) {
		var cells []string
		for _, cell := range elements(row, func(n *html.Node) bool { return n.Data == "td" || n.Data == "th" }) {
			cells = append(cells, shown(cell))
		}
		rows = append(rows, cells)
	}
	return rows
}

// shown is the text of an element without what stands there for facts that are too old.
func shown(n *html.Node) string {
	var parts []string
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			parts = append(parts, strings.ReplaceAll(n.Data, "\u00a0", " "))
		}
		if n.Type == html.ElementNode && class("old")(n) {
			return
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

func TestEnvironmentsSayWhatRuns(t *testing.T) {
	doc := livePage(t, livePortal(t, liveFiles()...), "services/web.html")
	as := " GitHub , as of the last reading"
	want := [][]string{
		{"Production eu-1", "1.0", "Deployed 23 Nov 2026, 11:20 UTC by Ada · Log" + as, "Healthy P99 near its baseline" + as},
		{
			"Staging differs from Production", "1.1 10 % of the traffic, the rest has 1.0",
			"Deployed 23 Nov 2026, 11:30 UTC" + as + " Failed 1.2 23 Nov 2026, 11:40 UTC by Bob · Log" + as, "Unknown" + as,
		},
	}
	if diff := cmp.Diff(want, tableRows(t, doc, "sp-environments")); diff != "" {
		t.Errorf("environments (-want +got):\n%s", diff)
	}
	var compare string
	for _, a := range elements(doc, tag("a")) {
		if text(a) == "differs from Production" {
			compare = attribute(a, "href")
		}
	}
	if want := "https://github.com/acme/web/compare/" + oneCommit + "..." + otherCommit; compare != want {
		t.Errorf("the difference is shown at %q, want %q", compare, want)
	}
}

func TestStatesInWords(t *testing.T) {
	for state, want := range map[snapshot.HealthState]string{
		snapshot.Healthy: "good Healthy", snapshot.Progressing: "info Progressing", snapshot.Degraded: "warning Degraded",
		snapshot.Unhealthy: "bad Unhealthy", snapshot.Unknown: "unknown Unknown", "": "unknown Unknown",
	} {
		s := stateOf(healthStates, state)
		if got := string(s.State) + " " + s.Word; got != want {
			t.Errorf("health %q is %q, want %q", state, got, want)
		}
	}
	for state, want := range map[snapshot.DeploymentState]string{
		snapshot.Queued: "info Queued", snapshot.Running: "info Deploying", snapshot.Failed: "bad Failed",
		snapshot.Cancelled: "warning Cancelled", snapshot.RolledBack: "warning Rolled back", "odd": "unknown Unknown",
	} {
		s := stateOf(deploymentStates, state)
		if got := string(s.State) + " " + s.Word; got != want {
			t.Errorf("deployment %q is %q, want %q", state, got, want)
		}
	}
}

// How far environments lie apart is said in commits, and does not change with every push.
func TestEnvironmentsSayHowFarTheyAreApart(t *testing.T) {
	rows := func(production, staging int) string {
		files := liveFiles()
		files[0].Deployments[0].Behind, files[0].Deployments[1].Behind = &production, &staging
		return tableRows(t, livePage(t, livePortal(t, files...), "services/web.html"), "sp-environments")[1][0]
	}
	for _, c := range []struct {
		production, staging int
		want                string
	}{
		{12, 0, "Staging 12 commits ahead of Production"},
		{20, 8, "Staging 12 commits ahead of Production"},
		{0, 1, "Staging 1 commit behind Production"},
		{3, 3, "Staging differs from Production"}, // both moved the same way, on two sides of a merge
	} {
		if got := rows(c.production, c.staging); got != c.want {
			t.Errorf("%d and %d commits behind: the page says %q, want %q", c.production, c.staging, got, c.want)
		}
	}
	reached := func(production, staging int) cache.Digest {
		files := liveFiles()
		files[0].Deployments[0].Behind, files[0].Deployments[1].Behind = &production, &staging
		_, reached := drawnPages(t, livePortal(t, files...))
		return reached["services/web.html"]
	}
	if reached(12, 0) != reached(13, 1) {
		t.Error("a push to the default branch draws the page again")
	}
	if reached(12, 0) == reached(12, 1) {
		t.Error("staging has moved, and the page did not say that it depends on it")
	}
}

// What was healthy long ago is unknown: the page has the words, the browser the clock. When a
// fact was read stands in the page only if that is not when its provider was.
func TestFactsSayWhenTheyAreTooOld(t *testing.T) {
	files := liveFiles()
	files[0].Health[0].Observed = minutes(-31) // the system itself has not looked since
	doc := livePage(t, livePortal(t, files...), "services/web.html")
	matrix := elements(doc, with("id", "sp-environments"))[0]
	var old []string
	following := 0
	for _, f := range elements(matrix, func(n *html.Node) bool { return attribute(n, "data-stale") != "" }) {
		if strings.HasSuffix(attribute(f, "data-stale"), " github") {
			following++
			continue
		}
		old = append(old, attribute(f, "data-stale")+": "+shown(f))
	}
	if diff := cmp.Diff([]string{"2026-11-23T11:59:00Z: Healthy P99 near its baseline GitHub , as of 23 Nov 2026, 11:29 UTC"}, old); diff != "" {
		t.Errorf("facts with a time of their own (-want +got):\n%s", diff)
	}
	if following != 4 {
		t.Errorf("%d facts are as old as the last reading, want 4", following)
	}
}

func TestFailingProviderIsMarked(t *testing.T) {
	files := liveFiles()
	files[0].Problem = &snapshot.Problem{Kind: snapshot.Auth, Message: "401 <b>Bad</b>", Since: minutes(-10)}
	p := livePortal(t, files...)
	if got := shown(elements(livePage(t, p, "services/web.html"), class("told"))[1]); !strings.Contains(got, "could not be read since 23 Nov 2026, 11:50 UTC") {
		t.Errorf("the fact says %q", got)
	}
	doc := livePage(t, p, healthPage)
	rows := tableRows(t, doc, "sp-providers")
	if got := rows[0][1]; got != "Cannot be read since 23 Nov 2026, 11:50 UTC" {
		t.Errorf("the health page says %q", got)
	}
	if got := rows[1][0]; !strings.HasPrefix(got, "401 <b>Bad</b> The token is wrong") {
		t.Errorf("the health page advises %q", got)
	}
}

func TestEntityThatFailsIsMarked(t *testing.T) {
	files := liveFiles()
	files[0].Problems = []snapshot.Problem{{Kind: snapshot.Forbidden, Message: "403", Since: minutes(-10), Entity: "service:web", Environment: "staging"}}
	p := livePortal(t, files...)
	rows := tableRows(t, livePage(t, p, "services/web.html"), "sp-environments")
	if strings.Contains(rows[0][3], "could not be read") || !strings.Contains(rows[1][3], "could not be read since 23 Nov 2026, 11:50 UTC") {
		t.Errorf("health says %q and %q, want it of staging alone", rows[0][3], rows[1][3])
	}
	if got := tableRows(t, livePage(t, p, healthPage), "sp-providers"); got[0][1] != "Read in part" || !strings.Contains(got[1][0], "web , Staging : 403") && !strings.Contains(got[1][0], "web, Staging : 403") {
		t.Errorf("the health page says %q", got)
	}
}

func TestEveryProblemHasHelp(t *testing.T) {
	for _, kind := range []snapshot.ProblemKind{
		snapshot.Auth, snapshot.Forbidden, snapshot.NotFound, snapshot.RateLimit, snapshot.Timeout, snapshot.Network,
		snapshot.Server, snapshot.Garbage, snapshot.Incomplete, snapshot.Loss, snapshot.Config,
	} {
		if problemHelp[kind] == "" {
			t.Errorf("nothing is said about what to do after %q", kind)
		}
	}
}

func TestAlarmsStandFirst(t *testing.T) {
	doc := livePage(t, livePortal(t, liveFiles()...), "services/web.html")
	now := elements(doc, with("id", "sp-now"))
	if len(now) != 1 {
		t.Fatal("nothing is said to be wrong")
	}
	var got []string
	for _, n := range elements(now[0], class("notice")) {
		got = append(got, shown(elements(n, tag("b"))[0]))
	}
	want := []string{"Incident open, acknowledged: Web is slow", "Alert firing: Slow"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("alarms (-want +got):\n%s", diff)
	}
	title := elements(doc, class("title"))[0]
	if len(elements(title, with("href", "#sp-now"))) != 1 {
		t.Errorf("the title does not lead to what is wrong: %q", text(title))
	}
}

func TestWhichAlertsAreShown(t *testing.T) {
	tests := []struct {
		alert snapshot.Alert
		want  string
	}{
		{snapshot.Alert{State: snapshot.Quiet}, ""},
		{snapshot.Alert{State: snapshot.Pending}, ""},
		{snapshot.Alert{State: snapshot.Firing}, "bad"},
		{snapshot.Alert{State: snapshot.Firing, Severity: "Warning"}, "warning"},
		{snapshot.Alert{State: snapshot.Firing, Silenced: true}, "info"},
		{snapshot.Alert{State: snapshot.NoData}, "unknown"},
		{snapshot.Alert{State: "odd"}, "unknown"},
	}
	for _, test := range tests {
		if s, _ := alertState(test.alert); string(s.State) != test.want {
			t.Errorf("%+v is %q, want %q", test.alert, s.State, test.want)
		}
	}
}

// Who is on call by a system outside is known until a moment; then the browser says so.
func TestOnCallOutside(t *testing.T) {
	doc := livePage(t, livePortal(t, liveFiles()...), "services/web.html")
	face := elements(elements(doc, with("data-answer", "oncall"))[0], tag("b"))[0].Parent
	if got := shown(face); got != "On call now Ada until 23 Nov 2026, 13:00 UTC, then Bob; by PagerDuty" {
		t.Errorf("the blade says %q", got)
	}
	if got, want := attribute(face, "data-shifts"), `{"p":[["Ada",""],["Bob",""]],"s":[[0,1795438800,0],[1795438800,1795438800,1]]}`; got != want {
		t.Errorf("shifts for scripts\n got %s\nwant %s", got, want)
	}
	next := elements(doc, with("data-answer", "oncall-next"))[0]
	if got := shown(next); !strings.HasPrefix(got, "On call, level 2 Nobody until 23 Nov 2026, 13:00 UTC, then Cy") {
		t.Errorf("the second level says %q", got)
	}
	rows := tableRows(t, doc, "sp-levels")
	if len(rows) != 2 || rows[1][1] != "nobody" {
		t.Errorf("levels are %q", rows)
	}
}

// The page of a document has no table of levels, so its blade leads to that of the service.
func TestOnCallOutsideOnDocuments(t *testing.T) {
	p := livePortal(t, liveFiles()...)
	pages := NewDocumentPages(p)
	for _, d := range p.Documents {
		doc := draw(t, newTestRenderer(t), pages.Page(d, "", nil))
		blade := elements(doc, with("data-answer", "oncall"))[0]
		if got := attribute(elements(blade, tag("a"))[0], "href"); got != "../../web.html#sp-levels" {
			t.Errorf("on the page of %s the blade leads to %s", d.Title, got)
		}
		if !strings.HasSuffix(attribute(blade, "data-stale"), " pagerduty") {
			t.Error("the blade does not say when it is too old")
		}
	}
}

func TestObjectivesAndCode(t *testing.T) {
	doc := livePage(t, livePortal(t, liveFiles()...), "services/web.html")
	as := " GitHub , as of the last reading"
	want := [][]string{{"Answers 99.9 % over 30 days", "missed", "Overspent" + as}}
	if diff := cmp.Diff(want, tableRows(t, doc, "sp-objectives")); diff != "" {
		t.Errorf("objectives (-want +got):\n%s", diff)
	}
	code := shown(elements(doc, with("id", "sp-code"))[0])
	for _, part := range []string{"Archived acme/web", "Latest release 1.0", "CI Failed"} {
		if !strings.Contains(code, part) {
			t.Errorf("the section on code lacks %q: %q", part, code)
		}
	}
}

func TestIncidentHasAPage(t *testing.T) {
	p := livePortal(t, liveFiles()...)
	doc := livePage(t, p, "incidents/pagerduty-q1.html")
	main := shown(elements(doc, tag("main"))[0])
	for _, part := range []string{
		"Web is slow", "Open, acknowledged", "Time to acknowledge 4 minutes", "Time to resolve not yet", "Responders Ada", "Postmortem It was slow",
	} {
		if !strings.Contains(main, part) {
			t.Errorf("the page lacks %q: %q", part, main)
		}
	}
	if got := shown(elements(livePage(t, p, "teams/core.html"), with("id", "sp-incidents"))[0]); !strings.Contains(got, "Web is slow") {
		t.Errorf("the team's page says %q", got)
	}
	if got := shown(elements(livePage(t, p, "incidents/index.html"), tag("tbody"))[0]); !strings.Contains(got, "Web is slow told by PagerDuty Open, acknowledged high 23 Nov 2026, 11:45 UTC web , api") {
		t.Errorf("the list says %q", got)
	}
}

func TestUnmatchedThings(t *testing.T) {
	p := livePortal(t, liveFiles()...)
	rows := tableRows(t, livePage(t, p, unmatchedPage), "sp-unmatched")
	want := [][]string{
		{"f2 repository · GitHub", "Does not exist there web", ""},
		{"acme/lost repository · GitHub", "In use", "repository: github:acme/lost"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("unmatched (-want +got):\n%s", diff)
	}
	data, err := unmatchedData(p)
	var all []map[string]string
	if err != nil || json.Unmarshal(data, &all) != nil || len(all) != 2 || all[1]["fix"] != "repository: github:acme/lost" {
		t.Errorf("for machines: %s %v", data, err)
	}
	files := liveFiles()
	for range 120 {
		files[0].Foreign = append(files[0].Foreign, snapshot.Foreign{ID: "x", Kind: "repository", State: "active"})
	}
	pages := pagesOf(t, livePortal(t, files...))
	if v, ok := pages["-/unmatched/3.html"].Data.(UnmatchedView); !ok || len(v.Rows) != 22 || v.Previous != "2.html" {
		t.Errorf("the third page is %+v", v)
	}
}

// Live systems may say anything; nothing of it becomes markup or a way elsewhere.
func TestHostileFacts(t *testing.T) {
	files := liveFiles()
	for i := range files {
		poison(reflect.ValueOf(&files[i].Facts).Elem())
	}
	p := livePortal(t, files...)
	r := newTestRenderer(t)
	for path, page := range pagesOf(t, p) {
		if strings.Count(path, "/") != 1 {
			continue // assets lie elsewhere, seen from there
		}
		doc := draw(t, r, page)
		checkNothingRuns(t, doc)
		for _, a := range elements(doc, tag("a")) {
			if to := attribute(a, "href"); strings.Contains(to, "evil") {
				t.Errorf("%s leads to %s", path, to)
			}
		}
	}
}

// poison replaces what a provider may say freely.
func poison(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Field(i)
			switch name := v.Type().Field(i).Name; {
			case name == "URL" || name == "Log" || name == "Runbook":
				f.SetString("javascript:evil()")
			case name == "Entity" || name == "Also" || name == "Environment" || name == "State" || name == "Kind" || f.Type() == reflect.TypeFor[time.Time]():
			case f.Kind() == reflect.String:
				f.SetString(hostileText)
			default:
				poison(f)
			}
		}
	}
}

// drawnPages are all pages of a portal, those of documents included, with what says
// before whether they have changed.
func drawnPages(t *testing.T, p *portal.Portal) (drawn map[string]string, reached map[string]cache.Digest) {
	t.Helper()
	r := newReach(p)
	whole := r.whole("")
	drawn, reached = map[string]string{}, map[string]cache.Digest{}
	renderer := newTestRenderer(t)
	note := func(page Page, digest cache.Digest) {
		var b bytes.Buffer
		if err := renderer.Render(&b, page); err != nil {
			t.Fatal(err)
		}
		drawn[page.Path] = b.String()
		reached[page.Path] = cache.DigestOf(append([]byte(whole), digest[:]...))
	}
	for _, planned := range plan(p, "", BuildFacts{Day: "2026-11-23"}, r) {
		if planned.reach != nil {
			note(planned.View(), planned.reach())
		}
	}
	pages := NewDocumentPages(p)
	for _, d := range p.Documents {
		note(pages.Page(d, "", nil), r.page(d, nil, pages.neighbours[d], nil))
	}
	return drawn, reached
}

// TestFactsReachTheirPages changes one fact after the other. Every page that comes out
// differently has to have said that it might.
func TestFactsReachTheirPages(t *testing.T) {
	before, reachedBefore := drawnPages(t, livePortal(t, liveFiles()...))
	changes := map[string]func(github, pagerduty *snapshot.File){
		"version":    func(g, _ *snapshot.File) { g.Deployments[0].Version = "9" },
		"observed":   func(g, _ *snapshot.File) { g.Health[0].Observed = minutes(-31) },
		"health":     func(g, _ *snapshot.File) { g.Health[0].State = snapshot.Unhealthy },
		"baseline":   func(g, _ *snapshot.File) { *g.Health[0].Measures[0].Baseline = 1 },
		"dependency": func(g, _ *snapshot.File) { g.Deployments[3].Version = "8" },
		"release":    func(g, _ *snapshot.File) { g.Releases[0].Version = "9" },
		"run":        func(g, _ *snapshot.File) { g.Runs[0].State = snapshot.Succeeded },
		"repository": func(g, _ *snapshot.File) { g.Repositories[0].Archived = false },
		"alert":      func(g, _ *snapshot.File) { g.Alerts[0].State = snapshot.Quiet },
		"objective":  func(g, _ *snapshot.File) { g.Objectives[0].Budget = 40 },
		"on call":    func(_, p *snapshot.File) { p.OnCall[0].Now = "Dan" },
		"incident":   func(_, p *snapshot.File) { p.Incidents[0].State = snapshot.Resolved },
		"responders": func(_, p *snapshot.File) { p.Incidents[0].Responders = nil },
		"affected":   func(_, p *snapshot.File) { p.Incidents[0].Also = nil },
		"problem":    func(g, _ *snapshot.File) { g.Problem = &snapshot.Problem{Kind: snapshot.Server, Since: liveNoon} },
		"problem of one": func(g, _ *snapshot.File) {
			g.Problems = []snapshot.Problem{{Entity: "service:web", Since: liveNoon}}
		},
		"problem of an incident's first": func(_, p *snapshot.File) {
			p.Problems = []snapshot.Problem{{Entity: "service:web", Since: liveNoon}}
		},
		"no health":          func(g, _ *snapshot.File) { g.Health = nil },
		"no facts":           func(g, p *snapshot.File) { g.Facts, p.Facts = snapshot.Facts{}, snapshot.Facts{} },
		"new name":           func(g, _ *snapshot.File) { g.Provider = "hub" },
		"incident id":        func(_, p *snapshot.File) { p.Incidents[0].ID = "Q2" },
		"incident title":     func(_, p *snapshot.File) { p.Incidents[0].Title = "Web stands still" },
		"incident number":    func(_, p *snapshot.File) { p.Incidents[0].Number = "812" },
		"incident earlier":   func(_, p *snapshot.File) { p.Incidents[0].Opened = minutes(-25) },
		"incident elsewhere": func(_, p *snapshot.File) { p.Incidents[0].Environment = "staging" },
		"alert since":        func(g, _ *snapshot.File) { g.Alerts[0].Since = minutes(-6) },
		"release of a dependency": func(g, _ *snapshot.File) {
			g.Releases = append(g.Releases, snapshot.Release{About: snapshot.About{ID: "r2", Entity: "service:api", Observed: liveNoon}, Version: "8", At: minutes(-16)})
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			files := liveFiles()
			change(&files[0], &files[1])
			after, reached := drawnPages(t, livePortal(t, files...))
			var changed int
			for path := range after {
				if before[path] == after[path] {
					continue
				}
				changed++
				if reachedBefore[path] == reached[path] {
					t.Errorf("%s comes out differently and did not say that it might", path)
				}
			}
			if changed == 0 {
				t.Error("no page shows it")
			}
		})
	}
}

// TestNoFactsNoTrace wants a catalog without snapshots to look as if there were none.
func TestNoFactsNoTrace(t *testing.T) {
	p := livePortal(t)
	r := newTestRenderer(t)
	for path, page := range pagesOf(t, p) {
		if strings.HasPrefix(path, "incidents/") || strings.HasPrefix(path, "-/unmatched") || strings.Contains(path, "-/timeline") || strings.Contains(path, "-/environments") {
			t.Errorf("there is a page %s", path)
		}
		var b bytes.Buffer
		if err := r.Render(&b, page); err != nil {
			t.Fatal(err)
		}
		for _, trace := range []string{"data-stale", "data-live", "sp-now", "Live systems", ", as of", "sp-timeline", "data-event", "atom", "What runs where"} {
			if strings.Contains(b.String(), trace) {
				t.Errorf("%s holds %q", path, trace)
			}
		}
	}
}
