package docs

import (
	"bytes"
	"fmt"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// What one document may cost. A file that asks for more is refused with one
// finding; the others are built. Markdown libraries set no limits themselves:
// 24 kB of a table can make 80 MB of HTML, 12 kB of nested lists take gigabytes.
//
// Size and line length are looked at before parsing. The others are enforced
// inside the parser (guard.go), where nothing has to be guessed from the text.
const (
	maxBytes       = 1 << 20
	maxLine        = 64 << 10
	maxNesting     = 32     // lists and quotes inside one another
	maxDepth       = 200    // of the whole tree, with emphasis in emphasis
	maxColumns     = 64     // of a table
	maxCells       = 20_000 // of a table, with those that the renderer fills in
	maxDefinitions = 10_000 // of link targets
	maxFootnotes   = 1_000
	maxNestedLines = 1_000_000 // lines, each times the lists and quotes that it stands in

	// maxWork bounds the parsing of emphasis, links and code spans, which in the
	// worst case looks at the whole paragraph again at each of their characters.
	// The unit is one byte looked at; real documents of 1 MiB need a twentieth.
	maxWork = 512 << 20
)

// maxOutput bounds the HTML of a document of n bytes.
func maxOutput(n int) int { return 20*n + 64<<10 }

// limitHit is the first limit that a document breaks.
type limitHit struct {
	offset  int    // in the body
	message string // says which limit, and by how much if that is known
	hint    string
}

// prescan checks the limits that need no parsing.
func prescan(body []byte) *limitHit {
	if len(body) > maxBytes {
		return &limitHit{0, fmt.Sprintf("the document has %d bytes, more than the %d that are allowed", len(body), maxBytes), "split it into several documents"}
	}
	for rest := body; len(rest) > maxLine; {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			end = len(rest)
		}
		if end > maxLine {
			return &limitHit{len(body) - len(rest), fmt.Sprintf("the line has %d bytes, more than the %d that are allowed", end, maxLine), "break the line"}
		}
		rest = rest[min(end+1, len(rest)):]
	}
	return nil
}

func (h *limitHit) diagnostic(at places) diag.Diagnostic {
	return diag.Diagnostic{
		Span:     at.span(h.offset, h.offset),
		Severity: diag.Error,
		Code:     "document-limit",
		Message:  h.message + "; the document is not shown",
		Hint:     h.hint,
	}
}
