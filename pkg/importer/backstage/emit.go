package backstage

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// errTooLarge says that a tree written out would be larger than a descriptor may be.
var errTooLarge = errors.New("the descriptor would be larger than 1 MiB")

// emit writes a tree as a YAML document in block style, with keys in the order
// of the tree and text in normal form C. Whatever could be read as something
// else than text by any version of YAML is quoted. It gives up with errTooLarge
// beyond limit bytes: a small file with aliases can stand for a huge tree.
func emit(o object, limit int) ([]byte, error) {
	e := emitter{limit: limit}
	e.object(o, 0)
	if e.out.Len() > limit {
		return nil, errTooLarge
	}
	return []byte(e.out.String()), nil
}

type emitter struct {
	out   strings.Builder
	limit int
}

// full reports whether it is pointless to write on.
func (e *emitter) full() bool { return e.out.Len() > e.limit }

func (e *emitter) indent(level int) {
	for range level {
		e.out.WriteString("  ")
	}
}

func (e *emitter) object(o object, level int) {
	for _, f := range o {
		if e.full() {
			return
		}
		e.indent(level)
		e.entry(f, level)
	}
}

// entry writes one key with its value; the place for the key is already reached.
func (e *emitter) entry(f field, level int) {
	e.inline(f.key)
	e.out.WriteByte(':')
	e.value(f.value, level+1)
}

// value writes what follows a colon or a dash, to the end of its last line.
func (e *emitter) value(v any, level int) {
	switch v := v.(type) {
	case object:
		if len(v) == 0 {
			e.out.WriteString(" {}\n")
			return
		}
		e.out.WriteByte('\n')
		e.object(v, level)
	case []any:
		if len(v) == 0 {
			e.out.WriteString(" []\n")
			return
		}
		e.out.WriteByte('\n')
		e.list(v, level)
	case string:
		e.out.WriteByte(' ')
		e.text(v, level)
	case number:
		e.out.WriteString(" " + string(v) + "\n")
	case int, bool:
		fmt.Fprintf(&e.out, " %v\n", v)
	default:
		e.out.WriteString(" null\n")
	}
}

func (e *emitter) list(l []any, level int) {
	for _, item := range l {
		if e.full() {
			return
		}
		e.indent(level)
		e.out.WriteByte('-')
		// The first key of a map stands beside the dash.
		if o, ok := item.(object); ok && len(o) > 0 {
			e.out.WriteByte(' ')
			e.entry(o[0], level+1)
			e.object(o[1:], level+1)
			continue
		}
		e.value(item, level+1)
	}
}

// text writes a value of several lines as a block if that can be read back
// unchanged by every reader, else as inline.
func (e *emitter) text(s string, level int) {
	if len(s) > e.limit {
		e.out.WriteString(s) // so that full reports it
		return
	}
	s = norm.NFC.String(s)
	if !fitsBlock(s) {
		e.inline(s)
		e.out.WriteByte('\n')
		return
	}
	e.out.WriteByte('|')
	body, ended := strings.CutSuffix(s, "\n")
	if !ended {
		e.out.WriteByte('-')
	}
	e.out.WriteByte('\n')
	for line := range strings.SplitSeq(body, "\n") {
		if line != "" {
			e.indent(level)
			e.out.WriteString(line)
		}
		e.out.WriteByte('\n')
	}
}

// fitsBlock reports whether text can stand in a literal block: whole lines of
// visible characters, the first not indented, no blank lines at either end.
func fitsBlock(s string) bool {
	body := strings.TrimSuffix(s, "\n")
	if body == "" || !strings.Contains(s, "\n") || strings.Contains(s, silence) || strings.ContainsAny(body[:1], " \t\n") || strings.HasSuffix(body, "\n") {
		return false
	}
	for line := range strings.SplitSeq(body, "\n") {
		if strings.HasPrefix(line, "\t") || strings.TrimLeft(line, " ") == "" && line != "" {
			return false
		}
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && r != '\t' && !isPlainRune(r) })
}

// inline writes text on one line: plain if nothing in it can be misread, else in
// double quotes.
func (e *emitter) inline(s string) {
	if len(s) > e.limit {
		e.out.WriteString(s)
		return
	}
	s = norm.NFC.String(s)
	if isPlain(s) {
		e.out.WriteString(s)
		return
	}
	var quoted strings.Builder
	for _, r := range s {
		quoted.WriteString(escaped(r))
	}
	e.out.WriteString(`"` + strings.ReplaceAll(quoted.String(), silence, `signpost\x3Aignore`) + `"`)
}

// silence is the mark by which comments silence findings. Text that came from
// elsewhere must not be taken for such a comment, so it is written with an escape.
const silence = "signpost:ignore"

func escaped(r rune) string {
	switch {
	case r == '"':
		return `\"`
	case r == '\\':
		return `\\`
	case r == '\n':
		return `\n`
	case r == '\t':
		return `\t`
	case r == '\r':
		return `\r`
	case isPlainRune(r):
		return string(r)
	case r <= 0xff:
		return fmt.Sprintf(`\x%02X`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04X`, r)
	}
	return fmt.Sprintf(`\U%08X`, r)
}

// isPlainRune reports whether a character can stand in YAML as itself and be seen.
func isPlainRune(r rune) bool {
	return r != utf8.RuneError && (r == ' ' || unicode.IsGraphic(r) && !unicode.Is(unicode.Zs, r) || unicode.In(r, unicode.Cf) && r == '\u200d')
}

// isPlain reports whether text needs no quotes: it begins like a word or path; holds nothing that begins a comment or a value;
// and is no word that has a meaning, such as "yes" or "null".
func isPlain(s string) bool {
	if s == "" || len(s) > 1000 || strings.Contains(s, silence) || !plainStart(s) {
		return false
	}
	if strings.HasSuffix(s, " ") || strings.HasSuffix(s, ":") || strings.Contains(s, ": ") || strings.Contains(s, " #") {
		return false
	}
	if strings.ContainsFunc(s, func(r rune) bool { return !isPlainRune(r) }) {
		return false
	}
	return !meantWords[strings.ToLower(s)]
}

func plainStart(s string) bool {
	return isLetter(rune(s[0])) || isWordWithDigits(s) ||
		strings.ContainsRune("$/", rune(s[0])) || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../")
}

// isWordWithDigits accepts what begins with a digit but holds a letter that no
// number has, such as 2fa-gateway; dates, sizes and hexadecimal are quoted.
func isWordWithDigits(s string) bool {
	if s[0] < '0' || s[0] > '9' {
		return false
	}
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 'g' && r <= 'z' && !strings.ContainsRune("otxz", r) })
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// meantWords are the words that YAML 1.1 or 1.2 reads as something else than text.
var meantWords = map[string]bool{
	"null": true, "true": true, "false": true, "yes": true, "no": true, "on": true, "off": true, "y": true, "n": true,
}
