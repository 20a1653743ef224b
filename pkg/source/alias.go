package source

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// anchored is a value that aliases may stand for.
type anchored struct {
	node   *Node // nil while it is being made
	nodes  int   // in it, aliases written out
	levels int   // of lists and maps in it
}

// anchor notes that a value has an anchor, written with this name.
func (w *walker) anchor(y *yaml.Node, name string, p place) {
	if w.limits.Aliases == 0 {
		refuseAliases(w.report, p)
		return
	}
	if name != y.Anchor {
		// The library ends the name early, and takes its rest for the value.
		w.stop(p, "source-alias", fmt.Sprintf("the name of the anchor &%s holds more than letters, digits, - and _", name),
			"rename the anchor")
		return
	}
	if w.anchored == nil {
		w.anchored = make(map[*yaml.Node]anchored)
	}
	w.anchored[y] = anchored{}
}

// expand makes the Node of an alias: a copy of what it stands for, sharing the
// children, with the place of the alias. What lies inside keeps its own place.
// Nodes are counted as if they were written out, for whoever walks the tree.
func (w *walker) expand(y *yaml.Node) *Node {
	from := w.near
	w.near = w.text.move(from, min(len(y.Value)+1, len(w.text.rest(from))))
	p := between(from, w.near)
	if w.expanded++; w.expanded > w.limits.Aliases {
		w.refuseAlias(p)
		return w.newNode()
	}
	n := w.newNode()
	a, known := w.anchored[y.Alias]
	switch {
	case !known:
		w.stop(p, "source-alias", fmt.Sprintf("the alias *%s has no anchor &%s before it in this document", y.Value, y.Value),
			"write the value out")
		return n
	case a.node == nil:
		w.stop(p, "source-alias", fmt.Sprintf("the alias *%s stands inside the value it stands for", y.Value),
			"write the value out, without itself")
		return n
	}
	if w.nodes += a.nodes - 1; w.nodes > w.limits.Nodes {
		w.refuseSize(p)
	}
	if w.depth+a.levels > w.limits.Depth {
		refuseDepth(w.report, p, w.limits)
	}
	w.deepest = max(w.deepest, w.depth+a.levels)
	*n = *a.node
	n.name, n.keyPlace, n.place = "", place{}, p
	return n
}

func (w *walker) refuseAlias(p place) {
	if w.limits.Aliases == 0 {
		refuseAliases(w.report, p)
		return
	}
	w.stop(p, "source-limit", fmt.Sprintf("the file has more than %s aliases", grouped(w.limits.Aliases)),
		"write the values out")
}

// merge adds to a map what its merge keys (<<) bring: all fields that it does not
// have itself, the first of several winning.
func (w *walker) merge(n *Node, merges []*Node) {
	if len(merges) == 0 {
		return
	}
	has := make(map[string]bool, len(n.children))
	for _, c := range n.children {
		has[c.name] = true
	}
	for i, m := range merges {
		if i > 0 {
			w.duplicate("<<", m.keyPlace, merges[0].keyPlace)
			continue
		}
		switch {
		case m.kind == Map:
			w.mergeFrom(n, m, has)
		case m.kind == List && len(m.children) > 0:
			for _, c := range m.children {
				w.mergeFrom(n, c, has)
			}
		default:
			w.refuseMerge(m)
		}
	}
}

// mergeFrom adds the fields of another map that a map does not have.
func (w *walker) mergeFrom(n, from *Node, has map[string]bool) {
	if from.kind != Map {
		w.refuseMerge(from)
		return
	}
	for _, c := range from.children {
		if !has[c.name] {
			has[c.name] = true
			n.children = append(n.children, c)
		}
	}
	if len(n.children) > w.limits.Keys {
		w.refuseKeys(from.place, len(n.children))
	}
}

func (w *walker) refuseMerge(m *Node) {
	w.error(m.place, "source-alias", "a merge key (<<) takes a map or a list of maps", "write the fields out")
}
