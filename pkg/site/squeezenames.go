package site

import (
	"bytes"
	"strings"
)

// element is what squeeze has to know of an element.
type element struct {
	name     string
	block    bool            // a line break beside it is not shown
	spaced   bool            // white space within it is
	unparsed bool            // it holds no markup
	implied  map[string]bool // tags before which its end tag may be left out; nil if never
}

// impliedBefore reports whether the end tag may be left out because of what follows it.
func (e *element) impliedBefore(rest []byte) bool {
	after := bytes.TrimLeft(rest, " \t\n\r\f")
	if between := rest[:len(rest)-len(after)]; len(between) > 0 && !isBreak(between) {
		return false
	}
	name := tagName(after)
	if name == nil {
		return false
	}
	if after[1] == '/' {
		name = after[1 : 2+len(name)]
	}
	return e.implied[string(name)]
}

// elementOf returns what is known of an element. Names in capital letters, which only an
// organisation's own templates hold, are known if that matters.
func elementOf(name []byte) *element {
	if e := knownElements[string(name)]; e != nil {
		return e
	}
	return &otherElement
}

var otherElement element

var knownElements = func() map[string]*element {
	all := map[string]*element{}
	each := func(names string, set func(*element)) {
		for _, name := range strings.Fields(names) {
			if all[name] == nil {
				all[name] = &element{name: name}
			}
			set(all[name])
		}
	}
	each(`html head body meta title link script style template
		header nav main section article aside footer div form fieldset legend details summary figure figcaption
		h1 h2 h3 h4 h5 h6 p pre blockquote hr address ul ol li dl dt dd select optgroup option
		table caption colgroup col thead tbody tfoot tr td th`, func(e *element) { e.block = true })
	each(`pre textarea listing PRE TEXTAREA`, func(e *element) { e.spaced = true })
	each(`script style iframe xmp noembed noframes noscript plaintext SCRIPT STYLE`, func(e *element) { e.unparsed = true })
	for name, before := range impliedBefore {
		each(name, func(e *element) {
			e.implied = map[string]bool{}
			for _, tag := range strings.Fields(before) {
				e.implied[tag] = true
			}
		})
	}
	return all
}()

// impliedBefore says before which tags an end tag may be left out. Those of head and body
// stay: it is before them that other programs, and our preview, add something.
var impliedBefore = map[string]string{
	"li":       `li /ul /ol`,
	"dt":       `dt dd`,
	"dd":       `dt dd /dl /div`,
	"option":   `option optgroup /select`,
	"optgroup": `optgroup /select`,
	"thead":    `tbody tfoot`,
	"tbody":    `tbody tfoot /table`,
	"tfoot":    `/table`,
	"tr":       `tr tbody tfoot /thead /tbody /tfoot /table`,
	"td":       `td th tr /tr`,
	"th":       `td th tr /tr`,
	"p": `address article aside blockquote details div dl fieldset figcaption figure footer form
		h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul
		/address /article /aside /blockquote /details /div /dd /fieldset /figcaption /figure /footer /form
		/header /li /main /nav /section /td /th`,
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
