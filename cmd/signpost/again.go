package main

import (
	"context"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/site"
	"github.com/signpost-dev/signpost/pkg/source"
)

// openToServe is openWorkspace for a catalog that is read again and again.
func openToServe(ctx context.Context, o serveOptions) (*workspace, error) {
	return open(ctx, o.path, &workspace{day: site.DayOf(o.now.instant()), staysOpen: true})
}

// again reads the catalog after files of it, by their paths in the tree, have been saved.
// Only those are read. What they mean to others is worked out for the whole catalog, which
// is quick, so that nothing depends on the order of edits. The present workspace stays as
// it is, since pages are still drawn from it; both share the tree, which is for the first
// to close.
func (w *workspace) again(ctx context.Context, saved map[string]bool) (*workspace, error) {
	n := &workspace{dir: w.dir, gitRoot: w.gitRoot, prefix: w.prefix, day: w.day, tree: w.tree, staysOpen: true}
	if w.docs == nil || saved[catalog.ConfigFile] {
		return n, n.read(ctx)
	}
	n.config = w.config
	n.note(&n.stages.config, w.stages.config)
	same, err := n.listAgain(ctx, w, saved)
	if err != nil {
		return nil, err
	}
	if err := n.loadAgain(ctx, w, saved, same); err != nil {
		return nil, err
	}
	return n, n.readCodeowners()
}

// listAgain finds the files. It reports true if they are the same as before.
func (n *workspace) listAgain(ctx context.Context, w *workspace, saved map[string]bool) (same bool, err error) {
	found := w.stages.listing
	if n.stages.files, same = w.tree.Again(w.stages.files, saved, n.config.Skip); !same {
		if n.stages.files, found, err = n.tree.Files(ctx, n.config.Skip); err != nil {
			return false, err
		}
	}
	n.files = len(n.stages.files)
	n.note(&n.stages.listing, found)
	return same, nil
}

// loadAgain reads descriptors and documents. The catalog is what it was if only documents
// were saved.
func (n *workspace) loadAgain(ctx context.Context, w *workspace, saved map[string]bool, same bool) (err error) {
	found := w.stages.catalog
	n.catalog = w.catalog
	if !same || savesDescriptor(saved) {
		if n.catalog, found, err = w.catalog.Again(ctx, n.tree, n.stages.files, saved); err != nil {
			return err
		}
	}
	n.note(&n.stages.catalog, found)
	n.docs, found, err = w.docs.Again(ctx, n.tree, n.stages.files, saved, n.aboutDocuments())
	n.note(&n.stages.documents, found)
	if err != nil {
		return err
	}
	n.specs, err = w.specs.Again(ctx, n.stages.files, n.definitions(), saved)
	if err == nil {
		n.noteSpecs()
	}
	return err
}

func savesDescriptor(saved map[string]bool) bool {
	for p := range saved {
		if source.TypeOf(p) == source.YAML {
			return true
		}
	}
	return false
}
