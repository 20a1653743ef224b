package pagerduty

import (
	"fmt"
	"slices"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// binding is a subject with what of the account it comes to. What is empty is not wanted,
// or not there.
type binding struct {
	subject                   provider.Subject
	service, policy, schedule string // identifiers
}

// bindings are those of all subjects, and what is wrong with them.
type bindings struct {
	bindings []binding
	missing  []snapshot.Foreign
	problems []snapshot.Problem
}

// resolve looks for what the subjects name.
func resolve(a account, subjects []provider.Subject) bindings {
	var all bindings
	for _, s := range subjects {
		b, missing, err := a.find(s)
		if err != nil {
			all.problems = append(all.problems, provider.OfSubject(s, err))
		}
		all.bindings = append(all.bindings, b)
		all.missing = append(all.missing, missing...)
	}
	return all
}

// find looks for what one subject names. A service is escalated by its own policy, unless
// the subject names a policy or a schedule beside it.
func (a account) find(s provider.Subject) (binding, []snapshot.Foreign, error) {
	b := binding{subject: s}
	if s.Purpose != provider.OnCall {
		return b, nil, &provider.Error{Kind: snapshot.Config, Message: fmt.Sprintf(
			"%s asks PagerDuty for %s; it knows who is on call only: write oncall instead", s.Place, s.Purpose)}
	}
	service, policy, schedule := s.With["service"], s.With["policy"], s.With["schedule"]
	if service == "" && policy == "" && schedule == "" {
		return b, nil, &provider.Error{Kind: snapshot.Config, Message: s.Place + ": oncall names neither a service nor a schedule nor a policy of PagerDuty; add service: ID, with the last part of its address"}
	}
	var missing []snapshot.Foreign
	look := func(kind, id string, there bool) string {
		if there || id == "" {
			return id
		}
		missing = append(missing, fact.Missing(s, kind, id))
		return ""
	}
	found, there := a.services[service]
	b.service = look("service", service, there)
	_, there = a.policies[policy]
	b.policy = look("policy", policy, there)
	_, there = a.schedules[schedule]
	b.schedule = look("schedule", schedule, there)
	if policy == "" && schedule == "" {
		b.policy = found.Policy.ID
	}
	return b, missing, fact.NotFound(s, missing, notFound)
}

// notFound is why a subject names what is not there.
const notFound = "PagerDuty does not have, or hides from this token; correct the identifier"

func (all bindings) services() []string {
	return all.each(func(b binding) string { return b.service })
}

func (all bindings) policies() []string {
	return all.each(func(b binding) string { return b.policy })
}

func (all bindings) schedules() []string {
	return all.each(func(b binding) string { return b.schedule })
}

// each returns the different identifiers of one kind, in order.
func (all bindings) each(of func(binding) string) []string {
	var ids []string
	for _, b := range all.bindings {
		if id := of(b); id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
