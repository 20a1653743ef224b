// Package alertmanager reads the alerts of a Prometheus Alertmanager, or of what speaks the
// second version of its API: Mimir, Grafana.
//
// Settings: url (required), token (variable of a bearer token; ALERTMANAGER_TOKEN), private,
// label (label of alerts that names the entity; service, then app), environmentLabel (that
// names the environment; environment, then env).
//
// A subject of any purpose is an entity whose alerts are wanted. Its key service is what the
// label holds, if that is not the name of the entity.
package alertmanager

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/connect"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const path = "/api/v2/alerts"

type alertmanager struct {
	client       *provider.Client
	name         string   // of the provider
	labels       []string // that name the entity; the first counts that names one
	environments []string // that name the environment
}

// New makes the provider.
func New(s provider.Settings) (provider.Provider, error) {
	client, err := connect.Client(s, "", "ALERTMANAGER_TOKEN")
	if err != nil {
		return nil, err
	}
	return &alertmanager{client, s.Name, or(s.With["label"], "service", "app"), or(s.With["environmentLabel"], "environment", "env")}, nil
}

// or returns the one label that is set, or the usual ones.
func or(set string, usual ...string) []string {
	if set != "" {
		return []string{set}
	}
	return usual
}

// Fetch asks for all alerts at once and joins them to the subjects.
func (m *alertmanager) Fetch(ctx context.Context, r provider.Request) (snapshot.Facts, error) {
	var facts snapshot.Facts
	var answer []alert
	all := url.Values{"active": {"true"}, "silenced": {"true"}, "inhibited": {"true"}, "unprocessed": {"true"}}
	if _, err := m.client.Get(ctx, path, all, &answer); err != nil {
		return facts, err
	}
	by := index(r.Subjects)
	for i := range answer {
		a := &answer[i]
		if a.Fingerprint == "" {
			return snapshot.Facts{}, connect.Garbled(http.MethodGet+" "+path, "alert %d has no fingerprint", i+1)
		}
		joined := m.join(by, a)
		if len(joined) == 0 {
			facts.Foreign = append(facts.Foreign, m.foreign(a))
		}
		for _, about := range joined {
			about.Observed = r.Now
			facts.Alerts = append(facts.Alerts, alertOf(a, about))
		}
	}
	return facts, nil
}

// index returns subjects by what the label of their alerts holds.
func index(subjects []provider.Subject) map[string][]provider.Subject {
	by := make(map[string][]provider.Subject, len(subjects))
	for _, s := range subjects {
		name := s.With["service"]
		if name == "" {
			name = fact.Called(s.Entity)
		}
		by[name] = append(by[name], s)
	}
	return by
}

// join returns what an alert is about: the entities that its label names, each once. The
// environment is the one that the alert names, if the entity has it; if the alert names
// none, that of an entity that has only one.
func (m *alertmanager) join(by map[string][]provider.Subject, a *alert) []snapshot.About {
	environment, said := first(a.Labels, m.environments)
	environments := map[string][]string{}
	var entities []string
	for _, s := range m.named(by, a) {
		if environments[s.Entity] == nil {
			entities = append(entities, s.Entity)
		}
		if !slices.Contains(environments[s.Entity], s.Environment) {
			environments[s.Entity] = append(environments[s.Entity], s.Environment)
		}
	}
	var about []snapshot.About
	for _, entity := range entities {
		of := environments[entity]
		at := ""
		for _, e := range of {
			if e == environment || !said && len(of) == 1 {
				at = e
			}
		}
		about = append(about, snapshot.About{ID: fact.Name(a.Fingerprint), Entity: entity, Environment: at})
	}
	return about
}

// named returns the subjects that the first label names that names any.
func (m *alertmanager) named(by map[string][]provider.Subject, a *alert) []provider.Subject {
	for _, label := range m.labels {
		if value := a.Labels[label]; value != "" && len(by[value]) > 0 {
			return by[value]
		}
	}
	return nil
}

// first returns the value of the first label that is there.
func first(labels map[string]string, names []string) (string, bool) {
	for _, name := range names {
		if value := labels[name]; value != "" {
			return value, true
		}
	}
	return "", false
}
