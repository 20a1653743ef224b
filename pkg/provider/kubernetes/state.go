package kubernetes

import (
	"fmt"

	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// rollout is how far the newest version of a workload has come.
type rollout int

const (
	done rollout = iota
	ongoing
	paused
	stuck
)

// rollout tells whether what runs is what is wanted, by the rules of kubectl rollout status.
func (w *workload) rollout() rollout {
	progress := w.progress()
	switch {
	case w.Spec.Paused:
		return paused
	case w.Status.Observed < w.Metadata.Generation:
		return ongoing // nobody has looked at the newest version yet
	case w.kind == statefulSet:
		return w.rolloutOfSet()
	case progress.Reason == "ProgressDeadlineExceeded":
		return stuck
	case w.Status.Updated < w.wanted(), w.Status.Replicas > w.Status.Updated:
		return ongoing
	case w.there() < w.Status.Updated && progress.Reason != "NewReplicaSetAvailable":
		return ongoing
	}
	return done
}

func (w *workload) rolloutOfSet() rollout {
	if w.Spec.Strategy.Type == "OnDelete" || w.Status.CurrentRevision == w.Status.UpdateRevision {
		return done
	}
	if partition := w.Spec.Strategy.Rolling.Partition; partition > 0 && w.Status.Updated >= w.wanted()-partition {
		return done
	}
	return ongoing
}

// healthOf says how a workload is: what is on its way is progressing while something is
// there; what has arrived has all replicas, some, or none. Scaled to none it does nothing,
// neither well nor badly.
func (w *workload) healthOf() (snapshot.HealthState, string) {
	wanted, there := w.wanted(), w.there()
	count := fmt.Sprintf("%d of %d replicas are ready", there, wanted)
	switch r := w.rollout(); {
	case wanted == 0:
		return snapshot.Unknown, "scaled to 0 replicas"
	case r == paused:
		return snapshot.Progressing, "the rollout is paused; " + count
	case r == ongoing:
		return snapshot.Progressing, "a rollout is going on; " + count
	case there == 0:
		return snapshot.Unhealthy, count
	case r == stuck:
		return snapshot.Degraded, fact.Text(count + "; " + w.progress().Message)
	case there < wanted:
		return snapshot.Degraded, count
	}
	return snapshot.Healthy, count
}

// stateOf says how its deployment goes.
func (w *workload) stateOf() snapshot.DeploymentState {
	switch w.rollout() {
	case stuck:
		return snapshot.Failed
	case ongoing, paused:
		return snapshot.Running
	}
	return snapshot.Succeeded
}
