package diagram

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// randomGraph makes a graph with long and short texts, cycles, loops, repeated
// edges, ends that are no nodes, and several parts.
func randomGraph(r *rand.Rand, nodes, edges int) Graph {
	g := Graph{Direction: Direction(r.IntN(2))}
	for i := range nodes {
		n := Node{ID: fmt.Sprint("n", i), Label: fmt.Sprint(fmt.Sprintf("%*d", 1+r.IntN(40), i), "x"), Class: nodeClasses[r.IntN(len(nodeClasses))]}
		if r.IntN(2) == 0 {
			n.Sub = "system"
		}
		g.Nodes = append(g.Nodes, n)
	}
	for range edges {
		e := Edge{
			From:  fmt.Sprint("n", r.IntN(nodes)),
			To:    fmt.Sprint("n", r.IntN(nodes+1)),
			Class: edgeClasses[r.IntN(len(edgeClasses))],
		}
		if r.IntN(4) == 0 {
			e.Label = fmt.Sprint("label ", r.IntN(100))
		}
		g.Edges = append(g.Edges, e)
	}
	return g
}

// checkDrawing reports what must never be: boxes that overlap or lie outside,
// edges that are not drawn or do not touch their boxes, texts wider than boxes.
func checkDrawing(t *testing.T, g Graph, d Drawing) {
	t.Helper()
	boxes := map[string]Box{}
	for i, b := range d.Boxes {
		boxes[b.ID] = b
		if b.X < 0 || b.Y < 0 || b.X+b.W > d.Width || b.Y+b.H > d.Height || math.IsNaN(b.X+b.Y) {
			t.Errorf("box %s at %v %v lies outside the drawing of %v by %v", b.ID, b.X, b.Y, d.Width, d.Height)
		}
		for _, c := range d.Boxes[:i] {
			if b.X < c.X+c.W && c.X < b.X+b.W && b.Y < c.Y+c.H && c.Y < b.Y+b.H {
				t.Errorf("boxes %s and %s overlap", b.ID, c.ID)
			}
		}
		if w := width(b.Lines[0], labelSize); w > b.W-2*padding+0.01 {
			t.Errorf("label %q of %v px stands in a box of %v", b.Lines[0], w, b.W)
		}
	}
	drawn := map[[2]string]Arrow{}
	for _, a := range d.Arrows {
		drawn[[2]string{a.From, a.To}] = a
	}
	if len(drawn) != len(d.Arrows) {
		t.Errorf("%d arrows for %d pairs of boxes", len(d.Arrows), len(drawn))
	}
	for _, e := range g.Edges {
		a, ok := drawn[[2]string{e.From, e.To}]
		if !ok {
			t.Errorf("edge %s → %s is not drawn", e.From, e.To)
			continue
		}
		if !touches(boxes[e.From], a.Points[0]) || !touches(boxes[e.To], a.Tip) {
			t.Errorf("arrow %s → %s does not reach from box to box", e.From, e.To)
		}
	}
}

// touches reports whether q lies on the edge of b.
func touches(b Box, q Point) bool {
	const near = 0.01
	inside := q.X >= b.X-near && q.X <= b.X+b.W+near && q.Y >= b.Y-near && q.Y <= b.Y+b.H+near
	onEdge := min(math.Abs(q.X-b.X), math.Abs(q.X-b.X-b.W), math.Abs(q.Y-b.Y), math.Abs(q.Y-b.Y-b.H)) < near
	return inside && onEdge
}

func TestLayoutDrawsEverythingApart(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		n := 1 + r.IntN(40)
		g := randomGraph(r, n, r.IntN(3*n))
		checkDrawing(t, g, Layout(g))
		if t.Failed() {
			t.Fatalf("in %+v", g)
		}
	}
}

func TestLayoutIgnoresOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		g := randomGraph(r, 1+r.IntN(30), r.IntN(60))
		want := Layout(g).SVG("t", "d")
		r.Shuffle(len(g.Nodes), func(i, j int) { g.Nodes[i], g.Nodes[j] = g.Nodes[j], g.Nodes[i] })
		r.Shuffle(len(g.Edges), func(i, j int) { g.Edges[i], g.Edges[j] = g.Edges[j], g.Edges[i] })
		if diff := cmp.Diff(want, Layout(g).SVG("t", "d")); diff != "" {
			t.Fatalf("another order of the same graph is drawn otherwise (-first +second):\n%s", diff)
		}
	}
}

// A straight stretch of an arrow crosses a layer: no box of that layer may be in
// its way.
func TestLongArrowsPassBetweenBoxes(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		g := randomGraph(r, 25, 50)
		d := Layout(g)
		for _, a := range d.Arrows {
			for i := 2; i < len(a.Points) && !a.Loop(); i += 2 {
				q := middle(a.Points[i-1], a.Points[i])
				for _, b := range d.Boxes {
					if q.X > b.X && q.X < b.X+b.W && q.Y > b.Y && q.Y < b.Y+b.H {
						t.Fatalf("arrow %s → %s runs through box %s", a.From, a.To, b.ID)
					}
				}
			}
		}
	}
}

func TestLayoutRunsForward(t *testing.T) {
	g := Graph{
		Nodes: []Node{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}},
		Edges: []Edge{{From: "a", To: "b"}, {From: "b", To: "c"}, {From: "a", To: "c"}, {From: "c", To: "d"}},
	}
	at := map[string]Box{}
	for _, b := range Layout(g).Boxes {
		at[b.ID] = b
	}
	for _, e := range g.Edges {
		if at[e.From].X+at[e.From].W >= at[e.To].X {
			t.Errorf("%s does not stand left of %s", e.From, e.To)
		}
	}
	g.Direction = TopDown
	for _, b := range Layout(g).Boxes {
		at[b.ID] = b
	}
	for _, e := range g.Edges {
		if at[e.From].Y+at[e.From].H >= at[e.To].Y {
			t.Errorf("%s does not stand above %s", e.From, e.To)
		}
	}
}

func TestLayoutUncrosses(t *testing.T) {
	// Two layers of five, each box joined to the one of the opposite rank.
	var g Graph
	for i := range 5 {
		g.Nodes = append(g.Nodes, Node{ID: fmt.Sprint("l", i)}, Node{ID: fmt.Sprint("r", i)}, Node{ID: "root"})
		g.Edges = append(g.Edges, Edge{From: fmt.Sprint("l", i), To: fmt.Sprint("r", 4-i)}, Edge{From: "root", To: fmt.Sprint("l", i)})
	}
	nodes, links := normalise(g)
	p := split(LeftToRight, nodes, links)[0]
	p.layer()
	p.bend()
	before, steps := p.crossings(), maxSteps
	p.order(&steps)
	if before != 10 || p.crossings() != 0 {
		t.Errorf("crossings before and after: %d, %d, want 10, 0", before, p.crossings())
	}
}

// What the later steps are for, over many graphs: the sweeps remove crossings
// that the first one leaves, and most long arrows run on one line.
func TestQuality(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	first, last := 0, 0
	long, straight := 0, 0
	for range 50 {
		g := randomGraph(r, 30, 45)
		g.Direction = LeftToRight
		nodes, links := normalise(g)
		for _, p := range split(LeftToRight, nodes, links) {
			p.layer()
			p.bend()
			if len(p.layers) < 2 {
				continue
			}
			steps := 0 // the first sweep only
			p.order(&steps)
			first += p.crossings()
			steps = maxSteps
			p.order(&steps)
			last += p.crossings()
			p.place(&steps)
			for _, a := range p.arcs {
				for k := 2; k < len(a.route)-1; k++ {
					long++
					if math.Abs(p.verts[a.route[k]].at-p.verts[a.route[k-1]].at) < 0.05 {
						straight++
					}
				}
			}
		}
	}
	t.Logf("crossings: %d after the first sweep, %d in the end; %d of %d stretches of long arrows are straight", first, last, straight, long)
	if last*10 > first*8 {
		t.Errorf("%d crossings after the first sweep, %d in the end, want at least a fifth fewer", first, last)
	}
	if straight*10 < long*6 {
		t.Errorf("%d of %d stretches of long arrows are straight, want most", straight, long)
	}
}

func TestCrossingsAgreeWithPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 50 {
		nodes, links := normalise(randomGraph(r, 20, 40))
		for _, p := range split(LeftToRight, nodes, links) {
			p.layer()
			p.bend()
			want := 0
			p.sortNeighbours()
			for _, layer := range p.layers {
				for i, v := range layer {
					for _, w := range layer[i+1:] {
						want += p.pairCrossings(p.after[v], p.after[w])
					}
				}
			}
			if got := p.crossings(); got != want {
				t.Fatalf("%d crossings, want %d", got, want)
			}
		}
	}
}

func TestSettlerIsNearest(t *testing.T) {
	var s settler
	wants := []float64{5, 1, 3, 10, 8, 8}
	for _, w := range wants {
		s.add(w, 1)
	}
	var got []float64
	for i := range wants {
		got = append(got, s.at(i))
	}
	want := []float64{3, 3, 3, 26.0 / 3, 26.0 / 3, 26.0 / 3}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settled (-want +got):\n%s", diff)
	}
}

func TestMergedEdges(t *testing.T) {
	_, links := normalise(Graph{
		Nodes: []Node{{ID: "a"}, {ID: "b"}},
		Edges: []Edge{
			{From: "a", To: "b", Class: "optional", Label: "mail"},
			{From: "a", To: "b", Label: "http"},
			{From: "a", To: "b", Class: "missing", Label: "http"},
			{From: "b", To: "a"},
		},
	})
	var got []Edge
	for _, l := range links {
		got = append(got, l.Edge)
	}
	want := []Edge{{From: "a", To: "b", Class: "missing", Label: "http, mail"}, {From: "b", To: "a"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("merged edges (-want +got):\n%s", diff)
	}
}

func TestUnknownEndIsMissing(t *testing.T) {
	d := Layout(Graph{Nodes: []Node{{ID: "a"}}, Edges: []Edge{{From: "a", To: "service:gone"}}})
	i := slices.IndexFunc(d.Boxes, func(b Box) bool { return b.ID == "service:gone" })
	if i < 0 || d.Boxes[i].Class != "missing" || d.Boxes[i].Lines[0] != "service:gone" {
		t.Errorf("boxes %+v, want one for the missing end", d.Boxes)
	}
}

func TestTooLarge(t *testing.T) {
	g := Graph{Nodes: make([]Node, 50_000), Edges: make([]Edge, 500_000)}
	d := Layout(g)
	if !d.TooLarge || len(d.Boxes) != 1 || !slices.Equal(d.Boxes[0].Lines, []string{"50000 boxes, 500000 arrows", "too many to draw"}) {
		t.Errorf("got %+v, want one box that says so", d)
	}
	var ends Graph
	for i := range MaxNodes + 1 {
		ends.Edges = append(ends.Edges, Edge{From: "a", To: fmt.Sprint(i)})
	}
	if !Layout(ends).TooLarge {
		t.Error("a graph whose edges name too many ends is laid out")
	}
}

func FuzzLayout(f *testing.F) {
	f.Add([]byte{0, 3, 0, 1, 1, 2, 2, 0, 1, 1})
	f.Add([]byte{1, 200, 0, 9, 9, 0, 7, 7})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 2 || len(data) > 400 {
			return
		}
		g := Graph{Direction: Direction(data[0] % 2)}
		for i := range int(data[1]) % 60 {
			g.Nodes = append(g.Nodes, Node{ID: fmt.Sprint(i), Label: string(data[:min(len(data), i*5)])})
		}
		for i := 2; i+1 < len(data); i += 2 {
			g.Edges = append(g.Edges, Edge{From: fmt.Sprint(data[i] % 64), To: fmt.Sprint(data[i+1] % 64), Label: string(data[i : i+2])})
		}
		checkDrawing(t, g, Layout(g))
	})
}

func benchmarkLayout(b *testing.B, nodes, edges int, long bool) {
	r := rand.New(rand.NewPCG(9, 10))
	var g Graph
	for i := range nodes {
		g.Nodes = append(g.Nodes, Node{ID: fmt.Sprint("n", i), Label: fmt.Sprint("Service ", i), Sub: "System"})
	}
	for range edges {
		from := r.IntN(nodes)
		to := min(nodes-1, from+1+r.IntN(30))
		if long {
			to = r.IntN(nodes)
		}
		g.Edges = append(g.Edges, Edge{From: fmt.Sprint("n", from), To: fmt.Sprint("n", to)})
	}
	for b.Loop() {
		Layout(g)
	}
}

func BenchmarkLayout40(b *testing.B)    { benchmarkLayout(b, 40, 60, false) }
func BenchmarkLayout2000(b *testing.B)  { benchmarkLayout(b, 2000, 3000, false) }
func BenchmarkLayoutWorst(b *testing.B) { benchmarkLayout(b, MaxNodes, MaxEdges, true) }

func BenchmarkNeighbourhoodToSVG(b *testing.B) {
	uses, usedBy := someNeighbours("u", 15), someNeighbours("d", 24)
	for b.Loop() {
		Layout(Neighbourhood(Node{ID: "c", Label: "Payments API"}, Side{Neighbours: uses}, Side{Neighbours: usedBy}, 0)).SVG("Payments API", "")
	}
}
