package schema

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// Field is a field of the organisation's own, which entities hold under metadata.
type Field struct {
	Name        string   // in camelCase, as under metadata
	Title       string   // how it is shown; optional
	Description string   // what to write in it; optional
	Kinds       []string // the kinds that have it; none means all
	Required    bool     // whether every entity of these kinds must have it
	Schema      any      // decoded JSON: what the value may be; nil allows anything
}

// OwnKind is a kind of entity of the organisation's own.
type OwnKind struct {
	Name        string // as written under kind
	Plural      string // the folder of its pages
	Title       string // how one is called; default: the name
	TitlePlural string // how several are called; default: the title and "s"
	Description string // what entities of this kind are; optional
	Owned       bool   // whether each needs an owner
	Schema      any    // decoded JSON: what may stand under spec; nil for no spec
	Relations   map[string]Relation
}

// Relation is a field of an own kind that holds references.
type Relation struct {
	Title        string   // as read from the entity: "Read by"
	Inverse      string   // the name as seen from the other side: "reads"
	InverseTitle string   // as read from the other side: "Reads"
	To           []string // the kinds that it may lead to; none means any
	Many         bool     // a list of references rather than one
}

// Error is one mistake in the declaration of an own field or kind.
type Error struct {
	Field   string // the field that is wrong, or ""
	Kind    string // the own kind that is wrong, or ""
	Pointer string // the place within the declaration as a JSON pointer, such as /schema/pattern; "" is all of it
	Message string // what is wrong
	Hint    string // what to write instead, if that is known
}

// Error says what is declared wrongly, where and why.
func (e *Error) Error() string {
	subject := "field " + e.Field
	if e.Kind != "" {
		subject = "kind " + e.Kind
	}
	message := fmt.Sprintf("%s: %s", subject, e.Message)
	if e.Pointer != "" {
		message = fmt.Sprintf("%s, at %s: %s", subject, e.Pointer, e.Message)
	}
	if e.Hint != "" {
		message += " (" + e.Hint + ")"
	}
	return message
}

// Errors are all mistakes in the declarations of own fields and kinds, in the
// order of these.
type Errors []*Error

// Error returns the messages, one a line.
func (es Errors) Error() string { return errors.Join(es.Unwrap()...).Error() }

// Unwrap returns the mistakes one by one.
func (es Errors) Unwrap() []error {
	errs := make([]error, len(es))
	for i, e := range es {
		errs[i] = e
	}
	return errs
}

// reserved are names that own kinds may not take besides those of built-in kinds:
// other things of a site or a catalog live in folders of these names, or other
// schemas have them.
var reserved = append([]string{
	"-", "adrs", "api", "assets", "data", "docs", "guides", "health", "index", "now", "playbooks",
	"postmortems", "runbooks", "schema", "search",
	portalKind, documentKind, snapshotKind, entityKind, "common", "own",
}, documentSchemas()...)

var (
	wordPattern  = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)
	fieldPattern = regexp.MustCompile(`^[a-z][A-Za-z0-9]{0,62}$`)
)

// declarations are own fields and kinds that were found right, with their schemas
// in one form.
type declarations struct {
	fields []Field
	kinds  []OwnKind
}

// inspector looks for mistakes in declarations.
type inspector struct {
	errs  Errors
	kinds []string // the names of all kinds, built-in and own
}

// inspect returns the declarations, or all mistakes in them as Errors.
func inspect(fields []Field, kinds []OwnKind) (declarations, error) {
	in := &inspector{}
	for _, k := range Kinds {
		in.kinds = append(in.kinds, k.Name)
	}
	for _, k := range kinds {
		in.kinds = append(in.kinds, k.Name)
	}
	own := declarations{fields: slices.Clone(fields), kinds: slices.Clone(kinds)}
	taken := map[string]string{} // names and plurals → whose
	for _, k := range Kinds {
		taken[k.Name], taken[k.Plural] = "the built-in kind "+k.Name, "the built-in kind "+k.Name
	}
	for i := range own.kinds {
		in.kind(&own.kinds[i], taken)
	}
	seen := map[string]bool{}
	for i := range own.fields {
		f := &own.fields[i]
		in.field(f, seen[f.Name])
		seen[f.Name] = true
	}
	if len(in.errs) > 0 {
		return declarations{}, in.errs
	}
	return own, nil
}

func (in *inspector) field(f *Field, repeated bool) {
	report := func(at, hint, format string, args ...any) {
		in.errs = append(in.errs, &Error{Field: f.Name, Pointer: at, Hint: hint, Message: fmt.Sprintf(format, args...)})
	}
	if !fieldPattern.MatchString(f.Name) {
		report("", "for example costCentre", "the name %q must be letters and digits only, and begin with a lower-case letter", f.Name)
	}
	if repeated {
		report("", "", "it is declared twice")
	}
	for i, k := range f.Kinds {
		in.knownKind(k, fmt.Sprintf("/kinds/%d", i), report)
	}
	f.Schema = inspectSchema(f.Schema, report)
}

// reporter takes a mistake: its place within the declaration, a hint or "", and a message.
type reporter func(at, hint, format string, args ...any)

func (in *inspector) knownKind(name, at string, report reporter) {
	if slices.Contains(in.kinds, name) {
		return
	}
	report(at, didYouMean(name, in.kinds), "there is no kind %q", name)
}

func didYouMean(word string, candidates []string) string {
	if near, ok := diag.Nearest(word, candidates); ok {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return ""
}

func (in *inspector) kind(k *OwnKind, taken map[string]string) {
	report := func(at, hint, format string, args ...any) {
		in.errs = append(in.errs, &Error{Kind: k.Name, Pointer: at, Hint: hint, Message: fmt.Sprintf(format, args...)})
	}
	for _, name := range []struct{ at, word string }{{"/name", k.Name}, {"/plural", k.Plural}} {
		switch {
		case !wordPattern.MatchString(name.word):
			report(name.at, "", "%q must be lower-case letters, digits and hyphens, and begin with a letter", name.word)
		case slices.Contains(reserved, name.word):
			report(name.at, "choose another word", "%q is reserved: the site or the catalog uses it for something else", name.word)
		case taken[name.word] != "":
			report(name.at, "choose another word", "%q is taken by %s", name.word, taken[name.word])
		}
	}
	if k.Name == k.Plural {
		report("/plural", "choose another word", "the plural must differ from the name")
	}
	taken[k.Name], taken[k.Plural] = "the kind "+k.Name, "the kind "+k.Name

	fixed := childMap(load("own"), "properties")
	for _, name := range slices.Sorted(maps.Keys(k.Relations)) {
		at := "/relations" + pointer(name)
		if !fieldPattern.MatchString(name) {
			report(at, "for example readBy", "the name must be letters and digits only, and begin with a lower-case letter")
		}
		if _, clash := fixed[name]; clash || name == "spec" {
			report(at, "choose another name", "every entity has a field %q already", name)
		}
		for i, to := range k.Relations[name].To {
			in.knownKind(to, fmt.Sprintf("%s/to/%d", at, i), report)
		}
	}
	if k.Schema != nil {
		k.Schema = inspectSchema(k.Schema, report)
	}
}

// kind returns the own kind as others are described.
func (k OwnKind) kind() Kind {
	title := cmp.Or(k.Title, k.Name)
	return Kind{Name: k.Name, Plural: k.Plural, Title: title, TitlePlural: cmp.Or(k.TitlePlural, title+"s"), Doc: k.Description}
}

// document returns the schema of the own kind.
func (k OwnKind) document() object {
	doc := bundle("own")
	properties := childMap(doc, "properties")
	doc["$id"] = base + k.Name + ".schema.json"
	doc["title"] = k.kind().Title
	if k.Description != "" {
		doc["description"] = k.Description
	}
	properties["kind"] = object{"title": "Kind", "description": "What the entity is: " + k.Name + ".", "const": k.Name}
	if !k.Owned {
		doc["required"] = slices.DeleteFunc(slices.Clone(doc["required"].([]any)), func(v any) bool { return v == "owner" })
	}
	if spec, ok := k.Schema.(object); ok {
		properties["spec"] = moved(labelled(spec, "Spec", "What only entities of this kind have."), "/properties/spec")
		if needed, _ := spec["required"].([]any); len(needed) > 0 {
			doc["required"] = append(slices.Clone(doc["required"].([]any)), "spec")
		}
	}
	for name, r := range k.Relations {
		properties[name] = r.property(name)
	}
	return doc
}

func (r Relation) property(name string) object {
	to := "entities of any kind"
	if len(r.To) > 0 {
		to = strings.Join(r.To, " or ")
	}
	p := object{"$ref": localRef + "ref"}
	if r.Many {
		p = object{"type": "array", "items": p, "uniqueItems": true}
	}
	return labelled(p, cmp.Or(r.Title, name), "A relation to "+to+".")
}

func (f Field) property() object {
	s, _ := f.Schema.(object)
	return labelled(s, cmp.Or(f.Title, f.Name), f.Description)
}

// labelled returns a copy of a schema with a title and description where it has
// none of its own.
func labelled(schema object, title, description string) object {
	s := maps.Clone(schema)
	if s == nil {
		s = object{}
	}
	if s["title"] == nil {
		s["title"] = title
	}
	if s["description"] == nil && description != "" {
		s["description"] = description
	}
	return s
}
