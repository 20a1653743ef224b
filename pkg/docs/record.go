package docs

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// How much of the head of a record, of its part on the status, and of the definitions of
// links is looked at.
const (
	maxRecordHead        = 4 << 10
	maxRecordStatus      = 4 << 10
	maxRecordDefinitions = 16 << 10
)

// sentence is a line of text without markup, and the links in it.
type sentence struct {
	text  string
	links []sentenceLink
	at    int // offset of its first letter in the body
	span  diag.Span
}

// sentenceLink is text[start:end] of a sentence.
type sentenceLink struct {
	start, end int
	to         string
	span       diag.Span
}

// readRecord reads what the text of a decision says of itself: in the lines before its
// first part, and in the part called "Status". Only these are parsed.
func (s *Set) readRecord(doc *Document, body []byte, line int) record {
	part, status := recordPart(body)
	at := newPlaces(doc.Name, line, body)
	var r record
	for _, of := range s.sentences(doc, part, at) {
		if status.holds(of.at) {
			r.state(of, 0)
		} else {
			r.head(of)
		}
	}
	return r
}

// stretch is a part of a body: body[from:to].
type stretch struct{ from, to int }

func (s stretch) holds(offset int) bool { return s.from <= offset && offset < s.to }

var definition = regexp.MustCompile(`^ {0,3}\[[^\]]+\]:\s`)

// recordPart returns the text with everything blank that is of no interest, so that what
// is left stands where it stood, and where the part on the status is.
func recordPart(body []byte) (part []byte, status stretch) {
	part = bytes.Repeat([]byte{' '}, len(body))
	end, head, definitions := 0, true, maxRecordDefinitions
	inStatus, fence := false, []byte(nil)
	for from := 0; from < len(body); {
		next := len(body)
		if n := bytes.IndexByte(body[from:], '\n'); n >= 0 {
			next = from + n + 1
		}
		line := bytes.TrimRight(body[from:next], "\r\n")
		keep := false
		trimmed := bytes.TrimLeft(line, " ")
		switch {
		case fence != nil:
			if bytes.HasPrefix(trimmed, fence) {
				fence = nil
			}
		case bytes.HasPrefix(trimmed, []byte("```")), bytes.HasPrefix(trimmed, []byte("~~~")):
			fence = trimmed[:3]
		case bytes.HasPrefix(line, []byte("## ")):
			head = false
			if inStatus = strings.EqualFold(strings.Trim(string(line), "# :\t"), "status"); inStatus {
				status = stretch{next, next}
			}
		case inStatus && bytes.HasPrefix(line, []byte("#")):
			inStatus = false
		case head && next <= maxRecordHead:
			keep = !bytes.HasPrefix(line, []byte("#"))
		case inStatus && next-status.from <= maxRecordStatus:
			keep, status.to = true, next
		}
		if !keep && fence == nil && definitions > 0 && definition.Match(line) {
			keep = true
			definitions -= len(line)
		}
		if keep {
			copy(part[from:], line)
			end = next
		}
		part[next-1] = '\n'
		from = next
	}
	return part[:end], status
}

// sentences are the lines of all paragraphs of a text.
func (s *Set) sentences(doc *Document, body []byte, at places) []sentence {
	if prescan(body) != nil {
		return nil
	}
	g := &guarded{Context: parser.NewContext()}
	root := s.parsers.of(doc, body).Parse(text.NewReader(body), parser.WithContext(g))
	if g.hit != nil {
		return nil
	}
	r := sentenceReader{body: body, at: at}
	r.blocks(root, 0)
	return r.all
}

type sentenceReader struct {
	body []byte
	at   places
	all  []sentence
	line sentence
	text []byte
}

func (r *sentenceReader) blocks(n ast.Node, depth int) {
	for c := n.FirstChild(); c != nil && depth <= maxDepth; c = c.NextSibling() {
		switch c.Kind() {
		case ast.KindParagraph, ast.KindTextBlock:
			r.line = sentence{at: -1}
			r.inline(c, 0)
			r.end()
		case ast.KindList, ast.KindListItem:
			r.blocks(c, depth+1)
		}
	}
}

func (r *sentenceReader) inline(n ast.Node, depth int) {
	for c := n.FirstChild(); c != nil && depth <= maxDepth; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			if r.line.at < 0 {
				r.line.at = c.Segment.Start
			}
			r.text = append(r.text, c.Segment.Value(r.body)...)
			if c.SoftLineBreak() || c.HardLineBreak() {
				r.end()
			}
		case *ast.Link:
			start := len(r.text)
			r.inline(c, depth+1)
			from := max(c.Pos(), 0)
			span := r.at.span(from, from)
			if at, ok := within(r.body, c.Destination); ok {
				span = r.at.span(at, at+len(c.Destination))
			}
			r.line.links = append(r.line.links, sentenceLink{min(start, len(r.text)), len(r.text), string(unescape(c.Destination)), span})
		case *ast.RawHTML:
		default:
			r.inline(c, depth+1)
		}
	}
}

// end ends a line.
func (r *sentenceReader) end() {
	if r.line.text = string(r.text); strings.TrimSpace(r.line.text) != "" && r.line.at >= 0 {
		r.line.span = r.at.span(r.line.at, r.line.at)
		r.all = append(r.all, r.line)
	}
	r.line, r.text = sentence{at: -1}, r.text[:0]
}

// markdownLink is a link in front matter, where nothing parses it: MADR writes
// "status: superseded by [ADR-0005](0005-example.md)".
var markdownLink = regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]*)\)`)

// withLinks returns the sentence with the links of Markdown in it as links.
func (s sentence) withLinks(span diag.Span) sentence {
	out := sentence{span: span}
	last := 0
	for _, at := range markdownLink.FindAllStringSubmatchIndex(s.text, -1) {
		out.text += s.text[last:at[0]]
		start := len(out.text)
		out.text += s.text[at[2]:at[3]]
		out.links = append(out.links, sentenceLink{start, len(out.text), s.text[at[4]:at[5]], span})
		last = at[1]
	}
	out.text += s.text[last:]
	return out
}

var (
	// between is what may stand between "superseded" and the decision that it means, and
	// between two such decisions.
	between  = regexp.MustCompile(`^(?i:[\s,;:&(]|\bby\b|\band\b|\bon\b|\b\d{4}-\d{2}-\d{2}\b)*$`)
	plainADR = regexp.MustCompile(`^(?i:[\s,;:&(]|\bby\b|\bon\b|\b\d{4}-\d{2}-\d{2}\b)*(?i:adr)?[ #-]*(\d{1,6})\b`)
)

// cited are the decisions that a sentence names right behind an offset: links, or else a
// number.
func (s sentence) cited(from int) []Citation {
	var all []Citation
	end := from
	for _, l := range s.links {
		if l.start < end || l.end > len(s.text) {
			continue
		}
		if !between.MatchString(s.text[end:l.start]) {
			break
		}
		all = append(all, Citation{Text: l.to, Span: l.span, link: true})
		end = l.end
	}
	if len(all) == 0 {
		if found := plainADR.FindStringSubmatch(s.text[from:]); found != nil {
			all = append(all, Citation{Text: found[1], Span: s.span, link: true})
		}
	}
	return all
}
