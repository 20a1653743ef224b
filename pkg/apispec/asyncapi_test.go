package apispec

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// operationsOf are the operations of a description, each in a few lines.
func operationsOf(s *Spec) []string {
	var all []string
	for _, op := range s.Operations() {
		all = append(all, fmt.Sprintf("%s: %s, %v", op.Title(), op.Summary, op.Auth))
		for _, b := range op.Bindings {
			all = append(all, fmt.Sprintf("  %s of the %s %v", b.Protocol, b.Of, b.Settings))
		}
		for _, r := range op.Responses {
			line := fmt.Sprintf("  %s %v as %q", r.Name, r.Notes, r.Bodies[0].Media)
			for _, h := range r.Headers {
				line += " with " + h.Name
			}
			for _, e := range r.Bodies[0].Named {
				line += " example " + e.Name
			}
			if r.Bodies[0].Made {
				line += " made " + r.Bodies[0].Example
			}
			all = append(all, line)
		}
	}
	return all
}

// What traits say belongs to an operation or a message; references, bindings, replies and
// all examples are read.
func TestAsyncAPI(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		server string
		want   []string
	}{
		"2": {`asyncapi: 2.6.0
info: {title: A, version: "1"}
defaultContentType: application/json
servers: {main: {url: "{region}.example:9092", protocol: kafka, variables: {region: {default: eu}}, security: [{sasl: []}]}}
channels:
  lights:
    bindings: {kafka: {partitions: 3, bindingVersion: "1"}}
    publish:
      traits: [{$ref: "#/components/operationTraits/t"}, {summary: Of the last}]
      message: {$ref: "#/components/messages/m"}
  others:
    subscribe:
      message: {oneOf: [{name: avro, schemaFormat: application/vnd.apache.avro, payload: {type: record}}, {name: two, payload: {type: string}, examples: [{name: a, payload: x}, {summary: And b, payload: y}]}]}
  empty: {}
components:
  securitySchemes: {sasl: {type: scramSha256}}
  operationTraits: {t: {summary: Of the first, bindings: {kafka: {groupId: g}}}}
  messageTraits: {h: {contentType: application/cloudevents+json, headers: {type: object, properties: {trace: {type: string}, own: {type: integer}}}}}
  messages: {m: {traits: [{$ref: "#/components/messageTraits/h"}], correlationId: {location: "$message.header#/trace"}, headers: {type: object, properties: {own: {type: string}}}, payload: {type: string}}}
`, "kafka://eu.example:9092 [sasl]", []string{
			"publish lights: Of the last, []",
			"  kafka of the operation [groupId g]", "  kafka of the channel [partitions 3]",
			`  m [correlated by $message.header#/trace] as "application/cloudevents+json" with own with trace made "string"`,
			"subscribe others: , []",
			`  avro [] as ""`,
			`  two [] as "application/json" example a example And b`,
		}},
		"3": {`asyncapi: 3.0.0
info: {title: A, version: "1"}
servers: {main: {host: "{region}.example:9092", protocol: kafka, variables: {region: {default: eu}}, security: [{$ref: "#/components/securitySchemes/sasl"}]}}
channels:
  ask: {address: ask, summary: Questions, messages: {q: {payload: {type: string}}}}
  replies: {address: null, messages: {a: {payload: {type: string}}}}
operations:
  request:
    action: send
    channel: {$ref: "#/channels/ask"}
    security: [{$ref: "#/components/securitySchemes/sasl"}, {type: oauth2, scopes: [read], flows: {}}]
    reply: {address: {location: "$message.header#/replyTo"}, channel: {$ref: "#/channels/replies"}}
components: {securitySchemes: {sasl: {type: scramSha512}}}
`, "kafka://eu.example:9092 [sasl]", []string{
			"send ask: Questions, [sasl OAuth 2 (read)]",
			`  q [] as "" made "string"`,
			`  reply: a [sent to $message.header#/replyTo] as "" made "string"`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s, found := readText(t, "a.yaml", c.text)
			if s == nil || len(found) > 0 {
				t.Fatal("nothing is wrong with it, but:", said(found))
			}
			if got := fmt.Sprint(s.Servers[0].URL, " ", s.Servers[0].Auth); got != c.server {
				t.Errorf("the server is %s, want %s", got, c.server)
			}
			if diff := cmp.Diff(c.want, operationsOf(s)); diff != "" {
				t.Errorf("operations (-want +got):\n%s", diff)
			}
		})
	}
}
