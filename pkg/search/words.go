package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord is how many letters of a word count. Longer runs are digests and keys.
const maxWord = 40

// fold makes words comparable: compatible forms are unified, accents dropped and
// letters lowered. The browser does the same, so no language's own rules are used.
func fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "\uFFFD")) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if r = unicode.ToLower(r); r == 'ς' { // a browser lowers Σ by its place in the word
			r = 'σ'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// eachWord calls f with the folded words of s in order: runs of letters, digits and
// marks. Chinese and Japanese characters are words of their own, since nothing
// separates theirs. Characters beyond the basic plane separate words, so that
// lengths and order are the same in UTF-8 and in UTF-16.
func eachWord(s string, f func(word string)) {
	s = fold(s)
	start, letters := -1, 0
	for i, r := range s {
		switch {
		case lone(r):
			if start >= 0 {
				f(s[start:i])
			}
			f(s[i : i+utf8.RuneLen(r)])
			start = -1
		case !inWord(r):
			if start >= 0 {
				f(s[start:i])
			}
			start = -1
		case start < 0:
			start, letters = i, 1
		case letters == maxWord:
			f(s[start:i])
			start, letters = i, 1
		default:
			letters++
		}
	}
	if start >= 0 {
		f(s[start:])
	}
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9'
	}
	return r <= 0xFFFF && unicode.In(r, unicode.L, unicode.N, unicode.M)
}

func lone(r rune) bool {
	return r > 0x2E00 && r <= 0xFFFF && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// words returns the folded words of s.
func words(s string) []string {
	var ws []string
	eachWord(s, func(w string) { ws = append(ws, w) })
	return ws
}

// squash writes s as one word, so that "Payments API", "payments-api" and
// "paymentsapi" are the same.
func squash(s string) string { return strings.Join(words(s), "") }

// stem drops the plural's ending of an English word. It is no more than that: other
// endings are left alone, and a word that it mangles is mangled alike everywhere.
func stem(w string) string {
	switch {
	case len(w) < 4 || !strings.HasSuffix(w, "s"):
		return w
	case strings.HasSuffix(w, "ies") && len(w) > 4:
		return w[:len(w)-3] + "y"
	case hasAnySuffix(w, "sses", "xes", "tches", "shes"):
		return w[:len(w)-2]
	case hasAnySuffix(w, "ss", "us", "is"):
		return w
	}
	return w[:len(w)-1]
}

func hasAnySuffix(w string, suffixes ...string) bool {
	for _, s := range suffixes {
		if strings.HasSuffix(w, s) {
			return true
		}
	}
	return false
}

// typos is how many edits a word of n letters may be away.
func (r *Ranking) typos(n int) int {
	switch {
	case n >= r.TypoLetters[1]:
		return 2
	case n >= r.TypoLetters[0]:
		return 1
	}
	return 0
}

// distance is the number of edits from a to b, or limit+1 if there are more than
// limit. An edit inserts, drops or replaces a letter or swaps two neighbours. With
// prefix set, b may go on after the match.
func distance(a, b []rune, limit int, prefix bool) int {
	if len(a)-len(b) > limit || !prefix && len(b)-len(a) > limit {
		return limit + 1
	}
	beyond := limit + 1
	before, last, row := make([]int, len(b)+2), make([]int, len(b)+2), make([]int, len(b)+2)
	for j := range last {
		last[j] = min(j, beyond)
	}
	for i := 1; i <= len(a); i++ {
		// Cells further than limit from the diagonal cannot count: they stay beyond.
		from, to := max(1, i-limit), min(len(b), i+limit)
		row[from-1] = beyond
		if from == 1 {
			row[0] = min(i, beyond)
		}
		least := row[from-1]
		for j := from; j <= to; j++ {
			d := last[j-1]
			if a[i-1] != b[j-1] {
				d = 1 + min(d, last[j], row[j-1])
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d = min(d, 1+before[j-2])
				}
			}
			row[j] = d
			least = min(least, d)
		}
		row[to+1] = beyond
		if least > limit {
			return beyond
		}
		before, last, row = last, row, before
	}
	if !prefix {
		return min(last[len(b)], beyond)
	}
	d := beyond
	for j := max(0, len(a)-limit); j <= min(len(b), len(a)+limit); j++ {
		d = min(d, last[j])
	}
	return d
}
