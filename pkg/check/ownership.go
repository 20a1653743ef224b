package check

import (
	"fmt"
	"slices"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/schema"
)

// ownerMissing finds entities that must have an owner and name none.
func ownerMissing(p *pass) {
	misspelt := p.misspeltOwners()
	for e := range p.Catalog.Described() {
		if !e.Kind.Owned || len(e.Outgoing(catalog.OwnedBy)) > 0 {
			continue
		}
		if e.NoOwner.Start.Line != 0 {
			p.at(e.NoOwner, "write `owner: team:…`", fmt.Sprintf("%s has an owner that is no reference", e.Ref))
			continue
		}
		d := diag.Diagnostic{Span: e.Place(), Message: fmt.Sprintf("%s has no owner", e.Ref), Hint: "add `owner: team:…`"}
		for _, m := range misspelt[e.Span.File] {
			if !m.Span.Start.Before(e.Span.Start) && m.Span.Start.Before(e.Span.End) {
				d.Span, d.Hint, d.Fix = m.Span, m.Hint, m.Fix
				break
			}
		}
		p.report(d)
	}
}

// meantOwner is what a schema says of an unknown field that was meant to be `owner`.
var meantOwner = didYouMean("owner", true)

// misspeltOwners returns, by file, the unknown fields that were meant to be
// `owner`. An owner that is missing for that reason is said once, and as such.
func (p *pass) misspeltOwners() map[string][]diag.Diagnostic {
	byFile := map[string][]diag.Diagnostic{}
	for _, d := range p.Found {
		if d.Code == schema.CodeUnknownField && d.Hint == meantOwner {
			byFile[d.Span.File] = append(byFile[d.Span.File], d)
		}
	}
	return byFile
}

// ownerExists finds owners that name nothing.
func ownerExists(p *pass) {
	for r := range p.owners() {
		if r.To == nil && !notATeam(p, r) {
			message := fmt.Sprintf("owner %q does not exist", r.Text)
			if r.Why != "" {
				message = fmt.Sprintf("owner %q leads nowhere: %s", r.Text, r.Why)
			}
			p.at(r.Span, nearHint(p, &r.Reference), message)
		}
	}
}

// ownerIsTeam finds owners that are people, services or other things.
func ownerIsTeam(p *pass) {
	for r := range p.owners() {
		if r.To == nil && notATeam(p, r) {
			message := fmt.Sprintf("owner %q is not a team", r.Text)
			if other := p.otherKind(&r.Reference); other != nil {
				message += fmt.Sprintf(" but a %s", other.Kind.Name)
			}
			p.at(r.Span, "only a team can own: a person may be a maintainer", message)
		}
	}
}

// owners yields what every entity names as its owner.
func (p *pass) owners() func(func(*catalog.Relation) bool) {
	return func(yield func(*catalog.Relation) bool) {
		for e := range p.Catalog.Described() {
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
	switch {
	case err != nil || ref.Kind == "team":
		return false
	case ref.Kind == "":
		return p.otherKind(&r.Reference) != nil
	}
	return p.Catalog.Kind(ref.Kind) != nil
}

// ownerHasMembers finds owning teams in which nobody is.
func ownerHasMembers(p *pass) {
	staffed := p.staffed()
	for team, owned := range p.owned() {
		if !staffed[team] {
			p.report(diag.Diagnostic{
				Span:    team.Place(),
				Message: fmt.Sprintf("%s owns %s but has no members", team.Ref, countOwned(owned)),
				Hint:    "name its people under `members`",
				Related: []diag.Related{firstOwned(owned)},
			})
		}
	}
}

// ownerReachable finds owning teams that nobody can write to or page.
func ownerReachable(p *pass) {
	for team, owned := range p.owned() {
		if !reachable(team) {
			p.report(diag.Diagnostic{
				Span:    team.Place(),
				Message: fmt.Sprintf("%s owns %s but there is no way to reach it", team.Ref, countOwned(owned)),
				Hint:    "add a `channel`, an `email` or `oncall`",
				Related: []diag.Related{firstOwned(owned)},
			})
		}
	}
}

func reachable(team *catalog.Entity) bool {
	t := team.Team
	return team.Channel.Written() || len(t.Channels) > 0 || t.Email != "" || team.OnCall != nil || len(t.Rotations) > 0
}

// owned returns the teams that own something, with what names them as its owner.
func (p *pass) owned() map[*catalog.Entity][]*catalog.Relation {
	owned := map[*catalog.Entity][]*catalog.Relation{}
	for r := range p.owners() {
		if r.To != nil {
			owned[r.To] = append(owned[r.To], r)
		}
	}
	return owned
}

// staffed returns the teams that have somebody: a member, of their own or of a
// team below them, who exists and has not left. It goes up from each such team
// and stops where it has been, so that no chain of teams takes long.
func (p *pass) staffed() map[*catalog.Entity]bool {
	staffed := map[*catalog.Entity]bool{}
	for _, team := range p.Catalog.OfKind("team") {
		if !p.hasMembers(team) {
			continue
		}
		for t := team; t != nil && !staffed[t]; t = t.Parent() {
			staffed[t] = true
		}
	}
	return staffed
}

func (p *pass) hasMembers(team *catalog.Entity) bool {
	return slices.ContainsFunc(team.Members(), func(m *catalog.Relation) bool {
		person := m.Person()
		return person != nil && !person.Person.HasLeft(p.Day)
	})
}

func countOwned(owned []*catalog.Relation) string {
	if len(owned) == 1 {
		return "1 entity"
	}
	return fmt.Sprintf("%d entities", len(owned))
}

func firstOwned(owned []*catalog.Relation) diag.Related {
	r := owned[0]
	return diag.Related{Span: r.Span, Message: fmt.Sprintf("%s is owned by it", r.From.Ref)}
}
