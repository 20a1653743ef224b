package diag

import (
	"bytes"
	"math"
	"strings"
	"unicode/utf8"
)

// What is shown of a line, in terminal columns. Lines that fit are shown whole.
const (
	tabStop   = 4
	lineWidth = 120 // from the first column to the last
	leadLimit = 80  // a place further right than this cuts the line's beginning off
	leadWidth = 40  // and leaves this much before the place
	maxGlyphs = 2 * lineWidth
)

// excerpt is the part of a source line that shows a place, and where to
// underline it: after indent columns, width columns wide.
type excerpt struct {
	text          string
	indent, width int
}

// sources finds lines in files. It keeps one file and the last place found, since
// findings come sorted: going through ten thousand findings in one long line
// reads that line once.
type sources struct {
	read   func(file string) []byte
	file   string
	data   []byte
	starts []int // byte offsets of the lines of data

	line, char, offset int // the character of the line that begins at offset in it
}

// text returns a line, counted from 1, without its end; false if there is none.
func (s *sources) text(file string, line int) ([]byte, bool) {
	if s.read == nil || line < 1 {
		return nil, false
	}
	if s.starts == nil || s.file != file {
		s.load(file)
	}
	if len(s.data) == 0 || line > len(s.starts) {
		return nil, false
	}
	end := len(s.data)
	if line < len(s.starts) {
		end = s.starts[line] - 1
	}
	return bytes.TrimSuffix(s.data[s.starts[line-1]:end], []byte("\r")), true
}

func (s *sources) load(file string) {
	data := s.read(file)
	// A byte order mark is no character of the first line to any editor.
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	*s = sources{read: s.read, file: file, data: data, starts: []int{0}}
	for i, c := range data {
		if c == '\n' {
			s.starts = append(s.starts, i+1)
		}
	}
}

// seek returns the byte offset of a character of the line, counted from 0, or
// the length of the line if it is shorter.
func (s *sources) seek(text []byte, line, char int) int {
	if s.line != line || s.char > char {
		s.line, s.char, s.offset = line, 0, 0
	}
	for s.char < char && s.offset < len(text) {
		_, size := utf8.DecodeRune(text[s.offset:])
		s.offset += size
		s.char++
	}
	return s.offset
}

// excerpt returns the part of the span's first line that holds its beginning.
func (s *sources) excerpt(span Span) (excerpt, bool) {
	text, ok := s.text(span.File, span.Start.Line)
	if !ok {
		return excerpt{}, false
	}
	from := max(span.Start.Col-1, 0)
	length := 1
	switch {
	case span.End.Line > span.Start.Line:
		length = math.MaxInt // to the end of the line
	case span.End.Line == span.Start.Line:
		length = max(span.End.Col-1-from, 1)
	}
	first := max(from-leadLimit, 0)
	rest := text[s.seek(text, span.Start.Line, first):]
	return cut(rest, first > 0, from-first, length), true
}

// cut lays out a line of which `before` characters stand before the place and
// length characters belong to it. clipped says that the line began earlier.
func cut(text []byte, clipped bool, before, length int) excerpt {
	var l layout
	text = l.add(text, before, math.MaxInt)
	if clipped || l.width > leadLimit {
		l.dropTo(leadWidth)
	}
	e := excerpt{indent: l.width}
	text = l.add(text, length, lineWidth)
	e.width = max(l.width-e.indent, 1)
	text = l.add(text, math.MaxInt, lineWidth)
	if len(text) > 0 {
		l.glyphs = append(l.glyphs, "…")
	}
	e.text = strings.Join(l.glyphs, "")
	return e
}

// layout is a run of characters as they are shown, and the columns they take.
type layout struct {
	glyphs []string
	widths []int
	width  int
}

// add appends at most n characters of text, up to a column, and returns the
// rest. It stops at maxGlyphs as well: combining marks fill no column, so a line
// could hold any number of them.
func (l *layout) add(text []byte, n, column int) []byte {
	for ; n > 0 && len(text) > 0 && l.width < column && len(l.glyphs) < maxGlyphs; n-- {
		r, size := utf8.DecodeRune(text)
		l.push(string(text[:size]), r)
		text = text[size:]
	}
	return text
}

func (l *layout) push(raw string, r rune) {
	shown, wide := glyph(raw, r), 0
	if r == '\t' {
		shown = strings.Repeat(" ", tabStop-l.width%tabStop)
	}
	if shown == raw {
		wide = columns(r)
	} else {
		wide = len(shown) // spaces and escapes are ASCII
	}
	l.glyphs = append(l.glyphs, shown)
	l.widths = append(l.widths, wide)
	l.width += wide
}

// dropTo takes characters off the beginning until at most limit columns are left
// and marks the cut.
func (l *layout) dropTo(limit int) {
	for len(l.widths) > 0 && l.width > limit {
		l.width -= l.widths[0]
		l.glyphs, l.widths = l.glyphs[1:], l.widths[1:]
	}
	l.glyphs = append([]string{"…"}, l.glyphs...)
	l.widths = append([]int{1}, l.widths...)
	l.width++
}
