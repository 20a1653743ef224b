package site

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/source"
)

// portalOf reads a catalog from an archive of its files.
func portalOf(t *testing.T, archive string, found ...diag.Diagnostic) *portal.Portal {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		p := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	config, wrong, err := catalog.ReadConfig(tree)
	if err != nil || len(wrong) > 0 {
		t.Fatal(err, wrong)
	}
	files, _, err := tree.Files(context.Background(), config.Skip)
	if err != nil {
		t.Fatal(err)
	}
	c, wrong, err := catalog.Load(context.Background(), tree, config, files)
	if err != nil || len(wrong) > 0 {
		t.Fatal(err, wrong)
	}
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	return portal.New(portal.Input{Catalog: c, Findings: found, Day: day})
}

// pagesOf plans all pages and returns them by path.
func pagesOf(t *testing.T, p *portal.Portal) map[string]Page {
	t.Helper()
	pages := map[string]Page{}
	for _, planned := range Plan(p, "", BuildFacts{Day: "2026-11-23"}) {
		page := planned.View()
		if _, twice := pages[page.Path]; twice {
			t.Errorf("two pages have the path %s", page.Path)
		}
		pages[page.Path] = page
	}
	return pages
}

const ownersOnly = `
-- signpost.yaml --
apiVersion: signpost.dev/v1
title: Acme
repository: {url: https://github.com/acme/catalog}
-- all.yaml --
apiVersion: signpost.dev/v1
kind: person
name: ada
---
apiVersion: signpost.dev/v1
kind: team
name: core
members: [person:ada]
email: core@acme.example
---
apiVersion: signpost.dev/v1
kind: service
name: web
owner: team:core
`

func TestOwnersAloneLookFinished(t *testing.T) {
	p := portalOf(t, ownersOnly)
	pages := pagesOf(t, p)
	view := pages["services/web.html"].Data.(EntityView)
	var answers []string
	for _, b := range view.Blades {
		answers = append(answers, b.Answer)
		if b.Missing != "" {
			t.Errorf("a catalog that uses no %s misses it", b.Missing)
		}
	}
	if diff := cmp.Diff([]string{"owner", "email"}, answers); diff != "" {
		t.Errorf("blades (-want +got):\n%s", diff)
	}
	if len(view.Relations)+len(view.Environments)+len(view.Documents) > 0 {
		t.Errorf("there are boxes for what the catalog does not use: %+v", view)
	}
	var nav []string
	for _, n := range SiteOf(p, "").Nav {
		nav = append(nav, n.Path)
	}
	if diff := cmp.Diff([]string{"services/index.html", "teams/index.html", "people/index.html"}, nav); diff != "" {
		t.Errorf("navigation (-want +got):\n%s", diff)
	}
	for _, path := range []string{"apis/index.html", "runbooks/index.html", "domains/index.html"} {
		if _, ok := pages[path]; ok {
			t.Errorf("there is a page %s of nothing", path)
		}
	}
}

func TestMissingAnswersAreNamed(t *testing.T) {
	p := portalOf(t, ownersOnly+`
-- b.yaml --
apiVersion: signpost.dev/v1
kind: service
name: api
owner: team:core
channel: slack:#api
oncall: {provider: pagerduty, service: P1}
runbook: https://wiki.acme.example/api
repository: github:acme/api
`)
	view := pagesOf(t, p)["services/web.html"].Data.(EntityView)
	var missing []string
	for _, b := range view.Blades {
		if b.Missing != "" {
			missing = append(missing, b.Missing+" "+b.Href)
		}
	}
	const edit = "https://github.com/acme/catalog/edit/main/all.yaml#L13"
	want := []string{"oncall " + edit, "channel " + edit, "runbook " + edit, "repository " + edit}
	if diff := cmp.Diff(want, missing); diff != "" {
		t.Errorf("missing answers (-want +got):\n%s", diff)
	}
}

func TestParentTeamAddsUpItsChildren(t *testing.T) {
	finding := diag.Diagnostic{
		Span:     diag.Span{File: "all.yaml", Start: diag.Pos{Line: 22, Col: 1}, End: diag.Pos{Line: 22, Col: 2}},
		Severity: diag.Warning, Code: "tier-inversion", Message: "…",
	}
	p := portalOf(t, `
-- signpost.yaml --
apiVersion: signpost.dev/v1
title: Acme
-- all.yaml --
apiVersion: signpost.dev/v1
kind: team
name: engineering
channel: slack:#eng
---
apiVersion: signpost.dev/v1
kind: team
name: core
parent: engineering
channel: slack:#core
---
apiVersion: signpost.dev/v1
kind: team
name: kernel
parent: core
channel: slack:#kernel
---
apiVersion: signpost.dev/v1
kind: service
name: web
owner: team:kernel
tier: 2
`, finding)
	pages := pagesOf(t, p)
	for _, team := range []string{"engineering", "core", "kernel"} {
		view := pages["teams/"+team+".html"].Data.(TeamView)
		if len(view.Health) != 1 || view.Health[0].N != 1 || view.Health[0].State != Warns {
			t.Errorf("%s does not count the finding: %+v", team, view.Health)
		}
		if len(view.Owns) != 1 || view.Owns[0].Groups[0].Rows[0].Link.Text != "web" {
			t.Errorf("%s does not show the service: %+v", team, view.Owns)
		}
	}
}

func TestLongTablesContinueOnPagesOfTheirOwn(t *testing.T) {
	var b strings.Builder
	b.WriteString(ownersOnly + "-- many.yaml --\n")
	const users = 2*maxRows + 30
	for i := range users {
		fmt.Fprintf(&b, "apiVersion: signpost.dev/v1\nkind: service\nname: user-%03d\nowner: team:core\ndependsOn: [service:web]\n---\n", i)
	}
	pages := pagesOf(t, portalOf(t, strings.TrimSuffix(b.String(), "---\n")))
	group := pages["services/web.html"].Data.(EntityView).Relations[0].Groups[0]
	if len(group.Rows) != maxRows || group.More != (Link{Text: "130 more", Href: "web/-/used-by/index.html"}) {
		t.Errorf("%d rows, then %+v", len(group.Rows), group.More)
	}
	listed := map[string]bool{}
	for n := 1; ; n++ {
		page, ok := pages[listPath("services/web/-/used-by", n)]
		if !ok {
			break
		}
		for _, row := range page.Data.(ListView).Rows {
			listed[row.Link.Text] = true
		}
	}
	if len(listed) != users {
		t.Errorf("%d of %d users are listed", len(listed), users)
	}
}

func TestListsHaveFiftyRowsAPage(t *testing.T) {
	var b strings.Builder
	b.WriteString(ownersOnly + "-- many.yaml --\n")
	for i := range 119 {
		fmt.Fprintf(&b, "apiVersion: signpost.dev/v1\nkind: service\nname: s-%03d\nowner: team:core\n---\n", i)
	}
	pages := pagesOf(t, portalOf(t, strings.TrimSuffix(b.String(), "---\n")))
	var got []string
	for n := 1; n <= 4; n++ {
		page, ok := pages[listPath("services", n)]
		if !ok {
			got = append(got, "none")
			continue
		}
		v := page.Data.(ListView)
		got = append(got, fmt.Sprintf("%s: %d rows, %d–%d of %d, before %q, after %q", page.Path, len(v.Rows), v.First, v.Last, v.Total, v.Previous, v.Next))
	}
	want := []string{
		`services/index.html: 50 rows, 1–50 of 120, before "", after "-/2.html"`,
		`services/-/2.html: 50 rows, 51–100 of 120, before "../index.html", after "3.html"`,
		`services/-/3.html: 20 rows, 101–120 of 120, before "2.html", after ""`,
		"none",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
}

func TestHref(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"index.html", "services/a.html", "services/a.html"},
		{"services/a.html", "index.html", "../index.html"},
		{"services/a.html", "services/b.html", "b.html"},
		{"services/a.html", "services/a/runbooks/x.html", "a/runbooks/x.html"},
		{"services/a/runbooks/x.html", "services/a.html", "../../a.html"},
		{"services/a/runbooks/x.html", "teams/t.html#sp-oncall", "../../../teams/t.html#sp-oncall"},
		{"services/-/2.html", "services/index.html", "../index.html"},
	} {
		if got := href(c.from, c.to); got != c.want {
			t.Errorf("href(%q, %q) = %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestPageLinksStayOneLine(t *testing.T) {
	var got []string
	for _, l := range pageLinks("services", 100, 200) {
		got = append(got, l.Text)
	}
	if want := []string{"1", "…", "98", "99", "100", "101", "102", "…", "200"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestCyclesOfParentsEnd has crumbs and teams that are above themselves: the rules
// report it, and pages must still be finite.
func TestCyclesOfParentsEnd(t *testing.T) {
	p := portalOf(t, `
-- signpost.yaml --
apiVersion: signpost.dev/v1
title: Acme
-- all.yaml --
apiVersion: signpost.dev/v1
kind: team
name: a
parent: b
channel: slack:#a
---
apiVersion: signpost.dev/v1
kind: team
name: b
parent: a
channel: slack:#b
---
apiVersion: signpost.dev/v1
kind: domain
name: d
parent: d
owner: team:a
`)
	pages := pagesOf(t, p)
	if crumbs := pages["teams/a.html"].Data.(TeamView).Crumbs; len(crumbs) != 1 || crumbs[0].Text != "b" {
		t.Errorf("crumbs of a: %+v", crumbs)
	}
	if crumbs := pages["domains/d.html"].Data.(EntityView).Crumbs; len(crumbs) != 0 {
		t.Errorf("crumbs of d: %+v", crumbs)
	}
}
