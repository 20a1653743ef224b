package diag

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"strings"
)

type (
	junitSuites struct {
		XMLName xml.Name   `xml:"testsuites"`
		Suite   junitSuite `xml:"testsuite"`
	}

	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}

	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Failure *junitFailure `xml:"failure"`
		Output  string        `xml:"system-out,omitempty"`
	}

	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit prints one test suite with a case for every finding, under its file
// as the class. Errors and warnings are failures, told apart by their type;
// findings that only inform pass and carry their text as output. With nothing
// found, every rule is a passing case: many readers take an empty suite for a run
// that did not happen.
func writeJUnit(w *bufio.Writer, r Report) error {
	s := junitSuite{Name: visible(r.Tool)}
	for _, d := range r.Diagnostics {
		s.add(junitFinding(d.visible()))
	}
	if len(r.Diagnostics) == 0 {
		s.addPassed(r)
	}
	w.WriteString(xml.Header)
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(junitSuites{Suite: s}); err != nil {
		return err
	}
	return w.WriteByte('\n')
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	s.Cases = append(s.Cases, c)
}

// addPassed adds a case for every rule that ran, or one for the whole run if the
// rules are not known.
func (s *junitSuite) addPassed(r Report) {
	for _, rule := range r.Rules {
		if rule.Severity != Off {
			s.add(junitCase{Class: s.Name, Name: visible(rule.Code)})
		}
	}
	if s.Tests == 0 {
		s.add(junitCase{Class: s.Name, Name: "check"})
	}
}

func junitFinding(d Diagnostic) junitCase {
	c := junitCase{Class: d.Span.File, Name: d.Code, File: d.Span.File}
	if d.Span.Start.Line > 0 {
		c.Name = fmt.Sprintf("%s at %d:%d", c.Name, d.Span.Start.Line, d.Span.Start.Col)
	}
	if d.Severity < Warning {
		c.Output = junitText(d)
		return c
	}
	c.Failure = &junitFailure{Message: d.Message, Type: d.Severity.String(), Text: junitText(d)}
	return c
}

func junitText(d Diagnostic) string {
	var b strings.Builder
	if place := d.Span.String(); place != "" {
		b.WriteString(place + ": ")
	}
	b.WriteString(d.Severity.String() + ": " + d.explanation())
	for _, r := range d.Related {
		fmt.Fprintf(&b, "\n%s: %s", r.Span, r.Message)
	}
	return b.String()
}
