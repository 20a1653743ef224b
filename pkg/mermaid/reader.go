package mermaid

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode/utf8"
)

// reader goes through the source of a diagram.
type reader struct {
	source string
	text   string // the same with comments and settings blanked out
	at     int
}

// fail ends the reading with what is wrong at an offset. Parse recovers it.
func (r *reader) fail(at int, hint, format string, args ...any) {
	before := r.source[:min(at, len(r.source))]
	line := strings.LastIndexByte(before, '\n') + 1
	panic(&Error{
		Line: strings.Count(before, "\n") + 1, Col: utf8.RuneCountInString(before[line:]) + 1,
		Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

var (
	comments   = regexp.MustCompile(`(?m)^[ \t]*%%.*$`)
	directives = regexp.MustCompile(`(?s)%%\{.*?\}%%`)
	heads      = regexp.MustCompile(`(?s)\A\s*---[ \t]*\r?\n(.*?\n)?[ \t]*---[ \t]*(\r?\n|\z)`)
	headTitle  = regexp.MustCompile(`(?m)^title:[ \t]*(.+?)[ \t]*\r?$`)
)

// blank returns the source with front matter, directives and comments replaced by blanks,
// so that offsets stay. Of the front matter it notes the title.
func (r *reader) blank(d *Diagram) string {
	text := r.source
	if head := heads.FindStringIndex(text); head != nil {
		if t := headTitle.FindStringSubmatch(text[:head[1]]); t != nil {
			d.title = label(strings.Trim(t[1], `"'`))
		}
		text = blankOut(text[:head[1]]) + text[head[1]:]
	}
	text = directives.ReplaceAllStringFunc(text, blankOut)
	return comments.ReplaceAllStringFunc(text, blankOut)
}

// blankOut replaces all but line breaks by blanks, byte by byte.
func blankOut(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c != '\n' {
			b[i] = ' '
		}
	}
	return string(b)
}

func (r *reader) rest() string { return r.text[r.at:] }

func (r *reader) peek() byte {
	if r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

// take reads bytes for as long as they are wanted.
func (r *reader) take(wanted func(byte) bool) string {
	start := r.at
	for r.at < len(r.text) && wanted(r.text[r.at]) {
		r.at++
	}
	return r.text[start:r.at]
}

// has reads a prefix if it is there.
func (r *reader) has(prefix string) bool {
	if !strings.HasPrefix(r.rest(), prefix) {
		return false
	}
	r.at += len(prefix)
	return true
}

// blanks reads blanks within a line, space those over lines.
func (r *reader) blanks() {
	r.take(func(c byte) bool { return c == ' ' || c == '\t' || c == '\r' })
}

func (r *reader) space() {
	r.take(func(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' })
}

// line reads what is left of the line, without the line's end.
func (r *reader) line() string {
	return strings.TrimSpace(r.take(func(c byte) bool { return c != '\n' }))
}

// word returns the word at the present place, which stays where it is.
func (r *reader) word() string {
	rest := r.rest()
	for i := range len(rest) {
		if c := rest[i]; !isLetter(c) && !isDigit(c) && c != '_' && c != '-' {
			return rest[:i]
		}
	}
	return rest
}

// keyword reads a word if it is the one and stands by itself.
func (r *reader) keyword(word string) bool {
	if r.word() != word {
		return false
	}
	r.at += len(word)
	return true
}

// clip bounds a text.
func (r *reader) clip(at int, s string) string {
	if utf8.RuneCountInString(s) > maxText {
		r.fail(at, "shorten it", "the text has more than the %d characters that are drawn", maxText)
	}
	return s
}

var (
	lineBreak = regexp.MustCompile(`(?i)<br[ \t]*/?>|\\n`)
	entity    = regexp.MustCompile(`#(\d{1,7}|[A-Za-z][A-Za-z0-9]{1,24});`)
	markup    = regexp.MustCompile(`(?i)</?(b|i|em|strong|u|s|sub|sup|small|big|span|div|p|code|pre|a|font|center|tt|kbd|img|hr)(\s[^<>]*)?/?>`)
	iconName  = regexp.MustCompile(`\bfa[bsrlk]?:fa-[\w-]+\s*`)
	emphasis  = regexp.MustCompile(`\*\*([^*\n]+)\*\*|\*([^*\n]+)\*|__([^_\n]+)__|\b_([^_\n]+)_\b`)
)

// label makes plain text of what stands for a text in a diagram: <br/> becomes a line
// break, entities the characters that they mean, and the markup and icons that Mermaid
// knows are left out.
func label(s string) string {
	s = strings.TrimSpace(s)
	if inner, ok := strings.CutPrefix(s, "`"); ok && strings.HasSuffix(inner, "`") { // a Markdown string
		s = emphasis.ReplaceAllString(strings.TrimSuffix(inner, "`"), "$1$2$3$4")
	}
	if strings.ContainsAny(s, "<\\") {
		s = lineBreak.ReplaceAllString(s, "\n")
		s = markup.ReplaceAllString(s, "")
	}
	if strings.Contains(s, "fa") {
		s = iconName.ReplaceAllString(s, "")
	}
	if strings.Contains(s, "#") {
		s = entity.ReplaceAllStringFunc(s, func(e string) string {
			if name := e[1 : len(e)-1]; isDigit(name[0]) {
				return html.UnescapeString("&#" + name + ";")
			}
			return html.UnescapeString("&" + e[1:])
		})
	}
	if strings.Contains(s, "&") {
		s = html.UnescapeString(s)
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// oneLine is a text without line breaks, as it is said in words.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// about reads accTitle and accDescr, which every kind of diagram may have.
func (r *reader) about(d *Diagram) bool {
	word := r.word()
	if word != "accTitle" && word != "accDescr" {
		return false
	}
	r.at += len(word)
	r.blanks()
	text := ""
	switch {
	case r.has(":"):
		text = r.line()
	case r.has("{"):
		start := r.at
		end := strings.IndexByte(r.rest(), '}')
		if end < 0 {
			r.fail(start-1, "close it with }", "the description has no end")
		}
		text = r.text[start : start+end]
		r.at += end + 1
	default:
		r.line()
	}
	text = oneLine(r.clip(r.at-len(text), text))
	if word == "accTitle" {
		d.title = text
	} else {
		d.description = text
	}
	return true
}
