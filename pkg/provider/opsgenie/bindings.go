package opsgenie

import (
	"fmt"
	"slices"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// binding is a subject with what it comes to. What is empty is not wanted, or not there.
type binding struct {
	subject   provider.Subject
	service   string   // identifier; of Jira Service Management the value of a tag
	schedules []string // identifiers
}

type bindings struct {
	bindings []binding
	missing  []snapshot.Foreign
	problems []snapshot.Problem
}

// resolve looks for what the subjects name.
func (s *system) resolve(a account, subjects []provider.Subject) bindings {
	var all bindings
	for _, subject := range subjects {
		b, missing, err := s.find(a, subject)
		if err != nil {
			all.problems = append(all.problems, provider.OfSubject(subject, err))
		}
		all.bindings = append(all.bindings, b)
		all.missing = append(all.missing, missing...)
	}
	return all
}

// find looks for what one subject names, by identifier or by name. For a service without a
// schedule those of its team are on call.
func (s *system) find(a account, of provider.Subject) (binding, []snapshot.Foreign, error) {
	b := binding{subject: of}
	named, scheduled := of.With["service"], of.With["schedule"]
	switch {
	case of.Purpose != provider.OnCall:
		return b, nil, &provider.Error{Kind: snapshot.Config, Message: fmt.Sprintf("%s asks for %s; this system knows who is on call only: write oncall instead", of.Place, of.Purpose)}
	case named == "" && scheduled == "":
		return b, nil, &provider.Error{Kind: snapshot.Config, Message: of.Place + ": oncall names neither a schedule nor a service; add schedule: ID. Policies are not read from this system"}
	}
	var missing []snapshot.Foreign
	lost := func(kind, id string) {
		missing = append(missing, fact.Missing(of, kind, id))
	}
	if scheduled != "" {
		if id := lookUp(a.schedules, scheduled, func(s schedule) string { return s.Name }); id != "" {
			b.schedules = []string{id}
		} else {
			lost("schedule", scheduled)
		}
	}
	if s.jsm != nil {
		b.service = named
		return b, missing, fact.NotFound(of, missing, notFound)
	}
	if named != "" {
		if b.service = lookUp(a.services, named, func(s service) string { return s.Name }); b.service == "" {
			lost("service", named)
		}
	}
	if scheduled == "" {
		b.schedules = a.schedulesOf(a.services[b.service].Team)
	}
	return b, missing, fact.NotFound(of, missing, notFound)
}

// lookUp returns the identifier of a thing by its identifier or, if only one has it, its
// name.
func lookUp[T any](all map[string]T, wanted string, name func(T) string) string {
	if _, there := all[wanted]; there {
		return wanted
	}
	found := ""
	for id, t := range all {
		if name(t) != wanted {
			continue
		}
		if found != "" {
			return ""
		}
		found = id
	}
	return found
}

// schedulesOf returns the schedules of a team, in order.
func (a account) schedulesOf(team string) []string {
	var all []string
	for id, s := range a.schedules {
		if team != "" && s.OwnerTeam.ID == team {
			all = append(all, id)
		}
	}
	slices.Sort(all)
	return all
}

// notFound is why a subject names what is not there.
const notFound = "the system does not have, has more than once by that name, or hides from this token; write its identifier"

// foreign tells of schedules and services that no subject names. The schedules of the team
// of a named service are named by it.
func (s *system) foreign(a account, found bindings) []snapshot.Foreign {
	named := map[string]bool{}
	for _, b := range found.bindings {
		named[b.service] = true
		for _, id := range b.schedules {
			named[id] = true
		}
	}
	var all []snapshot.Foreign
	add := func(kind, id, name, state, address string) {
		if !named[id] {
			all = append(all, snapshot.Foreign{
				ID: id, Kind: kind, Name: fact.Name(name), State: state, URL: fact.Link(address),
				Fix: fmt.Sprintf("oncall: {provider: %s, %s: %s}", s.name, kind, id),
			})
		}
	}
	for id, x := range a.schedules {
		state := "active"
		if x.Enabled != nil && !*x.Enabled {
			state = "deprecated"
		}
		add("schedule", id, x.Name, state, "")
	}
	for id, x := range a.services {
		add("service", id, x.Name, "active", x.Links.Web)
	}
	return all
}
