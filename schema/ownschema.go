package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// maxExpanded bounds an own schema with each reference replaced by what it leads
// to. References to references would otherwise make the work for one value grow
// as a power of their number.
const maxExpanded = 2000

// maxExponent bounds the exponent of a number, which the validator writes out in
// full: 1e999999999 would take a gigabyte.
const maxExponent = 400

// inspectSchema looks for mistakes in an own schema, and returns it in one form:
// decoded JSON with an object on top.
func inspectSchema(schema any, report reporter) any {
	if schema == nil {
		return object{}
	}
	text, err := encode(schema)
	if err != nil {
		report("/schema", "", "the schema holds what JSON cannot: %v", err)
		return nil
	}
	plain, err := decode(text)
	doc, ok := plain.(object)
	if err != nil || !ok {
		report("/schema", "for example type: string", "the schema must be a map with the keywords of JSON Schema")
		return nil
	}
	found := 0
	within := func(at, hint, format string, args ...any) {
		found++
		report("/schema"+at, hint, format, args...)
	}
	if at, ok := oversized(doc, ""); ok {
		within(at, "", "the number is too large or too precise")
		return nil
	}
	walk(doc, "", func(at string, s object) { lint(s, at, within) })
	if found == 0 {
		expand(doc, within)
	}
	if found == 0 {
		probe(doc, text, within)
	}
	return doc
}

// oversized finds a number whose exact value is not worth computing.
func oversized(v any, at string) (string, bool) {
	switch v := v.(type) {
	case json.Number:
		return at, !reasonable(string(v))
	case object:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if place, found := oversized(v[key], at+pointer(key)); found {
				return place, true
			}
		}
	case []any:
		for i, x := range v {
			if place, found := oversized(x, at+pointer(strconv.Itoa(i))); found {
				return place, true
			}
		}
	}
	return "", false
}

// reasonable reports whether a JSON number can be computed exactly at little cost.
func reasonable(number string) bool {
	mantissa, exponent, ok := strings.Cut(strings.ToLower(number), "e")
	if len(mantissa) > maxExponent {
		return false
	}
	if !ok {
		return true
	}
	n, err := strconv.Atoi(exponent)
	return err == nil && -maxExponent <= n && n <= maxExponent
}

// lint finds the mistakes in one schema that the validator would pass over in
// silence, or explain badly.
func lint(s object, at string, report reporter) {
	for _, keyword := range slices.Sorted(maps.Keys(s)) {
		here := at + pointer(keyword)
		_, known := keywords[keyword]
		switch {
		case strings.HasPrefix(keyword, "x-"):
		case keyword == "$id" || strings.HasPrefix(keyword, "$") && !known:
			report(here, "parts of the schema go under $defs, and $ref: \"#/$defs/name\" leads there", "%s may not be used here", keyword)
		case !known:
			report(here, didYouMean(keyword, slices.Collect(maps.Keys(keywords))), "%q is not a keyword of JSON Schema (draft 2020-12)", keyword)
		default:
			lintKeyword(s, keyword, here, report)
		}
	}
}

func lintKeyword(s object, keyword, here string, report reporter) {
	value, isText := s[keyword].(string)
	switch keyword {
	case "$schema":
		if strings.TrimSuffix(value, "#") != "https://json-schema.org/draft/2020-12/schema" {
			report(here, "leave it out", "only draft 2020-12 of JSON Schema is supported")
		}
	case "$ref":
		if value != "#" && !strings.HasPrefix(value, "#/") {
			report(here, "", "%q leads out of the schema: %v", value, errOutside)
		}
	case "enum":
		if list, ok := s[keyword].([]any); ok && len(list) == 0 {
			report(here, "", "the list is empty, so that no value would be right")
		}
	case "type":
		lintType(s[keyword], here, report)
	case "format":
		if names := formatNames(); isText && !slices.Contains(names, value) {
			report(here, didYouMean(value, names), "there is no format %q", value)
		}
	case "pattern":
		lintPattern(value, here, report)
	case "patternProperties":
		for _, pattern := range slices.Sorted(maps.Keys(childMap(s, keyword))) {
			lintPattern(pattern, here+pointer(pattern), report)
		}
	}
}

// types are the names of types in JSON Schema.
var types = []string{"array", "boolean", "integer", "null", "number", "object", "string"}

func lintType(v any, here string, report reporter) {
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	for _, t := range list {
		if name, ok := t.(string); !ok || !slices.Contains(types, name) {
			hint := didYouMean(fmt.Sprint(t), types)
			if hint == "" {
				hint = "one of " + strings.Join(types, ", ")
			}
			report(here, hint, "there is no type %q", fmt.Sprint(t))
		}
	}
}

func lintPattern(pattern, here string, report reporter) {
	if _, err := regexp.Compile(pattern); err != nil {
		var invalid *syntax.Error
		if errors.As(err, &invalid) {
			err = errors.New(invalid.Code.String())
		}
		report(here, "", "the pattern %q cannot be read: %v", pattern, err)
	}
}

// expand reports a schema that refers to itself, refers to nothing, or is too
// large once each reference is replaced by what it leads to.
func expand(doc object, report reporter) {
	e := &expander{doc: doc, places: map[string]bool{}, sizes: map[string]int{}, report: report}
	walk(doc, "", func(at string, _ object) { e.places[at] = true })
	if e.size(doc, "") > maxExpanded {
		report("", "", "the schema is too large: more than %d parts once references are followed", maxExpanded)
	}
}

type expander struct {
	doc    object
	places map[string]bool // the pointers of all schemas in doc
	sizes  map[string]int  // by reference; 0 while it is being followed
	report reporter
}

func (e *expander) size(schema any, at string) int {
	s, ok := schema.(object)
	if !ok {
		return 1
	}
	n := 1
	if ref, ok := s["$ref"].(string); ok {
		n += e.reference(ref, at+"/$ref")
	}
	for _, keyword := range slices.Sorted(maps.Keys(s)) {
		if keyword == "$defs" {
			continue // counted where they are used
		}
		for _, sub := range subschemas(s, keyword) {
			n = min(n+e.size(sub.schema, at+sub.at), maxExpanded+1)
		}
	}
	return n
}

func (e *expander) reference(ref, at string) int {
	if n, seen := e.sizes[ref]; seen {
		if n == 0 {
			e.report(at, "", "%q leads back to where it stands: an own schema may not refer to itself", ref)
		}
		return n
	}
	target, ok := resolve(e.doc, ref)
	if !ok {
		e.report(at, "", "%q leads nowhere", ref)
		return 0
	}
	if path := pointer(pointerKeys(strings.TrimPrefix(ref, "#"))...); !e.places[path] {
		e.report(at, "put it under $defs", "%q leads to what is no schema", ref)
		return 0
	}
	e.sizes[ref] = 0
	// Not every circle passes the same reference twice: one to the root or to an
	// enclosing part has no entry yet, but meets itself on the second round.
	e.sizes[ref] = e.size(target, strings.TrimPrefix(ref, "#"))
	return e.sizes[ref]
}

// probe lets the validator compile a schema on its own, which finds what breaks
// the rules of JSON Schema.
func probe(doc object, text []byte, report reporter) {
	_, err := compile("signpost:own", text)
	var invalid *jsonschema.ValidationError
	switch {
	case err == nil:
	case errors.As(err, &invalid):
		leaf := firstLeaf(invalid)
		keys := pointerKeys(leaf.InstanceLocation)
		report(pointer(keys...), "", "%s", leaf.Message)
	default:
		message := strings.ReplaceAll(err.Error(), "signpost:own", "")
		report("", "", "%s", strings.TrimPrefix(message, "jsonschema  compilation failed: "))
	}
}

// firstLeaf returns the first of the innermost failures by place, so that the
// same mistake always has the same message.
func firstLeaf(failure *jsonschema.ValidationError) *jsonschema.ValidationError {
	if len(failure.Causes) == 0 {
		return failure
	}
	leaves := make([]*jsonschema.ValidationError, len(failure.Causes))
	for i, c := range failure.Causes {
		leaves[i] = firstLeaf(c)
	}
	return slices.MinFunc(leaves, func(a, b *jsonschema.ValidationError) int {
		return strings.Compare(a.InstanceLocation+"\x00"+a.Message, b.InstanceLocation+"\x00"+b.Message)
	})
}
