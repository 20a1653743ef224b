package http

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

func serve(t *testing.T) string {
	elsewhere := providertest.Serve(t, func(http.ResponseWriter, *http.Request) {})
	return providertest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/well":
			time.Sleep(20 * time.Millisecond)
			_, _ = w.Write([]byte("<h1>fine</h1>"))
		case "/json", "/below/json":
			providertest.JSON(w, http.StatusOK, `{"status":"UP","n":1,"ok":true,"checks":[{"status":"down\u001b"}],"none":null}`)
		case "/teapot":
			w.WriteHeader(http.StatusTeapot)
		case "/away":
			http.Redirect(w, r, elsewhere, http.StatusFound)
		case "/here":
			http.Redirect(w, r, "/well", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	})
}

func fetch(t *testing.T, s provider.Settings, with ...string) (snapshot.Health, snapshot.Problem) {
	t.Helper()
	p, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	subject := provider.Subject{Entity: "service:a", Environment: "production", Purpose: provider.Health, With: map[string]string{}, Place: "a.yaml:3"}
	for i := 0; i+1 < len(with); i += 2 {
		subject.With[with[i]] = with[i+1]
	}
	facts, err := p.Fetch(context.Background(), provider.Request{Subjects: []provider.Subject{subject}, Now: providertest.Now})
	if err != nil || len(facts.Health)+len(facts.Problems) != 1 {
		t.Fatalf("%v: err %v, facts %+v", with, err, facts)
	}
	if len(facts.Health) == 1 {
		return facts.Health[0], snapshot.Problem{}
	}
	return snapshot.Health{}, facts.Problems[0]
}

func TestStatusAndValues(t *testing.T) {
	url := serve(t)
	for _, c := range []struct {
		with  []string
		state snapshot.HealthState // none: a problem of the configuration
		says  string
	}{
		{[]string{"url", "/well"}, snapshot.Healthy, ""},
		{[]string{"url", url + "/well"}, snapshot.Healthy, ""},
		{[]string{"url", "/here"}, snapshot.Healthy, ""},
		{[]string{"url", "/well", "status", "204"}, snapshot.Unhealthy, "it answers 200 OK, not 204"},
		{[]string{"url", "/teapot"}, snapshot.Unhealthy, "it answers 418"},
		{[]string{"url", "/teapot", "status", "418"}, snapshot.Healthy, ""},
		{[]string{"url", "/missing"}, snapshot.Unhealthy, "it answers 404"},
		{[]string{"url", "/json", "jsonPath", "status", "equals", "UP"}, snapshot.Healthy, ""},
		{[]string{"url", "/json", "jsonPath", "n", "equals", "1"}, snapshot.Healthy, ""},
		{[]string{"url", "/json", "jsonPath", "ok", "equals", "true"}, snapshot.Healthy, ""},
		{[]string{"url", "/json", "jsonPath", "checks.0.status", "equals", "up"}, snapshot.Unhealthy, `checks.0.status is "down", not "up"`},
		{[]string{"url", "/json", "jsonPath", "checks.1.status", "equals", "up"}, "", "no place in a list"},
		{[]string{"url", "/json", "jsonPath", "state", "equals", "up"}, "", `no "state"`},
		{[]string{"url", "/json", "jsonPath", "checks", "equals", "up"}, "", "leads to no text"},
		{[]string{"url", "/well", "jsonPath", "state", "equals", "up"}, "", "no JSON"},
		{[]string{"url", "/away"}, "", "another host"},
		{[]string{}, "", "a.yaml:3: health needs url"},
		{[]string{"url", "ftp://a.example"}, "", "https://"},
		{[]string{"url", "https://user:pw@a.example"}, "", "no password"},
		{[]string{"url", "/well", "status", "fine"}, "", "status has to be"},
		{[]string{"url", "/well", "equals", "UP"}, "", "equals needs jsonPath"},
	} {
		h, p := fetch(t, providertest.Settings("http", url), c.with...)
		if h.State != c.state || !strings.Contains(h.Message+p.Message, c.says) || strings.Contains(p.Message, "pw") {
			t.Errorf("%v: %q %q, problem %q; not %q, %q", c.with, h.State, h.Message, p.Message, c.state, c.says)
		}
	}
}

func TestLatencyIsMeasured(t *testing.T) {
	h, _ := fetch(t, providertest.Settings("http", serve(t)), "url", "well")
	if len(h.Measures) != 1 || h.Measures[0].Name != "Latency" || h.Measures[0].Unit != "ms" || h.Measures[0].Value < 20 || h.Measures[0].Value > 10_000 {
		t.Errorf("measures: %+v", h.Measures)
	}
}

func TestRelativeIsBelowTheBase(t *testing.T) {
	h, p := fetch(t, providertest.Settings("http", serve(t)+"/below"), "url", "/json")
	if h.State != snapshot.Healthy {
		t.Errorf("%+v %+v", h, p)
	}
	if _, p := fetch(t, providertest.Settings("http", ""), "url", "/json"); p.Kind != snapshot.Config || !strings.Contains(p.Message, "write it in full") {
		t.Errorf("relative to nothing: %+v", p)
	}
}

func TestUnreachableIsUnhealthy(t *testing.T) {
	h, p := fetch(t, providertest.Settings("http", ""), "url", "http://127.0.0.1:"+providertest.Port(t)+"/health?key=hidden")
	if h.State != snapshot.Unhealthy || !strings.Contains(h.Message, "refused") || strings.Contains(h.Message, "hidden") {
		t.Errorf("%+v %+v", h, p)
	}
}
