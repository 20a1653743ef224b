package docs

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/html"
)

// Parsed is a document that was read. It holds the whole text and its tree: keep
// it no longer than it takes to render it and to index it for search.
type Parsed struct {
	Document *Document
	Headings []Heading
	Sections []Section
	Summary  string // from the front matter, else the first paragraph, shortened
	Scan     *Scan

	set  *Set
	root ast.Node
	body []byte
	ids  map[string]bool // of headings
	at   places

	htmlIDs []string // of the headings of an author's HTML, in order; "" for none

	drawings map[ast.Node]drawing // by their blocks of code
}

// Heading is a heading of a document.
type Heading struct {
	Level int    // 1 to 6, as written
	Text  string // without markup
	ID    string // anchor on the page; "" if the text has no letters
	Span  diag.Span
}

// Section is the text below a heading, down to the next, for search.
type Section struct {
	Heading int    // index into Headings; -1 for what stands before the first
	Text    string // without markup, with code, blocks on lines of their own
}

// Scan is what checking links needs to know of a document. It is small.
type Scan struct {
	Document *Document
	Links    []Link
	foreign  []Link   // what only extensions of MkDocs understand; To names it
	mentions []Link   // of entities, which may exist or not
	anchors  []string // sorted, in lower case
}

// Link is a link or an image of a document.
type Link struct {
	To    string // destination as written, without escapes
	Image bool
	Span  diag.Span // of the destination; for a reference, of its definition
}

// Parse reads a document whose file holds data. A document that breaks a limit
// gives one finding and no result; one that is not UTF-8 gives no result either,
// and has its finding from Load. Diagrams that cannot be drawn are findings beside the
// result.
func (s *Set) Parse(doc *Document, data []byte) (*Parsed, []diag.Diagnostic) {
	front, body, line := frontOf(doc, data)
	if body == nil && len(data) > 0 {
		return nil, nil // not UTF-8
	}
	at := newPlaces(doc.Name, line, body)
	if hit := prescan(body); hit != nil {
		return nil, []diag.Diagnostic{hit.diagnostic(at)}
	}
	g := &guarded{Context: parser.NewContext()}
	w := &walker{
		Parsed: &Parsed{
			Document: doc,
			Scan:     &Scan{Document: doc},
			set:      s,
			body:     body,
			at:       at,
			ids:      map[string]bool{},
		},
		slugs:   slugs{},
		guarded: g,
		text:    make([]byte, 0, len(body)+len(body)/16), // most documents need no more
	}
	w.root = s.parsers.of(doc, body).Parse(text.NewReader(body), parser.WithContext(g))
	if g.hit == nil {
		w.blocks(w.root, 0)
		w.finish(front)
	}
	if g.hit != nil {
		return nil, []diag.Diagnostic{g.hit.diagnostic(w.at)}
	}
	return w.Parsed, w.findings
}

// frontOf splits a document into its front matter, which Load has decoded already if
// there is any, and its body. The findings are Load's.
func frontOf(doc *Document, data []byte) (front *source.Node, body []byte, line int) {
	if doc.Front == nil {
		front, body, line, _ = source.FrontMatter(doc.Name, data)
		return front, body, line
	}
	body, line = source.Body(doc.Name, data)
	return doc.Front, body, line
}

// walker goes through the tree once and notes what others want to know of it.
type walker struct {
	*Parsed
	*guarded
	slugs  slugs
	text   []byte // of the whole document
	starts []int  // in text, of the section of each heading
	output int    // bytes of HTML that rendering will make at most
	drawn  int    // parts of the diagrams so far

	findings []diag.Diagnostic // of diagrams
}

// blocks visits the children of a block. One that holds text holds inline nodes;
// a footnote can hold both.
func (w *walker) blocks(n ast.Node, depth int) {
	if depth > maxDepth {
		w.tooDeep(n)
		return
	}
	for c := n.FirstChild(); c != nil && w.hit == nil; c = c.NextSibling() {
		if c.Type() == ast.TypeInline {
			w.inlineNode(c, depth)
			continue
		}
		w.spend(max(c.Pos(), 0), nodeMarkup)
		switch c := c.(type) {
		case *ast.Heading:
			w.heading(c, depth)
		case *ast.FencedCodeBlock:
			if isDiagram(c, w.body) {
				w.diagram(c)
				break
			}
			w.lines(c.Lines())
		case *ast.CodeBlock:
			w.lines(c.Lines())
		case *ast.HTMLBlock:
			w.html(htmlBlock(c, w.body))
		case *ast.LinkReferenceDefinition:
		case *indented:
			w.spend(max(c.Pos(), 0), headingMarkup+escaped*len(c.title))
			if c.title != "" {
				w.text = append(append(w.text, c.title...), '\n')
			}
			w.blocks(c, depth+1)
		case *ast.Paragraph:
			w.foreignLines(inLines, c.Lines())
			w.blocks(c, depth+1)
		case *extast.TableCell:
			w.blocks(c, depth+1)
			if c.NextSibling() != nil {
				w.separate(" ·")
			}
		case *extast.TableHeader, *extast.TableRow:
			w.blocks(c, depth+1)
			w.separate(";")
		default:
			w.blocks(c, depth+1)
		}
	}
	w.text = append(w.text, '\n')
}

// separate ends a part of a table, whose cells would run into each other in a line of
// text. A sign that belongs to no word changes nothing in what search finds.
func (w *walker) separate(sign string) {
	w.text = append(append(bytes.TrimRight(w.text, "\n"), sign...), '\n')
}

func (w *walker) heading(n *ast.Heading, depth int) {
	w.text = append(w.text, '\n')
	own := w.Document.book.headingID(n, w.body)
	start := len(w.text)
	w.inline(n, depth)
	title := strings.TrimSpace(string(w.text[start:]))
	w.text = append(w.text[:start], '\n')
	if own == "" || w.slugs.taken(own) {
		own = strings.TrimSpace(string(appendHeading(nil, n, w.body)))
	}
	id := pageID(w.slugs.next(own))
	w.ids[id] = true
	at := max(n.Pos(), 0)
	w.spend(at, headingMarkup+escaped*(2*len(id)+len(title)))
	end := at
	if lines := n.Lines(); lines.Len() > 0 {
		end = lines.At(lines.Len() - 1).Stop
	}
	w.Headings = append(w.Headings, Heading{n.Level, title, id, w.at.span(at, end)})
	w.starts = append(w.starts, len(w.text))
}

func (w *walker) lines(lines *text.Segments) {
	w.foreignLines(inCode, lines)
	for i := range lines.Len() {
		line := lines.At(i)
		w.spend(line.Start, highlighted*line.Len())
		w.text = append(w.text, line.Value(w.body)...)
	}
	w.text = append(w.text, '\n')
}

// inline visits the inline children of a node and appends their text.
func (w *walker) inline(n ast.Node, depth int) {
	if depth > maxDepth {
		w.tooDeep(n)
		return
	}
	for c := n.FirstChild(); c != nil && w.hit == nil; c = c.NextSibling() {
		w.inlineNode(c, depth)
	}
}

func (w *walker) inlineNode(n ast.Node, depth int) {
	switch n := n.(type) {
	case *ast.Text:
		w.text = appendText(w.text, n, w.body)
		w.foreignText(n)
		w.spend(n.Segment.Start, escaped*n.Segment.Len())
	case *ast.String:
		w.text = append(w.text, n.Value...)
	case *ast.AutoLink:
		w.text = append(w.text, n.Label(w.body)...)
		w.link(autoLinkURL(n, w.body), nil, n, false)
	case *ast.Link:
		w.link(n.Destination, n.Title, n, false)
		w.inline(n, depth+1)
	case *ast.Image:
		start := len(w.text)
		w.text = appendInline(w.text, n, w.body)
		w.spend(max(n.Pos(), 0), escaped*(len(w.text)-start))
		w.link(n.Destination, n.Title, n, true)
	case *ast.RawHTML:
		w.html(inlineHTML(n, w.body))
	case *mention:
		at := n.FirstChild().(*ast.Text).Segment
		w.text = append(w.text, n.ref...)
		if w.spend(at.Start, linkMarkup+escaped*at.Len()) {
			w.Scan.mentions = append(w.Scan.mentions, Link{To: n.ref, Span: w.at.span(at.Start, at.Stop)})
		}
	case *extast.FootnoteLink, *extast.FootnoteBacklink:
		w.spend(max(n.Pos(), 0), footnoteMarkup)
	default:
		w.spend(max(n.Pos(), 0), nodeMarkup)
		w.inline(n, depth+1)
	}
}

func (w *walker) tooDeep(n ast.Node) {
	w.refuse(max(n.Pos(), 0), "use less markup", "markup is nested more than %d deep", maxDepth)
}

// link notes a link.
func (w *walker) link(dest, title []byte, n ast.Node, image bool) {
	start := max(n.Pos(), 0)
	end := start
	if at, ok := within(w.body, dest); ok {
		start, end = at, at+len(dest)
	}
	if w.spend(start, linkMarkup+escaped*(len(dest)+len(title))) {
		w.Scan.Links = append(w.Scan.Links, Link{To: string(unescape(dest)), Image: image, Span: w.at.span(start, end)})
	}
}

// What rendering makes at most of a document, in bytes: of each element, of each
// link beside its address (which can be replaced by that of a page), and of each
// byte of text or code.
const (
	nodeMarkup     = 40
	headingMarkup  = 120
	footnoteMarkup = 150
	linkMarkup     = 300
	escaped        = 6
)

// spend adds to the output that rendering will make. It reports false, and the
// document is refused, when that is too much: a reference repeats what its
// definition holds, a table is filled up, so a short text can ask for very much.
func (w *walker) spend(offset, n int) bool {
	if w.output += n; w.output > maxOutput(len(w.body)) {
		w.refuse(offset, "use less markup, or shorter addresses", "the page would have more than the %d bytes that are allowed for a document of %d", maxOutput(len(w.body)), len(w.body))
	}
	return w.hit == nil
}

// html notes the links and anchors of an author's HTML.
func (w *walker) html(h rawHTML) {
	if len(h.lines) > 0 {
		w.spend(h.lines[0].body, escaped*len(h.text))
	}
	var title []byte // of the heading that is open
	h.each(func(t rawToken) {
		switch {
		case t.text != nil:
			title = append(title, t.text...)
			w.text = append(append(w.text, t.text...), ' ')
		case t.Type == html.EndTagToken:
			if isHeading(t.Data) && len(w.htmlIDs) > 0 {
				w.htmlHeading(string(title))
			}
		case isHeading(t.Data):
			title = nil
			w.htmlIDs = append(w.htmlIDs, "")
		}
		w.htmlAttributes(h, t)
	})
}

// htmlHeading gives the last heading of an author's HTML its id, as GitHub does
// with all headings.
func (w *walker) htmlHeading(title string) {
	id := w.slugs.next(strings.TrimSpace(title))
	w.htmlIDs[len(w.htmlIDs)-1] = pageID(id)
	w.Scan.anchors = append(w.Scan.anchors, id)
}

func isHeading(name string) bool {
	return len(name) == 2 && name[0] == 'h' && '1' <= name[1] && name[1] <= '6'
}

func (w *walker) htmlAttributes(h rawHTML, t rawToken) {
	for _, a := range t.Attr {
		switch key := a.Key; {
		case key == "href" && t.Data == "a", key == "src" && t.Data == "img":
			start, end := h.place(t, a.Val)
			w.spend(start, linkMarkup)
			w.Scan.Links = append(w.Scan.Links, Link{To: strings.TrimSpace(a.Val), Image: key == "src", Span: w.at.span(start, end)})
		case key == "id", key == "name" && t.Data == "a":
			w.Scan.anchors = append(w.Scan.anchors, strings.ToLower(a.Val))
		}
	}
}

func (w *walker) finish(front *source.Node) {
	for _, h := range w.Headings {
		w.Scan.anchors = append(w.Scan.anchors, strings.TrimPrefix(h.ID, "user-content-"))
	}
	slices.Sort(w.Scan.anchors)
	all := string(w.text)
	start := 0
	for i := -1; i < len(w.starts); i++ {
		end := len(all)
		if i+1 < len(w.starts) {
			end = w.starts[i+1]
		}
		if t := strings.TrimSpace(all[start:end]); t != "" {
			w.Sections = append(w.Sections, Section{i, t})
		}
		start = end
	}
	if w.Summary = strings.TrimSpace(front.Field("summary").Text()); w.Summary == "" {
		w.Summary = w.firstParagraph()
	}
}

// firstParagraph returns the first paragraph that has text, shortened. That of a
// decision is the first of its context: before it stands what became of it.
func (w *walker) firstParagraph() string {
	first := ""
	context := w.Document.Kind != ADR
	for n := w.root.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() == ast.KindHeading && !context {
			context = isContext(string(appendInline(nil, n, w.body)))
		}
		if n.Kind() != ast.KindParagraph || first != "" && !context {
			continue
		}
		if s := strings.Join(strings.Fields(string(appendInline(nil, n, w.body))), " "); s != "" && context {
			return shorten(s)
		} else if first == "" {
			first = shorten(s)
		}
	}
	return first
}

// isContext reports whether a heading of a decision begins the part that says why there
// was something to decide, as the usual forms of decision records call it.
func isContext(heading string) bool {
	heading = strings.ToLower(heading)
	return slices.ContainsFunc([]string{"context", "problem", "background", "issue", "motivation"}, func(word string) bool {
		return strings.HasPrefix(heading, word)
	})
}

// shorten cuts a text after at most 300 characters, between words.
func shorten(s string) string {
	const most = 300
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	cut, n := 0, 0
	for i, r := range s {
		if n++; n >= most {
			break
		}
		if r == ' ' || n == most-1 && cut == 0 {
			cut = i
		}
	}
	return s[:cut] + "…"
}

// within returns the offset of a part of body, if that is what part is.
func within(body, part []byte) (int, bool) {
	at := cap(body) - cap(part)
	if len(part) == 0 || at < 0 || at >= len(body) || &body[at] != &part[0] {
		return 0, false
	}
	return at, true
}

// autoLinkURL returns the destination of a bare address.
func autoLinkURL(n *ast.AutoLink, body []byte) []byte {
	url := n.URL(body)
	if n.AutoLinkType == ast.AutoLinkEmail && !bytes.HasPrefix(bytes.ToLower(url), []byte("mailto:")) {
		return append([]byte("mailto:"), url...)
	}
	return url
}

// appendHeading appends the text of a heading from which its id is made: what
// GitHub's page would have as text, so without the descriptions of images.
func appendHeading(out []byte, n ast.Node, body []byte) []byte {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Image:
		case *ast.Link, *ast.Emphasis, *extast.Strikethrough:
			out = appendHeading(out, c, body)
		default:
			out = appendOne(out, c, body)
		}
	}
	return out
}
