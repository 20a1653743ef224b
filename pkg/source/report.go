package source

import (
	"fmt"
	"strconv"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// report collects what there is to say about one file.
type report struct {
	file    *string
	ds      []diag.Diagnostic
	stopped bool // the rest of the file cannot be read
}

func (r *report) add(d diag.Diagnostic) { r.ds = append(r.ds, d) }

func (r *report) error(p place, code, message, hint string) {
	r.add(r.finding(p, code, message, hint))
}

func (r *report) finding(p place, code, message, hint string) diag.Diagnostic {
	return diag.Diagnostic{Span: p.span(*r.file), Severity: diag.Error, Code: code, Message: message, Hint: hint}
}

// stop reports what makes the file unreadable. Only the first time counts: the
// rest would follow from it.
func (r *report) stop(p place, code, message, hint string) {
	if !r.stopped {
		d := r.finding(p, code, message, hint)
		d.Unread = true
		r.add(d)
	}
	r.stopped = true
}

func (w *walker) refuseSize(p place) {
	w.stop(p, "source-limit", fmt.Sprintf("the file has more than %s values", grouped(w.limits.Nodes)),
		"split it into several files")
}

func refuseDepth(r *report, p place, l Limits) {
	r.stop(p, "source-limit", fmt.Sprintf("lists and maps are nested deeper than %d levels", l.Depth),
		"make the structure flatter")
}

func refuseAliases(r *report, p place) {
	r.stop(p, "source-alias", "anchors and aliases (&name, *name) are not allowed here",
		"write the value out wherever it is needed, or put quotes around it if text is meant")
}

func (w *walker) refuseKeys(p place, keys int) {
	w.stop(p, "source-limit", fmt.Sprintf("the map has %s keys; the limit is %s", grouped(keys), grouped(w.limits.Keys)),
		"split it into several maps")
}

// quoted writes user text into a message: short, and with invisible characters
// made visible.
func quoted(s string) string {
	const longest = 60
	if r := []rune(s); len(s) > longest && len(r) > longest {
		s = string(r[:longest-1]) + "…"
	}
	return strconv.Quote(s)
}
