package source

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/internal/costs"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// FuzzDecode looks for input that panics, takes long, passes in silence, or is
// given places outside the file.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(descriptor))
	for _, b := range brokenFiles {
		f.Add([]byte(b.text))
	}
	for _, s := range []string{
		"a: &x [1, *x]\n<<: *x", "? [a]\n: {b: !!int \"0x1\"}\n", "a: |2-\n   x\n\n# y\n...\n---\nb", "- >+\n\n  é\n", "'a''b': \"\\u202e\\\n  c\"", "{? , [: a], &b c: *b}", "\ufeffa: 1", "a: 1e309\n", "a:\n- b\n-\n - c\r\n", "!, &R", "[0: ,0]",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, l := range []Limits{DescriptorLimits, ImportLimits} {
			var docs []*Document
			var ds []diag.Diagnostic
			limit := costs.Limit{Time: time.Second + time.Duration(len(data)>>16)*time.Second}
			costs.Within(t, "decoding", limit, func() { docs, ds = Decode("f.yaml", data, l) })
			for _, d := range docs {
				checkNode(t, d.Root, l.Aliases > 0)
				if _, err := json.Marshal(d.Root.Value()); err != nil {
					t.Errorf("no value of JSON: %v", err)
				}
			}
			for _, d := range ds {
				if d.Span.End.Before(d.Span.Start) || d.Message == "" || d.Severity == diag.Off {
					t.Errorf("odd finding %+v", d)
				}
			}
		}
	})
}

// checkNode checks that places are in order: those of aliases are not.
func checkNode(t *testing.T, n *Node, aliases bool) {
	s := n.Span()
	if s.Start.Line < 1 || s.Start.Col < 1 || s.End.Before(s.Start) {
		t.Errorf("odd place %v-%v", s.Start, s.End)
	}
	last := s.Start
	for _, c := range n.Children() {
		if cs := c.Span(); !aliases && (cs.Start.Before(last) || s.End.Before(cs.End)) {
			t.Errorf("child at %v-%v lies outside %v-%v", cs.Start, cs.End, last, s.End)
		}
		if !aliases {
			last = c.Span().End
		}
		checkNode(t, c, aliases)
	}
}

func FuzzFrontMatter(f *testing.F) {
	for _, s := range []string{"---\ntitle: A\n---\n# B\n", "---\n---\n", "---\na: [\n...\nx", "# B", "---\r\na: b\r\n---\r\n", "\ufeff---\na: b\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		front, body, line, ds := FrontMatter("f.md", data)
		if front == nil && body == nil && len(ds) == 0 && len(data) > 0 && line == 1 {
			t.Errorf("%q: dropped in silence", data)
		}
		if line < 1 || len(body) > len(data) || string(data[len(data)-len(body):]) != string(body) {
			t.Errorf("%q: odd body %q at line %d", data, body, line)
		}
	})
}
