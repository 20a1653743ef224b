package mermaid

import (
	"math"

	"github.com/signpost-dev/signpost/pkg/diagram"
)

// Type sizes and extents of a sequence diagram in pixels.
const (
	nameSize    = 13.0
	textSize    = 12.0
	nameLine    = 17.0
	textLine    = 15.0
	nameWidest  = 128.0 // of the name of a participant
	textWidest  = 190.0 // of the text of a message
	noteWidest  = 170.0
	leastColumn = 96.0 // between two lifelines
	beside      = 15.0 // between a lifeline and a text beside it
	bar         = 10.0 // width of an activation
	barStep     = 5.0  // by which a nested one stands further right
	selfWide    = 30.0
	selfHigh    = 20.0
	notePad     = 8.0
	framePad    = 14.0
	tall        = 460.0 // height from which the names stand at the foot, too
	edge        = 2.0
)

// chart is a sequence with its places.
type chart struct {
	*sequence
	names      [][]string // lines of the names
	w          []float64  // widths of the participants' boxes
	x          []float64  // their lifelines
	reachOf    []float64  // how far their activations reach to the right of these
	head       float64    // height of the boxes
	top        float64    // where the boxes begin
	y          float64    // where the next step stands
	left       float64    // extent of all
	right      float64
	active     [][]float64 // by participant, where the activations that are open began
	began      []float64   // where the box stands of one that is made on the way; 0 is at the top
	ended      []float64   // where a lifeline was cut short; 0 is not
	bars       []rect
	notes      []noteBox
	arrows     []arrow
	frames     []frame
	openFrames []int
	at         int // the step that is laid out
}

type rect struct{ x, y, w, h float64 }

type noteBox struct {
	rect
	lines []string
}

// arrow is a message with its place.
type arrow struct {
	step
	x1, x2, y float64
	lines     []string
	textX     float64 // the middle of the text
	textY     float64
	self      bool
}

// frame is a block with its place.
type frame struct {
	rect
	parts    []framePart
	limit    float64 // of the width of their texts
	word     string
	from, to float64 // what it encloses
}

// framePart is a branch of a block: where it begins, and what is said of it.
type framePart struct {
	y     float64
	lines []string
	text  string
}

// layout gives everything its place.
func (s *sequence) layout() *chart {
	c := &chart{sequence: s, active: make([][]float64, len(s.actors)), began: make([]float64, len(s.actors)), ended: make([]float64, len(s.actors))}
	c.columns()
	c.top = edge
	for _, b := range s.boxes {
		if b.label != "" {
			c.top = 26
			break
		}
		c.top = 8
	}
	c.y = c.top + c.head + 12
	c.left, c.right = math.Inf(1), math.Inf(-1)
	for i, x := range c.x {
		c.cover(x-c.w[i]/2, x+c.w[i]/2)
	}
	for i, st := range s.steps {
		c.at = i
		c.step(st)
	}
	for i := range s.actors {
		for len(c.active[i]) > 0 {
			c.deactivate(i)
		}
	}
	c.y += 14
	return c
}

// cover widens the drawing, and the blocks that are open.
func (c *chart) cover(left, right float64) {
	c.left, c.right = min(c.left, left), max(c.right, right)
	for _, f := range c.openFrames {
		c.frames[f].from = min(c.frames[f].from, left)
		c.frames[f].to = max(c.frames[f].to, right)
	}
}

// columns decides where the lifelines stand: as near as names, texts and notes allow.
func (c *chart) columns() {
	n := len(c.actors)
	lines := 1
	for _, a := range c.actors {
		name := diagram.Wrap(a.label, nameSize, nameWidest, 4)
		wide := 0.0
		for _, l := range name {
			wide = max(wide, diagram.TextWidth(l, nameSize))
		}
		c.names = append(c.names, name)
		c.w = append(c.w, math.Ceil(max(wide+24, 64)))
		lines = max(lines, len(name))
		if a.person {
			lines = max(lines, len(name)+1)
		}
	}
	c.head = nameLine*float64(lines) + 14
	c.reachOf = c.widestBars()
	bars := c.reachOf
	gap := make([]float64, n+1) // before each lifeline, and behind the last
	for i := 1; i < n; i++ {
		gap[i] = max(leastColumn, (c.w[i-1]+c.w[i])/2+18)
	}
	for _, b := range c.boxes { // the frames of two boxes must not touch
		if b.from > 0 && b.from < n {
			gap[b.from] = max(gap[b.from], (c.w[b.from-1]+c.w[b.from])/2+34)
		}
		if b.to > 0 && b.to < n {
			gap[b.to] = max(gap[b.to], (c.w[b.to-1]+c.w[b.to])/2+34)
		}
	}
	for _, st := range c.steps {
		switch st.kind {
		case messageStep:
			w := widthOf(diagram.Wrap(st.text, textSize, textWidest, 6))
			switch {
			case st.to == st.from:
				gap[st.from+1] = max(gap[st.from+1], w+bars[st.from]+selfWide+8+beside)
			case st.to > st.from:
				gap[st.from+1] = max(gap[st.from+1], w+2*besideBars(bars[st.from]))
			default:
				gap[st.from] = max(gap[st.from], w+2*besideBars(bars[st.from-1]))
			}
			if c.actors[st.to].created { // whose box may stand between
				if st.to == st.from+1 {
					gap[st.to] = max(gap[st.to], w+2*besideBars(bars[st.from])+c.w[st.to]/2)
				} else if st.to == st.from-1 {
					gap[st.from] = max(gap[st.from], w+2*besideBars(bars[st.to])+c.w[st.to]/2)
				}
			}
		case noteStep:
			w := widthOf(diagram.Wrap(st.text, textSize, noteWidest, 12)) + 2*notePad
			switch {
			case st.word == "left":
				gap[st.from] = max(gap[st.from], w+2*beside+bar)
			case st.word == "right":
				gap[st.to+1] = max(gap[st.to+1], w+2*beside+bars[st.to])
			case st.from == st.to:
				gap[st.from] = max(gap[st.from], w/2+2*beside)
				gap[st.to+1] = max(gap[st.to+1], w/2+2*beside)
			}
		}
	}
	at := 0.0
	for i := range n {
		if i > 0 {
			at += math.Ceil(gap[i])
		}
		c.x = append(c.x, at)
	}
}

// widestBars returns how far the activations of each participant reach to the right of his lifeline.
func (c *chart) widestBars() []float64 {
	open, widest := make([]int, len(c.actors)), make([]float64, len(c.actors))
	for _, st := range c.steps {
		switch st.kind {
		case activateStep:
			open[st.from]++
			widest[st.from] = max(widest[st.from], bar/2+barStep*float64(min(open[st.from], 4)-1))
		case deactivateStep:
			open[st.from] = max(open[st.from]-1, 0)
		default:
		}
	}
	return widest
}

// besideBars returns how far the text of a message stands from a lifeline with such activations.
func besideBars(bars float64) float64 { return max(beside, bars+8) }

func widthOf(lines []string) float64 {
	w := 0.0
	for _, l := range lines {
		w = max(w, diagram.TextWidth(l, textSize))
	}
	return math.Ceil(w)
}

func (c *chart) step(st step) {
	switch st.kind {
	case messageStep:
		c.message(st)
		if c.endsByMessage(c.at - 1) {
			c.ended[c.steps[c.at-1].from] = c.arrows[len(c.arrows)-1].y
			c.y += 6
		}
	case noteStep:
		c.note(st)
	case openStep:
		c.open(st)
	case elseStep:
		f := &c.frames[c.openFrames[len(c.openFrames)-1]]
		c.y += 10
		f.parts = append(f.parts, framePart{y: c.y, text: st.text})
		c.y += f.partHeight(st.text)
	case closeStep:
		c.close()
	case activateStep:
		c.active[st.from] = append(c.active[st.from], c.y-4)
	case deactivateStep:
		c.deactivate(st.from)
	case destroyStep:
		if !c.endsByMessage(c.at) {
			c.ended[st.from] = c.y + 4
			c.y += 12
		}
	}
}

// endsByMessage reports whether a step destroys a participant by the message that follows: where
// that stands, the lifeline ends.
func (c *chart) endsByMessage(at int) bool {
	if at < 0 || at+1 >= len(c.steps) || c.steps[at].kind != destroyStep {
		return false
	}
	i, next := c.steps[at].from, c.steps[at+1]
	return next.kind == messageStep && (next.from == i || next.to == i)
}

func (c *chart) deactivate(i int) {
	open := c.active[i]
	if len(open) == 0 {
		return
	}
	from := open[len(open)-1]
	c.active[i] = open[:len(open)-1]
	x := c.x[i] - bar/2 + barStep*float64(min(len(open)-1, 3))
	c.bars = append(c.bars, rect{x, from, bar, max(c.y-4-from, 12)})
}

// side returns where a message ends at a lifeline: on its left or right, beside the
// activations that are open.
func (c *chart) side(i int, right bool) float64 {
	n := min(len(c.active[i]), 4)
	switch {
	case n == 0:
		return c.x[i]
	case right:
		return c.x[i] + bar/2 + barStep*float64(n-1)
	}
	return c.x[i] - bar/2
}

func (c *chart) message(st step) {
	if st.from == st.to {
		c.selfMessage(st)
		return
	}
	right := st.to > st.from
	m := arrow{step: st, x1: c.side(st.from, right), x2: c.side(st.to, !right)}
	if n := len(c.active[st.to]); n < 4 && st.opens { // its bar begins here
		if m.x2 = c.x[st.to] - bar/2; !right {
			m.x2 = c.x[st.to] + bar/2 + barStep*float64(n)
		}
	}
	next := st.from + 1
	if !right {
		next = st.from - 1
	}
	a, b := c.x[st.from], c.x[next]
	made := c.actors[st.to].created && c.began[st.to] == 0
	if made {
		half := c.w[st.to] / 2
		if !right {
			half = -half
		}
		if m.x2 = c.x[st.to] - half; next == st.to {
			b = m.x2
		}
	}
	room := math.Abs(b-a) - 2*besideBars(c.reachOf[min(st.from, next)])
	m.lines = diagram.Wrap(st.text, textSize, max(room, textWidest/2), 6)
	m.textX = (a + b) / 2
	high := textLine * float64(len(m.lines))
	c.y += 10 + high + 5
	if made {
		c.y = max(c.y, c.y-high-15+c.head/2+8)
		c.began[st.to] = c.y - c.head/2
	}
	m.y = c.y
	m.textY = c.y - 5 - high/2
	c.y += 9
	if made {
		c.y = max(c.y, m.y+c.head/2+4)
		c.cover(c.x[st.to]-c.w[st.to]/2, c.x[st.to]+c.w[st.to]/2)
	}
	c.cover(min(m.x1, m.x2), max(m.x1, m.x2))
	c.arrows = append(c.arrows, m)
}

// selfMessage is one that a participant sends to himself: its text stands on the right.
func (c *chart) selfMessage(st step) {
	x := c.side(st.from, true)
	m := arrow{step: st, x1: x, x2: x, self: true, lines: diagram.Wrap(st.text, textSize, textWidest, 6)}
	w, high := widthOf(m.lines), textLine*float64(len(m.lines))
	c.y += 10 + max(0, (high-selfHigh)/2)
	m.y = c.y
	m.textX, m.textY = x+selfWide+8+w/2, c.y+selfHigh/2
	c.y += selfHigh + max(0, (high-selfHigh)/2) + 9
	c.cover(x, x+selfWide+10+w)
	c.arrows = append(c.arrows, m)
}

func (c *chart) note(st step) {
	n := noteBox{}
	limit := noteWidest
	if st.from != st.to {
		limit = max(limit, c.x[st.to]-c.x[st.from]+40-2*notePad)
	}
	n.lines = diagram.Wrap(st.text, textSize, limit, 12)
	n.w, n.h = widthOf(n.lines)+2*notePad, textLine*float64(max(len(n.lines), 1))+2*notePad
	n.y = c.y + 6
	switch {
	case st.from != st.to:
		n.w = max(n.w, c.x[st.to]-c.x[st.from]+40)
		n.x = (c.x[st.from]+c.x[st.to])/2 - n.w/2
	case st.word == "left":
		n.x = c.side(st.from, false) - beside - n.w
	case st.word == "right":
		n.x = c.side(st.from, true) + beside
	default:
		n.x = c.x[st.from] - n.w/2
	}
	c.y = n.y + n.h + 8
	c.cover(n.x, n.x+n.w)
	c.notes = append(c.notes, n)
}

// open begins a block.
func (c *chart) open(st step) {
	c.y += 8
	f := frame{rect: rect{y: c.y}, word: st.word, from: math.Inf(1), to: math.Inf(-1)}
	f.limit = max(partWidest, c.reach()-tabWidth(st.word))
	f.parts = []framePart{{y: c.y, text: st.text}}
	c.frames = append(c.frames, f)
	c.openFrames = append(c.openFrames, len(c.frames)-1)
	if st.word == "rect" {
		c.y += 6
		return
	}
	c.y += c.frames[len(c.frames)-1].partHeight(st.text)
}

// tabWidth is the width of the word in the corner of a block.
func tabWidth(word string) float64 { return math.Ceil(diagram.TextWidth(word, textSize)*1.16) + 14 }

// partWidest is the width in which the text of a branch is wrapped at least.
const partWidest = 150.0

// reach returns how far apart the outermost participants in the block stand that begins
// with the present step.
func (c *chart) reach() float64 {
	from, to, depth := len(c.x), -1, 0
	for _, st := range c.steps[c.at:] {
		switch st.kind {
		case openStep:
			depth++
		case closeStep:
			depth--
		case messageStep, noteStep:
			from, to = min(from, st.from, st.to), max(to, st.from, st.to)
		case elseStep, activateStep, deactivateStep, destroyStep:
		}
		if depth == 0 {
			break
		}
	}
	if to < 0 {
		return 0
	}
	return c.x[to] - c.x[from]
}

// partHeight is the height of the head of a branch.
func (f *frame) partHeight(text string) float64 {
	if text == "" {
		return 20
	}
	return textLine*float64(len(f.wrap(text))) + 6
}

func (f *frame) wrap(text string) []string {
	return diagram.Wrap("["+text+"]", textSize, f.limit, 4)
}

func (c *chart) close() {
	n := len(c.openFrames) - 1
	f := &c.frames[c.openFrames[n]]
	c.openFrames = c.openFrames[:n]
	if math.IsInf(f.from, 1) { // nothing is in it
		f.from, f.to = c.x0(), c.x0()
	}
	c.y += 6
	pad := framePad + barStep
	f.x, f.w, f.h = f.from-pad, f.to-f.from+2*pad, c.y-f.y
	least := 0.0
	for i := range f.parts {
		p := &f.parts[i]
		if p.text != "" {
			p.lines = f.wrap(p.text)
		}
		w := widthOf(p.lines) + 20
		if i == 0 && f.word != "rect" {
			w += tabWidth(f.word)
		}
		least = max(least, w)
	}
	if f.w < least {
		f.w = least
	}
	c.cover(f.x, f.x+f.w)
	c.y += 8
}

// x0 is the first lifeline.
func (c *chart) x0() float64 {
	if len(c.x) == 0 {
		return 0
	}
	return c.x[0]
}
