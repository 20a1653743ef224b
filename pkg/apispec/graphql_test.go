package apispec

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A mistake costs the definition in which it stands, with what describes that, and no other.
func TestGraphQLMistakes(t *testing.T) {
	s, found := readText(t, "a.graphql", `schema { query: Q mutation: Nope }
type Q { a: A @deprecated(reason: "Use b.") u: U }
type A { x: Int x: String }
"""
Of several
lines
"""
type Broken { a: }
# next
"described"
type B implements Gone & I & A { y: In }
interface I { z: Int }
input In { a: A }
union U = A | B
scalar D @specifiedBy(url: "https://a.example/d")
`)
	want := []string{
		`a.graphql:1:19 api-spec-reference: there is no type "Nope" | define it, or correct the name`,
		`a.graphql:3:17 api-spec-invalid: A has another field x | rename one`,
		`a.graphql:8:18 api-spec-invalid: this is no GraphQL schema here: Expected Name, found }`,
		`a.graphql:11:6 api-spec-invalid: B is a I, but has no field z | add it, or leave the interface out`,
		`a.graphql:11:6 api-spec-reference: "B" implements "A", which is no interface`,
		`a.graphql:11:6 api-spec-reference: there is no type "Gone" | define it, or correct the name`,
		`a.graphql:11:34 api-spec-invalid: "In" cannot come back: it is an input | name a type`,
		`a.graphql:13:12 api-spec-invalid: "A" cannot be sent: it is of the kind object | name an input`,
	}
	if diff := cmp.Diff(want, said(found)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	var names []string
	for _, ty := range s.Types {
		names = append(names, ty.Name+": "+ty.Description)
	}
	if got := strings.Join(names, ", "); got != "A: , B: described, I: , In: , U: , D: Specified at https://a.example/d" {
		t.Errorf("the types are %s", got)
	}
	if got := s.Operations()[0].Description; got != "Deprecated: Use b." {
		t.Errorf("the operation is described as %q", got)
	}
}

// A query asks the members of a union for their fields, and a call sends what is right.
func TestGraphQLCalls(t *testing.T) {
	s, found := readText(t, "a.graphql", `type Query { find(in: In!): [Hit!]! }
union Hit = A | B
type A { id: ID! b: B }
type B { n: Int }
enum Role { OLD @deprecated NEW MORE }
input In { role: Role other: Role = MORE and: [In!] }
`)
	if len(found) > 0 {
		t.Fatal(said(found))
	}
	op := s.Operations()[0]
	if want := "query ($in: In!) {\n  find(in: $in) {\n    __typename\n    ... on A {\n      id\n    }\n    ... on B {\n      n\n    }\n  }\n}"; op.Query != want {
		t.Errorf("the query is\n%s\nwant\n%s", op.Query, want)
	}
	if want := `"variables": {"in": {"role": "NEW", "other": "MORE"}}}'`; !strings.HasSuffix(op.Command, want) {
		t.Errorf("the call is %s, want %s at its end", op.Command, want)
	}
}
