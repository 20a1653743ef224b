package datadog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// owners are the entities of a service, by its name in small letters, in the order of the
// catalog.
type owners map[string][]string

// ownersOf says whose each service is. An entity that names a service in its descriptor has
// that; the others have the one of their own name.
func ownersOf(subjects []provider.Subject) (owners, []snapshot.Problem) {
	all := owners{}
	var problems []snapshot.Problem
	named := map[string]bool{}
	for _, s := range subjects {
		named[s.Entity] = named[s.Entity] || s.With["service"] != ""
	}
	for _, s := range subjects {
		if s.Purpose != provider.Alerts && s.Purpose != provider.Health {
			problems = append(problems, provider.OfSubject(s, &provider.Error{Kind: snapshot.Config, Message: fmt.Sprintf(
				"%s asks Datadog for %s; it tells of health, alerts, objectives and incidents only", s.Place, s.Purpose)}))
			continue
		}
		service := s.With["service"]
		if service == "" && !named[s.Entity] {
			_, service, _ = strings.Cut(s.Entity, ":")
		}
		if key := strings.ToLower(service); key != "" && !slices.Contains(all[key], s.Entity) {
			all[key] = append(all[key], s.Entity)
		}
	}
	return all, problems
}

// of returns the entities of some services, each once.
func (o owners) of(services []string) []string {
	var entities []string
	for _, service := range services {
		for _, e := range o[strings.ToLower(service)] {
			if !slices.Contains(entities, e) {
				entities = append(entities, e)
			}
		}
	}
	return entities
}

// servicesIn returns the services that tags name.
func servicesIn(tags ...string) []string {
	var services []string
	for _, t := range tags {
		if name, ok := strings.CutPrefix(t, "service:"); ok && name != "" {
			services = append(services, name)
		}
	}
	return services
}
