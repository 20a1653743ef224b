package apispec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// asyncapi reads a description by the AsyncAPI Specification 2 or 3
// (https://www.asyncapi.com/docs/reference/specification/v3.0.0).
func (r *reader) asyncapi(root *source.Node) *Spec {
	version := root.Field("asyncapi").Text()
	parts := strings.SplitN(version, ".", 3)
	r.spec = &Spec{Family: AsyncAPI, Format: "AsyncAPI " + parts[0]}
	if len(parts) > 1 {
		r.spec.Format += "." + parts[1]
	}
	r.info(root)
	a := &asyncapi{openapi: &openapi{
		schemas: &schemas{reader: r, known: map[string]*Type{}, places: map[*Type]diag.Span{}}, root: root, grouped: map[string]*Group{},
		ids: map[string]*source.Node{}, routes: map[string]*source.Node{}, taken: map[string]bool{},
	}}
	a.auth(root.Field("components").Field("securitySchemes"))
	a.servers(root.Field("servers"))
	a.declare(root.Field("components").Field("schemas"), "/components/schemas")
	if root.Field("channels") == nil && (parts[0] == "2" || root.Field("operations") == nil) {
		r.at(CodeInvalid, root, "there are no channels", "list the addresses of messages under `channels`")
	}
	if parts[0] == "2" {
		a.channels2(root.Field("channels"))
	} else {
		a.operations3(root)
	}
	a.finish()
	a.settle()
	return r.spec
}

// asyncapi is the reading of an AsyncAPI description, which has much in common with OpenAPI.
type asyncapi struct{ *openapi }

func (a *asyncapi) servers(n *source.Node) {
	for _, s := range n.Children() {
		server, _ := a.resolve(s, a.file)
		url := withVariables(cmp.Or(server.Field("url").Text(), server.Field("host").Text()+server.Field("pathname").Text()), server)
		protocol := server.Field("protocol").Text()
		if protocol == "" {
			a.atKey(CodeInvalid, s, "the server "+quoted(s.Name())+" has no protocol", "add `protocol:`, such as kafka, amqp, mqtt or wss")
		} else if !strings.Contains(url, "://") {
			url = protocol + "://" + url
		}
		a.spec.Servers = append(a.spec.Servers, Server{
			URL: url, Protocol: protocol, Variables: variables(server), Auth: a.ways(server.Field("security"), a.file), Description: cmp.Or(firstLine(server.Field("description").Text()), s.Name()),
		})
	}
}

// channels2 reads the channels of AsyncAPI 2, each with what may be published to it and
// what may be subscribed to.
func (a *asyncapi) channels2(n *source.Node) {
	for _, c := range n.Children() {
		channel, file := a.resolve(c, a.file)
		parameters := a.channelParameters(channel, file)
		for _, method := range []string{"subscribe", "publish"} {
			n := channel.Field(method)
			if n == nil {
				continue
			}
			op := a.begin(n, file, method, c.Name(), n.Field("operationId").Text())
			if op == nil {
				return
			}
			op.Parameters = parameters
			a.bind(op, channel, file, "channel")
			op.Description = cmp.Or(op.Description, channel.Field("description").Text())
			message, from := a.resolve(n.Field("message"), file)
			if message == nil {
				a.atKey(CodeInvalid, n, fmt.Sprintf("%s on %s says no message", method, quoted(c.Name())), "add `message:`")
				continue
			}
			all := []*source.Node{message}
			if choice := message.Field("oneOf"); choice != nil {
				all = choice.Children()
			}
			for _, m := range all {
				op.Responses = append(op.Responses, a.message(op, m, from, "", ""))
			}
		}
	}
}

// operations3 reads the operations of AsyncAPI 3. A channel that none is about is shown
// with its messages.
func (a *asyncapi) operations3(root *source.Node) {
	used := map[*source.Node]bool{}
	for _, o := range root.Field("operations").Children() {
		n, file := a.resolve(o, a.file)
		if n == nil {
			continue
		}
		action := n.Field("action").Text()
		if action != "send" && action != "receive" {
			a.atKey(CodeInvalid, o, "the operation "+quoted(o.Name())+" neither sends nor receives", "add `action: send` or `action: receive`")
			action = "message"
		}
		channel, from := a.resolve(n.Field("channel"), file)
		if channel == nil {
			if n.Field("channel") == nil {
				a.atKey(CodeInvalid, o, "the operation "+quoted(o.Name())+" names no channel", "add `channel: {$ref: \"#/channels/…\"}`")
			}
			continue
		}
		used[channel] = true
		op := a.begin(n, file, action, cmp.Or(channel.Field("address").Text(), channel.Name()), o.Name())
		if op == nil {
			return
		}
		op.Parameters = a.channelParameters(channel, from)
		op.Summary = cmp.Or(op.Summary, firstLine(channel.Field("summary").Text()))
		op.Description = cmp.Or(op.Description, channel.Field("description").Text())
		a.bind(op, channel, from, "channel")
		op.Responses = a.messages(op, n, file, channel, from, "")
		if reply := n.Field("reply"); reply != nil {
			answer, at := a.resolve(reply, file)
			to, toFile := a.resolve(answer.Field("channel"), at)
			used[to] = true
			replies := a.messages(op, answer, at, to, toFile, "reply: ")
			if address, _ := a.resolve(answer.Field("address"), at); address.Field("location") != nil {
				for i := range replies {
					replies[i].Notes = append(replies[i].Notes, "sent to "+address.Field("location").Text())
				}
			}
			op.Responses = append(op.Responses, replies...)
		}
	}
	for _, c := range root.Field("channels").Children() {
		channel, file := a.resolve(c, a.file)
		if channel == nil || used[channel] || len(channel.Field("messages").Children()) == 0 {
			continue
		}
		op := a.begin(channel, file, "channel", cmp.Or(channel.Field("address").Text(), c.Name()), c.Name())
		if op == nil {
			return
		}
		op.Parameters = a.channelParameters(channel, file)
		op.Responses = a.messages(op, nil, file, channel, file, "")
	}
}

// messages are those that an operation names, or else all of its channel.
func (a *asyncapi) messages(op *Operation, n *source.Node, file string, channel *source.Node, from, prefix string) []Payload {
	var all []Payload
	if own := n.Field("messages"); own != nil {
		for _, m := range own.Children() {
			named, _ := a.quietly(m, file)
			all = append(all, a.message(op, m, file, named.Name(), prefix))
		}
		return all
	}
	for _, m := range channel.Field("messages").Children() {
		all = append(all, a.message(op, m, from, m.Name(), prefix))
	}
	return all
}

// begin makes an operation and puts it into its group; nil if there are too many.
func (a *asyncapi) begin(n *source.Node, file, method, path, name string) *Operation {
	if a.listed++; a.listed > maxOperations {
		return nil
	}
	said := a.traits(n, file)
	op := &Operation{
		Name: name, Method: method, Path: path, File: a.elsewhere(file), Line: n.KeySpan().Start.Line, Deprecated: isTrue(n.Field("deprecated")),
		Summary: firstLine(cmp.Or(said.text("summary"), said.text("title"))), Description: said.text("description"),
	}
	for _, part := range said {
		a.bind(op, part.node, part.file, "operation")
	}
	if id := n.Field("operationId"); id != nil {
		a.identify(op, n)
	} else {
		op.ID = unique("op-"+slug(cmp.Or(name, method+" "+path)), func(id string) bool { return a.taken[id] })
		a.taken[op.ID] = true
	}
	security, from := said.field("security")
	op.Auth = a.ways(security, from)
	tags, from := said.field("tags")
	tag, _ := a.resolve(first(tags), from)
	g := a.group(tag.Field("name").Text())
	g.Operations = append(g.Operations, op)
	return op
}

// traited is an operation or a message, and the traits that say more of it: the own words first.
type traited []target

// traits returns what stands under an operation or a message with its traits.
func (a *asyncapi) traits(n *source.Node, file string) traited {
	all := traited{{node: n, file: file}}
	traits := n.Field("traits").Children()
	for i := range traits { // the last counts most
		t, from := a.resolve(traits[len(traits)-1-i], file)
		if pair := t.Children(); t.Kind() == source.List && len(pair) > 0 { // of early AsyncAPI 2: a trait with parameters
			t, from = a.resolve(pair[0], from)
		}
		if t != nil {
			all = append(all, target{node: t, file: from})
		}
	}
	return all
}

// field returns the first value under a key, and the file in which it stands.
func (t traited) field(name string) (*source.Node, string) {
	for _, part := range t {
		if n := part.node.Field(name); n != nil {
			return n, part.file
		}
	}
	return nil, t[0].file
}

func (t traited) text(name string) string {
	n, _ := t.field(name)
	return n.Text()
}

// ways reads which ways in there are: by name in AsyncAPI 2, in AsyncAPI 3 by reference or in place.
func (a *asyncapi) ways(list *source.Node, file string) []string {
	if list.Kind() != source.List || len(list.Children()) == 0 {
		return nil
	}
	if strings.HasPrefix(a.spec.Format, "AsyncAPI 2") {
		return a.requirements(list)
	}
	var all []string
	for _, item := range list.Children() {
		scheme, _ := a.resolve(item, file)
		if scheme == nil {
			continue
		}
		way := scheme.Name()
		if !slices.ContainsFunc(a.spec.Auth, func(x Auth) bool { return x.ID == way }) {
			way = readAuth(scheme).Words
		}
		var scopes []string
		for _, s := range scheme.Field("scopes").Children() {
			scopes = append(scopes, s.Text())
		}
		if len(scopes) > 0 {
			way += " (" + strings.Join(scopes, ", ") + ")"
		}
		all = append(all, way)
	}
	return all
}

// bind notes the bindings of an operation, or of what belongs to it.
func (a *asyncapi) bind(op *Operation, n *source.Node, file, of string) {
	bindings, from := a.resolve(n.Field("bindings"), file)
	for _, c := range bindings.Children() {
		protocol, _ := a.resolve(c, from)
		b := Binding{Of: of, Protocol: c.Name()}
		for _, setting := range protocol.Children() {
			if setting.Name() != "bindingVersion" {
				b.Settings = append(b.Settings, setting.Name()+" "+inline(setting))
			}
		}
		if len(op.Bindings) < maxBindings {
			op.Bindings = append(op.Bindings, b)
		}
	}
}

// maxBindings is how many bindings of an operation are shown.
const maxBindings = 50

func (a *asyncapi) channelParameters(channel *source.Node, file string) []Parameter {
	var all []Parameter
	for _, p := range channel.Field("parameters").Children() {
		n, from := a.resolve(p, file)
		if n == nil {
			continue
		}
		v := Parameter{Name: p.Name(), In: "channel", Required: true, Description: n.Field("description").Text(), Schema: a.schema(n.Field("schema"), from, 0)}
		if v.Schema == nil { // AsyncAPI 3
			v.Schema = &Schema{Kind: "string", Default: n.Field("default").Text()}
			a.values(v.Schema, n)
		}
		v.Example = inline(first(n.Field("examples")))
		all = append(all, v)
	}
	return all
}

// message reads a message. name is what it is called where it is listed.
func (a *asyncapi) message(op *Operation, n *source.Node, file, name, prefix string) Payload {
	message, from := a.resolve(n, file)
	if message == nil {
		return Payload{Name: prefix + cmp.Or(name, "message")}
	}
	named := message.Name()
	if named == "message" { // the key under which AsyncAPI 2 has a message in place
		named = ""
	}
	p := Payload{Name: prefix + cmp.Or(message.Field("name").Text(), name, named, firstLine(message.Field("title").Text()), "message")}
	said := a.traits(message, from)
	var words []string
	for _, key := range []string{"title", "summary", "description"} {
		if text := strings.TrimSpace(said.text(key)); text != "" && text != p.Name && !slices.Contains(words, text) {
			words = append(words, text)
		}
	}
	p.Description = strings.Join(words, "\n\n")
	for _, part := range said {
		a.headers(&p, part)
		a.bind(op, part.node, part.file, "message "+p.Name)
	}
	correlation, at := said.field("correlationId")
	if id, _ := a.resolve(correlation, at); id.Field("location") != nil {
		p.Notes = append(p.Notes, "correlated by "+id.Field("location").Text())
	}
	media := said.text("contentType")
	body := Body{Media: cmp.Or(media, a.root.Field("defaultContentType").Text())}
	format, payload := message.Field("schemaFormat").Text(), message.Field("payload")
	if inner := payload.Field("schemaFormat"); inner != nil {
		format, payload = inner.Text(), payload.Field("schema")
	}
	switch {
	case payload == nil:
	case isForeign(format):
		body.Schema, body.Media = &Schema{Kind: foreign + format}, media // the default is about what is described here
	default:
		body.Schema = a.schema(payload, from, 0)
	}
	examples, at := said.field("examples")
	for i, e := range examples.Children() {
		example, _ := a.resolve(e, at)
		if value := example.Field("payload"); value != nil && len(body.Named) < maxNamed {
			name := cmp.Or(firstLine(example.Field("summary").Text()), example.Field("name").Text(), fmt.Sprintf("example %d", i+1))
			body.Named = append(body.Named, NamedExample{name, inMedia(body.Media, pretty(value))})
		}
	}
	if len(body.Named) > 0 {
		body.Example = body.Named[0].Text
	}
	if len(body.Named) == 1 {
		body.Named = nil
	}
	p.Bodies = []Body{body}
	return p
}

// headers adds the headers that a message or one of its traits has.
func (a *asyncapi) headers(p *Payload, of target) {
	headers, at := a.resolve(of.node.Field("headers"), of.file)
	x := a.schema(headers, at, 0)
	if x == nil {
		return
	}
	for _, f := range a.spec.AllFields(x) {
		if !slices.ContainsFunc(p.Headers, func(h Parameter) bool { return h.Name == f.Name }) {
			p.Headers = append(p.Headers, Parameter{Name: f.Name, In: "header", Required: f.Required, Description: f.Description, Schema: f.Schema})
		}
	}
}

// foreign begins what is said of a payload that is described in another language.
const foreign = "described as "

// isForeign reports whether a payload is described in another language than JSON Schema.
func isForeign(format string) bool {
	return format != "" && !strings.Contains(format, "asyncapi") && !strings.Contains(format, "schema+") && !strings.Contains(format, "openapi")
}

// settle names groups and makes examples.
func (a *asyncapi) settle() {
	a.openapi.settle()
	for _, op := range a.spec.Operations() {
		op.Command = ""
	}
}
