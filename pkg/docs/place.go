package docs

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// places turns offsets in the body of a document into places in its file.
type places struct {
	file  string
	first int // number of the body's first line in the file
	body  []byte
	lines []int32 // offset of each line but the first
}

func newPlaces(file string, first int, body []byte) places {
	p := places{file: file, first: first, body: body}
	p.lines = make([]int32, 0, bytes.Count(body, []byte{'\n'}))
	for i := 0; ; {
		n := bytes.IndexByte(body[i:], '\n')
		if n < 0 {
			return p
		}
		i += n + 1
		p.lines = append(p.lines, int32(i))
	}
}

func (p places) pos(offset int) diag.Pos {
	offset = min(max(offset, 0), len(p.body))
	line, start := 0, 0
	if i, exact := slices.BinarySearch(p.lines, int32(offset)); exact {
		line, start = i+1, offset
	} else if i > 0 {
		line, start = i, int(p.lines[i-1])
	}
	return diag.Pos{Line: p.first + line, Col: utf8.RuneCount(p.body[start:offset]) + 1}
}

// span returns the place of body[start:end].
func (p places) span(start, end int) diag.Span {
	return diag.Span{File: p.file, Start: p.pos(start), End: p.pos(end)}
}
