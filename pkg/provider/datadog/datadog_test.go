package datadog

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

func unix(seconds int64) time.Time { return time.Unix(seconds, 0) }

func (f *fake) system(t *testing.T) *system {
	t.Helper()
	p, err := New(provider.Settings{Name: "datadog", URL: f.url, Private: true, Secret: func(v string) string {
		return map[string]string{"DD_API_KEY": apiKey, "DD_APP_KEY": applicationKey}[v]
	}})
	if err != nil {
		t.Fatal(err)
	}
	return p.(*system)
}

func watch(id int, state string, more ...any) map[string]any {
	m := object("id", id, "name", "Errors", "message", "Too many.\nRunbook: https://runbooks.example.com/errors.", "overall_state", state,
		"overall_state_modified", at(-3), "tags", []any{"env:prod", "service:payments"}, "priority", 2)
	for i := 0; i < len(more); i += 2 {
		m[more[i].(string)] = more[i+1]
	}
	return m
}

func TestStatesOfMonitors(t *testing.T) {
	want := map[string]snapshot.AlertState{
		"Alert": snapshot.Firing, "Warn": snapshot.Pending, "OK": snapshot.Quiet, "No Data": snapshot.NoData,
		"Ignored": snapshot.NoData, "Skipped": snapshot.NoData, "Unknown": snapshot.NoData, "Haunted": snapshot.NoData, "": snapshot.NoData, "ok": snapshot.NoData,
	}
	f := &fake{}
	var states []string
	for state := range want {
		states = append(states, state)
		f.monitors = append(f.monitors, watch(len(states), state))
	}
	facts := serve(t, f).fetch(t, subject("service:payments"))
	if len(facts.Alerts) != len(want) {
		t.Fatalf("%d alerts; want %d", len(facts.Alerts), len(want))
	}
	for n, a := range facts.Alerts {
		if a.State != want[states[n]] {
			t.Errorf("%q is %s; want %s", states[n], a.State, want[states[n]])
		}
	}
	a := facts.Alerts[0]
	if a.Entity != "service:payments" || a.Severity != "P2" || a.Runbook != "https://runbooks.example.com/errors" || !a.Since.Equal(at(-3)) || a.Since.Location() != time.UTC || a.URL != "https://app.datadoghq.com/monitors/1" || a.Silenced {
		t.Errorf("%+v", a)
	}
}

func TestSilenced(t *testing.T) {
	for name, c := range map[string]struct {
		key   string
		value any
		want  bool
	}{
		"for good":          {"options", object("silenced", object("*", nil)), true},
		"until later":       {"options", object("silenced", object("*", at(1).Unix())), true},
		"until before":      {"options", object("silenced", object("*", at(-1).Unix())), false},
		"a group":           {"options", object("silenced", object("env:dev", nil)), false},
		"a downtime":        {"matching_downtimes", []any{object("start", at(-1).Unix(), "end", nil, "scope", []any{"*"})}, true},
		"one of a group":    {"matching_downtimes", []any{object("start", at(-1).Unix(), "end", nil, "scope", []any{"env:dev"})}, false},
		"one that is over":  {"matching_downtimes", []any{object("start", at(-2).Unix(), "end", at(-1).Unix(), "scope", []any{"*"})}, false},
		"one still to come": {"matching_downtimes", []any{object("start", at(1).Unix(), "scope", []any{"*"})}, false},
	} {
		facts := serve(t, &fake{monitors: []any{watch(1, "Alert", c.key, c.value)}}).fetch(t, subject("service:payments"))
		if got := facts.Alerts[0].Silenced; got != c.want {
			t.Errorf("%s: silenced %v; want %v", name, got, c.want)
		}
	}
}

func TestWhoseMonitor(t *testing.T) {
	f := serve(t, &fake{monitors: []any{
		watch(1, "OK"), watch(2, "OK", "tags", []any{"service:Pay", "service:payments"}),
		watch(3, "OK", "tags", []any{"service:web"}), watch(4, "OK", "tags", []any{"team:x"}), watch(5, "OK", "tags", []any{"service:renamed"}), watch(6, "OK", "tags", []any{"service:a: b\nowner: c"}),
	}})
	facts := f.fetch(t, subject("service:payments"), subject("service:shop", "service", "pay"), subject("service:renamed"), subject("service:renamed", "service", "other"),
		provider.Subject{Entity: "service:z", Purpose: provider.OnCall})
	var got []string
	for _, a := range facts.Alerts {
		got = append(got, a.ID)
	}
	if want := []string{"1/service:payments", "2/service:shop", "2/service:payments"}; !slices.Equal(got, want) {
		t.Errorf("%q; want %q", got, want)
	}
	got = nil
	for _, x := range facts.Foreign {
		got = append(got, x.ID+" "+x.Fix)
	}
	if want := []string{"3 health: {provider: datadog, service: web}", "4 ", "5 health: {provider: datadog, service: renamed}", "6 "}; !slices.Equal(got, want) {
		t.Errorf("foreign %q; want %q", got, want)
	}
	if len(facts.Problems) != 1 || facts.Problems[0].Kind != snapshot.Config || facts.Problems[0].Entity != "service:z" {
		t.Errorf("problems %+v", facts.Problems)
	}
}

func slo(id string, actual, budget any) map[string]any {
	return object("id", id, "attributes", object("name", "Available", "all_tags", []any{"service:payments"}, "overall_status", []any{
		object("status", actual, "error_budget_remaining", budget, "target", 99.9, "timeframe", "30d", "state", "ok"),
	}))
}

func TestObjectives(t *testing.T) {
	f := serve(t, &fake{objectives: []any{slo("a", 99.95, 50.0), slo("b", 99.0, -900.0), slo("c", nil, nil), slo("d", 99.0, nil)}})
	old := snapshot.Objective{About: snapshot.About{ID: "c/30d/service:payments", Entity: "service:payments", Observed: at(-24)}, Name: "Available", Target: 99.9, Actual: 99.91, Budget: 10, Window: "30d"}
	facts, err := f.try(t, provider.Settings{}, provider.Request{Subjects: []provider.Subject{subject("service:payments")}, Before: snapshot.Facts{Objectives: []snapshot.Objective{old}}})
	if err != nil || len(facts.Objectives) != 3 {
		t.Fatalf("%+v, %v; want three", facts.Objectives, err)
	}
	if o := facts.Objectives[0]; o.Target != 99.9 || o.Actual != 99.95 || o.Budget != 50 || o.Window != "30d" || !o.Observed.Equal(now) || o.URL != "https://app.datadoghq.com/slo?slo_id=a" {
		t.Errorf("%+v", o)
	}
	if o := facts.Objectives[1]; o.Budget != -900 {
		t.Errorf("%+v; want an overspent budget", o)
	}
	if o := facts.Objectives[2]; o != old {
		t.Errorf("%+v; want what was known, as old as it is", o)
	}
}

func trouble(id, state string, created time.Time, more ...any) map[string]any {
	a := object("public_id", 7, "title", "It burns", "state", state, "severity", "SEV-1", "created", created, "detected", created.Add(-time.Hour), "modified", at(-1), "resolved", nil, "archived", nil,
		"fields", object("services", object("value", []any{"web", "payments"})), "commander", object("data", object("attributes", object("name", "Ann"))))
	for i := 0; i < len(more); i += 2 {
		a[more[i].(string)] = more[i+1]
	}
	return object("id", id, "type", "incidents", "attributes", a)
}

func TestIncidents(t *testing.T) {
	f := serve(t, &fake{
		open: []any{
			trouble("i1", "active", at(-2)), trouble("i2", "stable", at(-24*200)), trouble("i3", "haunted", at(-2), "fields", object("services", object("value", "payments"))),
			trouble("i4", "active", at(-2), "is_test", true), trouble("i5", "active", at(-2), "archived", at(-1)), trouble("i6", "active", at(-2), "fields", object("services", object("value", nil))),
			trouble("i7", "active", at(-2)),
		},
		over: []any{
			trouble("i7", "resolved", at(-2), "resolved", at(-1)), trouble("i8", "resolved", at(-5)), trouble("i9", "resolved", at(-24*91)), trouble("i10", "resolved", at(-24*92)),
		},
	})
	facts := f.fetch(t, subject("service:payments"), subject("service:web"))
	got := map[string]snapshot.Incident{}
	for _, i := range facts.Incidents {
		got[i.ID] = i
	}
	for id, want := range map[string]snapshot.Incident{
		"i1": {State: snapshot.Triggered}, "i2": {State: snapshot.Acknowledged}, "i3": {State: snapshot.Triggered},
		"i7": {State: snapshot.Resolved, Resolved: at(-1)}, "i8": {State: snapshot.Resolved, Resolved: at(-1)},
	} {
		if i := got[id]; i.State != want.State || !i.Resolved.Equal(want.Resolved) {
			t.Errorf("%s: %+v; want %s", id, i, want.State)
		}
	}
	if len(got) != 5 {
		t.Errorf("%d incidents; want five", len(got))
	}
	if i := got["i1"]; i.Entity != "service:web" || !slices.Equal(i.Also, []string{"service:payments"}) || i.Severity != "SEV-1" || i.Number != "7" || i.URL != "https://app.datadoghq.com/incidents/7" ||
		!slices.Equal(i.Responders, []string{"Ann"}) || !i.Opened.Equal(at(-2)) || !i.Detected.Equal(at(-3)) {
		t.Errorf("%+v", i)
	}
}

func TestPaging(t *testing.T) {
	f := &fake{}
	for i := range 1250 {
		f.monitors = append(f.monitors, watch(i+1, "OK"))
	}
	for i := range 250 {
		f.objectives = append(f.objectives, slo("s"+strconv.Itoa(i), 1, 1))
		f.open = append(f.open, trouble("i"+strconv.Itoa(i), "active", at(-2)))
	}
	facts := serve(t, f).fetch(t, subject("service:payments"))
	if len(facts.Alerts) != 1250 || f.Counted("/api/v1/monitor") != 3 {
		t.Errorf("%d alerts in %d requests", len(facts.Alerts), f.Counted("/api/v1/monitor"))
	}
	if f.Counted("/api/v1/slo/search") != 3 || f.Counted("/api/v2/incidents/search") != 4 || len(facts.Incidents) != 250 || len(facts.Objectives) != 250 {
		t.Errorf("%d requests, %d incidents", len(f.Asked()), len(facts.Incidents))
	}
}

func TestFailuresOfAll(t *testing.T) {
	full := slices.Repeat([]map[string]any{watch(1, "OK")}, monitorsInPage) // whatever page is asked for
	for name, c := range map[string]struct {
		path   string
		answer any
		want   snapshot.ProblemKind
	}{
		"refused":           {"/api/v1/slo/search", http.StatusForbidden, snapshot.Forbidden},
		"gone":              {"/api/v2/incidents/search", http.StatusNotFound, snapshot.NotFound},
		"no list":           {"/api/v1/monitor", object("errors", []any{"x"}), snapshot.Garbage},
		"no data":           {"/api/v1/slo/search", object("errors", []any{"x"}), snapshot.Garbage},
		"no incidents":      {"/api/v2/incidents/search", object(), snapshot.Garbage},
		"no identifier":     {"/api/v1/monitor", []any{object("name", "x")}, snapshot.Garbage},
		"the same for ever": {"/api/v1/monitor", full, snapshot.Incomplete},
		"more, nothing":     {"/api/v2/incidents/search", object("data", object("attributes", object("total", 5, "incidents", []any{}))), snapshot.Incomplete},
		"never created":     {"/api/v2/incidents/search", object("data", object("attributes", object("total", 1, "incidents", []any{object("data", object("id", "x"))}))), snapshot.Garbage},
	} {
		_, err := serve(t, &fake{faults: providertest.Answers{c.path: c.answer}}).try(t, provider.Settings{}, provider.Request{})
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if got := kindOf(t, err); got != c.want {
			t.Errorf("%s: %s (%v); want %s", name, got, err, c.want)
		}
	}
}

func TestProductsThatAnOrganisationDoesNotHave(t *testing.T) {
	f := serve(t, &fake{faults: providertest.Answers{"/api/v1/slo/search": 403, "/api/v2/incidents/search": 403}, monitors: []any{watch(1, "OK")}})
	facts, err := f.try(t, provider.Settings{With: map[string]string{"slos": "false", "incidents": "false"}}, provider.Request{})
	if err != nil || len(facts.Foreign) != 1 || len(f.Asked()) != 1 {
		t.Errorf("%+v, %v; asked %v", facts, err, f.Asked())
	}
}

func TestHostileText(t *testing.T) {
	f := serve(t, &fake{monitors: []any{
		watch(1, "Alert", "name", "a\x1b[31m\u202eb\n\tc", "message", "runbook javascript:alert(1)"), watch(2, "OK", "name", "\x00", "message", strings.Repeat("é", 10_000)),
		watch(3, "OK", "message", "runbook https://user:pw@evil.example/x"),
	}})
	facts := f.fetch(t, subject("service:payments"))
	if a := facts.Alerts[0]; a.Name != "a[31mb c" || a.Runbook != "" {
		t.Errorf("%+v", a)
	}
	if a := facts.Alerts[1]; a.Name != "Monitor 2" || len([]rune(a.Summary)) != fact.MostText+1 {
		t.Errorf("%+v", a)
	}
	if a := facts.Alerts[2]; a.Runbook != "" {
		t.Errorf("%+v", a)
	}
}

func TestKeys(t *testing.T) {
	f := serve(t, &fake{})
	wrong := provider.Settings{Secret: func(string) string { return "wrong-key" }}
	if _, err := f.try(t, wrong, provider.Request{}); err == nil || kindOf(t, err) != snapshot.Forbidden || strings.Contains(err.Error(), "wrong-key") {
		t.Errorf("%v; want a refusal without the key", err)
	}
	other := provider.Settings{Token: "A", With: map[string]string{"appToken": "B"}, Secret: func(v string) string { return map[string]string{"A": apiKey, "B": applicationKey}[v] }}
	if _, err := f.try(t, other, provider.Request{}); err != nil {
		t.Errorf("keys in other variables: %v", err)
	}
	for missing, s := range map[string]provider.Settings{
		"DD_API_KEY": {Secret: func(string) string { return "" }},
		"DD_APP_KEY": {Secret: func(v string) string { return map[string]string{"DD_API_KEY": "x"}[v] }},
		"evil/site":  {With: map[string]string{"site": "evil/site"}, Secret: func(string) string { return "x" }},
	} {
		if _, err := New(s); err == nil || kindOf(t, err) != snapshot.Config || !strings.Contains(err.Error(), missing) {
			t.Errorf("%v; want one that names %s", err, missing)
		}
	}
}

func TestSites(t *testing.T) {
	for place, want := range map[string]string{"datadoghq.com": "https://app.datadoghq.com", "datadoghq.eu": "https://app.datadoghq.eu", "us3.datadoghq.com": "https://us3.datadoghq.com"} {
		if got := pagesOf(place); got != want {
			t.Errorf("%s is seen at %s; want %s", place, got, want)
		}
	}
}

func TestHealth(t *testing.T) {
	prod, dev, everywhere := []any{"service:pay", "env:prod"}, []any{"service:pay", "env:dev"}, []any{"service:pay"}
	for name, c := range map[string]struct {
		monitors []any
		want     snapshot.HealthState
	}{
		"none":                {nil, snapshot.Unknown},
		"well":                {[]any{watch(1, "OK", "tags", prod), watch(2, "OK", "tags", everywhere)}, snapshot.Healthy},
		"ill elsewhere":       {[]any{watch(1, "OK", "tags", prod), watch(2, "Alert", "tags", dev)}, snapshot.Healthy},
		"ill everywhere":      {[]any{watch(1, "OK", "tags", prod), watch(2, "Alert", "tags", everywhere)}, snapshot.Unhealthy},
		"warned":              {[]any{watch(1, "Warn", "tags", prod), watch(2, "No Data", "tags", prod)}, snapshot.Degraded},
		"one without data":    {[]any{watch(1, "OK", "tags", prod), watch(2, "No Data", "tags", prod)}, snapshot.Unknown},
		"a state of nobody's": {[]any{watch(1, "Haunted", "tags", prod)}, snapshot.Unknown},
		"another's":           {[]any{watch(1, "Alert")}, snapshot.Unknown},
	} {
		asked := subject("service:shop", "service", "Pay", "env", "prod")
		asked.Purpose, asked.Environment = provider.Health, "production"
		facts := serve(t, &fake{monitors: c.monitors}).fetch(t, subject("service:shop"), asked)
		if len(facts.Health) != 1 || facts.Health[0].State != c.want || facts.Health[0].Environment != "production" || facts.Health[0].Entity != "service:shop" {
			t.Errorf("%s: %+v; want %s", name, facts.Health, c.want)
		}
	}
}
