package safehtml

import (
	"bytes"
	"slices"
	"strings"
)

// element is what may be written about one element of the allow list.
type element struct {
	name    string
	attrs   map[string]check // beside those of anyElement
	parents []string         // where it may stand; nil: anywhere
	must    []string         // attributes, with their values, without which it is not allowed; void elements only
	void    bool             // has no content and no end tag
}

// check says whether the value of an attribute, as it stands between the quotes
// (so with its entities), is allowed.
type check func(value []byte) bool

func (e *element) mayStandIn(parent string) bool {
	return e.parents == nil || slices.Contains(e.parents, parent)
}

func (e *element) attribute(name []byte) check {
	if c, ok := e.attrs[string(name)]; ok {
		return c
	}
	return anyElement[string(name)]
}

// complete reports whether a start tag in plain form has the attributes that its
// element must have. No value can hold a quote, so none can look like one of them.
func (e *element) complete(tag []byte) bool {
	for _, m := range e.must {
		if !bytes.Contains(tag, []byte(m)) {
			return false
		}
	}
	return true
}

// anyElement holds the attributes that every element may have.
var anyElement = map[string]check{
	"id":         isID,
	"class":      isClass,
	"title":      isText,
	"aria-label": isText,
	"lang":       isWord,
	"dir":        oneOf("ltr", "rtl", "auto"),
	"align":      oneOf("left", "right", "center", "justify"),
	"tabindex":   oneOf("0"), // a box that scrolls must be reachable by keyboard
}

// allowList is GitHub's allow list of HTML in Markdown without <picture> and
// <source>, which choose among outside images, and with the check box of a task
// list and the section of the footnotes.
//
// The elements with parents would, elsewhere, make a browser close the element
// of the page around the document, or be ignored by it.
var allowList = func() map[string]*element {
	m := map[string]*element{
		"br":  {void: true},
		"wbr": {void: true},
		"hr":  {void: true},
		"img": {void: true, attrs: map[string]check{"src": isImageURL, "alt": isText, "width": isLength, "height": isLength}},
		"input": {void: true, must: []string{` type="checkbox"`, ` disabled=""`}, attrs: map[string]check{
			"type": oneOf("checkbox"), "checked": oneOf(""), "disabled": oneOf(""),
		}},
		"a":          {attrs: map[string]check{"href": isLinkURL, "rel": oneOf("noopener noreferrer")}},
		"blockquote": {attrs: map[string]check{"cite": isLinkURL}},
		"q":          {attrs: map[string]check{"cite": isLinkURL}},
		"del":        {attrs: map[string]check{"cite": isLinkURL, "datetime": isWord}},
		"ins":        {attrs: map[string]check{"cite": isLinkURL, "datetime": isWord}},
		"time":       {attrs: map[string]check{"datetime": isWord}},
		"details":    {attrs: map[string]check{"open": oneOf("")}},
		"summary":    {parents: []string{"details"}},
		"figcaption": {parents: []string{"figure"}},
		"ol":         {attrs: map[string]check{"start": isNumber, "reversed": oneOf(""), "type": oneOf("1", "a", "A", "i", "I")}},
		"li":         {parents: []string{"ul", "ol"}, attrs: map[string]check{"value": isNumber}},
		"dt":         {parents: []string{"dl"}},
		"dd":         {parents: []string{"dl"}},
		"caption":    {parents: []string{"table"}},
		"thead":      {parents: []string{"table"}},
		"tbody":      {parents: []string{"table"}},
		"tfoot":      {parents: []string{"table"}},
		"tr":         {parents: []string{"table", "thead", "tbody", "tfoot"}},
		"th":         {parents: []string{"tr"}, attrs: cellAttributes},
		"td":         {parents: []string{"tr"}, attrs: cellAttributes},
	}
	const rest = `h1 h2 h3 h4 h5 h6 p div section pre ul table dl figure
		b i strong em code tt sup sub s strike kbd samp var ruby rt rp
		abbr bdo cite dfn mark small span`
	for _, name := range strings.Fields(rest) {
		m[name] = &element{}
	}
	for name, e := range m {
		e.name = name
	}
	return m
}()

var cellAttributes = map[string]check{
	"colspan": isNumber, "rowspan": isNumber, "valign": oneOf("top", "middle", "bottom", "baseline"),
	"scope": oneOf("row", "col", "rowgroup", "colgroup"),
}

// classes are those that the renderer of documents writes. An author may use
// them too, and no others: so a document cannot dress up as a part of the site.
var classes = func() map[string]bool {
	const ours = `chroma c k s m nb nt nv gd gi gh gp
		sp-alert sp-alert-note sp-alert-tip sp-alert-important sp-alert-warning sp-alert-caution sp-alert-title
		sp-anchor sp-broken sp-image sp-scroll sp-diagram sp-drawing
		task-list task-list-item footnotes footnote-ref footnote-backref`
	m := map[string]bool{}
	for _, name := range strings.Fields(ours) {
		m[name] = true
	}
	return m
}()

func isClass(value []byte) bool {
	for name := range bytes.SplitSeq(value, []byte{' '}) {
		if !classes[string(name)] {
			return false
		}
	}
	return true
}

// isID accepts what can be an anchor. The site's own ids begin with "sp-"; an
// id of a document that did could take the place of one of them.
func isID(value []byte) bool {
	return len(value) > 0 && !bytes.HasPrefix(value, []byte("sp-")) && !bytes.ContainsAny(value, " \t\n\r\f&\"'<>")
}

func isText([]byte) bool { return true }

func isWord(value []byte) bool {
	for _, c := range value {
		if !isLetter(c) && !isDigit(c) && !strings.ContainsRune("-+:. ", rune(c)) {
			return false
		}
	}
	return true
}

func isNumber(value []byte) bool {
	digits := bytes.TrimPrefix(value, []byte{'-'})
	for _, c := range digits {
		if !isDigit(c) {
			return false
		}
	}
	return len(digits) > 0 && len(digits) <= 9
}

// isLength accepts 120, 120px and 50%.
func isLength(value []byte) bool {
	value = bytes.TrimSuffix(bytes.TrimSuffix(value, []byte("px")), []byte{'%'})
	return isNumber(value) && value[0] != '-'
}

func oneOf(words ...string) check {
	return func(value []byte) bool {
		for _, w := range words {
			if string(value) == w {
				return true
			}
		}
		return false
	}
}

// Length reports whether an image may have a width or height: 120, 120px or 50%.
func Length(value string) bool { return isLength([]byte(value)) }
