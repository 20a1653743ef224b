package source

import (
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// brokenFiles are broken in one place each.
var brokenFiles = []struct{ name, text, want string }{
	{"colon in a value", "a: b: c", `1:5-1:6 a second colon in the value; put quotes around a value that holds ": "`},
	{"colon in a value below", "x: 1\na: b: c # why", `2:5-2:6 a second colon in the value; put quotes around a value that holds ": "`},
	{"colon after quotes", "x: 1\na: 'b': c", `2:7-2:8 a second colon in the value; put quotes around a value that holds ": "`},
	{"key deeper than its neighbours", "a: 1\n  b: 2\n", `2:1-2:4 a key cannot stand here: the line above has a value already; give it the same indentation as the keys beside it`},
	{"key less deep", "a:\n    b: 1\n  c: 2\n", `3:3-3:7 this line does not fit the map it stands in; the keys of that map begin in column 1 (line 1)`},
	{"item less deep", "a:\n    - b\n  - c\n", `3:3-3:6 this line does not fit the map it stands in; the keys of that map begin in column 1 (line 1)`},
	{"key among items", "a:\n- b\nc: 1\n- d\n", `4:1-4:4 this line does not fit the map it stands in; the keys of that map begin in column 1 (line 1)`},
	{"line without colon", "a: 1\nb\nc: 2\n", `2:1-2:2 this line is no "key: value"; write a colon and a space behind the key; text that goes on from the line above is indented deeper than its key`},
	{"line without colon at the end", "a: 1\nb\n", `2:1-2:2 this line is no "key: value"; write a colon and a space behind the key; text that goes on from the line above is indented deeper than its key`},
	{"text after quotes", "a: \"b\" c\nd: 1\n", `1:8-1:9 there is something behind the end of the value; put quotes around the whole value`},
	{"text after an item's quotes", "- \"b\" c\n- d\n", `1:7-1:8 there is something behind the end of the item; put quotes around the whole item`},
	{"tab", "a:\n\tb: 1\n", `2:1-2:2 a tab stands where the line is indented; indent with spaces`},
	{"tab after spaces", "a:\n  \tb: 1\n", `2:3-2:4 a tab stands where the line is indented; indent with spaces`},
	{"tab in a block", "a: |\n\tb\n", `2:1-2:2 a tab stands where the line is indented; indent with spaces`},
	{"at sign", "a: @b\n", `1:4-1:5 text cannot begin with "@"; put quotes around the value`},
	{"backtick", "x: 1\na: `b`\n", "2:4-2:5 text cannot begin with \"`\"; put quotes around the value"},
	{"percent", "a: %b\n", `1:4-1:5 text cannot begin with "%"; put quotes around the value`},
	{"open list on one line", "a: [b, c\nd: 1\n", `1:4-1:5 the list that begins here is not closed; write ] at its end, and a comma between its parts`},
	{"open list at the end", "x: 1\na: [b, c\n", `2:4-2:5 the list that begins here is not closed; write ] at its end, and a comma between its parts`},
	{"open list in the first line", "[b, c", `1:1-1:2 the list that begins here is not closed; write ] at its end, and a comma between its parts`},
	{"open bracket alone", "a: [", `1:4-1:5 what begins here is not closed; write the closing bracket`},
	{"open map", "x: 1\na: {b: c\nd: e\n", `2:4-2:5 the map that begins here is not closed; write } at its end, and a comma between its parts`},
	{"missing comma", "x: 1\na: [\"b\" \"c\"]\n", `2:9-2:13 a comma or ] is missing before this; put quotes around text that holds any of , [ ] { }`},
	{"two commas", "a: [b,, c]\n", `1:7-1:8 a value is missing before this; write a value, or put quotes around text that holds any of , [ ] { }`},
	{"stray bracket", "x: 1\na: ]\n", `2:4-2:5 a value is missing before this; write a value, or put quotes around text that holds any of , [ ] { }`},
	{"stray bracket after a value", "a: [b]]\n", `1:7-1:8 there is something behind the end of the value; put quotes around the whole value`},
	{"open double quotes", "x: \"1\"\na: \"b\nc: 1\n", `2:4-2:6 the quotes that open here are not closed; close them; within single quotes a quote is written twice, within double quotes with a backslash before it`},
	{"open double quotes in the first line", "a: \"b\nc: 1\n", `1:4-1:6 the quotes that open here are not closed; close them; within single quotes a quote is written twice, within double quotes with a backslash before it`},
	{"open single quotes", "a: 'it's\nb: 1\n", `1:8-1:9 there is something behind the end of the value; put quotes around the whole value`},
	{"unknown escape", "x: 1\na: \"C:\\dir\"\n", `2:7-2:9 \d is no escape that YAML knows; write \\ for a backslash, or use single quotes`},
	{"short escape", "a: \"\\u12\"\n", `1:7-1:8 the escape needs hexadecimal digits; write \xNN, \uNNNN or \UNNNNNNNN; for a backslash as such \\, or use single quotes`},
	{"no character", "a: \"\\ud800\"\n", `1:7-1:8 the escape is no character of Unicode; write the character itself`},
	{"list on the key's line", "a: - b\n", `1:4-1:5 a list cannot begin here; put each item on a line of its own, below the key`},
	{"question mark", "a: ? b\n", `1:4-1:5 a key with ? cannot stand here; put quotes around text that begins with ?`},
	{"glob", "x: 1\na: *.yaml\n", `2:4-2:10 text that begins with * or & is an alias or anchor, and this one has no proper name; put quotes around it if text is meant`},
	{"directive", "%YAML 1.2\n---\na: 1\n", `1:1-1:10 directives (lines that begin with %) are not supported; leave the line out: files are read as YAML 1.2 anyway`},
	{"unknown directive", "%FOO\n---\na: 1\n", `1:1-1:5 directives (lines that begin with %) are not supported; leave the line out: files are read as YAML 1.2 anyway`},
	{"block of text on the line of the bar", "a: | b\n  c\n", `1:6-1:7 there is text on the line where a block of text (| or >) or a directive begins; put the text on the next line, indented`},
	{"indentation of zero", "a: |0\n  c\n", `1:5-1:6 the digit after | or > cannot be 0; leave the digit out`},
	{"second value", "[a]\nb: 1\n", `2:1-2:2 the document has ended before this; check the indentation, or begin a new document with a line of ---`},
	{"unknown tag handle", "a: !x!y b\n", `1:4-1:5 the tag is not known; leave the tag out, or put quotes around text that begins with !`},
	{"a second document that is cut off", "a: 1\n---\nb: [1,\n", `3:4-3:5 what begins here is not closed; write the closing bracket`},
	{"characters before the error", "a: [\"é😀\", @]\n", `1:11-1:12 text cannot begin with "@"; put quotes around the value`},
	{"template", "a: {{ .Values.name }}\n", `1:5-1:6 a key must be text, not a list or a map; put quotes around a key that begins with [ or {`},
	{"long key", strings.Repeat("k", 1100) + ": 1\n", `1:1101-1:1102 a key has more than 1,024 characters; shorten it, or put quotes around the text if it is no key`},
	{"merge conflict", "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> main\n", `2:1-2:13 a merge conflict was not resolved; keep one of the two versions, and remove the marks`},
}

func TestSyntax(t *testing.T) {
	for _, tt := range brokenFiles {
		t.Run(tt.name, func(t *testing.T) {
			_, ds := Decode("f.yaml", []byte(tt.text), DescriptorLimits)
			if len(ds) != 1 {
				t.Fatalf("got %d findings, want one: %v", len(ds), ds)
			}
			got := strings.TrimPrefix(told(ds[0]), "source-syntax ") + "; " + ds[0].Hint
			got = strings.Replace(got, " source-syntax", "", 1)
			if got != tt.want {
				t.Errorf("%q:\n got %s\nwant %s", tt.text, got, tt.want)
			}
		})
	}
}

// The places come from fields of the library that are not exported. If they are
// ever renamed, the line must still come from the message.
func TestPlacesOfTheLibrary(t *testing.T) {
	text := []byte("x: 1\na: b: c")
	tx := scan(&report{file: new(string)}, text, 1, false)
	dec := yaml.NewDecoder(strings.NewReader(string(text)))
	_, err := next(dec)
	if got := locate(tx, dec, err).at; got.line != 2 || got.col != 5 {
		t.Errorf("with the fields: got %d:%d, want 2:5", got.line, got.col)
	}
	if got := locate(tx, nil, err).at; got.line != 2 || got.col != 1 {
		t.Errorf("with the message alone: got %d:%d, want 2:1", got.line, got.col)
	}
}
