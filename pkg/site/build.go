package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/search"
	"github.com/signpost-dev/signpost/pkg/source"
)

// Input is what a site is built from.
type Input struct {
	Portal    portal.Input // without documents and findings, which the build adds
	Documents *docs.Set
	Tree      *source.Tree
	// Judge returns all findings, once every document has been read. It is given
	// what the build itself has found in documents.
	Judge     func(scans []*docs.Scan, found []diag.Diagnostic) []diag.Diagnostic
	Templates fs.FS
	BaseURL   string // with a trailing slash, or empty
	Facts     BuildFacts
	// Share is the part of the site to write. Of a part nothing is remembered.
	Share Share
	// Cache holds what an earlier build into the same folder has left, and takes what
	// this one leaves. It may be nil; then nothing is remembered.
	Cache *cache.Cache
	// Progress is told how far the build has come; it may be nil and is called
	// from several goroutines.
	Progress func(stage string, done, total int)
	// Timing is told how long each stage took. It may be nil, and is called from several
	// goroutines.
	Timing func(stage string, took time.Duration)
}

// Result is what a build has come to.
type Result struct {
	Stats
	Portal *portal.Portal // with the findings
	Files  map[string]File
}

// Build writes a site into a folder. Documents are parsed and rendered once, one
// after the other on every core, so that a catalog of any size needs little
// memory; then the findings are known, and with them all other pages are written.
func Build(ctx context.Context, in Input, out *Output) (Result, error) {
	if in.Progress == nil {
		in.Progress = func(string, int, int) {}
	}
	b := &builder{Input: in, out: out, memory: memory{cache: in.Cache}}
	out.share = in.Share
	if err := b.timed("templates, assets", b.prepare); err != nil {
		return Result{}, err
	}
	if err := b.timed("documents", func() error { return b.writeDocuments(ctx) }); err != nil {
		return Result{}, err
	}
	group, ctx := errgroup.WithContext(ctx)
	unjudged := b.portal // search does not ask about findings
	group.Go(func() error {
		return b.timed("search index (beside)", func() error { return b.writeSearch(unjudged) })
	})
	group.Go(func() error { return b.afterDocuments(ctx) })
	if err := group.Wait(); err != nil {
		return Result{}, err
	}
	var stats Stats
	err := b.timed("manifest, cache", func() (err error) {
		if stats, err = out.Finish(); err == nil {
			b.remember()
		}
		return err
	})
	return Result{Stats: stats, Portal: b.portal, Files: out.files}, err
}

// afterDocuments does what needs to know all documents.
func (b *builder) afterDocuments(ctx context.Context) error {
	if err := b.timed("rules, documents again", func() error { return b.judge(ctx) }); err != nil {
		return err
	}
	if err := b.timed("pages", func() error { return b.writePages(ctx) }); err != nil {
		return err
	}
	return b.timed("rotations, schemas", b.writeData)
}

type builder struct {
	Input
	out      *Output
	memory   memory
	portal   *portal.Portal
	renderer *Renderer
	search   search.Builder
	refused  sync.Map // document's name → finding, where rendering it broke a limit
	images   sync.Map // path in the tree → site path, "" for what is not published
	scans    []*docs.Scan
	found    [][]diag.Diagnostic // by document
	begin    []string            // how each document begins
	recalled []*docs.Parsed      // what an earlier build has kept of each document; nil for others
	reach    *reach              // nil if nothing is remembered
	whole    string              // digest of what every page depends on

	remembered sync.Mutex
	waiting    []page // written, and to be remembered when all is done
}

// page is a page of the site with what decides whether it has changed.
type page struct {
	path string
	pageKey
}

func (b *builder) prepare() error {
	templates, err := DigestOfFiles(b.Templates)
	if err != nil {
		return fmt.Errorf("reading templates: %w", err)
	}
	assets, err := b.memory.assets(b.Templates, templates)
	if err != nil {
		return err
	}
	b.search.Learn(b.memory.dictionary())
	b.Portal.Documents = b.Documents.Documents
	b.portal = portal.New(b.Portal)
	site := SiteOf(b.portal, b.BaseURL)
	b.memory.frame = frameOf(site, assets, templates)
	if b.memory.cache != nil {
		b.reach = newReach(b.portal)
		b.whole = b.reach.whole(b.memory.frame)
	}
	if b.renderer, err = NewRenderer(b.Templates, assets, site); err != nil {
		return err
	}
	for _, f := range assets.Files {
		if err := b.out.Put(f.Path, f.Data); err != nil {
			return err
		}
	}
	return nil
}

// each runs work for every number below n on all cores.
func (b *builder) each(ctx context.Context, stage string, n int, work func(i int) error) error {
	var done atomic.Int64
	return parallel.Each(ctx, n, func(i int) error {
		err := work(i)
		b.Progress(stage, int(done.Add(1)), n)
		return err
	})
}

// writeDocuments reads every document and keeps what the rest of the build needs of
// it: its links, and its words for search. Pages are written on the way, but for the
// documents that an earlier build has kept: of those it is decided when the findings are
// known whether their pages are still right.
func (b *builder) writeDocuments(ctx context.Context) error {
	all := b.Documents.Documents
	b.scans = make([]*docs.Scan, len(all))
	b.found = make([][]diag.Diagnostic, len(all))
	b.begin = make([]string, len(all))
	b.recalled = make([]*docs.Parsed, len(all))
	pages := NewDocumentPages(b.portal)
	paths := make([]string, 0, len(all))
	for _, d := range all {
		if d.Page != "" {
			paths = append(paths, d.Page)
		}
	}
	if err := b.out.Expect(paths); err != nil {
		return err
	}
	return b.each(ctx, "documents", len(all), func(i int) error {
		if b.recall(i) {
			return nil
		}
		parsed, found, err := b.parse(all[i])
		b.found[i] = found
		if parsed == nil || err != nil {
			return err
		}
		var words search.Record
		b.scans[i], b.begin[i] = parsed.Scan, parsed.Summary
		if all[i].Page == "" {
			return nil // belongs to nothing, so it has no place on the site
		}
		if b.Share.holds(searchPage) {
			words = b.search.AddDocument(b.searchDocument(all[i], parsed))
		}
		if err := b.writeDocument(pages, all[i], parsed); err != nil {
			return err
		}
		if _, refused := b.refused.Load(all[i].Name); !refused && len(found) == 0 {
			b.Documents.Keep(b.Tree, parsed, string(words))
		}
		return nil
	})
}

// recall uses what an earlier build has kept of a document. It reports false if that is
// nothing, or of no use.
func (b *builder) recall(i int) bool {
	d := b.Documents.Documents[i]
	parsed, words, ok := b.Documents.Recall(d)
	if !ok || d.Page == "" || !b.search.AddRecord(b.searchDocument(d, parsed), search.Record(words)) {
		return false
	}
	b.scans[i], b.begin[i], b.recalled[i] = parsed.Scan, parsed.Summary, parsed
	return true
}

func (b *builder) parse(d *docs.Document) (*docs.Parsed, []diag.Diagnostic, error) {
	data, err := docs.Read(b.Tree, d)
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", d.Name, err)
	}
	parsed, found := b.Documents.Parse(d, data)
	return parsed, found, nil
}

func (b *builder) writeDocument(pages *DocumentPages, d *docs.Document, parsed *docs.Parsed) error {
	if !b.Share.holds(d.Page) {
		return nil
	}
	body, err := parsed.Render(b.around())
	if err != nil {
		// What it would become is out of proportion: its page stays, without text.
		b.refused.Store(d.Name, diag.Diagnostic{
			Span: diag.Span{File: d.Name}, Severity: diag.Error, Code: "document-limit", Message: err.Error(),
		})
	}
	var headings []Heading
	for _, h := range parsed.Headings {
		if h.ID != "" && (h.Level == 2 || h.Level == 3) {
			headings = append(headings, Heading{Level: h.Level, Text: h.Text, ID: h.ID})
		}
	}
	return b.write(pages.Page(d, body, headings), b.documentKey(pages, d, parsed))
}

// documentKey is what decides whether the page of a document has changed.
func (b *builder) documentKey(pages *DocumentPages, d *docs.Document, parsed *docs.Parsed) pageKey {
	if b.reach == nil {
		return pageKey{}
	}
	return b.keyed(b.reach.page(d, parsed.Targets(b.around()), pages.neighbours[d], pages.FindingsIn(d.Name)))
}

// keyed joins what one page might depend on with what all depend on.
func (b *builder) keyed(on cache.Digest) pageKey {
	return pageKey{reach: cache.DigestOf(append([]byte(b.whole), on[:]...))}
}

// around is the site around the text of a document.
func (b *builder) around() docs.Site {
	return docs.Site{Asset: b.asset, Repository: b.repositoryURL}
}

// unchanged reports whether the folder holds a page that has this view already.
func (b *builder) unchanged(path string, k pageKey) bool {
	before, ok := b.memory.recall(path)
	return ok && before.pageKey.same(k) && b.out.Keep(path, before.file)
}

// write draws a page and writes it.
func (b *builder) write(p Page, k pageKey) error {
	html := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(html)
	html.Reset()
	if err := b.renderer.Render(html, p); err != nil {
		return err
	}
	if err := b.out.Put(p.Path, html.Bytes()); err != nil || b.memory.cache == nil {
		return err
	}
	b.remembered.Lock()
	b.waiting = append(b.waiting, page{p.Path, k})
	b.remembered.Unlock()
	return nil
}

// judge gets the findings, and writes the pages of documents that an earlier build has
// kept but are no longer right, and of documents with findings: they are few, and only
// now is it known what is wrong in them.
func (b *builder) judge(ctx context.Context) error {
	var scans []*docs.Scan
	var found []diag.Diagnostic
	for i, scan := range b.scans {
		found = append(found, b.found[i]...)
		if scan != nil {
			scans = append(scans, scan)
		}
	}
	b.refused.Range(func(_, d any) bool {
		found = append(found, d.(diag.Diagnostic))
		return true
	})
	b.Portal.Findings = b.Judge(scans, found)
	b.Portal.Summaries = map[*docs.Document]string{}
	for i, d := range b.Documents.Documents {
		b.Portal.Summaries[d] = b.begin[i]
	}
	b.portal = portal.New(b.Portal)
	if b.reach != nil {
		b.reach.judged(b.portal)
	}
	pages := NewDocumentPages(b.portal)
	var again []int
	for i, d := range b.Documents.Documents {
		if b.scans[i] != nil && d.Page != "" && (b.recalled[i] != nil || len(b.portal.FindingsIn(d.Name)) > 0) {
			again = append(again, i)
		}
	}
	recalled := b.recalled
	b.scans, b.found, b.recalled = nil, nil, nil
	return b.each(ctx, "documents with findings", len(again), func(i int) error {
		at := again[i]
		d := b.Documents.Documents[at]
		if parsed := recalled[at]; parsed != nil {
			if b.unchanged(d.Page, b.documentKey(pages, d, parsed)) {
				return nil
			}
		}
		parsed, _, err := b.parse(d)
		if parsed == nil || err != nil {
			return err
		}
		return b.writeDocument(pages, d, parsed)
	})
}

// writePages writes all pages that are not documents.
func (b *builder) writePages(ctx context.Context) error {
	pages := plan(b.portal, b.BaseURL, b.Facts, b.reach)
	paths := make([]string, len(pages))
	for i, p := range pages {
		paths[i] = p.Path
	}
	if err := b.out.Expect(paths); err != nil {
		return err
	}
	return b.each(ctx, "pages", len(pages), func(i int) error {
		if !b.Share.holds(pages[i].Path) {
			return nil
		}
		var k pageKey
		if planned := pages[i]; planned.reach != nil {
			if k = b.keyed(planned.reach()); b.unchanged(planned.Path, k) {
				return nil
			}
		}
		p := pages[i].View()
		if pages[i].reach == nil {
			if k.view = b.memory.keyOf(p); b.unchanged(p.Path, k) {
				return nil
			}
		}
		return b.write(p, k)
	})
}

// remember puts into the cache what this build has written. To save it is left to whoever
// has opened it.
func (b *builder) remember() {
	if b.memory.cache == nil {
		return
	}
	b.out.stamp()
	for _, p := range b.waiting {
		b.memory.keep(p.path, keptFile{p.pageKey, b.out.files[p.path]})
	}
	b.memory.keepDictionary(b.search.Dictionary())
	b.memory.keepTexts(b.search.Texts(), b.out.files)
}

// asset publishes an image of the tree under its content's hash.
func (b *builder) asset(file string) (sitePath string, ok bool) {
	if known, ok := b.images.Load(file); ok {
		return known.(string), known.(string) != ""
	}
	data, err := b.Tree.Read(file, source.SpecLimits.Bytes)
	if err != nil {
		return "", false // the link is shown; that it leads nowhere is a finding
	}
	ext, ok := docs.ImageType(data)
	if ok {
		sum := sha256.Sum256(data)
		sitePath = "assets/images/" + hex.EncodeToString(sum[:8]) + ext
		if b.out.put(sitePath, data) != nil { // whichever part shows it needs it
			return "", false
		}
	}
	b.images.Store(file, sitePath)
	return sitePath, ok
}

// repositoryURL returns where a file of the repository can be seen.
func (b *builder) repositoryURL(file string) string {
	return b.portal.ViewURL(diag.Span{File: file})
}
