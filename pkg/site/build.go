package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"runtime"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
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
	// Progress is told how far the build has come; it may be nil and is called
	// from several goroutines.
	Progress func(stage string, done, total int)
}

// Result is what a build has come to.
type Result struct {
	Stats
	Portal *portal.Portal // with the findings
}

// Build writes a site into a folder. Documents are parsed and rendered once, one
// after the other on every core, so that a catalog of any size needs little
// memory; then the findings are known, and with them all other pages are written.
func Build(ctx context.Context, in Input, out *Output) (Result, error) {
	if in.Progress == nil {
		in.Progress = func(string, int, int) {}
	}
	b := &builder{Input: in, out: out}
	if err := b.prepare(); err != nil {
		return Result{}, err
	}
	if err := b.writeDocuments(ctx); err != nil {
		return Result{}, err
	}
	if err := b.judge(ctx); err != nil {
		return Result{}, err
	}
	// The search index is one long piece of work, so it has a core to itself.
	group, ctx := errgroup.WithContext(ctx)
	group.Go(b.writeData)
	group.Go(func() error { return b.writePages(ctx) })
	if err := group.Wait(); err != nil {
		return Result{}, err
	}
	stats, err := out.Finish()
	return Result{Stats: stats, Portal: b.portal}, err
}

type builder struct {
	Input
	out      *Output
	portal   *portal.Portal
	renderer *Renderer
	search   search.Builder
	refused  sync.Map // document's name → finding, where rendering it broke a limit
	images   sync.Map // path in the tree → site path, "" for what is not published
	scans    []*docs.Scan
	found    [][]diag.Diagnostic // by document
	begin    []string            // how each document begins
}

func (b *builder) prepare() error {
	assets, err := BuildAssets(b.Templates)
	if err != nil {
		return err
	}
	b.Portal.Documents = b.Documents.Documents
	b.portal = portal.New(b.Portal)
	if b.renderer, err = NewRenderer(b.Templates, assets, SiteOf(b.portal, b.BaseURL)); err != nil {
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
	group, ctx := errgroup.WithContext(ctx)
	var next, done atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := work(i); err != nil {
					return err
				}
				b.Progress(stage, int(done.Add(1)), n)
			}
		})
	}
	return group.Wait()
}

// writeDocuments writes the page of every document and keeps what the rest of the
// build needs of it: its links, and its words for search.
func (b *builder) writeDocuments(ctx context.Context) error {
	all := b.Documents.Documents
	b.scans = make([]*docs.Scan, len(all))
	b.found = make([][]diag.Diagnostic, len(all))
	b.begin = make([]string, len(all))
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
		parsed, found, err := b.parse(all[i])
		b.found[i] = found
		if parsed == nil || err != nil {
			return err
		}
		b.scans[i], b.begin[i] = parsed.Scan, parsed.Summary
		if all[i].Page == "" {
			return nil // belongs to nothing, so it has no place on the site
		}
		b.search.AddDocument(b.searchDocument(all[i], parsed))
		return b.writeDocument(pages, all[i], parsed)
	})
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
	body, err := parsed.Render(docs.Site{Asset: b.asset, Repository: b.repositoryURL})
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
	return b.write(pages.Page(d, body, headings, parsed.Summary))
}

func (b *builder) write(p Page) error {
	html := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(html)
	html.Reset()
	if err := b.renderer.Render(html, p); err != nil {
		return err
	}
	return b.out.Put(p.Path, html.Bytes())
}

// judge gets the findings, and writes the pages of documents with findings a
// second time: they are few, and only now is it known what is wrong in them.
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
	pages := NewDocumentPages(b.portal)
	var again []*docs.Document
	for i, d := range b.Documents.Documents {
		if b.scans[i] != nil && d.Page != "" && len(b.portal.FindingsIn(d.Name)) > 0 {
			again = append(again, d)
		}
	}
	b.scans, b.found = nil, nil
	return b.each(ctx, "documents with findings", len(again), func(i int) error {
		parsed, _, err := b.parse(again[i])
		if parsed == nil || err != nil {
			return err
		}
		return b.writeDocument(pages, again[i], parsed)
	})
}

// writePages writes all pages that are not documents.
func (b *builder) writePages(ctx context.Context) error {
	pages := Plan(b.portal, b.BaseURL, b.Facts)
	paths := make([]string, len(pages))
	for i, p := range pages {
		paths[i] = p.Path
	}
	if err := b.out.Expect(paths); err != nil {
		return err
	}
	return b.each(ctx, "pages", len(pages), func(i int) error { return b.write(pages[i].View()) })
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
		if b.out.Put(sitePath, data) != nil {
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
