package diagram

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// randomFlow is a chart of random boxes, lines, labels and groups in groups.
func randomFlow(r *rand.Rand) Flow {
	f := Flow{Direction: Direction(r.IntN(4))}
	for i := range r.IntN(5) {
		f.Groups = append(f.Groups, FlowGroup{Label: strings.Repeat("group ", r.IntN(4)), In: r.IntN(i + 1), Turned: r.IntN(4) == 0, Direction: Direction(r.IntN(4))})
	}
	for i := range 2 + r.IntN(14) {
		f.Nodes = append(f.Nodes, FlowNode{
			Label: fmt.Sprintf("%s%d", strings.Repeat("box ", 1+r.IntN(12)), i), Shape: Shape(r.IntN(int(Note) + 1)), In: r.IntN(len(f.Groups) + 1),
		})
	}
	end := func() End {
		if len(f.Groups) > 0 && r.IntN(8) == 0 {
			return GroupEnd(r.IntN(len(f.Groups)))
		}
		return End(r.IntN(len(f.Nodes)))
	}
	for range r.IntN(22) {
		f.Edges = append(f.Edges, FlowEdge{
			From: end(), To: end(), Label: strings.Repeat("label ", r.IntN(3)*r.IntN(4)), Stroke: Stroke(r.IntN(3)),
			Head: Head(r.IntN(4)), Tail: Head(r.IntN(4) * r.IntN(2)), Longer: r.IntN(2) * r.IntN(3),
		})
	}
	return f
}

type area struct {
	what       string
	x, y, w, h float64
}

func (a area) holds(p Point, slack float64) bool {
	return p.X > a.x+slack && p.X < a.x+a.w-slack && p.Y > a.y+slack && p.Y < a.y+a.h-slack
}

func (a area) meets(b area) bool {
	const slack = 0.01
	return a.x+a.w > b.x+slack && b.x+b.w > a.x+slack && a.y+a.h > b.y+slack && b.y+b.h > a.y+slack
}

// holds reports whether a point is inside the outline of a box, by more than a line's width.
func (b flowBox) holds(p Point) bool {
	dx, dy := math.Abs(p.X-b.x-b.w/2), math.Abs(p.Y-b.y-b.h/2)
	const slack = 1.5
	switch b.shape {
	case Diamond:
		return dx/(b.w/2)+dy/(b.h/2) < 1-2*slack/b.h
	case Stadium:
		return dx < b.w/2-b.h/2 && dy < b.h/2-slack
	case Circle, DoubleCircle, Start, Stop:
		return math.Hypot(dx, dy) < b.w/2-slack
	case LeanRight, LeanLeft, Trapezoid, Funnel, Hexagon, Flag:
		return dx < b.w/2-slant-slack && dy < b.h/2-slack
	case Cylinder:
		return dx < b.w/2-slack && dy < b.h/2-lid-slack
	}
	return dx < b.w/2-slack && dy < b.h/2-slack
}

// areas are the places that nothing else may touch: boxes, labels, titles.
func areas(d FlowDrawing) []area {
	var all []area
	for _, b := range d.boxes {
		all = append(all, area{what: "box " + strings.Join(b.lines, " "), x: b.x, y: b.y, w: b.w, h: b.h})
	}
	for i, l := range d.lines {
		if l.label != nil {
			w, h := textSize(l.label.lines, flowLabelSize, flowLabelLine)
			all = append(all, area{what: fmt.Sprint("label of line ", i), x: l.label.at.X - w/2, y: l.label.at.Y - h/2, w: w, h: h})
		}
	}
	for _, f := range d.frames {
		if len(f.title) > 0 {
			w, h := textSize(f.title, flowLabelSize, flowLabelLine)
			all = append(all, area{what: "title " + f.title[0], x: f.x + 10, y: f.y + 6, w: w, h: h})
		}
	}
	return all
}

// points are places along a line, as it is drawn.
func (p flowPath) points() []Point {
	var all []Point
	for _, s := range p.strokes {
		if p.loop {
			continue // stands beside its box
		}
		for k := 1; k < len(s); k++ {
			a, b := s[k-1], s[k]
			c1, c2 := Point{(a.X + b.X) / 2, a.Y}, Point{(a.X + b.X) / 2, b.Y}
			if p.vertical {
				c1, c2 = Point{a.X, (a.Y + b.Y) / 2}, Point{b.X, (a.Y + b.Y) / 2}
			}
			const n = 24
			for i := range n + 1 {
				t := float64(i) / n
				u := 1 - t
				all = append(all, Point{
					u*u*u*a.X + 3*u*u*t*c1.X + 3*u*t*t*c2.X + t*t*t*b.X,
					u*u*u*a.Y + 3*u*u*t*c1.Y + 3*u*t*t*c2.Y + t*t*t*b.Y,
				})
			}
		}
	}
	return all
}

// Nothing lies over something else, no line runs through a box, a label or a title, and
// all is within the drawing.
func TestFlowKeepsApart(t *testing.T) {
	for seed := range uint64(1500) {
		d := layoutFlow(randomFlow(rand.New(rand.NewPCG(seed, 1))), seed%3 == 0)
		all := areas(d)
		for i, a := range all {
			if a.x < 0 || a.y < 0 || a.x+a.w > d.Width || a.y+a.h > d.Height {
				t.Errorf("seed %d: %s leaves the drawing", seed, a.what)
			}
			for _, b := range all[:i] {
				if a.meets(b) {
					t.Errorf("seed %d: %s lies over %s", seed, a.what, b.what)
				}
			}
		}
		for i, l := range d.lines {
			for _, p := range l.points() {
				if p.X < 0 || p.Y < 0 || p.X > d.Width || p.Y > d.Height {
					t.Fatalf("seed %d: line %d leaves the drawing", seed, i)
				}
				for _, a := range all {
					if a.holds(p, 1) && !strings.HasPrefix(a.what, "box") {
						t.Errorf("seed %d: line %d runs through %s", seed, i, a.what)
						break
					}
				}
				for _, b := range d.boxes {
					if b.holds(p) {
						t.Errorf("seed %d: line %d runs through box %s", seed, i, strings.Join(b.lines, " "))
						break
					}
				}
			}
		}
		if t.Failed() {
			t.Fatalf("seed %d fails", seed)
		}
	}
}

// The largest charts that pkg/mermaid lets through are laid out in bounded time.
func TestFlowIsBounded(t *testing.T) {
	const nodes, edges = 300, 500
	charts := map[string]func(*Flow){
		"all to all": func(f *Flow) {
			for i := range edges {
				f.Edges = append(f.Edges, FlowEdge{From: End(i % 22), To: End(22 + i/22%22), Label: "x"})
			}
		},
		"chain with long lines": func(f *Flow) {
			for i := range nodes - 1 {
				f.Edges = append(f.Edges, FlowEdge{From: End(i), To: End(i + 1), Label: "x"})
			}
			for i := range edges - nodes {
				f.Edges = append(f.Edges, FlowEdge{From: End(i / 4), To: End(nodes - 1 - i/3), Label: "y"})
			}
		},
		"random": func(f *Flow) {
			r := rand.New(rand.NewPCG(1, 2))
			for range edges {
				f.Edges = append(f.Edges, FlowEdge{From: End(r.IntN(nodes)), To: End(r.IntN(nodes)), Label: "z"})
			}
		},
		"nested": func(f *Flow) {
			for i := range 10 {
				f.Groups = append(f.Groups, FlowGroup{Label: "g", In: i})
			}
			r := rand.New(rand.NewPCG(1, 2))
			for i := range f.Nodes {
				f.Nodes[i].In = i % 11
			}
			for range edges {
				f.Edges = append(f.Edges, FlowEdge{From: End(r.IntN(nodes)), To: End(r.IntN(nodes)), Label: "z"})
			}
		},
	}
	for name, lines := range charts {
		f := Flow{Direction: TopDown, Nodes: make([]FlowNode, nodes)}
		for i := range f.Nodes {
			f.Nodes[i].Label = fmt.Sprint("box ", i)
		}
		lines(&f)
		start := time.Now()
		svg := LayoutFlow(f).SVG("x")
		t.Logf("%s: %v, %d bytes", name, time.Since(start), len(svg))
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s takes %v", name, took)
		}
		if len(svg) > 2<<20 {
			t.Errorf("%s becomes %d bytes", name, len(svg))
		}
	}
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		text  string
		limit float64
		most  int
		want  string
	}{
		{"one two three", 1000, 5, "one two three"},
		{"one two three four", 80, 5, "one two|three four"},
		{"first\nsecond", 1000, 5, "first|second"},
		{"\n first \n\n second \n\n", 1000, 5, "first||second"},
		{"averyverylongwordwithoutanyblank", 90, 5, "averyverylo|ngwordwith|outanyblank"},
		{"gitlab-runner-gsrm-gce", 120, 5, "gitlab-runner-|gsrm-gce"},
		{"aa bb cc dd ee ff gg hh", 60, 2, "aa bb cc|dd ee …"},
		{"", 100, 3, ""},
		{"\u202e\x00", 100, 3, ""},
	} {
		if got := strings.Join(Wrap(tt.text, 13, tt.limit, tt.most), "|"); got != tt.want {
			t.Errorf("Wrap(%q, %v, %d) = %q, want %q", tt.text, tt.limit, tt.most, got, tt.want)
		}
	}
}
