package docs

import (
	"context"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// Again is Load after some files have been saved: only those are read. What the heads of
// the others say is taken from the present set, which stays as it is, since somebody may
// still be reading it.
func (s *Set) Again(ctx context.Context, tree *source.Tree, files []source.File, saved map[string]bool, o Options) (*Set, []diag.Diagnostic, error) {
	l := s.listing
	if !l.is(files) {
		l = newListing(files)
	}
	return loadSet(ctx, tree, l, o, func(path string) *Document {
		before := s.at(path)
		if before == nil || saved[path] || before.book != nil || len(s.books) > 0 && s.bookOf(path) != nil {
			return nil
		}
		fresh := *before
		fresh.About, fresh.Page = nil, ""
		return &fresh
	})
}

// Of returns the same scan of a document that has been loaded again, unchanged.
func (s *Scan) Of(doc *Document) *Scan {
	return &Scan{Document: doc, Links: s.Links, mentions: s.mentions, foreign: s.foreign, anchors: s.anchors}
}
