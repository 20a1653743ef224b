package docs

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/yuin/goldmark/ast"
)

// Step is one step of a runbook: a heading that begins with a number and what stands below
// it, or, where no headings do, an item of a numbered list. Nothing executes it here.
type Step struct {
	Number int    // as written
	Title  string // without the number
	ID     string // anchor on the page
	Text   string // all of it without markup, with code, blocks on lines of their own
	Code   []Code
	Span   diag.Span // of the heading, or of where the item begins
}

// Code is a block of code.
type Code struct {
	Language string // as written behind the fence; empty for none
	Text     string
	Span     diag.Span
}

// mostSteps bounds what a page carries of steps.
const mostSteps = 200

var numberedStep = regexp.MustCompile(`^(?i:step\s+)?(\d{1,3})(?:[.:)]|\s+[-–—])\s*(\S.*)$`)

// Steps are the steps of a runbook in the order of the text; nil for all other documents.
func (p *Parsed) Steps() []Step {
	if p.Document.Kind != Runbook || p.root == nil {
		return nil
	}
	if steps := p.headingSteps(); len(steps) > 0 {
		return steps
	}
	return p.listSteps()
}

// headingSteps are the headings with a number, of the level that the first has. A step goes
// on to the next heading of that level or a higher one.
func (p *Parsed) headingSteps() []Step {
	var steps []Step
	level, at, open := 0, 0, false
	for n := p.root.FirstChild(); n != nil; n = n.NextSibling() {
		h, isHeading := n.(*ast.Heading)
		if !isHeading {
			if at += headingsWithin(n); open {
				p.addTo(&steps[len(steps)-1], n)
			}
			continue
		}
		heading := p.Headings[at]
		at++
		found := numberedStep.FindStringSubmatch(heading.Text)
		isStep := found != nil && h.Level > 1 && (level == 0 || h.Level == level)
		switch {
		case isStep && len(steps) < mostSteps:
			level, open = h.Level, true
			steps = append(steps, Step{Number: parseNumber(found[1]), Title: found[2], ID: heading.ID, Span: heading.Span})
		case open && h.Level <= level:
			open = false
		case open:
			p.addTo(&steps[len(steps)-1], n)
		}
	}
	return steps
}

// headingsWithin counts the headings in a block, as in a quotation.
func headingsWithin(n ast.Node) int {
	count := 0
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if c.Type() == ast.TypeInline {
			return ast.WalkSkipChildren, nil
		}
		if entering && c.Kind() == ast.KindHeading {
			count++
		}
		return ast.WalkContinue, nil
	})
	return count
}

// listSteps are the items of the numbered lists that lie in nothing else.
func (p *Parsed) listSteps() []Step {
	var steps []Step
	for n := p.root.FirstChild(); n != nil; n = n.NextSibling() {
		list, ok := n.(*ast.List)
		if !ok || !list.IsOrdered() {
			continue
		}
		number := list.Start
		for item := list.FirstChild(); item != nil && len(steps) < mostSteps; item = item.NextSibling() {
			if isTask(item) { // it has a check box already
				continue
			}
			s := Step{Number: number, ID: stepID(len(steps) + 1)}
			if first := item.FirstChild(); first != nil {
				s.Title = shorten(strings.Join(strings.Fields(string(appendInline(nil, first, p.body))), " "))
				s.Span = p.at.span(max(first.Pos(), 0), max(first.Pos(), 0))
			}
			for c := item.FirstChild(); c != nil; c = c.NextSibling() {
				p.addTo(&s, c)
			}
			steps = append(steps, s)
			number++
		}
	}
	return steps
}

// stepID is the anchor of a step that is an item of a list. Headings have no colon in theirs.
func stepID(n int) string { return "step:" + strconv.Itoa(n) }

// addTo adds a block to a step.
func (p *Parsed) addTo(s *Step, n ast.Node) {
	text := strings.TrimSpace(string(p.blockText(nil, n, &s.Code, 0)))
	if text == "" {
		return
	}
	if s.Text != "" {
		s.Text += "\n"
	}
	s.Text += text
}

// blockText appends the text of a block and notes the code in it.
func (p *Parsed) blockText(out []byte, n ast.Node, code *[]Code, depth int) []byte {
	switch c := n.(type) {
	case *ast.FencedCodeBlock:
		*code = append(*code, p.codeOf(string(c.Language(p.body)), c))
		return append(append(out, c.Lines().Value(p.body)...), '\n')
	case *ast.CodeBlock:
		*code = append(*code, p.codeOf("", c))
		return append(append(out, c.Lines().Value(p.body)...), '\n')
	}
	if n.FirstChild() == nil || n.FirstChild().Type() == ast.TypeInline || depth > maxDepth {
		return append(appendInline(out, n, p.body), '\n')
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		out = p.blockText(out, c, code, depth+1)
	}
	return out
}

func (p *Parsed) codeOf(language string, n ast.Node) Code {
	lines := n.Lines()
	c := Code{Language: language, Text: string(lines.Value(p.body))}
	if lines.Len() > 0 {
		c.Span = p.at.span(lines.At(0).Start, lines.At(lines.Len()-1).Stop)
	}
	return c
}
