package diagram

import (
	"cmp"
	"math"
	"slices"
)

// Extents of boxes in pixels. A box of one line is high enough to be touched.
const (
	lineHeight = 28.0  // of a box with one line
	lowHeight  = 24.0  // the same in a compact drawing: the least that WCAG 2.2 allows for a target
	twoLines   = 44.0  // of a box with two
	padding    = 11.0  // left and right of the text
	narrowest  = 88.0  // limit of a box's width, however little room there is
	widest     = 240.0 // and however much, in drawings from left to right
	widestDown = 176.0 // and in those from the top down
)

// crowd is the number of boxes in a column above which a drawing leaves second
// lines out and moves the boxes together, so that it is not taller than a screen.
const crowd = 8

// face is what a box shows: its texts on one line each, and how wide the box is
// that holds them whole.
type face struct {
	node       Node
	label, sub string
	width      float64
}

func newFace(n Node) face {
	f := face{node: n, label: cmp.Or(clean(n.Label), clean(n.ID), "?"), sub: clean(n.Sub)}
	text := max(width(f.label, f.labelSize()), width(f.sub, subSize))
	f.width = math.Ceil(text) + 2*padding
	return f
}

// labelSize is the size at which the label is measured: that of the focus is bold.
func (f face) labelSize() float64 {
	if f.node.Class == "focus" {
		return labelSize * boldness
	}
	return labelSize
}

// lines returns the texts as they are drawn in a box of width w.
func (f face) lines(w float64, compact bool) []string {
	lines := []string{shorten(f.label, f.labelSize(), w-2*padding)}
	if f.twoLines(compact) {
		lines = append(lines, shorten(f.sub, subSize, w-2*padding))
	}
	return lines
}

// twoLines reports whether the box shows its second line. That of the focus
// always does: it is alone in its column.
func (f face) twoLines(compact bool) bool {
	return f.sub != "" && (!compact || f.node.Class == "focus")
}

// measure decides whether second lines are shown, and how much room every box
// takes across the direction of the arrows.
func (p *part) measure() {
	if p.dir == TopDown {
		for v, f := range p.boxes {
			p.verts[v].size = min(f.width, widestDown)
		}
		for _, l := range p.loops {
			p.verts[p.local(l.from)].size += 2 * (loopReach + width(labelText(l.Edge), subSize))
		}
		return
	}
	for _, layer := range p.layers {
		boxes := 0
		for _, v := range layer {
			if !p.isBend(v) {
				boxes++
			}
		}
		p.compact = p.compact || boxes > crowd
	}
	for v, f := range p.boxes {
		switch {
		case f.twoLines(p.compact):
			p.verts[v].size = twoLines
		case p.compact:
			p.verts[v].size = lowHeight
		default:
			p.verts[v].size = lineHeight
		}
	}
}

// local returns the box that draws a node of the graph.
func (p *part) local(member int) int {
	i, _ := slices.BinarySearch(p.members, member)
	return i
}

// thickness returns the extent of every layer along the arrows: the widths of
// columns or the heights of rows.
func (p *part) thickness(gaps float64) []float64 {
	thick := make([]float64, len(p.layers))
	for v, f := range p.boxes {
		t := &thick[p.verts[v].layer]
		switch {
		case p.dir == LeftToRight:
			*t = max(*t, min(f.width, widest))
		case f.sub != "":
			*t = twoLines
		default:
			*t = max(*t, lineHeight)
		}
	}
	if p.dir == LeftToRight {
		limit := fairLimit(thick, columnWidth-2*margin-gaps)
		for i := range thick {
			thick[i] = min(thick[i], limit)
		}
	}
	return thick
}

// fairLimit returns the limit for each width that makes their sum fit into room:
// narrow columns keep their width, wide ones share what is left.
func fairLimit(widths []float64, room float64) float64 {
	sorted := slices.Sorted(slices.Values(widths))
	for i, w := range sorted {
		share := room / float64(len(sorted)-i)
		if w > share {
			return max(math.Floor(share), narrowest)
		}
		room -= w
	}
	return widest
}
