package apispec

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// maxTokens bounds what the parser of GraphQL looks at.
const maxTokens = 1_000_000

// graphql reads a schema in the language of GraphQL
// (https://spec.graphql.org/October2021/#sec-Type-System).
func (r *reader) graphql(data []byte) *Spec {
	if !utf8.Valid(data) {
		r.report(CodeInvalid, diag.Error, diag.Span{}, "the file is not UTF-8", "save it as UTF-8")
		return nil
	}
	if nesting(data, "#") > maxBrackets {
		r.report(CodeInvalid, diag.Error, diag.Span{}, fmt.Sprintf("brackets are nested more than %d deep", maxBrackets), "")
		return nil
	}
	doc := r.parseGraphQL(string(data))
	r.spec = &Spec{Family: GraphQL, Format: "GraphQL", Title: "GraphQL schema"}
	g := &graphql{reader: r, definitions: map[string]*ast.Definition{}, types: map[string]*Type{}, roots: map[string]string{"Query": "query", "Mutation": "mutation", "Subscription": "subscription"}}
	g.declare(doc)
	g.describe()
	g.operations()
	r.spec.nameGroups()
	return r.spec
}

// topLevel begins a definition.
var topLevel = regexp.MustCompile(`(?m)^(extend\s+)?(schema|type|interface|union|enum|input|scalar|directive)\b`)

// parseGraphQL parses a schema. The parser gives up at the first mistake, so a definition
// with one is taken out, and the rest parsed again.
func (r *reader) parseGraphQL(text string) *ast.SchemaDocument {
	for range maxFindings {
		doc, err := parser.ParseSchemaWithLimit(&ast.Source{Name: r.name, Input: text}, maxTokens)
		if err == nil {
			return doc
		}
		wrong := &gqlerror.Error{}
		if !errors.As(err, &wrong) || len(wrong.Locations) == 0 {
			r.report(CodeInvalid, diag.Error, diag.Span{}, "cannot be parsed: "+err.Error(), "")
			break
		}
		at := wrong.Locations[0]
		r.report(CodeInvalid, diag.Error, diag.Span{File: r.name, Start: diag.Pos{Line: at.Line, Col: max(at.Column, 1)}, End: diag.Pos{Line: at.Line, Col: max(at.Column, 1)}},
			"this is no GraphQL schema here: "+wrong.Message, "")
		before := text
		if text = without(text, at.Line); text == before {
			break
		}
	}
	return &ast.SchemaDocument{}
}

// without blanks the definition in which a line stands, so that all others keep their lines.
func without(text string, line int) string {
	at := 0
	for range line - 1 {
		n := strings.IndexByte(text[at:], '\n')
		if n < 0 {
			break
		}
		at += n + 1
	}
	end := len(text)
	if n := strings.IndexByte(text[at:], '\n'); n >= 0 {
		end = at + n
	}
	from, to := 0, len(text)
	for _, d := range topLevel.FindAllStringIndex(text, -1) {
		if d[0] < end {
			from = d[0]
		} else {
			to = d[0] - describing(text[:d[0]])
			break
		}
	}
	from -= describing(text[:from])
	blank := strings.Map(func(c rune) rune {
		if c == '\n' {
			return c
		}
		return ' '
	}, text[from:to])
	return text[:from] + blank + text[to:]
}

// describing is how many bytes at the end of a text describe what follows: comments and strings.
func describing(text string) int {
	from := len(text)
	for from > 0 {
		start := strings.LastIndexByte(text[:from-1], '\n') + 1
		switch line := strings.TrimSpace(text[start:from]); {
		case strings.HasSuffix(line, `"""`) && strings.Count(line, `"""`) == 1: // a string of several lines
			if start = strings.LastIndex(text[:start], `"""`); start < 0 {
				return len(text) - from
			}
			start = strings.LastIndexByte(text[:start], '\n') + 1
		case strings.HasPrefix(line, `"`), strings.HasPrefix(line, "#"):
		default:
			return len(text) - from
		}
		from = start
	}
	return len(text) - from
}

// graphql is the reading of a schema.
type graphql struct {
	*reader
	definitions map[string]*ast.Definition
	order       []string
	types       map[string]*Type
	roots       map[string]string // name of a root type → what it is
}

var builtIn = map[string]bool{"Int": true, "Float": true, "String": true, "Boolean": true, "ID": true}

func (g *graphql) span(p *ast.Position) diag.Span {
	if p == nil {
		return diag.Span{File: g.name}
	}
	at := diag.Pos{Line: p.Line, Col: max(p.Column, 1)}
	return diag.Span{File: g.name, Start: at, End: diag.Pos{Line: p.Line, Col: at.Col + max(p.End-p.Start, 0)}}
}

// declare collects the definitions, and joins what extends them.
func (g *graphql) declare(doc *ast.SchemaDocument) {
	var named []*ast.OperationTypeDefinition
	for _, s := range append(doc.Schema, doc.SchemaExtension...) {
		if s.Description != "" {
			g.spec.Description = s.Description
		}
		for i, o := range s.OperationTypes {
			if i == 0 && len(doc.Schema) > 0 && s == doc.Schema[0] {
				g.roots = map[string]string{} // the usual names mean nothing then
			}
			g.roots[o.Type] = string(o.Operation)
			named = append(named, o)
		}
	}
	add := func(d *ast.Definition, extends bool) {
		known := g.definitions[d.Name]
		switch {
		case known == nil:
			joined := *d
			g.definitions[d.Name] = &joined
			g.order = append(g.order, d.Name)
		case extends:
			known.Fields = append(known.Fields, d.Fields...)
			known.EnumValues = append(known.EnumValues, d.EnumValues...)
			known.Types = append(known.Types, d.Types...)
			known.Interfaces = append(known.Interfaces, d.Interfaces...)
		default:
			g.add(diag.Diagnostic{
				Span: g.span(d.Position), Severity: diag.Error, Code: CodeInvalid, Message: "there is another type " + quoted(d.Name),
				Hint: "rename one, or write `extend`", Related: []diag.Related{{Span: g.span(known.Position), Message: "first defined here"}},
			})
		}
	}
	for _, d := range doc.Definitions {
		add(d, false)
	}
	for _, d := range doc.Extensions {
		add(d, true)
	}
	for _, o := range named {
		if g.definitions[o.Type] == nil {
			g.missing(o.Type, o.Position)
		}
	}
	for _, name := range g.order {
		if g.roots[name] == "" {
			d := g.definitions[name]
			t := &Type{Name: name, Kind: kindWords[d.Kind], Description: described(d.Description, d.Directives), Line: g.span(d.Position).Start.Line}
			if len(g.spec.Types) < maxTypes {
				g.spec.addType(t)
				g.types[name] = t
			}
		}
	}
}

var kindWords = map[ast.DefinitionKind]string{
	ast.Scalar: "scalar", ast.Object: "object", ast.Interface: "interface", ast.Union: "union", ast.Enum: "enum", ast.InputObject: "input",
}

// describe reads what is in the types.
func (g *graphql) describe() {
	for _, name := range g.order {
		d, t := g.definitions[name], g.types[name]
		g.checkType(d)
		if t == nil {
			continue
		}
		x := &Schema{Kind: "object"}
		switch d.Kind {
		case ast.Scalar:
			x.Kind = "scalar"
		case ast.Enum:
			x.Kind = "string"
			for _, v := range d.EnumValues {
				x.Enum = append(x.Enum, Value{Name: v.Name, Description: described(v.Description, v.Directives), Deprecated: isDeprecated(v.Directives)})
			}
		case ast.Union:
			x.Kind, x.Combine = "", "one of"
			for i, member := range d.Types {
				at := d.Position
				if i < len(d.TypePositions) {
					at = d.TypePositions[i]
				}
				x.Variants = append(x.Variants, g.named(member, at))
			}
		default:
			for _, f := range d.Fields {
				field := g.field(f)
				field.Required = field.Required && (d.Kind != ast.InputObject || f.DefaultValue == nil)
				x.Fields = append(x.Fields, field)
			}
			if len(d.Interfaces) > 0 {
				t.Is = d.Interfaces
				t.Kind += ", a " + strings.Join(d.Interfaces, " and a ")
			}
		}
		t.Schema = x
	}
}

func (g *graphql) field(f *ast.FieldDefinition) Field {
	x := g.schema(f.Type, f.Position)
	x.Description, x.Deprecated, x.Default = described(f.Description, f.Directives), isDeprecated(f.Directives), valueText(f.DefaultValue)
	return Field{Name: f.Name, Required: f.Type != nil && f.Type.NonNull, Args: g.arguments(f.Arguments), Schema: x}
}

func (g *graphql) arguments(all ast.ArgumentDefinitionList) []Parameter {
	var args []Parameter
	for _, a := range all {
		x := g.schema(a.Type, a.Position)
		x.Default = valueText(a.DefaultValue)
		args = append(args, Parameter{
			Name: a.Name, In: "argument", Required: a.Type != nil && a.Type.NonNull && a.DefaultValue == nil,
			Deprecated: isDeprecated(a.Directives), Description: described(a.Description, a.Directives), Schema: x,
		})
	}
	return args
}

// schema reads how a type is used. What is in a list may be null unless it says otherwise.
func (g *graphql) schema(t *ast.Type, at *ast.Position) *Schema {
	if t == nil {
		return &Schema{}
	}
	if t.Position != nil {
		at = t.Position
	}
	if t.Elem != nil {
		items := g.schema(t.Elem, at)
		items.Nullable = !t.Elem.NonNull
		return &Schema{Kind: "array", Items: items}
	}
	return g.named(t.NamedType, at)
}

func (g *graphql) named(name string, at *ast.Position) *Schema {
	if t := g.types[name]; t != nil {
		return &Schema{Ref: t.ID}
	}
	if !builtIn[name] && g.definitions[name] == nil {
		g.missing(name, at)
	}
	return &Schema{Kind: name}
}

// missing reports the name of a type that there is none of.
func (g *graphql) missing(name string, at *ast.Position) {
	hint := "define it, or correct the name"
	if near, ok := diag.Nearest(name, g.order); ok {
		hint = "did you mean " + quoted(near) + "?"
	}
	g.report(CodeReference, diag.Error, g.span(at), "there is no type "+quoted(name), hint)
}

// checkType holds a definition against rules that its syntax allows to break
// (https://spec.graphql.org/October2021/#sec-Objects.Type-Validation).
func (g *graphql) checkType(d *ast.Definition) {
	for _, name := range d.Interfaces {
		switch of := g.definitions[name]; {
		case of == nil:
			g.missing(name, d.Position)
		case of.Kind != ast.Interface:
			g.report(CodeReference, diag.Error, g.span(d.Position), quoted(d.Name)+" implements "+quoted(name)+", which is no interface", "")
		default:
			for _, f := range of.Fields {
				if d.Fields.ForName(f.Name) == nil {
					g.report(CodeInvalid, diag.Error, g.span(d.Position), fmt.Sprintf("%s is a %s, but has no field %s", d.Name, name, f.Name), "add it, or leave the interface out")
				}
			}
		}
	}
	seen := map[string]*ast.FieldDefinition{}
	for _, f := range d.Fields {
		if before := seen[f.Name]; before != nil {
			g.add(diag.Diagnostic{
				Span: g.span(f.Position), Severity: diag.Error, Code: CodeInvalid, Message: fmt.Sprintf("%s has another field %s", d.Name, f.Name),
				Hint: "rename one", Related: []diag.Related{{Span: g.span(before.Position), Message: "first defined here"}},
			})
		}
		seen[f.Name] = f
		g.checkUse(f.Type, f.Position, d.Kind == ast.InputObject)
		for _, a := range f.Arguments {
			g.checkUse(a.Type, a.Position, true)
		}
	}
}

// checkUse reports what only comes back where it is to be sent, and the other way round.
func (g *graphql) checkUse(t *ast.Type, at *ast.Position, sent bool) {
	if t == nil {
		return
	}
	of := g.definitions[t.Name()]
	switch {
	case of == nil || of.Kind == ast.Scalar || of.Kind == ast.Enum:
	case sent && of.Kind != ast.InputObject:
		g.report(CodeInvalid, diag.Error, g.span(at), quoted(of.Name)+" cannot be sent: it is of the kind "+kindWords[of.Kind], "name an input")
	case !sent && of.Kind == ast.InputObject:
		g.report(CodeInvalid, diag.Error, g.span(at), quoted(of.Name)+" cannot come back: it is an input", "name a type")
	}
}

// described is a description with what directives say of the same: why something is
// deprecated, and where a scalar is specified.
func described(text string, all ast.DirectiveList) string {
	for _, d := range []struct{ directive, argument, words string }{{"deprecated", "reason", "Deprecated: "}, {"specifiedBy", "url", "Specified at "}} {
		if found := all.ForName(d.directive); found != nil {
			if a := found.Arguments.ForName(d.argument); a != nil && a.Value != nil && a.Value.Raw != "" {
				text = strings.TrimSpace(text + "\n\n" + d.words + a.Value.Raw)
			}
		}
	}
	return text
}

func isDeprecated(all ast.DirectiveList) bool { return all.ForName("deprecated") != nil }

func valueText(v *ast.Value) string {
	if v == nil {
		return ""
	}
	return shorten(v.String(), 200)
}

// operations makes one of each field of the root types.
func (g *graphql) operations() {
	titles := map[string]string{"query": "Queries", "mutation": "Mutations", "subscription": "Subscriptions"}
	taken := map[string]bool{}
	listed := 0
	for _, name := range g.order {
		method := g.roots[name]
		if method == "" {
			continue
		}
		d := g.definitions[name]
		group := &Group{Title: titles[method], Description: d.Description}
		for _, f := range d.Fields {
			if listed++; listed > maxOperations {
				break
			}
			field := g.field(f)
			op := &Operation{
				ID:   unique("op-"+slug(method+" "+f.Name), func(id string) bool { return taken[id] }),
				Name: f.Name, Method: method, Path: f.Name, Description: field.Description, Deprecated: field.Deprecated, Parameters: field.Args,
				Line: g.span(f.Position).Start.Line,
			}
			taken[op.ID] = true
			result := *field.Schema
			result.Description = ""
			op.Responses = []Payload{{Name: "Result", Required: field.Required, Bodies: []Body{{Schema: &result, Example: g.spec.Made(&result), Made: true}}}}
			op.Query = g.query(op, &result, d.Fields)
			op.Command = g.spec.graphqlCall(op)
			group.Operations = append(group.Operations, op)
		}
		if len(group.Operations) > 0 {
			g.spec.Groups = append(g.spec.Groups, group)
		}
	}
}

// query writes a document that asks for a field, with the plain fields of what comes back.
func (g *graphql) query(op *Operation, result *Schema, fields ast.FieldList) string {
	var b strings.Builder
	b.WriteString(op.Method)
	declared, passed := []string{}, []string{}
	f := fields.ForName(op.Name)
	for i, a := range op.Parameters {
		declared = append(declared, "$"+a.Name+": "+f.Arguments[i].Type.String())
		passed = append(passed, a.Name+": $"+a.Name)
	}
	if len(declared) > 0 {
		b.WriteString(" (" + strings.Join(declared, ", ") + ")")
	}
	b.WriteString(" {\n  " + op.Name)
	if len(passed) > 0 {
		b.WriteString("(" + strings.Join(passed, ", ") + ")")
	}
	g.selection(&b, result, 1)
	b.WriteString("\n}")
	return b.String()
}

// selection writes which fields of a type are asked for: plain ones, and those of one more
// type further in.
func (g *graphql) selection(b *strings.Builder, x *Schema, depth int) {
	for x.Items != nil {
		x = x.Items
	}
	t := g.spec.byID[x.Ref]
	if t == nil || t.Schema == nil || len(t.Schema.Fields) == 0 && t.Schema.Combine == "" {
		return
	}
	indent := strings.Repeat("  ", depth+1)
	b.WriteString(" {")
	if t.Schema.Combine != "" {
		b.WriteString("\n" + indent + "__typename")
	}
	if t.Kind == "union" && depth <= 2 {
		for _, v := range t.Schema.Variants[:min(len(t.Schema.Variants), exampleVariants)] {
			if of := g.spec.byID[v.Ref]; of != nil {
				b.WriteString("\n" + indent + "... on " + of.Name)
				g.selection(b, v, depth+1)
			}
		}
	}
	n := 0
	for _, f := range t.Schema.Fields {
		inner := f.Schema
		for inner.Items != nil {
			inner = inner.Items
		}
		of := g.spec.byID[inner.Ref]
		nested := of != nil && of.Schema != nil && (len(of.Schema.Fields) > 0 || of.Schema.Combine != "")
		if n == exampleFields || nested && depth > 1 || hasRequired(f.Args) {
			continue
		}
		n++
		b.WriteString("\n" + indent + f.Name)
		if nested {
			g.selection(b, inner, depth+1)
		}
	}
	if n == 0 && t.Schema.Combine == "" {
		b.WriteString("\n" + indent + "__typename")
	}
	b.WriteString("\n" + strings.Repeat("  ", depth) + "}")
}

// exampleVariants is of how many members of a union an example asks for fields.
const exampleVariants = 4

func hasRequired(args []Parameter) bool {
	for _, a := range args {
		if a.Required {
			return true
		}
	}
	return false
}

// graphqlCall writes a call by curl, with values for the arguments.
func (s *Spec) graphqlCall(op *Operation) string {
	if op.Method == "subscription" {
		return "" // they need another protocol than HTTP
	}
	w := exampleWriter{limit: maxExample}
	w.b.WriteByte('{')
	w.key("query")
	w.text(strings.Join(strings.Fields(op.Query), " "))
	if len(op.Parameters) > 0 {
		w.b.WriteString(", ")
		w.key("variables")
		w.members("{", "}", len(op.Parameters), 0, func(i int) {
			a := op.Parameters[i]
			w.key(a.Name)
			s.made(&w, a.Schema, a.Name, 1, 0)
		})
	}
	w.b.WriteByte('}')
	return "curl 'https://HOST/graphql' \\\n  -H 'Content-Type: application/json' \\\n  -d " + shellQuote(w.b.String())
}
