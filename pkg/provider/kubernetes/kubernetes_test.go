package kubernetes

import (
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const empty = `{"kind":"DeploymentList","metadata":{},"items":[]}`

// serve answers with lists of Deployments and of StatefulSets.
func serve(t *testing.T, deployments, sets string) string {
	return providertest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/apis/apps/v1/deployments":
			providertest.JSON(w, http.StatusOK, deployments)
		case "/apis/apps/v1/statefulsets":
			providertest.JSON(w, http.StatusOK, sets)
		default:
			providertest.JSON(w, http.StatusForbidden, `{"kind":"Status","status":"Failure"}`)
		}
	})
}

func subject(purpose provider.Purpose, entity string, with ...string) provider.Subject {
	s := provider.Subject{Entity: "service:" + entity, Environment: "production", Purpose: purpose, With: map[string]string{}, Place: "a.yaml:3"}
	for i := 0; i+1 < len(with); i += 2 {
		s.With[with[i]] = with[i+1]
	}
	return s
}

func fetch(t *testing.T, url string, settings []string, r provider.Request) (snapshot.Facts, error) {
	t.Helper()
	p, err := New(providertest.Settings("kubernetes", url, settings...))
	if err != nil {
		t.Fatal(err)
	}
	r.Now = providertest.Now
	return p.Fetch(context.Background(), r)
}

// asJSON returns a YAML file as the API would answer it.
func asJSON(t *testing.T, path ...string) string {
	t.Helper()
	var document yaml.Node
	if err := yaml.Unmarshal(providertest.Read(t, filepath.Join(path...)), &document); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(plain(t, document.Content[0]))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// plain returns the value of a node. Of a key that is there twice, as in one of the files,
// the last counts, as for Kubernetes.
func plain(t *testing.T, n *yaml.Node) any {
	t.Helper()
	switch n.Kind {
	case yaml.MappingNode:
		all := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			all[n.Content[i].Value] = plain(t, n.Content[i+1])
		}
		return all
	case yaml.SequenceNode:
		all := []any{}
		for _, one := range n.Content {
			all = append(all, plain(t, one))
		}
		return all
	}
	var value any
	if err := n.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestRealLists(t *testing.T) {
	dir := providertest.Data(t, "kubernetes-lists")
	url := serve(t, asJSON(t, dir, "apps/dp/1.yaml"), asJSON(t, dir, "apps/sts/1.yaml"))
	var r provider.Request
	want := map[string]snapshot.HealthState{"dp1": "healthy", "dp2": "unhealthy", "dp3": "unknown", "sts1": "healthy", "sts2": "healthy", "sts3": "unhealthy"}
	for name := range want {
		r.Subjects = append(r.Subjects, subject(provider.Health, name, "workload", name, "namespace", "default"))
	}
	r.Subjects = append(r.Subjects, subject(provider.Deployments, "dp1", "workload", "deployment/dp1"), subject(provider.Deployments, "sts1", "workload", "StatefulSet/sts1", "container", "c1"),
		subject(provider.Deployments, "gone", "workload", "statefulset/dp1"), subject(provider.Health, "other", "workload", "dp1", "namespace", "kube-system"))
	facts, err := fetch(t, url, nil, r)
	if err != nil {
		t.Fatal(err)
	}
	if len(facts.Health) != len(want) || len(facts.Deployments) != 2 {
		t.Fatalf("facts: %+v", facts)
	}
	for _, h := range facts.Health {
		if name := strings.TrimPrefix(h.Entity, "service:"); h.State != want[name] {
			t.Errorf("%s is %q (%s), not %q", name, h.State, h.Message, want[name])
		}
	}
	d := facts.Deployments[0]
	if d.Version != "v1.0.0" || d.State != snapshot.Succeeded || d.ID != "default/deployment/dp1@v1.0.0" || d.At.Format(time.RFC3339) != "2024-01-18T19:51:27Z" {
		t.Errorf("dp1: %+v", d)
	}
	if d := facts.Deployments[1]; d.Version != "v0.1.0" || !d.At.Equal(providertest.Now) {
		t.Errorf("sts1: %+v", d)
	}
	if len(facts.Problems) != 2 || facts.Problems[0].Kind != snapshot.NotFound || len(facts.Foreign) != 2 || facts.Foreign[0].State != "missing" {
		t.Errorf("problems %+v, foreign %+v", facts.Problems, facts.Foreign)
	}
}

// TestHealthAsArgoCDSeesIt judges objects of which Argo CD's own tests say how they are.
func TestHealthAsArgoCDSeesIt(t *testing.T) {
	dir := providertest.Data(t, "argocd")
	means := map[string]snapshot.HealthState{"Healthy": "healthy", "Progressing": "progressing", "Suspended": "progressing", "Degraded": "degraded"}
	tried := 0
	for line := range strings.Lines(string(providertest.Read(t, filepath.Join(dir, "health", "expected.tsv")))) {
		name, status, _ := strings.Cut(strings.TrimSpace(line), "\t")
		deployments, sets := empty, empty
		item := `{"kind":"List","items":[` + asJSON(t, dir, "health", name) + `]}`
		switch {
		case strings.HasPrefix(name, "deployment-"):
			deployments = item
		case strings.HasPrefix(name, "statefulset"):
			sets = item
		default:
			continue
		}
		tried++
		facts, err := fetch(t, serve(t, deployments, sets), nil, provider.Request{Subjects: []provider.Subject{
			subject(provider.Health, "a", "selector", "app.kubernetes.io/instance=guestbook-default"), subject(provider.Health, "b", "workload", "redis-master"), subject(provider.Health, "c", "workload", "statefulset/redis-master"),
		}})
		if err != nil || len(facts.Health) == 0 {
			t.Errorf("%s: err %v, facts %+v", name, err, facts)
			continue
		}
		if h := facts.Health[0]; h.State != means[status] {
			t.Errorf("%s is %q (%s), not %q", name, h.State, h.Message, means[status])
		}
	}
	if tried != 5 {
		t.Errorf("%d objects were tried, not 5", tried)
	}
}

func TestWorkloadsAreFoundByLabels(t *testing.T) {
	url := serve(t, `{"kind":"DeploymentList","items":[
	 {"metadata":{"name":"x","namespace":"a","labels":{"app.kubernetes.io/name":"pay","tier":"web"},"annotations":{"deployment.kubernetes.io/revision":"7"}},
	  "spec":{"template":{"spec":{"containers":[{"name":"proxy","image":"envoy:1"},{"name":"main","image":"reg:5000/acme/pay:2.0\u001b"}]}}},
	  "status":{"replicas":1,"updatedReplicas":1,"availableReplicas":1}},
	 {"metadata":{"name":"y","namespace":"b","labels":{"app.kubernetes.io/name":"two"}}},{"metadata":{"name":"y","namespace":"c","labels":{"app.kubernetes.io/name":"two"}}}]}`, empty)
	before := snapshot.Deployment{About: snapshot.About{ID: "a/deployment/x@7", Entity: "service:pay", Environment: "production"}, At: providertest.Now.Add(-time.Hour)}
	facts, err := fetch(t, url, []string{"cluster", "eu"}, provider.Request{Before: snapshot.Facts{Deployments: []snapshot.Deployment{before}}, Subjects: []provider.Subject{
		subject(provider.Deployments, "pay"), subject(provider.Health, "web", "selector", "tier=web, app.kubernetes.io/name=pay", "cluster", "eu"),
		subject(provider.Health, "two"), subject(provider.Health, "us", "workload", "x", "cluster", "us"),
		subject(provider.Health, "odd", "selector", "tier in (a)"), subject(provider.Health, "job", "workload", "job/x"), subject(provider.Health, "none", "selector", "tier="),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(facts.Deployments) != 1 || len(facts.Health) != 1 || facts.Health[0].State != snapshot.Healthy {
		t.Fatalf("facts: %+v", facts)
	}
	if d := facts.Deployments[0]; d.Version != "2.0" || d.ID != before.ID || !d.At.Equal(before.At) {
		t.Errorf("what was seen before began before: %+v", d)
	}
	var got []string
	for _, p := range facts.Problems {
		got = append(got, p.Entity+" "+string(p.Kind))
	}
	if strings.Join(got, ", ") != "service:two configuration, service:us configuration, service:odd configuration, service:job configuration, service:none not-found" {
		t.Errorf("problems: %s", strings.Join(got, ", "))
	}
}

func TestPagesAndNamespaces(t *testing.T) {
	url := providertest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		page := map[string]string{
			"/apis/apps/v1/namespaces/a/deployments?":      `{"kind":"DeploymentList","metadata":{"continue":"2"},"items":[{"metadata":{"name":"one"}}]}`,
			"/apis/apps/v1/namespaces/a/deployments?2":     `{"kind":"DeploymentList","items":[{"metadata":{"name":"two"}}]}`,
			"/apis/apps/v1/namespaces/a/statefulsets?":     empty,
			"/apis/apps/v1/namespaces/loop/deployments?":   `{"kind":"DeploymentList","metadata":{"continue":"2"}}`,
			"/apis/apps/v1/namespaces/loop/deployments?2":  `{"kind":"DeploymentList","metadata":{"continue":"2"}}`,
			"/apis/apps/v1/namespaces/status/deployments?": `{"kind":"Status"}`,
		}[r.URL.Path+"?"+r.URL.Query().Get("continue")]
		if page == "" {
			providertest.JSON(w, http.StatusForbidden, `{"kind":"Status","status":"Failure"}`)
			return
		}
		providertest.JSON(w, http.StatusOK, page)
	})
	facts, err := fetch(t, url, []string{"namespaces", "a"}, provider.Request{Subjects: []provider.Subject{subject(provider.Health, "x", "workload", "two")}})
	if err != nil || len(facts.Health) != 1 || facts.Health[0].State == snapshot.Healthy {
		t.Errorf("err %v, facts %+v", err, facts)
	}
	for namespaces, kind := range map[string]snapshot.ProblemKind{"a,b": snapshot.Forbidden, "loop": snapshot.Incomplete, "status": snapshot.Garbage, "": snapshot.Forbidden} {
		if _, err := fetch(t, url, []string{"namespaces", namespaces}, provider.Request{}); provider.ProblemOf(err) == nil || provider.ProblemOf(err).Kind != kind {
			t.Errorf("%q: %v", namespaces, err)
		}
	}
}
