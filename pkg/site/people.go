package site

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// team works out the page of a team.
func (l *planner) team(e *portal.Entity) TeamView {
	v := TeamView{
		Head:             l.head(e),
		Post:             l.teamPost(e),
		Responsibilities: e.Team.Responsibilities,
		Members:          l.members(e),
		Owns:             l.owns(e),
		Relations:        l.teamRelations(e),
		Extras:           l.extras(e),
	}
	if e.Team.Timezone != "" {
		v.Facts = append(v.Facts, Fact{Title: "Time zone", Values: []Link{{Text: e.Team.Timezone}}})
	}
	v.Health = countFindings(l.findingsBelow(e), href(e.Page(), healthPage))
	var owned []*catalog.Entity
	for _, r := range e.Incoming(catalog.OwnedBy) {
		owned = append(owned, r.From)
	}
	v.Delivery = l.delivery(owned...)
	v.Incidents = l.openBelow(e)
	v.Actions, v.MoreActions = l.teamActions(e)
	v.Timeline = l.timelineSection(e)
	v.Services = l.ownMatrix(e)
	return v
}

// findingsBelow are the findings in all that a team and the teams below it own.
func (l *planner) findingsBelow(team *portal.Entity) []diag.Diagnostic {
	own, below := l.Owned(team)
	var found []diag.Diagnostic
	for _, e := range slices.Concat(own, below) {
		found = append(found, e.Findings...)
	}
	return diag.Sort(found)
}

// openBelow are the open incidents of a team, of what it owns, and of what the teams
// below it own, each once.
func (l *planner) openBelow(team *portal.Entity) []IncidentRow {
	own, below := l.Owned(team)
	var open []*portal.Incident
	for _, e := range slices.Concat([]*portal.Entity{team}, own, below) {
		if e.Live == nil {
			continue
		}
		for _, i := range e.Live.Open() {
			if !slices.Contains(open, i) {
				open = append(open, i)
			}
		}
	}
	slices.SortStableFunc(open, func(a, b *portal.Incident) int { return b.Fact.Opened.Compare(a.Fact.Opened) })
	var rows []IncidentRow
	for _, i := range open {
		row := incidentRow(team.Page(), i)
		for _, e := range i.Affected {
			row.About = append(row.About, linkTo(team.Page(), e.Entity))
		}
		rows = append(rows, row)
	}
	return rows
}

// teamPost is how to reach a team.
func (l *planner) teamPost(e *portal.Entity) Post {
	var post Post
	for _, g := range l.Gaps(e) {
		if g.Wrong != "" {
			b := Blade{Answer: g.Answer, Label: catalog.Sentence(g.Field)}
			b.missing(l, g)
			post.Blades = append(post.Blades, b)
		}
	}
	if b, _, ok := l.onCallBlade(e.Page(), e); ok {
		b.Answer, b.Label = "oncall", "On call now"
		if e.OnCall != nil && e.OnCall.Plan != nil {
			b.Href = "#" + rotationID(e.OnCall.Plan)
		}
		post.Blades = append(post.Blades, b)
		l.addLevels(&post, e.Page(), e, l.OnCall(e))
	}
	if e.Channel.Written() {
		b := placeBlade(e.Page(), l.ChannelPlace(e.Channel.Text))
		b.Answer, b.Label = "channel", "Channel"
		post.Blades = append(post.Blades, b)
	}
	for _, c := range e.Team.Channels {
		b := placeBlade(e.Page(), l.ChannelPlace(c.Text))
		b.Answer, b.Label = "channel", "Also"
		post.Blades = append(post.Blades, b)
	}
	if e.Team.Email != "" {
		post.Blades = append(post.Blades, Blade{Answer: "email", Label: "E-mail", Text: e.Team.Email, Href: "mailto:" + e.Team.Email})
	}
	if lead := l.leadOf(e); lead != nil {
		to := linkTo(e.Page(), lead)
		post.Blades = append(post.Blades, Blade{Answer: "member", Label: "Lead", Text: to.Text, Href: to.Href})
	}
	if len(post.Blades) == 0 {
		post.Blades = append(post.Blades, Blade{
			Answer: "channel", Label: "Channel", Text: "No way to reach this team", Missing: "channel", Href: l.EditURL(e.Place()),
		})
	}
	for _, r := range e.Team.Rotations {
		view := Rotation{OnCall: l.onCall(e.Page(), r), ID: rotationID(r), Calendar: href(e.Page(), calendarOf(r))}
		if e.OnCall != nil && e.OnCall.Plan == r {
			view.Page = e.OnCall.Page
		}
		post.Rotations = append(post.Rotations, view)
	}
	return post
}

// rotationID is the anchor of a rotation on the page of its team.
func rotationID(r *catalog.Rotation) string { return "sp-rotation-" + catalog.Slug(r.Name.Text) }

func (l *planner) leadOf(team *portal.Entity) *catalog.Entity {
	for _, m := range l.Members(team.Entity) {
		if m.Role == "lead" && m.Person() != nil {
			return m.Person()
		}
	}
	return nil
}

func (l *planner) members(team *portal.Entity) []Member {
	var all []Member
	for _, m := range team.Members() {
		person := m.Person()
		member := Member{Person: linkTo(team.Page(), person), Role: m.Role, Job: person.Person.Role}
		if l.HasLeft(person) {
			member.Problem = "has left"
		}
		all = append(all, member)
	}
	for _, m := range team.Outgoing(catalog.HasMember) {
		if m.To == nil {
			all = append(all, Member{Person: Link{Text: m.Text}, Role: m.Role, Problem: "not in the catalog"})
		}
	}
	// Whoever can be asked comes first.
	slices.SortStableFunc(all, func(a, b Member) int { return cmp.Compare(min(len(a.Problem), 1), min(len(b.Problem), 1)) })
	return all
}

// ownedGroups are what a team owns by tier, then what the teams below it own.
func (l *planner) ownedGroups(team *portal.Entity) []group {
	own, below := l.Owned(team)
	groups := make([]group, 6)
	for tier := range 4 {
		groups[tier] = group{key: fmt.Sprintf("tier-%d", tier+1), title: fmt.Sprintf("Tier %d", tier+1)}
	}
	groups[4] = group{key: "no-tier", title: "Without a tier"}
	if !slices.ContainsFunc(own, func(e *portal.Entity) bool { return e.Tier > 0 }) {
		groups[4].title = "" // where nothing has a tier, that says nothing
		if len(below) > 0 {
			groups[4].title = "Owned by the team itself"
		}
	}
	groups[5] = group{key: "below", title: "Owned by teams below"}
	for _, e := range own {
		at := 4
		if e.Tier >= 1 && e.Tier <= 4 {
			at = e.Tier - 1
		}
		groups[at].edges = append(groups[at].edges, edge{&catalog.Relation{Type: catalog.OwnedBy}, e.Entity})
	}
	for _, e := range below {
		groups[5].edges = append(groups[5].edges, edge{&catalog.Relation{Type: catalog.OwnedBy}, e.Entity})
	}
	return groups
}

func (l *planner) owns(team *portal.Entity) []RelationSection {
	own, below := l.Owned(team)
	if len(own)+len(below) == 0 {
		return nil
	}
	view := RelationSection{ID: "sp-owns", Title: "Owns"}
	for _, g := range l.ownedGroups(team) {
		if len(g.edges) == 0 {
			continue
		}
		rows := l.relationGroup(team, g)
		if g.key != "below" {
			for i := range rows.Rows { // it says the same in each row
				rows.Rows[i].Owner, rows.Rows[i].Tier = Link{}, ""
			}
		}
		view.Groups = append(view.Groups, rows)
	}
	view.settle()
	return []RelationSection{view}
}

func (l *planner) teamRelations(team *portal.Entity) []RelationSection {
	return l.simpleSections(team, []entitySection{
		{id: "sp-teams", title: "Consists of", groups: []group{{"teams", "", incoming(team.Entity, catalog.ChildOf)}}},
		{id: "sp-contact", title: "Contact for", groups: []group{{"contact-for", "", incoming(team.Entity, catalog.HasContact)}}},
		{id: "sp-relations", title: "Related", groups: ownRelations(team.Entity)},
	})
}

func (l *planner) simpleSections(e *portal.Entity, all []entitySection) []RelationSection {
	var views []RelationSection
	for _, s := range all {
		view := RelationSection{ID: s.id, Title: s.title}
		for _, g := range s.groups {
			if len(g.edges) > 0 {
				view.Groups = append(view.Groups, l.relationGroup(e, g))
			}
		}
		if len(view.Groups) > 0 {
			view.settle()
			views = append(views, view)
		}
	}
	return views
}

// person works out the page of a person.
func (l *planner) person(e *portal.Entity) PersonView {
	v := PersonView{Head: l.head(e), Post: l.personPost(e), Extras: l.extras(e)}
	if e.Person.Role != "" {
		v.Facts = append([]Fact{{Title: "Role", Values: []Link{{Text: e.Person.Role}}}}, v.Facts...)
	}
	if e.Person.Timezone != "" {
		v.Facts = append(v.Facts, Fact{Title: "Time zone", Values: []Link{{Text: e.Person.Timezone}}})
	}
	for _, r := range e.Outgoing(catalog.ManagedBy) {
		if r.To != nil {
			v.Facts = append(v.Facts, Fact{Title: "Manager", Values: []Link{{Text: l.personName(r.To), Href: href(e.Page(), r.To.Page())}}})
		}
	}
	var owned []edge
	for _, team := range e.Teams() {
		link := linkTo(e.Page(), team)
		for _, m := range team.Members() {
			if m.Person() == e.Entity && m.Role != "" {
				link.Text += ", " + m.Role
			}
		}
		v.Teams = append(v.Teams, link)
		owned = append(owned, incoming(team, catalog.OwnedBy)...)
	}
	v.Relations = l.simpleSections(e, []entitySection{
		{id: "sp-maintains", title: "Maintains", groups: []group{{"maintains", "", incoming(e.Entity, catalog.MaintainedBy)}}},
		{id: "sp-contact", title: "Contact for", groups: []group{{"contact-for", "", incoming(e.Entity, catalog.HasContact)}}},
		{id: "sp-manages", title: "Manages", groups: []group{{"manages", "", incoming(e.Entity, catalog.ManagedBy)}}},
		{id: "sp-owns", title: "Owns through teams", groups: byKind(owned)},
		{id: "sp-relations", title: "Related", groups: ownRelations(e.Entity)},
	})
	return v
}

func (l *planner) personPost(e *portal.Entity) Post {
	var post Post
	if e.Person.Chat != "" {
		b := placeBlade(e.Page(), l.ChannelPlace(e.Person.Chat))
		b.Answer, b.Label = "channel", "Chat"
		post.Blades = append(post.Blades, b)
	}
	if mail := e.Person.Email; mail != "" {
		post.Blades = append(post.Blades, Blade{Answer: "email", Label: "E-mail", Text: mail, Href: "mailto:" + mail})
	}
	if login := e.Person.GitHub; login != "" {
		post.Blades = append(post.Blades, Blade{Answer: "repo", Label: "GitHub", Text: login, Href: "https://github.com/" + login})
	}
	for _, r := range l.OnDuty(e) {
		post.Rotations = append(post.Rotations, Rotation{
			OnCall: l.shiftsOf(e.Page(), r, e.Entity), ID: rotationID(r), Personal: true, Calendar: href(e.Page(), shiftsCalendarOf(e.Entity)),
		})
	}
	return post
}
