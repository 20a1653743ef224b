package argocd

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/signpost-dev/signpost/pkg/provider/connect"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
)

// resource is one of the objects that an application consists of.
type resource struct {
	Group     string `json:"group"`
	Version   string `json:"version"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// rollout is what Argo Rollouts says of a canary.
// https://argo-rollouts.readthedocs.io/en/stable/features/specification/
type rollout struct {
	Spec struct {
		Strategy struct {
			Canary *struct {
				Steps []struct {
					Weight *int `json:"setWeight"`
				} `json:"steps"`
			} `json:"canary"`
		} `json:"strategy"`
	} `json:"spec"`
	Status struct {
		Abort  bool `json:"abort"`
		Step   *int `json:"currentStepIndex"` // the one that is going on; the number of steps after the last
		Canary struct {
			Weights *struct {
				Canary struct {
					Weight int `json:"weight"`
				} `json:"canary"`
			} `json:"weights"` // where traffic is routed by weight
		} `json:"canary"`
	} `json:"status"`
}

// waiting is whether something of an application may be a canary on its way, so that most
// applications cost no question of their own.
func (a *application) waiting() *resource {
	if s := a.Status.Health.Status; s != "Progressing" && s != "Suspended" {
		return nil
	}
	var found *resource
	for i, r := range a.Status.Resources {
		if r.Kind != "Rollout" || r.Group != "argoproj.io" {
			continue
		}
		if found != nil {
			return nil // two canaries have no one weight
		}
		found = &a.Status.Resources[i]
	}
	return found
}

// weight asks how many percent of the traffic a canary gets; 0 if there is none on its way.
func (p *argocd) weight(ctx context.Context, a *application) (int, error) {
	r := a.waiting()
	if r == nil {
		return 0, nil
	}
	path := asked + "/" + url.PathEscape(a.Metadata.Name) + "/resource"
	query := url.Values{
		"appNamespace": {a.Metadata.Namespace}, "namespace": {r.Namespace}, "resourceName": {r.Name},
		"group": {r.Group}, "version": {r.Version}, "kind": {r.Kind},
	}
	var answer struct {
		Manifest string `json:"manifest"` // JSON as text
	}
	if _, err := p.client.Get(ctx, path, query, &answer); err != nil {
		return 0, err
	}
	var one rollout
	if err := json.Unmarshal([]byte(answer.Manifest), &one); err != nil {
		return 0, connect.Garbled(http.MethodGet+" "+path, "the manifest of the rollout %s is not what Argo CD documents: %v", fact.Name(r.Name), err)
	}
	return one.weight(), nil
}

// weight is the one that is routed, or else that of the last step that set one.
func (r *rollout) weight() int {
	if r.Spec.Strategy.Canary == nil || r.Status.Step == nil || r.Status.Abort {
		return 0
	}
	steps, weight := r.Spec.Strategy.Canary.Steps, 0
	if *r.Status.Step >= len(steps) {
		return 0 // all of them are done
	}
	for i, step := range steps {
		if i <= *r.Status.Step && step.Weight != nil {
			weight = *step.Weight
		}
	}
	if routed := r.Status.Canary.Weights; routed != nil {
		weight = routed.Canary.Weight
	}
	if weight < 1 || weight > 99 {
		return 0
	}
	return weight
}
