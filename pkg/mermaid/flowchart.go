package mermaid

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/diagram"
)

// flow is a flowchart or state diagram: the chart, and what is said of it in words.
type flow struct {
	diagram.Flow
	states bool // it is a state diagram
}

// flowReader reads a flowchart (https://mermaid.js.org/syntax/flowchart.html).
type flowReader struct {
	*reader
	*flow
	nodes  map[string]int  // by name
	groups map[string]int  // by name
	lines  map[string]bool // names of lines
	open   []openGroup
	edges  []namedEdge
	doc    *Diagram
}

// namedEdge is a line whose ends are named: whether they are boxes or groups is known at the end.
type namedEdge struct {
	diagram.FlowEdge
	from, to string
	at       int
}

// openGroup is a subgraph whose end was not read yet.
type openGroup struct {
	index int
	at    int
	nodes []int // that it mentions

	inside []int // groups that stand in it
	region bool  // it is a region of a composite state
}

func (r *reader) flowchart(d *Diagram) *flow {
	f := &flowReader{reader: r, flow: &flow{}, nodes: map[string]int{}, groups: map[string]int{}, lines: map[string]bool{}, doc: d}
	f.Direction = diagram.TopDown
	r.blanks()
	if word := r.take(func(c byte) bool { return isLetter(c) || c == '<' || c == '>' || c == '^' }); word != "" {
		dir, ok := directions[word]
		if !ok {
			r.fail(r.at-len(word), "write TB, BT, LR or RL", "there is no direction %s", quoted(word))
		}
		f.Direction = dir
	}
	for {
		f.take(func(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ';' })
		if f.at == len(f.text) {
			break
		}
		f.statement()
		f.end()
	}
	if len(f.open) > 0 {
		f.fail(f.open[len(f.open)-1].at, `write "end" behind its last line`, "the subgraph has no end")
	}
	f.connect()
	return f.flow
}

var directions = map[string]diagram.Direction{
	"TB": diagram.TopDown, "TD": diagram.TopDown, "BT": diagram.BottomUp, "LR": diagram.LeftToRight, "RL": diagram.RightToLeft,
	"v": diagram.TopDown, "^": diagram.BottomUp, ">": diagram.LeftToRight, "<": diagram.RightToLeft,
}

// end reads the end of a statement.
func (f *flowReader) end() {
	f.blanks()
	if c := f.peek(); c != 0 && c != '\n' && c != ';' {
		r, _ := utf8.DecodeRuneInString(f.rest())
		hint := ""
		if strings.ContainsRune("[({", r) {
			hint = "write the text of a box right behind its name, once"
		}
		f.fail(f.at, hint, "%q cannot stand here: a line or the end of the statement was to come", string(r))
	}
}

func (f *flowReader) statement() {
	switch word := f.word(); {
	case word == "subgraph":
		f.at += len(word)
		f.subgraph()
	case word == "end" && f.aloneBefore(len(word)):
		if len(f.open) == 0 {
			f.fail(f.at, `if it is the name of a box, write "End"`, `"end" stands outside of a subgraph`)
		}
		f.at += len(word)
		f.closeGroup()
	case word == "direction" && len(f.open) > 0:
		f.at += len(word)
		f.blanks()
		at := f.at
		dir, ok := directions[f.take(isLetter)]
		if !ok {
			f.fail(at, "write TB, BT, LR or RL", "this is no direction")
		}
		g := &f.Groups[f.open[len(f.open)-1].index]
		g.Direction, g.Turned = dir, true
	case word == "classDef", word == "class", word == "style", word == "linkStyle", word == "click":
		f.line() // how it looks and where it leads is for the page to say
	case f.about(f.doc):
	case f.ofLine(): // how it moves is for nobody to say
	default:
		f.chain()
	}
}

// ofLine reads name@{ … } of a line that was named before.
func (f *flowReader) ofLine() bool {
	name, rest, ok := strings.Cut(f.rest(), "@{")
	end := strings.IndexByte(rest, '}')
	if !ok || !f.lines[name] || end < 0 {
		return false
	}
	f.at += len(name) + len("@{") + end + 1
	return true
}

// aloneBefore reports whether a word of n bytes is all of its statement.
func (f *flowReader) aloneBefore(n int) bool {
	rest := strings.TrimLeft(f.rest()[n:], " \t\r")
	return rest == "" || rest[0] == '\n' || rest[0] == ';'
}

// subgraph reads what follows the word: a name, a title, or a name with its title.
func (f *flowReader) subgraph() {
	at := f.at
	if len(f.open) == maxNesting {
		f.fail(at, "", "subgraphs are nested more than %d deep", maxNesting)
	}
	if len(f.Groups) == maxNodes {
		f.fail(at, "split it into several diagrams", "the diagram has more than the %d subgraphs that are drawn", maxNodes)
	}
	head := strings.TrimRight(f.take(func(c byte) bool { return c != '\n' && c != ';' }), " \t\r")
	head = strings.TrimSpace(head)
	name, title := head, head
	if i := strings.IndexByte(head, '['); i > 0 && strings.HasSuffix(head, "]") {
		name, title = strings.TrimSpace(head[:i]), strings.TrimSpace(head[i+1:len(head)-1])
	}
	name = strings.Trim(name, `"`)
	if name == "" {
		name = fmt.Sprintf("subgraph %d", len(f.Groups)) // no box can be called so
		title = ""
	}
	title = label(unquote(f.clip(at, title)))
	in := 0
	if len(f.open) > 0 {
		in = f.open[len(f.open)-1].index + 1
	}
	if _, again := f.groups[name]; !again {
		f.groups[name] = len(f.Groups)
	}
	f.Groups = append(f.Groups, diagram.FlowGroup{Label: title, In: in})
	f.open = append(f.open, openGroup{index: len(f.Groups) - 1, at: at - len("subgraph")})
}

// closeGroup puts the boxes that a subgraph mentions into it, unless one that ended before did.
func (f *flowReader) closeGroup() {
	g := f.open[len(f.open)-1]
	f.open = f.open[:len(f.open)-1]
	for _, n := range g.nodes {
		if f.Nodes[n].In == 0 {
			f.Nodes[n].In = g.index + 1
		}
	}
}

// chain reads boxes with lines between them: A & B --> C -- text --> D.
func (f *flowReader) chain() {
	from := f.boxes()
	for {
		f.blanks()
		at := f.at
		edge, ok := f.link()
		if !ok {
			f.at = at
			return
		}
		f.space()
		to := f.boxes()
		for _, a := range from {
			for _, b := range to {
				if len(f.edges) == maxEdges {
					f.fail(at, "split it into several diagrams", "the diagram has more than the %d lines that are drawn", maxEdges)
				}
				f.edges = append(f.edges, namedEdge{edge, a, b, at})
			}
		}
		from = to
	}
}

// boxes reads boxes that are joined by &, and returns their names.
func (f *flowReader) boxes() []string {
	var names []string
	for {
		names = append(names, f.box())
		at := f.at
		f.space()
		if !f.has("&") {
			f.at = at
			return names
		}
		f.space()
	}
}

// box reads the name of a box and what is said of it there.
func (f *flowReader) box() string {
	at := f.at
	name := f.name()
	if name == "" {
		what := "the end of the diagram"
		if r, n := utf8.DecodeRuneInString(f.rest()); n > 0 && r != '\n' {
			what = fmt.Sprintf("%q", string(r))
		} else if n > 0 {
			what = "the end of the line"
		}
		f.fail(at, "", "the name of a box was to come, not %s", what)
	}
	if name == "end" {
		f.fail(at, `write "End"`, `a box cannot be called "end"`)
	}
	if _, group := f.groups[name]; group {
		f.class()
		return name
	}
	n, known := f.nodes[name]
	if !known {
		if len(f.Nodes) == maxNodes {
			f.fail(at, "split it into several diagrams", "the diagram has more than the %d boxes that are drawn", maxNodes)
		}
		n = len(f.Nodes)
		f.nodes[name] = n
		f.Nodes = append(f.Nodes, diagram.FlowNode{Label: f.clip(at, name)})
	}
	if len(f.open) > 0 {
		g := &f.open[len(f.open)-1]
		g.nodes = append(g.nodes, n)
	}
	f.class()
	f.shape(n)
	f.class()
	return name
}

// class reads :::name, which gives a box a look.
func (f *flowReader) class() {
	if f.has(":::") {
		f.take(func(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' || c == '-' || c == ',' })
	}
}

// name reads the name of a box. Dashes, dots and = belong to it unless a line begins there.
func (f *flowReader) name() string {
	start := f.at
	for f.at < len(f.text) {
		r, n := utf8.DecodeRuneInString(f.rest())
		next := byte(0)
		if f.at+n < len(f.text) {
			next = f.text[f.at+n]
		}
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.M, r), unicode.Is(unicode.So, r), strings.ContainsRune("_.,+*'/\\!#$%?`", r):
			if r == '.' && f.at == start { // .-> ends a line
				return ""
			}
		case r == ':':
			if strings.HasPrefix(f.rest(), ":::") {
				return f.text[start:f.at]
			}
		case r == '-':
			if next == '-' || next == '>' || next == '.' || f.at == start {
				return f.text[start:f.at]
			}
		case r == '=':
			if next == '=' || f.at == start {
				return f.text[start:f.at]
			}
		default:
			return f.text[start:f.at]
		}
		f.at += n
	}
	return f.text[start:f.at]
}

// shapes are how the texts of boxes are bracketed, the longer before the shorter.
var shapes = []struct {
	open, close string
	shape       diagram.Shape
}{
	{"(((", ")))", diagram.DoubleCircle},
	{"((", "))", diagram.Circle},
	{"([", "])", diagram.Stadium},
	{"[(", ")]", diagram.Cylinder},
	{"[[", "]]", diagram.Subroutine},
	{"{{", "}}", diagram.Hexagon},
	{"[/", "/]", diagram.LeanRight},
	{"[/", "\\]", diagram.Trapezoid},
	{"[\\", "\\]", diagram.LeanLeft},
	{"[\\", "/]", diagram.Funnel},
	{"(-", "-)", diagram.Stadium},
	{"[", "]", diagram.Rectangle},
	{"(", ")", diagram.Rounded},
	{"{", "}", diagram.Diamond},
	{">", "]", diagram.Flag},
}

// shape reads the text of a box, if there is one here.
func (f *flowReader) shape(n int) {
	if f.has("@{") {
		f.attributes(n)
		return
	}
	at := f.at
	for i, s := range shapes {
		if !strings.HasPrefix(f.rest(), s.open) {
			continue
		}
		f.at += len(s.open)
		text, ok := f.bracketed(s.close)
		if !ok && i+1 < len(shapes) && shapes[i+1].open == s.open {
			f.at = at
			continue
		}
		if !ok {
			f.unclosed(at, s.open, s.close)
		}
		f.Nodes[n].Label, f.Nodes[n].Shape = label(f.clip(at, text)), s.shape
		return
	}
}

// bracketed reads a text up to what closes it: in quotes, or without brackets and quotes.
func (f *flowReader) bracketed(end string) (string, bool) {
	f.space()
	if f.has(`"`) {
		i := strings.IndexByte(f.rest(), '"')
		if i < 0 {
			return "", false
		}
		text := f.text[f.at : f.at+i]
		f.at += i + 1
		f.space()
		return text, f.has(end)
	}
	rest := f.rest()
	i := strings.Index(rest, end)
	if i < 0 || strings.ContainsAny(rest[:i], `[](){}"`) {
		return "", false
	}
	f.at += i + len(end)
	return rest[:i], true
}

// unclosed says why a text has no end.
func (f *flowReader) unclosed(at int, open, end string) {
	rest := f.text[at+len(open):]
	if i := strings.IndexAny(rest, "[](){}\"\n"); i >= 0 && rest[i] != '\n' && !strings.HasPrefix(strings.TrimLeft(rest, " \t"), `"`) {
		f.fail(at+len(open)+i, fmt.Sprintf(`put the text in quotes: %s"…"%s`, open, end), "%q cannot stand in a text without quotes", rest[i:i+1])
	}
	f.fail(at, fmt.Sprintf("close it with %s", end), "the text that begins with %s has no end", open)
}

// attributes reads shape: … and label: … of @{ … }.
func (f *flowReader) attributes(n int) {
	at := f.at
	end := strings.IndexByte(f.rest(), '}')
	if end < 0 {
		f.fail(at-2, "close it with }", "@{ has no end")
	}
	body := f.text[at : at+end]
	f.at += end + 1
	for len(body) > 0 {
		key, rest, ok := strings.Cut(body, ":")
		if !ok {
			return
		}
		key, rest = strings.Trim(key, ", \t\r\n"), strings.TrimLeft(rest, " \t\r\n")
		value := ""
		if quote, ok := strings.CutPrefix(rest, `"`); ok {
			value, body, _ = strings.Cut(quote, `"`)
		} else if i := strings.IndexAny(rest, ",\n"); i >= 0 {
			value, body = rest[:i], rest[i:]
		} else {
			value, body = rest, ""
		}
		switch value = strings.TrimSpace(value); key {
		case "label":
			f.Nodes[n].Label = label(f.clip(at, value))
		case "shape":
			f.Nodes[n].Shape = namedShapes[value] // those that are not known are rectangles
		}
	}
}

var namedShapes = map[string]diagram.Shape{
	"rounded": diagram.Rounded, "event": diagram.Rounded,
	"stadium": diagram.Stadium, "terminal": diagram.Stadium, "pill": diagram.Stadium,
	"subproc": diagram.Subroutine, "subprocess": diagram.Subroutine, "subroutine": diagram.Subroutine, "fr-rect": diagram.Subroutine, "framed-rectangle": diagram.Subroutine,
	"cyl": diagram.Cylinder, "cylinder": diagram.Cylinder, "database": diagram.Cylinder, "db": diagram.Cylinder, "h-cyl": diagram.Cylinder, "das": diagram.Cylinder, "lin-cyl": diagram.Cylinder, "disk": diagram.Cylinder,
	"circle": diagram.Circle, "circ": diagram.Circle, "dbl-circ": diagram.DoubleCircle, "double-circle": diagram.DoubleCircle,
	"diam": diagram.Diamond, "diamond": diagram.Diamond, "decision": diagram.Diamond, "question": diagram.Diamond,
	"hex": diagram.Hexagon, "hexagon": diagram.Hexagon, "prepare": diagram.Hexagon,
	"lean-r": diagram.LeanRight, "lean-right": diagram.LeanRight, "in-out": diagram.LeanRight, "lean-l": diagram.LeanLeft, "lean-left": diagram.LeanLeft, "out-in": diagram.LeanLeft,
	"trap-b": diagram.Trapezoid, "trapezoid": diagram.Trapezoid, "priority": diagram.Trapezoid, "trap-t": diagram.Funnel, "inv-trapezoid": diagram.Funnel, "manual": diagram.Funnel,
	"odd": diagram.Flag, "sm-circ": diagram.Start, "start": diagram.Start, "small-circle": diagram.Start,
	"fr-circ": diagram.Stop, "stop": diagram.Stop, "framed-circle": diagram.Stop, "fork": diagram.Bar, "join": diagram.Bar,
	"doc": diagram.Note, "document": diagram.Note, "notch-rect": diagram.Note, "card": diagram.Note, "comment": diagram.Note,
}

// connect resolves the names of the ends, now that all are known.
func (f *flowReader) connect() {
	f.dropGroups()
	for _, e := range f.edges {
		e.From, e.To = f.resolve(e.from), f.resolve(e.to)
		if f.holds(e.From, e.To) || f.holds(e.To, e.From) {
			f.fail(e.at, "", "the line leads from a subgraph to what stands in it")
		}
		f.Edges = append(f.Edges, e.FlowEdge)
	}
}

// dropGroups removes the boxes that turned out to be subgraphs: a line may name one before
// it begins.
func (f *flowReader) dropGroups() {
	moved := make([]int, len(f.Nodes))
	for name := range f.groups {
		if n, ok := f.nodes[name]; ok {
			moved[n] = -1
			delete(f.nodes, name)
		}
	}
	kept := f.Nodes[:0]
	for n, node := range f.Nodes {
		if moved[n] == 0 {
			moved[n] = len(kept)
			kept = append(kept, node)
		}
	}
	f.Nodes = kept
	for name, n := range f.nodes {
		f.nodes[name] = moved[n]
	}
}

func (f *flowReader) resolve(name string) diagram.End {
	if n, ok := f.nodes[name]; ok {
		return diagram.End(n)
	}
	return diagram.GroupEnd(f.groups[name])
}

// holds reports whether an end is a subgraph in which the other stands.
func (f *flowReader) holds(outer, inner diagram.End) bool {
	g, ok := outer.Group()
	if !ok {
		return false
	}
	in := 0
	if i, group := inner.Group(); group {
		in = f.Groups[i].In
	} else {
		in = f.Nodes[inner].In
	}
	for ; in > 0; in = f.Groups[in-1].In {
		if in == g+1 {
			return true
		}
	}
	return false
}

func unquote(s string) string {
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}
