package safehtml

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"
)

// SVG builds one drawing, element by element, for use inside a page.
//
// Nothing that is passed to it can leave the place it is meant for: text and
// attribute values are escaped, and only listed elements and attributes exist.
// There is no style, script, event handler, foreignObject or reference to
// another file, and colours are "none" or "currentColor": the rest is the
// stylesheet's, so that dark mode and print work.
//
// Names, and values that are words of SVG itself, are written by programmers; a
// wrong one panics. Text, ARIA text, numbers and links may come from a user's
// file and never do.
type SVG struct {
	out   []byte
	open  []string // elements not yet closed, outermost first
	inTag bool     // the innermost element's start tag still takes attributes
}

// NewSVG begins a drawing of the given size in CSS pixels, with the origin in
// its upper left corner. The root element still takes attributes.
func NewSVG(width, height float64) *SVG {
	s := &SVG{out: make([]byte, 0, 4096)}
	s.push("svg")
	s.Num("width", width).Num("height", height)
	box := appendNumber([]byte("0 0 "), width)
	box = appendNumber(append(box, ' '), height)
	return s.Attr("viewBox", string(box))
}

// Open begins an element inside the innermost open one.
func (s *SVG) Open(element string) *SVG {
	if !slices.Contains(elements, element) || element == "svg" {
		panic(fmt.Sprintf("safehtml: element %q may not stand in a drawing", element))
	}
	if len(s.open) == 0 {
		panic(fmt.Sprintf("safehtml: element %q after the end of the drawing", element))
	}
	s.endTag()
	s.push(element)
	return s
}

// Close ends the innermost open element.
func (s *SVG) Close() *SVG {
	if len(s.open) == 0 {
		panic("safehtml: nothing is open")
	}
	name := s.open[len(s.open)-1]
	s.open = s.open[:len(s.open)-1]
	if s.inTag {
		s.inTag = false
		s.out = append(s.out, "/>"...)
		return s
	}
	s.out = append(s.out, "</"...)
	s.out = append(s.out, name...)
	s.out = append(s.out, '>')
	return s
}

// Text adds text to the innermost open element, which must be one that holds text.
func (s *SVG) Text(text string) *SVG {
	if len(s.open) == 0 || !slices.Contains(textElements, s.open[len(s.open)-1]) {
		panic("safehtml: text stands only in text, tspan, title and desc")
	}
	s.endTag()
	s.out = appendEscaped(s.out, text)
	return s
}

// Num adds a numeric attribute to the start tag that was just begun, with at
// most one decimal. A number that is not finite is written as 0: what it means
// that there is none must be said in words elsewhere.
func (s *SVG) Num(name string, v float64) *SVG {
	s.wantKind(name, number)
	s.attr(name)
	s.out = appendNumber(s.out, v)
	s.out = append(s.out, '"')
	return s
}

// Attr adds an attribute to the start tag that was just begun. A link that
// leaves the site is left out, so that the element does not link: see SiteRelative.
func (s *SVG) Attr(name, value string) *SVG {
	kind := kindOf(name)
	if kind == link {
		if len(s.open) == 0 || s.open[len(s.open)-1] != "a" {
			panic("safehtml: href stands only on an a element")
		}
		if !SiteRelative(value) {
			return s
		}
	}
	if !kind.allows(value) {
		panic(fmt.Sprintf("safehtml: attribute %s may not be %q", name, value))
	}
	s.attr(name)
	s.out = appendEscaped(s.out, value)
	s.out = append(s.out, '"')
	return s
}

// Path adds the attribute d to the path element that was just begun.
func (s *SVG) Path(p *Path) *SVG {
	s.attr("d")
	s.out = append(s.out, p.d...)
	s.out = append(s.out, '"')
	return s
}

// HTML ends all open elements and returns the drawing.
func (s *SVG) HTML() template.HTML {
	for len(s.open) > 0 {
		s.Close()
	}
	return template.HTML(s.out) // every byte was escaped or comes from the lists in svgnames.go
}

func (s *SVG) push(element string) {
	s.out = append(s.out, '<')
	s.out = append(s.out, element...)
	s.open = append(s.open, element)
	s.inTag = true
}

func (s *SVG) endTag() {
	if s.inTag {
		s.out = append(s.out, '>')
		s.inTag = false
	}
}

func (s *SVG) attr(name string) {
	if !s.inTag {
		panic(fmt.Sprintf("safehtml: attribute %s after the content of its element", name))
	}
	s.out = append(s.out, ' ')
	s.out = append(s.out, name...)
	s.out = append(s.out, `="`...)
}

func (s *SVG) wantKind(name string, k attrKind) {
	if kindOf(name) != k {
		panic(fmt.Sprintf("safehtml: attribute %s takes no number", name))
	}
}

// Path is the outline of a path element. Coordinates are absolute.
type Path struct{ d []byte }

// Move begins a new stroke at x, y.
func (p *Path) Move(x, y float64) *Path { return p.command('M', x, y) }

// Line draws a straight line to x, y.
func (p *Path) Line(x, y float64) *Path { return p.command('L', x, y) }

// Curve draws a cubic curve to x, y with the control points x1, y1 and x2, y2.
func (p *Path) Curve(x1, y1, x2, y2, x, y float64) *Path {
	return p.command('C', x1, y1, x2, y2, x, y)
}

// Close draws a straight line back to where the stroke began.
func (p *Path) Close() *Path { return p.command('Z') }

func (p *Path) command(letter byte, numbers ...float64) *Path {
	p.d = append(p.d, letter)
	for i, v := range numbers {
		if i > 0 {
			p.d = append(p.d, ' ')
		}
		p.d = appendNumber(p.d, v)
	}
	return p
}

// SiteRelative reports whether href leads from one page of the site to another
// place of the same site: a relative path or a fragment. A scheme, a host, a
// rooted path (a site may live under a sub-path), a backslash and hidden
// characters are all refused.
func SiteRelative(href string) bool {
	if href == "" || href[0] == '/' {
		return false
	}
	for _, r := range href {
		if r <= ' ' || r == '\\' || r == 0x7f || r == '"' || r == '<' || r == '>' || r > 0x7e && !strconv.IsPrint(r) {
			return false
		}
	}
	first, _, _ := strings.Cut(href, "/")
	first, _, _ = strings.Cut(first, "?")
	first, _, _ = strings.Cut(first, "#")
	return !strings.Contains(first, ":")
}

// largest bounds the coordinates that are written, in pixels.
const largest = 1e7

// appendNumber writes v with at most one decimal and no negative zero, the same
// way on every machine.
func appendNumber(b []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(b, '0')
	}
	tenths := int64(math.Round(min(max(v, -largest), largest) * 10))
	if tenths < 0 {
		b = append(b, '-')
		tenths = -tenths
	}
	b = strconv.AppendInt(b, tenths/10, 10)
	if d := tenths % 10; d != 0 {
		b = append(b, '.', byte('0'+d))
	}
	return b
}

// appendEscaped writes text so that it is only text, inside elements and inside
// double-quoted attributes alike. Control characters, which HTML does not allow,
// become the replacement character.
func appendEscaped(b []byte, text string) []byte {
	for _, r := range text {
		switch {
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == '"':
			b = append(b, "&#34;"...)
		case r == '\'':
			b = append(b, "&#39;"...)
		case r == '`':
			b = append(b, "&#96;"...)
		case r < ' ' && r != '\n' && r != '\t', r >= 0x7f && r < 0xa0:
			b = append(b, "\uFFFD"...)
		default:
			b = append(b, string(r)...)
		}
	}
	return b
}
