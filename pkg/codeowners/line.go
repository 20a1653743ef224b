package codeowners

import (
	"fmt"
	"regexp"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// An owner is a user, a team or an e-mail address. User names with an underscore
// are those of managed enterprise accounts.
var ownerPattern = regexp.MustCompile(`^(@[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)?|[^@\s<>]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)$`)

// line is one line of the file as it is read.
type line struct {
	file   string
	number int
	text   string
}

// word is a part of a line between white space, and the byte at which it begins.
type word struct {
	at   int
	text string
}

// parse returns the rule on the line, or what is wrong with it; neither for a
// blank line or a comment.
func (l line) parse() (*rule, *diag.Diagnostic) {
	words := l.words()
	if len(words) == 0 {
		return nil, nil
	}
	p, err := compile(words[0].text)
	if err != nil {
		return nil, l.problem(words[0], err.Error(), "")
	}
	r := &rule{pattern: p}
	for _, w := range words[1:] {
		if !ownerPattern.MatchString(w.text) {
			return nil, l.problem(w, fmt.Sprintf("%q is not an owner, so GitHub skips this line", clip(w.text)),
				"write @user, @organisation/team or an e-mail address")
		}
		r.owners = append(r.owners, w.text)
	}
	last := words[len(words)-1]
	r.span = l.span(words[0].at, last.at+len(last.text))
	return r, nil
}

// words splits the line at white space up to a word that begins a comment. In the
// pattern, a backslash keeps a space from ending it.
func (l line) words() []word {
	var words []word
	for at := 0; at < len(l.text); {
		if isSpace(l.text[at]) {
			at++
			continue
		}
		if l.text[at] == '#' {
			break
		}
		end := at
		for end < len(l.text) && !isSpace(l.text[end]) {
			if l.text[end] == '\\' && len(words) == 0 && end+1 < len(l.text) {
				end++
			}
			end++
		}
		words = append(words, word{at, l.text[at:end]})
		at = end
	}
	return words
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f' }

func (l line) problem(w word, message, hint string) *diag.Diagnostic {
	return &diag.Diagnostic{
		Span: l.span(w.at, w.at+len(w.text)), Severity: diag.Error, Code: codeSyntax,
		Message: message, Hint: hint,
	}
}

// span turns byte offsets in the line into a span.
func (l line) span(from, to int) diag.Span {
	start := 1 + utf8.RuneCountInString(l.text[:from])
	end := start + utf8.RuneCountInString(l.text[from:to])
	return diag.Span{
		File:  l.file,
		Start: diag.Pos{Line: l.number, Col: start},
		End:   diag.Pos{Line: l.number, Col: end},
	}
}

// clip shortens text from the file for a message.
func clip(s string) string {
	const limit = 100
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit]) + "…"
}
