package site

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diagram"
	"github.com/signpost-dev/signpost/pkg/natural"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// maxRows is how many rows of one relation stand on a page. The rest has pages of
// its own, so that no page grows with the catalog.
const maxRows = 100

// maxNodes is how many boxes a neighbourhood has before it is aggregated.
const maxNodes = 40

// edge is a relation as seen from one of its ends.
type edge struct {
	relation *catalog.Relation
	other    *catalog.Entity // nil if the reference points to nothing
}

// group is the edges of an entity under one title.
type group struct {
	key   string // for the address of its further pages
	title string
	edges []edge
}

// entitySection is a part of an entity's page.
type entitySection struct {
	id, title string
	groups    []group
	graph     bool
}

// entitySections are the relations of an entity, as its page divides them. The owner,
// the people and the parents have other places.
func entitySections(e *catalog.Entity) []entitySection {
	return []entitySection{
		{id: "sp-dependencies", title: "Depends on, used by", graph: true, groups: []group{
			{"depends-on", catalog.DependsOn.Title, outgoing(e, catalog.DependsOn)},
			{"used-by", catalog.DependsOn.InverseTitle, incoming(e, catalog.DependsOn)},
		}},
		{id: "sp-interfaces", title: "Interfaces", groups: []group{
			{"provides", catalog.Provides.Title, outgoing(e, catalog.Provides)},
			{"consumes", catalog.Consumes.Title, outgoing(e, catalog.Consumes)},
			{"provided-by", catalog.Provides.InverseTitle, incoming(e, catalog.Provides)},
			{"consumed-by", catalog.Consumes.InverseTitle, incoming(e, catalog.Consumes)},
		}},
		{id: containsID, title: "Contains", groups: contents(e)},
		{id: "sp-replaces", title: "Replaces", groups: []group{
			{"replaces", "", incoming(e, catalog.ReplacedBy)},
		}},
		{id: "sp-relations", title: "Related", groups: ownRelations(e)},
	}
}

func outgoing(e *catalog.Entity, t *catalog.RelationType) []edge {
	var edges []edge
	for _, r := range e.Outgoing(t) {
		edges = append(edges, edge{r, r.To})
	}
	return edges
}

func incoming(e *catalog.Entity, t *catalog.RelationType) []edge {
	var edges []edge
	for _, r := range e.Incoming(t) {
		edges = append(edges, edge{r, r.From})
	}
	return edges
}

// contents are the parts of a system, a domain or a component, by kind.
func contents(e *catalog.Entity) []group {
	var edges []edge
	for _, t := range []*catalog.RelationType{catalog.InSystem, catalog.InDomain, catalog.PartOf, catalog.ChildOf} {
		edges = append(edges, incoming(e, t)...)
	}
	return byKind(edges)
}

// byKind divides edges by the kind of their other end.
func byKind(edges []edge) []group {
	slices.SortStableFunc(edges, func(a, b edge) int { return cmp.Compare(a.other.Kind.Order, b.other.Kind.Order) })
	var groups []group
	for _, d := range edges {
		k := d.other.Kind
		if len(groups) == 0 || groups[len(groups)-1].key != k.Plural {
			groups = append(groups, group{key: k.Plural, title: k.TitlePlural})
		}
		last := &groups[len(groups)-1]
		last.edges = append(last.edges, d)
	}
	return groups
}

// ownRelations are relations that the organisation declared, from both ends.
func ownRelations(e *catalog.Entity) []group {
	var groups []group
	add := func(key, title string, d edge) {
		for i := range groups {
			if groups[i].key == key {
				groups[i].edges = append(groups[i].edges, d)
				return
			}
		}
		groups = append(groups, group{key, title, []edge{d}})
	}
	for _, r := range e.Relations {
		if r.Type.Own() {
			add(r.Type.Name, r.Type.Title, edge{r, r.To})
		}
	}
	for _, r := range e.Inverse {
		if r.Type.Own() {
			add(r.Type.Inverse, r.Type.InverseTitle, edge{r, r.From})
		}
	}
	return groups
}

// containsID is the anchor of what something is made of.
const containsID = "sp-contains"

// relations turns the sections of an entity into views.
func (l *planner) relations(e *portal.Entity) []RelationSection {
	var views []RelationSection
	for _, s := range entitySections(e.Entity) {
		view := RelationSection{ID: s.id, Title: s.title}
		for _, g := range s.groups {
			if len(g.edges) > 0 {
				view.Groups = append(view.Groups, l.relationGroup(e, g))
			}
		}
		if len(view.Groups) == 0 {
			continue
		}
		switch {
		case s.graph:
			l.draw(e, &view)
		case s.id == containsID && e.Kind.Name == "system":
			l.drawSystem(e, &view)
		}
		view.settle()
		views = append(views, view)
	}
	return views
}

func (l *planner) relationGroup(e *portal.Entity, g group) RelationGroup {
	sortEdges(g.edges)
	view := RelationGroup{Title: g.title}
	for _, d := range g.edges[:min(len(g.edges), maxRows)] {
		view.Rows = append(view.Rows, l.relationRow(e.Page(), d))
	}
	if more := len(g.edges) - maxRows; more > 0 {
		view.More = Link{
			Text: fmt.Sprintf("%d more", more),
			Href: href(e.Page(), listPath(e.Folder()+"/-/"+g.key, 1)),
		}
	}
	return view
}

// sortEdges puts what matters most first: by tier, then by name.
func sortEdges(edges []edge) {
	slices.SortStableFunc(edges, func(a, b edge) int {
		return cmp.Or(cmp.Compare(tierRank(a.other), tierRank(b.other)), natural.Compare(edgeName(a), edgeName(b)))
	})
}

// tierRank sorts what has no tier after what has one.
func tierRank(e *catalog.Entity) int {
	if e == nil || e.Tier == 0 {
		return 9
	}
	return e.Tier
}

func edgeName(d edge) string {
	if d.other == nil {
		return d.relation.Text
	}
	return d.other.DisplayName()
}

func (l *planner) relationRow(from string, d edge) RelationRow {
	r := d.relation
	row := RelationRow{Protocol: r.Protocol, Criticality: r.Criticality}
	row.Note = r.Note
	if d.other == nil {
		row.Link, row.Missing = Link{Text: r.Text}, true
		return row
	}
	row.Link, row.Kind = linkTo(from, d.other), d.other.Kind.Title
	if d.other.Tier > 0 {
		row.Tier = strconv.Itoa(d.other.Tier)
	}
	if owner := d.other.Owner(); owner != nil {
		row.Owner = linkTo(from, owner)
	} else {
		row.Owner.Text = wrongOwner(d.other)
	}
	if row.Note == "" {
		row.Note = l.Purpose(d.other)
	}
	return row
}

// draw adds the drawing of the neighbourhood: who uses it on the left, what it
// uses on the right.
func (l *planner) draw(e *portal.Entity, view *RelationSection) {
	center := diagram.Node{ID: e.Ref.String(), Label: e.DisplayName()}
	graph := diagram.Neighbourhood(center,
		diagram.Side{Neighbours: neighbours(e.Page(), outgoing(e.Entity, catalog.DependsOn)), More: "#" + view.ID},
		diagram.Side{Neighbours: neighbours(e.Page(), incoming(e.Entity, catalog.DependsOn)), More: "#" + view.ID},
		maxNodes)
	view.graph = &drawing{graph, "What " + e.DisplayName() + " depends on, and what depends on it"}
}

// drawing is a graph that is laid out when its page is drawn, not when that is worked out.
type drawing struct {
	graph diagram.Graph
	title string
}

// Graph draws the relations of the section: SVG from package safehtml, empty for none.
func (s RelationSection) Graph() template.HTML {
	if s.graph == nil {
		return ""
	}
	return diagram.Layout(s.graph.graph).SVG(s.graph.title, "The table of this section says the same.")
}

func neighbours(from string, edges []edge) []diagram.Neighbour {
	var all []diagram.Neighbour
	for _, d := range edges {
		if d.other == nil {
			node := diagram.Node{ID: "missing:" + d.relation.Text, Label: d.relation.Text, Class: "missing"}
			all = append(all, diagram.Neighbour{Node: node, Link: "missing", Group: "Missing", Noun: "missing"})
			continue
		}
		n := diagram.Neighbour{
			Node: diagram.Node{
				ID: d.other.Ref.String(), Label: d.other.DisplayName(),
				Href: href(from, d.other.Page()), Class: d.other.Kind.Name,
			},
			Tier: d.other.Tier, Link: d.relation.Criticality,
			Group: d.other.Kind.TitlePlural, Noun: strings.ToLower(d.other.Kind.TitlePlural),
		}
		if s := d.other.System(); s != nil {
			n.Group = s.DisplayName()
		}
		all = append(all, n)
	}
	return all
}

// overflow works out the pages that continue the long tables of an entity.
func (l *planner) overflow(e *portal.Entity) []Planned {
	if e.Team == nil && len(e.Relations)+len(e.Inverse) <= maxRows {
		return nil
	}
	var pages []Planned
	all := entitySections(e.Entity)
	if e.Team != nil {
		all = append(all, entitySection{groups: l.ownedGroups(e)})
	}
	for _, s := range all {
		for _, g := range s.groups {
			if len(g.edges) <= maxRows {
				continue
			}
			sortEdges(g.edges)
			t := table{
				folder: e.Folder() + "/-/" + g.key, title: e.DisplayName() + ": " + g.title,
				section: listPath(e.Kind.Plural, 1), total: len(g.edges), columns: overflowColumns,
			}
			t.row = func(from string, i int) ListRow { return l.relationListRow(from, g.edges[i]) }
			pages = append(pages, l.tablePages(t)...)
		}
	}
	return pages
}

var overflowColumns = []Column{{Key: "kind", Title: "Kind"}, {Key: "owner", Title: "Owner"}, {Key: "tier", Title: "Tier", Numeric: true}}

func (l *planner) relationListRow(from string, d edge) ListRow {
	r := l.relationRow(from, d)
	return ListRow{Link: r.Link, Note: r.Note, Cells: []Cell{
		textCell(r.Kind), {Links: nonEmpty(r.Owner)}, textCell(r.Tier),
	}}
}

func textCell(text string) Cell { return Cell{Links: nonEmpty(Link{Text: text})} }

func nonEmpty(l Link) []Link {
	if l.Text == "" {
		return nil
	}
	return []Link{l}
}
