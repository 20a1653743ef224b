package diagram

import (
	"slices"
	"strings"
)

// A Flow is laid out level by level: what stands in a group is a drawing by itself, which
// is a box in the level around it. A line that crosses the frame of a group is cut into
// pieces, one for each level, that meet at ports: places on the frame. Which side a port
// is on follows from the way that the line takes outside, so levels are put in layers
// from the outermost in (prepare), and given their places from the innermost out (settle).
type flowLayout struct {
	Flow
	compact bool
	faces   []flowFace
	levels  []*level // the whole, and then that of each group
	bends   int      // that are left
	steps   int      // of work that are left
	pieces  [][]piece
}

// level is the inside of a group, or the whole.
type level struct {
	depth int
	group int // counted from 1; 0 is the whole
	dir   Direction
	items []item
	edges []int // that have both ends in it, in different items or in the same
	ports []port
	parts []*flowPart

	w, h                 float64 // on the page, with the frame
	along, across        float64 // extent of what is in it
	padStart, padEnd, up float64 // beside it: along the lines before and behind, and on the side of the title
	title                []string
	boxes                []placedItem
}

// item is what has a place in a level.
type item struct {
	kind  itemKind
	index int // of the node, of the group's level, or of the port in the level
}

type itemKind uint8

const (
	nodeItem itemKind = iota
	groupItem
	portItem
	titleItem // keeps ports from running through the title of the frame
)

// port is where a line crosses the frame of a level.
type port struct {
	edge int
	end  End     // the one of the line's that is inside
	out  bool    // the line leaves, in the direction of the lines
	at   float64 // across, from the middle of the frame
}

// placedItem is an item with its place on the page, from the corner of its level.
type placedItem struct {
	item
	x, y, w, h float64
}

// flowPart is a connected piece of a level.
type flowPart struct {
	part
	items  []item
	ways   []way        // what the arcs of the part are
	loops  []int        // edges that lead back to the item that they come from
	extent []float64    // of vertices along the lines
	ends   [][2]float64 // by arc, how far from the middle of the sides its tail and head end
	label  []int        // by vertex: the arc whose label stands there, counted from 1
	bands  []band
	along  float64 // its extent
	low    float64 // and where it begins and ends across
	high   float64
	offset Point // where it stands in its level: along (X) and across (Y)
}

// way is what an arc of a part draws: an edge, or the piece of one that leads to a port.
type way struct {
	edge           int
	labelled       bool
	tail, head     int      // ports of the groups at its ends, counted from 1; 0 is none
	toPort, inPort bool     // it leads to or from a port
	end            End      // the one of the edge's that is inside, if so
	lines          []string // of the label
}

// piece is the way of an edge through one level, on the page.
type piece struct {
	rank    int // by which the pieces of an edge are put in order
	turned  bool
	strokes [][]Point
	label   *flowLabel
	level   *level
}

func newFlowLayout(f Flow, compact bool) *flowLayout {
	l := &flowLayout{Flow: f, compact: compact, bends: 3_000, steps: maxSteps / 8, pieces: make([][]piece, len(f.Edges))}
	l.Edges = slices.Clone(f.Edges)
	l.levels = []*level{{dir: f.Direction}}
	for i, g := range f.Groups {
		lv := &level{group: i + 1, depth: 1}
		for ; g.In > 0; g = f.Groups[g.In-1] {
			lv.depth++
		}
		l.levels = append(l.levels, lv)
	}
	for i, g := range f.Groups {
		in := l.levels[g.In]
		in.items = append(in.items, item{groupItem, i + 1})
	}
	for i, n := range f.Nodes {
		in := l.levels[n.In]
		in.items = append(in.items, item{nodeItem, i})
		l.faces = append(l.faces, newFlowFace(n, f.Direction, compact))
	}
	for i, e := range f.Edges {
		if in := l.meeting(e.From, e.To); in >= 0 {
			l.levels[in].edges = append(l.levels[in].edges, i)
		}
	}
	return l
}

// around returns the group that an end stands in.
func (l *flowLayout) around(e End) int {
	if g, ok := e.Group(); ok {
		return l.Groups[g].In
	}
	return l.Nodes[e].In
}

// meeting returns the innermost level that two ends both stand in, or -1 if one stands in
// the other.
func (l *flowLayout) meeting(a, b End) int {
	if l.inside(a, b) || l.inside(b, a) {
		return -1
	}
	x, y := l.around(a), l.around(b)
	for x != y {
		if l.levels[x].depth >= l.levels[y].depth {
			x = l.Groups[x-1].In
		} else {
			y = l.Groups[y-1].In
		}
	}
	return x
}

// inside reports whether an end stands in the group that another is.
func (l *flowLayout) inside(inner, outer End) bool {
	g, ok := outer.Group()
	if !ok {
		return false
	}
	for in := l.around(inner); in > 0; in = l.Groups[in-1].In {
		if in == g+1 {
			return true
		}
	}
	return false
}

// itemOf returns the item of a level in which an end stands, and whether it is the end itself.
func (l *flowLayout) itemOf(level int, e End) (it item, whole bool) {
	it, whole = item{nodeItem, int(e)}, true
	if g, ok := e.Group(); ok {
		it = item{groupItem, g + 1}
	}
	for in := l.around(e); in != level; in = l.Groups[in-1].In {
		it, whole = item{groupItem, in}, false
	}
	return it, whole
}

// prepare cuts a level into its connected parts and puts the items of each in layers;
// then it does the same inside.
func (l *flowLayout) prepare(lv *level) {
	if lv.group > 0 {
		g := l.Groups[lv.group-1]
		lv.dir = l.levels[g.In].dir
		if g.Turned && len(lv.ports) == 0 {
			lv.dir = g.Direction
		}
		lv.title = Wrap(g.Label, flowLabelSize, 260, 1)
	}
	for i := range lv.ports {
		lv.items = append(lv.items, item{portItem, i})
	}
	lv.parts = l.split(lv)
	l.addTitle(lv)
	for _, p := range lv.parts {
		p.layer()
		p.pinPorts(lv)
		for i := range p.ways {
			l.crossFrames(p, i)
		}
	}
	for _, it := range lv.items {
		if it.kind == groupItem {
			l.prepare(l.levels[it.index])
		}
	}
}

// flowArc is an arc before its part is known.
type flowArc struct {
	way
	from, to, least int
}

// arcs returns the arcs of a level between its items, given by their index.
func (l *flowLayout) arcs(lv *level) []flowArc {
	index := make(map[item]int, len(lv.items))
	for i, it := range lv.items {
		index[it] = i
	}
	var arcs []flowArc
	pairs := map[[2]End]bool{}
	for _, e := range lv.edges {
		edge := l.Edges[e]
		a, _ := l.itemOf(lv.group, edge.From)
		b, _ := l.itemOf(lv.group, edge.To)
		arc := flowArc{way: way{edge: e, lines: edge.labelLines()}, from: index[a], to: index[b], least: 1 + min(edge.Longer, 4)}
		arc.labelled = len(arc.lines) > 0
		pair := [2]End{min(edge.From, edge.To), max(edge.From, edge.To)}
		if arc.labelled || pairs[pair] { // room for the label; a way of its own
			arc.least = max(arc.least, 2)
		}
		pairs[pair] = true
		arcs = append(arcs, arc)
	}
	for i, p := range lv.ports {
		it, _ := l.itemOf(lv.group, p.end)
		arc := flowArc{way: way{edge: p.edge, toPort: p.out, inPort: !p.out, end: p.end}, from: index[it], to: index[item{portItem, i}], least: 1}
		if !p.out {
			arc.from, arc.to = arc.to, arc.from
		}
		arcs = append(arcs, arc)
	}
	return arcs
}

// split cuts a level into its connected parts, in the order of their first items.
func (l *flowLayout) split(lv *level) []*flowPart {
	arcs := l.arcs(lv)
	root := make([]int, len(lv.items))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for _, a := range arcs {
		x, y := find(a.from), find(a.to)
		root[max(x, y)] = min(x, y)
	}
	var parts []*flowPart
	home, local := map[int]*flowPart{}, make([]int, len(lv.items))
	for i, it := range lv.items {
		p := home[find(i)]
		if p == nil {
			p = &flowPart{}
			p.dir, p.sized, p.compact = lv.dir, true, l.compact
			home[find(i)] = p
			parts = append(parts, p)
		}
		local[i] = p.add(it)
	}
	for _, a := range arcs {
		p := home[find(a.from)]
		if a.from == a.to {
			l.addLoop(p, a.edge)
			continue
		}
		p.arcs = append(p.arcs, arc{tail: local[a.from], head: local[a.to], least: a.least})
		p.ways = append(p.ways, a.way)
	}
	return parts
}

// addLoop notes a line that leads back to where it comes from. Several at a box are one,
// which has the labels of all.
func (l *flowLayout) addLoop(p *flowPart, edge int) {
	for _, e := range p.loops {
		if first := &l.Edges[e]; first.From == l.Edges[edge].From {
			first.Label = strings.Trim(first.Label+"\n"+l.Edges[edge].Label, "\n")
			return
		}
	}
	p.loops = append(p.loops, edge)
}

func (p *flowPart) add(it item) int {
	p.items = append(p.items, it)
	p.boxes = append(p.boxes, face{})
	p.verts = append(p.verts, vertex{})
	return len(p.items) - 1
}

// addTitle puts the title of a frame before the ports on its side, so that no line runs
// through it. In the other
// directions lines do not cross the side on which the title is.
func (l *flowLayout) addTitle(lv *level) {
	if len(lv.title) == 0 || lv.dir.horizontal() {
		return
	}
	for _, p := range lv.parts {
		if !p.hasPort(lv, lv.dir == BottomUp) {
			continue
		}
		p.add(item{})
		copy(p.items[1:], p.items)
		p.items[0] = item{kind: titleItem}
		for i := range p.arcs {
			p.arcs[i].tail++
			p.arcs[i].head++
		}
		return
	}
}

// hasPort reports whether a part leads to a port on the side on which lines leave, or arrive.
func (p *flowPart) hasPort(lv *level, out bool) bool {
	return slices.ContainsFunc(p.items, func(it item) bool { return it.kind == portItem && lv.ports[it.index].out == out })
}

// pinPorts puts the ports into layers of their own, before and behind all others.
func (p *flowPart) pinPorts(lv *level) {
	if !p.hasPort(lv, true) && !p.hasPort(lv, false) {
		return
	}
	last := len(p.layers)
	for v, it := range p.items {
		switch {
		case it.kind == portItem && lv.ports[it.index].out, it.kind == titleItem && lv.dir == BottomUp:
			p.verts[v].layer = last + 1
		case it.kind == portItem, it.kind == titleItem:
			p.verts[v].layer = 0
		default:
			p.verts[v].layer++
		}
	}
	p.closeRanks()
}

// crossFrames adds a port to each group in which an arc ends, unless the group itself is the end.
func (l *flowLayout) crossFrames(p *flowPart, i int) {
	w, a := &p.ways[i], &p.arcs[i]
	e := l.Edges[w.edge]
	tail, head := e.From, e.To
	if a.turned {
		tail, head = head, tail
	}
	if w.toPort || w.inPort {
		tail, head = w.end, w.end
	}
	w.tail = l.addPort(p.items[a.tail], w.edge, tail, true)
	w.head = l.addPort(p.items[a.head], w.edge, head, false)
}

func (l *flowLayout) addPort(it item, edge int, end End, out bool) int {
	if it.kind != groupItem || end == GroupEnd(it.index-1) {
		return 0
	}
	lv := l.levels[it.index]
	lv.ports = append(lv.ports, port{edge: edge, end: end, out: out})
	return len(lv.ports)
}
