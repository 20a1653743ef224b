package datadog

import (
	"net/url"
	"strings"
	"unicode"
)

// Limits of what is taken over, in characters.
const (
	mostName  = 200
	mostTitle = 500
	mostLink  = 2000
)

// plain returns a text that others have written as one line of visible characters, cut to a
// length. Characters that turn the direction of text would show something else than is
// there.
func plain(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return ' '
		case r == unicode.ReplacementChar, r == '\u200e', r == '\u200f', r == '\ufeff',
			r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// link returns an address if it is one of the web, and nothing otherwise.
func link(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || len(address) > mostLink {
		return ""
	}
	return u.String()
}
