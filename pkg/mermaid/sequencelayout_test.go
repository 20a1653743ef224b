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
	open := 0
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
		for i, a := range texts {
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
			texts = append(texts, n.rect)
		}
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

func (r rect) meets(o rect) bool {
	return r.x+r.w > o.x && o.x+o.w > r.x && r.y+r.h > o.y && o.y+o.h > r.y
}
