package site

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/apispec"
	"github.com/signpost-dev/signpost/pkg/diag"
)

// specViewer turns what a description says into views for one page.
type specViewer struct {
	*planner
	*apispec.Spec
	layout *specLayout
	from   string
	room   int    // rows that may still be shown of the present type
	need   string // what it means that a field must be there
	other  string // the access of fields that do not go this way
}

func (v *specViewer) markdown(text string, level int) template.HTML {
	return v.Texts.Fragment(text, level)
}

func (v *specViewer) operation(op *apispec.Operation) OperationView {
	view := OperationView{
		OperationRow: OperationRow{
			Method: op.Method, Tone: tones[op.Method], Link: Link{Text: op.Path, Href: "#" + op.ID}, Summary: op.Summary, Deprecated: op.Deprecated,
		},
		ID: op.ID, Name: op.Name, Title: cmp.Or(op.Summary, op.Name, op.Title()), Description: v.markdown(op.Description, 4),
		Server: op.Server, Auth: op.Auth, Parameters: append(v.parameters(op.Parameters), v.bindings(op.Bindings)...), Source: v.source(op.File, op.Line),
	}
	switch {
	case len(op.Summary) > 100:
		view.Title = cmp.Or(op.Name, op.Title())
	case v.Family == apispec.AsyncAPI: // summaries say when a message comes, in whole sentences
		view.Title = cmp.Or(op.Name, view.Title)
	case op.Method == "callback": // of which the summary is where it goes
		view.Title = cmp.Or(op.Name, op.Path)
	case v.Family == apispec.Protobuf:
		view.Title = op.Path[strings.LastIndexByte(op.Path, '/')+1:]
	}
	view.Answers = "What comes back"
	if v.Family == apispec.AsyncAPI {
		view.Answers = "Messages"
	}
	v.need = needed
	if op.Request != nil {
		v.other = "read only"
		request := v.payload(*op.Request, true)
		request.Title = cmp.Or(op.Request.Name, "Request body")
		if op.Request.Stream {
			request.Title += ", a stream"
		}
		view.Request = &request
	}
	v.need, v.other = v.given(), "write only"
	whole := true // of one response the type is shown in full, of others it is named
	for _, r := range op.Responses {
		good := v.Family != apispec.OpenAPI || strings.HasPrefix(r.Name, "2")
		view.Responses = append(view.Responses, v.response(r, good && whole))
		whole = whole && !(good && v.Family == apispec.OpenAPI)
	}
	v.other = ""
	view.Code = v.code(op)
	return view
}

// needed is what a caller has to give.
const needed = "required"

// given is what it means of a field that comes back that it must be there.
func (v *specViewer) given() string {
	switch v.Family {
	case apispec.GraphQL:
		return "never null"
	case apispec.AsyncAPI:
		return needed
	}
	return "" // of most interfaces that would stand beside every field
}

func (v *specViewer) response(r apispec.Payload, whole bool) PayloadView {
	view := v.payload(r, whole)
	view.Required = false
	if v.Family != apispec.OpenAPI {
		view.Title = r.Name
		if r.Stream {
			view.Title += ", a stream"
		}
		if r.Required && v.Family == apispec.GraphQL {
			view.Notes = append(view.Notes, v.given())
		}
		return view
	}
	view.Status = r.Name
	switch r.Name[0] {
	case '2':
		view.Tone = Good
	case '4', '5':
		view.Tone = Warns
	}
	return view
}

// source leads to a line of a file in the repository; empty is that of the description.
func (v *specViewer) source(file string, line int) Link {
	if line == 0 {
		return Link{}
	}
	to := v.ViewURL(diag.Span{File: v.Prefix + cmp.Or(file, v.layout.File), Start: diag.Pos{Line: line, Col: 1}})
	if to == "" {
		return Link{}
	}
	return Link{Text: "line " + strconv.Itoa(line), Href: to}
}

// places are where parameters stand, in the order shown.
var parameterPlaces = []struct{ in, title string }{
	{"path", "Path parameters"},
	{"query", "Query parameters"},
	{"querystring", "Query"},
	{"header", "Headers"},
	{"cookie", "Cookies"},
	{"argument", "Arguments"},
	{"channel", "Parameters of the channel"},
}

// bindings are what a message system is told, in rows like those of parameters.
func (v *specViewer) bindings(all []apispec.Binding) []FieldGroup {
	if len(all) == 0 {
		return nil
	}
	g := FieldGroup{Title: "Bindings"}
	for _, b := range all {
		g.Rows = append(g.Rows, FieldView{Name: b.Protocol, Type: []Link{{Text: b.Of}}, Notes: b.Settings})
	}
	return []FieldGroup{g}
}

func (v *specViewer) parameters(all []apispec.Parameter) []FieldGroup {
	var groups []FieldGroup
	for _, p := range parameterPlaces {
		g := FieldGroup{Title: p.title}
		for _, param := range all {
			if param.In == p.in {
				g.Rows = append(g.Rows, v.parameter(param))
			}
		}
		if len(g.Rows) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

func (v *specViewer) parameter(p apispec.Parameter) FieldView {
	v.room = apispec.MostRows
	x := p.Schema
	if x == nil {
		x = &apispec.Schema{Kind: "string"}
	}
	inner := *x
	inner.Description = ""
	if p.Example != "" {
		inner.Example = ""
	}
	before := v.need
	v.need = needed
	f := v.field(apispec.Field{Name: p.Name, Required: p.Required, Schema: &inner})
	v.need = before
	f.Description, f.Deprecated = v.markdown(p.Description, 5), p.Deprecated
	if way := p.Way(); way != "" {
		f.Notes = append(f.Notes, way)
	}
	if p.Example != "" {
		f.Notes = append(f.Notes, "example "+p.Example)
	}
	return f
}

func (v *specViewer) payload(p apispec.Payload, whole bool) PayloadView {
	view := PayloadView{Notes: p.Notes, Required: p.Required, Description: v.markdown(p.Description, 5)}
	for _, h := range p.Headers {
		view.Headers = append(view.Headers, v.parameter(h))
	}
	for _, b := range p.Bodies {
		body := BodyView{Media: b.Media}
		if b.Schema != nil {
			body.Type = v.words(b.Schema)
			v.room = apispec.MostRows
			if whole || !hasName(b.Schema) {
				body.Shape, body.Notes = v.shape(b.Schema, true), v.notes(v.Described(b.Schema))
			}
		}
		view.Bodies = append(view.Bodies, body)
	}
	return view
}

// hasName reports whether a type, or what a list of it holds, is described elsewhere.
func hasName(x *apispec.Schema) bool {
	for x != nil && x.Items != nil {
		x = x.Items
	}
	return x != nil && x.Ref != ""
}

// code is what to copy, and examples.
func (v *specViewer) code(op *apispec.Operation) []CodeView {
	var all []CodeView
	if op.Query != "" {
		all = append(all, CodeView{Title: "Query", HTML: v.Texts.Code("graphql", op.Query)})
	}
	if op.Command != "" {
		title, _, _ := strings.Cut(op.Command, " ")
		language := "bash"
		if v.Family == apispec.Protobuf {
			language = "json" // most of it is the message
		}
		all = append(all, CodeView{Title: title, HTML: v.Texts.Code(language, op.Command)})
	}
	if op.Request != nil {
		if i := slices.IndexFunc(op.Request.Bodies, func(b apispec.Body) bool { return len(b.Named) > 0 }); i >= 0 {
			for _, e := range op.Request.Bodies[i].Named {
				all = append(all, CodeView{Title: "Request", Note: e.Name, HTML: v.Texts.Code("json", e.Text)})
			}
		}
	}
	before := len(all)
	for _, r := range op.Responses {
		for _, b := range r.Bodies {
			if b.Example == "" || v.Family == apispec.OpenAPI && !strings.HasPrefix(r.Name, "2") {
				continue
			}
			c := CodeView{Title: "Response " + r.Name, HTML: v.Texts.Code("json", b.Example)}
			if v.Family != apispec.OpenAPI {
				c.Title = r.Name
			}
			if b.Made {
				c.Note = "made from the type"
			}
			for _, e := range b.Named {
				all = append(all, CodeView{Title: c.Title, Note: e.Name, HTML: v.Texts.Code("json", e.Text)})
			}
			if len(b.Named) == 0 {
				all = append(all, c)
			}
			break
		}
		if v.Family == apispec.OpenAPI && len(all) > before {
			break
		}
	}
	return all
}

// named is a named type in full.
func (v *specViewer) named(t *apispec.Type) TypeView {
	v.room, v.need = apispec.MostRows, needed
	if v.Family == apispec.GraphQL && t.Kind != "input" {
		v.need = v.given()
	}
	view := TypeView{ID: t.ID, Name: t.Name, Kind: t.Kind, Deprecated: t.Deprecated, Description: v.markdown(t.Description, 4), Source: v.source(t.File, t.Line)}
	if x := t.Schema; x != nil {
		view.Shape, view.Notes = v.shape(x, false), v.notes(x)
		if len(x.Fields) == 0 && len(x.Enum) == 0 || x.Combine != "" {
			view.Type = v.words(x)
		}
	}
	return view
}

// shape is what is inside of a type. Named types are opened where they are what a body is,
// and are links further in.
func (v *specViewer) shape(x *apispec.Schema, open bool) Shape {
	var s Shape
	for hops := 0; x.Items != nil && hops < 8; hops++ {
		x = x.Items
	}
	if x.Ref != "" {
		t := v.Type(x.Ref)
		if !open || t == nil || t.Schema == nil {
			return s
		}
		x = t.Schema
	}
	fields := x.Fields
	if x.Combine == "all of" {
		fields = v.AllFields(x)
	}
	for i, f := range fields {
		if v.other != "" && v.Described(f.Schema).Access == v.other {
			continue
		}
		if v.room <= 0 {
			s.More = strconv.Itoa(len(fields)-i) + " more " + plural(len(fields)-i, "field") + " in the file"
			break
		}
		s.Fields = append(s.Fields, v.field(f))
	}
	for i, e := range x.Enum {
		if i == apispec.MostRows {
			s.More = strconv.Itoa(len(x.Enum)-i) + " more values in the file"
			break
		}
		value := ValueView{Name: e.Name, Description: v.markdown(e.Description, 5), Deprecated: e.Deprecated}
		if e.Number != "" {
			value.Name += " = " + e.Number
		}
		s.Values = append(s.Values, value)
	}
	if x.Combine == "one of" || x.Combine == "any of" {
		v.variants(&s, x)
	}
	if x.Cut && s.More == "" {
		s.More = "more in the file"
	}
	return s
}

// variants lists the choices of a type that have no name.
func (v *specViewer) variants(s *Shape, x *apispec.Schema) {
	for i, variant := range x.Variants {
		if v.room <= 0 {
			s.More = strconv.Itoa(len(x.Variants)-i) + " more choices in the file"
			return
		}
		if hasName(variant) && len(x.Variants) <= mostWords {
			continue // the words that say what it is have a link
		}
		s.Fields = append(s.Fields, v.field(apispec.Field{Name: "choice " + strconv.Itoa(i+1), Schema: variant}))
	}
}

func (v *specViewer) field(f apispec.Field) FieldView {
	v.room--
	view := FieldView{
		Name: f.Name, Type: v.words(f.Schema), Deprecated: f.Deprecated,
		Notes: v.notes(f.Schema), Description: v.markdown(f.Description, 5),
	}
	if f.Required {
		view.Need = v.need
	}
	if f.OneOf != "" {
		view.Notes = append(view.Notes, "one of "+f.OneOf)
	}
	if f.Number != 0 {
		view.Type = append(view.Type, Link{Text: " = " + strconv.Itoa(f.Number)})
	}
	view.Inner = v.shape(f.Schema, false)
	for _, a := range f.Args {
		room := v.room
		arg := v.parameter(a)
		v.room = room - 1
		view.Inner.Fields = append(view.Inner.Fields, arg)
	}
	if n := len(view.Inner.Values); n > 0 && n <= 12 && len(view.Inner.Fields) == 0 {
		names := make([]string, n)
		for i, value := range view.Inner.Values {
			names[i] = value.Name
		}
		view.Inner.Values = nil
		view.Notes = append([]string{"one of " + strings.Join(names, ", ")}, view.Notes...)
	}
	return view
}

func (v *specViewer) notes(x *apispec.Schema) []string {
	var notes []string
	if x.Nullable {
		notes = append(notes, "may be null")
	}
	if x.Items != nil && x.Items.Nullable {
		notes = append(notes, "items may be null")
	}
	if x.Access != "" {
		notes = append(notes, x.Access)
	}
	notes = append(notes, x.Limits...)
	if x.Tag != "" {
		notes = append(notes, v.told(x))
	}
	if x.Default != "" {
		notes = append(notes, "default "+x.Default)
	}
	if x.Example != "" {
		notes = append(notes, "example "+x.Example)
	}
	return notes
}

// told says by which field the variants of a type are told apart.
func (v *specViewer) told(x *apispec.Schema) string {
	var all []string
	for i, tag := range x.Tags[:min(len(x.Tags), 12)] {
		if name := v.Words(x.Variants[i]); name != tag {
			tag += " for " + name
		}
		all = append(all, tag)
	}
	if len(all) < len(x.Tags) {
		all = append(all, "…")
	}
	return "told apart by " + x.Tag + ": " + strings.Join(all, ", ")
}

// mostWords is how many choices are named in the words for a type.
const mostWords = 4

// words says what a type is, with links to named ones.
func (v *specViewer) words(x *apispec.Schema) []Link {
	switch {
	case x == nil:
		return []Link{{Text: "any value"}}
	case x.Ref != "":
		return []Link{v.layout.link(v.from, x.Ref, v.Words(x))}
	case x.Kind == "array" && x.Items != nil:
		return append([]Link{{Text: "array of "}}, v.words(x.Items)...)
	case x.Kind == "map" && x.Items != nil:
		words := append([]Link{{Text: "map of "}}, v.words(x.Items)...)
		if x.Format != "" {
			words = append(words, Link{Text: " by " + x.Format})
		}
		return words
	case x.Kind == "" && x.Combine != "" && len(x.Fields) == 0 && len(x.Variants) <= mostWords:
		joint := " or "
		if x.Combine == "all of" {
			joint = " and "
		}
		var parts []Link
		for i, variant := range x.Variants {
			if i > 0 {
				parts = append(parts, Link{Text: joint})
			}
			parts = append(parts, v.words(variant)...)
		}
		return parts
	}
	return []Link{{Text: v.Words(x)}}
}
