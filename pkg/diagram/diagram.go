// Package diagram draws graphs: it decides where boxes and arrows go (Layout)
// and writes the result as SVG (Drawing.SVG).
//
// The layout is layered: arrows run one way, left to right or top down, and the
// steps are the classic ones, a file each. Cycles are opened and boxes put in
// layers (layers.go), layers are ordered so that few arrows cross (order.go),
// every box gets its coordinates (place.go), arrows their routes (route.go), and
// the unconnected parts are set side by side (layout.go). Neighbourhood chooses
// what to show around one entity.
//
// Everything is a pure function of its input: the same graph gives the same
// bytes, in whatever order nodes and edges are listed, and the work is bounded
// for any input (see MaxNodes). The package must not know what a catalog is: it
// is given plain labels, links and classes. Colours, line styles and fonts are
// those of site-templates/css/diagram.css.
package diagram

// What is drawn at most. A larger graph helps nobody to understand anything, and
// would make one page cost more than the rest of the site: its drawing is a
// single box that says how much there is.
const (
	MaxNodes = 5_000
	MaxEdges = 20_000
)

// Direction says which way the arrows run.
type Direction uint8

// The directions.
const (
	LeftToRight Direction = iota
	TopDown
	RightToLeft // of a Flow only
	BottomUp    // of a Flow only
)

// Graph is what is to be drawn. The order of Nodes and of Edges means nothing.
type Graph struct {
	Direction Direction
	Nodes     []Node
	Edges     []Edge
}

// Node is a box.
type Node struct {
	ID    string // unique in the graph; of nodes that share one, only the first by Rank, Label and so on is drawn
	Label string // what the box says; the ID if empty
	Sub   string // a quieter second line; left out of the box, not of its tooltip, where boxes stand close
	Href  string // where the box leads, on the same site; anything else is not linked
	Class string // "focus", "resource", "team", "more", "missing" or empty; others look like empty
	Rank  int    // nodes with a lower rank come first where the arrows leave a choice, then those with the lower label
}

// Edge is an arrow. Several edges from one node to another are drawn as one,
// with the strongest class and all labels. An end that is no node of the graph
// gets a box of class "missing".
type Edge struct {
	From, To string // node IDs
	Class    string // "", "cyclic", "missing", "degrades" or "optional"; others look like ""
	Label    string
}

// Drawing is a graph whose every part has its place, in CSS pixels from the
// upper left corner.
type Drawing struct {
	Width, Height float64
	Direction     Direction
	Boxes         []Box   // in reading order: part by part, along the arrows
	Arrows        []Arrow // sorted by the IDs of their ends
	TooLarge      bool    // the graph is beyond MaxNodes or MaxEdges: the only box says so
}

// Point is a place in a drawing.
type Point struct{ X, Y float64 }

// Box is a node with its place.
type Box struct {
	Node
	X, Y, W, H float64
	Lines      []string // what is written in it: the label and perhaps Sub, shortened to fit
}

// Arrow is an edge with its route: from Points[0] a curve to Points[1], on in a
// straight line to Points[2], a curve to Points[3], and so on. A loop has four
// points, start, two control points, end. Tip is where the head points.
type Arrow struct {
	Edge
	Points []Point
	Tip    Point
	Text   string // the label as drawn, shortened
	TextAt Point  // its middle
}

// Loop reports whether the arrow leads back to the box that it comes from.
func (a Arrow) Loop() bool { return a.From == a.To }

// nodeClasses and edgeClasses are what the stylesheet knows. Of merged edges the
// class that stands first in edgeClasses wins.
var (
	nodeClasses = []string{"focus", "resource", "team", "more", "missing"}
	edgeClasses = []string{"cyclic", "missing", "", "degrades", "optional"}
)
