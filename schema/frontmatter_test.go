package schema

import (
	"encoding/json"
	"slices"
	"testing"
)

// Each kind of document has a schema for its front matter, which knows what that kind has a
// use for.
func TestFrontMatterOfEachKind(t *testing.T) {
	s := compiled(t, nil, nil)
	for _, c := range []struct {
		kind, front string
		right       bool
	}{
		{"runbook", `{"title": "A", "alerts": ["Down"], "when": "it is down", "severity": 1, "kept": true}`, true},
		{"runbook", `{"actions": []}`, false},
		{"runbook", `{"kind": "guide"}`, false},
		{"playbook", `{"everyone": true, "when": "all is down"}`, true},
		{"playbook", `{"everyone": "yes"}`, false},
		{"playbook", `{"alerts": ["Down"]}`, false},
		{"adr", `{"kind": "adr", "number": 3, "deciders": ["person:amara"], "supersedes": [1]}`, true},
		{"adr", `{"incident": "INC-1"}`, false},
		{"postmortem", `{"incident": "INC-1", "actions": [{"title": "Mend it"}]}`, true},
		{"postmortem", `{"actions": [{}]}`, false},
		{"guide", `{"order": 1, "lastVerified": "2026-05-02", "reviewEvery": "1y", "kept": 1}`, true},
		{"guide", `{"supersededBy": 3}`, false},
	} {
		name := "document-" + c.kind
		if !slices.Contains(s.Names(), name) {
			t.Fatalf("there is no schema %s among %q", name, s.Names())
		}
		text, err := s.JSON(name)
		if err != nil {
			t.Fatal(err)
		}
		compiled, err := compile(base+name+".schema.json", text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var front any
		if err := json.Unmarshal([]byte(c.front), &front); err != nil {
			t.Fatal(err)
		}
		if err := compiled[0].Validate(front); (err == nil) != c.right {
			t.Errorf("%s in a %s: %v", c.front, c.kind, err)
		}
	}
}

func TestNoKindIsCalledAsASchemaIs(t *testing.T) {
	for _, name := range compiled(t, nil, nil).Names() {
		if _, err := Compile(nil, []OwnKind{{Name: name, Plural: "things"}}); err == nil {
			t.Errorf("a kind of one's own may be called %s", name)
		}
	}
}
