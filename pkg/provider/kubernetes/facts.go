package kubernetes

import (
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// health makes a fact of how a workload is.
func (w *workload) health(s provider.Subject, now time.Time) snapshot.Health {
	state, message := w.healthOf()
	return snapshot.Health{
		About: snapshot.About{ID: w.id(), Entity: s.Entity, Environment: s.Environment, Observed: now},
		State: state, Message: message,
	}
}

// deployment makes a fact of the version that a workload has.
func (w *workload) deployment(s provider.Subject, r provider.Request) snapshot.Deployment {
	version := w.version(s)
	d := snapshot.Deployment{
		About:   snapshot.About{ID: w.id() + "@" + w.revision(version), Entity: s.Entity, Environment: s.Environment, Observed: r.Now},
		Version: version, State: w.stateOf(),
	}
	d.At = w.since(d, r)
	return d
}

// revision tells one deployment of a workload from another.
func (w *workload) revision(version string) string {
	revision := w.Metadata.Annotations["deployment.kubernetes.io/revision"]
	if w.kind == statefulSet {
		revision = w.Status.UpdateRevision
	}
	if revision == "" {
		revision = version
	}
	return fact.Name(revision)
}

// since is when a deployment began. A cluster does not say so: it is when we saw it first,
// or when its rollout was seen last, if that was before.
func (w *workload) since(d snapshot.Deployment, r provider.Request) time.Time {
	for _, before := range r.Before.Deployments {
		if before.ID == d.ID && before.Entity == d.Entity && before.Environment == d.Environment {
			return before.At
		}
	}
	if at := w.progress().Updated; !at.IsZero() && at.Before(r.Now) {
		return at
	}
	if at := w.Metadata.Created; w.Metadata.Generation == 1 && !at.IsZero() && at.Before(r.Now) {
		return at
	}
	return r.Now
}
