package generate

import (
	"fmt"
	"time"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const factNumbers = 77 // what the random numbers of facts are for

// Facts writes a snapshot store for the catalog of so many services: for each of three
// environments two deployments and its health, and for every fiftieth service an incident
// and an alert.
func Facts(dir string, services int) error {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	argo := snapshot.File{Provider: "argocd", Type: "argocd", Tried: at, Fetched: at}
	metrics := snapshot.File{Provider: "prometheus", Type: "prometheus", Tried: at, Fetched: at}
	duty := snapshot.File{Provider: "pagerduty", Type: "pagerduty", Tried: at, Fetched: at}
	for i := range services {
		r := randomFor(factNumbers, i)
		about := snapshot.About{Entity: "service:" + serviceName(i), Observed: at}
		for _, environment := range []string{"production", "canary", "staging"} {
			about.Environment, about.URL = environment, "https://argocd.example/applications/"+serviceName(i)
			argo.Deployments = append(argo.Deployments, deployments(about, r)...)
			about.ID = "up"
			metrics.Health = append(metrics.Health, snapshot.Health{About: about, State: snapshot.Healthy, Measures: []snapshot.Measure{
				{Name: "P99", Value: float64(r.between(40, 600)), Unit: "ms"},
			}})
		}
		if i%50 == 0 {
			about.ID, about.Environment = fmt.Sprintf("P%05d", i), ""
			duty.Incidents = append(duty.Incidents, snapshot.Incident{
				About: about, Title: "It answers slowly", State: snapshot.Triggered, Opened: at.Add(-time.Hour),
			})
			duty.Alerts = append(duty.Alerts, snapshot.Alert{About: about, Name: "LatencyHigh", State: snapshot.Firing, Since: at.Add(-time.Hour)})
		}
	}
	store, err := snapshot.Create(dir)
	if err != nil {
		return err
	}
	defer store.Close()
	for _, f := range []snapshot.File{argo, metrics, duty} {
		if err := store.Write(f); err != nil {
			return err
		}
	}
	return nil
}

// deployments are the one that runs in an environment and the one before it.
func deployments(about snapshot.About, r *random) []snapshot.Deployment {
	var all []snapshot.Deployment
	began := about.Observed.Add(-time.Duration(r.between(1, 20000)) * time.Minute)
	minor := r.between(1, 40)
	for back, state := range []snapshot.DeploymentState{snapshot.Succeeded, snapshot.Inactive} {
		about.ID = fmt.Sprintf("%s-%d", about.Environment, minor-back)
		at := began.Add(-time.Duration(back*r.between(100, 9000)) * time.Minute)
		all = append(all, snapshot.Deployment{
			About: about, Version: fmt.Sprintf("2.%d.%d", minor-back, r.below(9)), Commit: fmt.Sprintf("%040x", r.next()),
			State: state, By: "deploy-bot", At: at, Ended: at.Add(3 * time.Minute), Committed: at.Add(-time.Duration(r.between(20, 3000)) * time.Minute),
		})
	}
	return all
}
