package schema

import "testing"

// What the reference and editors show as an example must be right: it is what
// people copy.
func TestExamplesAreValid(t *testing.T) {
	looked := 0
	for _, name := range []string{"service", "library", "pipeline", "resource", "api", "system", "domain", "team", "person", "own", portalKind, documentKind} {
		doc := bundle(name)
		text, err := encode(doc)
		if err != nil {
			t.Fatal(err)
		}
		var places []string
		examples := map[string][]any{}
		walk(doc, "", func(at string, s object) {
			// The example of metadata shows a field that a catalog must declare first.
			if list, _ := s["examples"].([]any); len(list) > 0 && at != "/$defs/metadata" {
				places, examples["#"+at] = append(places, "#"+at), list
			}
		})
		compiled, err := compile("signpost:"+name, text, places...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, at := range places {
			for _, example := range examples[at] {
				looked++
				if err := compiled[i].Validate(example); err != nil {
					t.Errorf("%s: the example %s at %s is not valid: %v", name, inYAML(example), at, err)
				}
			}
		}
	}
	if looked < 300 {
		t.Errorf("looked at %d examples only", looked)
	}
}
