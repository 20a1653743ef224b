package site

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/githistory"
	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/search"
)

// OnDemand is a site that is drawn as it is asked for, file by file, for a preview. To the
// byte, the files are those that Build writes. It is read-only, so that pages of one may be
// drawn while the next is made; what did not change in between is taken over.
//
// It is made in two steps, so that a reader sees what they have saved at once: NewOnDemand
// has the findings and the search index of the one before it, Judged has its own.
type OnDemand struct {
	drawer
	in       Input
	digest   string // of the templates
	assets   Assets
	site     Site
	planner  *planner
	readings []atomic.Pointer[reading] // by document; nil: not read yet
	shared   *sharedOnDemand

	files  map[string][]byte // of the assets
	others func() (map[string][]byte, error)
	texts  func() map[string]*docs.Document // documents by page
	own    func() map[string]*portal.Entity // entities by page
	plan   func() map[string]Planned
	pages  func() *DocumentPages
	index  func() (*searchFiles, error)
}

// searchFiles is the files of a search index.
type searchFiles struct{ files map[string][]byte }

// reading is what stays of a document that was read: all that does not depend on others.
type reading struct {
	scan    *docs.Scan // nil if the document could not be parsed
	summary string
	found   []diag.Diagnostic
	words   search.Record
}

// sharedOnDemand is what all the sites of a preview have in common.
type sharedOnDemand struct {
	images     sync.Map   // site path → data, of the images that pages show
	reading    sync.Mutex // held while documents are read, which one of them does at a time
	dictionary []string   // of the words of the readings

	asked      sync.Mutex
	last       *searchFiles // of which a file was asked for
	lastButOne *searchFiles
}

// NewOnDemand makes a site of what is in; Cache and Share are of no use to it. before may be
// nil; saved are the files of the tree that may have changed since.
func NewOnDemand(in Input, before *OnDemand, saved map[string]bool) (*OnDemand, error) {
	l := &OnDemand{in: in, shared: &sharedOnDemand{}}
	if before != nil {
		l.shared = before.shared
	}
	all := in.Documents.Documents
	l.readings = make([]atomic.Pointer[reading], len(all))
	if before != nil {
		l.takeOver(before, saved)
	}
	l.in.Portal.Documents = all
	l.in.Portal.Summaries = l.summaries()
	if err := l.style(before); err != nil {
		return nil, err
	}
	l.prepare()
	if l.index = sync.OnceValues(func() (*searchFiles, error) { return l.indexOf(&search.Builder{}) }); before != nil {
		l.index = before.index
	}
	return l, nil
}

// Findings are those that the site shows.
func (l *OnDemand) Findings() []diag.Diagnostic { return l.portal.Findings }

// takeOver takes the readings of documents that have not changed. Both lists are sorted.
func (l *OnDemand) takeOver(before *OnDemand, saved map[string]bool) {
	old, at := before.in.Documents.Documents, 0
	for i, d := range l.in.Documents.Documents {
		for at < len(old) && old[at].File < d.File {
			at++
		}
		if at < len(old) && old[at].File == d.File && !saved[d.File] && (old[at].Book() == "") == (d.Book() == "") {
			l.readings[i].Store(before.readings[at].Load())
		}
	}
}

func (l *OnDemand) summaries() map[*docs.Document]string {
	all := make(map[*docs.Document]string, len(l.readings))
	for i, d := range l.in.Documents.Documents {
		if r := l.readings[i].Load(); r != nil {
			all[d] = r.summary
		}
	}
	return all
}

// style bundles the assets and reads the templates, or takes over what came of them.
func (l *OnDemand) style(before *OnDemand) (err error) {
	if l.digest, err = DigestOfFiles(l.in.Templates); err != nil {
		return fmt.Errorf("reading templates: %w", err)
	}
	l.portal = portal.New(l.in.Portal)
	l.site = SiteOf(l.portal, l.in.BaseURL)
	same := before != nil && before.digest == l.digest
	if same {
		l.assets = before.assets
	} else if l.assets, err = BuildAssets(l.in.Templates); err != nil {
		return err
	}
	if same && reflect.DeepEqual(before.site, l.site) {
		l.renderer = before.renderer
		l.renderer.drawn.forget() // its keys are parts of the catalog before
		return nil
	}
	l.renderer, err = NewRenderer(l.in.Templates, l.assets, l.site)
	return err
}

// prepare says how each kind of file is to be had once it is asked for.
func (l *OnDemand) prepare() {
	l.tree, l.documents = l.in.Tree, l.in.Documents
	l.publish = func(path string, data []byte) error {
		l.shared.images.Store(path, data)
		return nil
	}
	l.planner = newPlanner(l.portal, l.in.BaseURL, l.in.Facts)
	l.files = map[string][]byte{}
	for _, f := range l.assets.Files {
		l.files[f.Path] = f.Data
	}
	l.others = sync.OnceValues(func() (map[string][]byte, error) {
		files := map[string][]byte{}
		err := dataFiles(l.portal, l.site, l.in.Facts, l.in.BaseURL, func(path string, data []byte) error {
			files[path] = data
			return nil
		})
		return files, err
	})
	l.own = sync.OnceValue(func() map[string]*portal.Entity {
		pages := make(map[string]*portal.Entity, len(l.portal.Entities))
		for _, e := range l.portal.Entities {
			pages[e.Page()] = e
		}
		return pages
	})
	l.texts = sync.OnceValue(func() map[string]*docs.Document {
		pages := make(map[string]*docs.Document, len(l.portal.Documents))
		for _, d := range l.portal.Documents {
			pages[d.Page] = d
		}
		return pages
	})
	l.pages = sync.OnceValue(func() *DocumentPages { return NewDocumentPages(l.portal) })
	l.plan = sync.OnceValue(func() map[string]Planned {
		pages := map[string]Planned{}
		for _, p := range Plan(l.portal, l.in.BaseURL, l.in.Facts) {
			pages[p.Path] = p
		}
		return pages
	})
}

// File returns a file of the site by its path. The error is fs.ErrNotExist for one that
// Build would not write.
func (l *OnDemand) File(name string) ([]byte, error) {
	if name == "" {
		return nil, fs.ErrNotExist
	}
	if data, ok := l.files[name]; ok {
		return data, nil
	}
	if data, ok := l.shared.images.Load(name); ok {
		return data.([]byte), nil
	}
	if e := l.own()[name]; e != nil {
		return l.draw(l.planner.entity(e))
	}
	if d := l.texts()[name]; d != nil {
		return l.drawDocument(d)
	}
	if others, err := l.others(); err != nil || others[name] != nil {
		return others[name], err
	}
	if strings.HasPrefix(name, searchFolder) && name != searchPage {
		return l.indexFile(name)
	}
	if p, ok := l.plan()[name]; ok {
		return l.draw(p.View())
	}
	return nil, fs.ErrNotExist
}

func (l *OnDemand) draw(p Page) ([]byte, error) {
	var html bytes.Buffer
	err := l.renderer.Render(&html, p)
	return html.Bytes(), err
}

func (l *OnDemand) drawDocument(d *docs.Document) ([]byte, error) {
	parsed, _, err := l.parse(d)
	if err != nil {
		return nil, err
	}
	if parsed == nil {
		return nil, fs.ErrNotExist // a finding says why
	}
	page, _ := l.document(l.pages(), d, parsed) // without text if that is too large
	return l.draw(page)
}

// indexFile returns a file of the search index. A page that was loaded before the last
// save may still ask for one of the index before.
func (l *OnDemand) indexFile(name string) ([]byte, error) {
	index, err := l.index()
	if err != nil {
		return nil, err
	}
	for _, known := range l.shared.indexes(index) {
		if known != nil && known.files[name] != nil {
			return known.files[name], nil
		}
	}
	return nil, fs.ErrNotExist
}

// indexes returns the present index and the one before it of which a file was asked for.
func (s *sharedOnDemand) indexes(present *searchFiles) [2]*searchFiles {
	s.asked.Lock()
	defer s.asked.Unlock()
	if present != s.last {
		s.last, s.lastButOne = present, s.last
	}
	return [2]*searchFiles{s.last, s.lastButOne}
}

func (l *OnDemand) indexOf(words *search.Builder) (*searchFiles, error) {
	for _, e := range l.portal.Entities {
		words.AddEntity(searchEntity(l.portal, e))
	}
	for _, d := range slices.Concat(searchOperations(l.portal, l.in.TitlesOnly), searchElsewhere(l.portal)) {
		words.AddDocument(d)
	}
	files, err := words.Files()
	if err != nil {
		return nil, err
	}
	return &searchFiles{maps.Collect(files)}, nil
}

// Judged reads the documents that were not read yet, and returns the site with all
// findings. changes and facts are those of Input, which may be newer by now.
func (l *OnDemand) Judged(ctx context.Context, changes map[string]githistory.Change, facts BuildFacts) (*OnDemand, error) {
	words, err := l.read(ctx)
	if err != nil {
		return nil, err
	}
	var scans []*docs.Scan
	found := []diag.Diagnostic{}
	for i, d := range l.in.Documents.Documents {
		r := l.readings[i].Load()
		found = append(found, r.found...)
		if r.scan != nil {
			scans = append(scans, r.scan.Of(d))
		}
	}
	in := l.in
	in.Portal.Changes, in.Facts = changes, facts
	in.Portal.Findings = in.Judge(scans, found)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	next, err := NewOnDemand(in, l, nil)
	if err != nil {
		return nil, err
	}
	next.index = sync.OnceValues(func() (*searchFiles, error) { return next.indexOf(words) })
	return next, nil
}

// read reads the documents that were not read yet, and returns the words of all.
func (l *OnDemand) read(ctx context.Context) (*search.Builder, error) {
	l.shared.reading.Lock()
	defer l.shared.reading.Unlock()
	words := &search.Builder{}
	words.Learn(l.shared.dictionary)
	defer func() { l.shared.dictionary = words.Dictionary() }() // of the readings of a run that was ended, too
	all := l.in.Documents.Documents
	err := parallel.Each(ctx, len(all), func(i int) error {
		d, r := all[i], l.readings[i].Load()
		if r == nil || r.scan != nil && d.Page != "" && !words.AddRecord(searchDocument(l.portal, d, &docs.Parsed{}), r.words) {
			return l.readOne(i, words) // it was not read, or had no page then and so no words
		}
		return nil
	})
	return words, err
}

func (l *OnDemand) readOne(i int, words *search.Builder) error {
	d := l.in.Documents.Documents[i]
	parsed, found, err := l.parse(d)
	if err != nil {
		return err
	}
	r := &reading{found: found}
	if parsed != nil {
		r.scan, r.summary = parsed.Scan, parsed.Summary
		if d.Page != "" {
			r.words = words.AddDocument(searchDocument(l.portal, d, parsed))
		}
	}
	l.readings[i].Store(r)
	return nil
}
