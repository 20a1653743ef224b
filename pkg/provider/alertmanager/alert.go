package alertmanager

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// stateOf returns how an alert stands. A suppressed one fires, though nobody is told; one
// that is unprocessed fires since a moment. An Alertmanager of the future may have other
// states: of those nothing is known.
func stateOf(state string) snapshot.AlertState {
	switch state {
	case "active", "suppressed":
		return snapshot.Firing
	case "unprocessed":
		return snapshot.Pending
	}
	return snapshot.NoData
}

// alertOf makes a fact of an alert.
func alertOf(a *alert, about snapshot.About) snapshot.Alert {
	about.URL = fact.Link(a.GeneratorURL)
	summary := a.Annotations["summary"]
	for _, other := range []string{"title", "message", "description"} {
		if summary == "" {
			summary = a.Annotations[other]
		}
	}
	return snapshot.Alert{
		About: about, Name: nameOf(a), State: stateOf(a.Status.State), Severity: fact.Name(a.Labels["severity"]),
		Summary: fact.Text(summary), Since: a.StartsAt, Runbook: runbookOf(a),
		Silenced: a.Status.State == "suppressed" || len(a.Status.SilencedBy)+len(a.Status.InhibitedBy) > 0,
	}
}

// runbookOf returns what an alert says to do: the address in the annotation that the rules of
// kube-prometheus have, or the path in the one that many others have.
func runbookOf(a *alert) string {
	return cmp.Or(fact.Runbook(a.Annotations["runbook_url"]), fact.Runbook(a.Annotations["runbook"]))
}

func nameOf(a *alert) string {
	if name := fact.Name(a.Labels["alertname"]); name != "" {
		return name
	}
	return "alert " + fact.Name(a.Fingerprint)
}

// foreign is an alert of nothing in the catalog, with what a descriptor needs to own it.
func (m *alertmanager) foreign(a *alert) snapshot.Foreign {
	f := snapshot.Foreign{ID: fact.Name(a.Fingerprint), Kind: "alert", Name: nameOf(a), State: "active", URL: fact.Link(a.GeneratorURL)}
	name, named := first(a.Labels, m.labels)
	environment, said := first(a.Labels, m.environments)
	if !named {
		return f // only the rule can say whose it is
	}
	if !said {
		environment = "production"
	}
	f.Fix = fmt.Sprintf("environments:\n  %s:\n    health:\n      provider: %s\n      service: %s\n",
		strconv.Quote(fact.Name(environment)), m.name, strconv.Quote(fact.Name(name)))
	return f
}
