package diagram

// Distances across the direction of the arrows, between boxes and between the
// bends of long arrows, in pixels.
const (
	boxGap     = 10.0 // between boxes of a column
	closeGap   = 5.0  // in a compact drawing
	boxGapDown = 18.0 // between boxes of a row, in drawings from the top down
	boxGapFlow = 20.0 // in a Flow, in either direction
	bendGap    = 8.0
)

// placeSweeps is how often place goes over all layers.
const placeSweeps = 24

// How much an arrow wants to be straight, by how many of its two ends are bends:
// a long arrow that is straight in the middle is easy to follow.
var straightness = [...]float64{1, 2, 8}

// place gives every vertex its place across the direction of the arrows: where
// the squared lengths of the arrows in that direction are least, as far as order
// and distances allow. The minimum is approached layer by layer; for one layer it
// is exact (see settle).
func (p *part) place(steps *int) {
	if !p.sized {
		p.measure()
	}
	for _, layer := range p.layers {
		at := 0.0
		for i, v := range layer {
			if i > 0 {
				at += p.distance(layer[i-1], v)
			}
			p.verts[v].at = at
		}
		for _, v := range layer {
			p.verts[v].at -= at / 2
		}
	}
	var s settler
	for i := range placeSweeps {
		if *steps <= 0 {
			break
		}
		*steps -= 2 * len(p.verts)
		for k := range p.layers {
			if i%2 == 1 {
				k = len(p.layers) - 1 - k
			}
			p.pull(p.layers[k], &s, i)
		}
	}
	p.straighten()
}

// pull moves the vertices of a layer towards their neighbours. The first sweeps
// look only back the way they came, so that good places spread fast.
func (p *part) pull(layer []int, s *settler, sweep int) {
	s.reset()
	offset := 0.0
	for i, v := range layer {
		if i > 0 {
			offset += p.distance(layer[i-1], v)
		}
		sum, weight := 0.0, 0.0
		add := func(neighbours []int) {
			for _, w := range neighbours {
				k := p.straightness(v, w)
				sum += float64(k * (p.verts[w].at + p.lean(v, w))) // no fused multiply-add: it differs between machines
				weight += k
			}
		}
		if sweep > 3 || sweep%2 == 0 {
			add(p.before[v])
		}
		if sweep > 3 || sweep%2 == 1 {
			add(p.after[v])
		}
		want := p.verts[v].at
		if weight > 0 {
			want = sum / weight
		} else {
			weight = 0.01 // stays, unless it is in the way
		}
		s.add(want-offset, weight)
	}
	offset = 0
	for i, v := range layer {
		if i > 0 {
			offset += p.distance(layer[i-1], v)
		}
		p.verts[v].at = s.at(i) + offset
	}
}

// lean returns how far v wants to stand beside w.
func (p *part) lean(v, w int) float64 {
	if p.leans == nil {
		return 0
	}
	return p.leans[[2]int{v, w}]
}

func (p *part) straightness(v, w int) float64 {
	bends := 0
	if p.isBend(v) {
		bends++
	}
	if p.isBend(w) {
		bends++
	}
	return straightness[bends]
}

// distance is the least one between the middles of two vertices that stand side
// by side in a layer.
func (p *part) distance(v, w int) float64 {
	gap := bendGap
	if !p.isBend(v) && !p.isBend(w) {
		switch {
		case p.sized:
			gap = boxGapFlow
		case p.dir == TopDown:
			gap = boxGapDown
		case p.compact:
			gap = closeGap
		default:
			gap = boxGap
		}
	}
	return (p.verts[v].size+p.verts[w].size)/2 + gap
}

// settler finds the non-decreasing sequence that is nearest to the wanted
// values, in the sense of weighted least squares: neighbours that want to pass
// each other form a pool, which stands at its mean.
type settler struct {
	pools []pool
	index []int // the pool of each value, while its number stands
}

type pool struct {
	sum, weight float64
	count       int
}

func (s *settler) reset() { s.pools, s.index = s.pools[:0], s.index[:0] }

func (s *settler) add(want, weight float64) {
	s.pools = append(s.pools, pool{want * weight, weight, 1})
	for n := len(s.pools); n > 1; n-- {
		a, b := &s.pools[n-2], s.pools[n-1]
		if a.sum*b.weight <= b.sum*a.weight { // mean of a is not above that of b
			break
		}
		*a = pool{a.sum + b.sum, a.weight + b.weight, a.count + b.count}
		s.pools = s.pools[:n-1]
	}
}

// at returns the settled i-th value, after all were added.
func (s *settler) at(i int) float64 {
	if len(s.index) == 0 {
		for k, p := range s.pools {
			for range p.count {
				s.index = append(s.index, k)
			}
		}
	}
	p := s.pools[s.index[i]]
	return p.sum / p.weight
}

// straighten lays the bends of each long arrow on one line, as far as their
// neighbours in the layers leave room: least squares alone leaves long arrows a
// little crooked.
func (p *part) straighten() {
	for i := range p.arcs {
		bends := p.arcs[i].route
		bends = bends[1 : len(bends)-1]
		for len(bends) > 1 {
			run := p.commonRun(bends)
			bends = bends[run:]
		}
	}
}

// commonRun moves the first bends to a common line, as many as have one free,
// and returns their number.
func (p *part) commonRun(bends []int) int {
	low, high := p.freedom(bends[0])
	sum, n := p.verts[bends[0]].at, 1
	for ; n < len(bends); n++ {
		l, h := p.freedom(bends[n])
		if max(l, low) > min(h, high) {
			break
		}
		low, high = max(l, low), min(h, high)
		sum += p.verts[bends[n]].at
	}
	at := min(max(sum/float64(n), low), high)
	for _, v := range bends[:n] {
		p.verts[v].at = at
	}
	return n
}

// freedom returns how far v can move without pushing its neighbours.
func (p *part) freedom(v int) (low, high float64) {
	layer, pos := p.layers[p.verts[v].layer], p.verts[v].pos
	low, high = p.verts[v].at-1e6, p.verts[v].at+1e6
	if pos > 0 {
		w := layer[pos-1]
		low = p.verts[w].at + p.distance(w, v)
	}
	if pos+1 < len(layer) {
		w := layer[pos+1]
		high = p.verts[w].at - p.distance(v, w)
	}
	return low, high
}
