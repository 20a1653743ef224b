package argocd

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// canary serves one application that has a rollout, and the rollout.
func canary(t *testing.T, health, manifest string) snapshot.Facts {
	t.Helper()
	url := providertest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/v1/applications":
			providertest.JSON(w, http.StatusOK, fmt.Sprintf(`{"metadata":{},"items":[{"metadata":{"name":"pay","namespace":"argocd"},"status":{"health":{"status":%q},
				"operationState":{"phase":"Succeeded","startedAt":"2026-11-23T10:00:00Z","finishedAt":"2026-11-23T10:01:00Z"},
				"resources":[{"kind":"Service","version":"v1"},{"group":"argoproj.io","version":"v1alpha1","kind":"Rollout","namespace":"shop","name":"pay"}]}}]}`, health))
		case "/api/v1/applications/pay/resource":
			if r.URL.Query().Get("resourceName") != "pay" || r.URL.Query().Get("namespace") != "shop" || r.URL.Query().Get("appNamespace") != "argocd" || health == "Healthy" {
				providertest.JSON(w, http.StatusForbidden, `{}`)
				return
			}
			data, err := json.Marshal(map[string]string{"manifest": manifest})
			if err != nil {
				t.Error(err)
			}
			providertest.JSON(w, http.StatusOK, string(data))
		}
	})
	p, err := New(providertest.Settings("argocd", url))
	if err != nil {
		t.Fatal(err)
	}
	facts, err := p.Fetch(context.Background(), provider.Request{Subjects: []provider.Subject{subject(provider.Deployments, "service:pay", "app", "pay")}, Now: providertest.Now})
	if err != nil || len(facts.Deployments)+len(facts.Problems) != 1 {
		t.Fatalf("err %v, facts %+v", err, facts)
	}
	return facts
}

func TestWeightOfRealRollouts(t *testing.T) {
	dir := providertest.Data(t, filepath.Join("argocd", "health-argoproj", "Rollout"))
	for name, want := range map[string]int{
		"suspended_userPause":          20, // waits after its first step
		"suspended_v1.0_pausedRollout": 21,
		"healthy_executedAllSteps":     0, // all steps are done
		"degraded_abortedRollout":      0,
		"healthy_servingActiveService": 0, // blue and green
		"newRolloutWithoutStatus":      0,
	} {
		var value any
		if err := yaml.Unmarshal(providertest.Read(t, filepath.Join(dir, name+".yaml")), &value); err != nil {
			t.Fatal(err)
		}
		manifest, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		facts := canary(t, "Suspended", string(manifest))
		d := facts.Deployments[0]
		if d.Rollout != want || (d.State == snapshot.Running) != (want > 0) || d.Ended.IsZero() != (want > 0) || len(facts.Problems) > 0 {
			t.Errorf("%s: %+v, problems %+v; not %d %%", name, d, facts.Problems, want)
		}
	}
}

func TestRoutedWeightCounts(t *testing.T) {
	const manifest = `{"spec":{"strategy":{"canary":{"steps":[{"setWeight":20},{"pause":{}}]}}},"status":{"currentStepIndex":1,"canary":{"weights":{"canary":{"weight":%d}}}}}`
	for weight, want := range map[int]int{5: 5, 0: 0, 100: 0, -3: 0} {
		if d := canary(t, "Progressing", fmt.Sprintf(manifest, weight)).Deployments[0]; d.Rollout != want {
			t.Errorf("%d %% became %d", weight, d.Rollout)
		}
	}
	if facts := canary(t, "Healthy", fmt.Sprintf(manifest, 5)); facts.Deployments[0].Rollout != 0 || len(facts.Problems) > 0 {
		t.Errorf("a healthy application needs no question: %+v", facts)
	}
	if facts := canary(t, "Suspended", "{"); len(facts.Problems) != 1 || facts.Problems[0].Kind != snapshot.Garbage || len(facts.Deployments) != 0 { // what was known stays
		t.Errorf("a broken manifest: %+v", facts)
	}
}
