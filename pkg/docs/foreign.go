package docs

import (
	"regexp"

	"github.com/yuin/goldmark/ast"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// foreign are the parts of a document of MkDocs that only its extensions and plug-ins
// understand. They are shown as the text that they are.
var foreign = []struct {
	name    string
	pattern *regexp.Regexp
}{
	{"a snippet (--8<--)", regexp.MustCompile(`^[;]*-{1,}8<-{1,}`)},
	{"a macro ({{ … }})", regexp.MustCompile(`\{\{|\{%`)},
	{"a list of attributes ({: … })", regexp.MustCompile(`\{:|\{ ?[.#][A-Za-z]`)},
	{"generated documentation (::: …)", regexp.MustCompile(`^::: ?[A-Za-z_]`)},
	{"a table of contents ([TOC])", regexp.MustCompile(`^\[TOC\]`)},
}

// foreignText notes what a text holds of them, each once for a document.
func (w *walker) foreignText(t *ast.Text) {
	if w.Document.book == nil || len(w.Scan.foreign) == len(foreign) {
		return
	}
	value := t.Segment.Value(w.body)
	for _, f := range foreign {
		at := f.pattern.FindIndex(value)
		if at == nil || w.notedForeign(f.name) {
			continue
		}
		w.Scan.foreign = append(w.Scan.foreign, Link{To: f.name, Span: w.at.span(t.Segment.Start+at[0], t.Segment.Start+at[1])})
	}
}

func (w *walker) notedForeign(name string) bool {
	for _, l := range w.Scan.foreign {
		if l.To == name {
			return true
		}
	}
	return false
}

// foreignFindings reports them.
func (s *Scan) foreignFindings() []diag.Diagnostic {
	var ds []diag.Diagnostic
	for _, l := range s.foreign {
		ds = append(ds, unsupported(l.Span, l.To+" is shown as it is written, for nothing in a document is run", "write what should be shown"))
	}
	return ds
}
