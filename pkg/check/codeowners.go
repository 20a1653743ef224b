package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
)

// codeownersMismatch finds descriptors whose owner is not among those whom
// CODEOWNERS names for their file. A parent of the owning team may stand for it.
func codeownersMismatch(p *pass) {
	if p.Codeowners == nil {
		return
	}
	for e := range p.Catalog.Described() {
		owner := e.Owner()
		if owner == nil {
			continue
		}
		named, line, matched := p.Codeowners.Owners(p.Prefix + e.Path)
		if !matched || namesTeam(named, owner) {
			continue
		}
		message := fmt.Sprintf("%s is owned by %s, but CODEOWNERS asks %s to review it", e.Ref, owner.Ref, strings.Join(named, " "))
		if len(named) == 0 {
			message = fmt.Sprintf("%s is owned by %s, but CODEOWNERS asks nobody to review it", e.Ref, owner.Ref)
		}
		p.report(diag.Diagnostic{
			Span:    e.Outgoing(catalog.OwnedBy)[0].Span,
			Message: message,
			Hint:    "change the owner here or the line there",
			Related: []diag.Related{{Span: line, Message: "the line that decides"}},
		})
	}
}

// namesTeam reports whether owners of a line (@org/team, @user, an address)
// include a team or one above it. People who are named must be members.
func namesTeam(owners []string, team *catalog.Entity) bool {
	seen := map[*catalog.Entity]bool{}
	for t := team; t != nil && !seen[t]; t = t.Parent() {
		seen[t] = true
		if slices.ContainsFunc(owners, func(owner string) bool { return isTeam(owner, t) }) {
			return true
		}
	}
	return false
}

func isTeam(owner string, team *catalog.Entity) bool {
	handle, isHandle := strings.CutPrefix(owner, "@")
	if !isHandle {
		return slices.ContainsFunc(team.Members(), func(m *catalog.Relation) bool {
			person := m.Person()
			return person != nil && strings.EqualFold(person.Person.Email, owner)
		}) || strings.EqualFold(team.Team.Email, owner)
	}
	if _, slug, ok := strings.Cut(handle, "/"); ok {
		return strings.EqualFold(slug, team.Ref.Name) ||
			slices.ContainsFunc(team.Aliases, func(a catalog.Value) bool { return strings.EqualFold(a.Text, slug) })
	}
	return slices.ContainsFunc(team.Members(), func(m *catalog.Relation) bool {
		person := m.Person()
		return person != nil && (strings.EqualFold(person.Person.GitHub, handle) || strings.EqualFold(person.Ref.Name, handle))
	})
}
