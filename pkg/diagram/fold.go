package diagram

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// foldShare is the share of a side's boxes, one in so many, that may be folded ones.
const foldShare = 4

// foldKey says which neighbours may share a box: those of one group, and never
// direct neighbours with remote ones.
type foldKey struct {
	remote bool
	group  string
}

func (p placed) foldKey() foldKey { return foldKey{p.hop > 1, p.Group} }

// fold adds boxes for the neighbours of one side, at most room of them. side is
// sorted, the first to stay first.
func (n *neighbourhood) fold(side []placed, room int, name, more string) {
	stay := staying(side, room)
	for i, p := range side[:stay] {
		n.keep(p, i)
	}
	groups := map[foldKey][]placed{}
	var keys []foldKey
	for _, p := range side[stay:] {
		k := p.foldKey()
		if groups[k] == nil {
			keys = append(keys, k)
		}
		groups[k] = append(groups[k], p)
	}
	slices.SortFunc(keys, func(a, b foldKey) int {
		return cmp.Or(
			cmp.Compare(len(groups[b]), len(groups[a])), cmp.Compare(a.group, b.group),
			cmp.Compare(groups[a][0].hop, groups[b][0].hop),
		)
	})
	own := len(keys)
	if most := mostFolds(room); own > most {
		own = most - 1
	}
	for i, k := range keys[:own] {
		if g := groups[k]; len(g) == 1 {
			n.keep(g[0], stay)
		} else {
			n.add(g, fmt.Sprintf("+%s %d", name, i), foldLabel(g, k.group), more, len(side)+i)
		}
	}
	var rest []placed
	for _, k := range keys[own:] {
		rest = append(rest, groups[k]...)
	}
	if len(rest) > 0 {
		n.add(rest, "+"+name, foldLabel(rest, ""), more, len(side)+own)
	}
}

func mostFolds(room int) int { return max(1, room/foldShare) }

// staying returns how many of the neighbours keep a box of their own so that
// these and the folded boxes of the others are at most room. The middle alone
// leaves no room; what then has no box is not drawn at all.
func staying(side []placed, room int) int {
	if len(side) <= room {
		return len(side)
	}
	best := 0
	seen := map[foldKey]bool{}
	for k := len(side) - 1; k > 0; k-- {
		seen[side[k].foldKey()] = true
		if k+min(len(seen), mostFolds(room)) <= room {
			best = k
			break
		}
	}
	return best
}

// keep adds a box for one neighbour.
func (n *neighbourhood) keep(p placed, rank int) {
	node := p.Node
	node.Rank = rank
	n.graph.Nodes = append(n.graph.Nodes, node)
	n.drawn[p.ID] = p.ID
}

// add adds one box for several neighbours.
func (n *neighbourhood) add(folded []placed, id, label, href string, rank int) {
	n.graph.Nodes = append(n.graph.Nodes, Node{ID: id, Label: label, Href: href, Class: "more", Rank: rank})
	for _, p := range folded {
		n.drawn[p.ID] = id
	}
}

// foldLabel says what a folded box holds: "12 more services in Checkout".
func foldLabel(folded []placed, group string) string {
	label := fmt.Sprintf("%d more", len(folded))
	noun := folded[0].Noun
	if !slices.ContainsFunc(folded, func(p placed) bool { return p.Noun != noun }) && noun != "" {
		label += " " + noun
	}
	if group != "" && !strings.EqualFold(group, noun) { // "37 more services in Services"
		label += " in " + group
	}
	return label
}
