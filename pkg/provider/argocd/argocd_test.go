package argocd

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

func subject(purpose provider.Purpose, entity string, with ...string) provider.Subject {
	s := provider.Subject{Entity: entity, Environment: "production", Purpose: purpose, With: map[string]string{}, Place: "a.yaml:3"}
	for i := 0; i+1 < len(with); i += 2 {
		s.With[with[i]] = with[i+1]
	}
	return s
}

func fetch(t *testing.T, body string, subjects ...provider.Subject) (snapshot.Facts, error) {
	t.Helper()
	url := providertest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/argo/api/v1/applications" || len(r.URL.Query()["projects"]) != 1 {
			http.NotFound(w, r)
			return
		}
		if r.URL.Query().Get("projects") == "empty" {
			providertest.JSON(w, http.StatusOK, `{"metadata":{},"items":null}`)
			return
		}
		providertest.JSON(w, http.StatusOK, body)
	})
	p, err := New(providertest.Settings("argocd", url+"/argo/", "projects", "empty, shop"))
	if err != nil {
		t.Fatal(err)
	}
	return p.Fetch(context.Background(), provider.Request{Subjects: subjects, Now: providertest.Now})
}

const hash = "0123456789abcdef0123456789abcdef01234567"

const some = `{"metadata":{"resourceVersion":"7"},"items":[
 {"metadata":{"name":"pay","namespace":"argocd"},"spec":{"source":{"targetRevision":"main"}},"status":{
  "sync":{"status":"OutOfSync","revision":"` + hash + `"},"health":{"status":"Degraded","message":"1 of 3\u001b pods"},"reconciledAt":"2026-11-23T15:00:00Z",
  "summary":{"images":["registry:5000/acme/sidecar:9","registry:5000/acme/pay:1.4.2@sha256:00"]},
  "operationState":{"phase":"Succeeded","startedAt":"2026-11-23T10:00:00Z","finishedAt":"2026-11-23T10:01:00Z","operation":{"initiatedBy":{"username":"ada"}},
   "syncResult":{"revision":"` + strings0 + `"}}}},
 {"metadata":{"name":"chart","namespace":"argocd"},"spec":{"sources":[{"chart":"redis","targetRevision":"18.1.0"}]},"status":{
  "sync":{"status":"Synced","revisions":["18.1.0"]},"health":{"status":"Resting"},"summary":{"images":["a:1","b:2"]},
  "operationState":{"phase":"Error","startedAt":"2026-11-23T10:00:00Z","operation":{"initiatedBy":{"automated":true}}}}},
 {"metadata":{"name":"new","namespace":"argocd"},"spec":{},"status":{"operationState":{"phase":"Dreaming","startedAt":"2026-11-23T10:00:00Z"}}},
 {"metadata":{"name":"twin","namespace":"a"},"spec":{},"status":{"health":{"status":"Healthy"}}},
 {"metadata":{"name":"twin","namespace":"b"},"spec":{},"status":{"health":{"status":"Missing"}}}]}`

const strings0 = "fedcba9876543210fedcba9876543210fedcba98"

func TestApplicationsAreJoined(t *testing.T) {
	facts, err := fetch(t, some,
		subject(provider.Deployments, "service:pay", "app", "pay"), subject(provider.Health, "service:pay", "app", "pay"),
		subject(provider.Deployments, "service:redis", "app", "chart"), subject(provider.Health, "service:redis", "app", "chart"),
		subject(provider.Deployments, "service:new", "app", "new"),
		subject(provider.Health, "service:twin", "app", "twin"), subject(provider.Health, "service:twin-b", "app", "b/twin"),
		subject(provider.Deployments, "service:gone", "app", "gone"), subject(provider.Health, "service:gone", "app", "gone"),
		subject(provider.Health, "service:none"))
	if err != nil {
		t.Fatal(err)
	}
	if len(facts.Deployments) != 2 || len(facts.Health) != 3 {
		t.Fatalf("facts: %+v", facts)
	}
	d := facts.Deployments[0]
	if d.Version != "1.4.2" || d.Commit != strings0 || d.State != snapshot.Succeeded || d.By != "ada" || d.ID != "argocd/pay 2026-11-23T10:00:00Z" ||
		d.Ended.Minute() != 1 || !strings.HasSuffix(d.URL, "/argo/applications/argocd/pay") || d.Environment != "production" {
		t.Errorf("pay: %+v", d)
	}
	if d := facts.Deployments[1]; d.Version != "18.1.0" || d.Commit != "" || d.State != snapshot.Failed || d.By != "automated" {
		t.Errorf("redis: %+v", d)
	}
	h := facts.Health[0]
	if h.State != snapshot.Degraded || h.Message != "out of sync with Git; 1 of 3 pods" || h.Observed.Hour() != 15 || h.Observed.Minute() != 0 {
		t.Errorf("health of pay: %+v", h)
	}
	if h := facts.Health[1]; h.State != snapshot.Unknown {
		t.Errorf("a status that nobody knows: %+v", h)
	}
	if h := facts.Health[2]; h.State != snapshot.Unhealthy || h.Entity != "service:twin-b" || !strings.Contains(h.Message, "missing") {
		t.Errorf("twin: %+v", h)
	}
	var problems, foreign []string
	for _, p := range facts.Problems {
		problems = append(problems, p.Entity+" "+string(p.Kind))
	}
	for _, f := range facts.Foreign {
		foreign = append(foreign, f.Kind+" "+f.ID+" "+f.State+" "+f.Entity)
	}
	if got, want := strings.Join(problems, ", "), "service:new garbage, service:twin configuration, service:gone not-found, service:gone not-found, service:none configuration"; got != want {
		t.Errorf("problems: %s", got)
	}
	if got, want := strings.Join(foreign, ", "), "application gone missing service:gone, application a/twin active "; got != want {
		t.Errorf("foreign: %s", got)
	}
	if fix := facts.Foreign[1].Fix; !strings.Contains(fix, `health: {provider: argocd, app: "a/twin"}`) {
		t.Errorf("fix: %s", fix)
	}
}

func TestVersionOfTheImageThatIsNamed(t *testing.T) {
	facts, err := fetch(t, some, subject(provider.Deployments, "service:pay", "app", "pay", "image", "acme/sidecar"))
	if err != nil || len(facts.Deployments) != 1 || facts.Deployments[0].Version != "9" {
		t.Errorf("err %v, %+v", err, facts.Deployments)
	}
}

// TestHealthOfRealObjects serves applications with the health that Argo CD's own tests
// expect of 49 objects.
func TestHealthOfRealObjects(t *testing.T) {
	dir := providertest.Data(t, "argocd")
	var items []string
	var subjects []provider.Subject
	want := map[string]snapshot.HealthState{}
	means := map[string]snapshot.HealthState{"Healthy": "healthy", "Progressing": "progressing", "Suspended": "progressing", "Degraded": "degraded", "-": "unknown"}
	for line := range strings.Lines(string(providertest.Read(t, filepath.Join(dir, "health", "expected.tsv")))) {
		name, status, _ := strings.Cut(strings.TrimSpace(line), "\t")
		want["service:"+name] = means[status]
		item, err := json.Marshal(map[string]any{"metadata": map[string]string{"name": name}, "status": map[string]any{"health": map[string]string{"status": strings.Trim(status, "-")}}})
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, string(item))
		subjects = append(subjects, subject(provider.Health, "service:"+name, "app", name))
	}
	facts, err := fetch(t, fmt.Sprintf(`{"metadata":{},"items":[%s]}`, strings.Join(items, ",")), subjects...)
	if err != nil || len(facts.Health) != 49 {
		t.Fatalf("err %v, %d of 49", err, len(facts.Health))
	}
	for _, h := range facts.Health {
		if h.State != want[h.Entity] {
			t.Errorf("%s is %q, not %q", h.Entity, h.State, want[h.Entity])
		}
	}
}

func TestWhatIsNoAnswer(t *testing.T) {
	for _, body := range []string{`{}`, `{"message":"hello"}`, `[]`, `{"items":{}}`} {
		if _, err := fetch(t, body); provider.ProblemOf(err) == nil || provider.ProblemOf(err).Kind != snapshot.Garbage {
			t.Errorf("%s: %v", body, err)
		}
	}
	if facts, err := fetch(t, `{"metadata":{},"items":null}`); err != nil || len(facts.Foreign) != 0 {
		t.Errorf("no applications: %v", err)
	}
}
