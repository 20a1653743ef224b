package docs

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// mention is a reference that stands in running text, such as service:ledger. As with
// GitHub's mentions of people, one in code or in the text of a link is none. Its child is
// its text. Whether it leads anywhere is asked when the page is drawn: entities come and go.
type mention struct {
	ast.BaseInline
	ref string
}

var kindMention = ast.NewNodeKind("Mention")

func (*mention) Kind() ast.NodeKind { return kindMention }

func (m *mention) Dump(source []byte, level int) { ast.DumpHelper(m, source, level, nil, nil) }

// mentions finds the mentions in a parsed document.
type mentions struct{ kinds map[string]bool }

func (m mentions) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	source := reader.Source()
	if bytes.IndexByte(source, ':') < 0 || len(m.kinds) == 0 {
		return
	}
	var texts []*ast.Text
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.CodeSpan, *ast.Link, *ast.Image, *ast.AutoLink, *ast.RawHTML:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			if entering && !n.IsRaw() && bytes.IndexByte(n.Segment.Value(source), ':') > 0 {
				texts = append(texts, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, t := range texts {
		m.split(t, source)
	}
}

// split takes the mentions out of a text.
func (m mentions) split(t *ast.Text, source []byte) {
	parent, at := t.Parent(), t.Segment.Start
	for at < t.Segment.Stop {
		start, end, ok := m.next(source, at, t.Segment.Stop)
		if !ok {
			return
		}
		at = end
		if start > t.Segment.Start {
			parent.InsertBefore(parent, t, ast.NewTextSegment(text.NewSegment(t.Segment.Start, start)))
		}
		found := &mention{ref: string(source[start:end])}
		found.AppendChild(found, ast.NewTextSegment(text.NewSegment(start, end)))
		parent.InsertBefore(parent, t, found)
		t.Segment = t.Segment.WithStart(end) // keeps the break of the line, if there is one
	}
}

// next finds the next mention in source[from:to]: the word of a kind, a colon, and a name,
// perhaps with its namespace. Neither is part of a longer word, a path or an address.
func (m mentions) next(source []byte, from, to int) (start, end int, ok bool) {
	for at := from; at < to; {
		colon := bytes.IndexByte(source[at:to], ':')
		if colon < 0 {
			return 0, 0, false
		}
		colon += at
		at = colon + 1
		start = colon
		for start > from && isNamed(source[start-1]) {
			start--
		}
		if !m.kinds[string(source[start:colon])] || start > 0 && joins(source[start-1]) {
			continue
		}
		end = nameEnd(source, at, to)
		if end > at && end < to && source[end] == '/' {
			if after := nameEnd(source, end+1, to); after > end+1 {
				end = after
			}
		}
		if end > at && (end == to || !joins(source[end]) && !isNamed(source[end])) {
			return start, end, true
		}
	}
	return 0, 0, false
}

// nameEnd returns the end of the name that begins at an offset. The full stop behind it
// ends a sentence.
func nameEnd(source []byte, at, to int) int {
	end := at
	for end < to && (isNamed(source[end]) || source[end] == '.' || source[end] == '_') {
		end++
	}
	for end > at && strings.IndexByte("._-", source[end-1]) >= 0 {
		end--
	}
	if end > at && strings.IndexByte("._-", source[at]) >= 0 {
		return at
	}
	return end
}

// isNamed reports whether a byte may stand anywhere in a word of a reference.
func isNamed(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-'
}

// joins reports whether a byte makes what is around it one longer thing: a path, an address.
func joins(c byte) bool { return strings.IndexByte("/:@=_#&\\", c) >= 0 || c >= 0x80 }

// mention writes a mention: a link to the page of its entity, if there is one.
func (r *renderer) mention(m *mention) {
	page := r.set.mentioned(r.Document, m.ref)
	if page == "" || r.links > 0 {
		r.children(m)
		return
	}
	r.str("<a")
	r.attr("href", relative(r.Document.Page, page))
	r.str(">")
	r.children(m)
	r.str("</a>")
}

// mentioned returns the page of the entity that a mention in a document means, or "". What
// comes from other files, such as descriptions in an API, mentions nothing.
func (s *Set) mentioned(doc *Document, ref string) string {
	if doc.piece {
		return ""
	}
	home, ok := s.homes.Mentioned(ref, doc.home())
	if !ok {
		return ""
	}
	return home.Page
}

// home is the entity in whose sight a document's references are read.
func (d *Document) home() Home {
	if len(d.About) == 0 {
		return Home{}
	}
	return d.About[0]
}

// mostNear bounds for how many mentions that lead nowhere the nearest entity is looked for.
const mostNear = 200

// mention reports a mention of an entity that does not exist, if one was certainly meant:
// one of the same kind has nearly the name. Other words with a colon in them are left alone,
// such as "service:port".
func (c *checker) mention(scan *Scan, l Link) (diag.Diagnostic, bool) {
	home := scan.Document.home()
	if _, ok := c.set.homes.Mentioned(l.To, home); ok {
		return diag.Diagnostic{}, false
	}
	key := home.Ref + " " + l.To
	near, known := c.meant[key]
	if !known {
		if len(c.meant) >= mostNear {
			return diag.Diagnostic{}, false
		}
		_, near, _ = c.set.homes.Find(l.To, home)
		c.meant[key] = near
	}
	kind, _, _ := strings.Cut(l.To, ":")
	if !strings.HasPrefix(near, kind+":") {
		return diag.Diagnostic{}, false
	}
	return diag.Diagnostic{
		Span: l.Span, Severity: diag.Warning, Code: "mention-unknown",
		Message: fmt.Sprintf("%s is mentioned, but does not exist", quoted(l.To)), Hint: fmt.Sprintf("did you mean %q?", near),
	}, true
}
