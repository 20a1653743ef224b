package diagram

import (
	"math"
	"strings"
)

// Flow is a chart that somebody has written: boxes of several shapes, lines with labels,
// and groups of boxes in frames. In contrast to a Graph the order in which its parts are
// listed counts, for the author has chosen it.
type Flow struct {
	Direction Direction
	Nodes     []FlowNode
	Edges     []FlowEdge
	Groups    []FlowGroup
}

// FlowNode is a box.
type FlowNode struct {
	Label string // may hold line breaks; long lines are wrapped
	Shape Shape
	In    int // the group that it stands in, counted from 1; 0 is none
}

// FlowGroup is a frame around boxes.
type FlowGroup struct {
	Label string
	In    int // as with nodes
	// Direction is that of the boxes inside, if Turned is set and no line crosses the frame.
	Direction Direction
	Turned    bool
}

// FlowEdge is a line between two boxes or groups.
type FlowEdge struct {
	From, To   End
	Label      string
	Stroke     Stroke
	Tail, Head Head
	Longer     int // by how many layers it is to be longer than others
}

// End is what a line leads to: node i, or group i, both counted from 0, as GroupEnd(i).
type End int

// GroupEnd is a group as the end of a line.
func GroupEnd(i int) End { return End(^i) }

// Group returns the group that an end is.
func (e End) Group() (i int, ok bool) { return int(^e), e < 0 }

// Shape is the outline of a box.
type Shape uint8

// The shapes.
const (
	Rectangle Shape = iota
	Rounded
	Stadium
	Subroutine   // a rectangle with doubled sides
	Cylinder     // a store
	Circle       //
	DoubleCircle //
	Diamond      // a decision
	Hexagon      //
	LeanRight    // a parallelogram: /text/
	LeanLeft     // \text\
	Trapezoid    // the lower side is longer
	Funnel       // the upper side is longer
	Flag         // a notch on the left
	Start        // a dot, without a text
	Stop         // a dot in a ring, without a text
	Bar          // where ways part or join, without a text
	Note         // a remark
)

// Stroke is how a line is drawn.
type Stroke uint8

// The strokes.
const (
	Solid Stroke = iota
	Dotted
	Thick
	Invisible // keeps its ends apart and is not drawn
)

// Head is how a line ends.
type Head uint8

// The heads.
const (
	NoHead Head = iota
	ArrowHead
	CrossHead
	DotHead
)

// Type sizes and extents in a Flow, in pixels.
const (
	flowLabelSize = 12.0  // of the labels of lines and of frames
	flowLine      = 17.0  // height of a line in a box
	flowLabelLine = 15.0  // height of a line of a label
	flowWidest    = 184.0 // of the text in a box
	flowClosest   = 96.0  // the same in a chart that would be wider than the page
	flowDiamond   = 124.0 // of the text in a diamond or circle
	flowLabelWide = 136.0 // of the label of a line
	flowLines     = 8     // lines of a text in a box at most
	flowPad       = 14.0  // between a frame and what is in it
	flowTitle     = 30.0  // from the upper side of a frame with a title to what is in it
	slant         = 12.0  // how far a parallelogram leans
	lid           = 5.0   // half the height of the upper ellipse of a cylinder
	barLength     = 72.0
	barWidth      = 6.0
	flagNotch     = 10.0
)

// face is what a box of a Flow shows, and how large it is.
type flowFace struct {
	lines []string
	w, h  float64
}

// textSize returns the extent of lines of text.
func textSize(lines []string, size, height float64) (w, h float64) {
	for _, l := range lines {
		w = max(w, width(l, size))
	}
	return math.Ceil(w), height * float64(len(lines))
}

func newFlowFace(n FlowNode, dir Direction, compact bool) flowFace {
	limit := flowWidest
	if compact {
		limit = flowClosest
	}
	if n.Shape == Diamond || n.Shape == Circle || n.Shape == DoubleCircle {
		limit = min(limit, flowDiamond)
	}
	f := flowFace{lines: Wrap(n.Label, labelSize, limit, flowLines)}
	w, h := textSize(f.lines, labelSize, flowLine)
	f.w, f.h = max(w+2*padding, 40), h+14
	switch n.Shape {
	case Stadium, Hexagon:
		f.w += 12
	case Subroutine:
		f.w += 14
	case Cylinder:
		f.h += 3 * lid
	case Circle:
		f.w = 2*math.Ceil(math.Hypot(w, h)/2) + 12
		f.h = f.w
	case DoubleCircle:
		f.w = 2*math.Ceil(math.Hypot(w, h)/2) + 20
		f.h = f.w
	case Diamond:
		f.w = math.Ceil(w + 2*h + 8)
		f.h = math.Ceil(f.w / 2)
		if len(f.lines) == 0 {
			f.w, f.h = 22, 22
		}
	case LeanRight, LeanLeft, Trapezoid, Funnel:
		f.w += 2 * slant
	case Flag:
		f.w += flagNotch
	case Start:
		f = flowFace{w: 14, h: 14}
	case Stop:
		f = flowFace{w: 18, h: 18}
	case Bar:
		f = flowFace{w: barLength, h: barWidth}
		if dir.horizontal() {
			f.w, f.h = f.h, f.w
		}
	case Rectangle, Rounded, Note:
	}
	return f
}

func (d Direction) horizontal() bool { return d == LeftToRight || d == RightToLeft }

// flips reports whether the direction runs towards the origin.
func (d Direction) flips() bool { return d == RightToLeft || d == BottomUp }

// inset returns how far inside its extent the outline of a box is on one side, off
// pixels from the middle of that side.
func (s Shape) inset(w, h, off float64, horizontal bool) float64 {
	across := w / 2
	along := h / 2
	if horizontal {
		across, along = along, across
	}
	off = min(math.Abs(off), across)
	switch s {
	case Diamond:
		return along * off / across
	case Stadium:
		if r := min(along, across); horizontal {
			return r - math.Sqrt(r*r-off*off)
		}
	case Circle, DoubleCircle, Start, Stop:
		return along - math.Sqrt(along*along-off*off)
	case LeanRight, LeanLeft, Trapezoid, Funnel:
		if horizontal {
			return slant / 2
		}
	case Cylinder:
		if !horizontal {
			return lid * (1 - math.Sqrt(1-off*off/(across*across)))
		}
	case Hexagon:
		if horizontal {
			return slant * off / across
		}
	}
	return 0
}

// labelLines returns the label of a line as it is drawn.
func (e FlowEdge) labelLines() []string {
	if e.Stroke == Invisible || strings.TrimSpace(e.Label) == "" {
		return nil
	}
	return Wrap(e.Label, flowLabelSize, flowLabelWide, 5)
}
