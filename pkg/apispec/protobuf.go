package apispec

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bufbuild/protocompile/ast"
	"github.com/bufbuild/protocompile/parser"
	"github.com/bufbuild/protocompile/reporter"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// protobuf reads a file of Protocol Buffers (https://protobuf.dev/reference/protobuf/proto3-spec/).
// What it imports is named, not read.
func (r *reader) protobuf(data []byte) *Spec {
	if nesting(data, "//") > maxBrackets {
		r.report(CodeInvalid, diag.Error, diag.Span{}, fmt.Sprintf("brackets are nested more than %d deep", maxBrackets), "")
		return nil
	}
	p := &protobuf{reader: r, types: map[string]*Type{}, taken: map[string]bool{}}
	handler := reporter.NewHandler(reporter.NewReporter(func(err reporter.ErrorWithPos) error {
		r.report(CodeInvalid, diag.Error, p.spanOf(err), err.Unwrap().Error(), "")
		return nil // and on to the next
	}, nil))
	file, err := parser.Parse(r.name, bytes.NewReader(data), handler)
	if file == nil {
		if err != nil && len(r.found) == 0 {
			r.report(CodeInvalid, diag.Error, diag.Span{}, "cannot be parsed: "+err.Error(), "")
		}
		return nil
	}
	r.spec = &Spec{Family: Protobuf, Format: "Protocol Buffers"}
	if file.Syntax != nil && file.Syntax.Syntax != nil {
		r.spec.Format = "Protocol Buffers " + strings.TrimPrefix(file.Syntax.Syntax.AsString(), "proto")
	}
	p.file = file
	p.read()
	r.spec.nameGroups()
	return r.spec
}

// protobuf is the reading of a file.
type protobuf struct {
	*reader
	file    *ast.FileNode
	pack    string           // package
	imports bool             // it imports others, so that types may be described elsewhere
	types   map[string]*Type // by full name, without a leading dot
	taken   map[string]bool
	order   []message
}

// message is a message or an enumeration that is still to be read.
type message struct {
	*Type
	scope string // full name
	body  []ast.MessageElement
	enum  *ast.EnumNode
}

func (p *protobuf) spanOf(at ast.SourceSpan) diag.Span {
	return diag.Span{File: p.name, Start: diag.Pos{Line: at.Start().Line, Col: at.Start().Col}, End: diag.Pos{Line: at.End().Line, Col: at.End().Col}}
}

func (p *protobuf) read() {
	var services []*ast.ServiceNode
	for _, d := range p.file.Decls {
		switch d := d.(type) {
		case *ast.PackageNode:
			p.pack, p.spec.Description = string(d.Name.AsIdentifier()), p.comment(d)
		case *ast.ImportNode:
			p.imports = true
		case *ast.MessageNode:
			p.declare(p.pack, d.Name, d, d.Decls, nil)
		case *ast.EnumNode:
			p.declare(p.pack, d.Name, d, nil, d)
		case *ast.ServiceNode:
			services = append(services, d)
		}
	}
	p.spec.Title = p.pack
	if p.pack == "" {
		p.spec.Title = path.Base(p.reader.file)
	}
	for _, m := range p.order {
		if m.enum != nil {
			m.Schema = p.enum(m.enum)
		} else {
			m.Schema = &Schema{Kind: "object"}
			p.fields(m.Schema, m.body, m.scope)
		}
	}
	for _, s := range services {
		p.service(s)
	}
}

// declare notes a type under its full name, and those within it.
func (p *protobuf) declare(scope string, name *ast.IdentNode, n ast.Node, body []ast.MessageElement, enum *ast.EnumNode) {
	if len(p.spec.Types) >= maxTypes || name == nil {
		return
	}
	full := join(scope, name.Val)
	t := &Type{Name: strings.TrimPrefix(strings.TrimPrefix(full, p.pack), "."), Kind: "message", Description: p.comment(n), Line: p.file.NodeInfo(n).Start().Line}
	if enum != nil {
		t.Kind = "enum"
	}
	if p.types[full] != nil {
		p.report(CodeInvalid, diag.Error, p.spanOf(p.file.NodeInfo(name)), "there is another "+quoted(t.Name), "rename one")
		return
	}
	p.spec.addType(t)
	p.types[full] = t
	p.order = append(p.order, message{t, full, body, enum})
	for _, d := range body {
		switch d := d.(type) {
		case *ast.MessageNode:
			p.declare(full, d.Name, d, d.Decls, nil)
		case *ast.EnumNode:
			p.declare(full, d.Name, d, nil, d)
		case *ast.GroupNode:
			p.declare(full, d.Name, d, d.Decls, nil)
		case *ast.OptionNode:
			t.Deprecated = t.Deprecated || isDeprecation(d)
		}
	}
}

func join(scope, name string) string {
	if scope == "" {
		return name
	}
	return scope + "." + name
}

func (p *protobuf) enum(n *ast.EnumNode) *Schema {
	x := &Schema{Kind: "string"}
	for _, d := range n.Decls {
		if v, ok := d.(*ast.EnumValueNode); ok && v.Name != nil && len(x.Enum) < maxValues {
			value := Value{Name: v.Name.Val, Description: p.comment(v), Deprecated: deprecated(v.Options)}
			if v.Number != nil {
				value.Number = fmt.Sprint(v.Number.Value())
			}
			x.Enum = append(x.Enum, value)
		}
	}
	return x
}

func (p *protobuf) fields(x *Schema, body []ast.MessageElement, scope string) {
	numbers := map[int]string{}
	add := func(f ast.FieldDeclNode, n ast.Node, oneOf string, s *Schema) {
		name := f.FieldName()
		if name == nil {
			return
		}
		field := Field{Name: nameText(name), OneOf: oneOf, Schema: s}
		if tag, ok := f.FieldTag().(*ast.UintLiteralNode); ok && tag != nil {
			field.Number = int(tag.Val)
		}
		if before, ok := numbers[field.Number]; ok && field.Number != 0 {
			p.report(CodeInvalid, diag.Error, p.spanOf(p.file.NodeInfo(f.FieldTag())), fmt.Sprintf("%s has the number %d, as %s has", field.Name, field.Number, before),
				"give it a number that was never used in this message")
		}
		numbers[field.Number] = field.Name
		s.Description, s.Deprecated, s.Default = p.comment(n), deprecated(f.GetOptions()), defaultOf(f.GetOptions())
		x.Fields = append(x.Fields, field)
	}
	one := func(f *ast.FieldNode, oneOf string) {
		s := p.typed(f.FldType, scope)
		label := ""
		if f.Label.KeywordNode != nil {
			label = f.Label.KeywordNode.Val
		}
		if f.Label.Repeated {
			s = &Schema{Kind: "array", Items: s}
		}
		add(f, f, oneOf, s)
		if len(x.Fields) > 0 {
			x.Fields[len(x.Fields)-1].Required = label == "required"
		}
	}
	for _, d := range body {
		switch d := d.(type) {
		case *ast.FieldNode:
			one(d, "")
		case *ast.GroupNode: // of proto2: a message and a field of it
			if t := p.types[join(scope, d.Name.Val)]; t != nil {
				s := &Schema{Ref: t.ID}
				if d.Label.Repeated {
					s = &Schema{Kind: "array", Items: s}
				}
				add(d, d, "", s)
				x.Fields[len(x.Fields)-1].Name = strings.ToLower(d.Name.Val)
			}
		case *ast.MapFieldNode:
			s := &Schema{Kind: "map", Items: p.typed(d.MapType.ValueType, scope)}
			if key := d.MapType.KeyType.Val; key != "string" {
				s.Format = key
			}
			add(d, d, "", s)
		case *ast.OneofNode:
			for _, o := range d.Decls {
				if f, ok := o.(*ast.FieldNode); ok {
					one(f, d.Name.Val)
				}
			}
		}
	}
}

// scalars are the types that need no description (proto3-spec, "Fields").
var scalars = map[string]bool{
	"double": true, "float": true, "int32": true, "int64": true, "uint32": true, "uint64": true, "sint32": true, "sint64": true, "fixed32": true,
	"fixed64": true, "sfixed32": true, "sfixed64": true, "bool": true, "string": true, "bytes": true,
}

// typed finds a type by its name as it is written within a scope: the innermost that fits.
func (p *protobuf) typed(n ast.IdentValueNode, scope string) *Schema {
	name := string(n.AsIdentifier())
	if scalars[name] {
		return &Schema{Kind: name}
	}
	if full, ok := strings.CutPrefix(name, "."); ok {
		if t := p.types[full]; t != nil {
			return &Schema{Ref: t.ID}
		}
		return p.elsewhere(n, full)
	}
	for at := scope; ; {
		if t := p.types[join(at, name)]; t != nil {
			return &Schema{Ref: t.ID}
		}
		if at == "" {
			return p.elsewhere(n, name)
		}
		at = at[:max(strings.LastIndexByte(at, '.'), 0)]
	}
}

// elsewhere is a type that the file does not describe. It may be in one that it imports.
func (p *protobuf) elsewhere(n ast.IdentValueNode, name string) *Schema {
	if !p.imports {
		var names []string
		for _, t := range p.spec.Types {
			names = append(names, t.Name)
		}
		hint := "describe it, or import the file that does"
		if near, ok := diag.Nearest(name, names); ok {
			hint = "did you mean " + quoted(near) + "?"
		}
		p.report(CodeReference, diag.Error, p.spanOf(p.file.NodeInfo(n)), "there is no type "+quoted(name), hint)
	}
	x := &Schema{Kind: name, sample: cmp.Or(wellKnown[strings.TrimPrefix(name, "google.protobuf.")], "{}")}
	if name == "google.protobuf.Timestamp" {
		x.Format = "date-time"
	}
	return x
}

// wellKnown are examples of the types of google.protobuf that JSON has in ways of their own
// (https://protobuf.dev/programming-guides/json/).
var wellKnown = map[string]string{
	"Timestamp": `"2026-01-31T09:30:00Z"`, "Duration": `"1.5s"`, "FieldMask": `"field"`, "Value": "null", "ListValue": "[]", "NullValue": "null",
	"BoolValue": "true", "StringValue": `"string"`, "BytesValue": `"U2lnbnBvc3Q="`, "DoubleValue": "0", "FloatValue": "0",
	"Int32Value": "0", "Int64Value": "0", "UInt32Value": "0", "UInt64Value": "0",
	"Any": `{"@type": "type.googleapis.com/google.protobuf.Empty"}`,
}

func (p *protobuf) service(s *ast.ServiceNode) {
	if s.Name == nil {
		return
	}
	g := &Group{Title: s.Name.Val, Description: p.comment(s)}
	full := join(p.pack, s.Name.Val)
	old := slices.ContainsFunc(s.Decls, func(d ast.ServiceElement) bool { o, ok := d.(*ast.OptionNode); return ok && isDeprecation(o) })
	for _, d := range s.Decls {
		rpc, ok := d.(*ast.RPCNode)
		if !ok || rpc.Name == nil || rpc.Input == nil || rpc.Output == nil || len(p.taken) >= maxOperations {
			continue
		}
		op := &Operation{
			ID:   unique("op-"+slug(s.Name.Val+"."+rpc.Name.Val), func(id string) bool { return p.taken[id] }),
			Name: full + "/" + rpc.Name.Val, Method: "rpc", Path: s.Name.Val + "/" + rpc.Name.Val, Description: p.comment(rpc),
			Line: p.file.NodeInfo(rpc).Start().Line, Deprecated: old,
		}
		p.taken[op.ID] = true
		for _, o := range rpc.Decls {
			if option, ok := o.(*ast.OptionNode); ok {
				op.Deprecated = op.Deprecated || isDeprecation(option)
			}
		}
		in, out := p.side(rpc.Input, full), p.side(rpc.Output, full)
		in.Name, out.Name = "Request", "Response"
		op.Request, op.Responses = &in, []Payload{out}
		op.Command = grpcurl(op, in)
		g.Operations = append(g.Operations, op)
	}
	if len(g.Operations) > 0 {
		p.spec.Groups = append(p.spec.Groups, g)
	}
}

// side is what an rpc takes or gives.
func (p *protobuf) side(n *ast.RPCTypeNode, scope string) Payload {
	x := p.typed(n.MessageType, scope)
	return Payload{Stream: n.Stream != nil, Bodies: []Body{{Schema: x, Example: p.spec.Made(x), Made: true}}}
}

// grpcurl writes a call by grpcurl, which takes messages as JSON.
func grpcurl(op *Operation, in Payload) string {
	data := in.Bodies[0].Example
	if data == "" {
		data = "{}"
	}
	return "grpcurl -d " + shellQuote(data) + " \\\n  HOST:PORT " + shellQuote(op.Name)
}

// comment is what stands above a declaration, without its marks, or behind it on its line.
func (p *protobuf) comment(n ast.Node) string {
	info := p.file.NodeInfo(n)
	text := commentText(info.LeadingComments(), info.Start().Line)
	if text == "" {
		text = commentText(info.TrailingComments(), 0)
	}
	return text
}

// commentText is the text of comments that stand directly above a line; 0 is any.
func commentText(all ast.Comments, line int) string {
	first := all.Len()
	for ; first > 0; first-- { // what is further up, after a blank line, is about something else
		c := all.Index(first - 1)
		if line != 0 && c.End().Line < line-1 {
			break
		}
		line = c.Start().Line
	}
	var lines []string
	for i := first; i < all.Len(); i++ {
		raw := all.Index(i).RawText()
		if text, ok := strings.CutPrefix(raw, "//"); ok {
			lines = append(lines, strings.TrimPrefix(strings.TrimRight(text, " \t\r\n"), " "))
			continue
		}
		raw = strings.TrimSuffix(strings.TrimLeft(strings.TrimPrefix(raw, "/*"), "*"), "*/")
		for _, l := range strings.Split(raw, "\n") {
			lines = append(lines, strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(l), "*"), " "))
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func deprecated(options *ast.CompactOptionsNode) bool {
	if options == nil {
		return false
	}
	for _, o := range options.Options {
		if isDeprecation(o) {
			return true
		}
	}
	return false
}

func isDeprecation(o *ast.OptionNode) bool {
	return isOption(o, "deprecated") && fmt.Sprint(o.Val.Value()) == "true"
}

func isOption(o *ast.OptionNode, name string) bool {
	if o.Name == nil || len(o.Name.Parts) != 1 || o.Name.Parts[0].Name == nil || o.Val == nil {
		return false
	}
	return string(o.Name.Parts[0].Name.AsIdentifier()) == name
}

// defaultOf is what a field of proto2 is if it is not given.
func defaultOf(options *ast.CompactOptionsNode) string {
	if options == nil {
		return ""
	}
	for _, o := range options.Options {
		if isOption(o, "default") {
			return shorten(fmt.Sprint(o.Val.Value()), 200)
		}
	}
	return ""
}

// nameText is the name of a field.
func nameText(n ast.Node) string {
	if id, ok := n.(*ast.IdentNode); ok && id != nil {
		return id.Val
	}
	return ""
}
