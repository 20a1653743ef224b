package diagram

import (
	"html/template"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/safehtml"
)

// headWidth is half the width of an arrow's head, in pixels.
const headWidth = 3.5

// SVG draws a drawing. title is its accessible name; desc says in a sentence what
// it shows, and may be empty. A drawing with links is a group, since an image
// has no parts that can be reached; the links come in reading order. Arrows are
// hidden from assistive technology: the page says the same in a table.
func (d Drawing) SVG(title, desc string) template.HTML {
	s := safehtml.NewSVG(d.Width, d.Height).
		Attr("class", "dg").Attr("role", d.role()).Attr("aria-label", title).Attr("direction", "ltr")
	if desc != "" {
		s.Open("desc").Text(desc).Close()
	}
	if len(d.Arrows) > 0 {
		s.Open("g").Attr("aria-hidden", "true").Attr("fill", "none").Attr("stroke", "currentColor")
		d.arrows(s)
		s.Close()
	}
	s.Open("g").Attr("fill", "none").Attr("stroke", "currentColor").Num("font-size", labelSize)
	for _, b := range d.Boxes {
		d.box(s, b)
	}
	s.Close()
	d.labels(s)
	return s.HTML()
}

func (d Drawing) role() string {
	if slices.ContainsFunc(d.Boxes, func(b Box) bool { return safehtml.SiteRelative(b.Href) }) {
		return "group"
	}
	return "img"
}

// arrows draws them, those of a class in one path for the lines and one for the heads.
// The weakest class comes first, so that a cyclic or missing arrow is never hidden under
// others.
func (d Drawing) arrows(s *safehtml.SVG) {
	for i, c := range slices.Backward(edgeClasses) {
		var lines, heads safehtml.Path
		any := false
		for _, a := range d.Arrows {
			if strength(a.Class) == i {
				d.arrow(&lines, &heads, a)
				any = true
			}
		}
		if !any {
			continue
		}
		if c != "" {
			c = " dg-" + c
		}
		s.Open("path").Attr("class", "dg-line"+c).Path(&lines).Close()
		s.Open("path").Attr("class", "dg-head"+c).Path(&heads).Close()
	}
}

func (d Drawing) arrow(line, head *safehtml.Path, a Arrow) {
	if a.Loop() {
		q := a.Points
		line.Move(q[0].X, q[0].Y).Curve(q[1].X, q[1].Y, q[2].X, q[2].Y, q[3].X, q[3].Y)
	} else {
		d.route(line, a.Points)
	}
	end := a.Points[len(a.Points)-1]
	dx, dy := (a.Tip.Y-end.Y)*headWidth/headLength, (a.Tip.X-end.X)*headWidth/headLength
	head.Move(end.X+dx, end.Y+dy).Line(a.Tip.X, a.Tip.Y).Line(end.X-dx, end.Y-dy).Close()
}

// route draws the curves and straight lines of an arrow by turns. The curves
// leave and arrive along the direction of the arrows, so that all joins are smooth.
func (d Drawing) route(line *safehtml.Path, points []Point) {
	line.Move(points[0].X, points[0].Y)
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		switch mid := middle(a, b); {
		case a.X == b.X || a.Y == b.Y || i%2 == 0:
			line.Line(b.X, b.Y)
		case d.Direction == TopDown:
			line.Curve(a.X, mid.Y, b.X, mid.Y, b.X, b.Y)
		default:
			line.Curve(mid.X, a.Y, mid.X, b.Y, b.X, b.Y)
		}
	}
}

func (d Drawing) box(s *safehtml.SVG, b Box) {
	name := strings.Join(b.texts(), ", ")
	linked := safehtml.SiteRelative(b.Href)
	if linked {
		s.Open("a").Attr("href", b.Href)
	} else {
		s.Open("g")
	}
	class := "dg-node"
	if slices.Contains(nodeClasses, b.Class) {
		class += " dg-" + b.Class
	}
	s.Attr("class", class)
	// What is written may be short for what it is called; a title is the name of an element of
	// SVG (SVG Accessibility API Mappings, 8.1), beside what it shows.
	if !slices.Equal(b.Lines, b.texts()) || linked && len(b.Lines) > 1 {
		s.Open("title").Text(name).Close()
	}
	s.Open("rect").Num("x", b.X).Num("y", b.Y).Num("width", b.W).Num("height", b.H).Close()
	x := b.X + padding
	if d.Direction == TopDown {
		x = b.X + b.W/2
	}
	y := b.Y + b.H/2 + 4.5 // the baseline of one line in the middle
	if len(b.Lines) > 1 {
		y = b.Y + b.H/2 - 3
	}
	d.line(s, "", b.Lines[0], x, y)
	if len(b.Lines) > 1 {
		d.line(s, "dg-sub", b.Lines[1], x, y+15.5)
	}
	s.Close()
}

// texts returns what a box would say if it had room for everything.
func (b Box) texts() []string {
	f := newFace(b.Node)
	if f.sub == "" {
		return []string{f.label}
	}
	return []string{f.label, f.sub}
}

// line writes one line of a box.
func (d Drawing) line(s *safehtml.SVG, class, text string, x, y float64) {
	s.Open("text").Num("x", x).Num("y", y)
	if class != "" {
		s.Attr("class", class).Num("font-size", subSize)
	}
	if d.Direction == TopDown {
		s.Attr("text-anchor", "middle")
	}
	s.Text(text).Close()
}

// labels writes the labels of the arrows.
func (d Drawing) labels(s *safehtml.SVG) {
	for _, a := range d.Arrows {
		if a.Text == "" {
			continue
		}
		s.Open("text").Attr("class", "dg-label").Num("x", a.TextAt.X).Num("y", a.TextAt.Y+4).
			Num("font-size", subSize).Attr("text-anchor", "middle").Attr("fill", "currentColor")
		if full := clean(a.Label); full != a.Text {
			s.Open("title").Text(full).Close()
		}
		s.Text(a.Text).Close()
	}
}
