package apispec

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// openapi reads a description by the OpenAPI Specification 3.0 or 3.1
// (https://spec.openapis.org/oas/v3.1.1.html).
func (r *reader) openapi(root *source.Node) *Spec {
	version := root.Field("openapi").Text()
	major, _, _ := strings.Cut(version[2:], ".")
	r.spec = &Spec{Family: OpenAPI, Format: "OpenAPI 3." + major}
	r.info(root)
	o := &openapi{
		schemas: &schemas{reader: r, known: map[string]*Type{}, places: map[*Type]diag.Span{}}, root: root,
		ids: map[string]*source.Node{}, routes: map[string]*source.Node{}, taken: map[string]bool{},
	}
	r.kinds(root, map[string]source.Kind{"servers": source.List, "tags": source.List, "security": source.List, "components": source.Map, "webhooks": source.Map})
	for _, s := range root.Field("servers").Children() {
		r.spec.Servers = append(r.spec.Servers, Server{URL: serverURL(s), Variables: variables(s), Description: firstLine(s.Field("description").Text())})
	}
	o.auth(root.Field("components").Field("securitySchemes"))
	o.declare(root.Field("components").Field("schemas"), "/components/schemas")
	o.groups()
	if root.Field("paths") == nil && root.Field("webhooks") == nil && (major == "0" || root.Field("components") == nil) {
		r.at(CodeInvalid, root, "there are no paths", "list what can be asked for under `paths`")
	}
	o.paths(root.Field("paths"))
	o.webhooks(root.Field("webhooks"))
	o.finish()
	o.settle()
	return r.spec
}

// openapi is the reading of an OpenAPI description.
type openapi struct {
	*schemas
	root    *source.Node
	ids     map[string]*source.Node // operationId → where it was given first
	routes  map[string]*source.Node // method and path without names → the same
	taken   map[string]bool         // anchors
	grouped map[string]*Group       // by tag
	listed  int
}

// info reads what OpenAPI and AsyncAPI say of themselves in the same way.
func (r *reader) info(root *source.Node) {
	info := root.Field("info")
	if info == nil {
		r.at(CodeInvalid, root, "the description does not say what it is of: info is missing", "add `info:` with title and version")
		return
	}
	r.spec.Title, r.spec.Version, r.spec.Description = info.Field("title").Text(), info.Field("version").Text(), info.Field("description").Text()
	for _, key := range []string{"title", "version"} {
		if info.Field(key).Text() == "" {
			r.atKey(CodeInvalid, info, "info has no "+key, "add `"+key+":`")
		}
	}
}

// serverURL is the address of a server, with its variables at their defaults.
func serverURL(s *source.Node) string { return withVariables(s.Field("url").Text(), s) }

// withVariables puts the variables of a server into its address.
func withVariables(url string, s *source.Node) string {
	for _, v := range s.Field("variables").Children() {
		if value := v.Field("default").Text(); value != "" {
			url = strings.ReplaceAll(url, "{"+v.Name()+"}", value)
		}
	}
	return url
}

// variables are what may stand in the address of a server instead.
func variables(s *source.Node) []Parameter {
	var all []Parameter
	for _, v := range s.Field("variables").Children() {
		x := &Schema{Kind: "string", Default: v.Field("default").Text()}
		for _, e := range v.Field("enum").Children() {
			x.Enum = append(x.Enum, Value{Name: e.Text()})
		}
		all = append(all, Parameter{Name: v.Name(), In: "server", Description: v.Field("description").Text(), Schema: x})
	}
	return all
}

func (o *openapi) auth(n *source.Node) {
	for _, c := range n.Children() {
		scheme, _ := o.resolve(c, o.file)
		a := readAuth(scheme)
		a.ID = c.Name()
		if a.Words == "" {
			o.atKey(CodeInvalid, c, fmt.Sprintf("the security scheme %s has no type that is known", quoted(c.Name())), "the types are apiKey, http, mutualTLS, oauth2 and openIdConnect")
			a.Words = c.Name()
		}
		if a.kind == "apiKey" && o.spec.Family == OpenAPI && (a.name == "" || !slices.Contains([]string{"query", "header", "cookie"}, a.in)) {
			o.atKey(CodeInvalid, c, "the API key "+quoted(c.Name())+" does not say where it is put", "add `name:`, and `in:` as query, header or cookie")
		}
		o.spec.Auth = append(o.spec.Auth, a)
	}
}

// readAuth says in words how a caller says who it is.
func readAuth(n *source.Node) Auth {
	a := Auth{Description: n.Field("description").Text(), in: n.Field("in").Text(), name: n.Field("name").Text(), kind: n.Field("type").Text()}
	switch a.kind {
	case "http":
		scheme := strings.ToLower(n.Field("scheme").Text())
		a.kind = "http " + scheme
		switch scheme {
		case "bearer":
			a.Words = "Bearer token"
			if format := n.Field("bearerFormat").Text(); format != "" {
				a.Words += " (" + format + ")"
			}
		case "basic":
			a.Words = "User name and password (HTTP Basic)"
		default:
			a.Words = "HTTP " + n.Field("scheme").Text()
		}
	case "apiKey", "httpApiKey":
		a.Words = "API key"
		if a.in == "user" || a.in == "password" { // of AsyncAPI
			a.Words += " as " + a.in
		} else if a.name != "" {
			a.Words += " in " + a.in + " " + a.name
		}
	case "oauth2":
		a.Words = "OAuth 2"
		var flows []string
		for _, f := range n.Field("flows").Children() {
			flows = append(flows, flowNames[f.Name()])
			for _, key := range []string{"authorizationUrl", "tokenUrl"} {
				if url := f.Field(key).Text(); url != "" && !slices.Contains(a.URLs, url) {
					a.URLs = append(a.URLs, url)
				}
			}
			for _, s := range append(f.Field("scopes").Children(), f.Field("availableScopes").Children()...) {
				if !slices.ContainsFunc(a.Scopes, func(v Value) bool { return v.Name == s.Name() }) {
					a.Scopes = append(a.Scopes, Value{Name: s.Name(), Description: s.Text()})
				}
			}
		}
		if flows = slices.DeleteFunc(flows, func(f string) bool { return f == "" }); len(flows) > 0 {
			a.Words += " (" + strings.Join(flows, ", ") + ")"
		}
	case "openIdConnect":
		a.Words = "OpenID Connect"
		if url := n.Field("openIdConnectUrl").Text(); url != "" {
			a.URLs = []string{url}
		}
	case "mutualTLS", "X509":
		a.Words = "Client certificate"
	case "userPassword", "plain", "scramSha256", "scramSha512", "gssapi", "symmetricEncryption", "asymmetricEncryption": // of AsyncAPI
		a.Words = map[string]string{
			"userPassword": "User name and password", "plain": "SASL PLAIN", "scramSha256": "SASL SCRAM-SHA-256", "scramSha512": "SASL SCRAM-SHA-512",
			"gssapi": "SASL GSSAPI", "symmetricEncryption": "Symmetric encryption", "asymmetricEncryption": "Asymmetric encryption",
		}[a.kind]
	}
	return a
}

var flowNames = map[string]string{
	"authorizationCode": "authorisation code", "clientCredentials": "client credentials", "implicit": "implicit", "password": "password",
}

// groups makes the groups of the declared tags, in their order.
func (o *openapi) groups() {
	o.grouped = map[string]*Group{}
	for _, t := range o.root.Field("tags").Children() {
		if name := t.Field("name").Text(); name != "" && o.grouped[name] == nil {
			o.group(name).Description = t.Field("description").Text()
		}
	}
}

// group returns the group of a tag.
func (o *openapi) group(tag string) *Group {
	if g := o.grouped[tag]; g != nil {
		return g
	}
	g := &Group{Title: tag}
	o.grouped[tag] = g
	o.spec.Groups = append(o.spec.Groups, g)
	return g
}

var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

// aside are the keys of a path that are no methods.
var aside = []string{"$ref", "summary", "description", "servers", "parameters", "additionalOperations"}

func (o *openapi) paths(n *source.Node) {
	if n != nil && n.Kind() != source.Map {
		o.at(CodeInvalid, n, "paths is a map from paths to what can be done there", "")
	}
	for _, p := range n.Children() {
		if strings.HasPrefix(p.Name(), "x-") {
			continue
		}
		if !strings.HasPrefix(p.Name(), "/") {
			o.atKey(CodeInvalid, p, "the path "+quoted(p.Name())+" does not begin with a slash", "write "+quoted("/"+p.Name()))
		}
		o.pathIn(p.Name(), p, o.file, ofPath{})
	}
}

// webhooks are calls that the described service makes itself.
func (o *openapi) webhooks(n *source.Node) {
	for _, p := range n.Children() {
		o.pathIn(p.Name(), p, o.file, ofPath{group: "Webhooks"})
	}
}

// pathIn reads a path that stands in a file.
func (o *openapi) pathIn(name string, p *source.Node, from string, shared ofPath) {
	item, file := o.resolve(p, from)
	if item.Kind() != source.Map {
		if item != nil {
			o.at(CodeInvalid, item, "a path is a map from methods to operations", "")
		}
		return
	}
	shared.parameters, shared.server = o.parameters(item.Field("parameters"), file), serverURL(first(item.Field("servers")))
	for _, op := range item.Children() {
		switch {
		case slices.Contains(methods, op.Name()):
			o.operation(name, op, file, shared)
		case !slices.Contains(aside, op.Name()) && !strings.HasPrefix(op.Name(), "x-"):
			hint := "the methods are " + strings.Join(methods, ", ")
			if near, ok := diag.Nearest(strings.ToLower(op.Name()), methods); ok {
				hint = "did you mean " + quoted(near) + "?"
			}
			o.atKey(CodeInvalid, op, "there is no method "+quoted(op.Name()), hint)
		}
	}
}

// ofPath is what all operations of a path have in common.
type ofPath struct {
	parameters []placed
	server     string
	group      string // Webhooks or Callbacks; empty for those that callers ask for
	summary    string // of those that have none
}

func (o *openapi) operation(path string, n *source.Node, file string, shared ofPath) {
	if o.listed++; o.listed > maxOperations {
		if o.listed == maxOperations+1 {
			o.atKey(CodeInvalid, n, fmt.Sprintf("there are more than %d operations; from here on they are not shown", maxOperations), "split the description")
		}
		return
	}
	if n.Kind() != source.Map {
		o.at(CodeInvalid, n, "an operation is a map", "")
		return
	}
	o.kinds(n, ofOperation)
	op := &Operation{
		Name: n.Field("operationId").Text(), Method: strings.ToUpper(n.Name()), Path: path, File: o.elsewhere(file), Line: n.KeySpan().Start.Line,
		Summary: firstLine(n.Field("summary").Text()), Description: n.Field("description").Text(), Deprecated: isTrue(n.Field("deprecated")),
	}
	group := shared.group
	if group != "" {
		op.Method, op.Summary = strings.ToLower(strings.TrimSuffix(group, "s")), cmp.Or(op.Summary, shared.summary)
	}
	op.Server = cmp.Or(serverURL(first(n.Field("servers"))), shared.server)
	o.identify(op, n)
	all := merged(shared.parameters, o.parameters(n.Field("parameters"), file))
	for _, p := range all {
		op.Parameters = append(op.Parameters, p.Parameter)
	}
	if group == "" {
		o.checkPath(op, n, all)
	}
	op.Auth = o.security(n)
	op.Request = o.request(n.Field("requestBody"), file)
	op.Responses = o.responses(n, file)
	if tag := first(n.Field("tags")).Text(); tag != "" && group == "" {
		group = tag
	}
	g := o.group(group)
	g.Operations = append(g.Operations, op)
	if shared.group == "" {
		o.callbacks(op, n.Field("callbacks"), file)
	}
}

// callbacks are calls that an operation has the service make later.
func (o *openapi) callbacks(of *Operation, n *source.Node, file string) {
	for _, c := range n.Children() {
		callback, from := o.resolve(c, file)
		for _, p := range callback.Children() {
			if strings.HasPrefix(p.Name(), "x-") {
				continue
			}
			name := of.Title() + " → " + c.Name()
			o.pathIn(name, p, from, ofPath{group: "Callbacks", summary: "Called after " + of.Title() + " at " + p.Name()})
		}
	}
}

// identify gives an operation its anchor, and finds two that are called alike.
func (o *openapi) identify(op *Operation, n *source.Node) {
	if id := n.Field("operationId"); op.Name != "" {
		if before := o.ids[op.Name]; before != nil {
			o.add(diag.Diagnostic{
				Span: id.Span(), Severity: diag.Error, Code: CodeOperation, Message: "another operation has the operationId " + quoted(op.Name) + ", too",
				Hint: "give each a name of its own: code that is made from this file would lose one", Related: []diag.Related{{Span: before.Span(), Message: "first used here"}},
			})
		} else {
			o.ids[op.Name] = id
		}
	}
	route := op.Method + " " + pathVariable.ReplaceAllString(op.Path, "{}")
	if before := o.routes[route]; before != nil {
		o.add(diag.Diagnostic{
			Span: n.KeySpan(), Severity: diag.Error, Code: CodeOperation, Message: "a request to " + op.Title() + " fits another path as well",
			Hint: "paths that differ only in the names of their parameters are the same", Related: []diag.Related{{Span: before.KeySpan(), Message: "it is this one"}},
		})
	} else {
		o.routes[route] = n
	}
	name := op.Name
	if name == "" {
		name = op.Method + " " + op.Path
	}
	op.ID = unique("op-"+slug(name), func(id string) bool { return o.taken[id] })
	o.taken[op.ID] = true
}

var pathVariable = regexp.MustCompile(`\{[^{}]*\}`)

// placed is a parameter with its place.
type placed struct {
	Parameter
	at *source.Node
}

func (o *openapi) parameters(n *source.Node, file string) []placed {
	var all []placed
	for _, item := range n.Children() {
		p, from := o.resolve(item, file)
		if p == nil {
			continue
		}
		name, in := p.Field("name").Text(), p.Field("in").Text()
		if name == "" || !slices.Contains([]string{"path", "query", "header", "cookie", "querystring"}, in) {
			o.at(CodeInvalid, p, "a parameter says its name, and whether it is in path, query, header or cookie", "add `name:` and `in:`")
			continue
		}
		if i := slices.IndexFunc(all, func(other placed) bool { return other.Name == name && other.In == in }); i >= 0 {
			o.add(diag.Diagnostic{
				Span: start(item), Severity: diag.Error, Code: CodeOperation, Message: "the " + in + " parameter " + quoted(name) + " is there twice",
				Hint: "take one out", Related: []diag.Related{{Span: start(all[i].at), Message: "first given here"}},
			})
			continue
		}
		all = append(all, placed{o.parameter(p, from, name, in), p})
	}
	return all
}

// parameter reads a parameter, or a header, which is described alike.
func (o *openapi) parameter(p *source.Node, file, name, in string) Parameter {
	v := Parameter{
		Name: name, In: in, Required: isTrue(p.Field("required")), Deprecated: isTrue(p.Field("deprecated")),
		Description: p.Field("description").Text(), Schema: o.schema(p.Field("schema"), file, 0), Example: exampleOf(p, inline),
	}
	v.style = cmp.Or(p.Field("style").Text(), map[string]string{"path": "simple", "header": "simple"}[in], "form")
	v.explode = v.style == "form"
	if explode := p.Field("explode"); explode != nil {
		v.explode = isTrue(explode)
	}
	if content := first(p.Field("content")); content != nil {
		v.Schema, v.style, v.media = o.schema(content.Field("schema"), file, 0), "content", content.Name()
		v.Example = cmp.Or(v.Example, exampleOf(content, inline))
	}
	if v.Schema != nil && v.Description == "" {
		v.Description = v.Schema.Description
	}
	return v
}

// merged puts the parameters of a path and of an operation together: the latter win.
func merged(shared, own []placed) []placed {
	same := func(a placed) func(placed) bool {
		return func(b placed) bool { return a.Name == b.Name && a.In == b.In }
	}
	var all []placed
	for _, p := range shared {
		if !slices.ContainsFunc(own, same(p)) {
			all = append(all, p)
		}
	}
	return append(all, own...)
}

// checkPath holds the parameters of a path against what its text names.
func (o *openapi) checkPath(op *Operation, n *source.Node, all []placed) {
	var named []string
	for _, v := range pathVariable.FindAllString(op.Path, -1) {
		named = append(named, strings.Trim(v, "{}"))
	}
	for _, name := range named {
		if !slices.ContainsFunc(all, func(p placed) bool { return p.In == "path" && p.Name == name }) {
			o.atKey(CodeOperation, n, fmt.Sprintf("the path names {%s}, but %s %s does not declare it", name, op.Method, op.Path),
				fmt.Sprintf("add `{name: %s, in: path, required: true, schema: {type: string}}` to its parameters", name))
		}
	}
	for _, p := range all {
		switch {
		case p.In != "path":
		case !slices.Contains(named, p.Name):
			hint := ""
			if near, ok := diag.Nearest(p.Name, named); ok {
				hint = "did you mean " + quoted(near) + "?"
			}
			o.at(CodeOperation, p.at, fmt.Sprintf("the path %s has no {%s}", op.Path, p.Name), hint)
		case !p.Required:
			o.at(CodeOperation, p.at, "the parameter "+quoted(p.Name)+" stands in the path, so it is always required", "add `required: true`")
		}
	}
}

// security says which ways in an operation has.
func (o *openapi) security(n *source.Node) []string {
	list := n.Field("security")
	if list == nil {
		list = o.root.Field("security")
	}
	if list.Kind() != source.List {
		return nil
	}
	return o.requirements(list)
}

func (o *openapi) requirements(list *source.Node) []string {
	if len(list.Children()) == 0 {
		return []string{"none"}
	}
	var ways []string
	for _, way := range list.Children() {
		var parts []string
		for _, need := range way.Children() {
			i := slices.IndexFunc(o.spec.Auth, func(a Auth) bool { return a.ID == need.Name() })
			if i < 0 {
				o.atKey(CodeReference, need, "there is no security scheme "+quoted(need.Name()), "describe it under `components/securitySchemes`")
				continue
			}
			words := need.Name()
			var scopes []string
			for _, scope := range need.Children() {
				scopes = append(scopes, scope.Text())
			}
			if len(scopes) > 0 {
				words += " (" + strings.Join(scopes, ", ") + ")"
			}
			parts = append(parts, words)
		}
		if len(way.Children()) == 0 {
			parts = []string{"none"}
		}
		if len(parts) > 0 {
			ways = append(ways, strings.Join(parts, " + "))
		}
	}
	return ways
}

func (o *openapi) request(n *source.Node, file string) *Payload {
	body, from := o.resolve(n, file)
	if body.Kind() != source.Map {
		return nil
	}
	o.kinds(body, ofContent)
	return &Payload{
		Description: body.Field("description").Text(), Required: isTrue(body.Field("required")),
		Bodies: o.content(body.Field("content"), from),
	}
}

func (o *openapi) responses(n *source.Node, file string) []Payload {
	list := n.Field("responses")
	if len(list.Children()) == 0 && o.spec.Format == "OpenAPI 3.0" {
		o.atKey(CodeInvalid, n, "the operation does not say what comes back: responses is missing", "add at least one, such as `\"200\": {description: …}`")
	}
	var all []Payload
	for _, c := range list.Children() {
		if c.Name() == "" || strings.HasPrefix(c.Name(), "x-") { // of a list, which is found to be wrong
			continue
		}
		if !status.MatchString(c.Name()) {
			o.atKey(CodeInvalid, c, quoted(c.Name())+" is no status of a response", "write a number such as \"404\", a range such as 4XX, or default")
		}
		answer, from := o.resolve(c, file)
		if answer == nil {
			all = append(all, Payload{Name: c.Name()})
			continue
		}
		if answer.Kind() != source.Map {
			o.at(CodeInvalid, answer, "a response is a map", "write `description:` and what it says below it")
			all = append(all, Payload{Name: c.Name()})
			continue
		}
		o.kinds(answer, ofContent)
		if answer.Field("description") == nil && answer.Field("summary") == nil {
			o.atKey(CodeInvalid, c, "the response "+c.Name()+" has no description", "say when it comes")
		}
		p := Payload{Name: c.Name(), Description: answer.Field("description").Text(), Bodies: o.content(answer.Field("content"), from)}
		for _, h := range answer.Field("headers").Children() {
			if header, from := o.resolve(h, from); header != nil {
				p.Headers = append(p.Headers, o.parameter(header, from, h.Name(), "header"))
			}
		}
		all = append(all, p)
	}
	return all
}

var status = regexp.MustCompile(`^([1-5][0-9][0-9]|[1-5]XX|default)$`)

func (o *openapi) content(n *source.Node, file string) []Body {
	var all []Body
	for _, c := range n.Children() {
		if c.Name() == "" { // of a list, which is found to be wrong
			continue
		}
		media, from := o.resolve(c, file)
		b := Body{Media: c.Name(), Schema: o.schema(media.Field("schema"), from, 0), Named: o.namedExamples(media, from, c.Name())}
		if len(b.Named) > 0 {
			b.Example = b.Named[0].Text
		} else {
			b.Example = inMedia(c.Name(), o.bodyExample(media, from))
		}
		if len(b.Named) == 1 {
			b.Named = nil
		}
		all = append(all, b)
	}
	return all
}

// inMedia makes JSON of a text that is given as the value, and not as the JSON for it.
func inMedia(media, text string) string {
	if text == "" || len(text) >= maxExample || !strings.Contains(media, "json") || json.Valid([]byte(text)) {
		return text
	}
	w := exampleWriter{}
	w.text(text)
	return w.b.String()
}

// maxNamed is how many examples of one body are shown.
const maxNamed = 4

// namedExamples are the examples that are given for a body with names.
func (o *openapi) namedExamples(media *source.Node, file, of string) []NamedExample {
	var all []NamedExample
	for _, e := range media.Field("examples").Children() {
		if e.Name() == "" || len(all) == maxNamed {
			break
		}
		example, _ := o.resolve(e, file)
		if value := example.Field("value"); value != nil {
			all = append(all, NamedExample{cmp.Or(firstLine(example.Field("summary").Text()), e.Name()), inMedia(of, pretty(value))})
		}
	}
	return all
}

// bodyExample is the example that is given for a body, or for its type.
func (o *openapi) bodyExample(media *source.Node, file string) string {
	if text := exampleOf(media, pretty); text != "" {
		return text
	}
	if schema, _ := o.quietly(media.Field("schema"), file); schema != nil {
		return exampleOf(schema, pretty)
	}
	return ""
}

// quietly is resolve for what is looked at a second time.
func (o *openapi) quietly(n *source.Node, file string) (*source.Node, string) {
	found, hushed := o.found, o.hushed
	to, at := o.resolve(n, file)
	o.found, o.hushed = found, hushed
	return to, at
}

// exampleOf writes the example that stands beside a schema, or the first of several.
func exampleOf(n *source.Node, write func(*source.Node) string) string {
	if e := n.Field("example"); e != nil {
		return write(e)
	}
	switch e := first(n.Field("examples")); {
	case e == nil:
		return ""
	case e.Field("value") != nil:
		return write(e.Field("value"))
	case n.Field("examples").Kind() == source.List:
		return write(e)
	}
	return ""
}

// settle gives groups their names and drops empty ones, and makes examples and calls, now
// that all types are known.
func (o *openapi) settle() {
	s := o.spec
	s.Groups = slices.DeleteFunc(s.Groups, func(g *Group) bool { return len(g.Operations) == 0 })
	for i, g := range s.Groups {
		if g.Title == "" { // of operations without a tag
			g.Title = "Other operations"
			if len(s.Groups) == 1 {
				g.Title = "Operations"
			}
			s.Groups = append(slices.Delete(s.Groups, i, i+1), g)
			break
		}
	}
	slices.SortStableFunc(s.Groups, func(a, b *Group) int { // what callers can ask for comes first
		return cmp.Compare(a.calledBack(), b.calledBack())
	})
	s.nameGroups()
	for _, op := range s.Operations() {
		if op.Request != nil {
			s.examples(op.Request.Bodies, "read only")
		}
		for _, p := range op.Responses {
			s.examples(p.Bodies, "write only")
		}
		if !op.calledBack() {
			op.Command = s.curl(op)
		}
	}
}

// calledBack is 1 for a group of calls that the service makes itself.
func (g *Group) calledBack() int {
	if g.Operations[0].calledBack() {
		return 1
	}
	return 0
}

// nameGroups gives groups their anchors.
func (s *Spec) nameGroups() {
	taken := map[string]bool{}
	for _, g := range s.Groups {
		g.ID = unique(strings.ToLower(slug(g.Title)), func(id string) bool { return taken[id] })
		taken[g.ID] = true
	}
}

// examples makes examples for bodies that have none, without what goes the other way only.
func (s *Spec) examples(bodies []Body, other string) {
	for i, b := range bodies {
		if b.Example == "" && b.Schema != nil && !strings.HasPrefix(b.Schema.Kind, foreign) && (b.Media == "" || strings.Contains(b.Media, "json") || b.Media == "*/*") {
			bodies[i].Example, bodies[i].Made = s.madeWithout(b.Schema, other), true
		}
	}
}
