package schema

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// shape is where a keyword of JSON Schema holds further schemas.
type shape uint8

const (
	data   shape = iota // nowhere
	single              // it is one
	listed              // in a list
	named               // in an object, by name
)

// keywords are the keywords that may stand in a schema of ours or of an
// organisation's own, with where they hold further schemas.
var keywords = map[string]shape{
	"$schema": data, "$id": data, "$ref": data, "$comment": data, "$defs": named,

	"title": data, "description": data, "default": data, "examples": data,
	"deprecated": data, "readOnly": data, "writeOnly": data,

	"type": data, "enum": data, "const": data, "format": data,
	"minLength": data, "maxLength": data, "pattern": data,
	"minimum": data, "maximum": data, "exclusiveMinimum": data, "exclusiveMaximum": data, "multipleOf": data,
	"minItems": data, "maxItems": data, "uniqueItems": data, "minContains": data, "maxContains": data,
	"minProperties": data, "maxProperties": data, "required": data, "dependentRequired": data,
	"contentEncoding": data, "contentMediaType": data,

	"properties": named, "patternProperties": named, "dependentSchemas": named,
	"additionalProperties": single, "propertyNames": single, "unevaluatedProperties": single,
	"items": single, "contains": single, "unevaluatedItems": single, "prefixItems": listed,
	"allOf": listed, "anyOf": listed, "oneOf": listed, "not": single,
	"if": single, "then": single, "else": single, "contentSchema": single,

	// What editors show instead of their own words; our messages use them too.
	"patternErrorMessage": data, "errorMessage": data,
}

// walk visits a schema and all schemas in it, parents first and in a stable
// order, with their JSON pointers from the first. It does not follow references.
func walk(schema any, at string, visit func(at string, s object)) {
	s, ok := schema.(object)
	if !ok {
		return
	}
	visit(at, s)
	for _, keyword := range slices.Sorted(maps.Keys(s)) {
		for _, sub := range subschemas(s, keyword) {
			walk(sub.schema, at+sub.at, visit)
		}
	}
}

// part is a schema within another.
type part struct {
	at     string // JSON pointer from the outer one
	schema any
}

// subschemas returns the schemas that a keyword of s holds, in a stable order.
func subschemas(s object, keyword string) []part {
	var parts []part
	switch keywords[keyword] {
	case single:
		parts = append(parts, part{pointer(keyword), s[keyword]})
	case listed:
		list, _ := s[keyword].([]any)
		for i, sub := range list {
			parts = append(parts, part{pointer(keyword, strconv.Itoa(i)), sub})
		}
	case named:
		byName := childMap(s, keyword)
		for _, name := range slices.Sorted(maps.Keys(byName)) {
			parts = append(parts, part{pointer(keyword, name), byName[name]})
		}
	}
	return parts
}

// childMap returns the object under a key, or nil.
func childMap(s object, key string) object {
	m, _ := s[key].(object)
	return m
}

// resolve returns what a local reference ("#/$defs/ref") leads to.
func resolve(root object, ref string) (any, bool) {
	path, local := strings.CutPrefix(ref, "#")
	if !local {
		return nil, false
	}
	var v any = root
	for _, key := range pointerKeys(path) {
		switch in := v.(type) {
		case object:
			v = in[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(in) {
				return nil, false
			}
			v = in[i]
		default:
			return nil, false
		}
	}
	return v, v != nil
}

// follow returns the schema itself, or what its chain of references leads to. A
// field next to a $ref wins over the same field behind it.
func follow(root object, schema any, field string) any {
	for range 20 { // longer chains do not occur; circles must end
		s, ok := schema.(object)
		if !ok {
			return nil
		}
		if v, ok := s[field]; ok {
			return v
		}
		ref, ok := s["$ref"].(string)
		if !ok {
			return nil
		}
		schema, _ = resolve(root, ref)
	}
	return nil
}
