package catalog

import (
	"strings"
	"testing"

	"github.com/signpost-dev/signpost/pkg/source"
	"github.com/signpost-dev/signpost/schema"
)

// What the schemas refuse as a name or namespace must get no place in the
// catalog, and what they accept must get one.
func TestNamesAgreeWithTheSchema(t *testing.T) {
	set, err := schema.Compile(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	service := &Kind{Name: "service"}
	for _, name := range []string{
		"a", "A", "7", "payments-api", "a.b", "a_b", "A-b.C_9", strings.Repeat("a", 63), "index2", "indexes",
		"index", "Index", "INDEX", "-", "a-", "-a", ".", "..", ".a", "a.", "_a", "a_", "a b", " a", "a/b", "../../etc", `a\b`,
		"a:b", "é", "a\u212a", "a\u0000", "a?<x>", strings.Repeat("a", 64), strings.Repeat("é", 40), "a\n",
	} {
		for _, field := range []string{"name", "namespace"} {
			values := map[string]string{"name": "good", field: name}
			text := "apiVersion: signpost.dev/v1\nkind: service\nowner: payments\n"
			for key, value := range values {
				text += key + ": " + quote(value) + "\n"
			}
			docs, found := source.Decode("x.yaml", []byte(text), source.DescriptorLimits)
			if len(docs) != 1 || len(found) > 0 {
				continue // no descriptor can say so
			}
			e := decodeEntity(docs[0].Root, service, "x.yaml", &Config{})
			if want := len(set.Check("service", docs[0].Root)) == 0; e.wellNamed() != want {
				t.Errorf("%s %q: it has a place: %t, want %t", field, name, e.wellNamed(), want)
			}
		}
	}
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\x00", `\0`).Replace(s) + `"`
}
