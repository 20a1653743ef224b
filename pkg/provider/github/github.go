// Package github fetches from GitHub, or from GitHub Enterprise Server: deployments with
// their latest statuses, releases, the last runs of workflows, and what is known of
// repositories. It asks through GraphQL for many repositories at once, since the REST API
// takes several requests for each and allows a workflow 1,000 in an hour.
//
// Sources: GitHub Docs, "GraphQL API: Objects" (Repository, Deployment, CheckSuite, Team,
// Release), "Rate limits and query limits for the GraphQL API", "REST API endpoints for
// repositories" (List organization repositories), "About code owners".
package github

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	api "github.com/google/go-github/v60/github"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// usual is where GitHub is, unless something else is set.
const usual = "https://api.github.com"

// gitHub is the provider.
type gitHub struct {
	client        *provider.Client
	rest          *api.Client
	graphql       string // path
	organizations []string
	variable      string // that holds the token
	token         string
}

// New makes the provider from its settings. URL is the address of the API; without one it is
// that of the variable GITHUB_API_URL, which GitHub Actions sets, or api.github.com; the
// usual token is that of GITHUB_TOKEN. With may hold organizations, those whose repositories
// ought to be in the catalog (the owners of those that are), and whose teams are compared
// with those of the catalog.
func New(s provider.Settings) (provider.Provider, error) {
	return newGitHub(s)
}

func newGitHub(s provider.Settings) (*gitHub, error) {
	secret := s.Secret
	if secret == nil {
		secret = func(string) string { return "" }
	}
	g := &gitHub{variable: cmp.Or(s.Token, "GITHUB_TOKEN"), organizations: words(s.With["organizations"])}
	for _, o := range g.organizations {
		if !repositoryName.MatchString(o + "/x") {
			return nil, &provider.Error{Kind: snapshot.Config, Message: fmt.Sprintf("%q is not the name of an organization", o)}
		}
	}
	g.token = strings.TrimSpace(secret(g.variable))
	at, err := url.Parse(strings.TrimRight(cmp.Or(s.URL, secret("GITHUB_API_URL"), usual), "/"))
	if err != nil {
		return nil, &provider.Error{Kind: snapshot.Config, Message: "the address of the GitHub API is none"}
	}
	rest, path := at.EscapedPath(), at.EscapedPath()+"/graphql"
	if above, ok := strings.CutSuffix(rest, "/v3"); ok { // GitHub Enterprise Server: /api/v3 and /api/graphql
		path = above + "/graphql"
	}
	g.graphql = path
	at.Path, at.RawPath = "", ""
	options := provider.Options{Base: at.String(), Authorize: g.authorize, Secrets: words(g.token), Accept: "application/vnd.github+json"}
	if g.client, err = s.NewClient(options); err != nil {
		return nil, err
	}
	g.rest = api.NewClient(g.client.HTTP())
	g.rest.BaseURL = at.JoinPath(rest, "/")
	return g, nil
}

// authorize also asks for what GitHub documents: go-github asks for previews that have ended.
func (g *gitHub) authorize(r *http.Request) {
	r.Header.Set("Accept", "application/vnd.github+json")
	if g.token != "" {
		r.Header.Set("Authorization", "Bearer "+g.token)
	}
}

// words are those of a setting, between commas and spaces.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
}

// Fetch asks for all repositories that subjects name, and then which others there are.
func (g *gitHub) Fetch(ctx context.Context, r provider.Request) (snapshot.Facts, error) {
	if g.token == "" { // GraphQL answers nobody without one
		return snapshot.Facts{}, &provider.Error{Kind: snapshot.Auth, Message: "there is no token: set the variable " + g.variable + " to one that may read repositories, deployments and actions"}
	}
	var facts snapshot.Facts
	wanted := byRepository(r.Subjects, &facts)
	if err := g.ask(ctx, wanted); err != nil {
		return snapshot.Facts{}, err
	}
	g.compare(ctx, wanted)
	for _, w := range wanted {
		w.facts(&facts, r)
	}
	g.others(ctx, wanted, r.Before.Foreign, &facts)
	g.teams(ctx, r, &facts)
	return facts, nil
}
