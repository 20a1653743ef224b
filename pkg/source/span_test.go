package source

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/signpost-dev/signpost/pkg/diag"
)

func TestSpans(t *testing.T) {
	tests := []struct {
		name, text, at string
		key            bool // the place of the key instead of the value's
		want           string
	}{
		{"plain", "owner: team:a # why", "/owner", false, `
owner: team:a # why
       ^^^^^^`},
		{"key", "owner: team:a", "/owner", true, `
owner: team:a
^^^^^`},
		{"quoted key", `  "own er" : team:a`, "/own er", true, `
  "own er" : team:a
  ^^^^^^^^`},
		{"double quotes", `a: "x \" \\" # y`, "/a", false, `
a: "x \" \\" # y
   ^^^^^^^^^`},
		{"single quotes", "a: 'it''s' # y", "/a", false, `
a: 'it''s' # y
   ^^^^^^^`},
		{"quotes over lines", "a: \"x\n  y\"\nb: 1", "/a", false, `
a: "x
   ^^
  y"
^^^^
b: 1`},
		{"columns are characters", "größe: [ä, \"é😀\", z]", "/größe/1", false, `
größe: [ä, "é😀", z]
           ^^^^`},
		{"after characters on the same line", "größe: [ä, \"é😀\", z]", "/größe/2", false, `
größe: [ä, "é😀", z]
                 ^`},
		{"plain over lines", "a: one\n  two\n\n  three # why\nb: 1", "/a", false, `
a: one
   ^^^
  two
^^^^^

  three # why
^^^^^^^
b: 1`},
		{"plain with Windows line breaks", "a: one\r\nb: two\r\n", "/b", false, `
a: one
b: two
   ^^^
`},
		{"literal block", "a: | # why\n  x\n   y\n\n\nb: 1", "/a", false, `
a: | # why
   ^^^^^^^
  x
^^^
   y
^^^^


b: 1`},
		{"folded block at the end", "a: >-\n  x\n  # no comment", "/a", false, `
a: >-
   ^^
  x
^^^
  # no comment
^^^^^^^^^^^^^^`},
		{"empty block", "a: |\nb: 1", "/a", false, `
a: |
   ^
b: 1`},
		{"block in a list", "- |-\n  x y\n- z", "/0", false, `
- |-
  ^^
  x y
^^^^^
- z`},
		{"nothing", "a:\nb: 1", "/a", false, `
a:
  |
b: 1`},
		{"block map ends with its last value", "a:\n  b: 1\n  c: 2 # why\n\nd: 3", "/a", false, `
a:
  b: 1
  ^^^^
  c: 2 # why
^^^^^^

d: 3`},
		{"block list", "a:\n- 1\n- 2\nb: 3", "/a", false, `
a:
- 1
^^^
- 2
^^^
b: 3`},
		{"flow list", "a: [1, [2], ] # ]", "/a", false, `
a: [1, [2], ] # ]
   ^^^^^^^^^^`},
		{"flow map over lines with a comment", "a: {b: 1, # }\n  c: }\nd: 1", "/a", false, `
a: {b: 1, # }
   ^^^^^^^^^^
  c: }
^^^^^^
d: 1`},
		{"map of one pair in a list", "a: [b: 1, c: ]", "/a/0", false, `
a: [b: 1, c: ]
    ^^^^`},
		{"list of such maps", "a: [b: 1, c: ]", "/a", false, `
a: [b: 1, c: ]
   ^^^^^^^^^^^`},
		{"empty flow", "a: { }\nb: [ ]", "/b", false, `
a: { }
b: [ ]
   ^^^`},
		{"tag is not part of the value", "a: !!str 5 # why", "/a", false, `
a: !!str 5 # why
         ^`},
		{"second document", "a: 1\n---\na: two", "1/a", false, `
a: 1
---
a: two
   ^^^`},
		{"list item map", "- a: 1\n  b: 2\n- c", "/0", false, `
- a: 1
  ^^^^
  b: 2
^^^^^^
- c`},
		{"explicit key", "? a\n: b", "/a", false, `
? a
: b
  ^`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			docs, ds := Decode("f.yaml", []byte(tt.text), DescriptorLimits)
			if len(ds) != 0 {
				t.Fatal(ds)
			}
			i := strings.IndexByte(tt.at, '/')
			doc := docs[0]
			if i > 0 {
				doc = docs[1]
			}
			n := doc.Root.At(tt.at[i:])
			if n == nil {
				t.Fatalf("nothing at %s", tt.at)
			}
			span := n.Span()
			if tt.key {
				span = n.KeySpan()
			}
			if diff := cmp.Diff(tt.want, "\n"+underlined(tt.text, span)); diff != "" {
				t.Errorf("%v (-want +got):\n%s", span, diff)
			}
		})
	}
}

// underlined shows a text with carets below what a span covers, and a bar where
// an empty one stands.
func underlined(text string, s diag.Span) string {
	var out []string
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r", ""), "\n") {
		out = append(out, line)
		from, to := 1, len([]rune(line))+1
		if s.Start.Line == i+1 {
			from = s.Start.Col
		}
		if s.End.Line == i+1 {
			to = s.End.Col
		}
		switch {
		case i+1 < s.Start.Line || i+1 > s.End.Line || line == "":
		case s.Start == s.End:
			out = append(out, strings.Repeat(" ", from-1)+"|")
		default:
			out = append(out, strings.Repeat(" ", from-1)+strings.Repeat("^", to-from))
		}
	}
	return strings.Join(out, "\n")
}

// told writes a finding as tests compare it.
func told(d diag.Diagnostic) string {
	if d.Span.Start.Line == 0 {
		return fmt.Sprintf("%s %s", d.Code, d.Message)
	}
	s := d.Span
	return fmt.Sprintf("%d:%d-%d:%d %s %s", s.Start.Line, s.Start.Col, s.End.Line, s.End.Col, d.Code, d.Message)
}
