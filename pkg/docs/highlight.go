package docs

import (
	"bytes"
	"fmt"
	"strings"
)

// Code is coloured by scanners of our own, one table per language, and not by
// chroma: its lexers are regular expressions with backtracking. Measured, they
// read 1 MB/s, need seconds for 4 kB of hostile code and then stop by the clock,
// so that what stands on the page depends on how busy the machine was. A scanner
// here looks at each byte a bounded number of times, and knows what matters in a
// runbook: comments, strings, numbers, keywords, keys, variables and prompts.

// language says how to read the code of a language.
type language struct {
	comments  []string          // what begins a comment up to the end of the line
	block     [2]string         // what begins and ends a comment over several lines
	quotes    string            // what delimits a string within a line, with \ for escapes
	long      []string          // what delimits a string over several lines; looked for first
	words     map[string]string // class of a word
	fold      bool              // words may be in upper case
	variable  byte              // what begins a variable: $
	key       byte              // a word at the start of a line before this is a key
	prompt    bool              // "$ " at the start of a line is a prompt
	commands  bool              // the first word of a line is a command, and -x an option
	tags      bool              // <name attribute="…">
	wordBytes string            // belong to words besides letters, digits and _
}

// highlight appends code as HTML, coloured by classes for which [HighlightCSS]
// has the rules. Code in an unknown language is plain.
func highlight(out []byte, name string, code []byte) []byte {
	if name == "diff" || name == "patch" {
		return highlightDiff(out, code)
	}
	lang := languages[strings.ToLower(name)]
	if lang == nil {
		return appendEscaped(out, code)
	}
	start := len(out)
	s := scanner{language: lang, out: out, code: code, lineStart: true, first: true}
	for s.at < len(s.code) {
		s.next()
	}
	if len(s.out)-start > highlighted*len(code) {
		return appendEscaped(s.out[:start], code)
	}
	return s.out
}

// highlighted bounds what a byte of code becomes. Real code becomes two to three
// times as long; what would become longer than this is shown plain.
const highlighted = 12

// scanner reads code from its start to its end.
type scanner struct {
	*language
	out       []byte
	code      []byte
	at        int
	lineStart bool // only spaces stand before at in its line
	first     bool // a command is to come
	inTag     bool
}

func (s *scanner) rest() []byte { return s.code[s.at:] }

// take appends the next n bytes in a class.
func (s *scanner) take(n int, class string) {
	text := s.code[s.at : s.at+n]
	s.at += n
	if class == "" {
		s.out = appendEscaped(s.out, text)
		return
	}
	s.out = append(append(append(s.out, `<i class="`...), class...), `">`...)
	s.out = append(appendEscaped(s.out, text), "</i>"...)
}

func (s *scanner) next() {
	c := s.code[s.at]
	switch {
	case c == '\n':
		s.take(1, "")
		s.lineStart, s.first = true, true
		return
	case c == ' ' || c == '\t' || c == '\r':
		s.take(1, "")
		return
	}
	start := s.lineStart
	s.lineStart = false
	switch {
	case s.comment() || s.string(c):
		s.first = false
	case start && s.prompt && (c == '$' || c == '#' || c == '%') && s.at+1 < len(s.code) && s.code[s.at+1] == ' ':
		s.take(1, "gp")
		s.lineStart = true
	case s.variable != 0 && c == s.variable:
		s.take(variableLength(s.rest()), "nv")
		s.first = false
	case s.tags && c == '<':
		s.tag()
	case start && c == '-' && s.at+1 < len(s.code) && s.code[s.at+1] == ' ':
		s.take(1, "")
		s.lineStart = true // an item of a list, the key of which follows
	case isDigit(c):
		s.take(numberLength(s.rest()), "m")
		s.first = false
	case s.commands && c == '-' && !s.first:
		s.take(1+s.wordLength(s.rest()[1:], "-"), "nt")
	case s.isWord(c):
		s.word(start)
	default:
		s.symbol(c)
	}
}

func (s *scanner) symbol(c byte) {
	s.take(1, "")
	switch c {
	case '|', '&', ';', '(', '{':
		s.first = true // a command follows
	case '>':
		s.inTag = false
	}
}

// comment takes a comment. One that begins with # needs a space or line start
// before it: "a#b" is a word in shells and YAML.
func (s *scanner) comment() bool {
	rest := s.rest()
	for _, c := range s.comments {
		if bytes.HasPrefix(rest, []byte(c)) && (c != "#" || s.at == 0 || bytes.IndexByte([]byte(" \t\n;({"), s.code[s.at-1]) >= 0) {
			s.take(lineLength(rest), "c")
			return true
		}
	}
	if s.block[0] != "" && bytes.HasPrefix(rest, []byte(s.block[0])) {
		s.take(until(rest, len(s.block[0]), s.block[1]), "c")
		return true
	}
	return false
}

func (s *scanner) string(c byte) bool {
	for _, d := range s.long {
		if bytes.HasPrefix(s.rest(), []byte(d)) {
			s.take(until(s.rest(), len(d), d), "s")
			return true
		}
	}
	if strings.IndexByte(s.quotes, c) < 0 || s.tags && !s.inTag {
		return false
	}
	n := stringLength(s.rest())
	class := "s"
	if s.key == ':' && s.keyFollows(n) {
		class = "nt" // {"key": …}
	}
	s.take(n, class)
	return true
}

func (s *scanner) word(start bool) {
	n := s.wordLength(s.rest(), "")
	word := s.code[s.at : s.at+n]
	if s.fold {
		word = bytes.ToLower(word)
	}
	class := s.words[string(word)]
	switch {
	case s.inTag:
		class = "nt"
	case s.key != 0 && start && s.keyFollows(n):
		class = "nt"
	case class == "" && s.commands && s.first:
		class = "nb"
	}
	s.take(n, class)
	if class != "k" {
		s.first = false
	}
}

// keyFollows reports whether the token of n bytes is followed by the sign that
// makes a key of it. In YAML the colon must be followed by a space.
func (s *scanner) keyFollows(n int) bool {
	rest := bytes.TrimLeft(s.rest()[n:min(len(s.rest()), n+64)], " \t")
	return len(rest) > 0 && rest[0] == s.key && (s.key != ':' || len(rest) == 1 || strings.IndexByte(" \t\r\n{[\"0123456789-tfn", rest[1]) >= 0)
}

func (s *scanner) tag() {
	n := 1
	if len(s.rest()) > 1 && (s.rest()[1] == '/' || s.rest()[1] == '?') {
		n++
	}
	n += s.wordLength(s.rest()[n:], "-:.")
	s.inTag = true
	s.take(n, "k")
}

func (s *scanner) isWord(c byte) bool {
	return c == '_' || c >= 0x80 || isLetter(c) || strings.IndexByte(s.wordBytes, c) >= 0
}

func (s *scanner) wordLength(text []byte, more string) int {
	for i, c := range text {
		if !s.isWord(c) && !isDigit(c) && strings.IndexByte(more, c) < 0 {
			return i
		}
	}
	return len(text)
}

func lineLength(text []byte) int {
	if n := bytes.IndexByte(text, '\n'); n >= 0 {
		return n
	}
	return len(text)
}

// until returns the length of what ends with end, looked for after skip bytes.
func until(text []byte, skip int, end string) int {
	if n := bytes.Index(text[skip:], []byte(end)); n >= 0 {
		return skip + n + len(end)
	}
	return len(text)
}

// stringLength returns the length of a string in its quotes. One that is not
// closed ends with its line.
func stringLength(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case text[0]:
			return i + 1
		case '\\':
			i++
		case '\n':
			return i
		}
	}
	return len(text)
}

func numberLength(text []byte) int {
	for i, c := range text {
		if !isDigit(c) && !isLetter(c) && c != '.' && c != '_' {
			return i
		}
	}
	return len(text)
}

// variableLength returns the length of $name, ${…}, $1 or $@.
func variableLength(text []byte) int {
	if len(text) < 2 {
		return len(text)
	}
	switch c := text[1]; {
	case c == '{':
		const longest = 200 // so that many that are not closed do not each look at the whole line
		if n := bytes.IndexByte(text[:lineLength(text[:min(len(text), longest)])], '}'); n >= 0 {
			return n + 1
		}
		return 2
	case isLetter(c) || c == '_':
		for i, c := range text[1:] {
			if !isLetter(c) && !isDigit(c) && c != '_' {
				return i + 1
			}
		}
		return len(text)
	case isDigit(c) || strings.IndexByte("@#?*!$-", c) >= 0:
		return 2
	default:
		return 1
	}
}

func highlightDiff(out, code []byte) []byte {
	for line := range bytes.Lines(code) {
		class := ""
		switch {
		case bytes.HasPrefix(line, []byte("@@")), bytes.HasPrefix(line, []byte("+++")), bytes.HasPrefix(line, []byte("---")), bytes.HasPrefix(line, []byte("diff ")):
			class = "gh"
		case line[0] == '+':
			class = "gi"
		case line[0] == '-':
			class = "gd"
		}
		s := scanner{out: out, code: line}
		s.take(len(line), class)
		out = s.out
	}
	return out
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// palette holds the colours of a class in the light and in the dark scheme: 4.5
// to 1 or better on backgrounds as light as #f6f8fa and as dark as #161b22.
var palette = []struct{ class, light, dark string }{
	{"c", "#59636e", "#9198a1"},
	{"k", "#b8202b", "#ff7b72"},
	{"s", "#0a3069", "#a5d6ff"},
	{"m", "#0550ae", "#79c0ff"},
	{"nb", "#6639ba", "#d2a8ff"},
	{"nt", "#116329", "#7ee787"},
	{"nv", "#953800", "#ffa657"},
	{"gd", "#82071e", "#ffb4ab"},
	{"gi", "#116329", "#7ee787"},
	{"gh", "#0550ae", "#79c0ff"},
	{"gp", "#59636e", "#9198a1"},
}

// HighlightCSS returns the rules for code in documents. They follow the colour
// scheme of the page.
func HighlightCSS() string {
	var b strings.Builder
	for _, p := range palette {
		fmt.Fprintf(&b, ".chroma .%s{color:light-dark(%s,%s)}\n", p.class, p.light, p.dark)
	}
	b.WriteString(".chroma .gh{font-weight:600}\n.chroma .gp{user-select:none}\n")
	return b.String()
}
