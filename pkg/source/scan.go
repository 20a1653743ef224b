package source

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// scan checks a text before the YAML library sees it and finds its lines. What
// the library would read otherwise than an editor shows it stops the file.
func scan(r *report, data []byte, first int32, foreign bool) *text {
	t := &text{src: data, first: first, ascii: true}
	t.lines = append(make([]int32, 0, bytes.Count(data, newline)+1), 0)
	var hidden hiddenScan
	for i := 0; i < len(data); {
		c := data[i]
		if c >= ' ' && c < 0x7f {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			t.ascii = false
			ch, n := utf8.DecodeRune(data[i:])
			if refuseRune(r, t, i, ch, n) {
				return t
			}
			if isHidden(t.runeBefore(i), ch, data[i+n:]) {
				hidden.note(i, ch)
			}
			i += n
			continue
		}
		if c == '\n' {
			t.lines = append(t.lines, int32(i+1))
		} else if c < ' ' && c != '\t' && (c != '\r' || i+1 == len(data) || data[i+1] != '\n') || c == 0x7f {
			refuseControl(r, t, i, c)
			return t
		}
		i++
	}
	hidden.report(r, t, foreign)
	return t
}

// runeBefore is the character before an offset, or 0.
func (t *text) runeBefore(off int) rune {
	if off == 0 {
		return 0
	}
	ch, _ := utf8.DecodeLastRune(t.src[:off])
	return ch
}

// placeOf returns the place of n bytes at an offset within the lines found so far.
func (t *text) placeOf(off, n int) place {
	line := len(t.lines) - 1
	for line > 0 && int(t.lines[line]) > off {
		line--
	}
	start := int(t.lines[line])
	from := cursor{off, int32(line) + t.first, int32(utf8.RuneCount(t.src[start:off])) + 1}
	to := from
	to.col += int32(utf8.RuneCount(t.src[off : off+n]))
	return between(from, to)
}

// refuseRune stops the file at bytes that are no character, a byte order mark,
// or a line break that only some programs see.
func refuseRune(r *report, t *text, off int, ch rune, n int) bool {
	switch {
	case ch == utf8.RuneError && n == 1:
		refuseEncoding(r, t, off)
	case off == 0 && ch == '\ufeff':
		refuseBOM(r, t, true)
	case ch == '\ufeff' || ch < '\u00a0' && ch != '\u0085' || ch == '\ufffe' || ch == '\uffff':
		// The library refuses these too, without a place.
		r.stop(t.placeOf(off, n), "source-hidden-character", describeHidden(ch), "remove it")
	case ch == '\u0085' || ch == '\u2028' || ch == '\u2029':
		r.stop(t.placeOf(off, n), "source-hidden-character",
			fmt.Sprintf("the character %U is a line break for some programs and invisible in others", ch),
			"replace it by an ordinary line break or a space")
	default:
		return false
	}
	return true
}

func refuseEncoding(r *report, t *text, off int) {
	if off == 0 && len(t.src) > 1 && (t.src[0] == 0xff && t.src[1] == 0xfe || t.src[0] == 0xfe && t.src[1] == 0xff) {
		r.stop(t.placeOf(0, 0), "source-encoding", "the file is UTF-16, not UTF-8", "save it as UTF-8")
		return
	}
	r.stop(t.placeOf(off, 0), "source-encoding",
		fmt.Sprintf("the file is not UTF-8: byte %#02x at offset %s is no character", t.src[off], grouped(off)),
		"save it as UTF-8")
}

func refuseControl(r *report, t *text, off int, c byte) {
	switch c {
	case '\r':
		r.stop(t.placeOf(off, 1), "source-encoding", "a carriage return without a line feed ends this line",
			"save the file with line breaks of Unix (LF) or Windows (CR LF)")
	default:
		r.stop(t.placeOf(off, 1), "source-hidden-character", fmt.Sprintf("the control character U+%04X is not allowed in text", c),
			"remove it")
	}
}
