package apispec

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// schemas reads the JSON Schemas of a description. Whatever a reference leads to becomes a
// named type, read once: so recursion is a link, and what is nested has an end.
type schemas struct {
	*reader
	known map[string]*Type // by file and pointer
	queue []queued
	n     int

	places map[*Type]diag.Span // of references that are all that a type is described by
}

// queued is a named type that is known by its name and still to be read.
type queued struct {
	*Type
	target
}

// plainTypes are the types of JSON Schema.
var plainTypes = map[string]bool{
	"string": true, "number": true, "integer": true, "boolean": true, "array": true, "object": true, "null": true,
}

// declare makes named types of the members of a map, in their order.
func (s *schemas) declare(n *source.Node, pointer string) {
	for _, c := range n.Children() {
		s.named(target{c, pointer + "/" + escapePointer(c.Name()), s.file}, c.Name())
	}
}

var escapes = strings.NewReplacer("~", "~0", "/", "~1")

func escapePointer(name string) string { return escapes.Replace(name) }

// named returns the named type at a place; it is read later. nil if there are too many.
func (s *schemas) named(to target, name string) *Type {
	key := to.file + "#" + to.pointer
	if t := s.known[key]; t != nil {
		return t
	}
	if len(s.spec.Types) >= maxTypes {
		return nil
	}
	t := &Type{Name: name}
	s.spec.addType(t)
	s.known[key] = t
	s.queue = append(s.queue, queued{t, to})
	return t
}

// nameOf makes a name of where a type stands: the last step of the pointer, or the name of
// the file. A property is named with the type that it is of.
func nameOf(to target) string {
	if to.pointer == "" {
		base := path.Base(to.file)
		return strings.TrimSuffix(base, path.Ext(base))
	}
	steps := strings.Split(strings.TrimPrefix(to.pointer, "/"), "/")
	if n := len(steps); n > 1 && steps[n-1] == "schema" { // of a parameter or a media type
		steps = steps[:n-1]
	}
	name := unescapePointer(steps[len(steps)-1])
	if n := len(steps); n > 3 && steps[0] == "components" && steps[1] == "schemas" {
		name = unescapePointer(steps[2]) + "." + name
	}
	return name
}

var unescapes = strings.NewReplacer("~1", "/", "~0", "~")

func unescapePointer(step string) string { return unescapes.Replace(step) }

// finish reads all named types, and those that these name.
func (s *schemas) finish() {
	for len(s.queue) > 0 {
		q := s.queue[0]
		s.queue = s.queue[1:]
		q.Schema = s.schema(q.node, q.file, 0)
		q.File, q.Line = s.elsewhere(q.file), q.node.KeySpan().Start.Line
		if q.Line == 0 {
			q.Line = q.node.Span().Start.Line
		}
		if x := q.Schema; x != nil {
			if x.Ref != "" {
				s.places[q.Type] = start(q.node)
			}
			q.Description, q.Deprecated, q.Kind = x.Description, x.Deprecated, s.kind(x)
			x.Description, x.Deprecated = "", false
		}
	}
	s.circles()
}

// elsewhere is a file, or empty for the one that the description begins in.
func (s *schemas) elsewhere(file string) string {
	if file == s.file {
		return ""
	}
	return file
}

// circles finds types that are nothing but other names for each other.
func (s *schemas) circles() {
	for _, t := range s.spec.Types {
		at := t
		for range maxDepth {
			if at == nil || at.Schema == nil || at.Schema.Ref == "" {
				break
			}
			if at = s.spec.byID[at.Schema.Ref]; at == t {
				s.report(CodeReference, diag.Error, s.places[t], "the type "+quoted(t.Name)+" is described by itself alone", "say in one place what it is")
				break
			}
		}
	}
}

// kind says in a word what a named type is.
func (s *schemas) kind(x *Schema) string {
	switch {
	case len(x.Enum) > 0:
		return "enum"
	case x.Ref != "":
		return "alias"
	case len(x.Fields) > 0:
		return "object"
	case x.Kind == "":
		return x.Combine
	}
	return x.Kind
}

// schema reads a schema that stands in a file. It returns nil for none.
func (s *schemas) schema(n *source.Node, file string, depth int) *Schema {
	switch n.Kind() {
	case source.Map:
	case source.Bool: // true is anything, false nothing
		if n.Text() == "false" {
			return &Schema{Kind: "nothing"}
		}
		return &Schema{}
	case source.Null:
		return nil
	default:
		s.at(CodeInvalid, n, "a schema is a map", "write `type: string`, or a reference under `$ref`")
		return nil
	}
	if s.n++; depth > maxDepth || s.n > maxSchemas {
		if s.n == maxSchemas+1 || depth == maxDepth+1 {
			s.at(CodeInvalid, n, "schemas are nested too deeply here, or there are too many; what is further in is not shown", "name the inner ones under `components/schemas`")
		}
		return &Schema{Cut: true}
	}
	if ref := n.Field("$ref"); ref != nil {
		return s.reference(n, ref, file)
	}
	s.kinds(n, ofSchema)
	x := &Schema{
		Description: n.Field("description").Text(), Format: n.Field("format").Text(),
		Default: inline(n.Field("default")), Example: inline(n.Field("example")),
		Deprecated: isTrue(n.Field("deprecated")), Nullable: isTrue(n.Field("nullable")) || isTrue(n.Field("x-nullable")),
	}
	if x.Example == "" {
		x.Example = inline(first(n.Field("examples")))
	}
	switch {
	case isTrue(n.Field("readOnly")):
		x.Access = "read only"
	case isTrue(n.Field("writeOnly")):
		x.Access = "write only"
	}
	s.types(x, n.Field("type"))
	s.values(x, n)
	x.Limits = limits(n)
	s.fields(x, n, file, depth)
	s.items(x, n, file, depth)
	s.variants(x, n, file, depth)
	return x.simplified()
}

// reference is a schema that names another. What stands beside the reference (OpenAPI 3.1)
// is said of the place, not of the type.
func (s *schemas) reference(n, ref *source.Node, file string) *Schema {
	x := &Schema{Description: n.Field("description").Text(), Deprecated: isTrue(n.Field("deprecated")), Nullable: isTrue(n.Field("nullable"))}
	to, ok := s.follow(ref, file)
	if !ok {
		x.Kind = "unresolved"
		return x
	}
	if t := s.named(to, nameOf(to)); t != nil {
		x.Ref = t.ID
	} else {
		x.Cut = true
	}
	return x
}

// types reads type, which since OpenAPI 3.1 may be a list.
func (s *schemas) types(x *Schema, n *source.Node) {
	all := []*source.Node{n}
	if n.Kind() == source.List {
		all = n.Children()
	}
	var names []string
	for _, t := range all {
		name := t.Text()
		switch {
		case t.Kind() == source.Null && t.Span().Start.Line == 0, name == "":
		case name == "null":
			x.Nullable = true
		case !plainTypes[name]:
			hint := "the types are string, number, integer, boolean, array, object and null"
			s.at(CodeInvalid, t, "there is no type "+quoted(name), hint)
		default:
			names = append(names, name)
		}
	}
	x.Kind = strings.Join(names, " or ")
}

// maxValues is how many values of an enumeration are kept.
const maxValues = 2_000

func (s *schemas) values(x *Schema, n *source.Node) {
	if c := n.Field("const"); c != nil {
		x.Enum = []Value{{Name: inline(c)}}
	}
	for i, v := range n.Field("enum").Children() {
		if i == maxValues {
			x.Cut = true
			break
		}
		if v.Kind() == source.Null {
			x.Nullable = true
			continue
		}
		x.Enum = append(x.Enum, Value{Name: inline(v)})
	}
	if len(x.Enum) > 0 && x.Kind == "" {
		x.Kind = "string"
		for _, v := range n.Field("enum").Children() {
			if v.Kind() == source.Number {
				x.Kind = "number"
			}
		}
	}
}

// limited are the keywords that narrow a value, and how they read.
var limited = []struct{ key, words string }{
	{"minLength", "at least %s characters"},
	{"maxLength", "at most %s characters"},
	{"pattern", "pattern %s"},
	{"minimum", "≥ %s"},
	{"maximum", "≤ %s"},
	{"exclusiveMinimum", "> %s"},
	{"exclusiveMaximum", "< %s"},
	{"multipleOf", "a multiple of %s"},
	{"minItems", "at least %s items"},
	{"maxItems", "at most %s items"},
	{"uniqueItems", "no item twice"},
	{"minProperties", "at least %s keys"},
	{"maxProperties", "at most %s keys"},
	{"contentEncoding", "encoded as %s"},
	{"contentMediaType", "%s"},
}

// excluding are the keywords of OpenAPI 3.0 by which a bound does not belong to what it bounds.
var excluding = map[string]string{"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}

func limits(n *source.Node) []string {
	var all []string
	for _, l := range limited {
		v := n.Field(l.key)
		if v == nil || v.Text() == "" || isTrue(n.Field(excluding[l.key])) {
			continue
		}
		text := shorten(v.Text(), 200)
		switch {
		case v.Kind() == source.Bool && v.Text() == "false":
			continue
		case v.Kind() == source.Bool && strings.HasPrefix(l.key, "exclusive"): // OpenAPI 3.0
			bound := strings.ToLower(strings.TrimPrefix(l.key, "exclusive"))
			text = n.Field(bound).Text()
		}
		all = append(all, strings.Replace(l.words, "%s", text, 1))
	}
	return all
}

func (s *schemas) fields(x *Schema, n *source.Node, file string, depth int) {
	required := map[string]*source.Node{}
	if list := n.Field("required"); list.Kind() == source.List {
		for _, name := range list.Children() {
			required[name.Text()] = name
		}
	}
	properties := n.Field("properties")
	if properties.Kind() != source.Map {
		properties = nil
	}
	for _, p := range properties.Children() {
		field := Field{Name: p.Name(), Required: required[p.Name()] != nil, Schema: s.schema(p, file, depth+1)}
		if field.Schema == nil {
			field.Schema = &Schema{}
		}
		x.Fields = append(x.Fields, field)
	}
	for _, name := range n.Field("required").Children() {
		if properties.Field(name.Text()) == nil && len(x.Must) < maxValues {
			x.Must = append(x.Must, name.Text())
		}
	}
	if len(x.Fields) > 0 && x.Kind == "" {
		x.Kind = "object"
	}
	for _, key := range []string{"additionalProperties", "unevaluatedProperties"} {
		switch more := n.Field(key); {
		case more.Kind() == source.Bool && more.Text() == "false":
			x.Limits = append(x.Limits, "no other keys")
		case more.Kind() == source.Map && len(more.Children()) > 0 && len(x.Fields) > 0:
			x.Limits = append(x.Limits, "any other key: "+s.spec.Words(s.schema(more, file, depth+1)))
		}
	}
	for _, key := range []string{"additionalProperties", "patternProperties"} {
		more := n.Field(key)
		if key == "patternProperties" {
			more = first(more)
		}
		if more.Kind() == source.Map && (x.Kind == "object" || x.Kind == "") && len(x.Fields) == 0 && x.Items == nil {
			x.Kind, x.Items = "map", s.schema(more, file, depth+1)
		}
	}
}

func (s *schemas) items(x *Schema, n *source.Node, file string, depth int) {
	items := n.Field("items")
	if tuple := n.Field("prefixItems"); tuple.Kind() == source.List {
		items = tuple
	}
	if items == nil {
		return
	}
	if x.Kind == "" {
		x.Kind = "array"
	}
	if items.Kind() == source.List { // a tuple
		x.Items = &Schema{Combine: "one of"}
		for _, i := range items.Children() {
			if v := s.schema(i, file, depth+1); v != nil {
				x.Items.Variants = append(x.Items.Variants, v)
			}
		}
		return
	}
	x.Items = s.schema(items, file, depth+1)
}

func (s *schemas) variants(x *Schema, n *source.Node, file string, depth int) {
	for _, c := range []struct{ key, words string }{{"allOf", "all of"}, {"oneOf", "one of"}, {"anyOf", "any of"}} {
		list := n.Field(c.key)
		if list.Kind() != source.List {
			continue
		}
		if x.Combine != "" { // two of them: the second becomes one more that must hold
			x.Variants = []*Schema{{Combine: x.Combine, Variants: x.Variants}, {Combine: c.words, Variants: s.list(list, file, depth)}}
			x.Combine = "all of"
			continue
		}
		x.Combine, x.Variants = c.words, s.list(list, file, depth)
	}
	if not := s.schema(n.Field("not"), file, depth+1); not != nil {
		x.Limits = append(x.Limits, "not "+s.spec.Words(not))
	}
	s.tags(x, n.Field("discriminator"), file)
}

// tags reads which field says which variant it is, and by which values: those of the mapping,
// else the names of the variants.
func (s *schemas) tags(x *Schema, n *source.Node, file string) {
	if x.Tag = n.Field("propertyName").Text(); n.Kind() == source.String {
		x.Tag = n.Text() // of AsyncAPI
	}
	if x.Tag == "" {
		return
	}
	x.Tags = make([]string, len(x.Variants))
	for i, v := range x.Variants {
		x.Tags[i] = s.spec.Words(v)
	}
	for _, m := range n.Field("mapping").Children() {
		name := m.Text()
		name = unescapePointer(name[strings.LastIndexByte(name, '/')+1:])
		for i, v := range x.Variants {
			if s.spec.Words(v) == name {
				x.Tags[i] = m.Name()
			}
		}
	}
}

func (s *schemas) list(list *source.Node, file string, depth int) []*Schema {
	var all []*Schema
	for _, v := range list.Children() {
		if x := s.schema(v, file, depth+1); x != nil {
			all = append(all, x)
		}
	}
	return all
}

// simplified takes out what is only a way of writing: a choice of one, a choice between
// something and null, and parts of "all of" that have no name, which are put together.
func (x *Schema) simplified() *Schema {
	if x.Combine == "one of" || x.Combine == "any of" {
		kept, tags := x.Variants[:0:0], x.Tags[:0:0]
		for i, v := range x.Variants {
			if v.Kind == "" && v.Nullable && v.Ref == "" && v.Combine == "" && len(v.Fields) == 0 {
				x.Nullable = true
			} else {
				kept = append(kept, v)
				if i < len(x.Tags) {
					tags = append(tags, x.Tags[i])
				}
			}
		}
		x.Variants, x.Tags = kept, tags
	}
	if x.Combine == "all of" {
		x.join()
	}
	if len(x.Variants) == 1 && len(x.Fields)+len(x.Must)+len(x.Limits)+len(x.Enum) == 0 && (x.Kind == "" || x.Kind == "object") {
		only := *x.Variants[0]
		if x.Description != "" {
			only.Description = x.Description
		}
		only.Nullable, only.Deprecated = only.Nullable || x.Nullable, only.Deprecated || x.Deprecated
		if x.Access != "" {
			only.Access = x.Access
		}
		only.Default, only.Example = cmp.Or(x.Default, only.Default), cmp.Or(x.Example, only.Example)
		return &only
	}
	if len(x.Variants) == 0 {
		x.Combine = ""
	}
	if x.Combine == "" || x.Combine == "all of" {
		x.Tag, x.Tags = "", nil // each that is made of it says which it is
	}
	return x
}

// join puts the unnamed parts of "all of" together.
func (x *Schema) join() {
	kept := x.Variants[:0:0]
	c := fieldCollector{at: map[string]int{}}
	for _, v := range x.Variants {
		if v.Ref != "" || v.Combine != "" || v.Items != nil || len(v.Enum) > 0 {
			kept = append(kept, v)
			continue
		}
		for _, f := range v.Fields {
			c.add(f)
		}
		x.Must = append(x.Must, v.Must...)
		x.Limits = append(x.Limits, v.Limits...)
		if x.Kind == "" {
			x.Kind = v.Kind
		}
		if x.Description == "" {
			x.Description = v.Description
		}
	}
	for _, f := range x.Fields {
		c.add(f)
	}
	c.require(x.Must)
	x.Must = slices.DeleteFunc(x.Must, func(name string) bool { _, here := c.at[name]; return here })
	x.Fields, x.Variants = c.all, kept
	if len(kept) == 0 {
		x.Combine = ""
	}
}

func isTrue(n *source.Node) bool { return n.Kind() == source.Bool && n.Text() == "true" }

func first(n *source.Node) *source.Node {
	if all := n.Children(); len(all) > 0 {
		return all[0]
	}
	return nil
}
