package check_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/check"
)

// The examples for signpost.yaml in the reference make, together, one that can be
// used: they name rules, kinds and formats that exist.
func TestExamplesOfTheConfigCanBeUsed(t *testing.T) {
	data, err := os.ReadFile("../../schema/portal.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties map[string]struct{ Examples []json.RawMessage }
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	config := map[string]json.RawMessage{"apiVersion": json.RawMessage(`"signpost.dev/v1"`)}
	for name, field := range schema.Properties {
		if len(field.Examples) > 0 {
			config[name] = field.Examples[0]
		}
	}
	if config["rules"] == nil || config["fields"] == nil || config["kinds"] == nil {
		t.Fatalf("there are examples for %d fields only", len(config))
	}
	text, err := json.Marshal(config) // JSON is YAML too
	if err != nil {
		t.Fatal(err)
	}
	c := load(t, map[string]string{catalog.ConfigFile: string(text)})
	found := c.in.Found
	if c.in.Catalog != nil {
		found = check.Run(c.in).Diagnostics
	}
	for _, d := range found {
		t.Errorf("%s: %s [%s] %s", d.Span, d.Message, d.Code, d.Hint)
	}
}
