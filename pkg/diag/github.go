package diag

import (
	"bufio"
	"strconv"
	"strings"
)

// writeGitHub prints workflow commands that GitHub Actions turns into
// annotations on the changed lines. GitHub shows only the first ten errors, ten
// warnings and ten notices of a step; the order is that of every other format
// all the same, so that the log, where all of them stand, reads file by file.
func writeGitHub(w *bufio.Writer, r Report) {
	for _, d := range r.Diagnostics {
		d = d.visible()
		w.WriteString("::" + githubLevel(d.Severity))
		separator := " "
		for _, p := range githubProperties(d) {
			w.WriteString(separator + p[0] + "=" + githubProperty.Replace(p[1]))
			separator = ","
		}
		w.WriteString("::" + githubMessage.Replace(githubText(d)) + "\n")
	}
}

// Values end at a comma or colon, and commands at the end of the line.
var (
	githubMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubLevel(s Severity) string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	default:
		return "notice"
	}
}

func githubProperties(d Diagnostic) [][2]string {
	var ps [][2]string
	text := func(name, value string) {
		if value != "" {
			ps = append(ps, [2]string{name, value})
		}
	}
	number := func(name string, n int) {
		if n > 0 {
			ps = append(ps, [2]string{name, strconv.Itoa(n)})
		}
	}
	text("file", d.Span.File)
	number("line", d.Span.Start.Line)
	number("endLine", d.Span.End.Line)
	// GitHub refuses columns for an annotation of more than one line.
	if d.Span.End.Line <= d.Span.Start.Line {
		number("col", d.Span.Start.Col)
		number("endColumn", d.Span.End.Col)
	}
	text("title", d.Code)
	return ps
}

func githubText(d Diagnostic) string {
	var b strings.Builder
	b.WriteString(d.explanation())
	for _, r := range d.Related {
		b.WriteString("\n" + r.Span.String() + ": " + r.Message)
	}
	return b.String()
}
