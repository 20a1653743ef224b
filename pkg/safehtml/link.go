package safehtml

import (
	"html/template"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Link returns a text as a link, or as plain text where the address is empty or none
// that a page may lead to (see Linkable). A page has dozens of links, so they are put
// together here and not by a template, which takes ten times as long.
func Link(text, href string) template.HTML {
	out := make([]byte, 0, len(text)+len(href)+64)
	return template.HTML(appendLink(out, text, href))
}

// AppendLink appends what Link returns.
func AppendLink(out []byte, text, href string) []byte { return appendLink(out, text, href) }

// Links returns texts as links or plain text, separated by commas.
func Links(n int, link func(i int) (text, href string)) template.HTML {
	var out []byte
	for i := range n {
		if i > 0 {
			out = append(out, ", "...)
		}
		text, href := link(i)
		out = appendLink(out, text, href)
	}
	return template.HTML(out)
}

func appendLink(out []byte, text, href string) []byte {
	if !Linkable(href) {
		return appendIsolated(out, text)
	}
	out = append(out, `<a href="`...)
	if isPlainPath(href) {
		out = append(out, href...)
	} else {
		out = appendEscaped(out, string(AppendAddress(nil, href)))
	}
	out = append(out, '"')
	if Outside(href) {
		out = append(out, ` rel="noopener noreferrer"`...)
	}
	out = appendIsolated(append(out, '>'), text)
	return append(out, "</a>"...)
}

// Rel returns the attribute that a link off the site has, with the space before it.
func Rel(href string) template.HTMLAttr {
	if Outside(href) {
		return ` rel="noopener noreferrer"`
	}
	return ""
}

// Outside reports whether a link leads off the site. Pages there do not learn where
// the reader came from.
func Outside(href string) bool {
	return hasFold(href, "http:") || hasFold(href, "https:")
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// Linkable reports whether a text may be the target of a link: a relative address, or
// one of the schemes that lead to a page or a letter. What it refuses is to be shown as
// plain text, which html/template alone would turn into a dead link.
func Linkable(href string) bool {
	if isPlainPath(href) {
		return true
	}
	u, err := url.Parse(href)
	if err != nil || href == "" {
		return false
	}
	switch u.Scheme {
	case "":
		return u.Host == "" // not //host, which leaves the site without saying so
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return true
	}
	return false
}

// isPlainPath recognises most links within the site without parsing them: relative
// and of letters that have no meaning in addresses.
func isPlainPath(href string) bool {
	if href == "" || href[0] == '/' {
		return false
	}
	for _, c := range []byte(href) {
		if !isUnreserved(c) && c != '/' || c == '~' {
			return false
		}
	}
	return true
}

func isUnreserved(c byte) bool {
	return isLetter(c) || isDigit(c) || c == '-' || c == '.' || c == '_' || c == '~'
}

// AppendAddress appends an address in which what may not stand in one is
// percent-encoded (RFC 3986, 2), and so are quotes and parentheses. What is encoded
// already stays. The result may hold "&", which has to be escaped in HTML.
func AppendAddress(out []byte, address string) []byte {
	for i := range len(address) {
		switch c := address[i]; {
		case isUnreserved(c), strings.IndexByte("!#$&*+,/:;=?@[]", c) >= 0,
			c == '%' && i+2 < len(address) && isHex(address[i+1]) && isHex(address[i+2]):
			out = append(out, c)
		default:
			out = appendPercent(out, c)
		}
	}
	return out
}

// AppendQuery appends text for a place in an address where it must not mean anything: a
// value in a query, or a fragment.
func AppendQuery(out []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; isUnreserved(c) {
			out = append(out, c)
		} else {
			out = appendPercent(out, c)
		}
	}
	return out
}

func appendPercent(out []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	return append(out, '%', hex[c>>4], hex[c&15])
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

// appendIsolated appends text so that its direction does not move what stands around
// it: in a bdi element, if it holds letters that may run from right to left.
func appendIsolated(out []byte, text string) []byte {
	if isLongAddress(text) {
		return appendBreakable(out, text)
	}
	if !mayRunLeft(text) {
		return appendEscaped(out, text)
	}
	out = appendEscaped(append(out, "<bdi>"...), text)
	return append(out, "</bdi>"...)
}

// isLongAddress reports whether a text is an e-mail address, the name of a host or a
// path that may not fit into one line of a narrow column.
func isLongAddress(text string) bool {
	return len(text) > 20 && strings.ContainsAny(text, "@/.") && !strings.ContainsAny(text, " \n\t") && !mayRunLeft(text)
}

// appendBreakable appends an address that breaks at its joints, not within a word.
func appendBreakable(out []byte, text string) []byte {
	const chance = "<wbr>"
	from := 0
	for i := 1; i+1 < len(text); i++ {
		switch c := text[i]; {
		case c == '.':
			out = append(appendEscaped(out, text[from:i]), chance...)
			from = i
		case (c == '@' || c == '/') && text[i+1] != '/':
			out = append(appendEscaped(out, text[from:i+1]), chance...)
			from = i + 1
		}
	}
	return appendEscaped(out, text[from:])
}

// mayRunLeft reports whether a text holds what is not written from left to right for
// certain: Hebrew, which is the first such script in Unicode's order, and all after it
// but dashes, quotes and the ellipsis.
func mayRunLeft(text string) bool {
	const hebrew, hyphen, ellipsis = 0x590, 0x2010, 0x2026
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			for _, r := range text[i:] {
				if r >= hebrew && (r < hyphen || r > ellipsis) {
					return true
				}
			}
			return false
		}
	}
	return false
}

// Isolated returns text that keeps its direction to itself.
func Isolated(text string) template.HTML {
	return template.HTML(appendIsolated(make([]byte, 0, len(text)+16), text))
}
