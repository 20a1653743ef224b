package docs

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// appendInline appends what a reader sees of the inline content of a node: no
// markup, entities resolved, images by their description.
func appendInline(out []byte, n ast.Node, body []byte) []byte {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		out = appendOne(out, c, body)
	}
	return out
}

func appendOne(out []byte, n ast.Node, body []byte) []byte {
	switch n := n.(type) {
	case *ast.Text:
		return appendText(out, n, body)
	case *ast.String:
		return append(out, n.Value...)
	case *ast.AutoLink:
		return append(out, n.Label(body)...)
	case *ast.RawHTML, *extast.FootnoteLink, *extast.FootnoteBacklink:
		return out
	default:
		return appendInline(out, n, body)
	}
}

func appendText(out []byte, t *ast.Text, body []byte) []byte {
	value := t.Segment.Value(body)
	if t.IsRaw() || t.Parent().Kind() == ast.KindCodeSpan {
		out = append(out, bytes.TrimSuffix(value, []byte{'\n'})...)
		if len(value) > 0 && value[len(value)-1] == '\n' {
			out = append(out, ' ')
		}
		return out
	}
	out = append(out, unescape(value)...)
	if t.SoftLineBreak() || t.HardLineBreak() {
		out = append(out, ' ')
	}
	return out
}

// unescape resolves backslash escapes and entities, as goldmark leaves them in
// texts and destinations.
func unescape(value []byte) []byte {
	if bytes.IndexByte(value, '\\') < 0 && bytes.IndexByte(value, '&') < 0 {
		return value
	}
	// One after the other would resolve \&amp; to &; the escaped parts are kept apart.
	var out []byte
	for len(value) > 0 {
		i := bytes.IndexByte(value, '\\')
		if i < 0 || i+1 >= len(value) {
			return append(out, entities(value)...)
		}
		if !util.IsPunct(value[i+1]) {
			out = append(out, entities(value[:i+1])...)
			value = value[i+1:]
			continue
		}
		out = append(append(out, entities(value[:i])...), value[i+1])
		value = value[i+2:]
	}
	return out
}

func entities(value []byte) []byte {
	if bytes.IndexByte(value, '&') < 0 {
		return value
	}
	return util.ResolveEntityNames(util.ResolveNumericReferences(value))
}
