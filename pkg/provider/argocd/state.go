package argocd

import (
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// healthOf returns what Argo CD's word for health means. What is suspended waits for
// somebody, as a canary does; what is missing should be there. Words of the future are
// unknown.
// https://argo-cd.readthedocs.io/en/stable/operator-manual/health/
func healthOf(status string) snapshot.HealthState {
	switch status {
	case "Healthy":
		return snapshot.Healthy
	case "Progressing", "Suspended":
		return snapshot.Progressing
	case "Degraded":
		return snapshot.Degraded
	case "Missing":
		return snapshot.Unhealthy
	}
	return snapshot.Unknown
}

// stateOf returns how an operation goes, and whether its phase is one that we know.
func stateOf(phase string) (snapshot.DeploymentState, bool) {
	switch phase {
	case "Running":
		return snapshot.Running, true
	case "Succeeded":
		return snapshot.Succeeded, true
	case "Failed", "Error":
		return snapshot.Failed, true
	case "Terminating":
		return snapshot.Cancelled, true
	}
	return "", false
}

// message says what health and synchronisation have to say beside the state.
func (a *application) message() string {
	text := a.Status.Health.Message
	add := func(more string) {
		if text != "" {
			text = "; " + text
		}
		text = more + text
	}
	switch a.Status.Sync.Status {
	case "Synced", "":
	case "OutOfSync":
		add("out of sync with Git")
	default:
		add("whether it is in sync with Git is unknown")
	}
	if a.Status.Health.Status == "Suspended" || a.Status.Health.Status == "Missing" {
		add(map[string]string{"Suspended": "suspended", "Missing": "missing in the cluster"}[a.Status.Health.Status])
	}
	return fact.Text(text)
}
