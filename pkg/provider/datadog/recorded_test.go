package datadog

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// recorded returns the answers to the GETs of a cassette, by path and query.
func recorded(t *testing.T, name string) map[string]string {
	t.Helper()
	root := os.Getenv("SIGNPOST_TESTDATA")
	if root == "" {
		t.Skip("SIGNPOST_TESTDATA is not set: NOTHING was tested against recorded answers of Datadog")
	}
	data, err := os.ReadFile(filepath.Join(root, "datadog-cassettes", name+".yaml"))
	if err != nil {
		t.Fatal("SIGNPOST_TESTDATA is set, but ", err)
	}
	var cassette struct {
		Interactions []struct {
			Request  struct{ Method, URL string }
			Response struct{ Body string }
		}
	}
	if err := yaml.Unmarshal(data, &cassette); err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{}
	for _, i := range cassette.Interactions {
		if i.Request.Method == "GET" {
			answers[strings.TrimPrefix(i.Request.URL, "https://api.datadoghq.com")] = i.Response.Body
		}
	}
	return answers
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
}

func TestRecordedMonitors(t *testing.T) {
	pages := recorded(t, "v1/Feature_Monitors/Scenario_Get_all_monitors_returns_OK_response_with_pagination")
	f := &fake{}
	for _, n := range []string{"0", "1"} {
		var page []any
		decode(t, pages["/api/v1/monitor?page_size=2&page="+n], &page)
		f.monitors = append(f.monitors, page...)
	}
	one := recorded(t, "v1/Feature_Monitors/Scenario_Get_a_monitors_details_with_downtime_returns_OK_response")
	var silenced any
	decode(t, one["/api/v1/monitor/119766008?with_downtimes=true"], &silenced)
	f.monitors = append(f.monitors, silenced)
	facts := serve(t, f).fetch(t)
	if len(facts.Foreign) != 4 || len(facts.Alerts) != 0 {
		t.Fatalf("%d alerts, %d monitors of nobody; want 0 and 4", len(facts.Alerts), len(facts.Foreign))
	}
	if x := facts.Foreign[0]; x.ID != "34822915" || x.Name != "SLO Monitor: aws_alb_latency_p95 for splunk" || x.URL != "https://app.datadoghq.com/monitors/34822915" || x.Kind != "monitor" || x.Fix != "" {
		t.Errorf("%+v", x)
	}
}

func TestRecordedDowntimeSilences(t *testing.T) {
	one := recorded(t, "v1/Feature_Monitors/Scenario_Get_a_monitors_details_with_downtime_returns_OK_response")
	var m monitor
	decode(t, one["/api/v1/monitor/119766008?with_downtimes=true"], &m)
	if len(m.Downtimes) != 1 {
		t.Fatalf("%d downtimes; want one", len(m.Downtimes))
	}
	start := m.Downtimes[0].Start
	for offset, want := range map[int64]bool{10: true, 100 * 24 * 3600: false} {
		if got := m.silenced(unix(start + offset)); got != want {
			t.Errorf("%d s after its start it is silenced: %v; want %v", offset, got, want)
		}
	}
}

func TestRecordedObjectives(t *testing.T) {
	answers := recorded(t, "v1/Feature_Service_Level_Objectives/Scenario_Search_for_SLOs_returns_OK_response")
	for _, body := range answers {
		var answer any
		decode(t, body, &answer)
		f := serve(t, &fake{faults: map[string]any{"/api/v1/slo/search": answer}})
		p := f.system(t)
		all, err := p.objectives(t.Context())
		if err != nil || len(all) != 1 || all[0].ID != "18101ab6982f547faba6c9bdc6de9413" || all[0].Attributes.Status[0].Target != 95 || all[0].Attributes.Status[0].Budget != nil {
			t.Errorf("%+v, %v", all, err)
		}
	}
	if len(answers) != 1 {
		t.Errorf("%d answers", len(answers))
	}
}

func TestRecordedIncidents(t *testing.T) {
	answers := recorded(t, "v2/Feature_Incidents/Scenario_Search_for_incidents_returns_OK_response")
	for _, body := range answers {
		var answer any
		decode(t, body, &answer)
		f := serve(t, &fake{faults: map[string]any{"/api/v2/incidents/search": answer}})
		all, err := f.system(t).incidents(t.Context(), now)
		if err != nil || len(all) != 5 { // as its total says
			t.Fatalf("%d incidents, %v; want 5", len(all), err)
		}
		states := map[string]int{}
		for _, i := range all {
			states[string(i.state())]++
		}
		if states["triggered"] != 4 || states["resolved"] != 1 { // as its facets say
			t.Errorf("%v; want 4 triggered and 1 resolved", states)
		}
	}
	if len(answers) != 1 {
		t.Errorf("%d answers", len(answers))
	}
}
