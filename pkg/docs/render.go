package docs

import (
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"sync"

	"github.com/signpost-dev/signpost/pkg/safehtml"
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// Site is what a document asks of the site around it. The functions may be called
// from several goroutines at once; a nil one knows nothing.
type Site struct {
	// Asset returns the site path under which a file of the tree that is named like
	// an image or an attachment is published. It says no for what is none (see
	// [ImageType] and [AttachmentType]).
	Asset func(file string) (sitePath string, ok bool)
	// Repository returns the web address of a file or folder of the repository,
	// given as a path from its root, or "".
	Repository func(path string) string
}

// buffers holds the space in which documents are rendered.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// Render returns the document as HTML for its page, where links lead to other
// pages of the site if they can. A heading of level 1 that gave the document its
// title is left out, for the page shows that; others become level 2.
//
// Images are shown if the site publishes them; others, and all from other hosts,
// become links. SVG images are among those: a drawing can hold scripts and load
// things, and nothing here rewrites it yet.
func (p *Parsed) Render(site Site) (template.HTML, error) {
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	r := &renderer{Parsed: p, site: site, out: (*buf)[:0], limit: maxOutput(len(p.body)), htmlIDs: p.htmlIDs}
	r.steps = -1
	if steps := p.Steps(); len(steps) > 0 && steps[0].ID == stepID(1) {
		r.steps = 0
	}
	r.children(p.root)
	*buf = r.out
	if len(r.out) > r.limit {
		return "", fmt.Errorf("rendering %s: the page would be larger than the %d bytes that are allowed for a document of %d", p.Document.Name, r.limit, len(p.body))
	}
	return safehtml.Markdown(r.out, r.svgs...), nil
}

// renderer writes the tree of a document in the plain form of pkg/safehtml.
type renderer struct {
	*Parsed
	site    Site
	out     []byte
	limit   int
	heading int             // how many headings were written
	links   int             // how many links are open
	ids     map[string]bool // ids of an author's HTML, besides those of headings
	htmlIDs []string        // of the headings of an author's HTML that are still to come
	titled  bool            // the title was left out
	svgs    []template.HTML // the drawings, in order
	steps   int             // items of lists that are steps and were written; -1 for a document without
}

func (r *renderer) str(s string) { r.out = append(r.out, s...) }

// text writes text, with the markup characters escaped.
func (r *renderer) text(s []byte) { r.out = appendEscaped(r.out, s) }

// appendEscaped appends text with the markup characters escaped.
func appendEscaped(out, s []byte) []byte {
	start := 0
	for i, c := range s {
		var esc string
		switch c {
		case '&':
			esc = "&amp;"
		case '<':
			esc = "&lt;"
		case '>':
			esc = "&gt;"
		case '"':
			esc = "&quot;"
		case 0:
			esc = "\ufffd"
		default:
			continue
		}
		out = append(append(out, s[start:i]...), esc...)
		start = i + 1
	}
	return append(out, s[start:]...)
}

// attr writes an attribute.
func (r *renderer) attr(name, value string) {
	r.str(" ")
	r.str(name)
	r.str(`="`)
	r.text([]byte(value))
	r.str(`"`)
}

func (r *renderer) children(n ast.Node) {
	for c := n.FirstChild(); c != nil && len(r.out) <= r.limit; c = c.NextSibling() {
		r.node(c)
	}
}

// element writes an element with the node's children.
func (r *renderer) element(start string, n ast.Node, end string) {
	r.str(start)
	r.children(n)
	r.str(end)
}

func (r *renderer) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		r.textNode(n)
	case *ast.String:
		r.text(n.Value)
	case *ast.CodeSpan:
		r.str("<code>")
		r.text(appendInline(nil, n, r.body))
		r.str("</code>")
	case *ast.Emphasis:
		if n.Level == 2 {
			r.element("<strong>", n, "</strong>")
		} else {
			r.element("<em>", n, "</em>")
		}
	case *extast.Strikethrough:
		r.element("<del>", n, "</del>")
	case *ast.Link:
		r.link(string(unescape(n.Destination)), string(unescape(n.Title)), func() { r.children(n) })
	case *ast.AutoLink:
		r.link(string(autoLinkURL(n, r.body)), "", func() { r.text(n.Label(r.body)) })
	case *ast.Image:
		r.image(string(unescape(n.Destination)), string(appendInline(nil, n, r.body)), string(unescape(n.Title)), nil)
	case *mention:
		r.mention(n)
	case *ast.RawHTML:
		r.html(inlineHTML(n, r.body))
	case *ast.TextBlock:
		r.children(n)
		if n.NextSibling() != nil {
			r.str("\n")
		}
	default:
		r.block(n)
	}
}

func (r *renderer) textNode(n *ast.Text) {
	value := n.Segment.Value(r.body)
	if !n.IsRaw() {
		value = unescape(value)
	}
	r.text(value)
	if n.HardLineBreak() {
		r.str("<br>\n")
	} else if n.SoftLineBreak() {
		r.str("\n")
	}
}

func (r *renderer) block(n ast.Node) {
	if n.Kind() != ast.KindHTMLBlock {
		// A link that an author's HTML opens in a block and never closes ends with it, as
		// pkg/safehtml has it; those behind it are links none the less.
		open := r.links
		defer func() { r.links = open }()
	}
	switch n := n.(type) {
	case *ast.Heading:
		r.headingNode(n)
	case *ast.Paragraph:
		r.element("<p>", n, "</p>\n")
	case *ast.List:
		r.list(n)
	case *ast.ListItem:
		r.listItem(n)
	case *ast.Blockquote:
		r.quote(n)
	case *ast.FencedCodeBlock:
		if d, ok := r.drawings[n]; ok {
			r.drawingNode(d, n)
			break
		}
		r.code(string(n.Language(r.body)), n.Lines().Value(r.body))
	case *ast.CodeBlock:
		r.code("", n.Lines().Value(r.body))
	case *ast.HTMLBlock:
		r.html(htmlBlock(n, r.body))
	case *indented:
		r.indented(n)
	case *ast.ThematicBreak:
		r.str("<hr>\n")
	case *ast.LinkReferenceDefinition:
	case *extast.Table:
		r.table(n)
	default:
		r.extension(n)
	}
}

func (r *renderer) headingNode(n *ast.Heading) {
	h := r.Headings[r.heading]
	r.heading++
	if r.Document.titled && !r.titled && h.Level == 1 && sameTitle(h.Text, r.Document.Title) {
		r.titled = true
		if h.ID != "" {
			r.str(`<span`)
			r.attr("id", h.ID)
			r.str("></span>\n")
		}
		return
	}
	level := strconv.Itoa(max(h.Level, 2))
	r.str("<h" + level)
	if h.ID != "" {
		r.attr("id", h.ID)
	}
	r.str(">")
	r.children(n)
	if h.ID != "" && r.links == 0 {
		r.str(` <a class="sp-anchor"`)
		r.attr("href", "#"+url.PathEscape(h.ID))
		r.attr("aria-label", "Link to "+h.Text)
		r.str(">#</a>")
	}
	r.str("</h" + level + ">\n")
}

func (r *renderer) list(n *ast.List) {
	tag := "ul"
	if n.IsOrdered() {
		tag = "ol"
	}
	r.str("<" + tag)
	if n.IsOrdered() && n.Start != 1 {
		r.attr("start", strconv.Itoa(n.Start))
	}
	if isTask(n.FirstChild()) {
		r.attr("class", "task-list")
	}
	r.str(">\n")
	r.children(n)
	r.str("</" + tag + ">\n")
}

func (r *renderer) listItem(n *ast.ListItem) {
	switch {
	case r.isStep(n):
		r.steps++
		r.str(`<li id="` + stepID(r.steps) + `">`)
	case isTask(n):
		r.str(`<li class="task-list-item">`)
	default:
		r.str("<li>")
	}
	r.children(n)
	r.str("</li>\n")
}

// isStep reports whether a list item is a step of a runbook, as Steps counts them.
func (r *renderer) isStep(n *ast.ListItem) bool {
	list, ok := n.Parent().(*ast.List)
	return ok && r.steps >= 0 && r.steps < mostSteps && list.IsOrdered() && list.Parent() == r.root && !isTask(n)
}

// isTask reports whether a list item begins with a check box.
func isTask(item ast.Node) bool {
	return item != nil && item.FirstChild() != nil && item.FirstChild().FirstChild() != nil &&
		item.FirstChild().FirstChild().Kind() == extast.KindTaskCheckBox
}

func (r *renderer) quote(n *ast.Blockquote) {
	kind, ok := n.AttributeString(alertAttribute)
	if !ok {
		r.element("<blockquote>\n", n, "</blockquote>\n")
		return
	}
	name := kind.(string)
	r.str(`<div class="sp-alert sp-alert-` + name + `"><p class="sp-alert-title">` + alertTitles[name] + "</p>\n")
	r.children(n)
	r.str("</div>\n")
}

// code writes a block of code. It can be scrolled, so it must be reachable by keyboard.
func (r *renderer) code(language string, code []byte) {
	r.str(`<pre class="chroma" tabindex="0"><code>`)
	if r.set.plain {
		language = ""
	}
	r.out = highlight(r.out, language, code)
	r.str("</code></pre>\n")
}

func (r *renderer) table(n *extast.Table) {
	r.str(`<div class="sp-scroll" tabindex="0"><table>` + "\n")
	inBody := false
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		switch {
		case row.Kind() == extast.KindTableHeader:
			r.str("<thead>\n")
			r.row(row, "th")
			r.str("</thead>\n")
		default:
			if !inBody {
				inBody = true
				r.str("<tbody>\n")
			}
			r.row(row, "td")
		}
	}
	if inBody {
		r.str("</tbody>\n")
	}
	r.str("</table></div>\n")
}

func (r *renderer) row(n ast.Node, tag string) {
	r.str("<tr>\n")
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		cell := c.(*extast.TableCell)
		r.str("<" + tag)
		if cell.Alignment != extast.AlignNone {
			r.attr("align", cell.Alignment.String())
		}
		r.str(">")
		r.children(cell)
		r.str("</" + tag + ">\n")
	}
	r.str("</tr>\n")
}

func (r *renderer) extension(n ast.Node) {
	switch n := n.(type) {
	case *extast.TaskCheckBox:
		if n.IsChecked {
			r.str(`<input type="checkbox" checked="" disabled="" aria-label="done"> `)
		} else {
			r.str(`<input type="checkbox" disabled="" aria-label="to do"> `)
		}
	case *extast.FootnoteLink:
		number := strconv.Itoa(n.Index)
		r.str(`<sup class="footnote-ref"><a id="` + footnoteRef(n.Index, n.RefIndex) + `" href="#fn:` + number + `" aria-label="Footnote ` + number + `">` + number + "</a></sup>")
	case *extast.FootnoteBacklink:
		r.str(` <a class="footnote-backref" href="#` + footnoteRef(n.Index, n.RefIndex) + `" aria-label="Back to the text">↩</a>`)
	case *extast.FootnoteList:
		r.element("<section class=\"footnotes\">\n<hr>\n<ol>\n", n, "</ol>\n</section>\n")
	case *extast.Footnote:
		r.element(`<li id="fn:`+strconv.Itoa(n.Index)+`">`, n, "</li>\n")
	default:
		r.children(n)
	}
}

// footnoteRef returns the id of a mention of a footnote. Headings have no colon in theirs.
func footnoteRef(index, mention int) string {
	if mention == 0 {
		return "fnref:" + strconv.Itoa(index)
	}
	return "fnref:" + strconv.Itoa(index) + ":" + strconv.Itoa(mention)
}
