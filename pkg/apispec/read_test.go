package apispec

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// read reads a description below a folder.
func read(t testing.TB, dir, file string) (*Spec, []diag.Diagnostic) {
	t.Helper()
	tree, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	s, _, found := Read(tree, file)
	return s, found
}

// readText reads descriptions that are given by name and text, the first of them.
func readText(t testing.TB, files ...string) (*Spec, []diag.Diagnostic) {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		name := filepath.Join(dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(files[i+1]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return read(t, dir, files[0])
}

// said are findings as a report has them.
func said(found []diag.Diagnostic) []string {
	var lines []string
	for _, d := range found {
		line := fmt.Sprintf("%s %s: %s", d.Span, d.Code, d.Message)
		if d.Hint != "" {
			line += " | " + d.Hint
		}
		lines = append(lines, line)
	}
	return lines
}

// Descriptions that others wrote are read in full, and nothing is found in them that is not
// wrong.
func TestRealDescriptions(t *testing.T) {
	data := os.Getenv("SIGNPOST_TESTDATA")
	if data == "" {
		t.Skip("SIGNPOST_TESTDATA is not set: NO REAL DESCRIPTION IS READ")
	}
	for _, want := range []struct {
		file, format              string
		groups, operations, types int
	}{
		{"datadog-openapi/datadog-v1-subset.json", "OpenAPI 3.0", 7, 14, 152},
		{"github-openapi/github-rest-subset.json", "OpenAPI 3.0", 16, 52, 117},
		{"eventcatalog-specs/Catalog/systems/product-catalog-system/services/ProductAPI/openapi.yml", "OpenAPI 3.0", 1, 4, 4},
		{"eventcatalog-specs/Catalog/systems/search-system/services/SearchAPI/openapi.yml", "OpenAPI 3.0", 1, 1, 3},
		{"eventcatalog-specs/Customer/systems/customer-management-system/services/CustomerAPI/openapi.yml", "OpenAPI 3.0", 1, 3, 4},
		{"eventcatalog-specs/Shopping/systems/cart-system/services/CartAPI/openapi.yml", "OpenAPI 3.0", 1, 3, 5},
		{"eventcatalog-specs/Reviews/openapi.yml", "OpenAPI 3.0", 1, 4, 5},
		{"eventcatalog-specs/Reviews/asyncapi.yml", "AsyncAPI 3.0", 1, 4, 4},
		{"eventcatalog-specs/Ordering/systems/order-management-system/services/OrderService/asyncapi.yml", "AsyncAPI 3.0", 1, 13, 15},
		{"eventcatalog-specs/graphql-files/orders-service.graphql", "GraphQL", 3, 10, 5},
		{"eventcatalog-specs/graphql-files/payment-service.graphql", "GraphQL", 3, 21, 27},
		{"microservices-demo/protos/demo.proto", "Protocol Buffers 3", 9, 15, 32},
		{"opentelemetry-demo/pb/demo.proto", "Protocol Buffers 3", 10, 20, 43},
	} {
		t.Run(want.file, func(t *testing.T) {
			t.Parallel()
			s, found := read(t, filepath.Join(data, filepath.Dir(want.file)), filepath.Base(want.file))
			if s == nil || len(found) > 0 {
				t.Fatal("nothing is wrong with it, but:", said(found))
			}
			got := fmt.Sprint(s.Format, len(s.Groups), len(s.Operations()), len(s.Types))
			if want := fmt.Sprint(want.format, want.groups, want.operations, want.types); got != want {
				t.Errorf("format, groups, operations, types: got %s, want %s", got, want)
			}
			checkSound(t, s)
		})
	}
	for _, file := range []string{"argocd/swagger.json", "opsgenie-oas/swagger.json"} {
		s, found := read(t, filepath.Join(data, filepath.Dir(file)), "swagger.json")
		if s != nil || len(found) != 1 || found[0].Code != CodeUnsupported || found[0].Severity != diag.Warning || found[0].Span.Start.Line == 0 {
			t.Errorf("%s is OpenAPI 2, which is to be said: %v", file, said(found))
		}
	}
}

// checkSound checks what pages rely on: anchors are unique, references lead to types.
func checkSound(t *testing.T, s *Spec) {
	t.Helper()
	ids := map[string]bool{}
	for _, op := range s.Operations() {
		if op.ID == "" || ids[op.ID] || op.Line == 0 {
			t.Errorf("the operation %s has the anchor %q at line %d", op.Title(), op.ID, op.Line)
		}
		ids[op.ID] = true
	}
	var walk func(x *Schema, depth int)
	walk = func(x *Schema, depth int) {
		if x == nil || depth > 100 {
			return
		}
		if x.Ref != "" && s.Type(x.Ref) == nil {
			t.Errorf("there is no type %q", x.Ref)
		}
		for _, f := range x.Fields {
			walk(f.Schema, depth+1)
		}
		for _, v := range x.Variants {
			walk(v, depth+1)
		}
		walk(x.Items, depth+1)
	}
	for _, ty := range s.Types {
		if ids[ty.ID] {
			t.Errorf("two things have the anchor %q", ty.ID)
		}
		ids[ty.ID] = true
		walk(ty.Schema, 0)
	}
}

// What stands in lists is a text, and descriptions are Markdown.
func TestShort(t *testing.T) {
	for text, want := range map[string]string{
		"Find *anything* in **all** of `it`":            "Find anything in all of it",
		"# See [the docs](https://a.example)":           "See the docs",
		"2 * 3 * 4 [a] (b) <b>bold</b> snake_case_name": "2 * 3 * 4 [a] (b) bold snake_case_name",
	} {
		if got := (&Operation{Description: text}).Short(); got != want {
			t.Errorf("%q is shortened to %q, want %q", text, got, want)
		}
	}
}

// Every mistake is found at its place, once, and what is right beside it is shown.
func TestMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		want       []string
		operations int
	}{
		"OpenAPI": {"a.yaml", `openapi: 3.0.3
info: {title: Things}
paths:
  /things/{id}:
    get:
      operationId: get
      parameters:
        - {name: idd, in: path, required: true, schema: {type: strng}}
        - {name: page}
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Thng"}}}}
    gett:
      responses: {}
    put:
      operationId: get
      security: [{nobody: []}]
      parameters: [{name: id, in: path, schema: {type: string}}]
      responses: {"200": {}, "20": {description: x}}
  things:
    post: {responses: {"201": {description: made, content: {text/plain: {schema: {$ref: "https://a.example/x.yaml#/A"}}}}}}
  /things/{other}:
    get:
      parameters: [{name: other, in: path, required: true}]
components: {schemas: {Thing: {type: object, properties: {a: 1}}}}
`, []string{
			`a.yaml:2:1 api-spec-invalid: info has no version | add ` + "`version:`",
			`a.yaml:5:5 api-spec-operation: the path names {id}, but GET /things/{id} does not declare it | add ` + "`{name: id, in: path, required: true, schema: {type: string}}` to its parameters",
			`a.yaml:8:11 api-spec-operation: the path /things/{id} has no {idd} | did you mean "id"?`,
			`a.yaml:8:64 api-spec-invalid: there is no type "strng" | the types are string, number, integer, boolean, array, object and null`,
			`a.yaml:9:11 api-spec-invalid: a parameter says its name, and whether it is in path, query, header or cookie | add ` + "`name:` and `in:`",
			`a.yaml:11:78 api-spec-reference: the reference "#/components/schemas/Thng" leads nowhere | did you mean "#/components/schemas/Thing"?`,
			`a.yaml:12:5 api-spec-invalid: there is no method "gett" | did you mean "get"?`,
			`a.yaml:15:20 api-spec-operation: another operation has the operationId "get", too | give each a name of its own: code that is made from this file would lose one`,
			`a.yaml:16:19 api-spec-reference: there is no security scheme "nobody" | describe it under ` + "`components/securitySchemes`",
			`a.yaml:17:20 api-spec-operation: the parameter "id" stands in the path, so it is always required | add ` + "`required: true`",
			`a.yaml:18:19 api-spec-invalid: the response 200 has no description | say when it comes`,
			`a.yaml:18:30 api-spec-invalid: "20" is no status of a response | write a number such as "404", a range such as 4XX, or default`,
			`a.yaml:19:3 api-spec-invalid: the path "things" does not begin with a slash | write "/things"`,
			`a.yaml:20:89 api-spec-reference: the reference "https://a.example/x.yaml#/A" leads to another host, where nothing is read | copy what it leads to into the catalog`,
			`a.yaml:22:5 api-spec-invalid: the operation does not say what comes back: responses is missing | add at least one, such as ` + "`\"200\": {description: …}`",
			`a.yaml:22:5 api-spec-operation: a request to GET /things/{other} fits another path as well | paths that differ only in the names of their parameters are the same`,
			`a.yaml:24:62 api-spec-invalid: a schema is a map | write ` + "`type: string`, or a reference under `$ref`",
		}, 4},
		"no YAML":          {"a.yaml", "openapi: 3.1.0\ninfo: [\n", []string{"a.yaml:2:7 api-spec-invalid: what begins here is not closed | write the closing bracket"}, -1},
		"nothing":          {"a.yaml", "a: 1\n", []string{"a.yaml:1:1 api-spec-invalid: this is no description of an API: it says neither openapi nor asyncapi | begin with `openapi: 3.1.0` or `asyncapi: 3.0.0`"}, -1},
		"a future version": {"a.yaml", "openapi: 4.0.0\n", []string{`a.yaml:1:10 api-spec-unsupported: OpenAPI "4.0.0" is not supported | write it as OpenAPI 3.0 or 3.1`}, -1},
		"another language": {"a.wsdl", "<a/>", []string{"a.wsdl api-spec-unsupported: the ending of this file is none of an API description that can be shown | OpenAPI and AsyncAPI end in .yaml, .yml or .json, GraphQL in .graphql, protobuf in .proto"}, -1},
		"AsyncAPI": {"a.yaml", `asyncapi: 3.0.0
info: {title: Events, version: "1"}
servers: {main: {host: a.example}}
channels:
  orders: {address: orders, messages: {made: {payload: {$ref: "#/components/schemas/None"}}}}
operations:
  tell: {action: sends, channel: {$ref: "#/channels/orders"}}
  hear: {action: receive}
  more: {action: send, channel: {$ref: "#/channels/order"}}
`, []string{
			`a.yaml:3:11 api-spec-invalid: the server "main" has no protocol | add ` + "`protocol:`, such as kafka, amqp, mqtt or wss",
			`a.yaml:5:63 api-spec-reference: the reference "#/components/schemas/None" leads nowhere`,
			`a.yaml:7:3 api-spec-invalid: the operation "tell" neither sends nor receives | add ` + "`action: send` or `action: receive`",
			`a.yaml:8:3 api-spec-invalid: the operation "hear" names no channel | add ` + "`channel: {$ref: \"#/channels/…\"}`",
			`a.yaml:9:40 api-spec-reference: the reference "#/channels/order" leads nowhere | did you mean "#/channels/orders"?`,
		}, 1},
		"GraphQL": {"a.graphql", "type Query {\n  a: Thng\n  b: [Thing!]!\n}\n\n\"Broken.\"\ntype Other {\n  c String\n}\n\ntype Thing { id: ID! }\ntype Thing { id: ID! }\n", []string{
			`a.graphql:2:6 api-spec-reference: there is no type "Thng" | did you mean "Thing"?`,
			`a.graphql:8:5 api-spec-invalid: this is no GraphQL schema here: Expected :, found Name`,
			`a.graphql:12:6 api-spec-invalid: there is another type "Thing" | rename one, or write ` + "`extend`",
		}, 2},
		"protobuf": {"a.proto", "syntax = \"proto3\";\npackage a;\nservice S {\n  rpc Get(Req) returns (Rsp);\n  rpc Bad(Req) returns ;\n}\nmessage Req {\n  string a = 1;\n  string b = 1;\n}\nmessage Req {}\n", []string{
			`a.proto:4:25 api-spec-reference: there is no type "Rsp" | describe it, or import the file that does`,
			`a.proto:5:24 api-spec-invalid: syntax error: unexpected ';', expecting '('`,
			`a.proto:9:14 api-spec-invalid: b has the number 1, as a has | give it a number that was never used in this message`,
			`a.proto:11:9 api-spec-invalid: there is another "Req" | rename one`,
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s, found := readText(t, c.file, c.text)
			if diff := cmp.Diff(c.want, said(found)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			operations := -1
			if s != nil {
				operations = len(s.Operations())
			}
			if operations != c.operations {
				t.Errorf("%d operations are shown, want %d", operations, c.operations)
			}
		})
	}
}

// A description may be spread over files of the tree, and leads nowhere else.
func TestReferencesStayInTheTree(t *testing.T) {
	s, found := readText(t, "apis/a/openapi.yaml", `openapi: 3.1.0
info: {title: A, version: "1"}
paths:
  /a:
    get:
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "../types.yaml#/Money"}}}}
        "400": {description: bad, content: {application/json: {schema: {$ref: "../../../secret.yaml"}}}}
        "401": {description: bad, content: {application/json: {schema: {$ref: "//evil.example/x"}}}}
        "402": {description: bad, content: {application/json: {schema: {$ref: "file:///etc/passwd"}}}}
        "403": {description: bad, content: {application/json: {schema: {$ref: "../key.pem"}}}}
`, "apis/types.yaml", "Money: {type: object, properties: {of: {$ref: \"#/Currency\"}, next: {$ref: \"#/Money\"}}}\nCurrency: {type: string}\n", "apis/key.pem", "secret")
	var types []string
	for _, ty := range s.Types {
		types = append(types, ty.Name)
	}
	if want := []string{"Money", "Currency"}; !slices.Equal(types, want) {
		t.Errorf("types: got %v, want %v", types, want)
	}
	want := []string{
		`apis/a/openapi.yaml:8:79 api-spec-reference: the reference "../../../secret.yaml" leads nowhere: it leads out of the catalog`,
		`apis/a/openapi.yaml:9:79 api-spec-reference: the reference "//evil.example/x" leads to another host, where nothing is read | copy what it leads to into the catalog`,
		`apis/a/openapi.yaml:10:79 api-spec-reference: the reference "file:///etc/passwd" leads to another host, where nothing is read | copy what it leads to into the catalog`,
		`apis/a/openapi.yaml:11:79 api-spec-reference: the reference "../key.pem" leads nowhere: only YAML and JSON files are read`,
	}
	if diff := cmp.Diff(want, said(found)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// Hostile descriptions cost little, and never the program.
func TestHostileDescriptions(t *testing.T) {
	head := "openapi: 3.1.0\ninfo: {title: A, version: \"1\"}\npaths: {/a: {get: {responses: {\"200\": {description: ok, content: {application/json: {schema: {$ref: \"#/components/schemas/A\"}}}}}}}}\n"
	nested := func(open, inner, end string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	wide := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"recursion":           head + "components: {schemas: {A: {type: object, properties: {a: {$ref: \"#/components/schemas/A\"}, b: {type: array, items: {$ref: \"#/components/schemas/A\"}}}}}}\n",
		"a circle":            head + "components: {schemas: {A: {$ref: \"#/components/schemas/B\"}, B: {$ref: \"#/components/schemas/A\"}}}\n",
		"all of itself":       head + "components: {schemas: {A: {allOf: [{$ref: \"#/components/schemas/A\"}, {$ref: \"#/components/schemas/A\"}]}}}\n",
		"a circle of answers": "openapi: 3.1.0\ninfo: {title: A, version: \"1\"}\npaths: {/a: {get: {responses: {\"200\": {$ref: \"#/components/responses/A\"}}}}}\ncomponents: {responses: {A: {$ref: \"#/components/responses/A\"}}}\n",
		"deep":                head + "components: {schemas: {A: " + nested("{type: array, items: ", "{type: string}", "}", 100) + "}}\n",
		"deeper than allowed": head + "components: {schemas: {A: " + nested("{items: ", "{}", "}", 2_000) + "}}\n",
		"choices of choices":  head + "components: {schemas: {A: " + nested("{anyOf: [{type: string}, ", "{}", "]}", 60) + "}}\n",
		"many values":         head + "components: {schemas: {A: {type: string, enum: [" + wide(40_000, "v%d, ") + "z]}}}\n",
		"many fields":         head + "components: {schemas: {A: {allOf: [{$ref: \"#/components/schemas/B\"}, {properties: {" + wide(20_000, "f%d: {type: string}, ") + "z: {}}}]}, B: {properties: {" + wide(20_000, "g%d: {}, ") + "z: {}}}}}\n",
		"many operations":     "openapi: 3.1.0\ninfo: {title: A, version: \"1\"}\npaths:\n" + wide(15_000, "  /p%d: {get: {responses: {\"200\": {description: ok}}}}\n"),
		"scripts":             "openapi: 3.1.0\ninfo: {title: \"<script>\", version: \"'; rm -rf /\"}\nservers: [{url: \"https://a/$(id)'`id`\"}]\npaths: {\"/a'b\": {get: {parameters: [{name: \"x'\\ny\", in: header, required: true}], responses: {\"200\": {description: ok}}}}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			s, found := readText(t, "a.yaml", text)
			if circular := strings.HasPrefix(name, "a circle"); circular != slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Code == CodeReference }) {
				t.Errorf("a circle is found: %v", said(found))
			}
			o := outlineOf("a.yaml", s, nil, found)
			if s != nil {
				checkSound(t, s)
				Compare(s, s)
				for _, g := range o.Groups {
					for _, op := range g.Operations {
						if op.Rows > 10*MostRows {
							t.Errorf("%s takes %d rows of a page", op.Title(), op.Rows)
						}
					}
				}
			}
			if took := time.Since(began); took > 2*time.Minute {
				t.Errorf("it took %v", took)
			}
		})
	}
	for name, file := range map[string][2]string{
		"GraphQL lists":      {"a.graphql", "type Query { a: " + nested("[", "Int", "]", 100_000) + " }"},
		"GraphQL values":     {"a.graphql", "type Query { a(b: Int = " + nested("[", "1", "]", 100_000) + "): Int }"},
		"GraphQL, no end":    {"a.graphql", strings.Repeat("type A {\n", 5_000)},
		"GraphQL, itself":    {"a.graphql", "type Query { a: Query, b: A }\nunion A = A | B\ntype B { a: A! b: [B!]! }"},
		"protobuf, deep":     {"a.proto", nested("message A {", "", "}", 100_000)},
		"protobuf, itself":   {"a.proto", "message A { A a = 1; map<string, A> b = 2; }\nservice S { rpc A(A) returns (A); }"},
		"protobuf, no sense": {"a.proto", strings.Repeat("message {", 150)},
		"no text":            {"a.proto", "\x00\xff\xfe"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, found := readText(t, file[0], file[1])
			if s != nil {
				checkSound(t, s)
			}
			if !strings.Contains(name, "itself") && len(found) == 0 {
				t.Error("nothing is found")
			}
		})
	}
}

// What is copied into a terminal is one command, whatever the description says.
func TestCommandsAreQuoted(t *testing.T) {
	s, _ := readText(t, "a.yaml", `openapi: 3.1.0
info: {title: A, version: "1"}
servers: [{url: "https://a.example/'; rm -rf ~; '$(id)"}]
security: [{key: [], other: []}]
paths:
  /a/{id}:
    post:
      parameters:
        - {name: id, in: path, required: true, example: "a b/c'd", schema: {type: string}}
        - {name: q, in: query, required: true, schema: {type: string, enum: [x&y]}}
        - {name: "X-A'", in: header, required: true, example: "\e]0;title\a", schema: {type: string}}
      requestBody: {content: {application/json: {example: {a: "it's"}}}}
      responses: {"200": {description: ok}}
components: {securitySchemes: {key: {type: apiKey, in: query, name: "k'"}, other: {type: http, scheme: bearer}}}
`)
	want := `curl -X POST 'https://a.example/'\''; rm -rf ~; '\''$(id)/a/a%20b%2Fc%27d?q=x%26y&k%27='"$API_KEY" \
  -H "Authorization: Bearer $TOKEN" \
  -H 'X-A'\'': ]0;title' \
  -H 'Content-Type: application/json' \
  -d '{
  "a": "it'\''s"
}'`
	if diff := cmp.Diff(want, s.Operations()[0].Command); diff != "" {
		t.Errorf("command (-want +got):\n%s", diff)
	}
}
