package docs

import (
	"strconv"
	"strings"
	"unicode"
)

// slugs gives headings the ids that GitHub gives them. It maps each id in use to
// the last number that was put behind it.
type slugs map[string]int

// next returns the id for a heading: its text in lower case without punctuation,
// with a hyphen for each space, and -1, -2 … after the first of a name. It is ""
// for a heading without letters.
func (s slugs) next(heading string) string {
	slug := slugOf(heading)
	id := slug
	for s.taken(id) {
		s[slug]++
		id = slug + "-" + strconv.Itoa(s[slug])
	}
	s[id] = 0
	return id
}

func (s slugs) taken(id string) bool {
	_, ok := s[id]
	return ok
}

func slugOf(heading string) string {
	var b strings.Builder
	b.Grow(len(heading))
	for _, r := range heading {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case r == '-' || isWordRune(r):
			writeLower(&b, r)
		}
	}
	return b.String()
}

// isWordRune is Ruby's [[:word:]], by which GitHub decides what stays.
func isWordRune(r rune) bool {
	if r < 0x80 {
		return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Nl, unicode.Pc, unicode.Other_Alphabetic)
}

// writeLower lowers as Ruby does: the capital I with a dot becomes two characters.
func writeLower(b *strings.Builder, r rune) {
	if r == 'İ' {
		b.WriteString("i̇")
		return
	}
	b.WriteRune(unicode.ToLower(r))
}

// pageID returns the id that stands on the page for an anchor of a document. Ids
// that begin with "sp-" belong to the site; those of documents get the prefix
// that GitHub gives to all.
func pageID(anchor string) string {
	if strings.HasPrefix(anchor, "sp-") {
		return "user-content-" + anchor
	}
	return anchor
}
