package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/codeowners"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/githistory"
	"github.com/signpost-dev/signpost/pkg/site"
	"github.com/signpost-dev/signpost/pkg/source"
)

// keptBuild is the kind of the record of a whole build.
const keptBuild = "build"

// built is what a build came to.
type built struct {
	site.Stats
	entities int
	findings diag.Summary
	feeds    bool // there are feeds, or would be if it were known where the site stands
	files    map[string]site.File
}

// inputs is the digest of all that a build depends on, by the sizes and times of files.
// It reports false if one of them is so young that a change might not show in its time.
func (w *workspace) inputs(ctx context.Context, o buildOptions, files []source.File, found []diag.Diagnostic) (cache.Digest, bool) {
	sum := sha256.New()
	settled := w.cache.Began.Add(-2 * time.Second)
	for _, f := range files {
		if !f.Modified.Before(settled) {
			return cache.Digest{}, false
		}
		fmt.Fprintf(sum, "%q %d %d\n", f.Path, f.Size, f.Modified.UnixNano())
	}
	templates, err := templateLayers(o.templates)
	if err != nil {
		return cache.Digest{}, false
	}
	style, err := site.DigestOfFiles(templates)
	if err != nil {
		return cache.Digest{}, false
	}
	fmt.Fprintf(sum, "%q %q %q %v %q %v %s\n", w.prefix, o.baseURL, style, o.keepGoing, w.day, found, version())
	facts, err := site.DigestOfFiles(os.DirFS(w.storeOf(o.snapshots)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cache.Digest{}, false
	}
	fmt.Fprintf(sum, "%q\n", facts)
	if w.gitRoot == "" {
		return cache.Digest(sum.Sum(nil)[:16]), true
	}
	head, err := githistory.Head(ctx, w.gitRoot)
	shallow, wrong := githistory.Shallow(ctx, w.gitRoot)
	fmt.Fprintf(sum, "%v %v %v %v\n", head.Commit, err, shallow, wrong)
	if name, ok := codeowners.Locate(w.existsInRepository); ok {
		owners, err := w.readRepository(name)
		fmt.Fprintf(sum, "%q %q %v\n", name, owners, err)
	}
	return cache.Digest(sum.Sum(nil)[:16]), true
}

// identity tells the parts of one build from those of another, on whichever machines
// they are built: it is of what is built, from where in the history, when and by what.
func (w *workspace) identity(ctx context.Context, o buildOptions, files []source.File) string {
	sum := sha256.New()
	for _, f := range files {
		fmt.Fprintf(sum, "%q %d\n", f.Path, f.Size)
	}
	style := ""
	if templates, err := templateLayers(o.templates); err == nil {
		style, _ = site.DigestOfFiles(templates) // what is wrong with templates is said when they are used
	}
	facts, _ := site.DigestOfFiles(os.DirFS(w.storeOf(o.snapshots))) // so for the store
	commit := ""
	if head, err := githistory.Head(ctx, w.gitRoot); w.gitRoot != "" && err == nil {
		commit = head.Commit
	}
	fmt.Fprintf(sum, "%q %q %q %q %q %v %s %d %s\n", facts, w.prefix, o.baseURL, style, commit, w.day, version(), o.share.Of, o.leftOut())
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// unchanged returns what the last build came to, if it was of the same and its files are
// still there, so that there is nothing to do; nil if there is.
func (w *workspace) unchanged(out string, inputs cache.Digest) *built {
	value, ok := w.cache.Get(keptBuild)
	if !ok {
		return nil
	}
	d := cache.Decoder{Data: value}
	if d.String() != string(inputs[:]) {
		return nil
	}
	for range d.Len() {
		if path, was := d.String(), d.Bool(); w.existsInRepository(path) != was {
			return nil
		}
	}
	b := &built{entities: d.Uint(), findings: diag.Summary{Errors: d.Uint(), Warnings: d.Uint()}}
	b.Files, b.Pages, b.Bytes = d.Uint(), d.Uint(), int64(d.Uint())
	b.feeds = d.Bool()
	names := d.Strings()
	there := site.Untouched(out, names, func(int) site.File { return site.RecallFile(&d) })
	if !there || d.Err != nil {
		return nil
	}
	return b
}

// rememberBuild keeps what a build came to for unchanged.
func (w *workspace) rememberBuild(inputs cache.Digest, b built) {
	var e cache.Encoder
	e.String(string(inputs[:]))
	var asked []string
	w.asked.Range(func(path, _ any) bool {
		asked = append(asked, path.(string))
		return true
	})
	slices.Sort(asked)
	e.Uint(len(asked))
	for _, path := range asked {
		e.String(path)
		e.Bool(w.existsInRepository(path))
	}
	e.Uint(b.entities)
	e.Uint(b.findings.Errors)
	e.Uint(b.findings.Warnings)
	e.Uint(b.Files)
	e.Uint(b.Pages)
	e.Uint(int(b.Bytes))
	e.Bool(b.feeds)
	names := make([]string, 0, len(b.files))
	for name := range b.files {
		names = append(names, name)
	}
	slices.Sort(names)
	e.Strings(names)
	for _, name := range names {
		b.files[name].Keep(&e)
	}
	w.cache.Put(keptBuild, e.Data)
}

// existsInRepository reports whether a path from the Git root exists. It is asked
// only of paths above the catalog root, and what it was asked for is remembered.
func (w *workspace) existsInRepository(path string) bool {
	if w.gitRoot == "" {
		return false
	}
	w.asked.Store(path, nil)
	root, err := os.OpenRoot(w.gitRoot)
	if err != nil {
		return false
	}
	defer root.Close()
	_, err = root.Stat(filepath.FromSlash(path))
	return err == nil
}
