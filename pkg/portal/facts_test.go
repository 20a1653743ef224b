package portal

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func about(id, entity, environment string) snapshot.About {
	return snapshot.About{ID: id, Entity: entity, Environment: environment, Observed: noon}
}

func deployment(id string, state snapshot.DeploymentState, minutesAgo int) snapshot.Deployment {
	return snapshot.Deployment{
		About: about(id, "service:web", "production"), Version: id, State: state, At: noon.Add(-time.Duration(minutesAgo) * time.Minute),
	}
}

// withFacts is the catalog of a test with what one provider says.
func withFacts(t *testing.T, archive string, facts snapshot.Facts) *Portal {
	t.Helper()
	in := read(t, archive).Input
	in.Snapshots = []snapshot.File{{Version: 1, Provider: "live", Type: "github", Tried: noon, Fetched: noon, Facts: facts}}
	return New(in)
}

func TestWhichVersionRuns(t *testing.T) {
	tests := map[string]struct {
		all              []snapshot.Deployment
		running, attempt string
	}{
		"the last that succeeded": {[]snapshot.Deployment{deployment("1", snapshot.Inactive, 90), deployment("2", snapshot.Succeeded, 60)}, "2", ""},
		"a failed attempt":        {[]snapshot.Deployment{deployment("1", snapshot.Succeeded, 90), deployment("2", snapshot.Failed, 60)}, "1", "2"},
		"rolled back":             {[]snapshot.Deployment{deployment("1", snapshot.Inactive, 90), deployment("2", snapshot.RolledBack, 60)}, "1", "2"},
		"cancelled":               {[]snapshot.Deployment{deployment("1", snapshot.Succeeded, 90), deployment("2", snapshot.Cancelled, 60)}, "1", "2"},
		"going on":                {[]snapshot.Deployment{deployment("1", snapshot.Succeeded, 90), deployment("2", snapshot.Running, 1)}, "1", "2"},
		"nothing ever ran":        {[]snapshot.Deployment{deployment("1", snapshot.Failed, 90)}, "", "1"},
		"failed long before":      {[]snapshot.Deployment{deployment("1", snapshot.Failed, 90), deployment("2", snapshot.Succeeded, 60)}, "2", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := withFacts(t, acme, snapshot.Facts{Deployments: test.all})
			place := p.entity(t, "service:web").Live.Place("production")
			running, _ := place.Running()
			attempt, _ := place.Attempt()
			if running.Fact.ID != test.running || attempt.Fact.ID != test.attempt {
				t.Errorf("%q runs and %q was tried, want %q and %q", running.Fact.ID, attempt.Fact.ID, test.running, test.attempt)
			}
		})
	}
}

func TestFactsOfStrangersAreCounted(t *testing.T) {
	p := withFacts(t, acme, snapshot.Facts{
		Health: []snapshot.Health{
			{About: about("1", "service:web", "production"), State: snapshot.Healthy},
			{About: about("2", "Service:default/WEB", "staging"), State: snapshot.Healthy},
			{About: about("3", "service:gone", "production"), State: snapshot.Healthy},
			{About: about("4", "service:gone", "staging"), State: snapshot.Healthy},
		},
		Incidents: []snapshot.Incident{{About: about("5", ":", ""), Title: "x"}},
	})
	by := p.Providers()[0]
	want := []Stranger{{":", 1}, {"service:gone", 2}}
	if diff := cmp.Diff(want, by.Strangers); diff != "" || by.Facts != 2 {
		t.Errorf("%d facts joined; strangers (-want +got):\n%s", by.Facts, diff)
	}
	if len(p.Incidents()) > 0 {
		t.Errorf("an incident about nothing has a page: %v", p.Incidents()[0].Page)
	}
}

func TestPagesOfIncidentsAreTheirOwn(t *testing.T) {
	incident := func(id string, opened int) snapshot.Incident {
		return snapshot.Incident{About: about(id, "service:web", ""), Title: id, Opened: noon.Add(time.Duration(opened) * time.Minute)}
	}
	p := withFacts(t, acme, snapshot.Facts{Incidents: []snapshot.Incident{incident("A/1", 0), incident("a.1", 1), incident("../../x", 2)}})
	seen := map[string]bool{}
	for _, i := range p.Incidents() {
		if seen[i.Page] {
			t.Errorf("two incidents have the page %s", i.Page)
		}
		seen[i.Page] = true
	}
	if got := p.Incidents()[0].Page; got != "incidents/live-------x.html" {
		t.Errorf("the latest has the page %s", got)
	}
}

func TestAddressesOfCommits(t *testing.T) {
	p := read(t, acme)
	e := p.entity(t, "service:web")
	if got := p.CompareURL(e, "abcdef0", "0123456"); e.Repository.Written() && got == "" {
		t.Error("there is no page that compares two commits")
	}
	for _, commit := range []string{"", "main", "../../x", "abcdef0?x"} {
		if got := p.CompareURL(e, commit, "0123456"); got != "" {
			t.Errorf("%q is compared at %s", commit, got)
		}
	}
}
