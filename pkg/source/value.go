package source

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Value returns what JSON would hold: map[string]any, []any, string,
// json.Number, bool or nil. Numbers are normalised to what JSON allows (0x10
// becomes 16), dates stay strings. The caller owns the result.
func (n *Node) Value() any {
	switch n.Kind() {
	case Map:
		m := make(map[string]any, len(n.children))
		for _, c := range n.children {
			m[c.name] = c.Value()
		}
		return m
	case List:
		l := make([]any, len(n.children))
		for i, c := range n.children {
			l[i] = c.Value()
		}
		return l
	case String:
		return n.text
	case Number:
		num, _ := parseNumber(n.text)
		return json.Number(num)
	case Bool:
		return n.text[0] == 't' || n.text[0] == 'T'
	default:
		return nil
	}
}

// At returns the value a JSON pointer (RFC 6901) leads to, or nil. The empty
// pointer is the node itself.
func (n *Node) At(pointer string) *Node {
	for pointer != "" && n != nil {
		if pointer[0] != '/' {
			return nil
		}
		token, rest := pointer[1:], ""
		if i := strings.IndexByte(token, '/'); i >= 0 {
			token, rest = token[:i], token[i:]
		}
		n, pointer = n.step(unescape.Replace(token)), rest
	}
	return n
}

var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// step follows one token of a JSON pointer.
func (n *Node) step(token string) *Node {
	switch n.kind {
	case Map:
		return n.Field(token)
	case List:
		i, err := strconv.Atoi(token)
		if err != nil || i < 0 || i >= len(n.children) || strconv.Itoa(i) != token {
			return nil
		}
		return n.children[i]
	default:
		return nil
	}
}
