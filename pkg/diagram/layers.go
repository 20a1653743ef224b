package diagram

import (
	"cmp"
	"math"
	"slices"
)

// maxBends bounds the bends of all long arrows of one part. The shortest arrows
// get theirs first; an arrow that gets none runs behind the boxes between.
const maxBends = 20_000

// part is a connected piece of a graph on its way to being drawn. Its vertices
// are the boxes, in the order of the sorted nodes, and then the bends: places
// that long arrows keep free for themselves in the layers they cross.
type part struct {
	dir     Direction
	members []int // indices among the nodes of the graph
	boxes   []face
	arcs    []arc
	loops   []link
	compact bool // no second lines, to save height

	sized     bool               // the sizes of the vertices are given, and are not those of faces
	mostBends int                // instead of maxBends
	leans     map[[2]int]float64 // how far v wants to stand beside its neighbour w, by v and w, for arcs that end off the middle of a box

	verts  []vertex
	layers [][]int // vertices in their order, layer by layer
	before [][]int // for each vertex, its neighbours in the layer before
	after  [][]int // and in the layer after
}

// vertex is a box or a bend.
type vertex struct {
	layer int
	pos   int     // place in its layer
	at    float64 // the middle, across the direction of the arrows
	size  float64 // and the extent in the same direction
}

// arc is an edge between two vertices, turned so that it leads to a later layer.
type arc struct {
	link
	tail, head int   // vertices; the layer of tail comes first
	turned     bool  // the edge leads from head to tail: it closes a cycle
	least      int   // layers that it crosses at least; 0 is 1
	route      []int // vertices from tail to head
}

func (a *arc) length() int { return max(a.least, 1) }

func (p *part) addBox(n Node) {
	p.boxes = append(p.boxes, newFace(n))
	p.verts = append(p.verts, vertex{})
}

func (p *part) addArc(l link, from, to int) {
	if from == to {
		p.loops = append(p.loops, l)
		return
	}
	p.arcs = append(p.arcs, arc{link: l, tail: from, head: to})
}

// layer opens the cycles and puts every box in a layer so that all arcs lead to
// later layers and few are long.
func (p *part) layer() {
	p.turnBackArcs()
	in, out := p.incidence()
	order := p.topological(in, out)
	for _, v := range order {
		for _, a := range in[v] {
			p.verts[v].layer = max(p.verts[v].layer, p.verts[p.arcs[a].tail].layer+p.arcs[a].length())
		}
	}
	p.tighten(order, in, out)
	p.closeRanks()
}

// incidence lists the arcs that end and that begin at each box.
func (p *part) incidence() (in, out [][]int) {
	in, out = make([][]int, len(p.boxes)), make([][]int, len(p.boxes))
	for i, a := range p.arcs {
		out[a.tail] = append(out[a.tail], i)
		in[a.head] = append(in[a.head], i)
	}
	return in, out
}

// turnBackArcs turns the arcs that lead back to a box from which the search
// came, which leaves no cycle. The search starts from the boxes that nothing
// leads to, then from those of the lowest rank, so that the arrows people think
// of as forward stay forward.
func (p *part) turnBackArcs() {
	in, out := p.incidence()
	starts := make([]int, len(p.boxes))
	for v := range starts {
		starts[v] = v
	}
	slices.SortStableFunc(starts, func(a, b int) int { return cmp.Compare(min(len(in[a]), 1), min(len(in[b]), 1)) })

	const (
		unseen = iota
		onPath
		done
	)
	state := make([]uint8, len(p.boxes))
	next := make([]int, len(p.boxes)) // the arc to follow next, by box
	for _, s := range starts {
		if state[s] != unseen {
			continue
		}
		state[s] = onPath
		for path := []int{s}; len(path) > 0; {
			v := path[len(path)-1]
			if next[v] == len(out[v]) {
				state[v] = done
				path = path[:len(path)-1]
				continue
			}
			a := &p.arcs[out[v][next[v]]]
			next[v]++
			switch w := a.head; state[w] {
			case unseen:
				state[w] = onPath
				path = append(path, w)
			case onPath:
				a.turned = true
			}
		}
	}
	for i := range p.arcs {
		if a := &p.arcs[i]; a.turned {
			a.tail, a.head = a.head, a.tail
		}
	}
}

// topological orders the boxes so that all arcs lead forward.
func (p *part) topological(in, out [][]int) []int {
	waits := make([]int, len(p.boxes))
	order := make([]int, 0, len(p.boxes))
	for v := range waits {
		if waits[v] = len(in[v]); waits[v] == 0 {
			order = append(order, v)
		}
	}
	for i := 0; i < len(order); i++ {
		for _, a := range out[order[i]] {
			w := p.arcs[a].head
			if waits[w]--; waits[w] == 0 {
				order = append(order, w)
			}
		}
	}
	return order
}

// tighten moves boxes with more arcs on one side towards that side: the longest
// path puts every box as early as it can be, which makes arcs long.
func (p *part) tighten(order []int, in, out [][]int) {
	for range 4 {
		moved := false
		for _, v := range slices.Backward(order) {
			if len(out[v]) <= len(in[v]) {
				continue
			}
			latest := math.MaxInt
			for _, a := range out[v] {
				latest = min(latest, p.verts[p.arcs[a].head].layer-p.arcs[a].length())
			}
			moved = moved || p.verts[v].layer != latest
			p.verts[v].layer = latest
		}
		for _, v := range order {
			if len(in[v]) <= len(out[v]) {
				continue
			}
			earliest := math.MinInt
			for _, a := range in[v] {
				earliest = max(earliest, p.verts[p.arcs[a].tail].layer+p.arcs[a].length())
			}
			moved = moved || p.verts[v].layer != earliest
			p.verts[v].layer = earliest
		}
		if !moved {
			return
		}
	}
}

// closeRanks numbers the layers from 0 without empty ones, but for those that an arc
// has to cross.
func (p *part) closeRanks() {
	used := make([]int, 0, len(p.boxes))
	for v := range p.boxes {
		used = append(used, p.verts[v].layer)
	}
	slices.Sort(used)
	used = slices.Compact(used)
	rank := func(v int) int {
		i, _ := slices.BinarySearch(used, p.verts[v].layer)
		return i
	}
	into := make([][]int, len(used)) // the arcs by the layer of their heads
	for i, a := range p.arcs {
		into[rank(a.head)] = append(into[rank(a.head)], i)
	}
	number := make([]int, len(used))
	for r := range used {
		if r > 0 {
			number[r] = number[r-1] + 1
		}
		for _, i := range into[r] {
			number[r] = max(number[r], number[rank(p.arcs[i].tail)]+p.arcs[i].length())
		}
	}
	for v := range p.boxes {
		p.verts[v].layer = number[rank(v)]
	}
	p.layers = make([][]int, number[len(used)-1]+1)
}

// bend gives every arc its route, with a bend in each layer that it crosses, and
// fills the layers and the lists of neighbours.
func (p *part) bend() {
	shortest := make([]int, len(p.arcs))
	for i := range shortest {
		shortest[i] = i
	}
	span := func(i int) int { return p.verts[p.arcs[i].head].layer - p.verts[p.arcs[i].tail].layer }
	slices.SortStableFunc(shortest, func(a, b int) int { return cmp.Compare(span(a), span(b)) })
	for left, k := cmp.Or(p.mostBends, maxBends), 0; k < len(shortest); k++ {
		a := &p.arcs[shortest[k]]
		a.route = append(a.route, a.tail)
		if need := span(shortest[k]) - 1; need <= left {
			left -= need
			for l := range need {
				p.verts = append(p.verts, vertex{layer: p.verts[a.tail].layer + 1 + l})
				a.route = append(a.route, len(p.verts)-1)
			}
		}
		a.route = append(a.route, a.head)
	}
	for v := range p.verts {
		at := &p.layers[p.verts[v].layer]
		p.verts[v].pos = len(*at)
		*at = append(*at, v)
	}
	p.before, p.after = make([][]int, len(p.verts)), make([][]int, len(p.verts))
	for i := range p.arcs {
		r := p.arcs[i].route
		for k := 1; k < len(r); k++ {
			if p.verts[r[k]].layer == p.verts[r[k-1]].layer+1 {
				p.after[r[k-1]] = append(p.after[r[k-1]], r[k])
				p.before[r[k]] = append(p.before[r[k]], r[k-1])
			}
		}
	}
}

// isBend reports whether a vertex is a bend of an arrow, not a box.
func (p *part) isBend(v int) bool { return v >= len(p.boxes) }
