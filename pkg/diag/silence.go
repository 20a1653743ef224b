package diag

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Silence is a comment that says why a finding on its own line or on the next
// is to be passed over:
//
//	# signpost:ignore tier-inversion until=2027-01-31 moved next quarter
//
// In Markdown the comment is an HTML comment. Whether a silence may stand, has
// run out or silences nothing is for the rules to say.
type Silence struct {
	Span   Span
	Codes  []string
	Until  string // a date, or empty
	Reason string
}

const silenceMark = "signpost:ignore"

// Silences returns the silences in a file, in order. file is its name in reports.
func Silences(file string, data []byte) []Silence {
	if !bytes.Contains(data, []byte(silenceMark)) {
		return nil
	}
	var found []Silence
	number := 0
	for line := range bytes.Lines(data) {
		number++
		if s, ok := silenceOf(string(bytes.TrimRight(line, "\r\n"))); ok {
			s.Span.File, s.Span.Start.Line, s.Span.End.Line = file, number, number
			found = append(found, s)
		}
	}
	return found
}

// silenceOf reads a silence from a line. It must be a comment: the mark after a
// "#" that begins the line or follows a blank, or after "<!--".
func silenceOf(line string) (Silence, bool) {
	before, after, ok := strings.Cut(line, silenceMark)
	if !ok || after != "" && !strings.HasPrefix(after, " ") {
		return Silence{}, false
	}
	opening := strings.TrimRight(before, " \t")
	comment := strings.TrimSuffix(opening, "#")
	yaml := comment != opening && (comment == "" || strings.HasSuffix(comment, " ") || strings.HasSuffix(comment, "\t"))
	if !yaml && !strings.HasSuffix(opening, "<!--") {
		return Silence{}, false
	}
	if !yaml {
		after = strings.TrimSuffix(strings.TrimSpace(after), "-->")
	}
	s := Silence{}
	s.Span.Start.Col = utf8.RuneCountInString(before) + 1
	s.Span.End.Col = s.Span.Start.Col + utf8.RuneCountInString(silenceMark)
	words := strings.Fields(after)
	if len(words) > 0 {
		s.Codes = strings.Split(words[0], ",")
		words = words[1:]
	}
	if len(words) > 0 {
		if date, ok := strings.CutPrefix(words[0], "until="); ok {
			s.Until, words = date, words[1:]
		}
	}
	s.Reason = strings.Join(words, " ")
	return s, true
}

// Covers reports whether a finding is one that the silence names, on its line or
// the next. A finding about the whole of a file is covered from anywhere in it.
func (s Silence) Covers(d Diagnostic) bool {
	if d.Span.File != s.Span.File {
		return false
	}
	below := d.Span.Start.Line - s.Span.Start.Line
	if d.Span.Start.Line != 0 && below != 0 && below != 1 {
		return false
	}
	for _, code := range s.Codes {
		if code == d.Code {
			return true
		}
	}
	return false
}
