package source

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// walker turns the library's tree of one document into Nodes. The walk follows
// the order of writing, so that each position is found from the one before.
type walker struct {
	*report
	text   *text
	limits Limits
	near   cursor // the last position found
	depth  int    // level of the value being made
	nodes  int    // made so far in this file, aliases written out
	slab   []Node
	links  []*Node
	sawTag bool // by the last call of properties

	// For aliases only.
	expanded int                     // aliases written out so far
	anchored map[*yaml.Node]anchored // values with an anchor; without Node while being made
	deepest  int                     // level reached inside the value being made
}

// root returns a document as Nodes, or nil if it had to be given up.
func (w *walker) root(doc *yaml.Node) *Node {
	values, links := count(doc, w.limits.Nodes)
	w.anchored = nil // anchors hold for their document
	w.slab = make([]Node, 0, values)
	w.links = make([]*Node, 0, links)
	n := w.value(doc)
	if w.stopped {
		return nil
	}
	return n
}

// count returns how many values a tree has, and how many of them lie in lists
// and maps, so that each kind of memory is asked for once. It gives up at limit.
func count(y *yaml.Node, limit int) (values, links int) {
	values = 1
	step := 1
	if y.Kind == yaml.MappingNode {
		step = 2
	}
	for i := step - 1; i < len(y.Content) && values <= limit; i += step {
		v, l := count(y.Content[i], limit)
		values, links = values+v, links+l+1
	}
	return values, links
}

// newNode returns a Node of this document, and counts it.
func (w *walker) newNode() *Node {
	if w.nodes++; w.nodes > w.limits.Nodes {
		w.refuseSize(w.here())
	}
	if len(w.slab) == cap(w.slab) {
		w.slab = make([]Node, 0, 16)
	}
	w.slab = append(w.slab, Node{file: w.file})
	return &w.slab[len(w.slab)-1]
}

// newLinks returns an empty slice for n children.
func (w *walker) newLinks(n int) []*Node {
	if n > cap(w.links)-len(w.links) {
		return make([]*Node, 0, n)
	}
	from := len(w.links)
	w.links = w.links[:from+n]
	return w.links[from : from : from+n]
}

func (w *walker) here() place { return between(w.near, w.near) }

func between(from, to cursor) place { return place{from.line, from.col, to.line, to.col} }

// seek returns where the library says that a value begins.
func (w *walker) seek(y *yaml.Node) cursor {
	return w.text.at(int32(y.Line)+w.text.first-1, int32(y.Column), w.near)
}

// value makes the Node of a value. It returns a Node even if the walk was
// stopped, for its callers' sake.
func (w *walker) value(y *yaml.Node) *Node {
	w.near = w.seek(y)
	if y.Kind == yaml.AliasNode {
		return w.expand(y)
	}
	outer, before := w.deepest, w.nodes
	w.deepest = w.depth
	n := w.newNode()
	tag := w.properties(y)
	w.checkSeen(y)
	if w.stopped {
		return n
	}
	switch y.Kind {
	case yaml.ScalarNode:
		w.scalar(n, y, tag)
	case yaml.SequenceNode:
		w.collection(n, y, tag, List)
	default:
		w.collection(n, y, tag, Map)
	}
	if y.Anchor != "" {
		w.anchored[y] = anchored{n, w.nodes - before, w.deepest - w.depth}
	}
	w.deepest = max(outer, w.deepest)
	return n
}

// scalar fills in a Node of text, number, boolean or null.
func (w *walker) scalar(n *Node, y *yaml.Node, tag string) {
	n.text = y.Value
	from := w.near
	n.place = w.endOfScalar(y)
	w.checkText(y, from, n.place)
	plain := y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
	switch {
	case tag != "":
		n.kind = w.tagged(y.Value, tag, n.place)
	case plain:
		n.kind = resolve(y.Value)
	default:
		n.kind = String
	}
	switch n.kind {
	case Number:
		w.checkNumber(n)
	case Null:
		n.text = ""
	}
}

// endOfScalar moves behind a scalar and returns its place.
func (w *walker) endOfScalar(y *yaml.Node) place {
	from := w.near
	switch {
	case y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		w.near = w.text.endOfQuoted(from)
	case y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		w.near = w.text.endOfBlock(from, y.Value)
	default:
		w.near = w.text.endOfPlain(from, y.Value)
	}
	return between(from, w.near)
}

// checkNumber reports a number that JSON cannot hold or that readers disagree on.
func (w *walker) checkNumber(n *Node) {
	_, form := parseNumber(n.text)
	switch {
	case form == notFinite:
		n.kind = String
		w.error(n.place, "source-number", fmt.Sprintf("%s is not a number that JSON can hold", n.text),
			"write a finite number, or put quotes around it if text is meant")
	case form == unmanageable:
		n.kind = String
		w.error(n.place, "source-number", "the number is too large or too long",
			"put quotes around it if text is meant")
	case form == leadingZero && !w.limits.Foreign:
		num, _ := parseNumber(n.text)
		w.error(n.place, "source-number", fmt.Sprintf("%s is ambiguous: with its leading zero some programs read it as %s", n.text, num),
			"put quotes around it if text is meant, or write the number without the zero")
	}
}

// collection fills in a list or a map.
func (w *walker) collection(n *Node, y *yaml.Node, tag string, kind Kind) {
	n.kind = kind
	from := w.near
	w.checkCollectionTag(kind, tag)
	if w.depth++; w.depth > w.limits.Depth {
		refuseDepth(w.report, w.text.span(from, 1), w.limits)
		return
	}
	if kind == Map {
		w.fields(n, y)
	} else {
		w.items(n, y)
	}
	w.deepest = max(w.deepest, w.depth)
	w.depth--
	if y.Style&yaml.FlowStyle != 0 && !w.stopped {
		w.near = w.text.endOfFlow(from, w.near)
	}
	n.place = between(from, w.near)
}

// items makes the values of a list.
func (w *walker) items(n *Node, y *yaml.Node) {
	n.children = w.newLinks(len(y.Content))
	for _, item := range y.Content {
		n.children = append(n.children, w.value(item))
		if w.stopped {
			return
		}
	}
}
