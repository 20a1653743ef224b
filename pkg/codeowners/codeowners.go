// Package codeowners reads CODEOWNERS files by GitHub's rules and says who owns a
// path, and by which line.
//
// The rules are those of .gitignore with GitHub's exceptions: the last line that
// matches decides, a line without owners takes ownership away, there is no
// negation and there are no character ranges, and one bad line is skipped while
// the others count. Skipped lines are findings, since on GitHub they are easily
// overlooked. Whether an owner exists, and has write access, only GitHub knows.
package codeowners

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
)

const (
	// sizeLimit is GitHub's: it does not load a file of this size or more.
	sizeLimit = 3 << 20

	// findingLimit keeps a file of another kind from flooding the report.
	findingLimit = 100

	codeSyntax = "codeowners-syntax"
)

// Locations are where GitHub looks for the file; the first one found counts.
var Locations = []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"}

// Locate returns the location that counts, given what tells whether a path,
// relative to the root of the repository, is a file; false if there is none.
func Locate(isFile func(path string) bool) (string, bool) {
	for _, path := range Locations {
		if isFile(path) {
			return path, true
		}
	}
	return "", false
}

// Rules are the valid lines of one file.
type Rules struct {
	rules []rule // in the order of the file
}

type rule struct {
	pattern pattern
	owners  []string
	span    diag.Span
}

// Parse reads a file; its name is used in places only. Lines that GitHub would
// skip are reported under the code codeowners-syntax and are not among the rules.
func Parse(file string, data []byte) (*Rules, []diag.Diagnostic) {
	if len(data) >= sizeLimit {
		return &Rules{}, []diag.Diagnostic{{
			Span: diag.Span{File: file}, Severity: diag.Error, Code: codeSyntax,
			Message: fmt.Sprintf("the file has %d bytes; GitHub ignores a CODEOWNERS file of 3 MB or more", len(data)),
			Hint:    "give whole folders to teams instead of single files",
		}}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	rules, ds, skipped := &Rules{}, []diag.Diagnostic(nil), 0
	number := 0
	for text := range strings.Lines(string(data)) {
		number++
		l := line{file: file, number: number, text: strings.TrimRight(text, "\r\n")}
		r, problem := l.parse()
		switch {
		case problem != nil && len(ds) < findingLimit:
			ds = append(ds, *problem)
		case problem != nil:
			skipped++
		case r != nil:
			rules.rules = append(rules.rules, *r)
		}
	}
	if skipped > 0 {
		ds = append(ds, diag.Diagnostic{
			Span: diag.Span{File: file}, Severity: diag.Error, Code: codeSyntax,
			Message: fmt.Sprintf("%d more lines of this file are invalid and not listed", skipped),
		})
	}
	return rules, ds
}

// Owners returns the owners of a path relative to the root of the repository, as
// written in the file, and the line that says so. A line that matches may name no
// owners: then matched is true and the path belongs to nobody.
func (rs *Rules) Owners(path string) (owners []string, line diag.Span, matched bool) {
	segments := strings.Split(path, "/")
	for i := len(rs.rules) - 1; i >= 0; i-- {
		if r := &rs.rules[i]; r.pattern.match(segments) {
			return r.owners, r.span, true
		}
	}
	return nil, diag.Span{}, false
}
