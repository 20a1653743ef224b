package docs

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
	"github.com/yuin/goldmark/ast"
)

// book is a folder of documents that was written for MkDocs, as TechDocs of Backstage are
// (https://www.mkdocs.org/user-guide/configuration/). Its documents may use what MkDocs and
// Material add to Markdown, and stand in the order of its navigation. Nothing of it is ever
// run: what only plug-ins could do is reported.
type book struct {
	file  string // of its mkdocs.yml, in the tree
	title string // site_name
	docs  string // folder of its documents in the tree
	pages map[string]leaf
}

// leaf is the place of a document in the navigation of its book.
type leaf struct {
	title    string   // empty: that of the document
	place    int      // from 1
	sections []string // above it, from the widest
	span     diag.Span
}

// isBook reports whether a file is the configuration of MkDocs, by its name.
func isBook(file string) bool {
	base := path.Base(file)
	return base == "mkdocs.yml" || base == "mkdocs.yaml"
}

const (
	mostLeaves   = 5_000 // of the navigation of a book
	mostSections = 16    // one inside the other
)

// readBooks reads the configurations of MkDocs among the files of a tree.
func readBooks(tree *source.Tree, files []source.File) (books map[string]*book, found []diag.Diagnostic) {
	for _, f := range files {
		if !isBook(f.Path) {
			continue
		}
		data, err := tree.Read(f.Path, source.ImportLimits.Bytes)
		if err != nil {
			found = append(found, diag.Diagnostic{Span: diag.Span{File: tree.Name(f.Path)}, Severity: diag.Error, Code: "source-unreadable", Message: err.Error()})
			continue
		}
		b, ds := newBook(f.Path, tree.Name(f.Path), data)
		found = append(found, ds...)
		if b == nil {
			continue
		}
		found = append(found, b.missing(tree, files)...)
		if books == nil {
			books = map[string]*book{}
		}
		books[b.docs] = b
	}
	return books, found
}

// newBook reads the configuration of a book; nil if it cannot be read.
func newBook(file, name string, data []byte) (*book, []diag.Diagnostic) {
	documents, found := source.Decode(name, data, source.ImportLimits)
	for i, d := range found {
		if d.Code == "source-tag" { // they name functions of Python
			found[i] = unsupported(d.Span, d.Message+"; nothing is run to read it", "leave it out, or accept that it has no effect here")
		}
	}
	if len(documents) == 0 {
		return nil, found
	}
	root := documents[0].Root
	b := &book{file: file, title: strings.TrimSpace(root.Field("site_name").Text()), pages: map[string]leaf{}}
	folder := "docs"
	if n := root.Field("docs_dir"); n.Text() != "" {
		folder = n.Text()
	}
	b.docs = path.Join(path.Dir(file), folder)
	if path.IsAbs(folder) || b.docs == ".." || strings.HasPrefix(b.docs, "../") {
		return nil, append(found, unsupported(root.Field("docs_dir").Span(), "docs_dir leads out of the catalog", "write a path below the folder of this file"))
	}
	found = append(found, b.navigate(root.Field("nav"), nil)...)
	return b, append(found, unsupportedKeys(root)...)
}

// missing reports what the navigation names and the tree does not have.
func (b *book) missing(tree *source.Tree, files []source.File) []diag.Diagnostic {
	var found []diag.Diagnostic
	for file, leaf := range b.pages {
		if _, ok := slices.BinarySearchFunc(files, file, func(f source.File, file string) int { return strings.Compare(f.Path, file) }); !ok {
			found = append(found, diag.Diagnostic{
				Span: leaf.span, Severity: diag.Error, Code: "link-broken",
				Message: fmt.Sprintf("the navigation leads to %s, which is no file here", quoted(tree.Name(file))),
			})
		}
	}
	return diag.Sort(found)
}

// navigate reads a list of the navigation: paths, titled paths, and titled lists.
func (b *book) navigate(n *source.Node, sections []string) (found []diag.Diagnostic) {
	if len(sections) > mostSections {
		return nil
	}
	for _, item := range n.Children() {
		if item.Kind() == source.String {
			found = append(found, b.leaf("", item, sections)...)
		}
		for _, titled := range item.Children() { // one, in what MkDocs accepts
			if titled.Kind() == source.List {
				found = append(found, b.navigate(titled, append(slices.Clone(sections), titled.Name()))...)
			} else {
				found = append(found, b.leaf(titled.Name(), titled, sections)...)
			}
		}
	}
	return found
}

func (b *book) leaf(title string, n *source.Node, sections []string) []diag.Diagnostic {
	to := n.Text()
	if to == "" || len(b.pages) >= mostLeaves {
		return nil
	}
	if strings.Contains(to, "://") {
		return []diag.Diagnostic{unsupported(n.Span(), "a link to elsewhere in the navigation is left out", "declare it under `documents` in the descriptor")}
	}
	file := path.Join(b.docs, to)
	if _, twice := b.pages[file]; !twice {
		b.pages[file] = leaf{title: strings.TrimSpace(title), place: len(b.pages) + 1, sections: sections, span: n.Span()}
	}
	return nil
}

// attributes are what may stand behind the text of a heading: "{ #id }", "{: .class #id }"
// (https://python-markdown.github.io/extensions/attr_list/). Only the id means something here.
var attributes = regexp.MustCompile(`[ \t]+\{:?[ \t]*[.#][^{}]*\}[ \t]*$`)

var attributeID = regexp.MustCompile(`[\s{:]#([A-Za-z][A-Za-z0-9_-]*)`)

// headingID takes the list of attributes away from a heading and returns the id in it, or
// "". Without a book there is none.
func (b *book) headingID(n *ast.Heading, body []byte) string {
	last, ok := n.LastChild().(*ast.Text)
	if b == nil || !ok {
		return ""
	}
	first := last // of the texts that stand side by side at the end
	for {
		before, ok := first.PreviousSibling().(*ast.Text)
		if !ok || before.Segment.Stop != first.Segment.Start {
			break
		}
		first = before
	}
	value := body[first.Segment.Start:last.Segment.Stop]
	at := attributes.FindIndex(value)
	if at == nil {
		return ""
	}
	cut := first.Segment.Start + at[0]
	for last.Segment.Start >= cut && last != first {
		before := last.PreviousSibling().(*ast.Text)
		n.RemoveChild(n, last)
		last = before
	}
	last.Segment = last.Segment.WithStop(cut)
	if id := attributeID.FindSubmatch(value[at[0]:]); id != nil {
		return strings.ToLower(string(id[1])) // links to it are in lower case, too
	}
	return ""
}

// harmless are the plug-ins whose work is done here in another way.
var harmless = []string{"techdocs-core", "search"}

// unsupportedKeys reports what would change the pages and has no effect here.
func unsupportedKeys(root *source.Node) []diag.Diagnostic {
	var found []diag.Diagnostic
	for _, item := range root.Field("plugins").Children() {
		name, span := item.Text(), item.Span()
		if len(item.Children()) > 0 {
			name, span = item.Children()[0].Name(), item.Children()[0].KeySpan()
		} else if item.Name() != "" {
			name, span = item.Name(), item.KeySpan()
		}
		if !slices.Contains(harmless, name) {
			found = append(found, unsupported(span, fmt.Sprintf("the plug-in %s of MkDocs has no effect here", quoted(name)), "write what it makes into the documents"))
		}
	}
	for _, key := range []string{"INHERIT", "hooks", "extra_javascript", "extra_css"} {
		if n := root.Field(key); n != nil {
			found = append(found, unsupported(n.KeySpan(), fmt.Sprintf("%q has no effect here: nothing of a catalog is run or loaded", key), "leave it out, or accept that"))
		}
	}
	for _, key := range []string{"exclude_docs", "draft_docs"} {
		if n := root.Field(key); n != nil {
			found = append(found, unsupported(n.KeySpan(), fmt.Sprintf("%q has no effect here: all documents of the folder are shown", key), "move what is not to be shown out of the folder"))
		}
	}
	return found
}

func unsupported(span diag.Span, message, hint string) diag.Diagnostic {
	return diag.Diagnostic{Span: span, Severity: diag.Warning, Code: "mkdocs-unsupported", Message: message, Hint: hint}
}

// bookOf returns the book that a document belongs to, or nil: that of the nearest folder.
func (s *Set) bookOf(file string) *book {
	for dir := path.Dir(file); len(s.books) > 0; dir = path.Dir(dir) {
		if b := s.books[dir]; b != nil || dir == "." {
			return b
		}
	}
	return nil
}

// shelve gives a document the title and the place that its book gives it.
func (d *Document) shelve() {
	d.Place, d.Sections = 0, nil
	if d.book == nil {
		return
	}
	leaf := d.book.pages[d.File]
	d.Place, d.Sections = leaf.place, leaf.sections
	switch {
	case leaf.title != "":
		d.Title = leaf.title
	case d.ownTitle == "" && d.book.title != "" && d.File == path.Join(d.book.docs, "index.md"):
		d.Title = d.book.title
	}
}

// Book returns the file in the tree that says how the document is to be read, if it was
// written for MkDocs, or "".
func (d *Document) Book() string {
	if d.book == nil {
		return ""
	}
	return d.book.file
}

// resolve says where a destination in a document leads, as MkDocs would have it for its
// documents: a path from the root is one in the folder of the book, and the address of a
// page stands for its file.
func (s *Set) resolve(doc *Document, dest string) target {
	t := resolve(doc, dest)
	if doc.book == nil || t.kind != inside {
		return t
	}
	if strings.HasPrefix(dest, "/") {
		t.path = path.Join(s.prefix, doc.book.docs, t.path)
	}
	if _, e := s.look(t.path); e != missing {
		return t
	}
	for _, file := range []string{t.path + ".md", strings.TrimSuffix(t.path, ".html") + ".md", path.Join(t.path, "index.md")} {
		if _, e := s.look(file); e == aFile {
			t.path = file
			return t
		}
	}
	return t
}
