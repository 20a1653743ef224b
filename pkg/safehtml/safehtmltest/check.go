// Package safehtmltest judges HTML the way a browser would read it, for tests.
//
// It is written from GitHub's published list and the site's rules, and shares no
// code with pkg/safehtml: one mistake should not hide in both.
package safehtmltest

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	elements = ` h1 h2 h3 h4 h5 h6 br b i strong em a pre code img tt div ins del sup sub p ol ul table thead tbody
		tfoot blockquote dl dt dd kbd q samp var hr ruby rt rp li tr td th s strike summary details caption figure
		figcaption abbr bdo cite dfn mark small span time wbr section input `
	attributes = ` id class title aria-label lang dir align tabindex src alt width height type checked disabled href rel
		cite datetime open start reversed value colspan rowspan valign scope `

	// of drawings, which hold no links and load nothing
	drawn           = ` g path rect circle text `
	drawnAttributes = ` class x y width height cx cy r d fill stroke font-size text-anchor `
	svgAttributes   = ` class width height viewBox role aria-label direction `
)

// Problems returns what is wrong with a fragment that is to stand in the body of
// a page: elements, attributes or addresses that may not be there, and markup
// that would reach out of the element around it.
func Problems(fragment string) []string {
	const before, after = `<!doctype html><body><main id="sp-before"></main><article id="sp-in">`, `</article><footer id="sp-after"></footer></body>`
	root, err := html.Parse(strings.NewReader(before + fragment + after))
	if err != nil {
		return []string{err.Error()}
	}
	var c checker
	body := find(root, func(n *html.Node) bool { return n.DataAtom == atom.Body })
	in := find(root, func(n *html.Node) bool { return id(n) == "sp-in" })
	if body == nil || in == nil || in.Parent != body || in.NextSibling == nil || id(in.NextSibling) != "sp-after" || count(body) != 3 || in.NextSibling.FirstChild != nil {
		return []string{"the fragment reaches out of its container"}
	}
	for n := in.FirstChild; n != nil; n = n.NextSibling {
		c.node(n)
	}
	return c.problems
}

type checker struct{ problems []string }

func (c *checker) say(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

func (c *checker) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		return
	case html.ElementNode:
		if isDrawing(n) {
			c.drawing(n)
			return
		}
		if n.Namespace != "" || !strings.Contains(squeeze(elements), " "+n.Data+" ") {
			c.say("element <%s>", n.Data)
		}
	default:
		c.say("a comment or declaration: %q", n.Data)
	}
	for _, a := range n.Attr {
		c.attribute(n, a)
	}
	if n.Data == "input" && (attr(n, "type") != "checkbox" || !has(n, "disabled")) {
		c.say("an input that can be used")
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.node(child)
	}
}

// isDrawing reports whether an element is a drawing of the site's, in its place.
func isDrawing(n *html.Node) bool {
	return n.Namespace == "svg" && n.Data == "svg" && attr(n, "class") == "dg dg-flow" && attr(n, "role") == "img" && attr(n.Parent, "class") == "sp-scroll"
}

// drawing judges a drawing and what is in it.
func (c *checker) drawing(n *html.Node) {
	allowed := svgAttributes
	if n.Data != "svg" {
		allowed = drawnAttributes
	}
	for _, a := range n.Attr {
		if a.Namespace != "" || !strings.Contains(allowed, " "+a.Key+" ") {
			c.say("attribute %s of <%s> in a drawing", a.Key, n.Data)
		}
		if (a.Key == "fill" || a.Key == "stroke") && a.Val != "none" && a.Val != "currentColor" {
			c.say("%s %q in a drawing", a.Key, a.Val)
		}
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		switch {
		case child.Type == html.TextNode:
		case child.Type == html.ElementNode && child.Namespace == "svg" && strings.Contains(drawn, " "+child.Data+" "):
			c.drawing(child)
		default:
			c.say("%q in a drawing", child.Data)
		}
	}
}

func (c *checker) attribute(n *html.Node, a html.Attribute) {
	if a.Namespace != "" || !strings.Contains(squeeze(attributes), " "+a.Key+" ") {
		c.say("attribute %s of <%s>", a.Key, n.Data)
	}
	switch a.Key {
	case "id":
		if strings.HasPrefix(a.Val, "sp-") {
			c.say("id %q of the site", a.Val)
		}
	case "href", "cite":
		c.address(a, "", "http", "https", "mailto")
	case "src":
		c.address(a, "")
	}
}

// address reads a URL as browsers do: they drop tabs and line breaks anywhere
// and spaces and control characters around, and take a backslash for a slash.
func (c *checker) address(a html.Attribute, schemes ...string) {
	s := strings.Trim(a.Val, "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f ")
	s = strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(s)
	u, err := url.Parse(s)
	if err != nil {
		// Only the part that browsers read as the scheme matters then.
		u = &url.URL{}
		if before, _, ok := strings.Cut(s, ":"); ok && !strings.ContainsAny(before, "/?#") {
			u.Scheme = strings.ToLower(before)
		}
	}
	for _, scheme := range schemes {
		if u.Scheme == scheme && (scheme != "" || !strings.HasPrefix(s, "//")) {
			return
		}
	}
	c.say("address %s=%q", a.Key, a.Val)
}

func squeeze(words string) string { return " " + strings.Join(strings.Fields(words), " ") + " " }

func find(n *html.Node, wanted func(*html.Node) bool) *html.Node {
	if wanted(n) {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if f := find(c, wanted); f != nil {
			return f
		}
	}
	return nil
}

func count(n *html.Node) int {
	children := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		children++
	}
	return children
}

func id(n *html.Node) string { return attr(n, "id") }

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}
