package schema

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

// usedBy names, in the schema of front matter, the kinds of documents that have a use for
// a field. All have for a field without it.
const usedBy = "x-signpost-documents"

// DocumentFields returns the names of the fields of front matter, sorted.
func DocumentFields() []string {
	return slices.Sorted(maps.Keys(childMap(load(documentKind), "properties")))
}

// documentKinds returns the kinds of documents.
func documentKinds() []string {
	kind := childMap(childMap(load(documentKind), "properties"), "kind")
	return stringsOf(kind["enum"])
}

// UsedBy returns the kinds of documents that have a use for a field of front matter, or nil
// if that is all of them.
func UsedBy(field string) []string { return documentUses()[field] }

// documentUses is what the schema of front matter says with usedBy, read once: rules ask for
// every document.
var documentUses = sync.OnceValue(func() map[string][]string {
	fields := childMap(load(documentKind), "properties")
	uses := map[string][]string{}
	for name := range fields {
		if kinds := stringsOf(childMap(fields, name)[usedBy]); kinds != nil {
			uses[name] = kinds
		}
	}
	return uses
})

// documentSchema is the name of the schema of the front matter of one kind of document.
func documentSchema(kind string) string { return documentKind + "-" + kind }

func documentSchemas() []string {
	names := documentKinds()
	for i, kind := range names {
		names[i] = documentSchema(kind)
	}
	return names
}

// frontMatter returns the schema of the front matter of one kind of document: the fields
// that this kind has no use for are wrong there.
func frontMatter(published object, kind string) object {
	doc := clone(published).(object)
	doc["$id"] = base + documentSchema(kind) + ".schema.json"
	doc["description"] = fmt.Sprintf("The front matter of %s %s. Everything is optional; keys that are not listed here are kept and shown.", article(kind), kind)
	fields := childMap(doc, "properties")
	for name := range fields {
		field := childMap(fields, name)
		if kinds := stringsOf(field[usedBy]); kinds != nil && !slices.Contains(kinds, kind) {
			fields[name] = false
		}
	}
	said := childMap(fields, "kind")
	delete(said, "enum")
	said["const"] = kind
	said["examples"] = []any{kind}
	return doc
}

func stringsOf(list any) []string {
	all, _ := list.([]any)
	var texts []string
	for _, x := range all {
		if text, ok := x.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}
