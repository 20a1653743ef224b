package diagram

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var groups = []string{"Checkout", "Money", "Search"}

// someNeighbours makes neighbours of tiers 1 to 4 in three groups.
func someNeighbours(prefix string, n int) []Neighbour {
	all := make([]Neighbour, n)
	for i := range all {
		all[i] = Neighbour{
			Node: Node{ID: fmt.Sprintf("%s%03d", prefix, i), Label: fmt.Sprintf("Service %s%03d", prefix, i), Sub: groups[i%3]},
			Tier: 1 + i%4, Group: groups[i%3], Noun: "services",
		}
	}
	return all
}

func TestNeighbourhoodWhole(t *testing.T) {
	db := Neighbour{Node: Node{ID: "db", Label: "payments-db", Class: "resource"}, Tier: 1}
	ledger := Neighbour{Node: Node{ID: "ledger", Label: "Ledger", Class: "service"}, Tier: 2, Link: "degrades", Note: "grpc"}
	events := Neighbour{Node: Node{ID: "events", Label: "Events"}, Tier: 1, Via: []string{"ledger", "pay", "unheard-of"}}
	web := Neighbour{Node: Node{ID: "web", Label: "Web"}, Tier: 1}
	got := Neighbourhood(Node{ID: "pay", Label: "Payments"},
		Side{Neighbours: []Neighbour{events, ledger, db}}, Side{Neighbours: []Neighbour{web}}, 0)
	want := Graph{
		Nodes: []Node{
			{ID: "pay", Label: "Payments", Class: "focus", Rank: -1},
			{ID: "web", Label: "Web"},
			{ID: "events", Label: "Events"},
			{ID: "db", Label: "payments-db", Class: "resource", Rank: 1},
			{ID: "ledger", Label: "Ledger", Class: "service", Rank: 2},
		},
		Edges: []Edge{
			{From: "ledger", To: "events"},
			{From: "pay", To: "db"},
			{From: "pay", To: "events"},
			{From: "pay", To: "ledger", Class: "degrades", Label: "grpc"},
			{From: "web", To: "pay"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("neighbourhood (-want +got):\n%s", diff)
	}
}

func TestNeighbourhoodFolds(t *testing.T) {
	usedBy := someNeighbours("d", 200)
	g := Neighbourhood(Node{ID: "c"}, Side{Neighbours: someNeighbours("u", 6)}, Side{Neighbours: usedBy, More: "#sp-used-by"}, 40)
	if len(g.Nodes) != 1+6+tallest {
		t.Errorf("%d boxes, want the middle, 6 and %d", len(g.Nodes), tallest)
	}
	var folded []Node
	kept := 0
	for _, n := range g.Nodes {
		switch {
		case n.Class == "more":
			folded = append(folded, n)
		case n.ID[0] == 'd':
			kept++
			if tier := 1 + slices.IndexFunc(usedBy, func(u Neighbour) bool { return u.ID == n.ID })%4; tier != 1 {
				t.Errorf("%s of tier %d has a box, though of tier 1 there are enough", n.ID, tier)
			}
		}
	}
	want := []Node{
		{ID: "+used-by 0", Label: "60 more services in Checkout", Href: "#sp-used-by", Class: "more", Rank: 200},
		{ID: "+used-by 1", Label: "60 more services in Money", Href: "#sp-used-by", Class: "more", Rank: 201},
		{ID: "+used-by 2", Label: "59 more services in Search", Href: "#sp-used-by", Class: "more", Rank: 202},
	}
	if diff := cmp.Diff(want, folded); diff != "" {
		t.Errorf("folded boxes (-want +got):\n%s", diff)
	}
	if kept != 21 {
		t.Errorf("%d neighbours kept their boxes, want 21", kept)
	}
	if len(g.Edges) != len(g.Nodes)-1 {
		t.Errorf("%d arrows, want one for each box beside the middle", len(g.Edges))
	}
}

// Every limit is kept, no neighbour is lost and none is counted twice, whatever
// the sides look like and in whatever order they are given.
func TestNeighbourhoodKeepsItsLimit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		uses, usedBy := someNeighbours("u", r.IntN(80)), someNeighbours("d", r.IntN(80))
		for i := range uses {
			uses[i].Group = fmt.Sprint("group ", r.IntN(1+r.IntN(80)))
			if r.IntN(3) == 0 {
				uses[i].Via = []string{uses[r.IntN(len(uses))].ID}
			}
		}
		limit := 5 + r.IntN(60)
		g := Neighbourhood(Node{ID: "c"}, Side{Neighbours: uses}, Side{Neighbours: usedBy}, limit)
		if len(g.Nodes) > limit {
			t.Fatalf("%d boxes, limit %d", len(g.Nodes), limit)
		}
		shown := 0
		for _, n := range g.Nodes[1:] {
			count := 1
			if n.Class == "more" {
				if _, err := fmt.Sscanf(n.Label, "%d more", &count); err != nil {
					t.Fatalf("label %q: %v", n.Label, err)
				}
			}
			shown += count
		}
		if shown != len(uses)+len(usedBy) {
			t.Fatalf("the boxes stand for %d neighbours, want %d", shown, len(uses)+len(usedBy))
		}
		r.Shuffle(len(uses), func(i, j int) { uses[i], uses[j] = uses[j], uses[i] })
		again := Neighbourhood(Node{ID: "c"}, Side{Neighbours: uses}, Side{Neighbours: usedBy}, limit)
		if diff := cmp.Diff(g, again); diff != "" {
			t.Fatalf("another order (-first +second):\n%s", diff)
		}
		for _, b := range Layout(g).Boxes {
			if b.Class == "missing" {
				t.Fatalf("an arrow leads to %q, which has no box", b.ID)
			}
		}
	}
}

func TestNeighbourhoodCycles(t *testing.T) {
	refund := Neighbour{Node: Node{ID: "refund", Label: "Refund"}}
	self := Neighbour{Node: Node{ID: "c"}}
	g := Neighbourhood(Node{ID: "c"}, Side{Neighbours: []Neighbour{refund}}, Side{Neighbours: []Neighbour{refund, self}}, 0)
	want := []Edge{
		{From: "c", To: "c", Class: "cyclic"},
		{From: "c", To: "refund", Class: "cyclic"},
		{From: "refund", To: "c", Class: "cyclic"},
	}
	if diff := cmp.Diff(want, g.Edges); diff != "" {
		t.Errorf("arrows (-want +got):\n%s", diff)
	}
	d := Layout(g)
	if d.Boxes[0].ID != "c" || d.Boxes[1].ID != "refund" {
		t.Errorf("boxes %+v, want the middle left of what it uses", d.Boxes)
	}
}

func TestTypicalNeighbourhoodFitsTheColumn(t *testing.T) {
	uses := someNeighbours("u", 16)
	for i := range uses[8:] {
		uses[8+i].Via = []string{uses[i].ID}
	}
	usedBy := someNeighbours("d", 12)
	for i := range usedBy[6:] {
		usedBy[6+i].Via = []string{usedBy[i].ID}
	}
	d := Layout(Neighbourhood(Node{ID: "c", Label: "Payments API", Sub: "Checkout"}, Side{Neighbours: uses}, Side{Neighbours: usedBy}, 0))
	if d.Width > columnWidth || d.Height > 500 {
		t.Errorf("29 boxes with two hops on both sides take %v by %v px", d.Width, d.Height)
	}
}

// A folded box does not say the same twice.
func TestFoldLabel(t *testing.T) {
	folded := []placed{{Neighbour: Neighbour{Noun: "services"}}, {Neighbour: Neighbour{Noun: "services"}}}
	for group, want := range map[string]string{"Services": "2 more services", "Checkout": "2 more services in Checkout", "": "2 more services"} {
		if got := foldLabel(folded, group); got != want {
			t.Errorf("in %q: got %q, want %q", group, got, want)
		}
	}
}
