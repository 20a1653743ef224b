package diag

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestExcerpt(t *testing.T) {
	const none = "(none)"
	tests := []struct {
		name, source string
		start, end   Pos
		want         string // the line and its underline
	}{
		{"value", "a: b\nowner: x\n", Pos{2, 8}, Pos{2, 9}, "owner: x\n       ^"},
		{"several characters", "owner: team\n", Pos{1, 8}, Pos{1, 12}, "owner: team\n       ^^^^"},
		{"empty span", "a: b\n", Pos{1, 3}, Pos{1, 3}, "a: b\n  ^"},
		{"no end", "a: b\n", Pos{1, 4}, Pos{}, "a: b\n   ^"},
		{"past the end of the line", "a:\n", Pos{1, 9}, Pos{1, 12}, "a:\n  ^"},
		{"several lines", "a: >\n  b\n", Pos{1, 4}, Pos{2, 4}, "a: >\n   ^"},
		{"tabs stand for four columns", "a\tb\tc\n", Pos{1, 5}, Pos{1, 6}, "a   b   c\n        ^"},
		{"tab inside", "a\tb\n", Pos{1, 2}, Pos{1, 3}, "a   b\n ^^^"},
		{"wide characters", "日本: 語\n", Pos{1, 5}, Pos{1, 6}, "日本: 語\n      ^^"},
		{"combining mark takes no column", "e\u0301a: b\n", Pos{1, 6}, Pos{1, 7}, "e\u0301a: b\n    ^"},
		{"hidden characters are written out", "a\x1bb\u202ec\n", Pos{1, 5}, Pos{1, 6}, "a\\x1bb\\u202ec\n            ^"},
		{"broken UTF-8", "a\xffb\n", Pos{1, 3}, Pos{1, 4}, "a\\xffb\n     ^"},
		{"CRLF", "a: b\r\nc: d\r\n", Pos{2, 4}, Pos{2, 5}, "c: d\n   ^"},
		{"byte order mark", "\ufeffa: b\n", Pos{1, 4}, Pos{1, 5}, "a: b\n   ^"},
		{"no newline at the end", "a: b", Pos{1, 4}, Pos{1, 5}, "a: b\n   ^"},
		{"line that does not exist", "a: b\n", Pos{9, 1}, Pos{9, 2}, none},
		{"whole file", "a: b\n", Pos{}, Pos{}, none},
		{"empty file", "", Pos{1, 1}, Pos{1, 1}, none},
		{
			"long line cut on both sides", strings.Repeat("a", 500) + "XY" + strings.Repeat("b", 500),
			Pos{1, 501},
			Pos{1, 503},
			"…" + strings.Repeat("a", 40) + "XY" + strings.Repeat("b", 77) + "…\n" + strings.Repeat(" ", 41) + "^^",
		},
		{
			"long line, place near its beginning", "X" + strings.Repeat("b", 500),
			Pos{1, 1},
			Pos{1, 2},
			"X" + strings.Repeat("b", 119) + "…\n^",
		},
		{
			"wide characters before the place", strings.Repeat("日", 70) + "X",
			Pos{1, 71},
			Pos{1, 72},
			"…" + strings.Repeat("日", 20) + "X\n" + strings.Repeat(" ", 41) + "^",
		},
		{
			"endless combining marks", "X" + strings.Repeat("\u0301", 5000),
			Pos{1, 1},
			Pos{1, 2},
			"X" + strings.Repeat("\u0301", maxGlyphs-1) + "…\n^",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := sources{read: func(string) []byte { return []byte(tt.source) }}
			got := none
			if e, ok := s.excerpt(Span{"f.yaml", tt.start, tt.end}); ok {
				got = e.text + "\n" + strings.Repeat(" ", e.indent) + strings.Repeat("^", e.width)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Ten thousand findings in one line of two megabytes must not read it ten
// thousand times (20 GB, over ten seconds).
func TestManyFindingsInOneLongLine(t *testing.T) {
	data := []byte(strings.Repeat("x", 2_000_000))
	reads := 0
	s := sources{read: func(string) []byte { reads++; return data }}
	start := time.Now()
	for i := range 10_000 {
		if _, ok := s.excerpt(Span{"f", Pos{1, 1 + 200*i}, Pos{1, 3 + 200*i}}); !ok {
			t.Fatal("no excerpt")
		}
	}
	if took := time.Since(start); reads != 1 || took > 5*time.Second {
		t.Errorf("%d reads in %v, want 1 in well under a second", reads, took)
	}
}
