package portal

import (
	"cmp"
	"slices"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/docs"
)

// Action is something that was agreed to do after an incident, with who does it.
type Action struct {
	docs.Action
	Of  *docs.Document  // the postmortem
	Who *catalog.Entity // team or person; nil if the catalog does not have them
}

// ActionsOf returns the actions of a postmortem: open ones first, by their day, those
// without one last.
func (p *Portal) ActionsOf(d *docs.Document) []*Action {
	namespace := ""
	about := p.About(d)
	if len(about) > 0 {
		namespace = about[0].Ref.Namespace
	}
	var all []*Action
	for _, a := range d.Actions() {
		action := &Action{Action: a, Of: d}
		if a.Owner != "" {
			action.Who, _ = p.Catalog.Resolve(a.Owner, []string{"team", "person"}, namespace)
		} else if len(about) > 0 {
			action.Who = about[0].Owner()
			if about[0].Team != nil {
				action.Who = about[0].Entity
			}
		}
		all = append(all, action)
	}
	slices.SortStableFunc(all, byDay)
	return all
}

func byDay(a, b *Action) int {
	return cmp.Or(
		compareBools(a.Done, b.Done),
		compareBools(a.Due.IsZero(), b.Due.IsZero()),
		a.Due.Compare(b.Due),
	)
}

// OpenActions returns the open actions of a team and of the people in it, by their day; of
// all, if team is nil.
func (p *Portal) OpenActions(team *Entity) []*Action {
	if team == nil {
		return p.open()[nil]
	}
	return p.open()[team.Entity]
}

// openActions returns the open actions by team, and all of them under nil.
func (p *Portal) openActions() map[*catalog.Entity][]*Action {
	open := map[*catalog.Entity][]*Action{}
	for _, d := range p.Documents {
		if d.Page == "" {
			continue
		}
		for _, a := range p.ActionsOf(d) {
			if a.Done {
				continue
			}
			open[nil] = append(open[nil], a)
			for _, team := range teamsOf(a.Who) {
				open[team] = append(open[team], a)
			}
		}
	}
	for _, all := range open {
		slices.SortStableFunc(all, byDay)
	}
	return open
}

// teamsOf returns the teams that answer for what somebody does.
func teamsOf(who *catalog.Entity) []*catalog.Entity {
	switch {
	case who == nil:
		return nil
	case who.Team != nil:
		return []*catalog.Entity{who}
	}
	return who.Teams()
}
