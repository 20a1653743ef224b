// Package opsgenie asks Opsgenie, or the operations API of Jira Service Management that
// follows it (Opsgenie ends in April 2027), who is on call for the entities of a catalog
// and which incidents they have had.
//
// A fetch lists all schedules and, of Opsgenie, all services: one request for each hundred.
// It asks three questions about every schedule that is named: who is on call, who is next,
// and when that changes. Incidents cost one request for each hundred of 90 days; of Jira
// Service Management, whose alerts are found by the tag service:NAME, one for every service
// that is named and each hundred of its alerts, and one for the names of each 50 people.
package opsgenie

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// system is one of the two; they differ in paths and envelopes, and JSM has no services.
type system struct {
	name      string // of the provider in signpost.yaml
	client    *provider.Client
	schedules string // path of the schedules
	size      string // query parameter for the size of a page
	jsm       *jsm   // nil for Opsgenie
}

// jsm is what only Jira Service Management has.
type jsm struct{ alerts, people string } // paths

// New makes a provider that reads Opsgenie. The key is one of an API integration that may
// read and access configuration, in OPSGENIE_API_KEY unless the settings name another
// variable. Accounts in Europe set the address to https://api.eu.opsgenie.com.
func New(s provider.Settings) (provider.Provider, error) {
	key, err := secret(s, "OPSGENIE_API_KEY", "the key of an API integration of Opsgenie")
	if err != nil {
		return nil, err
	}
	return connect(s, "https://api.opsgenie.com", &system{schedules: "/v2/schedules", size: "limit"}, key,
		func(r *http.Request) { r.Header.Set("Authorization", "GenieKey "+key) })
}

// NewJSM makes a provider that reads the operations of Jira Service Management. With["cloudId"]
// is the site (see https://SITE.atlassian.net/_edge/tenant_info), With["user"] the e-mail
// address of an account, and JSM_TOKEN holds an API token of that account.
func NewJSM(s provider.Settings) (provider.Provider, error) {
	token, err := secret(s, "JSM_TOKEN", "an API token of an Atlassian account")
	if err != nil {
		return nil, err
	}
	cloud, user := s.With["cloudId"], s.With["user"]
	if !identifier.MatchString(cloud) || user == "" {
		return nil, &provider.Error{Kind: snapshot.Config, Message: fmt.Sprintf(
			"provider %s: with needs cloudId, as https://SITE.atlassian.net/_edge/tenant_info says it, and user, the e-mail address of the account whose token this is", s.Name)}
	}
	base := "/jsm/ops/api/" + cloud + "/v1"
	paths := &jsm{alerts: base + "/alerts", people: "/ex/jira/" + cloud + "/rest/api/3/user/bulk"}
	return connect(s, "https://api.atlassian.com", &system{schedules: base + "/schedules", size: "size", jsm: paths}, token,
		func(r *http.Request) { r.SetBasicAuth(user, token) })
}

// secret reads the token of a provider.
func secret(s provider.Settings, usual, what string) (string, error) {
	variable := cmp.Or(s.Token, usual)
	value := strings.TrimSpace(s.Secret(variable))
	if value == "" {
		return "", &provider.Error{Kind: snapshot.Config, Message: fmt.Sprintf(
			"provider %s: the environment variable %s is empty; set it to %s", s.Name, variable, what)}
	}
	return value, nil
}

func connect(s provider.Settings, usual string, sys *system, secret string, authorize func(*http.Request)) (provider.Provider, error) {
	client, err := s.NewClient(provider.Options{
		Base: cmp.Or(s.URL, usual), Authorize: authorize, Secrets: []string{secret},
	})
	if err != nil {
		return nil, err
	}
	sys.name, sys.client = s.Name, client
	return sys, nil
}

// Fetch asks for the lists first and then for what the subjects name in them.
func (s *system) Fetch(ctx context.Context, r provider.Request) (snapshot.Facts, error) {
	a, err := s.account(ctx)
	if err != nil {
		return snapshot.Facts{}, err
	}
	found := s.resolve(a, r.Subjects)
	facts := snapshot.Facts{Problems: found.problems, Foreign: append(found.missing, s.foreign(a, found)...)}
	if err := s.onCalls(ctx, a, found, r, &facts); err != nil {
		return snapshot.Facts{}, err
	}
	if s.jsm != nil {
		return facts, s.alerts(ctx, found, r, &facts)
	}
	incidents, err := s.incidents(ctx, found, r)
	facts.Incidents = incidents
	return facts, err
}

// account is what there is, by identifier.
type account struct {
	schedules map[string]schedule
	services  map[string]service // none of Jira Service Management
}

func (s *system) account(ctx context.Context) (a account, err error) {
	a.schedules, err = byID[schedule](ctx, s, s.schedules)
	if err != nil || s.jsm != nil {
		return a, err
	}
	a.services, err = byID[service](ctx, s, "/v1/services")
	return a, err
}
