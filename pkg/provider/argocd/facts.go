package argocd

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/connect"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// add makes facts of an application, as the subject asks for them.
func (p *argocd) add(ctx context.Context, facts *snapshot.Facts, a *application, s provider.Subject, now time.Time) error {
	about := snapshot.About{ID: fact.Name(a.id()), Entity: s.Entity, Environment: s.Environment, Observed: now, URL: p.page(a)}
	if s.Purpose == provider.Health {
		if r := a.Status.Reconciled; !r.IsZero() && r.Before(now) {
			about.Observed = r // the controller may have stopped since
		}
		facts.Health = append(facts.Health, snapshot.Health{About: about, State: healthOf(a.Status.Health.Status), Message: a.message()})
		return nil
	}
	if a.Status.Operation == nil {
		return nil // nothing was deployed yet
	}
	d, err := a.deployment(about, s)
	if err != nil {
		return err
	}
	if d.State == snapshot.Succeeded {
		// What is synced may be a canary that has a part of the traffic only.
		if d.Rollout, err = p.weight(ctx, a); err != nil {
			return err // then nobody knows whether it has succeeded
		}
		if d.Rollout > 0 {
			d.State, d.Ended = snapshot.Running, time.Time{}
		}
	}
	facts.Deployments = append(facts.Deployments, d)
	return nil
}

// deployment makes a fact of the last operation of an application.
func (a *application) deployment(about snapshot.About, s provider.Subject) (snapshot.Deployment, error) {
	o := a.Status.Operation
	state, known := stateOf(o.Phase)
	if !known {
		return snapshot.Deployment{}, connect.Garbled(http.MethodGet+" "+asked, "the phase %q of the application %s is none that we know; a newer signpost may", fact.Name(o.Phase), fact.Name(a.id()))
	}
	d := snapshot.Deployment{About: about, Version: a.version(s), Commit: a.commit(), State: state, By: fact.Name(o.Operation.By.Username), At: o.Started, Ended: o.Finished}
	d.ID += " " + o.Started.UTC().Format(time.RFC3339)
	if d.By == "" && o.Operation.By.Automated {
		d.By = "automated"
	}
	return d, nil
}

// page is where people see an application.
func (p *argocd) page(a *application) string {
	return fact.Link(p.base + "/applications/" + url.PathEscape(a.Metadata.Namespace) + "/" + url.PathEscape(a.Metadata.Name))
}

// foreign is an application that no entity names.
func (p *argocd) foreign(a *application) snapshot.Foreign {
	return snapshot.Foreign{
		ID: fact.Name(a.id()), Kind: "application", Name: fact.Name(a.Metadata.Name), State: "active", URL: p.page(a),
		Fix: fmt.Sprintf("environments:\n  production:\n    deployments: {provider: %[1]s, app: %[2]s}\n    health: {provider: %[1]s, app: %[2]s}\n",
			p.name, strconv.Quote(fact.Name(a.id()))),
	}
}

// once leaves out what was said before: both purposes of an entity miss one application.
func once(all []snapshot.Foreign) []snapshot.Foreign {
	seen := map[[3]string]bool{}
	var kept []snapshot.Foreign
	for _, f := range all {
		key := [3]string{f.State, f.ID, f.Entity}
		if !seen[key] {
			seen[key] = true
			kept = append(kept, f)
		}
	}
	return kept
}
