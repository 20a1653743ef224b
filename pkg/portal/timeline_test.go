package portal

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/githistory"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const timelineCatalog = `
-- signpost.yaml --
apiVersion: signpost.dev/v1
title: Acme
-- teams.yaml --
apiVersion: signpost.dev/v1
kind: team
name: core
email: core@acme.example
---
apiVersion: signpost.dev/v1
kind: team
name: store
email: store@acme.example
parent: team:core
-- web/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: web
owner: team:store
dependsOn: [service:api]
-- web/postmortems/slow.md --
---
incident: "812"
date: 2026-11-22
---
# It was slow
-- web/postmortems/undated.md --
# Some day
-- api/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: api
owner: team:core
dependsOn: [service:deep]
-- deep/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: deep
owner: team:core
-- idle/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: idle
owner: team:core
`

func ago(minutes int) time.Time { return noon.Add(-time.Duration(minutes) * time.Minute) }

func deployed(id, entity string, minutesAgo int) snapshot.Deployment {
	return snapshot.Deployment{About: about(id, "service:"+entity, "production"), Version: id, State: snapshot.Succeeded, At: ago(minutesAgo)}
}

// timelineFacts are about one incident of web, at noon, that lasted for half an hour.
func timelineFacts() snapshot.Facts {
	return snapshot.Facts{
		Incidents: []snapshot.Incident{{
			About: about("Q1", "service:web", ""), Number: "812", Title: "Slow", State: snapshot.Resolved,
			Opened: noon, Resolved: ago(-30), Also: []string{"service:idle"},
		}},
		Alerts: []snapshot.Alert{
			{About: about("a1", "service:web", ""), Name: "Slow", State: snapshot.Firing, Since: ago(3)},
			{About: about("a2", "service:web", ""), Name: "Quiet", State: snapshot.Quiet, Since: ago(3)},
			{About: about("a3", "service:web", ""), Name: "Since when?", State: snapshot.Firing},
		},
		Deployments: []snapshot.Deployment{
			deployed("at-once", "web", 0), deployed("early", "web", 120), deployed("too-early", "web", 121), deployed("later", "web", -10), deployed("after", "web", -31),
			deployed("below", "api", 23), deployed("below-later", "api", -5), deployed("below-early", "api", 200), deployed("further-below", "deep", 20),
			deployed("long-ago", "web", 60*24*91), deployed("future", "web", -60*24*3),
		},
		Releases: []snapshot.Release{{About: about("r1", "service:api", ""), Version: "7", At: ago(40)}},
	}
}

// timelinePortal has the facts, and commits: one to web and idle shortly before the
// incident, one to api long before.
func timelinePortal(t *testing.T, facts snapshot.Facts) *Portal {
	t.Helper()
	in := withFacts(t, timelineCatalog, facts).Input
	before := githistory.Change{Commit: "c1", Author: "Ada", When: ago(5)}
	in.Changes = map[string]githistory.Change{
		"web/service.yaml": before, "idle/service.yaml": before, "api/service.yaml": {Commit: "c2", Author: "Bob", When: ago(60 * 24)},
	}
	return New(in)
}

// told writes events as lines: "deployment below of api, 23m before Q1".
func told(events []Event) []string {
	var lines []string
	for i := range events {
		e := &events[i]
		var of, before []string
		for _, entity := range e.Of {
			of = append(of, entity.Name.Text)
		}
		for _, i := range e.Before {
			before = append(before, fmt.Sprintf(", %v before %s", i.Fact.Opened.Sub(e.At), i.Fact.ID))
		}
		end := ""
		if e.Over {
			end = " over"
		}
		id := e.id()
		lines = append(lines, fmt.Sprintf("%s %s%s of %s%s", e.Kind, id[strings.LastIndexByte(id, '/')+1:], end, strings.Join(of, " "), strings.Join(before, "")))
	}
	return lines
}

func TestTimelines(t *testing.T) {
	p := timelinePortal(t, timelineFacts())
	web := []string{
		"deployment after of web", "incident Q1 over of web idle", "deployment later of web", "incident Q1 of web idle", "deployment at-once of web, 0s before Q1",
		"alert a1 of web", "change c1 of web, 5m0s before Q1", "deployment below of api, 23m0s before Q1", "release r1 of api, 40m0s before Q1",
		"deployment early of web, 2h0m0s before Q1", "deployment too-early of web", "postmortem slow.md of web",
	}
	tests := map[string][]string{
		"service:web": web,
		// It had no incident, so that nothing is marked, and nothing of what it depends on is told.
		"service:api": {"deployment below-later of api", "deployment below of api", "release r1 of api", "deployment below-early of api", "change c2 of api"},
		"team:store":  web,
		"service:idle": {
			"incident Q1 over of web idle", "incident Q1 of web idle", "change c1 of idle, 5m0s before Q1",
		},
	}
	for ref, want := range tests {
		t.Run(ref, func(t *testing.T) {
			line := p.TimelineOf(p.entity(t, ref))
			latest := line.Latest(100)
			if diff := cmp.Diff(want, told(latest.Events)); diff != "" || latest.Total != len(want) {
				t.Errorf("%d events (-want +got):\n%s", latest.Total, diff)
			}
			if n := line.Count(1000); n != len(want) {
				t.Errorf("there are said to be %d events, want %d", n, len(want))
			}
			if n := line.Count(2); n != 2 {
				t.Errorf("counting up to 2 gives %d", n)
			}
		})
	}
}

func TestTimelineOfEverything(t *testing.T) {
	p := timelinePortal(t, timelineFacts())
	latest := p.Timeline().Latest(1000)
	all, total, core := latest.Events, latest.Total, p.TimelineOf(p.entity(t, "team:core")).Latest(1000).Total
	if latest.Kinds[AlertEvent] != 1 || latest.Kinds[DeploymentEvent] != 9 {
		t.Errorf("its kinds are %v", latest.Kinds)
	}
	if total != 16 || core != total {
		t.Errorf("everything has %d events and its team %d, want 16", total, core)
	}
	lines := strings.Join(told(all), "\n")
	for _, want := range []string{"change c1 of idle web, 5m0s before Q1", "deployment below of api, 23m0s before Q1", "deployment further-below of deep\n"} {
		if !strings.Contains(lines+"\n", want) {
			t.Errorf("the timeline lacks %q:\n%s", want, lines)
		}
	}
	for most := 1; most < total; most++ {
		some := p.Timeline().Latest(most)
		if diff := cmp.Diff(told(all[:most]), told(some.Events)); diff != "" || some.Total != total {
			t.Errorf("the latest %d of %d (-want +got):\n%s", most, some.Total, diff)
		}
	}
}

// The order of events is that of the facts, in whichever order systems tell them.
func TestTimelineHasOneOrder(t *testing.T) {
	facts := timelineFacts()
	for i := range 20 { // all at one instant
		facts.Deployments = append(facts.Deployments, deployed(fmt.Sprint("same", i), []string{"web", "api", "deep"}[i%3], 15))
	}
	first := timelinePortal(t, facts).Timeline().Latest(1000).Events
	r := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		r.Shuffle(len(facts.Deployments), func(i, k int) {
			facts.Deployments[i], facts.Deployments[k] = facts.Deployments[k], facts.Deployments[i]
		})
		again := timelinePortal(t, facts).Timeline().Latest(1000).Events
		if diff := cmp.Diff(told(first), told(again)); diff != "" {
			t.Fatalf("another order (-first +again):\n%s", diff)
		}
	}
}

// A catalog that is edited and of which no system tells has no timeline.
func TestChangesAloneAreNoTimeline(t *testing.T) {
	p := timelinePortal(t, snapshot.Facts{})
	for _, ref := range []string{"service:idle", "service:api"} {
		if n := p.TimelineOf(p.entity(t, ref)).Count(1); n != 0 {
			t.Errorf("%s has a timeline", ref)
		}
	}
	if n := p.TimelineOf(p.entity(t, "service:web")).Count(9); n != 2 {
		t.Errorf("web has %d events, want its postmortem and its change", n)
	}
}

func TestAroundAnIncident(t *testing.T) {
	p := timelinePortal(t, timelineFacts())
	want := []string{
		"deployment later of web", "deployment below-later of api", "deployment at-once of web, 0s before Q1", "alert a1 of web", "change c1 of idle web, 5m0s before Q1",
		"deployment below of api, 23m0s before Q1", "release r1 of api, 40m0s before Q1", "deployment early of web, 2h0m0s before Q1",
	}
	if diff := cmp.Diff(want, told(p.Around(p.Incidents()[0]))); diff != "" {
		t.Errorf("around it (-want +got):\n%s", diff)
	}
	facts := timelineFacts()
	facts.Incidents[0].Resolved, facts.Incidents[0].State = time.Time{}, snapshot.Triggered
	p = timelinePortal(t, facts)
	if got := told(p.Around(p.Incidents()[0])); got[1] != "deployment after of web" {
		t.Errorf("while it is open, what follows belongs to it: %q", got)
	}
}

func TestDeploymentsElsewhereAreNoSuspects(t *testing.T) {
	facts := timelineFacts()
	facts.Incidents[0].Environment = "staging"
	facts.Deployments = append(facts.Deployments, snapshot.Deployment{About: about("there", "service:web", "staging"), At: ago(1)}, snapshot.Deployment{About: about("anywhere", "service:web", ""), At: ago(2)})
	p := timelinePortal(t, facts)
	var got []string
	for _, e := range p.Around(p.Incidents()[0]) {
		if len(e.Before) > 0 {
			got = append(got, e.id())
		}
	}
	if diff := cmp.Diff([]string{"there", "anywhere", "c1", "r1"}, got); diff != "" {
		t.Errorf("suspects (-want +got):\n%s", diff)
	}
}

func TestPostmortemAndIncidentFindEachOther(t *testing.T) {
	p := timelinePortal(t, timelineFacts())
	i := p.Incidents()[0]
	d := p.Postmortem(i)
	if d == nil || p.IncidentOf(d) != i {
		t.Errorf("the postmortem of %s is %v", i.Fact.ID, d)
	}
	for _, other := range p.Documents {
		if other != d && p.IncidentOf(other) != nil {
			t.Errorf("%s is taken for a postmortem of %s", other.File, p.IncidentOf(other).Fact.ID)
		}
	}
}
