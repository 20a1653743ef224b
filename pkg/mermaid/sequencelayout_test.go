package mermaid

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// randomSequence is the source of a sequence diagram of random messages, notes and blocks.
func randomSequence(r *rand.Rand) string {
	var b strings.Builder
	b.WriteString("sequenceDiagram\n")
	n := 2 + r.IntN(4)
	for i := range n {
		fmt.Fprintf(&b, "participant p%d as %s\n", i, strings.Repeat("name ", 1+r.IntN(5)))
	}
	open, made := 0, 0
	for range 4 + r.IntN(16) {
		text := strings.Repeat("word ", r.IntN(12))
		switch k := r.IntN(12); {
		case k == 0 && open < 3:
			fmt.Fprintf(&b, "alt %s\n", text)
			open++
		case k == 1 && open > 0:
			fmt.Fprintf(&b, "else %s\n", text)
		case k == 2 && open > 0:
			b.WriteString("end\n")
			open--
		case k == 3:
			fmt.Fprintf(&b, "Note %s p%d: %s\n", []string{"left of", "right of", "over"}[r.IntN(3)], r.IntN(n), text)
		case k == 4:
			fmt.Fprintf(&b, "Note over p%d,p%d: %s\n", r.IntN(n), r.IntN(n), text)
		case k == 5 && made < 2:
			fmt.Fprintf(&b, "create participant made%d as %s\np%d->>made%[1]d: %[4]s\n", made, strings.Repeat("name ", 1+r.IntN(5)), r.IntN(n), text)
			made++
		default:
			fmt.Fprintf(&b, "p%d%s%sp%d: %s\n", r.IntN(n), arrows[r.IntN(len(arrows))].text, []string{"", "+", "-"}[r.IntN(3)], r.IntN(n), text)
		}
	}
	b.WriteString(strings.Repeat("end\n", open))
	return b.String()
}

// The texts of messages lie over nothing: no lifeline, no activation, no note, no other text.
// Notes do not either, but for the lifelines that they stand over, and all is within the drawing.
func TestSequenceKeepsApart(t *testing.T) {
	for seed := range uint64(2000) {
		code := randomSequence(rand.New(rand.NewPCG(seed, 7)))
		d, err := Parse(code)
		if err != nil {
			t.Fatalf("%s\n%v", code, err)
		}
		c := d.sequence.layout()
		var texts []rect
		for _, m := range c.arrows {
			w, h := widthOf(m.lines), textLine*float64(len(m.lines))
			if h > 0 {
				texts = append(texts, rect{m.textX - w/2, m.textY - h/2, w, h})
			}
		}
		var heads []rect // of those that are made on the way
		for i, y := range c.began {
			if y > 0 {
				heads = append(heads, rect{c.x[i] - c.w[i]/2, y, c.w[i], c.head})
			}
		}
		for i, a := range texts {
			for _, h := range heads {
				if a.meets(h) {
					t.Errorf("seed %d: text %d lies over the box of a participant", seed, i)
				}
			}
			for _, x := range c.x {
				if x > a.x && x < a.x+a.w {
					t.Errorf("seed %d: a lifeline runs through text %d", seed, i)
				}
			}
			for _, b := range c.bars {
				if a.meets(b) {
					t.Errorf("seed %d: text %d lies over an activation", seed, i)
				}
			}
			for _, b := range texts[:i] {
				if a.meets(b) {
					t.Errorf("seed %d: text %d lies over another", seed, i)
				}
			}
			for _, n := range c.notes {
				if a.meets(n.rect) {
					t.Errorf("seed %d: text %d lies over a note", seed, i)
				}
			}
		}
		for i, n := range c.notes {
			for _, o := range c.notes[:i] {
				if n.meets(o.rect) {
					t.Errorf("seed %d: notes lie over each other", seed)
				}
			}
			for _, h := range heads {
				if n.meets(h) {
					t.Errorf("seed %d: a note lies over the box of a participant", seed)
				}
			}
			texts = append(texts, n.rect)
		}
		texts = append(texts, heads...)
		for _, f := range c.frames {
			texts = append(texts, f.rect)
		}
		for _, a := range texts {
			if a.x < c.left || a.x+a.w > c.right || a.y < 0 || a.y+a.h > c.y {
				t.Errorf("seed %d: something leaves the drawing", seed)
			}
		}
		if t.Failed() {
			t.Fatal(code)
		}
	}
}

// A participant that is made on the way has its box where it is made, and its lifeline below
// that; one that is gone has no box at the foot.
func TestCreated(t *testing.T) {
	d, err := Parse("sequenceDiagram\nA->>B: first\ncreate participant C\nB->>C: make\nC->>A: back\ndestroy C\nB->>C: end")
	if err != nil {
		t.Fatal(err)
	}
	c := d.sequence.layout()
	first, made := c.arrows[0], c.arrows[1]
	if c.began[2] <= first.y || made.y != c.began[2]+c.head/2 || made.x2 != c.x[2]-c.w[2]/2 {
		t.Errorf("the box begins at %v, the message that makes it stands at %v and ends at %v, the one before at %v", c.began[2], made.y, made.x2, first.y)
	}
	if last := c.arrows[3]; c.ended[2] != last.y {
		t.Errorf("the lifeline ends at %v, the message that ends it stands at %v", c.ended[2], last.y)
	}
	if c.began[0] != 0 || c.began[1] != 0 {
		t.Error("those that were there before do not begin at the top")
	}
}

func (r rect) meets(o rect) bool {
	return r.x+r.w > o.x && o.x+o.w > r.x && r.y+r.h > o.y && o.y+o.h > r.y
}
