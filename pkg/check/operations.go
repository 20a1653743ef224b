package check

import (
	"fmt"
	"strings"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
)

// importantTier is the last tier of services that somebody is woken up for.
const importantTier = 2

// important yields the services of tier 1 and 2 that are in use.
func (p *pass) important() func(func(*catalog.Entity) bool) {
	return func(yield func(*catalog.Entity) bool) {
		for e := range p.Catalog.Described() {
			retired := e.Lifecycle.Text == "retired"
			if e.Kind.Name == "service" && e.Tier >= 1 && e.Tier <= importantTier && !retired && !yield(e) {
				return
			}
		}
	}
}

// tierOnCall finds important services for which nobody is on call.
func tierOnCall(p *pass) {
	for e := range p.important() {
		if e.OnCall == nil && (e.Owner() == nil || e.Owner().OnCall == nil) {
			p.at(e.TierSpan, "add `oncall` to the service or to the team that owns it",
				fmt.Sprintf("%s is tier %d but nobody is on call for it", e.Ref, e.Tier))
		}
	}
}

// tierRunbook finds important services without a runbook. Documents know only
// what has a place in the catalog.
func tierRunbook(p *pass) {
	has := map[*catalog.Entity]bool{}
	for d := range p.everyDocument() {
		if d.Kind != docs.Runbook {
			continue
		}
		for _, home := range d.About {
			if ref, err := catalog.ParseRef(home.Ref); err == nil {
				has[p.Catalog.Get(ref)] = true
			}
		}
	}
	for e := range p.important() {
		if p.Catalog.Get(e.Ref) == e && !has[e] && !e.Runbook.Written() && !linksTo(e, "runbook") {
			p.at(e.TierSpan, "write one in `runbooks/` beside the descriptor, or name one with `runbook:`",
				fmt.Sprintf("%s is tier %d but has no runbook", e.Ref, e.Tier))
		}
	}
}

// tierDashboard finds important services without a dashboard.
func tierDashboard(p *pass) {
	for e := range p.important() {
		if !linksTo(e, "dashboard") {
			p.at(e.TierSpan, "add a link with `type: dashboard`",
				fmt.Sprintf("%s is tier %d but has no dashboard", e.Ref, e.Tier))
		}
	}
}

func linksTo(e *catalog.Entity, linkType string) bool {
	for _, l := range e.Links {
		if l.Type == linkType {
			return true
		}
	}
	return false
}

// rotationUnknown finds on-call that names a rotation which is not in the catalog.
func rotationUnknown(p *pass) {
	var names []string
	known := map[string]bool{} // those of teams that have no place in the catalog included
	for _, r := range p.rotations() {
		names = append(names, r.Name.Text)
		known[strings.ToLower(r.Name.Text)] = r.Name.Written()
	}
	for e := range p.Catalog.Described() {
		if o := e.OnCall; o != nil && o.Rotation.Written() && !known[strings.ToLower(o.Rotation.Text)] {
			hint := didYouMean(diag.Nearest(o.Rotation.Text, names))
			if hint == "" {
				hint = "declare it under `rotations` of a team"
			}
			p.at(o.Rotation.Span, hint, fmt.Sprintf("rotation %q does not exist", o.Rotation.Text))
		}
	}
}

// rotationEmpty finds rotations in which nobody takes part.
func rotationEmpty(p *pass) {
	for _, r := range p.rotations() {
		present := 0
		for _, person := range r.Participants {
			if person.To != nil && !person.To.Person.HasLeft(p.Day) {
				present++
			}
		}
		if present == 0 {
			message := fmt.Sprintf("rotation %q has no participant", r.Name.Text)
			if len(r.Participants) > 0 {
				message += " who is still here"
			}
			p.at(r.Turns, "name people under `participants`", message)
		}
	}
}

// rotationPerson finds rotations that name somebody who does not exist or has left.
func rotationPerson(p *pass) {
	for _, r := range p.rotations() {
		people := r.Participants
		for _, o := range r.Overrides {
			if o.Person != nil {
				people = append(people[:len(people):len(people)], o.Person)
			}
		}
		for _, person := range people {
			if person.To == nil {
				p.dangling(person)
				continue
			}
			p.reportLeft(person, "take them out of the rotation")
		}
	}
}

// rotations returns every rotation, those with a name that is taken included.
func (p *pass) rotations() []*catalog.Rotation {
	var all []*catalog.Rotation
	for e := range p.Catalog.Described() {
		if e.Team != nil {
			all = append(all, e.Team.Rotations...)
		}
	}
	return all
}
