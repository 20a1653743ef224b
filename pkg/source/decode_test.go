package source

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/signpost-dev/signpost/pkg/diag"
)

func TestValues(t *testing.T) {
	tests := []struct{ text, want string }{
		{"yes", `"yes"`},
		{"no", `"no"`},
		{"on", `"on"`},
		{"Off", `"Off"`},
		{"NO", `"NO"`},
		{"y", `"y"`},
		{"true", `true`},
		{"False", `false`},
		{"TRUE", `true`},
		{"tRue", `"tRue"`},
		{"~", `null`},
		{"null", `null`},
		{"NULL", `null`},
		{"nil", `"nil"`},
		{`""`, `""`},
		{`"null"`, `"null"`},
		{"2026-03-01", `"2026-03-01"`},
		{"2026-03-01T10:00:00Z", `"2026-03-01T10:00:00Z"`},
		{"12:30:45", `"12:30:45"`},
		{"0", `0`},
		{"-0", `-0`},
		{"12", `12`},
		{"+12", `12`},
		{"-12", `-12`},
		{"1_000", `1000`},
		{"1__0", `"1__0"`},
		{"_1", `"_1"`},
		{"0x1F", `31`},
		{"-0x10", `-16`},
		{"0o17", `15`},
		{"0b101", `5`},
		{"0xZZ", `"0xZZ"`},
		{"0x", `"0x"`},
		{"0o8", `"0o8"`},
		{"1.50", `1.50`},
		{".5", `0.5`},
		{"-.5", `-0.5`},
		{"5.", `5`},
		{"01.5", `1.5`},
		{"1e3", `1e3`},
		{"1E+03", `1e3`},
		{"1.e-5", `1e-5`},
		{".", `"."`},
		{"-", `null`},
		{"+", `"+"`},
		{"1e", `"1e"`},
		{"1.2.3", `"1.2.3"`},
		{"1 2", `"1 2"`},
		{"+-1", `"+-1"`},
		{".e5", `".e5"`},
		{"12345678901234567890123", `12345678901234567890123`},
		{`"12"`, `"12"`},
		{"'1.5'", `"1.5"`},
		{"!!str 12", `"12"`},
		{"! 12", `"12"`},
		{`!!int "12"`, `12`},
		{"!!float 1", `1`},
		{"!!null ''", `null`},
		{"!!bool True", `true`},
		{"!<tag:yaml.org,2002:str> 12", `"12"`},
		{"!!map {a: 1}", `{"a":1}`},
		{"!!seq [a]", `["a"]`},
		{"! [a]", `["a"]`},
		{"{200: ok, 1.5: x, true: y, null: z, 2026-01-01: d}", `{"1.5":"x","200":"ok","2026-01-01":"d","null":"z","true":"y"}`},
		{"[a, {b: }, []]", `["a",{"b":null},[]]`},
		{"{a, b}", `{"a":null,"b":null}`},
		{"[a: 1, b: 2]", `[{"a":1},{"b":2}]`},
	}
	for _, tt := range tests {
		text := "v: " + tt.text
		if tt.text == "-" {
			text = "v:\n  -" // on the key's line it would be a broken list
			tt.want = `[null]`
		}
		docs, ds := Decode("f.yaml", []byte(text), DescriptorLimits)
		if len(ds) != 0 || len(docs) != 1 {
			t.Errorf("%s: %d documents, findings %v", text, len(docs), ds)
			continue
		}
		got, err := json.Marshal(docs[0].Root.At("/v").Value())
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if string(got) != tt.want {
			t.Errorf("%s: got %s, want %s", text, got, tt.want)
		}
	}
}

func TestTextStaysAsWritten(t *testing.T) {
	docs, ds := Decode("f.yaml", []byte("[0x1F, +1, TRUE, 1_0, 'a''b', ~]"), DescriptorLimits)
	if len(ds) != 0 {
		t.Fatal(ds)
	}
	var got []string
	for _, n := range docs[0].Root.Children() {
		got = append(got, n.Text())
	}
	if diff := cmp.Diff([]string{"0x1F", "+1", "TRUE", "1_0", "a'b", ""}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAt(t *testing.T) {
	docs, _ := Decode("f.yaml", []byte("a: {b/c: [x, y], m~n: 1, '': e}"), DescriptorLimits)
	root := docs[0].Root
	tests := []struct{ pointer, want string }{
		{"/a/b~1c/1", "y"}, {"/a/m~0n", "1"}, {"/a/", "e"}, {"/a/b~1c/01", ""}, {"/a/b~1c/2", ""}, {"/a/b~1c/-1", ""}, {"/a/b~1c/1/0", ""}, {"a", ""}, {"/z", ""},
	}
	for _, tt := range tests {
		if got := root.At(tt.pointer).Text(); got != tt.want {
			t.Errorf("At(%q) = %q, want %q", tt.pointer, got, tt.want)
		}
	}
	if root.At("") != root {
		t.Error(`At("") is not the node itself`)
	}
	if (*Node)(nil).At("/a") != nil || (*Node)(nil).Value() != nil {
		t.Error("a missing node must lead to nothing")
	}
}

func TestDocuments(t *testing.T) {
	tests := []struct {
		name, text string
		want       []int // Index of each document
	}{
		{"empty", "", nil},
		{"comments", "# a\n\n# b\n", nil},
		{"only a marker", "---\n", nil},
		{"one", "a: 1", []int{0}},
		{"marker at the end", "a: 1\n---\n", []int{0}},
		{"empty between", "a: 1\n---\n# nothing\n---\nb: 1\n", []int{0, 2}},
		{"null is a value", "---\nnull\n--- ~\n", []int{0, 1}},
		{"end marker", "a: 1\n...\n---\nb: 1\n...\n", []int{0, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			docs, ds := Decode("f.yaml", []byte(tt.text), DescriptorLimits)
			var got []int
			for _, d := range docs {
				got = append(got, d.Index)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || len(ds) > 0 {
				t.Errorf("findings %v (-want +got):\n%s", ds, diff)
			}
		})
	}
}

func TestDuplicateKeys(t *testing.T) {
	docs, ds := Decode("f.yaml", []byte("a: 1\nb: {c: 1, \"\\u0063\": 2}\n'a': 3\n"), DescriptorLimits)
	many := "m: {a, b, c, d, e, f, g, h, i, j, k, b}" // enough for a hash map
	if _, ds := Decode("f.yaml", []byte(many), DescriptorLimits); len(ds) != 1 || told(ds[0]) != `1:38-1:39 source-duplicate-key the key "b" is defined twice in this map` {
		t.Errorf("many keys: got %v", ds)
	}
	span := func(line, col, end int) diag.Span {
		return diag.Span{File: "f.yaml", Start: diag.Pos{Line: line, Col: col}, End: diag.Pos{Line: line, Col: end}}
	}
	finding := func(key string, second, first diag.Span) diag.Diagnostic {
		return diag.Diagnostic{
			Span: second, Severity: diag.Error, Code: "source-duplicate-key",
			Message: "the key " + key + " is defined twice in this map", Hint: "remove one of the two",
			Related: []diag.Related{{Span: first, Message: "first defined here"}},
		}
	}
	want := []diag.Diagnostic{
		finding(`"c"`, span(2, 11, 19), span(2, 5, 6)),
		finding(`"a"`, span(3, 1, 4), span(1, 1, 2)),
	}
	if diff := cmp.Diff(want, ds); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	value := map[string]any{"a": json.Number("1"), "b": map[string]any{"c": json.Number("1")}}
	if diff := cmp.Diff(value, docs[0].Root.Value()); diff != "" {
		t.Errorf("the first of two keys must stay (-want +got):\n%s", diff)
	}
}

func TestAliases(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"alias", "a: &x {b: 1}\nc: *x", `{"a":{"b":1},"c":{"b":1}}`},
		{"scalar", "a: &x 1\nc: [*x, *x]", `{"a":1,"c":[1,1]}`},
		{"anchor on a key", "&k a: 1\nb: *k", `{"a":1,"b":"a"}`},
		{"anchor and tag", "a: &x !!str 1\nb: !!str &y 2\nc: [*x, *y]", `{"a":"1","b":"2","c":["1","2"]}`},
		{"anchor on nothing", "a: &x\nb: *x", `{"a":null,"b":null}`},
		{"alias of an alias", "a: &x 1\nb: &y [*x]\nc: *y", `{"a":1,"b":[1],"c":[1]}`},
		{"merge", "a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}", `{"a":{"b":1,"c":2},"d":{"b":1,"c":3}}`},
		{"merge of several, the first wins", "a: &x {b: 1}\nc: &y {b: 2, d: 2}\ne: {<<: [*x, *y]}", `{"a":{"b":1},"c":{"b":2,"d":2},"e":{"b":1,"d":2}}`},
		{"quoted << is a key", `{"<<": 1}`, `{"\u003c\u003c":1}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			docs, ds := Decode("f.yaml", []byte(tt.text), ImportLimits)
			if len(ds) != 0 || len(docs) != 1 {
				t.Fatalf("%d documents, findings %v", len(docs), ds)
			}
			got, _ := json.Marshal(docs[0].Root.Value())
			if string(got) != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestPlacesOfAliases(t *testing.T) {
	docs, _ := Decode("f.yaml", []byte("a: &x {b: 1}\nc: *x\n"), ImportLimits)
	var got []string
	for _, p := range []string{"/c", "/c/b"} {
		got = append(got, docs[0].Root.At(p).Span().String())
	}
	got = append(got, docs[0].Root.At("/c").KeySpan().String(), docs[0].Root.At("/a").KeySpan().String())
	want := []string{"f.yaml:2:4", "f.yaml:1:11", "f.yaml:2:1", "f.yaml:1:1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFindings(t *testing.T) {
	small := Limits{Bytes: 1000, Depth: 3, Nodes: 12, Keys: 3, Documents: 2, Aliases: 2}
	own, foreign := DescriptorLimits, ImportLimits
	tests := []struct {
		name, text string
		limits     Limits
		want       []string
		docs       int
	}{
		{"size", strings.Repeat("# 345678\n", 200), small, []string{"source-limit the file has 1,800 bytes; the limit is 1,000 bytes"}, 0},
		{"depth", "a: {b: {c: 1}}\n", small, nil, 1},
		{"too deep", "a: {b: {c: [x]}}\n", small, []string{"1:12-1:13 source-limit lists and maps are nested deeper than 3 levels"}, 0},
		{"too deep by an alias", "a: &x {b: {}}\nc: [*x]", small, []string{"2:5-2:7 source-limit lists and maps are nested deeper than 3 levels"}, 0},
		{"nodes", "[a, b, c, d, e, f, g, h, i, j, k]", small, nil, 1},
		{"too many nodes", "[a, b, c, d, e, f, g, h, i, j, k, l]", small, []string{"1:35-1:35 source-limit the file has more than 12 values"}, 0},
		{"too many nodes over documents", "[a, b, c, d, e]\n---\n[a, b, c, d, e, f]", small, []string{"3:17-3:17 source-limit the file has more than 12 values"}, 1},
		{"too many nodes by aliases", "- &x [a, b, c, d]\n- *x\n- *x", small, []string{"3:3-3:5 source-limit the file has more than 12 values"}, 0},
		{"keys", "{a, b, c, d}", small, []string{"1:1-1:1 source-limit the map has 4 keys; the limit is 3"}, 0},
		{"keys by merging", "- &x {a: , b: }\n- {<<: *x, c: 1, d: }", Limits{Bytes: 99, Depth: 3, Nodes: 99, Keys: 3, Documents: 1, Aliases: 1}, []string{"2:8-2:10 source-limit the map has 4 keys; the limit is 3"}, 0},
		{"documents", "a\n---\nb\n---\nc", small, []string{"5:1-5:1 source-limit the file has more than 2 documents"}, 2},
		{"aliases", "[&x a, *x, *x, *x]", small, []string{"1:16-1:18 source-limit the file has more than 2 aliases"}, 0},

		{"anchor", "a: &x 1", own, []string{"1:4-1:6 source-alias anchors and aliases (&name, *name) are not allowed here"}, 0},
		{"unknown alias", "a: *x", own, []string{"1:4-1:6 source-alias anchors and aliases"}, 0},
		{"alias of no name", "- *.yaml # why", own, []string{"1:3-1:9 source-syntax text that begins with * or & is an alias or anchor, and this one has no proper name"}, 0},
		{"merge key", "a: 1\n<<: {b: 1}", own, []string{"2:1-2:3 source-alias merge keys (<<) are not allowed here"}, 0},
		{"alias within itself", "a: &x [*x]", foreign, []string{"1:8-1:10 source-alias the alias *x stands inside the value it stands for"}, 0},
		{"alias without anchor", "a: [b, *x]", foreign, []string{"1:8-1:10 source-alias the alias *x has no anchor before it"}, 0},
		{"alias of another document", "a: &x 1\n---\nb: *x", foreign, []string{"3:4-3:6 source-alias the alias *x has no anchor &x before it in this document"}, 1},
		{"alias as key", "&x a: 1\n*x : 2", foreign, []string{"2:1-2:3 source-alias the alias *x cannot be a key"}, 0},
		{"odd anchor", "a: &b:c d", foreign, []string{"1:4-1:8 source-alias the name of the anchor &b:c holds more than letters, digits, - and _"}, 0},
		{"merge of text", "a: {<<: b}", foreign, []string{"1:9-1:10 source-alias a merge key (<<) takes a map or a list of maps"}, 1},
		{"two merge keys", "- &x {a: 1}\n- {<<: *x, <<: *x}", foreign, []string{`2:12-2:14 source-duplicate-key the key "<<" is defined twice in this map`}, 1},

		{"tags", "a: !secret x\nb: !!binary gA==\nc: !!timestamp 2026-01-01\nd: !!set {a, b}", own, []string{
			"1:4-1:11 source-tag the tag !secret is not allowed",
			"2:4-2:12 source-tag the tag !!binary is not allowed",
			"3:4-3:15 source-tag the tag !!timestamp is not allowed",
			"4:4-4:9 source-tag the tag !!set is not allowed",
		}, 1},
		{"tag on a key", "!!python/x a: 1", own, []string{"1:1-1:11 source-tag the tag !!python/x is not allowed"}, 1},
		{"tags that do not fit", "a: !!int foo\nb: !!bool yes\nc: !!seq {}\nd: !!map x\ne: !!float x", own, []string{
			`1:10-1:13 source-tag the tag !!int does not fit: "foo" is something else`,
			`2:11-2:14 source-tag the tag !!bool does not fit: "yes" is something else`,
			"3:10-3:11 source-tag the tag !!seq does not fit: this is a map",
			`4:10-4:11 source-tag the tag !!map does not fit: "x" is something else`,
			`5:12-5:13 source-tag the tag !!float does not fit: "x" is something else`,
		}, 1},

		{"numbers", "- .inf\n- -.INF\n- .nan\n- 1e999999999\n- 1e-999999999\n- " + strings.Repeat("9", 500) + "\n- 0xFFFFFFFFFFFFFFFFF\n- 0644\n- 09", own, []string{
			"1:3-1:7 source-number .inf is not a number that JSON can hold",
			"2:3-2:8 source-number -.INF is not a number that JSON can hold",
			"3:3-3:7 source-number .nan is not a number that JSON can hold",
			"4:3-4:14 source-number the number is too large or too long",
			"5:3-5:15 source-number the number is too large or too long",
			"6:3-6:503 source-number the number is too large or too long",
			"7:3-7:22 source-number the number is too large or too long",
			"8:3-8:7 source-number 0644 is ambiguous: with its leading zero some programs read it as 420",
			"9:3-9:5 source-number 09 is ambiguous: with its leading zero some programs read it as 9",
		}, 1},
		{"numbers of others", "mode: 0644", foreign, nil, 1},

		{"list as key", "[a]: 1", own, []string{"1:1-1:2 source-syntax a key must be text, not a list or a map"}, 0},
		{"no key", "a: {: 1}", own, []string{"1:5-1:6 source-syntax"}, 0},
		{"question mark", "{?a: 1}", own, []string{"1:3-1:4 source-syntax a key cannot begin with ? here"}, 1},

		{"byte order mark", "\ufeffa: 1", own, []string{"1:1-1:2 source-encoding the file begins with a byte order mark (U+FEFF)"}, 0},
		{"UTF-16", "\xff\xfea\x00", own, []string{"1:1-1:1 source-encoding the file is UTF-16, not UTF-8"}, 0},
		{"not UTF-8", "a: ä\nb: \xe4\n", own, []string{"2:4-2:4 source-encoding the file is not UTF-8: byte 0xe4 at offset 9 is no character"}, 0},
		{"overlong UTF-8", "a: \xc0\xaf\n", own, []string{"1:4-1:4 source-encoding the file is not UTF-8: byte 0xc0 at offset 3 is no character"}, 0},
		{"NUL", "a: ä\x00", own, []string{"1:5-1:6 source-hidden-character the control character U+0000 is not allowed in text"}, 0},
		{"C1", "a: \u0090", own, []string{"1:4-1:5 source-hidden-character the control character U+0090 is not allowed in text"}, 0},
		{"carriage return", "a: 1\rb: 2\n", own, []string{"1:5-1:6 source-encoding a carriage return without a line feed ends this line"}, 0},
		{"line separator", "a: 1\u2028b: 2", own, []string{"1:5-1:6 source-hidden-character the character U+2028 is a line break for some programs and invisible in others"}, 0},
		{"bidi", "# \u202e\na: \u2066\n", own, []string{"1:3-1:4 source-hidden-character the character U+202E changes the direction of the text: it is not what it looks like (and 1 more in this file)"}, 1},
		{"zero width", "na\u200bme: x", own, []string{"1:3-1:4 source-hidden-character the character U+200B is invisible: the text is not what it looks like"}, 1},
		{"escapes", `{a: "x\u202ey", b: "\0", "c\u200b": 1, d: "\u00ad", e: "\t\n\u00e9"}`, own, []string{
			"1:5-1:15 source-hidden-character the character U+202E changes the direction of the text: it is not what it looks like",
			"1:20-1:24 source-hidden-character the control character U+0000 is not allowed in text",
			"1:26-1:35 source-hidden-character the character U+200B is invisible",
			"1:43-1:51 source-hidden-character the character U+00AD is invisible",
		}, 1},
		{"emoji and joining scripts are text", "a: 👩\u200d💻 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f 1\ufe0f⃣\nb: می\u200cخواهم क्\u200dष", own, nil, 1},
		{"joiner between Latin letters", "a: pay\u200dments", own, []string{"1:7-1:8 source-hidden-character the character U+200D is invisible: the text is not what it looks like"}, 1},
		{"not in form C", "a: cafe\u0301", own, []string{"1:4-1:9 source-encoding the text is not in Unicode normal form C: it looks like other text but does not equal it"}, 1},
		{"the documents before a broken one stay", "a: 1\n---\nb: [", own, []string{"3:4-3:5 source-syntax what begins here is not closed"}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			docs, ds := Decode("f.yaml", []byte(tt.text), tt.limits)
			var got []string
			for i, d := range diag.Sort(ds) {
				got = append(got, told(d))
				if i < len(tt.want) && strings.HasPrefix(got[i], tt.want[i]) {
					got[i] = tt.want[i] // the beginning is enough
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(docs) != tt.docs {
				t.Errorf("got %d documents, want %d", len(docs), tt.docs)
			}
		})
	}
}

func TestForeignHiddenCharactersAreWarnings(t *testing.T) {
	for _, text := range []string{"a: x\u200by", `a: "x\u200by"`} {
		_, ds := Decode("f.yaml", []byte(text), SpecLimits)
		if len(ds) != 1 || ds[0].Severity != diag.Warning {
			t.Errorf("%q: got %v, want one warning", text, ds)
		}
	}
}

func TestByteOrderMarkHasAFix(t *testing.T) {
	_, ds := Decode("f.yaml", []byte("\ufeffa: 1"), DescriptorLimits)
	span := diag.Span{File: "f.yaml", Start: diag.Pos{Line: 1, Col: 1}, End: diag.Pos{Line: 1, Col: 2}}
	if diff := cmp.Diff([]diag.Edit{{Span: span}}, ds[0].Fix); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
