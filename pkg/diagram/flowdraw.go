package diagram

import (
	"cmp"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/safehtml"
)

// FlowDrawing is a Flow whose every part has its place, in CSS pixels from the upper left
// corner.
type FlowDrawing struct {
	Width, Height float64

	frames []flowFrame
	boxes  []flowBox
	lines  []flowPath
}

type flowFrame struct {
	x, y, w, h float64
	title      []string
}

type flowBox struct {
	x, y, w, h float64
	shape      Shape
	lines      []string
}

// flowPath is a line: strokes of points, of which two that stand neither above nor beside
// each other are joined by a curve.
type flowPath struct {
	FlowEdge
	strokes  [][]Point
	vertical bool // curves begin and end upright
	label    *flowLabel
	loop     bool // the stroke is one curve, and its middle points are control points
}

type flowLabel struct {
	lines []string
	at    Point // the middle
}

// LayoutFlow gives every part of a Flow its place. No two boxes, labels and titles overlap, and
// no line runs through one of them, but in charts with so many long lines that their bends
// would be too much work.
//
// A chart that runs sideways and is wider than a page's column is laid out closer, if it
// fits then: with shorter lines of text and shorter ways between boxes.
func LayoutFlow(f Flow) FlowDrawing {
	d := layoutFlow(f, false)
	if f.Direction.horizontal() && d.Width > flowColumn && d.Width < 1.4*flowColumn {
		if closer := layoutFlow(f, true); closer.Width <= flowColumn {
			return closer
		}
	}
	return d
}

func layoutFlow(f Flow, compact bool) FlowDrawing {
	l := newFlowLayout(f, compact)
	root := l.levels[0]
	l.prepare(root)
	l.settle(root)
	d := FlowDrawing{Width: root.w, Height: root.h}
	l.collect(&d, root, Point{})
	for i := range l.Edges {
		if path, ok := l.join(i); ok {
			d.lines = append(d.lines, path)
		}
	}
	d.fit()
	return d
}

// fit cuts off what is empty around the drawing: the room that loops leave free.
func (d *FlowDrawing) fit() {
	low, high := Point{math.Inf(1), math.Inf(1)}, Point{}
	cover := func(x, y float64) {
		low = Point{min(low.X, x), min(low.Y, y)}
		high = Point{max(high.X, x), max(high.Y, y)}
	}
	for _, f := range d.frames {
		cover(f.x, f.y)
		cover(f.x+f.w, f.y+f.h)
	}
	for _, b := range d.boxes {
		cover(b.x, b.y)
		cover(b.x+b.w, b.y+b.h)
	}
	for _, p := range d.lines {
		for _, s := range p.strokes {
			for _, q := range s {
				cover(q.X, q.Y)
			}
		}
		if p.label != nil {
			w, h := textSize(p.label.lines, flowLabelSize, flowLabelLine)
			cover(p.label.at.X-w/2, p.label.at.Y-h/2)
			cover(p.label.at.X+w/2, p.label.at.Y+h/2)
		}
	}
	if low.X > high.X { // there is nothing
		low = high
	}
	d.shift(margin-low.X, margin-low.Y)
	d.Width, d.Height = math.Ceil(high.X-low.X)+2*margin, math.Ceil(high.Y-low.Y)+2*margin
}

// shift moves everything in a drawing.
func (d *FlowDrawing) shift(dx, dy float64) {
	for i := range d.frames {
		d.frames[i].x += dx
		d.frames[i].y += dy
	}
	for i := range d.boxes {
		d.boxes[i].x += dx
		d.boxes[i].y += dy
	}
	for _, p := range d.lines {
		for _, s := range p.strokes {
			for k := range s {
				s[k] = Point{s[k].X + dx, s[k].Y + dy}
			}
		}
		if p.label != nil {
			p.label.at = Point{p.label.at.X + dx, p.label.at.Y + dy}
		}
	}
}

// collect moves what stands in a level to its place on the page.
func (l *flowLayout) collect(d *FlowDrawing, lv *level, corner Point) {
	for _, p := range lv.parts {
		for i := range p.ways {
			l.shiftPieces(p.ways[i].edge, lv, corner)
		}
	}
	for _, b := range lv.boxes {
		x, y := b.x+corner.X, b.y+corner.Y
		if b.kind == nodeItem {
			d.boxes = append(d.boxes, flowBox{x, y, b.w, b.h, l.Nodes[b.index].Shape, l.faces[b.index].lines})
			continue
		}
		in := l.levels[b.index]
		d.frames = append(d.frames, flowFrame{x, y, b.w, b.h, in.title})
		l.collect(d, in, Point{x, y})
	}
	l.loops(d, lv, corner)
}

// shiftPieces moves the pieces of an edge that were noted in a level.
func (l *flowLayout) shiftPieces(edge int, lv *level, corner Point) {
	for i := range l.pieces[edge] {
		p := &l.pieces[edge][i]
		if p.level != lv {
			continue
		}
		for _, s := range p.strokes {
			for k := range s {
				s[k] = Point{s[k].X + corner.X, s[k].Y + corner.Y}
			}
		}
		if p.label != nil {
			p.label.at = Point{p.label.at.X + corner.X, p.label.at.Y + corner.Y}
		}
	}
}

// join puts the pieces of an edge together.
func (l *flowLayout) join(edge int) (flowPath, bool) {
	pieces := l.pieces[edge]
	if len(pieces) == 0 || l.Edges[edge].Stroke == Invisible {
		return flowPath{}, false
	}
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Compare(a.rank, b.rank) })
	path := flowPath{FlowEdge: l.Edges[edge]}
	turned := false
	for i, p := range pieces {
		strokes := p.strokes
		if i > 0 {
			last := &path.strokes[len(path.strokes)-1]
			*last = append(*last, strokes[0]...)
			strokes = strokes[1:]
		}
		path.strokes = append(path.strokes, strokes...)
		if p.label != nil {
			path.label = p.label
		}
		if p.rank == 0 {
			turned, path.vertical = p.turned, !p.level.dir.horizontal()
		}
	}
	if turned {
		slices.Reverse(path.strokes)
		for _, s := range path.strokes {
			slices.Reverse(s)
		}
	}
	if lines := path.labelLines(); path.label == nil && len(lines) > 0 {
		s := path.strokes[0]
		path.label = &flowLabel{lines, middle(s[len(s)/2-1], s[len(s)/2])}
	}
	path.end(true)
	path.end(false)
	for i, s := range path.strokes {
		path.strokes[i] = straightened(s)
	}
	return path, true
}

// tipped returns the point from which a line arrives at its end, and the end.
func (p flowPath) tipped(head bool) (from, tip Point) {
	s := p.strokes[0]
	if !head {
		return s[1], s[0]
	}
	s = p.strokes[len(p.strokes)-1]
	return s[len(s)-2], s[len(s)-1]
}

// end makes room for an arrow's head: the line ends before it, upright to its box.
func (p *flowPath) end(head bool) {
	kind := p.Head
	if !head {
		kind = p.Tail
	}
	if kind == NoHead {
		return
	}
	from, tip := p.tipped(head)
	before := Point{tip.X - sign(tip.X-from.X)*headLength, tip.Y}
	if p.vertical {
		before = Point{tip.X, tip.Y - sign(tip.Y-from.Y)*headLength}
	}
	if head {
		s := &p.strokes[len(p.strokes)-1]
		*s = append((*s)[:len(*s)-1:len(*s)-1], before, tip)
		return
	}
	p.strokes[0] = append([]Point{tip, before}, p.strokes[0][1:]...)
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// straightened leaves out points in the middle of straight lines, and those said twice.
func straightened(s []Point) []Point {
	var out []Point
	for _, q := range s {
		n := len(out)
		if n > 0 && near(out[n-1], q) {
			continue
		}
		if n > 1 && (flat(out[n-2].X, out[n-1].X, q.X) || flat(out[n-2].Y, out[n-1].Y, q.Y)) {
			out[n-1] = q
			continue
		}
		out = append(out, q)
	}
	return out
}

func near(a, b Point) bool { return same(a.X, b.X) && same(a.Y, b.Y) }

func flat(a, b, c float64) bool { return same(a, b) && same(b, c) }

// same compares places as they are written, with one decimal.
func same(a, b float64) bool { return a-b < 0.05 && b-a < 0.05 }

// loops draws the lines that lead back to where they come from: beside their boxes, where
// place has kept room.
func (l *flowLayout) loops(d *FlowDrawing, lv *level, corner Point) {
	for _, p := range lv.parts {
		for _, e := range p.loops {
			it, _ := l.itemOf(lv.group, l.Edges[e].From)
			i := slices.IndexFunc(lv.boxes, func(b placedItem) bool { return b.item == it })
			b := lv.boxes[i]
			b.x, b.y = b.x+corner.X, b.y+corner.Y
			if l.Edges[e].Stroke != Invisible {
				d.lines = append(d.lines, l.loop(l.Edges[e], b, lv.dir))
			}
		}
	}
}

func (l *flowLayout) loop(e FlowEdge, b placedItem, dir Direction) flowPath {
	side := 0.0
	if b.kind == nodeItem {
		side = l.Nodes[b.index].Shape.inset(b.w, b.h, loopSpread, !dir.horizontal())
	}
	lines := e.labelLines()
	w, h := textSize(lines, flowLabelSize, flowLabelLine)
	path := flowPath{FlowEdge: e, loop: true, vertical: dir.horizontal()}
	var s []Point
	if dir.horizontal() { // below the box
		x, y := b.x+b.w/2, b.y+b.h-side
		s = []Point{{x - loopSpread, y}, {x - 1.5*loopSpread, y + loopReach}, {x + 1.5*loopSpread, y + loopReach}, {x + loopSpread, y + headLength}, {x + loopSpread, y}}
		path.label = &flowLabel{lines, Point{x, y + loopReach*0.8 + 3 + h/2}}
	} else {
		x, y := b.x+b.w-side, b.y+b.h/2
		s = []Point{{x, y - loopSpread}, {x + loopReach, y - 1.5*loopSpread}, {x + loopReach, y + 1.5*loopSpread}, {x + headLength, y + loopSpread}, {x, y + loopSpread}}
		path.label = &flowLabel{lines, Point{x + loopReach*0.8 + 5 + w/2, y}}
	}
	if len(lines) == 0 {
		path.label = nil
	}
	path.strokes = [][]Point{s}
	return path
}

// SVG draws a Flow. title is its accessible name. It is an image: what it says is to be
// said in words beside it.
func (d FlowDrawing) SVG(title string) template.HTML {
	s := safehtml.NewSVG(d.Width, d.Height).
		Attr("class", "dg dg-flow").Attr("role", "img").Attr("aria-label", title).Attr("direction", "ltr")
	s.Open("g").Attr("fill", "none").Attr("stroke", "currentColor").Num("font-size", flowLabelSize)
	for _, f := range d.frames {
		f.draw(s)
	}
	d.drawLines(s)
	s.Close()
	s.Open("g").Attr("fill", "none").Attr("stroke", "currentColor").Num("font-size", labelSize).Attr("text-anchor", "middle")
	for _, b := range d.boxes {
		b.draw(s)
	}
	s.Close()
	s.Open("g").Attr("fill", "currentColor").Num("font-size", flowLabelSize).Attr("text-anchor", "middle")
	for _, p := range d.lines {
		if p.label != nil {
			WriteLines(s, "dg-label", p.label.lines, p.label.at.X, p.label.at.Y, flowLabelLine, flowLabelSize)
		}
	}
	return s.HTML()
}

func (f flowFrame) draw(s *safehtml.SVG) {
	s.Open("g").Attr("class", "dg-frame")
	s.Open("rect").Num("x", f.x).Num("y", f.y).Num("width", f.w).Num("height", f.h).Close()
	if len(f.title) > 0 {
		s.Open("text").Num("x", f.x+10).Num("y", f.y+18).Text(f.title[0]).Close()
	}
	s.Close()
}

// drawLines draws the lines of a kind in one path, and their heads in another.
func (d FlowDrawing) drawLines(s *safehtml.SVG) {
	var heads, open safehtml.Path
	anyHead, anyOpen := false, false
	for stroke, class := range []string{Solid: "dg-line", Dotted: "dg-line dg-optional", Thick: "dg-line dg-thick"} {
		var lines safehtml.Path
		found := false
		for _, p := range d.lines {
			if int(p.Stroke) == stroke {
				p.draw(&lines)
				found = true
			}
		}
		if found {
			s.Open("path").Attr("class", class).Path(&lines).Close()
		}
	}
	for _, p := range d.lines {
		for _, h := range [...]struct {
			head bool
			kind Head
		}{{true, p.Head}, {false, p.Tail}} {
			switch h.kind {
			case NoHead:
			case CrossHead:
				anyOpen = true
				p.drawHead(&open, h.kind, h.head)
			case ArrowHead, DotHead:
				anyHead = true
				p.drawHead(&heads, h.kind, h.head)
			}
		}
	}
	if anyHead {
		s.Open("path").Attr("class", "dg-head").Path(&heads).Close()
	}
	if anyOpen {
		s.Open("path").Attr("class", "dg-line").Path(&open).Close()
	}
}

func (p flowPath) draw(line *safehtml.Path) {
	for i, s := range p.strokes {
		first, last := i == 0, i == len(p.strokes)-1
		if p.loop {
			line.Move(s[0].X, s[0].Y).Curve(s[1].X, s[1].Y, s[2].X, s[2].Y, s[3].X, s[3].Y)
			continue
		}
		if first && p.Tail != NoHead && p.Tail != CrossHead && len(s) > 1 {
			s = p.trimmed(s, true)
		}
		if last && p.Head != NoHead && p.Head != CrossHead && len(s) > 1 {
			s = p.trimmed(s, false)
		}
		line.Move(s[0].X, s[0].Y)
		for k := 1; k < len(s); k++ {
			a, b := s[k-1], s[k]
			switch mid := middle(a, b); {
			case same(a.X, b.X) || same(a.Y, b.Y):
				line.Line(b.X, b.Y)
			case p.vertical:
				line.Curve(a.X, mid.Y, b.X, mid.Y, b.X, b.Y)
			default:
				line.Curve(mid.X, a.Y, mid.X, b.Y, b.X, b.Y)
			}
		}
	}
}

// trimmed ends a stroke where the head begins, which hides a blunt end.
func (p flowPath) trimmed(s []Point, first bool) []Point {
	s = slices.Clone(s)
	a, b := &s[len(s)-1], s[len(s)-2]
	if first {
		a, b = &s[0], s[1]
	}
	if p.vertical {
		a.Y -= sign(a.Y-b.Y) * headLength
	} else {
		a.X -= sign(a.X-b.X) * headLength
	}
	return s
}

// drawHead draws what a line ends in.
func (p flowPath) drawHead(path *safehtml.Path, kind Head, head bool) {
	from, tip := p.tipped(head)
	if p.vertical {
		drawHead(path, kind, tip, 0, sign(tip.Y-from.Y))
	} else {
		drawHead(path, kind, tip, sign(tip.X-from.X), 0)
	}
}

// drawHead draws an arrow's head, a dot or a cross that points along dx, dy, which is one
// pixel along an axis.
func drawHead(path *safehtml.Path, kind Head, tip Point, dx, dy float64) {
	base := Point{tip.X - dx*headLength, tip.Y - dy*headLength}
	switch mid := middle(tip, base); kind {
	case ArrowHead:
		path.Move(base.X-dy*headWidth, base.Y+dx*headWidth).Line(tip.X, tip.Y).Line(base.X+dy*headWidth, base.Y-dx*headWidth).Close()
	case DotHead:
		circle(path, mid, headWidth)
	case CrossHead:
		r := headWidth
		path.Move(mid.X-r, mid.Y-r).Line(mid.X+r, mid.Y+r).Move(mid.X+r, mid.Y-r).Line(mid.X-r, mid.Y+r)
	case NoHead:
	}
}

// circle draws a circle as four curves.
func circle(path *safehtml.Path, m Point, r float64) { ellipse(path, m, r, r) }

func ellipse(path *safehtml.Path, m Point, rx, ry float64) {
	const k = 0.5523 // of the radius: where the control points of a quarter are
	path.Move(m.X-rx, m.Y).
		Curve(m.X-rx, m.Y-k*ry, m.X-k*rx, m.Y-ry, m.X, m.Y-ry).
		Curve(m.X+k*rx, m.Y-ry, m.X+rx, m.Y-k*ry, m.X+rx, m.Y).
		Curve(m.X+rx, m.Y+k*ry, m.X+k*rx, m.Y+ry, m.X, m.Y+ry).
		Curve(m.X-k*rx, m.Y+ry, m.X-rx, m.Y+k*ry, m.X-rx, m.Y).Close()
}

// WriteLines writes lines of text around a middle.
func WriteLines(s *safehtml.SVG, class string, lines []string, x, y, height, size float64) {
	y -= height * float64(len(lines)-1) / 2
	for i, line := range lines {
		if line == "" {
			continue
		}
		s.Open("text")
		if class != "" {
			s.Attr("class", class)
		}
		s.Num("x", x).Num("y", y+height*float64(i)+size*0.35).Text(strings.TrimSpace(line)).Close()
	}
}
