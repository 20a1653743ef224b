package apispec

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// slug makes an anchor of a name: what is neither letter, digit nor one of - . _ becomes
// a hyphen.
func slug(name string) string {
	var b strings.Builder
	hyphen := false
	for _, r := range name {
		switch {
		case r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._", r)):
			if hyphen && b.Len() > 0 {
				b.WriteByte('-')
			}
			hyphen = false
			b.WriteRune(r)
		default:
			hyphen = true
		}
		if b.Len() > 80 {
			break
		}
	}
	if b.Len() == 0 {
		return "x"
	}
	return b.String()
}

// unique returns a name, or the first of name-2, name-3, … that is free. Letter case does
// not tell names apart where they become files, so it does not here.
func unique(name string, taken func(string) bool) string {
	free := name
	for n := 2; taken(free); n++ {
		free = name + "-" + strconv.Itoa(n)
	}
	return free
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// firstLine returns a text up to its first line break.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(line)
}

// shorten cuts a text to about n bytes, at a word.
func shorten(text string, n int) string {
	if len(text) <= n {
		return text
	}
	cut := strings.ToValidUTF8(text[:n], "")
	if i := strings.LastIndexByte(cut, ' '); i > n/2 {
		cut = cut[:i]
	}
	return cut + " …"
}

// unescapeURL undoes percent-encoding; a text that is none stays.
func unescapeURL(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}
