package docs

import (
	"bytes"
	"fmt"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// parsers are the parser for GitHub's Markdown with footnotes and alerts, each part of
// which keeps to the limits, and the same without the part that turns bare addresses
// into links. That is asked at every word, so texts that hold no address are parsed
// almost twice as fast without it. Both may be used by several goroutines.
//
// Documents that were written for MkDocs have parsers of their own.
type parsers struct{ full, plain, book parser.Parser }

func newParsers(kinds []string) parsers {
	m := mentions{map[string]bool{}}
	for _, k := range kinds {
		m.kinds[k] = true
	}
	linkify := util.Prioritized(metered{extension.NewLinkifyParser(), word}, 999)
	return parsers{full: newParser(m, nil, linkify), plain: newParser(m, nil), book: newParser(m, indents{}, linkify)}
}

// of returns the parser for the text of a document.
func (p parsers) of(doc *Document, body []byte) parser.Parser {
	if doc.book != nil {
		return p.book
	}
	if mayHoldAddress(body) {
		return p.full
	}
	return p.plain
}

// mayHoldAddress reports whether a text holds what all bare addresses have that become
// links: "http://", "www." or an "@".
func mayHoldAddress(body []byte) bool {
	return bytes.IndexByte(body, '@') >= 0 || bytes.Contains(body, []byte("://")) || bytes.Contains(body, []byte("www."))
}

func newParser(m mentions, more parser.BlockParser, inline ...util.PrioritizedValue) parser.Parser {
	p := parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(nested{parser.NewListParser()}, 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(nested{parser.NewBlockquoteParser()}, 800),
			util.Prioritized(parser.NewHTMLBlockParser(), 900),
			util.Prioritized(footnotes{extension.NewFootnoteBlockParser()}, 999),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(append(inline,
			util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
			util.Prioritized(metered{parser.NewCodeSpanParser(), paragraph}, 100),
			util.Prioritized(metered{extension.NewFootnoteParser(), footnoteList}, 101),
			util.Prioritized(metered{parser.NewLinkParser(), paragraph}, 200),
			util.Prioritized(metered{parser.NewAutoLinkParser(), paragraph}, 300),
			util.Prioritized(metered{parser.NewRawHTMLParser(), paragraph}, 400),
			util.Prioritized(metered{parser.NewEmphasisParser(), paragraph}, 500),
			util.Prioritized(metered{extension.NewStrikethroughParser(), paragraph}, 500),
		)...),
		parser.WithParagraphTransformers(
			util.Prioritized(alerts{}, 50),
			util.Prioritized(definitions{parser.LinkReferenceParagraphTransformer}, 100),
			util.Prioritized(tables{extension.NewTableParagraphTransformer()}, 200),
		),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0),
			util.Prioritized(extension.NewFootnoteASTTransformer(), 999),
			util.Prioritized(m, 1000),
		),
	)
	if more != nil {
		p.AddOptions(parser.WithBlockParsers(util.Prioritized(nested{more}, 50)))
	}
	return p
}

// guarded is the state of one parse: goldmark's, and what was used up so far.
type guarded struct {
	parser.Context
	work        int
	definitions int
	footnotes   int
	nestedLines int
	hit         *limitHit // the first limit that was broken; from then on nothing costly is done
}

func (g *guarded) refuse(offset int, hint, format string, args ...any) {
	if g.hit == nil {
		g.hit = &limitHit{offset, fmt.Sprintf(format, args...), hint}
	}
}

// AddReference is called by goldmark for each definition of a link target.
func (g *guarded) AddReference(r parser.Reference) {
	if g.definitions++; g.definitions > maxDefinitions {
		g.refuse(0, "split it into several documents", "the document defines more than the %d link targets that are allowed", maxDefinitions)
		return
	}
	g.Context.AddReference(r)
}

// definitions bounds the lines of a paragraph that begins with definitions: each
// one found is taken out of the list of its lines by moving all others.
type definitions struct{ parser.ParagraphTransformer }

func (d definitions) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	g := pc.(*guarded)
	if lines := node.Lines(); lines.Len() > maxDefinitions {
		first := lines.At(0)
		if bytes.HasPrefix(bytes.TrimLeft(first.Value(reader.Source()), " "), []byte{'['}) {
			g.refuse(first.Start, "split it into several documents", "the document defines more than the %d link targets that are allowed", maxDefinitions)
		}
	}
	if g.hit == nil {
		d.ParagraphTransformer.Transform(node, reader, pc)
	}
}

// nested opens lists and quotes only so deep, and keeps only so many of them open
// over so many lines: each line takes time and memory for each.
type nested struct{ parser.BlockParser }

func (n nested) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	g := pc.(*guarded)
	if g.hit != nil {
		return nil, parser.NoChildren
	}
	depth := 0
	for _, b := range pc.OpenedBlocks() {
		switch b.Node.Kind() {
		case ast.KindList, ast.KindBlockquote, kindIndented:
			depth++
		}
	}
	if depth < maxNesting {
		return n.BlockParser.Open(parent, reader, pc)
	}
	line, here := reader.Position()
	if node, _ := n.BlockParser.Open(parent, reader, pc); node != nil {
		g.refuse(here.Start, "use headings instead", "lists and quotes are nested more than %d deep", maxNesting)
	}
	reader.SetPosition(line, here)
	return nil, parser.NoChildren
}

func (n nested) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	g := pc.(*guarded)
	if g.nestedLines++; g.nestedLines > maxNestedLines {
		_, here := reader.Position()
		g.refuse(here.Start, "split it into several documents", "the lists and quotes of the document are too long and too deep")
		return parser.Close
	}
	return n.BlockParser.Continue(node, reader, pc)
}

// footnotes counts the definitions of footnotes, among which goldmark searches
// from the first at each use.
type footnotes struct{ parser.BlockParser }

func (f footnotes) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	g := pc.(*guarded)
	if g.footnotes >= maxFootnotes {
		_, here := reader.Position()
		g.refuse(here.Start, "split it into several documents", "the document has more than the %d footnotes that are allowed", maxFootnotes)
		return nil, parser.NoChildren
	}
	node, state := f.BlockParser.Open(parent, reader, pc)
	if node != nil {
		g.footnotes++
	}
	return node, state
}

// tables refuses what would become a huge table: a row shorter than the head is
// filled up, so a short text can hold very many cells.
type tables struct{ parser.ParagraphTransformer }

func (t tables) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := node.Lines()
	for i := 1; i < lines.Len(); i++ {
		line := lines.At(i)
		row := line.Value(reader.Source())
		if !isDelimiterRow(row) {
			continue
		}
		columns := bytes.Count(bytes.Trim(row, " \t\r\n|"), []byte{'|'}) + 1
		if columns > maxColumns {
			pc.(*guarded).refuse(line.Start, "split the table", "the table has %d columns, more than the %d that are allowed", columns, maxColumns)
			return
		}
		if cells := columns * (lines.Len() - i); cells > maxCells {
			pc.(*guarded).refuse(line.Start, "split the table", "the table has %d cells, more than the %d that are allowed", cells, maxCells)
			return
		}
	}
	t.ParagraphTransformer.Transform(node, reader, pc)
}

func isDelimiterRow(row []byte) bool {
	return bytes.IndexByte(row, '-') >= 0 && len(bytes.Trim(row, " \t\r\n|:-")) == 0
}

// metered counts the work that an inline parser may do when it is called.
type metered struct {
	parser.InlineParser
	cost func(parent ast.Node, block text.Reader, g *guarded) int
}

func (m metered) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	g := pc.(*guarded)
	if g.hit != nil {
		return nil
	}
	if g.work += m.cost(parent, block, g); g.work > maxWork {
		_, here := block.Position()
		g.refuse(here.Start, "break up long paragraphs that hold many *, _, [ or `", "the markup inside of paragraphs is too much to read")
		return nil
	}
	return m.InlineParser.Parse(parent, block, pc)
}

// CloseBlock passes on the end of a paragraph to parsers that wait for it.
func (m metered) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if c, ok := m.InlineParser.(parser.CloseBlocker); ok {
		c.CloseBlock(parent, block, pc)
	}
}

// paragraph is the cost of parsers that may look at all of the paragraph.
func paragraph(parent ast.Node, _ text.Reader, _ *guarded) int {
	lines := parent.Lines()
	if lines.Len() == 0 {
		return 1
	}
	return lines.At(lines.Len()-1).Stop - lines.At(0).Start
}

// footnoteList is the cost of looking a footnote up.
func footnoteList(parent ast.Node, block text.Reader, g *guarded) int {
	return 8*g.footnotes + paragraph(parent, block, g)
}

// word is the cost of parsers that look as far as the next space.
func word(_ ast.Node, block text.Reader, _ *guarded) int {
	line, _ := block.PeekLine()
	if n := bytes.IndexByte(line[1:], ' '); n >= 0 {
		return n + 1
	}
	return len(line)
}
