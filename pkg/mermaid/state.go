package mermaid

import (
	"fmt"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diagram"
)

// stateReader reads a state diagram (https://mermaid.js.org/syntax/stateDiagram.html).
type stateReader struct {
	*flowReader
	described map[string]bool // states whose text was given
}

func (r *reader) states(d *Diagram) *flow {
	f := &flowReader{reader: r, flow: &flow{states: true}, nodes: map[string]int{}, groups: map[string]int{}, lines: map[string]bool{}, doc: d}
	f.Direction = diagram.TopDown
	s := &stateReader{flowReader: f, described: map[string]bool{}}
	s.line()
	for {
		s.take(func(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ';' })
		if s.at == len(s.text) {
			break
		}
		s.statement()
	}
	if len(s.open) > 0 {
		s.fail(s.open[len(s.open)-1].at, "close it with }", "the state has no end")
	}
	s.connect()
	return s.flow
}

func (s *stateReader) statement() {
	at := s.at
	switch word := s.word(); {
	case word == "state":
		s.at += len(word)
		s.state(at)
	case word == "note":
		s.at += len(word)
		s.note(at)
	case word == "direction":
		s.at += len(word)
		s.blanks()
		dir, ok := directions[s.take(isLetter)]
		if !ok {
			s.fail(s.at, "write TB, BT, LR or RL", "this is no direction")
		}
		if len(s.open) == 0 {
			s.Direction = dir
		} else {
			g := &s.Groups[s.open[len(s.open)-1].index]
			g.Direction, g.Turned = dir, true
		}
	case word == "classDef", word == "class", word == "style", word == "click", word == "hide", word == "scale":
		s.line()
	case s.about(s.doc):
	case s.has("}"):
		if len(s.open) == 0 {
			s.fail(at, "", "} closes nothing")
		}
		s.leave()
	case word == "--" && s.aloneBefore(2):
		s.at += 2
		s.region(at)
	default:
		s.transition()
	}
}

// leave ends a composite state, and the region in it that is open.
func (s *stateReader) leave() {
	if g := s.open[len(s.open)-1]; g.region {
		s.closeGroup()
	}
	s.closeGroup()
}

// region begins another part of a composite state, which runs beside the one before. The
// part before is put into a frame of its own, too.
func (s *stateReader) region(at int) {
	if len(s.open) == 0 {
		s.fail(at, "", "-- stands outside of a state")
	}
	g := &s.open[len(s.open)-1]
	if g.region {
		s.closeGroup()
		s.enter("", at, true)
		return
	}
	first, inside := g.nodes, g.inside
	g.nodes, g.inside = nil, nil
	s.enter("", at, true)
	s.open[len(s.open)-1].nodes = first
	here := s.open[len(s.open)-1].index
	for _, i := range inside {
		s.Groups[i].In = here + 1
	}
	s.closeGroup()
	s.enter("", at, true)
}

// enter begins a composite state or a region of one.
func (s *stateReader) enter(title string, at int, region bool) {
	if len(s.open) >= maxNesting {
		s.fail(at, "", "states are nested more than %d deep", maxNesting)
	}
	if len(s.Groups) == maxNodes {
		s.fail(at, "split it into several diagrams", "the diagram has more than the %d composite states that are drawn", maxNodes)
	}
	in := 0
	if len(s.open) > 0 {
		o := &s.open[len(s.open)-1]
		in = o.index + 1
		o.inside = append(o.inside, len(s.Groups))
	}
	s.Groups = append(s.Groups, diagram.FlowGroup{Label: title, In: in})
	s.open = append(s.open, openGroup{index: len(s.Groups) - 1, at: at, region: region})
}

// state reads what follows the word: a state with a text, a kind or an inside.
func (s *stateReader) state(at int) {
	s.blanks()
	title := ""
	if s.has(`"`) {
		i := strings.IndexByte(s.rest(), '"')
		if i < 0 {
			s.fail(s.at-1, `close it with "`, "the text has no end")
		}
		title = label(s.clip(s.at, s.text[s.at:s.at+i]))
		s.at += i + 1
		s.blanks()
		if !s.keyword("as") {
			s.fail(s.at, `write state "text" as name`, "the name of the state was to come")
		}
		s.blanks()
	}
	name := s.stateName()
	if name == "" {
		s.fail(s.at, "", "the name of a state was to come")
	}
	s.class()
	s.blanks()
	switch {
	case s.has("{"):
		if title == "" {
			title = name
		}
		if _, again := s.groups[name]; !again {
			s.groups[name] = len(s.Groups)
		}
		s.enter(title, at, false)
		return
	case s.has("<<"), s.has("[["):
		kind := s.take(isLetter)
		n := s.named(name, at)
		switch kind {
		case "choice":
			s.Nodes[n].Shape, s.Nodes[n].Label = diagram.Diamond, ""
		case "fork", "join":
			s.Nodes[n].Shape, s.Nodes[n].Label = diagram.Bar, ""
		default:
			s.fail(s.at-len(kind), "write choice, fork or join", "there is no kind of state called %s", quoted(kind))
		}
		if !s.has(">>") && !s.has("]]") {
			s.fail(s.at, "", "the kind of the state has no end")
		}
	default:
		n := s.named(name, at)
		if title != "" {
			s.Nodes[n].Label = title
			s.described[name] = true
		}
		s.blanks()
		if s.has(":") {
			s.describe(name, s.line())
		}
	}
	s.endOfLine()
}

func (s *stateReader) endOfLine() {
	s.blanks()
	if c := s.peek(); c != 0 && c != '\n' && c != ';' && c != '}' {
		s.fail(s.at, "", "%s cannot stand here: the end of the line was to come", quoted(firstWord(s.rest())))
	}
}

func firstWord(s string) string {
	if f := strings.Fields(s); len(f) > 0 {
		return f[0]
	}
	return ""
}

// stateName reads the name of a state.
func (s *stateReader) stateName() string {
	start := s.at
	for s.at < len(s.text) {
		rest := s.rest()
		if c := rest[0]; c <= ' ' || strings.IndexByte(":;{}<[\"", c) >= 0 || strings.HasPrefix(rest, "-->") {
			break
		}
		s.at++
	}
	return s.text[start:s.at]
}

// named returns the box of a state, which is made if it is new.
func (s *stateReader) named(name string, at int) int {
	n, ok := s.nodes[name]
	if !ok {
		if len(s.Nodes) == maxNodes {
			s.fail(at, "split it into several diagrams", "the diagram has more than the %d states that are drawn", maxNodes)
		}
		n = len(s.Nodes)
		s.nodes[name] = n
		s.Nodes = append(s.Nodes, diagram.FlowNode{Label: s.clip(at, name), Shape: diagram.Rounded})
	}
	if len(s.open) > 0 {
		g := &s.open[len(s.open)-1]
		g.nodes = append(g.nodes, n)
	}
	return n
}

// describe adds a line to the text of a state.
func (s *stateReader) describe(name, text string) {
	at := s.at
	if g, ok := s.groups[name]; ok {
		s.Groups[g].Label = label(s.clip(at, text))
		return
	}
	n := s.named(name, at)
	text = label(text)
	if s.described[name] {
		text = s.Nodes[n].Label + "\n" + text
	}
	s.Nodes[n].Label = s.clip(at, text)
	s.described[name] = true
}

// end reads one end of a transition: a name, or [*], which is where the state begins on
// the left of an arrow and where it ends on the right.
func (s *stateReader) stateEnd(from bool) string {
	at := s.at
	if s.has("[*]") {
		scope := 0
		if len(s.open) > 0 {
			scope = s.open[len(s.open)-1].index + 1
		}
		name, shape := fmt.Sprintf("[*] end %d", scope), diagram.Stop
		if from {
			name, shape = fmt.Sprintf("[*] start %d", scope), diagram.Start
		}
		n := s.named(name, at)
		s.Nodes[n].Shape, s.Nodes[n].Label = shape, ""
		return name
	}
	name := s.stateName()
	if name == "" {
		s.fail(at, "", "%s cannot stand here: the name of a state was to come", quoted(firstWord(s.rest())))
	}
	if _, group := s.groups[name]; !group {
		s.named(name, at)
	}
	s.class()
	return name
}

// transition reads a --> b : text, or a state alone, perhaps with its text.
func (s *stateReader) transition() {
	at := s.at
	from := s.stateEnd(true)
	s.blanks()
	if s.has(":") {
		s.describe(from, s.line())
		return
	}
	if !s.has("-->") {
		s.endOfLine()
		return
	}
	s.blanks()
	e := namedEdge{FlowEdge: diagram.FlowEdge{Head: diagram.ArrowHead}, from: from, to: s.stateEnd(false), at: at}
	s.blanks()
	if s.has(":") {
		text := s.at
		e.Label = label(s.clip(text, s.line()))
	}
	s.add(e)
	s.endOfLine()
}

func (s *stateReader) add(e namedEdge) {
	if len(s.edges) == maxEdges {
		s.fail(e.at, "split it into several diagrams", "the diagram has more than the %d transitions that are drawn", maxEdges)
	}
	s.edges = append(s.edges, e)
}

// note reads a remark beside a state: in its line, or up to "end note".
func (s *stateReader) note(at int) {
	s.blanks()
	left := s.keyword("left")
	if !left && !s.keyword("right") {
		s.fail(s.at, "write note left of … or note right of …", "the side of the note was to come")
	}
	s.blanks()
	if !s.keyword("of") {
		s.fail(s.at, "write note left of … or note right of …", `"of" was to come`)
	}
	s.blanks()
	name := s.stateEnd(true)
	s.blanks()
	text := ""
	if s.has(":") {
		text = s.line()
	} else {
		start := s.at
		i := strings.Index(s.rest(), "end note")
		if i < 0 {
			s.fail(at, `write "end note" behind its last line`, "the note has no end")
		}
		text = s.text[start : start+i]
		s.at += i + len("end note")
	}
	note := fmt.Sprintf("note %d", len(s.Nodes)) // no state can be called so
	n := s.named(note, at)
	s.Nodes[n].Shape, s.Nodes[n].Label = diagram.Note, label(s.clip(at, text))
	e := namedEdge{FlowEdge: diagram.FlowEdge{Stroke: diagram.Dotted}, from: name, to: note, at: at}
	if left {
		e.from, e.to = e.to, e.from
	}
	s.add(e)
}
