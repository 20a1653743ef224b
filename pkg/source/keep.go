package source

import "github.com/signpost-dev/signpost/pkg/cache"

// Keep writes a value with the places of all its parts, for a cache.
func (n *Node) Keep(e *cache.Encoder) {
	values, links := n.count()
	e.Uint(values)
	if values == 0 {
		return
	}
	e.Uint(links)
	n.write(e)
}

func (n *Node) count() (values, links int) {
	if n == nil {
		return 0, 0
	}
	values, links = 1, len(n.children)
	for _, c := range n.children {
		v, l := c.count()
		values, links = values+v, links+l
	}
	return values, links
}

func (n *Node) write(e *cache.Encoder) {
	e.Uint(int(n.kind))
	e.String(n.name)
	e.String(n.text)
	n.place.write(e)
	n.keyPlace.write(e)
	e.Uint(len(n.children))
	for _, c := range n.children {
		c.write(e)
	}
}

func (p place) write(e *cache.Encoder) {
	e.Uint(int(p.line))
	e.Uint(int(p.col))
	e.Uint(int(p.endLine - p.line))
	e.Uint(int(p.endCol))
}

// Recall reads what Keep wrote; name is that of the file, as reports show it. What is
// damaged gives an error in d.
func Recall(d *cache.Decoder, name string) *Node {
	values := d.Len()
	if values == 0 {
		return nil
	}
	r := recaller{d: d, file: &name, nodes: make([]Node, values), links: make([]*Node, d.Len())}
	return r.node()
}

// recaller makes nodes out of two pieces of memory, as the walk of a file does.
type recaller struct {
	d     *cache.Decoder
	file  *string
	nodes []Node
	links []*Node
}

func (r *recaller) node() *Node {
	if len(r.nodes) == 0 {
		r.d.Fail()
		return nil
	}
	n := &r.nodes[0]
	r.nodes = r.nodes[1:]
	n.file = r.file
	n.kind = Kind(r.d.Uint())
	n.name = r.d.String()
	n.text = r.d.String()
	n.place = r.place()
	n.keyPlace = r.place()
	children := r.d.Uint()
	if children > len(r.links) || r.d.Err != nil {
		r.d.Fail()
		return nil
	}
	if n.kind == List || n.kind == Map {
		n.children, r.links = r.links[:children:children], r.links[children:]
	}
	for i := range n.children {
		if n.children[i] = r.node(); n.children[i] == nil {
			return nil
		}
	}
	return n
}

func (r *recaller) place() place {
	p := place{line: int32(r.d.Uint()), col: int32(r.d.Uint())}
	p.endLine = p.line + int32(r.d.Uint())
	p.endCol = int32(r.d.Uint())
	return p
}
