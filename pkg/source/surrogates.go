package source

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf16"

	"gopkg.in/yaml.v3"
)

// JSON writes characters beyond the first 65,536 as two escapes ("\ud83d\ude80" is a rocket,
// RFC 8259, section 7), as many programs do of their own accord. YAML does not know that. So
// that all places stay what they are, these escapes are made ones of the same length, for
// characters of private use, before the file is parsed, and put together in what comes out.

var (
	surrogatePair = regexp.MustCompile(`(\\+)u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}`)
	privateUse    = regexp.MustCompile(`\\u[eE][0-7]|[\x{E000}-\x{E7FF}]`)
)

// privateShift is how far a surrogate is from the character that stands for it meanwhile.
const privateShift = 0xE000 - 0xD800

// withoutSurrogates returns a JSON text in which escapes of surrogates stand for characters of
// private use, and whether it has any. A text that has such characters already stays as it is.
func withoutSurrogates(data []byte) ([]byte, bool) {
	switch {
	case !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")):
		return data, false
	case !bytes.Contains(data, []byte(`\ud`)) && !bytes.Contains(data, []byte(`\uD`)): // as most have none
		return data, false
	case privateUse.Match(data):
		return data, false
	}
	pairs := surrogatePair.FindAllSubmatchIndex(data, -1)
	if len(pairs) == 0 {
		return data, false
	}
	data = bytes.Clone(data)
	for _, p := range pairs {
		if slashes := p[3] - p[2]; slashes%2 == 0 {
			continue // the backslash is escaped itself
		}
		shiftDigits(data[p[3]+1:])
		shiftDigits(data[p[3]+len(`uXXXX\u`):])
	}
	return data, true
}

// shiftDigits makes d8 to df into e0 to e7.
func shiftDigits(digits []byte) {
	digits[0] = 'e'
	digits[1] = "01234567"[strings.IndexByte("89abcdef", digits[1]|0x20)&7]
}

// joinSurrogates puts the characters together that withoutSurrogates has kept apart.
func joinSurrogates(y *yaml.Node) {
	if y.Kind == yaml.ScalarNode {
		y.Value = joined(y.Value)
	}
	for _, c := range y.Content {
		joinSurrogates(c)
	}
}

func joined(text string) string {
	if !strings.Contains(text, "\xee") { // with which all characters from U+E000 to U+EFFF begin
		return text
	}
	var b strings.Builder
	var high rune
	for _, c := range text {
		switch {
		case c >= 0xE000 && c < 0xE400:
			high = c - privateShift
			continue
		case high != 0:
			b.WriteRune(utf16.DecodeRune(high, c-privateShift))
			high = 0
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}
