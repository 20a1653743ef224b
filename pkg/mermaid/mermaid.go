// Package mermaid reads the kinds of Mermaid diagrams that documents hold most:
// flowcharts, sequence diagrams and state diagrams (https://mermaid.js.org/intro/syntax-reference.html),
// and draws them as SVG, with a layout of its own.
//
// What a diagram says is drawn; how its author would like it to look (classDef, style,
// themes) and where it would like to lead (click) is read and left out: colours follow
// the page's, and a diagram makes no links. Everything in it is untrusted: texts become
// text and nothing else, and what it may cost is bounded (see limits.go).
package mermaid

import (
	"errors"
	"fmt"
	"html/template"
	"strings"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/diagram"
)

// Diagram is a diagram that was read.
type Diagram struct {
	title       string
	description string
	flow        *flow     // a flowchart or a state diagram
	sequence    *sequence // or a sequence diagram
}

// ErrNotDrawn is returned for diagrams of a kind that exists and is not drawn here.
var ErrNotDrawn = errors.New("this kind of diagram is not drawn")

// Error says what is wrong in a diagram, and where.
type Error struct {
	Line, Col int // from 1, in the diagram's source; Col counts characters
	Message   string
	Hint      string // what to write instead, if that is known
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Col, e.Message) }

// otherKinds are the diagrams that Mermaid knows besides those that are drawn here.
var otherKinds = map[string]bool{
	"classDiagram": true, "classDiagram-v2": true, "erDiagram": true, "gantt": true, "pie": true, "journey": true,
	"gitGraph": true, "mindmap": true, "timeline": true, "quadrantChart": true, "requirementDiagram": true,
	"requirement": true, "C4Context": true, "C4Container": true, "C4Component": true, "C4Dynamic": true, "C4Deployment": true,
	"sankey": true, "sankey-beta": true, "xychart": true, "xychart-beta": true, "block": true, "block-beta": true,
	"packet": true, "packet-beta": true, "kanban": true, "architecture": true, "architecture-beta": true,
	"radar-beta": true, "treemap": true, "treemap-beta": true, "zenuml": true, "info": true, "venn-beta": true,
	"flowchart-elk": true, "swimlane": true,
}

// Parse reads a diagram. Its error is an *Error, or ErrNotDrawn.
func Parse(code string) (*Diagram, error) {
	if len(code) > maxSource {
		return nil, &Error{1, 1, fmt.Sprintf("the diagram has %d bytes, more than the %d that are drawn", len(code), maxSource), "split it into several diagrams"}
	}
	r := &reader{source: code}
	d := &Diagram{}
	r.text = r.blank(d)
	err := r.parse(d)
	if err != nil {
		return nil, err
	}
	return d, nil
}

func (r *reader) parse(d *Diagram) (err error) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *Error: // thrown by fail
			err = e
		default:
			panic(e)
		}
	}()
	r.space()
	start := r.at
	kind := ""
	if isLetter(r.peek()) {
		kind = r.take(func(c byte) bool { return isLetter(c) || isDigit(c) || c == '-' })
	}
	switch kind {
	case "graph", "flowchart":
		d.flow = r.flowchart(d)
	case "sequenceDiagram":
		d.sequence = r.readSequence(d)
	case "stateDiagram", "stateDiagram-v2":
		d.flow = r.states(d)
	case "":
		if r.at == len(r.text) {
			r.fail(start, "", "the diagram is empty")
		}
		r.fail(start, "begin it with flowchart, sequenceDiagram or stateDiagram-v2", "the diagram does not begin with its kind")
	default:
		if otherKinds[kind] {
			return ErrNotDrawn
		}
		hint := ""
		if near, ok := diag.Nearest(kind, []string{"graph", "flowchart", "sequenceDiagram", "stateDiagram", "stateDiagram-v2", "classDiagram", "erDiagram"}); ok {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		r.fail(start, hint, "there is no kind of diagram called %s", quoted(kind))
	}
	return nil
}

// SVG draws the diagram.
func (d *Diagram) SVG() template.HTML {
	if d.sequence != nil {
		return d.sequence.draw(d.Name())
	}
	return diagram.LayoutFlow(d.flow.Flow).SVG(d.Name())
}

// Name says what the diagram is: its title, else what it consists of.
func (d *Diagram) Name() string {
	switch {
	case d.title != "":
		return d.title
	case d.sequence != nil:
		return "Sequence diagram: " + count(len(d.sequence.actors), "participant") + ", " + count(d.sequence.messages, "message")
	case d.flow.states:
		return "State diagram: " + count(d.flow.named(), "state") + ", " + count(len(d.flow.Edges), "transition")
	}
	return "Flowchart: " + count(len(d.flow.Nodes), "box") + ", " + count(len(d.flow.Edges), "line")
}

func count(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "x"):
		return fmt.Sprintf("%d %ses", n, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Description is what the author says that the diagram shows (accDescr), or "".
func (d *Diagram) Description() string { return d.description }

// Word is a statement of a diagram in words.
type Word struct {
	Depth int // in how many groups or blocks it stands
	Text  string
}

// Words says in words what the diagram shows, for those who do not see it and for search.
func (d *Diagram) Words() []Word {
	if d.sequence != nil {
		return d.sequence.words()
	}
	return d.flow.words()
}

// Size is about how many marks the diagram consists of, for limits on what holds several.
func (d *Diagram) Size() int {
	if d.sequence != nil {
		return len(d.sequence.actors) + len(d.sequence.steps)
	}
	return len(d.flow.Nodes) + len(d.flow.Edges) + len(d.flow.Groups)
}

func quoted(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
