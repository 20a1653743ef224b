package mermaid

import (
	"github.com/signpost-dev/signpost/pkg/diagram"
)

// named counts the states that have a text.
func (f *flow) named() int {
	n := len(f.Groups)
	for _, node := range f.Nodes {
		if node.Shape == diagram.Rounded {
			n++
		}
	}
	return n
}

// words says each line in words, then which boxes stand where.
func (f *flow) words() []Word {
	var words []Word
	linked := make([]bool, len(f.Nodes))
	for _, e := range f.Edges {
		for _, end := range [...]diagram.End{e.From, e.To} {
			if _, group := end.Group(); !group {
				linked[end] = true
			}
		}
		if e.Stroke != diagram.Invisible {
			words = append(words, Word{0, f.edgeWords(e)})
		}
	}
	for g := range f.Groups {
		if members := f.members(g + 1); members != "" {
			words = append(words, Word{0, f.groupName(g) + " holds " + members})
		}
	}
	for n, node := range f.Nodes {
		if !linked[n] && node.In == 0 {
			words = append(words, Word{0, f.nodeName(n)})
		}
	}
	return words
}

// members lists what stands in a group, counted from 1.
func (f *flow) members(in int) string {
	list := ""
	add := func(name string) {
		if list != "" {
			list += ", "
		}
		list += name
	}
	for n, node := range f.Nodes {
		if node.In == in && node.Shape != diagram.Start && node.Shape != diagram.Stop {
			add(f.nodeName(n))
		}
	}
	for g, group := range f.Groups {
		if group.In == in {
			add(f.groupName(g))
		}
	}
	return list
}

func (f *flow) edgeWords(e diagram.FlowEdge) string {
	sign := " → "
	switch {
	case e.Head == diagram.NoHead && e.Tail == diagram.NoHead:
		sign = " — "
	case e.Head != diagram.NoHead && e.Tail != diagram.NoHead:
		sign = " ↔ "
	case e.Head == diagram.NoHead:
		sign = " ← "
	}
	words := f.name(e.From) + sign + f.name(e.To)
	if e.Label != "" {
		words += ": " + oneLine(e.Label)
	}
	return words
}

func (f *flow) name(e diagram.End) string {
	if g, ok := e.Group(); ok {
		return f.groupName(g)
	}
	return f.nodeName(int(e))
}

func (f *flow) groupName(g int) string {
	if name := oneLine(f.Groups[g].Label); name != "" {
		return name
	}
	return "a group"
}

func (f *flow) nodeName(n int) string {
	node := f.Nodes[n]
	switch name := oneLine(node.Label); {
	case name != "":
		return name
	case node.Shape == diagram.Start:
		return "start"
	case node.Shape == diagram.Stop:
		return "end"
	case node.Shape == diagram.Bar:
		return "a fork"
	case node.Shape == diagram.Diamond:
		return "a choice"
	}
	return "a box"
}
