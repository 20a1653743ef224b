package mermaid

import (
	"strings"

	"github.com/signpost-dev/signpost/pkg/diagram"
)

// link reads a line between boxes: -->, ---, -.->, ==>, ~~~ and their kin, with a text in
// the middle (-- text -->) or behind (-->|text|).
func (f *flowReader) link() (diagram.FlowEdge, bool) {
	var e diagram.FlowEdge
	if i := strings.IndexByte(f.rest(), '@'); i > 0 && !strings.ContainsAny(f.rest()[:i], " \t\n;") && strings.HasPrefix(strings.TrimLeft(f.rest()[i+1:], "<xo"), "-") {
		f.lines[f.rest()[:i]] = true
		f.at += i + 1
	}
	start := f.at
	if f.has("~~~") {
		f.take(func(c byte) bool { return c == '~' })
		e.Stroke = diagram.Invisible
		f.pipes(&e)
		return e, true
	}
	rest := f.rest()
	if len(rest) > 2 && strings.IndexByte("<xo", rest[0]) >= 0 && (strings.HasPrefix(rest[1:], "--") || strings.HasPrefix(rest[1:], "==") || strings.HasPrefix(rest[1:], "-.")) {
		e.Tail = headSigns[rest[0]]
		f.at++
	}
	switch rest := f.rest(); {
	case strings.HasPrefix(rest, "--"):
		f.stroke(&e, start, '-')
	case strings.HasPrefix(rest, "=="):
		e.Stroke = diagram.Thick
		f.stroke(&e, start, '=')
	case strings.HasPrefix(rest, "-."), strings.HasPrefix(rest, ".-"):
		e.Stroke = diagram.Dotted
		f.dotted(&e, start)
	default:
		return e, false
	}
	f.pipes(&e)
	return e, true
}

var headSigns = map[byte]diagram.Head{'>': diagram.ArrowHead, '<': diagram.ArrowHead, 'x': diagram.CrossHead, 'o': diagram.DotHead}

// head reads the head of a line, if there is one.
func (f *flowReader) head(e *diagram.FlowEdge) bool {
	if c := f.peek(); c == '>' || c == 'x' || c == 'o' {
		e.Head = headSigns[c]
		f.at++
		return true
	}
	return false
}

// stroke reads a line of dashes or equals signs: whole, or with a text between two parts.
func (f *flowReader) stroke(e *diagram.FlowEdge, start int, sign byte) {
	run := func() int { return len(f.take(func(c byte) bool { return c == sign })) }
	n := run()
	if f.head(e) {
		e.Longer = n - 2
		return
	}
	if n > 2 {
		e.Longer = n - 3
		return
	}
	two := strings.Repeat(string(sign), 2)
	text := f.at
	for {
		i := strings.Index(f.rest(), two)
		if i < 0 || strings.Contains(f.rest()[:i], "\n") {
			f.fail(start, "end it with "+two+">", "the line with a text has no end")
		}
		f.at += i
		end := f.at
		n = run()
		if f.head(e) || n > 2 {
			f.label(e, text, end)
			e.Longer = max(n-2, 0)
			if e.Head == diagram.NoHead {
				e.Longer = n - 3
			}
			return
		}
	}
}

// dotted reads a line of dashes and dots.
func (f *flowReader) dotted(e *diagram.FlowEdge, start int) {
	f.has("-")
	dots := len(f.take(func(c byte) bool { return c == '.' }))
	if f.has("-") {
		f.head(e)
		e.Longer = dots - 1
		return
	}
	text := f.at
	i := strings.Index(f.rest(), ".-")
	if i < 0 || strings.Contains(f.rest()[:i], "\n") {
		f.fail(start, "end it with .->", "the line with a text has no end")
	}
	end := f.at + i
	f.at = end + 2
	f.head(e)
	f.label(e, text, len(strings.TrimRight(f.text[:end], ".")))
}

// label takes the text between two offsets.
func (f *flowReader) label(e *diagram.FlowEdge, from, to int) {
	e.Label = label(unquote(strings.TrimSpace(f.clip(from, f.text[from:max(from, to)]))))
}

// pipes reads |text| behind a line.
func (f *flowReader) pipes(e *diagram.FlowEdge) {
	at := f.at
	f.blanks()
	if !f.has("|") {
		f.at = at
		return
	}
	open := f.at - 1
	f.blanks()
	end := "|"
	if f.has(`"`) {
		end = `"`
	}
	i := strings.Index(f.rest(), end)
	if i < 0 {
		f.fail(open, "close it with |", "the text of the line has no end")
	}
	e.Label = label(f.clip(open, f.text[f.at:f.at+i]))
	f.at += i + 1
	if end == `"` {
		f.blanks()
		if !f.has("|") {
			f.fail(f.at, "", "the text of the line has no end: | was to come")
		}
	}
}
