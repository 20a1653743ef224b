package backstage

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// Report is what an import has to say. It holds no times and no paths of the
// machine, and is the same for the same source.
type Report struct {
	Format   string     `json:"format"` // "backstage"
	Files    int        `json:"files"`  // YAML files that were looked at
	Entities int        `json:"entities"`
	Found    []Count    `json:"found"`    // entities by Backstage kind
	Made     []Count    `json:"made"`     // descriptors by our kind
	Targets  int        `json:"targets"`  // Location targets that were followed
	Imported []Imported `json:"imported"` // by path
	Notes    []Note     `json:"notes"`    // by severity, code, file and line
}

// Count is how many there are of a kind.
type Count struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// Imported is one descriptor that was written.
type Imported struct {
	Ref       string   `json:"ref"`  // "service:ledger"
	Path      string   `json:"path"` // of the descriptor, relative to the output
	From      string   `json:"from"` // "component:ledger"
	File      string   `json:"file"` // of the source, relative to it
	Line      int      `json:"line"`
	Preserved []string `json:"preserved,omitempty"` // paths of what has no home, such as spec.lifecycle
}

// Note is one thing that the reader of a report should know.
type Note struct {
	Severity string `json:"severity"` // error, warning, info
	Code     Code   `json:"code"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Entity   string `json:"entity,omitempty"` // the reference in Backstage
	Message  string `json:"message"`
}

// Code says what a Note is about.
type Code string

// The codes of notes.
const (
	Refused     Code = "refused"     // an entity that could not be imported
	Unreadable  Code = "unreadable"  // a file, or a part of one
	Secret      Code = "secret"      // left out everywhere
	Repeated    Code = "repeated"    // a name that another entity has
	Unresolved  Code = "unresolved"  // a reference, target or file that leads nowhere
	NotFetched  Code = "not-fetched" // a URL that Backstage would have asked
	Conflict    Code = "conflict"    // two statements that contradict each other
	Renamed     Code = "renamed"     // an entity
	Narrowed    Code = "narrowed"    // a value that became another
	Unfit       Code = "unfit"       // a value that our schema does not take
	Created     Code = "created"     // an entity that the source only mentions
	Moved       Code = "moved"       // a statement that now stands in another entity
	Kept        Code = "kept"        // an entity of a kind without a home
	Ignored     Code = "ignored"     // what Backstage writes itself
	Skipped     Code = "skipped"     // a file or document that is no entity
	Placeholder Code = "placeholder" // a $text reference that was filled in
)

// headings are the codes in the order of the report, with what they mean there.
var headings = []struct {
	code     Code
	severity diag.Severity
	title    string
}{
	{Refused, diag.Error, "Refused"},
	{Unreadable, diag.Error, "Could not be read"},
	{Secret, diag.Warning, "SECRETS, written nowhere (change them: they stand in the source)"},
	{Repeated, diag.Warning, "Names that occur more than once (imported all the same; `signpost check` reports them)"},
	{Conflict, diag.Warning, "Contradictions"},
	{Unresolved, diag.Warning, "Leads nowhere"},
	{NotFetched, diag.Warning, "Addresses that were not fetched"},
	{Unfit, diag.Warning, "Values that do not fit our format (preserved)"},
	{Renamed, diag.Info, "Renamed"},
	{Narrowed, diag.Info, "Values that became others (originals preserved)"},
	{Created, diag.Info, "Made, since the source only mentions them"},
	{Moved, diag.Info, "Now said elsewhere"},
	{Placeholder, diag.Info, "Placeholders filled in"},
	{Kept, diag.Info, "Kept under " + importedFolder + ", no home yet"},
	{Ignored, diag.Info, "Output of Backstage itself (preserved)"},
	{Skipped, diag.Info, "Skipped"},
}

func headingOf(code Code) int {
	for i, h := range headings {
		if h.code == code {
			return i
		}
	}
	return len(headings)
}

// note adds a note about a place in the source.
func (r *Report) note(code Code, file string, line int, entity, format string, args ...any) {
	r.Notes = append(r.Notes, Note{
		Severity: headings[headingOf(code)].severity.String(), Code: code,
		File: shown(file), Line: line, Entity: shown(entity), Message: shown(fmt.Sprintf(format, args...)),
	})
}

// shown is text from a source as reports may hold it: of bounded length, and with
// nothing that cannot be seen.
func shown(s string) string {
	const longest = 400
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "") + "…"
	}
	return diag.Visible(s)
}

// Failed reports whether something could not be imported.
func (r *Report) Failed() bool {
	return slices.ContainsFunc(r.Notes, func(n Note) bool { return n.Severity == diag.Error.String() })
}

// Count returns the number of notes with a code.
func (r *Report) Count(code Code) (n int) {
	for _, note := range r.Notes {
		if note.Code == code {
			n++
		}
	}
	return n
}

// finish puts everything in its order.
func (r *Report) finish() *Report {
	slices.SortFunc(r.Imported, func(a, b Imported) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortStableFunc(r.Notes, func(a, b Note) int {
		return cmp.Or(
			cmp.Compare(headingOf(a.Code), headingOf(b.Code)),
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.Message, b.Message),
		)
	})
	r.Notes = slices.Compact(r.Notes)
	if r.Notes == nil {
		r.Notes = []Note{}
	}
	if r.Imported == nil {
		r.Imported = []Imported{}
	}
	made := map[string]int{}
	for _, i := range r.Imported {
		kind, _, _ := strings.Cut(i.Ref, ":")
		made[kind]++
	}
	r.Made = counts(made)
	return r
}

func counts(of map[string]int) []Count {
	all := make([]Count, 0, len(of))
	for kind, n := range of {
		all = append(all, Count{kind, n})
	}
	slices.SortFunc(all, func(a, b Count) int { return cmp.Compare(a.Kind, b.Kind) })
	return all
}

// WriteJSON writes the report for programs.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// WriteText writes the report for people: what became what, then what they should
// look at, the gravest first. Notes that say the same of many entities are one line.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s in %s: %s\n", count(r.Entities, "Backstage entity", "Backstage entities"), count(r.Files, "file", "files"), joinCounts(r.Found))
	fmt.Fprintf(&b, "%s: %s\n", count(len(r.Imported), "descriptor", "descriptors"), joinCounts(r.Made))
	if r.Targets > 0 {
		fmt.Fprintf(&b, "%s followed\n", count(r.Targets, "Location target", "Location targets"))
	}
	for _, h := range headings {
		lines := r.lines(h.code)
		if len(lines) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s:\n", h.title)
		for _, l := range lines {
			b.WriteString("  " + l + "\n")
		}
	}
	if lines := r.preserved(); len(lines) > 0 {
		b.WriteString("\nPreserved under `preserved.backstage` of their descriptors, without a home of their own:\n")
		for _, l := range lines {
			b.WriteString("  " + diag.Visible(l) + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// lines are the notes of a code, those with one message joined.
func (r *Report) lines(code Code) []string {
	var order []string
	about := map[string][]string{}
	for _, n := range r.Notes {
		if n.Code != code {
			continue
		}
		if _, seen := about[n.Message]; !seen {
			order = append(order, n.Message)
		}
		about[n.Message] = append(about[n.Message], n.subject())
	}
	lines := make([]string, 0, len(order))
	for _, message := range order {
		lines = append(lines, fmt.Sprintf("%s: %s", abridged(about[message]), message))
	}
	return lines
}

// subject is what a note is about, with its place.
func (n Note) subject() string {
	place := n.File
	if n.Line > 0 {
		place = fmt.Sprintf("%s:%d", n.File, n.Line)
	}
	switch {
	case n.Entity == "":
		return place
	case place == "":
		return n.Entity
	}
	return n.Entity + " (" + place + ")"
}

// preserved lists what was preserved, with how many descriptors hold it.
func (r *Report) preserved() []string {
	in := map[string][]string{}
	for _, i := range r.Imported {
		for _, p := range i.Preserved {
			in[p] = append(in[p], i.Ref)
		}
	}
	lines := make([]string, 0, len(in))
	for p, refs := range in {
		lines = append(lines, fmt.Sprintf("%s: %s", p, abridged(refs)))
	}
	slices.Sort(lines)
	return lines
}

// abridged joins the first of many names, and says how many more there are.
func abridged(names []string) string {
	const shown = 4
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}

func joinCounts(all []Count) string {
	if len(all) == 0 {
		return "none"
	}
	var parts []string
	for _, c := range all {
		parts = append(parts, fmt.Sprintf("%d %s", c.Count, c.Kind))
	}
	return strings.Join(parts, ", ")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
