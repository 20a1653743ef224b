package site

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diagram"
	"github.com/signpost-dev/signpost/pkg/natural"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// drawSystem adds the drawing of a system: its parts, what they need of each other, and the
// other systems that they need something of. It is made of what the catalog says, so that it
// is never out of date.
func (l *planner) drawSystem(e *portal.Entity, view *RelationSection) {
	var parts []*catalog.Entity
	for _, r := range e.Incoming(catalog.InSystem) {
		parts = append(parts, r.From)
	}
	slices.SortStableFunc(parts, func(a, b *catalog.Entity) int {
		return cmp.Or(cmp.Compare(tierRank(a), tierRank(b)), natural.Compare(a.DisplayName(), b.DisplayName()))
	})
	left := len(parts) - maxNodes
	parts = parts[:min(len(parts), maxNodes)]
	s := &systemGraph{from: e.Page(), within: map[*catalog.Entity]bool{}, around: map[string]bool{}}
	for _, part := range parts {
		s.within[part] = true
		s.graph.Nodes = append(s.graph.Nodes, diagram.Node{
			ID: part.Ref.String(), Label: part.DisplayName(), Href: href(s.from, part.Page()), Class: part.Kind.Name, Rank: tierRank(part),
		})
	}
	for _, part := range parts {
		s.needs(part)
	}
	if len(s.graph.Edges) == 0 {
		return // boxes without an arrow say less than the table
	}
	s.joinedOnly()
	view.graph = &drawing{s.graph, "The parts of " + e.DisplayName() + ", and what they depend on"}
	if left > 0 {
		view.Legend = fmt.Sprintf("The %d parts of the highest tiers; %d more are in the table.", maxNodes, left)
	}
}

// systemGraph gathers the drawing of a system.
type systemGraph struct {
	from   string // the page
	graph  diagram.Graph
	within map[*catalog.Entity]bool // parts that are drawn
	around map[string]bool          // boxes of other systems
}

// needs adds what a part depends on. Of what lies in other systems, each has one box.
func (s *systemGraph) needs(part *catalog.Entity) {
	for _, r := range part.Outgoing(catalog.DependsOn) {
		to := r.To
		if to == nil || to == part {
			continue
		}
		if !s.within[to] {
			other := to.System()
			if other == nil || other == part.System() || !s.neighbour(other) {
				continue // in the table, or on the page of the part
			}
			to = other
		}
		s.graph.Edges = append(s.graph.Edges, diagram.Edge{From: part.Ref.String(), To: to.Ref.String(), Class: r.Criticality})
	}
}

// joinedOnly leaves out boxes without an arrow: the table has them.
func (s *systemGraph) joinedOnly() {
	joined := map[string]bool{}
	for _, e := range s.graph.Edges {
		joined[e.From], joined[e.To] = true, true
	}
	s.graph.Nodes = slices.DeleteFunc(s.graph.Nodes, func(n diagram.Node) bool { return !joined[n.ID] })
}

// neighbour adds the box of another system, as long as there is room.
func (s *systemGraph) neighbour(system *catalog.Entity) bool {
	id := system.Ref.String()
	if s.around[id] {
		return true
	}
	if len(s.graph.Nodes) >= 2*maxNodes {
		return false
	}
	s.around[id] = true
	s.graph.Nodes = append(s.graph.Nodes, diagram.Node{ID: id, Label: system.DisplayName(), Sub: "system", Href: href(s.from, system.Page()), Class: "more", Rank: 9})
	return true
}
