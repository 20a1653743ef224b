package catalog

import (
	"strings"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/source"
)

// keptDescriptors is the kind of records of descriptor files. Only files without a
// finding and without a silence are kept: they are almost all, and the others are read
// again. A record holds for one signpost.yaml, since that decides what is a finding:
// whoever opens the cache makes it part of its identity.
const keptDescriptors = "descriptors:"

// keep writes the documents of a file that has no finding.
func keep(docs []*source.Document) []byte {
	var e cache.Encoder
	e.Uint(len(docs))
	for _, doc := range docs {
		doc.Root.Keep(&e)
	}
	return e.Data
}

// recall makes the entities of a file that has not changed. It reports false if the
// record is not what it should be.
func (c *Catalog) recall(r *readFile, kept *source.Kept, name string) bool {
	entities := make([]*Entity, kept.Len())
	for i := range entities {
		root := source.Recall(&kept.Decoder, name)
		kind := c.Kind(strings.ToLower(root.Field("kind").Text()))
		if kind == nil || kept.Err != nil {
			return false
		}
		entities[i] = decodeEntity(root, kind, r.path, c.Config)
		entities[i].Digest = kept.Digest
	}
	r.entities, r.discovered = entities, len(entities)
	return true
}
