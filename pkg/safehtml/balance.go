package safehtml

import (
	"bytes"
	"slices"

	"golang.org/x/net/html"
)

// balance writes a fragment in plain form: every element is closed, in the
// element in which it was opened, and what may stand in certain elements only
// (rows in tables) stands there or is left out; its
// content stays.
//
// It is not the algorithm of browsers, which repeats open elements after a wrong
// end tag: that can make very much of very little.
func balance(fragment []byte) []byte {
	b := balancer{out: make([]byte, 0, len(fragment)+len(fragment)/8)}
	z := html.NewTokenizer(bytes.NewReader(fragment))
	for {
		switch z.Next() {
		case html.ErrorToken:
			b.closeTo(0)
			return b.out
		case html.TextToken:
			b.out = append(b.out, html.EscapeString(z.Token().Data)...)
		case html.StartTagToken, html.SelfClosingTagToken:
			b.start(z.Token())
		case html.EndTagToken:
			name, _ := z.TagName()
			b.end(string(name))
		}
	}
}

type balancer struct {
	out  []byte
	open []*element
}

func (b *balancer) start(t html.Token) {
	e := allowList[t.Data]
	if e == nil {
		return
	}
	b.closeImplied(e)
	if len(b.open) == maxDepth || !e.mayStandIn(b.parent()) {
		return
	}
	b.out = appendStart(b.out, e, t.Attr)
	if !e.void {
		b.open = append(b.open, e)
	}
}

func (b *balancer) parent() string {
	if len(b.open) == 0 {
		return ""
	}
	return b.open[len(b.open)-1].name
}

// closeImplied closes what authors need not close before an element: a paragraph
// before a block, an item before the next item, a cell before the next row.
func (b *balancer) closeImplied(e *element) {
	if b.parent() == "p" && slices.Contains(blocks, e.name) {
		b.closeTo(len(b.open) - 1)
	}
	for !e.mayStandIn(b.parent()) && slices.Contains(closable, b.parent()) {
		b.closeTo(len(b.open) - 1)
	}
}

var (
	blocks = []string{
		"p", "div", "section", "ul", "ol", "dl", "table", "blockquote", "pre", "hr", "details", "figure",
		"h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd",
	}
	closable = []string{"li", "dt", "dd", "p", "td", "th", "tr", "thead", "tbody", "tfoot", "caption"}
)

// end closes an element and what is still open in it; an end tag for what is not
// open is left out.
func (b *balancer) end(name string) {
	for i := len(b.open) - 1; i >= 0; i-- {
		if b.open[i].name == name {
			b.closeTo(i)
			return
		}
	}
}

func (b *balancer) closeTo(depth int) {
	for len(b.open) > depth {
		b.out = appendEnd(b.out, b.open[len(b.open)-1])
		b.open = b.open[:len(b.open)-1]
	}
}
