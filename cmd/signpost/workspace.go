package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/signpost-dev/signpost/pkg/apispec"
	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/check"
	"github.com/signpost-dev/signpost/pkg/codeowners"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/githistory"
	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/site"
	"github.com/signpost-dev/signpost/pkg/source"
)

// workspace is a catalog repository, read: what check, build, serve and get have
// in common.
type workspace struct {
	dir     string // catalog root
	gitRoot string // top of the Git repository; empty outside Git
	prefix  string // of the catalog root in the repository: "" or "catalog/"
	day     time.Time
	tree    *source.Tree
	config  *catalog.Config
	catalog *catalog.Catalog // nil if signpost.yaml cannot be used
	docs    *docs.Set
	specs   *apispec.Set
	owners  *codeowners.Rules
	found   []diag.Diagnostic // on the way here
	unread  bool              // a file could not be read, or broke a limit
	files   int

	plainCode  bool   // code gets no colours
	store      string // folder of snapshots, if one is named
	judgesOnly bool   // nothing is built: documents are read to be judged
	staysOpen  bool   // it is read again and again: see again
	stages     stages
	cache      *cache.Cache
	timings    *timings                                                  // nil: nobody asked
	openCache  func(catalog string, config []byte) (*cache.Cache, error) // nil: nothing is remembered
	asked      sync.Map                                                  // paths outside of the catalog root
	// listed is told of the files of the catalog before any is read, and may say that
	// there is nothing to read them for; it may be nil.
	listed   func(w *workspace, files []source.File, found []diag.Diagnostic) bool
	closeAll []func() error
}

// openWorkspace reads the catalog at a path, or in the folder catalog below it.
func openWorkspace(ctx context.Context, path string, now time.Time) (*workspace, error) {
	return open(ctx, path, &workspace{day: site.DayOf(now)})
}

// openToBuild is openWorkspace for a build into a folder, which remembers the last one.
// It ends when the files are listed if listed says so.
func openToBuild(ctx context.Context, o buildOptions, listed func(*workspace, []source.File, []diag.Diagnostic) bool) (*workspace, error) {
	return open(ctx, o.path, &workspace{
		day: site.DayOf(o.now.instant()), listed: listed, timings: o.timings,
		plainCode: o.plainCode, store: o.snapshots,
		openCache: func(catalog string, config []byte) (*cache.Cache, error) {
			if o.share.Of > 1 {
				return nil, nil // the machines of a matrix share no cache
			}
			return o.cache.open(catalog, o.out, append(config, o.leftOut()...))
		},
	})
}

// openToJudge is openWorkspace for a command that builds nothing.
func openToJudge(ctx context.Context, path string, now time.Time, t *timings) (*workspace, error) {
	return open(ctx, path, &workspace{day: site.DayOf(now), judgesOnly: true, timings: t})
}

func open(ctx context.Context, path string, w *workspace) (*workspace, error) {
	dir, err := findRoot(path)
	if err != nil {
		return nil, err
	}
	w.dir = dir
	if err := w.locate(ctx, path); err != nil {
		return nil, err
	}
	if w.tree, err = source.Open(dir); err != nil {
		return nil, err
	}
	w.closeAll = append(w.closeAll, w.tree.Close)
	w.tree.Prefix(w.prefix)
	if err := w.read(ctx); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

func (w *workspace) Close() {
	for _, f := range w.closeAll {
		_ = f() // read only
	}
}

// findRoot returns the folder that holds signpost.yaml: the path or its catalog folder.
func findRoot(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return "", fmt.Errorf("%s is a file; name the folder of a catalog", path)
	}
	for _, dir := range []string{path, filepath.Join(path, "catalog")} {
		if _, err := os.Stat(filepath.Join(dir, catalog.ConfigFile)); err == nil {
			return filepath.Abs(dir)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	if near := nearConfig(path); near != "" {
		return "", fmt.Errorf("there is no %s in %s, but there is %s: rename it", catalog.ConfigFile, path, near)
	}
	return "", fmt.Errorf("there is no %s in %s, nor in its folder catalog; make a catalog with `signpost init DIR`", catalog.ConfigFile, path)
}

// nearConfig returns a file, by its path below a folder, that was probably meant to
// be signpost.yaml, or "".
func nearConfig(path string) string {
	for _, dir := range []string{".", "catalog"} {
		entries, _ := os.ReadDir(filepath.Join(path, dir)) // what cannot be read holds nothing to suggest
		for _, entry := range entries {
			name := strings.TrimPrefix(strings.ToLower(entry.Name()), ".")
			stem := strings.TrimSuffix(name, filepath.Ext(name))
			ext := filepath.Ext(name)
			if !entry.IsDir() && (ext == ".yml" || ext == ".yaml") && (stem == "signpost" || diag.IsSlip(stem, "signpost")) {
				return filepath.ToSlash(filepath.Join(dir, entry.Name()))
			}
		}
	}
	return ""
}

// locate finds what places in reports are relative to: the Git repository, or
// outside one the path that was given.
func (w *workspace) locate(ctx context.Context, path string) error {
	root, err := githistory.Root(ctx, w.dir)
	if errors.Is(err, githistory.ErrNotRepository) {
		top, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		return w.relativeTo(top, w.dir)
	}
	if err != nil {
		return err
	}
	real, err := filepath.EvalSymlinks(w.dir)
	if err != nil {
		return err
	}
	w.gitRoot = root
	return w.relativeTo(root, real)
}

func (w *workspace) relativeTo(top, dir string) error {
	rel, err := filepath.Rel(top, dir)
	if err == nil && rel != "." {
		w.prefix = filepath.ToSlash(rel) + "/"
	}
	return err
}

func (w *workspace) read(ctx context.Context) error {
	config, found, err := catalog.ReadConfig(w.tree)
	if err != nil {
		return err
	}
	w.config = config
	w.note(&w.stages.config, found)
	if !config.Usable() {
		return nil
	}
	if err := w.remember(); err != nil {
		return err
	}
	began := time.Now()
	files, found, err := w.tree.Files(ctx, config.Skip)
	if err != nil {
		return err
	}
	w.timings.since("list files", began)
	w.files = len(files)
	if !w.staysOpen {
		tuneMemory(files, sizeOf(w.storeOf(w.store)))
	}
	w.note(&w.stages.listing, found)
	if w.listed != nil && w.listed(w, files, found) {
		return nil
	}
	began = time.Now()
	if w.catalog, found, err = catalog.Load(ctx, w.tree, config, files); err != nil {
		return err
	}
	w.timings.since("descriptors", began)
	w.note(&w.stages.catalog, found)
	began = time.Now()
	if w.docs, found, err = docs.Load(ctx, w.tree, files, w.aboutDocuments()); err != nil {
		return err
	}
	w.timings.since("heads of documents", began)
	w.note(&w.stages.documents, found)
	began = time.Now()
	if w.specs, err = apispec.Load(ctx, w.tree, files, w.definitions()); err != nil {
		return err
	}
	w.timings.since("API descriptions", began)
	w.noteSpecs()
	if w.staysOpen {
		w.stages.files = files
	}
	return w.readCodeowners()
}

// stages are what the steps of reading came to, for again.
type stages struct {
	files                                      []source.File
	config, listing, catalog, documents, specs []diag.Diagnostic
}

// noteSpecs notes what is wrong in descriptions of APIs. The files that they are spread over
// are no descriptors, and need not be.
func (w *workspace) noteSpecs() {
	w.found = slices.DeleteFunc(w.found, func(d diag.Diagnostic) bool {
		return d.Code == catalog.CodeNotADescriptor && w.specs.IsPart(d.Span.File)
	})
	w.note(&w.stages.specs, w.specs.Findings())
}

// definitions are the files that describe the catalog's APIs.
func (w *workspace) definitions() []string {
	var files []string
	for e := range w.catalog.Described() {
		if file := e.DefinitionFile(); file != "" {
			files = append(files, file)
		}
	}
	return files
}

// aboutDocuments is what reading documents has to know of the world around.
func (w *workspace) aboutDocuments() docs.Options {
	return docs.Options{Homes: portal.Homes{Catalog: w.catalog}, Exists: w.existsInRepository, Keep: w.judgesOnly, PlainCode: w.plainCode}
}

// remember opens what an earlier build has left, for all that reads the tree.
func (w *workspace) remember() error {
	if w.openCache == nil {
		return nil
	}
	config, err := w.tree.Read(catalog.ConfigFile, source.DescriptorLimits.Bytes)
	if err != nil {
		return err
	}
	began := time.Now()
	if w.cache, err = w.openCache(w.dir, config); err != nil {
		return err
	}
	w.timings.since("open cache", began)
	w.tree.Remember(w.cache)
	w.closeAll = append(w.closeAll, func() error {
		w.cache.Close()
		return nil
	})
	return nil
}

// unreadable are findings about what was not read at all.
var unreadable = map[string]bool{
	"source-limit": true, "source-unreadable": true, "source-symlink": true, "source-submodule": true, "source-file-name": true,
	"document-limit": true,
}

// stopsBuild reports whether a finding stops a build: something is missing from it.
func stopsBuild(d diag.Diagnostic) bool { return d.Unread || unreadable[d.Code] }

// note notes what was found at a step.
func (w *workspace) note(at *[]diag.Diagnostic, found []diag.Diagnostic) {
	*at = found
	w.unread = w.unread || slices.ContainsFunc(found, stopsBuild)
	w.found = append(w.found, found...)
}

// readCodeowners reads the CODEOWNERS of the repository, which lies above the catalog.
func (w *workspace) readCodeowners() error {
	if w.gitRoot == "" {
		return nil
	}
	name, ok := codeowners.Locate(w.existsInRepository)
	if !ok {
		return nil
	}
	data, err := w.readRepository(name)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	rules, found := codeowners.Parse(name, data)
	w.owners = rules
	w.note(new([]diag.Diagnostic), found)
	return nil
}

func (w *workspace) readRepository(name string) ([]byte, error) {
	root, err := os.OpenRoot(w.gitRoot)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.ReadFile(name)
}

// text returns a file as reports name it, for their excerpts; nil if it cannot be
// had.
func (w *workspace) text(name string) []byte {
	if inTree, ok := strings.CutPrefix(name, w.prefix); ok {
		if data, err := w.tree.Read(inTree, source.DescriptorLimits.Bytes); err == nil {
			return data
		}
	}
	if w.gitRoot == "" {
		return nil
	}
	data, err := w.readRepository(name)
	if err != nil {
		return nil
	}
	return data
}

// scan parses every document for its links. Building does so too, but keeps the
// text for pages.
func (w *workspace) scan(ctx context.Context) ([]*docs.Scan, []diag.Diagnostic, error) {
	all := w.docs.Documents
	scans := make([]*docs.Scan, len(all))
	found := make([][]diag.Diagnostic, len(all))
	err := parallel.Each(ctx, len(all), func(i int) error {
		data, err := docs.Read(w.tree, all[i])
		if err != nil {
			return fmt.Errorf("reading %s: %w", all[i].Name, err)
		}
		parsed, ds := w.docs.Parse(all[i], data)
		found[i] = ds
		if parsed != nil {
			scans[i] = parsed.Scan
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	var kept []*docs.Scan
	var flat []diag.Diagnostic
	for i := range all {
		flat = append(flat, found[i]...)
		if scans[i] != nil {
			kept = append(kept, scans[i])
		}
	}
	return kept, flat, nil
}

// judge applies the rules. found is what was found in documents while they were parsed.
func (w *workspace) judge(scans []*docs.Scan, found []diag.Diagnostic) check.Result {
	all := append(w.found[:len(w.found):len(w.found)], found...)
	all = append(all, w.docs.CheckLinks(scans)...)
	return check.Run(check.Input{
		Catalog: w.catalog, Documents: w.docs.Documents, Found: all,
		Silences: w.specs.Silences(), Codeowners: w.owners, Prefix: w.prefix, Exists: w.exists, Day: w.day,
	})
}

// exists reports whether a path of the catalog root is there.
func (w *workspace) exists(path string) bool {
	root, err := os.OpenRoot(w.dir)
	if err != nil {
		return false
	}
	defer root.Close()
	_, err = root.Stat(filepath.FromSlash(path))
	return err == nil
}

// portalInput is what pages and answers are made of, documents and findings aside.
func (w *workspace) portalInput(changes map[string]githistory.Change) portal.Input {
	return portal.Input{Catalog: w.catalog, Changes: changes, Prefix: w.prefix, Day: w.day, Specs: w.specs, Texts: w.docs, Exists: w.exists}
}

// summary counts for the last line.
func (w *workspace) summary(found []diag.Diagnostic, silenced int) diag.Summary {
	n := portal.Severities(found)
	s := diag.Summary{
		Files: w.files, Errors: n[diag.Error], Warnings: n[diag.Warning], Infos: n[diag.Info], Silenced: silenced,
	}
	if w.catalog != nil {
		s.Entities, s.Documents = len(w.catalog.Entities), len(w.docs.Documents)
	}
	return s
}
