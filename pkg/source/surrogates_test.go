package source

import (
	"encoding/json"
	"testing"
)

// A JSON file means what JSON says, and its values stand where they stand.
func TestSurrogates(t *testing.T) {
	for _, text := range []string{
		`{"a": "\ud83d\ude80 x \uD83D\uDE80", "b": 1}`,
		`{"\ud83d\ude80": "k", "b": 1}`,
		`{"a": "\\ud83d\\ude80 \\\ud83d\ude80", "b": 1}`,
		`{"a": "\u00e9\ud800\udc00\udbff\udfff", "b": 1}`,
		`{"a": "\ue000 no pair", "b": 1}`,
		` {"a": "` + "\ue123" + `", "b": 1}`,
	} {
		docs, found := Decode("a.json", []byte(text), SpecLimits)
		if len(docs) != 1 || len(found) > 0 {
			t.Errorf("%s: %v", text, found)
			continue
		}
		var want map[string]any
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		for _, c := range docs[0].Root.Children() {
			if w, ok := want[c.Name()]; !ok || c.Kind() == String && w != c.Text() {
				t.Errorf("%s: %q is %q, want %q", text, c.Name(), c.Text(), w)
			}
		}
		b := docs[0].Root.Field("b")
		if at, want := b.Span().Start.Col, len([]rune(text))-1; at != want {
			t.Errorf("%s: b stands at column %d, want %d", text, at, want)
		}
	}
	for _, text := range []string{`{"a": "\ud83d"}`, `{"a": "\ud83d\u0041"}`, "a: \"\\ud83d\\ude80\"\n"} {
		if _, found := Decode("a.json", []byte(text), SpecLimits); len(found) == 0 {
			t.Errorf("%s is no text, which is to be said", text)
		}
	}
}
