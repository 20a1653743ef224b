package apispec

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// What one description may cost. The size, the depth and the number of values of YAML and
// JSON files are those of [source.SpecLimits].
const (
	maxFiles      = 100      // that one description is spread over
	maxTotal      = 64 << 20 // bytes of them together
	maxOperations = 20_000
	maxTypes      = 50_000
	maxSchemas    = 1_000_000 // places where a type is described, in all
	maxDepth      = 24        // types described within one another, without names
	maxFindings   = 100
	maxTextBytes  = 2 << 20 // of a file in a language other than YAML and JSON
)

// The codes of findings.
const (
	CodeInvalid     = "api-spec-invalid"
	CodeReference   = "api-spec-reference"
	CodeOperation   = "api-spec-operation"
	CodeUnsupported = "api-spec-unsupported"
)

// Files are the files that a description may be spread over. A [source.Tree] is one.
type Files interface {
	Read(path string, limit int64) ([]byte, error)
	Name(path string) string // of a file as reports show it
}

// Read reads the description in a file, given by its path in the tree. What is wrong in it
// is found, and the rest read; the result is nil if there is nothing to show. used are all
// the files that it is made of, with what they held.
func Read(files Files, file string) (s *Spec, used []Used, found []diag.Diagnostic) {
	r := newReader(files, file)
	s = r.read()
	return s, r.used, diag.Sort(r.found)
}

func newReader(files Files, file string) *reader {
	return &reader{files: files, file: file, name: files.Name(file), opened: map[string]*opened{}}
}

// Used is a file that a description is made of.
type Used struct {
	File   string       // path in the tree
	Digest cache.Digest // zero if it could not be read
	Size   int
}

// reader reads one description.
type reader struct {
	files    Files
	file     string // path in the tree
	name     string // as reports show it
	spec     *Spec
	used     []Used
	total    int
	opened   map[string]*opened
	found    []diag.Diagnostic
	silences []diag.Silence
	hushed   int // findings beyond the limit
}

// opened is a file that was read.
type opened struct {
	root *source.Node
	why  string // there is no root

	anchors map[string]string // pointers by name, once they were asked for
}

func (r *reader) read() *Spec {
	switch strings.ToLower(path.Ext(r.file)) {
	case ".graphql", ".graphqls", ".gql":
		return r.text(r.graphql)
	case ".proto":
		return r.text(r.protobuf)
	case ".yaml", ".yml", ".json":
		return r.nodes()
	}
	if _, ok := r.load(r.file, source.SpecLimits.Bytes); !ok {
		return nil
	}
	r.report(CodeUnsupported, diag.Warning, diag.Span{}, "the ending of this file is none of an API description that can be shown",
		"OpenAPI and AsyncAPI end in .yaml, .yml or .json, GraphQL in .graphql, protobuf in .proto")
	return nil
}

// text reads a file in a language of its own.
func (r *reader) text(parse func(data []byte) *Spec) *Spec {
	data, ok := r.load(r.file, maxTextBytes)
	if !ok {
		return nil
	}
	return parse(data)
}

// load returns what a file of the tree holds.
func (r *reader) load(file string, limit int64) ([]byte, bool) {
	data, err := r.files.Read(file, limit)
	if err != nil {
		r.used = append(r.used, Used{File: file})
		if !errors.Is(err, fs.ErrNotExist) { // the rule link-broken says that
			r.report(CodeInvalid, diag.Error, diag.Span{}, "cannot be read: "+err.Error(), "")
		}
		return nil, false
	}
	r.used = append(r.used, Used{file, cache.DigestOf(data), len(data)})
	r.total += len(data)
	r.silence(file, data)
	return data, true
}

// silence notes the comments of a file that silence findings. JSON has no comments.
func (r *reader) silence(file string, data []byte) {
	if !strings.EqualFold(path.Ext(file), ".json") {
		r.silences = append(r.silences, diag.Silences(r.files.Name(file), data)...)
	}
}

// nodes reads YAML or JSON.
func (r *reader) nodes() *Spec {
	data, ok := r.load(r.file, source.SpecLimits.Bytes)
	if !ok {
		return nil
	}
	root := r.decode(r.name, data)
	if root == nil {
		return nil
	}
	r.opened[r.file] = &opened{root: root}
	version := func(key string) string { return root.Field(key).Text() }
	switch {
	case strings.HasPrefix(version("openapi"), "3."):
		return r.openapi(root)
	case root.Field("openapi") != nil:
		r.at(CodeUnsupported, root.Field("openapi"), "OpenAPI "+quoted(version("openapi"))+" is not supported", "write it as OpenAPI 3.0 or 3.1")
	case root.Field("swagger") != nil:
		r.report(CodeUnsupported, diag.Warning, root.Field("swagger").Span(), "OpenAPI 2 (Swagger) is not supported: the page of this API links to the file, but does not show what is in it",
			"convert it to OpenAPI 3, which most frameworks can write")
	case strings.HasPrefix(version("asyncapi"), "2."), strings.HasPrefix(version("asyncapi"), "3."):
		return r.asyncapi(root)
	case root.Field("asyncapi") != nil:
		r.at(CodeUnsupported, root.Field("asyncapi"), "AsyncAPI "+quoted(version("asyncapi"))+" is not supported", "write it as AsyncAPI 2 or 3")
	default:
		r.report(CodeInvalid, diag.Error, start(root), "this is no description of an API: it says neither openapi nor asyncapi",
			"begin with `openapi: 3.1.0` or `asyncapi: 3.0.0`")
	}
	return nil
}

// decode parses YAML or JSON. A description that does not parse is no reason to stop a
// build: its page says so.
func (r *reader) decode(name string, data []byte) *source.Node {
	documents, found := source.Decode(name, data, source.SpecLimits)
	for _, d := range found {
		if d.Severity == diag.Error {
			d.Code, d.Unread = CodeInvalid, false
			r.add(d)
		}
	}
	if len(documents) == 0 {
		if len(found) == 0 {
			r.add(diag.Diagnostic{Span: diag.Span{File: name}, Severity: diag.Error, Code: CodeInvalid, Message: "the file is empty"})
		}
		return nil
	}
	return documents[0].Root
}

// add adds a finding, until there are too many.
func (r *reader) add(d diag.Diagnostic) {
	if d.Span.File == "" {
		d.Span.File = r.name
	}
	if slices.ContainsFunc(r.found, func(f diag.Diagnostic) bool { return f.Span == d.Span && f.Message == d.Message }) {
		return // what is referred to is read for each reference
	}
	if len(r.found) < maxFindings {
		r.found = append(r.found, d)
		return
	}
	if r.hushed++; r.hushed == 1 {
		r.found[maxFindings-1] = diag.Diagnostic{
			Span: diag.Span{File: r.name}, Severity: diag.Error, Code: CodeInvalid,
			Message: fmt.Sprintf("more than %d things are wrong in this file; the others are not listed", maxFindings-1),
			Hint:    "mend these first",
		}
	}
}

func (r *reader) report(code string, severity diag.Severity, span diag.Span, message, hint string) {
	r.add(diag.Diagnostic{Span: span, Severity: severity, Code: code, Message: message, Hint: hint})
}

// at reports a mistake at a value; one of several lines is marked where it begins.
func (r *reader) at(code string, n *source.Node, message, hint string) {
	r.report(code, diag.Error, start(n), message, hint)
}

// atKey reports a mistake at the key of a value.
func (r *reader) atKey(code string, n *source.Node, message, hint string) {
	r.report(code, diag.Error, n.KeySpan(), message, hint)
}

// kinds holds the values under some keys against the kinds that they have to be of. A number
// or a yes stands for the text that it is.
func (r *reader) kinds(n *source.Node, want map[string]source.Kind) {
	for _, c := range n.Children() {
		kind, known := want[c.Name()]
		nested := c.Kind() == source.List || c.Kind() == source.Map
		switch {
		case !known, c.Kind() == kind, c.Kind() == source.Null, kind == source.String && !nested:
		case kind == source.Map:
			r.at(CodeInvalid, c, quoted(c.Name())+" is a map", "write keys and values below it")
		case kind == source.List:
			hint := "begin each part with a hyphen, or put them in [ ]"
			if c.Name() == "required" {
				hint = "list the names of the fields that are required, beside properties"
			}
			r.at(CodeInvalid, c, quoted(c.Name())+" is a list", hint)
		default:
			r.at(CodeInvalid, c, quoted(c.Name())+" is a text", "")
		}
	}
}

// Of what kind values are, in an operation and in a schema.
var (
	ofOperation = map[string]source.Kind{
		"summary": source.String, "description": source.String, "operationId": source.String, "tags": source.List, "parameters": source.List,
		"servers": source.List, "security": source.List, "requestBody": source.Map, "responses": source.Map, "callbacks": source.Map,
	}
	ofContent = map[string]source.Kind{
		"description": source.String, "content": source.Map, "headers": source.Map, "links": source.Map, "examples": source.Map,
	}
	ofSchema = map[string]source.Kind{
		"description": source.String, "title": source.String, "format": source.String, "required": source.List, "enum": source.List, "properties": source.Map,
		"patternProperties": source.Map, "allOf": source.List, "oneOf": source.List, "anyOf": source.List, "prefixItems": source.List,
	}
)

// start is the place of a value, or where it begins if it has several lines.
func start(n *source.Node) diag.Span {
	s := n.Span()
	if s.End.Line > s.Start.Line {
		s.End = s.Start
	}
	return s
}

func quoted(text string) string { return `"` + shorten(text, 60) + `"` }

// target is what a reference leads to.
type target struct {
	node    *source.Node
	pointer string // in its file
	file    string // path in the tree
}

var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:|^//`)

// follow follows a reference that is written in a file of the tree. What leads nowhere is
// found.
func (r *reader) follow(ref *source.Node, from string) (target, bool) {
	text := ref.Text()
	file, pointer, _ := strings.Cut(text, "#")
	if scheme.MatchString(file) {
		r.at(CodeReference, ref, "the reference "+quoted(text)+" leads to another host, where nothing is read", "copy what it leads to into the catalog")
		return target{}, false
	}
	to := from
	if file != "" {
		to = path.Join(path.Dir(from), unescapeURL(file))
	}
	root, why := r.open(to)
	if root == nil {
		r.at(CodeReference, ref, "the reference "+quoted(text)+" leads nowhere: "+why, "")
		return target{}, false
	}
	pointer = unescapeURL(pointer)
	if at, ok := r.anchors(to, root, pointer)[pointer]; ok {
		pointer = at
	}
	node := root.At(pointer)
	if node == nil {
		hint := ""
		if near := nearPointer(root, pointer); near != "" {
			hint = "did you mean " + quoted(file+"#"+near) + "?"
		}
		r.at(CodeReference, ref, "the reference "+quoted(text)+" leads nowhere", hint)
		return target{}, false
	}
	return target{node, pointer, to}, true
}

// anchors are the pointers to what a file names by $anchor (JSON Schema 2020-12, section 8.2.2),
// if it is a name that is asked for.
func (r *reader) anchors(file string, root *source.Node, name string) map[string]string {
	o := r.opened[file]
	if name == "" || name[0] == '/' {
		return nil
	}
	if o.anchors == nil {
		o.anchors = map[string]string{}
		o.collectAnchors(root, "")
	}
	return o.anchors
}

func (o *opened) collectAnchors(n *source.Node, pointer string) {
	if a := n.Field("$anchor"); a.Kind() == source.String {
		o.anchors[a.Text()] = pointer
	}
	for i, c := range n.Children() {
		step := escapePointer(c.Name())
		if n.Kind() == source.List {
			step = strconv.Itoa(i)
		}
		o.collectAnchors(c, pointer+"/"+step)
	}
}

// resolve follows a value that may be a reference to where it is described, and says in
// which file that is. A circle leads nowhere.
func (r *reader) resolve(n *source.Node, from string) (*source.Node, string) {
	for range maxDepth {
		ref := n.Field("$ref")
		if ref == nil {
			return n, from
		}
		to, ok := r.follow(ref, from)
		if !ok {
			return nil, from
		}
		n, from = to.node, to.file
	}
	r.at(CodeReference, n.Field("$ref"), "this reference leads in a circle", "say in one place what is meant")
	return nil, from
}

// nearPointer returns a pointer that is one slip away.
func nearPointer(root *source.Node, pointer string) string {
	i := strings.LastIndexByte(pointer, '/')
	if i < 0 {
		return ""
	}
	var names []string
	for _, c := range root.At(pointer[:i]).Children() {
		if c.Name() != "" && len(names) < 2_000 {
			names = append(names, c.Name())
		}
	}
	if near, ok := diag.Nearest(pointer[i+1:], names); ok {
		return pointer[:i+1] + near
	}
	return ""
}

// open returns the root of a file of the tree, or why there is none.
func (r *reader) open(file string) (*source.Node, string) {
	if known := r.opened[file]; known != nil {
		return known.root, known.why
	}
	o := &opened{}
	r.opened[file] = o
	switch strings.ToLower(path.Ext(file)) {
	case ".yaml", ".yml", ".json":
	default:
		o.why = "only YAML and JSON files are read"
		return nil, o.why
	}
	if file == ".." || strings.HasPrefix(file, "../") || path.IsAbs(file) {
		o.why = "it leads out of the catalog"
		return nil, o.why
	}
	if len(r.opened) > maxFiles || r.total > maxTotal {
		o.why = fmt.Sprintf("a description may be spread over %d files of %d MiB in all", maxFiles, maxTotal>>20)
		return nil, o.why
	}
	data, err := r.files.Read(file, source.SpecLimits.Bytes)
	if err != nil {
		r.used = append(r.used, Used{File: file}) // if it is made, this is to be read again
		o.why = err.Error()
		if errors.Is(err, fs.ErrNotExist) {
			o.why = "there is no file " + r.files.Name(file) + " in the catalog"
		}
		return nil, o.why
	}
	r.used = append(r.used, Used{file, cache.DigestOf(data), len(data)})
	r.total += len(data)
	r.silence(file, data)
	if o.root = r.decode(r.files.Name(file), data); o.root == nil {
		o.why = "the file cannot be read"
	}
	return o.root, o.why
}
