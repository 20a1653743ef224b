package docs

import (
	"fmt"
	"html/template"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/signpost-dev/signpost/pkg/safehtml"
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
)

// Site is what a document asks of the site around it. The functions may be called
// from several goroutines at once; a nil one knows nothing.
type Site struct {
	// Asset returns the site path under which a file of the tree that is named like
	// an image is published. It says no for what is none (see [ImageType]).
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
	r := &renderer{Parsed: p, site: site, out: (*buf)[:0], limit: maxOutput(len(p.body))}
	r.children(p.root)
	*buf = r.out
	if len(r.out) > r.limit {
		return "", fmt.Errorf("rendering %s: the page would be larger than the %d bytes that are allowed for a document of %d", p.Document.Name, r.limit, len(p.body))
	}
	return safehtml.Markdown(r.out), nil
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
	titled  bool            // the title was left out
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
		r.code(string(n.Language(r.body)), n.Lines().Value(r.body))
	case *ast.CodeBlock:
		r.code("", n.Lines().Value(r.body))
	case *ast.HTMLBlock:
		r.html(htmlBlock(n, r.body))
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
	if r.Document.titled && !r.titled && h.Level == 1 && h.Text == r.Document.Title {
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
	if isTask(n) {
		r.str(`<li class="task-list-item">`)
	} else {
		r.str("<li>")
	}
	r.children(n)
	r.str("</li>\n")
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

// link writes a link, or only its text if it leads nowhere.
func (r *renderer) link(dest, title string, content func()) {
	to := r.destination(dest)
	if r.links > 0 || to.href == "" {
		r.unlinked(to, content)
		return
	}
	r.str("<a")
	r.linkAttributes(to)
	if title != "" {
		r.attr("title", title)
	}
	r.str(">")
	r.links++
	content()
	r.links--
	r.str("</a>")
}

func (r *renderer) linkAttributes(to destination) {
	r.attr("href", to.href)
	if to.outside {
		r.attr("rel", "noopener noreferrer")
	}
}

func (r *renderer) unlinked(to destination, content func()) {
	if !to.broken {
		content()
		return
	}
	r.str(`<span class="sp-broken"`)
	r.attr("title", to.why)
	r.str(">")
	content()
	r.str("</span>")
}

// image writes an image that the site publishes, and a link to any other.
func (r *renderer) image(dest, alt, title string, size []html.Attribute) {
	if src, ok := r.asset(dest); ok {
		r.str("<img")
		r.attr("src", src)
		r.attr("alt", alt)
		if title != "" {
			r.attr("title", title)
		}
		for _, a := range size {
			r.attr(a.Key, a.Val)
		}
		r.str(">")
		return
	}
	if alt == "" {
		alt = path.Base(strings.TrimRight(dest, "/"))
	}
	r.link(dest, title, func() { r.text([]byte(alt)) })
}

// asset returns the relative URL of an image that the site publishes.
func (r *renderer) asset(dest string) (string, bool) {
	t := resolve(r.Document, dest)
	if t.kind != inside {
		return "", false
	}
	file, _ := r.set.look(t.path)
	asset, ok := r.published(file)
	return relative(r.Document.Page, asset), ok
}

// published returns the site path of an image of the tree.
func (r *renderer) published(file string) (string, bool) {
	if !r.set.images[file] || r.site.Asset == nil {
		return "", false
	}
	return r.site.Asset(file)
}

// html writes an author's HTML: the tags that are allowed, with links and anchors
// as those of Markdown. What is out of place is put right by pkg/safehtml.
func (r *renderer) html(h rawHTML) {
	h.each(func(t rawToken) {
		switch {
		case t.text != nil:
			r.text(t.text)
		case t.Data == "img" && t.Type != html.EndTagToken:
			r.htmlImage(t.Token)
		default:
			r.htmlTag(t.Token)
		}
	})
}

func (r *renderer) htmlImage(t html.Token) {
	var src, alt, title string
	var size []html.Attribute
	for _, a := range t.Attr {
		switch a.Key {
		case "src":
			src = strings.TrimSpace(a.Val)
		case "alt":
			alt = a.Val
		case "title":
			title = a.Val
		case "width", "height":
			if safehtml.Length(a.Val) {
				size = append(size, a)
			}
		}
	}
	if src != "" {
		r.image(src, alt, title, size)
	}
}

func (r *renderer) htmlTag(t html.Token) {
	if t.Data == "h1" {
		t.Data = "h2"
	}
	if t.Type == html.EndTagToken {
		if t.Data == "a" {
			r.links = max(r.links-1, 0)
		}
		r.out = safehtml.AppendTag(r.out, t)
		return
	}
	attrs := make([]html.Attribute, 0, len(t.Attr)+1)
	for _, a := range t.Attr {
		switch {
		case a.Key == "href" && t.Data == "a":
			attrs = append(attrs, r.htmlLink(strings.TrimSpace(a.Val))...)
		case a.Key == "id", a.Key == "name" && t.Data == "a":
			if id := pageID(a.Val); r.free(id) {
				attrs = append(attrs, html.Attribute{Key: "id", Val: id})
			}
		case a.Key != "class" && a.Key != "rel" && a.Key != "tabindex":
			attrs = append(attrs, a)
		}
	}
	if t.Data == "a" {
		r.links++
	}
	t.Attr = attrs
	r.out = safehtml.AppendTag(r.out, t)
}

func (r *renderer) htmlLink(dest string) []html.Attribute {
	to := r.destination(dest)
	switch {
	case to.broken:
		return []html.Attribute{{Key: "class", Val: "sp-broken"}, {Key: "title", Val: to.why}}
	case to.href == "":
		return nil
	case to.outside:
		return []html.Attribute{{Key: "href", Val: to.href}, {Key: "rel", Val: "noopener noreferrer"}}
	default:
		return []html.Attribute{{Key: "href", Val: to.href}}
	}
}

// free reports whether an id is not in use on the page yet, and takes it.
func (r *renderer) free(id string) bool {
	if r.Parsed.ids[id] || r.ids[id] {
		return false
	}
	if r.ids == nil {
		r.ids = map[string]bool{}
	}
	r.ids[id] = true
	return true
}

// destination is what a link on the page leads to.
type destination struct {
	href    string // "" if there is nothing to lead to
	outside bool   // on another site
	broken  bool   // what it should lead to does not exist
	why     string // then: in words
}

// destination turns what is written in a document into what goes on its page.
func (r *renderer) destination(dest string) destination {
	t := resolve(r.Document, dest)
	switch t.kind {
	case outside:
		return destination{href: string(util.URLEscape([]byte(dest), false)), outside: true}
	case here:
		return destination{href: "#" + fragment(t.fragment)}
	case forbidden:
		return destination{broken: true, why: "this address cannot be linked to"}
	default:
		return r.inside(t)
	}
}

// inside finds the page for a file or folder, failing that its place in the
// repository on the web.
func (r *renderer) inside(t target) destination {
	file, e := r.set.look(t.path)
	if e == missing {
		return destination{broken: true, why: t.path + " does not exist"}
	}
	page := r.page(file, e)
	if page == "" {
		if asset, ok := r.published(file); ok {
			return destination{href: relative(r.Document.Page, asset)}
		}
		return r.repository(t)
	}
	href := relative(r.Document.Page, page)
	if t.fragment != "" {
		href += "#" + fragment(t.fragment)
	}
	return destination{href: href}
}

// page returns the site path of the page for a file or folder of the tree, or "".
func (r *renderer) page(file string, e entry) string {
	switch e {
	case aFile:
		if doc := r.set.files[file]; doc != nil {
			return doc.Page
		}
		page, _ := r.set.homes.Descriptor(file)
		return page
	case aFolder:
		if doc := r.set.readme(file); doc != nil && doc.Page != "" {
			return doc.Page
		}
		home, _ := r.set.homes.Folder(file)
		return home.Page
	default:
		return ""
	}
}

func (r *renderer) repository(t target) destination {
	if r.site.Repository == nil {
		return destination{}
	}
	href := r.site.Repository(t.path)
	if href == "" {
		return destination{}
	}
	if t.fragment != "" {
		href += "#" + url.PathEscape(t.fragment)
	}
	return destination{href: href, outside: true}
}

// fragment returns the anchor on the page for one that a document names. GitHub
// finds anchors ignoring case, and all of its ids are in lower case.
func fragment(f string) string {
	f = strings.ToLower(strings.TrimPrefix(f, "user-content-"))
	return url.PathEscape(pageID(f))
}

// relative returns the URL that leads from one page of the site to another.
func relative(from, to string) string {
	dir := path.Dir(from)
	up := ""
	for dir != "." && !strings.HasPrefix(to, dir+"/") {
		dir = path.Dir(dir)
		up += "../"
	}
	if dir != "." {
		to = to[len(dir)+1:]
	}
	// The type adds "./" where the first segment would be read as a scheme.
	return (&url.URL{Path: up + to}).String()
}
