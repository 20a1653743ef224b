package diagram

import (
	"cmp"
	"slices"
)

// maxSteps bounds the work of a whole drawing that only makes it look better, in
// neighbours looked at: some 30 ms. Graphs of a few hundred boxes never reach it.
const maxSteps = 4_000_000

// maxSweeps is how often the layers of a part are gone through for fewer crossings.
const maxSweeps = 12

// order sorts the boxes and bends of each layer so that few arrows cross. It
// sweeps forward and back, puts every vertex near the middle of its neighbours,
// swaps pairs, and keeps the first of the best orders that it sees.
func (p *part) order(steps *int) {
	if len(p.layers) < 2 {
		return
	}
	p.sweep(p.layers[1:], p.before)
	best, fewest := p.snapshot(), p.crossings()
	for i, idle := 0, 0; i < maxSweeps && idle < 4 && fewest > 0 && *steps > 0; i++ {
		if i%2 == 0 {
			back := slices.Clone(p.layers[:len(p.layers)-1])
			slices.Reverse(back)
			p.sweep(back, p.after)
		} else {
			p.sweep(p.layers[1:], p.before)
		}
		p.transpose(steps)
		*steps -= 4 * len(p.verts)
		if n := p.crossings(); n < fewest {
			best, fewest, idle = p.snapshot(), n, 0
		} else {
			idle++
		}
	}
	p.restore(best)
}

// snapshot copies the present order, and restore returns to it.
func (p *part) snapshot() [][]int {
	c := make([][]int, len(p.layers))
	for i, layer := range p.layers {
		c[i] = slices.Clone(layer)
	}
	return c
}

func (p *part) restore(layers [][]int) {
	p.layers = layers
	for _, layer := range layers {
		p.number(layer)
	}
}

func (p *part) number(layer []int) {
	for i, v := range layer {
		p.verts[v].pos = i
	}
}

// sweep sorts each layer by the mean place of its neighbours on one side.
// Vertices without any keep their places, and the order stands where the means
// are equal, so that ranks still show.
func (p *part) sweep(layers, neighbours [][]int) {
	type keyed struct {
		v    int
		mean float64
	}
	var moving []keyed
	for _, layer := range layers {
		moving = moving[:0]
		for _, v := range layer {
			if len(neighbours[v]) == 0 {
				continue
			}
			sum := 0.0
			for _, w := range neighbours[v] {
				sum += float64(p.verts[w].pos)
				if p.verts[w].size > 0 {
					sum += p.lean(v, w) / p.verts[w].size
				}
			}
			moving = append(moving, keyed{v, sum / float64(len(neighbours[v]))})
		}
		slices.SortStableFunc(moving, func(a, b keyed) int { return cmp.Compare(a.mean, b.mean) })
		k := 0
		for i, v := range layer {
			if len(neighbours[v]) > 0 {
				layer[i] = moving[k].v
				k++
			}
		}
		p.number(layer)
	}
}

// transpose swaps neighbours in a layer for as long as that removes crossings.
func (p *part) transpose(steps *int) {
	p.sortNeighbours()
	for range 4 {
		swapped := false
		for _, layer := range p.layers {
			for i := 1; i < len(layer) && *steps > 0; i++ {
				v, w := layer[i-1], layer[i]
				*steps -= len(p.before[v]) + len(p.before[w]) + len(p.after[v]) + len(p.after[w])
				now := p.pairCrossings(p.before[v], p.before[w]) + p.pairCrossings(p.after[v], p.after[w])
				then := p.pairCrossings(p.before[w], p.before[v]) + p.pairCrossings(p.after[w], p.after[v])
				if then < now {
					layer[i-1], layer[i] = w, v
					p.verts[v].pos, p.verts[w].pos = i, i-1
					p.resort(v, steps)
					p.resort(w, steps)
					swapped = true
				}
			}
		}
		if !swapped {
			return
		}
	}
}

// sortNeighbours puts the neighbours of every vertex in the order of their
// places, which pairCrossings relies on; resort does so again for those of v,
// after it changed places.
func (p *part) sortNeighbours() {
	for v := range p.verts {
		p.byPlace(p.before[v])
		p.byPlace(p.after[v])
	}
}

func (p *part) resort(v int, steps *int) {
	for _, w := range p.before[v] {
		*steps -= len(p.after[w])
		p.byPlace(p.after[w])
	}
	for _, w := range p.after[v] {
		*steps -= len(p.before[w])
		p.byPlace(p.before[w])
	}
}

func (p *part) byPlace(vs []int) {
	slices.SortFunc(vs, func(a, b int) int { return cmp.Compare(p.verts[a].pos, p.verts[b].pos) })
}

// pairCrossings counts the crossings between the arrows of two vertices that
// stand in this order, given their neighbours on one side, each in order.
func (p *part) pairCrossings(first, second []int) int {
	crossings, passed := 0, 0
	for _, w := range first {
		for passed < len(second) && p.verts[second[passed]].pos < p.verts[w].pos {
			passed++
		}
		crossings += passed
	}
	return crossings
}

// crossings counts all pairs of arrows that cross, layer by layer, with a
// Fenwick tree over the places of the next layer.
func (p *part) crossings() int {
	p.sortNeighbours()
	total := 0
	var tree []int
	for l, layer := range p.layers[:len(p.layers)-1] {
		n := len(p.layers[l+1])
		tree = append(tree[:0], make([]int, n+1)...)
		seen := 0
		for _, v := range layer {
			for _, w := range p.after[v] { // ends at or before w's place cross nothing of v
				total += seen
				for i := p.verts[w].pos + 1; i > 0; i &= i - 1 {
					total -= tree[i]
				}
			}
			for _, w := range p.after[v] {
				for i := p.verts[w].pos + 1; i <= n; i += i & -i {
					tree[i]++
				}
			}
			seen += len(p.after[v])
		}
	}
	return total
}
