package source

import (
	"bytes"
	"unicode/utf8"
)

// cursor is a position in a text, as byte offset and as line and column.
type cursor struct {
	off       int
	line, col int32
}

// text is a file's text, indexed for finding positions.
type text struct {
	src    []byte
	first  int32   // number of its first line in the file
	lines  []int32 // byte offset of each line's start
	ascii  bool    // all of it: then columns are bytes
	paired bool    // it has surrogates that are to be put together
}

// at returns the cursor at a line and column. Columns are looked for from the
// position near if that stands before on the same line, so that a walk in the
// order of writing is linear even on one long line.
func (t *text) at(line, col int32, near cursor) cursor {
	if int(line-t.first) >= len(t.lines) {
		return t.end()
	}
	if near.line != line || near.col > col {
		near = cursor{off: int(t.lines[line-t.first]), line: line, col: 1}
	}
	if t.ascii {
		near.off += int(col - near.col)
		near.col = col
		near.off = min(near.off, len(t.src))
		return near
	}
	for near.col < col && near.off < len(t.src) {
		_, n := utf8.DecodeRune(t.src[near.off:])
		near.off += n
		near.col++
	}
	return near
}

func (t *text) end() cursor {
	last := len(t.lines)
	start := int(t.lines[last-1])
	return cursor{len(t.src), int32(last) + t.first - 1, int32(utf8.RuneCount(t.src[start:])) + 1}
}

// move returns the cursor n bytes on, which may be on another line.
func (t *text) move(c cursor, n int) cursor {
	passed := t.src[c.off : c.off+n]
	c.off += n
	if nl := bytes.LastIndexByte(passed, '\n'); nl >= 0 {
		c.line += int32(bytes.Count(passed, newline))
		c.col = 1
		passed = passed[nl+1:]
	}
	if t.ascii {
		c.col += int32(len(passed))
	} else {
		c.col += int32(utf8.RuneCount(passed))
	}
	return c
}

var newline = []byte{'\n'}

// rest is the text from a cursor on.
func (t *text) rest(c cursor) []byte { return t.src[c.off:] }

// skipBlank moves over spaces, line breaks and comments.
func (t *text) skipBlank(c cursor) cursor {
	s := t.rest(c)
	i := 0
	for i < len(s) {
		switch s[i] {
		case ' ', '\t', '\r', '\n':
			i++
			continue
		case '#':
			if i > 0 && !isSpace(s[i-1]) {
				return t.move(c, i)
			}
			i += lineLen(s[i:])
			continue
		}
		break
	}
	return t.move(c, i)
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// lineLen is the number of bytes before the next line break.
func lineLen(s []byte) int {
	if i := bytes.IndexByte(s, '\n'); i >= 0 {
		return i
	}
	return len(s)
}

// endOfPlain returns where a plain scalar with this value ends. Between the
// value and its writing only white space differs, where lines were folded.
func (t *text) endOfPlain(c cursor, value string) cursor {
	if s := t.rest(c); len(s) >= len(value) && string(s[:len(value)]) == value {
		c.off += len(value)
		if t.ascii {
			c.col += int32(len(value))
		} else {
			c.col += int32(utf8.RuneCountInString(value))
		}
		return c
	}
	return t.move(c, matchFolded(t.rest(c), value))
}

// endOfBlock returns where a block scalar that begins at c ends: behind the last
// line that has text, or behind its header if none has.
func (t *text) endOfBlock(c cursor, value string) cursor {
	s := t.rest(c)
	header := lineLen(s)
	n := matchFolded(s[header:], value)
	if n == 0 {
		return t.move(c, len(bytes.TrimRight(s[:header], "\r")))
	}
	n += header
	n += lineLen(s[n:])
	if s[n-1] == '\r' {
		n--
	}
	return t.move(c, n)
}

// matchFolded returns how many bytes of s hold the value, spaces aside.
func matchFolded(s []byte, value string) int {
	end, i := 0, 0
	for j := 0; j < len(value); j++ {
		if isSpace(value[j]) {
			continue
		}
		for i < len(s) && isSpace(s[i]) {
			i++
		}
		if i == len(s) || s[i] != value[j] {
			return end
		}
		i++
		end = i
	}
	return end
}

// endOfQuoted returns where a quoted scalar that begins at c ends.
func (t *text) endOfQuoted(c cursor) cursor {
	s := t.rest(c)
	quote := s[0]
	i := 1
	for i < len(s) {
		switch {
		case s[i] == '\\' && quote == '"':
			i++
		case s[i] == quote && quote == '\'' && i+1 < len(s) && s[i+1] == '\'':
			i++
		case s[i] == quote:
			return t.move(c, i+1)
		}
		i++
	}
	return t.move(c, len(s))
}

// endOfFlow returns where a flow list or map ends, given its start and the end of
// its last child: nothing but white space, comments and the marks of empty values
// stand between. The map of one pair in [a: b] has no brackets, and ends there.
func (t *text) endOfFlow(from, last cursor) cursor {
	var closing byte
	switch s := t.rest(from); {
	case len(s) > 0 && s[0] == '[':
		closing = ']'
	case len(s) > 0 && s[0] == '{':
		closing = '}'
	default:
		return last
	}
	c := last
	if c == from {
		c = t.move(c, 1) // no child: behind the opening bracket
	}
	for {
		c = t.skipBlank(c)
		s := t.rest(c)
		if len(s) == 0 {
			return c
		}
		c = t.move(c, 1)
		if s[0] == closing {
			return c
		}
	}
}

// span is the place of n characters at c, or fewer at the end of the line.
func (t *text) span(c cursor, n int) place {
	to := c
	for _, ch := range string(t.rest(c)[:lineLen(t.rest(c))]) {
		if n--; n < 0 || ch == '\r' {
			break
		}
		to.col++
	}
	return between(c, to)
}

// toLineEnd is the place from c to the end of its line, spaces aside.
func (t *text) toLineEnd(c cursor) place {
	s := t.rest(c)
	return between(c, t.move(c, len(bytes.TrimRight(s[:lineLen(s)], " \t\r"))))
}

// lineStart is the start of the line that c stands on.
func (t *text) lineStart(c cursor) cursor {
	if c.line == 0 {
		return c
	}
	return cursor{int(t.lines[c.line-t.first]), c.line, 1}
}

// lineBefore is the line that c stands on, up to c.
func (t *text) lineBefore(c cursor) string { return string(t.src[t.lineStart(c).off:c.off]) }
