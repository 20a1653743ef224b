package schema

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/source"
)

// Reference writes the reference of the descriptor format as Markdown: for each
// kind a table of its fields with type, meaning and example. It is made from the
// schemas alone, so that it says what is checked. The error is that of w.
func Reference(w io.Writer) error {
	r := &reference{files: map[string]*source.Node{}, tables: map[string]Kind{}}
	r.write()
	_, err := io.WriteString(w, r.out.String())
	return err
}

// reference is the text as far as it is written, and what it still has to explain.
type reference struct {
	out    strings.Builder
	files  map[string]*source.Node // our schema files, read with the order of their fields
	parts  []section
	tables map[string]Kind // the fields of a kind → the first kind that has just these
}

// section is a map that is described in a section of its own.
type section struct {
	heading string
	schema  *source.Node
}

const referenceIntro = `# Descriptor reference

<!-- Generated from schema/*.schema.json; edit those. -->

A descriptor is a YAML document that describes one entity. It begins with its API version and kind:

` + "```yaml" + `
apiVersion: signpost.dev/v1
kind: service
name: payments-api
title: Payments API
owner: team:payments
` + "```" + `

Fields that are not listed here are errors, so that a typing mistake never goes unseen. Dates are written
` + "`2026-03-31`" + `. A reference reads ` + "`[kind:][namespace/]name`" + `; where a field can hold only one kind, the kind may be left
out. A name is 1 to 63 letters, digits, ` + "`.`, `_` or `-`" + `, and begins and ends with a letter or digit. Fields marked ●
are required.

`

func (r *reference) write() {
	r.out.WriteString(referenceIntro)
	r.contents()
	shared := r.shared()
	r.heading(2, "Fields of every entity", "")
	r.out.WriteString(r.table(r.file(Kinds[0].Name), func(name string) bool { return shared[name] }))
	for _, k := range Kinds {
		r.kind(k, shared)
	}
	r.heading(2, "signpost.yaml", r.file(portalKind).Field("description").Text())
	r.out.WriteString(r.table(r.file(portalKind), nil))
	r.heading(2, "Front matter of documents", r.file(documentKind).Field("description").Text())
	r.frontMatter()
	r.heading(2, "Parts", "What the fields above are made of.")
	for i := 0; i < len(r.parts); i++ { // a part may bring up others
		r.heading(3, r.parts[i].heading, r.attribute(r.parts[i].schema, "description").Text())
		r.out.WriteString(r.table(r.parts[i].schema, nil))
	}
}

func (r *reference) contents() {
	r.out.WriteString("- [Fields of every entity](#fields-of-every-entity)\n")
	for _, k := range Kinds {
		fmt.Fprintf(&r.out, "- [%s](#%s)\n", k.Title, slug(k.Title))
	}
	r.out.WriteString("- [signpost.yaml](#signpostyaml)\n- [Front matter of documents](#front-matter-of-documents)\n- [Parts](#parts)\n\n")
}

// shared returns the fields that all kinds have.
func (r *reference) shared() map[string]bool {
	count := map[string]int{}
	for _, k := range Kinds {
		for _, p := range r.file(k.Name).Field("properties").Children() {
			count[p.Name()]++
		}
	}
	all := map[string]bool{}
	for name, n := range count {
		all[name] = n == len(Kinds)
	}
	return all
}

func (r *reference) kind(k Kind, shared map[string]bool) {
	doc := r.file(k.Name)
	r.heading(2, k.Title, k.Doc)
	// Shared fields are listed again where the kind has its own words for them.
	own := func(name string) bool {
		p := doc.Field("properties").Field(name)
		return name != "kind" && (!shared[name] || p.Field("description") != nil)
	}
	table := r.table(doc, own)
	if first, seen := r.tables[table]; seen {
		fmt.Fprintf(&r.out, "`kind: %s`; it has the same fields as [%s %s](#%s).\n\n", k.Name, article(first.Name), first.Name, slug(first.Title))
		return
	}
	r.tables[table] = k
	fmt.Fprintf(&r.out, "`kind: %s`; besides [the fields of every entity](#fields-of-every-entity):\n\n%s", k.Name, table)
}

// frontMatter is what all documents may say, and what only those of one kind may.
func (r *reference) frontMatter() {
	doc := r.file(documentKind)
	r.out.WriteString(r.table(doc, func(name string) bool { return UsedBy(name) == nil }))
	for _, kind := range documentKinds() {
		own := r.table(doc, func(name string) bool { return slices.Contains(UsedBy(name), kind) })
		if slices.ContainsFunc(DocumentFields(), func(name string) bool { return slices.Contains(UsedBy(name), kind) }) {
			fmt.Fprintf(&r.out, "Besides, in documents of the kind `%s`:\n\n%s", kind, own)
		}
	}
}

func (r *reference) heading(level int, heading, text string) {
	fmt.Fprintf(&r.out, "%s %s\n\n", strings.Repeat("#", level), heading)
	if text != "" {
		fmt.Fprintf(&r.out, "%s\n\n", text)
	}
}

// table returns the fields of a map that are wanted, all if want is nil.
func (r *reference) table(schema *source.Node, want func(name string) bool) string {
	var out strings.Builder
	required := r.attribute(schema, "required")
	out.WriteString("| Field | Type | Meaning | Example |\n| --- | --- | --- | --- |\n")
	for _, p := range r.attribute(schema, "properties").Children() {
		if want != nil && !want(p.Name()) {
			continue
		}
		mark := ""
		if slices.ContainsFunc(required.Children(), func(n *source.Node) bool { return n.Text() == p.Name() }) {
			mark = " ●"
		}
		typ, meaning, example := r.row(p)
		fmt.Fprintf(&out, "| `%s`%s | %s | %s | %s |\n", p.Name(), mark, cell(typ), cell(meaning), cell(example))
	}
	out.WriteString("\n")
	return out.String()
}

func (r *reference) row(p *source.Node) (typ, meaning, example string) {
	value := r.attribute(p, "const")
	if p.Name() == "kind" && value != nil { // the same in the tables of all kinds
		return "name of a kind", "What the entity is: one of the kinds below, or one of your own.", "`" + value.Text() + "`"
	}
	if list := r.attribute(p, "examples").Children(); len(list) > 0 {
		example = "`" + flow(list[0]) + "`"
	}
	return r.typeOf(p), r.attribute(p, "description").Text(), example
}

// cell makes a text fit into a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

// typeOf says in words what a field holds.
func (r *reference) typeOf(p *source.Node) string {
	if list := r.attribute(p, "enum").Children(); len(list) > 0 {
		return "one of " + codes(list)
	}
	if c := r.attribute(p, "const"); c != nil {
		return "`" + c.Text() + "`"
	}
	if list := r.attribute(p, "anyOf").Children(); len(list) > 0 && r.attribute(p, "properties") == nil {
		return r.each(list)
	}
	t := r.attribute(p, "type")
	if t.Kind() != source.List {
		return r.single(p, t.Text())
	}
	var words []string
	for _, one := range t.Children() {
		words = append(words, r.single(p, one.Text()))
	}
	return or(words)
}

func (r *reference) each(list []*source.Node) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = r.typeOf(n)
	}
	return or(unique(words))
}

// single says in words what a field holds that is of one type.
func (r *reference) single(p *source.Node, kind string) string {
	switch kind {
	case "array":
		items := r.attribute(p, "items")
		if items == nil {
			return "list"
		}
		return "list: " + r.typeOf(items)
	case "object":
		return r.mapType(p)
	case "string":
		word := formatWord(r.attribute(p, "format").Text())
		if to := r.attribute(p, "x-signpost-to").Text(); to != "" {
			word += " (" + to + ")"
		}
		return word
	case "integer":
		return "whole number" + r.bounds(p)
	case "boolean":
		return "`true` or `false`"
	}
	return cmp.Or(kind, "anything")
}

func formatWord(format string) string {
	switch format {
	case "signpost-ref":
		return "reference"
	case "signpost-time":
		return "time"
	case "uri":
		return "address"
	case "email":
		return "e-mail address"
	}
	return cmp.Or(format, "text")
}

func (r *reference) bounds(p *source.Node) string {
	low, high := r.attribute(p, "minimum"), r.attribute(p, "maximum")
	switch {
	case low != nil && high != nil:
		return fmt.Sprintf(" from %s to %s", low.Text(), high.Text())
	case low != nil:
		return fmt.Sprintf(" from %s", low.Text())
	}
	return ""
}

func (r *reference) mapType(p *source.Node) string {
	properties, more := r.attribute(p, "properties"), r.attribute(p, "additionalProperties")
	switch {
	case len(properties.Children()) > 0:
		heading := r.part(p)
		return fmt.Sprintf("[%s](#%s)", strings.ToLower(heading[:1])+heading[1:], slug(heading))
	case more.Kind() == source.Map:
		return "map: " + r.typeOf(more)
	case properties != nil: // metadata, which the catalog fills
		return "map of your own fields"
	}
	return "map"
}

// part makes sure that a map has a section of its own, and returns its heading.
func (r *reference) part(p *source.Node) string {
	p = r.target(p)
	heading := r.attribute(p, "title").Text()
	for _, known := range r.parts {
		if known.schema == p {
			return known.heading
		}
	}
	taken := func(h string) bool {
		return slices.ContainsFunc(r.parts, func(k section) bool { return k.heading == h }) ||
			slices.ContainsFunc(Kinds, func(k Kind) bool { return k.Title == h })
	}
	if taken(heading) {
		heading += " in signpost.yaml"
	}
	r.parts = append(r.parts, section{heading, p})
	return heading
}

func codes(list []*source.Node) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = "`" + n.Text() + "`"
	}
	return or(words)
}

// flow writes a value as it would stand in YAML on one line, in its order.
func flow(n *source.Node) string {
	var parts []string
	switch n.Kind() {
	case source.List:
		for _, c := range n.Children() {
			parts = append(parts, flow(c))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case source.Map:
		for _, c := range n.Children() {
			parts = append(parts, plain(c.Name())+": "+flow(c))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case source.String:
		return plain(n.Text())
	}
	return n.Text()
}

// slug is the anchor that GitHub makes of a heading.
func slug(heading string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == ' ':
			return '-'
		case c < 0x80 && !isAlphanumeric(byte(c)) && c != '-' && c != '_':
			return -1
		}
		return c
	}, strings.ToLower(heading))
}

// file returns one of our schemas, in the order of its writing.
func (r *reference) file(name string) *source.Node {
	if n, ok := r.files[name]; ok {
		return n
	}
	text, err := files.ReadFile(name + ".schema.json")
	if err != nil {
		panic(err) // the files are compiled in
	}
	docs, ds := source.Decode(name, text, source.SpecLimits)
	if len(ds) > 0 || len(docs) != 1 {
		panic(fmt.Sprintf("%s.schema.json: %v", name, ds))
	}
	r.files[name] = docs[0].Root
	return docs[0].Root
}

// attribute returns a keyword of a schema, or of what its references lead to.
func (r *reference) attribute(n *source.Node, keyword string) *source.Node {
	for ; n != nil; n = r.next(n) {
		if v := n.Field(keyword); v != nil {
			return v
		}
	}
	return nil
}

// target follows the references of a schema to their end.
func (r *reference) target(n *source.Node) *source.Node {
	for next := r.next(n); next != nil; next = r.next(n) {
		n = next
	}
	return n
}

func (r *reference) next(n *source.Node) *source.Node {
	_, part, ok := strings.Cut(n.Field("$ref").Text(), localRef)
	if !ok {
		return nil
	}
	return r.file("common").Field("$defs").Field(part)
}
