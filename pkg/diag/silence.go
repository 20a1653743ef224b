package diag

import (
	"bytes"
	"regexp"
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
	Until  []string // the dates that were written, right or wrong: at most one makes sense
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
	words := s.takeDates(strings.Fields(after))
	if len(words) > 0 {
		s.Codes = strings.Split(words[0], ",")
		words = words[1:]
	}
	s.Reason = strings.Join(words, " ")
	return s, true
}

// takeDates takes the dates out of the words of a silence, wherever they stand: one
// that is passed over would let the silence stand for ever.
func (s *Silence) takeDates(words []string) (rest []string) {
	for i := 0; i < len(words); i++ {
		if len(words[i]) < len("until") || !strings.EqualFold(words[i][:len("until")], "until") {
			rest = append(rest, words[i])
			continue
		}
		switch date := words[i][len("until"):]; {
		case date != "" && strings.ContainsRune("=:", rune(date[0])):
			s.Until = append(s.Until, strings.TrimRight(date[1:], ".,;)"))
		case date == "" && i+1 < len(words) && isDay.MatchString(words[i+1]):
			i++
			s.Until = append(s.Until, strings.TrimRight(words[i], ".,;)"))
		default:
			rest = append(rest, words[i])
		}
	}
	return rest
}

// isDay tells "until 2027-01-31" from "until the queue moves".
var isDay = regexp.MustCompile(`^[0-9]{4}-[0-9]`)

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
