package apispec

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// changesOf compares two descriptions and writes the changes, with ! before those that
// break callers.
func changesOf(t *testing.T, file, older, newer string) []string {
	t.Helper()
	a, foundA := readText(t, file, older)
	b, foundB := readText(t, file, newer)
	if a == nil || b == nil || len(foundA)+len(foundB) > 0 {
		t.Fatal("the descriptions are meant to be right:", said(foundA), said(foundB))
	}
	for _, s := range []*Spec{a, b} {
		if same := Compare(s, s); len(same) > 0 {
			t.Errorf("a description differs from itself: %v", same)
		}
	}
	var lines []string
	for _, c := range Compare(a, b) {
		mark := "  "
		if c.Breaking {
			mark = "! "
		}
		s := b
		if c.Gone {
			s = a
		}
		if s.Type(c.ID) == nil && !hasOperation(s, c.ID) {
			t.Errorf("%s has the anchor %q, which is not there", c.Subject, c.ID)
		}
		lines = append(lines, fmt.Sprintf("%s%s %s", mark, c.Subject, c.Words))
	}
	return lines
}

func hasOperation(s *Spec, id string) bool {
	for _, op := range s.Operations() {
		if op.ID == id {
			return true
		}
	}
	return false
}

func TestCompare(t *testing.T) {
	openapi := func(parameters, request, response, schemas string) string {
		return `openapi: 3.1.0
info: {title: A, version: "1"}
paths:
  /a/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    post:
      parameters: [` + parameters + `]
      ` + request + `
      responses: {` + response + `}
components: {schemas: {` + schemas + `}}
`
	}
	body := func(schema string) string {
		return `requestBody: {content: {application/json: {schema: ` + schema + `}}}`
	}
	answer := func(schema string) string {
		return `"200": {description: ok, content: {application/json: {schema: ` + schema + `}}}`
	}
	ok := `"200": {description: ok}`
	for name, c := range map[string]struct {
		file, older, newer string
		want               []string
	}{
		"operations": {
			"a.yaml",
			"openapi: 3.1.0\ninfo: {title: A, version: \"1\"}\npaths:\n  /a: {get: {responses: {" + ok + "}}, put: {responses: {" + ok + "}}}\n  /b/{x}: {get: {parameters: [{name: x, in: path, required: true}], responses: {" + ok + "}}}\n",
			"openapi: 3.1.0\ninfo: {title: A, version: \"2\"}\npaths:\n  /b/{y}: {get: {parameters: [{name: y, in: path, required: true}], deprecated: true, responses: {" + ok + "}}, post: {responses: {" + ok + "}, parameters: [{name: y, in: path, required: true}]}}\n  /a: {get: {responses: {" + ok + "}}}\n",
			[]string{"! PUT /a is gone", "  GET /b/{y} is deprecated", "  POST /b/{y} is new"},
		},
		"parameters": {
			"a.yaml",
			openapi(`{name: a, in: query}, {name: b, in: query}, {name: c, in: query, required: true}, {name: d, in: query, schema: {type: string, enum: [x, y]}}, {name: e, in: query, schema: {type: integer, maximum: 100}}`, "", ok, ""),
			openapi(`{name: b, in: query, required: true}, {name: c, in: query}, {name: d, in: query, schema: {type: string, enum: [x, z]}}, {name: e, in: query, schema: {type: integer, maximum: 50}}, {name: f, in: header}, {name: g, in: header, required: true}`, "", ok, ""),
			[]string{
				"! POST /a/{id} no longer takes the query parameter a", "! POST /a/{id} the query parameter b is required", "  POST /a/{id} the query parameter c is no longer required",
				"! POST /a/{id} the query parameter d no longer has the value y", "  POST /a/{id} the query parameter d has the new value z", "! POST /a/{id} the query parameter e is limited: ≤ 50",
				"  POST /a/{id} the header f is new", "! POST /a/{id} the header g is new, and required",
			},
		},
		"what is sent": {
			"a.yaml",
			openapi("", body(`{type: object, required: [a], properties: {a: {type: string}, b: {type: [string, "null"]}, c: {type: integer}, d: {type: string}}}`), ok, ""),
			openapi("", body(`{type: object, required: [b, e], properties: {a: {type: string}, b: {type: string}, c: {type: number}, e: {type: string}, f: {type: string}}}`), ok, ""),
			[]string{
				"  POST /a/{id} the field a of the body may be missing", "! POST /a/{id} the field b of the body is required",
				"! POST /a/{id} the field b of the body may no longer be null", "  POST /a/{id} the field c of the body is number, and was integer",
				"! POST /a/{id} no longer has the field d of the body", "! POST /a/{id} has the new field e of the body, which is required", "  POST /a/{id} has the new field f of the body",
			},
		},
		"what comes back": {
			"a.yaml",
			openapi("", "", answer(`{$ref: "#/components/schemas/T"}`)+`, "404": {description: none}`, `T: {type: object, required: [a, b], properties: {a: {type: string}, b: {type: integer}, c: {type: string, enum: [x]}, d: {type: string}}}`),
			openapi("", "", answer(`{$ref: "#/components/schemas/T"}`)+`, "409": {description: twice}`, `T: {type: object, required: [a], properties: {a: {type: [string, "null"]}, b: {type: number}, c: {type: string, enum: [x, y]}, e: {type: string}}}`),
			[]string{
				"  POST /a/{id} the response 404 is gone", "  POST /a/{id} the response 409 is new",
				"! T the field a may be null", "! T the field b may be missing", "! T the field b is number, and was integer", "  T the field c has the new value y",
				"! T no longer has the field d", "  T has the new field e",
			},
		},
		"a type that is used both ways is judged both ways": {
			"a.yaml",
			openapi("", body(`{$ref: "#/components/schemas/T"}`), answer(`{type: array, items: {$ref: "#/components/schemas/T"}}`), `T: {type: object, properties: {a: {type: string}, t: {$ref: "#/components/schemas/T"}}}`),
			openapi("", body(`{$ref: "#/components/schemas/T"}`), answer(`{type: array, items: {$ref: "#/components/schemas/T"}}`), `T: {type: object, deprecated: true, required: [a], properties: {a: {type: string}, t: {$ref: "#/components/schemas/T"}}}`),
			[]string{"  T is deprecated", "! T the field a is required"},
		},
		"bodies and media types": {
			"a.yaml",
			openapi("", `requestBody: {content: {application/json: {}, text/plain: {}}}`, `"200": {description: ok, content: {application/json: {schema: {type: string}}}}`, ""),
			openapi("", `requestBody: {required: true, content: {application/json: {}, text/csv: {}}}`, `"201": {description: made}`, ""),
			[]string{
				"! POST /a/{id} the body is required", "! POST /a/{id} the body is no longer to be had as text/plain", "  POST /a/{id} the body may be text/csv, too",
				"! POST /a/{id} the response 200 is gone", "  POST /a/{id} the response 201 is new",
			},
		},
		"GraphQL": {
			"a.graphql",
			"type Query { a(x: Int, y: Int): A! b: Int c: Int }\ntype A { id: ID! n: Int! m: [Int] old: Int }\nenum E { X Y }\n",
			"type Query { a(x: Int!, z: Int): A b: String }\ntype A { id: ID! n: Int m: Int old: Int @deprecated }\nenum E { X }\n",
			[]string{
				"! query a the argument x is required", "! query a no longer takes the argument y", "  query a the argument z is new", "! query a what comes back may be null",
				"! query b what comes back is String, and was Int", "! query c is gone",
				"! A the field n may be null", "! A the field m is Int, and was array of Int", "  A the field old is deprecated",
			},
		},
		"protobuf": {
			"a.proto",
			"syntax = \"proto3\";\npackage a.v1;\nservice S { rpc Get(Req) returns (Rsp); rpc Old(Req) returns (Rsp); }\nmessage Req { string a = 1; int32 b = 2; string c = 3; }\nmessage Rsp { repeated string d = 1; }\n",
			"syntax = \"proto3\";\npackage a.v2;\nservice S { rpc Get(Req) returns (stream Rsp); rpc New(Req) returns (Rsp); }\nmessage Req { string a = 4; int64 b = 2; string e = 5; }\nmessage Rsp { repeated string d = 1; string f = 2; }\n",
			[]string{
				"! rpc S/Get gives a stream", "! rpc S/Old is gone", "  rpc S/New is new",
				"! Req the field a has the number 4, and had 1", "! Req the field b is int64, and was int32", "! Req no longer has the field c", "  Req has the new field e", "  Rsp has the new field f",
			},
		},
		"types that are wider or narrower": {
			"a.yaml",
			openapi("", body(`{type: object, properties: {a: {type: string}, b: {type: [string, integer]}, c: {type: string}}}`), answer(`{type: object, properties: {a: {type: string}, b: {type: [string, integer]}}}`), ""),
			openapi("", body(`{type: object, properties: {a: {type: [string, number]}, b: {type: string}, c: {oneOf: [{type: string}, {type: integer}]}}}`), answer(`{type: object, properties: {a: {type: [string, number]}, b: {type: string}}}`), ""),
			[]string{
				"  POST /a/{id} the field a of the body is string or number, and was string", "! POST /a/{id} the field b of the body is string, and was string or integer",
				"  POST /a/{id} the field c of the body is string or integer, and was string",
				"! POST /a/{id} the field a of the response 200 is string or number, and was string", "  POST /a/{id} the field b of the response 200 is string, and was string or integer",
			},
		},
		"how variants are told apart": {
			"a.yaml",
			openapi("", "", answer(`{oneOf: [{$ref: "#/components/schemas/A"}, {$ref: "#/components/schemas/B"}], discriminator: {propertyName: kind, mapping: {a: "#/components/schemas/A"}}}`), "A: {type: object}, B: {type: object}"),
			openapi("", "", answer(`{oneOf: [{$ref: "#/components/schemas/A"}, {$ref: "#/components/schemas/B"}], discriminator: {propertyName: kind, mapping: {an: "#/components/schemas/A"}}}`), "A: {type: object}, B: {type: object}"),
			[]string{"! POST /a/{id} the response 200 kind says an for A, and said a"},
		},
		"what only goes one way": {
			"a.yaml",
			openapi("", body(`{$ref: "#/components/schemas/T"}`), answer(`{$ref: "#/components/schemas/T"}`), `T: {type: object, properties: {a: {type: string}}}`),
			openapi("", body(`{$ref: "#/components/schemas/T"}`), answer(`{$ref: "#/components/schemas/T"}`), `T: {type: object, required: [id, pass], additionalProperties: false, properties: {a: {type: string}, id: {type: string, readOnly: true}, pass: {type: string, writeOnly: true}}}`),
			[]string{"! T is limited: no other keys", "! T has the new field pass, which is required", "  T has the new field id"},
		},
		"headers that come back": {
			"a.yaml",
			openapi("", "", `"200": {description: ok, headers: {X-A: {required: true, schema: {type: string}}, X-B: {schema: {type: integer}}}}`, ""),
			openapi("", "", `"200": {description: ok, headers: {x-a: {schema: {type: string}}, X-B: {schema: {type: string}}}}`, ""),
			[]string{"! POST /a/{id} the header X-A of the response 200 may be missing", "! POST /a/{id} the header X-B of the response 200 is string, and was integer"},
		},
		"a parameter in the path that has another name": {
			"a.yaml",
			"openapi: 3.1.0\ninfo: {title: A, version: \"1\"}\npaths: {\"/a/{b}/{c}\": {get: {parameters: [{name: c, in: path, required: true, schema: {type: string}}, {name: b, in: path, required: true, schema: {type: string}}]}}}\n",
			"openapi: 3.1.0\ninfo: {title: A, version: \"1\"}\npaths: {\"/a/{x}/{y}\": {get: {parameters: [{name: x, in: path, required: true, schema: {type: integer}}, {name: y, in: path, required: true, schema: {type: string}}]}}}\n",
			[]string{"! GET /a/{x}/{y} the path parameter x is integer, and was string"},
		},
		"who calls": {
			"a.yaml",
			"openapi: 3.1.0\ninfo: {title: A, version: \"1\"}\npaths: {/a: {get: {security: [{a: []}, {b: []}, {o: [read]}]}}}\ncomponents: {securitySchemes: {a: {type: http, scheme: bearer}, b: {type: apiKey, in: query, name: k}, o: {type: oauth2, flows: {}}}}\n",
			"openapi: 3.1.0\ninfo: {title: A, version: \"1\"}\npaths: {/a: {get: {security: [{token: []}, {b: []}, {o: [read, write]}]}}}\ncomponents: {securitySchemes: {token: {type: http, scheme: bearer, bearerFormat: JWT}, b: {type: apiKey, in: header, name: k}, o: {type: oauth2, flows: {}}}}\n",
			[]string{
				"! GET /a no longer takes API key in query k", "! GET /a no longer takes o (read)", "  GET /a takes API key in header k, too", "  GET /a takes o (read, write), too",
			},
		},
		"webhooks and callbacks go the other way": {
			"a.yaml",
			"openapi: 3.1.0\ninfo: {title: A, version: \"1\"}\nwebhooks: {a: {post: {requestBody: {content: {application/json: {schema: {type: object, required: [x], properties: {x: {type: string}}}}}}}}}\n",
			"openapi: 3.1.0\ninfo: {title: A, version: \"1\"}\nwebhooks: {a: {post: {requestBody: {required: true, content: {application/json: {schema: {type: object, required: [y], properties: {x: {type: string}, y: {type: string}}}}}}}}}\n",
			[]string{"  webhook a the body is required", "! webhook a the field x of the body may be missing", "  webhook a has the new field y of the body"},
		},
		"GraphQL, by what queries say": {
			"a.graphql",
			"type Query { a: [A!]! u: U i(in: I): Int }\ninterface N { id: ID }\ntype A implements N { id: ID }\ntype B { id: ID }\nunion U = A | B\ninput I { a: Int }\n",
			"type Query { a: [A]! u: U i(in: I): Int }\ninterface N { id: ID }\ntype A { id: ID }\ntype B { id: ID }\nunion U = A\ninput I { a: Int b: Int! = 3 c: Int! }\n",
			[]string{"! query a each of what comes back may be null", "! A is no longer a N", "! U is no longer B", "  I has the new field b", "! I has the new field c, which is required"},
		},
		"protobuf, by what is on the wire": {
			"a.proto",
			"syntax = \"proto3\";\nservice S { rpc Get(Req) returns (Req); }\nmessage Req { string a = 1; oneof o { string b = 2; } map<string, E> c = 3; }\nenum E { X = 0; Y = 1; }\n",
			"syntax = \"proto3\";\nservice S { rpc Get(Req) returns (Req); }\nmessage Req { oneof o { string a = 1; } string b = 2; map<int32, E> c = 3; }\nenum E { X = 0; Y = 2; }\n",
			[]string{
				"! Req the field a is one of o now", "! Req the field b is no longer one of o", "! Req the field c is map of E by int32, and was map of E",
				"! E the value Y has the number 2, and had 1",
			},
		},
		"AsyncAPI, by which way a message goes": {
			"a.yaml",
			strings.ReplaceAll(orders, "PROPERTIES", "required: [a], properties: {a: {type: string}, b: {type: string}}"),
			strings.ReplaceAll(orders, "PROPERTIES", "required: [a, b], properties: {a: {type: string}, b: {type: string}}"),
			[]string{"  send orders the field b of the message m is required", "! receive orders the field b of the message m is required"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, changesOf(t, c.file, c.older, c.newer)); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}

const orders = `asyncapi: 3.0.0
info: {title: A, version: "1"}
channels: {c: {address: orders, messages: {m: {payload: {type: object, PROPERTIES}}}}}
operations:
  tell: {action: send, channel: {$ref: "#/channels/c"}}
  hear: {action: receive, channel: {$ref: "#/channels/c"}}
`
