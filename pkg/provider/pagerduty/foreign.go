package pagerduty

import (
	"cmp"
	"fmt"

	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// foreign tells of services and schedules that no subject names. A schedule that the policy
// of a named service uses is named by it.
func (a account) foreign(provider string, bindings []binding) []snapshot.Foreign {
	named := map[string]bool{}
	for _, b := range bindings {
		named[b.service], named[b.schedule] = true, true
		for _, rule := range a.policies[b.policy].Rules {
			for _, t := range rule.Targets {
				named[t.ID] = true
			}
		}
	}
	var all []snapshot.Foreign
	for id, s := range a.services {
		if !named[id] {
			all = append(all, unnamed(provider, "service", s.reference, cmp.Or(s.Name, s.Summary), stateOfService(s.Status)))
		}
	}
	for id, s := range a.schedules {
		if !named[id] {
			all = append(all, unnamed(provider, "schedule", s.reference, cmp.Or(s.Name, s.Summary), "active"))
		}
	}
	return all
}

// unnamed is one thing that no subject names, with the line that would name it.
func unnamed(provider, kind string, r reference, name, state string) snapshot.Foreign {
	f := snapshot.Foreign{ID: cmp.Or(fact.Name(r.ID), "?"), Kind: kind, Name: fact.Name(name), State: state, URL: fact.Link(r.URL)}
	if identifier.MatchString(r.ID) {
		f.Fix = fmt.Sprintf("oncall: {provider: %s, %s: %s}", provider, kind, r.ID)
	}
	return f
}

// stateOfService maps the status of a service. Warning and critical say that it has open
// incidents, so it is in use.
func stateOfService(status string) string {
	switch status {
	case "active", "warning", "critical", "maintenance":
		return "active"
	case "disabled":
		return "deprecated"
	}
	return "unknown"
}
