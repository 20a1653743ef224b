package mermaid

import (
	"regexp"
	"strconv"
	"strings"
)

// sequence is a sequence diagram: who takes part, and what happens in which order.
type sequence struct {
	actors   []actor
	steps    []step
	boxes    []actorBox
	messages int
}

// actor is a participant.
type actor struct {
	name, label string
	person      bool
	created     bool // the first message to it makes it
}

// actorBox is a frame around participants that stand side by side.
type actorBox struct {
	label    string
	from, to int // participants; to is behind the last
}

type stepKind uint8

const (
	messageStep stepKind = iota
	noteStep
	openStep  // begins a block: loop, alt, …
	elseStep  // begins another branch of the innermost block
	closeStep // ends it
	activateStep
	deactivateStep
	destroyStep
)

// step is a line of a sequence diagram.
type step struct {
	kind     stepKind
	from, to int    // participants; of a note, those that it stands over
	text     string // of a message, a note, a branch
	word     string // of a block: loop, alt, …; of a note: left, right or over
	dotted   bool
	head     sequenceHead
	tail     sequenceHead
	number   string // of a message, if they are numbered
	opens    bool   // the message begins an activation of who gets it
}

type sequenceHead uint8

const (
	noHead sequenceHead = iota
	filledHead
	crossHead
	openHead // of a message for whose answer nobody waits
)

// arrows are how messages are written, the longer before the shorter.
var arrows = []struct {
	text       string
	dotted     bool
	head, tail sequenceHead
}{
	{"<<-->>", true, filledHead, filledHead},
	{"<<->>", false, filledHead, filledHead},
	{"-->>", true, filledHead, noHead},
	{"->>", false, filledHead, noHead},
	{"-->", true, noHead, noHead},
	{"->", false, noHead, noHead},
	{"--x", true, crossHead, noHead},
	{"-x", false, crossHead, noHead},
	{"--)", true, openHead, noHead},
	{"-)", false, openHead, noHead},
}

// branches are the words that begin another branch of a block.
var branches = map[string]string{"else": "alt", "and": "par", "option": "critical"}

// sequenceReader reads a sequence diagram (https://mermaid.js.org/syntax/sequenceDiagram.html).
type sequenceReader struct {
	*reader
	*sequence
	index  map[string]int // participants by name
	blocks []openBlock
	box    int // the frame that is open, counted from 1
	boxAt  int
	next   float64 // number of the next message
	by     float64
	number bool
}

type openBlock struct {
	word string
	at   int
}

func (r *reader) readSequence(d *Diagram) *sequence {
	s := &sequenceReader{reader: r, sequence: &sequence{}, index: map[string]int{}, next: 1, by: 1}
	for {
		s.take(func(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ';' })
		if s.at == len(s.text) {
			break
		}
		if s.peek() == '#' { // a comment
			s.line()
			continue
		}
		if !s.about(d) && !s.title(d) {
			s.statement()
		}
	}
	if n := len(s.blocks); n > 0 {
		s.fail(s.blocks[n-1].at, `write "end" behind its last line`, "%q has no end", s.blocks[n-1].word)
	}
	if s.box > 0 {
		s.fail(s.boxAt, `write "end" behind its last line`, `"box" has no end`)
	}
	return s.sequence
}

func (s *sequenceReader) title(d *Diagram) bool {
	at := s.at
	if s.keyword("title") {
		rest := s.line()
		if text, ok := strings.CutPrefix(rest, ":"); ok || rest != "" && !strings.HasPrefix(rest, "-") {
			d.title = oneLine(label(s.clip(at, text)))
			return true
		}
	}
	s.at = at
	return false
}

func (s *sequenceReader) statement() {
	at := s.at
	word := s.word()
	if s.isMessage() { // whoever is called like a word of the language
		s.message()
		return
	}
	s.at += len(word)
	switch strings.ToLower(word) {
	case "participant", "actor":
		s.participant(word == "actor")
	case "create":
		s.blanks()
		if kind := s.word(); kind == "participant" || kind == "actor" {
			s.at += len(kind)
			s.participant(kind == "actor").created = true
			return
		}
		s.fail(s.at, "write create participant …", "the participant was to come")
	case "destroy":
		s.step(at, step{kind: destroyStep, from: s.known(s.at, s.line())})
	case "activate":
		s.step(at, step{kind: activateStep, from: s.known(s.at, s.line())})
	case "deactivate":
		s.step(at, step{kind: deactivateStep, from: s.known(s.at, s.line())})
	case "note":
		s.note(at)
	case "loop", "alt", "opt", "par", "par_over", "critical", "break", "rect":
		s.open(at, word)
	case "else", "and", "option":
		s.branch(at, word)
	case "end":
		s.close(at)
	case "box":
		s.openBox(at)
	case "autonumber":
		s.autonumber()
	case "link", "links", "properties", "details":
		s.line() // no links and no data from a diagram
	default:
		s.at = at
		s.message()
	}
}

func (s *sequenceReader) step(at int, st step) {
	if len(s.steps) == maxSteps {
		s.fail(at, "split it into several diagrams", "the diagram has more than the %d messages, notes and blocks that are drawn", maxSteps)
	}
	s.steps = append(s.steps, st)
}

// participant reads a name, and perhaps what is shown in its place.
func (s *sequenceReader) participant(person bool) *actor {
	s.blanks()
	at := s.at
	line := s.line()
	name, shown, named := strings.Cut(line, " as ")
	if i := strings.Index(name, "@{"); i > 0 {
		if alias := aliased.FindStringSubmatch(name[i:]); alias != nil && !named {
			shown, named = alias[1], true
		}
		person = person || strings.Contains(name[i:], `"actor"`)
		name = name[:i]
	}
	name = strings.TrimRight(strings.TrimSpace(name), ";")
	if name == "" {
		s.fail(at, "", "the name of the participant was to come")
	}
	if !named {
		shown = name
	}
	n := s.actor(at, name)
	s.actors[n].label, s.actors[n].person = label(s.clip(at, shown)), person
	return &s.actors[n]
}

// aliased is what is shown in place of a name, among what is said of a participant.
var aliased = regexp.MustCompile(`"?alias"?\s*:\s*"([^"]*)"`)

// actor returns a participant, who is added if he is new.
func (s *sequenceReader) actor(at int, name string) int {
	n, ok := s.index[name]
	if ok {
		return n
	}
	if len(s.actors) == maxActors {
		s.fail(at, "split it into several diagrams", "the diagram has more than the %d participants that are drawn", maxActors)
	}
	n = len(s.actors)
	s.index[name] = n
	s.actors = append(s.actors, actor{name: name, label: label(s.clip(at, name))})
	if s.box > 0 {
		s.boxes[s.box-1].to = n + 1
	}
	return n
}

// known returns a participant who was named before.
func (s *sequenceReader) known(at int, name string) int {
	name = strings.TrimRight(strings.TrimSpace(name), ";")
	n, ok := s.index[name]
	if !ok {
		s.fail(at, "", "there is no participant %s", quoted(name))
	}
	return n
}

// arrowIn finds the arrow in a line: its place and its kind, or -1. An arrow behind the name of
// a participant is preferred, since names may hold what looks like one.
func (s *sequenceReader) arrowIn(line string) (at, kind int) {
	first, firstKind := -1, 0
	if i := strings.IndexAny(line, ":\n"); i >= 0 {
		line = line[:i]
	}
	for i := 1; i < len(line); i++ {
		if line[i] != '-' && line[i] != '<' {
			continue
		}
		for k, a := range arrows {
			if !strings.HasPrefix(line[i:], a.text) {
				continue
			}
			if _, ok := s.index[strings.TrimSpace(line[:i])]; ok {
				return i, k
			}
			if first < 0 {
				first, firstKind = i, k
			}
			i += len(a.text) - 1
			break
		}
	}
	return first, firstKind
}

// isMessage reports whether an arrow and a colon stand in the line.
func (s *sequenceReader) isMessage() bool {
	line := s.rest()
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	at, kind := s.arrowIn(line)
	if at < 0 {
		return false
	}
	switch s.word() {
	case "participant", "actor", "create", "note", "Note", "loop", "alt", "opt", "par", "critical", "break", "else", "and", "option", "box", "rect",
		"activate", "deactivate", "destroy", "links", "link", "properties", "details":
		return strings.TrimSpace(line[:at]) == s.word() && strings.Contains(line[at+len(arrows[kind].text):], ":")
	}
	return true
}

// message reads from, an arrow, to, and the text.
func (s *sequenceReader) message() {
	start := s.at
	line := s.take(func(c byte) bool { return c != '\n' })
	at, kind := s.arrowIn(line)
	if at < 0 {
		s.fail(start, "", "%s begins no statement, and there is no arrow in the line", quoted(firstWord(line)))
	}
	a := arrows[kind]
	from := strings.TrimSpace(line[:at])
	rest := line[at+len(a.text):]
	to, text, hasText := strings.Cut(rest, ":")
	restAt := start + at + len(a.text)
	if !hasText {
		to = strings.TrimRight(strings.TrimSpace(to), ";")
	}
	to = strings.TrimSpace(to)
	on, off := strings.HasPrefix(to, "+"), strings.HasPrefix(to, "-")
	if on || off {
		to = strings.TrimSpace(to[1:])
	}
	if from == "" || to == "" {
		s.fail(restAt, "", "the message leads to nobody: the name of a participant was to come")
	}
	if !hasText {
		s.fail(start+len(strings.TrimRight(line, " \t\r")), "write a colon and the text", "the message has no text")
	}
	m := step{
		kind: messageStep, from: s.actor(start, from), to: s.actor(restAt, to), text: label(s.clip(restAt, noWrap(text))),
		dotted: a.dotted, head: a.head, tail: a.tail, opens: on,
	}
	if s.number {
		m.number = strconv.FormatFloat(s.next, 'f', -1, 64)
		s.next += s.by
	}
	s.messages++
	s.step(start, m)
	if on {
		s.step(start, step{kind: activateStep, from: m.to})
	}
	if off {
		s.step(start, step{kind: deactivateStep, from: m.from})
	}
}

// noWrap leaves out a word that says whether a text is to be wrapped: all are.
func noWrap(text string) string {
	text = strings.TrimSpace(text)
	for _, word := range []string{"wrap:", "nowrap:"} {
		if rest, ok := strings.CutPrefix(text, word); ok {
			return rest
		}
	}
	return strings.TrimRight(text, ";")
}

// note reads left of, right of or over one or two participants, and the text.
func (s *sequenceReader) note(at int) {
	s.blanks()
	sideAt, side := s.at, strings.ToLower(s.word())
	s.at += len(side)
	s.blanks()
	switch side {
	case "left", "right":
		if !s.keyword("of") {
			s.fail(s.at, "write Note "+side+" of …", `"of" was to come`)
		}
	case "over":
	default:
		s.fail(sideAt, "write left of, right of or over", "the side of the note was to come")
	}
	s.blanks()
	start := s.at
	names, text, ok := strings.Cut(s.take(func(c byte) bool { return c != '\n' }), ":")
	if !ok {
		s.fail(start, "write a colon and the text", "the note has no text")
	}
	first, second, two := strings.Cut(names, ",")
	n := step{kind: noteStep, word: side, text: label(s.clip(start, noWrap(text)))}
	if n.from = s.actor(start, strings.TrimSpace(first)); two {
		n.to = s.actor(start, strings.TrimSpace(second))
	} else {
		n.to = n.from
	}
	if n.from > n.to {
		n.from, n.to = n.to, n.from
	}
	s.step(at, n)
}

func (s *sequenceReader) open(at int, word string) {
	if len(s.blocks) == maxNesting {
		s.fail(at, "", "blocks are nested more than %d deep", maxNesting)
	}
	word = strings.TrimSuffix(strings.ToLower(word), "_over")
	s.blanks()
	text := s.line()
	if word == "rect" { // is a colour, which is not for a diagram to choose
		text = ""
	}
	s.blocks = append(s.blocks, openBlock{word, at})
	s.step(at, step{kind: openStep, word: word, text: label(s.clip(at, text))})
}

func (s *sequenceReader) branch(at int, word string) {
	word = strings.ToLower(word)
	if n := len(s.blocks); n == 0 || s.blocks[n-1].word != branches[word] {
		s.fail(at, "", "%q stands outside of %q", word, branches[word])
	}
	s.blanks()
	s.step(at, step{kind: elseStep, word: word, text: label(s.clip(at, s.line()))})
}

func (s *sequenceReader) close(at int) {
	switch n := len(s.blocks); {
	case n > 0:
		s.blocks = s.blocks[:n-1]
		s.step(at, step{kind: closeStep})
	case s.box > 0:
		s.box = 0
	default:
		s.fail(at, "", `"end" ends nothing`)
	}
	s.blanks()
	if c := s.peek(); c != 0 && c != '\n' && c != ';' {
		s.fail(s.at, "", "%s cannot stand behind end", quoted(firstWord(s.rest())))
	}
}

// openBox begins a frame around participants. Its colour is left out.
func (s *sequenceReader) openBox(at int) {
	if s.box > 0 {
		s.fail(at, "", "a box cannot stand in a box")
	}
	if len(s.boxes) == maxActors {
		s.fail(at, "", "the diagram has more than the %d boxes that are drawn", maxActors)
	}
	s.blanks()
	text := s.line()
	first := firstWord(text)
	if lower := strings.ToLower(first); cssColours[lower] || strings.HasPrefix(lower, "#") {
		text = text[len(first):]
	} else if strings.HasPrefix(lower, "rgb(") || strings.HasPrefix(lower, "rgba(") || strings.HasPrefix(lower, "hsl(") {
		_, text, _ = strings.Cut(text, ")")
	}
	s.boxes = append(s.boxes, actorBox{label(s.clip(at, text)), len(s.actors), len(s.actors)})
	s.box, s.boxAt = len(s.boxes), at
}

// cssColours are those that are written most. Another is taken for a part of the title.
var cssColours = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(`transparent aqua black blue cyan fuchsia gray green grey lime magenta maroon navy olive orange pink purple red
		silver teal white yellow lightblue lightgreen lightgray lightgrey lightyellow lightpink lightcyan aliceblue azure beige lavender`) {
		m[name] = true
	}
	return m
}()

func (s *sequenceReader) autonumber() {
	s.number = true
	s.blanks()
	at := s.at
	for i, word := range strings.Fields(strings.TrimRight(s.line(), ";")) {
		n, err := strconv.ParseFloat(word, 64)
		switch {
		case word == "off":
			s.number = false
		case err != nil || i > 1 || n < 0 || n > 1e6:
			s.fail(at, "write autonumber, autonumber 10 or autonumber 10 5", "%s is no number to begin with", quoted(word))
		case i == 0:
			s.next = n
		default:
			s.by = n
		}
	}
}

// words says what happens, step by step.
func (s *sequence) words() []Word {
	var words []Word
	depth := 0
	name := func(n int) string { return oneLine(s.actors[n].label) }
	for _, st := range s.steps {
		switch text := oneLine(st.text); st.kind {
		case messageStep:
			sign := " → "
			if st.tail != noHead {
				sign = " ↔ "
			}
			line := name(st.from) + sign + name(st.to)
			if text != "" {
				line += ": " + text
			}
			if st.number != "" {
				line = st.number + ". " + line
			}
			if st.head == crossHead {
				line += " (lost)"
			}
			words = append(words, Word{depth, line})
		case noteStep:
			who := name(st.from)
			if st.to != st.from {
				who += " and " + name(st.to)
			}
			words = append(words, Word{depth, "Note on " + who + ": " + text})
		case openStep:
			if st.word != "rect" {
				words = append(words, Word{depth, strings.TrimSpace(blockWords[st.word] + " " + text)})
			}
			depth++
		case elseStep:
			words = append(words, Word{depth - 1, strings.TrimSpace(blockWords[st.word] + " " + text)})
		case closeStep:
			depth--
		case destroyStep:
			words = append(words, Word{depth, name(st.from) + " ends"})
		case activateStep, deactivateStep:
		}
	}
	return words
}

// blockWords say what a block is.
var blockWords = map[string]string{
	"loop": "Repeated:", "alt": "Either:", "else": "Or:", "opt": "Perhaps:", "par": "At the same time:", "and": "And:",
	"critical": "Must happen:", "option": "Unless:", "break": "Ends here:",
}
