// Package datadog asks Datadog for the monitors, service level objectives and incidents of
// the entities of a catalog. What is whose is said by the tag service:NAME, or for incidents
// by their field services. Where a descriptor asks for health, it is what the monitors of
// its service amount to.
//
// Every fetch reads four lists, however many entities there are: monitors (500 a request),
// objectives, open incidents, and resolved ones of the last 90 days (100 a request each). An
// organisation of 800 monitors and 40 objectives costs five requests.
package datadog

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

type system struct {
	name   string // of the provider in signpost.yaml
	client *provider.Client
	web    string // address of the pages for people
	// An organisation that does not have a product is refused its list.
	noObjectives, noIncidents bool
}

// site is what a Datadog site looks like: datadoghq.com, us3.datadoghq.com, ddog-gov.com.
var site = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)

// New makes a provider that reads Datadog. The API key is in DD_API_KEY unless the settings
// name another variable, the application key in DD_APP_KEY unless With["appToken"] does; it
// needs the scopes monitors_read, slos_read and incident_read. With["site"] is the Datadog
// site if that is not datadoghq.com. With["slos"] and With["incidents"] are "false" for an
// organisation without them.
func New(s provider.Settings) (provider.Provider, error) {
	place := cmp.Or(s.With["site"], "datadoghq.com")
	if !site.MatchString(place) {
		return nil, &provider.Error{Kind: snapshot.Config, Message: fmt.Sprintf(
			"provider %s: %q is no site of Datadog, such as datadoghq.eu or us3.datadoghq.com", s.Name, place)}
	}
	key, err := secret(s, cmp.Or(s.Token, "DD_API_KEY"), "an API key")
	if err != nil {
		return nil, err
	}
	application, err := secret(s, cmp.Or(s.With["appToken"], "DD_APP_KEY"), "an application key")
	if err != nil {
		return nil, err
	}
	client, err := s.NewClient(provider.Options{
		Base: cmp.Or(s.URL, "https://api."+place),
		Authorize: func(r *http.Request) {
			r.Header.Set("DD-API-KEY", key)
			r.Header.Set("DD-APPLICATION-KEY", application)
		},
		Secrets: []string{key, application},
	})
	if err != nil {
		return nil, err
	}
	return &system{
		name: s.Name, client: client, web: pagesOf(place),
		noObjectives: s.With["slos"] == "false", noIncidents: s.With["incidents"] == "false",
	}, nil
}

// secret reads one of the two keys.
func secret(s provider.Settings, variable, what string) (string, error) {
	if value := strings.TrimSpace(s.Secret(variable)); value != "" {
		return value, nil
	}
	return "", &provider.Error{Kind: snapshot.Config, Message: fmt.Sprintf(
		"provider %s: the environment variable %s is empty; set it to %s of Datadog (Organization Settings)", s.Name, variable, what)}
}

// pagesOf returns where people see a site: app.datadoghq.com, but us3.datadoghq.com.
func pagesOf(place string) string {
	if strings.Count(place, ".") == 1 {
		place = "app." + place
	}
	return "https://" + place
}

// Fetch reads the lists, several at once. If one fails all do: facts that are missing would
// look as if they were gone.
func (s *system) Fetch(ctx context.Context, r provider.Request) (snapshot.Facts, error) {
	owners, problems := ownersOf(r.Subjects)
	var monitors []monitor
	var objectives []objective
	var incidents []incident
	lists := []func() error{
		func() (err error) { monitors, err = s.monitors(ctx); return },
		func() (err error) { objectives, err = s.objectives(ctx); return },
		func() (err error) { incidents, err = s.incidents(ctx, r.Now); return },
	}
	if err := parallel.EachOf(ctx, provider.Connections, len(lists), func(i int) error { return lists[i]() }); err != nil {
		return snapshot.Facts{}, err
	}
	facts := snapshot.Facts{Problems: problems}
	facts.Alerts, facts.Foreign = s.alerts(monitors, owners, r.Now)
	facts.Health = health(r.Subjects, monitors, r.Now)
	facts.Objectives = s.budgets(objectives, owners, r)
	facts.Incidents = s.tell(incidents, owners, r.Now)
	return facts, nil
}
