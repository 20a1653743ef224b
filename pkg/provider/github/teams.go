package github

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Fields of the teams of an organization, and of one whose members are too many for that
// (GraphQL API, Organization.teams and Team.members). Members of child teams are members of
// those.
const (
	teamFields  = `slug url members(first: 100, membership: IMMEDIATE%s) { nodes { login } pageInfo { hasNextPage endCursor } }`
	teamsQuery  = `query($owner: String!, $after: String) { organization(login: $owner) { teams(first: 100, after: $after) { nodes { %s } pageInfo { hasNextPage endCursor } } } }`
	memberQuery = `query($owner: String!, $slug: String!, $after: String) { organization(login: $owner) { team(slug: $slug) { %s } } }`
)

// team is one of GitHub's, and what the catalog says of it.
type team struct {
	Slug, URL string
	Members   struct {
		Nodes    []login
		PageInfo pageInfo
	}
}

type pageInfo struct {
	HasNextPage bool
	EndCursor   string
}

// next is the cursor of the next page; "" after the last.
func (p pageInfo) next() string {
	if !p.HasNextPage {
		return ""
	}
	return p.EndCursor
}

// slug is what the name of a team, or of a person, looks like in addresses.
var slug = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// teams compares the teams of the organizations with those of the catalog: who is in one and
// not in the other. It is asked only of organizations that the settings name. What could not
// be listed stays as it was, and is said.
func (g *gitHub) teams(ctx context.Context, r provider.Request, facts *snapshot.Facts) {
	known := fact.Of(r.Subjects, provider.Members)
	if len(known) == 0 {
		return
	}
	var found []snapshot.Foreign
	there := map[string]bool{} // entities with a team in one of the organizations
	whole := true
	for _, owner := range g.organizations {
		all, err := g.teamsOf(ctx, owner)
		if err != nil {
			whole = false
			problem := *provider.ProblemOf(err)
			problem.Message = "teams of " + owner + ": " + problem.Message
			if problem.Kind == snapshot.Forbidden {
				problem.Message += "; give the token the permission to read members of the organization"
			}
			facts.Problems = append(facts.Problems, problem)
			found = append(found, before(r.Before.Foreign, owner)...)
			continue
		}
		for _, t := range all {
			if i := slices.IndexFunc(known, t.isOf); i >= 0 {
				there[known[i].Entity] = true
				found = append(found, t.compared(owner, known[i], known)...)
			} else {
				found = append(found, t.foreign(owner, known))
			}
		}
	}
	for _, s := range known {
		if whole && !there[s.Entity] {
			found = append(found, snapshot.Foreign{ID: s.With["name"], Kind: "team", Name: s.With["name"], State: "missing", Entity: s.Entity})
		}
	}
	facts.Foreign = append(facts.Foreign, found...)
}

// before returns what was known of the teams of an organization.
func before(all []snapshot.Foreign, owner string) []snapshot.Foreign {
	var kept []snapshot.Foreign
	for _, f := range all {
		if (f.Kind == "team" || f.Kind == "member") && strings.HasPrefix(strings.ToLower(f.ID), strings.ToLower(owner)+"/") {
			kept = append(kept, f)
		}
	}
	return kept
}

// isOf tells whether a subject is this team: by its name, or an alias of it.
func (t team) isOf(s provider.Subject) bool {
	return slices.ContainsFunc(append(words(s.With["aliases"]), s.With["name"]), func(name string) bool { return strings.EqualFold(name, t.Slug) })
}

// compared returns who is in the team of GitHub and not in that of the catalog, and the
// other way. People of whom the catalog knows no login cannot be compared.
func (t team) compared(owner string, s provider.Subject, all []provider.Subject) []snapshot.Foreign {
	var found []snapshot.Foreign
	members := people(s)
	at := owner + "/" + t.Slug + "/"
	in := map[string]bool{}
	for _, m := range t.Members.Nodes {
		key := strings.ToLower(m.Login)
		in[key] = true
		if members[key] == "" {
			found = append(found, snapshot.Foreign{ID: at + m.Login, Kind: "member", Name: m.Login, State: "active", URL: fact.Link(t.URL), Fix: fixOf(m.Login, all)})
		}
	}
	for _, m := range words(s.With["members"]) {
		name, ref, _ := strings.Cut(m, "=")
		if !in[strings.ToLower(name)] {
			found = append(found, snapshot.Foreign{ID: at + name, Kind: "member", Name: ref, State: "missing", Entity: s.Entity, URL: fact.Link(t.URL)})
		}
	}
	return found
}

// fixOf are the lines that would put somebody into a team: of whom the catalog knows, or
// else with a descriptor of the person.
func fixOf(name string, all []provider.Subject) string {
	for _, s := range all {
		if ref := people(s)[strings.ToLower(name)]; ref != "" {
			return "members:\n  - " + ref
		}
	}
	return fmt.Sprintf("members:\n  - person:%[1]s\n---\napiVersion: signpost.dev/v1\nkind: person\nname: %[1]s\ngithub: %[2]s", strings.ToLower(name), name)
}

// people are the members of a team in the catalog, by their logins in small letters.
func people(s provider.Subject) map[string]string {
	members := map[string]string{}
	for _, m := range words(s.With["members"]) {
		name, ref, _ := strings.Cut(m, "=")
		members[strings.ToLower(name)] = ref
	}
	return members
}

// foreign is a team that the catalog does not have, with the lines that would describe it.
func (t team) foreign(owner string, all []provider.Subject) snapshot.Foreign {
	fix := "apiVersion: signpost.dev/v1\nkind: team\nname: " + t.Slug + "\nmembers:"
	for _, m := range t.Members.Nodes {
		ref := "person:" + strings.ToLower(m.Login)
		for _, s := range all {
			if known := people(s)[strings.ToLower(m.Login)]; known != "" {
				ref = known
			}
		}
		fix += "\n  - " + ref
	}
	return snapshot.Foreign{ID: owner + "/" + t.Slug, Kind: "team", Name: t.Slug, State: "active", URL: fact.Link(t.URL), Fix: fix}
}

// teamsOf returns all teams of an organization with their members: one question for a hundred
// teams, and one more for each further hundred members of one.
func (g *gitHub) teamsOf(ctx context.Context, owner string) ([]team, error) {
	var all []team
	query := fmt.Sprintf(teamsQuery, fmt.Sprintf(teamFields, ""))
	err := g.client.EachCursor("POST "+g.graphql, "", func(cursor string) (string, error) {
		var o struct {
			Teams *struct {
				Nodes    []team
				PageInfo pageInfo
			}
		}
		if err := g.organization(ctx, query, cursor, map[string]string{"owner": owner}, &o); err != nil {
			return "", err
		}
		if o.Teams == nil {
			return "", g.garbled("the answer has no teams")
		}
		for _, t := range o.Teams.Nodes {
			if slug.MatchString(t.Slug) { // what GitHub allows nobody to create cannot be written into a descriptor
				all = append(all, t)
			}
		}
		return o.Teams.PageInfo.next(), nil
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if err := g.moreMembers(ctx, owner, &all[i]); err != nil {
			return nil, err
		}
		all[i].Members.Nodes = slices.DeleteFunc(all[i].Members.Nodes, func(m login) bool { return !slug.MatchString(m.Login) })
	}
	return all, nil
}

// moreMembers adds those members of a team that are not among its first hundred.
func (g *gitHub) moreMembers(ctx context.Context, owner string, t *team) error {
	first := t.Members.PageInfo.next()
	if first == "" {
		return nil
	}
	query := fmt.Sprintf(memberQuery, fmt.Sprintf(teamFields, ", after: $after"))
	return g.client.EachCursor("POST "+g.graphql, first, func(cursor string) (string, error) {
		var o struct{ Team *team }
		if err := g.organization(ctx, query, cursor, map[string]string{"owner": owner, "slug": t.Slug}, &o); err != nil {
			return "", err
		}
		if o.Team == nil {
			return "", g.garbled("the answer has no team " + t.Slug)
		}
		t.Members.Nodes = append(t.Members.Nodes, o.Team.Members.Nodes...)
		return o.Team.Members.PageInfo.next(), nil
	})
}

// organization asks something of an organization, from a cursor on if there is one.
func (g *gitHub) organization(ctx context.Context, query, cursor string, variables map[string]string, into any) error {
	if cursor != "" {
		variables["after"] = cursor
	}
	var r reply
	if _, err := g.client.Post(ctx, g.graphql, question{query, variables}, &r); err != nil {
		return err
	}
	if len(r.Errors) > 0 {
		return g.refused(r.Errors[0])
	}
	if data := r.Data["organization"]; len(data) > 0 && string(data) != "null" {
		if err := json.Unmarshal(data, into); err != nil {
			return g.garbled("the answer is not what GitHub documents: " + err.Error())
		}
		return nil
	}
	return g.garbled("the answer says nothing of the organization")
}

func (g *gitHub) garbled(message string) error {
	return &provider.Error{Kind: snapshot.Garbage, Status: 200, Asked: "POST " + g.graphql, Message: message}
}
