package check

import (
	"fmt"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
)

// ownerMissing finds entities that must have an owner and name none.
func ownerMissing(p *pass) {
	for _, e := range p.Catalog.Entities {
		if e.Kind.Owned && len(e.Outgoing(catalog.OwnedBy)) == 0 {
			p.at(e.Place(), "add `owner: team:…`", fmt.Sprintf("%s has no owner", e.Ref))
		}
	}
}

// ownerExists finds owners that name nothing.
func ownerExists(p *pass) {
	for r := range p.owners() {
		if r.To == nil && !notATeam(p, r) {
			p.at(r.Span, nearHint(p, &r.Reference), fmt.Sprintf("owner %q does not exist", r.Text))
		}
	}
}

// ownerIsTeam finds owners that are people, services or other things.
func ownerIsTeam(p *pass) {
	for r := range p.owners() {
		if r.To == nil && notATeam(p, r) {
			p.at(r.Span, "only a team can own: a person may be a maintainer", fmt.Sprintf("owner %q is not a team", r.Text))
		}
	}
}

// owners yields what every entity names as its owner.
func (p *pass) owners() func(func(*catalog.Relation) bool) {
	return func(yield func(*catalog.Relation) bool) {
		for _, e := range p.Catalog.Entities {
			for _, r := range e.Relations {
				if r.Type == catalog.OwnedBy && !yield(r) {
					return
				}
			}
		}
	}
}

// notATeam reports whether an owner names something other than a team.
func notATeam(p *pass, r *catalog.Relation) bool {
	ref, err := catalog.ParseRef(r.Text)
	if err != nil || ref.Kind == "" || ref.Kind == "team" {
		return false
	}
	return p.Catalog.Kind(ref.Kind) != nil
}

// ownerHasMembers finds owning teams in which nobody is.
func ownerHasMembers(p *pass) {
	for _, team := range p.owningTeams() {
		if len(present(p, team)) == 0 {
			p.report(diag.Diagnostic{
				Span:    team.Place(),
				Message: fmt.Sprintf("%s owns %s but has no members", team.Ref, countOwned(team)),
				Hint:    "name its people under `members`",
				Related: []diag.Related{firstOwned(team)},
			})
		}
	}
}

// ownerReachable finds owning teams that nobody can write to or page.
func ownerReachable(p *pass) {
	for _, team := range p.owningTeams() {
		if !reachable(team) {
			p.report(diag.Diagnostic{
				Span:    team.Place(),
				Message: fmt.Sprintf("%s owns %s but there is no way to reach it", team.Ref, countOwned(team)),
				Hint:    "add a `channel`, an `email` or `oncall`",
				Related: []diag.Related{firstOwned(team)},
			})
		}
	}
}

func reachable(team *catalog.Entity) bool {
	t := team.Team
	return team.Channel.Written() || len(t.Channels) > 0 || t.Email != "" || team.OnCall != nil
}

// owningTeams returns the teams that own something.
func (p *pass) owningTeams() []*catalog.Entity {
	var teams []*catalog.Entity
	for _, team := range p.Catalog.OfKind("team") {
		if len(team.Incoming(catalog.OwnedBy)) > 0 {
			teams = append(teams, team)
		}
	}
	return teams
}

// present returns the members of a team, and of the teams below it, who exist
// and have not left.
func present(p *pass, team *catalog.Entity) []*catalog.Entity {
	var people []*catalog.Entity
	seen := map[*catalog.Entity]bool{}
	var visit func(*catalog.Entity)
	visit = func(t *catalog.Entity) {
		if seen[t] {
			return
		}
		seen[t] = true
		for _, m := range t.Members() {
			if person := m.Person(); person != nil && !person.Person.HasLeft(p.Day) {
				people = append(people, person)
			}
		}
		for _, child := range t.Incoming(catalog.ChildOf) {
			visit(child.From)
		}
	}
	visit(team)
	return people
}

func countOwned(team *catalog.Entity) string {
	n := len(team.Incoming(catalog.OwnedBy))
	if n == 1 {
		return "1 entity"
	}
	return fmt.Sprintf("%d entities", n)
}

func firstOwned(team *catalog.Entity) diag.Related {
	r := team.Incoming(catalog.OwnedBy)[0]
	return diag.Related{Span: r.Span, Message: fmt.Sprintf("%s is owned by it", r.From.Ref)}
}
