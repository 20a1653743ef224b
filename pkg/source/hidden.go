package source

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/diag"
	"golang.org/x/text/unicode/norm"
	"gopkg.in/yaml.v3"
)

// hiddenScan notes the characters of a file that a reader does not see.
type hiddenScan struct {
	count int
	off   int  // of the first
	first rune // of them
}

func (h *hiddenScan) note(off int, ch rune) {
	if h.count == 0 {
		h.off, h.first = off, ch
	}
	h.count++
}

// report says where the first is, and how many there are.
func (h *hiddenScan) report(r *report, t *text, foreign bool) {
	if h.count == 0 {
		return
	}
	message := describeHidden(h.first)
	if h.count > 1 {
		message += fmt.Sprintf(" (and %s more in this file)", grouped(h.count-1))
	}
	r.hidden(t.placeOf(h.off, utf8.RuneLen(h.first)), message, foreign)
}

func (r *report) hidden(p place, message string, foreign bool) {
	severity := diag.Error
	if foreign {
		severity = diag.Warning
	}
	r.add(diag.Diagnostic{
		Span: p.span(*r.file), Severity: severity, Code: "source-hidden-character", Message: message,
		Hint: "remove it, or type the word anew",
	})
}

func describeHidden(ch rune) string {
	switch {
	case unicode.Is(unicode.Bidi_Control, ch):
		return fmt.Sprintf("the character %U changes the direction of the text: it is not what it looks like", ch)
	case unicode.IsControl(ch):
		return fmt.Sprintf("the control character %U is not allowed in text", ch)
	default:
		return fmt.Sprintf("the character %U is invisible: the text is not what it looks like", ch)
	}
}

// isHidden reports whether a character between two others is invisible or turns
// the direction of the text, without being part of how a script or an emoji is
// written there.
func isHidden(before, ch rune, after []byte) bool {
	switch {
	case ch == '\u200c' || ch == '\u200d': // joiners
		next, _ := utf8.DecodeRune(after)
		return !joins(before) || !joins(next)
	case ch >= '\ufe00' && ch <= '\ufe0f' || ch >= '\U000e0100' && ch <= '\U000e01ef': // variation selectors
		return before <= ' ' || before < utf8.RuneSelf && unicode.IsLetter(before)
	case ch >= '\U000e0020' && ch <= '\U000e007f': // tags: the flags of Scotland and Wales
		return before != '\U0001f3f4' && (before < '\U000e0020' || before > '\U000e007f')
	case ch == '\u00ad' || ch == '\u034f' || ch == '\u115f' || ch == '\u1160' || ch == '\u3164' || ch == '\uffa0':
		return true
	}
	return unicode.In(ch, unicode.Cf, unicode.Cc, unicode.Zl, unicode.Zp) && !unicode.In(ch, unicode.Prepended_Concatenation_Mark)
}

// joins reports whether a joiner beside a character is ordinary writing: in
// emoji, and in the scripts from Arabic to the Indic ones.
func joins(ch rune) bool {
	return ch >= '\u0600' && ch != utf8.RuneError &&
		!unicode.In(ch, unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Cf, unicode.Zs)
}

// checkText reports what makes a text unequal to another that looks the same:
// other forms of its characters, and what escapes such as "\u202e" smuggle in.
// What stands in the file as such was reported with the file.
func (w *walker) checkText(y *yaml.Node, from cursor, p place) {
	if !w.limits.Foreign && !isASCII(y.Value) && !norm.NFC.IsNormalString(y.Value) {
		w.error(p, "source-encoding", "the text is not in Unicode normal form C: it looks like other text but does not equal it",
			"type it anew, or save it in form C (NFC)")
	}
	if y.Style&yaml.DoubleQuotedStyle == 0 {
		return
	}
	raw := w.text.src[from.off:w.near.off]
	if bytes.IndexByte(raw, '\\') < 0 {
		return
	}
	var before rune
	for i, ch := range y.Value {
		if isSmuggled(before, ch, y.Value[i+utf8.RuneLen(ch):]) && !strings.ContainsRune(string(raw), ch) {
			w.hidden(p, describeHidden(ch), w.limits.Foreign)
			return
		}
		before = ch
	}
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isSmuggled(before, ch rune, after string) bool {
	if ch == '\n' || ch == '\t' || ch == '\r' {
		return false
	}
	return ch < ' ' || ch == 0x7f || ch >= utf8.RuneSelf && isHidden(before, ch, []byte(after))
}
