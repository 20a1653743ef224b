package diag

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// hidden reports whether a character steers a terminal, breaks a line, changes
// the direction of text or cannot be seen. The two joiners are spared: emoji and
// several scripts are misspelled without them.
func hidden(r rune) bool {
	if r == '\u200c' || r == '\u200d' {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// visible writes hidden characters and broken UTF-8 as the escapes of a Go
// string, so that text from a file can do nothing but be read.
func visible(s string) string {
	if !strings.ContainsFunc(s, hidden) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		b.WriteString(glyph(s[i:i+size], r))
		i += size
	}
	return b.String()
}

// visible returns the finding as it may be printed: every text in it that is
// shown to people made visible. Its fix is not shown and is left out.
func (d Diagnostic) visible() Diagnostic {
	d.Span.File = visible(d.Span.File)
	d.Code, d.Message, d.Hint = visible(d.Code), visible(d.Message), visible(d.Hint)
	related := make([]Related, len(d.Related))
	for i, r := range d.Related {
		r.Span.File = visible(r.Span.File)
		related[i] = Related{r.Span, visible(r.Message)}
	}
	d.Related, d.Fix = related, nil
	return d
}

// glyph is how one character is shown; raw holds its bytes.
func glyph(raw string, r rune) string {
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		return fmt.Sprintf(`\x%02x`, raw[0])
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case !hidden(r):
		return raw
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	case r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r)
	default:
		return fmt.Sprintf(`\u%04x`, r)
	}
}

// columns is the number of terminal columns that a shown character takes.
func columns(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me), r == '\u200c', r == '\u200d':
		return 0
	case r < 0x1100: // before the first wide character
		return 1
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// escapeJSON replaces hidden characters in a JSON text by JSON escapes: the same
// data, but safe to print. Those below 0x7f the encoder has escaped already.
func escapeJSON(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r < 0x7f || !hidden(r) {
			out = append(out, data[i:i+size]...)
		} else if high, low := utf16.EncodeRune(r); high != unicode.ReplacementChar {
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		} else {
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += size
	}
	return out
}

// Visible returns text as a terminal may show it: characters that steer it, turn
// the direction of text or cannot be seen are written as escapes.
func Visible(s string) string { return visible(s) }
