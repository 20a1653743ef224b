package source

import "github.com/signpost-dev/signpost/pkg/diag"

// Kind is what a Node is, in the terms of JSON.
type Kind uint8

// The kinds of a Node.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Map
)

// Node is one value of a YAML document with its place. It is read-only once made.
//
// A missing value is a nil *Node, and every method may be called on nil: so
// n.Field("owner").Text() needs no check on the way.
type Node struct {
	file     *string // shared by all nodes of a file
	kind     Kind
	name     string  // key, for a value in a map
	text     string  // scalars: the text after unquoting
	children []*Node // values of a map, in the order of writing, or items of a list
	place    place   // of the value
	keyPlace place   // of the key, for a value in a map
}

// place is a compact diag.Span without the file.
type place struct{ line, col, endLine, endCol int32 }

// Kind returns what the node is; Null for nil.
func (n *Node) Kind() Kind {
	if n == nil {
		return Null
	}
	return n.kind
}

// Name returns the key under which a value stands in its map, or "".
func (n *Node) Name() string {
	if n == nil {
		return ""
	}
	return n.name
}

// Text returns a scalar as text ("" for null, lists, maps and nil): strings
// after unquoting, numbers and booleans as they were written.
func (n *Node) Text() string {
	if n == nil {
		return ""
	}
	return n.text
}

// Children returns the values of a map or the items of a list, in the order of writing.
func (n *Node) Children() []*Node {
	if n == nil {
		return nil
	}
	return n.children
}

// Field returns the value under a key of a map, or nil.
func (n *Node) Field(name string) *Node {
	if n == nil || n.kind != Map {
		return nil
	}
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// Span returns the place of the value.
func (n *Node) Span() diag.Span {
	if n == nil {
		return diag.Span{}
	}
	return n.place.span(*n.file)
}

// KeySpan returns the place of the key, for a value in a map.
func (n *Node) KeySpan() diag.Span {
	if n == nil {
		return diag.Span{}
	}
	return n.keyPlace.span(*n.file)
}

func (p place) span(file string) diag.Span {
	return diag.Span{
		File:  file,
		Start: diag.Pos{Line: int(p.line), Col: int(p.col)},
		End:   diag.Pos{Line: int(p.endLine), Col: int(p.endCol)},
	}
}
