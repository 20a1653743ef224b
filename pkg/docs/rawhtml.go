package docs

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/html"
)

// rawHTML is a stretch of HTML that an author wrote into a document.
type rawHTML struct {
	text  []byte
	lines []line
}

// line maps a stretch of a rawHTML to where it stands in the body.
type line struct{ start, body int }

// rawToken is a start or end tag, or the text between two.
type rawToken struct {
	html.Token
	text   []byte // for text: what a reader sees; nil for a tag
	offset int    // of the token in the rawHTML
	size   int
}

func htmlBlock(n *ast.HTMLBlock, body []byte) rawHTML {
	h := collect(n.Lines(), body)
	if n.HasClosure() {
		h.add(n.ClosureLine, body)
	}
	return h
}

func inlineHTML(n *ast.RawHTML, body []byte) rawHTML { return collect(n.Segments, body) }

func collect(segments *text.Segments, body []byte) rawHTML {
	var h rawHTML
	for i := range segments.Len() {
		h.add(segments.At(i), body)
	}
	return h
}

func (h *rawHTML) add(s text.Segment, body []byte) {
	h.lines = append(h.lines, line{len(h.text), s.Start})
	h.text = append(h.text, s.Value(body)...)
}

// unseen names the elements whose content is not text to a reader. An HTML
// parser reads it differently from other text, so their end is found for sure.
var unseen = map[string]bool{
	"script": true, "style": true, "iframe": true, "noembed": true, "noframes": true,
	"noscript": true, "title": true, "textarea": true, "xmp": true, "plaintext": true,
}

// each calls f for every tag and every text; comments and the content of unseen
// elements are passed over.
func (h rawHTML) each(f func(rawToken)) {
	z := html.NewTokenizer(bytes.NewReader(h.text))
	offset, skip := 0, ""
	for {
		kind := z.Next()
		if kind == html.ErrorToken { // the end; a tag without one is dropped, as by browsers
			return
		}
		size := len(z.Raw())
		t := rawToken{Token: z.Token(), offset: offset, size: size}
		offset += size
		switch kind {
		case html.TextToken:
			if skip == "" {
				t.text = []byte(t.Data)
				f(t)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			if unseen[t.Data] {
				skip = t.Data
				continue
			}
			f(t)
		case html.EndTagToken:
			if skip = ""; !unseen[t.Data] {
				f(t)
			}
		}
	}
}

// place returns where in the body an attribute's value stands, as near as can be
// told: a value with entities gives the place of its tag.
func (h rawHTML) place(t rawToken, value string) (start, end int) {
	raw := string(h.text[t.offset : t.offset+t.size])
	at, n := t.offset, 0
	if i := strings.Index(raw, value); i > 0 && value != "" {
		at, n = at+i, len(value)
	}
	for i := len(h.lines) - 1; i >= 0; i-- {
		if l := h.lines[i]; l.start <= at {
			start = l.body + at - l.start
			return start, start + n
		}
	}
	return 0, 0
}
