package livetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/argocd"
	"github.com/signpost-dev/signpost/pkg/provider/datadog"
	"github.com/signpost-dev/signpost/pkg/provider/github"
	"github.com/signpost-dev/signpost/pkg/provider/opsgenie"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// described is a system that is made of the description which it publishes.
type described struct {
	url     string
	instead map[string]http.Handler // by path: what the description does not have

	mu         sync.Mutex
	asked      []string // method, path and status
	violations []string // what prism holds against requests
}

// describe starts prism with a description. It answers with the examples in it, or with made
// up values of the right type, and says what requests violate.
func describe(t *testing.T, description string) *described {
	t.Helper()
	file := providertest.Data(t, description)
	const prism = "node_modules/@stoplight/prism-cli/dist/index.js"
	if _, err := os.Stat(prism); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("prism is missing: run internal/livetest/setup.sh")
		}
		t.Skip("SKIPPED, NOTHING WAS HELD AGAINST " + description + ": prism is missing: run internal/livetest/setup.sh")
	}
	prismPath, err := filepath.Abs(prism)
	if err != nil {
		t.Fatal(err)
	}
	port := providertest.Port(t)
	providertest.StartListening(t, t.TempDir(), "127.0.0.1:"+port, "node", prismPath, "mock", "-h", "127.0.0.1", "-p", port, file)
	return &described{url: "http://127.0.0.1:" + port}
}

// RoundTrip asks, and notes what prism says of the request. What it says of its own answers is
// between it and the description.
func (d *described) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != strings.TrimPrefix(d.url, "http://") {
		return nil, fmt.Errorf("%s was asked, which is another host", r.URL.Host)
	}
	if instead := d.instead[r.URL.Path]; instead != nil {
		w := httptest.NewRecorder()
		instead.ServeHTTP(w, r)
		return w.Result(), nil
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	var violations []struct {
		Location []string
		Message  string
	}
	if text := response.Header.Get("Sl-Violations"); text != "" {
		if err := json.Unmarshal([]byte(text), &violations); err != nil {
			return nil, err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, fmt.Sprintf("%s %s %d", r.Method, r.URL.Path, response.StatusCode))
	for _, v := range violations {
		if len(v.Location) > 0 && v.Location[0] == "request" {
			d.violations = append(d.violations, fmt.Sprintf("%s %s: %s", r.Method, r.URL, v.Message))
		}
	}
	return response, nil
}

// fetch asks a provider of ours. Every request has to be one that the description allows.
func (d *described) fetch(t *testing.T, kind string, make func(provider.Settings) (provider.Provider, error), with map[string]string, subjects ...provider.Subject) (snapshot.Facts, error) {
	t.Helper()
	p, err := make(provider.Settings{
		Name: kind, Type: kind, URL: d.url, Private: true, With: with, Secret: func(string) string { return token },
		Adjust: func(o *provider.Options) { o.Transport, o.Pages = d, 3 },
	})
	if err != nil {
		t.Fatal(err)
	}
	facts, err := p.Fetch(t.Context(), provider.Request{Now: now, Subjects: subjects})
	if err := facts.Validate(); err != nil {
		t.Errorf("the store refuses what was made of it: %v", err)
	}
	slices.Sort(d.asked)
	t.Logf("asked %q; %d facts, %d foreign, problems %v, error %v", d.asked, facts.Count(), len(facts.Foreign), facts.Problems, err)
	for _, v := range d.violations {
		t.Errorf("the description does not allow %s", v)
	}
	return facts, err
}

// answered wants requests that were answered well, so that nothing was left untried.
func (d *described) answered(t *testing.T, requests ...string) {
	t.Helper()
	for _, r := range requests {
		if !slices.Contains(d.asked, r+" 200") {
			t.Errorf("%s was not asked, or not answered", r)
		}
	}
}

// TestDescribedDatadog leaves incidents out, which are in another version of the API than
// that of the description.
func TestDescribedDatadog(t *testing.T) {
	t.Parallel()
	d := describe(t, "datadog-openapi/datadog-v1-subset.json")
	facts, err := d.fetch(t, "datadog", datadog.New, map[string]string{"incidents": "false"}, about("payments", provider.Alerts))
	d.answered(t, "GET /api/v1/monitor", "GET /api/v1/slo/search")
	if err != nil || len(facts.Foreign) == 0 || len(facts.Problems) > 0 {
		t.Errorf("%d monitors, problems %v, %v", len(facts.Foreign), facts.Problems, err)
	}
}

// TestDescribedOpsgenie answers for services itself: the description is older than they are.
// Every made up list says that more follows, which has to end, and only after all else was
// asked.
func TestDescribedOpsgenie(t *testing.T) {
	t.Parallel()
	d := describe(t, "opsgenie-oas/swagger.json")
	services := func(w http.ResponseWriter, _ *http.Request) {
		providertest.JSON(w, http.StatusOK, `{"data":[{"id":"pay","name":"Payments","teamId":"none"}]}`)
	}
	d.instead = map[string]http.Handler{"/v1/services": http.HandlerFunc(services)}
	facts, err := d.fetch(t, "opsgenie", opsgenie.New, nil)
	if err != nil {
		t.Fatal(err)
	}
	var schedule string
	for _, f := range facts.Foreign {
		if f.Kind == "schedule" {
			schedule = f.ID
		}
	}
	if schedule == "" {
		t.Fatalf("no schedule is told of: %v", facts.Foreign)
	}
	_, err = d.fetch(t, "opsgenie", opsgenie.New, nil, about("payments", provider.OnCall, "service", "pay", "schedule", schedule))
	at := "GET /v2/schedules/" + schedule
	d.answered(t, "GET /v2/schedules", at+"/on-calls", at+"/next-on-calls", at+"/timeline", "GET /v1/incidents/")
	if err == nil || providertest.KindOf(t, err) != snapshot.Incomplete {
		t.Errorf("the list of incidents does not end, and that is told as %v", err)
	}
}

// TestDescribedArgoCD gets an application whose texts are all "string". That is no phase of
// an operation, which is told; its health is unknown.
func TestDescribedArgoCD(t *testing.T) {
	t.Parallel()
	d := describe(t, "argocd/swagger.json")
	facts, err := d.fetch(t, "argocd", argocd.New, nil, about("payments", provider.Deployments, "app", "string"), about("payments", provider.Health, "app", "string"))
	d.answered(t, "GET /api/v1/applications")
	if err != nil || len(facts.Health) != 1 || facts.Health[0].State != snapshot.Unknown {
		t.Errorf("health: %+v, %v", facts.Health, err)
	}
	if len(facts.Problems) != 1 || facts.Problems[0].Kind != snapshot.Garbage || !strings.Contains(facts.Problems[0].Message, `the phase "string"`) {
		t.Errorf("problems: %+v", facts.Problems)
	}
}

// TestDescribedGitHub lists the repositories of an organization. Every answer links to a next
// page at the real GitHub, for ever: the list has to end, and nobody else may be asked.
func TestDescribedGitHub(t *testing.T) {
	t.Parallel()
	d := describe(t, "github-openapi/github-rest-subset.json")
	d.instead = map[string]http.Handler{"/graphql": gitHubOf{day: "today", n: 1}}
	facts, err := d.fetch(t, "github", github.New, map[string]string{"organizations": "acme"}, about("svc-00", provider.Code, "repository", "acme/svc-00"))
	d.answered(t, "GET /orgs/acme/repos")
	if len(facts.Problems) != 1 || facts.Problems[0].Kind != snapshot.Incomplete || !strings.Contains(facts.Problems[0].Message, "circles") {
		t.Errorf("problems: %+v", facts.Problems)
	}
	if err != nil || len(facts.Repositories) != 1 {
		t.Errorf("a list that does not end costs what is known of repositories: %+v, %v", facts, err)
	}
}
