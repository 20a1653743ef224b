package alertmanager

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

func subject(entity, environment string, with map[string]string) provider.Subject {
	return provider.Subject{Entity: entity, Environment: environment, Purpose: provider.Health, With: with}
}

func fetch(t *testing.T, url string, settings []string, subjects ...provider.Subject) (snapshot.Facts, error) {
	t.Helper()
	p, err := New(providertest.Settings("alertmanager", url, settings...))
	if err != nil {
		t.Fatal(err)
	}
	return p.Fetch(context.Background(), provider.Request{Subjects: subjects, Now: providertest.Now})
}

func answering(t *testing.T, body string) string {
	return providertest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v2/alerts" {
			http.NotFound(w, r)
			return
		}
		providertest.JSON(w, http.StatusOK, body)
	})
}

const some = `[
 {"fingerprint":"f1","labels":{"alertname":"Slow","service":"pay","environment":"staging","severity":"page"},
  "annotations":{"summary":"P99 is\n1s\u001b","runbook_url":"javascript:alert(1)"},"startsAt":"2026-11-23T15:00:00Z",
  "generatorURL":"https://prometheus.example/graph","status":{"state":"active","silencedBy":[],"inhibitedBy":[]},"future":{}},
 {"fingerprint":"f2","labels":{"alertname":"Down","app":"pay"},"annotations":{"description":"long","runbook_url":"https://wiki.example/down"},
  "startsAt":"2026-11-23T15:00:00Z","status":{"state":"suppressed","silencedBy":[],"inhibitedBy":["f1"]}},
 {"fingerprint":"f3","labels":{"alertname":"New","service":"search","app":"pay"},"annotations":{},
  "startsAt":"2026-11-23T15:00:00Z","status":{"state":"hibernating"}},
 {"fingerprint":"f4","labels":{"alertname":"Lost","service":"nobody's: x"},"annotations":{},"startsAt":"2026-11-23T15:00:00Z","status":{"state":"active"}},
 {"fingerprint":"f5","labels":{},"annotations":{},"startsAt":"2026-11-23T15:00:00Z","status":{"state":"active"}}
]`

func TestAlertsAreJoinedByLabels(t *testing.T) {
	facts, err := fetch(t, answering(t, some), nil,
		subject("service:pay", "production", nil), subject("service:pay", "staging", nil),
		subject("service:find", "production", map[string]string{"service": "search"}), subject("service:quiet", "production", nil))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range facts.Alerts {
		got = append(got, strings.Join([]string{a.ID, a.Entity, a.Environment, a.Name, string(a.State), a.Severity, a.Summary, a.Runbook, map[bool]string{true: "silenced"}[a.Silenced]}, "|"))
	}
	want := []string{
		"f1|service:pay|staging|Slow|firing|page|P99 is 1s||",
		"f2|service:pay||Down|firing||long|https://wiki.example/down|silenced",
		"f3|service:find|production|New|no-data||||",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("alerts:\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(facts.Foreign) != 2 {
		t.Fatalf("foreign: %+v", facts.Foreign)
	}
	if f := facts.Foreign[0]; f.Kind != "alert" || f.Name != "Lost" || f.State != "active" || !strings.Contains(f.Fix, `service: "nobody's: x"`) {
		t.Errorf("foreign: %+v", f)
	}
	if f := facts.Foreign[1]; f.Name != "alert f5" || f.Fix != "" {
		t.Errorf("an alert without labels: %+v", f)
	}
}

func TestTheNextLabelCountsIfTheFirstNamesNobody(t *testing.T) {
	facts, err := fetch(t, answering(t, some), nil, subject("service:pay", "production", nil))
	if err != nil || len(facts.Alerts) != 3 || facts.Alerts[2].ID != "f3" || facts.Alerts[2].Entity != "service:pay" {
		t.Errorf("err %v, alerts %+v", err, facts.Alerts)
	}
}

func TestOtherLabels(t *testing.T) {
	facts, err := fetch(t, answering(t, some), []string{"label", "app"}, subject("service:pay", "production", nil))
	if err != nil || len(facts.Alerts) != 2 || facts.Alerts[0].ID != "f2" || facts.Alerts[1].ID != "f3" {
		t.Errorf("err %v, alerts %+v", err, facts.Alerts)
	}
	if len(facts.Alerts) > 0 && facts.Alerts[0].Environment != "production" {
		t.Errorf("an alert without environment is of the only one: %q", facts.Alerts[0].Environment)
	}
}

func TestWhatIsNoAnswer(t *testing.T) {
	for _, body := range []string{`{}`, `[{"labels":{}}]`, `[{"fingerprint":"a","startsAt":"yesterday"}]`, `nonsense`} {
		facts, err := fetch(t, answering(t, body), nil, subject("service:pay", "", nil))
		if p := provider.ProblemOf(err); p == nil || p.Kind != snapshot.Garbage || len(facts.Alerts)+len(facts.Foreign) != 0 {
			t.Errorf("%s: err %v, facts %+v", body, err, facts)
		}
	}
	if _, err := New(providertest.Settings("alertmanager", "")); provider.ProblemOf(err) == nil {
		t.Error("without url there is no error")
	}
}
