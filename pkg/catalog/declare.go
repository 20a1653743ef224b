package catalog

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
	"github.com/signpost-dev/signpost/schema"
)

// readConfig reads signpost.yaml and reports all that is wrong with it. A mistake
// costs what it is about, and nothing else.
func readConfig(n *source.Node) (*Config, []diag.Diagnostic) {
	found := checkConfig(n)
	wrong := func(part *source.Node) bool {
		return part != nil && slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return holds(part, d.Span) })
	}
	c := decodeConfig(n, wrong)
	found = append(found, checkIgnore(n.Field("ignore"))...)
	fields, kinds := n.Field("fields"), n.Field("kinds")
	if n.Kind() != source.Map || fields != nil && fields.Kind() != source.Map || kinds != nil && kinds.Kind() != source.List {
		return c, found // which fields and kinds there are cannot be told
	}
	d := declaration{config: c, node: n}
	for _, f := range fields.Children() {
		d.fields = append(d.fields, declaredField{Field: decodeField(f), malformed: wrong(f)})
	}
	for i, k := range kinds.Children() {
		if k.Field("name").Text() != "" { // of one without, nothing can be said
			d.kinds = append(d.kinds, declaredKind{Kind: decodeKind(k, len(schema.Kinds)+i), malformed: wrong(k)})
		}
	}
	return c, append(found, d.compile()...)
}

// holds reports whether a place lies in a part of a file, its key included.
func holds(part *source.Node, at diag.Span) bool {
	start, end := part.Span().Start, part.Span().End
	if part.Name() != "" {
		start = part.KeySpan().Start
	}
	return !at.Start.Before(start) && at.Start.Before(end)
}

// checkConfig holds signpost.yaml against its own schema, which needs none of
// the organisation's fields. Whatever is wrong has one code, which cannot be
// lowered: what is lowered where stands in this very file.
func checkConfig(n *source.Node) []diag.Diagnostic {
	set, err := schema.Compile(nil, nil)
	if err != nil {
		panic(fmt.Sprintf("the schemas that are built in do not compile: %v", err)) // a test compiles them
	}
	found := set.Check("portal", n)
	for i, d := range found {
		if d.Severity == diag.Error {
			found[i].Code = CodeConfigInvalid
		}
	}
	return found
}

// checkIgnore finds patterns that can match nothing: what they were to leave out
// would be read without a word.
func checkIgnore(n *source.Node) []diag.Diagnostic {
	var found []diag.Diagnostic
	for _, item := range n.Children() {
		glob := item.Text()
		d := diag.Diagnostic{Span: item.Span(), Severity: diag.Error, Code: CodeConfigInvalid}
		switch clean := path.Clean(glob); {
		case glob == "":
			continue // its schema has said so
		case !doublestar.ValidatePattern(glob):
			d.Message = fmt.Sprintf("the pattern %q cannot be read: a bracket or brace is not closed, or stands alone", glob)
			d.Hint = `close it, or write a backslash before it`
		case strings.HasPrefix(glob, "/") || clean == ".." || strings.HasPrefix(clean, "../"):
			d.Message = fmt.Sprintf("the pattern %q leads out of the catalog, so that it matches nothing", glob)
			d.Hint = "patterns are relative to the folder of " + ConfigFile
		case clean != strings.TrimSuffix(glob, "/"):
			d.Message = fmt.Sprintf("the pattern %q matches nothing: no path is written like this", glob)
			d.Hint = fmt.Sprintf("write %q", clean)
		default:
			continue
		}
		found = append(found, d)
	}
	return found
}

// declaration is what signpost.yaml declares, on its way into a config.
type declaration struct {
	config *Config
	node   *source.Node
	fields []declaredField
	kinds  []declaredKind
}

type declaredField struct {
	*Field
	malformed bool // its schema has complained, or its name or schema cannot be used
}

type declaredKind struct {
	*Kind
	malformed bool
}

// compile builds the schemas with the organisation's own fields and kinds. What is
// wrong with those is a finding at its place in signpost.yaml. A field whose schema
// cannot be used may then hold anything; a kind that cannot be used is left out.
func (d *declaration) compile() []diag.Diagnostic {
	var found []diag.Diagnostic
	for round := 0; ; round++ {
		set, err := schema.Compile(d.schemaFields(), d.schemaKinds())
		var wrong schema.Errors
		if err != nil && !errors.As(err, &wrong) {
			return append(found, diag.Diagnostic{
				Span: firstLine(d.node.Span()), Severity: diag.Error, Code: CodeConfigInvalid, Message: err.Error(),
			})
		}
		if round == 0 { // what later ones find follows from what was left out
			found = declarationFindings(d.node, d.unsaid(wrong))
		}
		if !d.leaveOut(wrong) {
			d.config.schema = set
			break
		}
	}
	for _, f := range d.fields {
		d.config.Fields = append(d.config.Fields, f.Field)
	}
	for _, k := range d.kinds {
		d.config.Kinds = append(d.config.Kinds, k.Kind)
	}
	return found
}

// schemaFields are the declared fields as package schema takes them: malformed
// ones without what may be wrong with them.
func (d *declaration) schemaFields() []schema.Field {
	fields := make([]schema.Field, 0, len(d.fields))
	for _, f := range d.fields {
		s := schema.Field{
			Name: f.Name, Title: f.Title, Description: f.Description,
			Kinds: d.sound(f.Kinds, f.malformed), Required: f.Required, Schema: f.Schema,
		}
		if f.malformed {
			s.Required, s.Schema = false, nil
		}
		fields = append(fields, s)
	}
	return fields
}

func (d *declaration) schemaKinds() []schema.OwnKind {
	kinds := make([]schema.OwnKind, 0, len(d.kinds))
	for _, k := range d.kinds {
		own := schema.OwnKind{
			Name: k.Name, Plural: k.Plural, Title: k.Title, TitlePlural: k.TitlePlural,
			Description: k.Description, Owned: k.Owned, Relations: map[string]schema.Relation{},
		}
		if !k.malformed {
			own.Schema = k.schema
			for _, r := range k.relations {
				own.Relations[r.Name] = schema.Relation{
					Title: r.Title, Inverse: r.Inverse, InverseTitle: r.InverseTitle, To: d.sound(r.Kinds, false), Many: k.many[r.Name],
				}
			}
		}
		kinds = append(kinds, own)
	}
	return kinds
}

// unsaid leaves out what is wrong with declarations of the wrong shape: it would be
// reported a second time.
func (d *declaration) unsaid(wrong schema.Errors) schema.Errors {
	return slices.DeleteFunc(slices.Clone(wrong), func(w *schema.Error) bool {
		return slices.ContainsFunc(d.fields, func(f declaredField) bool { return w.Kind == "" && f.Name == w.Field && f.malformed }) ||
			slices.ContainsFunc(d.kinds, func(k declaredKind) bool { return w.Kind != "" && k.Name == w.Kind && k.malformed })
	})
}

// leaveOut takes out what is wrong: of a field first its schema, then all of it; of
// a kind all of it. It reports whether it had something to do.
func (d *declaration) leaveOut(wrong schema.Errors) bool {
	of := func(kind, field string) bool {
		return slices.ContainsFunc(wrong, func(w *schema.Error) bool { return w.Kind == kind && w.Field == field })
	}
	kinds := len(d.kinds)
	d.kinds = slices.DeleteFunc(d.kinds, func(k declaredKind) bool {
		if out := k.malformed || of(k.Name, ""); !out {
			return false
		}
		d.config.broken[k.Name] = true
		return true
	})
	d.fields = slices.DeleteFunc(d.fields, func(f declaredField) bool { return f.malformed && of("", f.Name) })
	for i, f := range d.fields {
		if of("", f.Name) {
			d.fields[i].malformed = true
		}
		d.config.incomplete = d.config.incomplete || d.fields[i].malformed
	}
	d.config.incomplete = d.config.incomplete || len(wrong) > 0 || len(d.kinds) < kinds
	return len(wrong) > 0 || len(d.kinds) < kinds
}

// sound leaves kinds out that are not there: of a malformed field any, of others
// those whose own declaration is wrong.
func (d *declaration) sound(kinds []string, all bool) []string {
	return slices.DeleteFunc(slices.Clone(kinds), func(name string) bool {
		known := slices.ContainsFunc(d.kinds, func(k declaredKind) bool { return k.Name == name }) ||
			slices.ContainsFunc(schema.Kinds, func(k schema.Kind) bool { return k.Name == name })
		return !known && (all || d.config.broken[name])
	})
}

// declarationFindings puts what is wrong with own fields and kinds at the
// declaration that is wrong.
func declarationFindings(n *source.Node, wrong schema.Errors) []diag.Diagnostic {
	var found []diag.Diagnostic
	for _, w := range wrong {
		at := n.Field("fields").Field(w.Field)
		if w.Kind != "" {
			for _, k := range n.Field("kinds").Children() {
				if k.Field("name").Text() == w.Kind {
					at = k
				}
			}
		}
		if part := at.At(w.Pointer); part != nil {
			at = part
		}
		if at == nil {
			at = n
		}
		found = append(found, diag.Diagnostic{
			Span: firstLine(at.Span()), Severity: diag.Error, Code: CodeConfigInvalid, Message: w.Message, Hint: w.Hint,
		})
	}
	return found
}

// firstLine shortens a span over several lines to where it begins.
func firstLine(s diag.Span) diag.Span {
	if s.End.Line > s.Start.Line {
		s.End = s.Start
	}
	return s
}
