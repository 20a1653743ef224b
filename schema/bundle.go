package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const (
	sharedRef = "common.schema.json#/$defs/" // how kinds refer to shared parts in our files
	localRef  = "#/$defs/"                   // how they do once bundled
)

// load decodes one of our own schema files.
func load(name string) object {
	text, err := files.ReadFile(name + ".schema.json")
	if err != nil {
		panic(err) // the files are compiled in
	}
	doc, err := decode(text)
	if err != nil {
		panic(fmt.Sprintf("%s.schema.json: %v", name, err))
	}
	return doc.(object)
}

// bundle returns the schema of a kind with the shared parts that it uses copied
// in, so that an editor needs to load one address only.
func bundle(name string) object {
	doc, shared := load(name), childMap(load("common"), "$defs")
	defs := object{}
	var take func(schema any)
	take = func(schema any) {
		walk(schema, "", func(_ string, s object) {
			ref, ok := s["$ref"].(string)
			if !ok {
				return
			}
			part, ok := strings.CutPrefix(ref, sharedRef)
			if !ok {
				part, ok = strings.CutPrefix(ref, localRef)
			}
			if !ok || shared[part] == nil {
				panic(fmt.Sprintf("%s.schema.json: %s leads nowhere", name, ref))
			}
			s["$ref"] = localRef + part
			if defs[part] == nil {
				defs[part] = shared[part]
				take(shared[part])
			}
		})
	}
	take(doc)
	doc["$defs"] = defs
	return doc
}

// addFields puts the organisation's fields that a kind has under its metadata.
func addFields(doc object, kind string, fields []Field) {
	metadata := maps.Clone(childMap(childMap(doc, "$defs"), "metadata"))
	properties, required := object{}, []any{}
	for _, f := range fields {
		if len(f.Kinds) > 0 && !slices.Contains(f.Kinds, kind) {
			continue
		}
		properties[f.Name] = moved(f.property(), pointer("properties", "metadata", "properties", f.Name))
		if f.Required {
			required = append(required, f.Name)
		}
	}
	metadata["properties"] = properties
	delete(metadata, "examples") // they show fields that this catalog does not have
	if len(required) > 0 {
		metadata["required"] = required
		doc["required"] = append(slices.Clone(doc["required"].([]any)), "metadata")
	}
	delete(childMap(doc, "$defs"), "metadata")
	childMap(doc, "properties")["metadata"] = metadata
}

// moved returns a copy of a schema that refers to nothing but its own parts, made
// to stand at another place: references lead to the parts where they are then.
func moved(schema object, to string) object {
	c := clone(schema).(object)
	walk(c, "", func(_ string, s object) {
		if ref, ok := s["$ref"].(string); ok {
			s["$ref"] = "#" + to + strings.TrimPrefix(ref, "#")
		}
	})
	return c
}

// clone copies decoded JSON as deep as it is.
func clone(v any) any {
	switch v := v.(type) {
	case object:
		c := make(object, len(v))
		for k, x := range v {
			c[k] = clone(x)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i, x := range v {
			c[i] = clone(x)
		}
		return c
	default:
		return v
	}
}

// JSON returns the schema of a kind, complete in itself, with the organisation's
// own fields: indented, the same bytes for the same input. Besides the kinds of
// entities there are "portal" for signpost.yaml, "document" for front matter, and
// "entity" for a file of any kind of entity; "snapshot" for a file of facts; and
// "document-runbook" and the like for the front matter of one kind of document.
func (s *Set) JSON(kind string) ([]byte, error) {
	if of, ok := strings.CutPrefix(kind, documentSchema("")); ok && slices.Contains(documentKinds(), of) {
		return encode(frontMatter(s.models[documentKind].published, of))
	}
	switch kind {
	case entityKind:
		return encode(s.anyEntity())
	case snapshotKind:
		return encode(load(snapshotKind))
	}
	m, ok := s.models[kind]
	if !ok {
		return nil, fmt.Errorf("there is no schema %q", kind)
	}
	return encode(m.published)
}

// Names returns the names of all schemas, for JSON.
func (s *Set) Names() []string {
	return slices.Concat(s.Kinds(), []string{entityKind, portalKind, documentKind}, documentSchemas(), []string{snapshotKind})
}

// anyEntity returns a schema that hands over to that of the kind that a file names.
func (s *Set) anyEntity() object {
	names, choices := []any{}, []any{}
	for _, k := range s.kinds {
		names = append(names, k.Name)
		choices = append(choices, object{
			"if":   object{"properties": object{"kind": object{"const": k.Name}}, "required": []any{"kind"}},
			"then": object{"$ref": localRef + kindPart(k.Name)},
		})
	}
	return object{
		"$schema":     dialect,
		"$id":         base + entityKind + ".schema.json",
		"title":       "Entity",
		"description": "A descriptor of any kind; what may stand in it follows from its kind.",
		"type":        "object",
		"properties": object{
			"apiVersion": object{"$ref": localRef + "apiVersion"},
			"kind":       object{"title": "Kind", "description": "What the entity is.", "enum": names},
		},
		"required": []any{"apiVersion", "kind"},
		"allOf":    choices,
		"$defs":    s.assemble(s.Kinds()),
	}
}

// kindPart is the name of the schema of a kind among the parts of a document that
// holds several.
func kindPart(kind string) string { return "kind-" + kind }

// assemble returns the schemas of several kinds, and the shared parts that they
// use once, as the $defs of one document.
func (s *Set) assemble(kinds []string) object {
	defs := object{}
	for _, kind := range kinds {
		doc := clone(s.models[kind].published).(object)
		maps.Copy(defs, childMap(doc, "$defs"))
		for _, key := range []string{"$schema", "$id", "$defs"} {
			delete(doc, key)
		}
		part := kindPart(kind)
		walk(doc, "", func(_ string, x object) {
			if ref, ok := x["$ref"].(string); ok && !strings.HasPrefix(ref, localRef) {
				x["$ref"] = localRef + part + strings.TrimPrefix(ref, "#")
			}
		})
		defs[part] = doc
	}
	return defs
}
