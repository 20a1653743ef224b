package docs

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// indented is a block of MkDocs whose content is indented by four spaces below a line that
// begins with a mark: an admonition (Python-Markdown: "!!! note"), a collapsed one
// (PyMdown: "??? note", open with "???+"), or a tab of several (PyMdown: === "Tab").
type indented struct {
	ast.BaseBlock
	tab    bool
	alert  string         // of an admonition: one of alertTitles
	title  string         // of its type; empty for none, and where there is a label
	label  *ast.TextBlock // the title in quotes, which is the first child; nil for none
	closed bool           // collapsed until somebody opens it
	folds  bool           // can be collapsed
}

var kindIndented = ast.NewNodeKind("Indented")

func (*indented) Kind() ast.NodeKind { return kindIndented }

func (n *indented) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// admonitions maps the types of Material for MkDocs, with their other names, to GitHub's
// alerts (https://squidfunk.github.io/mkdocs-material/reference/admonitions/).
var admonitions = map[string]string{
	"note": "note", "seealso": "note", "abstract": "note", "summary": "note", "tldr": "note", "info": "note", "todo": "note",
	"question": "note", "help": "note", "faq": "note", "example": "note", "quote": "note", "cite": "note",
	"tip": "tip", "hint": "tip", "success": "tip", "check": "tip", "done": "tip",
	"important": "important",
	"warning":   "warning", "attention": "warning",
	"caution": "caution", "danger": "caution", "error": "caution", "failure": "caution", "fail": "caution", "missing": "caution", "bug": "caution",
}

// indents reads the blocks of MkDocs.
type indents struct{}

func (indents) Trigger() []byte { return []byte{'!', '?', '='} }

func (indents) Open(_ ast.Node, reader text.Reader, _ parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	n := readMark(string(bytes.TrimSpace(line)))
	if n == nil {
		return nil, parser.NoChildren
	}
	if from, to := bytes.IndexByte(line, '"')+1, bytes.LastIndexByte(line, '"'); 0 < from && from < to {
		n.label = ast.NewTextBlock() // its markup is read with that of all blocks
		start := segment.Start - segment.Padding
		n.label.Lines().Append(text.NewSegment(start+from, start+to))
		n.AppendChild(n, n.label)
	}
	reader.AdvanceToEOL()
	return n, parser.HasChildren
}

func (indents) Continue(_ ast.Node, reader text.Reader, _ parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if util.IsBlank(line) {
		return parser.Continue | parser.HasChildren
	}
	at, padding := util.IndentPosition(line, reader.LineOffset(), 4)
	if at < 0 {
		return parser.Close
	}
	reader.AdvanceAndSetPadding(at, padding)
	return parser.Continue | parser.HasChildren
}

func (indents) Close(ast.Node, text.Reader, parser.Context) {}
func (indents) CanInterruptParagraph() bool                 { return true }
func (indents) CanAcceptIndentedLine() bool                 { return false }

// marks begin a block, the longer ones first.
var marks = []string{"!!!", "???+", "???", "===!", "===+", "==="}

// readMark reads the line that begins a block: the mark, the type with perhaps others
// behind it, and the title in quotes. It returns nil for any other line.
func readMark(line string) *indented {
	at := slices.IndexFunc(marks, func(m string) bool { return strings.HasPrefix(line, m) })
	if at < 0 {
		return nil
	}
	mark, rest := marks[at], line[len(marks[at]):]
	words, title, quoted := strings.Cut(rest, `"`)
	if quoted {
		if len(title) == 0 || title[len(title)-1] != '"' {
			return nil
		}
		title = title[:len(title)-1]
	}
	types := strings.Fields(strings.ToLower(words))
	if mark[0] == '=' {
		if !quoted || len(types) > 0 || title == "" || rest[0] != ' ' {
			return nil
		}
		return &indented{tab: true}
	}
	if len(types) == 0 && (mark == "!!!" || !quoted) {
		return nil
	}
	n := &indented{alert: "note", folds: mark != "!!!", closed: mark == "???"}
	if len(types) > 0 {
		if !isTypeWord(types[0]) {
			return nil
		}
		if alert, ok := admonitions[types[0]]; ok {
			n.alert = alert
		}
		if !quoted {
			first, size := utf8.DecodeRuneInString(types[0])
			n.title = string(unicode.ToUpper(first)) + types[0][size:]
		}
	}
	if n.folds && n.title == "" && title == "" {
		n.title = alertTitles[n.alert]
	}
	return n
}

func isTypeWord(word string) bool {
	return strings.IndexFunc(word, func(r rune) bool { return r != '-' && r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') }) < 0
}

// indented writes a block of MkDocs: an admonition as an alert, a tab as a section of the
// page, for tabs hide what nobody clicks on.
func (r *renderer) indented(n *indented) {
	title := func(start, end string) {
		switch {
		case n.label != nil:
			r.element(start, n.label, end)
		case n.title != "":
			r.str(start)
			r.text([]byte(n.title))
			r.str(end)
		}
	}
	content := func() {
		for c := n.FirstChild(); c != nil && len(r.out) <= r.limit; c = c.NextSibling() {
			if c != ast.Node(n.label) {
				r.node(c)
			}
		}
	}
	switch {
	case n.tab:
		title("<p><strong>", "</strong></p>\n")
		content()
	case n.folds:
		r.str(`<details class="sp-alert sp-alert-` + n.alert + `"`)
		if !n.closed {
			r.str(` open=""`)
		}
		r.str(">")
		title(`<summary class="sp-alert-title">`, "</summary>\n")
		content()
		r.str("</details>\n")
	default:
		r.str(`<div class="sp-alert sp-alert-` + n.alert + `">`)
		title(`<p class="sp-alert-title">`, "</p>\n")
		content()
		r.str("</div>\n")
	}
}
