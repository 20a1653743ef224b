package apispec

import (
	"regexp"
	"strings"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/diag"
)

// Outline is what lists, plans and search need of a description: enough to know which pages
// it has, and what is on them.
type Outline struct {
	File     string       // path in the tree
	Digest   cache.Digest // of all files that it is made of
	Used     []Used
	Found    []diag.Diagnostic
	Silences []diag.Silence // comments in it that silence findings
	Family   Family         // empty if there is nothing to show
	Format   string
	Title    string
	Version  string
	Summary  string // first line of the description
	Groups   []GroupOutline
	Types    []TypeOutline
}

// GroupOutline is a [Group] without what is in its operations.
type GroupOutline struct {
	ID, Title  string
	Operations []OperationOutline
}

// OperationOutline is what lists and search say of an [Operation].
type OperationOutline struct {
	ID, Name, Method, Path, Summary string
	Deprecated                      bool
	Text                            string // for search
	Rows                            int    // about how many rows it takes on a page
}

// Title is what an operation is called in lists.
func (o OperationOutline) Title() string { return strings.TrimSpace(o.Method + " " + o.Path) }

// TypeOutline is what plans need to know of a [Type].
type TypeOutline struct {
	ID, Name string
	Rows     int
}

// Shown reports whether there is anything to show.
func (o *Outline) Shown() bool { return o != nil && o.Family != "" }

// Operations is how many operations there are.
func (o *Outline) Operations() int {
	n := 0
	for _, g := range o.Groups {
		n += len(g.Operations)
	}
	return n
}

// searched is how many bytes of what an operation says are searched.
const searched = 2_000

// outlineOf makes the outline of a description, which may be nil.
func outlineOf(file string, s *Spec, used []Used, found []diag.Diagnostic) *Outline {
	o := &Outline{File: file, Used: used, Found: found}
	var all []byte
	for _, u := range used {
		all = append(append(append(all, u.File...), 0), u.Digest[:]...)
	}
	o.Digest = cache.DigestOf(all)
	if s == nil {
		return o
	}
	o.Family, o.Format, o.Title, o.Version, o.Summary = s.Family, s.Format, s.Title, s.Version, firstLine(s.Description)
	for _, g := range s.Groups {
		group := GroupOutline{ID: g.ID, Title: g.Title}
		for _, op := range g.Operations {
			group.Operations = append(group.Operations, OperationOutline{
				ID: op.ID, Name: op.Name, Method: op.Method, Path: op.Path, Summary: shorten(op.Short(), 200), Deprecated: op.Deprecated,
				Text: s.textOf(op), Rows: s.rowsOf(op),
			})
		}
		o.Groups = append(o.Groups, group)
	}
	for _, t := range s.Types {
		o.Types = append(o.Types, TypeOutline{t.ID, t.Name, 2 + s.rows(t.Schema, 0)})
	}
	return o
}

// Short is what an operation does, in a line.
func (o *Operation) Short() string {
	if o.Summary != "" {
		return o.Summary
	}
	return plain(firstLine(o.Description))
}

var markdownMarks = regexp.MustCompile(`\[([^\[\]]*)\]\([^()\s]*\)|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|` + "`([^`]+)`" + `|^#+ +|<[^<>]*>`)

// plain takes the marks of Markdown out of a line.
func plain(line string) string { return markdownMarks.ReplaceAllString(line, "$1$2$3$4") }

// textOf is what an operation can be found by beside its title.
func (s *Spec) textOf(op *Operation) string {
	parts := []string{op.Name, op.Summary, op.Description}
	for _, p := range op.Parameters {
		parts = append(parts, p.Name, firstLine(p.Description))
	}
	return shorten(strings.Join(parts, "\n"), searched)
}

// rowsOf is about how many rows an operation takes on a page.
func (s *Spec) rowsOf(op *Operation) int {
	n := 6 + len(op.Parameters) + len(op.Bindings) + strings.Count(op.Command, "\n") + len(op.Description)/200
	bodies := func(all []Body) {
		for _, b := range all {
			n += 1 + s.rows(b.Schema, 0) + strings.Count(b.Example, "\n")/2
			for _, e := range b.Named {
				n += 1 + strings.Count(e.Text, "\n")/2
			}
		}
	}
	if op.Request != nil {
		bodies(op.Request.Bodies)
	}
	for _, r := range op.Responses {
		n += 1 + len(r.Headers)
		bodies(r.Bodies)
	}
	return n
}

// MostRows is how many rows one type may take on a page, with all that is nested in it.
const MostRows = 150

// rows is how many rows a type takes, up to the most that are shown. Named types take rows
// where they are what a body is, and are links further in.
func (s *Spec) rows(x *Schema, depth int) int {
	if x == nil || depth > maxDepth {
		return 0
	}
	if x.Ref != "" {
		if t := s.byID[x.Ref]; t != nil && depth == 0 {
			return s.rows(t.Schema, 1)
		}
		return 0
	}
	n := len(x.Enum) / 8
	for i := 0; i < len(x.Fields) && n < MostRows; i++ {
		n += 1 + s.rows(x.Fields[i].Schema, depth+1)
	}
	for i := 0; i < len(x.Variants) && n < MostRows; i++ {
		n += 1 + s.rows(x.Variants[i], depth+1)
	}
	n += s.rows(x.Items, depth+1)
	return min(n, MostRows)
}
