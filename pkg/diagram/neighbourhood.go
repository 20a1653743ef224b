package diagram

import (
	"cmp"
	"slices"

	"github.com/signpost-dev/signpost/pkg/natural"
)

// NeighbourhoodLimit is how many boxes a neighbourhood has unless told otherwise:
// what a reader takes in, and what costs no page a noticeable time.
const NeighbourhoodLimit = 40

// leastLimit is the smallest limit: the middle and on each side a neighbour and
// a box for the others.
const leastLimit = 5

// Neighbour is an entity near the one in the middle.
type Neighbour struct {
	Node
	Tier  int      // 1 is the most important; 0 is unknown and comes last
	Group string   // neighbours of one group fold into one box: the title of a system or a kind
	Noun  string   // what a folded box counts, in the plural: "services"
	Via   []string // IDs of what it stands next to: neighbours nearer to the middle, or the middle; none: the middle
	Link  string   // class of its arrows
	Note  string   // label of its arrows
}

// Side is one side of a neighbourhood.
type Side struct {
	Neighbours []Neighbour
	More       string // the page or fragment that lists all of them, such as "#sp-uses": where folded boxes lead
}

// Neighbourhood returns the graph around center: what uses it on the left, what
// it uses on the right. The classes of the neighbours stay, their ranks are given
// here. A neighbour on both sides closes a cycle: it stands on the right, and its
// arrows become cyclic.
//
// Of more than limit boxes (NeighbourhoodLimit if limit is not positive, at least
// five), the nearest, the most important and those first by label stay, no more
// than fit on a screen. The others fold into one box for each group, "12 more
// services in Checkout"; where there are too many groups, the smallest share a
// box. The order of the neighbours means nothing, as long as their IDs differ.
func Neighbourhood(center Node, uses, usedBy Side, limit int) Graph {
	if limit <= 0 {
		limit = NeighbourhoodLimit
	}
	limit = max(limit, leastLimit)
	center.Class, center.Rank = "focus", -1
	n := neighbourhood{center: center.ID, drawn: map[string]string{center.ID: center.ID}}
	right := n.hops(uses.Neighbours, nil)
	left := n.hops(usedBy.Neighbours, right)
	n.graph.Nodes = append(n.graph.Nodes, center)

	roomLeft, roomRight := share(limit-1, len(left), len(right))
	if len(left)+len(right) > limit-1 {
		roomLeft, roomRight = min(roomLeft, tallest), min(roomRight, tallest)
	}
	n.fold(left, roomLeft, "used-by", usedBy.More)
	n.fold(right, roomRight, "uses", uses.More)
	n.connect(right, false)
	n.connect(left, true)
	n.connectCycles(usedBy.Neighbours, right)
	slices.SortFunc(n.graph.Edges, compareEdges)
	n.graph.Edges = slices.Compact(n.graph.Edges)
	return n.graph
}

// tallest is how many boxes a side has at most where neighbours fold: so many in
// one column are as high as a screen.
const tallest = 24

// share divides room between two sides: a side that needs less than half leaves
// the rest to the other.
func share(room, left, right int) (roomLeft, roomRight int) {
	roomRight = min(max(room/2, room-left), right, room)
	return room - roomRight, roomRight
}

// neighbourhood is a graph in the making.
type neighbourhood struct {
	center string
	graph  Graph
	drawn  map[string]string // which box stands for an entity, by IDs
}

// placed is a neighbour with its distance from the middle.
type placed struct {
	Neighbour
	hop int
}

// hops returns the neighbours of one side without those that the other side has,
// nearest and most important first.
func (n *neighbourhood) hops(side []Neighbour, other []placed) []placed {
	taken := map[string]bool{n.center: true}
	for _, o := range other {
		taken[o.ID] = true
	}
	var all []placed
	next := map[string][]int{} // neighbours by what they stand next to
	for _, nb := range side {
		if taken[nb.ID] {
			continue
		}
		taken[nb.ID] = true
		all = append(all, placed{Neighbour: nb})
	}
	for i := range all {
		via := slices.DeleteFunc(slices.Clone(all[i].Via), func(id string) bool { return !taken[id] || id == all[i].ID })
		if len(via) == 0 {
			via = []string{n.center}
		}
		all[i].Via = via
		for _, id := range via {
			next[id] = append(next[id], i)
		}
	}
	far := len(all) + 1
	for i := range all {
		all[i].hop = far
	}
	hop := 1
	for ring := next[n.center]; len(ring) > 0; hop++ {
		var outer []int
		for _, i := range ring {
			if all[i].hop > hop {
				all[i].hop = hop
				outer = append(outer, next[all[i].ID]...)
			}
		}
		ring = outer
	}
	slices.SortFunc(all, comparePlaced)
	return all
}

func comparePlaced(a, b placed) int {
	tier := func(t int) int {
		if t <= 0 {
			return 1 << 30
		}
		return t
	}
	return cmp.Or(
		cmp.Compare(a.hop, b.hop), cmp.Compare(tier(a.Tier), tier(b.Tier)),
		natural.Compare(a.Label, b.Label), natural.Compare(a.ID, b.ID),
	)
}

// connect adds the arrows of one side; toMiddle says that they lead to the middle.
func (n *neighbourhood) connect(side []placed, toMiddle bool) {
	for _, p := range side {
		note := p.Note
		if n.drawn[p.ID] != p.ID {
			note = "" // that of one neighbour would seem to be that of all in the box
		}
		for _, via := range p.Via {
			e := Edge{From: n.boxOf(via), To: n.boxOf(p.ID), Class: p.Link, Label: note}
			if toMiddle {
				e.From, e.To = e.To, e.From
			}
			if e.From != e.To {
				n.graph.Edges = append(n.graph.Edges, e)
			}
		}
	}
}

// connectCycles adds the arrows of what stands on the right and also uses the
// middle, and of the middle if it uses itself.
func (n *neighbourhood) connectCycles(usedBy []Neighbour, right []placed) {
	onRight := map[string]bool{n.center: true}
	for _, p := range right {
		onRight[p.ID] = true
	}
	back := map[[2]string]bool{}
	for _, nb := range usedBy {
		if !onRight[nb.ID] {
			continue
		}
		via := nb.Via
		if len(via) == 0 {
			via = []string{n.center}
		}
		for _, v := range via {
			from, to := n.boxOf(nb.ID), n.boxOf(v)
			back[[2]string{to, from}] = true
			n.graph.Edges = append(n.graph.Edges, Edge{From: from, To: to, Class: "cyclic"})
		}
	}
	for i := range n.graph.Edges {
		if e := &n.graph.Edges[i]; back[[2]string{e.From, e.To}] {
			e.Class = "cyclic"
		}
	}
}

// boxOf returns the box that stands for an entity; one that is not drawn is taken
// for the middle.
func (n *neighbourhood) boxOf(id string) string {
	if box, ok := n.drawn[id]; ok {
		return box
	}
	return n.center
}
