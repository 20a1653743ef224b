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
	a.servers(root.Field("servers"))
	a.auth(root.Field("components").Field("securitySchemes"))
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
		url := serverURL(server)
		if url == "" {
			url = server.Field("host").Text() + server.Field("pathname").Text()
		}
		protocol := server.Field("protocol").Text()
		if protocol == "" {
			a.atKey(CodeInvalid, s, "the server "+quoted(s.Name())+" has no protocol", "add `protocol:`, such as kafka, amqp, mqtt or wss")
		} else if !strings.Contains(url, "://") {
			url = protocol + "://" + url
		}
		a.spec.Servers = append(a.spec.Servers, Server{
			URL: url, Protocol: protocol, Description: cmp.Or(firstLine(server.Field("description").Text()), s.Name()),
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
			op := a.begin(n, method, c.Name(), n.Field("operationId").Text())
			if op == nil {
				return
			}
			op.Parameters = parameters
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
				op.Responses = append(op.Responses, a.message(m, from, "", ""))
			}
		}
		if channel.Kind() == source.Map && channel.Field("subscribe") == nil && channel.Field("publish") == nil {
			a.atKey(CodeInvalid, c, "nothing can be published or subscribed to on the channel "+quoted(c.Name()), "add `publish:` or `subscribe:`")
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
		op := a.begin(n, action, cmp.Or(channel.Field("address").Text(), channel.Name()), o.Name())
		if op == nil {
			return
		}
		op.Parameters = a.channelParameters(channel, from)
		op.Description = cmp.Or(op.Description, channel.Field("description").Text())
		op.Responses = a.messages(n, file, channel, from, "")
		if reply := n.Field("reply"); reply != nil {
			answer, at := a.resolve(reply, file)
			to, toFile := a.resolve(answer.Field("channel"), at)
			op.Responses = append(op.Responses, a.messages(answer, at, to, toFile, "reply: ")...)
		}
	}
	for _, c := range root.Field("channels").Children() {
		channel, file := a.resolve(c, a.file)
		if channel == nil || used[channel] || len(channel.Field("messages").Children()) == 0 {
			continue
		}
		op := a.begin(channel, "channel", cmp.Or(channel.Field("address").Text(), c.Name()), c.Name())
		if op == nil {
			return
		}
		op.Parameters = a.channelParameters(channel, file)
		op.Responses = a.messages(nil, file, channel, file, "")
	}
}

// messages are those that an operation names, or else all of its channel.
func (a *asyncapi) messages(n *source.Node, file string, channel *source.Node, from, prefix string) []Payload {
	var all []Payload
	if own := n.Field("messages"); own != nil {
		for _, m := range own.Children() {
			named, _ := a.quietly(m, file)
			all = append(all, a.message(m, file, named.Name(), prefix))
		}
		return all
	}
	for _, m := range channel.Field("messages").Children() {
		all = append(all, a.message(m, from, m.Name(), prefix))
	}
	return all
}

// begin makes an operation and puts it into its group; nil if there are too many.
func (a *asyncapi) begin(n *source.Node, method, path, name string) *Operation {
	if a.listed++; a.listed > maxOperations {
		return nil
	}
	op := &Operation{
		Name: name, Method: method, Path: path, Line: n.KeySpan().Start.Line, Deprecated: isTrue(n.Field("deprecated")),
		Summary: firstLine(cmp.Or(n.Field("summary").Text(), n.Field("title").Text())), Description: n.Field("description").Text(),
	}
	if id := n.Field("operationId"); id != nil {
		a.identify(op, n)
	} else {
		op.ID = unique("op-"+slug(cmp.Or(name, method+" "+path)), func(id string) bool { return a.taken[id] })
		a.taken[op.ID] = true
	}
	if security := n.Field("security"); security != nil {
		op.Auth = a.requirements(security)
	}
	tag, _ := a.resolve(first(n.Field("tags")), a.file)
	g := a.group(tag.Field("name").Text())
	g.Operations = append(g.Operations, op)
	return op
}

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
func (a *asyncapi) message(n *source.Node, file, name, prefix string) Payload {
	message, from := a.resolve(n, file)
	if message == nil {
		return Payload{Name: prefix + cmp.Or(name, "message")}
	}
	named := message.Name()
	if named == "message" { // the key under which AsyncAPI 2 has a message in place
		named = ""
	}
	p := Payload{Name: prefix + cmp.Or(message.Field("name").Text(), name, named, firstLine(message.Field("title").Text()), "message")}
	p.Description = strings.TrimSpace(strings.Join(slices.Compact([]string{message.Field("summary").Text(), message.Field("description").Text()}), "\n\n"))
	if headers, at := a.resolve(message.Field("headers"), from); headers != nil {
		if x := a.schema(headers, at, 0); x != nil {
			for _, f := range x.Fields {
				p.Headers = append(p.Headers, Parameter{Name: f.Name, In: "header", Required: f.Required, Description: f.Description, Schema: f.Schema})
			}
		}
	}
	body := Body{Media: message.Field("contentType").Text()}
	if body.Media == "" {
		body.Media = a.root.Field("defaultContentType").Text()
	}
	format, payload := message.Field("schemaFormat").Text(), message.Field("payload")
	if inner := payload.Field("schemaFormat"); inner != nil {
		format, payload = inner.Text(), payload.Field("schema")
	}
	switch {
	case payload == nil:
	case isForeign(format):
		body.Schema = &Schema{Kind: "described as " + format}
	default:
		body.Schema = a.schema(payload, from, 0)
	}
	if e := first(message.Field("examples")).Field("payload"); e != nil {
		body.Example = pretty(e)
	}
	p.Bodies = []Body{body}
	return p
}

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
