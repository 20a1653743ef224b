package backstage

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A definition lies beside the descriptor of its API, under a name by which nobody
// takes it for a descriptor.
func TestDefinitions(t *testing.T) {
	tests := []struct{ typ, content, want string }{
		{"openapi", "openapi: 3.1.0\ninfo: {}\n", "openapi.yaml"},
		{"openapi", "# comment\n'swagger': '2.0'\n", "openapi.yaml"},
		{"OpenAPI", `{"openapi": "3.1.0"}`, "openapi.json"},
		{"openapi", "info: {title: x}\n", "openapi.txt"},
		{"openapi", "apiVersion: v1\nopenapi: 3.1.0\n", "openapi.txt"},
		{"openapi", "# " + strings.Repeat("é", 4096) + "\nopenapi: 3.1.0\n", "openapi.txt"},
		{"asyncapi", "asyncapi: 3.0.0\n", "asyncapi.yaml"},
		{"graphql", "type Query { a: Int }\n", "schema.graphql"},
		{"grpc", "syntax = \"proto3\";\n", "service.proto"},
		{"wsdl", "<definitions/>\n", "definition.xml"},
		{"crd", "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n", "definition.txt"},
	}
	var b strings.Builder
	b.WriteString(group)
	for i, tt := range tests {
		fmt.Fprintf(&b, "---\napiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: api-%d}\nspec:\n  type: %s\n  owner: payments\n  definition: %q\n", i, tt.typ, tt.content)
	}
	_, files := imported(t, unpack(t, "-- a.yaml --\n"+b.String()))
	for i, tt := range tests {
		folder := fmt.Sprintf("apis/api-%d/", i)
		if got := files[folder+tt.want]; got != tt.content {
			t.Errorf("%s %q: %s holds %q", tt.typ, tt.content, tt.want, got)
		}
		if !strings.Contains(files[folder+"api.yaml"], "\ndefinition: "+tt.want+"\n") {
			t.Errorf("the descriptor names another file:\n%s", files[folder+"api.yaml"])
		}
	}
	if diff := cmp.Diff(map[string]int{"owner-has-members": 1, "owner-reachable": 1}, codesIn(t, files)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestOddDefinitions(t *testing.T) {
	tests := map[string]struct{ spec, want string }{
		"an address": {
			"definition: {$openapi: 'https://example.com/o.yaml'}",
			"definition: https://example.com/o.yaml\npreserved:\n  backstage:\n    placeholders:\n      spec.definition:\n        $openapi: https://example.com/o.yaml\n",
		},
		"a file that is not there": {
			"definition: {$text: ./o.yaml}",
			"preserved:\n  backstage:\n    spec:\n      definition:\n        $text: ./o.yaml\n",
		},
		"a map instead of text": {
			"definition: {openapi: 3.1.0, info: {}}",
			"preserved:\n  backstage:\n    spec:\n      definition:\n        openapi: \"3.1.0\"\n        info: {}\n",
		},
		"nothing": {"definition: ''", ""},
		"remotes": {
			"remotes: [{type: sse, url: 'https://mcp.example.com'}]",
			"links:\n  - title: Endpoint sse\n    url: https://mcp.example.com\n    type: endpoint\npreserved:\n  backstage:\n    spec:\n      remotes:\n        - type: sse\n          url: https://mcp.example.com\n",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, files := imported(t, unpack(t, "-- a.yaml --\napiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: a}\nspec:\n  owner: payments\n  "+tt.spec+"\n"))
			_, got, _ := strings.Cut(descriptorOf(t, files, "apis/a/api.yaml"), "owner: payments\n")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("descriptor (-want +got):\n%s", diff)
			}
		})
	}
}

// The names of teams at GitHub help CODEOWNERS, but must not clash.
func TestAliases(t *testing.T) {
	team := func(name, slug string) string {
		return "---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: " + name + ", annotations: {github.com/team-slug: " + slug + "}}\nspec: {type: team, children: []}\n"
	}
	_, files := imported(t, unpack(t, "-- a.yaml --\n"+team("a", "org/Squad")+team("b", "org/a")+team("c", "other/squad")+team("d", "org/D")))
	if found := codesIn(t, files); len(found) > 0 {
		t.Errorf("check finds %v", found)
	}
	if !strings.Contains(files["teams/a.yaml"], "aliases:\n  - Squad\n") {
		t.Errorf("a has no alias:\n%s", files["teams/a.yaml"])
	}
}
