package safehtml

import "strings"

// elements are all that may stand in a drawing.
var elements = []string{
	"svg", "g", "a", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon",
	"text", "tspan", "title", "desc",
}

// textElements are the elements that hold text.
var textElements = []string{"text", "tspan", "title", "desc"}

// attrKind says what an attribute may hold.
type attrKind uint8

const (
	unlisted attrKind = iota
	number            // one number
	numbers           // numbers with blanks, commas and the letters of path commands or transforms
	word              // words of SVG or ARIA: letters, digits, hyphens, blanks
	paint             // none or currentColor
	ownID             // an id that starts with sp-, apart from the ids of a user's headings
	free              // any text
	link              // a place on the same site
)

var attributes = map[string]attrKind{
	"x": number, "y": number, "width": number, "height": number, "rx": number, "ry": number,
	"cx": number, "cy": number, "r": number, "x1": number, "y1": number, "x2": number, "y2": number,
	"dx": number, "dy": number, "font-size": number, "font-weight": number, "stroke-width": number,
	"opacity": number, "fill-opacity": number, "stroke-opacity": number, "stroke-dashoffset": number,
	"stroke-miterlimit": number, "tabindex": number, "textLength": number,

	"d": numbers, "points": numbers, "viewBox": numbers, "transform": numbers, "stroke-dasharray": numbers,

	"class": word, "role": word, "text-anchor": word, "dominant-baseline": word, "stroke-linecap": word,
	"stroke-linejoin": word, "fill-rule": word, "direction": word, "preserveAspectRatio": word,
	"vector-effect": word, "paint-order": word, "focusable": word, "lang": word,

	"fill": paint, "stroke": paint,
	"id":   ownID,
	"href": link,
}

// kindOf returns what the named attribute may hold; it panics for one that is
// not listed, since names never come from a user's file.
func kindOf(name string) attrKind {
	if k := attributes[name]; k != unlisted {
		return k
	}
	if rest, ok := strings.CutPrefix(name, "aria-"); ok && rest != "" && only(rest, isLower) {
		return free
	}
	panic("safehtml: attribute " + name + " may not stand in a drawing")
}

// allows reports whether an attribute of this kind may hold value.
func (k attrKind) allows(value string) bool {
	switch k {
	case number:
		return value != "" && only(value, func(c byte) bool { return isDigit(c) || c == '.' || c == '-' })
	case numbers:
		return only(value, func(c byte) bool {
			return isDigit(c) || isLetter(c) || c == '.' || c == '-' || c == ',' || c == ' ' || c == '(' || c == ')'
		})
	case word:
		return only(value, func(c byte) bool { return isDigit(c) || isLetter(c) || c == '-' || c == '_' || c == ' ' })
	case paint:
		return value == "none" || value == "currentColor"
	case ownID:
		rest, ok := strings.CutPrefix(value, "sp-")
		return ok && rest != "" && only(rest, func(c byte) bool { return isDigit(c) || isLower(c) || c == '-' })
	case free, link: // a link was judged by SiteRelative
		return true
	case unlisted:
	}
	return false
}

func only(s string, allowed func(byte) bool) bool {
	for i := range len(s) {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLower(c byte) bool  { return 'a' <= c && c <= 'z' }
func isLetter(c byte) bool { return isLower(c | 0x20) }
