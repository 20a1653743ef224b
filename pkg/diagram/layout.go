package diagram

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// columnWidth is the width that a drawing aims at, in pixels: that of the text
// column of a page. What cannot be shortened to it is wider and scrolls.
const columnWidth = 760

// partGap is the distance between unconnected parts, and margin the room around
// the drawing for the width of its lines.
const (
	partGap = 24.0
	margin  = 2.0
)

// Layout gives every node and edge of a graph its place. No two boxes overlap.
func Layout(g Graph) Drawing {
	if len(g.Nodes) > MaxNodes || len(g.Edges) > MaxEdges {
		return tooLarge(g)
	}
	nodes, edges := normalise(g)
	if len(nodes) > MaxNodes { // by ends of edges that are no nodes
		return tooLarge(g)
	}
	parts := split(g.Direction, nodes, edges)
	steps := maxSteps
	drawn := make([]Drawing, len(parts))
	for i, p := range parts {
		p.layer()
		p.bend()
		p.order(&steps)
		p.place(&steps)
		drawn[i] = p.draw()
	}
	return pack(g.Direction, drawn)
}

// tooLarge is the drawing of a graph that is not drawn.
func tooLarge(g Graph) Drawing {
	d := Layout(Graph{Nodes: []Node{{
		ID:    "too-large",
		Label: fmt.Sprintf("%d boxes, %d arrows", len(g.Nodes), len(g.Edges)),
		Sub:   "too many to draw",
		Class: "more",
	}}})
	d.TooLarge = true
	return d
}

// link is an edge between nodes given by their index.
type link struct {
	Edge
	from, to int
}

// normalise sorts the nodes, so that the order in which they are listed means
// nothing, drops repeats, adds nodes for ends that have none, and merges the
// edges from one node to another.
func normalise(g Graph) ([]Node, []link) {
	nodes := slices.Clone(g.Nodes)
	slices.SortFunc(nodes, compareNodes)
	seen := make(map[string]bool, len(nodes))
	nodes = slices.DeleteFunc(nodes, func(n Node) bool {
		again := seen[n.ID]
		seen[n.ID] = true
		return again
	})
	edges := slices.Clone(g.Edges)
	slices.SortFunc(edges, compareEdges)
	known := len(nodes)
	for _, e := range edges {
		for _, id := range [...]string{e.From, e.To} {
			if !seen[id] {
				seen[id] = true
				nodes = append(nodes, Node{ID: id, Class: "missing", Rank: math.MaxInt})
			}
		}
	}
	slices.SortFunc(nodes[known:], compareNodes)
	return nodes, merge(nodes, edges)
}

// merge makes one link of the edges from one node to another. The edges are
// sorted, so these stand together, the strongest first.
func merge(nodes []Node, edges []Edge) []link {
	index := make(map[string]int, len(nodes))
	for i, n := range nodes {
		index[n.ID] = i
	}
	links := make([]link, 0, len(edges))
	for len(edges) > 0 {
		first, n := edges[0], 1
		for n < len(edges) && edges[n].From == first.From && edges[n].To == first.To {
			n++
		}
		if n > 1 {
			first.Label = joinLabels(edges[:n])
		}
		links = append(links, link{Edge: first, from: index[first.From], to: index[first.To]})
		edges = edges[n:]
	}
	return links
}

func joinLabels(edges []Edge) string {
	var labels []string
	for _, e := range edges {
		if e.Label != "" {
			labels = append(labels, e.Label)
		}
	}
	slices.Sort(labels)
	return strings.Join(slices.Compact(labels), ", ")
}

func compareNodes(a, b Node) int {
	return cmp.Or(
		cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Label, b.Label), cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.Sub, b.Sub), cmp.Compare(a.Href, b.Href), cmp.Compare(a.Class, b.Class),
	)
}

func compareEdges(a, b Edge) int {
	return cmp.Or(
		cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To),
		cmp.Compare(strength(a.Class), strength(b.Class)), cmp.Compare(a.Label, b.Label), cmp.Compare(a.Class, b.Class),
	)
}

// strength is the place of a class in edgeClasses; an unknown one is plain.
func strength(class string) int {
	if i := slices.Index(edgeClasses, class); i >= 0 {
		return i
	}
	return slices.Index(edgeClasses, "")
}

// split cuts a graph into its connected parts, in the order of their first nodes.
func split(dir Direction, nodes []Node, links []link) []*part {
	near := make([][]int, len(nodes))
	for _, l := range links {
		near[l.from] = append(near[l.from], l.to)
		near[l.to] = append(near[l.to], l.from)
	}
	var parts []*part
	home := make([]*part, len(nodes))
	local := make([]int, len(nodes))
	for i := range nodes {
		if home[i] != nil {
			continue
		}
		p := &part{dir: dir}
		parts = append(parts, p)
		home[i] = p
		for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
			p.members = append(p.members, queue[0])
			for _, w := range near[queue[0]] {
				if home[w] == nil {
					home[w] = p
					queue = append(queue, w)
				}
			}
		}
		slices.Sort(p.members)
		for at, m := range p.members {
			local[m] = at
			p.addBox(nodes[m])
		}
	}
	for _, l := range links {
		home[l.from].addArc(l, local[l.from], local[l.to])
	}
	return parts
}

// pack sets the parts in rows, the tallest first, as wide as a page's column or
// as the widest part.
func pack(dir Direction, parts []Drawing) Drawing {
	all := Drawing{Direction: dir}
	limit := float64(columnWidth) - 2*margin
	for _, p := range parts {
		limit = max(limit, p.Width)
	}
	slices.SortStableFunc(parts, func(a, b Drawing) int { return cmp.Compare(b.Height, a.Height) })
	x, y, row := 0.0, 0.0, 0.0
	for _, p := range parts {
		if x > 0 && x+p.Width > limit {
			x, y, row = 0, y+row+partGap, 0
		}
		p.shift(x+margin, y+margin)
		all.Boxes = append(all.Boxes, p.Boxes...)
		all.Arrows = append(all.Arrows, p.Arrows...)
		all.Width = max(all.Width, x+p.Width+2*margin)
		all.Height = max(all.Height, y+p.Height+2*margin)
		x, row = x+p.Width+partGap, max(row, p.Height)
	}
	slices.SortFunc(all.Arrows, func(a, b Arrow) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return all
}

// shift moves everything in a drawing.
func (d *Drawing) shift(dx, dy float64) {
	for i := range d.Boxes {
		d.Boxes[i].X += dx
		d.Boxes[i].Y += dy
	}
	for i := range d.Arrows {
		a := &d.Arrows[i]
		for j := range a.Points {
			a.Points[j].X += dx
			a.Points[j].Y += dy
		}
		a.Tip = Point{a.Tip.X + dx, a.Tip.Y + dy}
		a.TextAt = Point{a.TextAt.X + dx, a.TextAt.Y + dy}
	}
}
