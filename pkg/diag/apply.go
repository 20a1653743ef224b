package diag

import (
	"bytes"
	"cmp"
	"slices"
	"unicode/utf8"
)

// Change is an edit that was made, with the text that stood there.
type Change struct {
	Edit
	Old string
}

// Apply makes edits to a text and returns those that it made, in order. Of two that
// overlap only the first is made, and the same edit twice once. An edit whose place
// is not in the text is left out.
func Apply(data []byte, edits []Edit) (changed []byte, made []Change) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int {
		return cmp.Or(comparePos(a.Span.Start, b.Span.Start), comparePos(a.Span.End, b.Span.End))
	})
	lines := bytes.SplitAfter(data, []byte("\n"))
	offsets := make([]int, len(lines))
	for i, at := 0, 0; i < len(lines); i++ {
		offsets[i] = at
		at += len(lines[i])
	}
	var out []byte
	done := 0
	for _, e := range edits {
		start, ok := offsetOf(lines, offsets, e.Span.Start)
		end, ok2 := offsetOf(lines, offsets, e.Span.End)
		if !ok || !ok2 || end < start || start < done || len(made) > 0 && start == done && end == done {
			continue
		}
		out = append(append(out, data[done:start]...), e.New...)
		made = append(made, Change{Edit: e, Old: string(data[start:end])})
		done = end
	}
	return append(out, data[done:]...), made
}

// offsetOf returns the byte at which a place stands.
func offsetOf(lines [][]byte, offsets []int, p Pos) (int, bool) {
	if p.Line < 1 || p.Line > len(lines) || p.Col < 1 {
		return 0, false
	}
	line := lines[p.Line-1]
	at := 0
	for range p.Col - 1 {
		if at >= len(line) {
			return 0, false
		}
		_, size := utf8.DecodeRune(line[at:])
		at += size
	}
	return offsets[p.Line-1] + at, true
}
