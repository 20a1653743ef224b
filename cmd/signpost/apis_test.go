package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/signpost-dev/signpost/internal/costs"
)

// apiCatalog is a small catalog with an API that a file describes.
func apiCatalog(t *testing.T, name string, description []byte) string {
	t.Helper()
	dir := smallCatalog(t)
	writeFile(t, dir, "api.yaml", "apiVersion: signpost.dev/v1\nkind: api\nname: a\nowner: team:payments\ndefinition: "+name+"\n")
	if err := os.WriteFile(filepath.Join(dir, name), description, 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// GitHub's own description, 13 MB with 1,200 operations, becomes pages of which none is too
// large to be used, in bounded time and memory, and the second build reads none of it.
func TestGitHubsInterface(t *testing.T) {
	const file = "../../internal/browsertest/node_modules/@octokit/openapi/generated/api.github.com.json"
	data, err := os.ReadFile(file)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("GitHub's description is missing: run internal/browsertest/setup.sh: %v", err)
		}
		t.Skipf("SKIPPED: NOTHING OF THIS SIZE IS BUILT, since internal/browsertest/setup.sh was not run: %v", err)
	}
	dir, out := apiCatalog(t, "openapi.json", data), t.TempDir()
	data = nil
	runtime.GC()
	began := time.Now()
	if status, _, stderr := signpost(t, "build", dir, "--out", out); status != statusFine {
		t.Fatalf("build ended with %d:\n%s", status, stderr)
	}
	took := time.Since(began)
	pages, largest, compressed, operations := 0, 0, 0, 0
	for _, page := range pagesIn(t, filepath.Join(out, "apis")) {
		pages++
		largest, compressed = max(largest, len(page)), max(compressed, costs.Compressed(t, page))
		operations += bytes.Count(page, []byte("id=op-"))
	}
	t.Logf("%d pages in %v, the largest %d KB, compressed %d KB; %d operations", pages, took.Round(time.Millisecond), largest>>10, compressed>>10, operations)
	if operations != 1223 {
		t.Errorf("%d operations are shown, want 1223", operations)
	}
	if largest > 250<<10 || compressed > 30<<10 {
		t.Errorf("the largest page has %d bytes, the largest compressed %d; the budget is 250 KB and 30 KB", largest, compressed)
	}
	if took > 2*time.Minute {
		t.Errorf("it took %v", took)
	}
	again := time.Now()
	if _, _, stderr := signpost(t, "build", dir, "--out", out); !strings.Contains(stderr, "0 files written") {
		t.Errorf("the second build writes something: %s", stderr)
	}
	if again := time.Since(again); again > took/2 {
		t.Errorf("the second build took %v, the first %v", again, took)
	}
}

// Each operation is a record of the search index, by what it is called and what it says.
func TestOperationsAreSearched(t *testing.T) {
	text := "openapi: 3.1.0\ninfo: {title: A, version: \"1\"}\npaths: {/parcels: {get: {operationId: listParcels, description: All of them that are franked., responses: {\"200\": {description: ok}}}}}\n"
	dir, out := apiCatalog(t, "openapi.yaml", []byte(text)), t.TempDir()
	if status, _, stderr := signpost(t, "build", dir, "--out", out); status != statusFine {
		t.Fatalf("build ended with %d:\n%s", status, stderr)
	}
	index := bytes.Join(filesIn(t, filepath.Join(out, "search"), ".js"), nil)
	for _, want := range []string{"GET /parcels", "apis/a/-/api.html#op-listParcels", "franked", "Operation"} {
		if !bytes.Contains(index, []byte(want)) {
			t.Errorf("the index does not hold %q", want)
		}
	}
}

// What is written less often is shown, too.
func TestInterfacesShowWhatTheySay(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
		not  []string
	}{
		"openapi.yaml": {`openapi: 3.0.3
info: {title: Shop, version: "1"}
servers: [{url: "https://{host}/v1", variables: {host: {default: a.example, enum: [a.example, b.example]}}}]
components:
  securitySchemes: {oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: https://a.example/token, scopes: {read-all: Read it all}}}}}
  schemas:
    Thing: {type: object, additionalProperties: false, properties: {made: {type: string, readOnly: true}, secret: {type: string, writeOnly: true}}}
    Pet: {oneOf: [{$ref: "#/components/schemas/Thing"}, {type: string}], discriminator: {propertyName: kind, mapping: {thing: "#/components/schemas/Thing"}}}
paths:
  /things:
    servers: [{url: https://things.example}]
    post:
      parameters: [{name: ids, in: query, explode: false, schema: {type: array, items: {type: string}}}, {name: by, in: query, style: deepObject, schema: {type: object}}]
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}, examples: {small: {summary: A small one, value: {id: 1}}, big: {value: {id: 2}}}}}}
      callbacks: {done: {"{$request.body#/url}": {post: {operationId: onDone, responses: {"200": {description: ok}}}}}}
`, []string{
			"https://a.example/v1", "one of a.example, b.example", "https://a.example/token", "read-all", "Read it all", "Server: https://things.example", "curl -X POST 'https://things.example/things'",
			"joined by commas", "written as by[key]=value", "no other keys", "told apart by kind: thing for Thing, string", "A small one", "big", "POST /things → done", "Called after POST /things at {$request.body#/url}",
		}, []string{`"made":`}},
		"asyncapi.yaml": {`asyncapi: 3.0.0
info: {title: A, version: "1"}
servers: {main: {host: a.example, protocol: kafka, security: [{$ref: "#/components/securitySchemes/sasl"}]}}
channels: {c: {address: orders, bindings: {kafka: {partitions: 3}}, messages: {m: {correlationId: {location: "$message.header#/id"}, payload: {type: string}}}}}
operations: {tell: {action: send, channel: {$ref: "#/channels/c"}}}
components: {securitySchemes: {sasl: {type: scramSha256}}}
`, []string{"Authentication: sasl", "Bindings", "partitions 3", "correlated by $message.header#/id"}, nil},
		"schema.graphql": {`type Query { a: [A]! }
type A { id: ID old: Int @deprecated(reason: "Nobody reads it.") }
`, []string{"never null", "items may be null", "Deprecated: Nobody reads it."}, nil},
		"a.proto": {"syntax = \"proto3\";\n// Says what it is.\npackage a;\nmessage A { map<int32, E> m = 1; }\nenum E { X = 0; }\n", []string{"Says what it is.", "map of E by int32", "X = 0"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir, out := apiCatalog(t, name, []byte(c.text)), t.TempDir()
			if status, _, stderr := signpost(t, "build", dir, "--out", out); status != statusFine {
				t.Fatalf("build ended with %d:\n%s", status, stderr)
			}
			page, err := os.ReadFile(filepath.Join(out, "apis", "a", "-", "api.html"))
			if err != nil {
				t.Fatal(err)
			}
			root, err := html.Parse(bytes.NewReader(page))
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for n := range root.Descendants() {
				if n.Type == html.TextNode {
					b.WriteString(n.Data)
				}
			}
			for _, want := range c.want {
				if !strings.Contains(b.String(), want) {
					t.Errorf("the page does not say %q", want)
				}
			}
			for _, not := range c.not {
				if strings.Contains(b.String(), not) {
					t.Errorf("the page says %q", not)
				}
			}
		})
	}
}

func pagesIn(t *testing.T, dir string) [][]byte { return filesIn(t, dir, ".html") }

// filesIn returns what the files below a folder hold whose names end in a suffix.
func filesIn(t *testing.T, dir, suffix string) [][]byte {
	t.Helper()
	var pages [][]byte
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, suffix) {
			return err
		}
		data, err := os.ReadFile(p)
		pages = append(pages, data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// However large one type or one operation is, no page grows with it.
func TestPagesOfInterfacesAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("openapi: 3.1.0\ninfo: {title: A, version: \"1\"}\npaths:\n")
	for i := range 3_000 {
		fmt.Fprintf(&b, "  /p%d: {get: {tags: [t%d], summary: Number %d, responses: {\"200\": {description: ok, content: {application/json: {schema: {$ref: \"#/components/schemas/Wide\"}}}}}}}\n", i, i%1_000, i)
	}
	b.WriteString("components: {schemas: {Wide: {properties: {")
	for i := range 5_000 {
		fmt.Fprintf(&b, "f%d: {type: string, description: Field %d}, ", i, i)
	}
	b.WriteString("z: {}}}, Values: {enum: [")
	for i := range 5_000 {
		fmt.Fprintf(&b, "value%d, ", i)
	}
	b.WriteString("z]}}}\n")
	dir, out := apiCatalog(t, "openapi.yaml", []byte(b.String())), t.TempDir()
	if status, _, stderr := signpost(t, "build", dir, "--out", out); status != statusFine {
		t.Fatalf("build ended with %d:\n%s", status, stderr)
	}
	operations := 0
	for _, page := range pagesIn(t, filepath.Join(out, "apis")) {
		if len(page) > 250<<10 {
			t.Errorf("a page has %d bytes", len(page))
		}
		operations += bytes.Count(page, []byte("id=op-"))
	}
	if operations != 3_000 {
		t.Errorf("%d operations are shown, want 3000", operations)
	}
}

// checkHarmless looks for what a browser would run, or load from elsewhere.
func checkHarmless(t *testing.T, page []byte) {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "img" || n.Data == "script" && n.FirstChild != nil {
			t.Errorf("a page has a <%s>", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				t.Errorf("a page has <%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
	}
}

// What a description says is text and sanitised Markdown on its pages, wherever it stands.
func TestInterfacesAreHarmless(t *testing.T) {
	const vector = `<script>alert(1)</script><img src=x onerror=alert(1)><a href=javascript:alert(1)>x</a>`
	for name, text := range map[string]string{
		"openapi.yaml": `openapi: 3.1.0
info: {title: V, version: V, description: V}
servers: [{url: "javascript:V", description: V, variables: {V: {default: V, enum: [V], description: V}}}]
tags: [{name: V, description: V}]
paths:
  /V:
    post:
      operationId: V
      summary: V
      description: V
      tags: [V]
      security: [{V: []}]
      parameters: [{name: V, in: query, description: V, example: V, schema: {type: string, description: V, enum: [V], default: V, pattern: V}}]
      callbacks: {V: {V: {post: {summary: V, responses: {"200": {description: V}}}}}}
      requestBody: {description: V, content: {V: {examples: {V: {summary: V, value: V}, b: {value: V}}, schema: {$ref: "#/components/schemas/V"}}}}
      responses: {"200": {description: V, headers: {V: {description: V}}, content: {application/json: {example: {V: V}, schema: {properties: {V: {description: V, properties: {V: {}}}}}}}}}
components: {securitySchemes: {V: {type: http, scheme: V, description: V}, b: {type: oauth2, flows: {implicit: {authorizationUrl: V, scopes: {V: V}}}}}, schemas: {V: {description: V, discriminator: {propertyName: V, mapping: {V: V}}, oneOf: [{title: V, properties: {V: {}}}, {type: string}]}}}
`,
		"asyncapi.yaml": `asyncapi: 3.0.0
info: {title: V, version: V, description: V}
servers: {V: {host: V, protocol: V, description: V, variables: {V: {default: V, enum: [V], description: V}}}}
channels: {c: {address: V, bindings: {V: {V: V}}, parameters: {V: {description: V}}, messages: {V: {summary: V, correlationId: {location: V}, headers: {properties: {V: {description: V}}}, payload: {description: V}, examples: [{name: V, payload: V}, {payload: V}]}}}}
operations: {V: {action: send, channel: {$ref: "#/channels/c"}, bindings: {V: {V: [V]}}, reply: {address: {location: V}, channel: {$ref: "#/channels/c"}}}}
`,
		"schema.graphql": "\"\"\"V\"\"\"\ntype Query { \"\"\"V\"\"\" a(\"\"\"V\"\"\" b: String = \"V\"): E }\n\"\"\"V\"\"\"\nenum E { \"\"\"V\"\"\" A @deprecated(reason: \"V\") }\n",
		"a.proto":        "syntax = \"proto3\";\n// V\nservice S {\n  // V\n  rpc Get(A) returns (A);\n}\n// V\nmessage A {\n  // V\n  string a = 1;\n}\n",
	} {
		t.Run(name, func(t *testing.T) {
			as := vector
			if strings.HasSuffix(name, ".yaml") {
				as = `"` + vector + `"`
				text = strings.ReplaceAll(strings.ReplaceAll(text, "/V:", `"/`+vector+`":`), `"javascript:V"`, `"javascript:`+vector+`"`)
				text = regexp.MustCompile(`#/components/schemas/V`).ReplaceAllString(text, "#/components/schemas/"+strings.ReplaceAll(vector, "/", "~1"))
			}
			text = regexp.MustCompile(`\bV\b`).ReplaceAllLiteralString(text, as)
			dir, out := apiCatalog(t, name, []byte(text)), t.TempDir()
			if status, _, stderr := signpost(t, "build", dir, "--out", out); status != statusFine {
				t.Fatalf("build ended with %d:\n%s", status, stderr)
			}
			pages := pagesIn(t, filepath.Join(out, "apis"))
			if len(pages) < 3 {
				t.Fatalf("there are only %d pages", len(pages))
			}
			for _, page := range pages {
				checkHarmless(t, page)
			}
		})
	}
}
