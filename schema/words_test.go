package schema

import (
	"testing"

	"github.com/signpost-dev/signpost/pkg/source"
)

// What plain writes must be read as the same text, wherever it stands.
func TestPlainIsReadBack(t *testing.T) {
	words := []string{
		"production", "team:payments", "resource:payments-db", "slack:#payments", "Payments API", "2026-03-31", "180d", "1w", "https://example.com/a-b",
		"", "true", "No", "null", "~", "12", "1e5", "0x10", "1.5", "a: b", "a #b", "#a", "a:", "- a", "-", "[a]", "{a}", "a, b", "a ", " a", "*a", "&a", "!a",
		"%a", "@a", "`a", "'a'", `"a"`, "a\nb", "é", "a\tb", "?", "? a", "|", ">", "1d2", "on", "y", "=", "<<", "http:", "a::b", "a\\b", "0d", "a:#", "a: #b",
	}
	for _, word := range words {
		for _, form := range []string{"k: ", "k: [", "k: {a: "} {
			end := map[string]string{"k: ": "", "k: [": "]", "k: {a: ": "}"}[form]
			docs, ds := source.Decode("in.yaml", []byte(form+plain(word)+end+"\n"), source.DescriptorLimits)
			if len(ds) > 0 {
				t.Errorf("%q written as %s in %s%s: %v", word, plain(word), form, end, ds)
				continue
			}
			n := docs[0].Root.Field("k")
			if len(n.Children()) > 0 {
				n = n.Children()[0]
			}
			if n.Kind() != source.String || n.Text() != word {
				t.Errorf("%q written as %s in %s%s is read as %v", word, plain(word), form, end, n.Value())
			}
		}
	}
}
