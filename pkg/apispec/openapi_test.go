package apispec

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shop is a description that uses what is written less often.
const shop = `openapi: 3.0.3
info: {title: Shop, version: "1"}
servers: [{url: "https://{host}/v1", variables: {host: {default: a.example, enum: [a.example, b.example]}}}]
components:
  securitySchemes:
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: https://a.example/token, scopes: {read: Read all}}}}
  schemas:
    Base: {type: object, required: [id], properties: {id: {type: string, readOnly: true}, name: {type: string}, secret: {type: string, writeOnly: true}}}
    Thing: {allOf: [{$ref: "#/components/schemas/Base"}, {required: [name]}], additionalProperties: false}
    Open: {type: object, properties: {a: {type: string}}, additionalProperties: {type: integer}}
    Pet: {oneOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Dog"}], discriminator: {propertyName: kind, mapping: {cat: "#/components/schemas/Cat"}}}
    Cat: {type: object, properties: {kind: {type: string}}}
    Dog: {type: object, properties: {kind: {type: string}}}
paths:
  /things:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
      responses:
        "200": {description: ok, content: {application/json: {examples: {small: {summary: A small one, value: {id: 1}}, big: {value: {id: 2}}}}}}
      callbacks:
        done: {"{$request.body#/url}": {post: {operationId: onDone, requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}, responses: {"200": {description: ok}}}}}
`

func TestLessUsual(t *testing.T) {
	s, found := readText(t, "a.yaml", shop)
	if len(found) > 0 {
		t.Fatal(said(found))
	}
	ofType := map[string]*Schema{}
	for _, ty := range s.Types {
		ofType[ty.Name] = ty.Schema
	}
	var fields []string
	for _, f := range s.AllFields(ofType["Thing"]) {
		fields = append(fields, fmt.Sprint(f.Name, " ", f.Required))
	}
	operations := s.Operations()
	for _, c := range []struct{ what, got, want string }{
		{"fields that another part requires", strings.Join(fields, ", "), "id true, name true, secret false"},
		{"closed objects", strings.Join(ofType["Thing"].Limits, ", "), "no other keys"},
		{"open objects", strings.Join(ofType["Open"].Limits, ", "), "any other key: integer"},
		{"the field that tells", fmt.Sprint(ofType["Pet"].Tag, ofType["Pet"].Tags), "kind[cat Dog]"},
		{"its value in an example", s.Made(ofType["Pet"]), "{\n  \"kind\": \"cat\"\n}"},
		{"what is sent", operations[0].Request.Bodies[0].Example, "{\n  \"name\": \"name\",\n  \"secret\": \"secret\"\n}"},
		{"named examples", fmt.Sprint(operations[0].Responses[0].Bodies[0].Named), "[{A small one {\n  \"id\": 1\n}} {big {\n  \"id\": 2\n}}]"},
		{"callbacks", operations[1].Title() + " " + operations[1].Name + ": " + operations[1].Summary + operations[1].Command, "callback POST /things → done onDone: Called after POST /things at {$request.body#/url}"},
		{"variables of servers", fmt.Sprint(s.Servers[0].URL, s.Servers[0].Variables[0].Name, s.Servers[0].Variables[0].Schema.Enum), "https://a.example/v1host[{a.example  false } {b.example  false }]"},
		{"scopes", fmt.Sprint(s.Auth[0].URLs, s.Auth[0].Scopes), "[https://a.example/token] [{read Read all false }]"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.what, c.got, c.want)
		}
	}
}

// What stands in other files, or is called by an anchor, is found; places name the file.
func TestReferences(t *testing.T) {
	s, found := readText(t, "api/a.yaml", `openapi: 3.1.0
info: {title: A, version: "1"}
paths: {/a: {$ref: "more/paths.yaml#/a"}}
components:
  schemas:
    Named: {$anchor: here, type: string}
    By: {type: object, properties: {a: {$ref: "#here"}, b: {$ref: "more/paths.yaml#/limit/schema"}}}
    Either: {type: object, oneOf: [{required: [x]}, {required: [y, z]}], properties: {x: {type: string}}}
`, "api/more/paths.yaml", `a:
  get:
    parameters: [{$ref: "#/limit"}]
    responses: {"200": {description: ok}}
limit: {name: limit, in: query, schema: {type: integer}}
`)
	if len(found) > 0 {
		t.Fatal(said(found))
	}
	op := s.Operations()[0]
	if op.File != "api/more/paths.yaml" || op.Line != 2 || op.Parameters[0].Name != "limit" {
		t.Errorf("the operation stands at %s:%d", op.File, op.Line)
	}
	var got []string
	for _, ty := range s.Types {
		got = append(got, fmt.Sprintf("%s %s %s:%d", ty.Name, written(s, ty.Schema), ty.File, ty.Line))
	}
	want := []string{"Named string :6", "By object {a Named; b limit} :7", "Either object {x string} one of one with x one with y and z :8", "limit integer api/more/paths.yaml:5"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
	if words := s.Words(s.Types[2].Schema.Variants[1]); words != "one with y and z" {
		t.Errorf("a variant that only requires is called %q", words)
	}
}

// What is of another kind than it has to be is found where it stands, and the rest is shown.
func TestWrongKinds(t *testing.T) {
	s, found := readText(t, "a.yaml", `openapi: 3.1.0
info: {title: A, version: 1}
security: {a: []}
paths:
  /a:
    get:
      tags: foo
      summary: [a]
      security: {a: []}
      parameters: [{name: q, in: query, schema: {enum: x}}, {$ref: "#/components/parameters/Q"}]
      responses: {"200": just text, "404": {description: 5, content: [a]}}
    put:
      parameters: [{$ref: "#/components/parameters/Q"}]
      requestBody: nothing
      responses: []
components:
  parameters: {Q: {name: q, in: query, schema: {type: strng}}}
  schemas: {A: {properties: [a], required: true, allOf: {a: 1}}}
  securitySchemes: {k: {type: apiKey}}
`)
	want := []string{
		`a.yaml:3:11 api-spec-invalid: "security" is a list | begin each part with a hyphen, or put them in [ ]`,
		`a.yaml:7:13 api-spec-invalid: "tags" is a list | begin each part with a hyphen, or put them in [ ]`,
		`a.yaml:8:16 api-spec-invalid: "summary" is a text`,
		`a.yaml:9:17 api-spec-invalid: "security" is a list | begin each part with a hyphen, or put them in [ ]`,
		`a.yaml:10:56 api-spec-invalid: "enum" is a list | begin each part with a hyphen, or put them in [ ]`,
		`a.yaml:10:61 api-spec-operation: the query parameter "q" is there twice | take one out`,
		`a.yaml:11:26 api-spec-invalid: a response is a map | write ` + "`description:`" + ` and what it says below it`,
		`a.yaml:11:70 api-spec-invalid: "content" is a map | write keys and values below it`,
		`a.yaml:14:20 api-spec-invalid: "requestBody" is a map | write keys and values below it`,
		`a.yaml:15:18 api-spec-invalid: "responses" is a map | write keys and values below it`,
		`a.yaml:17:55 api-spec-invalid: there is no type "strng" | the types are string, number, integer, boolean, array, object and null`,
		`a.yaml:18:29 api-spec-invalid: "properties" is a map | write keys and values below it`,
		`a.yaml:18:44 api-spec-invalid: "required" is a list | list the names of the fields that are required, beside properties`,
		`a.yaml:18:57 api-spec-invalid: "allOf" is a list | begin each part with a hyphen, or put them in [ ]`,
		`a.yaml:19:21 api-spec-invalid: the API key "k" does not say where it is put | add ` + "`name:`, and `in:` as query, header or cookie",
	}
	if diff := cmp.Diff(want, said(found)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if s == nil || len(s.Operations()) != 2 {
		t.Error("the operations are not shown")
	}
}
