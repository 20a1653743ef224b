package pagerduty

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// recorded reads a file of the test data that this project did not write.
func recorded(t *testing.T, name string, into any) {
	t.Helper()
	if err := json.Unmarshal(providertest.Read(t, providertest.Data(t, name)), into); err != nil {
		t.Fatal(err)
	}
}

func TestRecordedAccount(t *testing.T) {
	var services, policies, incidents []any
	recorded(t, "pagerduty-webdemo/sample_services.json", &services)
	recorded(t, "pagerduty-webdemo/sample_escalation_policies.json", &policies)
	recorded(t, "pagerduty-webdemo/sample_incidents.json", &incidents)
	var expected struct {
		Demo struct {
			Services, EscalationPolicies, Incidents, DistinctPoliciesUsed int
			Status                                                        map[string]int
		} `json:"pagerduty-webdemo"`
	}
	recorded(t, "expected.json", &expected)
	demo := expected.Demo

	f := serve(t, answers{"/services": services, "/escalation_policies": policies, "/incidents": incidents})
	facts := f.fetch(t, provider.Request{})
	count := map[string]int{}
	for _, x := range facts.Foreign {
		count[x.Kind+" "+x.State]++
		if x.Name == "" || x.URL == "" || x.Fix != "oncall: {provider: pagerduty, service: "+x.ID+"}" {
			t.Errorf("%+v: no name, address or fix", x)
		}
	}
	if got, want := len(facts.Foreign), demo.Services; got != want {
		t.Errorf("%d services that nobody names; want %d", got, want)
	}
	if got, want := count["service active"], demo.Status["active"]+demo.Status["critical"]; got != want {
		t.Errorf("%d services are active; want %d", got, want)
	}
	if got, want := count["service deprecated"], demo.Status["disabled"]; got != want {
		t.Errorf("%d services are deprecated; want %d", got, want)
	}
	if n := f.Counted("/services"); n != 2 {
		t.Errorf("%d requests for %d services; want 2", n, demo.Services)
	}
	if n := f.Counted("/oncalls") + f.Counted("/incidents"); n != 0 {
		t.Errorf("%d requests for what nobody has asked for", n)
	}
}

func TestRecordedPoliciesAreAllFound(t *testing.T) {
	var services, policies []any
	recorded(t, "pagerduty-webdemo/sample_services.json", &services)
	recorded(t, "pagerduty-webdemo/sample_escalation_policies.json", &policies)
	var expected struct {
		Demo struct{ EscalationPolicies, DistinctPoliciesUsed int } `json:"pagerduty-webdemo"`
	}
	recorded(t, "expected.json", &expected)

	f := serve(t, answers{"/services": services, "/escalation_policies": policies})
	account, err := f.open(t, token).(*system).account(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := len(account.policies); got != expected.Demo.EscalationPolicies {
		t.Errorf("%d policies; want %d", got, expected.Demo.EscalationPolicies)
	}
	var subjects []provider.Subject
	for id := range account.services {
		subjects = append(subjects, subject("service:"+id, "service", id))
	}
	found := resolve(account, subjects)
	if got := len(found.policies()); got != expected.Demo.DistinctPoliciesUsed || len(found.problems) != 0 {
		t.Errorf("%d policies are used, %d problems; want %d and none", got, len(found.problems), expected.Demo.DistinctPoliciesUsed)
	}
	if got := len(account.foreign("pagerduty", found.bindings)); got != 0 {
		t.Errorf("all services are named, and %d are said not to be", got)
	}
}

func TestRecordedIncidents(t *testing.T) {
	var incidents []incident
	recorded(t, "pagerduty-webdemo/sample_incidents.json", &incidents)
	var expected struct {
		Demo struct{ Incidents int } `json:"pagerduty-webdemo"`
	}
	recorded(t, "expected.json", &expected)
	all := bindings{bindings: []binding{
		{subject: subject("service:a"), service: "SERVICE1"}, {subject: subject("service:b"), service: "SERVICE2"},
	}}
	facts := all.tell(incidents, now)
	if len(facts) != expected.Demo.Incidents {
		t.Fatalf("%d incidents; want %d", len(facts), expected.Demo.Incidents)
	}
	got := facts[0]
	want := snapshot.Incident{Opened: time.Date(2017, 4, 7, 3, 41, 8, 0, time.UTC), Resolved: time.Date(2017, 4, 7, 3, 57, 56, 0, time.UTC)}
	if got.State != snapshot.Resolved || got.Opened != want.Opened || got.Resolved != want.Resolved || got.Severity != "high" ||
		got.Number != "1" || got.Title != "this is a trigger event!" || got.URL != "https://fake.pagerduty.com/incidents/INCIDENT1" ||
		len(got.Responders) != 1 || got.Responders[0] != "User 39" {
		t.Errorf("%+v", got)
	}
}
