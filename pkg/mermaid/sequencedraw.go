package mermaid

import (
	"html/template"

	"github.com/signpost-dev/signpost/pkg/diagram"
	"github.com/signpost-dev/signpost/pkg/safehtml"
)

// draw draws a sequence diagram.
func (s *sequence) draw(title string) template.HTML {
	c := s.layout()
	foot := c.y-c.top > tall
	height := c.y
	if foot {
		height += c.head
	}
	if len(c.actors) == 0 {
		c.left, c.right = 0, 0
	}
	c.shift(edge - c.left + boxMargin(c))
	width := c.right - c.left + 2*edge + 2*boxMargin(c)
	if len(c.boxes) > 0 {
		height += 8
	}
	d := safehtml.NewSVG(width, height+edge).
		Attr("class", "dg dg-flow").Attr("role", "img").Attr("aria-label", title).Attr("direction", "ltr")
	d.Open("g").Attr("fill", "none").Attr("stroke", "currentColor").Num("font-size", textSize)
	c.drawBoxes(d, height)
	c.drawFrames(d)
	c.drawLifelines(d)
	c.drawMessages(d)
	c.drawTexts(d)
	d.Close()
	d.Open("g").Attr("fill", "none").Attr("stroke", "currentColor").Num("font-size", nameSize).Attr("text-anchor", "middle")
	for i := range c.actors {
		c.drawActor(d, i, max(c.began[i], c.top))
	}
	for i := range c.actors {
		if foot && c.ended[i] == 0 {
			c.drawActor(d, i, c.y)
		}
	}
	return d.HTML()
}

// boxMargin is the room for the frames around participants.
func boxMargin(c *chart) float64 {
	if len(c.boxes) > 0 {
		return 8
	}
	return 0
}

// shift moves everything to the right.
func (c *chart) shift(dx float64) {
	for i := range c.x {
		c.x[i] += dx
	}
	for i := range c.bars {
		c.bars[i].x += dx
	}
	for i := range c.notes {
		c.notes[i].x += dx
	}
	for i := range c.frames {
		c.frames[i].x += dx
	}
	for i := range c.arrows {
		m := &c.arrows[i]
		m.x1, m.x2, m.textX = m.x1+dx, m.x2+dx, m.textX+dx
	}
}

func (r rect) draw(d *safehtml.SVG, class string) {
	d.Open("rect").Num("x", r.x).Num("y", r.y).Num("width", r.w).Num("height", r.h)
	if class != "" {
		d.Attr("class", class)
	}
	d.Close()
}

// drawBoxes draws the frames around participants.
func (c *chart) drawBoxes(d *safehtml.SVG, height float64) {
	for _, b := range c.boxes {
		if b.from == b.to {
			continue
		}
		d.Open("g").Attr("class", "dg-frame dg-zone")
		left := c.x[b.from] - c.w[b.from]/2 - 8
		right := c.x[b.to-1] + c.w[b.to-1]/2 + 8
		rect{left, edge, right - left, height - edge}.draw(d, "")
		if lines := diagram.Wrap(b.label, textSize, right-left-16, 1); len(lines) > 0 {
			d.Open("text").Num("x", left+8).Num("y", edge+16).Text(lines[0]).Close()
		}
		d.Close()
	}
}

func (c *chart) drawFrames(d *safehtml.SVG) {
	for _, f := range c.frames {
		class := "dg-frame dg-block"
		if f.word == "rect" {
			class = "dg-frame"
		}
		d.Open("g").Attr("class", class)
		f.draw(d, "")
		for i, p := range f.parts {
			if i > 0 {
				var line safehtml.Path
				line.Move(f.x, p.y).Line(f.x+f.w, p.y)
				d.Open("path").Attr("class", "dg-line dg-optional").Path(&line).Close()
			}
		}
		d.Close()
	}
}

func (c *chart) drawLifelines(d *safehtml.SVG) {
	var lines, crosses safehtml.Path
	crossed := false
	for i, x := range c.x {
		end := c.y
		if c.ended[i] > 0 {
			end = c.ended[i]
			crosses.Move(x-6, end-6).Line(x+6, end+6).Move(x+6, end-6).Line(x-6, end+6)
			crossed = true
		}
		lines.Move(x, max(c.began[i], c.top)+c.head).Line(x, end)
	}
	if len(c.x) > 0 {
		d.Open("path").Attr("class", "dg-life").Path(&lines).Close()
	}
	if crossed {
		d.Open("path").Attr("class", "dg-line").Path(&crosses).Close()
	}
	for _, b := range c.bars {
		b.draw(d, "dg-bar")
	}
}

func (c *chart) drawMessages(d *safehtml.SVG) {
	var solid, dotted, heads, open safehtml.Path
	var anySolid, anyDotted, anyHead, anyOpen bool
	for _, m := range c.arrows {
		line := &solid
		if m.dotted {
			line, anyDotted = &dotted, true
		} else {
			anySolid = true
		}
		for _, end := range m.ends() {
			if end.kind == filledHead {
				anyHead = true
				triangle(&heads, end.x, end.y, end.dx)
			} else if end.kind != noHead {
				anyOpen = true
				openEnd(&open, end.kind, end.x, end.y, end.dx)
			}
		}
		m.line(line)
	}
	for _, p := range []struct {
		any   bool
		class string
		path  *safehtml.Path
	}{{anySolid, "dg-line", &solid}, {anyDotted, "dg-line dg-optional", &dotted}, {anyHead, "dg-head", &heads}, {anyOpen, "dg-line", &open}} {
		if p.any {
			d.Open("path").Attr("class", p.class).Path(p.path).Close()
		}
	}
}

// line draws the line of a message, up to its heads.
func (m arrow) line(p *safehtml.Path) {
	if m.self {
		r := m.x1 + selfWide
		end := m.x2
		if m.head == filledHead {
			end += headLong
		}
		p.Move(m.x1, m.y).Line(r-8, m.y).Curve(r-3, m.y, r, m.y+3, r, m.y+selfHigh/2).
			Curve(r, m.y+selfHigh-3, r-3, m.y+selfHigh, r-8, m.y+selfHigh).Line(end, m.y+selfHigh)
		return
	}
	x1, x2, dx := m.x1, m.x2, 1.0
	if x2 < x1 {
		dx = -1
	}
	if m.head == filledHead {
		x2 -= dx * headLong
	}
	if m.tail == filledHead {
		x1 += dx * headLong
	}
	p.Move(x1, m.y).Line(x2, m.y)
}

type lineEnd struct {
	kind     sequenceHead
	x, y, dx float64
}

func (m arrow) ends() []lineEnd {
	if m.self {
		return []lineEnd{{m.head, m.x2, m.y + selfHigh, -1}}
	}
	dx := 1.0
	if m.x2 < m.x1 {
		dx = -1
	}
	return []lineEnd{{m.head, m.x2, m.y, dx}, {m.tail, m.x1, m.y, -dx}}
}

// Extents of the head of an arrow.
const (
	headLong = 7.0
	headWide = 3.5
)

func triangle(p *safehtml.Path, x, y, dx float64) {
	p.Move(x-dx*headLong, y-headWide).Line(x, y).Line(x-dx*headLong, y+headWide).Close()
}

func openEnd(p *safehtml.Path, kind sequenceHead, x, y, dx float64) {
	if kind == crossHead {
		x -= dx * 6
		p.Move(x-4, y-4).Line(x+4, y+4).Move(x-4, y+4).Line(x+4, y-4)
		return
	}
	p.Move(x-dx*headLong, y-headWide-1).Line(x, y).Line(x-dx*headLong, y+headWide+1)
}

// drawTexts writes the heads of blocks, the notes, and the texts and numbers of messages.
func (c *chart) drawTexts(d *safehtml.SVG) {
	for _, f := range c.frames {
		f.texts(d)
	}
	d.Open("g").Attr("text-anchor", "middle")
	for _, n := range c.notes {
		d.Open("g").Attr("class", "dg-node dg-note")
		n.draw(d, "")
		diagram.WriteLines(d, "", n.lines, n.x+n.w/2, n.y+n.h/2, textLine, textSize)
		d.Close()
	}
	for _, m := range c.arrows {
		diagram.WriteLines(d, "dg-label", m.lines, m.textX, m.textY, textLine, textSize)
		if m.number != "" {
			w := max(diagram.TextWidth(m.number, 10)+8, 16)
			d.Open("g").Attr("class", "dg-number")
			d.Open("rect").Num("x", m.x1-w/2).Num("y", m.y-8).Num("width", w).Num("height", 16).Close()
			d.Open("text").Num("x", m.x1).Num("y", m.y+3.5).Num("font-size", 10).Text(m.number).Close()
			d.Close()
		}
	}
	d.Close()
}

// texts writes the word in the corner of a block and what is said of its branches, on
// grounds of their own, since lifelines run behind them.
func (f frame) texts(d *safehtml.SVG) {
	d.Open("g").Attr("class", "dg-block")
	for i, p := range f.parts {
		x, y := f.x+8, p.y+14
		if i == 0 && f.word != "rect" {
			w := tabWidth(f.word)
			rect{f.x, f.y, w, 20}.draw(d, "dg-tab")
			d.Open("text").Attr("class", "dg-word").Num("x", f.x+7).Num("y", y).Text(f.word).Close()
			x += w
		}
		if len(p.lines) == 0 {
			continue
		}
		rect{x - 4, p.y + 2, widthOf(p.lines) + 8, textLine*float64(len(p.lines)) + 2}.draw(d, "dg-ground")
		for k, l := range p.lines {
			d.Open("text").Attr("class", "dg-sub").Num("x", x).Num("y", y+textLine*float64(k)).Text(l).Close()
		}
	}
	d.Close()
}

// drawActor draws the box of a participant.
func (c *chart) drawActor(d *safehtml.SVG, i int, y float64) {
	d.Open("g").Attr("class", "dg-node dg-actor")
	rect{c.x[i] - c.w[i]/2, y, c.w[i], c.head}.draw(d, "")
	mid := y + c.head/2
	if c.actors[i].person {
		mid += nameLine / 2
		var p safehtml.Path
		top := mid - nameLine*float64(len(c.names[i]))/2 - 13
		x := c.x[i]
		p.Move(x-7, top+14).Curve(x-7, top+6, x+7, top+6, x+7, top+14)
		d.Open("circle").Num("cx", x).Num("cy", top+3).Num("r", 4).Close()
		d.Open("path").Path(&p).Close()
	}
	diagram.WriteLines(d, "", c.names[i], c.x[i], mid, nameLine, nameSize)
	d.Close()
}
