package diag

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Report is what a run found, ready to be printed in any format.
type Report struct {
	Diagnostics []Diagnostic
	Summary     Summary
	Rules       []Rule                   // the rules that ran, for formats that describe them
	Source      func(file string) []byte // the text of a file, nil if it cannot be had; may be nil itself
	Tool        string                   // name of the program; "signpost" if empty
	Version     string                   // its version; may be empty
}

// Rule describes one kind of finding.
type Rule struct {
	Code     string // as in Diagnostic.Code
	Title    string // one line
	Doc      string // what the rule asks for and why, as plain text
	Severity Severity
}

// Formats are the names of the formats that Write knows, the default first.
var Formats = []string{"text", "json", "sarif", "github", "junit"}

// Write prints a report in the named format, with its findings sorted. Colour
// is used by the text format only. The error is that of w, or says that there is
// no such format.
//
// Names, messages and source lines come from files that anyone may have written,
// so no format passes on characters that steer a terminal or hide text.
func Write(w io.Writer, format string, color bool, r Report) error {
	r.Diagnostics = Sort(slices.Clone(r.Diagnostics))
	if r.Tool == "" {
		r.Tool = "signpost"
	}
	out := bufio.NewWriter(w)
	if err := write(out, format, color, r); err != nil {
		return err
	}
	return out.Flush()
}

func write(w *bufio.Writer, format string, color bool, r Report) error {
	switch format {
	case "text":
		writeText(w, color, r)
		return nil
	case "json":
		return writeJSON(w, r)
	case "sarif":
		return writeSARIF(w, r)
	case "github":
		writeGitHub(w, r)
		return nil
	case "junit":
		return writeJUnit(w, r)
	}
	return fmt.Errorf("unknown report format %q; the formats are %s", format, strings.Join(Formats, ", "))
}

// explanation is the message and, on a second line, the hint, for formats that
// have one place for both.
func (d Diagnostic) explanation() string {
	if d.Hint == "" {
		return d.Message
	}
	return d.Message + "\n" + d.Hint
}
