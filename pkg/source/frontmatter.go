package source

import (
	"bytes"
	"fmt"
	"regexp"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// FrontMatter splits a Markdown file into the YAML map at its head, between a
// first line of "---" and a line of "---" or "...", and the body, which begins at
// line bodyLine (from 1). Positions are those of the file; the limits are
// DescriptorLimits.
//
// A file that does not begin so, or has prose between two thematic breaks there,
// is all body, and front is nil. Front matter that is meant but broken or never
// closed gives a finding, as does a file that is not UTF-8.
func FrontMatter(file string, data []byte) (front *Node, body []byte, bodyLine int, ds []diag.Diagnostic) {
	r := &report{file: &file}
	data, ok := checkMarkdown(r, data)
	if !ok {
		return nil, nil, 1, r.ds
	}
	const firstLine = 2 // of the YAML
	head, rest := cutLine(data)
	if string(head) != "---" {
		return nil, data, 1, r.ds
	}
	block, body, lines, closed := cutFrontMatter(rest)
	if !closed {
		if looksLikeFields(block) {
			r.stop(place{1, 1, 1, 4}, "source-syntax", "the front matter that begins here has no end", "write a line of --- behind its last field")
		}
		return nil, data, 1, r.ds
	}
	bodyLine = firstLine + lines + 1
	if len(bytes.TrimSpace(block)) == 0 {
		return nil, body, bodyLine, r.ds
	}
	docs, found := decode(file, block, DescriptorLimits, firstLine)
	switch {
	case len(docs) == 1 && docs[0].Root.Kind() == Map:
		front = docs[0].Root
	case len(docs) > 1:
		r.error(docs[1].Root.place, "source-syntax", "front matter is a single document, and here a second one begins",
			"remove the line that begins with ---")
	case !looksLikeFields(block):
		return nil, data, 1, r.ds // prose between two thematic breaks
	}
	return front, body, bodyLine, append(r.ds, found...)
}

// Body returns what FrontMatter returns as body and bodyLine for a file of which is
// known that it has front matter, without decoding that a second time. A file that is
// not UTF-8 has no body.
func Body(file string, data []byte) (body []byte, bodyLine int) {
	data, ok := checkMarkdown(&report{file: &file}, data)
	if !ok {
		return nil, 1
	}
	head, rest := cutLine(data)
	_, body, lines, closed := cutFrontMatter(rest)
	if string(head) != "---" || !closed {
		return data, 1
	}
	return body, lines + 3 // behind the two lines of dashes
}

// checkMarkdown reports a Markdown file that is not UTF-8, and cuts off a byte
// order mark, which would hide the front matter.
func checkMarkdown(r *report, data []byte) ([]byte, bool) {
	t := &text{src: data, first: 1, lines: []int32{0}}
	if len(data) > 2 && bytes.HasPrefix(data, []byte("\ufeff")) {
		refuseBOM(r, t, false)
		return data[len("\ufeff"):], true
	}
	if utf8.Valid(data) {
		return data, true
	}
	for off := 0; ; {
		ch, n := utf8.DecodeRune(data[off:])
		if ch == utf8.RuneError && n == 1 {
			refuseEncoding(r, t, off)
			return nil, false
		}
		if off += n; ch == '\n' {
			t.lines = append(t.lines, int32(off))
		}
	}
}

// cutFrontMatter cuts a text at the first line that closes front matter, and
// counts the lines before that.
func cutFrontMatter(data []byte) (block, body []byte, lines int, closed bool) {
	for body = data; len(body) > 0; lines++ {
		at := len(data) - len(body)
		var line []byte
		line, body = cutLine(body)
		if s := string(line); s == "---" || s == "..." {
			return data[:at], data[len(data)-len(body):], lines, true // no body is empty, not nil
		}
	}
	return data, nil, lines, false
}

// cutLine cuts the first line off, without its break and trailing spaces.
func cutLine(data []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(data, newline)
	return bytes.TrimRight(line, " \t\r"), rest
}

var fieldLine = regexp.MustCompile(`^["']?[A-Za-z_][\w-]*["']?:(\s|$)`)

// looksLikeFields reports whether the first line of a text that is neither blank
// nor a comment is a field of a map, so that front matter was meant.
func looksLikeFields(block []byte) bool {
	for len(block) > 0 {
		var line []byte
		line, block = cutLine(block)
		if len(line) > 0 && line[0] != '#' {
			return fieldLine.Match(line)
		}
	}
	return false
}

// refuseBOM reports the byte order mark at the start of a text. unread says whether
// the text is given up for it.
func refuseBOM(r *report, t *text, unread bool) {
	span := t.placeOf(0, len("\ufeff")).span(*r.file)
	r.add(diag.Diagnostic{
		Span: span, Severity: diag.Error, Code: "source-encoding",
		Message: fmt.Sprintf("the file begins with a byte order mark (%U)", '\ufeff'),
		Hint:    "save it as UTF-8 without BOM",
		Fix:     []diag.Edit{{Span: span}},
		Unread:  unread,
	})
	r.stopped = true
}
