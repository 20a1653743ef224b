package docs

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/mermaid"
	"github.com/signpost-dev/signpost/pkg/safehtml"
	"github.com/yuin/goldmark/ast"
)

// maxDrawn is how many boxes, lines and messages the diagrams of a document may have
// together: some hundred diagrams. What comes after is shown as source.
const maxDrawn = 5_000

// drawing is a block of code in the language of Mermaid: a diagram, or the reason why it
// is shown as source.
type drawing struct {
	diagram *mermaid.Diagram
	words   []mermaid.Word
	note    string
}

// isDiagram reports whether a block of code is a diagram, as GitHub has it.
func isDiagram(n *ast.FencedCodeBlock, body []byte) bool {
	return strings.EqualFold(string(n.Language(body)), "mermaid")
}

// diagram reads a diagram. What it says in words goes to search in place of its source.
func (w *walker) diagram(n *ast.FencedCodeBlock) {
	code := string(n.Lines().Value(w.body))
	d, err := mermaid.Parse(code)
	if err == nil && w.drawn+d.Size() > maxDrawn {
		err = &mermaid.Error{Line: 1, Col: 1, Message: fmt.Sprintf("the diagrams of the document have more than the %d parts that are drawn", maxDrawn), Hint: "split it into several documents"}
	}
	var broken *mermaid.Error
	switch {
	case errors.As(err, &broken):
		w.broken(n, broken)
		w.keepDrawing(n, drawing{note: "This diagram cannot be drawn, for its source has a mistake: " + sentence(broken)})
		w.lines(n.Lines())
	case err != nil:
		w.keepDrawing(n, drawing{note: "This kind of diagram is not drawn here: its source."})
		w.lines(n.Lines())
	default:
		w.drawn += d.Size()
		words := bounded(d.Words(), len(code))
		w.keepDrawing(n, drawing{diagram: d, words: words})
		for _, word := range words {
			w.spend(max(n.Pos(), 0), nodeMarkup+len(appendEscaped(nil, []byte(word.Text))))
			w.text = append(append(w.text, word.Text...), '\n')
		}
		w.text = append(w.text, '\n')
	}
}

func (w *walker) keepDrawing(n ast.Node, d drawing) {
	w.spend(max(n.Pos(), 0), 4*nodeMarkup+escaped*(len(d.note)+200))
	if w.drawings == nil {
		w.drawings = map[ast.Node]drawing{}
	}
	w.drawings[n] = d
}

// bounded ends the words of a diagram where they are out of proportion to its source:
// lines between all of many boxes are written with few characters.
func bounded(words []mermaid.Word, source int) []mermaid.Word {
	room := 8*source + 2_000
	for i, word := range words {
		if room -= len(word.Text) + 10; room < 0 {
			return append(words[:i:i], mermaid.Word{Text: fmt.Sprintf("… and %d more", len(words)-i)})
		}
	}
	return words
}

// broken reports a diagram that cannot be read, where the mistake is.
func (w *walker) broken(n *ast.FencedCodeBlock, e *mermaid.Error) {
	start, end := max(n.Pos(), 0), max(n.Pos(), 0)
	if lines := n.Lines(); lines.Len() > 0 {
		line := lines.At(min(e.Line, lines.Len()) - 1)
		text := w.body[line.Start:line.Stop]
		end = line.Start + len(strings.TrimRight(string(text), " \t\r\n"))
		for start = line.Start; e.Col > 1+line.Padding && start < end; e.Col-- {
			_, size := utf8.DecodeRune(w.body[start:end])
			start += size
		}
		if e.Line > lines.Len() {
			start = end
		}
	}
	w.findings = append(w.findings, diag.Diagnostic{
		Span: w.at.span(start, end), Severity: diag.Warning, Code: "diagram-broken",
		Message: "the diagram cannot be drawn: " + e.Message, Hint: e.Hint,
	})
}

// sentence says in a note what is wrong in a diagram.
func sentence(e *mermaid.Error) string {
	s := fmt.Sprintf("line %d, %s", e.Line, e.Message)
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s + "."
}

// drawingNode writes a diagram: the drawing in a box that scrolls, and in words what it
// shows; or a note and the source.
func (r *renderer) drawingNode(d drawing, n *ast.FencedCodeBlock) {
	r.str(`<div class="sp-diagram">`)
	if d.diagram == nil {
		r.str("<p>")
		r.text([]byte(d.note))
		r.str("</p>\n")
		r.code("", n.Lines().Value(r.body))
		r.str("</div>\n")
		return
	}
	r.str(`<div class="sp-scroll" tabindex="0">` + safehtml.Place + "</div>\n")
	r.svgs = append(r.svgs, d.diagram.SVG())
	if text := d.diagram.Description(); text != "" {
		r.str("<p>")
		r.text([]byte(text))
		r.str("</p>\n")
	}
	if len(d.words) > 0 {
		r.str("<details><summary>The diagram in words</summary>\n")
		r.words(d.words)
		r.str("</details>\n")
	}
	r.str("</div>\n")
}

// words writes statements as lists in lists.
func (r *renderer) words(words []mermaid.Word) {
	depth := 0
	for i, w := range words {
		next := min(max(w.Depth, 0), depth) // of the list that holds it, one more than that
		switch {
		case i == 0:
			r.str("<ul>\n<li>")
			next = 0
		case w.Depth > depth:
			next = depth + 1
			r.str("\n<ul>\n<li>")
		default:
			r.str("</li>\n")
			for ; depth > next; depth-- {
				r.str("</ul>\n</li>\n")
			}
			r.str("<li>")
		}
		depth = next
		r.text([]byte(w.Text))
	}
	for ; depth > 0; depth-- {
		r.str("</li>\n</ul>\n")
	}
	r.str("</li>\n</ul>\n")
}
