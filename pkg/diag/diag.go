// Package diag holds what the tool has to say about a user's files: a
// Diagnostic is a finding with its place, severity, stable code and advice.
//
// A finding is data first; text, JSON, SARIF, GitHub annotations and JUnit are
// views of it. Problems in the user's files are diagnostics; problems of ours or
// of the world are ordinary errors. The package knows nothing of YAML, catalogs
// or rules: it imports no other package of this module.
package diag

import (
	"cmp"
	"fmt"
	"slices"
)

// Pos is a place in a text file. Line and Col count from 1; Col counts Unicode
// characters, not bytes. The zero Pos means the whole file.
type Pos struct{ Line, Col int }

// Before reports whether p stands before q.
func (p Pos) Before(q Pos) bool {
	return p.Line < q.Line || p.Line == q.Line && p.Col < q.Col
}

// Span is a stretch of a file, from Start up to but not including End.
type Span struct {
	File       string // slash-separated, relative to the root that reports are relative to
	Start, End Pos
}

// String returns file:line:column, or the file alone for a span without a place.
func (s Span) String() string {
	if s.Start.Line == 0 {
		return s.File
	}
	return fmt.Sprintf("%s:%d:%d", s.File, s.Start.Line, s.Start.Col)
}

// Severity says how much a finding matters.
type Severity uint8

// The severities, mildest first. Off is the severity of a rule that reports nothing.
const (
	Off Severity = iota
	Info
	Warning
	Error
)

var severityNames = [...]string{"off", "info", "warning", "error"}

// String returns the name used in configuration and in every output format.
func (s Severity) String() string { return severityNames[s] }

// ParseSeverity reads the name of a severity.
func ParseSeverity(name string) (Severity, bool) {
	i := slices.Index(severityNames[:], name)
	return Severity(max(i, 0)), i >= 0
}

// Edit replaces the text of a span. An empty span inserts.
type Edit struct {
	Span Span
	New  string
}

// Related is another place that explains a finding: "first defined here".
type Related struct {
	Span    Span
	Message string
}

// Diagnostic is one finding: one mistake, said once.
type Diagnostic struct {
	Span     Span
	Severity Severity
	Code     string    // stable, such as "owner-exists"; has a page in the reference
	Message  string    // what is wrong here
	Hint     string    // what to write instead, when that is known
	Related  []Related // other places that explain it
	Fix      []Edit    // the mechanical repair, when there is exactly one
	Unseen   bool      // a secret may stand there: no view shows the line
	Unread   bool      // the file, or the rest of it, could not be read: what it says is missing
}

// Sort orders findings by file, place, code and message and drops repeats, so
// that no output depends on map order or on which goroutine came first.
func Sort(ds []Diagnostic) []Diagnostic {
	slices.SortStableFunc(ds, compare)
	return slices.CompactFunc(ds, func(a, b Diagnostic) bool { return compare(a, b) == 0 })
}

func compare(a, b Diagnostic) int {
	return cmp.Or(
		cmp.Compare(a.Span.File, b.Span.File),
		comparePos(a.Span.Start, b.Span.Start),
		comparePos(a.Span.End, b.Span.End),
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Message, b.Message),
	)
}

func comparePos(a, b Pos) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
}
