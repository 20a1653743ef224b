// Package pagerduty asks PagerDuty (REST API v2) who is on call for the entities of a
// catalog, now and next, and which incidents they have had.
//
// A fetch lists all services, escalation policies and schedules, a hundred a request, since
// what nobody names is told as well. Of what descriptors name it asks further: one request
// for every 25 escalation policies (and each hundred turns of the next 30 days), one for
// every schedule that is named by itself, two for every 25 services (and each hundred
// incidents), and one for each of at most a hundred incidents that were resolved since the
// last fetch, for when they were acknowledged. An account of 100 services of which 20 are
// in the catalog costs six requests and one for each incident newly resolved.
package pagerduty

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Where PagerDuty is for most, and where its token stands. Accounts of its European region
// set the address to https://api.eu.pagerduty.com.
const (
	usualAddress = "https://api.pagerduty.com"
	usualToken   = "PAGERDUTY_TOKEN"
)

type system struct {
	name   string // of the provider in signpost.yaml
	client *provider.Client
}

// New makes a provider that reads PagerDuty. The token is one of the REST API, read-only, in
// PAGERDUTY_TOKEN unless the settings name another variable.
func New(s provider.Settings) (provider.Provider, error) {
	variable := cmp.Or(s.Token, usualToken)
	token := strings.TrimSpace(s.Secret(variable))
	if token == "" {
		return nil, &provider.Error{Kind: snapshot.Config, Message: fmt.Sprintf(
			"provider %s: the environment variable %s is empty; set it to a read-only API key of PagerDuty (Integrations, API Access Keys)", s.Name, variable)}
	}
	client, err := s.NewClient(provider.Options{
		Base:      cmp.Or(s.URL, usualAddress),
		Authorize: func(r *http.Request) { r.Header.Set("Authorization", "Token token="+token) },
		Secrets:   []string{token},
		Accept:    "application/vnd.pagerduty+json;version=2",
	})
	if err != nil {
		return nil, err
	}
	return &system{name: s.Name, client: client}, nil
}

// Fetch asks for the whole account first and then for what the subjects name in it.
func (s *system) Fetch(ctx context.Context, r provider.Request) (snapshot.Facts, error) {
	account, err := s.account(ctx)
	if err != nil {
		return snapshot.Facts{}, err
	}
	found := resolve(account, r.Subjects)
	turns, err := s.turnsOfPolicies(ctx, found.policies(), r.Now)
	if err != nil {
		return snapshot.Facts{}, err
	}
	schedules, failed, err := s.turnsOfSchedules(ctx, found.schedules(), r.Now)
	if err != nil {
		return snapshot.Facts{}, err
	}
	incidents, err := s.incidents(ctx, found.services(), r.Now)
	if err != nil {
		return snapshot.Facts{}, err
	}
	facts := snapshot.Facts{Problems: found.problems, Foreign: found.missing}
	for _, b := range found.bindings {
		if err := failed[b.schedule]; err != nil {
			facts.Problems = append(facts.Problems, provider.OfSubject(b.subject, err))
		}
		facts.OnCall = append(facts.OnCall, account.onCall(b, turns[b.policy], schedules, r.Now)...)
	}
	told := found.tell(incidents, r.Now)
	facts.Problems = append(facts.Problems, s.acknowledged(ctx, told, r.Before)...)
	facts.Incidents = told
	facts.Foreign = append(facts.Foreign, account.foreign(s.name, found.bindings)...)
	return facts, ctx.Err()
}

// account is what a PagerDuty account consists of, by identifier.
type account struct {
	services  map[string]service
	policies  map[string]policy
	schedules map[string]schedule
}

// account reads the three lists, several at once.
func (s *system) account(ctx context.Context) (account, error) {
	var a account
	lists := []func() error{
		func() (err error) { a.services, err = byID[service](ctx, s.client, "services"); return },
		func() (err error) { a.policies, err = byID[policy](ctx, s.client, "escalation_policies"); return },
		func() (err error) { a.schedules, err = byID[schedule](ctx, s.client, "schedules"); return },
	}
	err := parallel.EachOf(ctx, provider.Connections, len(lists), func(i int) error { return lists[i]() })
	return a, err
}
