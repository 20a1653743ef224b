package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// prepare makes all schemas of the Set ready to run, from one document: shared
// parts are read once rather than once for each kind. The validator is made when
// a value first needs it, since it takes longer than checking a small catalog.
func (s *Set) prepare() {
	kinds := slices.Sorted(maps.Keys(s.models))
	root := object{"$schema": dialect, "$defs": s.assemble(kinds)}
	pattern := childMap(childMap(root, "$defs"), "ref")["pattern"]
	walk(root, "", func(_ string, x object) { flatten(root, x, pattern) })

	quicken := &quickener{root: root, refs: map[string]quick{}}
	for _, kind := range kinds {
		m := s.models[kind]
		m.root, m.schema = root, childMap(childMap(root, "$defs"), kindPart(kind))
		m.quick = quicken.schema(m.schema)
		walk(m.published, "", func(_ string, x object) {
			m.deprecates = m.deprecates || x["deprecated"] == true
		})
	}
	s.validators = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) { return validators(root, kinds) })
}

// validators compiles the schemas of all kinds.
func validators(root object, kinds []string) (map[string]*jsonschema.Schema, error) {
	bare := clone(root).(object)
	walk(bare, "", func(_ string, x object) {
		for _, label := range labels {
			delete(x, label)
		}
	})
	text, err := encode(bare)
	if err != nil {
		return nil, fmt.Errorf("writing the schemas: %w", err)
	}
	places := make([]string, len(kinds))
	for i, kind := range kinds {
		places[i] = localRef + kindPart(kind)
	}
	compiled, err := compile(base+"all.schema.json", text, places...)
	if err != nil {
		return nil, fmt.Errorf("compiling the schemas: %w", err)
	}
	byKind := map[string]*jsonschema.Schema{}
	for i, kind := range kinds {
		byKind[kind] = compiled[i]
	}
	return byKind, nil
}

// flatten replaces a reference by what it leads to where that is a simple value.
// Each reference costs the validator as much as a value of its own, and most of a
// descriptor is simple values behind two or three of them.
func flatten(root, s object, refPattern any) {
	for range 20 { // no chain of references is longer
		ref, ok := s["$ref"].(string)
		if !ok || !only(s, labels, "$ref") {
			break
		}
		target, _ := resolve(root, ref)
		t, ok := target.(object)
		if !ok || !only(t, simple) && !only(t, labels, "$ref") {
			break
		}
		delete(s, "$ref")
		for key, v := range t {
			if _, ours := s[key]; !ours {
				s[key] = v
			}
		}
	}
	if s["format"] == "signpost-ref" && s["pattern"] == refPattern {
		delete(s, "pattern") // it says the same for editors, at ten times the cost
	}
}

var (
	// labels say nothing about what a value may be.
	labels = []string{"title", "description", "examples", "deprecated", "default"}
	// simple are the keywords of a value that is not a map or list.
	simple = append([]string{
		"type", "enum", "const", "format", "pattern", "patternErrorMessage", "errorMessage",
		"minLength", "maxLength", "minimum", "maximum", "allOf", "not",
	}, labels...)
)

// only reports whether a schema has no keywords but the given ones and our own.
func only(s object, allowed []string, more ...string) bool {
	for key := range s {
		if !slices.Contains(allowed, key) && !slices.Contains(more, key) && !strings.HasPrefix(key, "x-") {
			return false
		}
	}
	return true
}
