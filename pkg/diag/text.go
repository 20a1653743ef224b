package diag

import (
	"bufio"
	"fmt"
	"strings"
)

// The colours of the text format, as SGR parameters.
const (
	bold   = "1"
	dim    = "2"
	red    = "1;31"
	yellow = "1;33"
	blue   = "1;34"
	green  = "32"
)

// writeText prints findings for people, each with the line it is about:
//
//	catalog/services/ledger/service.yaml:7:8: error: owner "team:ledgerr" does not exist [owner-exists]
//	   7 | owner: team:ledgerr
//	     |        ^~~~~~~~~~~~ did you mean "team:ledger"?
func writeText(w *bufio.Writer, color bool, r Report) {
	p := textPrinter{w: w, color: color, sources: sources{read: r.Source}, unseen: map[line]bool{}}
	for _, d := range r.Diagnostics {
		for n := d.Span.Start.Line; d.Unseen && n <= d.Span.End.Line; n++ {
			p.unseen[line{d.Span.File, n}] = true // whichever finding is about it
		}
	}
	for _, d := range r.Diagnostics {
		p.finding(d)
	}
}

type textPrinter struct {
	w       *bufio.Writer
	color   bool
	sources sources
	unseen  map[line]bool
}

// line is one of a file.
type line struct {
	file   string
	number int
}

func (p *textPrinter) finding(d Diagnostic) {
	e, ok := p.sources.excerpt(d.Span)
	ok = ok && !p.unseen[line{d.Span.File, d.Span.Start.Line}]
	d = d.visible()
	if place := d.Span.String(); place != "" {
		p.w.WriteString(p.paint(bold, place+":") + " ")
	}
	p.w.WriteString(p.paint(severityColor(d.Severity), d.Severity.String()+":") + " " + d.Message)
	if d.Code != "" {
		p.w.WriteString(p.paint(dim, " ["+d.Code+"]"))
	}
	p.w.WriteByte('\n')
	if ok {
		p.excerpt(d, e)
	} else if d.Hint != "" {
		p.w.WriteString("    hint: " + p.paint(green, d.Hint) + "\n")
	}
	for _, rel := range d.Related {
		p.w.WriteString("    " + rel.Span.String() + ": " + rel.Message + "\n")
	}
}

func (p *textPrinter) excerpt(d Diagnostic, e excerpt) {
	number := fmt.Sprintf("%4d", d.Span.Start.Line)
	gutter := strings.Repeat(" ", len(number))
	p.w.WriteString(p.paint(dim, number+" |"))
	if e.text != "" {
		p.w.WriteString(" " + e.text)
	}
	p.w.WriteString("\n" + p.paint(dim, gutter+" |") + " " + strings.Repeat(" ", e.indent))
	p.w.WriteString(p.paint(severityColor(d.Severity), "^"+strings.Repeat("~", e.width-1)))
	if d.Hint != "" {
		p.w.WriteString(" " + p.paint(green, d.Hint))
	}
	p.w.WriteByte('\n')
}

func (p *textPrinter) paint(sgr, text string) string {
	if !p.color {
		return text
	}
	return "\x1b[" + sgr + "m" + text + "\x1b[0m"
}

func severityColor(s Severity) string {
	switch s {
	case Error:
		return red
	case Warning:
		return yellow
	default:
		return blue
	}
}
