package schema

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/signpost-dev/signpost/pkg/source"
)

// maxShown is how much of a value is repeated in a message, in characters.
const maxShown = 60

// shorten cuts a text that is too long for a message.
func shorten(s string) string {
	if runes := []rune(s); len(runes) > maxShown {
		return string(runes[:maxShown-1]) + "…"
	}
	return s
}

// printable replaces what would not show, so that a key cannot forge a message.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return '\uFFFD'
	}, s)
}

// found says what was written.
func found(n *source.Node) string {
	switch n.Kind() {
	case source.Map:
		return "a map"
	case source.List:
		return "a list"
	case source.Null:
		return "nothing"
	case source.String:
		return strconv.Quote(shorten(n.Text()))
	default:
		return shorten(n.Text())
	}
}

// show writes a value of a schema as it would stand in YAML.
func show(v any) string {
	switch v := v.(type) {
	case string:
		return strconv.Quote(v)
	case json.Number:
		return string(v)
	case nil:
		return "null"
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "?"
	}
	return string(text)
}

// typeWords names the types that the keyword "type" allows.
func typeWords(t any) []string {
	names, isList := t.([]any)
	if !isList {
		names = []any{t}
	}
	words := make([]string, len(names))
	for i, n := range names {
		words[i] = typeNames[n]
	}
	return words
}

var typeNames = map[any]string{
	"array":   "a list",
	"boolean": "true or false",
	"integer": "a whole number",
	"null":    "empty",
	"number":  "a number",
	"object":  "a map",
	"string":  "text",
}

func or(words []string) string  { return join(words, "or") }
func and(words []string) string { return join(words, "and") }

func join(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " " + last + " " + words[n]
}

// unique drops repeats and keeps the order.
func unique(words []string) []string {
	var kept []string
	for _, w := range words {
		if !slices.Contains(kept, w) {
			kept = append(kept, w)
		}
	}
	return kept
}

var (
	plainText = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_./@+-]*([ :][A-Za-z0-9_./@+][A-Za-z0-9_./@+-]*|:[#@][A-Za-z0-9][A-Za-z0-9_./@+-]*)*|[0-9]{4}-[0-9]{2}-[0-9]{2}|[1-9][0-9]*[dhmwy])$`)
	yamlWord  = regexp.MustCompile(`^(?i:true|false|null|yes|no|on|off|y|n)$`)
)

// plain writes a text as YAML, without quotes if it needs none in any context.
func plain(s string) string {
	if plainText.MatchString(s) && !yamlWord.MatchString(s) {
		return s
	}
	return strconv.Quote(s)
}

// inYAML writes a value of a schema as flow YAML, keys sorted.
func inYAML(v any) string {
	switch v := v.(type) {
	case string:
		return plain(v)
	case []any:
		items := make([]string, len(v))
		for i, x := range v {
			items[i] = inYAML(x)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case object:
		fields := []string{}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			fields = append(fields, plain(key)+": "+inYAML(v[key]))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	return show(v)
}
