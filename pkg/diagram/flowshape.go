package diagram

import "github.com/signpost-dev/signpost/pkg/safehtml"

// draw draws a box: its outline and its text.
func (b flowBox) draw(s *safehtml.SVG) {
	class := "dg-node"
	switch b.shape {
	case Start, Stop, Bar:
		class += " dg-mark"
	case Note:
		class += " dg-note"
	}
	s.Open("g").Attr("class", class)
	switch b.shape {
	case Rectangle, Rounded, Subroutine, Bar:
		b.rect(s)
	case Circle, DoubleCircle, Start, Stop:
		b.circles(s)
	default:
		var p safehtml.Path
		b.outline(&p)
		s.Open("path").Path(&p).Close()
	}
	x, y := b.x+b.w/2, b.y+b.h/2
	switch b.shape {
	case Cylinder:
		y += lid
	case Flag:
		x += flagNotch / 2
	}
	WriteLines(s, "", b.lines, x, y, flowLine, labelSize)
	s.Close()
}

func (b flowBox) rect(s *safehtml.SVG) {
	s.Open("rect").Num("x", b.x).Num("y", b.y).Num("width", b.w).Num("height", b.h)
	if b.shape == Rounded {
		s.Attr("class", "dg-rounded")
	}
	s.Close()
	if b.shape == Subroutine {
		var p safehtml.Path
		p.Move(b.x+7, b.y).Line(b.x+7, b.y+b.h).Move(b.x+b.w-7, b.y).Line(b.x+b.w-7, b.y+b.h)
		s.Open("path").Path(&p).Close()
	}
}

func (b flowBox) circles(s *safehtml.SVG) {
	ring := func(r float64) *safehtml.SVG {
		return s.Open("circle").Num("cx", b.x+b.w/2).Num("cy", b.y+b.h/2).Num("r", r)
	}
	switch b.shape {
	case DoubleCircle:
		ring(b.w / 2).Close()
		ring(b.w/2 - 4).Close()
	case Stop:
		ring(b.w/2).Attr("class", "dg-ring").Close()
		ring(b.w/2 - 4).Close()
	default:
		ring(b.w / 2).Close()
	}
}

// outline draws the shapes with straight sides, the stadium and the cylinder.
func (b flowBox) outline(p *safehtml.Path) {
	l, t, r, m := b.x, b.y, b.x+b.w, b.y+b.h
	cx, cy := (l+r)/2, (t+m)/2
	polygon := func(xy ...float64) {
		p.Move(xy[0], xy[1])
		for i := 2; i < len(xy); i += 2 {
			p.Line(xy[i], xy[i+1])
		}
		p.Close()
	}
	switch b.shape {
	case Diamond:
		polygon(cx, t, r, cy, cx, m, l, cy)
	case Hexagon:
		polygon(l+slant, t, r-slant, t, r, cy, r-slant, m, l+slant, m, l, cy)
	case LeanRight:
		polygon(l+slant, t, r, t, r-slant, m, l, m)
	case LeanLeft:
		polygon(l, t, r-slant, t, r, m, l+slant, m)
	case Trapezoid:
		polygon(l+slant, t, r-slant, t, r, m, l, m)
	case Funnel:
		polygon(l, t, r, t, r-slant, m, l+slant, m)
	case Flag:
		polygon(l, t, r, t, r, m, l, m, l+flagNotch, cy)
	case Note:
		polygon(l, t, r-10, t, r, t+10, r, m, l, m)
		p.Move(r-10, t).Line(r-10, t+10).Line(r, t+10)
	case Stadium:
		const k = 0.5523
		q := min(b.h, b.w) / 2
		p.Move(l+q, t).Line(r-q, t).Curve(r-q+k*q, t, r, cy-k*q, r, cy).Curve(r, cy+k*q, r-q+k*q, m, r-q, m).
			Line(l+q, m).Curve(l+q-k*q, m, l, cy+k*q, l, cy).Curve(l, cy-k*q, l+q-k*q, t, l+q, t).Close()
	case Cylinder:
		const k = 0.5523
		rx := b.w / 2
		p.Move(l, t+lid).
			Curve(l, t+lid-k*lid, cx-k*rx, t, cx, t).Curve(cx+k*rx, t, r, t+lid-k*lid, r, t+lid).
			Line(r, m-lid).
			Curve(r, m-lid+k*lid, cx+k*rx, m, cx, m).Curve(cx-k*rx, m, l, m-lid+k*lid, l, m-lid).Close()
		p.Move(l, t+lid).Curve(l, t+lid+k*lid, cx-k*rx, t+2*lid, cx, t+2*lid).Curve(cx+k*rx, t+2*lid, r, t+lid+k*lid, r, t+lid)
	}
}
