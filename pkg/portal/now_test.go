package portal

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const night = `
-- signpost.yaml --
apiVersion: signpost.dev/v1
title: Acme
repository: {url: https://github.com/acme/catalog, branch: main}
-- team/team.yaml --
apiVersion: signpost.dev/v1
kind: team
name: core
channel: slack:#core
-- team/runbooks/escalate.md --
---
alerts: [Everything]
---
# Whom to wake
-- web/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: web
owner: core
tier: 1
-- web/runbooks/down.md --
---
alerts: [WebDown, Everything]
---
# The site is down
-- web/runbooks/high-error-rate.md --
# High error rate
-- web/runbooks/down/deep.md --
# Deep
-- web/guides/web-down.md --
# WebDown
-- web/postmortems/b.md --
---
date: 2026-03-01
---
# In March
-- web/postmortems/a.md --
---
date: 2026-05-01
---
# In May
-- ns/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: db
namespace: data
owner: team:default/core
tier: 2
-- ns/runbooks/down.md --
---
alerts: [WebDown]
---
# The database is down
-- ns/postmortems/both.md --
---
date: 2026-04-01
services: [service:default/web, service:default/none]
---
# Both
-- low/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: low
owner: core
tier: 3
`

func TestRunbooksThatMatchAnAlert(t *testing.T) {
	p := read(t, night)
	web := p.entity(t, "service:web")
	tests := map[string]struct {
		alert snapshot.Alert
		want  []string
	}{
		"by its front matter, not another's":  {snapshot.Alert{Name: "WebDown"}, []string{"services/web/runbooks/down.html"}},
		"the service's before the team's":     {snapshot.Alert{Name: "Everything"}, []string{"services/web/runbooks/down.html", "teams/core/runbooks/escalate.html"}},
		"by its title":                        {snapshot.Alert{Name: "HighErrorRate"}, []string{"services/web/runbooks/high-error-rate.html"}},
		"by the address of its page":          {snapshot.Alert{Name: "x", Runbook: "https://portal.acme.example/catalog/services/data/db/runbooks/down.html"}, []string{"services/data/db/runbooks/down.html"}},
		"with an anchor":                      {snapshot.Alert{Name: "x", Runbook: "https://portal.acme.example/services/web/runbooks/down.html#disk%20full"}, []string{"services/web/runbooks/down.html#disk%20full"}},
		"by the address of its file":          {snapshot.Alert{Name: "x", Runbook: "https://github.com/acme/catalog/blob/main/web/runbooks/down/deep.md"}, []string{"services/web/runbooks/down/deep.html"}},
		"its address first, and each once":    {snapshot.Alert{Name: "WebDown", Runbook: "https://github.com/acme/catalog/blob/main/ns/runbooks/down.md"}, []string{"services/data/db/runbooks/down.html", "services/web/runbooks/down.html"}},
		"an address of the same document":     {snapshot.Alert{Name: "WebDown", Runbook: "https://github.com/acme/catalog/blob/main/web/runbooks/down.md"}, []string{"services/web/runbooks/down.html"}},
		"no address of a document":            {snapshot.Alert{Name: "x", Runbook: "https://wiki.acme.example/x-web/runbooks/down.md"}, nil},
		"by the path of its file":             {snapshot.Alert{Name: "x", Runbook: "./web/runbooks/down.md#disk"}, []string{"services/web/runbooks/down.html#disk"}},
		"no path of a file":                   {snapshot.Alert{Name: "x", Runbook: "services/web/runbooks/down.html"}, nil},
		"a path out of the repository":        {snapshot.Alert{Name: "x", Runbook: "../web/runbooks/down.md"}, nil},
		"a name of nothing":                   {snapshot.Alert{Name: "…"}, nil},
		"case matters where names are listed": {snapshot.Alert{Name: "webdown"}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, place := range p.Runbooks(web, test.alert) {
				got = append(got, place.Page)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("runbooks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPostmortemsOfAnEntity(t *testing.T) {
	p := read(t, night)
	titles := func(all []*docs.Document) (titles []string) {
		for _, d := range all {
			titles = append(titles, d.Title)
		}
		return titles
	}
	if diff := cmp.Diff([]string{"In May", "Both", "In March"}, titles(p.Postmortems(p.entity(t, "service:web")))); diff != "" {
		t.Errorf("postmortems (-want +got):\n%s", diff)
	}
	if got := titles(p.Postmortems(p.entity(t, "service:low"))); got != nil {
		t.Errorf("a service that nothing has hit has postmortems: %q", got)
	}
}

func TestWhoHasANowPage(t *testing.T) {
	got := map[string]string{}
	p := read(t, night)
	for _, e := range p.Entities {
		if page := p.NowPage(e); page != "" {
			got[e.Ref.String()] = page
		}
	}
	want := map[string]string{"service:web": "now/web.html", "service:data/db": "now/data/db.html"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
}

func TestWhichVersionRanBefore(t *testing.T) {
	withPrevious := deployment("2", snapshot.Succeeded, 60)
	withPrevious.Previous = "1"
	again := deployment("d3", snapshot.Succeeded, 30)
	again.Version = "2"
	tests := map[string]struct {
		all  []snapshot.Deployment
		want string
	}{
		"the one before":              {[]snapshot.Deployment{deployment("1", snapshot.Inactive, 90), deployment("2", snapshot.Succeeded, 60)}, "1"},
		"not one that failed":         {[]snapshot.Deployment{deployment("0", snapshot.Inactive, 99), deployment("1", snapshot.Failed, 90), deployment("2", snapshot.Succeeded, 60)}, "0"},
		"not a later attempt":         {[]snapshot.Deployment{deployment("1", snapshot.Inactive, 90), deployment("2", snapshot.Succeeded, 60), deployment("3", snapshot.RolledBack, 5)}, "1"},
		"not the same version":        {[]snapshot.Deployment{deployment("1", snapshot.Inactive, 90), deployment("2", snapshot.Inactive, 60), again}, "1"},
		"only its version is known":   {[]snapshot.Deployment{withPrevious}, "1"},
		"the first of all":            {[]snapshot.Deployment{deployment("1", snapshot.Succeeded, 90)}, ""},
		"nothing runs, so not before": {[]snapshot.Deployment{deployment("1", snapshot.Failed, 90)}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := withFacts(t, acme, snapshot.Facts{Deployments: test.all})
			got, ok := p.entity(t, "service:web").Live.Place("production").Before()
			if got.Fact.Version != test.want || ok != (test.want != "") {
				t.Errorf("%q (%t) ran before, want %q", got.Fact.Version, ok, test.want)
			}
		})
	}
}

func TestWhoWatches(t *testing.T) {
	in := read(t, acme).Input
	in.Snapshots = []snapshot.File{
		{Provider: "duty", Type: "pagerduty"}, // tells of incidents, and there are none
		{Provider: "hub", Type: "github"},
		{Provider: "own", Type: "file", Facts: snapshot.Facts{Alerts: []snapshot.Alert{{About: about("1", "service:web", "")}}}},
	}
	var got []string
	for _, by := range New(in).Watching() {
		got = append(got, by.Name)
	}
	if diff := cmp.Diff([]string{"duty", "own"}, got); diff != "" {
		t.Errorf("who watches (-want +got):\n%s", diff)
	}
}
