package diagram

import (
	"cmp"
	"math"
	"slices"
)

// Distances in a Flow along the lines, in pixels.
const (
	flowGap      = 34.0 // between layers of boxes
	flowShortGap = 17.0 // between a box and a label
	flowMostGap  = 84.0
	flowSteep    = 6.0 // pixels across that a line may go for each pixel along
	flowPartGap  = 26.0
	flowColumn   = 720.0 // the width that parts without a connection share
)

// settle gives everything in a level its place, from the innermost levels out.
func (l *flowLayout) settle(lv *level) {
	for _, it := range lv.items {
		if it.kind == groupItem {
			l.settle(l.levels[it.index])
		}
	}
	lv.padding()
	for _, p := range lv.parts {
		l.place(lv, p)
	}
	lv.pack()
	lv.frame()
	for _, p := range lv.parts {
		l.put(lv, p)
	}
}

// padding decides how far from its frame the inside of a level stands.
func (lv *level) padding() {
	pad, top := flowPad, flowPad
	if len(lv.title) > 0 {
		top = flowTitle
	}
	if lv.group == 0 {
		pad, top = margin, margin
	}
	lv.padStart, lv.padEnd, lv.up = pad, pad, pad
	switch lv.dir {
	case TopDown:
		lv.padStart = top
	case BottomUp:
		lv.padEnd = top
	case LeftToRight, RightToLeft:
		lv.up = top
	}
}

// place lays out one part.
func (l *flowLayout) place(lv *level, p *flowPart) {
	p.extent = make([]float64, len(p.items))
	for v, it := range p.items {
		p.extent[v], p.verts[v].size = l.itemSize(lv, it)
	}
	for _, e := range p.loops {
		a, _ := l.itemOf(lv.group, l.Edges[e].From)
		v := slices.Index(p.items, a)
		w, h := textSize(l.Edges[e].labelLines(), flowLabelSize, flowLabelLine)
		p.extent[v], p.verts[v].size = max(p.extent[v], 4*loopSpread), p.verts[v].size+2*(loopReach+4)
		if lv.dir.horizontal() {
			p.extent[v], p.verts[v].size = max(p.extent[v], w), p.verts[v].size+2*h
		} else {
			p.extent[v], p.verts[v].size = max(p.extent[v], h), p.verts[v].size+2*w
		}
	}
	p.mostBends = max(l.bends, 1)
	p.bend()
	l.bends -= len(p.verts) - len(p.items)
	p.placeLabels(lv)
	l.lean(p)
	l.order(p)
	p.part.place(&l.steps)
	l.untangle(p)
	l.partEnds(lv, p)
	p.setBands()
}

// untangle gives lines that lead to the same box inside a group the ports in their order
// outside, which was not known when the inside was laid out.
func (l *flowLayout) untangle(p *flowPart) {
	type key struct {
		v    int
		head bool
		end  End
		kind Head
	}
	type use struct {
		port *int // counted from 1
		edge int
		at   float64 // where the line comes from, outside
	}
	uses := map[key][]use{}
	note := func(i, v int, head bool, near int, port *int) {
		if *port == 0 {
			return
		}
		in := l.levels[p.items[v].index].ports[*port-1]
		e := l.Edges[in.edge]
		kind := e.Head
		if e.From == in.end {
			kind = e.Tail
		}
		k := key{v, head, in.end, kind}
		uses[k] = append(uses[k], use{port, p.ways[i].edge, p.verts[near].at})
	}
	for i, a := range p.arcs {
		r := a.route
		note(i, a.tail, false, r[1], &p.ways[i].tail)
		note(i, a.head, true, r[len(r)-2], &p.ways[i].head)
	}
	for k, us := range uses {
		if len(us) < 2 {
			continue
		}
		ports := l.levels[p.items[k.v].index].ports
		slices.SortStableFunc(us, func(a, b use) int { return cmp.Compare(a.at, b.at) })
		order := make([]int, len(us)) // the ports across
		for i, u := range us {
			order[i] = *u.port
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ports[a-1].at, ports[b-1].at) })
		l.exchange(p.items[k.v].index, order, func(i int) (*int, int) { return us[i].port, us[i].edge })
	}
}

// exchange gives the i-th of some lines the port order[i], and what is drawn of it inside.
func (l *flowLayout) exchange(group int, order []int, line func(i int) (port *int, edge int)) {
	ports := l.levels[group].ports
	drawn := make(map[int]map[*level][][]Point, len(order)) // by port
	for _, o := range order {
		drawn[o] = map[*level][][]Point{}
		for _, pc := range l.pieces[ports[o-1].edge] {
			if l.within(pc.level, group) {
				drawn[o][pc.level] = pc.strokes
			}
		}
	}
	for i, o := range order {
		port, edge := line(i)
		for k := range l.pieces[edge] {
			pc := &l.pieces[edge][k]
			if strokes, ok := drawn[o][pc.level]; ok && l.within(pc.level, group) {
				pc.strokes = strokes
			}
		}
		*port = o
	}
}

// within reports whether a level is that of a group, or of one in it.
func (l *flowLayout) within(lv *level, group int) bool {
	for g := lv.group; g > 0; g = l.Groups[g-1].In {
		if g == group {
			return true
		}
	}
	return false
}

// endGap is how far from the middle of a side lines leave and arrive, if both are there.
const endGap = 8.0

// partEnds moves the ends of lines on sides of boxes where some leave and some arrive:
// these to one half of the side and those to the other, so that heads tell which is which.
func (l *flowLayout) partEnds(lv *level, p *flowPart) {
	p.ends = make([][2]float64, len(p.arcs))
	type side struct {
		v    int
		head bool // the side on which lines come in
	}
	type end struct{ arc, arriving int }
	sides := map[side][]end{}
	for i, a := range p.arcs {
		e := l.Edges[p.ways[i].edge]
		tail, head := e.Tail, e.Head
		if a.turned {
			tail, head = head, tail
		}
		for _, s := range [...]struct {
			side
			kind Head
			port int
		}{{side{a.tail, false}, tail, p.ways[i].tail}, {side{a.head, true}, head, p.ways[i].head}} {
			arriving := 0
			if s.kind != NoHead {
				arriving = 1
			}
			if k := p.items[s.v].kind; k == nodeItem || k == groupItem && s.port == 0 {
				sides[s.side] = append(sides[s.side], end{i, arriving})
			}
		}
	}
	for s, ends := range sides {
		var sum, count [2]float64
		for _, e := range ends {
			r := p.arcs[e.arc].route
			near := r[1]
			if s.head {
				near = r[len(r)-2]
			}
			sum[e.arriving] += p.verts[near].at
			count[e.arriving]++
		}
		if count[0] == 0 || count[1] == 0 {
			continue
		}
		off := [2]float64{-endGap, endGap}
		if sum[0]/count[0] > sum[1]/count[1] {
			off = [2]float64{endGap, -endGap}
		}
		_, across := l.itemSize(lv, p.items[s.v])
		for _, e := range ends {
			k := 0
			if s.head {
				k = 1
			}
			p.ends[e.arc][k] = max(min(off[e.arriving], across/4), -across/4)
		}
	}
}

// order finds an order with few crossings: the best of what comes of the author's order,
// of that with long lines first, and of that turned round.
func (l *flowLayout) order(p *flowPart) {
	begin := p.snapshot()
	p.order(&l.steps)
	for try := 0; try < 2 && len(p.layers) > 1; try++ {
		best, fewest := p.snapshot(), p.crossings()
		if fewest == 0 || l.steps <= 0 {
			return
		}
		p.restore(begin)
		begin = p.snapshot()
		for _, layer := range p.layers {
			if try == 0 {
				slices.SortStableFunc(layer, func(a, b int) int { return cmp.Compare(p.longFirst(a), p.longFirst(b)) })
			} else {
				slices.Reverse(layer)
			}
			p.number(layer)
		}
		if try == 0 { // from the ends of the lines to their beginnings
			back := slices.Clone(p.layers[:len(p.layers)-1])
			slices.Reverse(back)
			p.sweep(back, p.after)
		}
		for _, layer := range p.layers {
			p.titleFirst(layer)
			p.number(layer)
		}
		if p.order(&l.steps); p.crossings() >= fewest {
			p.restore(best)
		}
	}
}

func (p *flowPart) longFirst(v int) int {
	if p.isBend(v) {
		return 0
	}
	return 1
}

// titleFirst puts the place of a title before all others in its layer again.
func (p *flowPart) titleFirst(layer []int) {
	if i := slices.IndexFunc(layer, func(v int) bool { return !p.isBend(v) && p.items[v].kind == titleItem }); i > 0 {
		copy(layer[1:i+1], layer[:i])
		layer[0] = 0 // it is the first item of its part
	}
}

// itemSize returns the extent of an item along the lines and across.
func (l *flowLayout) itemSize(lv *level, it item) (along, across float64) {
	var w, h float64
	switch it.kind {
	case nodeItem:
		w, h = l.faces[it.index].w, l.faces[it.index].h
	case groupItem:
		w, h = l.levels[it.index].w, l.levels[it.index].h
	case titleItem:
		w, _ := textSize(lv.title, flowLabelSize, flowLabelLine)
		return 0, w
	case portItem:
		return 0, 0
	}
	if lv.dir.horizontal() {
		return w, h
	}
	return h, w
}

// placeLabels gives the label of each line one of its bends: the first in a layer that
// holds no box, else the one in the middle.
func (p *flowPart) placeLabels(lv *level) {
	holdsBox := make([]bool, len(p.layers))
	for v := range p.items {
		holdsBox[p.verts[v].layer] = true
	}
	p.label = make([]int, len(p.verts))
	p.extent = append(p.extent, make([]float64, len(p.verts)-len(p.items))...)
	for i, w := range p.ways {
		r := p.arcs[i].route
		if !w.labelled || len(r) < 3 {
			continue
		}
		v := r[len(r)/2]
		for k := range len(r) - 2 {
			b := r[1+k]
			if p.arcs[i].turned { // beside the box that the line comes from
				b = r[len(r)-2-k]
			}
			if !holdsBox[p.verts[b].layer] {
				v = b
				break
			}
		}
		p.label[v] = i + 1
		tw, th := textSize(w.lines, flowLabelSize, flowLabelLine)
		if lv.dir.horizontal() {
			p.extent[v], p.verts[v].size = tw+10, th
		} else {
			p.extent[v], p.verts[v].size = th+4, tw+8
		}
	}
}

// lean notes for lines that end off the middle of a group where their other ends would
// stand best.
func (l *flowLayout) lean(p *flowPart) {
	if !slices.ContainsFunc(p.ways, func(w way) bool { return w.tail > 0 || w.head > 0 }) {
		return
	}
	p.leans = map[[2]int]float64{}
	count := map[[2]int]float64{}
	for i, w := range p.ways {
		r := p.arcs[i].route
		for k := 1; k < len(r); k++ {
			d := 0.0
			if k == 1 {
				d -= l.portAt(p.items[r[0]], w.tail)
			}
			if k == len(r)-1 {
				d += l.portAt(p.items[r[k]], w.head)
			}
			p.leans[[2]int{r[k-1], r[k]}] += d
			p.leans[[2]int{r[k], r[k-1]}] -= d
			count[[2]int{r[k-1], r[k]}]++
		}
	}
	for vw, n := range count {
		p.leans[vw] /= n
		p.leans[[2]int{vw[1], vw[0]}] /= n
	}
}

// portAt returns where, from the middle of an item, a line ends: at a port, counted from
// 1, or in the middle.
func (l *flowLayout) portAt(it item, port int) float64 {
	if port == 0 {
		return 0
	}
	return l.levels[it.index].ports[port-1].at
}

// setBands places the layers one behind the other, and notes the extent of the part.
func (p *flowPart) setBands() {
	boxes := make([]bool, len(p.layers))
	thick := make([]float64, len(p.layers))
	p.low, p.high = math.Inf(1), math.Inf(-1)
	for v := range p.verts {
		l := p.verts[v].layer
		thick[l] = max(thick[l], p.extent[v])
		boxes[l] = boxes[l] || v < len(p.items) && p.extent[v] > 0
		p.low = min(p.low, p.verts[v].at-p.verts[v].size/2)
		p.high = max(p.high, p.verts[v].at+p.verts[v].size/2)
	}
	p.bands = make([]band, len(p.layers))
	at := 0.0
	for l := range p.layers {
		p.bands[l] = band{at, at + thick[l]}
		if at += thick[l]; l+1 == len(p.layers) {
			break
		}
		gap := flowGap
		if !boxes[l] || !boxes[l+1] {
			gap = flowShortGap
		}
		if p.compact {
			gap *= 0.8
		}
		least := gap
		for _, v := range p.layers[l] {
			for _, w := range p.after[v] {
				d := math.Abs(p.verts[w].at + p.leans[[2]int{v, w}] - p.verts[v].at)
				gap = max(gap, min(flowMostGap, d/flowSteep+least*2/3))
			}
		}
		at += math.Round(gap)
	}
	p.along = at
}

// pack sets the parts of a level beside each other: those with ports in a row, so that
// nothing stands between them and the frame, the others behind them, in rows of their own.
func (lv *level) pack() {
	at := 0.0
	var free []*flowPart
	for _, p := range lv.parts {
		if !p.hasPort(lv, true) && !p.hasPort(lv, false) {
			free = append(free, p)
			continue
		}
		p.offset = Point{0, at - p.low}
		at += p.high - p.low + flowPartGap
		lv.along = max(lv.along, p.along)
		lv.across = at - flowPartGap
	}
	limit := flowColumn
	if lv.dir.horizontal() {
		limit = 0
		for _, p := range free {
			limit = max(limit, p.along)
		}
	}
	row := Point{0, at} // where the next part stands
	deep := 0.0         // how deep the row is
	for _, p := range free {
		along, across := p.along, p.high-p.low
		if lv.dir.horizontal() {
			if row.X > 0 && row.X+along > limit {
				row, deep = Point{0, row.Y + deep + flowPartGap}, 0
			}
			p.offset = Point{row.X, row.Y - p.low}
			row.X, deep = row.X+along+flowPartGap, max(deep, across)
		} else {
			if row.Y > at && row.Y+across > limit {
				row, deep = Point{row.X + deep + flowPartGap, at}, 0
			}
			p.offset = Point{row.X, row.Y - p.low}
			row.Y, deep = row.Y+across+flowPartGap, max(deep, along)
		}
		lv.along = max(lv.along, p.offset.X+along)
		lv.across = max(lv.across, p.offset.Y+p.high)
	}
}

// frame decides the extent of a level on the page, which has room for the title, too.
func (lv *level) frame() {
	title, _ := textSize(lv.title, flowLabelSize, flowLabelLine)
	if least := title + 4; lv.dir.horizontal() && lv.along < least {
		lv.padStart += (least - lv.along) / 2
		lv.padEnd = lv.padStart
	} else if !lv.dir.horizontal() && lv.across < least {
		for _, p := range lv.parts {
			p.offset.Y += (least - lv.across) / 2
		}
		lv.across = least
	}
	along := lv.padStart + lv.along + lv.padEnd
	if lv.dir.horizontal() {
		lv.w, lv.h = along, lv.up+lv.across+min(lv.up, flowPad)
		return
	}
	lv.w, lv.h = 2*lv.up+lv.across, along
}

// at turns a place along and across into one on the page, from the corner of the level.
func (lv *level) at(along, across float64) Point {
	along += lv.padStart
	if lv.dir.flips() {
		along = lv.padStart + lv.along + lv.padEnd - along
	}
	if lv.dir.horizontal() {
		return Point{along, lv.up + across}
	}
	return Point{lv.up + across, along}
}

// put notes the places of what is in a part on the page, and those of its level's ports.
func (l *flowLayout) put(lv *level, p *flowPart) {
	for v, it := range p.items {
		across := p.verts[v].at + p.offset.Y
		switch it.kind {
		case portItem:
			lv.ports[it.index].at = across + lv.up - l.middleOf(lv)
		case nodeItem, groupItem:
			w, h := l.extentOf(it)
			mid := lv.at(p.middle(v)+p.offset.X, across)
			lv.boxes = append(lv.boxes, placedItem{it, mid.X - w/2, mid.Y - h/2, w, h})
		case titleItem:
		}
	}
	for i := range p.arcs {
		l.putArc(lv, p, i)
	}
}

// middleOf returns where the middle of a level's frame is across, from its corner.
func (l *flowLayout) middleOf(lv *level) float64 {
	if lv.dir.horizontal() {
		return lv.h / 2
	}
	return lv.w / 2
}

func (l *flowLayout) extentOf(it item) (w, h float64) {
	if it.kind == groupItem {
		return l.levels[it.index].w, l.levels[it.index].h
	}
	return l.faces[it.index].w, l.faces[it.index].h
}

// middle is where the middle of a vertex is along the lines.
func (p *flowPart) middle(v int) float64 {
	b := p.bands[p.verts[v].layer]
	return (b.from + b.to) / 2
}

// putArc notes the way of an arc: out of its tail, straight through each layer between,
// and into its head, broken where its label stands.
func (l *flowLayout) putArc(lv *level, p *flowPart, i int) {
	a, w := &p.arcs[i], p.ways[i]
	out := piece{turned: a.turned, level: lv}
	switch { // the pieces inside come before and after those outside
	case w.toPort:
		out.rank = -lv.depth
	case w.inPort:
		out.rank = lv.depth
	}
	var stroke []Point
	add := func(along, across float64) {
		stroke = append(stroke, lv.at(along+p.offset.X, across+p.offset.Y))
	}
	for k, v := range a.route {
		b, at := p.bands[p.verts[v].layer], p.verts[v].at
		first, last := k == 0, k == len(a.route)-1
		switch {
		case first:
			at += l.portAt(p.items[v], w.tail) + p.ends[i][0]
			if w.inPort {
				add(-lv.padStart-p.offset.X, at)
			} else {
				add(p.middle(v)+l.reach(lv, p.items[v], lv.dir.flips(), p.ends[i][0]), at)
			}
		case last:
			at += l.portAt(p.items[v], w.head) + p.ends[i][1]
			add(b.from, at)
			if w.toPort {
				add(lv.along+lv.padEnd-p.offset.X, at)
			} else {
				add(p.middle(v)-l.reach(lv, p.items[v], !lv.dir.flips(), p.ends[i][1]), at)
			}
			continue
		default:
			add(b.from, at)
		}
		if p.label[v] == i+1 {
			mid := p.middle(v)
			add(mid-p.extent[v]/2, at)
			out.strokes, stroke = append(out.strokes, stroke), nil
			out.label = &flowLabel{lines: w.lines, at: lv.at(mid+p.offset.X, at+p.offset.Y)}
			add(mid+p.extent[v]/2, at)
		}
		add(b.to, at)
	}
	out.strokes = append(out.strokes, stroke)
	l.pieces[w.edge] = append(l.pieces[w.edge], out)
}

// reach returns how far the outline of an item is from its middle, along the lines, off
// pixels beside the middle of a side; near is the side towards the origin.
func (l *flowLayout) reach(lv *level, it item, near bool, off float64) float64 {
	along, _ := l.itemSize(lv, it)
	if it.kind != nodeItem {
		return along / 2
	}
	f, shape := l.faces[it.index], l.Nodes[it.index].Shape
	if shape == Flag && near && lv.dir.horizontal() {
		return along/2 - flagNotch*(1-2*math.Abs(off)/f.h)
	}
	return along/2 - shape.inset(f.w, f.h, off, lv.dir.horizontal())
}
