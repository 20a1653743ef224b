package diagram

import (
	"cmp"
	"math"
	"slices"
)

// Distances along the arrows, in pixels.
const (
	leastGap   = 44.0 // between two layers
	mostGap    = 96.0
	steepness  = 9.0  // pixels across that an arrow may go for each pixel of a gap, up to mostGap
	labelLimit = 96.0 // width of an arrow's label
	labelRoom  = 44.0 // that a gap has beyond the label of an arrow in it
	labelLine  = 16.0 // height of a label
	headLength = 7.0
	loopReach  = 24.0 // how far a loop goes beyond its box
	loopSpread = 7.0  // between the middle of a box and either end of its loop
	turnedPort = 9.0  // between the ends of arrows that run with and against the others
)

// band is the stretch of a layer along the arrows.
type band struct{ from, to float64 }

// draw gives everything its final place, the part's upper left corner at 0, 0.
func (p *part) draw() Drawing {
	bands := p.bands()
	d := Drawing{Direction: p.dir}
	for l, layer := range p.layers {
		for _, v := range layer {
			if !p.isBend(v) {
				d.Boxes = append(d.Boxes, p.box(v, bands[l]))
			}
		}
	}
	for i := range p.arcs {
		d.Arrows = append(d.Arrows, p.arrow(&p.arcs[i], bands))
	}
	for _, l := range p.loops {
		v := p.local(l.from)
		at := p.verts[v].layer
		a := loop(l.Edge, p.box(v, bands[at]))
		if p.dir == LeftToRight && at+1 < len(bands) {
			a.TextAt.X = (bands[at].to + bands[at+1].from) / 2 // among the labels of the gap
		}
		d.Arrows = append(d.Arrows, a)
	}
	p.settleLabels(d.Arrows)
	d.fit()
	return d
}

// bands places the layers one after the other. A gap is the wider, the steeper
// the arrows in it would be otherwise, and holds their labels.
func (p *part) bands() []band {
	gaps := make([]float64, len(p.layers))
	all := 0.0
	for l := range p.layers[:len(p.layers)-1] {
		gaps[l] = leastGap
		for _, v := range p.layers[l] {
			for _, w := range p.after[v] {
				gaps[l] = max(gaps[l], min(mostGap, math.Abs(p.verts[v].at-p.verts[w].at)/steepness+leastGap/2))
			}
		}
	}
	for i := range p.arcs {
		if a := &p.arcs[i]; a.Label != "" && p.dir == LeftToRight {
			l := p.verts[a.tail].layer
			gaps[l] = max(gaps[l], math.Ceil(width(labelText(a.Edge), subSize))+labelRoom)
		}
	}
	for _, l := range p.loops {
		at := p.verts[p.local(l.from)].layer
		if l.Label != "" && at < len(gaps)-1 && p.dir == LeftToRight {
			gaps[at] = max(gaps[at], math.Ceil(width(labelText(l.Edge), subSize))+2*loopReach+labelLine)
		}
	}
	for _, g := range gaps {
		all += g
	}
	bands := make([]band, len(p.layers))
	at := 0.0
	for l, t := range p.thickness(all) {
		bands[l] = band{at, at + t}
		at += t + math.Round(gaps[l])
	}
	return bands
}

func labelText(e Edge) string { return shorten(clean(e.Label), subSize, labelLimit) }

// box places the box v in its layer.
func (p *part) box(v int, b band) Box {
	f, at := p.boxes[v], p.verts[v].at
	box := Box{Node: f.node}
	if p.dir == LeftToRight {
		box.W, box.H = b.to-b.from, p.verts[v].size
		box.X, box.Y = b.from, at-box.H/2
	} else {
		box.W, box.H = min(f.width, widestDown), b.to-b.from
		box.X, box.Y = at-box.W/2, b.from
	}
	box.Lines = f.lines(box.W, p.compact)
	return box
}

// point turns a place along and across the arrows into one on the page.
func (p *part) point(along, across float64) Point {
	if p.dir == LeftToRight {
		return Point{along, across}
	}
	return Point{across, along}
}

// arrow routes an arc: out of the tail, straight through every layer between, and
// into the head; for a turned arc, the other way round.
func (p *part) arrow(a *arc, bands []band) Arrow {
	drawn := Arrow{Edge: a.Edge, Text: labelText(a.Edge)}
	for i, v := range a.route {
		b, at := bands[p.verts[v].layer], p.verts[v].at
		if a.turned && !p.isBend(v) {
			at += p.turnedPort(a, i)
		}
		if i > 0 {
			drawn.Points = append(drawn.Points, p.point(b.from, at))
		}
		if i < len(a.route)-1 {
			drawn.Points = append(drawn.Points, p.point(b.to, at))
		}
	}
	drawn.TextAt = middle(drawn.Points[0], drawn.Points[1])
	sign := 1.0
	if a.turned {
		slices.Reverse(drawn.Points)
		sign = -1
	}
	end := &drawn.Points[len(drawn.Points)-1]
	drawn.Tip = *end
	back := p.point(sign*headLength, 0)
	*end = Point{end.X - back.X, end.Y - back.Y}
	return drawn
}

// turnedPort returns how far from the middle of the box at route[i] a turned arc
// ends: so that it runs straight from its bend, if that is about the right place.
func (p *part) turnedPort(a *arc, i int) float64 {
	bend := a.route[1]
	if i > 0 {
		bend = a.route[i-1]
	}
	if d := p.verts[bend].at - p.verts[a.route[i]].at; p.isBend(bend) && d >= turnedPort-4 && d <= turnedPort+2 {
		return d
	}
	return turnedPort
}

func middle(a, b Point) Point { return Point{(a.X + b.X) / 2, (a.Y + b.Y) / 2} }

// loop routes an arrow from a box to itself, on its right side.
func loop(e Edge, b Box) Arrow {
	right, y := b.X+b.W, b.Y+b.H/2
	text := labelText(e)
	return Arrow{
		Edge: e,
		Points: []Point{
			{right, y - loopSpread},
			{right + loopReach, y - 1.5*loopSpread},
			{right + loopReach, y + 1.5*loopSpread},
			{right + headLength, y + loopSpread},
		},
		Tip:    Point{right, y + loopSpread},
		Text:   text,
		TextAt: Point{right + loopReach + width(text, subSize)/2, y},
	}
}

// settleLabels moves the labels of one gap apart so that all can be read.
func (p *part) settleLabels(arrows []Arrow) {
	type spot struct {
		at   *float64 // across the direction of the arrows
		size float64
		gap  float64 // where the gap is along them
	}
	var spots []spot
	for i := range arrows {
		switch a := &arrows[i]; {
		case a.Text == "":
		case p.dir == LeftToRight:
			spots = append(spots, spot{&a.TextAt.Y, labelLine, a.TextAt.X})
		default:
			spots = append(spots, spot{&a.TextAt.X, width(a.Text, subSize) + labelLine/2, a.TextAt.Y})
		}
	}
	slices.SortStableFunc(spots, func(a, b spot) int {
		return cmp.Or(cmp.Compare(a.gap, b.gap), cmp.Compare(*a.at, *b.at))
	})
	var s settler
	for len(spots) > 0 {
		n := 1
		for n < len(spots) && spots[n].gap == spots[0].gap {
			n++
		}
		s.reset()
		offsets := make([]float64, n)
		for i, sp := range spots[:n] {
			if i > 0 {
				offsets[i] = offsets[i-1] + (spots[i-1].size+sp.size)/2
			}
			s.add(*sp.at-offsets[i], 1)
		}
		for i := range n {
			*spots[i].at = s.at(i) + offsets[i]
		}
		spots = spots[n:]
	}
}

// fit moves a drawing to the origin and sets its size.
func (d *Drawing) fit() {
	low, high := Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
	cover := func(x, y float64) {
		low = Point{min(low.X, x), min(low.Y, y)}
		high = Point{max(high.X, x), max(high.Y, y)}
	}
	for _, b := range d.Boxes {
		cover(b.X, b.Y)
		cover(b.X+b.W, b.Y+b.H)
	}
	for _, a := range d.Arrows {
		for _, q := range a.Points {
			cover(q.X, q.Y)
		}
		if a.Text != "" {
			half := width(a.Text, subSize) / 2
			cover(a.TextAt.X-half, a.TextAt.Y-labelLine/2)
			cover(a.TextAt.X+half, a.TextAt.Y+labelLine/2)
		}
	}
	d.shift(-low.X, -low.Y)
	d.Width, d.Height = math.Ceil(high.X-low.X), math.Ceil(high.Y-low.Y)
}
