package diag

import (
	"fmt"
	"strings"
)

// Summary counts what a run read and what it found.
type Summary struct {
	Entities  int // catalog entities
	Documents int // Markdown documents
	Files     int // files read, whatever they hold
	Errors    int
	Warnings  int
	Infos     int
	Silenced  int // findings that a comment in the file silences, with a reason
}

// String says it in a line for people: "45 entities checked: 2 errors, 1 warning".
func (s Summary) String() string {
	return s.read() + " checked: " + s.found()
}

func (s Summary) read() string {
	switch {
	case s.Entities > 0 && s.Documents > 0:
		return count(s.Entities, "entity", "entities") + " and " + count(s.Documents, "document", "documents")
	case s.Documents > 0:
		return count(s.Documents, "document", "documents")
	case s.Entities == 0 && s.Files > 0:
		return count(s.Files, "file", "files")
	default:
		return count(s.Entities, "entity", "entities")
	}
}

func (s Summary) found() string {
	var parts []string
	add := func(n int, one, many string) {
		if n > 0 {
			parts = append(parts, count(n, one, many))
		}
	}
	add(s.Errors, "error", "errors")
	add(s.Warnings, "warning", "warnings")
	add(s.Infos, "info", "infos")
	if len(parts) == 0 {
		parts = append(parts, "no findings")
	}
	add(s.Silenced, "silenced", "silenced")
	return strings.Join(parts, ", ")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
