package safehtml

import (
	"bytes"
	"html/template"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// Markdown makes HTML that was rendered from Markdown safe to put on a page.
// Whatever the input, the result holds only the elements, attributes and link
// schemes of the allow list (GitHub's, less what could load something from
// another host), every element is closed where it was opened, and no id begins
// with "sp-", which is how the site's own ids begin.
//
// Two layers stand here. The first is a proof: HTML that is written in the plain
// form of [plain] and keeps to the allow list is passed on as it is, at the speed
// of reading it. That is what our own renderer writes. Anything else, such as an
// author's HTML with a tag too many, is sanitised by bluemonday, has its tags
// balanced and then has to pass the same proof; should it not, it is shown as
// text.
//
// drawings take, in order, the places that [Place] keeps for them. The allow list has
// judged what is around them by then, so they are what SVG has built and nothing else.
func Markdown(rendered []byte, drawings ...template.HTML) template.HTML {
	if isPlain(rendered) {
		return fill(rendered, drawings)
	}
	rendered = bytes.ReplaceAll(rendered, []byte{0}, []byte("\ufffd"))
	if balanced := balance(sanitiser().SanitizeBytes(rendered)); isPlain(balanced) {
		return fill(balanced, drawings)
	}
	return template.HTML(html.EscapeString(string(rendered)))
}

// Place keeps the place of a drawing in rendered Markdown. No text can look like it, since
// its brackets would be escaped, and authors cannot set classes.
const Place = `<span class="sp-drawing"></span>`

// fill puts the drawings in their places. A place without a drawing stays empty.
func fill(plain []byte, drawings []template.HTML) template.HTML {
	if len(drawings) == 0 {
		return template.HTML(plain)
	}
	parts := bytes.SplitN(plain, []byte(Place), len(drawings)+1)
	size := len(plain)
	for _, d := range drawings {
		size += len(d)
	}
	out := make([]byte, 0, size)
	for i, part := range parts {
		if i > 0 {
			out = append(out, drawings[i-1]...)
		}
		out = append(out, part...)
	}
	return template.HTML(out)
}

// sanitiser is the allow list in the words of bluemonday. It is made on first
// use, as most builds hold no document that needs it.
var sanitiser = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	for name, e := range allowList {
		p.AllowNoAttrs().OnElements(name)
		for attr := range e.attrs {
			p.AllowAttrs(attr).OnElements(name)
		}
		for attr := range anyElement {
			p.AllowAttrs(attr).OnElements(name)
		}
	}
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
})

// AppendTag appends a tag in the form that Markdown passes on at once, with those
// of its attributes that are allowed, or nothing if the element is not. Whether
// the tag is in its place is for Markdown to say.
func AppendTag(out []byte, tag html.Token) []byte {
	e := allowList[tag.Data]
	switch {
	case e == nil:
		return out
	case tag.Type == html.StartTagToken, tag.Type == html.SelfClosingTagToken:
		return appendStart(out, e, tag.Attr)
	case tag.Type == html.EndTagToken && !e.void:
		return appendEnd(out, e)
	default:
		return out
	}
}

func appendStart(out []byte, e *element, attrs []html.Attribute) []byte {
	start := len(out)
	out = append(append(out, '<'), e.name...)
	for i, a := range attrs {
		value := html.EscapeString(a.Val)
		allowed := e.attribute([]byte(a.Key))
		if a.Namespace != "" || allowed == nil || !allowed([]byte(value)) || repeated(attrs[:i], a.Key) {
			continue
		}
		out = append(append(append(append(out, ' '), a.Key...), `="`...), value...)
		out = append(out, '"')
	}
	if !e.complete(out[start:]) {
		return out[:start]
	}
	return append(out, '>')
}

func appendEnd(out []byte, e *element) []byte {
	return append(append(append(out, "</"...), e.name...), '>')
}

func repeated(before []html.Attribute, key string) bool {
	for _, a := range before {
		if a.Key == key {
			return true
		}
	}
	return false
}
