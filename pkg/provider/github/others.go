package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	api "github.com/google/go-github/v60/github"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// others adds the repositories that no subject names, and the names that no repository has.
// What could not be listed stays as it was, and is said.
func (g *gitHub) others(ctx context.Context, all []*wanted, before []snapshot.Foreign, facts *snapshot.Facts) {
	named := map[string]bool{}
	owners := map[string]bool{}
	for _, o := range g.organizations {
		owners[strings.ToLower(o)] = true
	}
	for _, w := range all {
		named[strings.ToLower(w.full())] = true
		if w.got != nil { // it may have another name now
			named[strings.ToLower(w.got.NameWithOwner)] = true
		}
		if len(g.organizations) == 0 {
			owners[strings.ToLower(w.owner)] = true
		}
		facts.Foreign = append(facts.Foreign, w.missing()...)
	}
	for _, owner := range slices.Sorted(maps.Keys(owners)) {
		found, err := g.list(ctx, owner)
		if kind := provider.ProblemOf(err); kind != nil && kind.Kind == snapshot.NotFound && len(g.organizations) == 0 {
			continue // a user, whose repositories are nobody else's business
		}
		if err != nil {
			facts.Problems = append(facts.Problems, *provider.ProblemOf(fmt.Errorf("repositories of %s: %w", owner, err)))
			facts.Foreign = append(facts.Foreign, of(owner, before)...)
			continue
		}
		for _, f := range found {
			if !named[strings.ToLower(f.ID)] {
				facts.Foreign = append(facts.Foreign, f)
			}
		}
	}
}

// missing are the entities that name a repository which is not there.
func (w *wanted) missing() []snapshot.Foreign {
	if e := (*provider.Error)(nil); !errors.As(w.err, &e) || e.Kind != snapshot.NotFound {
		return nil
	}
	var all []snapshot.Foreign
	for _, s := range w.subjects {
		f := snapshot.Foreign{ID: w.full(), Kind: "repository", Name: w.name, State: "missing", Entity: s.Entity}
		if !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

// of returns what was known of an organization's other repositories.
func of(owner string, before []snapshot.Foreign) []snapshot.Foreign {
	var kept []snapshot.Foreign
	for _, f := range before {
		if f.Kind == "repository" && f.State != "missing" && strings.HasPrefix(strings.ToLower(f.ID), owner+"/") {
			kept = append(kept, f)
		}
	}
	return kept
}

// list returns all repositories of an organization.
func (g *gitHub) list(ctx context.Context, owner string) ([]snapshot.Foreign, error) {
	asked := "GET /orgs/" + owner + "/repos"
	var all []snapshot.Foreign
	seen := map[string]bool{}
	err := g.client.EachCursor(asked, "1", func(cursor string) (string, error) {
		page, err := strconv.Atoi(cursor)
		if err != nil {
			return "", err
		}
		// By name, so that what is pushed to meanwhile does not move between pages.
		found, response, err := g.rest.Repositories.ListByOrg(ctx, owner, &api.RepositoryListByOrgOptions{
			Type: "all", Sort: "full_name", ListOptions: api.ListOptions{Page: page, PerPage: 100},
		})
		if err != nil {
			return "", g.explain(asked, err)
		}
		for _, r := range found {
			if f := foreign(r); f.ID != "" && !seen[f.ID] {
				seen[f.ID] = true
				all = append(all, f)
			}
		}
		if response.NextPage == 0 {
			return "", nil
		}
		return strconv.Itoa(response.NextPage), nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// foreign is a repository that no entity names, with the lines that would name it.
func foreign(r *api.Repository) snapshot.Foreign {
	f := snapshot.Foreign{ID: r.GetFullName(), Kind: "repository", Name: r.GetName(), State: "active", URL: fact.Link(r.GetHTMLURL())}
	if !repositoryName.MatchString(f.ID) {
		return snapshot.Foreign{} // what GitHub allows nobody to create cannot be written into a descriptor
	}
	if r.GetArchived() {
		f.State = "archived"
	}
	f.Fix = "repository: github:" + f.ID
	return f
}

// explain turns errors of go-github into ours, which tell their kinds apart and show no
// address.
func (g *gitHub) explain(asked string, err error) error {
	var (
		ours    *provider.Error
		limit   *api.RateLimitError
		abuse   *api.AbuseRateLimitError
		refused *api.ErrorResponse
		syntax  *json.SyntaxError
		typed   *json.UnmarshalTypeError
	)
	switch {
	case errors.As(err, &ours):
		return g.client.Explain(asked, err)
	case errors.As(err, &limit):
		return &provider.Error{Kind: snapshot.RateLimit, Asked: asked, Message: "the limit of requests is used up until " + limit.Rate.Reset.UTC().Format("2006-01-02 15:04 UTC")}
	case errors.As(err, &abuse) && abuse.Response != nil:
		return &provider.Error{Kind: snapshot.RateLimit, Status: abuse.Response.StatusCode, Asked: asked, Message: "GitHub wants fewer requests at once (secondary rate limit)"}
	case errors.As(err, &refused) && refused.Response != nil:
		said, _ := json.Marshal(map[string]string{"message": refused.Message}) // texts can always be written
		return g.client.Refused(asked, refused.Response, said)
	case errors.As(err, &syntax), errors.As(err, &typed):
		return &provider.Error{Kind: snapshot.Garbage, Asked: asked, Message: "the answer is not what GitHub documents: " + err.Error()}
	}
	return g.client.Explain(asked, err)
}
