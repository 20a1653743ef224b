package apispec

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A schema is read to what it means, in whichever way it is written.
func TestSchemas(t *testing.T) {
	for schema, want := range map[string]string{
		`{type: string, format: uuid}`:              "string (uuid)",
		`{type: string, nullable: true}`:            "string, null",
		`{type: [string, "null"]}`:                  "string, null",
		`{type: [string, integer]}`:                 "string or integer",
		`{oneOf: [{type: string}, {type: "null"}]}`: "string, null",

		`{anyOf: [{$ref: "#/components/schemas/T"}, {type: "null"}], description: d}`:        "T, null",
		`{allOf: [{$ref: "#/components/schemas/T"}], description: d}`:                        "T",
		`{allOf: [{properties: {a: {type: string}}}, {required: [b], properties: {b: {}}}]}`: "object {a string; b! any value}",
		`{allOf: [{$ref: "#/components/schemas/T"}, {properties: {b: {}}}]}`:                 "object {b any value} all of T",
		`{oneOf: [{$ref: "#/components/schemas/T"}, {type: string}]}`:                        "T or string",
		`{const: x}`:           "string = x",
		`{enum: [1, 2, null]}`: "number = 1 2, null",
		`{type: integer, minimum: 1, exclusiveMaximum: 10}`:                                   "integer ≥ 1, < 10",
		`{type: integer, minimum: 1, exclusiveMinimum: true}`:                                 "integer > 1",
		`{type: array, items: {$ref: "#/components/schemas/T"}, minItems: 1}`:                 "array of T at least 1 items",
		`{type: object, additionalProperties: {type: integer}}`:                               "map of integer",
		`{type: object, patternProperties: {"^x": {type: integer}}}`:                          "map of integer",
		`{properties: {a: {type: object, properties: {b: {readOnly: true, type: boolean}}}}}`: "object {a object {b boolean}}",
		`{type: array, prefixItems: [{type: string}, {type: integer}], items: false}`:         "array of string or integer",
		`true`: "any value",
		`{}`:   "any value",
	} {
		s, found := readText(t, "a.yaml", "openapi: 3.1.0\ninfo: {title: A, version: \"1\"}\npaths: {}\ncomponents: {schemas: {X: "+schema+", T: {type: object}}}\n")
		if len(found) > 0 {
			t.Errorf("%s: %v", schema, said(found))
			continue
		}
		if got := written(s, s.Types[0].Schema); got != want {
			t.Errorf("%s is read as %q, want %q", schema, got, want)
		}
	}
}

// written writes a schema in a line.
func written(s *Spec, x *Schema) string {
	text := s.Words(x)
	if len(x.Fields) > 0 {
		var fields []string
		for _, f := range x.Fields {
			name := f.Name
			if f.Required {
				name += "!"
			}
			fields = append(fields, name+" "+written(s, f.Schema))
		}
		text += " {" + strings.Join(fields, "; ") + "}"
		if x.Combine != "" {
			text += " " + x.Combine
			for _, v := range x.Variants {
				text += " " + s.Words(v)
			}
		}
	}
	if len(x.Enum) > 0 {
		text += " ="
		for _, v := range x.Enum {
			text += " " + v.Name
		}
	}
	if len(x.Limits) > 0 {
		text += " " + strings.Join(x.Limits, ", ")
	}
	if x.Nullable {
		text += ", null"
	}
	return text
}

// Examples are made where none are given, and end where types name themselves.
func TestExamplesAreMade(t *testing.T) {
	s, _ := readText(t, "a.yaml", `openapi: 3.1.0
info: {title: A, version: "1"}
paths:
  /a:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Node"}}}}}}
components:
  schemas:
    Node:
      type: object
      properties:
        id: {type: string, format: uuid}
        size: {type: integer, default: 7}
        kind: {enum: [leaf, branch]}
        parent: {$ref: "#/components/schemas/Node"}
        names: {type: object, additionalProperties: {type: string}}
`)
	want := `{
  "id": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
  "size": 7,
  "kind": "leaf",
  "names": {
    "key": "string"
  }
}`
	body := s.Operations()[0].Responses[0].Bodies[0]
	if diff := cmp.Diff(want, body.Example); diff != "" || !body.Made {
		t.Errorf("example (-want +got):\n%s", diff)
	}
}
