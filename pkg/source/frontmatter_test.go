package source

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/signpost-dev/signpost/pkg/diag"
)

func TestFrontMatter(t *testing.T) {
	type result struct {
		Value    any
		Body     string
		BodyLine int
		Findings []string
	}
	title := map[string]any{"title": "A"}
	tests := []struct {
		name, text string
		want       result
	}{
		{"map", "---\ntitle: A\n---\n# Body\n", result{title, "# Body\n", 4, nil}},
		{"dots", "---\ntitle: A\n...\nx", result{title, "x", 4, nil}},
		{"Windows", "---\r\ntitle: A\r\n---\r\n# Body\r\n", result{title, "# Body\r\n", 4, nil}},
		{"spaces behind the dashes", "--- \ntitle: A\n--- \t\nx", result{title, "x", 4, nil}},
		{"no body", "---\ntitle: A\n---", result{title, "", 4, nil}},
		{"comment first", "---\n# why\ntitle: A\n---\nx", result{title, "x", 5, nil}},
		{"none", "# Body\n---\na: b\n---\n", result{nil, "# Body\n---\na: b\n---\n", 1, nil}},
		{"empty file", "", result{nil, "", 1, nil}},
		{"empty front matter", "---\n\n---\nx", result{nil, "x", 4, nil}},
		{"prose between thematic breaks", "---\nA line: with [a](b): colons\nmore\n---\n", result{nil, "---\nA line: with [a](b): colons\nmore\n---\n", 1, nil}},
		{"heading between thematic breaks", "---\n# Title\n---\nx", result{nil, "---\n# Title\n---\nx", 1, nil}},
		{"list between thematic breaks", "---\n- a\n- b\n---\nx", result{nil, "---\n- a\n- b\n---\nx", 1, nil}},
		{"thematic break alone", "---\n\nProse.\n", result{nil, "---\n\nProse.\n", 1, nil}},
		{"four dashes", "----\ntitle: A\n----\n", result{nil, "----\ntitle: A\n----\n", 1, nil}},
		{"not closed", "---\ntitle: A\n\n# Body\n", result{nil, "---\ntitle: A\n\n# Body\n", 1, []string{
			"1:1-1:4 source-syntax the front matter that begins here has no end",
		}}},
		{"broken", "---\ntitle: A: B\n---\nx", result{nil, "x", 4, []string{"2:9-2:10 source-syntax a second colon in the value"}}},
		{"broken further down", "---\nstatus: x\ntags: [a\n---\nx", result{nil, "x", 5, []string{"3:7-3:8 source-syntax the list that begins here is not closed"}}},
		{"duplicate", "---\ntitle: A\ntitle: B\n---\nx", result{title, "x", 5, []string{`3:1-3:6 source-duplicate-key the key "title" is defined twice in this map`}}},
		{"two documents", "---\ntitle: A\n--- {}\n---\nx", result{nil, "x", 5, []string{"3:5-3:7 source-syntax front matter is a single document, and here a second one begins"}}},
		{"byte order mark", "\ufeff---\ntitle: A\n---\nx", result{title, "x", 4, []string{"1:1-1:2 source-encoding the file begins with a byte order mark (U+FEFF)"}}},
		{"not UTF-8", "---\ntitle: A\n---\nä\xff", result{nil, "", 1, []string{"4:2-4:2 source-encoding the file is not UTF-8: byte 0xff at offset 19 is no character"}}},
		{"hidden character", "---\ntitle: A\u200b\n---\nx", result{map[string]any{"title": "A\u200b"}, "x", 4, []string{
			"2:9-2:10 source-hidden-character the character U+200B is invisible: the text is not what it looks like",
		}}},
		{"too large", "---\ntitle: " + strings.Repeat("A", 1<<20) + "\n---\nx", result{nil, "x", 4, []string{"source-limit the file has 1,048,584 bytes; the limit is 1 MiB"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			front, body, line, ds := FrontMatter("a.md", []byte(tt.text))
			got := result{front.Value(), string(body), line, nil}
			for _, d := range ds {
				got.Findings = append(got.Findings, told(d))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFrontMatterPlaces(t *testing.T) {
	front, _, _, _ := FrontMatter("a.md", []byte("---\ntitle: A\nabout:\n  - größe: ä\n  - b\n---\n"))
	want := map[string]diag.Pos{"/title": {Line: 2, Col: 8}, "/about/0/größe": {Line: 4, Col: 12}, "/about/1": {Line: 5, Col: 5}}
	got := map[string]diag.Pos{}
	for p := range want {
		got[p] = front.At(p).Span().Start
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
