package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

func TestMatrixSaysWhatRunsWhere(t *testing.T) {
	p := livePortal(t, liveFiles()...)
	doc := livePage(t, p, "-/environments/index.html")
	table := elements(doc, tag("table"))[0]
	var heads []string
	for _, th := range elements(table, tag("th")) {
		heads = append(heads, text(th))
	}
	if want := []string{"Name", "Production", "Staging"}; !slices.Equal(heads, want) {
		t.Errorf("columns are %q, want %q: nothing is told of Canary", heads, want)
	}
	var rows [][]string
	for _, tr := range elements(table, tag("tr"))[1:] {
		var cells []string
		for _, td := range elements(tr, tag("td")) {
			cells = append(cells, shown(td))
		}
		rows = append(rows, cells)
	}
	want := [][]string{
		{"api Incident other", "7 23 Nov 2026, 11:25 UTC", ""},
		{"web Incident core · tier 1", "1.0 23 Nov 2026, 11:20 UTC Healthy", "1.1 differs 23 Nov 2026, 11:30 UTC 10 % of the traffic, the rest has 1.0 Unknown Failed 1.2 23 Nov 2026, 11:40 UTC"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("matrix (-want +got):\n%s", diff)
	}
	web := elements(elements(table, tag("tr"))[2], tag("td"))
	if to := attribute(elements(web[1], tag("a"))[0], "href"); to != "../../services/web.html#sp-environments" {
		t.Errorf("the cell leads to %s", to)
	}
	facts := elements(web[1], func(n *html.Node) bool { return attribute(n, "data-stale") != "" })
	if len(facts) != 2 || !strings.HasSuffix(attribute(facts[0], "data-stale"), " github") {
		t.Fatalf("%d facts of the cell say when they are too old", len(facts))
	}
	if nav := SiteOf(p, "").Nav; !slices.ContainsFunc(nav, func(n NavItem) bool { return n.Title == "Environments" }) {
		t.Errorf("the menu is %+v", nav)
	}
	if lists := elements(livePage(t, p, "services/index.html"), with("href", "../-/environments/index.html")); len(lists) != 1 || text(lists[0]) != "What runs where" {
		t.Errorf("%d links lead from the list of services to the matrix, want one beside the list", len(lists))
	}
}

// What is asked and not told is unknown.
func TestMatrixSaysWhatIsUnknown(t *testing.T) {
	const asked = `
-- c/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: checkout
owner: team:core
environments:
  production: {deployments: {provider: github, environment: prod}, health: {provider: github}}
`
	in := portalOf(t, liveCatalog+asked).Input
	in.Snapshots = liveFiles()
	p := portal.New(in)
	got := shown(elements(livePage(t, p, "-/environments/-/state/unknown/index.html"), tag("tbody"))[0])
	if !strings.HasPrefix(got, "checkout core Unknown Unknown web") {
		t.Errorf("of what nothing is told the matrix says %q", got)
	}
}

func TestMatrixIsNarrowed(t *testing.T) {
	files := liveFiles()
	files[1].Incidents = nil // it concerns both
	files[0].Deployments = append(files[0].Deployments, snapshot.Deployment{
		About: snapshot.About{ID: "d5", Entity: "service:api", Environment: "staging", Observed: liveNoon}, Version: "8", State: snapshot.Running, At: minutes(-1),
	})
	p := livePortal(t, files...)
	pages := pagesOf(t, p)
	for path, want := range map[string]string{
		"state/wrong-now": "web", "state/unknown": "web", "state/being-deployed": "api", "state/versions-differ": "web",
	} {
		page, ok := pages["-/environments/-/"+path+"/index.html"]
		if !ok {
			t.Errorf("there is no list of %s", path)
			continue
		}
		v := page.Data.(ListView)
		if len(v.Rows) != 1 || v.Rows[0].Link.Text != want {
			t.Errorf("%s lists %+v, want %s alone", path, v.Rows, want)
		}
		if v.Chosen.Href == "" || len(v.Narrow) != 1 {
			t.Errorf("%s leads back by %+v and on by %+v", path, v.Chosen, v.Narrow)
		}
	}
}

// Lists say of an entity what is wrong with it now, until that is too old.
func TestListsSayWhatIsWrongNow(t *testing.T) {
	alarms := func(change func(github, pagerduty *snapshot.File)) (words []string) {
		files := liveFiles()
		change(&files[0], &files[1])
		doc := livePage(t, livePortal(t, files...), "services/index.html")
		for _, n := range elements(elements(doc, tag("tbody"))[0], func(n *html.Node) bool { return attribute(n, "data-stale") != "" }) {
			words = append(words, shown(n.Parent))
		}
		return words
	}
	for want, change := range map[string]func(github, pagerduty *snapshot.File){
		"api Incident|web Incident": func(_, _ *snapshot.File) {},
		"web Alert firing":          func(_, p *snapshot.File) { p.Incidents = nil },
		"web Unhealthy": func(g, p *snapshot.File) {
			p.Incidents, g.Alerts, g.Health[0].State = nil, nil, snapshot.Unhealthy
		},
		"": func(g, p *snapshot.File) { p.Incidents, g.Alerts = nil, nil },
	} {
		if got := strings.Join(alarms(change), "|"); got != want {
			t.Errorf("the list says %q, want %q", got, want)
		}
	}
}

// manyServices is a catalog of services that one team owns, in one system, and what runs there.
func manyServices(t *testing.T, n int) *portal.Portal {
	t.Helper()
	var b strings.Builder
	b.WriteString("\n-- many.yaml --\napiVersion: signpost.dev/v1\nkind: system\nname: all\nowner: team:core\n")
	files := liveFiles()
	files[0].Deployments, files[0].Health = nil, nil
	for i := range n {
		name := fmt.Sprintf("s%02d", i)
		fmt.Fprintf(&b, "---\napiVersion: signpost.dev/v1\nkind: service\nname: %s\nowner: team:core\nsystem: system:all\n", name)
		files[0].Deployments = append(files[0].Deployments, snapshot.Deployment{
			About: snapshot.About{ID: name, Entity: "service:" + name, Environment: fmt.Sprintf("e%d", i%9), Observed: liveNoon}, Version: "1", State: snapshot.Succeeded, At: liveNoon,
		})
	}
	files[0].Health = []snapshot.Health{{About: snapshot.About{ID: "h", Entity: "service:s47", Environment: "production", Observed: liveNoon}, State: snapshot.Unhealthy}}
	in := portalOf(t, liveCatalog+b.String()).Input
	in.Snapshots = files
	return portal.New(in)
}

func TestMatrixIsBounded(t *testing.T) {
	p := manyServices(t, 57)
	pages := pagesOf(t, p)
	second := pages["-/environments/-/2.html"].Data.(ListView)
	if len(second.Rows) != 7 || second.Total != 57 {
		t.Errorf("the second page has %d of %d rows", len(second.Rows), second.Total)
	}
	if len(second.Columns) != mostEnvironments || second.Columns[0].Title != "Production" {
		t.Errorf("columns are %+v", second.Columns)
	}
	if want := "What is in e5 and 3 more environments is on the pages of the services."; !strings.HasSuffix(second.Description, want) {
		t.Errorf("the page says %q", second.Description)
	}
	for path, of := range map[string]*MatrixView{
		"teams/core.html": pages["teams/core.html"].Data.(TeamView).Services, "systems/all.html": pages["systems/all.html"].Data.(EntityView).Services,
	} {
		if len(of.Rows) != mostServices || of.Rows[0].Link.Text != "s47" {
			t.Errorf("%s shows %d services, the first %s; want %d, and what is wrong first", path, len(of.Rows), of.Rows[0].Link.Text, mostServices)
		}
		if of.More.Text != "45 more are among all services" || of.More.Href != href(path, "-/environments/index.html") {
			t.Errorf("%s leads on by %+v", path, of.More)
		}
	}
}
