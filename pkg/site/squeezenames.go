package site

import "strings"

// element is what squeeze has to know of an element.
type element struct {
	name     string
	block    bool     // a line break beside it is not shown
	spaced   bool     // white space within it is
	unparsed bool     // it holds no markup
	implied  bool     // its end tag may be left out before some tags
	starts   uint64   // those tags, by the bit of their elements
	ends     uint64   // the same for end tags
	bit      uint64   // 0 if it implies no end
	next     *element // in its place in elementsByHash
}

// impliedBefore reports whether the end tag may be left out because of what follows it.
func (e *element) impliedBefore(rest []byte) bool {
	n := 0
	for n < len(rest) && isSpace(rest[n]) {
		n++
	}
	if n > 0 && !isBreak(rest[:n]) {
		return false
	}
	after := rest[n:]
	name := tagName(after)
	if name == nil {
		return false
	}
	if after[1] == '/' {
		return e.ends&elementOf(name).bit != 0
	}
	return e.starts&elementOf(name).bit != 0
}

// elementsByHash is asked for each tag of every page, which is what a map is too slow for.
var elementsByHash [128]*element

func hashOf[T string | []byte](name T) int {
	return (int(name[0])*3 + int(name[len(name)-1])*7 + len(name)*16) & (len(elementsByHash) - 1)
}

var otherElement element

// elementOf returns what is known of an element. Names in capital letters, which only an
// organisation's own templates hold, are known if that matters.
func elementOf(name []byte) *element {
	if len(name) == 0 {
		return &otherElement
	}
	for e := elementsByHash[hashOf(name)]; e != nil; e = e.next {
		if e.name == string(name) {
			return e
		}
	}
	return &otherElement
}

func init() {
	each := func(names string, set func(*element)) {
		for _, name := range strings.Fields(names) {
			e := elementOf([]byte(name))
			if e == &otherElement {
				at := &elementsByHash[hashOf(name)]
				e = &element{name: name, next: *at}
				*at = e
			}
			set(e)
		}
	}
	each(`html head body meta title link script style template
		header nav main section article aside footer div form fieldset legend details summary figure figcaption
		h1 h2 h3 h4 h5 h6 p pre blockquote hr address ul ol li dl dt dd select optgroup option
		table caption colgroup col thead tbody tfoot tr td th`, func(e *element) { e.block = true })
	each(`pre textarea listing PRE TEXTAREA`, func(e *element) { e.spaced = true })
	each(`script style iframe xmp noembed noframes noscript plaintext SCRIPT STYLE`, func(e *element) { e.unparsed = true })
	bit := uint64(1)
	for _, i := range impliedEnds {
		for _, tag := range strings.Fields(i.before) {
			each(strings.TrimPrefix(tag, "/"), func(e *element) {
				if e.bit == 0 {
					e.bit, bit = bit, bit<<1
				}
				each(i.of, func(of *element) {
					of.implied = true
					if tag[0] == '/' {
						of.ends |= e.bit
					} else {
						of.starts |= e.bit
					}
				})
			})
		}
	}
	if bit == 0 {
		panic("more than 64 elements imply the end of others")
	}
}

// impliedEnds says before which tags an end tag may be left out. Those of head and body
// stay: it is before them that other programs, and our preview, add something.
var impliedEnds = []struct{ of, before string }{
	{"li", `li /ul /ol`},
	{"dt", `dt dd`},
	{"dd", `dt dd /dl /div`},
	{"option", `option optgroup /select`},
	{"optgroup", `optgroup /select`},
	{"thead", `tbody tfoot`},
	{"tbody", `tbody tfoot /table`},
	{"tfoot", `/table`},
	{"tr", `tr tbody tfoot /thead /tbody /tfoot /table`},
	{"td th", `td th tr /tr`},
	{"p", `address article aside blockquote details div dl fieldset figcaption figure footer form
		h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul
		/address /article /aside /blockquote /details /div /dd /fieldset /figcaption /figure /footer /form
		/header /li /main /nav /section /td /th`},
}

var (
	// needsNoQuotes are the bytes that a value may hold without quotes.
	needsNoQuotes = bytesBut(" \t\n\r\f\"'=<>`&")
	endsName      = bytesOf(" \t\n\r\f/>=")
)

func bytesOf(list string) (set [256]bool) {
	for i := range len(list) {
		set[list[i]] = true
	}
	return set
}

func bytesBut(list string) [256]bool {
	set := bytesOf(list)
	for i := range set {
		set[i] = !set[i]
	}
	return set
}
