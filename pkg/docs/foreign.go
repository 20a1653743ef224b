package docs

import (
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// foreign are the parts of a document of MkDocs that only its extensions and plug-ins
// understand. They are shown as the text that they are.
var foreign = []struct {
	name    string
	where   foreignPlace
	pattern *regexp.Regexp
}{
	{"a snippet (--8<--)", inLines | inCode, regexp.MustCompile(`^;*-+8<-+`)},
	{"a macro ({{ … }})", inTexts, regexp.MustCompile(`\{\{|\{%`)},
	{"a list of attributes ({: … })", inTexts, regexp.MustCompile(`\{:|\{ ?[.#][A-Za-z]|^\{ ?[a-z-]+=`)},
	{"generated documentation (::: …)", inLines, regexp.MustCompile(`^::: ?[A-Za-z_]`)},
	{"a table of contents ([TOC])", inLines, regexp.MustCompile(`^\[TOC\]`)},
	{"a definition (: …)", inLines, regexp.MustCompile(`^: {1,3}\S`)},
	{"an abbreviation (*[…]: …)", inLines, regexp.MustCompile(`^\*\[[^\]]+\]:`)},
	{"a block (/// …)", inLines, regexp.MustCompile(`^/{3,} ?[a-z]`)},
	{"an icon (:material-…:)", inTexts, regexp.MustCompile(`:(?:material|fontawesome|octicons|simple)-[a-z0-9-]+:`)},
	{"a key (++…++)", inTexts, regexp.MustCompile(`\+\+[a-z0-9-]+(?:\+[a-z0-9-]+)*\+\+`)},
	{"marked text (==…==)", inTexts, regexp.MustCompile(`(?:^|[^=])==[^=\s](?:[^=]*[^=\s])?==(?:[^=]|$)`)},
}

// foreignPlace is where something of MkDocs means something.
type foreignPlace uint8

const (
	inTexts foreignPlace = 1 << iota // anywhere in running text
	inLines                          // at the start of a line of a paragraph
	inCode                           // at the start of a line of code
)

// foreignText notes what a text holds of them, each once for a document.
func (w *walker) foreignText(t *ast.Text) {
	if w.Document.book != nil && t.Parent().Kind() != ast.KindCodeSpan {
		w.foreign(inTexts, t.Segment)
	}
}

// foreignLines is foreignText for the lines of a block.
func (w *walker) foreignLines(where foreignPlace, lines *text.Segments) {
	for i := 0; w.Document.book != nil && i < lines.Len(); i++ {
		w.foreign(where, lines.At(i))
	}
}

func (w *walker) foreign(where foreignPlace, segment text.Segment) {
	if len(w.Scan.foreign) == len(foreign) {
		return
	}
	value := segment.Value(w.body)
	for _, f := range foreign {
		if f.where&where == 0 {
			continue
		}
		at := f.pattern.FindIndex(value)
		if at == nil || w.notedForeign(f.name) {
			continue
		}
		start := segment.Start - segment.Padding
		w.Scan.foreign = append(w.Scan.foreign, Link{To: f.name, Span: w.at.span(start+at[0], start+at[1])})
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
