package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// drawPages plans the pages of a catalog and returns a function that draws one.
func drawPages(t *testing.T, archive string, found ...diag.Diagnostic) func(path string) *html.Node {
	t.Helper()
	pages := pagesOf(t, portalOf(t, archive, found...))
	r := newTestRenderer(t)
	return func(path string) *html.Node {
		t.Helper()
		page, ok := pages[path]
		if !ok {
			t.Fatalf("there is no page %s", path)
		}
		return draw(t, r, page)
	}
}

// texts returns what all elements that match say.
func texts(doc *html.Node, match func(*html.Node) bool) []string {
	var all []string
	for _, n := range elements(doc, match) {
		all = append(all, text(n))
	}
	return all
}

// bare is a catalog of one team.
const bare = "-- signpost.yaml --\napiVersion: signpost.dev/v1\ntitle: Acme\n" +
	"-- core.yaml --\napiVersion: signpost.dev/v1\nkind: team\nname: core\n"

const wrongCatalog = `
-- signpost.yaml --
apiVersion: signpost.dev/v1
title: Acme
repository: {url: https://github.com/acme/catalog}
-- people.yaml --
apiVersion: signpost.dev/v1
kind: person
name: ada
title: Ada
---
apiVersion: signpost.dev/v1
kind: person
name: gone
title: Guy
left: true
-- team.yaml --
apiVersion: signpost.dev/v1
kind: team
name: core
title: Core
email: core@acme.example
members: [{ref: "person:gone", role: lead}, "person:ada", "person:never"]
rotations:
  - {name: primary, start: 2026-01-05, length: 1w, participants: ["person:gone"]}
oncall: {rotation: primary}
---
apiVersion: signpost.dev/v1
kind: team
name: empty
members: ["person:gone"]
email: empty@acme.example
-- web.yaml --
apiVersion: signpost.dev/v1
kind: service
name: web
owner: team:platfom
runbook: runbooks/down.md
oncall: {rotation: primry}
maintainers: ["person:gone", "person:zzz"]
contacts: [{role: security, ref: "team:nobody"}, {role: product, ref: "person:ada"}]
---
apiVersion: signpost.dev/v1
kind: service
name: db
owner: team:core
tier: 2
---
apiVersion: signpost.dev/v1
kind: service
name: left
owner: team:empty
dependsOn: ["service:web"]
---
apiVersion: signpost.dev/v1
kind: service
name: wrong-kind
owner: person:ada
`

// What is written and wrong is shown as wrong, with the way to the line of the value:
// to call it missing would send people to add what is there.
func TestWrongAnswersAreShownAsWrong(t *testing.T) {
	page := drawPages(t, wrongCatalog)
	type answer struct{ Text, Href string }
	got := map[string]answer{}
	doc := page("services/web.html")
	for _, b := range elements(doc, class("wrong")) {
		got[attribute(b, "data-answer")] = answer{text(b), attribute(elements(b, tag("a"))[0], "href")}
	}
	edit := "https://github.com/acme/catalog/edit/main/web.yaml#L"
	want := map[string]answer{
		"owner":   {"Owner team:platfom does not exist Mend owner", edit + "4"},
		"runbook": {"Main runbook runbooks/down.md does not exist Mend runbook", edit + "5"},
		"oncall":  {"On call now Rotation primry does not exist Mend oncall", edit + "6"},
	}
	for answer, w := range want {
		g := got[answer]
		if strings.ReplaceAll(g.Text, " ", "") != strings.ReplaceAll(w.Text, " ", "") || g.Href != w.Href {
			t.Errorf("%s: got %+v, want %+v", answer, g, w)
		}
	}
	if notice := text(elements(doc, class("notice"))[0]); !strings.Contains(notice, "team:platfom does not exist") || strings.Contains(notice, "Name an owner") {
		t.Errorf("the notice says %q", notice)
	}
	if got := text(elements(page("services/wrong-kind.html"), class("wrong"))[0]); !strings.Contains(got, "person:ada is a person; owner must be a team") {
		t.Errorf("an owner that is a person: %q", got)
	}
	if got := strings.Join(texts(page("services/index.html"), tag("tr")), "\n"); !strings.Contains(got, "team:platfom does not exist") || strings.Contains(got, "none") {
		t.Errorf("the list says\n%s", got)
	}
	if got := text(elements(page("services/left.html"), with("id", "sp-dependencies"))[0]); !strings.Contains(got, "team:platfom does not exist") {
		t.Errorf("the table of dependencies says %q", got)
	}
}

// Nobody writes to a person who has left and waits for an answer.
func TestThoseWhoHaveLeftAreMarked(t *testing.T) {
	page := drawPages(t, wrongCatalog)
	rows := texts(elements(page("services/web.html"), with("id", "sp-contacts"))[0], func(n *html.Node) bool { return n.Data == "div" })
	want := []string{"MaintainerGuy has left", "Maintainerperson:zzz does not exist", "Securityteam:nobody does not exist", "ProductAda"}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("contacts (-want +got):\n%s", diff)
	}
	blade := func(page *html.Node) string { return text(elements(page, with("data-answer", "owner"))[0]) }
	if got := blade(page("services/db.html")); !strings.HasSuffix(got, "1 person") {
		t.Errorf("a team of one who is there: %q", got)
	}
	if got := blade(page("services/left.html")); !strings.HasSuffix(got, "all of its members have left") {
		t.Errorf("a team of one who has left: %q", got)
	}
	team := page("teams/core.html")
	if len(elements(team, with("data-answer", "member"))) > 0 {
		t.Error("somebody who has left is offered as the lead")
	}
	members := texts(elements(elements(team, with("id", "sp-members"))[0], tag("ul"))[0], tag("li"))
	if diff := cmp.Diff([]string{"Ada", "Guy lead has left", "person:never not in the catalog"}, members); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	if got := text(elements(team, with("id", "sp-oncall"))[0]); !strings.Contains(got, "Guy (has left)") {
		t.Errorf("the shifts say %q", got)
	}
	if got := strings.Join(texts(page("teams/index.html"), tag("tr")), "\n"); !strings.Contains(got, "Core11") || !strings.Contains(got, "empty01") {
		t.Errorf("the list of teams counts\n%s", got)
	}
	if got := strings.Join(texts(page("people/index.html"), tag("tr")), "\n"); !strings.Contains(got, "GuyHas left.") {
		t.Errorf("the list of people says\n%s", got)
	}
}

// A page with findings says so at its top.
func TestFindingsAreMarkedAtTheTop(t *testing.T) {
	at := func(line int, s diag.Severity) diag.Diagnostic {
		pos := diag.Pos{Line: line, Col: 1}
		return diag.Diagnostic{Span: diag.Span{File: "web.yaml", Start: pos, End: pos}, Severity: s, Code: "x", Message: "x"}
	}
	page := drawPages(t, wrongCatalog, at(4, diag.Error), at(5, diag.Error), at(6, diag.Warning), at(7, diag.Info), at(14, diag.Info))
	title := elements(page("services/web.html"), class("title"))[0]
	mark := elements(title, with("href", "#sp-findings"))
	if len(mark) != 1 || text(mark[0]) != "2 errors and 1 warning" || len(elements(title, class("bad"))) != 1 {
		t.Errorf("the title says %q", text(title))
	}
	if len(elements(page("services/db.html"), with("href", "#sp-findings"))) > 0 {
		t.Error("a page without errors is marked")
	}
}

// A team that can be reached by e-mail only is reached from what it owns, too.
func TestEmailStandsInForAChannel(t *testing.T) {
	page := drawPages(t, wrongCatalog)
	mail := elements(page("services/db.html"), with("data-answer", "email"))
	if len(mail) != 1 || attribute(elements(mail[0], tag("a"))[0], "href") != "mailto:core@acme.example" {
		t.Errorf("%d ways to write", len(mail))
	}
	other := drawPages(t, strings.Replace(wrongCatalog, "email: core", "channel: 'slack:#core'\nemail: core", 1))
	if len(elements(other("services/db.html"), with("data-answer", "email"))) > 0 {
		t.Error("the e-mail stands beside a channel")
	}
}

// Columns in which no environment has anything are left out.
func TestEnvironmentsHaveNoEmptyColumns(t *testing.T) {
	const service = bare + "-- a.yaml --\napiVersion: signpost.dev/v1\nkind: service\nname: a\nowner: core\n"
	for environments, want := range map[string]string{
		"{production: {}}": "Environment",
		"{production: {url: https://a.example}, staging: {}}":                                      "Environment Address",
		"{production: {url: https://a.example, health: {provider: prometheus, query: u}}}":         "Environment Address Delivery",
		"{production: {}}\nlinks: [{title: L, url: 'https://l.example', environment: production}]": "Environment Links",
	} {
		doc := drawPages(t, service+"environments: "+environments+"\n")("services/a.html")
		section := elements(doc, with("id", "sp-environments"))[0]
		if got := strings.Join(texts(section, tag("th")), " "); got != want {
			t.Errorf("%s: the columns are %q, want %q", environments, got, want)
		}
		columns := strings.Count(want, " ") + 1
		for _, row := range elements(elements(section, tag("tbody"))[0], tag("tr")) {
			if n := len(elements(row, tag("td"))); n != columns {
				t.Errorf("%s: a row has %d cells below %d headings", environments, n, columns)
			}
		}
	}
}

// What is not in production is told apart by shape and word, in lists and on its page.
func TestLifecyclesHaveShapes(t *testing.T) {
	var catalog strings.Builder
	catalog.WriteString(bare + "-- a.yaml --\n")
	for i, word := range []string{"production", "deprecated", "retired", "experimental"} {
		if i > 0 {
			catalog.WriteString("---\n")
		}
		fmt.Fprintf(&catalog, "apiVersion: signpost.dev/v1\nkind: service\nname: %s\nowner: core\nlifecycle: %[1]s\n", word)
	}
	page := drawPages(t, catalog.String())
	for word, shape := range map[string]string{"deprecated": "warning", "retired": "bad", "experimental": "info", "production": ""} {
		list := page("services/index.html")
		for place, in := range map[string]*html.Node{
			"row":   elements(list, func(n *html.Node) bool { return n.Data == "tr" && strings.HasPrefix(text(n), word) })[0],
			"facet": elements(list, with("value", word))[0].Parent,
			"page":  elements(page("services/"+word+".html"), class("title"))[0],
		} {
			got := ""
			if icon := elements(in, class("st")); len(icon) > 0 {
				got = strings.TrimPrefix(attribute(icon[0], "class"), "st ")
			}
			if got != shape || !strings.Contains(text(in), word) {
				t.Errorf("%s of %s: the shape is %q, want %q", place, word, got, shape)
			}
		}
	}
}

// A heading that divides nothing is left out.
func TestTiersAreNamedWhereThereAreSome(t *testing.T) {
	team := func(services string) string {
		page := drawPages(t, ownersOnly+services)("teams/core.html")
		return strings.Join(texts(elements(page, with("id", "sp-owns"))[0], class("group")), ", ")
	}
	if got := team(""); got != "" {
		t.Errorf("without tiers the groups are %q", got)
	}
	tiered := "-- b.yaml --\napiVersion: signpost.dev/v1\nkind: service\nname: b\nowner: core\ntier: 1\n"
	if got := team(tiered); got != "Tier 1 1, Without a tier 1" {
		t.Errorf("with tiers the groups are %q", got)
	}
	below := "-- c.yaml --\napiVersion: signpost.dev/v1\nkind: team\nname: sub\nparent: core\n---\napiVersion: signpost.dev/v1\nkind: service\nname: c\nowner: sub\n"
	if got := team(below); got != "Owned by the team itself 1, Owned by teams below 1" {
		t.Errorf("with teams below the groups are %q", got)
	}
}

// Numbers in names are read as numbers, in lists, tables and drawings.
func TestNamesAreInNaturalOrder(t *testing.T) {
	var catalog strings.Builder
	catalog.WriteString(bare + "-- a.yaml --\napiVersion: signpost.dev/v1\nkind: service\nname: main\nowner: core\ndependsOn: [dep10, dep9, dep1, Dep2]\n")
	for _, name := range []string{"dep10", "dep9", "dep1", "Dep2"} {
		fmt.Fprintf(&catalog, "---\napiVersion: signpost.dev/v1\nkind: service\nname: %s\nowner: core\n", name)
	}
	page := drawPages(t, catalog.String())
	want := []string{"dep1", "Dep2", "dep9", "dep10"}
	names := func(in *html.Node) []string { return texts(elements(in, tag("tbody"))[0], class("name")) }
	if diff := cmp.Diff(append(want[:4:4], "main"), names(page("services/index.html"))); diff != "" {
		t.Errorf("the list (-want +got):\n%s", diff)
	}
	section := elements(page("services/main.html"), with("id", "sp-dependencies"))[0]
	if diff := cmp.Diff(want, names(section)); diff != "" {
		t.Errorf("the table (-want +got):\n%s", diff)
	}
	drawn := texts(section, func(n *html.Node) bool { return class("dg-node")(n) && !class("dg-focus")(n) })
	if diff := cmp.Diff(want, drawn); diff != "" {
		t.Errorf("the drawing, from top to bottom (-want +got):\n%s", diff)
	}
}

// Deciders are people with pages, whom one can ask.
func TestDecidersHaveNames(t *testing.T) {
	p := portalOf(t, wrongCatalog+`
-- services/db/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: decided
owner: core
-- services/db/adr/0001-a.md --
---
title: A
deciders: [person:ada, "team:core", person:nobody, The board]
---
# A

Text.
`)
	documents := NewDocumentPages(p)
	page := documents.Page(p.Documents[0], "", nil, nil)
	facts := page.Data.(DocumentView).Facts
	i := slices.IndexFunc(facts, func(f Fact) bool { return f.Title == "Deciders" })
	if i < 0 {
		t.Fatalf("the facts are %+v", facts)
	}
	up := "../../../"
	want := []Link{{"Ada", up + "people/ada.html"}, {"Core", up + "teams/core.html"}, {Text: "person:nobody"}, {Text: "The board"}}
	if diff := cmp.Diff(want, facts[i].Values); diff != "" {
		t.Errorf("deciders (-want +got):\n%s", diff)
	}
}

// The home page leaves out no service of tier 1, says nothing twice where there are no
// scripts, and offers to search for what there is.
func TestHomeSaysWhoIsOnCall(t *testing.T) {
	page := drawPages(t, wrongCatalog+`
-- tier1.yaml --
apiVersion: signpost.dev/v1
kind: service
name: first
owner: core
tier: 1
---
apiVersion: signpost.dev/v1
kind: service
name: second
owner: core
tier: 1
oncall: {provider: pagerduty, service: P1}
---
apiVersion: signpost.dev/v1
kind: service
name: third
owner: core
tier: 1
oncall: {provider: pagerduty, service: P3}
---
apiVersion: signpost.dev/v1
kind: service
name: paged
owner: core
tier: 1
oncall: {provider: pagerduty, service: P2, page: "https://page.example/p2"}
`)
	home := page("index.html")
	blades := texts(elements(home, class("posts"))[0], class("blade"))
	want := []string{"primarySee the shiftshandover in UTCfirst", "PagerDutyPage whoever is on callpaged", "PagerDutyAsk theresecond, third"}
	slices.Sort(blades)
	slices.Sort(want)
	if diff := cmp.Diff(want, blades); diff != "" {
		t.Errorf("on call now (-want +got):\n%s", diff)
	}
	if got := text(elements(elements(home, tag("main"))[0], class("find"))[0]); got != "A service, a team, a person/" {
		t.Errorf("the field says %q", got)
	}
}
