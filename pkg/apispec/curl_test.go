package apispec

import (
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is copied is run, by a real shell and a real curl: what a server gets is what the
// description says.
func TestCommandsRun(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("curl is missing: run internal/browsertest/setup.sh: %v", err)
		}
		t.Skip("SKIPPED: there is no curl, so NO COMMAND IS RUN")
	}
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = append(got, asked(r)) }))
	defer server.Close()
	dir := t.TempDir()
	for name, text := range map[string]string{"file": "contents", "body": "bytes", "secret": "SECRET"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct{ operation, want string }{
		"lists and maps in a query": {`
/a:
  get:
    parameters:
      - {name: ids, in: query, required: true, schema: {type: array, items: {type: integer}}, example: [1, 2]}
      - {name: csv, in: query, required: true, explode: false, schema: {type: array, items: {type: string}}, example: [a, "b c"]}
      - {name: pipe, in: query, required: true, style: pipeDelimited, schema: {type: array, items: {type: string}}, example: [a, b]}
      - {name: deep, in: query, required: true, style: deepObject, explode: true, schema: {type: object}, example: {colour: "it's", n: 1}}
      - {name: json, in: query, required: true, content: {application/json: {schema: {type: object}, example: {a: 1}}}}
      - {name: made, in: query, required: true, schema: {type: array, items: {type: integer}}}
      - {name: not, in: query, schema: {type: string}}
`, "GET /a?ids=1&ids=2&csv=a,b+c&pipe=a%7Cb&deep%5Bcolour%5D=it%27s&deep%5Bn%5D=1&json=%7B%22a%22%3A+1%7D&made=0"},
		"paths, headers and cookies": {`
/a/{list}/{label}/{matrix}:
  get:
    parameters:
      - {name: list, in: path, required: true, schema: {type: array, items: {type: string}}, example: [a, "b/c"]}
      - {name: label, in: path, required: true, style: label, schema: {type: string}, example: x}
      - {name: matrix, in: path, required: true, style: matrix, explode: true, schema: {type: array, items: {type: string}}, example: [1, 2]}
      - {name: X-List, in: header, required: true, schema: {type: array, items: {type: string}}, example: [a, b]}
      - {name: X-Text, in: header, required: true, schema: {type: string}, example: "a'b\"c $HOME"}
      - {name: sid, in: cookie, required: true, schema: {type: string}, example: a b}
`, "GET /a/a,b%2Fc/.x/;matrix=1;matrix=2 X-List=a,b X-Text=a'b\"c $HOME Cookie=sid=a+b"},
		"HEAD":               {"\n/a: {head: {}}\n", "HEAD /a"},
		"GET with a body":    {"\n/a: {get: {requestBody: {content: {application/json: {example: {a: 1}}}}}}\n", "GET /a application/json {\n  \"a\": 1\n}"},
		"no file is sent":    {"\n/a: {post: {requestBody: {content: {text/plain: {example: \"@secret\"}}}}}\n", "POST /a text/plain @secret"},
		"bytes":              {"\n/a: {put: {requestBody: {content: {application/octet-stream: {schema: {type: string, format: binary}}}}}}\n", "PUT /a application/octet-stream bytes"},
		"a text as JSON":     {"\n/a: {post: {requestBody: {content: {application/json: {schema: {type: string}, example: hello}}}}}\n", `POST /a application/json "hello"`},
		"what is JSON stays": {"\n/a: {post: {requestBody: {content: {application/json: {example: '{\"a\": 1}'}}}}}\n", `POST /a application/json {"a": 1}`},
		"the body without what only comes back": {
			"\n/a: {post: {requestBody: {content: {application/json: {schema: {type: object, properties: {id: {type: string, readOnly: true}, n: {type: integer}}}}}}}}\n",
			"POST /a application/json {\n  \"n\": 0\n}",
		},
		"a form": {
			"\n/a: {post: {requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, required: [a b, c], properties: {a b: {type: string, example: \"@secret&x\"}, c: {type: integer, default: 3}, d: {type: string}}}}}}}}\n",
			"POST /a form a b=@secret&x c=3",
		},
		"a form of parts": {
			"\n/a: {post: {requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {file: {type: string, format: binary}, note: {type: string, example: \"@secret; type=x\"}}}}}}}}\n",
			"POST /a parts file=contents note=@secret; type=x",
		},
		"a bearer token":      {"\n/a: {get: {security: [{bearer: []}, {}]}, put: {security: [{bearer: []}]}}\n", "GET /a\nPUT /a Authorization=Bearer T"},
		"a password":          {"\n/a: {get: {security: [{basic: []}]}}\n", "GET /a Authorization=Basic VTpQ"},
		"two keys":            {"\n/a: {get: {security: [{api-key: [], app-key: []}]}}\n", "GET /a X-Api=K1 X-App=K2"},
		"keys elsewhere":      {"\n/a: {get: {security: [{query-key: [], cookie-key: []}]}}\n", "GET /a?k=K3 Cookie=c=K4"},
		"a server of its own": {"\n/a: {servers: [{url: SERVER/path}], get: {}, put: {servers: [{url: SERVER/own/}]}}\n", "GET /path/a\nPUT /own/a"},
	} {
		t.Run(name, func(t *testing.T) {
			got = nil
			s, found := readText(t, "a.yaml", strings.ReplaceAll(`openapi: 3.1.0
info: {title: A, version: "1"}
servers: [{url: "SERVER/"}]
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer}
    basic: {type: http, scheme: basic}
    api-key: {type: apiKey, in: header, name: X-Api}
    app-key: {type: apiKey, in: header, name: X-App}
    query-key: {type: apiKey, in: query, name: k}
    cookie-key: {type: apiKey, in: cookie, name: c}
paths:`+strings.ReplaceAll(c.operation, "\n", "\n  "), "SERVER", server.URL))
			if s == nil || len(found) > 0 {
				t.Fatal("the description is meant to be right:", said(found))
			}
			for _, op := range s.Operations() {
				shell := exec.Command("sh", "-c", op.Command+" -sS --max-time 10")
				shell.Dir = dir
				shell.Env = append(os.Environ(), "TOKEN=T", "USER=U", "PASSWORD=P", "API_KEY=K1", "APP_KEY=K2", "QUERY_KEY=K3", "COOKIE_KEY=K4")
				if out, err := shell.CombinedOutput(); err != nil {
					t.Fatalf("%s\n%v: %s", op.Command, err, out)
				}
			}
			if diff := cmp.Diff(c.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("what the server was asked (-want +got):\n%s\n%s", diff, s.Operations()[0].Command)
			}
		})
	}
}

// asked says what a request asks for.
func asked(r *http.Request) string {
	line := r.Method + " " + r.RequestURI
	for _, h := range []string{"X-List", "X-Text", "X-Api", "X-App", "Authorization", "Cookie"} {
		if v := r.Header.Get(h); v != "" {
			line += " " + h + "=" + v
		}
	}
	media, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch media {
	case "":
	case "multipart/form-data":
		line += " parts"
		for parts := multipart.NewReader(r.Body, params["boundary"]); ; {
			p, err := parts.NextPart()
			if err != nil {
				return line
			}
			text, _ := io.ReadAll(p)
			line += fmt.Sprintf(" %s=%s", p.FormName(), text)
		}
	case "application/x-www-form-urlencoded":
		if err := r.ParseForm(); err != nil {
			return err.Error()
		}
		line += " form a b=" + r.PostForm.Get("a b") + " c=" + r.PostForm.Get("c")
	default:
		text, _ := io.ReadAll(r.Body)
		line += " " + media + " " + string(text)
	}
	return line
}

// A server that is none on the web is no option of curl.
func TestCommandsBeginWithAHost(t *testing.T) {
	for url, want := range map[string]string{
		"-K/etc/x":       "curl 'https://HOST/-K/etc/x/a'",
		"file:///etc":    "curl 'https://HOST/file:///etc/a'",
		"/v1":            "curl 'https://HOST/v1/a'",
		"./v1/":          "curl 'https://HOST/v1/a'",
		"HTTPS://a.test": "curl 'HTTPS://a.test/a'",
	} {
		s, _ := readText(t, "a.yaml", "openapi: 3.1.0\ninfo: {title: A, version: '1'}\nservers: [{url: '"+url+"'}]\npaths: {/a: {get: {}}}\n")
		if got := s.Operations()[0].Command; got != want {
			t.Errorf("%s: got %s, want %s", url, got, want)
		}
	}
}
