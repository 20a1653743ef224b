package docs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/source"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Options is what Load has to know of the world around the tree.
type Options struct {
	Homes Homes // which entities there are; nil: none, so that every document is an orphan
	// Exists reports whether there is a file or folder at a path from the root of
	// the repository; it is asked only about paths outside of the tree. Nil: none is.
	Exists func(path string) bool
	// Keep says that each text is kept until it is parsed, so that it is read once. It
	// is for callers that parse all documents and do little else.
	Keep bool
	// PlainCode says that code is shown without colours.
	PlainCode bool
}

// Set holds the documents of a catalog and what else can be linked to. It is
// read-only once loaded, and its methods may be called at the same time.
type Set struct {
	Documents []*Document // sorted by File

	homes  Homes
	exists func(path string) bool
	keep   bool
	plain  bool             // code has no colours
	books  map[string]*book // by folder of their documents
	prefix string           // of the tree in the repository: "catalog/"
	*listing
	parsers parsers
}

// listing is what there is in the tree, by path.
type listing struct {
	all     []source.File
	files   map[string]bool
	images  map[string]bool // files that are images by their name
	offered map[string]bool // files that are attachments by their name
	folders map[string]bool // "." is the tree itself
}

func newListing(all []source.File) *listing {
	l := &listing{all: all, files: make(map[string]bool, len(all)), images: map[string]bool{}, offered: map[string]bool{}, folders: map[string]bool{".": true}}
	for _, f := range all {
		l.files[f.Path] = true
		switch f.Type {
		case source.Image:
			l.images[f.Path] = true
		case source.Attachment:
			l.offered[f.Path] = true
		}
		for dir := path.Dir(f.Path); !l.folders[dir]; dir = path.Dir(dir) {
			l.folders[dir] = true
		}
	}
	return l
}

// is reports whether a listing is of the same paths.
func (l *listing) is(all []source.File) bool {
	return slices.EqualFunc(l.all, all, func(a, b source.File) bool { return a.Path == b.Path })
}

// at returns the document of a file, or nil.
func (s *Set) at(file string) *Document {
	i, ok := slices.BinarySearchFunc(s.Documents, file, func(d *Document, file string) int { return strings.Compare(d.File, file) })
	if !ok {
		return nil
	}
	return s.Documents[i]
}

// Load finds the documents among the files of a tree (as [source.Tree.Files]
// returns them) and decides of each what it is, where it belongs and at which
// site path it will be. It keeps no texts. The README.md of the tree itself is
// for readers of the repository: it can be linked to but is no document.
//
// The error is that of ctx; a file that cannot be read is a finding.
func Load(ctx context.Context, tree *source.Tree, files []source.File, o Options) (*Set, []diag.Diagnostic, error) {
	return loadSet(ctx, tree, newListing(files), o, func(string) *Document { return nil })
}

// loadSet is Load with documents whose heads may be known already.
func loadSet(ctx context.Context, tree *source.Tree, l *listing, o Options, known func(path string) *Document) (*Set, []diag.Diagnostic, error) {
	s := newSet(tree, l, o)
	files := l.all
	var ofBooks []diag.Diagnostic
	s.books, ofBooks = readBooks(tree, files)
	docs := make([]*Document, len(files)) // nil: none, or not to be read
	found := make([][]diag.Diagnostic, len(files))
	err := parallel.Each(ctx, len(files), func(i int) error {
		f := files[i]
		if f.Type != source.Markdown || strings.EqualFold(f.Path, "README.md") {
			return nil
		}
		doc := known(f.Path)
		if doc == nil {
			doc = &Document{File: f.Path, Name: tree.Name(f.Path), file: f, book: s.bookOf(f.Path)}
			if ds, ok := s.head(doc, tree); !ok {
				found[i] = ds
				return nil
			}
		}
		doc.book = s.bookOf(f.Path)
		doc.entitle()
		found[i] = append(doc.found[:len(doc.found):len(doc.found)], s.settle(doc)...)
		docs[i] = doc
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	s.Documents = slices.DeleteFunc(docs, func(d *Document) bool { return d == nil })
	collided := s.collisions()
	s.supersede()
	return s, append(append(slices.Concat(found...), collided...), ofBooks...), nil
}

func newSet(tree *source.Tree, l *listing, o Options) *Set {
	s := &Set{
		homes: o.Homes, exists: o.Exists, keep: o.Keep, plain: o.PlainCode, prefix: strings.TrimSuffix(tree.Name("x"), "x"),
		listing: l,
	}
	if s.homes == nil {
		s.homes = noHomes{}
	}
	s.parsers = newParsers(s.homes.Kinds())
	return s
}

// head fills in what a document is by itself. It reports false if the file cannot be read.
func (s *Set) head(doc *Document, tree *source.Tree) ([]diag.Diagnostic, bool) {
	if !doc.recall(tree) {
		data, err := Read(tree, doc)
		if err != nil {
			return []diag.Diagnostic{unreadable(doc, err)}, false
		}
		if s.keep {
			doc.text = data
		}
		if tree.Remembers() {
			doc.Digest = cache.DigestOf(data)
		}
		doc.found = s.readHead(doc, data)
	}
	doc.Kind = kindOf(doc.Front, doc.File)
	return nil, true
}

// entitle gives a document its title: that of its book, its own, or that of its file.
func (d *Document) entitle() {
	if d.Title = d.ownTitle; d.Title == "" {
		d.Title = titleOfFile(d.File)
	}
	d.shelve()
}

// readHead reads what a document says of itself.
func (s *Set) readHead(doc *Document, data []byte) []diag.Diagnostic {
	front, body, line, ds := source.FrontMatter(doc.Name, data)
	doc.Front = front
	doc.Silences = diag.Silences(doc.Name, data)
	if doc.ownTitle = strings.TrimSpace(front.Field("title").Text()); doc.ownTitle == "" {
		doc.ownTitle, doc.titled = s.titleIn(doc, body)
	} else {
		doc.titled = s.beginsWith(doc, body, doc.ownTitle)
	}
	if kindOf(front, doc.File) == ADR {
		doc.record = s.readRecord(doc, body, line)
	}
	return ds
}

func unreadable(doc *Document, err error) diag.Diagnostic {
	var tooLarge *source.LimitError
	if errors.As(err, &tooLarge) {
		h := limitHit{message: fmt.Sprintf("the document is larger than the %d bytes that are allowed", maxBytes), hint: "split it into several documents"}
		return h.diagnostic(places{file: doc.Name, first: 1})
	}
	return diag.Diagnostic{Span: diag.Span{File: doc.Name}, Severity: diag.Error, Code: "source-unreadable", Message: err.Error()}
}

// Read returns the text of a document's file: the one that Load has kept, which is let go,
// or what the file holds. Bigger ones than a document can
// be are read as far as it takes to say so.
func Read(tree *source.Tree, doc *Document) ([]byte, error) {
	if text := doc.text; text != nil {
		doc.text = nil
		return text, nil
	}
	return tree.Read(doc.File, maxRead)
}

const maxRead = maxBytes + 64<<10 // for the front matter, beside the body that the limit is for

// settle finds out to which entities a document belongs, and so where its page is.
func (s *Set) settle(doc *Document) []diag.Diagnostic {
	doc.Decision = doc.decide() // anew, since it will say which other documents it means
	home, dir, inFolder := s.folderHome(doc.File)
	about := doc.Front.Field("about")
	refs := about.Children()
	if about.Kind() == source.String {
		refs = []*source.Node{about}
	}
	var ds []diag.Diagnostic
	for _, ref := range refs {
		h, nearest, ok := s.homes.Find(ref.Text(), home)
		if !ok {
			ds = append(ds, unknownAbout(ref, nearest))
			continue
		}
		if !slices.Contains(doc.About, h) {
			doc.About = append(doc.About, h)
		}
	}
	if len(doc.About) == 0 && inFolder {
		doc.About = []Home{home}
	}
	if len(doc.About) > 0 {
		doc.Page = pageOf(doc.About[0], strings.TrimPrefix(doc.File, dir))
	}
	return ds
}

func unknownAbout(ref *source.Node, nearest string) diag.Diagnostic {
	d := diag.Diagnostic{
		Span:     ref.Span(),
		Severity: diag.Error,
		Code:     "document-about",
		Message:  fmt.Sprintf("the document is about %q, which does not exist", ref.Text()),
	}
	if nearest != "" {
		d.Hint = fmt.Sprintf("did you mean %q?", nearest)
	}
	return d
}

// folderHome returns the entity of the nearest folder above a file that belongs
// to one, and that folder with a slash behind it.
func (s *Set) folderHome(file string) (home Home, dir string, ok bool) {
	for at := path.Dir(file); at != "."; at = path.Dir(at) {
		if h, ok := s.homes.Folder(at); ok {
			return h, at + "/", true
		}
	}
	home, ok = s.homes.Folder("")
	return home, "", ok
}

// pageOf returns the site path of a document: below the page of its entity, as
// the file lies below the entity's folder.
func pageOf(home Home, file string) string {
	folder := strings.TrimSuffix(home.Page, ".html")
	return folder + "/" + strings.ToLower(strings.TrimSuffix(file, path.Ext(file))) + ".html"
}

// collisions takes the page away from each document whose page is that of one
// before it.
func (s *Set) collisions() []diag.Diagnostic {
	var ds []diag.Diagnostic
	first := make(map[string]*Document, len(s.Documents))
	for _, doc := range s.Documents {
		other, taken := first[doc.Page]
		if !taken || doc.Page == "" {
			first[doc.Page] = doc
			continue
		}
		ds = append(ds, diag.Diagnostic{
			Span:     diag.Span{File: doc.Name},
			Severity: diag.Error,
			Code:     "document-collision",
			Message:  fmt.Sprintf("the page %s of this document is that of %s already", doc.Page, other.Name),
			Hint:     "rename one of the two files; letter case does not tell pages apart",
			Related:  []diag.Related{{Span: diag.Span{File: other.Name}, Message: "has the page"}},
		})
		doc.Page = ""
	}
	return ds
}

// titleIn returns the text of the first heading of level 1 in the head of a
// document, failing that of any level; top says that it is of level 1.
func (s *Set) titleIn(doc *Document, body []byte) (title string, top bool) {
	const enough = 4 << 10 // badges and comments may stand before it
	if len(body) > enough {
		body = body[:enough]
		body = body[:bytes.LastIndexByte(body, '\n')+1]
	}
	// Most documents begin with it, and then that line is enough.
	line, _, _ := bytes.Cut(bytes.TrimLeft(body, "\r\n"), []byte{'\n'})
	if bytes.HasPrefix(line, []byte("# ")) {
		if title, top = s.firstHeading(doc, line); top {
			return title, top
		}
	}
	return s.firstHeading(doc, body)
}

// beginsWith reports whether the text begins with its title as a heading, as
// documents do that have one for GitHub beside the one in their front matter.
func (s *Set) beginsWith(doc *Document, body []byte, title string) bool {
	line, _, _ := bytes.Cut(bytes.TrimLeft(body, "\r\n"), []byte{'\n'})
	if !bytes.HasPrefix(line, []byte("# ")) {
		return false
	}
	heading, _ := s.firstHeading(doc, line)
	return sameTitle(heading, title)
}

// sameTitle reports whether a heading says what a title says, perhaps with the number
// of a decision in front: "3. Retries live in the router", "ADR-0003: …".
func sameTitle(heading, title string) bool {
	return strings.EqualFold(heading, title) || strings.EqualFold(withoutNumber(heading), title)
}

func withoutNumber(heading string) string {
	rest := heading
	if len(rest) > 3 && strings.EqualFold(rest[:3], "adr") {
		rest = strings.TrimLeft(rest[3:], " -")
	}
	name := strings.TrimLeft(rest, "0123456789")
	if name == rest {
		return heading
	}
	return strings.TrimLeft(name, " .:)-–—")
}

func (s *Set) firstHeading(doc *Document, body []byte) (title string, top bool) {
	g := &guarded{Context: parser.NewContext()}
	root := s.parsers.of(&Document{}, body).Parse(text.NewReader(body), parser.WithContext(g))
	if g.hit != nil {
		return "", false
	}
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok || title != "" && h.Level > 1 {
			continue
		}
		doc.book.headingID(h, body)
		if t := strings.TrimSpace(string(appendInline(nil, h, body))); t != "" {
			if title = t; h.Level == 1 {
				return title, true
			}
		}
	}
	return title, false
}

// titleOfFile makes "Processor timeout" of processor-timeout.md.
func titleOfFile(file string) string {
	name := strings.TrimSuffix(path.Base(file), path.Ext(file))
	name = strings.TrimSpace(strings.NewReplacer("-", " ", "_", " ").Replace(name))
	if name == "" {
		return path.Base(file)
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

// noHomes is a catalog without entities.
type noHomes struct{}

func (noHomes) Folder(string) (Home, bool)             { return Home{}, false }
func (noHomes) Find(string, Home) (Home, string, bool) { return Home{}, "", false }
func (noHomes) Mentioned(string, Home) (Home, bool)    { return Home{}, false }
func (noHomes) Kinds() []string                        { return nil }
func (noHomes) Descriptor(string) (string, bool)       { return "", false }
